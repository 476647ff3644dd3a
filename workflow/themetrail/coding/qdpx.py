"""Read a REFI-QDA project, ``.qdpx`` or its bare ``.qde``, and the habits of those who write it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from themetrail.coding.kinds import is_project
from themetrail.coding.model import CodedFile, FoundCode
from themetrail.coding.offsets import lf
from themetrail.coding.refi import SOURCES, Project, child_text, guid, line_of, plain_text
from themetrail.coding.selections import read_text, report_untexted
from themetrail.errors import InputError
from themetrail.strangers import Archive, parse_xml, tag

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element

# Elements that hold a plain text with selections in it, and selections that have no text.
_TEXTS = ("TextSource", "Representation", "Transcript", "TextDescription")
_OTHER = ("PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection")


def read_qdpx(data: bytes, file: str) -> CodedFile:
    """Read a project archive.

    Raises
    ------
    InputError
        It is no safe archive, or its project is no safe XML.
    """
    archive = Archive(data)
    projects = [n for n in archive.names if is_project(n)]
    if len(projects) != 1:
        message = f"an archive with {len(projects)} project files (.qde) where a project has one"
        raise InputError(message)
    archive.folder = projects[0].rpartition("/")[0]
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
    project = Project(origin=root.get("origin") or "")
    for user in root.iter("{*}User"):
        project.users[guid(user.get("guid"))] = (user.get("name") or user.get("id") or "").strip()
    found.users = list(dict.fromkeys(name for name in project.users.values() if name))
    found.codes = list(read_codes(root))
    _index_codes(project, found)
    _read_notes(root, project, archive, found)
    for element in root.iter():
        name = tag(element)
        if name in _TEXTS:
            read_text(element, project, archive, found)
        elif name in SOURCES or name in _OTHER:
            report_untexted(element, name, found)
    _report_conflicts(root, project, found)
    _report_rest(root, project, found)
    return found


def _index_codes(project: Project, found: CodedFile) -> None:
    """Codes by GUID; where two share one, a coding may mean either."""
    for code in found.codes:
        first = project.codes.setdefault(code.guid, code)
        if first.path != code.path:
            found.problems.add(
                "error",
                "duplicate_guid",
                found.file,
                f"the codes {first.name[:60]!r} and {code.name[:60]!r} have one GUID: codings of "
                "it may mean either, and were read as the first",
                "Export the project again from the program in which the coding was done.",
            )


def read_codes(root: Element) -> Iterator[FoundCode]:
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
            child_text(element, "Description"),
            (element.get("isCodable") or "true").casefold() not in ("false", "0"),
            guid(element.get("guid")),
        )
        yield code
        inner = [child for child in element if tag(child) == "Code"]
        waiting.extend((child, code.path) for child in reversed(inner))


def _read_notes(root: Element, project: Project, archive: Archive | None, found: CodedFile) -> None:
    """Texts of the notes, and which of them links tie to a selection or coding."""
    for note in root.iter("{*}Note"):
        text = plain_text(note, archive, found, quiet=True)
        words = lf(text).strip() if text is not None else child_text(note, "Description")
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


def _report_rest(root: Element, project: Project, found: CodedFile) -> None:
    """Say what else a project holds that no coding is: nothing of a file is dropped in silence."""
    kinds = {"Case": "cases", "Variable": "variables", "Set": "sets", "Graph": "graphs"}
    counts = {words: sum(1 for _ in root.iter(f"{{*}}{kind}")) for kind, words in kinds.items()}
    used = {guid(ref.get("targetGUID")) for ref in root.iter("{*}NoteRef")}
    texts = {text for linked in project.linked.values() for text in linked}
    counts["notes on no coding"] = sum(
        key not in used and text not in texts for key, text in project.notes.items()
    )
    rest = [f"{number} {words}" for words, number in counts.items() if number]
    if rest:
        found.problems.add(
            "note", "not_used", found.file, f"not codings, not used: {', '.join(rest)}"
        )


def _report_conflicts(root: Element, project: Project, found: CodedFile) -> None:
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
