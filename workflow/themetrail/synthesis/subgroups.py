"""Do groups of people speak to a theme or code differently? Described always, tested when asked.

The unit of a comparison is the person: segments of one person are not independent, and a
chi-square test on segments finds a difference in a third of studies where there is none. Whether
people speak to something at all is compared by Fisher's exact test, how often they do by a GEE
over their units with the person as cluster, bias-reduced standard errors and a t distribution
(Mancl & DeRouen 2001, Biometrics 57:126); p values are adjusted by Benjamini & Hochberg (1995)
within an attribute. A purposive sample supports no inference to a population; what is too thin
to test says so.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from themetrail.consensus.overlap import touching
from themetrail.contracts import SUBGROUPS
from themetrail.synthesis.base import NOT_STATED, Base
from themetrail.tables import frame

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

LEAST_PEOPLE = 5
LEAST_SITES = 10
NAN = float("nan")


@dataclass(frozen=True)
class Asked:
    """What is asked of the comparisons: whether tests at all, and of which kind of analysis."""

    tests: bool
    approach: str
    confidence: float = 0.95


@dataclass
class _Comparison:
    """One theme or code, one group and the other people whose group is stated."""

    kind: str
    code: str
    attribute: str
    group: str
    n: int
    of: int
    n_rest: int
    of_rest: int
    not_tested: str = ""
    more: dict[str, float] = field(default_factory=dict)

    @property
    def difference(self) -> float:
        """Share in the group less share among the others; NaN where one of them is empty."""
        if not self.of or not self.of_rest:
            return NAN
        return self.n / self.of - self.n_rest / self.of_rest


_TESTED = (
    "ci_low",
    "ci_high",
    "p",
    "p_adjusted",
    "odds_ratio",
    "odds_low",
    "odds_high",
    "p_rate",
    "p_rate_adjusted",
)


def subgroups_table(
    base: Base, units: pd.DataFrame, attributes: Iterable[str], asked: Asked
) -> pd.DataFrame:
    """Contract ``subgroups``: every theme and code, each group against everybody else.

    Of two groups only the second in alphabetical order is a row, since the other says the same.

    Parameters
    ----------
    units : contract ``units``, of all sites.
    attributes : columns of the participants' table; those that it lacks give no rows. The site
        always is one.
    """
    import pandas as pd

    people = base.people.set_index("participant_id")
    voices = {
        kind: pd.crosstab(rows["participant_id"], rows[kind])
        .gt(0)
        .reindex(people.index, fill_value=False)
        for kind, rows in (("theme", base.bearing), ("code", base.segments))
    }
    said = _Units(base, units)
    done: list[_Comparison] = []
    for attribute in dict.fromkeys(("site", *attributes)):
        if attribute not in people:
            continue
        stated = people.loc[people[attribute] != NOT_STATED, attribute]
        for kind in ("theme", "code"):
            family = _family(base, kind, attribute, stated, voices[kind])
            for row in family:
                row.not_tested = _reason(row, base, asked)
                if not row.not_tested:
                    row.more = _tested(row, asked) | said.rates(row, stated, asked)
            _adjust(family)
            done += family
    return frame((_row(comparison) for comparison in done), SUBGROUPS)


def _family(
    base: Base, kind: str, attribute: str, stated: pd.Series[str], voices: pd.DataFrame
) -> list[_Comparison]:
    """All comparisons by one attribute."""
    groups = sorted(set(stated))
    names = [t.id for t in base.themes] if kind == "theme" else list(base.codes)
    rows = []
    for name in names:
        speaks = stated.index.isin(voices.index[voices[name]] if name in voices else [])
        for group in groups[1:] if len(groups) == 2 else groups:
            inside = (stated == group).to_numpy()
            n, of = int((speaks & inside).sum()), int(inside.sum())
            rest = int(speaks.sum()) - n, len(stated) - of
            rows.append(_Comparison(kind, name, attribute, group, n, of, *rest))
    return rows


def _reason(row: _Comparison, base: Base, asked: Asked) -> str:
    """Why a comparison is not tested; empty where it is."""
    n, of = row.n + row.n_rest, row.of + row.of_rest
    sites = base.interviews["site"].nunique()
    smallest = min(row.of, row.of_rest)
    reasons = (
        (not asked.tests, "not asked for"),
        (asked.approach == "reflexive", "tests do not belong to a reflexive analysis"),
        (
            row.attribute == "site" and sites < LEAST_SITES,
            f"a comparison of sites needs at least {LEAST_SITES} of them; there are {sites}",
        ),
        (smallest < LEAST_PEOPLE, f"people in the smaller group: {smallest}"),
        (n < LEAST_PEOPLE, f"people who speak to it: {n} of {of}"),
        (of - n < LEAST_PEOPLE, f"people who do not speak to it: {of - n} of {of}"),
        (smallest * min(n, of - n) < of, "an expected count is below 1"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _tested(row: _Comparison, asked: Asked) -> dict[str, float]:
    """Fisher's exact test and the interval of Newcombe (1998), Statistics in Medicine 17:873."""
    import numpy as np
    from scipy.stats import fisher_exact
    from statsmodels.stats.proportion import confint_proportions_2indep

    table = np.array([[row.n, row.of - row.n], [row.n_rest, row.of_rest - row.n_rest]])
    low, high = confint_proportions_2indep(
        row.n, row.of, row.n_rest, row.of_rest, method="newcomb", alpha=1 - asked.confidence
    )
    p = fisher_exact(table).pvalue
    return {"ci_low": float(low), "ci_high": float(high), "p": float(p)}


