"""A machine finds what is there, admits what is not, and never learns from what it is tested on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from themetrail.contracts import CONTRACTS
from themetrail.machine.evaluate import documents_of, held_out
from themetrail.machine.folds import site_folds, transcript_folds
from themetrail.machine.learning import candidates, learn
from themetrail.machine.material import material
from themetrail.machine.propose import as_coding
from themetrail.machine.stage import TABLES

Maker = Callable[..., Any]


def of_codes(tables: dict[str, pd.DataFrame], scheme: str = "site") -> pd.DataFrame:
    """Rows of single codes of one scheme."""
    table = tables["machine_codes"]
    return table[(table["scheme"] == scheme) & (table["code"] != "")].set_index("code")


@pytest.fixture(scope="module")
def good(plant: Maker) -> dict[str, pd.DataFrame]:
    """Tables of a study whose codes show in its words."""
    return plant().assist()[0]


@pytest.fixture(scope="module")
def random_labels(plant: Maker) -> dict[str, pd.DataFrame]:
    """Tables of a study whose codes were put by chance."""
    return plant(known=False).assist()[0]


def test_a_code_that_shows_in_words_is_usable(good: dict[str, pd.DataFrame]) -> None:
    """A planted vocabulary must be found at sites that were held out."""
    rows = of_codes(good)
    assert (rows["kappa"] > 0.8).all()
    assert set(rows["verdict"]) == {"usable"}
    assert (rows["brier"] < rows["brier_reference"] / 2).all()


def test_a_code_put_by_chance_is_not_automatable(random_labels: dict[str, pd.DataFrame]) -> None:
    """Labels without a pattern must not look learnable, which leakage would make them."""
    rows = of_codes(random_labels)
    assert (rows["kappa"].abs() < 0.25).all()
    assert set(rows["verdict"]) == {"not automatable"}
    assert rows["reason"].str.contains("below 0.4").all()


def test_too_few_marks_are_too_little_evidence(plant: Maker) -> None:
    """Evidence comes before the coefficient: a good kappa of few units is no verdict."""
    asked = {"units": 200, "transcripts": 5, "sites": 2, "usable": 0.6, "weak": 0.4}
    rows = of_codes(plant().assist(verdict=asked)[0])
    assert set(rows["verdict"]) == {"too little evidence"}
    assert rows["reason"].str.contains("fewer than 200").all()


def test_tables_keep_their_contracts(good: dict[str, pd.DataFrame]) -> None:
    """Every table of the stage is declared and complete."""
    assert set(good) == set(TABLES)
    for name, table in good.items():
        assert list(table.columns) == CONTRACTS[name].names


def test_measures_are_those_of_scikit_learn(plant: Maker) -> None:
    """Precision, recall, F1, kappa and Brier score against another implementation."""
    from sklearn import metrics

    study = plant(seed=11)
    found = material(study.tables, study.codebook)
    settings = {"confidence": 0.3, "most_folds": 30, "most_units": 2000}
    result = held_out(found, documents_of(found), settings)["site"]
    rows = of_codes(study.assist()[0])
    for place, code in enumerate(found.codes):
        truth = found.consensus[result.units][:, place]
        marks, p = result.marks[:, place], result.probabilities[:, place]
        row = rows.loc[code]
        assert row["precision"] == pytest.approx(metrics.precision_score(truth, marks))
        assert row["recall"] == pytest.approx(metrics.recall_score(truth, marks))
        assert row["f1"] == pytest.approx(metrics.f1_score(truth, marks))
        assert row["kappa"] == pytest.approx(metrics.cohen_kappa_score(truth, marks))
        assert row["brier"] == pytest.approx(metrics.brier_score_loss(truth, p))


def test_the_same_study_gives_the_same_tables(plant: Maker, good: dict[str, pd.DataFrame]) -> None:
    """A second run must not differ in a single value, whatever the order of the rows."""
    study = plant()
    study.tables = {
        name: table.sample(frac=1, random_state=3).reset_index(drop=True)
        for name, table in study.tables.items()
    }
    again, _ = study.assist()
    for name in TABLES:
        pd.testing.assert_frame_equal(again[name], good[name])


@pytest.mark.parametrize("scheme", ["site", "transcript"])
def test_what_is_held_out_teaches_nothing(plant: Maker, scheme: str) -> None:
    """Other words and other codes there must leave the fold's model as it was, to the last bit."""
    study = plant()
    found = material(study.tables, study.codebook)
    make = site_folds if scheme == "site" else transcript_folds
    fold = make(found.units, found.judged, 30, 2000)[0]
    others = np.setdiff1d(np.arange(len(found.texts)), fold.held)
    texts = list(found.texts)
    for place in fold.held:
        texts[place] = "Zebras quarrel about budget tariffs by the moonlit canal."
    consensus = found.consensus.copy()
    consensus[fold.held] = 1 - consensus[fold.held]
    spoiled_passages = tuple(
        "Zebras by the canal." if unit in set(fold.held.tolist()) else words
        for words, unit in zip(found.passages, found.passage_unit, strict=True)
    )
    spoiled = replace(found, texts=tuple(texts), consensus=consensus, passages=spoiled_passages)
    learned = [
        learn(
            documents_of(one),
            fold.training,
            fold.inner,
            others,
            candidates(["words", "characters"]),
        )
        for one in (found, spoiled)
    ]
    assert learned[0].model == learned[1].model
    assert learned[0].threshold == learned[1].threshold
    np.testing.assert_array_equal(learned[0].probabilities, learned[1].probabilities)


