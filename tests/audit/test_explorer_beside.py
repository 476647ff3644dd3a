"""The explorer of a study too large for one page: each site's evidence in a file beside it."""

# ruff: noqa: F401, F811 (a fixture is named where it is imported and where it is asked for)

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from audit_study import HOSTILE, ready, run
from browser import browser, open_page, violations
from hypothesis import given
from hypothesis import strategies as st
from support import replace
from themetrail.audit.explorer import beside, build, page
from themetrail.audit.explorer.left_over import remove_left_over
from themetrail.audit.traces import person, search
from themetrail.errors import InputError

PAGE = "reports/explorer/index.html"
SITES = ("north", "south")


@given(st.binary(max_size=300))
def test_a_file_is_one_call_and_comes_back(data: bytes) -> None:
    """No byte of a site's evidence is code: the file holds letters, digits and a few signs."""
    text = beside.written("a.b-c", data).decode("ascii")
    assert beside.read(text) == ("a.b-c", data)
    assert text.count('"') == 6
    assert text.count(";") == text.count("\n") == 1


def test_an_altered_file_is_refused(tmp_path: Path) -> None:
    """Nobody takes another run's or another program's file for a site's evidence."""
    text = beside.written("a", b"words").decode("ascii")
    for wrong in (text.replace("d29y", "d30y"), text + "alert(1);\n", text[:-3], ""):
        with pytest.raises(InputError, match="not a site's evidence"):
            beside.read(wrong)
    (tmp_path / "a.js").write_text("alert(1);\n")
    with pytest.raises(InputError, match=r"a\.js: not a site's evidence"):
        beside.mark(tmp_path / "a.js")


def test_only_files_of_this_run_stay(tmp_path: Path) -> None:
    """A site that left, and the form that the study had before it grew, hold transcripts."""
    made = ["reports/explorer/sites/a.js", "reports/adjudicate.html"]
    left = ["reports/explorer/sites/b.js", "results/explorer/a.json.gz"]
    for name in (*made, *left):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert remove_left_over(tmp_path, made) == left
    assert [name for name in made if not (tmp_path / name).exists()] == []
    assert remove_left_over(tmp_path, []) == sorted(made)
    assert not (tmp_path / "reports/explorer/sites").exists()


