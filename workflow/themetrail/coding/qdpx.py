"""Read a REFI-QDA project, ``.qdpx`` or its bare ``.qde``, and the habits of those who write it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from themetrail.coding.archive import Archive, bounded, decode, parse_xml, tag
from themetrail.coding.model import CodedFile, Copy, FoundCode, Mark
from themetrail.coding.offsets import SURE, Reading, Selection, lf, read_offsets
from themetrail.errors import InputError

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element

# Elements that hold a plain text with selections in it, and selections that have no text.
_TEXTS = ("TextSource", "Representation", "Transcript", "TextDescription")
_SELECTIONS = ("PlainTextSelection", "TranscriptSelection")
_OTHER = ("PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection")
_SOURCES = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")
_FEW = 2


def guid(value: str | None) -> str:
    """A GUID in one form: lower case, no braces."""
    return (value or "").strip().strip("{}").casefold()


def line_of(element: Element) -> int | None:
    """The line of the file on which an element begins."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None


@dataclass
class _Project:
    """What codings refer to by GUID."""

    users: dict[str, str] = field(default_factory=dict)
    codes: dict[str, FoundCode] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    linked: dict[str, list[str]] = field(default_factory=dict)
    origin: str = ""


def read_qdpx(data: bytes, file: str) -> CodedFile:
    """Read a project archive.

    Raises
    ------
    InputError
        It is no safe archive, or its project is no safe XML.
    """
    archive = Archive(data)
    projects = [n for n in archive.names if n.casefold().endswith(".qde") and "/" not in n]
    if len(projects) != 1:
        message = f"an archive with {len(projects)} project files (.qde) where a project has one"
        raise InputError(message)
    found = read_project(archive.read(projects[0]) or b"", file, archive)
    found.kind = "qdpx"
    return found


def read_project(data: bytes, file: str, archive: Archive | None = None) -> CodedFile:
    """Read a project's XML; texts outside it come from the archive, where there is one."""
    root = parse_xml(data)
    if tag(root) != "Project":
        message = f"XML whose root is {tag(root)[:40]!r}, not a REFI-QDA Project"
        raise InputError(message)
    found = CodedFile(file, "qde")
    project = _Project(origin=root.get("origin") or "")
    for user in root.iter("{*}User"):
        project.users[guid(user.get("guid"))] = (user.get("name") or user.get("id") or "").strip()
    found.users = list(dict.fromkeys(name for name in project.users.values() if name))
    found.codes = list(read_codes(root, project.codes))
    _read_notes(root, project, archive, found)
    for element in root.iter():
        name = tag(element)
        if name in _TEXTS:
            _read_text(element, project, archive, found)
        elif name in _SOURCES or name in _OTHER:
            _report_untexted(element, name, found)
    _report_conflicts(root, project, found)
    return found


def read_codes(root: Element, by_guid: dict[str, FoundCode] | None = None) -> Iterator[FoundCode]:
    """The codes of a project or codebook, outer before inner, each with its path."""
    tops = [code for codes in root.iter("{*}Codes") for code in codes if tag(code) == "Code"]
    stack = [(code, ()) for code in reversed(tops)]
    waiting: list[tuple[Element, tuple[str, ...]]] = list(stack)
    while waiting:
        element, path = waiting.pop()
        name = (element.get("name") or "").strip()
        code = FoundCode(
            name,
            (*path, name),
            _child_text(element, "Description"),
            (element.get("isCodable") or "true").casefold() not in ("false", "0"),
            guid(element.get("guid")),
        )
        if by_guid is not None:
            by_guid[code.guid] = code
        yield code
        inner = [child for child in element if tag(child) == "Code"]
        waiting.extend((child, code.path) for child in reversed(inner))


def _child_text(element: Element, name: str) -> str:
    """The text of an element's child of this name."""
    return next((child.text or "" for child in element if tag(child) == name), "").strip()


