"""A large study's evidence in files beside the page, one a site, which the page runs when asked.

A page that is opened from a disk can't fetch, and the hash of a file is not accepted there
(Chromium 156); a script element with the page's nonce is what reads a file everywhere. Each file
is one call with the site's name and letters and digits, so no word of a transcript is code.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from themetrail.errors import InputError

#: Characters of transcripts that a page keeps open, some 400 interviews: about 150 MB of memory
#: with their marks. All of 10,000 interviews would be four GB, as much as a browser gives a page.
ROOM = 20_000_000
_FILE = re.compile(r'evidence\("([^"\\]+)","([0-9a-f]{64})","([A-Za-z0-9+/=]*)"\);\n')
_HEAD = re.compile(rb'evidence\("[^"\\]+","([0-9a-f]{64})","')


def written(site: str, data: bytes) -> bytes:
    """A site's file: what ``page.packed`` made, as a call that the page answers.

    Parameters
    ----------
    site : the site's folder name, of letters, digits, ``.``, ``-`` and ``_``.
    data : gzip of JSON; the file is a third larger.
    """
    digest = hashlib.sha256(data).hexdigest()
    return f'evidence("{site}","{digest}","{base64.b64encode(data).decode("ascii")}");\n'.encode()


def site_file(site: str, data: bytes, *, beside: bool) -> bytes:
    """A site's part of the explorer: packed, or as a file that stands beside the page."""
    return written(site, data) if beside else data


def held(
    paths: Iterable[tuple[str, str]], *, beside: bool
) -> tuple[dict[str, bytes], dict[str, str]]:
    """What the page is made of: each site's packed data, or the mark of each file beside it.

    Of files beside the page only the beginning is read, however large the study.

    Parameters
    ----------
    paths : site and its part of the explorer, one after the other.
    """
    if beside:
        return {}, {site: mark(Path(path)) for site, path in paths}
    return {site: Path(path).read_bytes() for site, path in paths}, {}


def read(text: str) -> tuple[str, bytes]:
    """Site and packed data of a file.

    Raises
    ------
    InputError
        It is no such file, or was altered.
    """
    found = _FILE.fullmatch(text)
    data = base64.b64decode(found[3]) if found else b""
    if not found or hashlib.sha256(data).hexdigest() != found[2]:
        message = "not a site's evidence as a run wrote it; run the study again"
        raise InputError(message)
    return found[1], data


def mark(path: Path) -> str:
    """What tells a site's file from that of another run: the digest at its beginning."""
    with path.open("rb") as file:
        found = _HEAD.match(file.read(1024))
    if not found:
        message = f"{path.name}: not a site's evidence as a run wrote it; run the study again"
        raise InputError(message)
    return found[1].decode("ascii")


def nonce(files: Mapping[str, str]) -> str:
    """By what the page's script is allowed to run the files: from all of them, the same each time.

    Whoever wrote words of a transcript can't foresee it, since it depends on all others.
    """
    told = "\n".join(f"{site} {files[site]}" for site in sorted(files))
    return hashlib.sha256(told.encode()).hexdigest()[:32]
