"""The reference document for Word: Pandoc's own with our styles, page, running head and foot."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from themetrail.report import ast
from themetrail.report.render.docx_styles import STYLES, WARN, style_xml, table_style_xml

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_STAMP = (1980, 1, 1, 0, 0, 0)
_PAGE = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1531" w:right="1418" w:bottom="1418" '
    'w:left="1418" w:header="709" w:footer="709" w:gutter="0"/>'
)
Change = Callable[[bytes], bytes]


def parse_xml(data: bytes) -> Any:
    """An XML part; entities and networks are left alone."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)


def xml_bytes(root: Any) -> bytes:
    """An XML part as a file holds it."""
    from lxml import etree

    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def repack(data: bytes, changes: dict[str, Change], added: dict[str, bytes] | None = None) -> bytes:
    """A zip with some members changed and some added; every time in it is the same."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            _put(new, name, changes[name](content) if name in changes else content)
        for name, content in (added or {}).items():
            _put(new, name, content)
    return made.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, _STAMP)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    archive.writestr(member, content)


def reference(running_head: str, notice: str, language: str) -> bytes:
    """A reference document.

    Parameters
    ----------
    running_head : printed at the top of each page.
    notice : printed after it, e.g. that the data are fictional; may be empty.
    language : of the text, e.g. en-GB.
    """
    command = [ast.pandoc(), "--print-default-data-file", "reference.docx"]
    default = subprocess.run(command, capture_output=True, check=True).stdout
    changes: dict[str, Change] = {
        "word/styles.xml": lambda data: _styles(data, language),
        "word/document.xml": _page,
        "word/_rels/document.xml.rels": _relations,
        "[Content_Types].xml": _content_types,
        "word/settings.xml": lambda data: data.replace(b'"en-US"', f'"{language}"'.encode()),
    }
    added = {"word/header1.xml": _header(running_head, notice), "word/footer1.xml": _footer()}
    return repack(default, changes, added)


def _styles(data: bytes, language: str) -> bytes:
    """Our styles in place of those of the same id."""
    root = parse_xml(data)
    ours = {style.id: parse_xml(style_xml(style, W).encode()) for style in STYLES}
    ours["Table"] = parse_xml(table_style_xml(W).encode())
    for old in root.findall(f"{{{W}}}style"):
        if old.get(f"{{{W}}}styleId") in ours:
            root.remove(old)
    for made in ours.values():
        root.append(made)
    for element in root.iter(f"{{{W}}}lang"):
        element.set(f"{{{W}}}val", language)
    return xml_bytes(root)


def _page(data: bytes) -> bytes:
    """A4, with the running head and foot."""
    root = parse_xml(data)
    old = root.find(f".//{{{W}}}body/{{{W}}}sectPr")
    old.getparent().replace(
        old,
        parse_xml(
            f'<w:sectPr xmlns:w="{W}" xmlns:r="{R}">'
            '<w:headerReference w:type="default" r:id="rId91"/>'
            f'<w:footerReference w:type="default" r:id="rId92"/>{_PAGE}</w:sectPr>'.encode()
        ),
    )
    return xml_bytes(root)


def _relations(data: bytes) -> bytes:
    root = parse_xml(data)
    for number, kind in ((91, "header"), (92, "footer")):
        element = root.makeelement(f"{{{_PACKAGE}/relationships}}Relationship")
        element.set("Id", f"rId{number}")
        element.set("Type", f"{R}/{kind}")
        element.set("Target", f"{kind}1.xml")
        root.append(element)
    return xml_bytes(root)


def _content_types(data: bytes) -> bytes:
    root = parse_xml(data)
    for kind in ("header", "footer"):
        element = root.makeelement(f"{{{_PACKAGE}/content-types}}Override")
        element.set("PartName", f"/word/{kind}1.xml")
        element.set("ContentType", f"{_TYPE}.{kind}+xml")
        root.append(element)
    return xml_bytes(root)


def _run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _header(running_head: str, notice: str) -> bytes:
    warn = f'<w:rPr><w:b/><w:color w:val="{WARN}"/></w:rPr>'
    rule = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="3" w:color="B8BFC6"/></w:pBdr>'
    said = _run("   |   ") + _run(notice, warn) if notice else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:hdr xmlns:w="{W}"><w:p><w:pPr>'
        f'<w:pStyle w:val="Header"/>{rule}</w:pPr>'
        f"{_run(running_head)}{said}</w:p></w:hdr>"
    ).encode()


def _footer() -> bytes:
    def number(code: str) -> str:
        return f'<w:fldSimple w:instr=" {code} ">{_run("1")}</w:fldSimple>'

    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:ftr xmlns:w="{W}"><w:p><w:pPr>'
        f'<w:pStyle w:val="Footer"/></w:pPr>{number("PAGE")}{_run(" of ")}{number("NUMPAGES")}'
        "</w:p></w:ftr>"
    ).encode()
