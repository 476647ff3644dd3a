"""Read the texts of a REFI-QDA project and the selections and codings in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from themetrail.coding.model import CodedFile, Copy, FoundCode, Mark
from themetrail.coding.offsets import SURE, Reading, Selection, lf, read_offsets
from themetrail.coding.refi import SOURCES, Project, guid, line_of, plain_text, shown, source_name
from themetrail.strangers import Archive, tag

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element

_SELECTIONS = ("PlainTextSelection", "TranscriptSelection")
_FEW = 2


def read_text(
    element: Element, project: Project, archive: Archive | None, found: CodedFile
) -> None:
    """One plain text with its selections and their codings."""
    on_whole = [child for child in element if tag(child) == "Coding"]
    for coding in on_whole:
        _report_whole(coding, element, found)
    selections = [child for child in element if tag(child) in _SELECTIONS]
    raw = plain_text(element, archive, found, quiet=not selections and not on_whole)
    if raw is None:
        return
    source = source_name(element)
    key = f"{guid(element.get('guid'))}#{len(found.texts)}"
    text = lf(raw)
    found.texts[key] = Copy(source, text)
    sync = {
        guid(point.get("guid")): point.get("position")
        for point in element
        if tag(point) == "SyncPoint"
    }
    placed = [_selection(child, sync) for child in selections]
    reading = read_offsets(raw, [s for s in placed if s is not None], project.origin)
    if not _trusted(reading, source, element, found):
        return
    spans = iter(reading.spans)
    for child, selection in zip(selections, placed, strict=True):
        span = next(spans) if selection is not None else None
        _read_selection(child, selection, span, (source, key, text), project, found)
    _report_uncoded(selections, source, found)


def _selection(element: Element, sync: dict[str, str | None]) -> Selection | None:
    """A selection's offsets and name; None where it has no offsets."""
    if tag(element) == "PlainTextSelection":
        ends = element.get("startPosition"), element.get("endPosition")
    else:
        ends = (
            sync.get(guid(element.get("fromSyncPoint"))),
            sync.get(guid(element.get("toSyncPoint"))),
        )
    try:
        start, end = int(ends[0] or ""), int(ends[1] or "")
    except ValueError:
        return None
    return Selection(start, end, element.get("name") or "")


def _trusted(reading: Reading, source: str, element: Element, found: CodedFile) -> bool:
    """Whether the offsets make sense; said where they do not, or hardly do."""
    n = len(reading.spans)
    ends, unit = reading.convention
    document, percent = shown(source), f"{reading.edges:.0%}"
    if not reading.sure:
        found.problems.add(
            "error",
            "offsets_unclear",
            found.file,
            f"{document}: no way of counting characters fits its {n} selections; counted in {unit} "
            f"with {ends} line ends, the best, {percent} begin and end between words",
            "Export the project again from the program in which the coding was done.",
            line=line_of(element),
        )
    elif n * (1 - reading.edges) >= _FEW and reading.edges < SURE:
        found.problems.add(
            "warning",
            "offsets_doubtful",
            found.file,
            f"{document}: only {percent} of its {n} selections begin and end between words",
            "Look at some of them in the program in which the coding was done.",
            line=line_of(element),
        )
    return reading.sure


def _read_selection(
    element: Element,
    selection: Selection | None,
    span: tuple[int, int] | None,
    where: tuple[str, str, str],
    project: Project,
    found: CodedFile,
) -> None:
    """The codings of one selection, each a mark."""
    source, key, text = where
    for coding in [child for child in element if tag(child) == "Coding"]:
        if selection is None or span is None or span[0] >= span[1]:
            _report_offsets(coding, selection, source, len(text), found)
            continue
        code = _code_of(coding, project)
        found.marks.append(
            Mark(
                row=line_of(element) or 0,
                source=source,
                code=code.name,
                user=_user(coding, element, project),
                start=span[0],
                end=span[1],
                quote=text[span[0] : span[1]],
                memo=_memo(element, coding, project),
                coded_at=coding.get("creationDateTime") or element.get("creationDateTime") or "",
                copy=key,
                aliases=("/".join(code.path), ".".join(code.path), code.guid),
            )
        )


def _report_uncoded(selections: list[Element], source: str, found: CodedFile) -> None:
    """Say how many passages are selected without a code: comments, not codings."""
    bare = [s for s in selections if not any(tag(child) == "Coding" for child in s)]
    if bare:
        found.problems.add(
            "note",
            "not_coded",
            found.file,
            f"{len(bare)} passages of {shown(source)} are selected without a code: comments, "
            "not codings",
            line=line_of(bare[0]),
        )


def _code_of(coding: Element, project: Project) -> FoundCode:
    """The code that a coding refers to; one named by its GUID where the project lacks it."""
    target = next((guid(c.get("targetGUID")) for c in coding if tag(c) == "CodeRef"), "")
    return project.codes.get(target) or FoundCode(target or "(no code)", guid=target)


def _user(coding: Element, selection: Element, project: Project) -> str:
    """Who coded: the coding's user, for want of one the selection's."""
    for element in (coding, selection):
        name = project.users.get(guid(element.get("creatingUser")))
        if name:
            return name
    return ""


def _memo(element: Element, coding: Element, project: Project) -> str:
    """Everything noted on a selection or its coding."""
    parts = [next((c.text or "" for c in element if tag(c) == "Description"), "")]
    for at in (element, coding):
        refs = [guid(child.get("targetGUID")) for child in at if tag(child) == "NoteRef"]
        parts.extend(project.notes.get(ref, "") for ref in refs)
        parts.extend(project.linked.get(guid(at.get("guid")), []))
    return "\n".join(dict.fromkeys(part for part in parts if part.strip()))


def _report_offsets(
    coding: Element, selection: Selection | None, source: str, length: int, found: CodedFile
) -> None:
    at = coding.getparent()
    what = "no offsets"
    if selection is not None:
        what = f"offsets {selection.start} to {selection.end} in a text of {length} characters"
    found.problems.add(
        "error",
        "bad_offsets",
        found.file,
        f"a coding of {shown(source)} has {what}",
        "Export the project again from the program in which the coding was done.",
        line=None if at is None else line_of(at),
    )


def _report_whole(coding: Element, element: Element, found: CodedFile) -> None:
    found.problems.add(
        "warning",
        "coding_of_document",
        found.file,
        f"{shown(source_name(element))} as a whole carries a code: not a coding of a passage, "
        "not used",
        line=line_of(coding),
    )


def report_untexted(element: Element, name: str, found: CodedFile) -> None:
    """Codings of pictures, sound and pages, which no transcript's characters can hold."""
    if name == "TextSource":
        return
    for coding in [child for child in element if tag(child) == "Coding"]:
        if name in SOURCES:
            _report_whole(coding, element, found)
            continue
        found.problems.add(
            "warning",
            "not_text",
            found.file,
            f"a coding of {shown(source_name(element))} is of a {name.removesuffix('Selection')}"
            " region, not of text: not used",
            line=line_of(coding),
        )
