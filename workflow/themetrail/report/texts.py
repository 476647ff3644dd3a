"""Texts of the configuration for the manuscript and its title block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from themetrail.report import ast
from themetrail.report.ast import Node

Text = str | list[str]
NOT_STATED = "not stated"


def texts_of(settings: Mapping[str, Any]) -> dict[str, Text]:
    """Every text by its placeholder's name (``catalogue.TEXTS``)."""
    study = settings["study"]
    texts: dict[str, Text] = {
        f"study.{key}": study[key]
        for key in (
            "title",
            "date",
            "keywords",
            "questions",
            "recruitment",
            "interview_guide",
            "ethics",
            "funding",
            "interests",
            "data_availability",
            "source_paper",
        )
    }
    texts["study.short_title"] = study["short_title"] or study["title"]
    texts["study.authors"] = [author["name"] for author in study["authors"]]
    texts["study.contributions"] = [
        f"{author['name']}: {', '.join(author['roles'])}"
        for author in study["authors"]
        if author.get("roles")
    ]
    texts["study.team"] = [_researcher(person) for person in study["team"]]
    return texts


def _researcher(person: Mapping[str, str]) -> str:
    """A researcher with what is stated of them."""
    keys = ("task", "credentials", "occupation", "gender", "training")
    said = "; ".join(person[key] for key in keys if person.get(key))
    return f"{person['name']} ({said})" if said else person["name"]


def inline(text: Text) -> str:
    """A text within a sentence; a list is joined."""
    if isinstance(text, str):
        return text or NOT_STATED
    return "; ".join(text) or NOT_STATED


def metadata(settings: Mapping[str, Any]) -> dict[str, Node]:
    """The title block: title, authors, date, key words and language of the paper."""
    study = settings["study"]
    meta: dict[str, Node] = {
        "title": _text(study["title"]),
        "lang": _text(study["language"]),
        "demonstration": {"t": "MetaBool", "c": bool(study["demonstration"])},
    }
    if study["short_title"]:
        meta["short-title"] = _text(study["short_title"])
    if study["date"]:
        meta["date"] = _text(study["date"])
    if study["keywords"]:
        meta["keywords"] = _list([_text(word) for word in study["keywords"]])
    if study["authors"]:
        meta["author"] = _list([_author(author) for author in study["authors"]])
    return meta


def _author(author: Mapping[str, Any]) -> Node:
    known = ("name", "affiliation", "orcid", "email")
    fields = {key: _text(author[key]) for key in known if author.get(key)}
    if author.get("roles"):
        fields["roles"] = _list([_text(role) for role in author["roles"]])
    return {"t": "MetaMap", "c": fields}


def _text(text: str) -> Node:
    return {"t": "MetaInlines", "c": ast.inlines(text)}


def _list(items: Sequence[Node]) -> Node:
    return {"t": "MetaList", "c": list(items)}
