"""Other programs open what we write and see the same.

They want other versions of packages than the project, so that they stand in environments of
their own: ``make clients`` makes them, and ``make test`` says by THEMETRAIL_CLIENTS that they must
be there.
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from themetrail.coding import read_coding
from themetrail.coding.convert import write_project
from themetrail.coding.model import FoundCode
from themetrail.coding.project import Coded, Project

PROJECT = Project(
    "A study <&>",
    {"A01": "P1: Nobody asked us 🙂.\n\nP1: Café, & so on.", "A02": "P2: No."},
    [
        FoundCode("workload", ("work", "workload"), "Too much & <more>"),
        FoundCode("other", ("other",), "é"),
    ],
    [
        Coded("A01", "workload", "ann", 4, 22, memo="why?"),
        Coded("A01", "other", "bob", 28, 32),
        Coded("A02", "other", "bob", 4, 7),
    ],
    ("ann",),
)


@pytest.fixture
def qdpx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Our project, in a folder of its own: some clients unpack into the current one."""
    monkeypatch.chdir(tmp_path)
    write_project(PROJECT, tmp_path / "ann.qdpx")
    return tmp_path / "ann.qdpx"


def client(group: str, program: str = "python") -> Path:
    """A program of one of the environments of clients; the test is skipped without it."""
    told = os.environ.get("THEMETRAIL_CLIENTS")
    found = Path(told or Path(sys.prefix) / "beside") / group / "bin" / program
    if not found.exists() and not told:
        pytest.skip(f"no {found.name} in an environment of clients: make clients")
    return found


def seen(group: str, script: str) -> Any:
    """What a script prints as JSON in a client's environment."""
    program = [str(client(group)), "-W", "ignore", "-c", f"import json\n{script}"]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_pyrefiqda_sees_the_same(qdpx: Path) -> None:
    """Sources, codes, codings and users by the package's own model of the standard."""
    script = f"""
from pyrefiqda import RefiProject
project = RefiProject.load({str(qdpx)!r})
codes, found = list(project.code_book.codes.code), []
while codes:
    code = codes.pop()
    codes += code.code
    found.append((str(code.guid), code.name))
names, users = dict(found), {{str(u.guid): u.name for u in project.users.user}}
print(json.dumps({{
    "codes": sorted(names.values()),
    "codings": sorted(
        (source.name, names[str(coding.code_ref.target_guid)], users[str(coding.creating_user)],
         selection.start_position, selection.end_position)
        for source in project.sources.text_source
        for selection in source.plain_text_selection
        for coding in selection.coding
    ),
}}))
"""
    assert seen("clients", script) == {
        "codes": ["other", "work", "workload"],
        "codings": sorted([c.source, c.code, c.coder, c.start, c.end] for c in PROJECT.codings),
    }


def test_qdapy_sees_the_same(qdpx: Path) -> None:
    """Fragments with their words, codes and coders, as an analysis in qdapy starts from them."""
    script = f"""
import qdapy
project = qdapy.read_qdpx({str(qdpx)!r}, warn=False)
rows = project.fragments[["title", "code", "codedBy", "text"]].astype(str)
print(json.dumps({{
    "sources": sorted(project.sources), "coders": sorted(project.coders),
    "codes": sorted(project.codebook["code"]), "fragments": sorted(rows.to_numpy().tolist()),
}}))
"""
    path = {"workload": "work/workload", "other": "other"}
    assert seen("clients", script) == {
        "sources": ["A01", "A02"],
        "coders": ["ann", "bob"],
        "codes": ["other", "work", "work/workload"],
        "fragments": sorted(
            [c.source, path[c.code], c.coder, PROJECT.texts[c.source][c.start : c.end]]
            for c in PROJECT.codings
        ),
    }


def test_qualitative_coding_sees_the_same(qdpx: Path, tmp_path: Path) -> None:
    """Documents, codes and who coded what where; it knows whole lines only, so no offsets."""
    folder = tmp_path / "project"
    folder.mkdir()
    done = subprocess.run(
        [str(client("qc", "qc")), "init", "--import", str(qdpx)],
        cwd=folder,
        env={"PYTHONBREAKPOINT": "0", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    corpus = {path.stem: path.read_text("utf-8") for path in (folder / "corpus").iterdir()}
    assert corpus == PROJECT.texts
    connection = sqlite3.connect(folder / "qualitative_coding.sqlite3")
    codings = connection.execute(
        "SELECT d.document_id, l.code_id, l.coder_id FROM coded_line l "
        "JOIN coded_line_location_association a ON a.coded_line_id = l.id "
        "JOIN location p ON p.id = a.location_id "
        "JOIN document_index d ON d.id = p.document_index_id"
    ).fetchall()
    codes = {name for (name,) in connection.execute("SELECT name FROM code")}
    connection.close()
    assert codes == {"work", "workload", "other"}
    assert sorted(codings) == sorted((f"{c.source}.txt", c.code, c.coder) for c in PROJECT.codings)


@pytest.fixture
def taguette(tmp_path: Path) -> Iterator[Any]:
    """Taguette's server for one user on the loopback: a function that gets and posts."""
    log = tmp_path / "server.log"
    program = client("clients", "taguette")
    options = ["--no-browser", "--bind", "127.0.0.1", "--port", "7489"]
    with log.open("w") as stream:
        server = subprocess.Popen(
            [str(program), *options, "--database", str(tmp_path / "server.db")],
            stdout=stream,
            stderr=stream,
            env={"HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
        )
        try:
            yield _client(log)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _client(log: Path) -> Any:
    found = None
    for _ in range(120):
        found = re.search(r"(http://\S+)/\?token=\S+", log.read_text(errors="replace"))
        if found:
            break
        time.sleep(0.25)
    assert found, log.read_text(errors="replace")
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(found[0]).read()
    opener.open(f"{found[1]}/project/import").read()
    token = next(cookie.value for cookie in jar if cookie.name == "_xsrf")

    def ask(path: str, fields: dict[str, str] | None = None, file: bytes | None = None) -> bytes:
        if file is None:
            return bytes(opener.open(found[1] + path).read())
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
            for k, v in (fields or {}).items()
        ]
        head = 'Content-Disposition: form-data; name="file"; filename="p.sqlite3"\r\n\r\n'
        body = (
            b"".join(parts) + f"--{edge}\r\n{head}".encode() + file + f"\r\n--{edge}--\r\n".encode()
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}", "X-XSRFToken": token}
        request = urllib.request.Request(found[1] + path, body, headers)  # noqa: S310  # loopback
        return bytes(opener.open(request).read())

    return ask


@pytest.mark.slow
def test_taguette_gives_everything_back(taguette: Any, tmp_path: Path) -> None:
    """Our project, imported by the server and exported again, is the same project."""
    write_project(PROJECT, tmp_path / "ours.sqlite3")
    answer = taguette("/api/import", {"project_id": "1"}, (tmp_path / "ours.sqlite3").read_bytes())
    number = json.loads(answer)["project_id"]
    theirs = tmp_path / "theirs.sqlite3"
    theirs.write_bytes(taguette(f"/project/{number}/export/project.sqlite3"))
    names = ["source", "code", "start", "end", "quote"]
    ours, back = (read_coding(tmp_path / f"{n}.sqlite3") for n in ("ours", "theirs"))
    assert sorted(back.spans[names].to_numpy().tolist()) == sorted(
        ours.spans[names].to_numpy().tolist()
    )
    assert back.texts == PROJECT.texts
