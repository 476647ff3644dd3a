"""The quotations of the paper: what could be printed, what is, and under which name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from themetrail.coding.passage import Transcript
from themetrail.consensus.overlap import touching
from themetrail.contracts import QUOTES
from themetrail.synthesis.base import Base, records, split
from themetrail.synthesis.choice import Chosen, Limits, Passage, choose
from themetrail.synthesis.excerpt import Stretch, count_words, excerpt
from themetrail.synthesis.marks import Placed
from themetrail.tables import frame

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN_VOICE = "\x1f"


@dataclass(frozen=True)
class Sources:
    """What quotations are taken from besides the consensus."""

    texts: Mapping[str, Transcript]
    spans: pd.DataFrame
    coverage: pd.DataFrame
    marks: Sequence[Placed]


def quotes_table(
    base: Base,
    sources: Sources,
    settings: Mapping[str, Any],
    attribution: Mapping[str, str],
    labels: Mapping[str, str],
) -> pd.DataFrame:
    """Contract ``quotes``.

    Parameters
    ----------
    settings : per_theme, counter, per_person, min_words, max_words.
    attribution : person to what is printed under their quotations.
    labels : site to its name.
    """
    limits = Limits(
        settings["per_theme"],
        settings["counter"],
        settings["per_person"],
        (settings["min_words"] + settings["max_words"]) / 2,
    )
    themes = [theme.id for theme in base.themes]
    free = _candidates(base, sources, settings["min_words"], settings["max_words"])
    pinned = _pinned(base, sources)
    chosen = choose(themes, [*pinned, *_allowed(free, sources.marks)], limits, labels)
    return frame(
        (
            _row(rank, item, sources.texts, attribution)
            for theme in themes
            for rank, item in enumerate(chosen[theme], start=1)
        ),
        QUOTES,
    )


def _row(
    rank: int, item: Chosen, texts: Mapping[str, Transcript], attribution: Mapping[str, str]
) -> dict[str, Any]:
    """One quotation as printed."""
    passage = item.passage
    person = "" if passage.voice.startswith(UNKNOWN_VOICE) else passage.voice
    return {
        "theme": passage.theme,
        "rank": rank,
        "stance": "counter" if passage.against else "supports",
        "segment_id": passage.segment_id,
        "transcript_id": passage.transcript_id,
        "participant_id": person,
        "site": passage.site,
        "code": passage.code,
        "codes": ";".join(passage.codes),
        "start": passage.start,
        "end": passage.end,
        "text": texts[passage.transcript_id].text[passage.start : passage.end],
        "attribution": attribution.get(person, person),
        "reason": item.reason,
    }


def _candidates(base: Base, sources: Sources, min_words: int, max_words: int) -> list[Passage]:
    """What each segment that bears on a theme could give, in the order of the data."""
    rows = base.bearing.reset_index(drop=True)
    marked = _marked(rows, sources.spans)
    judges = sources.coverage.groupby("transcript_id")["coder"].nunique().to_dict()
    found: list[Passage] = []
    for at, row in enumerate(records(rows)):
        text = sources.texts[row["transcript_id"]].text
        segment = (row["start"], row["end"])
        words = excerpt(text, segment, marked[at], min_words, max_words)
        if words is not None:
            place = (words.start, words.end, words.n_words)
            passage = _passage(row, place, judges.get(row["transcript_id"], 1))
            found.append(replace(passage, how=words.how))
    return _with_codes(found, rows, base)


def _passage(row: Mapping[str, Any], place: tuple[int, int, int], n_judges: int) -> Passage:
    """A segment's words as a passage of its own code."""
    n_coders = len(split(row["coders"]))
    return Passage(
        theme=row["theme"],
        segment_id=row["segment_id"],
        transcript_id=row["transcript_id"],
        voice=row["participant_id"] or UNKNOWN_VOICE + row["transcript_id"],
        site=row["site"],
        code=row["code"],
        codes=(row["code"],),
        start=place[0],
        end=place[1],
        n_words=place[2],
        how="whole",
        n_coders=n_coders,
        n_judges=max(n_judges, n_coders),
        decided_by=row["decided_by"],
        against=row["why"],
    )


def _marked(rows: pd.DataFrame, spans: pd.DataFrame) -> dict[int, list[Stretch]]:
    """For each segment the stretches that coders marked with its code."""
    found: dict[int, list[Stretch]] = defaultdict(list)
    left, right = touching(rows, spans)
    same = rows["code"].to_numpy()[left] == spans["code"].to_numpy()[right]
    stretches = spans[["start", "end"]].to_numpy()
    for row, span in zip(left[same].tolist(), right[same].tolist(), strict=True):
        found[row].append((int(stretches[span, 0]), int(stretches[span, 1])))
    return found


def _with_codes(passages: list[Passage], rows: pd.DataFrame, base: Base) -> list[Passage]:
    """Passages with all codes of their theme that bear on their words.

    Words that partly speak against the claim are no support for it.
    """
    import pandas as pd

    if not passages:
        return []
    places = pd.DataFrame([(p.transcript_id, p.start, p.end) for p in passages])
    places.columns = pd.Index(["transcript_id", "start", "end"])
    themes, codes, whys = (rows[name].tolist() for name in ("theme", "code", "why"))
    bearing: dict[int, set[str]] = defaultdict(set)
    mixed: set[int] = set()
    left, right = touching(places, rows)
    for at, row in zip(left.tolist(), right.tolist(), strict=True):
        if themes[row] == passages[at].theme:
            bearing[at].add(codes[row])
            if whys[row] and not passages[at].against:
                mixed.add(at)
    return [
        replace(passage, codes=tuple(code for code in base.codes if code in bearing[at]))
        for at, passage in enumerate(passages)
        if at not in mixed
    ]


def _pinned(base: Base, sources: Sources) -> list[Passage]:
    """The analyst's own choice: exactly the words given, on the segment that they share most."""
    judges = sources.coverage.groupby("transcript_id")["coder"].nunique().to_dict()
    found = []
    for mark in sources.marks:
        if mark.kind != "pinned":
            continue
        rows = base.bearing[base.bearing["theme"] == mark.theme]
        rows = rows[rows["segment_id"].isin(mark.segment_ids)]
        if rows.empty:
            rows = base.segments[base.segments["segment_id"].isin(mark.segment_ids)]
            rows = rows.assign(theme=mark.theme, why="")
        if rows.empty:
            continue
        shared = rows["end"].clip(upper=mark.end) - rows["start"].clip(lower=mark.start)
        row = records(rows)[int(shared.to_numpy().argmax())]
        text = sources.texts[mark.transcript_id].text[mark.start : mark.end]
        place = (mark.start, mark.end, count_words(text))
        passage = _passage(row, place, judges.get(mark.transcript_id, 1))
        codes = tuple(code for code in base.codes if code in set(rows["code"]))
        found.append(replace(passage, codes=codes, pinned=mark.reason))
    return found


def _allowed(passages: Iterable[Passage], marks: Sequence[Placed]) -> list[Passage]:
    """Passages without those that share words with an excluded one, of whatever theme."""
    barred: dict[str, list[Stretch]] = defaultdict(list)
    for mark in marks:
        if mark.kind == "excluded":
            barred[mark.transcript_id].append((mark.start, mark.end))
    return [
        passage
        for passage in passages
        if not any(
            start < passage.end and passage.start < end
            for start, end in barred.get(passage.transcript_id, ())
        )
    ]
