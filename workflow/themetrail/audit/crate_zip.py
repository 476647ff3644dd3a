"""A crate as one archive: written so that the same files give the same bytes, read with care."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping

from themetrail.errors import InputError

METADATA = "ro-crate-metadata.json"
HASHES = "manifest-sha256.txt"
# What the crate says of itself; the study may have a file of this name, which is another.
README = "README.md"
MOST_BYTES = 2_000_000_000
_FIRST = (1980, 1, 1, 0, 0, 0)


def hash_list(members: Mapping[str, bytes]) -> bytes:
    """SHA-256 and name of every member but the list itself, a line each, by name."""
    lines = (
        f"{hashlib.sha256(data).hexdigest()}  {name}\n"
        for name, data in sorted(members.items())
        if name != HASHES
    )
    return "".join(lines).encode("utf-8")


def pack(members: Mapping[str, bytes]) -> bytes:
    """An archive of the members by name: stored as they are, without times, rights or comments.

    Nothing is compressed: the library that compresses gives other bytes in other versions, and
    most of the members (PDF, DOCX, PNG) are compressed already.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members, key=lambda name: (name != METADATA, name)):
            entry = zipfile.ZipInfo(name, _FIRST)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, members[name])
    return target.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The members of a crate, in memory; nothing is written anywhere.

    Raises
    ------
    InputError
        It is no archive, is damaged, or would unpack to more than a crate can hold.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_sizes(entries)
            return {entry.filename: archive.read(entry) for entry in entries}
    except InputError:
        raise
    except Exception as error:
        # A damaged header breaks the reader in many ways (zlib.error, OverflowError, …).
        message = f"is not a whole archive ({error or type(error).__name__})"
        raise InputError(message) from error


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        message = "would unpack to more than 2 GB"
        raise InputError(message)
    if len({entry.filename for entry in entries}) != len(entries):
        message = "holds two members of one name"
        raise InputError(message)
