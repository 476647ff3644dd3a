"""What a site's team hands over: which file of a folder is what, whatever the files are called.

Teams keep folders of their own: ``Interviews``, ``Participants.xlsx``, a column ``ID``, a
transcript ``Interview 3 (final).docx``. What is meant is found by name and by content and said in
words; what can't be told is left where it is and named.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from themetrail.coding.names import as_id
from themetrail.errors import InputError

FOLDERS = {
    "transcripts": ("transcripts", "transcript", "interviews", "transcriptions", "texts"),
    "codings": ("codings", "coding", "coded", "coders", "codes"),
    "coded_texts": ("coded_texts",),
}
SHEETS = {
    "participants.csv": ("participants", "participant", "people", "interviewees", "sample"),
    "transcripts.csv": ("transcripts", "interviews"),
    "assignments.csv": ("assignments", "assignment"),
    "adjudications.csv": ("adjudications", "adjudication"),
    "coded_texts.csv": ("coded_texts",),
}
#: columns that hold a person's id where none is called participant_id, the surest first
ID_COLUMNS = (
    *("participantid", "participant", "participantno", "participantnumber", "participantcode"),
    *("pid", "pseudonym", "interviewee", "intervieweeid", "respondent", "respondentid"),
    *("id", "code"),
)
TEXTS = (".txt", ".md", ".docx", ".odt", ".rtf", ".vtt", ".srt", ".html", ".htm", ".pdf")
PROJECTS = (".qdpx", ".qde", ".qda", ".sqlite3", ".rock")
TABLES = (".csv", ".tsv", ".xlsx")
_LEFT_BEHIND = (".", "~$")
_JUNK = {"thumbs.db", "desktop.ini", "__macosx"}


@dataclass
class Handover:
    """A folder's files by where they belong.

    Attributes
    ----------
    copies : path in the site's folder to the file that goes there as it is.
    texts : path in the site's folder to the text of a sheet that was written anew.
    left : names that are no part of a site.
    says : what was taken for what, in sentences.
    """

    copies: dict[str, Path] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    says: list[str] = field(default_factory=list)


def survey(source: Path, id_column: str = "") -> Handover:
    """Find out what the files of a folder are.

    Parameters
    ----------
    source : the folder.
    id_column : the column of the participants' sheet that holds their ids; "" to find it.

    Raises
    ------
    InputError
        There are no transcripts, two files would have one name, or a sheet can't be read.
    """
    found = Handover()
    entries = [path for path in sorted(source.iterdir()) if not _junk(path)]
    found.left = sorted(path.name for path in source.iterdir() if _junk(path))
    for path in entries:
        kind = _kind(path, entries)
        if path.is_symlink() or kind is None:
            found.left.append(path.name)
        elif kind in FOLDERS:
            _take_folder(path, kind, found)
        else:
            _take_sheet(path, kind, found)
    transcripts = [Path(name).stem for name in found.copies if name.startswith("transcripts/")]
    if not transcripts:
        listed = ", ".join(path.name for path in entries[:8]) or "nothing"
        message = (
            f"{source}: no transcripts here; it holds {listed}. Put them into a folder "
            f"'transcripts' inside it, as {', '.join(TEXTS[:-1])} or {TEXTS[-1]}."
        )
        raise InputError(message)
    _people(found, transcripts, id_column)
    _rename(found)
    return found


def _junk(path: Path) -> bool:
    """Whether a program left the file behind."""
    return path.name.startswith(_LEFT_BEHIND) or path.name.casefold() in _JUNK


def _kind(path: Path, beside: Collection[Path]) -> str | None:
    """The folder or sheet of a site that a file or folder of the team's is."""
    stem, extension = path.stem.casefold(), path.suffix.casefold()
    if path.is_dir():
        if extension == ".qda":
            return "codings"
        name = path.name.casefold()
        return next((kind for kind, names in FOLDERS.items() if name in names), None)
    if extension in TABLES:
        return next((kind for kind, names in SHEETS.items() if stem in names), None)
    folders = {kind for p in beside if p.is_dir() and (kind := _kind(p, ())) is not None}
    if extension in PROJECTS:
        return "codings"
    loose = extension in TEXTS and "transcripts" not in folders and stem != "readme"
    return "transcripts" if loose else None


def _take_folder(path: Path, kind: str, found: Handover) -> None:
    """A folder's files, or one file that lies outside of the folder that it belongs to."""
    folder = path.is_dir() and path.suffix.casefold() != ".qda"
    if path.name != kind:
        found.says.append(f"{path.name} was taken for {'the ' if folder else ''}{kind}")
    if not folder and path.is_file():
        _take(path, f"{kind}/{path.name}", found)
        return
    for file in sorted(path.rglob("*")):
        inside = file.relative_to(path if folder else path.parent)
        if any(_junk(Path(part)) for part in inside.parts) or file.is_dir():
            continue
        if file.is_symlink() or not file.is_file():
            found.left.append(f"{path.name}/{inside.as_posix()}")
            continue
        # A transcript's folder says nothing; a coder's folder is the coder's name.
        name = file.name if kind == "transcripts" else inside.as_posix()
        _take(file, f"{kind}/{name}", found)


