"""The table of real programs' files in docs/interchange.md is what the readers really find."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from themetrail.coding import CodingTables, read_coding

# What stands in place of a coding that is not of a transcript's text, and how it is said there.
ELSEWHERE = {
    "not_text": "of pictures, pages or recordings",
    "coding_of_document": "of a document as a whole",
    "nothing_said": "on a line without words",
}


def expected(entry: dict[str, Any]) -> tuple[Any, Any]:
    """Codes and codings that the manifest's independent parse finds; None where it counts none."""
    facts = entry["expected"]
    counts = facts.get("counts", {})
    if facts["kind"] == "rock":
        return facts["distinct_codes"], facts["code_marks"]
    if facts["kind"] == "sqlite3":
        return counts["tags"], counts["highlight_tags"]
    if facts["kind"] == "docx":
        return None, facts.get("codings")
    return counts.get("codes"), counts.get("codings")


def listed(found: CodingTables) -> Counter[str]:
    """Codings that are problems rather than rows, by what the document calls them."""
    counts: Counter[str] = Counter()
    for problem in found.problems:
        if problem.kind in ELSEWHERE:
            counts[ELSEWHERE[problem.kind]] += 1
        elif problem.kind == "text_missing":
            counts["whose text is not in the file"] += int(
                problem.message.rpartition("; ")[2].split()[0]
            )
    return +counts


def table(folder: Path) -> str:
    """The table of the samples, a row a file; files of one kind without codings are one row."""
    rows = []
    for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        facts = entry["expected"]
        if facts["kind"] not in ("qdpx", "qde", "qdc", "rock", "sqlite3", "docx"):
            continue
        codes, codings = expected(entry)
        if codings is None or (facts["kind"] == "rock" and codings == 0):
            continue
        found = read_coding(folder / "files" / entry["file"])
        other = listed(found)
        if facts["kind"] != "rock":
            assert codes in (None, len(found.codes)), entry["file"]
        assert len(found.spans) + sum(other.values()) == codings, entry["file"]
        words = "; ".join(f"{number} {what}" for what, number in sorted(other.items())) or "–"
        name = entry["file"].rpartition("/")[2]
        producer = entry["producer"].split(" (")[0]
        rows.append(
            f"| {name} | {producer} | {len(found.codes)} | {codings} | {len(found.spans)} "
            f"| {words} |"
        )
    head = "| file | program | codes | codings in it | read | listed as problems instead |"
    return "\n".join([head, "| --- | --- | --: | --: | --: | --- |", *sorted(rows)])


def test_document_says_what_is_found(root: Path, shared: Path) -> None:
    """Every sample is read with the manifest's counts, or the difference is named here."""
    folder = shared / "samples"
    if not folder.is_dir():
        pytest.skip("no samples")
    document = (root / "docs" / "interchange.md").read_text(encoding="utf-8")
    found = table(folder)
    assert found in document, f"docs/interchange.md should hold:\n{found}"


def test_document_names_every_format(root: Path) -> None:
    """What is read and what is written stand in the document."""
    from themetrail.coding.convert import WRITERS
    from themetrail.coding.kinds import BY_EXTENSION

    document = (root / "docs" / "interchange.md").read_text(encoding="utf-8")
    for extension in {*BY_EXTENSION, *WRITERS}:
        assert f"`{extension}`" in document, extension
