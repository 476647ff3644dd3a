"""The explorer's page from its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from themetrail.audit.explorer.beside import ROOM, nonce
from themetrail.audit.explorer.page import ASSETS, Face, assemble, embed, embed_packed

MODULES = (
    "dom.js",
    "blocks.js",
    "data.js",
    "list.js",
    "words.js",
    "parts.js",
    "paper.js",
    "excerpts.js",
    "facts.js",
    "themes.js",
    "panel.js",
    "transcript.js",
    "search.js",
    "log.js",
    "app.js",
)
NOTICES = {
    "team": "Holds transcripts: for the study team only. Do not publish or pass on this page.",
    "public": "Public: holds what the paper prints. Transcripts are not in this page.",
}
FICTIONAL = (
    "Fictional data. No person was interviewed: the transcripts were written to demonstrate "
    "Themetrail, and nothing here is evidence."
)


def page(
    index: Mapping[str, Any],
    sites: Mapping[str, bytes],
    files: Mapping[str, str] | None = None,
    room: int = ROOM,
) -> str:
    """The explorer's page.

    Parameters
    ----------
    index : from ``themetrail.audit.explorer.index.index``.
    sites : site to its packed data (``page.packed`` of ``site.site_data``); none for the public.
    files : site to the mark of its file beside the page (``beside.mark``), where the study is too
        large for one page; ``sites`` is empty then.
    room : characters of transcripts of such a study that the page keeps open.

    Returns
    -------
    HTML that needs no server and no network, and no other file where there are no ``files``.
    """
    study = index["study"]
    face = Face(
        title=f"Evidence – {study['short']}",
        language="en-GB",
        template=ASSETS / "explorer.html",
        scripts=[ASSETS / name for name in MODULES],
        styles=[ASSETS / "common.css", ASSETS / "explorer.css"],
        words={
            "study": study["title"],
            "audience": study["audience"],
            "notice": NOTICES[study["audience"]],
            "fictional": FICTIONAL if study["demonstration"] else "",
        },
    )
    if files:
        opening = {**index, "files": files, "room": room}
        return assemble(face, [embed("index", opening)], nonce(files))
    return assemble(face, [embed("index", index), *_sites(sites)])


def _sites(sites: Mapping[str, bytes]) -> Sequence[str]:
    return [embed_packed(f"site:{name}", data) for name, data in sorted(sites.items())]
