"""A small study with hostile words and many conflicts, for the pages that show evidence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from support import themetrail

HOSTILE = (
    '</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1"> 😀 '
    "{{ fact('n.words') }} [x](javascript:window.hacked=1) and we paid for it."
)
PAGES = ("reports/paper.html", "reports/explorer/index.html", "reports/adjudicate.html")


def add_hostile_turn(study: Path) -> None:
    """Let a participant say markup, with a character beyond U+FFFF, and two coders mark it."""
    transcript = study / "data/south/transcripts/S1.txt"
    transcript.write_text(transcript.read_text("utf-8") + f"\nS1: {HOSTILE}\n", "utf-8")
    for coder, words in (("ann", HOSTILE), ("ben", "and we paid for it.")):
        quoted = words.replace('"', '""')
        with (study / f"data/south/codings/{coder}.csv").open("a", encoding="utf-8") as file:
            file.write(f'S1,"{quoted}",money,</script><b>memo\n')


def add_eager_coder(study: Path) -> None:
    """Let a third coder mark every turn of a participant with every code."""
    for site in ("north", "south"):
        rows = ["transcript_id,quote,code"]
        for file in sorted((study / f"data/{site}/transcripts").glob("*.txt")):
            said = re.findall(rf"^{file.stem}: (.*)$", file.read_text("utf-8"), re.MULTILINE)
            quotes = ['"' + words.replace('"', '""') + '"' for words in said]
            rows += [
                f"{file.stem},{q},{code}" for q in quotes for code in ("asked", "time", "money")
            ]
        text = "\n".join(rows) + "\n"
        (study / f"data/{site}/codings/cat.csv").write_text(text, "utf-8")


def run(study: Path, *targets: str) -> None:
    """Make some pages of a study."""
    done = themetrail("run", *targets, "--study", str(study), "--cores", "2")
    assert done.status == 0, done.output


def ready(page: Any, hash_: str = "") -> Any:
    """Go to a view of the explorer, where one is named, and wait until it is shown."""
    if hash_:
        page.evaluate("() => { delete document.documentElement.dataset.ready }")
        page.evaluate("hash => { location.hash = hash }", hash_)
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector("main h1, main .plain-message")
    page.locator(".count", has_text="Opening").wait_for(state="detached")
    return page
