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
    if facts.get("header", [])[:3] == ["id", "document", "tag"]:
        return None, facts["rows"]
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


def holds_codings(entry: dict[str, Any]) -> bool:
    """Whether the manifest's independent parse says what codings there are in a file."""
    facts, codings = entry["expected"], expected(entry)[1]
    return codings is not None and not (facts["kind"] == "rock" and codings == 0)


def samples(folder: Path) -> list[dict[str, Any]]:
    """The manifest's entries."""
    entries: list[dict[str, Any]] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return entries


def table(folder: Path) -> str:
    """The table of the samples that hold codings or codebooks, a row a file."""
    rows = []
    for entry in samples(folder):
        if not holds_codings(entry):
            continue
        codes, codings = expected(entry)
        found = read_coding(folder / "files" / entry["file"])
        other = listed(found)
        if entry["expected"]["kind"] != "rock":
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


def others(folder: Path) -> str:
    """The table of the samples without codings, a row a kind of file and what is said of it."""
    outcomes: Counter[tuple[str, str, str]] = Counter()
    for entry in samples(folder):
        if holds_codings(entry):
            continue
        found = read_coding(folder / "files" / entry["file"])
        assert found.spans.empty, entry["file"]
        said = [p for p in found.problems if p.severity != "note"]
        message = "; ".join(p.message for p in said[:2]) + f" – {said[0].remedy}" if said else ""
        extension = "." + entry["file"].rpartition(".")[2]
        outcomes[extension, entry["producer"].split(" (")[0], message or "nothing coded in it"] += 1
    rows = [
        f"| {number} {extension} | {producer} | {message} |"
        for (extension, producer, message), number in sorted(outcomes.items())
    ]
    return "\n".join(["| files | program | what is said |", "| --- | --- | --- |", *rows])


def test_document_says_what_is_found(root: Path, shared: Path) -> None:
    """Every sample is read with the manifest's counts, or the difference is named here."""
    folder = shared / "samples"
    if not folder.is_dir():
        pytest.skip("no samples")
    document = (root / "docs" / "interchange.md").read_text(encoding="utf-8")
    for found in (table(folder), others(folder)):
        assert found in document, f"docs/interchange.md should hold:\n{found}"


def test_document_names_every_format(root: Path) -> None:
    """What is read and what is written stand in the document."""
    from themetrail.coding.convert import WRITERS
    from themetrail.coding.kinds import BY_EXTENSION

    document = (root / "docs" / "interchange.md").read_text(encoding="utf-8")
    for extension in {*BY_EXTENSION, *WRITERS}:
        assert f"`{extension}`" in document, extension
