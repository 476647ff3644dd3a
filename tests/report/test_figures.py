"""Figures: what they show is in their data, what they say is true, and the look holds."""

from __future__ import annotations

import dataclasses
import json
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lxml import etree
from matplotlib.figure import Figure
from matplotlib.text import Text
from themetrail import contracts
from themetrail.config import StudyConfig, load
from themetrail.errors import InputError
from themetrail.report.figures import NAMES, Drawing, draw, draw_all
from themetrail.report.figures.style import house_style
from themetrail.tables import frame

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def demonstration(root: Path) -> StudyConfig:
    """Give the demonstration study's choices: real labels of real lengths."""
    study, problems = load(root)
    assert not problems.errors
    return study


def invented(study: StudyConfig, groups: dict[str, list[str]]) -> Tables:
    """Tables with numbers out of the air for a study's codes and themes."""
    chance = random.Random(7)
    codes = list(study.codebook.active)
    reach = [
        {
            "kind": kind,
            "code": name,
            "attribute": attribute,
            "group": group,
            "n": chance.randint(0, 6),
            "of": 6,
        }
        for kind, names in (("theme", [t.id for t in study.themes]), ("code", codes))
        for name in names
        for attribute, values in {"all": ["all"], **groups}.items()
        for group in values
    ]
    rows = [
        coefficient("study", "", 0.78),
        *(coefficient("theme", t.id, 0.7) for t in study.themes),
    ]
    rows += [coefficient("code", code, chance.uniform(-0.1, 1.0)) for code in codes[1:]]
    rows.append(coefficient("code", codes[0], math.nan, note="never_marked"))
    pairs = [
        {
            "level": "turn",
            "code_a": a,
            "code_b": b,
            "n": max(0, chance.randint(-4, 12)),
            "n_a": 20,
            "n_b": 20,
            "jaccard": 0.1,
            "expected": chance.uniform(0, 8),
        }
        for place, a in enumerate(codes)
        for b in codes[place + 1 :]
    ]
    people = [
        {"participant_id": f"{group}{n}", "site": group, "n_transcripts": 1}
        for group in groups["site"]
        for n in range(6)
    ]
    return {
        "reach": frame(reach, contracts.REACH),
        "coefficients": frame(rows, contracts.COEFFICIENTS),
        "cooccurrence": frame(pairs, contracts.COOCCURRENCE),
        "saturation": saturation(24),
        "robustness": varied(study, groups["site"]),
        "frameworks": frame(read_with(study), contracts.FRAMEWORKS),
        "participants": frame(people, contracts.PARTICIPANTS),
    }


def read_with(study: StudyConfig) -> list[dict[str, Any]]:
    """A construct of a long name for each theme, and one that a single code is counted for."""
    wanted = {f"Construct of a fairly long name {t.id}": ";".join(t.codes) for t in study.themes}
    wanted["4A"] = next(iter(study.codebook.active))
    return [
        {
            "framework": "NASSS",
            "construct": construct,
            "themes": "",
            "codes": codes,
            "n_segments": 9,
            "n_participants": 5,
            "of_participants": 6,
            "n_sites": 2,
        }
        for construct, codes in wanted.items()
    ]


def coefficient(level: str, code: str, estimate: float, **more: Any) -> dict[str, Any]:
    """A row of the coefficients table."""
    return {
        "level": level,
        "site": "",
        "code": code,
        "coders": "a;b",
        "coefficient": "krippendorff_alpha_nominal",
        "estimate": estimate,
        "se": None,
        "ci_low": estimate - 0.2,
        "ci_high": min(1.0, estimate + 0.1),
        "method": "",
        "n_units": 491,
        "n_clusters": 24,
        "n_coders": 2,
        "prevalence": 0.1,
        "n_unusable": 0,
        "note": "",
        **more,
    }


def varied(study: StudyConfig, sites: list[str]) -> pd.DataFrame:
    """The analysis without each site, and by another rule, which moves the first theme."""
    ways = [("as done", ""), *(("without a site", site) for site in sites)]
    rows = [
        {
            "scenario": scenario,
            "what": what,
            "theme": theme.id,
            "n_segments": 9,
            "n_participants": 18 - place,
            "of_participants": 18 if what else 24,
            "share": (18 - place) / (18 if what else 24),
            "rank": place + 1,
            "quantifier": "most",
            "n_counter": 0,
            "rank_changed": False,
            "quantifier_changed": False,
            "order_tau": 1.0,
        }
        for scenario, what in [*ways, ("another rule", "any")]
        for place, theme in enumerate(study.themes)
    ]
    moved = next(row for row in rows if row["scenario"] == "another rule")
    moved |= {"rank": 3, "rank_changed": True, "quantifier_changed": True, "quantifier": "some"}
    return frame(rows, contracts.ROBUSTNESS)


