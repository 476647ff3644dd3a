"""Pages of notebooks for the public: what the author of a cell vouched for, looked at as well.

No program can say what a cell counts or quotes, so this gate looks for what it can know: words
that somebody said and the paper does not print, pseudonyms that the paper does not print, and
counts of few people beside the name of their group.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from themetrail.audit.traces import SHINGLE, shingles, words_of
from themetrail.errors import Problems

if TYPE_CHECKING:
    import pandas as pd

PAGES = "reports/notebooks/"
WORDS, PSEUDONYM, SMALL_COUNT = "transcript_words", "pseudonym", "small_count"
#: a pseudonym of digits alone is any number: only longer ones are looked for
_SHORTEST_NUMBER = 4
_WORD = re.compile(r"\w+")
_COLUMNS = re.compile(r"\s{2,}")
_COUNT = re.compile(r"\d{1,9}(?:\.0)?")
#: headings under which a number counts people, if the row names their group
_COUNTING = re.compile(
    r"people|persons?|participants?|interviewees?|respondents?|n|size|count|all|total|0",
    re.IGNORECASE,
)
_REMEDIES = {
    WORDS: "Take the tag 'public' from the cell, or the words out of its text.",
    PSEUDONYM: "Take the tag 'public' from the cell, or the pseudonyms out of what it prints.",
    SMALL_COUNT: "Take the tag 'public' from the cell, or leave out groups below report.min_cell.",
}
_ALLOW = " If it tells nothing of anybody, allow it under disclosure: allow: with file, kind {!r}"


def check_notebooks(
    pages: Mapping[str, str],
    paper: str,
    tables: Mapping[str, pd.DataFrame],
    labels: Mapping[str, str],
    min_cell: int,
    problems: Problems,
) -> None:
    """Words, pseudonyms and small counts that pages for the public hold and the paper does not.

    Parameters
    ----------
    pages : file to its HTML, as handed out.
    paper : all that the paper prints.
    tables : transcripts and participants by their contract's name.
    labels : site to its name.
    min_cell : ``report.min_cell``.
    problems : an error a page, output and kind, which repeats neither words nor names.
    """
    parts = [(file, part, text) for file, page in pages.items() for part, text in _parts(page)]
    printed = shingles(paper) if parts else set()
    runs = [_long(shingles(text)) - printed for _, _, text in parts]
    said = _said(set().union(*runs), tables["transcripts"]["text"])
    names = _names(tables)
    names -= _mentioned(names, paper)
    for (file, part, text), run in zip(parts, runs, strict=True):
        if run & said:
            _tell(
                file, part, "words of a transcript that the paper does not print", WORDS, problems
            )
        if _mentioned(names, text):
            _tell(file, part, "a pseudonym that the paper does not print", PSEUDONYM, problems)
    groups = _groups(tables["participants"], labels)
    for file, page in pages.items():
        for part, rows in _tables(page):
            if any(0 < count < min_cell for count in _counts(rows, groups)):
                _tell(file, part, f"a group of fewer than {min_cell} people", SMALL_COUNT, problems)


def _tell(file: str, part: str, what: str, kind: str, problems: Problems) -> None:
    remedy = f"{_REMEDIES[kind]}{_ALLOW.format(kind)} and a reason."
    problems.add("error", f"exit_{kind}", file, f"holds, in {part}, {what}", remedy)


# ------------------------------------------------------------------ what a page shows
def _outputs(page: str) -> Iterator[tuple[str, Any]]:
    """Outputs of cells by the number that the page gives the cell, and the rest of the page."""
    from lxml import html

    main: Any = html.document_fromstring(page)
    cells = main.xpath("//div[contains(@class, 'cell')]")
    for number, cell in enumerate(cells, 1):
        for output in cell.xpath("./div[contains(@class, 'output')]"):
            yield f"the output of code {number}", output
            output.getparent().remove(output)
    for style in main.xpath("//style"):
        style.getparent().remove(style)
    yield "its text or code", main


def _parts(page: str) -> Iterator[tuple[str, str]]:
    """Parts of a page with their words; what a drawing says is of its output."""
    from themetrail.audit.exit_texts import words_of_drawing

    for part, element in _outputs(page):
        drawn = (words_of_drawing(image.get("src") or "") for image in element.iter("img"))
        yield part, "\n".join([*(text.strip() for text in element.itertext()), *drawn])


def _tables(page: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Tables in outputs, marked up or printed in columns."""
    for part, element in _outputs(page):
        for table in element.iter("table"):
            yield (
                part,
                [[_text(cell) for cell in row.xpath("./th|./td")] for row in table.iter("tr")],
            )
        for block in element.iter("pre"):
            lines = [line for line in _text(block).split("\n") if line.strip()]
            yield part, [_COLUMNS.split(line.rstrip()) for line in lines]


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip("\n")


