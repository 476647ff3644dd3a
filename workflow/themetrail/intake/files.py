"""Which files of a site are its transcripts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from themetrail.errors import Problems
from themetrail.intake.disclosure import scan
from themetrail.intake.names import ID

_PASSED_OVER = {"thumbs.db", "desktop.ini"}
_ID_REMEDY = (
    "Name the file by its transcript id: letters, digits, '.', '_' and '-', beginning with a "
    "letter or digit."
)


@dataclass(frozen=True)
class TranscriptFile:
    """A transcript's id, its path, and its path relative to the study."""

    id: str
    path: Path
    file: str


def transcript_files(
    root: Path,
    site: str,
    problems: Problems,
    *,
    forbidden_names: Collection[str] = (),
    gone: Collection[str] = (),
) -> list[TranscriptFile]:
    """The transcript files of a site, by id.

    Parameters
    ----------
    root : the study folder.
    site : the site's name.
    problems : grows by names that are no ids, ids that two files share, and odd files.
    forbidden_names : the study's list; a file may not be named after a person.
    gone : casefolded ids that are left out of the study; nothing is said of their files.
    """
    prefix = f"data/{site}/transcripts"
    folder = root / "data" / site / "transcripts"
    if not folder.is_dir():
        message = "there is no folder of transcripts"
        problems.add("error", "missing_transcripts", prefix, message, "Create it.", site=site)
        return []
    names = sorted(path.name for path in folder.iterdir() if not _passed_over(path))
    found: dict[str, list[TranscriptFile]] = defaultdict(list)
    for number, name in enumerate(names, start=1):
        file = TranscriptFile(Path(name).stem, folder / name, f"{prefix}/{name}")
        if file.id.casefold() in gone or _usable(
            file, number, root, site, forbidden_names, problems
        ):
            found[file.id.casefold()].append(file)
    if not names:
        message = "there is no transcript in this folder"
        problems.add("error", "missing_transcripts", prefix, message, "Put them here.", site=site)
    for key, files in found.items():
        if len(files) > 1 and key not in gone:
            message = f"{len(files)} files have this id: " + ", ".join(f.path.name for f in files)
            remedy = "Keep one. Ids that differ only in case count as one."
            problems.add("error", "duplicate_transcript", files[0].file, message, remedy, site=site)
    single = [files[0] for key, files in found.items() if len(files) == 1 or key in gone]
    return sorted(single, key=lambda file: file.id)


def _passed_over(path: Path) -> bool:
    """Files that programs leave behind, and read-me files."""
    name = path.name.lower()
    return name.startswith((".", "~$")) or name in _PASSED_OVER or path.stem.lower() == "readme"


def _usable(
    file: TranscriptFile,
    number: int,
    root: Path,
    site: str,
    forbidden_names: Collection[str],
    problems: Problems,
) -> bool:
    """Whether a file may be read under its name; says why not."""
    words = file.id.replace("_", " ")
    if any(hit.severity == "hard" for hit in scan(words, tuple(forbidden_names))):
        message = f"file {number} of this folder, by name, is named with an identifier of a person"
        folder = file.file.rpartition("/")[0]
        problems.add("error", "disclosure", folder, message, "Rename the file.", site=site)
        return False
    if not ID.fullmatch(file.id):
        message = "the file's name is no transcript id"
        problems.add("error", "bad_id", file.file, message, _ID_REMEDY, site=site)
        return False
    if file.path.is_dir():
        message = "is a folder; transcripts are files of one folder"
        remedy = "Move its files up."
        problems.add("error", "unexpected_folder", file.file, message, remedy, site=site)
        return False
    if not file.path.resolve().is_relative_to(root.resolve()) or not file.path.is_file():
        message = "is not a file of this study but a link out of it, or no ordinary file"
        problems.add("error", "hostile_file", file.file, message, "Copy the file here.", site=site)
        return False
    return True
