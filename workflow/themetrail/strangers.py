"""Open what strangers send: archives, XML and their sizes, within bounds and never unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from typing import TYPE_CHECKING
from xml.parsers import expat

from themetrail.errors import InputError

if TYPE_CHECKING:
    from lxml import etree

MOST_BYTES = 256 * 2**20
MOST_XML = 128 * 2**20
# Characters of one text: an interview has a hundred thousand, a long book two million.
MOST_TEXT = 8_000_000
MOST_MEMBERS = 20_000
MOST_RATIO = 200
_RATIO_FROM = 4 * 2**20
MOST_ELEMENTS = 1_000_000
MOST_DEPTH = 200
_ENCRYPTED = 0x1


class HostileError(InputError):
    """A file that no honest program writes."""


# What opening a damaged archive raises, whatever the damage.
ZIP_DAMAGE = (
    zipfile.BadZipFile,
    ValueError,
    NotImplementedError,
    EOFError,
    OSError,
    OverflowError,
    struct.error,
)


class Archive:
    """A zip archive whose members are read by name, together within ``most`` bytes.

    Raises
    ------
    InputError
        It is no archive, or is damaged.
    HostileError
        It holds what no honest program writes: names that leave the archive, links, encryption,
        two members of one name, or sizes beyond reason.
    """

    def __init__(self, data: bytes, most: int = MOST_BYTES) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except ZIP_DAMAGE as error:
            message = f"not a whole zip archive ({error})"
            raise InputError(message) from error
        members = [info for info in self._zip.infolist() if not info.filename.endswith("/")]
        if len(members) > MOST_MEMBERS:
            message = f"{len(members)} members, more than {MOST_MEMBERS}"
            raise HostileError(message)
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info in members:
            _refuse(info)
            key = info.filename.casefold()
            if key in self._members:
                message = f"two members of the archive are called {info.filename[:80]!r}"
                raise HostileError(message)
            self._members[key] = info
        self.folder = ""
        self._most = self._budget = min(most, MOST_BYTES)

    @property
    def names(self) -> list[str]:
        """The members' names, in the archive's order."""
        return [info.filename for info in self._members.values()]

    def read(self, name: str) -> bytes | None:
        """The bytes of a member, found without regard to case; None where there is none."""
        info = self._members.get(name.casefold())
        if info is None:
            return None
        try:
            with self._zip.open(info) as member:
                # The header's size may lie, so that what is read is what counts.
                data = member.read(self._budget + 1)
        except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
            message = f"{info.filename[:80]!r} can't be read from the archive ({error})"
            raise InputError(message) from error
        except Exception as error:  # zlib and lzma raise errors of their own
            message = f"{info.filename[:80]!r} is damaged ({type(error).__name__})"
            raise InputError(message) from error
        self._budget -= len(data)
        if self._budget < 0:
            message = f"what is needed of it unpacks to more than {self._most // 2**20} MB"
            raise HostileError(message)
        return data


def _refuse(info: zipfile.ZipInfo) -> None:
    """Refuse a member that no honest program writes."""
    name = info.filename
    shown = name[:80]
    parts = name.split("/")
    message = ""
    if not name:
        message = "a member has no name"
    elif ".." in parts or name.startswith("/") or "\\" in name or ":" in parts[0] or "\0" in name:
        message = f"a member's name leaves the archive: {shown!r}"
    elif stat.S_ISLNK(info.external_attr >> 16):
        message = f"a member is a link: {shown!r}"
    elif info.flag_bits & _ENCRYPTED:
        message = f"a member is encrypted: {shown!r}"
        raise InputError(message)
    elif info.file_size > _RATIO_FROM and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        times = info.file_size // max(info.compress_size, 1)
        message = f"a member unpacks to {times} times its size: {shown!r}"
    if message:
        raise HostileError(message)


class _RefusedError(Exception):
    """Raised inside expat's callbacks."""


def _survey(data: bytes) -> None:
    """Read XML once without building anything: no document type, no absurd depth or size."""
    depth = elements = 0

    def doctype(*_: object) -> None:
        message = "has a document type declaration, which no program writes into such files"
        raise _RefusedError(message)

    def opened(*_: object) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > MOST_DEPTH or elements > MOST_ELEMENTS:
            message = "has more elements, or deeper ones, than any real file"
            raise _RefusedError(message)

    def closed(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.Parse(data, True)


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML from a stranger, without its comments and processing instructions.

    Raises
    ------
    InputError
        It is not well-formed, with its line.
    HostileError
        It declares a document type, or is beyond reason.
    """
    from lxml import etree

    if len(data) > MOST_XML:
        message = f"XML of more than {MOST_XML // 2**20} MB"
        raise HostileError(message)
    try:
        _survey(data)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,
            remove_comments=True,
            remove_pis=True,
        )
        return etree.fromstring(data, parser)
    except _RefusedError as error:
        message = f"XML that {error}"
        raise HostileError(message) from error
    except (expat.ExpatError, etree.XMLSyntaxError, ValueError, LookupError) as error:
        message = f"not well-formed XML ({str(error)[:120]})"
        raise InputError(message) from error


def tag(element: etree._Element) -> str:
    """An element's name without its namespace; empty for a comment."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def bounded(text: str, what: str) -> str:
    """The text itself, if it is no longer than any real one.

    Raises
    ------
    InputError
        It is longer than ``MOST_TEXT``.
    """
    if len(text) > MOST_TEXT:
        message = f"{what} has {len(text)} characters, more than {MOST_TEXT}"
        raise InputError(message)
    return text


def decode(data: bytes) -> tuple[str, str]:
    """Decode text by its byte order mark, as UTF-8, else as Windows-1252.

    Returns
    -------
    text : without the byte order mark; line ends as they are.
    encoding : what was assumed.

    Raises
    ------
    InputError
        It is none of these.
    """
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    marked = [name for mark, name in marks if data.startswith(mark)]
    for encoding in marked or ["utf-8", "cp1252"]:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    message = "neither UTF-8 nor Windows-1252 text"
    raise InputError(message)
