"""Make the tables of a small study from what people said and what coders marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from themetrail import contracts
from themetrail.config import Code, Codebook, Theme, schema, with_defaults
from themetrail.consensus import Consensus, decide
from themetrail.synthesis import Notes, synthesise
from themetrail.tables import frame

Talk = Mapping[str, Sequence[tuple[str, str]]]
"""Transcript to (who, words); "Q" asks."""


@dataclass
class Made:
    """The tables of one made-up study."""

    transcripts: pd.DataFrame
    turns: pd.DataFrame
    units: pd.DataFrame
    participants: pd.DataFrame
    spans: pd.DataFrame
    coverage: pd.DataFrame
    codebook: Codebook
    adjudications: pd.DataFrame = field(default_factory=lambda: frame([], contracts.ADJUDICATIONS))

    def text(self, transcript: str) -> str:
        """A transcript's canonical text."""
        return str(self.transcripts.set_index("transcript_id")["text"][transcript])

    def place(self, transcript: str, quote: str) -> tuple[int, int]:
        """Where words stand."""
        start = self.text(transcript).index(quote)
        return start, start + len(quote)

    def ruled(self, *rows: tuple[str, str, str, str, str]) -> Made:
        """The study with decisions: transcript, words, code, decision, new code."""
        table = [
            {
                "transcript_id": transcript,
                "start": self.place(transcript, quote)[0],
                "end": self.place(transcript, quote)[1],
                "code": code,
                "decision": decision,
                "new_code": new_code,
                "extent": "",
                "by": "judge",
                "on": "2021-11",
                "reason": "because",
                "file": "data/s/adjudications.csv",
                "line": line,
            }
            for line, (transcript, quote, code, decision, new_code) in enumerate(rows, start=2)
        ]
        self.adjudications = frame(table, contracts.ADJUDICATIONS)
        return self

    def decide(
        self, rule: str = "majority", extent: str = "union", site: str = "s", lead: str = ""
    ) -> Consensus:
        """What the coders' work becomes."""
        return decide(
            self.units,
            self.spans,
            self.coverage,
            self.adjudications,
            site=site,
            rule=rule,  # type: ignore[arg-type]
            extent=extent,  # type: ignore[arg-type]
            lead=lead,
            transcripts=self.transcripts,
        )

    def synthesise(
        self,
        themes: Sequence[Theme],
        summaries: pd.DataFrame | None = None,
        *,
        rule: str = "majority",
        notes: Notes | None = None,
        **changes: Any,
    ) -> dict[str, pd.DataFrame]:
        """The themes, with the default settings but for ``changes``."""
        decided = self.decide(rule)
        sites = dict(zip(self.transcripts["transcript_id"], self.transcripts["site"], strict=True))
        return synthesise(
            decided.segments.assign(site=decided.segments["transcript_id"].map(sites)),
            self.spans,
            self.units,
            self.turns,
            self.transcripts,
            self.participants,
            self.coverage,
            self.codebook,
            themes,
            synthesis_settings(**changes),
            summaries,
            notes=notes,
        )


def synthesis_settings(**changes: Any) -> dict[str, Any]:
    """The settings that the synthesis takes: the defaults, fewer random orders, and changes."""
    rules = with_defaults({"synthesis": {}, "report": {}}, schema("config"))
    chosen = {**rules["report"], **rules["synthesis"]}
    chosen["saturation"] = {**chosen["saturation"], "reorderings": 50}
    for name, value in changes.items():
        nested = isinstance(value, dict) and name in ("saturation", "quotes")
        chosen[name] = {**chosen[name], **value} if nested else value
    return chosen


def make(
    talk: Talk,
    codings: Sequence[tuple[str, ...]] = (),
    *,
    judged: Mapping[str, Sequence[str]] | None = None,
    sites: Mapping[str, str] | None = None,
    people: Mapping[str, Mapping[str, str]] | None = None,
    dates: Mapping[str, str] | None = None,
    codes: Sequence[str] = (),
) -> Made:
    """Make a study.

    Parameters
    ----------
    codings : coder, transcript, words, code and optionally a memo.
    judged : coder to transcripts; without it, those that the coder marked.
    people : person to attributes.
    codes : of the codebook, in order; further ones that codings use follow.
    """
    transcripts, turns = [], []
    for name, said in talk.items():
        text = ""
        for number, (who, words) in enumerate(said, start=1):
            text += f"{who}: "
            turns.append(
                {
                    "transcript_id": name,
                    "turn": number,
                    "speaker": who,
                    "role": "interviewer" if who == "Q" else "participant",
                    "participant_id": "" if who == "Q" else who,
                    "start": len(text),
                    "end": len(text) + len(words),
                    "n_words": len(words.split()),
                }
            )
            text += words + "\n\n"
        voices = list(dict.fromkeys(who for who, _ in said if who != "Q"))
        transcripts.append(_transcript(name, text, voices, sites or {}, dates))
    spans = [_span(row, {t["transcript_id"]: t["text"] for t in transcripts}) for row in codings]
    shares = judged or {
        coder: sorted({row[1] for row in codings if row[0] == coder})
        for coder in sorted({row[0] for row in codings})
    }
    order = list(dict.fromkeys([*codes, *(row[3] for row in codings)]))
    spoken = frame(turns, contracts.TURNS)
    return Made(
        frame(transcripts, contracts.TRANSCRIPTS),
        spoken,
        _units(spoken),
        _participants(transcripts, people or {}),
        frame(spans, contracts.SPANS),
        frame(
            [
                {"coder": coder, "transcript_id": t, "n_spans": 0, "basis": "assignment"}
                for coder, names in shares.items()
                for t in names
            ],
            contracts.COVERAGE,
        ),
        Codebook(tuple(Code(code, code) for code in order)),
    )


