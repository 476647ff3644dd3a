"""A coder's pack: the transcripts and the codebook in the coder's tool, and no one's codings."""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from themetrail.coding.model import FoundCode
from themetrail.coding.passage import Transcript
from themetrail.coding.project import Project, codes_of
from themetrail.coding.write_refi import qdc, qdpx
from themetrail.coding.write_rock import rock_source
from themetrail.coding.write_tables import delimited, workbook
from themetrail.coding.write_taguette import document_html, taguette
from themetrail.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from themetrail.config import Codebook

_WIDTH = 88
TOOLS = ("qdpx", "qualcoder", "taguette", "rock", "csv", "xlsx")
SHEET = ("transcript_id", "turn", "speaker", "quote", "codes", "memo")
_RETURN = {
    "qdpx": "Import {file} into NVivo, ATLAS.ti, MAXQDA or another program that reads REFI-QDA. "
    "Code, then export the whole project as REFI-QDA (.qdpx) and send it back as {coder}.qdpx.",
    "qualcoder": "In QualCoder, choose Project > Import REFI-QDA project and open {file}. Code, "
    "then close the project, zip its .qda folder and send it back as {coder}.qda, or export it "
    "as REFI-QDA and send {coder}.qdpx.",
    "taguette": "In Taguette, choose 'Import a project' and open {file}. Highlight and tag, then "
    "export the project as SQLite 3 (not the highlights alone) and send it back as "
    "{coder}.sqlite3. If the import is refused, make a new project, add the documents of the "
    "folder html/ and import codebook.csv.",
    "rock": "Write codes in double square brackets behind the lines that they fit, for example "
    "[[{example}]]. A code counts for its whole line, which is a turn: to code less than a turn, "
    "ask for a pack for another tool. Leave the marks with 'uid' as they are, and the lines "
    "divided as they are. Send the folder back, named {coder}.",
    "csv": "Write into column 'codes' of {file} the ids of the codes that fit the turn, with "
    "semicolons between, and nothing where none does. To code less than a turn, copy the row and "
    "shorten the quotation. Send it back as {coder}.csv.",
    "xlsx": "Write into column 'codes' of {file} the ids of the codes that fit the turn, with "
    "semicolons between, and nothing where none does. To code less than a turn, copy the row and "
    "shorten the quotation. Send it back as {coder}.xlsx.",
}


@dataclass(frozen=True)
class Pack:
    """A pack before it is written.

    Attributes
    ----------
    files : path within the pack to its bytes; for the coder.
    record : what was sent, for the study: ids, hashes of the texts, codebook version, seed. It
        is not for the coder.
    """

    files: Mapping[str, bytes]
    record: Mapping[str, Any]


def sample(
    by_site: Mapping[str, Sequence[str]], share: float, seed: int
) -> dict[str, tuple[str, ...]]:
    """Draw transcripts for double coding, the share from each site, at least one.

    Parameters
    ----------
    by_site : each site's transcript ids.
    share : between 0 and 1.
    seed : the same seed and ids give the same sample; a new transcript changes nothing of the
        order of the others, so that a later sample holds an earlier one of its size.

    Raises
    ------
    InputError
        The share is not between 0 and 1.
    """
    if not 0 < share <= 1:
        message = f"a sample is a share above 0 and up to 1, not {share}"
        raise InputError(message)
    return {
        site: tuple(sorted(_order(ids, str(seed), site)[: max(round(share * len(ids)), 1)]))
        for site, ids in sorted(by_site.items())
    }


def _order(ids: Sequence[str], *salt: str) -> list[str]:
    """The ids in an order that chance, and nothing about them, decides."""

    def key(name: str) -> str:
        return hashlib.sha256("\x1f".join((*salt, name)).encode()).hexdigest()

    return sorted(ids, key=key)


def make_pack(
    study: str,
    coder: str,
    tool: str,
    transcripts: Mapping[str, Transcript],
    codebook: Codebook,
    *,
    only: Sequence[str] | None = None,
    seed: int = 0,
) -> Pack:
    """Make a coder's pack.

    Parameters
    ----------
    study : the study's name; ids in the pack are made from it.
    coder : whose it is; the only user named.
    tool : one of ``TOOLS``.
    transcripts : by id; those held back by the disclosure gate stay out.
    codebook : codes in use are in the pack, each with its definition.
    only : ids of the transcripts that this coder is to code; all by default.
    seed : decides the order in which this coder meets the transcripts.

    Raises
    ------
    InputError
        The tool or a transcript is unknown, or there is nothing to code.
    """
    if tool not in TOOLS:
        message = f"no packs are made for {tool!r}. {did_you_mean(tool, TOOLS)}"
        raise InputError(message)
    unknown = [name for name in only or () if name not in transcripts]
    if unknown:
        message = f"no transcript {unknown[0]!r}. {did_you_mean(unknown[0], transcripts)}"
        raise InputError(message)
    chosen = [n for n in (only or transcripts) if not transcripts[n].held]
    if not chosen:
        message = "there is no transcript to code"
        raise InputError(message)
    order = _order(chosen, str(seed), coder)
    texts = {name: transcripts[name].text for name in order}
    project = Project(study, texts, codes_of(codebook), (), (coder,))
    files = _files(tool, coder, project, transcripts)
    files["READ-ME-FIRST.txt"] = _instruction(tool, coder, project, files)
    return Pack(files, _record(tool, seed, project, codebook))