def _read_notes(
    root: Element, project: _Project, archive: Archive | None, found: CodedFile
) -> None:
    """Texts of the notes, and which of them links tie to a selection or coding."""
    for note in root.iter("{*}Note"):
        text = _plain_text(note, archive, found, quiet=True)
        words = lf(text).strip() if text is not None else _child_text(note, "Description")
        project.notes[guid(note.get("guid"))] = words
        marked = sum(1 for _ in note.iter("{*}Coding"))
        if marked:
            found.problems.add(
                "warning",
                "not_in_transcript",
                found.file,
                f"{marked} codings of a note, not of a transcript: not used",
                line=line_of(note),
            )
    for link in root.iter("{*}Link"):
        ends = guid(link.get("originGUID")), guid(link.get("targetGUID"))
        for one, other in (ends, ends[::-1]):
            if project.notes.get(one):
                project.linked.setdefault(other, []).append(project.notes[one])


def _plain_text(
    element: Element, archive: Archive | None, found: CodedFile, *, quiet: bool = False
) -> str | None:
    """An element's plain text, from within it or from its member of the archive."""
    for child in element:
        if tag(child) == "PlainTextContent":
            return bounded(child.text or "", "a text")
    path = element.get("plainTextPath") or ""
    scheme, _, name = path.rpartition("://")
    name = name.replace("\\", "/").rpartition("/")[2]
    reason = ""
    if not path:
        reason = "no plain text of this document in the project"
    elif scheme not in ("", "internal"):
        reason = f"its plain text lies outside the project ({scheme[:20]}://): not opened"
        quiet = False
    elif archive is None:
        reason = "the plain text is in the project archive, and this is its XML alone"
    else:
        for folder in ("sources/", ""):
            data = archive.read(folder + name)
            if data is not None:
                text, encoding = decode(data)
                if encoding == "cp1252" and not quiet:
                    _note_encoding(element, found)
                return bounded(text.removeprefix("\ufeff"), "a text")
        reason = "the plain text that the project names is not in the archive"
    if not quiet:
        marked = sum(1 for _ in element.iter("{*}Coding"))
        found.problems.add(
            "error" if marked else "note",
            "text_missing",
            found.file,
            f"{_shown(_source_name(element))}: {reason}; {marked} codings",
            "Export the project from its program again, with its texts." if marked else "",
            line=line_of(element),
        )
    return None


def _note_encoding(element: Element, found: CodedFile) -> None:
    found.problems.add(
        "note",
        "assumed_encoding",
        found.file,
        f"the text of {_shown(_source_name(element))} is not UTF-8; read as Windows-1252",
        line=line_of(element),
    )


def _source_name(element: Element) -> str:
    """The name of the document that an element belongs to."""
    at: Element | None = element
    while at is not None and tag(at) not in _SOURCES:
        at = at.getparent()
    name = at.get("name") if at is not None else None
    return (name or element.get("name") or "").strip()


def _shown(name: str) -> str:
    return repr(name[:60]) if name else "a document without a name"


def _read_text(
    element: Element, project: _Project, archive: Archive | None, found: CodedFile
) -> None:
    """One plain text with its selections and their codings."""
    on_whole = [child for child in element if tag(child) == "Coding"]
    for coding in on_whole:
        _report_whole(coding, element, found)
    selections = [child for child in element if tag(child) in _SELECTIONS]
    raw = _plain_text(element, archive, found, quiet=not selections and not on_whole)
    if raw is None:
        return
    source = _source_name(element)
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
    shown, percent = _shown(source), f"{reading.edges:.0%}"
    if not reading.sure:
        found.problems.add(
            "error",
            "offsets_unclear",
            found.file,
            f"{shown}: no way of counting characters fits its {n} selections; counted in {unit} "
            f"with {ends} line ends, the best, {percent} begin and end between words",
            "Export the project again from the program in which the coding was done.",
            line=line_of(element),
        )
    elif n * (1 - reading.edges) >= _FEW and reading.edges < SURE:
        found.problems.add(
            "warning",
            "offsets_doubtful",
            found.file,
            f"{shown}: only {percent} of its {n} selections begin and end between words",
            "Look at some of them in the program in which the coding was done.",
            line=line_of(element),
        )
    return reading.sure


