"""Synthesis: from the segments of the consensus to themes, and to what a paper may quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from themetrail.config import Codebook, Theme
from themetrail.synthesis.matrix import evidence_hash, read_summaries
from themetrail.synthesis.notes import Notes, read_notes
from themetrail.yamlfile import Place

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Notes", "evidence_hash", "read_notes", "read_summaries", "synthesise", "vary"]


def synthesise(
    segments: pd.DataFrame,
    spans: pd.DataFrame,
    units: pd.DataFrame,
    turns: pd.DataFrame,
    transcripts: pd.DataFrame,
    participants: pd.DataFrame,
    coverage: pd.DataFrame,
    codebook: Codebook,
    themes: Sequence[Theme],
    settings: Mapping[str, Any],
    summaries: pd.DataFrame | None = None,
    lines: Mapping[Place, int] | None = None,
    notes: Notes | None = None,
) -> dict[str, pd.DataFrame]:
    """Put the consensus of all sites together into themes.

    Who is counted: people with at least one transcript that somebody coded. Transcripts that wait
    for coding are never silence.

    Parameters
    ----------
    segments, spans, units, turns, transcripts, participants, coverage : the contracts
        of those names, all sites together.
    codebook, themes : the study's.
    settings : the keys of config.yaml's sections ``synthesis`` and ``report`` that are used here
        (seed, groups, tests, permutations, quantifiers, saturation, quotes, min_cell,
        attribution); ``sites``, folder name to label, for what is printed; and ``approach``, the
        kind of analysis, where tests are asked for.
    summaries : contract ``framework_summaries``, from ``read_summaries``; none where absent.
    lines : the lines of themes.yaml, from ``read_themes``, for what is wrong there.
    notes : the interview guide, what was asked, and meanings of codes, from ``read_notes``.

    Returns
    -------
    tables : themes, reach, asked, frameworks, framework_matrix, counter_examples, cooccurrence,
        saturation, saturation_reorderings, meaning_saturation, subgroups, code_clusters,
        code_tree, second_opinion, code_appearance, coding_density, quotes, problems; each under
        the contract of its name.
    """
    from themetrail.coding.site import transcripts_of
    from themetrail.contracts import PROBLEMS, SUMMARIES
    from themetrail.report.smallnumbers import numbered
    from themetrail.synthesis.asked import asked_table
    from themetrail.synthesis.attribution import attributions
    from themetrail.synthesis.base import gather, unheard
    from themetrail.synthesis.clusters import clusters_tables
    from themetrail.synthesis.cooccurrence import cooccurrence_table
    from themetrail.synthesis.counter import counter_table
    from themetrail.synthesis.evenness import appearance_table, density_table
    from themetrail.synthesis.marks import flagged_table, place_marks, transcripts_marked
    from themetrail.synthesis.matrix import matrix_table
    from themetrail.synthesis.meaning import meaning_table
    from themetrail.synthesis.quotes import Sources, quotes_table
    from themetrail.synthesis.reach import frameworks_table, reach_table, themes_table
    from themetrail.synthesis.saturation import saturation_table
    from themetrail.synthesis.subgroups import Asked, subgroups_table
    from themetrail.tables import frame

    coded = transcripts[transcripts["transcript_id"].isin(set(coverage["transcript_id"]))]
    # Words are looked for in the transcripts that themes.yaml names, and by turns there alone.
    texts = transcripts_of(coded, turns[turns["transcript_id"].isin(transcripts_marked(themes))])
    marks, problems = place_marks(themes, texts, segments, lines or {})
    base = gather(
        segments, transcripts, participants, coverage, codebook, themes, flagged_table(marks)
    )
    labels = settings.get("sites", {})
    least = settings["min_cell"]
    numbers = numbered(participants, set(base.people["participant_id"]), least)
    attribution = attributions(participants, settings["attribution"], least, labels, numbers)
    written = frame([], SUMMARIES) if summaries is None else summaries
    matrix, unused = matrix_table(base, written)
    saturation, reorderings, undated = saturation_table(
        base, settings["saturation"], settings["seed"]
    )
    given = notes or Notes()
    bodies = dict(zip(coded["transcript_id"], coded["text"], strict=True))
    asked, unasked = asked_table(base, given, turns, bodies)
    meanings, unmeant = meaning_table(base, given)
    counter = counter_table(base, marks, texts, turns)
    together = cooccurrence_table(base)
    compared = Asked(settings["tests"], settings.get("approach", ""))
    sources = Sources(texts, turns, spans, coverage, counter, marks)
    return {
        "themes": themes_table(base, counter, settings["quantifiers"]),
        "reach": reach_table(base, settings["groups"]),
        "asked": asked,
        "frameworks": frameworks_table(base),
        "framework_matrix": matrix,
        "counter_examples": counter,
        "cooccurrence": together,
        **clusters_tables(base, together, settings["permutations"], settings["seed"]),
        "code_appearance": appearance_table(base),
        "coding_density": density_table(base, turns, coverage),
        "subgroups": subgroups_table(base, units, settings["groups"], compared),
        "saturation": saturation,
        "saturation_reorderings": reorderings,
        "meaning_saturation": meanings,
        "quotes": quotes_table(base, sources, settings["quotes"], attribution, labels),
        "problems": frame(
            [*problems, *unused, *unasked, *unmeant, *undated, *unheard(base)], PROBLEMS
        ),
    }


def vary(
    parts: Iterable[Mapping[str, pd.DataFrame]],
    themes: Sequence[Theme],
    settings: Mapping[str, Any],
) -> pd.DataFrame:
    """Say what would have come out otherwise: contract ``robustness``.

    Parameters
    ----------
    parts : one or more sites each: transcripts, turns, spans, coverage and adjudications, under
        the contracts of those names. What reads them one after the other needs memory for one.
    themes : the study's.
    settings : unit, rule, extent, lead, quantifiers.
    """
    from themetrail.synthesis.robustness import evidence_of, robustness_table

    choices = {name: settings[name] for name in ("unit", "rule", "extent", "lead")}
    evidence = (site for tables in parts for site in evidence_of(tables, choices))
    return robustness_table(
        evidence, themes, settings["rule"], settings["unit"], settings["quantifiers"]
    )
