"""A person withdraws: the record, what is deleted of theirs, and what is left to do by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from themetrail import manifest
from themetrail.audit.traces import Person, person
from themetrail.coding.kept_gate import take_out
from themetrail.config import StudyConfig
from themetrail.errors import InputError, Problems
from themetrail.exclusions import COLUMNS, read_dropped
from themetrail.tables import write_text

RECORD = "data/withdrawals.csv"
TABLES = (".csv", ".tsv")
#: what a run makes, and nothing that people wrote
DERIVED = ("results", "reports", "logs", ".snakemake")
AUTHORED = ("config", "notebooks", "reports/manuscript", "data", "releases")


@dataclass
class Theirs:
    """What a study holds of a person.

    Attributes
    ----------
    site : where they were interviewed.
    alone : ids of transcripts in which nobody else was interviewed.
    shared : ids of transcripts in which others were too.
    who : what to look for afterwards.
    said : the person's turns.
    """

    site: str
    alone: list[str]
    shared: list[str]
    who: Person
    said: tuple[str, ...] = ()


@dataclass
class Deleted:
    """What was deleted, and what can't be by a program."""

    files: int = 0
    rows: int = 0
    by_hand: list[str] = field(default_factory=list)


def find(root: Path, study: StudyConfig, name: str) -> Theirs:
    """What the study holds of a person, from its files as they are.

    Raises
    ------
    InputError
        No site, or more than one, knows the person; the id is not repeated.
    """
    from themetrail.audit.rebuild import read_intake

    sites = [s.site for s in study.sites if name in manifest.site_ids(root, s.site)]
    if len(sites) != 1:
        known = "more than one site knows" if sites else "no site knows"
        message = f"{known} a participant of this id; write it as participants.csv has it"
        raise InputError(message)
    people = manifest.people_of(root / "data" / sites[0])
    stems = {
        file.stem
        for file in (root / "data" / sites[0] / "transcripts").glob("*")
        if not file.name.startswith(".")
    }
    mine = [t for t in sorted(stems | set(people)) if name in (people.get(t) or [t])]
    alone = [t for t in mine if (people.get(t) or [t]) == [name]]
    said: list[str] = []
    rest: list[str] = []
    for site in study.active_sites:
        for _, who, text in read_intake(root, study, site.site):
            (said if who == name else rest).append(text)
    looked_for = person({name, *alone}, said, rest)
    return Theirs(sites[0], alone, [t for t in mine if t not in alone], looked_for, tuple(said))


# ------------------------------------------------------------------ the record
def record(root: Path, row: Mapping[str, str]) -> bool:
    """Add a row to data/withdrawals.csv; its other rows and columns stay.

    Returns
    -------
    Whether the row was added: a person who stands there already does not need another.

    Raises
    ------
    InputError
        The file there can't be read.
    """
    path = root / RECORD
    problems = Problems()
    known = read_dropped(root, problems)
    if problems.errors:
        raise InputError("\n".join(map(str, problems.errors)))
    if any(one.participant_id == row["participant_id"] for one in known if one.why == "withdrawn"):
        return False
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    reader = csv.DictReader(text.splitlines())
    rows = [*reader, dict(row)]
    columns = [name for name in reader.fieldnames or [] if name]
    columns += [name for name in COLUMNS if name not in columns and any(r.get(name) for r in rows)]
    target = io.StringIO()
    writer = csv.DictWriter(target, columns, lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    write_text(target.getvalue(), path)
    return True


# ------------------------------------------------------------------ releases
def out_of_releases(root: Path, theirs: Theirs) -> list[str]:
    """Take the person's words out of every release; a sentence on each release."""
    from themetrail.releases import files, reading

    said = []
    for name in files.names(root):
        number = reading.take_out(root, name, theirs.said)
        words = "1 quotation" if number == 1 else f"{number} quotations"
        said.append(f"{files.FOLDER}/{name}: {words} of the person taken out")
    return said


# ------------------------------------------------------------------ deleting
def delete(root: Path, theirs: Theirs, name: str) -> Deleted:
    """Delete a person's transcripts, and the rows of theirs in tables of their site.

    Their turns in kept texts of what several people said are blanked out, which moves nothing.
    Projects of coding programs are not rewritten: a program of ours would damage what it does
    not know of. They are named, to be mended in the program that made them.
    """
    done = Deleted()
    folder = root / "data" / theirs.site
    gone = set(theirs.alone)
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        shown = file.relative_to(root).as_posix()
        inside = file.relative_to(folder).parts[0]
        if file.stem in gone and inside in ("transcripts", "codings", "coded_texts"):
            file.unlink()
            done.files += 1
        elif inside == "packs" and file.suffix.lower() == ".json":
            done.rows += _delete_sent(file, gone)
        elif file.suffix.lower() in TABLES:
            done.rows += _delete_rows(file, gone, name)
        elif inside == "codings":
            done.by_hand.append(f"{shown}: take the person's documents out with the program")
    for table in sorted((root / "data").glob("*.tsv")):
        done.rows += _delete_rows(table, gone, name)
    if theirs.shared:
        what = f"the person also speaks in {len(theirs.shared)} transcripts of several people"
        where = f"data/{theirs.site}/transcripts"
        done.by_hand.append(f"{where}: {what}; their turns are left out, and stand in the files")
        take_out(folder, root, theirs.shared, name, theirs.said)
    return done


def _delete_rows(file: Path, transcripts: Iterable[str], name: str) -> int:
    """Take out the rows of a table whose transcript or participant is theirs; how many."""
    delimiter = "\t" if file.suffix.lower() == ".tsv" else ","
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return 0
    gone = {"transcript_id": set(transcripts), "participant_id": {name}}

    def theirs(row: Mapping[str, str]) -> bool:
        return any((row.get(column) or "").strip() in ids for column, ids in gone.items())

    kept, count = without_rows(text, theirs, delimiter)
    if count:
        with file.open("w", encoding="utf-8", newline="") as target:
            target.write(kept)
    return count


def _delete_sent(file: Path, transcripts: Iterable[str]) -> int:
    """Take a person's transcripts out of the record of what a coder was sent; how many."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        sent = record["transcripts"]
        kept = [row for row in sent if row["transcript_id"] not in transcripts]
    except (ValueError, TypeError, KeyError):
        return 0  # somebody's own file; the search afterwards looks into it
    if len(kept) < len(sent):
        record["transcripts"] = kept
        write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", file)
    return len(sent) - len(kept)


def without_rows(
    text: str, wanted: Callable[[Mapping[str, str]], bool], delimiter: str = ","
) -> tuple[str, int]:
    r"""A delimited text without the rows that are wanted away; its other lines to the byte.

    >>> without_rows("a,b\n1,x\n2,y\n", lambda row: row["a"] == "1")
    ('a,b\n2,y\n', 1)
    """
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=delimiter)
    header: list[str] | None = None
    kept: list[str] = []
    count = at = 0
    for cells in reader:
        raw = "".join(lines[at : reader.line_num])
        at = reader.line_num
        if header is None:
            header = [name.strip().lstrip("\ufeff") for name in cells]
            kept.append(raw)
        elif wanted(dict(zip(header, cells, strict=False))):
            count += 1
        else:
            kept.append(raw)
    return "".join(kept), count


def clear(root: Path) -> None:
    """Remove all that runs have made, so that nothing of an earlier one is left."""
    import shutil

    for top in DERIVED:
        for path in sorted((root / top).glob("*")):
            if (top, path.name) == ("reports", "manuscript"):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