def _read_selection(
    element: Element,
    selection: Selection | None,
    span: tuple[int, int] | None,
    where: tuple[str, str, str],
    project: _Project,
    found: CodedFile,
) -> None:
    """The codings of one selection, each a mark."""
    source, key, text = where
    for coding in [child for child in element if tag(child) == "Coding"]:
        if selection is None or span is None or span[0] >= span[1]:
            _report_offsets(coding, selection, source, len(text), found)
            continue
        code = _code_of(coding, project)
        name = selection.name
        found.marks.append(
            Mark(
                row=line_of(element) or 0,
                source=source,
                code=code.name,
                user=_user(coding, element, project),
                start=span[0],
                end=span[1],
                quote=text[span[0] : span[1]],
                memo=_memo(element, coding, name, project),
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
            f"{len(bare)} passages of {_shown(source)} are selected without a code: comments, "
            "not codings",
            line=line_of(bare[0]),
        )


def _report_conflicts(root: Element, project: _Project, found: CodedFile) -> None:
    """Say where a coding and its selection name different users, as after some conversions."""
    conflicts = 0
    for coding in root.iter("{*}Coding"):
        selection = coding.getparent()
        users = [
            project.users.get(guid(element.get("creatingUser")))
            for element in (coding, selection)
            if element is not None
        ]
        conflicts += len({user for user in users if user}) > 1
    if conflicts:
        found.problems.add(
            "note",
            "user_conflict",
            found.file,
            f"{conflicts} codings name another user than their selections do: the coding's counts",
        )


def _code_of(coding: Element, project: _Project) -> FoundCode:
    """The code that a coding refers to; one named by its GUID where the project lacks it."""
    target = next((guid(c.get("targetGUID")) for c in coding if tag(c) == "CodeRef"), "")
    return project.codes.get(target) or FoundCode(target or "(no code)", guid=target)


def _user(coding: Element, selection: Element, project: _Project) -> str:
    """Who coded: the coding's user, for want of one the selection's."""
    for element in (coding, selection):
        name = project.users.get(guid(element.get("creatingUser")))
        if name:
            return name
    return ""


def _memo(element: Element, coding: Element, name: str, project: _Project) -> str:
    """Everything noted on a selection or its coding."""
    parts = [next((c.text or "" for c in element if tag(c) == "Description"), "")]
    for at in (element, coding):
        refs = [guid(child.get("targetGUID")) for child in at if tag(child) == "NoteRef"]
        parts.extend(project.notes.get(ref, "") for ref in refs)
        parts.extend(project.linked.get(guid(at.get("guid")), []))
    return "\n".join(dict.fromkeys(part for part in parts if part.strip() and part != name))


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
        f"a coding of {_shown(source)} has {what}",
        "Export the project again from the program in which the coding was done.",
        line=None if at is None else line_of(at),
    )


def _report_whole(coding: Element, element: Element, found: CodedFile) -> None:
    found.problems.add(
        "warning",
        "coding_of_document",
        found.file,
        f"{_shown(_source_name(element))} as a whole carries a code: not a coding of a passage, "
        "not used",
        line=line_of(coding),
    )


def _report_untexted(element: Element, name: str, found: CodedFile) -> None:
    """Codings of pictures, sound and pages, which no transcript's characters can hold."""
    if name == "TextSource":
        return
    for coding in [child for child in element if tag(child) == "Coding"]:
        if name in _SOURCES:
            _report_whole(coding, element, found)
            continue
        found.problems.add(
            "warning",
            "not_text",
            found.file,
            f"a coding of {_shown(_source_name(element))} is of a {name.removesuffix('Selection')}"
            " region, not of text: not used",
            line=line_of(coding),
        )
