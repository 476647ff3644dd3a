"""The adjudication page from its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from themetrail.audit.explorer.build import FICTIONAL, NOTICES
from themetrail.audit.explorer.page import ASSETS as SHARED
from themetrail.audit.explorer.page import Face, assemble, embed
from themetrail.config import StudyConfig

ASSETS = Path(__file__).resolve().parent / "assets"


def page(
    study: StudyConfig,
    conflicts: Sequence[Mapping[str, Any]],
    boundaries: Sequence[Mapping[str, Any]],
    existing: Mapping[str, Mapping[str, Any]],
) -> str:
    """The adjudication page as one HTML file.

    Parameters
    ----------
    study : its codes are what a passage can be moved to.
    conflicts, boundaries : from ``items.to_decide``.
    existing : site to what ``existing.existing_rows`` found there.
    """
    about = study.settings["study"]
    face = Face(
        title=f"Adjudicate – {about['short_title'] or about['title']}",
        language="en-GB",
        template=ASSETS / "adjudicate.html",
        scripts=[
            SHARED / "dom.js",
            SHARED / "blocks.js",
            SHARED / "data.js",
            *(ASSETS / name for name in ("csv.js", "store.js", "adjudicate.js")),
        ],
        styles=[SHARED / "common.css", ASSETS / "adjudicate.css"],
        words={
            "study": about["title"],
            "notice": NOTICES["team"],
            "fictional": FICTIONAL if about["demonstration"] else "",
        },
    )
    codes = [
        {
            "id": code.id,
            "label": code.label,
            "definition": code.definition,
            "apply": code.apply,
            "not": code.exclude,
            "family": code.family,
            "retired": code.status == "retired",
        }
        for code in study.codebook.codes
    ]
    opening = {
        "study": about["title"],
        "list": "conflicts" if conflicts or not boundaries else "boundaries",
        "extent": study.settings["consensus"]["extent"],
        "codes": codes,
        "sites": [{"id": site.site, "label": site.label} for site in study.active_sites],
    }
    blocks = {
        "opening": opening,
        "conflicts": list(conflicts),
        "boundaries": list(boundaries),
        "existing": dict(existing),
    }
    return assemble(face, [embed(name, value) for name, value in blocks.items()])
