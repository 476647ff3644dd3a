"""The machine-readable notes of the unitising measures; ``reasons.REASONS`` puts them in words."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why there is no value; the last two are remarks on one."""

    ONE_CODER = "one_coder"
    NO_SPANS = "no_spans"
    NO_VARIATION = "no_variation"  # expected disagreement 0: the coefficient is 0/0
    OVERLAPPING = "overlapping_spans"  # a coder's spans share a character
    OVERLAPPING_IN_CODE = "overlapping_spans_of_one_code"
    NOTHING_SHARED = "nothing_shared"  # no character is coded by two coders
    NO_BOUNDARIES = "no_boundaries"  # a pair of coders set none inside the text
    SHORT_TEXT = "text_shorter_than_window"
    NO_EXPECTED_DISORDER = "no_expected_disorder"
    TOO_MANY = "too_many_candidate_alignments"
    NOT_PROVED = "alignment_not_proved_best"
    CHANCE_ONLY = "interval_is_sampling_of_chance_only"
    NOT_NEEDED = "not_needed_no_observed_disorder"  # gamma is 1 whatever is expected
