"""Verification: nothing is reported of an untouched study, and every alteration is."""

from __future__ import annotations

import json
import random
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from themetrail.audit.findings import Check, Finding, passed
from themetrail.audit.verify import Fresh, compute, verify
from themetrail.audit.verify_crate import kept_since, verify_crate
from themetrail.audit.verify_paper import compare_page, marked
from themetrail.cli import main

pytestmark = pytest.mark.slow
ALTERATIONS = 225


@pytest.fixture(scope="module")
def fresh(finished: Path) -> Fresh:
    """The study computed anew, once: it depends on the untouched data and choices alone."""
    return compute(finished)


@pytest.fixture
def study(finished: Path, tmp_path: Path) -> Path:
    """A copy to alter."""
    return Path(shutil.copytree(finished, tmp_path / "mini"))


def found(checks: list[Check]) -> list[Finding]:
    """What differs, of all checks."""
    return [finding for check in checks for finding in check.findings]


def without_seal(checks: list[Check]) -> list[Finding]:
    """What differs beside the hashes in the crate: what a forger of the crate could not hide."""
    return found([check for check in checks if "crate" not in check.name])


def test_nothing_is_reported_of_an_untouched_study(finished: Path) -> None:
    # A check that cries wolf is switched off.
    checks = verify(finished)
    assert found(checks) == []
    assert all(check.looked_at for check in checks)


def test_a_study_may_have_a_readme_of_its_own(study: Path, fresh: Fresh) -> None:
    # The crate's README is about the crate; a study in a repository has another.
    (study / "README.md").write_text("# Our study\n", encoding="utf-8")
    assert found(verify(study, fresh)) == []


# ------------------------------------------------------------------ random alterations
Alter = Callable[[Path, random.Random], str]


def _some(study: Path, patterns: list[str], dice: random.Random) -> Path:
    files = sorted(file for pattern in patterns for file in study.glob(pattern) if file.is_file())
    return dice.choice([file for file in files if file.stat().st_size])


def _byte(patterns: list[str]) -> Alter:
    """Another byte at some place of some file."""

    def alter(study: Path, dice: random.Random) -> str:
        file = _some(study, patterns, dice)
        data = bytearray(file.read_bytes())
        place = dice.randrange(len(data))
        data[place] ^= dice.randrange(1, 256)
        file.write_bytes(bytes(data))
        return f"byte {place} of {file.relative_to(study)}"

    return alter


def _row(patterns: list[str]) -> Alter:
    """A row of a table taken out, doubled, or with another character in it."""

    def alter(study: Path, dice: random.Random) -> str:
        files = [file for pattern in patterns for file in study.glob(pattern)]
        file = dice.choice(sorted(f for f in files if f.read_text().count("\n") > 1))
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        place = dice.randrange(1, len(lines))
        how = dice.choice(["out", "twice", "digit"])
        if how == "out":
            del lines[place]
        elif how == "twice":
            lines.insert(place, lines[place])
        else:
            lines[place] = re.sub(r"[0-9a-z]", "7", lines[place], count=1).replace("777", "78")
            lines[place] = f"x{lines[place]}"
        file.write_text("".join(lines), encoding="utf-8")
        return f"row {place} of {file.relative_to(study)} {how}"

    return alter


def _in_text(path: str, pattern: str) -> Alter:
    """One character of a text that matches a pattern, made another."""

    def alter(study: Path, dice: random.Random) -> str:
        file = study / path
        text = file.read_text(encoding="utf-8")
        place = dice.choice([match.start() for match in re.finditer(pattern, text)])
        other = dice.choice([c for c in "0123456789" if c != text[place]])
        file.write_text(text[:place] + other + text[place + 1 :], encoding="utf-8")
        return f"character {place} of {path}"

    return alter


