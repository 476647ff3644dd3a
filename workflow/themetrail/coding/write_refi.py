"""Write REFI-QDA: a project (``.qdpx``) or a codebook (``.qdc``), valid against its schemas."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from themetrail.coding.model import FoundCode
from themetrail.coding.offsets import ORIGIN
from themetrail.coding.project import Project

if TYPE_CHECKING:
    from lxml import etree

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
# Programs expect a date, and the same project must give the same bytes.
_UNDATED = "2000-01-01T00:00:00Z"
_DATED = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?)?$"
)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME_LENGTH = 60


def packed(members: Mapping[str, bytes]) -> bytes:
    """A zip archive that depends on its members alone: no clock, no order of a file system."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return stream.getvalue()


def xml_text(text: str) -> str:
    """The text without the control characters that XML can't hold."""
    return _NOT_XML.sub("\ufffd", text)


def date_time(value: str) -> str:
    """A date as XML writes it; the same one always where there is none."""
    found = _DATED.match(value)
    if not found:
        return _UNDATED
    return f"{found[1]}T{found[2] or '00:00:00'}{found[3] or 'Z'}"


def _only(namespace: str) -> Any:
    """A map in which the namespace is the one without a prefix."""
    return {None: namespace}


def qdpx(project: Project) -> bytes:
    """A project archive: its texts as UTF-8 with LF line ends and no byte order mark.

    Raises
    ------
    InputError
        A coding has no place in a text.
    """
    sources = {
        f"sources/{project.guid('source', name)}.txt": text.encode("utf-8", "replace")
        for name, text in project.texts.items()
    }
    return packed({"project.qde": qde(project), **sources})


def qde(project: Project) -> bytes:
    """The project's XML."""
    from lxml import etree

    people = {name: project.guid("user", name) for name in project.people}
    first = people[project.people[0]]
    root = etree.Element(
        "Project",
        {
            "name": xml_text(project.name),
            "origin": ORIGIN,
            "creatingUserGUID": first,
            "creationDateTime": _UNDATED,
        },
        nsmap=_only(PROJECT),
    )
    users = etree.SubElement(root, "Users")
    for name, guid in people.items():
        etree.SubElement(users, "User", {"guid": guid, "name": xml_text(name)})
    if project.codes:
        _codes(etree.SubElement(root, "CodeBook"), project)
    rows: dict[str, list[Any]] = {}
    for row in project.placed("A REFI-QDA project"):
        rows.setdefault(row[0].source, []).append(row)
    if project.texts:
        sources = etree.SubElement(root, "Sources")
    for name in project.texts:
        guid = project.guid("source", name)
        source = etree.SubElement(
            sources,
            "TextSource",
            {
                "guid": guid,
                "name": xml_text(name),
                "plainTextPath": f"internal://{guid}.txt",
                "creatingUser": first,
                "creationDateTime": _UNDATED,
            },
        )
        for coding, start, end in rows.get(name, []):
            _selection(source, coding, start, end, project, people)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _selection(
    source: etree._Element,
    coding: Any,
    start: int,
    end: int,
    project: Project,
    people: Mapping[str, str],
) -> None:
    """One selection with one coding; the user stands on both, since programs read either."""
    from lxml import etree

    user = people.get(coding.coder, people[project.people[0]])
    about = {"creatingUser": user, "creationDateTime": date_time(coding.coded_at)}
    key = (coding.source, coding.coder, str(start), str(end), coding.code, coding.memo)
    words = " ".join(project.texts[coding.source][start:end][:_NAME_LENGTH].split())
    selection = etree.SubElement(
        source,
        "PlainTextSelection",
        {
            "guid": project.guid("selection", *key),
            "name": xml_text(words),
            "startPosition": str(start),
            "endPosition": str(end),
            **about,
        },
    )
    if coding.memo:
        etree.SubElement(selection, "Description").text = xml_text(coding.memo)
    coded = etree.SubElement(selection, "Coding", {"guid": project.guid("coding", *key), **about})
    etree.SubElement(coded, "CodeRef", {"targetGUID": project.code_guid(coding.code, coding.path)})


def _codes(parent: etree._Element, project: Project) -> None:
    """The codes under their parents; a parent that is no code itself can't be applied."""
    from lxml import etree

    codes = etree.SubElement(parent, "Codes")
    made: dict[tuple[str, ...], etree._Element] = {}
    by_path = {_path(code): code for code in project.codes}
    for path in by_path:
        for depth in range(1, len(path) + 1):
            part = path[:depth]
            if part in made:
                continue
            code = by_path.get(part)
            above = made[part[:-1]] if depth > 1 else codes
            made[part] = _code(above, part, code, project)


def _path(code: FoundCode) -> tuple[str, ...]:
    return code.path or (code.name,)


def _code(
    above: etree._Element, path: tuple[str, ...], code: FoundCode | None, project: Project
) -> etree._Element:
    from lxml import etree

    element = etree.SubElement(
        above,
        "Code",
        {
            "guid": project.guid("family", *path) if code is None else project.code_guid("", path),
            "name": xml_text(path[-1]),
            "isCodable": "true" if code is not None and code.codable else "false",
        },
    )
    if code is not None and code.description:
        etree.SubElement(element, "Description").text = xml_text(code.description)
    return element


def qdc(project: Project) -> bytes:
    """The project's codebook alone."""
    from lxml import etree

    root = etree.Element("CodeBook", {"origin": ORIGIN}, nsmap=_only(CODEBOOK))
    _codes(root, project)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