def _files(
    tool: str, coder: str, project: Project, transcripts: Mapping[str, Transcript]
) -> dict[str, bytes]:
    """What the coder opens."""
    if tool in ("qdpx", "qualcoder"):
        return {f"{coder}.qdpx": qdpx(project), "codebook.qdc": qdc(project)}
    codebook = delimited(
        [["tag", "description"], *([c.name, c.description] for c in project.codes)]
    )
    if tool == "taguette":
        pages = {
            f"html/{name}.html": _page(name, text).encode("utf-8", "replace")
            for name, text in project.texts.items()
        }
        return {f"{coder}.sqlite3": taguette(project), "codebook.csv": codebook, **pages}
    if tool == "rock":
        sources = {
            f"{coder}/{name}.rock": rock_source(name, text, (), project).encode("utf-8", "replace")
            for name, text in project.texts.items()
        }
        return {"codebook.csv": codebook, **sources}
    rows = [list(SHEET), *_turns(project, transcripts)]
    sheet = workbook(rows) if tool == "xlsx" else delimited(rows)
    return {f"{coder}.{tool}": sheet, "codebook.csv": codebook}


def _page(name: str, text: str) -> str:
    """A text as a web page that says its encoding, which Taguette needs."""
    from html import escape

    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
        f"<title>{escape(name)}</title></head>\n<body>{document_html(text)}</body></html>\n"
    )


def _turns(project: Project, transcripts: Mapping[str, Transcript]) -> list[list[str]]:
    """A row a turn, to be coded in a spreadsheet."""
    return [
        [name, str(turn.turn), turn.speaker, text[turn.start : turn.end], "", ""]
        for name, text in project.texts.items()
        for turn in transcripts[name].turns
    ]


def _instruction(tool: str, coder: str, project: Project, files: Mapping[str, bytes]) -> bytes:
    """One page for the coder."""
    opened = next((name for name in files if name.startswith(f"{coder}.")), "")
    example = project.codes[0].name if project.codes else "code"
    steps = _RETURN[tool].format(file=opened, coder=coder, example=example)
    lines = [
        f"Coding pack for {coder}",
        "",
        "You code alone: please do not look at others' codings or talk about these transcripts",
        "until all have sent theirs back.",
        "",
        *textwrap.wrap(steps, _WIDTH, break_long_words=False),
        "",
        "Do not change the transcripts' words or names. If a passage needs a code that the",
        "codebook does not have, make one in your tool: it is taken as a proposal.",
        "",
        *textwrap.wrap(f"Transcripts, in your order: {', '.join(project.texts)}.", _WIDTH),
        "",
        "These transcripts are confidential: keep them where the study's protocol says, and",
        "delete them when your work has been received.",
        "",
        "The codebook",
        "",
        *_described(project.codes),
    ]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _described(codes: Sequence[FoundCode]) -> list[str]:
    lines: list[str] = []
    for code in codes:
        lines.append(code.name)
        for line in code.description.split("\n"):
            lines += textwrap.wrap(
                line,
                _WIDTH,
                initial_indent="    ",
                subsequent_indent="    ",
                break_long_words=False,
            )
        lines.append("")
    return lines


def _record(tool: str, seed: int, project: Project, codebook: Codebook) -> dict[str, Any]:
    """What was sent, so that what comes back is known again."""
    return {
        "pack": project.guid("pack", project.people[0], tool, *project.texts),
        "coder": project.people[0],
        "tool": tool,
        "seed": seed,
        "codebook_version": codebook.version,
        "transcripts": [
            {
                "transcript_id": name,
                "source_guid": project.guid("source", name),
                "text_sha256": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
            }
            for name, text in project.texts.items()
        ],
        "codes": {code.name: project.code_guid(code.name) for code in project.codes},
    }


def write_pack(pack: Pack, folder: Path, record: Path) -> None:
    """Write a pack's files into a folder and its record beside the study's data.

    Raises
    ------
    InputError
        The folder is there already and is not empty.
    """
    from themetrail.tables import whole, write_text

    if folder.exists() and any(folder.iterdir()):
        message = f"{folder.name} is there already: send that pack, or remove it first"
        raise InputError(message)
    for name, data in pack.files.items():
        with whole(folder / name) as part:
            part.write_bytes(data)
    write_text(json.dumps(pack.record, ensure_ascii=False, indent=1) + "\n", record)