def _in_word_file(pattern: str) -> Alter:
    """A character in the text of the Word file, as somebody would edit it."""

    def alter(study: Path, dice: random.Random) -> str:
        file = study / "reports" / "paper.docx"
        with zipfile.ZipFile(file) as archive:
            members = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        text = members["word/document.xml"].decode("utf-8")
        places = [m.start(1) for m in re.finditer(rf">[^<>]*?({pattern})[^<>]*</w:t>", text)]
        place = dice.choice(places)
        other = dice.choice([c for c in "0123456789" if c != text[place]])
        members["word/document.xml"] = (text[:place] + other + text[place + 1 :]).encode("utf-8")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return f"character {place} of the Word file's text"

    return alter


def _digits_of(font: Any) -> dict[bytes, str]:
    """A font's glyphs that are digits."""
    table = font["/ToUnicode"].get_object().get_data().decode("latin-1")
    pairs = re.findall(r"<([0-9A-F]{4})> <00(3[0-9])>", table)
    return {bytes.fromhex(glyph): chr(int(code, 16)) for glyph, code in pairs}


def _in_pdf(study: Path, dice: random.Random) -> str:
    """A digit on some page of the PDF, as an editor of PDF files would change it."""
    from pypdf import PdfWriter
    from pypdf.generic import ByteStringObject, ContentStream, NameObject

    file = study / "reports" / "paper.pdf"
    writer = PdfWriter(clone_from=file)
    places: list[tuple[Any, Any, list[Any], int, int, dict[bytes, str]]] = []
    for page in writer.pages:
        fonts: Any = page["/Resources"]
        stream = ContentStream(page["/Contents"].get_object(), writer)
        digits: dict[bytes, str] = {}
        for operands, operator in stream.operations:
            if operator == b"Tf":
                digits = _digits_of(fonts["/Font"][operands[0]].get_object())
            pieces = operands[0] if operator == b"TJ" else operands if operator == b"Tj" else []
            for number, piece in enumerate(pieces):
                said = bytes(getattr(piece, "original_bytes", b""))
                glyphs = range(0, len(said) - 1, 2)
                found = [at for at in glyphs if said[at : at + 2] in digits]
                places += [(page, stream, pieces, number, at, digits) for at in found]
    page, stream, pieces, number, at, digits = dice.choice(places)
    said = bytes(pieces[number].original_bytes)
    other = dice.choice(sorted({*digits} - {said[at : at + 2]}))
    pieces[number] = ByteStringObject(said[:at] + other + said[at + 2 :])
    stream.operations = stream.operations
    page[NameObject("/Contents")] = stream
    writer.write(file)
    return f"digit {at} of piece {number} of a page"


def _log_entry(study: Path, dice: random.Random) -> str:
    """A line of the decision log taken out, moved, or altered."""
    file = study / "reports" / "decisions.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    place = dice.randrange(len(lines))
    how = dice.choice(["out", "moved", "altered"])
    if how == "out":
        del lines[place]
    elif how == "moved":
        lines.insert((place + 1) % len(lines), lines.pop(place))
        if len(lines) == 1:
            lines = []
    else:
        lines[place] = lines[place].replace('": "', '": "x', 1)
    file.write_text("".join(lines), encoding="utf-8")
    return f"line {place + 1} of the log {how}"


QUOTED = r"(?<=class=\"quotation\">)[^<]"
ALTER: dict[str, Alter] = {
    "input byte": _byte(["data/**/*", "config/*"]),
    "table byte": _byte(["results/**/*.parquet"]),
    "table row": _row(["results/**/*.csv"]),
    "figure or report byte": _byte(["results/figures/*", "reports/*.*", "reports/*/*.html"]),
    "fact": _in_text("results/facts.json", r'(?<="value": )\d'),
    "digit in the page": _in_text("reports/paper.html", r"(?<=>)\d(?=[^<>]*</span>)"),
    "digit in the JATS file": _in_text("reports/paper.xml", r"(?<=>)\d(?=[^<>]*<)"),
    "word in the JATS file": _in_text("reports/paper.xml", r"(?<=[a-z] )[a-z](?=[a-z ]+[^<>]*<)"),
    "digit in the Word file": _in_word_file(r"\d"),
    "word in the Word file": _in_word_file("[a-z]"),
    "digit in the PDF": _in_pdf,
    "word of a quotation": _in_text("reports/paper.html", QUOTED),
    "word of a quotation in the table": _in_text(
        "results/synthesis/quotes.csv", r"(?<=[a-z ])[a-z]"
    ),
    "entry of the log": _log_entry,
}


