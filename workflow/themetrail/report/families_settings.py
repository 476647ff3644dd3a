"""Facts on the study's settings and versions, for the methods text."""

from __future__ import annotations

from themetrail.report.evidence import Evidence
from themetrail.report.family import At, Cell, Find, coefficient_label
from themetrail.report.numbers import percent
from themetrail.report.scales import SCALE_NAMES

APPROACHES = {
    "coding_reliability": "coding reliability thematic analysis",
    "codebook": "codebook thematic analysis",
    "reflexive": "reflexive thematic analysis",
}
UNITS = {"turn": "turns", "sentence": "sentences", "document": "documents"}
RULES = {
    "majority": "a code stands where the majority of those who judged the passage marked it",
    "any": "a code stands where anybody marked it",
    "all": "a code stands where everybody who judged the passage marked it",
}
EXTENTS = {
    "union": "all that any coder marked",
    "intersection": "what all coders marked",
    "longest": "the longest stretch that coders agreed on",
}


def _setting(path: str, words: dict[str, str] | None = None) -> Find:
    """A setting, as words where its values have some."""

    def find(evidence: Evidence, at: At) -> Cell:
        del at
        value = evidence.setting(path)
        key = {"key": path}
        return Cell(value if words is None else words.get(str(value), str(value)), row=key)

    return find


def _headline(evidence: Evidence, at: At) -> Cell:
    del at
    return Cell(coefficient_label(evidence.headline), row={"key": "reliability.headline"})


def _quantifiers(evidence: Evidence, at: At) -> Cell:
    del at
    pairs = evidence.setting("synthesis.quantifiers")
    said = []
    for bound, word in pairs:
        lower = {0: "nobody", 1: "everybody"}.get(bound)
        lower = lower or ("more" if bound < 0.01 else f"from {percent(float(bound))}")
        said.append(f"“{word}” ({lower})")
    return Cell(said, row={"key": "synthesis.quantifiers"})


def _codebook(evidence: Evidence, at: At) -> Cell:
    del at
    return Cell(evidence.study.codebook.version)


def _version(evidence: Evidence, at: At) -> Cell:
    del evidence, at
    import themetrail

    return Cell(themetrail.__version__)


SETTINGS: dict[str, Find] = {
    "setting.approach": _setting("analysis.approach", APPROACHES),
    "setting.unit": _setting("analysis.unit"),
    "setting.units": _setting("analysis.unit", UNITS),
    "setting.headline": _headline,
    "setting.replicates": _setting("reliability.replicates"),
    "setting.confidence": _setting("reliability.confidence"),
    "setting.threshold": _setting("reliability.threshold"),
    "setting.machine.confidence": _setting("machine.confidence"),
    "setting.scale": _setting("reliability.scale", SCALE_NAMES),
    "setting.seed.reliability": _setting("reliability.seed"),
    "setting.seed.synthesis": _setting("synthesis.seed"),
    "setting.rule": _setting("consensus.rule", RULES),
    "setting.extent": _setting("consensus.extent", EXTENTS),
    "setting.permutations": _setting("synthesis.permutations"),
    "setting.reorderings": _setting("synthesis.saturation.reorderings"),
    "setting.saturation.base": _setting("synthesis.saturation.base"),
    "setting.saturation.run": _setting("synthesis.saturation.run"),
    "setting.saturation.threshold": _setting("synthesis.saturation.threshold"),
    "setting.quotes.per_theme": _setting("synthesis.quotes.per_theme"),
    "setting.quotes.per_person": _setting("synthesis.quotes.per_person"),
    "setting.quotes.min_words": _setting("synthesis.quotes.min_words"),
    "setting.quotes.max_words": _setting("synthesis.quotes.max_words"),
    "setting.quantifiers": _quantifiers,
    "setting.min_cell": _setting("report.min_cell"),
    "version.codebook": _codebook,
    "version.themetrail": _version,
}
