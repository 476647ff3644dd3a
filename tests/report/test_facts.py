"""Facts: what the paper's numbers are, and that they are what was counted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from themetrail.errors import InputError
from themetrail.report import catalogue, facts
from themetrail.report.evidence import Evidence
from themetrail.report.facts import Fact, by_id, collect


@pytest.fixture(scope="module")
def found(small_study: Any, small_tables: Any) -> dict[str, Fact]:
    """Give the small study's facts by id."""
    return by_id(collect(small_tables, small_study))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("n.participants", "5"),
        ("n.participants.coded", "4"),
        ("n.participants.site.north", "3"),
        ("n.participants.role.nurse", "3"),
        ("n.participants.role.not_stated", "1"),
        ("n.transcripts", "5"),
        ("n.transcripts.coded", "4"),
        ("n.transcripts.double", "2"),
        ("n.transcripts.waiting", "1"),
        ("n.transcripts.coded.ben", "2"),
        ("n.withdrawn.participants", "1"),
        ("n.words", "15,000"),
        ("words.range", "1,000–5,000"),
        ("duration.median", "not recorded"),
        ("coders", "ann and ben"),
        ("n.decisions.unanimous", "1"),
        ("n.decisions.single", "1"),
        ("n.conflicts", "2"),
        ("n.conflicts.kept", "1 of 2"),
        ("n.conflicts.adjudicated", "1 of 2"),
        ("share.conflicts", "2 of 4"),
        ("theme.T1.participants", "3 of 4"),
        ("theme.T1.top_two_share", "50%"),
        ("theme.T2.counter.participants", "1 of 4"),
        ("reach.T1.site.north", "2 of 3"),
        ("reach.T1.role.not_stated", "1 of 1"),
        ("code.asked.participants", "3 of 4"),
        ("alpha.study", "0.75"),
        ("alpha.study.ci", "95% CI 0.65 to 0.85"),
        ("alpha.pair.ann.ben", "0.75"),
        ("alpha.code.time", "not available (no coder ever marked it)"),
        ("alpha.min.code", "Being asked"),
        ("agreement.study.word", "tentative"),
        ("n.codes.below_threshold", "1 of 1"),
        ("codes.below_threshold", "Being asked"),
        ("codes.not_estimable", "Time"),
        ("prevalence.code.asked", "25%"),
        ("n.quotes.participants", "2 of 4"),
        ("setting.threshold", "0.667"),
        ("setting.replicates", "1,000"),
    ],
)
def test_a_fact_says_what_was_counted_by_hand(found: dict[str, Fact], name: str, text: str) -> None:
    """Guards the numbers of the paper, and that what has no value says why."""
    assert found[name].text == text


def test_headline_facts_follow_the_configured_coefficient(
    study_with: Any, small_tables: Any
) -> None:
    """Guards against a text that leads with another coefficient than was configured."""
    study = study_with(reliability={"headline": "gwet_ac1"})
    found = by_id(collect(small_tables, study))
    assert found["agreement.name"].text == "Gwet’s AC1"
    assert found["agreement.study"].value is None
    assert found["alpha.study"].text == "0.75"


def test_every_family_is_declared_and_found() -> None:
    """Guards against a fact that is documented and can't be made, or the reverse."""
    from themetrail.report.families_agreement import AGREEMENT
    from themetrail.report.families_consensus import CONSENSUS
    from themetrail.report.families_findings import FINDINGS
    from themetrail.report.families_machine import MACHINE
    from themetrail.report.families_material import MATERIAL
    from themetrail.report.families_robustness import ROBUSTNESS
    from themetrail.report.families_settings import SETTINGS
    from themetrail.report.families_silence import SILENCE

    declared = [family.pattern for family in catalogue.families()]
    assert len(declared) == len(set(declared))
    assert {family.table for family in catalogue.families()} <= set(facts.SOURCES)
    assert set(declared) == {
        *AGREEMENT,
        *CONSENSUS,
        *FINDINGS,
        *MACHINE,
        *MATERIAL,
        *ROBUSTNESS,
        *SETTINGS,
        *SILENCE,
    }


def test_what_the_catalogue_promises_is_collected(small_study: Any, small_tables: Any) -> None:
    """Guards `check` without a run: an id that it accepts is there when the run has ended."""
    words = Evidence(small_study, small_tables).words
    collected = {fact.id for fact in collect(small_tables, small_study)}
    assert collected == set(catalogue.entries(words))


def test_a_study_without_coding_has_every_fact_in_words(small_study: Any) -> None:
    """Guards transcripts that wait for coding: no crash, no nan."""
    for fact in collect({}, small_study):
        assert fact.text
        assert "nan" not in fact.text.split()
        assert "None" not in fact.text


