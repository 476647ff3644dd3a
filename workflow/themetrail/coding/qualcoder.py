"""Read a QualCoder project: the ``.qda`` folder zipped, or the ``data.qda`` within it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from themetrail.coding.database import Database, text, whole
from themetrail.coding.model import CodedFile, Copy, FoundCode, Mark
from themetrail.coding.offsets import lf
from themetrail.errors import InputError
from themetrail.strangers import Archive, bounded


def read_qualcoder_archive(data: bytes, file: str) -> CodedFile:
    """Read the project in a zip archive of its folder.

    Raises
    ------
    InputError
        The archive is unsafe, or holds no project or several.
    """
    archive = Archive(data)
    projects = [name for name in archive.names if name.casefold().endswith("data.qda")]
    if len(projects) != 1:
        message = f"an archive with {len(projects)} QualCoder databases where a project has one"
        raise InputError(message)
    return read_qualcoder(archive.read(projects[0]) or b"", file)


def read_qualcoder(data: bytes, file: str) -> CodedFile:
    """Read a project's sources, codes and codings of text.

    Raises
    ------
    InputError
        It is no QualCoder project, or a damaged one.
    """
    found = CodedFile(file, "qualcoder")
    with Database(data) as database:
        raw: dict[str, str] = {}
        for row in database.rows("source", "id", "name", "fulltext"):
            if isinstance(row["fulltext"], str):
                key = str(row["id"])
                raw[key] = bounded(row["fulltext"].removeprefix("\ufeff"), "a text")
                found.texts[key] = Copy(text(row["name"]).strip(), lf(raw[key]))
        codes = _codes(database)
        found.codes = list(codes.values())
        codings = list(database.rows("code_text", "cid", "fid", "pos0", "pos1", "owner"))
        for table in ("code_image", "code_av"):
            number = sum(1 for _ in database.rows(table)) if table in database.tables else 0
            if number:
                found.problems.add(
                    "warning",
                    "not_text",
                    found.file,
                    f"{number} codings of pictures or recordings, not of text: not used",
                )
    found.users = list(dict.fromkeys(text(row["owner"]) for row in codings if row["owner"]))
    crlf = {key: content for key, content in raw.items() if "\r" in content}
    for number, row in enumerate(codings, start=1):
        _read_coding(number, _counted_in_lf(row, crlf), codes, found)
    return found


def _counted_in_lf(row: dict[str, Any], crlf: Mapping[str, str]) -> dict[str, Any]:
    """A coding's offsets in the text with LF line ends.

    QualCoder's editor counts a line end as one character whatever it is in the file; offsets that
    other programs put there may count it as two. The words kept with the coding tell.
    """
    content = crlf.get(str(row["fid"]))
    start, end = whole(row["pos0"]), whole(row["pos1"])
    if content is None or start is None or end is None or not 0 <= start < end <= len(content):
        return row
    kept = _bare(text(row.get("seltext")))
    if not kept or _bare(lf(content)[start:end]) == kept or _bare(content[start:end]) != kept:
        return row
    return {**row, "pos0": len(lf(content[:start])), "pos1": len(lf(content[:end]))}


def _bare(words: str) -> str:
    """Words without white space."""
    return "".join(words.split())


def _codes(database: Database) -> dict[Any, FoundCode]:
    """The codes with the categories that they stand in."""
    categories: dict[Any, tuple[str, Any]] = {}
    if "code_cat" in database.tables:
        for row in database.rows("code_cat", "catid", "name"):
            categories[row["catid"]] = text(row["name"]), row.get("supercatid")
    codes: dict[Any, FoundCode] = {}
    for row in database.rows("code_name", "cid", "name"):
        name = text(row["name"]).strip()
        path = (*_path(row.get("catid"), categories), name)
        codes[row["cid"]] = FoundCode(name, path, text(row.get("memo")))
    return codes


def _path(category: Any, categories: dict[Any, tuple[str, Any]]) -> tuple[str, ...]:
    """Names of the categories around a code, outermost first; a circle ends where it closes."""
    names: list[str] = []
    seen = set()
    while category in categories and category not in seen:
        seen.add(category)
        name, category = categories[category]
        names.append(name)
    return tuple(reversed(names))


def _read_coding(
    number: int, row: dict[str, Any], codes: dict[Any, FoundCode], found: CodedFile
) -> None:
    """One coding, verified by the words that QualCoder keeps with it."""
    copy = found.texts.get(str(row["fid"]))
    code = codes.get(row["cid"], FoundCode(f"code {row['cid']}"))
    start, end = whole(row["pos0"]), whole(row["pos1"])
    if copy is None or start is None or end is None or not 0 <= start < end <= len(copy.text):
        found.problems.add(
            "error",
            "bad_offsets",
            found.file,
            f"a coding of {code.name[:60]!r} has no place in its source",
            "Look at it in QualCoder.",
            line=number,
        )
        return
    words = copy.text[start:end]
    kept = text(row.get("seltext"))
    if kept and _bare(kept) != _bare(words):
        found.problems.add(
            "warning",
            "offsets_doubtful",
            found.file,
            "a coding's own copy of its words differs from the source at its offsets",
            "Look at it in QualCoder.",
            line=number,
        )
    found.marks.append(
        Mark(
            row=number,
            source=copy.source,
            code=code.name,
            user=text(row["owner"]),
            start=start,
            end=end,
            quote=words,
            memo=text(row.get("memo")),
            coded_at=text(row.get("date")),
            copy=str(row["fid"]),
            aliases=("/".join(code.path),),
        )
    )