def _take(file: Path, target: str, found: Handover) -> None:
    """A file under its name in the site's folder."""
    if target in found.copies:
        message = f"two files would be {target}: {found.copies[target]} and {file}; rename one"
        raise InputError(message)
    found.copies[target] = file


def _take_sheet(path: Path, name: str, found: Handover) -> None:
    """A sheet as it is, or a workbook's first sheet as CSV."""
    if name in found.copies or name in found.texts:
        message = f"two files would be {name}; {path} is one of them: keep one"
        raise InputError(message)
    if path.suffix.casefold() == ".xlsx":
        found.texts[name] = _of_workbook(path, found)
        found.says.append(f"{path.name} was written as {name}")
    else:
        found.copies[name] = path
        if path.name != name:
            found.says.append(f"{path.name} was taken for {name}")


def _of_workbook(path: Path, found: Handover) -> str:
    """The first sheet of a workbook that holds anything, as CSV."""
    from themetrail.coding.sheets import read_workbook

    try:
        sheets = read_workbook(path.read_bytes())
    except InputError as error:
        message = f"{path}: {error}"
        raise InputError(message) from error
    if len(sheets) > 1:
        found.says.append(f"of {path.name} the first sheet, {sheets[0].name!r}, was used")
    return _csv([sheets[0].header, *(cells for _, cells in sheets[0].rows)])


def _csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV text."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


# ------------------------------------------------------------------ people
def _people(found: Handover, transcripts: Sequence[str], id_column: str) -> None:
    """See that the participants' sheet has a column participant_id, or write one."""
    name = "participants.csv"
    if name not in found.copies and name not in found.texts:
        found.texts[name] = _csv([["participant_id"], *([one] for one in sorted(transcripts))])
        found.says.append(
            "there was no sheet of participants: participants.csv was written with a row a "
            "transcript, its name as the id; add columns such as role"
        )
        return
    text = found.texts.get(name)
    if text is None:
        try:
            text = found.copies[name].read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            return  # the check says where, and what to do
    header = text.split("\n", 1)[0]
    separator = max(",;\t", key=header.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    columns = [cell.strip() for cell in rows[0]] if rows else []
    if "participant_id" in columns and not id_column:
        return
    at = _id_column(columns, rows[1:], transcripts, id_column)
    if at is None:
        return
    found.says.append(f"the column {columns[at]!r} was taken for participant_id")
    columns[at] = "participant_id"
    found.copies.pop(name, None)
    found.texts[name] = _csv([columns, *rows[1:]])


def _id_column(
    columns: Sequence[str], rows: Sequence[Sequence[str]], transcripts: Sequence[str], given: str
) -> int | None:
    """Which column holds the people's ids: the one given, by its name, or by its values."""
    if given:
        if given in columns:
            return columns.index(given)
        message = f"the participants' sheet has no column {given!r}; it has: {', '.join(columns)}"
        raise InputError(message)
    plain = ["".join(ch for ch in name.casefold() if ch.isalnum()) for name in columns]
    for known in ID_COLUMNS:
        if plain.count(known) == 1:
            return plain.index(known)
    names = {name.casefold() for name in transcripts}
    values = [
        {row[i].strip().casefold() for row in rows if i < len(row)} for i in range(len(columns))
    ]
    best = max(range(len(columns)), key=lambda i: len(values[i] & names), default=None)
    return best if best is not None and values[best] & names else None


def _rename(found: Handover) -> None:
    """Give transcripts whose names are no ids one: the person's in the name, else the name's."""
    people = _ids(found)
    for target in [name for name in found.copies if name.startswith("transcripts/")]:
        file = found.copies[target]
        plain = as_id(file.stem)
        if plain == file.stem or not plain or file.stem.casefold() == "readme":
            continue
        named = [who for who in people if who.casefold() in plain.casefold().split("_")]
        name = named[0] if len(named) == 1 else plain
        taken = {Path(other).stem.casefold() for other in found.copies if other != target}
        name = plain if name.casefold() in taken else name
        del found.copies[target]
        _take(file, f"transcripts/{name}{file.suffix}", found)
        found.says.append(
            f"the name of a transcript is no id; it was copied as {name}{file.suffix}"
        )


def _ids(found: Handover) -> list[str]:
    """The people's ids, from the sheet as it will be."""
    name = "participants.csv"
    text = found.texts.get(name)
    if text is None:
        text = found.copies[name].read_text(encoding="utf-8-sig", errors="replace")
    return [
        who
        for row in csv.DictReader(text.splitlines())
        if (who := (row.get("participant_id") or "").strip())
    ]