def test_no_fold_holds_what_it_learns_from(plant: Maker) -> None:
    """Sites, and transcripts, must lie on one side of every fold, in groups as well."""
    study = plant(sites=5)
    found = material(study.tables, study.codebook)
    for most in (30, 3):
        outer = site_folds(found.units, found.judged, most, 2000)
        for column, folds in (
            ("site", outer),
            ("transcript_id", transcript_folds(found.units, found.judged, most, 2000, outer)),
        ):
            names = found.units[column].to_numpy(dtype=object)
            held = np.concatenate([fold.held for fold in folds])
            assert sorted(held) == sorted(found.judged)
            for fold in folds:
                assert not set(names[fold.held]) & set(names[fold.training])
                if fold.around >= 0:
                    assert set(fold.held) <= set(outer[fold.around].held)


def test_calibration_sees_no_unit_twice(plant: Maker) -> None:
    """A training unit's own label may not shape the score that calibrates it: chance stays chance.

    If the model had seen the units that calibrate it, labels put by chance would get confident
    probabilities, since the model remembers them.
    """
    table = plant(known=False, seed=5).assist()[0]["machine_calibration"]
    confident = table[(table["scheme"] == "site") & (table["low"] >= 0.5)]
    assert confident["n"].sum() <= 0.05 * table.loc[table["scheme"] == "site", "n"].sum()


def test_below_the_confidence_nothing_is_put(plant: Maker) -> None:
    """Abstention: with more confidence asked, fewer codes are put; what is held back is counted."""
    low, _ = plant(known=False).assist(confidence=0.0)
    high, _ = plant(known=False).assist(confidence=0.99)
    pooled = [
        t["machine_codes"].query("scheme == 'site' and code == ''").iloc[0] for t in (low, high)
    ]
    assert pooled[0]["n_withheld"] == 0
    assert pooled[1]["n_proposed"] < pooled[0]["n_proposed"]
    assert pooled[1]["n_withheld"] == pooled[0]["n_proposed"] - pooled[1]["n_proposed"]


def test_people_stand_beside_the_machine(good: dict[str, pd.DataFrame]) -> None:
    """The machine is a typed coder in one table with the people and their consensus."""
    table = good["machine_agreement"]
    pooled = table[table["code"] == ""]
    kinds = set(zip(pooled["kind_a"], pooled["kind_b"], strict=True))
    assert kinds == {
        ("human", "human"),
        ("human", "consensus"),
        ("human", "machine"),
        ("consensus", "machine"),
    }
    people = pooled[(pooled["kind_a"] == "human") & (pooled["kind_b"] == "human")]
    assert people["kappa"].tolist() == [1.0]
    assert (of_codes(good)["human_kappa"] == 1.0).all()


def test_waiting_transcripts_get_proposals_that_are_right(plant: Maker) -> None:
    """What is proposed for turns that nobody coded follows the planted vocabulary."""
    study = plant(each=5, waiting=1)
    table = study.assist()[0]["machine_proposals"]
    assert set(table["kind"]) == {"machine"}
    assert table["coder"].str.startswith("machine:tfidf-").all()
    coded = set(study.tables["coverage"]["transcript_id"])
    assert not set(table["transcript_id"]) & coded
    right = [
        row["code"] in study.truth[row["transcript_id"], row["unit"]]
        for row in table.to_dict("records")
    ]
    assert np.mean(right) > 0.9
    assert (table["probability"] >= 0.3).all()


def test_only_verdicts_that_the_study_accepts_are_proposed(plant: Maker) -> None:
    """A code that is not automatable is not proposed, however sure the machine is."""
    tables, _ = plant(known=False, each=5, waiting=1).assist(confidence=0.0)
    assert tables["machine_proposals"].empty


