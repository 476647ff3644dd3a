"""``themetrail agreement``: a table to paste, and never a traceback."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from themetrail.cli import main
from themetrail.reliability import agreement

RATINGS = """unit,anna,ben,cleo
u1,yes,yes,no
u2,no,no,no
u3,yes,no,
u4,yes,yes,yes
u5,no,no,no
u6,no,yes,no
"""
TALK = "Interviewer: {0}\n\nP1: We got tablets in March. Nobody asked us.\n\nP1: It is fine now.\n"


@pytest.fixture
def ratings(tmp_path: Path) -> Path:
    path = tmp_path / "ratings.csv"
    path.write_text(RATINGS, encoding="utf-8")
    return path


def test_a_ratings_file_gives_a_table_for_an_appendix(
    ratings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names in words, intervals in brackets, what it rests on below."""
    assert main(["agreement", str(ratings), "--categories", "no,yes"]) == 0
    out = capsys.readouterr().out
    assert "Agreement of 3 coders on 6 units (nominal, categories no, yes)" in out
    assert "Krippendorff's alpha, nominal" in out
    assert "95% CI" in out
    assert "Computed with themetrail" in out


def test_json_holds_full_precision_and_null(
    ratings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """For a program that reads on."""
    names = "krippendorff_alpha_nominal,cohen_kappa"
    assert main(["agreement", str(ratings), "--statistics", names, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["tables"][0]["rows"]
    cells = [line.split(",")[1:] for line in RATINGS.splitlines()[1:]]
    expected = agreement(cells, statistics=[names.split(",", maxsplit=1)[0]])["estimate"].iloc[0]
    assert rows[0]["estimate"] == expected
    assert rows[1]["estimate"] is None
    assert rows[1]["note"] == "needs_two_coders"


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_numbers_and_clusters(
    separator: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a spreadsheet elsewhere in Europe writes."""
    lines = ["id,t,a,b", "1,x,1,2", "2,x,3,3", "3,y,2,2", "4,y,1,1", "5,z,5,4"]
    path = tmp_path / "r.csv"
    path.write_text("\ufeff" + "\r\n".join(lines).replace(",", separator), encoding="utf-8")
    arguments = ["agreement", str(path), "--level", "interval", "--cluster", "t", "--json"]
    assert main([*arguments, "--replicates", "100", "--interval", "bca"]) == 0
    rows = json.loads(capsys.readouterr().out)["tables"][0]["rows"]
    found = {row["coefficient"]: row for row in rows}["krippendorff_alpha_interval"]
    data = [[1, 2], [3, 3], [2, 2], [1, 1], [5, 4]]
    name = ["krippendorff_alpha_interval"]
    assert found["estimate"] == agreement(data, "interval", statistics=name)["estimate"].iloc[0]
    assert found["method"] == "ci=bca_clusters_100;se=linearized_clusters"


def test_a_workbook_is_read_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Many teams rate in Excel; a short row ends in missing ratings."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["unit", "a", "b"], ["u1", 1, 1], ["u2", 0, 1], ["u3", 1], ["u4", 0, 0]):
        book.active.append(row)
    book.save(tmp_path / "r.xlsx")
    names = "percent_agreement"
    assert main(["agreement", str(tmp_path / "r.xlsx"), "--statistics", names, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)["tables"][0]["rows"][0]
    assert (row["estimate"], row["n_units"]) == (pytest.approx(2 / 3), 3)


def test_spans_give_unitising_measures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Krippendorff (1995), continuum A at length 24."""
    path = tmp_path / "s.csv"
    path.write_text("coder,start,end,code\na,2,10,A\na,14,20,A\nb,4,8,A\nb,15,17,A\n")
    arguments = ["agreement", str(path), "--spans", "--length", "24"]
    assert main([*arguments, "--statistics", "alpha_U_1995", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)["tables"][0]["rows"][0]
    assert row["estimate"] == pytest.approx(0.5153, abs=1e-4)


def test_a_coder_who_marked_nothing_can_be_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who judged a text and found nothing disagrees; who is not named was not there."""
    path = tmp_path / "s.csv"
    path.write_text("coder,start,end,code\na,2,10,A\nb,2,10,A\n")
    arguments = ["agreement", str(path), "--spans", "--length", "24"]
    name = ["--statistics", "char_level"]
    assert main([*arguments, *name]) == 0
    alone = capsys.readouterr().out
    assert "Percent agreement (pairs), by character: A" in alone
    assert "Agreement of 2 coders" in alone
    assert main([*arguments, *name, "--coders", "a,b,c", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["tables"][0]["rows"]
    agreed = next(row for row in found if row["coefficient"] == "char_level.A.percent_agreement")
    assert (agreed["n_coders"], agreed["estimate"]) == (3, pytest.approx((8 / 3 + 16) / 24))
    with pytest.raises(SystemExit):
        main(["agreement", str(path), "--coders", "a,b"])


def test_bands_of_a_scale_are_probabilities(
    ratings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not only a word."""
    assert main(["agreement", str(ratings), "--scale", "mchugh", "--json"]) == 0
    tables = json.loads(capsys.readouterr().out)["tables"]
    bands = [row for row in tables[1]["rows"] if row["coefficient"] == "gwet_ac1"]
    assert sum(row["probability"] for row in bands) == pytest.approx(1)
    assert sum(row["reached"] for row in bands) == 1


@pytest.fixture
def coded(tmp_path: Path) -> list[str]:
    """Two coders' CSV files and their transcripts."""
    folder = tmp_path / "interviews"
    folder.mkdir()
    for name in ("I1", "I2"):
        (folder / f"{name}.txt").write_text(TALK.format("How was it?"), encoding="utf-8")
    (tmp_path / "anna.csv").write_text(
        "transcript_id,quote,code\nI1,We got tablets,kit\nI1,It is fine,good\nI2,Nobody asked,kit\n"
    )
    (tmp_path / "ben.csv").write_text(
        "transcript_id,quote,code\nI1,got tablets in March,kit\nI2,It is fine now,good\n"
    )
    files = [str(tmp_path / name) for name in ("anna.csv", "ben.csv")]
    return ["agreement", *files, "--transcripts", str(folder)]


def test_coders_files_are_compared_on_their_transcripts(
    coded: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Any readable format, outside a study."""
    assert main([*coded, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["heading"] == "Agreement of anna, ben on 2 transcripts, unit: turn"
    rows = {row["coefficient"]: row for row in found["tables"][0]["rows"]}
    # Two turns × two interviews × two codes; they differ on three of the eight.
    assert rows["percent_agreement"]["n_units"] == 8
    assert rows["percent_agreement"]["estimate"] == pytest.approx(5 / 8)


def test_what_could_not_be_placed_is_said_and_fails(
    coded: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A coding left out in silence would change the coefficient in silence."""
    with (tmp_path / "ben.csv").open("a") as file:
        file.write("I2,words that nobody said anywhere,kit\n")
    assert main(coded) == 1
    out = capsys.readouterr().out
    assert f"error: {tmp_path / 'ben.csv'}:4:" in out


BAD = {
    "no such file": ["nowhere.csv"],
    "no table": ["empty.csv"],
    "one row too short": ["short.csv"],
    "a unit twice": ["twice.csv"],
    "two columns alike": ["alike.csv"],
    "text at interval": ["ratings.csv", "--level", "interval"],
    "undeclared": ["ratings.csv", "--categories", "yes,nein"],
    "no cluster column": ["ratings.csv", "--cluster", "site"],
    "unknown statistic": ["ratings.csv", "--statistics", "cohens_kappa"],
    "binary file": ["image.csv"],
    "spans of ratings": ["ratings.csv", "--spans", "--length", "5"],
    "negative span": ["negative.csv", "--spans", "--length", "50"],
    "reversed span": ["reversed.csv", "--spans", "--length", "50"],
    "short text": ["spans.csv", "--spans", "--length", "5"],
    "position as text": ["words.csv", "--spans", "--length", "50"],
    "no transcripts": ["ratings.csv", "--transcripts", "nowhere"],
}
FILES = {
    "ratings.csv": RATINGS,
    "empty.csv": "",
    "short.csv": "unit,a,b\n1,x,y\n2,x\n",
    "twice.csv": "unit,a,b\n1,x,y\n1,x,x\n",
    "alike.csv": "unit,a,a\n1,x,y\n",
    "image.csv": "\x89PNG\0\0\0",
    "negative.csv": "coder,start,end,code\na,-1,4,A\n",
    "reversed.csv": "coder,start,end,code\na,9,4,A\n",
    "spans.csv": "coder,start,end,code\na,1,14,A\nb,1,9,A\n",
    "words.csv": "coder,start,end,code\na,one,4,A\n",
}


@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD.keys())
def test_bad_input_ends_with_a_sentence_and_status_1(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One message on the error stream, no traceback, nothing printed as if it were a result."""
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="latin-1")
    assert main(["agreement", *arguments]) == 1
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.strip()
    assert "Traceback" not in found.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["a.csv", "b.csv"],
        ["a.csv", "--spans"],
        ["a.csv", "--length", "5"],
        ["a.csv", "--replicates", "-1"],
        ["a.csv", "--replicates", "many"],
        ["a.csv", "--confidence", "95"],
        ["a.csv", "--interval", "bca"],
        ["a.csv", "--spans", "--length", "5", "--transcripts", "x"],
        ["a.csv", "--level", "nominale"],
        [],
    ],
)
def test_wrong_use_ends_with_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong use is not a wrong file."""
    with pytest.raises(SystemExit) as stop:
        main(["agreement", *arguments])
    assert stop.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_of_one_coder_is_a_reasoned_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Valid data without an answer are no failure."""
    path = tmp_path / "one.csv"
    path.write_text("unit,a\n1,x\n2,y\n")
    assert main(["agreement", str(path)]) == 0
    out = capsys.readouterr().out
    assert "single_coder: only one coder rated." in out


def test_text_from_files_can_not_break_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A category with an escape sequence is data, not a command to the terminal."""
    path = tmp_path / "r.csv"
    path.write_text('a,b\n"x\x1b[2J",y\ny,y\nz,z\n')
    assert main(["agreement", str(path)]) == 0
    assert "\x1b" not in capsys.readouterr().out


CELLS = (
    "1",
    "2",
    "0",
    "-1",
    "",
    "yes",
    "NA",
    "nan",
    "inf",
    "1e5",
    "a;b",
    "{}",
    " ",
    "é",
    "\x00",
    "٣",
)


@given(
    rows=st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=4), max_size=6),
    level=st.sampled_from(["nominal", "ordinal", "interval", "ratio", "set"]),
    more=st.sampled_from(
        [
            [],
            ["--json"],
            ["--replicates", "9"],
            ["--replicates", "9", "--interval", "bca"],
            ["--interval", "jackknife", "--scale", "altman"],
            ["--categories", "0,1,2"],
            ["--spans", "--length", "50"],
            ["--cluster", "b"],
        ]
    ),
)
@settings(max_examples=150, deadline=None)
def test_no_table_ends_in_a_traceback(
    rows: list[list[str]], level: str, more: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever a file holds, there is a table or a sentence."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    text = "\n".join(",".join(row) for row in [["unit", "a", "b"], *rows])
    path.write_text(text, encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["agreement", str(path), "--level", level, *more])
    assert (status, bool(out.getvalue())) in ((0, True), (1, False))
    assert bool(err.getvalue()) == (status == 1)
