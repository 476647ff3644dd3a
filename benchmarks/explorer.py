"""Size and opening time of the explorer for a large study.

A study of many sites is made from the demonstration's own words, drawn by their frequency (which
compresses worse than speech does), with marks of three coders; its explorer is built as a run
would, as one page or with a file a site beside it, and opened in headless Chromium.

    python benchmarks/explorer.py [SITES] [TRANSCRIPTS_PER_SITE] [WORDS] [one|files]

Memory is that of the page's process (proportional set size). What browsers leave lying until they
need the room is counted; ``held`` is after it was taken away.
"""

from __future__ import annotations

import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import find  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from scale import descendants, held  # noqa: E402
from themetrail.audit.explorer import beside  # noqa: E402
from themetrail.audit.explorer.build import page  # noqa: E402
from themetrail.audit.explorer.page import packed  # noqa: E402
from themetrail.config import load  # noqa: E402

CODERS = ("coder_a", "coder_b", "coder_c")
TURN_WORDS = 90


def vocabulary() -> tuple[list[str], list[int]]:
    """The demonstration's words and how often each is said."""
    texts = sorted((ROOT / "data").glob("*/transcripts/*.txt"))
    counts = Counter(re.findall(r"\S+", " ".join(path.read_text("utf-8") for path in texts)))
    return [*counts], [*counts.values()]


