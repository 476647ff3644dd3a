"""Styles of the Word file, in the terms of a page designer; Word's XML is made from them."""

from __future__ import annotations

from dataclasses import dataclass

BODY = "Cambria"
HEAD = "Calibri"
INK = "1C2126"
SOFT = "535C66"
ACCENT = "00607A"
WARN = "8F2F00"


@dataclass(frozen=True)
class Style:
    """A paragraph style; sizes and spaces in points, indents in millimetres."""

    id: str
    name: str
    font: str = BODY
    size: float = 11
    before: float = 0
    after: float = 6
    line: float = 1.15
    colour: str = INK
    bold: bool = False
    italic: bool = False
    left: float = 0
    right: float = 0
    hanging: float = 0
    align: str = "left"
    keep: bool = False
    outline: int | None = None
    based: str = "Normal"
    next: str = ""
    shade: str = ""


STYLES = (
    Style("Normal", "Normal", based=""),
    Style("BodyText", "Body Text", after=7, align="both"),
    Style("FirstParagraph", "First Paragraph", after=7, align="both", next="BodyText"),
    Style("Compact", "Compact", font=HEAD, size=9, after=1, before=1, line=1.0),
    Style("Title", "Title", font=HEAD, size=21, after=8, line=1.0, bold=True, keep=True),
    Style("Author", "Author", font=HEAD, size=11.5, after=2, keep=True),
    Style("Affiliation", "Affiliation", font=HEAD, size=9.5, after=1, colour=SOFT, keep=True),
    Style("Date", "Date", font=HEAD, size=9.5, after=10, colour=SOFT),
    Style("Notice", "Notice", font=HEAD, size=10, after=8, colour=WARN, shade="FDF1E7"),
    Style(
        "AbstractTitle",
        "Abstract Title",
        font=HEAD,
        size=12,
        before=8,
        after=2,
        bold=True,
        keep=True,
        colour=ACCENT,
    ),
    Style("Abstract", "Abstract", font=HEAD, size=10, after=4, line=1.1),
    Style("Heading1", "heading 1", HEAD, 16, 20, 6, 1.0, bold=True, keep=True, outline=0),
    Style("Heading2", "heading 2", HEAD, 13, 14, 4, 1.0, bold=True, keep=True, outline=1),
    Style("Heading3", "heading 3", HEAD, 11.5, 12, 3, 1.0, bold=True, keep=True, outline=2),
    Style("Heading4", "heading 4", HEAD, 11, 10, 3, 1.0, italic=True, keep=True, outline=3),
    Style("BlockText", "Block Text", left=8, right=8, before=4, after=4),
    Style("Quotation", "Quotation", italic=True, left=8, right=8, before=6, after=2, keep=True),
    Style(
        "Attribution",
        "Attribution",
        font=HEAD,
        size=9.5,
        colour=SOFT,
        left=8,
        right=8,
        after=9,
        align="right",
    ),
    Style("Caption", "caption", font=HEAD, size=9.5, before=8, after=4, line=1.05),
    Style("TableCaption", "Table Caption", HEAD, 9.5, 12, 4, 1.05, keep=True, based="Caption"),
    Style("ImageCaption", "Image Caption", HEAD, 9.5, 4, 12, 1.05, based="Caption"),
    Style("CaptionedFigure", "Captioned Figure", before=10, after=2, keep=True),
    Style("Figure", "Figure", before=10, after=2),
    Style("TableNotes", "Table Notes", font=HEAD, size=8.5, before=3, after=12, colour=SOFT),
    Style("Bibliography", "Bibliography", size=10, after=4, left=8, hanging=8),
    Style("Header", "header", font=HEAD, size=8.5, after=0, colour=SOFT, line=1.0),
    Style("Footer", "footer", font=HEAD, size=8.5, after=0, colour=SOFT, align="center", line=1.0),
)


def _twips(millimetres: float) -> int:
    return round(millimetres * 56.6929)


def paragraph_properties(style: Style) -> str:
    """A style's ``w:pPr``; the order of its parts is Word's."""
    parts = []
    if style.keep:
        parts.append("<w:keepNext/><w:keepLines/>")
    if style.shade:
        parts.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{style.shade}"/>')
    parts.append(
        f'<w:spacing w:before="{round(style.before * 20)}" w:after="{round(style.after * 20)}" '
        f'w:line="{round(style.line * 240)}" w:lineRule="auto"/>'
    )
    if style.left or style.right:
        parts.append(
            f'<w:ind w:left="{_twips(style.left)}" w:right="{_twips(style.right)}" '
            f'w:hanging="{_twips(style.hanging)}"/>'
        )
    parts.append(f'<w:jc w:val="{style.align}"/>')
    if style.outline is not None:
        parts.append(f'<w:outlineLvl w:val="{style.outline}"/>')
    return f"<w:pPr>{''.join(parts)}</w:pPr>"


def run_properties(style: Style) -> str:
    """A style's ``w:rPr``."""
    face = f'w:ascii="{style.font}" w:hAnsi="{style.font}" w:cs="{style.font}"'
    parts = [f"<w:rFonts {face}/>"]
    parts += ["<w:b/><w:bCs/>"] if style.bold else []
    parts += ["<w:i/><w:iCs/>"] if style.italic else []
    size = round(style.size * 2)
    parts.append(f'<w:color w:val="{style.colour}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>')
    return f"<w:rPr>{''.join(parts)}</w:rPr>"


def style_xml(style: Style, namespace: str) -> str:
    """A style as Word's XML."""
    default = ' w:default="1"' if style.id == "Normal" else ""
    based = f'<w:basedOn w:val="{style.based}"/>' if style.based else ""
    following = f'<w:next w:val="{style.next}"/>' if style.next else ""
    return (
        f'<w:style xmlns:w="{namespace}" w:type="paragraph"{default} w:styleId="{style.id}">'
        f'<w:name w:val="{style.name}"/>{based}{following}<w:qFormat/>'
        f"{paragraph_properties(style)}{run_properties(style)}</w:style>"
    )


def table_style_xml(namespace: str) -> str:
    """The style of tables: a rule above and below, one under the heads, hairlines between."""
    rule = '<w:{0} w:val="single" w:sz="{1}" w:space="0" w:color="{2}"/>'
    edges = rule.format("top", 10, INK) + rule.format("bottom", 10, INK)
    edges += rule.format("insideH", 2, "B8BFC6")
    head = rule.format("bottom", 6, INK)
    return (
        f'<w:style xmlns:w="{namespace}" w:type="table" w:default="1" w:styleId="Table">'
        '<w:name w:val="Table"/><w:qFormat/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f"<w:tblBorders>{edges}</w:tblBorders><w:tblCellMar>"
        '<w:top w:w="20" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>'
        '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr>'
        f'<w:tcBorders>{head}</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
        "</w:style>"
    )
