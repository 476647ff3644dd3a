"""How much of very many words is shown where all of them would make a file that nobody can open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

UNLIMITED = 10**9
"""More characters than any cell has."""
CUT = " […]"


def room(sizes: Iterable[int], most: int) -> int:
    """The most that one may have, so that all together have at most so much.

    Small ones keep all they have; what they leave goes to the others, the same to each.

    Parameters
    ----------
    sizes : what each would have, at least 0.
    most : what all may have together.

    Returns
    -------
    int
        ``UNLIMITED`` where everything fits.

    Examples
    --------
    Ten for three: the small one keeps its two, and the others have four each:

    >>> room([2, 9, 30], 10)
    4
    """
    ordered = sorted(sizes)
    if sum(ordered) <= most:
        return UNLIMITED
    left = most
    for place, size in enumerate(ordered):
        share = left // (len(ordered) - place)
        if size > share:
            return share
        left -= size
    return UNLIMITED


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters, at the end of a word, with a mark where it was cut.

    >>> shortened("They came and asked us", 12)
    'They came […]'
    """
    if len(text) <= most:
        return text
    kept = text[: most + 1]
    kept = kept.rsplit(" ", 1)[0] if " " in kept.strip() else kept[:most]
    return kept.rstrip() + CUT


def first_words(texts: Sequence[str], most: int) -> tuple[list[str], int]:
    """The first texts with so many characters together, and how many were left out or cut."""
    kept: list[str] = []
    for place, text in enumerate(texts):
        if most <= 0:
            return kept, len(texts) - place
        kept.append(shortened(text, most))
        if len(text) > most:
            return kept, len(texts) - place
        most -= len(text)
    return kept, 0
