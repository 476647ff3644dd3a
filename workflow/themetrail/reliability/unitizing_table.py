"""Agreement on spans: every unitising measure of the package in one table."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from themetrail.errors import InputError, NotEstimableError, did_you_mean
from themetrail.reliability import unitizing_boundaries as edges
from themetrail.reliability import unitizing_u_alpha as family
from themetrail.reliability.gamma import Settings, gamma
from themetrail.reliability.gamma_dissimilarity import Weights
from themetrail.reliability.unitizing_alpha import alpha_u, alpha_u_of_code
from themetrail.reliability.unitizing_characters import character_coefficients, patterns
from themetrail.reliability.unitizing_input import Continuum, continuum
from themetrail.reliability.unitizing_reasons import Reason

if TYPE_CHECKING:
    import pandas as pd

RESULT = (
    "coefficient",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "method",
    "n_units",
    "n_coders",
    "note",
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One call: the text and what the measures depend on."""

    text: Continuum
    gamma: Settings
    confidence: float
    transposition: int

    def __post_init__(self) -> None:
        if not isinstance(self.confidence, float) or not 0 < self.confidence < 1:
            message = f"The confidence is {self.confidence!r}; expected a number between 0 and 1."
            raise InputError(message)
        if type(self.transposition) is not int or self.transposition < 1:
            message = (
                f"The transposition is {self.transposition!r}; expected a whole number from 1."
            )
            raise InputError(message)

    @functools.cached_property
    def coincidences(self) -> family.Coincidences:
        """What the u-alpha family is made of, counted once."""
        return family.coincidences(self.text)


def _row(
    name: str, text: Continuum, estimate: Callable[[], float], n_units: int | None = None
) -> Row:
    """One line of the result; NaN with the reason where the measure has no value."""
    value, note = math.nan, ""
    try:
        value = estimate()
    except NotEstimableError as reason:
        note = str(reason)
    return _line(name, text, value, note, text.n_spans if n_units is None else n_units)


def _line(name: str, text: Continuum, value: float, note: str, n_units: int) -> Row:
    """A line without interval."""
    blank = {"se": math.nan, "ci_low": math.nan, "ci_high": math.nan, "method": ""}
    size = {"n_units": n_units, "n_coders": text.n_coders}
    return {"coefficient": name, "estimate": value, **blank, **size, "note": note}


def _whole(name: str, measure: Callable[[Request], float]) -> Callable[[Request], list[Row]]:
    """A measure of all codes together, counted in spans."""
    return lambda request: [_row(name, request.text, lambda: measure(request))]


def _by_code(name: str, measure: Callable[[Request, int], float]) -> Callable[[Request], list[Row]]:
    """A measure of each code, counted in its spans; lines are called ``name.code``."""

    def rows(request: Request) -> list[Row]:
        text = request.text
        spans = [int((text.code == k).sum()) for k in range(len(text.codes))]
        return [
            _row(f"{name}.{code}", text, functools.partial(measure, request, k), spans[k])
            for k, code in enumerate(text.codes)
        ]

    return rows


def _gamma(request: Request) -> list[Row]:
    """Gamma with its Monte-Carlo interval, and the two disorders that it is made of."""
    text, names = request.text, ("gamma", "gamma.observed_disorder", "gamma.expected_disorder")
    try:
        found = gamma(text, request.gamma)
    except NotEstimableError as reason:
        return [_line(name, text, math.nan, str(reason), text.n_spans) for name in names]
    low, high = found.interval(request.confidence)
    method = request.gamma.describe(len(found.chance))
    values = (found.value, found.observed, found.expected)
    rows = [_line(n, text, v, "", text.n_spans) for n, v in zip(names, values, strict=True)]
    rows[0] |= {"se": found.error, "ci_low": low, "ci_high": high}
    rows[2] |= {"se": found.expected_error}
    for row in rows:
        row["method"] = method
    rows[0]["note"] = str(Reason.CHANCE_ONLY)
    if not len(found.chance):
        rows[2]["note"] = str(Reason.NOT_NEEDED)
    return rows


def _characters(request: Request) -> list[Row]:
    """Agreement character by character: any code at all, then each code."""
    text = request.text
    parts = [("char_level_any_code", text)]
    parts += [(f"char_level.{name}", text.of_code(k)) for k, name in enumerate(text.codes)]
    return [row for name, part in parts for row in _character_rows(name, part)]


def _character_rows(name: str, part: Continuum) -> list[Row]:
    """The coefficients of one code."""
    try:
        values = character_coefficients(*patterns(part))
    except NotEstimableError as reason:
        return [_line(f"{name}.percent_agreement", part, math.nan, str(reason), part.length)]
    rows = [_line(f"{name}.{key}", part, value, "", part.length) for key, value in values.items()]
    for row in rows:
        row["method"] = "each character a unit"
        if math.isnan(row["estimate"]):
            row["note"] = str(Reason.NO_VARIATION if part.n_spans else Reason.NO_SPANS)
    return rows