class _Units:
    """The units of the people counted, and which of them bear on what."""

    def __init__(self, base: Base, units: pd.DataFrame) -> None:
        people = set(base.people["participant_id"])
        coded = units["transcript_id"].isin(set(base.interviews["transcript_id"]))
        self._units = units[coded & units["participant_id"].isin(people)].reset_index(drop=True)
        self._rows = {"theme": base.bearing, "code": base.segments}

    @cached_property
    def _pairs(self) -> dict[str, tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Which rows bear on which units: looked for only where something is tested."""
        return {kind: touching(rows, self._units) for kind, rows in self._rows.items()}

    def _outcome(self, kind: str, name: str) -> NDArray[np.float64]:
        """Whether each unit bears on a theme or code."""
        import numpy as np

        left, right = self._pairs[kind]
        hit = right[(self._rows[kind][kind] == name).to_numpy()[left]]
        found = np.zeros(len(self._units))
        found[hit] = 1.0
        return found

    def rates(self, row: _Comparison, stated: pd.Series[str], asked: Asked) -> dict[str, float]:
        """Odds ratio of a unit bearing on it, in the group against the others.

        Nothing where all or no units of a side bear on it, or where the fit does not settle.
        """
        import numpy as np
        from scipy.stats import t as student
        from statsmodels.genmod.cov_struct import Exchangeable
        from statsmodels.genmod.families import Binomial
        from statsmodels.genmod.generalized_estimating_equations import GEE

        person = self._units["participant_id"]
        used = person.isin(set(stated.index)).to_numpy()
        group = (person.map(stated) == row.group).to_numpy(dtype=float)[used]
        design = np.column_stack([np.ones(int(used.sum())), group])
        outcome = self._outcome(row.kind, row.code)[used]
        shares = [outcome[group == side].mean() for side in (0.0, 1.0)]
        if min(shares) == 0 or max(shares) == 1:
            # The odds ratio is nought or infinite, and its standard error says nothing.
            return {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = GEE(
                outcome,
                design,
                groups=person[used].to_numpy(),
                family=Binomial(),
                cov_struct=Exchangeable(),
            )
            fit = model.fit(cov_type="bias_reduced")
        beta, se = float(fit.params[1]), float(fit.bse[1])
        if not fit.converged or not np.isfinite(beta) or not se > 0:
            return {}
        freedom = len(stated) - 2
        reach = float(student.ppf((1 + asked.confidence) / 2, freedom)) * se
        return {
            "odds_ratio": float(np.exp(beta)),
            "odds_low": float(np.exp(beta - reach)),
            "odds_high": float(np.exp(beta + reach)),
            "p_rate": float(2 * student.sf(abs(beta / se), freedom)),
        }


def _adjust(family: list[_Comparison]) -> None:
    """Benjamini-Hochberg over what was tested."""
    if not any(row.more for row in family):
        return
    from statsmodels.stats.multitest import multipletests

    for name in ("p", "p_rate"):
        tested = [row for row in family if name in row.more]
        if tested:
            adjusted = multipletests([row.more[name] for row in tested], method="fdr_bh")[1]
            for row, p in zip(tested, adjusted, strict=True):
                row.more[f"{name}_adjusted"] = float(p)


def _row(comparison: _Comparison) -> Mapping[str, Any]:
    """A row of the table."""
    names = [name for name in SUBGROUPS.names if name not in _TESTED]
    found = {name: getattr(comparison, name) for name in names}
    return found | {name: comparison.more.get(name, NAN) for name in _TESTED}
