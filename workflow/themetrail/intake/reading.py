"""One transcript file to a document, by the reader of its extension."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from themetrail.intake.captions import read_captions
from themetrail.intake.decode import decode, lines_normalised
from themetrail.intake.document import Document, Remark, Unreadable
from themetrail.intake.docx import read_docx
from themetrail.intake.markup import read_html, read_rtf
from themetrail.intake.odt import read_odt
from themetrail.intake.pdf import read_pdf, without_line_numbers

MAX_BYTES = 64 * 2**20


def _decoded(data: bytes, declared: str | None) -> tuple[str, str, tuple[Remark, ...]]:
    """Text with normalised line ends, how it was decoded, and a remark where that was assumed."""
    text, encoding = decode(data, declared)
    remarks: tuple[Remark, ...] = ()
    if encoding == declared:
        message = f"is not UTF-8 and was read as {declared}, as the study declares"
        remedy = "Look at its accents and dashes; save it as UTF-8."
        remarks = (Remark("note", "declared_encoding", message, remedy),)
    return lines_normalised(text), encoding, remarks


def _refuse_others(data: bytes, format: str) -> None:
    """Refuse a file of another kind under the extension of a text."""
    for mark, what, extension in _OTHERS:
        if data.startswith(mark):
            message = f"is named .{format} but is {what}"
            remedy = f"Give it the extension of what it is, e.g. {extension}."
            raise Unreadable(message, remedy, kind="wrong_kind", line=1)


def _read_plain(data: bytes, format: str, declared: str | None) -> Document:
    _refuse_others(data, format)
    text, encoding, remarks = _decoded(data, declared)
    if text.lstrip()[:1].isdigit() and without_line_numbers(text.split("\n"))[1]:
        message = "has numbered lines; the numbers stand in the text and count as words"
        remedy = "Save it without line numbers."
        remarks = (*remarks, Remark("warning", "numbered_lines", message, remedy))
    return Document(text, format, encoding, remarks=remarks)


def _read_captions(data: bytes, format: str, declared: str | None) -> Document:
    text, encoding, remarks = _decoded(data, declared)
    document = read_captions(text, format, encoding)
    return replace(document, remarks=(*remarks, *document.remarks))


_READERS: dict[str, Callable[[bytes, str, str | None], Document]] = {
    "txt": _read_plain,
    "md": _read_plain,
    "docx": lambda data, _, __: read_docx(data),
    "odt": lambda data, _, __: read_odt(data),
    "rtf": lambda data, _, declared: read_rtf(data, declared),
    "vtt": _read_captions,
    "srt": _read_captions,
    "html": lambda data, _, declared: read_html(data, declared),
    "pdf": lambda data, _, __: read_pdf(data),
}
FORMATS = tuple(_READERS)
_OTHERS = (
    (b"PK\x03\x04", "a word processor's file or another archive", ".docx"),
    (b"\xd0\xcf\x11\xe0", "an Office file from before 2007, or one with a password", ".doc"),
    (b"%PDF-", "a PDF", ".pdf"),
    (b"{\\rtf", "an RTF document", ".rtf"),
)
_ALIASES = {"htm": "html", "markdown": "md", "text": "txt"}
_ADVICE = {
    "doc": "Open it in Word and save it as .docx.",
    "pages": "Export it as Word (.docx).",
    "xls": "Save the sheet's text as a Word document or as plain text.",
    "xlsx": "Save the sheet's text as a Word document or as plain text.",
}


def read_document(data: bytes, extension: str, declared: str | None = None) -> Document:
    """Read a transcript file's bytes.

    Parameters
    ----------
    data : the file's bytes.
    extension : without the dot, in any case.
    declared : the encoding to fall back on, or None.

    Raises
    ------
    Unreadable
        The extension is not one of ``FORMATS``, or the file cannot be read; says why.
    """
    format = extension.lower()
    format = _ALIASES.get(format, format)
    reader = _READERS.get(format)
    if reader is None:
        known = ", ".join(f".{name}" for name in FORMATS)
        message = f"files of type .{format} cannot be read" if format else "has no extension"
        remedy = _ADVICE.get(format, f"Save it as one of {known}, or move it out of this folder.")
        raise Unreadable(message, remedy, kind="unknown_extension")
    if len(data) > MAX_BYTES:
        message = f"is {len(data)} bytes long; a transcript may have {MAX_BYTES}"
        raise Unreadable(message, "This is not an ordinary transcript.", kind="hostile_file")
    return reader(data, format, declared)


def read_text(path: str | Path, encoding: str | None = None) -> tuple[str, str, str]:
    """Read a transcript file.

    Parameters
    ----------
    path : the file.
    encoding : what to try where it is neither UTF-8 nor has a byte-order mark.

    Returns
    -------
    text, format, encoding : canonical text, the format's usual extension, how bytes were decoded.

    Raises
    ------
    Unreadable
        The file cannot be read; the message says why, its ``remedy`` what to do.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        message = f"cannot be opened: {error.strerror}"
        raise Unreadable(message, kind="unreadable") from None
    document = read_document(data, file.suffix[1:], encoding)
    return document.text, document.format, document.encoding