def test_a_reflexive_study_has_no_agreement_facts(study_with: Any, small_tables: Any) -> None:
    """Guards against a coefficient in a paper whose approach has none."""
    study = study_with(analysis={"approach": "reflexive"})
    names = {fact.id for fact in collect(small_tables, study)}
    assert not [name for name in names if catalogue.about_agreement(name)]
    assert "n.participants" in names


def test_small_groups_are_not_shown_nor_solvable(study_with: Any, small_tables: Any) -> None:
    """Guards people in small groups: neither their number nor what their total gives away."""
    study = study_with(report={"min_cell": 2})
    found = by_id(collect(small_tables, study))
    shown = [found[f"n.participants.role.{role}"].value for role in ("manager", "not_stated")]
    assert shown == [None, None]
    assert found["n.participants.role.nurse"].value is None  # else 5 - 3 - … leaves one and one
    assert found["reach.T1.role.not_stated"].text == "not shown (small number)"
    found = by_id(collect(small_tables, study_with(report={"min_cell": 3})))
    assert found["n.transcripts.site.south"].value is None


def test_columns_with_any_name_have_plain_ids(study_with: Any, tables_with: Any) -> None:
    """Guards ids against blanks and capitals of participants.csv."""
    people = [
        {"participant_id": "p1", "site": "north", "n_transcripts": 1, "Job (now)": "Band 8a"},
        {"participant_id": "p2", "site": "north", "n_transcripts": 1, "Job (now)": "band-8A"},
    ]
    study = study_with(synthesis={"groups": ["Job (now)"]})
    found = by_id(collect(tables_with(participants=people), study))
    assert found["n.participants.job_now.band_8a"].definition.startswith("People whose Job (now)")
    assert found["n.participants.job_now.band_8a_2"].value == 1
    assert found["reach.T1.job_now.band_8a"].value is None


def test_plain_mappings_give_the_same_facts(
    small_study: Any, small_tables: Any, as_mappings: Any
) -> None:
    """Guards choices that reach a step as data."""
    plain = json.loads(json.dumps(as_mappings(small_study)))
    assert collect(small_tables, plain) == collect(small_tables, small_study)


def test_facts_are_read_as_written_and_written_the_same(
    small_study: Any, small_tables: Any, tmp_path: Any
) -> None:
    """Guards the file of facts: nothing lost, the same bytes twice."""
    made = collect(small_tables, small_study)
    facts.write(reversed(made), tmp_path / "a.json")
    facts.write(facts.read(tmp_path / "a.json"), tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert facts.read(tmp_path / "a.json") == made


def test_a_file_that_is_none_of_facts_says_so(tmp_path: Any) -> None:
    """Guards against a traceback where the file was damaged."""
    (tmp_path / "facts.json").write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(InputError, match="not a file of facts"):
        facts.read(tmp_path / "facts.json")


@pytest.mark.parametrize(
    ("name", "variant", "text"),
    [
        ("n.sites", "words", "two"),
        ("n.sites", "Words", "Two"),
        ("n.sites", "ordinal", "2nd"),
        ("theme.T1.quantifier", "capital", "Most"),
        ("theme.T1.participants", "number", "3"),
        ("theme.T1.participants", "percent", "75%"),
        ("alpha.study.ci", "interval", "0.65 to 0.85"),
        ("alpha.code.time", "percent", "not available (no coder ever marked it)"),
    ],
)
def test_variants(found: dict[str, Fact], name: str, variant: str, text: str) -> None:
    """Guards the second argument of a fact."""
    assert facts.shown(found[name], variant) == text


@pytest.mark.parametrize(
    ("name", "variant"),
    [("theme.T1.quantifier", "percent"), ("alpha.study", "words"), ("n.words", "interval")],
)
def test_a_variant_that_makes_no_sense_is_refused(
    found: dict[str, Fact], name: str, variant: str
) -> None:
    """Guards against a silent fallback."""
    with pytest.raises(InputError, match=name):
        facts.shown(found[name], variant)


def test_removing_a_person_changes_what_depends_on_them(
    small_study: Any, small_tables: Any
) -> None:
    """Guards withdrawal: each number that counted the person counts one less."""
    kept = {
        "participants": lambda t: t[t["participant_id"] != "p1"],
        "transcripts": lambda t: t[t["transcript_id"] != "t1"],
        "coverage": lambda t: t[t["transcript_id"] != "t1"],
        "decisions": lambda t: t[t["transcript_id"] != "t1"],
    }
    fewer = {**small_tables, **{name: keep(small_tables[name]) for name, keep in kept.items()}}
    found = by_id(collect(fewer, small_study))
    now = {name: found[name].value for name in ("n.participants", "n.words", "n.conflicts")}
    assert now == {"n.participants": 4, "n.words": 14000, "n.conflicts": 0}
    assert found["n.participants.role.nurse"].value == 2
    assert found["n.transcripts.double"].value == 1