def saturation(n: int) -> pd.DataFrame:
    """New codes that become rare."""
    rows = [
        {
            "position": at,
            "transcript_id": f"t{at}",
            "site": "alder",
            "n_codes": 10,
            "n_new": 0,
            "n_cumulative": min(30, 10 + 4 * at),
            "new_share": None if at < 6 else max(0.0, 0.3 - 0.05 * at),
            "saturated": at >= 6,
            "reordered_mean": min(30.0, 12 + 3.5 * at),
            "reordered_low": min(30.0, 8 + 3.0 * at),
            "reordered_high": 30.0,
        }
        for at in range(1, n + 1)
    ]
    return frame(rows, contracts.SATURATION)


@pytest.fixture(scope="module")
def tables(demonstration: StudyConfig) -> Tables:
    """Give invented tables for the demonstration study."""
    sites = [site.site for site in demonstration.sites]
    grades = ["executive", "manager", "senior_clinician", "practitioner", "support"]
    return invented(demonstration, {"site": sites, "grade_group": grades})


def texts(figure: Figure) -> Iterator[Text]:
    """Every visible text of a figure."""
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            yield text


def lay_out(drawing: Drawing) -> None:
    """Place everything as it is when the figure is saved."""
    with house_style():
        drawing.figure.draw_without_rendering()


# ------------------------------------------------------------------ files
def test_each_figure_has_vector_raster_and_data(
    demonstration: StudyConfig, tables: Tables, tmp_path: Path
) -> None:
    """Protects the contract with the manuscript: three files a figure, and a list of them."""
    index = draw_all(tables, demonstration, tmp_path)
    assert index == json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert list(index) == list(NAMES)
    for name, entry in index.items():
        assert entry["path"] == f"{name}.svg"
        assert not entry["empty"]
        assert "n = " in entry["caption"]
        assert len(entry["alt"]) > 60
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert len(pd.read_csv(tmp_path / f"{name}.csv"))
        tree = etree.parse(str(tmp_path / f"{name}.svg"))
        assert not tree.xpath("//*[local-name()='image' or local-name()='text']")


def test_two_runs_give_the_same_bytes(
    demonstration: StudyConfig, tables: Tables, tmp_path: Path
) -> None:
    """Protects byte-identical figures: no date, no version, no random identifier."""
    for place in ("a", "b"):
        draw_all(tables, demonstration, tmp_path / place)
    for file in sorted((tmp_path / "a").iterdir()):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name


def test_paths_are_the_studys_own(small_tables: Tables, study_with: Any, tmp_path: Path) -> None:
    """Protects the document from absolute paths: a figure's path begins at the study's folder."""
    import dataclasses

    study = dataclasses.replace(study_with(), root=tmp_path)
    index = draw_all(small_tables, study, tmp_path / "results" / "figures", names=["theme_map"])
    assert index["theme_map"]["path"] == "results/figures/theme_map.svg"


# ------------------------------------------------------------------ what is shown
def test_a_plain_mapping_is_as_good_as_the_configuration(
    small_study: StudyConfig, small_tables: Tables, as_mappings: Any
) -> None:
    """Protects the workflow, which passes plain values."""
    one = draw("themes_by_site", small_tables, small_study)
    two = draw("themes_by_site", small_tables, as_mappings(small_study))
    assert one.caption == two.caption
    assert one.data.equals(two.data)


def test_the_bars_are_the_reach_table(small_study: StudyConfig, small_tables: Tables) -> None:
    """Protects the numbers: people of people, by theme and group."""
    data = draw("themes_by_site", small_tables, small_study).data
    shown = {(row.theme, row.group): (row.n, row.of) for row in data.itertuples()}
    assert shown["T1", "North"] == (2, 3)
    assert shown["T2", "South"] == (1, 1)


def test_small_groups_are_not_shown(study_with: Any, small_tables: Tables) -> None:
    """Protects people: a group below min_cell has no number, in the picture, data or alt text."""
    study = study_with(report={"min_cell": 2})
    made = draw("themes_by_grade", small_tables, study)
    hidden = made.data[made.data["group"] == "Not stated"]
    assert not hidden["shown"].any()
    assert hidden["n"].isna().all()
    assert "Not stated" not in made.alt
    assert "not shown" in made.caption
    said = {text.get_text() for text in texts(made.figure)}
    assert "1/1" not in said


