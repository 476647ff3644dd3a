"""Bytes to text: by byte-order mark, else strict UTF-8, else as declared; never a guess."""

from __future__ import annotations

import codecs

from themetrail.intake.document import Unreadable

# UTF-32 first: its little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """Decode a text file's bytes.

    A byte-order mark decides; without one the bytes must be UTF-8; only where they are not is the
    declared encoding tried. Nothing is replaced.

    Parameters
    ----------
    data : the file's bytes.
    declared : name of a Python codec, or None.

    Returns
    -------
    text, encoding : the text without byte-order mark and as its line ends stand, and how it was
        decoded ("utf-8", "utf-8-sig", "utf-16", "utf-32", or the declared name).

    Raises
    ------
    Unreadable
        The bytes are not in any of these; says at which byte and line.
    """
    for mark, name, codec in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], codec, name), name
    if b"\0" not in data:
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError as error:
            if declared is None:
                raise _undecodable(data, error.start, "utf-8") from None
    elif declared is None:
        raise _undecodable(data, data.index(b"\0"), "text (it holds a zero byte)")
    text = _strictly(data, declared, declared)
    if "\0" in text:
        raise _undecodable(data, data.index(b"\0"), f"{declared} text (it is zero)")
    return text, declared


def lines_normalised(text: str) -> str:
    r"""The text with ``\n`` line ends; every other character stays."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _strictly(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise _undecodable(data, error.start, name) from None
    except LookupError:
        message = f"the declared encoding {name!r} is not known"
        raise Unreadable(
            message, "Use a name like utf-8 or cp1252.", kind="unknown_encoding"
        ) from None


def _undecodable(data: bytes, offset: int, name: str) -> Unreadable:
    line = data.count(b"\n", 0, offset) + 1
    message = f"byte {offset} (0x{data[offset]:02x}) is not {name}"
    remedy = "Save the file as UTF-8"
    if data[offset] == 0:
        remedy += "; if it is UTF-16 without a byte-order mark, declare encoding: utf-16-le."
    else:
        remedy += "; if it comes from Windows, declare encoding: cp1252."
    return Unreadable(message, remedy, line=line, kind="undecodable")
