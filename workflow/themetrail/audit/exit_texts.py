"""What a reader of a finished file can read in it, place by place: words, not markup or data.

Numbers that programs write (digests, decimals, addresses on the web, pictures, fonts) are left
out: identifiers of people are looked for in what is left, and would be found in those by chance.
"""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

#: stands between texts that are not one: no identifier reaches across it
APART = "\n\n"
DEEPEST = 4
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".woff", ".woff2", ".ttf", ".otf")
_TABLES = {".csv": ",", ".tsv": "\t"}
_MARKUP = (".html", ".htm", ".svg", ".xml", ".rels")
_JSON = (".json", ".jsonl", ".ipynb", ".jsonld")
_BY_PROGRAMS = re.compile(
    r"\b(?=[0-9a-f]*[a-f])[0-9a-f]{10,64}\b"  # digests
    r"|https?://[^\s\"'<>]+|\b10\.\d{4,9}/[^\s\"'<>]+"  # addresses, DOIs
    r"|\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b"  # ORCIDs
    r"|(?<![\d.])(?:0|[1-9]\d*)\.\d+(?:e-?\d+)?(?![\d.])",  # decimals
)
_NUMBER = re.compile(r"[-+−]?[\d., \u2009\u202f]*%?")
_TEXT_CHUNKS = (b"tEXt", b"iTXt", b"zTXt", b"eXIf")


def words_in(
    data: bytes, name: str, seen: set[bytes] | None = None, depth: int = 0
) -> Iterator[tuple[str, str]]:
    """Every readable text of a file with the name of the part that holds it.

    Parameters
    ----------
    data : the file's bytes.
    name : its path; a member of an archive stands after a comma.
    seen : hashes of files that were read already, which are passed over; grows.

    Raises
    ------
    Exception
        Whatever its reader raises where the file is damaged.
    """
    digest = hashlib.sha256(data).digest()
    if seen is not None and digest in seen:
        return
    if seen is not None:
        seen.add(digest)
    kind = PurePosixPath(name).suffix.lower()
    if data.startswith(b"PK\x03\x04") and depth < DEEPEST:
        yield from _of_archive(data, name, seen, depth)
    elif data.startswith(b"%PDF"):
        yield from _of_pdf(data, name)
    elif kind == ".png" or data.startswith(b"\x89PNG"):
        yield name, _of_picture(data)
    elif kind not in _PICTURES:
        yield name, without_numbers_of_programs(_of_text(data, kind))


def without_numbers_of_programs(text: str) -> str:
    """A text without digests, decimals, DOIs, ORCIDs and addresses on the web.

    >>> without_numbers_of_programs("0.75 of 12 by 10.1177/1363459320912345")
    '¦ of 12 by ¦'
    """
    return _BY_PROGRAMS.sub("¦", text)


def _of_archive(
    data: bytes, name: str, seen: set[bytes] | None, depth: int
) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [entry.filename.replace("/", APART) for entry in archive.infolist()]
        yield (
            f"{name}, names of its members",
            APART.join([*names, archive.comment.decode("utf-8", "replace")]),
        )
        for entry in archive.infolist():
            if not entry.is_dir():
                inner = f"{name}, {entry.filename}"
                yield from words_in(archive.read(entry), inner, seen, depth + 1)


def _of_pdf(data: bytes, name: str) -> Iterator[tuple[str, str]]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    for number, page in enumerate(reader.pages, 1):
        yield f"{name}, page {number}", without_numbers_of_programs(page.extract_text())
    yield f"{name}, properties", APART.join(map(str, (reader.metadata or {}).values()))


def _of_picture(data: bytes) -> str:
    """What a picture says of itself: its text chunks (PNG 1.2, 11.3.4)."""
    said, at = [], 8
    while at + 12 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        if kind in _TEXT_CHUNKS:
            said.append(body.decode("utf-8", "replace").replace("\0", " "))
        if kind in _TEXT_CHUNKS[1:]:  # compressed after the keyword and flags
            said += [_inflated(body[place:]) for place in range(min(90, size))]
        at += size + 12
    return APART.join(said)


def _inflated(data: bytes) -> str:
    try:
        return zlib.decompressobj().decompress(data, 100_000).decode("utf-8", "replace")
    except zlib.error:
        return ""


