"""A real browser for the tests that look at rendered pages.

It is the system's Chromium or Chrome. Where there is none the tests fail, since ``make test``
sees to it; ``BROWSER=none`` leaves them out on purpose.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The program of the first browser that runs; Ubuntu's stub for a snap does not."""
    for name in NAMES:
        path = shutil.which(name)
        if path and not subprocess.run([path, "--version"], capture_output=True).returncode:
            return path
    return None


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Give a browser of Playwright's; it is ended with the module."""
    if os.environ.get("BROWSER") == "none":
        pytest.skip("BROWSER=none leaves out the tests that need a browser")
    path = find()
    if path is None:
        pytest.fail("no Chromium or Chrome was found; `make test` installs one")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield program
        program.close()


def open_page(browser: Any, file: Path, width: int, *, scheme: str = "light") -> Any:
    """A page of a file at a width in pixels; every address it asks for is in ``page.asked``."""
    page = browser.new_page(viewport={"width": width, "height": 1200}, color_scheme=scheme)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(file.resolve().as_uri())
    return page


def overflow(page: Any) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def violations(page: Any) -> str:
    """What axe-core finds against the page, in words; empty where there is nothing."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    return "" if found.violations_count == 0 else str(found.generate_report())
