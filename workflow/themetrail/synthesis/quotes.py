"""The quotations of the paper: what could be printed, what is, and under which name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from themetrail.coding.passage import Transcript
from themetrail.consensus.overlap import by_row, touching
from themetrail.contracts import QUOTES
from themetrail.synthesis.base import Base, bearing_codes, split
from themetrail.synthesis.choice import Chosen, Limits, Passage, choose
from themetrail.synthesis.excerpt import Excerpt, Speech, Stretch, excerpt
from themetrail.synthesis.marks import Placed
from themetrail.tables import each, frame, records

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

UNKNOWN_VOICE = "\x1f"


@dataclass(frozen=True)
class Sources:
    """What quotations are taken from besides the consensus.

    Attributes
    ----------
    texts : coded transcripts by id.
    turns, spans, coverage, counter : contracts turns, spans, coverage and counter_examples.
    marks : passages that themes.yaml singles out.
    """

    texts: Mapping[str, Transcript]
    turns: pd.DataFrame
    spans: pd.DataFrame
    coverage: pd.DataFrame
    counter: pd.DataFrame
    marks: Sequence[Placed]

    def speech(self, transcript_id: str) -> Speech:
        """A text with what participants say in it.

        The one asked for last is kept: who asks in the order of the transcripts has each made
        once, and the memory of one.
        """
        import numpy as np

        kept = self._last.get(transcript_id)
        if kept is None:
            columns, rows = self._said
            here = rows.get(transcript_id, np.zeros(0, dtype=np.intp))
            said = zip(*(column[here].tolist() for column in columns), strict=True)
            kept = Speech(self.texts[transcript_id].text, list(said))
            self._last.clear()
            self._last[transcript_id] = kept
        return kept

    @cached_property
    def _last(self) -> dict[str, Speech]:
        """The speech asked for last, by transcript."""
        return {}

    @cached_property
    def _said(self) -> tuple[list[NDArray[Any]], dict[str, NDArray[np.intp]]]:
        """Start, end and speaker of participants' turns, and each transcript's rows of them."""
        import numpy as np

        own = self.turns[self.turns["role"] == "participant"]
        groups = own.groupby("transcript_id").indices.items()
        columns = [own["start"].to_numpy(), own["end"].to_numpy()]
        columns.append(own["participant_id"].to_numpy(dtype=object))
        return columns, {str(name): np.asarray(rows, dtype=np.intp) for name, rows in groups}

    @cached_property
    def judges(self) -> dict[str, int]:
        """Transcript to the number of coders who judged it."""
        counts = self.coverage.groupby("transcript_id")["coder"].nunique()
        return {str(name): int(n) for name, n in counts.items()}


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
    bounds = (int(settings["min_words"]), int(settings["max_words"]))
    limits = Limits(
        settings["per_theme"], settings["counter"], settings["per_person"], sum(bounds) / 2
    )
    free = [*_supporting(base, sources, bounds), *_against(base, sources, bounds)]
    passages = _with_codes([*_pinned(base, sources), *_allowed(free, sources.marks)], base)
    themes = [theme.id for theme in base.themes]
    chosen = choose(themes, passages, limits, labels)
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


def _passage(row: Mapping[str, Any], words: Excerpt, sources: Sources) -> Passage:
    """A segment's words as a passage; its codes come later."""
    where = row["transcript_id"]
    speaker = row["participant_id"] or sources.speech(where).speaker(words.start)
    n_coders = len(split(row.get("coders", "")))
    return Passage(
        theme=row["theme"],
        segment_id=row["segment_id"],
        transcript_id=where,
        voice=speaker or UNKNOWN_VOICE + where,
        site=row["site"],
        code=row["code"],
        codes=(),
        start=words.start,
        end=words.end,
        n_words=words.n_words,
        how=words.how,
        n_coders=n_coders,
        n_judges=max(sources.judges.get(where, 1), n_coders, 1),
        decided_by=row.get("decided_by", ""),
        against=row["why"],
    )


def _supporting(base: Base, sources: Sources, bounds: tuple[int, int]) -> list[Passage]:
    """What each supporting segment could give, without words that partly speak against."""
    rows = base.bearing[base.bearing["why"] == ""].reset_index(drop=True)
    found = list(_excerpts(rows, sources, bounds))
    against = records(sources.counter)
    barred = [(r["theme"], r["transcript_id"], (r["start"], r["end"])) for r in against]
    return _without(found, barred)