def _units(turns: pd.DataFrame) -> pd.DataFrame:
    own = turns[turns["role"] == "participant"]
    return frame(
        own.assign(unit=own["turn"])[contracts.UNITS.names].to_dict("records"), contracts.UNITS
    )


def _transcript(
    name: str,
    text: str,
    voices: list[str],
    sites: Mapping[str, str],
    dates: Mapping[str, str] | None,
) -> dict[str, Any]:
    row = dict.fromkeys(contracts.TRANSCRIPTS.names, "")
    return row | {
        "transcript_id": name,
        "site": sites.get(name, "s"),
        "status": "ready",
        "text": text,
        "n_chars": len(text),
        "n_words": 0,
        "n_turns": 0,
        "participants": ";".join(voices),
        "date": "2021-01" if dates is None else dates.get(name, ""),
        "duration_min": float("nan"),
    }


def _participants(
    transcripts: list[dict[str, Any]], people: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    rows = {
        person: {"participant_id": person, "site": t["site"], "n_transcripts": 1}
        | dict(people.get(person, {}))
        for t in transcripts
        for person in t["participants"].split(";")
    }
    return frame(rows.values(), contracts.PARTICIPANTS)


def _span(row: tuple[str, ...], texts: Mapping[str, str]) -> dict[str, Any]:
    coder, transcript, quote, code = row[:4]
    start = texts[transcript].index(quote)
    end = start + len(quote)
    return {
        "span_id": "/".join((transcript, coder, str(start), str(end), code)),
        "coder": coder,
        "transcript_id": transcript,
        "start": start,
        "end": end,
        "code": code,
        "code_as_coded": code,
        "memo": row[4] if len(row) > 4 else "",
        "coded_at": "",
        "source": f"data/s/codings/{coder}.csv",
        "row": 2,
        "anchor": "exact",
        "moved_by": 0,
    }


@dataclass
class Demo:
    """The demonstration study's tables, all sites together."""

    study: Any
    tables: dict[str, pd.DataFrame]
    problems: list[Any]


def demo_tables(root: Any) -> Demo:
    """Read the demonstration study up to its consensus."""
    from themetrail.coding import CodingSettings
    from themetrail.coding import read_site as read_coding
    from themetrail.config import load
    from themetrail.consensus import read_adjudications
    from themetrail.errors import Problems
    from themetrail.intake import read_site
    from themetrail.intake.configured import intake_settings

    study, problems = load(root)
    settings = intake_settings(
        root,
        intake=study.settings["intake"],
        disclosure=study.settings["disclosure"],
        unit=study.settings["analysis"]["unit"],
        dropped=[],
        problems=Problems(),
    )
    found: dict[str, list[pd.DataFrame]] = {}
    rows = list(problems.errors)
    for site in study.active_sites:
        raw = read_site(root, site.site, settings)
        coded = read_coding(
            root, site.site, raw.transcripts, raw.turns, study.codebook, CodingSettings()
        )
        ruled, wrong = read_adjudications(
            root, site.site, raw.transcripts, raw.turns, study.codebook
        )
        made = decide(
            raw.units,
            coded.spans,
            coded.coverage,
            ruled,
            site=site.site,
            transcripts=raw.transcripts,
            **study.settings["consensus"],
        )
        rows += [*wrong, *made.problems]
        parts = {
            "transcripts": raw.transcripts,
            "turns": raw.turns,
            "units": raw.units,
            "participants": raw.participants,
            "spans": coded.spans,
            "coverage": coded.coverage,
            "adjudications": ruled,
            "decisions": made.decisions,
            "segments": made.segments,
        }
        for name, table in parts.items():
            found.setdefault(name, []).append(table)
    joined = {name: pd.concat(parts, ignore_index=True) for name, parts in found.items()}
    return Demo(study, joined, rows)
