"""An executed notebook as a page: nbconvert with our own template, Pandoc for its Markdown.

nbconvert's own templates fetch scripts from the network to draw formulas; here Pandoc writes them
as MathML, and the page holds no script.
"""

from __future__ import annotations

import json
import warnings
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from themetrail.report import ast
from themetrail.report.notebook_html import sanitised
from themetrail.report.render import pandoc
from themetrail.report.render.document import FICTIONAL, data_address, place_pictures
from themetrail.report.render.html import stylesheet

Notebook = Mapping[str, Any]
_TEMPLATE = pandoc.ASSETS / "nbconvert" / "themetrail"
_NEXT = "themetrail-next-cell"


def page(
    notebook: Notebook,
    name: str,
    *,
    folder: Path = Path(),
    demonstration: bool = False,
    public: bool = False,
) -> str:
    """Give a cleaned notebook as one HTML page that needs nothing else.

    Parameters
    ----------
    notebook : of the current format, with outputs; each output in one form.
    name : of its file, which the page names as its source.
    folder : where pictures of its Markdown cells are; they become part of the page.
    demonstration : whether the page says that the data are fictional.
    public : whether the page is for anybody; otherwise it says that it is for the team alone.

    Raises
    ------
    InputError
        A picture is not in the folder.
    """
    document = _document(_markdown_of(notebook), folder)
    text = json.dumps(notebook, ensure_ascii=False)
    about = {
        "lang": "en-GB",
        "title": _title(document) or name,
        "source": name,
        "stylesheet": stylesheet("notebook.css", text),
        "fictional": FICTIONAL if demonstration else "",
        "public": "yes" if public else "",
    }
    return _exported(notebook, _Markdown(_markdown_of(notebook), _written(document)), about)


def _exported(notebook: Notebook, markdown: _Markdown, about: Mapping[str, str]) -> str:
    """What nbconvert makes with our template and filters, and with nothing of the machine's."""
    import nbformat

    with warnings.catch_warnings():
        # Jupyter announces moves of folders that are not used here.
        warnings.simplefilter("ignore", DeprecationWarning)
        from nbconvert.exporters import HTMLExporter

    from_dict: Any = nbformat.from_dict
    exporting: Any = HTMLExporter
    exporter = exporting(
        template_file="index.html.j2",
        # The only folder: a user's own templates and settings would come before the package's.
        template_paths=[str(_TEMPLATE)],
        filters={"markdown2html": markdown, "tables_only": sanitised},
    )
    made, _ = exporter.from_notebook_node(from_dict(notebook), resources={"about": dict(about)})
    return f"{str(made).rstrip()}\n"


# ------------------------------------------------------------------ Markdown
class _Markdown:
    """The filter ``markdown2html``: gives for each text what was made of it.

    All texts are converted at once, since names of headings must differ over the whole page.
    """

    def __init__(self, sources: Sequence[str], pages: Sequence[str]) -> None:
        self._made: dict[str, deque[str]] = {}
        for source, made in zip(sources, pages, strict=True):
            self._made.setdefault(source, deque()).append(made)

    def __call__(self, source: str) -> str:
        return self._made[source].popleft()


def _markdown_of(notebook: Notebook) -> list[str]:
    """Every text in Markdown, from cells and outputs, in the order of the page."""

    def texts() -> Iterator[str]:
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                yield cell["source"]
            for output in cell.get("outputs", ()):
                if "text/markdown" in output.get("data", {}):
                    yield output["data"]["text/markdown"]

    return list(texts())


def _document(texts: Sequence[str], folder: Path) -> pandoc.Document:
    """Texts as one document of a ``Div`` each; HTML and TeX in them stay the text they are."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": text} for text in texts]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    read = pandoc.read(json.dumps(book), "ipynb-raw_html-raw_tex")
    placed = place_pictures(read, [folder], data_address)
    named: Counter[str] = Counter()
    for node in ast.elements(placed["blocks"]):
        if node["t"] == "Header":
            name = node["c"][1][0]
            named[name] += 1
            node["c"][1][0] = name if named[name] == 1 else f"{name}-{named[name]}"
    made: pandoc.Document = ast.rewrite(placed, _boxed)
    return made


def _boxed(node: ast.Node) -> list[ast.Node] | None:
    """A table of the author's in a box that scrolls where the page is narrow."""
    if node["t"] != "Table":
        return None
    named = {"role": "region", "tabindex": "0", "aria-label": "Table"}
    return [ast.div([node], ["box"], named)]


def _written(document: pandoc.Document) -> list[str]:
    """Each ``Div`` of the document as HTML."""
    between = {"t": "RawBlock", "c": ["html", f"<!--{_NEXT}-->"]}
    blocks = [part for cell in document["blocks"] for part in (cell, between)]
    text = pandoc.fragment({**document, "blocks": blocks})
    return [part.strip() for part in text.split(f"<!--{_NEXT}-->")[:-1]]


def _title(document: Mapping[str, Any]) -> str:
    """The first heading's words."""
    headings = (node for node in ast.elements(document["blocks"]) if node["t"] == "Header")
    return next((ast.text_of(node["c"][2]).strip() for node in headings), "")