def _of_text(data: bytes, kind: str) -> str:
    text = data.decode("utf-8", "replace")
    if kind in _MARKUP:
        return _of_markup(data)
    if kind in _TABLES:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_TABLES[kind])
        return APART.join(cell for row in rows for cell in row if not _NUMBER.fullmatch(cell))
    if kind in _JSON:
        return APART.join(_of_json(text))
    return text


def _of_json(text: str) -> Iterator[str]:
    """Every text and name of a JSON document, or of one a line."""
    try:
        documents: Iterable[Any] = [json.loads(text)]
    except ValueError:
        documents = [json.loads(line) for line in text.split("\n") if line.strip()]
    for document in documents:
        if isinstance(document, dict) and "pandoc-api-version" in document:
            from themetrail.report import ast

            leaves = (n for n in ast.elements(document["blocks"]) if n["t"] in _LEAVES)
            yield from (ast.text_of([leaf]) for leaf in leaves)
        yield from _strings(document)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


#: blocks of a Pandoc document that hold words
_LEAVES = frozenset({"Para", "Plain", "Header"})
#: elements that end a text; in office files also a paragraph, a shared string, properties
_BLOCKS = frozenset(
    {"p", "div", "td", "th", "li", "dt", "dd", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre"}
    | {"title", "text", "figcaption", "caption", "blockquote", "option", "button", "summary"}
    | {"si", "is", "creator", "lastModifiedBy", "description", "subject", "keywords", "lpwstr"}
)
#: scripts, styles; numbers and formulas of a sheet
_FOR_PROGRAMS = frozenset({"script", "style", "v", "f"})
_SAID = ("alt", "title", "aria-label", "content", "descr", "author")


def _of_markup(data: bytes) -> str:
    """The text of a page, picture or part of an office file, a block at a time."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    if data.lstrip()[:5] == b"<?xml" or b"http://schemas.openxmlformats.org" in data[:2000]:
        parser = etree.XMLParser(  # type: ignore[assignment]
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
    root = etree.fromstring(data, parser)
    return "" if root is None else "".join(_pieces(root))


def _pieces(root: Any) -> Iterator[str]:
    """Texts in the order of the page; what programs read in a page only where it is JSON."""
    for event, element in _walk(root):
        local = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if event == "start":
            yield from _opened(element, local)
        elif event == "comment":
            # Nobody sees it on the page, and it leaves with the page; drawings keep labels there.
            yield f"{APART}{element.text or ''}{APART}"
        elif local in _BLOCKS:
            yield APART
        if event != "start" and element.tail:
            yield element.tail


def _walk(root: Any) -> Iterator[tuple[str, Any]]:
    from lxml import etree

    yield from etree.iterwalk(root, events=("start", "end", "comment"))


def _opened(element: Any, local: str) -> Iterator[str]:
    if local == "script" and "json" in (element.get("type") or ""):
        yield APART + APART.join(_of_json(element.text or "null")) + APART
    elif local == "script" and "gzip" in (element.get("type") or ""):
        packed = gzip.decompress(base64.b64decode(element.text or ""))
        yield APART + APART.join(_of_json(packed.decode("utf-8", "surrogatepass"))) + APART
    elif local not in _FOR_PROGRAMS and element.text:
        yield (APART if local in _BLOCKS else "") + str(element.text)
    for name in _SAID:
        said = element.get(name)
        if said and not said.startswith("data:"):
            yield f"{APART}{said}{APART}"
    drawn = words_of_drawing(str(element.get("src") or ""))
    if drawn:
        yield f"{APART}{drawn}{APART}"
    href = str(element.get("href") or "")
    if href.startswith(("mailto:", "tel:")):
        yield f"{APART}{href}{APART}"


def words_of_drawing(address: str) -> str:
    """What a picture says that is a part of the page: the words of a drawing, a PNG's texts."""
    kind, found, coded = address.partition(";base64,")
    if not found or not kind.startswith("data:image/"):
        return ""
    data = base64.b64decode(coded)
    if kind == "data:image/svg+xml":
        return _of_markup(data)
    return _of_picture(data) if data.startswith(b"\x89PNG") else ""
