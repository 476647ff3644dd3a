"""Read a Taguette project (``.sqlite3``): highlights counted in UTF-8 bytes of HTML's text."""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_left
from itertools import accumulate
from typing import Any

from themetrail.coding.database import Database, text, whole
from themetrail.coding.model import CodedFile, Copy, FoundCode, Mark
from themetrail.coding.normal import plain_form
from themetrail.strangers import bounded

# A tag with its quoted attributes, matched without ever going back.
_TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*+>""")


def html_text(source: str) -> str:
    r"""The text of HTML as Taguette counts it: every character between tags.

    >>> html_text("<p>Yes &amp; no.</p>\n<p>Why?</p>")
    'Yes & no.\nWhy?'
    """
    return html.unescape(_TAG.sub("", source))


def read_taguette(data: bytes, file: str) -> CodedFile:
    """Read a project's documents, tags and highlights.

    Raises
    ------
    InputError
        It is no Taguette project, or a damaged one.
    """
    found = CodedFile(file, "taguette")
    with Database(data) as database:
        documents = {
            row["id"]: (text(row["name"]).strip(), text(row["contents"]))
            for row in database.rows("documents", "id", "name", "contents")
        }
        tags = {
            row["id"]: (text(row["path"]), text(row.get("description")))
            for row in database.rows("tags", "id", "path")
        }
        tagged: dict[Any, list[Any]] = {}
        for row in database.rows("highlight_tags", "highlight_id", "tag_id"):
            tagged.setdefault(row["highlight_id"], []).append(row["tag_id"])
        who = _who(database) if "commands" in database.tables else {}
        highlights = list(
            database.rows("highlights", "id", "document_id", "start_offset", "end_offset")
        )
        if "users" in database.tables:
            found.users = [text(row.get("login")) for row in database.rows("users")]
    found.codes = [FoundCode(path, tuple(path.split(".")), about) for path, about in tags.values()]
    places = {}
    for key, (name, contents) in documents.items():
        copy = html_text(bounded(contents, "a document"))
        found.texts[str(key)] = Copy(name, copy)
        places[key] = list(accumulate((len(c.encode("utf-8", "replace")) for c in copy), initial=0))
    for number, row in enumerate(highlights, start=1):
        _read_highlight(number, row, places, tags, tagged, who, found)
    return found


def _who(database: Database) -> dict[Any, tuple[str, str]]:
    """Who last made each highlight, and when; Taguette keeps that in its log only."""
    who: dict[Any, tuple[str, str]] = {}
    for row in database.rows("commands", "user_login", "payload"):
        try:
            payload = json.loads(text(row["payload"]) or "{}")
        except (ValueError, RecursionError):
            continue
        if isinstance(payload, dict) and payload.get("type") == "highlight_add":
            who[payload.get("highlight_id")] = text(row["user_login"]), text(row.get("date"))
    return who


def _read_highlight(
    number: int,
    row: dict[str, Any],
    places: dict[Any, list[int]],
    tags: dict[Any, tuple[str, str]],
    tagged: dict[Any, list[Any]],
    who: dict[Any, tuple[str, str]],
    found: CodedFile,
) -> None:
    """One highlight, a mark for each of its tags."""
    key = row["document_id"]
    copy = found.texts.get(str(key))
    span = _span(row, places.get(key, []))
    codes = tagged.get(row["id"], [])
    if not codes:
        found.problems.add(
            "note", "not_coded", found.file, "a highlight without a tag: not a coding", line=number
        )
    for tag in codes:
        path, _ = tags.get(tag, (f"tag {tag}", ""))
        if copy is None or span is None:
            found.problems.add(
                "error",
                "bad_offsets",
                found.file,
                f"a highlight of {path[:60]!r} has no place in its document",
                "Export the project from Taguette again.",
                line=number,
            )
            continue
        words = copy.text[span[0] : span[1]]
        _verify(row, words, number, found)
        user, day = who.get(row["id"], ("", ""))
        found.marks.append(
            Mark(
                row=number,
                source=copy.source,
                code=path,
                user=user,
                start=span[0],
                end=span[1],
                quote=words,
                coded_at=day,
                copy=str(key),
                aliases=(path.rpartition(".")[2],),
            )
        )


def _span(row: dict[str, Any], places: list[int]) -> tuple[int, int] | None:
    """Byte offsets as code points of the document's text."""
    ends = []
    for name in ("start_offset", "end_offset"):
        offset = whole(row[name])
        at = bisect_left(places, offset) if offset is not None and offset >= 0 else len(places)
        if at == len(places) or places[at] != offset:
            return None
        ends.append(at)
    return (ends[0], ends[1]) if ends[0] < ends[1] else None


def _verify(row: dict[str, Any], words: str, number: int, found: CodedFile) -> None:
    """Report where the snippet that Taguette keeps is not what stands at the offsets."""
    snippet = plain_form(html_text(text(row.get("snippet"))))
    if snippet and snippet.replace(" ", "") != plain_form(words).replace(" ", ""):
        found.problems.add(
            "warning",
            "offsets_doubtful",
            found.file,
            "a highlight's own copy of its words differs from the document at its offsets",
            "Look at it in Taguette.",
            line=number,
        )
