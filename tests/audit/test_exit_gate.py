"""The gate at the exit: an identifier in anything that is handed out stops the release."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import zipfile
from base64 import b64encode
from pathlib import Path

import pytest
from support import replace, themetrail
from themetrail.audit.exit_gate import WHY, release, withhold
from themetrail.audit.exit_scan import Sought, allowed_words, scan_files
from themetrail.errors import Problem, Problems

MAIL = "jo.bloggs@nhs.net"
NHS = "943 476 5919"
FOUND = {"e-mail": MAIL, "NHS number": NHS, "telephone": "01632 812345"}


def found_in(root: Path, path: str, data: bytes, sought: Sought | None = None) -> list[Problem]:
    """What the gate says of one file."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    problems = Problems()
    scan_files(root, [path], sought or Sought(), problems)
    return problems.rows


def zipped(**members: str) -> bytes:
    """An archive of texts; ``__`` stands for a slash and ``_dot_`` for a dot."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return target.getvalue()


def pdf(text: str, author: str) -> bytes:
    """A page with a text, and a property."""
    import typst

    source = f'#set document(author: "{author}")\n{text}'
    return bytes(typst.compile(source.encode(), format="pdf"))


def word(author: str, comment: str) -> bytes:
    """A Word file whose property and comment hold something."""
    import docx

    document = docx.Document()
    document.core_properties.author = author
    run = document.add_paragraph("Nothing.").runs[0]
    document.add_comment(run, text=comment, author="x")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def sheet(cell: str, author: str) -> bytes:
    """A workbook with a cell and a property."""
    from openpyxl import Workbook

    book = Workbook()
    book.active["A1"] = cell  # type: ignore[index]
    book.properties.lastModifiedBy = author
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def picture(text: str) -> bytes:
    """A picture that says something of itself."""
    from PIL import Image, PngImagePlugin

    about = PngImagePlugin.PngInfo()
    about.add_text("Author", text)
    target = io.BytesIO()
    Image.new("RGB", (2, 2)).save(target, "PNG", pnginfo=about)
    return target.getvalue()


def packed(value: object) -> str:
    """Data as the explorer embeds them."""
    data = b64encode(gzip.compress(json.dumps(value).encode())).decode()
    return f'<html><script type="application/gzip" id="x">{data}</script></html>'


DRAWN = f"<svg xmlns='http://www.w3.org/2000/svg'><!-- {MAIL} --><path d='M0 0'/></svg>"
WRAPPED = {
    "reports/paper.docx": word(MAIL, "no"),
    "reports/comment.docx": word("no", f"call her on {MAIL}"),
    "reports/supplement.xlsx": sheet(f"{MAIL} said", "no"),
    "reports/properties.xlsx": sheet("no", MAIL),
    "reports/properties.pdf": pdf("Nothing.", MAIL),
    "reports/paper.html": b"<p>Write to jo.bloggs<b>@nhs.net</b>, she said</p>",
    "reports/alt.html": f'<img alt="{MAIL}" src="x">'.encode(),
    "reports/drawn.html": (
        f'<img src="data:image/svg+xml;base64,{b64encode(DRAWN.encode()).decode()}">'.encode()
    ),
    "reports/data.html": f'<script type="application/json">{{"a": ["{MAIL}"]}}</script>'.encode(),
    "reports/explorer/index.html": packed({"quotes": [MAIL]}).encode(),
    "reports/decisions.jsonl": f'{{"a": 1}}\n{{"reason": "{MAIL}"}}\n'.encode(),
    "reports/checklists.csv": f'item,answer\n1,"see {MAIL}"\n'.encode(),
    "results/figures/one.png": picture(MAIL),
    "results/figures/one.svg": f"<svg><title>{MAIL}</title></svg>".encode(),
    "reports/crate.zip": b"",
    "logs/intake/north.log": f"could not read {MAIL}".encode(),
}


@pytest.mark.parametrize("path", WRAPPED)
def test_an_address_is_found_in_every_kind_of_output(tmp_path: Path, path: str) -> None:
    # Word counts, comments, properties: what one does not see on the page leaves with the file.
    data = WRAPPED[path]
    if path.endswith("crate.zip"):
        data = zipped(a="no")
        outer = io.BytesIO(data)
        with zipfile.ZipFile(outer, "a") as archive:
            archive.writestr("inner.zip", zipped(c_dot_md=MAIL))
        data = outer.getvalue()
    rows = found_in(tmp_path, path, data)
    assert [row.kind for row in rows] == ["exit_disclosure"]
    assert rows[0].file == path
    assert "an e-mail address" in rows[0].message
    assert MAIL not in str(rows[0])
    assert "disclosure: allow:" in rows[0].remedy


@pytest.mark.parametrize("what", FOUND)
def test_each_kind_is_found_in_a_paper(tmp_path: Path, what: str) -> None:
    rows = found_in(tmp_path, "reports/paper.html", f"<p>It is {FOUND[what]}.</p>".encode())
    assert len(rows) == (0 if what == "telephone" else 1)  # Ofcom reserves 01632 for drama


def test_names_of_the_study_are_found_whole_and_never_repeated(tmp_path: Path) -> None:
    sought = Sought(names=("Zoë Quill",), withdrawn=frozenset({"N2", "7"}))
    said = found_in(tmp_path, "reports/a.html", b"<p>Zoe Quill and N2 on 7 May</p>", sought)
    assert sorted(row.message.partition("looks like ")[2] for row in said) == [
        "a name of the study's list",
        "an id that was withdrawn",
    ]
    for name in ("reports/zoe-quill.html", "logs/N2.log", "logs/7/x.log"):
        rows = found_in(tmp_path, name, b"<p>Nothing</p>", sought)
        assert len(rows) == 1
        assert "its name" in rows[0].message
        assert not any(word in str(rows[0]) for word in ("quill", "N2", "7/x"))


def test_what_programs_write_is_no_identifier(tmp_path: Path) -> None:
    # Digests, DOIs, decimals and rows of counts have ten digits by chance, one in eleven valid.
    page = (
        "<p>by https://doi.org/10.1177/9434765919 (NHS) a9434765919f and 0.9434765919 </p>"
        "<table><tr><td>0</td><td>1</td><td>6</td><td>1</td><td>4</td><td>9</td><td>6</td>"
        "<td>0</td><td>1</td><td>2</td><td>3</td></tr></table><p>NHS 9 4 3 4 7 6 5 9 1 9</p>"
        '<style>.a{content:"jo@nhs.net"}</style><script>var a = "jo@nhs.net"</script>'
    )
    assert found_in(tmp_path, "reports/paper.html", page.encode()) == []


def test_what_the_study_states_of_itself_passes(tmp_path: Path) -> None:
    # A corresponding author has an address, and a cited author a name.
    page = f"<p>Correspondence: {MAIL}. Zoe Quill 2019.</p>".encode()
    stated = Sought(names=("Zoe Quill", "Ann Other"), stated=f"{MAIL}\nQuill, Zoe; Zoe Quill")
    assert found_in(tmp_path, "reports/paper.html", page, stated) == []
    assert stated.cited == {"Zoe Quill"}


def test_an_allowance_needs_a_reason_and_a_file(tmp_path: Path) -> None:
    page = f"<p>{MAIL}</p>".encode()
    entry = {"file": "reports/paper.*", "kind": "email", "reason": "the helpline's"}
    assert found_in(tmp_path, "reports/paper.html", page, Sought(allow=[entry])) == []
    for other in ({**entry, "reason": ""}, {**entry, "file": "reports/x"}):
        assert len(found_in(tmp_path, "reports/paper.html", page, Sought(allow=[other]))) == 1


def test_what_the_intake_let_pass_for_a_reason_passes_in_a_quotation(tmp_path: Path) -> None:
    row = {"file": "data/a/t.txt", "kind": "nhs_number", "severity": "hard", "allowed": True}
    words = frozenset(allowed_words([("data/a/t.txt", f"It was {NHS}, made up.")], [row]))
    assert words == {("nhs_number", "9434765919")}
    page = b"<p>It was 943-476-5919</p>"
    assert found_in(tmp_path, "reports/paper.html", page, Sought(allowed=words)) == []
    assert len(found_in(tmp_path, "reports/paper.html", page)) == 1


def test_a_file_that_cannot_be_read_is_not_vouched_for(tmp_path: Path) -> None:
    rows = found_in(tmp_path, "reports/paper.docx", b"PK\x03\x04broken")
    assert [row.kind for row in rows] == ["exit_unreadable"]


def test_what_is_withheld_is_moved_and_forgotten_when_all_is_well(tmp_path: Path) -> None:
    paths = ["reports/paper.html", "reports/explorer/index.html"]
    for path in paths:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    withhold(tmp_path, paths, "why")
    assert not any((tmp_path / path).exists() for path in paths)
    assert (tmp_path / "reports/withheld/explorer/index.html").read_text() == paths[1]
    assert "not for release" in (tmp_path / WHY).read_text()
    release(tmp_path)
    assert not (tmp_path / "reports/withheld").exists()


@pytest.mark.slow
def test_a_run_releases_nothing_until_the_identifier_is_gone(
    finished: Path, tmp_path: Path
) -> None:
    # The promise at the exit, with the whole workflow: it fails, says where, and mends itself.
    study = Path(shutil.copytree(finished, tmp_path / "mini"))
    sites = study / "config/sites.tsv"
    replace(sites, "A clinic", f"A clinic ({MAIL})")
    done = themetrail("run", "--study", str(study), "--cores", "2")
    assert done.status == 1
    assert "Nothing is released" in done.output
    assert "reports/paper.html: holds what looks like an e-mail address" in done.output
    assert MAIL not in done.output
    left = {path.name for path in (study / "reports").iterdir()}
    assert left <= {"withheld", "manuscript", "explorer", "notebooks"}
    assert not [p for p in (study / "reports").rglob("*.*") if "withheld" not in p.parts]
    replace(sites, f" ({MAIL})", "")
    done = themetrail("run", "--study", str(study), "--cores", "2")
    assert done.status == 0, done.output
    assert not (study / "reports/withheld").exists()
    for paper in sorted((finished / "reports").glob("paper.*")):
        assert (study / "reports" / paper.name).read_bytes() == paper.read_bytes()


@pytest.mark.slow
def test_a_paper_asked_for_alone_does_not_pass_by_the_gate(finished: Path, tmp_path: Path) -> None:
    # Whoever makes one paper and mails it has run no whole study.
    study = Path(shutil.copytree(finished, tmp_path / "mini"))
    sites = study / "config/sites.tsv"
    replace(sites, "A clinic", f"A clinic ({MAIL})")
    (study / "reports/notes.txt").write_text("ours", encoding="utf-8")
    line = ("run", "reports/paper.html", "--study", str(study), "--cores", "2")
    done = themetrail(*line)
    assert done.status == 1
    assert "Nothing is released" in done.output
    assert MAIL not in done.output
    assert not (study / "reports/paper.html").exists()
    assert (study / "reports/withheld/paper.html").exists()
    assert (study / "reports/notes.txt").exists()
    replace(sites, f" ({MAIL})", "")
    done = themetrail(*line)
    assert done.status == 0, done.output
    assert "found nothing that must not leave in reports/" in done.output
    assert not (study / "reports/withheld").exists()