def transcript(
    name: str, n_words: int, codes: list[str], say: Any, chance: random.Random
) -> dict[str, Any]:
    """One interview: turns of about ninety words, a passage coded in two of three of them."""
    text, turns, marks, decisions = "", [], [], []
    for turn in range(1, n_words // TURN_WORDS * 2, 2):
        for number, role, length in ((turn, "interviewer", 12), (turn + 1, "participant", 90)):
            speaker = "Interviewer" if role == "interviewer" else name
            text += f"{speaker}: "
            start = len(text)
            text += " ".join(say(length))
            turns.append(
                [number, speaker, role, "" if role == "interviewer" else name, start, len(text)]
            )
            text += "\n\n"
        start, end = turns[-1][4], turns[-1][5]
        for code in chance.sample(codes, chance.choice((0, 1, 1, 2))):
            marked = [coder for coder in CODERS if chance.random() < 0.75] or [CODERS[0]]
            for coder in marked:
                place = (start + chance.randrange(80), end - chance.randrange(80))
                span = f"{chance.getrandbits(60):015x}"
                marks.append([span, coder, code, *place, "", f"data/s/codings/{coder}.csv", 9, ""])
            left = [coder for coder in CODERS if coder not in marked]
            keep = len(marked) > 1
            by = "unanimous" if not left else "majority"
            segment = f"s{chance.getrandbits(60):012x}"[:13] if keep else ""
            bounds = [start, end, "supports"] if keep else [None, None, ""]
            outcome = ["keep" if keep else "drop", "", by, "", "", "", segment, *bounds]
            decisions.append([turn, turn + 1, name, code, start, end, marked, left, *outcome])
    about = dict.fromkeys(("interviewer", "date", "mode", "language"), "")
    about |= {"file": f"data/s/transcripts/{name}.txt", "sha256": "0" * 64, "status": "ready"}
    about |= {"id": name, "text": text, "minutes": 60.0, "words": n_words, "people": [name]}
    return about | {"coders": list(CODERS), "turns": turns, "marks": marks, "decisions": decisions}


def study(
    sites: int, per_site: int, n_words: int
) -> tuple[dict[str, Any], dict[str, bytes], int, float]:
    """Index, packed sites, how many passages there are, and MB of text."""
    config, _ = load(ROOT)
    codes = [code.id for code in config.codebook.codes]
    words, weights = vocabulary()
    made, passages, megabytes = {}, 0, 0.0
    for number in range(sites):
        chance = random.Random(number)

        def say(n: int, chance: random.Random = chance) -> list[str]:
            return chance.choices(words, weights, k=n)

        name = f"site{number:03d}"
        talks = [
            transcript(f"{name}-{at:03d}", n_words, codes, say, chance) for at in range(per_site)
        ]
        passages += sum(len(talk["decisions"]) for talk in talks)
        megabytes += sum(len(talk["text"].encode()) for talk in talks) / 1e6
        people = {talk["id"]: {"role": chance.choice(("nurse", "manager"))} for talk in talks}
        made[name] = packed({"site": name, "people": people, "transcripts": talks})
    index = {
        "study": {"title": "A large study", "short": "Large", "demonstration": True}
        | {"audience": "team", "approach": "codebook", "unit": "turn", "rule": "majority"}
        | {"extent": "union", "html": True, "codebook": "1"},
        "sites": [{"id": name, "label": name} for name in made],
        "codes": [
            {"id": c.id, "label": c.label, "family": c.family, "definition": c.definition}
            | {"apply": c.apply, "not": c.exclude, "example": "", "retired": False, "n": 0}
            for c in config.codebook.codes
        ],
        **{name: [] for name in ("themes", "facts", "quotes", "paper")},
        "used": {},
        "coders": list(CODERS),
        "attributes": {"role": ["manager", "nurse"]},
    }
    return index, made, passages, megabytes


def shown(tab: Any, hash_: str, wait: str) -> float:
    """Seconds from changing the address to the view being there."""
    started = time.perf_counter()
    tab.evaluate("hash => { location.hash = hash }", hash_)
    tab.wait_for_selector(wait, timeout=120_000)
    return time.perf_counter() - started


def lay_out(folder: Path, index: dict[str, Any], made: dict[str, bytes], *, files: bool) -> Path:
    """The page, and beside it a file a site where asked for."""
    marks = {}
    for site, data in made.items() if files else ():
        file = folder / "sites" / f"{site}.js"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(beside.written(site, data))
        marks[site] = beside.mark(file)
    html = page(index, {} if files else made, marks)
    (folder / "index.html").write_text(html, encoding="utf-8")
    return folder / "index.html"


def memory() -> float:
    """Megabytes of the largest page that this process has open."""
    found = [0.0]
    for process in descendants(os.getpid()):
        line = Path(f"/proc/{process}/cmdline")
        if line.exists() and b"--type=renderer" in line.read_bytes():
            found.append(held(process))
    return max(found)


def counted(tab: Any) -> tuple[str, float]:
    """What a view says once it has gone through all sites, and the most memory meanwhile."""
    most = memory()
    said = "() => document.querySelector('.count').textContent"
    while (words := tab.evaluate(said)).startswith("Opening"):
        most = max(most, memory())
        time.sleep(0.25)
    return words, most


def walk(tab: Any, last: str) -> None:
    """Go through the views and print what each took."""
    row = ".list-rows li"
    steps = {
        "the first site's passages": ("#excerpts&site=site000", row),
        "the last site's last transcript": (last, ".turns .marks"),
        "all sites' passages": ("#excerpts&state=any", row),
        "a search of every word": ("#search=telehealth", row),
    }
    for name, step in steps.items():
        first, started = shown(tab, *step), time.perf_counter()
        line = f"  {name}: first rows {first:.2f} s"
        if "transcript" not in name:
            words, most = counted(tab)
            whole = first + time.perf_counter() - started
            line += f", all {whole:.1f} s, at most {most:.0f} MB ({words})"
        tab.context.new_cdp_session(tab).send("HeapProfiler.collectGarbage")
        print(f"{line}; held {memory():.0f} MB", flush=True)


def measure(file: Path, last: str) -> None:
    """Open a page three times, the first time walk through it."""
    with sync_playwright() as playwright:
        for attempt in range(3):
            browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
            tab = browser.new_page()
            started = time.perf_counter()
            tab.goto(file.as_uri(), wait_until="commit", timeout=120_000)
            tab.wait_for_selector("html[data-ready]", timeout=120_000)
            print(f"opened in {time.perf_counter() - started:.2f} s, {memory():.0f} MB", flush=True)
            if attempt == 0:
                walk(tab, last)
                shown(tab, "#excerpts&site=site000", ".list-rows li")
                tab.evaluate(LONGEST)
                tab.locator(".list").hover()
                tab.mouse.wheel(0, 20000)
                tab.wait_for_timeout(500)
                print(f"  longest task while scrolling {tab.evaluate('window.longest'):.0f} ms")
            browser.close()


def main() -> None:
    """Build the explorer of a study, and say how large it is and how long it takes to use."""
    given = [int(text) for text in sys.argv[1:4]]
    sites, per_site, n_words = [*given, *(50, 20, 8000)[len(given) :]]
    index, made, passages, megabytes = study(sites, per_site, n_words)
    limit = load(ROOT)[0].settings["report"]["one_page_mb"]
    files = sys.argv[4] == "files" if len(sys.argv) > 4 else megabytes > limit
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        file = lay_out(Path(folder), index, made, files=files)
        print(f"{sites} sites × {per_site} transcripts × {n_words} words ({megabytes:.0f} MB)")
        print(f"{passages} passages; built in {time.perf_counter() - started:.1f} s")
        every = [one.stat().st_size / 2**20 for one in Path(folder).rglob("*") if one.is_file()]
        size = f"{sum(every):.1f} MiB, a site {sum(every) / sites * 1024:.0f} KiB"
        print(f"{'files' if files else 'one page'}: {size}, {len(every)} in number")
        last = f"site{sites - 1:03d}"
        measure(file, f"#transcript={last}-{per_site - 1:03d}&site={last}")


LONGEST = """() => {
  window.longest = 0;
  new PerformanceObserver((list) => {
    const lengths = list.getEntries().map((entry) => entry.duration);
    window.longest = Math.max(window.longest, ...lengths);
  }).observe({ type: "longtask" });
}"""

if __name__ == "__main__":
    main()
