"""Fill a manuscript: placeholders become facts, quotations, tables and figures.

The Markdown is read by Pandoc with an inert token where each placeholder stood; tokens are then
replaced in the document tree. What is put in is never read as Markdown or as anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from themetrail.config import StudyConfig
from themetrail.errors import InputError, Problem, Problems
from themetrail.report import ast, claims, conditions
from themetrail.report.catalogue import MANUSCRIPT
from themetrail.report.facts import Fact, by_id
from themetrail.report.filling import Filling
from themetrail.report.paper_table import PaperTable
from themetrail.report.placeholders import scan
from themetrail.report.quotations import Quotations
from themetrail.report.references import check_references
from themetrail.report.texts import metadata
from themetrail.report.tokens import Tokens
from themetrail.report.vocabulary import as_study

if TYPE_CHECKING:
    import pandas as pd

Document = dict[str, Any]


def fill(
    manuscript: str,
    facts: Iterable[Fact],
    quotes: pd.DataFrame,
    tables: Mapping[str, PaperTable],
    figures: Mapping[str, Mapping[str, str]],
    study: StudyConfig | Mapping[str, Any],
    *,
    file: str = MANUSCRIPT,
) -> tuple[Document, list[Problem]]:
    """A manuscript as a document tree with everything in its place.

    Parameters
    ----------
    manuscript : Pandoc Markdown with placeholders (``docs/manuscript.md``).
    facts : of the run.
    quotes : contract ``quotes``.
    tables : paper tables by name (``paper_tables.build``).
    figures : figures by name, each with ``path``, ``caption`` and ``alt``.
    study : the study's choices; they also give the title block where the manuscript's own
        header does not.
    file : the manuscript's name, for problems.

    Returns
    -------
    document : Pandoc's JSON document.
    problems : errors stop the paper; a warning names a fact that has no value.
    """
    choices = as_study(study)
    problems = Problems()
    known = by_id(facts)
    unknown = conditions.unknown(manuscript)
    filling = Filling(known, Quotations(quotes), tables, figures, choices, file, problems, unknown)
    scanned = scan(manuscript, file, problems)
    quiet = conditions.silenced(manuscript, filling.holds)
    filling.check([one for one in scanned.placeholders if one.line not in quiet])
    problems.extend(claims.check(manuscript, choices.themes, known, file, gone=quiet))
    try:
        document = ast.parse(scanned.text)
    except InputError as error:
        problems.add("error", "unreadable_manuscript", file, f"Pandoc can't read it: {error}")
        return {}, problems.rows
    filled = Tokens(scanned, filling, manuscript).replace_all(document)
    filled["meta"] = {**metadata(choices.settings), **filled["meta"]}
    check_references(filled, manuscript, file, problems)
    return filled, problems.rows
