"""Who speaks to each theme and code: people and sites, never segments alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from themetrail.config import Theme
from themetrail.contracts import FRAMEWORKS, REACH, THEMES
from themetrail.synthesis.base import Base, bearing_codes
from themetrail.tables import frame

if TYPE_CHECKING:
    import pandas as pd

EVERYBODY = "all"


def quantifier(n: int, of: int, words: Iterable[Sequence[Any]]) -> str:
    """The word for ``n`` of ``of``: the last whose lower bound the share reaches.

    Empty where there is nobody to count.

    >>> words = [[0, "none"], [0.000001, "a few"], [0.5, "most"], [1, "all"]]
    >>> [quantifier(n, 10, words) for n in (0, 1, 5, 9, 10)]
    ['none', 'a few', 'most', 'most', 'all']
    """
    reached = [(bound, word) for bound, word in words if of and n / of >= bound]
    return str(max(reached, key=lambda pair: pair[0])[1]) if reached else ""


def top_share(people: pd.Series[str], top: int = 2) -> float:
    """Share of the segments that the ``top`` people with most of them supply; NaN of none."""
    counts = people[people != ""].value_counts()
    return float(counts.iloc[:top].sum() / counts.sum()) if len(counts) else float("nan")


def themes_table(base: Base, counter: pd.DataFrame, words: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """Contract ``themes``; a theme that nobody speaks to has its row too.

    Parameters
    ----------
    counter : contract ``counter_examples``.
    words : lower bound and word, ``quantifier``.
    """
    bounds = [tuple(pair) for pair in words]
    return frame((_theme_row(base, theme, counter, bounds) for theme in base.themes), THEMES)


def _theme_row(
    base: Base, theme: Theme, counter: pd.DataFrame, words: list[tuple[Any, ...]]
) -> dict[str, Any]:
    """One theme and who speaks to it."""
    rows = base.bearing[base.bearing["theme"] == theme.id]
    against = counter[counter["theme"] == theme.id]
    n, of = _n_people(rows), len(base.people)
    return {
        "theme": theme.id,
        "title": theme.title,
        "claim": theme.claim,
        "n_codes": len(bearing_codes(theme)),
        "n_segments": len(rows),
        "n_participants": n,
        "of_participants": of,
        "n_sites": rows["site"].nunique(),
        "of_sites": base.interviews["site"].nunique(),
        "quantifier": quantifier(n, of, words),
        "top_two_share": top_share(rows["participant_id"]),
        "n_counter": len(against),
        "n_counter_participants": _n_people(against),
        "n_support_participants": _n_people(rows[rows["why"] == ""]),
    }


def _n_people(rows: pd.DataFrame) -> int:
    """How many people speak in these rows."""
    return int(rows.loc[rows["participant_id"] != "", "participant_id"].nunique())


def reach_table(base: Base, attributes: Iterable[str]) -> pd.DataFrame:
    """Contract ``reach``: every theme, subtheme and code, over all, by site and each attribute.

    Groups that are silent have their row with n = 0; an attribute that no participant table has
    gives none.
    """
    import pandas as pd

    parts = {
        f"{theme.id}: {title}": base.segments[base.segments["code"].isin(codes)]
        for theme in base.themes
        for title, codes in theme.subthemes
    }
    subthemes = [_voices(rows.assign(subtheme=name), "subtheme") for name, rows in parts.items()]
    voices = pd.concat([_voices(base.bearing, "theme"), *subthemes, _voices(base.segments, "code")])
    named = [("theme", theme.id) for theme in base.themes]
    named += [("subtheme", name) for name in parts]
    named += [("code", code) for code in base.codes]
    grouped = _groups(base.people, attributes)
    rows: list[dict[str, Any]] = []
    for attribute, of_person in grouped.items():
        sizes = of_person.value_counts().sort_index()
        group = voices["participant_id"].map(of_person)
        counts = voices.groupby(["kind", "code", group]).size().to_dict()
        rows += [
            {
                "kind": kind,
                "code": code,
                "attribute": attribute,
                "group": name,
                "n": counts.get((kind, code, name), 0),
                "of": of,
            }
            for kind, code in named
            for name, of in sizes.items()
        ]
    return frame(rows, REACH)


def frameworks_table(base: Base) -> pd.DataFrame:
    """Contract ``frameworks``: whom the codes counted for each construct reach.

    In the order of the codebook's mapping and then the themes'. A construct that codes are mapped
    to counts these codes, another one the codes of its themes; a segment of two of them once.
    """
    codes: dict[tuple[str, str], list[str]] = {}
    for code in base.codebook.codes:
        for framework, constructs in code.frameworks:
            for construct in constructs:
                codes.setdefault((framework, construct), []).append(code.id)
    by_code = set(codes)
    themes: dict[tuple[str, str], list[str]] = {}
    for theme in base.themes:
        for framework, constructs in theme.frameworks:
            for key in ((framework, construct) for construct in constructs):
                themes.setdefault(key, []).append(theme.id)
                if key not in by_code:
                    codes.setdefault(key, []).extend(bearing_codes(theme))
    order = sorted(codes, key=lambda key: _place(key, codes))
    return frame(
        (_construct(base, key, codes[key], themes.get(key, ())) for key in order), FRAMEWORKS
    )


def _place(key: tuple[str, str], known: Iterable[tuple[str, str]]) -> tuple[int, str]:
    """Frameworks in the order in which they are first named, constructs by name."""
    names = list(dict.fromkeys(framework for framework, _ in known))
    return names.index(key[0]), key[1]


def _construct(
    base: Base, key: tuple[str, str], codes: Iterable[str], themes: Iterable[str]
) -> dict[str, Any]:
    """One construct and whom its codes reach."""
    wanted = list(dict.fromkeys(codes))
    found = base.segments[base.segments["code"].isin(wanted)]
    return {
        "framework": key[0],
        "construct": key[1],
        "themes": ";".join(dict.fromkeys(themes)),
        "codes": ";".join(wanted),
        "n_segments": len(found),
        "n_participants": _n_people(found),
        "of_participants": len(base.people),
        "n_sites": found["site"].nunique(),
    }


def _voices(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Each person once per theme or code that they speak to."""
    pairs = rows[[kind, "participant_id"]].rename(columns={kind: "code"})
    pairs = pairs[pairs["participant_id"] != ""].drop_duplicates()
    return pairs.assign(kind=kind)


def _groups(people: pd.DataFrame, attributes: Iterable[str]) -> dict[str, pd.Series[str]]:
    """Attribute to each person's group; everybody and the site first."""
    table = people.set_index("participant_id").assign(**{EVERYBODY: EVERYBODY})
    names = dict.fromkeys((EVERYBODY, "site", *attributes))
    return {name: table[name] for name in names if name in table}