# ------------------------------------------------------------------ a whole study
@pytest.fixture(scope="module")
def large(team_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the study for the team with a limit that it is over, run whole."""
    study = Path(shutil.copytree(team_study, tmp_path_factory.mktemp("large") / "mini"))
    replace(study / "config/config.yaml", "audience: team", "audience: team\n  one_page_mb: 0")
    run(study)
    return study


def with_room(study: Path, folder: Path, room: int) -> Path:
    """Copy a study's explorer, made anew to keep fewer characters open; its page."""
    shutil.copytree(study / "reports/explorer", folder)
    index = page.blocks((folder / "index.html").read_text("utf-8"))["index"]
    files = index.pop("files")
    (folder / "index.html").write_text(build.page(index, {}, files, room), "utf-8")
    return folder / "index.html"


@pytest.mark.slow
def test_the_files_hold_what_one_page_would(large: Path, team_study: Path) -> None:
    """Site by site the same evidence, and nothing of it in the page or in results/."""
    one = page.blocks((team_study / PAGE).read_text(encoding="utf-8"))
    held = page.blocks((large / PAGE).read_text(encoding="utf-8"))
    assert sorted(held) == ["index"]
    for site in SITES:
        text = (large / f"reports/explorer/sites/{site}.js").read_text(encoding="ascii")
        name, data = beside.read(text)
        assert (name, page.unpacked(data)) == (site, one[f"site:{site}"])
    assert list((large / "results/explorer").glob("*")) == []
    assert (large / "reports/crate.zip").is_file()
    assert (large / "results/exit_gate.csv").is_file()


@pytest.mark.slow
def test_the_search_for_a_person_looks_into_the_files(large: Path) -> None:
    """Withdrawal is proved by this search: it must find words where they are."""
    who = person([], [HOSTILE], [])
    found, _ = search(large, ["reports/explorer"], who)
    named = {trace.where.partition(",")[0] for trace in found}
    assert named == {"reports/explorer/sites/south.js"}


@pytest.mark.slow
def test_a_site_is_read_when_it_is_asked_for(browser: Any, large: Path) -> None:
    """The paper's link opens one site; a search opens the others, and says how far it came."""
    view = open_page(browser, large / "reports/paper.html", 1200)
    errors: list[str] = []
    view.on("pageerror", lambda error: errors.append(str(error)))
    view.locator("div.quote a.to-evidence").first.click()
    view.wait_for_selector(".panel.open")
    quotes = page.blocks((large / PAGE).read_text(encoding="utf-8"))["index"]["quotes"]
    site = next(q["site"] for q in quotes if f"excerpt={q['segment']}" in view.url)
    assert [url.rsplit("/", 1)[-1] for url in view.asked if "/sites/" in url] == [f"{site}.js"]
    ready(view, "#search=asked")
    view.locator("#spoken").wait_for()
    view.wait_for_function("document.querySelector('main .count').textContent.match(/^\\d+ place/)")
    assert sorted(u.rsplit("/", 1)[-1] for u in view.asked if "/sites/" in u) == [
        "north.js",
        "south.js",
    ]
    assert violations(view) == ""
    ready(view, "#transcript=S1")
    assert view.locator(".turn-participant .said").last.inner_text() == HOSTILE
    assert view.evaluate("window.hacked") is None
    assert view.locator("script[src]").count() == 0
    assert [url for url in view.asked if not url.startswith("file:")] == []
    assert errors == []
    view.close()


@pytest.mark.slow
def test_nothing_but_the_files_may_run(browser: Any, large: Path, tmp_path: Path) -> None:
    """A script put into the page runs neither as words nor as a file, from the same folder too."""
    copy = Path(shutil.copytree(large / "reports/explorer", tmp_path / "explorer"))
    (copy / "sites/extra.js").write_text("window.hacked = 1")
    html = (copy / "index.html").read_text("utf-8")
    put_in = '<script src="sites/extra.js"></script><script>window.hacked = 2</script></body>'
    (copy / "index.html").write_text(html.replace("</body>", put_in), "utf-8")
    view = ready(open_page(browser, copy / "index.html", 1200), "#transcripts")
    view.evaluate("""() => {
      const script = document.createElement("script");
      script.src = "sites/extra.js";
      document.head.append(script);
      document.body.insertAdjacentHTML("beforeend", '<img src="x" onerror="window.hacked = 3">');
    }""")
    view.wait_for_timeout(300)
    assert view.evaluate("window.hacked") is None
    assert view.locator(".count").inner_text().endswith("transcripts")
    view.close()


@pytest.mark.slow
def test_a_site_without_its_file_is_named_on_every_view(
    browser: Any, large: Path, tmp_path: Path
) -> None:
    """A page sent without its folder, or with another run's, must not count as if it had it."""
    copy = Path(shutil.copytree(large / "reports/explorer", tmp_path / "explorer"))
    (copy / "sites/south.js").unlink()
    (copy / "sites/north.js").write_bytes(beside.written("north", page.packed({})))
    view = ready(open_page(browser, copy / "index.html", 390), "#excerpts")
    said = view.get_by_role("alert")
    said.wait_for()
    view.locator(".count", has_text="Opening").wait_for(state="detached")
    assert "sites/south.js is not beside this page" in said.inner_text()
    assert "sites/north.js is of another run than this page" in said.inner_text()
    assert view.locator(".count").inner_text().startswith("0 passages")
    ready(view, "#themes")
    assert said.is_visible()
    assert violations(view) == ""
    view.close()


@pytest.mark.slow
def test_closed_sites_are_opened_again(browser: Any, large: Path, tmp_path: Path) -> None:
    """What was closed for want of room is counted, listed and found as if it were open."""
    file = with_room(large, tmp_path / "explorer", 1)
    counts = {}
    for name, path in (("roomy", large / PAGE), ("narrow", file)):
        view = open_page(browser, path, 1200)
        counts[name] = []
        for hash_ in ("#excerpts&state=any", "#transcripts", "#search=the", "#excerpts&code=time"):
            ready(view, hash_)
            view.wait_for_selector(".passage-row")
            rows = view.locator(".passage-row").all_inner_texts()
            counts[name].append((view.locator("main .count").first.inner_text(), rows))
        view.locator(".passage-words").first.click()
        view.wait_for_selector(".panel.open")
        counts[name].append(view.locator(".panel").inner_text())
        counts[f"{name} reads"] = len([url for url in view.asked if "/sites/" in url])
        view.close()
    assert counts["narrow"] == counts["roomy"]
    assert counts["roomy reads"] == 2 < counts["narrow reads"]


@pytest.mark.slow
def test_one_page_again(large: Path, tmp_path: Path) -> None:
    """A study that is under the limit again, or public, leaves no transcript beside the page."""
    study = Path(shutil.copytree(large, tmp_path / "mini"))
    before = (study / PAGE).read_bytes()
    (study / PAGE).unlink()
    run(study, PAGE)
    assert (study / PAGE).read_bytes() == before
    replace(study / "config/config.yaml", "one_page_mb: 0", "one_page_mb: 1")
    run(study, PAGE)
    assert not (study / "reports/explorer/sites").exists()
    assert {f"site:{site}" for site in SITES} < set(page.blocks((study / PAGE).read_text("utf-8")))
