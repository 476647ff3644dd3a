"""Who can be counted, and which segments bear on which theme: what every table here rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from themetrail.config import Codebook, Theme
from themetrail.errors import Problem
from themetrail.tables import each, records

if TYPE_CHECKING:
    import pandas as pd

NOT_STATED = "not stated"
DATE_COLUMNS = ("interview_date", "date")


@dataclass(frozen=True)
class Base:
    """The consensus, ready to be counted.

    Attributes
    ----------
    segments : contract ``segments``; the speaker is filled in where the transcript has only one.
    bearing : one row per theme and segment that bears on it, either way: the segment's columns,
        ``theme``, and ``why`` it speaks against the claim (empty where it does not).
    people : one row per person with a coded transcript, by id: participant_id, site, attributes.
    interviews : the coded transcripts by id, contract ``transcripts``; a date that is missing is
        taken from the participants' column interview_date or date.
    codes : code ids in the order of the codebook; those of segments that it lacks come last.
    """

    segments: pd.DataFrame
    bearing: pd.DataFrame
    people: pd.DataFrame
    interviews: pd.DataFrame
    codes: tuple[str, ...]
    themes: tuple[Theme, ...]
    codebook: Codebook = field(default_factory=Codebook)

    def named(self, segments: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The rows of some segments by id, those that there are."""
        rows = self.segments[self.segments["segment_id"].isin(set(segments))]
        return {row["segment_id"]: row for row in each(rows)}


def gather(
    segments: pd.DataFrame,
    transcripts: pd.DataFrame,
    participants: pd.DataFrame,
    coverage: pd.DataFrame,
    codebook: Codebook,
    themes: Sequence[Theme],
    flagged: pd.DataFrame,
) -> Base:
    """Put together who can be counted and what bears on what.

    A transcript counts once at least one coder judged it; until then its people are neither
    silent nor speaking.

    Parameters
    ----------
    flagged : theme, segment_id, why: segments that a passage named in themes.yaml as speaking
        against the claim covers.
    """
    coded = transcripts["transcript_id"].isin(set(coverage["transcript_id"]))
    interviews = _dated(transcripts[coded], participants)
    spoken = _with_speakers(segments, interviews)
    used = set(spoken["code"])
    codes = [code for code in codebook.ids if code in codebook.active or code in used]
    codes += sorted(used - set(codes))
    return Base(
        spoken,
        _bearing(spoken, themes, flagged),
        _people(interviews, participants),
        interviews,
        tuple(codes),
        tuple(themes),
        codebook,
    )


def unheard(base: Base) -> list[Problem]:
    """A warning where the speaker of segments is not known, so that they count for no person."""
    lost = base.segments[base.segments["participant_id"] == ""]
    if lost.empty:
        return []
    message = (
        f"{len(lost)} segments of {lost['transcript_id'].nunique()} transcripts have no known "
        "speaker: they count for no person"
    )
    remedy = "Map the speakers in config/config.yaml, or use turns as the unit of analysis."
    return [Problem("warning", "unknown_speaker", "data", None, message, remedy)]


def split(ids: str) -> list[str]:
    """Ids joined by ';'."""
    return [part for part in ids.split(";") if part]


def bearing_codes(theme: Theme) -> tuple[str, ...]:
    """The codes that bear on a theme, either way."""
    return tuple(dict.fromkeys((*theme.codes, *theme.counter_codes)))


def _with_speakers(segments: pd.DataFrame, interviews: pd.DataFrame) -> pd.DataFrame:
    """Segments of the coded transcripts; a document's only participant speaks all of it."""
    only = {
        row["transcript_id"]: split(row["participants"])
        for row in records(interviews[["transcript_id", "participants"]])
    }
    kept = segments[segments["transcript_id"].isin(set(only))].copy()
    kept["participant_id"] = [
        who or (only[where][0] if len(only[where]) == 1 else "")
        for who, where in zip(kept["participant_id"], kept["transcript_id"], strict=True)
    ]
    order = ["transcript_id", "start", "end", "code"]
    return kept.sort_values(order, kind="stable", ignore_index=True)


def _dated(interviews: pd.DataFrame, participants: pd.DataFrame) -> pd.DataFrame:
    """The interviews by id, with the date that a participant's row gives where they have none."""
    table = interviews.sort_values("transcript_id", ignore_index=True)
    column = next((name for name in DATE_COLUMNS if name in participants), None)
    if column is None:
        return table
    known = dict(zip(participants["participant_id"], participants[column], strict=True))
    dates = [
        date or next((known[p] for p in split(people) if known.get(p)), "")
        for date, people in zip(table["date"], table["participants"], strict=True)
    ]
    return table.assign(date=dates)


def _people(interviews: pd.DataFrame, participants: pd.DataFrame) -> pd.DataFrame:
    """The people of the coded transcripts with what is known of them."""
    import pandas as pd

    site_of: dict[str, str] = {}
    for row in records(interviews[["participants", "site"]]):
        for person in split(row["participants"]):
            site_of.setdefault(person, row["site"])
    known = participants.set_index("participant_id").drop(columns=["site", "n_transcripts"])
    ids = sorted(site_of)
    table = pd.DataFrame({"participant_id": ids, "site": [site_of[person] for person in ids]})
    rest = known.reindex(ids).astype("object").reset_index(drop=True)
    return pd.concat([table, rest.where(rest.notna() & (rest != ""), NOT_STATED)], axis=1)


def _bearing(
    segments: pd.DataFrame, themes: Iterable[Theme], flagged: pd.DataFrame
) -> pd.DataFrame:
    """One row per theme and segment that bears on it; ``why`` says how it speaks against."""
    import pandas as pd

    named = {(row["theme"], row["segment_id"]): row["why"] for row in records(flagged)}
    parts = []
    for theme in themes:
        part = segments[segments["code"].isin(bearing_codes(theme))].copy()
        part.insert(0, "theme", theme.id)
        part["why"] = [_why(row, theme, named) for row in each(part)]
        parts.append(part)
    if not parts:
        return segments.head(0).assign(theme="", why="")
    return pd.concat(parts, ignore_index=True)


def _why(row: dict[str, Any], theme: Theme, named: dict[tuple[str, str], str]) -> str:
    """How a segment speaks against a theme's claim; empty where it does not."""
    marked = named.get((theme.id, row["segment_id"]))
    if marked is not None:
        return f"named in themes.yaml: {marked}"
    if row["code"] in theme.counter_codes:
        return f"counter code {row['code']}"
    return "flagged by a coder" if row["stance"] == "counter" else ""