#: kinds that are found by what a file says, be its hash in the crate forged or not
SAID = ("fact", "digit in", "word", "entry of the log")


def test_every_random_alteration_is_detected(finished: Path, fresh: Fresh, tmp_path: Path) -> None:
    # The promise of the audit: change anything, anywhere, and it is named.
    dice = random.Random(20261124)
    study = Path(shutil.copytree(finished, tmp_path / "mini"))
    kinds = list(ALTER)
    missed, made = [], 0
    before = {file: file.read_bytes() for file in _files(study)}
    for number in range(ALTERATIONS):
        kind = kinds[number % len(kinds)]
        what = ALTER[kind](study, dice)
        changed = [f for f, data in before.items() if f.read_bytes() != data]
        checks = verify(study, fresh) if changed else []
        made += bool(changed)
        if changed and not (without_seal(checks) if kind.startswith(SAID) else found(checks)):
            missed.append(f"{kind}: {what}")
        for file in changed:
            file.write_bytes(before[file])
    assert missed == []
    assert made >= 200
    assert found(verify(study, fresh)) == []


def _files(study: Path) -> list[Path]:
    tops = ("data", "config", "results", "reports")
    return [f for top in tops for f in sorted((study / top).rglob("*")) if f.is_file()]


# ------------------------------------------------------------------ what a forged crate can't hide
def _edit(study: Path, path: str, old: str, new: str) -> None:
    file = study / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_edited_transcript_is_named(study: Path, fresh: Fresh) -> None:
    _edit(study, "data/north/transcripts/N1.txt", "Nobody", "Somebody")
    checks = verify(study, fresh)
    assert any(f.where == "data/north/transcripts/N1.txt" for f in without_seal(checks))
    assert any(check.skipped for check in checks)


def test_a_smart_quote_in_a_quotation_is_named_with_its_place(study: Path, fresh: Fresh) -> None:
    # The alteration that every word processor makes by itself.
    _edit(study, "results/synthesis/quotes.csv", "One year of money.", "One year of ‘money’.")
    said = [str(f) for f in without_seal(verify(study, fresh))]
    assert any("T2 quotation 1" in one and "N2:128-189" in one for one in said)


def test_a_number_edited_in_the_page_names_its_fact(study: Path, fresh: Fresh) -> None:
    page = (study / "reports/paper.html").read_text(encoding="utf-8")
    match = re.search(r'data-fact="n\.participants">(\d+)<', page)
    assert match is not None
    _edit(study, "reports/paper.html", match[0], match[0].replace(f">{match[1]}", ">99"))
    said = [str(f) for f in without_seal(verify(study, fresh))]
    assert said == ["reports/paper.html: fact n.participants reads “99”, not “5”"]


def test_a_number_whose_mark_was_lost_is_named_and_not_its_neighbour(
    study: Path, fresh: Fresh
) -> None:
    # Whoever retypes a number in an editor may delete its mark as well; all after it moves up.
    page = (study / "reports/paper.html").read_text(encoding="utf-8")
    match = re.search(r'<span class="fact" data-fact="n\.sites"[^>]*>([^<]*)</span>', page)
    assert match is not None
    _edit(study, "reports/paper.html", match[0], "7")
    said = [str(f) for f in without_seal(verify(study, fresh))]
    assert said == [f"reports/paper.html: fact n.sites “{match[1]}” is no longer marked as such"]


