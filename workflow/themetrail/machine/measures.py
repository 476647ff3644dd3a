"""The machine beside the coders: agreement of everybody with everybody, code by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from themetrail.machine.evaluate import Marks, counted
from themetrail.machine.material import MISSING, Material
from themetrail.machine.verdicts import verdict
from themetrail.reliability import agreement_by_code

if TYPE_CHECKING:
    import pandas as pd

CONSENSUS = "consensus"
ALL = ""
#: of many coders those who judged most are set side by side
MOST_CODERS = 20


@dataclass(frozen=True)
class Judged:
    """A machine's marks on all units of a study: -1 where it has none.

    Attributes
    ----------
    coder : the machine's name.
    scheme : site, transcript (what was held out), or external.
    marks : units × codes.
    withheld : units × codes, 1 where it abstained; None for a machine that never does.
    probabilities : units × codes, NaN where there is none; None for a machine that says none.
    """

    coder: str
    scheme: str
    marks: Marks
    withheld: Marks | None = None
    probabilities: Any = None


def spread(
    found: Material, coder: str, scheme: str, units: Any, marks: Marks, withheld: Marks, p: Any
) -> Judged:
    """Marks of some units as marks of all, missing elsewhere."""
    shape = found.consensus.shape
    wide = np.full(shape, MISSING, dtype=np.int8)
    wide[units] = marks
    kept = np.zeros(shape, dtype=np.int8)
    kept[units] = withheld
    probabilities = np.full(shape, np.nan)
    probabilities[units] = p
    return Judged(coder, scheme, wide, kept, probabilities)


def agreement_rows(
    found: Material, machines: Sequence[Judged], reliability: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Rows of the contract ``machine_agreement``: Cohen's kappa of every pair.

    Pairs are of two coders, of a coder and a machine, and of the consensus with each; on every
    code, and on all codes pooled. Intervals resample transcripts.
    """
    return _rows(found, _most_active(found), machines, reliability)


