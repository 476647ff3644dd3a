"""A study's own list of names that may not occur."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from themetrail.intake.identifiers import Found
from themetrail.intake.lexicon import NAMES_AND_WORDS

# Combining marks belong to the letter before: an accent typed apart stays in its word.
_WORD = r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*"
_PIECE = re.compile(r"[^\W_]+")
_TOKEN = re.compile(rf"{_WORD}(?:['’]{_WORD})*")


def forbidden(text: str, names: Sequence[str]) -> Iterator[Found]:
    """Whole-word occurrences of names, without case and accents; all are hard hits.

    The words of a name may stand apart by space, hyphen or line end, and end in a possessive. A
    single name that is an everyday word as well ("Will", "Grace") counts only with a capital.

    Parameters
    ----------
    text : what to search.
    names : one entry a name, of one or more words.
    """
    # Most names of the list occur nowhere: the text's vocabulary tells at little cost.
    vocabulary = frozenset(_PIECE.findall(_fold(text))) if names else frozenset()
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for name in dict.fromkeys(names):
        words = tuple(_fold(word) for word in _TOKEN.findall(name))
        if words and vocabulary.issuperset(_PIECE.findall(" ".join(words))):
            by_first.setdefault(words[0], []).append(words)
    if not by_first:
        return
    tokens = list(_TOKEN.finditer(text))
    folded = [_fold(token.group()) for token in tokens]
    for index, token in enumerate(tokens):
        for first in _stems(folded[index]):
            for words in by_first.get(first, ()):
                if _follows(folded, index, words) and _meant(token.group(), words):
                    end = tokens[index + len(words) - 1].end()
                    yield token.start(), end, "forbidden_name", "hard", ""


def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.replace("’", "'")


def _stems(word: str) -> tuple[str, ...]:
    """A word, and the same without a possessive."""
    return (word, word[:-2]) if word.endswith("'s") else (word,)


def _follows(folded: Sequence[str], index: int, words: tuple[str, ...]) -> bool:
    """Whether all words of a name stand from a position on."""
    run = folded[index : index + len(words)]
    if len(words) == 1:
        return True
    return len(run) == len(words) and run[:-1] == list(words[:-1]) and words[-1] in _stems(run[-1])


def _meant(found: str, words: tuple[str, ...]) -> bool:
    return len(words) > 1 or words[0] not in NAMES_AND_WORDS or not found.islower()
