"""A family of facts: an id with places to fill, its meaning, and how its value is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from themetrail.report.vocabulary import Vocabulary

if TYPE_CHECKING:
    from themetrail.report.evidence import Evidence

Value = int | float | str | list[str] | None
At = Mapping[str, str]


@dataclass(frozen=True)
class Cell:
    """What a family finds at one place.

    Attributes
    ----------
    value : the number or text at full precision; None where there is none, then with a reason.
    of : what a count is out of.
    high : the upper end, where ``value`` is the lower end of a range or an interval.
    row : which row (or rows) of the source table, as column -> value.
    reason : why there is no value, or why it is not shown, in words.
    form : replaces the family's form.
    text : replaces what the form would print.
    """

    value: Value
    of: int | None = None
    high: float | None = None
    row: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    form: str | None = None
    text: str = ""


Find = Callable[["Evidence", At], Cell]


@dataclass(frozen=True)
class Family:
    """Facts of one kind.

    Attributes
    ----------
    pattern : the id, with ``{axis}`` where a name goes.
    definition : one sentence; ``{axis}`` becomes the label.
    unit : what is counted or measured.
    form : how the value is printed, a key of ``themetrail.report.forms.FORMS``.
    table : the source table, a contract's name, or ``config``.
    rule : how the value comes from the source.
    find : the function that does it.
    agreement : whether it speaks of agreement, of which a reflexive study has none.
    """

    pattern: str
    definition: str
    unit: str
    form: str
    table: str
    rule: str
    find: Find
    agreement: bool = False

    @property
    def shown(self) -> str:
        """The pattern as documentation shows it."""
        return self.pattern.replace("{", "<").replace("}", ">")


#: short name in ids -> statistic name in the coefficients table ("" is the configured headline)
COEFFICIENTS: dict[str, str] = {
    "agreement": "",
    "alpha": "krippendorff_alpha_nominal",
    "kappa": "cohen_kappa",
    "ac1": "gwet_ac1",
    "fleiss": "fleiss_kappa",
    "conger": "conger_kappa",
    "scott": "scott_pi",
    "brennan_prediger": "brennan_prediger",
    "percent_agreement": "percent_agreement",
    "positive_agreement": "positive_agreement",
    "negative_agreement": "negative_agreement",
}
COEFFICIENT_LABELS: dict[str, str] = {
    "krippendorff_alpha_nominal": "Krippendorff’s α",
    "cohen_kappa": "Cohen’s κ",
    "gwet_ac1": "Gwet’s AC1",
    "fleiss_kappa": "Fleiss’ κ",
    "conger_kappa": "Conger’s κ",
    "scott_pi": "Scott’s π",
    "brennan_prediger": "the Brennan-Prediger coefficient",
    "percent_agreement": "percent agreement",
    "positive_agreement": "positive agreement",
    "negative_agreement": "negative agreement",
}
LEVELS: dict[str, str] = {
    "span": "overlapping spans",
    "turn": "turns",
    "participant": "participants",
}


def coefficient_label(name: str) -> str:
    """A statistic as the text names it.

    >>> coefficient_label("cohen_kappa")
    'Cohen’s κ'
    """
    return COEFFICIENT_LABELS.get(name, name.replace("_", " "))


Place = tuple[dict[str, str], dict[str, str]]


def _one(axis: str, names: Mapping[str, str]) -> list[Place]:
    return [({axis: name}, {axis: label}) for name, label in names.items()]


def _grouped(words: Vocabulary, attributes: Sequence[str], axis: str) -> list[Place]:
    return [
        ({axis: name, "value": value}, {axis: name.replace("_", " "), "value": label})
        for name in attributes
        for value, label in words.attributes.get(name, {}).items()
    ]


def _groups(words: Vocabulary) -> list[Place]:
    sites: list[Place] = [
        ({"group": "site", "value": site}, {"group": "site", "value": label})
        for site, label in words.sites.items()
    ]
    return sites + _grouped(words, words.groups, "group")


def _coefficients(words: Vocabulary) -> list[Place]:
    del words
    labels = {
        name: coefficient_label(statistic) if statistic else "the headline coefficient"
        for name, statistic in COEFFICIENTS.items()
    }
    return _one("coefficient", labels)


def _pairs(words: Vocabulary) -> list[Place]:
    return [({"a": a, "b": b}, {"a": a, "b": b}) for a, b in combinations(words.coders, 2)]


#: axis -> every place on it; ``value`` belongs to ``attribute`` or ``group``, ``b`` to ``a``
AXES: dict[str, Callable[[Vocabulary], list[Place]]] = {
    "site": lambda words: _one("site", words.sites),
    "coder": lambda words: _one("coder", {name: name for name in words.coders}),
    "code": lambda words: _one("code", words.codes),
    "theme": lambda words: _one("theme", words.themes),
    "attribute": lambda words: _grouped(words, list(words.attributes), "attribute"),
    "group": _groups,
    "coefficient": _coefficients,
    "a": _pairs,
    "level": lambda words: _one("level", LEVELS),
}


def places(family: Family, words: Vocabulary) -> Iterator[Place]:
    """Every way to fill a family's pattern: names for the id, and labels for the definition."""
    axes = [axis for axis in AXES if f"{{{axis}}}" in family.pattern]
    filled: list[Place] = [({}, {})]
    for axis in axes:
        filled = [
            ({**at, **more}, {**labels, **named})
            for at, labels in filled
            for more, named in AXES[axis](words)
        ]
    yield from filled