def test_a_small_site_cannot_be_worked_out_from_the_rest(
    demonstration: StudyConfig, tables: Tables
) -> None:
    """Protects people: what is left without a small site would give its number away."""
    site = demonstration.sites[0]
    people = tables["participants"]
    few = people.drop(index=people.index[people["site"] == site.site][2:]).reset_index(drop=True)
    report = {**demonstration.settings["report"], "min_cell": 5}
    study = dataclasses.replace(
        demonstration, settings={**demonstration.settings, "report": report}
    )
    assert f"Without {site.label}" in set(draw("robustness", tables, study).data["variation"])
    made = draw("robustness", {**tables, "participants": few}, study)
    said = f"Without {site.label}"
    assert said not in set(made.data["variation"])
    assert said not in {text.get_text() for text in texts(made.figure)}
    assert said not in made.alt
    assert "are not shown" in made.caption


def test_what_changes_is_marked(demonstration: StudyConfig, tables: Tables) -> None:
    """Protects the reader from looking for it: places in the tile, in words in the alt text."""
    made = draw("robustness", tables, demonstration)
    marks = [text.get_text() for text in texts(made.figure) if "→" in text.get_text()]
    assert sorted(marks) == ["1→3", "5→6"]  # the second explains
    assert "The order of the themes changes in 1 of 5 variations (Rule: any)." in made.alt


def test_an_undefined_coefficient_says_why(small_study: StudyConfig, small_tables: Tables) -> None:
    """Protects against a nan on paper: no mark, and the reason in words."""
    made = draw("agreement", small_tables, small_study)
    said = " ".join(text.get_text().replace("\n", " ") for text in texts(made.figure))
    assert "no coder ever marked it" in said
    assert "nan" not in said.lower()
    reasons = made.data.set_index("code")["reason"]
    assert reasons["time"] == "no coder ever marked it"
    assert reasons["asked"] == ""
    assert "1 code has no value, for the reason given." in made.caption


