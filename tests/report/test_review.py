"""The version for reviewers: nobody's name, and a number at each line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdf
import pytest
from themetrail.report import ast
from themetrail.report.render import render
from themetrail.report.review import anonymous

STUDY: dict[str, Any] = {
    "title": "A small study",
    "language": "en-GB",
    "authors": [{"name": "Ada B. Lovelace", "affiliation": "University of Somewhere"}],
    "team": [{"name": "Grace Hopper"}, {"name": "coder"}],
}


def document(text: str) -> dict[str, Any]:
    """A document with a title block that names its author."""
    made = ast.parse(f"---\nauthor: Ada B. Lovelace\ntitle: A small study\n---\n\n{text}\n")
    return dict(made)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Coding: **Grace Hopper**, and a coder.", "Coding: [author], and a coder."),
        ("(Ada B.\nLovelace) wrote it.", "([author]) wrote it."),
        ("At the University of Somewhere.", "At the [affiliation]."),
        ("Grace, and Hopper.", "Grace, and Hopper."),
        ("- Ada B. Lovelace\n- Nobody", "[author]Nobody"),
    ],
)
def test_names_are_taken_out_of_the_text(text: str, said: str) -> None:
    """Guards blind review: a name in full does not stay, whatever stands around it."""
    made = anonymous(document(text), STUDY)
    assert ast.text_of(made["blocks"]) == said
    assert "author" not in made["meta"]
    assert ast.text_of(made["meta"]["title"]["c"]) == "A small study"


def test_the_pdf_has_no_author_and_numbers_its_lines(tmp_path: Path) -> None:
    """Guards what is sent to reviewers, its properties included."""
    text = "\n\n".join(f"Line {'abc'[n]} by Grace Hopper." for n in range(3))
    made = anonymous(document(text), STUDY)
    path = tmp_path / "paper-review.pdf"
    render(
        made,
        path,
        format="pdf",
        study={**STUDY, "authors": [], "demonstration": False},
        bibliography=None,
        csl=None,
        resources=tmp_path,
        line_numbers=True,
    )
    reader = pypdf.PdfReader(path)
    said = "\n".join(page.extract_text() for page in reader.pages)
    for name in ("Lovelace", "Hopper", "Somewhere"):
        assert name not in said
        assert name not in str(reader.metadata)
    numbers = [line for line in said.split() if line.isdigit()]
    assert {"2", "3", "4"} <= set(numbers)
