"""Other programs open what we write and see the same; each where it is installed.

``pip install pyrefiqda qdapy taguette`` into the test environment runs them all.
"""

from __future__ import annotations

import http.cookiejar
import json
import re
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


def test_pyrefiqda_sees_the_same(qdpx: Path) -> None:
    """Sources, codes, codings and users by the package's own model of the standard."""
    refi = pytest.importorskip("pyrefiqda")
    project = refi.RefiProject.load(str(qdpx))
    sources = project.sources.text_source
    assert [source.name for source in sources] == ["A01", "A02"]
    selections = [s for source in sources for s in source.plain_text_selection]
    places = sorted((s.start_position, s.end_position) for s in selections)
    assert places == sorted((c.start, c.end) for c in PROJECT.codings)
    assert sum(len(s.coding) for s in selections) == 3
    assert {user.name for user in project.users.user} == {"ann", "bob"}


def test_qdapy_sees_the_same(qdpx: Path) -> None:
    """Fragments with their words, codes and coders, as an analysis in qdapy starts from them."""
    qdapy = pytest.importorskip("qdapy")
    project = qdapy.read_qdpx(str(qdpx), warn=False)
    assert len(project.fragments) == 3
    assert len(project.sources) == 2
    assert len(project.coders) == 2
    assert len(project.codebook) == 3  # two codes and the family


@pytest.fixture
def taguette(tmp_path: Path) -> Iterator[Any]:
    """Taguette's server for one user on the loopback: a function that gets and posts."""
    pytest.importorskip("taguette")
    log = tmp_path / "server.log"
    program = Path(sys.executable).with_name("taguette")
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
