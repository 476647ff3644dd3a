"""What kind of file a coder's file is: by its bytes, and then whether its name agrees."""

from __future__ import annotations

import zipfile
from io import BytesIO

from themetrail.strangers import ZIP_DAMAGE

# What each extension promises, and how the kinds are called in a sentence.
BY_EXTENSION = {
    ".csv": "text",
    ".tsv": "text",
    ".tab": "text",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".qdpx": "qdpx",
    ".qde": "qde",
    ".qdc": "qdc",
    ".sqlite3": "taguette",
    ".qda": "qualcoder",
    ".rock": "text",
    ".docx": "docx",
}
EXTENSIONS = {kind: extension for extension, kind in reversed(BY_EXTENSION.items())}
CALLED = {
    "text": "plain text",
    "xlsx": "an Excel workbook (.xlsx)",
    "xls": "an old Excel workbook (.xls) or another Office file from before 2007",
    "protected": "an Office file that is protected by a password",
    "qdpx": "a REFI-QDA project (.qdpx)",
    "qde": "the XML of a REFI-QDA project (.qde)",
    "qdc": "a REFI-QDA codebook (.qdc)",
    "docx": "a Word document (.docx)",
    "odt": "an OpenDocument file",
    "taguette": "a Taguette project (.sqlite3)",
    "qualcoder": "a QualCoder project (.qda)",
    "sqlite": "a database that is neither Taguette's nor QualCoder's",
    "mex": "a MAXQDA exchange file (.mex), whose texts are encrypted",
    "requal": "a requal project",
    "pdf": "a PDF",
    "html": "an HTML page",
    "xml": "an XML file that is not REFI-QDA",
    "rtf": "an RTF document",
    "zip": "a zip archive that is no project",
    "broken zip": "a damaged or cut-off zip archive",
    "empty": "an empty file",
    "binary": "not text, nor a format that is known here",
}
REMEDY = {
    "html": "Open it in the spreadsheet program and save it as .xlsx or .csv.",
    "xls": "Open it in the program that made it, and save a table as .xlsx or .csv, a document as "
    ".docx.",
    "protected": "Open it in the program that made it, and save it without a password.",
    "mex": "Export the project from MAXQDA as REFI-QDA (.qdpx).",
    "broken zip": "Ask for the file again; it did not arrive whole.",
    "empty": "Ask for the file again; nothing of it arrived.",
    "odt": "Save it as .csv or .xlsx.",
}
# What to send in place of files that other programs make for something else.
INSTEAD = {
    ".rockproject": "Unzip it, and put its coded .rock files into a folder of the coder's name.",
    ".dct": "It describes a construct and holds no codings. Send the coded .rock files.",
    ".requal": "Export its segments as CSV with their words in a column quote; its offsets count "
    "from 1.",
    ".mx24": "Export the project from MAXQDA as REFI-QDA (.qdpx).",
    ".nvp": "Export the project from NVivo as REFI-QDA (.qdpx).",
    ".nvpx": "Export the project from NVivo as REFI-QDA (.qdpx).",
    ".atlproj23": "Export the project from ATLAS.ti as REFI-QDA (.qdpx).",
    ".doc": "Open it in Word and save it as .docx.",
    ".txt": "Name a table with tabs between its columns .tsv, one with commas or semicolons .csv, "
    "and a source coded with ROCK .rock.",
}
_COMPOUND = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SQLITE_TABLES = (
    ("taguette", {"highlights", "highlight_tags"}),
    ("qualcoder", {"code_text", "code_name"}),
    ("mex", {"Codewords", "Texts_Text_BLOBS"}),
    ("requal", {"requal_version"}),
)


def kind_of(data: bytes) -> str:
    """Name the kind of a file by its bytes (a key of ``CALLED``)."""
    if not data.strip():
        return "empty"
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(b"SQLite format 3\0"):
        return _sqlite_kind(data)
    if data.startswith(_COMPOUND):
        return "protected" if _ENCRYPTED in data else "xls"
    for mark, kind in ((b"%PDF", "pdf"), (b"{\\rtf", "rtf")):
        if data.startswith(mark):
            return kind
    return _text_kind(data)


def is_project(name: str) -> bool:
    """Whether a member of an archive is a project's XML, at its root or, zipped anew, in a folder.

    >>> is_project("Project.QDE"), is_project("__MACOSX/._project.qde")
    (True, False)
    """
    return name.casefold().endswith(".qde") and not name.startswith("__MACOSX/")


def _zip_kind(data: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(BytesIO(data)).namelist())
    except ZIP_DAMAGE:
        return "broken zip"
    if any(is_project(name) for name in names):
        return "qdpx"
    if any(name.casefold().endswith("data.qda") for name in names):
        return "qualcoder"
    for prefix, kind in (("xl/", "xlsx"), ("word/", "docx")):
        if any(name.casefold().startswith(prefix) for name in names):
            return kind
    return "odt" if "content.xml" in names else "zip"


def _sqlite_kind(data: bytes) -> str:
    # The statements that made the tables stand in the file as text.
    for kind, tables in _SQLITE_TABLES:
        if all(name.encode() in data for name in tables):
            return kind
    return "sqlite"


def _text_kind(data: bytes) -> str:
    head = data[:4096]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head.decode("utf-16" if wide else "latin-1", errors="ignore").lstrip("\ufeffï»¿ \r\n\t")
    if "\0" in text:
        return "binary"
    start = text[:2048].casefold()
    if "urn:qda-xml:codebook" in start:
        return "qdc"
    if "urn:qda-xml:project" in start:
        return "qde"
    pages = ("<!doctype html", "<html", "<table", "<body", "<meta")
    if start.startswith("<") and any(mark in start for mark in pages):
        return "html"
    return "xml" if start.startswith("<?xml") else "text"
