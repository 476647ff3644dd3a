"""The explorer's page from its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from themetrail.audit.explorer.page import ASSETS, Face, assemble, embed, embed_packed

MODULES = (
    "dom.js",
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


def page(index: Mapping[str, Any], sites: Mapping[str, bytes]) -> str:
    """The explorer as one HTML file.

    Parameters
    ----------
    index : from ``themetrail.audit.explorer.index.index``.
    sites : site to its packed data (``page.packed`` of ``site.site_data``); none for the public.

    Returns
    -------
    HTML that needs no other file, no server and no network.
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
    return assemble(face, [embed("index", index), *_sites(sites)])


def _sites(sites: Mapping[str, bytes]) -> Sequence[str]:
    return [embed_packed(f"site:{name}", data) for name, data in sorted(sites.items())]
