"""A coded project on its way out: what every writer is given, whatever format it writes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from themetrail.coding.model import CodedFile, FoundCode
from themetrail.coding.offsets import ORIGIN
from themetrail.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from themetrail.config import Codebook

# GUIDs are made from names, so that the same project has the same ones, and what comes back
# from a coder is known again.
_NAMESPACE = uuid.UUID("6f1d8f5e-6c0e-5a53-9d0b-7a1f5a0c7b11")


@dataclass(frozen=True)
class Coded:
    """One coding: ``[start, end)`` in code points of its source's text; None with words only.

    ``path`` tells the code from another of the same name, where there is one.
    """

    source: str
    code: str
    coder: str
    start: int | None = None
    end: int | None = None
    quote: str = ""
    memo: str = ""
    coded_at: str = ""
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    """Texts, codes and codings.

    Attributes
    ----------
    name : of the project; GUIDs are made from it.
    texts : by source name, LF line ends.
    codes : each with its path, outermost parent first; parents need not be codes themselves.
    codings : in any order.
    users : names, the first being the project's own.
    """

    name: str
    texts: Mapping[str, str] = field(default_factory=dict)
    codes: Sequence[FoundCode] = ()
    codings: Sequence[Coded] = ()
    users: Sequence[str] = ()

    def guid(self, kind: str, *parts: str) -> str:
        """The GUID of a thing of the project; the same whenever it is made."""
        name = "\x1f".join((self.name, kind, *parts))
        return str(uuid.uuid5(_NAMESPACE, name.encode("utf-8", "replace").decode("utf-8")))

    def code_guid(self, name: str, path: tuple[str, ...] = ()) -> str:
        """The GUID of a code, by its path where that is known, else of the first of its name."""
        if not path:
            path = next((code.path for code in self.codes if code.name == name), (name,))
        namesakes = sum(code.name == path[-1] for code in self.codes)
        return self.guid("code", *(path if namesakes > 1 else path[-1:]))

    @property
    def people(self) -> list[str]:
        """The users, those of the codings too; never none."""
        named = [*self.users, *sorted({coding.coder for coding in self.codings})]
        return list(dict.fromkeys(name for name in named if name)) or [ORIGIN]

    def words(self, coding: Coded) -> str:
        """What a coding marks."""
        text = self.texts.get(coding.source)
        if text is None or coding.start is None or coding.end is None:
            return coding.quote
        return text[coding.start : coding.end]

    def placed(self, format_name: str) -> list[tuple[Coded, int, int]]:
        """The codings with their places, in the order of the texts.

        Raises
        ------
        InputError
            The format needs texts and places, and a coding has none.
        """
        rows = []
        for coding in self.codings:
            text = self.texts.get(coding.source)
            if text is None or coding.start is None or coding.end is None:
                message = (
                    f"{format_name} holds texts and places in them, and a coding of "
                    f"{coding.source[:60]!r} has words only; give the texts too"
                )
                raise InputError(message)
            rows.append((coding, coding.start, coding.end))
        order = {name: number for number, name in enumerate(self.texts)}
        return sorted(
            rows, key=lambda row: (order[row[0].source], row[1], row[2], row[0].code, row[0].coder)
        )


def codes_of(codebook: Codebook, *, retired: bool = False) -> list[FoundCode]:
    """The codebook's codes under their families, described as a coder needs them."""
    codes = []
    for code in codebook.codes:
        if code.status == "retired" and not retired:
            continue
        parts = (
            code.label if code.label != code.id else "",
            code.definition,
            f"Apply: {code.apply}" if code.apply else "",
            f"Not: {code.exclude}" if code.exclude else "",
            f"Example: {code.example}" if code.example else "",
        )
        path = (code.family, code.id) if code.family else (code.id,)
        codes.append(FoundCode(code.id, path, "\n".join(part for part in parts if part)))
    return codes


def project_of(
    name: str,
    transcripts: pd.DataFrame,
    spans: pd.DataFrame | None,
    codebook: Codebook,
    users: Sequence[str] = (),
) -> Project:
    """A study's texts and codings as a project; no codings where ``spans`` is None.

    Parameters
    ----------
    name : of the project.
    transcripts : table ``contracts.TRANSCRIPTS``; texts that are held back stay out.
    spans : table ``contracts.SPANS``.
    codebook : the study's.
    users : who is named in the project beside the codings' coders.
    """
    ready = transcripts[transcripts["status"] != "held"]
    texts = dict(zip(ready["transcript_id"], ready["text"], strict=True))
    rows = [] if spans is None else spans.to_dict("records")
    codings = [
        Coded(
            row["transcript_id"],
            row["code"],
            row["coder"],
            int(row["start"]),
            int(row["end"]),
            "",
            row["memo"],
            row["coded_at"],
        )
        for row in rows
        if row["transcript_id"] in texts
    ]
    return Project(name, texts, codes_of(codebook, retired=True), codings, tuple(users))


def project_from(found: CodedFile, coder: str) -> Project:
    """What was read from a coder's file, to be written in another format."""
    texts = {copy.source: copy.text for copy in found.texts.values()}
    paths = {code.guid: code.path for code in found.codes if code.guid}
    codings = [
        Coded(
            mark.source,
            mark.code,
            mark.user or coder,
            mark.start,
            mark.end,
            mark.quote,
            mark.memo,
            mark.coded_at,
            next((paths[alias] for alias in mark.aliases if alias in paths), ()),
        )
        for mark in found.marks
    ]
    known = {code.name for code in found.codes}
    used = dict.fromkeys(coding.code for coding in codings)
    codes = [*found.codes, *(FoundCode(name, (name,)) for name in used if name not in known)]
    return Project(coder, texts, codes, codings, tuple(found.users))