def test_each_digit_edited_in_the_page_is_named_by_its_own_fact(
    finished: Path, fresh: Fresh
) -> None:
    # What and where, for every marked number of the page, a digit at a time.
    page = (finished / "reports/paper.html").read_text(encoding="utf-8")
    expected = list(marked(fresh.document))
    pattern = r'data-fact="([^"]+)">([^<\d]*)(\d)(?=[^<]*</span>)'
    matches = list(re.finditer(pattern, page))
    assert len(matches) > 50
    for match in matches:
        place, other = match.start(3), str((int(match[3]) + 1) % 10)
        check = Check("page")
        altered = f"{page[:place]}{other}{page[place + 1 :]}".encode()
        compare_page("p", altered, expected, check)
        assert len(check.findings) == 1
        assert check.findings[0].what.startswith(f"fact {match[1]} reads “")


def test_a_number_edited_in_the_word_file_is_named_without_the_crate(
    study: Path, fresh: Fresh
) -> None:
    _in_word_file(r"\d")(study, random.Random(1))
    assert [f.where for f in without_seal(verify(study, fresh))] == ["reports/paper.docx"]


def test_a_decision_taken_out_of_the_log_is_named(study: Path, fresh: Fresh) -> None:
    log = study / "reports/decisions.jsonl"
    log.write_text("".join(log.read_text().splitlines(keepends=True)[1:]), encoding="utf-8")
    said = [str(f) for f in without_seal(verify(study, fresh))]
    assert any("reports/decisions.jsonl:1: does not follow" in one for one in said)


def test_a_table_altered_names_its_cell(study: Path, fresh: Fresh) -> None:
    path = study / "results/synthesis/themes.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[1] = lines[1].replace(",1,3,3,", ",1,3,4,")
    path.write_text("".join(lines), encoding="utf-8")
    said = [str(f) for f in without_seal(verify(study, fresh))]
    assert "results/synthesis/themes.csv, row 1 (theme T1): n_participants is 4" in said[0]


# ------------------------------------------------------------------ the crate alone
def test_a_crate_is_checked_alone_and_says_what_it_cannot_show(finished: Path) -> None:
    # A reviewer has the crate, and not the transcripts.
    checks = verify_crate(finished / "reports/crate.zip")
    assert passed(checks)
    said = " ".join(why for check in checks for why in check.skipped)
    assert "5 transcripts" in said


def test_a_crate_holds_no_transcript(finished: Path) -> None:
    with zipfile.ZipFile(finished / "reports/crate.zip") as archive:
        everything = b"\n".join(archive.read(name) for name in archive.namelist())
    assert b"That was all we had" not in everything
    for file in (finished / "data").rglob("transcripts/*.txt"):
        assert file.read_bytes() not in everything


@pytest.mark.parametrize("seed", range(40))
def test_a_crate_with_one_byte_changed_is_refused(
    finished: Path, tmp_path: Path, seed: int
) -> None:
    data = bytearray((finished / "reports/crate.zip").read_bytes())
    dice = random.Random(seed)
    data[dice.randrange(len(data))] ^= dice.randrange(1, 256)
    crate = tmp_path / "crate.zip"
    crate.write_bytes(bytes(data))
    assert not passed(verify_crate(crate))


def test_a_decision_that_an_earlier_crate_has_may_not_vanish(finished: Path) -> None:
    log = (finished / "reports/decisions.jsonl").read_text(encoding="utf-8")
    crate = finished / "reports/crate.zip"
    assert passed([kept_since(crate, log)])
    shorter = "".join(log.splitlines(keepends=True)[1:])
    assert "adjudication money keep" in str(kept_since(crate, shorter).findings[0])


def test_the_command_names_what_differs_and_fails(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _edit(study, "results/facts.json", '"text": "5"', '"text": "6"')
    assert main(["verify", "--study", str(study), "--json"]) == 1
    checks = json.loads(capsys.readouterr().out)
    assert any("text is '6'" in f["what"] for check in checks for f in check["findings"])
    assert main(["verify", str(study / "config/config.yaml")]) == 1
    assert "is not a whole archive" in capsys.readouterr().out
