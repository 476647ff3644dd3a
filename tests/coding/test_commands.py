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