def _boundaries(name: str, measure: Callable[[Request], float]) -> Callable[[Request], list[Row]]:
    """A measure of boundaries, counted in boundaries."""

    def rows(request: Request) -> list[Row]:
        count = sum(map(len, edges.boundaries(request.text)))
        row = _row(name, request.text, lambda: measure(request), count)
        if name == "boundary_similarity":
            row["method"] = f"transposition {request.transposition}"
        return [row]

    return rows


STATISTICS: dict[str, Callable[[Request], list[Row]]] = {
    "alpha_U_1995": _whole("alpha_U_1995", lambda r: alpha_u(r.text)),
    "alpha_U_1995_by_code": _by_code(
        "alpha_U_1995_by_code", lambda r, k: alpha_u_of_code(r.text, k)
    ),
    "u_alpha_2016": _whole("u_alpha_2016", lambda r: family.u_alpha(r.coincidences)),
    "u_alpha_2016_relevance_only": _whole(
        "u_alpha_2016_relevance_only", lambda r: family.u_alpha_relevance(r.coincidences)
    ),
    "cu_alpha_2016": _whole("cu_alpha_2016", lambda r: family.cu_alpha(r.coincidences)),
    "ku_alpha_2016_by_code": _by_code(
        "ku_alpha_2016_by_code", lambda r, k: family.ku_alpha(r.coincidences, k)
    ),
    "gamma": _gamma,
    "char_level": _characters,
    "boundary_similarity": _boundaries(
        "boundary_similarity", lambda r: edges.boundary_similarity(r.text, r.transposition)
    ),
    "window_diff": _boundaries("window_diff", lambda r: edges.window_diff(r.text)),
    "pk": _boundaries("pk", lambda r: edges.pk(r.text)),
}


def unitizing(
    spans: pd.DataFrame | Iterable[Sequence[Any]],
    length: int,
    statistics: str | Iterable[str] | None = None,
    *,
    coders: Iterable[str] | None = None,
    codes: Iterable[str] | None = None,
    alpha: float = 1.0,
    beta: float = 1.0,
    delta_empty: float = 1.0,
    samples: int = 30,
    precision: float | None = None,
    sampler: str = "statistical",
    seed: int = 0,
    threads: int = 1,
    confidence: float = 0.95,
    transposition: int = 2,
) -> pd.DataFrame:
    """Agreement of several coders' spans on one text.

    Parameters
    ----------
    spans : table with the columns ``coder, start, end, code``; positions in code points,
        half-open [start, end).
    length : code points of the text.
    statistics : names out of ``STATISTICS``; all of them without it.
    coders : all who judged the text. Name those who marked nothing: an unnamed coder without
        spans is missing, not in agreement that there is nothing.
    codes : the codebook, where codes that nobody used are to have lines too.
    alpha, beta, delta_empty : weights of gamma's dissimilarity (``gamma_dissimilarity.Weights``).
    samples, precision, sampler, seed, threads : of gamma's expected disorder (``gamma.Settings``).
    confidence : of gamma's interval, which covers the sampling of chance alone, not coders or
        texts.
    transposition : span of a near miss of boundary similarity, in characters.

    Returns
    -------
    DataFrame with the columns ``coefficient, estimate, se, ci_low, ci_high, method, n_units,
    n_coders, note``. ``n_units`` counts spans, characters (``char_level``) or boundaries. What
    has no value is NaN and ``note`` says why: ``one_coder``, ``no_spans``, ``no_variation``
    (0/0), ``overlapping_spans``, ``overlapping_spans_of_one_code``, ``nothing_shared``,
    ``no_boundaries``, ``text_shorter_than_window``, ``no_expected_disorder``,
    ``too_many_candidate_alignments``, ``alignment_not_proved_best``.

    Raises
    ------
    InputError
        A position, length, name or setting cannot be right; the text says what to mend.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("ann", 2, 10, "A"), ("ann", 14, 20, "A"), ("ben", 4, 8, "A"), ("ben", 15, 17, "A")]
    >>> spans = pd.DataFrame(rows, columns=["coder", "start", "end", "code"])
    >>> table = unitizing(spans, 24, ["alpha_U_1995", "u_alpha_2016"])
    >>> table[["coefficient", "estimate"]].round(4).values.tolist()
    [['alpha_U_1995', 0.5153], ['u_alpha_2016', 0.3583]]
    """
    import pandas as pd

    wanted = _wanted(statistics)
    weights = Weights(alpha, beta, delta_empty)
    settings = Settings(weights, samples, precision, sampler, seed, threads)
    text = continuum(spans, length, coders, codes)
    request = Request(text, settings, confidence, transposition)
    rows = [row for name in wanted for row in STATISTICS[name](request)]
    return pd.DataFrame(rows, columns=list(RESULT))


def _wanted(statistics: str | Iterable[str] | None) -> list[str]:
    """Names of statistics, checked."""
    if statistics is None:
        return list(STATISTICS)
    names = [statistics] if isinstance(statistics, str) else list(statistics)
    for name in names:
        if name not in STATISTICS:
            message = f"No statistic {name!r} for spans. {did_you_mean(str(name), STATISTICS)}"
            raise InputError(message)
    return names
