"""HTML pages and RTF files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from themetrail.intake.decode import decode, lines_normalised
from themetrail.intake.document import Document, Unreadable
from themetrail.intake.flow import Flow, paragraph_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SKIPPED = frozenset(
    {"script", "style", "head", "template", "noscript", "svg", "iframe", "object", "nav", "select"}
)
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt",
        "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
        "html", "li", "main", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th",
        "thead", "tr", "ul",
    }
)  # fmt: skip
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_MAX_DEPTH = 200


def read_html(data: bytes, declared: str | None) -> Document:
    """Read a web page: the text that its body shows, a line a block.

    Raises
    ------
    Unreadable
        Its bytes are in no encoding that it, or the study, declares; or it is nested too deeply.
    """
    from lxml import html

    if declared is None and (found := _DECLARED.search(data[:2048])):
        declared = found.group(1).decode("ascii")
    text, encoding = decode(data, declared)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    flow = Flow()
    if text.strip():
        try:
            root = html.document_fromstring(text, parser=html.HTMLParser(no_network=True))
        except (ValueError, html.etree.LxmlError):
            message = "is not a readable web page"
            raise Unreadable(message, "Save the page again.", kind="corrupt_file") from None
        _Page(flow).walk(root, 0, bold=False)
    return flow.document("html", encoding)


class _Page:
    """Collects runs of text into paragraphs while walking a page."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.runs: list[tuple[str, bool]] = []

    def walk(self, element: HtmlElement, depth: int, *, bold: bool) -> None:
        if depth > _MAX_DEPTH:
            message = f"is nested more than {_MAX_DEPTH} elements deep"
            raise Unreadable(message, "This is not an ordinary page.", kind="hostile_file")
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _SKIPPED:
            return
        if tag == "table" and not list(element.iterancestors("table")):
            self.end()
            self.flow.add_table(list(_table(element)))
            return
        block = tag in _BLOCKS
        if block:
            self.end()
        inner = bold or tag in {"b", "strong", "th"}
        keep = tag in {"pre", "textarea"}
        self.add(element.text, inner, keep=keep)
        for child in element:
            if child.tag == "br":
                self.runs.append(("\n", inner))
            else:
                self.walk(child, depth + 1, bold=inner)
            self.add(child.tail, inner, keep=keep)
        if block:
            self.end()

    def add(self, text: str | None, bold: bool, *, keep: bool) -> None:
        if text:
            self.runs.append((text if keep else re.sub(r"[ \t\r\n\f]+", " ", text), bold))

    def end(self) -> None:
        text, bold = paragraph_of(self.runs)
        self.runs = []
        if text.strip():
            shift = len(text) - len(text.lstrip())
            text = re.sub(r" *\n *", "\n", text.strip())
            self.flow.add((text, max(bold - shift, 0)))


def _table(table: HtmlElement) -> Iterator[list[list[tuple[str, int]]]]:
    for row in table.iter("tr"):
        yield [
            [(" ".join(cell.text_content().split()), 0)] for cell in row if cell.tag in {"td", "th"}
        ]


def read_rtf(data: bytes, declared: str | None) -> Document:
    """Read a Rich Text file's text.

    Raises
    ------
    Unreadable
        Not a Rich Text file, or damaged.
    """
    if not data.lstrip().startswith(b"{\\rtf"):
        message = "is not a Rich Text file: it does not begin with {\\rtf"
        raise Unreadable(message, "Save it again as .rtf or .docx.", kind="corrupt_file", line=1)
    # Untyped: https://github.com/joshy/striprtf
    from striprtf import striprtf

    try:
        text = str(
            striprtf.rtf_to_text(data.decode("latin-1"), encoding=declared or "cp1252")  # type: ignore[no-untyped-call]
        )
        # Letters outside the basic plane are written as two surrogates.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except (ValueError, LookupError, IndexError, OverflowError, TypeError):
        message = "is damaged, or in an encoding that it does not name"
        remedy = "Open it in Word and save it as .docx."
        raise Unreadable(message, remedy, kind="corrupt_file") from None
    text = lines_normalised(text).replace("\0", "")
    return Document(text, "rtf", "rtf", paragraphs=True)
