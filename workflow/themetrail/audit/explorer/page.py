"""One self-contained page: modules put together, data embedded, and nothing else allowed to run.

The page's Content-Security-Policy names its one script and its one style sheet by their hashes,
and, where a large study's evidence lies beside the page, a nonce that only the script has.
Data stand in script elements of a type that browsers never run, as JSON without a ``<`` or, where
they are large, as gzip in Base64, so that no text from a transcript can end the element.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from themetrail.errors import InputError

ASSETS = Path(__file__).resolve().parent / "assets"
HOUSE = Path(__file__).resolve().parents[2] / "report" / "assets" / "base.css"
PLAIN_BYTES = 64 * 1024
JSON_TYPE = "application/json"
GZIP_TYPE = "application/gzip"

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function |const |class )", re.MULTILINE)
_BLOCK = re.compile(r'<script type="(application/(?:json|gzip))" id="([^"]+)">([^<]*)</script>')
_LATIN = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x17F)])) + "–—‘’“”…·←→↑↓✓×⌘αγκ"


@dataclass(frozen=True)
class Face:
    """What a page is made of besides its data."""

    title: str
    language: str
    template: Path
    scripts: Sequence[Path]
    styles: Sequence[Path]
    words: Mapping[str, str]


def bundle(modules: Sequence[Path]) -> str:
    """ES modules as one script: each before those that import it, imports and exports taken out.

    Modules share one scope, so a name may be declared at the top of one of them only; a second
    declaration is a syntax error in every browser, not a silent replacement.

    Raises
    ------
    InputError
        A module imports one that does not stand before it.
    """
    done: set[str] = set()
    parts = []
    for module in modules:
        text = module.read_text(encoding="utf-8")
        late = sorted(set(_IMPORT.findall(text)) - done)
        if late:
            message = f"{module.name} imports {', '.join(late)}, which must stand before it"
            raise InputError(message)
        parts.append(_EXPORT.sub("", _IMPORT.sub("", text)).strip())
        done.add(module.name)
    return "\n\n".join(parts) + "\n"


def packed(value: Any) -> bytes:
    """A value as gzip of JSON; the same value gives the same bytes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return gzip.compress(text.encode("utf-8", "surrogatepass"), compresslevel=9, mtime=0)


def unpacked(data: bytes) -> Any:
    """The value that ``packed`` was given."""
    return json.loads(gzip.decompress(data).decode("utf-8", "surrogatepass"))


def embed(name: str, value: Any) -> str:
    """A value as an element of the page: readable JSON where it is small, else compressed."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if len(text) > PLAIN_BYTES:
        return embed_packed(name, packed(value))
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return _element(JSON_TYPE, name, safe)


def embed_packed(name: str, data: bytes) -> str:
    """What ``packed`` made, as an element of the page."""
    return _element(GZIP_TYPE, name, base64.b64encode(data).decode("ascii"))


def _element(kind: str, name: str, text: str) -> str:
    return f'<script type="{kind}" id="{html.escape(name)}">{text}</script>'


def blocks(page: str) -> dict[str, Any]:
    """Every value that a page holds, by name: what a search of its text must look into."""
    found = {}
    for kind, name, text in _BLOCK.findall(page):
        value = json.loads(text) if kind == JSON_TYPE else unpacked(base64.b64decode(text))
        found[html.unescape(name)] = value
    return found


def assemble(face: Face, data: Sequence[str], nonce: str = "") -> str:
    """The page: template, styles, elements that hold data, and the script, in this order.

    Parameters
    ----------
    nonce : by which the page's script may run files beside the page; none where it has none.
    """
    from themetrail.report.render.fonts import web_fonts

    style = "\n".join(
        [web_fonts(_LATIN), *(path.read_text(encoding="utf-8") for path in (HOUSE, *face.styles))]
    )
    script = bundle(face.scripts)
    template = Template(face.template.read_text(encoding="utf-8"))
    return template.substitute(
        {name: html.escape(text) for name, text in face.words.items()},
        title=html.escape(face.title),
        language=html.escape(face.language),
        policy=policy(style, script, nonce),
        nonce=f' nonce="{nonce}"' if nonce else "",
        style=style,
        script=script,
        data="\n".join(data),
    )


def policy(style: str, script: str, nonce: str = "") -> str:
    """A policy under which only this style sheet, this script and what it loads have any effect."""
    loaded = f" 'nonce-{nonce}'" if nonce else ""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'{loaded}; style-src '{_hash(style)}'; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
