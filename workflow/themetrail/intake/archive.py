"""Zip containers and XML from others: read within limits, or refused with a reason."""

from __future__ import annotations

import contextlib
import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from themetrail.intake.document import Unreadable

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_MEMBERS = 5_000
MAX_MEMBER_BYTES = 64 * 2**20
# Real Word files reach about 60 with much repetition; bombs start at 1,000.
MAX_RATIO = 400
_FREE_BYTES = 2**20
# What zipfile raises on damaged input, as fuzzing found; RuntimeError stands for encryption, its
# NotImplementedError for a compression nobody uses, ValueError for places before the file's start.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    ValueError,
    OverflowError,
    EOFError,
    OSError,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_zip(data: bytes, what: str) -> zipfile.ZipFile:
    """Open a zip container held in memory.

    Raises
    ------
    Unreadable
        Not a zip file, damaged, an old or encrypted Office file, or too many members.
    """
    if data.startswith(_OLE):
        message = f"not a {what} file but an old or password-protected Office file"
        remedy = f"Open it, remove the password, and save it as .{what}."
        raise Unreadable(message, remedy, kind="corrupt_file")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED:
        message = f"not a {what} file, or damaged"
        remedy = f"Open it in the program that made it and save it again as .{what}."
        raise Unreadable(message, remedy, kind="corrupt_file") from None
    if len(archive.infolist()) > MAX_MEMBERS:
        message = f"holds more than {MAX_MEMBERS} parts"
        raise Unreadable(message, "This is not an ordinary document.", kind="hostile_file")
    return archive


def member(archive: zipfile.ZipFile, name: str, what: str) -> bytes:
    """The bytes of one member, within limits of size and of compression ratio.

    Raises
    ------
    Unreadable
        The member is missing, encrypted, damaged, too large or too strongly compressed.
    """
    try:
        info = archive.getinfo(name)
    except KeyError:
        message = f"not a {what} file: it has no {name}"
        raise Unreadable(message, f"Save it again as .{what}.", kind="corrupt_file") from None
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > MAX_MEMBER_BYTES or (info.file_size > _FREE_BYTES and ratio > MAX_RATIO):
        message = f"{name} would unpack to {info.file_size} bytes ({ratio:.0f} times its size)"
        raise Unreadable(message, "This is not an ordinary document.", kind="hostile_file")
    try:
        with archive.open(info) as stream:
            data = stream.read(MAX_MEMBER_BYTES + 1)
    except _DAMAGED:
        message = f"{name} inside it is damaged or encrypted"
        remedy = "Open it, remove any password, and save it again."
        raise Unreadable(message, remedy, kind="corrupt_file") from None
    if len(data) > MAX_MEMBER_BYTES:
        message = f"{name} is larger than it says"
        raise Unreadable(message, "Do not use this file.", kind="hostile_file")
    return data


def xml(data: bytes, name: str) -> _Element:
    """Parse XML without DTDs, entities or network.

    Raises
    ------
    Unreadable
        It is not well formed, declares a document type, or is nested too deeply.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True, huge_tree=False,
    )  # fmt: skip
    if b"<!DOCTYPE" in data[:4096]:
        raise _doctype(name)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        message = f"{name} is not well-formed XML (line {error.lineno})"
        raise Unreadable(message, "Save the file again.", kind="corrupt_file") from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise _doctype(name)
    return root


def words_of_parts(archive: zipfile.ZipFile, pattern: str, what: str) -> str:
    """The text of all parts whose name matches; parts that cannot be read are passed over."""
    words: list[str] = []
    for name in archive.namelist():
        if re.fullmatch(pattern, name):
            with contextlib.suppress(Unreadable):
                words += map(str, xml(member(archive, name, what), name).itertext())
    return "\n".join(word for word in words if word.strip())


def _doctype(name: str) -> Unreadable:
    message = f"{name} declares a document type, which no word processor writes"
    return Unreadable(message, "Do not use this file.", kind="hostile_file")