def test_reflexive_analyses_have_no_agreement_figure(
    study_with: Any, small_tables: Tables, tmp_path: Path
) -> None:
    """Protects a reflexive study from a statistic that it rejects."""
    study = study_with(analysis={"approach": "reflexive"})
    with pytest.raises(InputError, match="reflexive"):
        draw("agreement", small_tables, study)
    assert "agreement" not in draw_all(small_tables, study, tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_a_study_without_coding_gets_a_figure_that_says_so(name: str, study_with: Any) -> None:
    """Protects runs before any coding: a sentence in the figure's place, no error."""
    made = draw(name, {}, study_with())
    assert made.empty
    assert len(made.data) == 0
    assert made.alt.startswith("Nothing is shown.")
    assert any("No transcript" in text.get_text() for text in texts(made.figure))


def test_without_groups_the_figure_by_group_says_so(study_with: Any, small_tables: Tables) -> None:
    """A study that names no group is told which setting names one."""
    made = draw("themes_by_grade", small_tables, study_with(synthesis={"groups": []}))
    assert made.empty
    assert "synthesis.groups" in made.caption


def test_an_unknown_figure_is_named_with_the_nearest() -> None:
    """A wrong name is an error in words."""
    with pytest.raises(InputError, match="Did you mean 'saturation'"):
        draw("saturatoin", {}, {})


# ------------------------------------------------------------------ the look
@pytest.fixture(scope="module")
def drawings(demonstration: StudyConfig, tables: Tables) -> dict[str, Drawing]:
    """Give every figure, laid out."""
    made = {name: draw(name, tables, demonstration) for name in NAMES}
    for drawing in made.values():
        lay_out(drawing)
    return made


@pytest.mark.parametrize("name", NAMES)
def test_all_text_is_inside_the_figure_and_large_enough(
    name: str, drawings: dict[str, Drawing]
) -> None:
    """Protects readers: nothing is cut off, and nothing smaller than six points."""
    figure = drawings[name].figure
    edge = figure.bbox
    for text in texts(figure):
        box = text.get_window_extent()
        assert box.x0 >= edge.x0 - 1, text.get_text()
        assert box.x1 <= edge.x1 + 1, text.get_text()
        assert box.y0 >= edge.y0 - 1, text.get_text()
        assert box.y1 <= edge.y1 + 1, text.get_text()
        assert text.get_fontsize() >= 6
    assert figure.get_size_inches()[0] * 25.4 <= 160.01


@pytest.mark.parametrize("name", NAMES)
def test_no_text_lies_on_another(name: str, drawings: dict[str, Drawing]) -> None:
    """Protects readers: labels keep apart."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(drawings[name].figure)]
    for place, (one, first) in enumerate(boxes):
        for other, second in boxes[place + 1 :]:
            across = min(first.x1, second.x1) - max(first.x0, second.x0)
            down = min(first.y1, second.y1) - max(first.y0, second.y0)
            # A line's box has room for accents and descenders, which may meet.
            assert across <= 1 or down <= 0.3 * min(first.height, second.height), (one, other)


@pytest.mark.parametrize("name", ["themes_by_site", "robustness"])
def test_many_sites_become_tiles_that_fit(name: str, demonstration: StudyConfig) -> None:
    """Protects large studies: thirty sites still fit the page."""
    from themetrail.config import Site

    names = [f"site{n:02}" for n in range(30)]
    sites = tuple(Site(name, f"A hospital with a long name, number {name[-2:]}") for name in names)
    study = dataclasses.replace(demonstration, sites=sites)
    made = draw(name, invented(study, {"site": names}), study)
    lay_out(made)
    edge = made.figure.bbox
    for text in texts(made.figure):
        box = text.get_window_extent()
        assert edge.x0 - 1 <= box.x0
        assert box.x1 <= edge.x1 + 1
        assert edge.y0 - 1 <= box.y0
        assert box.y1 <= edge.y1 + 1


def test_codes_are_drawn_where_they_are_counted(demonstration: StudyConfig, tables: Tables) -> None:
    """Protects the heat map: a tile for each code of each construct, with the code's people."""
    made = draw("frameworks", tables, demonstration)
    codes = [len(codes.split(";")) for codes in tables["frameworks"]["codes"]]
    assert len(made.data) == sum(codes)
    reach = tables["reach"].set_index(["kind", "code", "attribute"])["n"]
    for row in made.data.to_dict("records"):
        assert row["n"] == reach["code", row["code"], "all"]
    assert "4A Staff" in set(made.data["name"])
    assert "NASSS" in made.alt


def test_labels_are_printed_as_they_are(study_with: Any, small_tables: Tables) -> None:
    """Protects literal text: dollars are dollars, and no label can become a formula."""
    import dataclasses

    from themetrail.config import Code, Codebook, Theme

    label, title = r"pays $5 and $x^2$ \frac{1}{2} {{ y }}", "<b>Ask</b> $first$ מי שאל"
    study = dataclasses.replace(
        study_with(),
        codebook=Codebook((Code("asked", label), Code("time", "W" * 80))),
        themes=(Theme("T1", title, codes=("asked",)), Theme("T2", "T" * 70, codes=("time",))),
    )
    for name in ("agreement", "theme_map", "themes_by_site"):
        made = draw(name, small_tables, study)
        lay_out(made)
        said = {text.get_text().replace("\n", " ") for text in texts(made.figure)}
        assert title in said
        if name != "themes_by_site":
            assert label in said
        assert not any(text.get_parse_math() for text in texts(made.figure))


def test_every_threshold_and_scale_can_be_drawn(study_with: Any, small_tables: Tables) -> None:
    """Protects studies that judge by another scale, or whose interval goes below zero."""
    low = [coefficient("code", "asked", -0.3, ci_low=-0.75), coefficient("code", "time", 1.0)]
    tables = {**small_tables, "coefficients": frame(low, contracts.COEFFICIENTS)}
    for scale in ("krippendorff", "landis_koch", "mchugh", "altman"):
        study = study_with(reliability={"scale": scale, "threshold": 0.6})
        made = draw("agreement", tables, study)
        lay_out(made)
        assert "Below the threshold of 0.6 lie: Being asked." in made.alt


def test_a_codebook_too_long_for_a_page_is_shown_in_part(demonstration: StudyConfig) -> None:
    """Protects the page: of a hundred codes those to look at are drawn, and all are in the data."""
    import dataclasses

    from themetrail.config import Code, Codebook

    codes = tuple(Code(f"c{n}", f"Code number {n}") for n in range(100))
    themes = tuple(
        dataclasses.replace(theme, codes=tuple(f"c{n}" for n in range(at, 100, 6)))
        for at, theme in enumerate(demonstration.themes)
    )
    study = dataclasses.replace(demonstration, codebook=Codebook(codes), themes=themes)
    tables = invented(study, {"site": ["alder"]})
    for name, said in (("agreement", "highest agreement"), ("theme_map", "fewest people")):
        made = draw(name, tables, study)
        assert made.figure.get_size_inches()[1] * 25.4 < 230
        assert f"{said}" in made.caption
        assert set(made.data["code"]) >= {code.id for code in codes}
    assert "36 most frequent of 100" in draw("cooccurrence", tables, study).caption
