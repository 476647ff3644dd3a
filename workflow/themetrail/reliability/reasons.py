"""What the slugs in the column ``note`` of agreement tables mean."""

from __future__ import annotations

REASONS = {
    "no_ratings": "there is no rating",
    "single_coder": "only one coder rated",
    "no_pairable_units": "no unit has two ratings",
    "needs_two_coders": "the statistic compares exactly two coders",
    "needs_two_categories": "the statistic is for two categories",
    "one_category": "only one category was used: agreement by chance is certain (0/0)",
    "undefined_pair": "the kappa of a pair of coders is undefined",
    "category_not_used": "nobody used the category on a unit with two ratings",
    "undefined": "0/0",
    "one_unit": "no interval from one unit",
    "one_cluster": "no interval from one cluster",
    "no_variation_between_units": "units do not vary: the interval says nothing",
    "no_variation_between_clusters": "clusters do not vary: the interval says nothing",
    "no_variation": "no disagreement is expected: 0/0",
    "jackknife_undefined": "without one unit or cluster the coefficient is undefined",
    "unusable_replicates": "bootstrap replicates without a value, left out of the interval",
    "positive": "the category that positive agreement is about",
    "never_marked": "no coder marked any unit with it",
    "always_marked": "every coder marked every unit with it",
    "few_marks": "fewer than ten marks a coder: little is known, whatever the interval says",
    "one_site": "no standard error over sites from one site",
    "one_transcript": "no interval from one transcript",
    "no_variation_between_transcripts": "transcripts do not vary: the interval says nothing",
    "not_independent": "the coders had talked: this is no reliability",
    "nothing_shared": "no character is coded by two coders",
    "no_boundaries": "a pair of coders set no boundary inside the text",
    "text_shorter_than_window": "the text is shorter than the window",
    "no_expected_disorder": "no disorder is expected by chance",
    "one_coder": "only one coder",
    "no_spans": "there is no span",
    "overlapping_spans": "a coder's spans overlap, which the measure forbids",
    "overlapping_spans_of_one_code": "a coder's spans of one code overlap: forbidden here",
    "too_many_candidate_alignments": "too many spans could be aligned with each other",
    "alignment_not_proved_best": "the solver stopped before the alignment was proved best",
    "interval_is_sampling_of_chance_only": (
        "the interval is the error of simulating chance; it says nothing of coders or texts"
    ),
    "not_needed_no_observed_disorder": "not simulated: no disorder was observed",
}