# ------------------------------------------------------------------ words and names
def _long(runs: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {run for run in runs if len(run) == SHINGLE}


def _said(runs: Collection[tuple[str, ...]], texts: Iterable[str]) -> set[tuple[str, ...]]:
    """Those runs of words that stand in a transcript.

    Only stretches of words that are among the runs' own are looked at: a study of ten thousand
    transcripts is read once, without a list of all its runs.
    """
    found: set[tuple[str, ...]] = set()
    vocabulary = {word for run in runs for word in run}
    for text in texts if runs else ():
        words = words_of(text)
        length = 0
        for at, word in enumerate(words):
            length = length + 1 if word in vocabulary else 0
            if length >= SHINGLE:
                found.add(tuple(words[at - SHINGLE + 1 : at + 1]))
    return found & set(runs)


def _mentioned(names: Collection[tuple[str, ...]], text: str) -> set[tuple[str, ...]]:
    """Those of the names that a text has, each as its words in a row."""
    words = _WORD.findall(text)
    sizes = {len(name) for name in names}
    runs = (tuple(words[at : at + n]) for n in sizes for at in range(len(words) - n + 1))
    return {run for run in runs if run in names}


def _names(tables: Mapping[str, pd.DataFrame]) -> set[tuple[str, ...]]:
    """Pseudonyms of people and names of transcripts that are more than a short number."""
    names = {
        *tables["participants"]["participant_id"].astype(str),
        *tables["transcripts"]["transcript_id"].astype(str),
    }
    long = (name for name in names if not name.isdecimal() or len(name) >= _SHORTEST_NUMBER)
    return {words for name in long if (words := tuple(_WORD.findall(name)))}


# ------------------------------------------------------------------ small counts
def _groups(participants: pd.DataFrame, labels: Mapping[str, str]) -> frozenset[str]:
    """Names of groups of people, as tables write them: sites and values of attributes."""
    columns = [name for name in participants if name != "participant_id"]
    values = {str(value).strip() for name in columns for value in participants[name].dropna()}
    values |= {labels[site] for site in set(participants["site"].astype(str)) if site in labels}
    named = {value.casefold() for value in values if not value.isdecimal()}
    return frozenset((named | {value.replace("_", " ") for value in named}) - {""})


def _counts(rows: Sequence[Sequence[str]], groups: Collection[str]) -> Iterator[int]:
    """Numbers of a table that count the people of a group.

    A row's first cells name the group; the number stands alone beside them, under a heading that
    says people, or under the name of another group.

    >>> list(_counts([["role", "n"], ["nurse", "2"], ["GP", "7"]], {"nurse", "gp"}))
    [2, 7]
    >>> list(_counts([["", "North", "South"], ["nurse", "2", "1"]], {"north", "south", "nurse"}))
    [2, 1]
    >>> list(_counts([["", "codes", "coders"], ["North", "12", "2"]], {"north"}))
    []
    """
    heads: Sequence[str] = ()
    for row in rows:
        cells = [cell.strip() for cell in row]
        numbers = [place for place, cell in enumerate(cells) if _COUNT.fullmatch(cell)]
        named = any(cell.casefold() in groups for cell in cells[: numbers[0] if numbers else 0])
        if not numbers and not heads:
            heads = cells
        for place in numbers if named else ():
            # A printed heading may lack the cell over the names of rows.
            over = place - len(cells)
            head = heads[over] if -over <= len(heads) else ""
            known = head.casefold() in groups or _COUNTING.fullmatch(head.rpartition("_")[2])
            if known or len(cells) == 2:  # a name and its number
                yield int(float(cells[place]))
