"""A crate against itself, and a study against the crate that was made of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from themetrail.audit.crate import UNNAMED
from themetrail.audit.crate_zip import HASHES, METADATA, README, hash_list, pack, unpack
from themetrail.audit.decisions import LOG, breaks, entries, lines_of, missing, named
from themetrail.audit.findings import MAKE_AGAIN, Check
from themetrail.audit.verify_agreement import follows
from themetrail.audit.verify_paper import DOCUMENT, compare_page, marked, missing_words
from themetrail.errors import InputError
from themetrail.report.facts import FACTS

CRATE = "reports/crate.zip"
COEFFICIENTS = "results/reliability/coefficients.csv"
ASK_AGAIN = (
    "Ask whoever published the crate for it again; one that differs from itself is no evidence."
)
PUT_BACK = (
    "Put the row back into the file that is named: a decision is superseded by a later one, "
    "never removed. Then run the study again: themetrail run."
)


# ------------------------------------------------------------------ a study and its crate
def sealed(root: Path) -> Check:
    """Every file of a study that its crate names, by hash; and the crate itself."""
    check = Check("Files are those that the crate names", unit="files", remedy=MAKE_AGAIN)
    path = root / CRATE
    if not path.is_file():
        check.differs(CRATE, "is not there: run the study to make it")
        return check
    members = _opened(path.read_bytes(), CRATE, check)
    if members is None:
        return check
    listed = _digests_listed(root)
    for name, entity in _named(members, CRATE, check).items():
        if name == README or (name in members and not (root / name).is_file()):
            # The crate's README and the workflow's own files are not the study's; the crate's
            # list of hashes has vouched for them.
            continue
        check.looked_at += 1
        if name.startswith(UNNAMED):
            # By its digest alone, which the sites' lists have; files are compared with these.
            if entity["sha256"] not in listed:
                check.differs(f"{CRATE}, {name}", "is a file that no list of a site's files has")
        elif not (root / name).is_file():
            check.differs(name, f"is not there; {CRATE} names it")
        elif _hash((root / name).read_bytes()) != entity["sha256"]:
            check.differs(name, f"is not the file that {CRATE} names: its hash is another")
    return check


def _digests_listed(root: Path) -> set[str]:
    """SHA-256 of every file that the lists of the sites' files name."""
    lists = sorted((root / "results/manifests").glob("*/*.tsv"))
    lines = (line for file in lists for line in file.read_text("utf-8", "replace").split("\n"))
    return {cell for line in lines for cell in line.split("\t")}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _opened(data: bytes, where: str, check: Check) -> dict[str, bytes] | None:
    """The members of a crate, after its own list of hashes and its form were checked."""
    try:
        members = unpack(data)
    except InputError as error:
        check.differs(where, str(error))
        return None
    listed = members.get(HASHES)
    if listed is None or METADATA not in members:
        check.differs(where, f"has no {HASHES if listed is None else METADATA}: it is no crate")
        return None
    check.looked_at += len(members)
    meant = _by_name(listed)
    for name in sorted({*meant, *members} - {HASHES}):
        if name not in members:
            check.differs(f"{where}, {name}", "is not in the archive, and its list names it")
        elif meant.get(name) != _hash(members[name]):
            check.differs(f"{where}, {name}", f"is not what {HASHES} says: its hash is another")
    if not check.findings and listed != hash_list(members):
        check.differs(f"{where}, {HASHES}", "is not as it was written")
    if not check.findings and pack(members) != data:
        check.differs(where, "the archive around the files is not as it was written")
    return members


def _by_name(listed: bytes) -> dict[str, str]:
    """Name to hash from a list of hashes."""
    pairs = (line.partition("  ") for line in listed.decode("utf-8", "replace").split("\n"))
    return {name: digest for digest, separator, name in pairs if separator}


def _named(members: Mapping[str, bytes], where: str, check: Check) -> dict[str, Any]:
    """Path to entity of every file that a crate's metadata gives a hash of."""
    try:
        graph = json.loads(members[METADATA])["@graph"]
        files = [entity for entity in graph if "sha256" in entity]
        return {str(entity["@id"]).removeprefix("#"): entity for entity in files}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        check.differs(f"{where}, {METADATA}", "can't be read")
        return {}


