"""``themetrail pack`` and ``themetrail convert``, as a person types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from themetrail.cli import main
from themetrail.coding import read_coding


@pytest.fixture
def study(root: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration study's configuration and one site."""
    folder = tmp_path / "study"
    shutil.copytree(root / "config", folder / "config")
    shutil.copytree(root / "data" / "damson", folder / "data" / "damson")
    return folder


def test_pack_is_made_and_recorded(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The pack lies in results/, its record in the site's data, and a second one is refused."""
    command = ["pack", "damson", "--coder", "dora", "--tool", "qdpx", "--sample", "0.34"]
    command += ["--study", str(study)]
    assert main(command) == 0
    assert "send it only as the study's protocol allows" in capsys.readouterr().out
    pack = read_coding(study / "results" / "packs" / "damson" / "dora" / "dora.qdpx")
    record = json.loads((study / "data" / "damson" / "packs" / "dora.json").read_text())
    assert len(pack.texts) == len(record["transcripts"]) == 2
    assert pack.spans.empty
    assert main(command) == 1
    assert "there already" in capsys.readouterr().err
    rows = (study / "data" / "damson" / "assignments.csv").read_text().splitlines()
    sent = sorted(row["transcript_id"] for row in record["transcripts"])
    assert rows[0] == "coder,transcript_id,stratum,drawn,seed"
    assert rows[1:] == [f"dora,{name},damson,2 of 6,0" for name in sent]


@pytest.mark.parametrize(
    ("change", "says"),
    [({"damson": "damsons"}, "Did you mean 'damson'?"), ({"dora": "../dora"}, "no coder's name")],
)
def test_wrong_wishes_have_answers(
    study: Path, capsys: pytest.CaptureFixture[str], change: dict[str, str], says: str
) -> None:
    """A slip in the site's name and a coder's name that is a path."""
    command = ["pack", "damson", "--coder", "dora", "--tool", "csv", "--study", str(study)]
    assert main([change.get(word, word) for word in command]) == 1
    assert says in capsys.readouterr().err


def test_convert_says_what_it_could_not_read(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A good file is converted, an existing one is not overwritten, a bad one is explained."""
    source = root / "data" / "alder" / "codings" / "coder_b.qdpx"
    target = tmp_path / "coder_b.xlsx"
    assert main(["convert", str(source), str(target)]) == 0
    assert len(read_coding(target).spans) == 142
    assert main(["convert", str(source), str(target)]) == 1
    bad = tmp_path / "bad.qdpx"
    bad.write_bytes(b"PK nothing")
    assert main(["convert", str(bad), str(tmp_path / "bad.csv")]) == 1
    assert "damaged or cut-off" in capsys.readouterr().err
    assert not (tmp_path / "bad.csv").exists()


def test_codebook_diff_names_what_changed(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Added, removed, renamed, moved, redefined and retired codes, also against a tool's book."""
    before = tmp_path / "before.yaml"
    before.write_text(
        "codes:\n"
        "  - {id: load, family: work, definition: Telehealth adding to the work of staff}\n"
        "  - {id: fit, family: work, definition: Fits}\n"
        "  - {id: old, definition: Gone}\n"
        "  - {id: stays, definition: Same}\n"
    )
    after = tmp_path / "after.yaml"
    after.write_text(
        "codes:\n"
        "  - {id: workload, family: work, definition: Telehealth adding to the work of staff}\n"
        "  - {id: fit, family: practice, definition: Fits or clashes, status: retired}\n"
        "  - {id: stays, definition: Same}\n"
        "  - {id: fresh, definition: Something else entirely}\n"
    )
    assert main(["codebook", "diff", str(before), str(after)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "renamed    workload (was load)",
        "retired    fit",
        "moved      fit: work → practice",
        "redefined  fit: Fits or clashes",
        "added      fresh",
        "removed    old",
    ]
    book = root / "config" / "codebook.yaml"
    assert main(["codebook", "diff", str(book), str(book)]) == 0
    assert "say the same" in capsys.readouterr().out
    project = root / "data" / "alder" / "codings" / "coder_b.qdpx"
    assert main(["codebook", "diff", str(book), str(project), "--json"]) == 0
    kinds = {row["kind"] for row in json.loads(capsys.readouterr().out)}
    assert kinds <= {"redefined"}
    assert main(["codebook", "diff", str(book), str(tmp_path / "none.qdc")]) == 1


def test_codebook_is_exported(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The codebook needs no run; the consensus does, and says so."""
    assert main(["export", str(tmp_path / "book.qdc"), "--study", str(study)]) == 0
    assert "30 codes" in capsys.readouterr().out
    assert sum(code.codable for code in read_coding(tmp_path / "book.qdc").codes) == 30
    shutil.copy(study / "config" / "sites.tsv", study / "sites")
    (study / "config" / "sites.tsv").write_text("site\tlabel\ndamson\tDamson\n")
    assert main(["export", str(tmp_path / "all.qdpx"), "--study", str(study)]) == 1
    assert "themetrail run" in capsys.readouterr().err


def test_consensus_is_a_project(root: Path) -> None:
    """Kept segments are one user's codings, each with how it was decided."""
    import pandas as pd
    from themetrail.coding.export import consensus_project
    from themetrail.config import Code, Codebook

    transcripts = pd.DataFrame(
        [
            {"transcript_id": "A", "status": "ready", "text": "P1: Yes."},
            {"transcript_id": "B", "status": "held", "text": ""},
        ]
    )
    row = {"transcript_id": "A", "code": "x", "start": 4, "end": 8, "stance": "counter"}
    segments = pd.DataFrame([{**row, "decided_by": "unanimous", "coders": "ann;bob"}])
    project = consensus_project("s", transcripts, segments, Codebook((Code("x", "X"),)))
    (coding,) = project.codings
    assert project.words(coding) == "Yes."
    assert coding.memo == "unanimous; coded by ann, bob; a counter-example"
    assert list(project.texts) == ["A"]
    assert project.people == ["consensus"]


def test_command_knows_every_tool() -> None:
    """The command's choices, which must be cheap to import, are the packs that can be made."""
    from themetrail.cli import pack as command
    from themetrail.coding import pack

    assert command.TOOLS == pack.TOOLS