def against_consensus(
    found: Material,
    machine: Judged,
    beside: Sequence[dict[str, Any]],
    reliability: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """A machine's kappa with the consensus, and the coders' of ``beside``."""
    human = [row for row in beside if "machine" not in (row["kind_a"], row["kind_b"])]
    own = _rows(found, [], [machine], reliability)
    return [*human, *own]


def _rows(
    found: Material,
    people: Sequence[str],
    machines: Sequence[Judged],
    reliability: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Every pair of people, consensus and machines."""
    kinds = dict.fromkeys(people, "human") | {CONSENSUS: "consensus"}
    kinds |= {machine.coder: "machine" for machine in machines}
    columns = [found.human[:, found.coders.index(name)] for name in people]
    columns += [found.consensus, *(machine.marks for machine in machines)]
    ratings = np.stack(columns, axis=1)[found.judged]
    clusters = found.units["transcript_id"].to_numpy(dtype=object)[found.judged]
    rows = []
    for code, table in _pairs(ratings, clusters, found.codes, list(kinds), reliability):
        first, second = table["coders"].split(";")
        rows.append(
            {
                "code": code,
                "coder_a": first,
                "kind_a": kinds[first],
                "coder_b": second,
                "kind_b": kinds[second],
                "kappa": table["estimate"],
                "ci_low": table["ci_low"],
                "ci_high": table["ci_high"],
                "n_units": int(table["n_units"]),
            }
        )
    return rows


def _most_active(found: Material) -> list[str]:
    judged = (found.human[:, :, 0] != MISSING).sum(axis=0) if found.codes else np.zeros(0)
    order = sorted(range(len(found.coders)), key=lambda at: (-int(judged[at]), found.coders[at]))
    return sorted(found.coders[at] for at in order[:MOST_CODERS])


def _pairs(
    ratings: Marks,
    clusters: Any,
    codes: Sequence[str],
    names: Sequence[str],
    reliability: Mapping[str, Any],
) -> list[tuple[str, dict[str, Any]]]:
    """Code and row of every pair's kappa, all codes pooled first."""
    if not len(ratings) or len(names) < 2:
        return []
    pooled = ratings.transpose(0, 2, 1).reshape(-1, ratings.shape[1], 1)
    replicates = int(reliability["replicates"])
    found = []
    for array, labels, cluster in (
        (pooled, [ALL], np.repeat(clusters, len(codes))),
        (ratings, list(codes), clusters),
    ):
        table = agreement_by_code(
            np.ascontiguousarray(array),
            # Without replicates there are no intervals, and clusters have no part in it.
            cluster=cluster if replicates else None,
            codes=labels,
            coders=list(names),
            statistics=(),
            replicates=replicates,
            seed=int(reliability["seed"]),
            confidence=float(reliability["confidence"]),
        )
        kept = table[table["coefficient"] == "cohen_kappa"]
        found += [
            (str(row["code"]), {str(key): value for key, value in row.items()})
            for row in kept.to_dict("records")
        ]
    return found


def code_rows(
    found: Material,
    machine: Judged,
    agreement: pd.DataFrame,
    settings: Mapping[str, Any] | None,
) -> list[dict[str, Any]]:
    """Rows of the contract ``machine_codes``: one a code, and one for all codes pooled.

    With no settings there are no verdicts.
    """
    own = agreement[(agreement["coder_a"] == CONSENSUS) & (agreement["coder_b"] == machine.coder)]
    kappas = {row["code"]: row for row in own.to_dict("records")}
    ceilings = _ceilings(agreement)
    rows = []
    for code in (ALL, *found.codes):
        row = _measured(found, machine, code)
        kappa = kappas.get(code, {})
        row |= {
            "kappa": kappa.get("kappa", np.nan),
            "ci_low": kappa.get("ci_low", np.nan),
            "ci_high": kappa.get("ci_high", np.nan),
            **ceilings.get(code, {"human_kappa": np.nan, "human_consensus_kappa": np.nan}),
        }
        word, reason = "", ""
        if code and settings is not None:
            word, reason = verdict(row, settings["verdict"])
        rows.append(row | {"verdict": word, "reason": reason})
    return rows


def _measured(found: Material, machine: Judged, code: str) -> dict[str, Any]:
    """Counts, F1 and Brier score of one code, or of all."""
    columns = slice(None) if not code else [found.codes.index(code)]
    seen = np.flatnonzero((found.consensus[:, :1] != MISSING).all(axis=1))
    seen = seen[(machine.marks[seen, :1] != MISSING).all(axis=1)]
    labels, marks = found.consensus[seen][:, columns], machine.marks[seen][:, columns]
    with_code = found.units.iloc[seen[(labels == 1).any(axis=1)]]
    row = {
        "coder": machine.coder,
        "scheme": machine.scheme,
        "code": code,
        **counted(labels, marks),
        "n_transcripts": int(with_code["transcript_id"].nunique()),
        "n_sites": int(with_code["site"].nunique()),
        "n_withheld": 0,
        "brier": np.nan,
        "brier_reference": np.nan,
    }
    if machine.withheld is not None:
        row["n_withheld"] = int(machine.withheld[seen][:, columns].sum())
    if machine.probabilities is not None and labels.size:
        probabilities = machine.probabilities[seen][:, columns]
        row["brier"] = float(((probabilities - labels) ** 2).mean())
        # What saying the code's own share of every unit would have scored.
        row["brier_reference"] = float(((labels.mean(axis=0) - labels) ** 2).mean())
    return row


def _ceilings(agreement: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Code to the mean kappa between coders, and that of coders with the consensus."""
    found: dict[str, dict[str, float]] = {}
    for code, part in agreement.groupby("code", sort=False):
        human = part[(part["kind_a"] == "human") & (part["kind_b"] == "human")]
        against = part[(part["kind_a"] == "human") & (part["kind_b"] == "consensus")]
        found[str(code)] = {
            "human_kappa": float(human["kappa"].mean()),
            "human_consensus_kappa": float(against["kappa"].mean()),
        }
    return found


def theme_rows(
    found: Material, machine: Judged, themes: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """Rows of the contract ``machine_themes``: who would be said to speak to a theme."""
    rows = []
    for theme, codes in themes.items():
        columns = [found.codes.index(code) for code in codes if code in found.codes]
        seen = np.flatnonzero((machine.marks[:, :1] != MISSING).all(axis=1))
        people = found.units["participant_id"].to_numpy(dtype=object)
        said = (found.consensus[seen][:, columns] == 1).any(axis=1)
        put = (machine.marks[seen][:, columns] == 1).any(axis=1)
        by_people, by_machine = set(people[seen[said]]), set(people[seen[put]])
        rows.append(
            {
                "coder": machine.coder,
                "scheme": machine.scheme,
                "theme": theme,
                "n_people": len(by_people),
                "n_people_machine": len(by_machine),
                "n_both": len(by_people & by_machine),
                "of_people": len(set(people[seen])),
            }
        )
    return rows
