"""From a fact to the evidence that it is about, by its source's table and row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

Link = dict[str, str]

_TRANSCRIPTS = ("transcripts", "turns", "units", "coverage", "participants", "saturation")
_EXCERPTS = ("segments", "themes", "reach", "subgroups", "code_appearance", "robustness")


def evidence_of(
    source: Mapping[str, Any], themes: Collection[str], codes: Collection[str]
) -> list[Link]:
    """What to show for a fact: each link is a view of the explorer with its filters.

    Parameters
    ----------
    source : a fact's source: ``table`` and ``row``.
    themes, codes : ids that exist.

    Returns
    -------
    Links ``{"view": …, filter: value, …}``; none where a fact is about settings alone.

    Examples
    --------
    >>> row = {"kind": "theme", "code": "T1", "attribute": "role", "group": "manager"}
    >>> evidence_of({"table": "reach", "row": row}, ["T1"], ["asked"])
    [{'view': 'excerpts', 'theme': 'T1', 'group': 'role=manager'}]
    """
    table, row = str(source["table"]), {k: str(v) for k, v in source["row"].items()}
    if table == "cooccurrence":
        pair = [row[name] for name in ("code_a", "code_b") if row.get(name) in codes]
        return [{"view": "excerpts", "code": code} for code in pair]
    about = _about(row, themes, codes)
    if table in _TRANSCRIPTS:
        return [{"view": "transcripts", **_only(about, "site", "group", "coder")}]
    if table == "quotes":
        return [{"view": "quotes", **_only(about, "theme", "site")}]
    if table == "coefficients":
        return [{"view": "excerpts", **about, "state": "contested"}]
    if table == "decisions":
        state = "adjudicated" if row.get("decided_by") == "adjudication" else "any"
        return [{"view": "excerpts", **about, "state": state}]
    if table == "spans":
        return [{"view": "excerpts", **about, "state": "any"}]
    if table in _EXCERPTS or about.get("theme") or about.get("code"):
        return [{"view": "excerpts", **about}]
    return []


def _about(row: Mapping[str, str], themes: Collection[str], codes: Collection[str]) -> Link:
    """Theme, code, site, group and coder that a row is about."""
    about: Link = {}
    name = row.get("code", "")
    is_theme = "theme" in (row.get("kind"), row.get("level"))
    theme = row.get("theme", name if is_theme else "")
    if theme in themes:
        about["theme"] = theme
    elif name in codes:
        about["code"] = name
    if row.get("site"):
        about["site"] = row["site"]
    attribute, group = row.get("attribute", ""), row.get("group", "")
    if attribute == "site" and group:
        about["site"] = group
    elif attribute not in ("", "all") and group:
        about["group"] = f"{attribute}={group}"
    if row.get("coder"):
        about["coder"] = row["coder"]
    return about


def _only(link: Link, *names: str) -> Link:
    return {name: link[name] for name in names if name in link}
