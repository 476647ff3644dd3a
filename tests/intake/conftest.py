"""A small site to read, written anew for each test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from themetrail.intake import Intake, IntakeSettings, read_site

Reader = Callable[..., Intake]
INTERVIEW = "Interviewer: How was it?\n\n{who}: It was fine. We coped.\n"


@pytest.fixture
def site(tmp_path: Path) -> Reader:
    """Give a function that writes a site ``s`` from file contents and reads it."""

    def read(
        files: Mapping[str, str | bytes] | None = None,
        participants: str | None = "participant_id,role\nP1,nurse\n",
        transcripts: str | None = None,
        **settings: object,
    ) -> Intake:
        folder = tmp_path / "data" / "s"
        (folder / "transcripts").mkdir(parents=True, exist_ok=True)
        contents = {"P1.txt": INTERVIEW.format(who="P1")} if files is None else files
        for name, content in contents.items():
            data = content.encode() if isinstance(content, str) else content
            (folder / "transcripts" / name).write_bytes(data)
        for name, table in (("participants", participants), ("transcripts", transcripts)):
            if table is not None:
                (folder / f"{name}.csv").write_text(table, encoding="utf-8")
        return read_site(tmp_path, "s", IntakeSettings(**settings))  # type: ignore[arg-type]

    return read