# ------------------------------------------------------------------ a crate alone
def verify_crate(path: Path) -> list[Check]:
    """Check a crate without the study that it was made of.

    Raises
    ------
    InputError
        The file can't be read.
    """
    data, where = _bytes_of(path), path.name
    whole = Check("The crate is as it was written", unit="files", remedy=ASK_AGAIN)
    members = _opened(data, where, whole)
    if members is None:
        return [whole]
    entities = _named(members, where, whole)
    for name, entity in entities.items():
        if name in members and entity["sha256"] != _hash(members[name]):
            whole.differs(f"{where}, {name}", f"is not the file that {METADATA} names")
    outside = sorted(name for name in entities if name not in members)
    return [
        whole,
        _log(members),
        _facts_of_crate(members),
        _papers_of_crate(members),
        _not_here(outside),
    ]


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path}: can't be read ({error.strerror})"
        raise InputError(message) from error


def _log(members: Mapping[str, bytes]) -> Check:
    check = Check("The decision log is whole", unit="entries", remedy=ASK_AGAIN)
    if LOG not in members:
        check.skipped.append(f"{LOG} is not in the crate")
        return check
    text = members[LOG].decode("utf-8", "replace")
    for line, what in breaks(text):
        check.differs(f"{LOG}:{line}", what)
    check.looked_at = max(len(lines_of(text)) - 1, 0)
    return check


def _facts_of_crate(members: Mapping[str, bytes]) -> Check:
    """Facts on agreement against the coefficients that the crate holds."""
    import io

    import pandas as pd

    check = Check("Facts follow from the tables in the crate", unit="facts", remedy=ASK_AGAIN)
    try:
        facts = json.loads(members[FACTS])["facts"]
        table = pd.read_csv(io.BytesIO(members[COEFFICIENTS]), dtype=str, keep_default_na=False)
        rows = [
            {str(key): str(cell) for key, cell in row.items()} for row in table.to_dict("records")
        ]
        by_id = {fact["id"]: fact for fact in facts}
        mine = [fact for fact in facts if fact["source"]["table"] == "coefficients"]
        for fact in mine:
            check.looked_at += 1
            if not follows(fact, by_id, rows):
                check.differs(f"{FACTS}, {fact['id']}", f"is not what {COEFFICIENTS} says")
        left = len(facts) - len(mine)
    except (ValueError, KeyError, TypeError) as error:
        check.differs(FACTS, f"can't be compared ({type(error).__name__})")
        return check
    check.skipped.append(f"{left} facts rest on tables that are not in the crate")
    return check


def _papers_of_crate(members: Mapping[str, bytes]) -> Check:
    """Facts and quotations of the filled document in every paper that the crate holds."""
    check = Check("Each paper says what the facts say", unit="papers", remedy=ASK_AGAIN)
    try:
        expected = list(marked(json.loads(members[DOCUMENT])))
        facts = {fact["id"]: fact for fact in json.loads(members[FACTS])["facts"]}
    except (ValueError, KeyError, TypeError, IndexError) as error:
        check.differs(DOCUMENT, f"can't be read ({type(error).__name__})")
        return check
    for name, _ in expected:
        if name.startswith("fact ") and name.removeprefix("fact ") not in facts:
            check.differs(DOCUMENT, f"prints {name}, which {FACTS} does not have")
    for path in sorted(members):
        if path.startswith("reports/paper."):
            check.looked_at += 1
            if path.endswith(".html"):
                compare_page(path, members[path], expected, check)
            else:
                missing_words(path, members[path], expected, check)
    return check


def _not_here(outside: list[str]) -> Check:
    """What a crate alone can't show."""
    check = Check("What the crate only lists", unit="files")
    transcripts = [name for name in outside if "/transcripts/" in name]
    unnamed = [name for name in outside if name.startswith(UNNAMED)]
    if outside:
        small = f", and {len(unnamed)} of sites too small to be counted" if unnamed else ""
        check.skipped.append(
            f"{len(outside)} files are listed with their hash and are not in the crate, "
            f"{len(transcripts)} transcripts among them{small}: whether quotations are verbatim, "
            "and whether tables follow from transcripts and codings, can be checked in the study"
        )
    return check


# ------------------------------------------------------------------ two crates
def kept_since(earlier: Path, later: str) -> Check:
    """Whether every decision of an earlier crate's log is in a later log: the log only grows.

    Parameters
    ----------
    earlier : a crate.
    later : the text of a log.

    Raises
    ------
    InputError
        The crate can't be read.
    """
    name = f"No decision was taken out since {earlier.name}"
    check = Check(name, unit="entries", remedy=PUT_BACK)
    members = _opened(_bytes_of(earlier), earlier.name, check)
    if members is None or LOG not in members:
        check.skipped.append("the earlier crate has no log")
        return check
    try:
        before = entries(members[LOG].decode("utf-8", "replace"))
        gone = missing(before, entries(later))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        check.differs(LOG, "can't be compared: a line of one of the logs is no entry")
        return check
    check.looked_at = len(before)
    for one in gone:
        check.differs(LOG, f"{named(one)} is no longer there")
    return check
