"""Every table that passes between stages: its columns, their types, meaning and key.

The reference page ``docs/reference/tables.md`` is made from these declarations, and every
table is checked against its own on writing (``themetrail.tables``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["str", "int", "float", "bool"]


@dataclass(frozen=True)
class Column:
    """One column: its name, type, meaning, and whether a value may be missing."""

    name: str
    type: ColumnType
    meaning: str
    optional: bool = False


@dataclass(frozen=True)
class Contract:
    """One table: its name, what a row is, columns in order, and the columns that identify a row.

    ``free`` allows further columns of text after the declared ones (participants' attributes).
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    free: bool = False

    @property
    def names(self) -> list[str]:
        """The declared column names, in order."""
        return [column.name for column in self.columns]


def _text(name: str, meaning: str, *, optional: bool = False) -> Column:
    return Column(name, "str", meaning, optional)


def _count(name: str, meaning: str, *, optional: bool = False) -> Column:
    return Column(name, "int", meaning, optional)


def _real(name: str, meaning: str, *, optional: bool = True) -> Column:
    return Column(name, "float", meaning, optional)


SITE = _text("site", "the site's folder name")
TRANSCRIPT = _text("transcript_id", "the transcript's file name without its extension")
PARTICIPANT = _text("participant_id", "who speaks; empty for the interviewer", optional=True)
START = _count("start", "first character, in Unicode code points of the canonical text, from 0")
END = _count("end", "one past the last character")
CODE = _text("code", "code id of the codebook")
THEME = _text("theme", "theme id")

PROBLEMS = Contract(
    "problems",
    "something that could not be read, placed or matched",
    (
        _text("severity", "error (stops the paper), warning or note"),
        _text("kind", "a stable slug"),
        _text("site", "the site's folder name; empty for the study's own files", optional=True),
        _text("file", "path relative to the study folder"),
        _count("line", "1-based line or row, where there is one", optional=True),
        _text("message", "what was found and what was expected"),
        _text("remedy", "how to mend it", optional=True),
    ),
    (),
)

# ---------------------------------------------------------------------------- intake
TRANSCRIPTS = Contract(
    "transcripts",
    "one interview (or other document)",
    (
        TRANSCRIPT,
        SITE,
        _text("file", "path relative to the study folder"),
        _text("format", "txt, md, docx, vtt, …"),
        _text("encoding", "how the bytes were decoded"),
        _text("sha256", "of the original file's bytes"),
        _text("text_sha256", "of the canonical text in UTF-8"),
        _text("status", "ready, or held (the disclosure gate keeps its text back)"),
        _text("text", "the canonical text; empty where held"),
        _count("n_chars", "code points of the canonical text"),
        _count("n_words", "words spoken, all turns"),
        _count("n_turns", "turns, all speakers"),
        _text("participants", "participant ids, joined by ';'"),
        _text("interviewer", "who interviewed", optional=True),
        _text("date", "as given", optional=True),
        _text("mode", "in_person, video, telephone, …", optional=True),
        _real("duration_min", "minutes"),
        _text("language", "as given", optional=True),
    ),
    ("transcript_id",),
)
TURNS = Contract(
    "turns",
    "one speaker's uninterrupted turn; [start, end) covers what was said, not the label",
    (
        TRANSCRIPT,
        _count("turn", "1-based position in the transcript"),
        _text("speaker", "the label as the file has it; empty for a document without speakers"),
        _text("role", "participant, interviewer or other"),
        PARTICIPANT,
        START,
        END,
        _count("n_words", "words of the turn"),
    ),
    ("transcript_id", "turn"),
)
UNITS = Contract(
    "units",
    "one unit of analysis (config: analysis.unit); interviewers' turns are not units",
    (
        TRANSCRIPT,
        _count("unit", "1-based position in the transcript"),
        _count("turn", "the turn it lies in; 0 for a whole document"),
        PARTICIPANT,
        START,
        END,
    ),
    ("transcript_id", "unit"),
)
PARTICIPANTS = Contract(
    "participants",
    "one person interviewed",
    (
        _text("participant_id", "the person's pseudonym"),
        SITE,
        _count("n_transcripts", "transcripts in which the person speaks"),
    ),
    ("participant_id",),
    free=True,
)
DROPPED = Contract(
    "dropped",
    "a person or transcript left out; a tombstone without the id",
    (
        SITE,
        _text("what", "participant or transcript"),
        _text("why", "excluded or withdrawn"),
        _text("on", "date as recorded", optional=True),
        _text("reason", "as recorded, for exclusions; empty for withdrawals", optional=True),
    ),
    (),
)
DISCLOSURE = Contract(
    "disclosure",
    "a place that looks like an identifier; the identifier itself is never written",
    (
        SITE,
        _text("file", "path relative to the study folder"),
        _count("line", "1-based line of the file's text"),
        _text("kind", "nhs_number, ni_number, postcode, phone, email, date_of_birth, …"),
        _text("severity", "hard (stops the run) or soft"),
        Column("allowed", "bool", "whether an allow-list entry covers it"),
        _text("reason", "the allow-list entry's reason", optional=True),
    ),
    (),
)

# ---------------------------------------------------------------------------- coding
SPANS = Contract(
    "spans",
    "one coding: a coder put a code on a stretch of a transcript",
    (
        _text("span_id", "stable: made from transcript, coder, start, end and code"),
        _text("coder", "who coded"),
        TRANSCRIPT,
        START,
        END,
        CODE,
        _text("code_as_coded", "the code as the coder's file has it, before the change log"),
        _text("memo", "the coder's note", optional=True),
        _text("coded_at", "as the file has it", optional=True),
        _text("source", "the coder's file, relative to the study folder"),
        _count("row", "1-based line, row or position in that file"),
        _text("anchor", "exact, or moved (placed through the coder's own copy of the text)"),
        _count("moved_by", "how far the start moved, in code points; 0 where exact"),
    ),
    ("span_id",),
)
COVERAGE = Contract(
    "coverage",
    "a coder judged a transcript: what they left unmarked there is absent, not missing",
    (
        _text("coder", "who coded"),
        TRANSCRIPT,
        _count("n_spans", "codings there"),
        _text("basis", "assignment, or codings (no assignments.csv and at least one coding)"),
    ),
    ("coder", "transcript_id"),
)

# ---------------------------------------------------------------------------- reliability
PATTERNS = Contract(
    "patterns",
    "how many units of a transcript show one pattern of ratings: the sufficient statistics",
    (
        TRANSCRIPT,
        _text("kind", "code or theme (marked with any code of the theme)"),
        _text("code", "code id or theme id"),
        _text("coders", "who judged the transcript, in order, joined by ';'"),
        _text("ratings", "a character a coder: 1 marked, 0 unmarked, . missing"),
        _count("n_units", "units that show the pattern"),
    ),
    ("transcript_id", "kind", "code", "coders", "ratings"),
)
COEFFICIENTS = Contract(
    "coefficients",
    "one agreement coefficient",
    (
        _text("level", "study, site, theme, code or pair (of coders)"),
        _text("site", "site, where the level or the cell is one site's", optional=True),
        _text("code", "code or theme id; empty where codes are pooled", optional=True),
        _text("coders", "coders compared, joined by ';'"),
        _text("coefficient", "statistic name, docs/reliability/"),
        _real("estimate", "the coefficient; missing where undefined, see note"),
        _real("se", "standard error, by the method named"),
        _real("ci_low", "lower end of the interval"),
        _real("ci_high", "upper end of the interval"),
        _text("method", "how the interval was made", optional=True),
        _count("n_units", "units judged by at least two coders"),
        _count("n_clusters", "transcripts resampled"),
        _count("n_coders", "coders"),
        _real("prevalence", "share of ratings that are marks"),
        _count("n_unusable", "bootstrap replicates without a value", optional=True),
        _text("note", "why undefined or doubtful; machine-readable", optional=True),
    ),
    ("level", "site", "code", "coders", "coefficient"),
)
DISAGREEMENTS = Contract(
    "disagreements",
    "one unit and code on which coders who judged it differ",
    (
        TRANSCRIPT,
        _count("unit", "unit of analysis"),
        CODE,
        START,
        END,
        _text("marked_by", "coders who marked it, joined by ';'"),
        _text("unmarked_by", "coders who judged the transcript and did not, joined by ';'"),
    ),
    ("transcript_id", "unit", "code"),
)

# ---------------------------------------------------------------------------- consensus
ADJUDICATIONS = Contract(
    "adjudications",
    "a person's decision on a passage and code, placed on the text",
    (
        TRANSCRIPT,
        START,
        END,
        CODE,
        _text("decision", "keep, drop or change"),
        _text("new_code", "where change moves the markings", optional=True),
        _text(
            "extent",
            "quote where a segment kept covers the passage as quoted; else empty",
            optional=True,
        ),
        _text("by", "who decided", optional=True),
        _text("on", "when, as given", optional=True),
        _text("reason", "why"),
        _text("file", "path relative to the study folder"),
        _count("line", "1-based line of that file"),
    ),
    (),
)
DECISIONS = Contract(
    "decisions",
    "one unit and code that a coder marked (or markings were moved to), and what became of it",
    (
        SITE,
        TRANSCRIPT,
        _count("unit", "unit of analysis"),
        CODE,
        START,
        END,
        _text("marked_by", "coders who marked it, joined by ';'"),
        _text("unmarked_by", "coders who judged the transcript and did not, joined by ';'"),
        _text("outcome", "keep, drop, or change (its markings were moved to new_code)"),
        _text("new_code", "where an adjudicator moved the markings", optional=True),
        _text("decided_by", "unanimous, adjudication, or the rule's name"),
        _text("by", "the adjudicator", optional=True),
        _text("on", "date of the adjudication", optional=True),
        _text("reason", "the adjudicator's reason", optional=True),
    ),
    ("transcript_id", "unit", "code"),
)
SEGMENTS = Contract(
    "segments",
    "one coded segment of the consensus: what every later stage counts and quotes",
    (
        _text("segment_id", "stable: made from transcript, place, words and code"),
        SITE,
        TRANSCRIPT,
        _text("participant_id", "who says it"),
        _count("unit", "unit of analysis"),
        _count("turn", "turn"),
        START,
        END,
        CODE,
        _text("coders", "coders who marked it, joined by ';'"),
        _text("decided_by", "unanimous, adjudication, or the rule's name"),
        _text("stance", "supports, or counter where an adjudicator or coder flags it so"),
    ),
    ("segment_id",),
)

# ---------------------------------------------------------------------------- synthesis
THEMES = Contract(
    "themes",
    "one theme and who speaks to it",
    (
        THEME,
        _text("title", "from themes.yaml"),
        _text("claim", "from themes.yaml"),
        _count("n_codes", "codes of the theme"),
        _count("n_segments", "consensus segments with a code that bears on the theme, either way"),
        _count("n_participants", "people with at least one segment"),
        _count("of_participants", "people with a coded transcript"),
        _count("n_sites", "sites with at least one segment"),
        _count("of_sites", "sites with a coded transcript"),
        _text("quantifier", "the configured word for n_participants of of_participants"),
        _real("top_two_share", "share of the segments that the two most quoted people supply"),
        _count("n_counter", "passages that speak against the claim (counter_examples)"),
        _count("n_counter_participants", "people with at least one of those"),
        _count("n_support_participants", "people with at least one segment that does not"),
    ),
    ("theme",),
)
REACH = Contract(
    "reach",
    "how many people of a group speak to a theme, subtheme or code",
    (
        _text("kind", "theme, subtheme or code"),
        _text("code", "theme id, theme id and title of the subtheme with ': ' between, or code id"),
        _text("attribute", "all, site, or a participant attribute"),
        _text("group", "its value"),
        _count("n", "people of the group with at least one segment"),
        _count("of", "people of the group with a coded transcript"),
    ),
    ("kind", "code", "attribute", "group"),
)
FRAMEWORK_MATRIX = Contract(
    "framework_matrix",
    "one person × theme",
    (
        _text("participant_id", "case"),
        SITE,
        THEME,
        _count("n_segments", "segments"),
        _text("codes", "codes used, joined by ';'"),
        _text("segment_ids", "joined by ';'"),
        _text("summary", "the analyst's summary, from a tracked file", optional=True),
        _text("status", "empty, to write, current, or stale (its evidence changed)"),
        _text("evidence", "what a summary written now rests on: a hash of the segment ids"),
    ),
    ("participant_id", "theme"),
)
SUMMARIES = Contract(
    "framework_summaries",
    "the analyst's summary of one person × theme (data/framework_summaries.tsv)",
    (
        _text("participant_id", "case"),
        THEME,
        _text("summary", "the analyst's words"),
        _text("evidence", "the matrix's evidence hash when it was written", optional=True),
    ),
    ("participant_id", "theme"),
)
INTERVIEW_GUIDE = Contract(
    "interview_guide",
    "a question of the interview guide (data/interview_guide.tsv)",
    (
        _text("question", "a short id"),
        _text("text", "the question"),
        _text("about", "ids of the themes and codes that it is about, joined by ';'"),
    ),
    ("question",),
)
QUESTIONS_ASKED = Contract(
    "questions_asked",
    "a question of the guide put in an interview (data/questions_asked.tsv)",
    (
        TRANSCRIPT,
        _text(
            "question",
            "the question's id; empty where the interview was read and none was put: an interview "
            "without any row is one that nobody has looked through",
            optional=True,
        ),
        _text("quote", "the interviewer's words, verbatim", optional=True),
    ),
    ("transcript_id", "question"),
)
CODE_MEANINGS = Contract(
    "code_meanings",
    "a facet of a code that an interview brings, by an analyst (data/code_meanings.tsv)",
    (
        TRANSCRIPT,
        CODE,
        _text("meaning", "the facet, in the same words wherever it occurs"),
    ),
    ("transcript_id", "code", "meaning"),
)
ASKED_TABLE = Contract(
    "asked",
    "a theme or code that the interview guide asks about: who was asked, and who spoke to it",
    (
        _text("kind", "theme or code"),
        _text("code", "theme id or code id"),
        _count("of_participants", "people with a coded transcript"),
        _count("n_known", "of these, people of whose interviews it is known what was asked"),
        _count("n_asked", "of those, people who were asked"),
        _count("n_asked_spoke", "people asked who speak to it"),
        _count("n_asked_silent", "people asked who do not"),
        _count("n_unasked_spoke", "people not asked who speak to it"),
        _count("n_unasked_silent", "people not asked who do not"),
        _count("n_unknown_silent", "people who do not, and it is not known whether asked"),
    ),
    ("kind", "code"),
)
MEANING_SATURATION = Contract(
    "meaning_saturation",
    "a code with notes on its facets: when it was first seen, and when it last gained one",
    (
        CODE,
        _count("n_interviews", "interviews whose consensus has the code"),
        _count("n_noted", "of these, interviews with notes"),
        _count("n_meanings", "facets noted"),
        _count("first_position", "interview, in the order held, that has the code first"),
        _count("last_new_position", "interview that was the last to bring a new facet"),
        _text("last_new_transcript", "that interview"),
    ),
    ("code",),
)
COUNTER = Contract(
    "counter_examples",
    "a passage that speaks against a theme's claim",
    (
        THEME,
        _text("segment_id", "consensus segment; a name of its own (p…) where nobody coded it"),
        _text("participant_id", "who says it"),
        SITE,
        TRANSCRIPT,
        START,
        END,
        _text("code", "the segment's code; empty where nobody coded it", optional=True),
        _text("text", "its words"),
        _text("why", "counter code, flagged by a coder, or named in themes.yaml with the reason"),
    ),
    ("theme", "segment_id", "start", "end"),
)
COOCCURRENCE = Contract(
    "cooccurrence",
    "a pair of codes at one level",
    (
        _text("level", "span (overlapping segments), turn or participant"),
        _text("code_a", "code id, before code_b in the codebook"),
        _text("code_b", "code id"),
        _count("n", "overlapping pairs of segments, or turns or people with both"),
        _count("n_a", "segments, turns or people with code_a"),
        _count("n_b", "with code_b"),
        _real("jaccard", "n / (n_a + n_b - n)"),
        _real(
            "expected",
            "mean n over all ways to shuffle each person's codes among their segments; missing at "
            "the level of people, which shuffling within a person can't change",
        ),
    ),
    ("level", "code_a", "code_b"),
)
SATURATION = Contract(
    "saturation",
    "one interview in the order held: what it added",
    (
        _count("position", "1-based order"),
        TRANSCRIPT,
        SITE,
        _count("n_codes", "codes in this interview"),
        _count("n_new", "codes not seen before"),
        _count("n_cumulative", "codes seen so far"),
        _real("new_share", "new codes of the run that ends here / codes of the base"),
        Column("saturated", "bool", "new_share at or below the threshold"),
        _real("reordered_mean", "mean codes seen after as many interviews in random orders"),
        _real("reordered_low", "their 5th percentile"),
        _real("reordered_high", "their 95th percentile"),
    ),
    ("position",),
)
SATURATION_REORDERINGS = Contract(
    "saturation_reorderings",
    "one choice of base, run and threshold (the study's own first): when it says saturated",
    (
        _count("base", "interviews of the base"),
        _count("run", "interviews of a run"),
        _real("threshold", "new information at or below which saturation is reached"),
        Column("overlap", "bool", "whether runs slide by one interview"),
        _count("n_interviews", "coded interviews"),
        _count("held_at", "interview at which it is reached in the order held", optional=True),
        _count("n_reorderings", "random orders"),
        _real("share_reached", "share of them that reach it"),
        _real("median_at", "interview by which half of the orders reached it; missing if fewer"),
        _real("low_at", "by which 5% did"),
        _real("high_at", "by which 95% did"),
    ),
    ("base", "run", "threshold"),
)
CODE_APPEARANCE = Contract(
    "code_appearance",
    "one code: how far it reaches, and where it was first seen",
    (
        CODE,
        _count("n_segments", "consensus segments"),
        _count("n_transcripts", "interviews with at least one"),
        _count("n_participants", "people with at least one"),
        _count("of_participants", "people with a coded transcript"),
        _count("n_sites", "sites with at least one"),
        _count("first_position", "interview, in the order held, that has it first", optional=True),
        _text("first_transcript", "that interview", optional=True),
    ),
    ("code",),
)
CODING_DENSITY = Contract(
    "coding_density",
    "one coded interview: how densely it was coded",
    (
        TRANSCRIPT,
        SITE,
        _count("n_coders", "coders who judged it"),
        _count("n_words", "words spoken by participants"),
        _count("n_segments", "consensus segments"),
        _count("n_codes", "codes"),
        _real("per_1000_words", "segments per 1,000 words of participants"),
        Column("outlying", "bool", "modified z score beyond 3.5 (Iglewicz & Hoaglin 1993)"),
    ),
    ("transcript_id",),
)
FRAMEWORKS = Contract(
    "frameworks",
    "one construct of an implementation framework that themes or codes are mapped to",
    (
        _text("framework", "NASSS, CFIR, NPT or another"),
        _text("construct", "as themes.yaml or codebook.yaml has it"),
        _text("themes", "themes mapped to it, joined by ';'", optional=True),
        _text("codes", "codes counted for it: mapped to it, else those of its themes; by ';'"),
        _count("n_segments", "consensus segments of these codes, each once"),
        _count("n_participants", "people with at least one"),
        _count("of_participants", "people with a coded transcript"),
        _count("n_sites", "sites with at least one"),
    ),
    ("framework", "construct"),
)
SUBGROUPS = Contract(
    "subgroups",
    "one theme or code in one group of people against everybody else whose group is stated",
    (
        _text("kind", "theme or code"),
        _text("code", "theme id or code id"),
        _text("attribute", "site, or a participant attribute"),
        _text("group", "its value"),
        _count("n", "people of the group with at least one segment"),
        _count("of", "people of the group with a coded transcript"),
        _count("n_rest", "other people with at least one segment"),
        _count("of_rest", "other people with a coded transcript"),
        _real("difference", "n / of - n_rest / of_rest"),
        _real("ci_low", "its interval by Newcombe, where tests were asked for"),
        _real("ci_high", "upper end"),
        _real("p", "Fisher's exact test, two-sided, over people"),
        _real("p_adjusted", "by Benjamini and Hochberg, within kind and attribute"),
        _real(
            "odds_ratio",
            "of a unit bearing on it: GEE, person as cluster; missing where all or no units of "
            "a side do, or the fit does not settle",
        ),
        _real("odds_low", "lower end of its interval (bias-reduced, t)"),
        _real("odds_high", "upper end"),
        _real("p_rate", "its p value"),
        _real("p_rate_adjusted", "by Benjamini and Hochberg, within kind and attribute"),
        _text("not_tested", "why there is no test; empty where there is", optional=True),
    ),
    ("kind", "code", "attribute", "group"),
)
ROBUSTNESS = Contract(
    "robustness",
    "one theme in one way of doing the analysis otherwise; the study's own way first",
    (
        _text("scenario", "as done; without a site or coder; another rule or unit; …"),
        _text("what", "the site, coder, rule or unit", optional=True),
        THEME,
        _count("n_segments", "consensus segments"),
        _count("n_participants", "people with at least one segment"),
        _count("of_participants", "people with a coded transcript"),
        _real("share", "n_participants / of_participants"),
        _count("rank", "place by share, 1 the most; ties share the best place"),
        _text("quantifier", "the configured word"),
        _count("n_counter", "passages that speak against the claim"),
        Column("rank_changed", "bool", "whether the place differs from the study's own way"),
        Column("quantifier_changed", "bool", "whether the word differs"),
        _real("order_tau", "Kendall's tau-b of the themes' shares with the study's own way"),
    ),
    ("scenario", "what", "theme"),
)
CODE_CLUSTERS = Contract(
    "code_clusters",
    "one code of a theme: where the analyst put it, and where co-occurrence alone would",
    (
        CODE,
        _text("theme", "the analyst's theme, the first that has the code"),
        _count("cluster", "cluster by co-occurrence in turns, as many as there are themes"),
        _count("position", "1-based place in the dendrogram"),
    ),
    ("code",),
)
CODE_TREE = Contract(
    "code_tree",
    "one joint of the dendrogram, from the closest pair on",
    (
        _count("step", "1-based; joints are numbered after the leaves"),
        _count("left", "leaf (row of code_clusters from 0) or joint (number of codes + step - 1)"),
        _count("right", "the other branch"),
        _real("height", "1 - Jaccard, mean between the branches"),
        _count("size", "codes below"),
    ),
    ("step",),
)
SECOND_OPINION = Contract(
    "second_opinion",
    "how far co-occurrence alone agrees with the analyst's themes",
    (
        _count("n_codes", "codes compared"),
        _count("n_clusters", "clusters, as many as themes with codes"),
        _real("adjusted_rand", "adjusted Rand index: 0 as by chance, 1 the same grouping"),
        _real("share_as_high", "share of random groupings of the same sizes at least as high"),
        _count("n_permutations", "random groupings"),
        _text("note", "why there is no value", optional=True),
    ),
    (),
)
QUOTES = Contract(
    "quotes",
    "one quotation chosen for the paper",
    (
        THEME,
        _count("rank", "1-based order within the theme"),
        _text("stance", "supports or counter"),
        _text("segment_id", "consensus segment"),
        TRANSCRIPT,
        _text("participant_id", "who says it"),
        SITE,
        CODE,
        _text("codes", "the theme's codes that bear on these words, joined by ';'"),
        START,
        END,
        _text("text", "verbatim"),
        _text("attribution", "as printed, at the grain that the small-number rule allows"),
        _text("reason", "why this one"),
    ),
    ("theme", "rank"),
)

# ---------------------------------------------------------------------------- machine
CODER = _text("coder", "the machine's name; it changes with what the machine is made from")
SCHEME = _text(
    "scheme", "what was held out: site or transcript; external for a program of the team's own"
)
MACHINE_CODES = Contract(
    "machine_codes",
    "one code as a machine put it where it had not seen the coding; first all codes pooled",
    (
        CODER,
        SCHEME,
        _text("code", "code id; empty for all codes pooled", optional=True),
        _count("n_units", "units compared"),
        _count("n_positive", "units with the code in the consensus (pooled: pairs of unit, code)"),
        _count("n_proposed", "units on which the machine put it"),
        _count("n_correct", "both"),
        _real("precision", "n_correct / n_proposed"),
        _real("recall", "n_correct / n_positive"),
        _real("f1", "their harmonic mean"),
        _count("n_transcripts", "transcripts with the code in the consensus"),
        _count("n_sites", "sites with it"),
        _count("n_withheld", "units on which it would have been put with less confidence"),
        _real("brier", "mean squared difference of probability and consensus"),
        _real("brier_reference", "the same for the code's share of units said of each"),
        _real("kappa", "Cohen's kappa of machine and consensus"),
        _real("ci_low", "lower end of its interval, transcripts resampled"),
        _real("ci_high", "upper end"),
        _real("human_kappa", "mean of Cohen's kappa over pairs of coders: the ceiling"),
        _real("human_consensus_kappa", "the same of coders with the consensus they made"),
        _text(
            "verdict",
            "usable, weak, not automatable, too little evidence; of the stricter scheme",
            optional=True,
        ),
        _text("reason", "why, in words", optional=True),
    ),
    ("coder", "scheme", "code"),
)
MACHINE_FOLDS = Contract(
    "machine_folds",
    "one code in what was held out once (a site or a transcript)",
    (
        CODER,
        SCHEME,
        _text("left_out", "the site or transcript; in large studies the number of a group"),
        _text("code", "code id; empty for all codes pooled", optional=True),
        _text("model", "the candidate chosen without what was held out"),
        _real("threshold", "probability from which on a code is put, chosen likewise"),
        _count("n_training", "units learned from"),
        _count("n_units", "units held out"),
        _count("n_positive", "those with the code in the consensus"),
        _count("n_proposed", "those on which the machine put it"),
        _count("n_correct", "both"),
        _real("precision", "n_correct / n_proposed"),
        _real("recall", "n_correct / n_positive"),
        _real("f1", "their harmonic mean"),
        _count("n_withheld", "units on which it would have been put with less confidence"),
        _real("kappa", "Cohen's kappa of machine and consensus"),
    ),
    ("coder", "scheme", "left_out", "code"),
)
MACHINE_CALIBRATION = Contract(
    "machine_calibration",
    "one range of probabilities: what the machine said against what was so",
    (
        CODER,
        SCHEME,
        _real("low", "from this probability on", optional=False),
        _real("high", "below this one (the last includes it)", optional=False),
        _count("n", "pairs of unit and code in the range"),
        _real("mean_probability", "their mean probability"),
        _real("share_marked", "share of them in the consensus"),
    ),
    ("coder", "scheme", "low"),
)
MACHINE_AGREEMENT = Contract(
    "machine_agreement",
    "one pair of coders, people or machines; the machine where it had not seen the site",
    (
        _text("code", "code id; empty for all codes pooled", optional=True),
        _text("coder_a", "one of the pair; consensus stands for what people agreed on"),
        _text("kind_a", "human, consensus or machine"),
        _text("coder_b", "the other"),
        _text("kind_b", "human, consensus or machine"),
        _real("kappa", "Cohen's kappa"),
        _real("ci_low", "lower end of its interval, transcripts resampled"),
        _real("ci_high", "upper end"),
        _count("n_units", "units judged by both"),
    ),
    ("code", "coder_a", "coder_b"),
)
MACHINE_THEMES = Contract(
    "machine_themes",
    "one theme: who speaks to it by the consensus, and who would by the machine",
    (
        CODER,
        SCHEME,
        THEME,
        _count("n_people", "people with a unit that bears on it, by the consensus"),
        _count("n_people_machine", "by the machine"),
        _count("n_both", "by both"),
        _count("of_people", "people compared"),
    ),
    ("coder", "scheme", "theme"),
)
MACHINE_ERRORS = Contract(
    "machine_errors",
    "one unit and code on which the machine and the consensus differ",
    (
        CODER,
        SCHEME,
        SITE,
        TRANSCRIPT,
        _count("unit", "unit of analysis"),
        START,
        END,
        CODE,
        _text("error", "missed, withheld (too unsure to say), or wrong"),
        _real("probability", "what the machine gave it"),
    ),
    ("coder", "transcript_id", "unit", "code"),
)
MACHINE_PROPOSALS = Contract(
    "machine_proposals",
    "a code that a machine proposes for a unit of a transcript that nobody has judged",
    (
        CODER,
        _text("kind", "machine"),
        SITE,
        TRANSCRIPT,
        _count("unit", "unit of analysis"),
        _count("turn", "the turn it lies in"),
        START,
        END,
        CODE,
        _real("probability", "calibrated; missing where the machine says none"),
        _text("verdict", "the verdict on the code"),
    ),
    ("coder", "transcript_id", "unit", "code"),
)
MACHINE_NEXT = Contract(
    "machine_next",
    "a transcript or turn that waits to be coded, the most telling first",
    (
        _text("kind", "transcript or turn"),
        _count("rank", "1-based"),
        SITE,
        TRANSCRIPT,
        _count("unit", "the unit, of a turn", optional=True),
        _count("turn", "its turn", optional=True),
        _count("n_units", "units to code"),
        _real("priority", "mean of the parts that follow"),
        _real("uncertainty", "how unsure the machine is, 0 to 1"),
        _real("novelty", "how unlike the units coded or listed before, 0 to 1"),
        _real("coverage", "1 / (1 + transcripts of the site coded or listed before)"),
    ),
    ("kind", "rank"),
)

CONTRACTS: dict[str, Contract] = {
    contract.name: contract
    for contract in (
        PROBLEMS,
        TRANSCRIPTS,
        TURNS,
        UNITS,
        PARTICIPANTS,
        DROPPED,
        DISCLOSURE,
        SPANS,
        COVERAGE,
        PATTERNS,
        COEFFICIENTS,
        DISAGREEMENTS,
        ADJUDICATIONS,
        DECISIONS,
        SEGMENTS,
        THEMES,
        REACH,
        FRAMEWORK_MATRIX,
        COUNTER,
        COOCCURRENCE,
        SATURATION,
        SATURATION_REORDERINGS,
        SUMMARIES,
        INTERVIEW_GUIDE,
        QUESTIONS_ASKED,
        CODE_MEANINGS,
        ASKED_TABLE,
        MEANING_SATURATION,
        CODE_APPEARANCE,
        CODING_DENSITY,
        FRAMEWORKS,
        SUBGROUPS,
        ROBUSTNESS,
        CODE_CLUSTERS,
        CODE_TREE,
        SECOND_OPINION,
        QUOTES,
        MACHINE_CODES,
        MACHINE_FOLDS,
        MACHINE_CALIBRATION,
        MACHINE_AGREEMENT,
        MACHINE_THEMES,
        MACHINE_ERRORS,
        MACHINE_PROPOSALS,
        MACHINE_NEXT,
    )
}