def test_a_usable_code_counts_as_coding_and_a_weak_one_does_not(plant: Maker) -> None:
    """Where the configuration admits proposals, only those of usable codes are admitted."""
    study = plant(each=5, waiting=1)
    table = study.assist()[0]["machine_proposals"]
    spans, coverage = as_coding(table, study.tables["units"])
    assert len(spans) == len(table)
    assert set(coverage["transcript_id"]) == set(table["transcript_id"])
    weak = table.assign(verdict="weak")
    spans, coverage = as_coding(weak, study.tables["units"])
    assert spans.empty
    assert coverage.empty


def test_what_comes_next_covers_the_sites(plant: Maker) -> None:
    """A site without any coded transcript comes first, and no coded transcript is listed."""
    study = plant(each=4, waiting=1)
    for name in ("coverage", "spans", "segments"):
        table = study.tables[name]
        study.tables[name] = table[~table["transcript_id"].str.startswith("S2")]
    table = study.assist()[0]["machine_next"]
    transcripts = table[table["kind"] == "transcript"]
    assert transcripts["site"].iloc[0] == "site2"
    assert transcripts["rank"].tolist() == list(range(1, len(transcripts) + 1))
    assert not set(table["transcript_id"]) & set(study.tables["coverage"]["transcript_id"])
    turns = table[table["kind"] == "turn"]
    assert turns.groupby("transcript_id").size().max() <= 2


def test_a_study_that_nobody_has_coded_is_no_failure(plant: Maker) -> None:
    """Nothing coded: no verdict, no proposal, and still a list of what to begin with."""
    study = plant()
    for name in ("coverage", "spans", "segments"):
        study.tables[name] = study.tables[name].head(0)
    tables, problems = study.assist()
    assert not problems
    assert tables["machine_codes"].empty
    assert tables["machine_proposals"].empty
    assert len(tables["machine_next"]) == 10


def test_one_site_is_measured_by_transcripts(plant: Maker) -> None:
    """Without a second site nothing can be said of sites not seen, and nothing is."""
    tables, _ = plant(sites=1, each=8).assist()
    assert set(tables["machine_codes"]["scheme"]) == {"transcript"}
    assert set(of_codes(tables, "transcript")["verdict"]) == {"usable"}


def test_more_units_than_are_learned_from_are_still_scored(plant: Maker) -> None:
    """The bound on what a model learns from bounds the cost, not what is measured."""
    tables, _ = plant(each=6).assist(most_units=60)
    row = tables["machine_codes"].query("scheme == 'site' and code == ''").iloc[0]
    assert row["n_units"] == 3 * 6 * 12
    assert tables["machine_folds"]["n_training"].max() <= 60


def test_the_name_changes_with_what_was_taught(plant: Maker) -> None:
    """Two machines taught differently may not be taken for one."""
    names = {
        str(plant(seed=seed).assist(confidence=c)[0]["machine_codes"]["coder"].iloc[0])
        for seed, c in ((7, 0.3), (8, 0.3), (7, 0.4))
    }
    assert len(names) == 3


def test_embeddings_that_are_not_installed_are_refused(
    plant: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configured model is either used or refused with a way out, never skipped."""
    import sys

    from themetrail.errors import InputError

    monkeypatch.setitem(sys.modules, "sentence_transformers", None)

    study = plant()
    with pytest.raises(InputError, match="nothing is downloaded"):
        study.assist(tmp_path, embeddings="model")
    (tmp_path / "model").mkdir()
    with pytest.raises(InputError, match="sentence-transformers, which is not installed"):
        study.assist(tmp_path, embeddings="model")


def test_a_local_embedding_model_is_used(
    plant: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vectors of a model become further features; it is opened from its folder alone."""
    import sys
    import types

    opened: list[dict[str, Any]] = []

    class Model:
        def __init__(self, path: str, **options: Any) -> None:
            opened.append({"path": path, **options})

        def encode(self, texts: list[str], **_: Any) -> np.ndarray:
            cues = ("budget", "tariff", "saving", "years", "winter", "patience")
            return np.array([[float(cue in text) for cue in cues] for text in texts])

    library = types.ModuleType("sentence_transformers")
    library.SentenceTransformer = Model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)
    (tmp_path / "model").mkdir()
    tables, _ = plant().assist(tmp_path, embeddings="model")
    assert opened == [{"path": str(tmp_path / "model"), "device": "cpu", "local_files_only": True}]
    assert tables["machine_codes"]["coder"].str.startswith("machine:embeddings-").all()
    assert (of_codes(tables)["kappa"] > 0.9).all()