def _excerpts(rows: pd.DataFrame, sources: Sources, bounds: tuple[int, int]) -> Iterator[Passage]:
    """Each segment's quotable words, where it has any."""
    ordered = rows.sort_values("transcript_id", kind="stable", ignore_index=True)
    for row, marked in zip(each(ordered), _marked(ordered, sources.spans), strict=True):
        segment = (row["start"], row["end"])
        words = excerpt(sources.speech(row["transcript_id"]), segment, marked, *bounds)
        if words is not None:
            yield _passage(row, words, sources)


def _marked(rows: pd.DataFrame, spans: pd.DataFrame) -> Iterator[list[Stretch]]:
    """For each segment the stretches that coders marked with its code."""
    left, right = touching(rows, spans)
    same = rows["code"].to_numpy()[left] == spans["code"].to_numpy()[right]
    stretches = spans[["start", "end"]].to_numpy()
    for found in by_row(left[same], right[same], len(rows)):
        yield [(start, end) for start, end in stretches[found].tolist()]


def _against(base: Base, sources: Sources, bounds: tuple[int, int]) -> list[Passage]:
    """What speaks against: the words that themes.yaml names, as given, and segments' words."""
    import pandas as pd

    backing = base.named(sources.counter["segment_id"])
    chosen = {
        (mark.theme, mark.transcript_id, mark.stretch)
        for mark in sources.marks
        if mark.kind == "counter"
    }
    found, by_code = [], []
    for row in records(sources.counter):
        full = {**backing.get(row["segment_id"], {}), **row}
        if (row["theme"], row["transcript_id"], (row["start"], row["end"])) in chosen:
            found.append(_as_given(full, sources))
        else:
            by_code.append(full)
    columns = list(dict.fromkeys([*sources.counter.columns, *base.segments.columns]))
    full_rows = pd.DataFrame(by_code, columns=columns)
    return [*found, *_excerpts(full_rows, sources, bounds)]


def _as_given(row: Mapping[str, Any], sources: Sources) -> Passage:
    """Exactly the words that the analyst chose."""
    stretch = (row["start"], row["end"])
    speech = sources.speech(row["transcript_id"])
    words = Excerpt(*stretch, speech.count(*stretch), "whole")
    return _passage(row, words, sources)


def _pinned(base: Base, sources: Sources) -> list[Passage]:
    """The analyst's own choice, on the segment that shares most of it."""
    backing = base.named(mark.segment_id for mark in sources.marks)
    against = records(sources.counter)
    barred = [(r["theme"], r["transcript_id"], r["start"], r["end"], r["why"]) for r in against]
    found = []
    for mark in sources.marks:
        if mark.kind == "pinned":
            whys = [
                why
                for theme, where, start, end, why in barred
                if (theme, where) == (mark.theme, mark.transcript_id)
                and start < mark.end
                and mark.start < end
            ]
            place = {"theme": mark.theme, "start": mark.start, "end": mark.end}
            row = {**backing[mark.segment_id], **place, "why": whys[0] if whys else ""}
            found.append(replace(_as_given(row, sources), pinned=mark.reason))
    return found


def _with_codes(passages: list[Passage], base: Base) -> list[Passage]:
    """Passages with the codes of their theme that bear on their words."""
    import pandas as pd

    if not passages:
        return []
    places = pd.DataFrame(
        {
            "transcript_id": [passage.transcript_id for passage in passages],
            "start": [passage.start for passage in passages],
            "end": [passage.end for passage in passages],
        }
    )
    bears = {theme.id: set(bearing_codes(theme)) for theme in base.themes}
    codes = base.segments["code"].to_numpy()
    touched = by_row(*touching(places, base.segments), len(passages))
    found = (
        bears[passage.theme].intersection(codes[rows])
        for passage, rows in zip(passages, touched, strict=True)
    )
    return [
        replace(passage, codes=tuple(code for code in base.codes if code in here))
        for passage, here in zip(passages, found, strict=True)
    ]


def _allowed(passages: list[Passage], marks: Sequence[Placed]) -> list[Passage]:
    """Passages without those that share words with an excluded one, of whatever theme."""
    excluded = [mark for mark in marks if mark.kind == "excluded"]
    return _without(passages, [("", mark.transcript_id, mark.stretch) for mark in excluded])


def _without(passages: list[Passage], barred: Sequence[tuple[str, str, Stretch]]) -> list[Passage]:
    """Passages that share no words with these places, each of one theme or ("") of all."""
    places: dict[tuple[str, str], list[Stretch]] = defaultdict(list)
    for theme, where, stretch in barred:
        places[theme, where].append(stretch)
    return [
        passage
        for passage in passages
        if not any(
            start < passage.end and passage.start < end
            for theme in ("", passage.theme)
            for start, end in places.get((theme, passage.transcript_id), ())
        )
    ]
