"""Who was silent on a theme although asked about it, and who was not asked.

That nobody says a thing is weak evidence unless they were asked: the absence of a code is not the
absence of a view. The guide says which themes and codes a question is about; a person reads each
interview and notes which questions were put in it, with the interviewer's words, since
interviewers put a guide's questions in words of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from themetrail.coding.normal import plain_form
from themetrail.contracts import ASKED_TABLE
from themetrail.errors import Problem, Problems, did_you_mean
from themetrail.synthesis.base import Base, split
from themetrail.synthesis.notes import ASKED, GUIDE, Notes
from themetrail.tables import frame, records

if TYPE_CHECKING:
    import pandas as pd


def asked_table(
    base: Base, notes: Notes, turns: pd.DataFrame, texts: Mapping[str, str]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Contract ``asked``: every theme and code that a question of the guide is about.

    Parameters
    ----------
    notes : rows of the guide, and of what was asked.
    turns : contract ``turns``.
    texts : transcript to canonical text, of the coded transcripts.
    """
    problems = Problems()
    about = _guide(base, notes, problems)
    people_of = {
        row["transcript_id"]: split(row["participants"])
        for row in records(base.interviews[["transcript_id", "participants"]])
    }
    put, looked = _put(notes, about, people_of, _spoken(turns, texts), problems)
    subjects = [("theme", theme.id) for theme in base.themes]
    subjects += [("code", code) for code in base.codes]
    named = {name for names in about.values() for name in names}
    everybody = set(base.people["participant_id"])
    rows = [
        _row(kind, name, everybody, looked, put.get(name, set()), _voices(base, kind, name))
        for kind, name in subjects
        if name in named
    ]
    return frame(rows, ASKED_TABLE), problems.rows


def _guide(base: Base, notes: Notes, problems: Problems) -> dict[str, list[str]]:
    """Question to the themes and codes that it is about."""
    known = [*(theme.id for theme in base.themes), *base.codes, *base.codebook.ids]
    found: dict[str, list[str]] = {}
    for line, row in notes.guide:
        if row["question"] in found or not row["question"]:
            message = f"question {row['question']!r} is empty or stands twice"
            problems.add("error", "bad_question", GUIDE, message, line=line)
        found[row["question"]] = split(row["about"].replace(" ", ""))
        for name in found[row["question"]]:
            if name not in known:
                message = f"no theme or code {name!r}"
                hint = did_you_mean(name, known)
                problems.add("error", "unknown_subject", GUIDE, message, hint, line=line)
    return found


def _spoken(turns: pd.DataFrame, texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Transcript to what its interviewers say, in the form that compares."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in records(turns[turns["role"] == "interviewer"]):
        if row["transcript_id"] in texts:
            words = texts[row["transcript_id"]][row["start"] : row["end"]]
            found[row["transcript_id"]].append(plain_form(words))
    return found


def _put(
    notes: Notes,
    about: Mapping[str, list[str]],
    people_of: Mapping[str, list[str]],
    spoken: Mapping[str, list[str]],
    problems: Problems,
) -> tuple[dict[str, set[str]], set[str]]:
    """Theme or code to the people who were asked about it; and whose interviews were read."""
    put: dict[str, set[str]] = defaultdict(set)
    looked: set[str] = set()
    lost = 0
    for line, row in notes.asked:
        people = people_of.get(row["transcript_id"])
        if people is None:
            lost += 1
            continue
        looked.update(people)
        if row["question"] and row["question"] not in about:
            message = f"the guide has no question {row['question']!r}"
            hint = did_you_mean(row["question"], about)
            problems.add("error", "unknown_question", ASKED, message, hint, line=line)
        quote = plain_form(row["quote"])
        if quote and not any(quote in words for words in spoken.get(row["transcript_id"], ())):
            message = "no turn of an interviewer holds these words"
            remedy = "Copy the interviewer's words from the transcript."
            problems.add("error", "quote_not_found", ASKED, message, remedy, line=line)
        for name in about.get(row["question"], ()):
            put[name].update(people)
    if lost:
        message = f"{lost} of {len(notes.asked)} rows name no coded transcript; they do not count"
        remedy = "Check the ids; delete the rows of people who withdrew."
        problems.add("warning", "unused_note", ASKED, message, remedy)
    return put, looked


def _voices(base: Base, kind: str, name: str) -> set[str]:
    """People with at least one segment of a theme or code."""
    table = base.bearing if kind == "theme" else base.segments
    return set(table.loc[table[kind] == name, "participant_id"]) - {""}


def _row(
    kind: str,
    name: str,
    everybody: set[str],
    looked: set[str],
    asked: set[str],
    voices: set[str],
) -> dict[str, Any]:
    """One theme or code: people by whether they were asked and whether they speak to it."""
    known = everybody & looked
    asked, unasked = known & asked, known - asked
    return {
        "kind": kind,
        "code": name,
        "of_participants": len(everybody),
        "n_known": len(known),
        "n_asked": len(asked),
        "n_asked_spoke": len(asked & voices),
        "n_asked_silent": len(asked - voices),
        "n_unasked_spoke": len(unasked & voices),
        "n_unasked_silent": len(unasked - voices),
        "n_unknown_silent": len(everybody - known - voices),
    }
