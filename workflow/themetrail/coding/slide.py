"""Where words were put in or taken out, when an alignment of words leaves more than one answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def slide(
    mapped: list[int],
    words: Sequence[str],
    at: int,
    first: int,
    last: int,
    begins: Callable[[int], int],
) -> None:
    """Let words that were put in begin where it makes the most sense.

    "so. Yes. No." can have got its ". Yes" or its "Yes." from somebody; both alignments are as
    short. A passage that ends with "so." ends differently by each.

    Parameters
    ----------
    mapped : for each word of the old text its word of the new one, or -1; changed in place.
    words : of the new text.
    at : the word of the old text before which ``words[first:last]`` were put in.
    begins : how well what was put in may begin at a word of the new text; more is better.

    Examples
    --------
    >>> mapped = [0, 3]
    >>> slide(mapped, ["so", ".", "Yes", "."], 1, 1, 3, lambda place: int(place == 2))
    >>> mapped
    [0, 1]
    """
    back = ahead = 0
    while (
        at - 1 - back >= 0
        and mapped[at - 1 - back] == first - 1 - back >= 0
        and (words[first - 1 - back] == words[last - 1 - back])
    ):
        back += 1
    while (
        at + ahead < len(mapped)
        and mapped[at + ahead] == last + ahead
        and (words[first + ahead] == words[last + ahead])
    ):
        ahead += 1
    best = max(range(-back, ahead + 1), key=lambda by: (begins(first + by), -abs(by)))
    for step in range(best):
        mapped[at + step] = first + step
    for step in range(1, 1 - best):
        mapped[at - step] = last - step


def slide_out(
    mapped: list[int], words: Sequence[str], first: int, last: int, begins: Callable[[int], int]
) -> None:
    """Let words that were taken out begin where it makes the most sense.

    Of "so. Yes. No." the ". Yes" can have been taken out, or the "Yes.".

    Parameters
    ----------
    mapped : for each word of the old text its word of the new one, or -1; changed in place.
    words : of the old text, of which ``words[first:last]`` were taken out.
    begins : how well what was taken out may begin at a word of the old text; more is better.

    Examples
    --------
    >>> mapped = [0, -1, -1, 1]
    >>> slide_out(mapped, ["so", ".", "Yes", "."], 1, 3, lambda place: int(place == 2))
    >>> mapped
    [0, 1, -1, -1]
    """
    back = ahead = 0
    while (
        first - 1 - back >= 0
        and mapped[first - 1 - back] >= 0
        and words[first - 1 - back] == words[last - 1 - back]
    ):
        back += 1
    while (
        last + ahead < len(mapped)
        and mapped[last + ahead] >= 0
        and words[first + ahead] == words[last + ahead]
    ):
        ahead += 1
    best = max(range(-back, ahead + 1), key=lambda by: (begins(first + by), -abs(by)))
    for step in range(best):
        mapped[first + step], mapped[last + step] = mapped[last + step], -1
    for step in range(1, 1 - best):
        mapped[last - step], mapped[first - step] = mapped[first - step], -1
