"""Office files from others: their parts as text, or refused with a reason and a remedy."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from themetrail.errors import InputError
from themetrail.intake.document import Unreadable
from themetrail.strangers import Archive, HostileError, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_BYTES = 64 * 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_zip(data: bytes, what: str) -> Archive:
    """Open a zip container held in memory.

    Raises
    ------
    Unreadable
        Not a zip file, damaged, an old or encrypted Office file, or one that no program writes.
    """
    if data.startswith(_OLE):
        message = f"no {what} file but an old or password-protected Office file"
        remedy = f"Open it, remove the password, and save it as .{what}."
        raise Unreadable(message, remedy, kind="corrupt_file")
    try:
        return Archive(data, MOST_BYTES)
    except InputError as error:
        raise _unreadable(error, f"is no {what} file") from None


def member(archive: Archive, name: str, what: str) -> bytes:
    """The bytes of one member.

    Raises
    ------
    Unreadable
        The member is missing or damaged, or what is read of the file is too large.
    """
    try:
        data = archive.read(name)
    except InputError as error:
        raise _unreadable(error, f"is no {what} file") from None
    if data is None:
        message = f"no {what} file: it has no {name}"
        raise Unreadable(message, f"Save it again as .{what}.", kind="corrupt_file")
    return data


def xml(data: bytes, name: str) -> _Element:
    """Parse XML without DTDs, entities or network.

    Raises
    ------
    Unreadable
        It is not well formed, declares a document type, or is nested too deeply.
    """
    try:
        return parse_xml(data)
    except InputError as error:
        raise _unreadable(error, f"has a part {name} that can't be read") from None


def words_of_parts(archive: Archive, pattern: str, what: str) -> str:
    """The text of all parts whose name matches; parts that cannot be read are passed over."""
    words: list[str] = []
    for name in archive.names:
        if re.fullmatch(pattern, name):
            with contextlib.suppress(Unreadable):
                words += map(str, xml(member(archive, name, what), name).itertext())
    return "\n".join(word for word in words if word.strip())


def _unreadable(error: InputError, what: str) -> Unreadable:
    """The error as a state of the file, with what to do."""
    message = f"{what}: {error}"
    if isinstance(error, HostileError):
        return Unreadable(message, "Do not use this file.", kind="hostile_file")
    remedy = "Open it in the program that made it, remove any password, and save it again."
    return Unreadable(message, remedy, kind="corrupt_file")
