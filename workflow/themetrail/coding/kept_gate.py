"""Kept texts at the disclosure gate: what a corrected transcript no longer says may stay in them.

``coded_texts/`` holds transcripts as they were. Where one was corrected to take an identifier out,
it is looked for there, and can be blotted out without moving anybody's coding.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from themetrail.coding.kept import FOLDER, digest, listed, path_of, read_kept, write_list
from themetrail.coding.model import CodingSettings
from themetrail.coding.passage import Transcript
from themetrail.errors import Problems
from themetrail.intake.disclosure import Hit, blotted, scan
from themetrail.intake.gate import kind_in_words

_FEW = 4
#: a transcript's id, its kept text and the places of the turns, to the text as it may stay
_Clean = Callable[[str, str, Sequence[tuple[int, int]]], str]


def left_in_kept_texts(
    folder: Path, root: Path, texts: Mapping[str, Transcript], settings: CodingSettings
) -> Problems:
    """What looks like an identifier in kept texts and is not in the transcripts as they are.

    What a transcript still holds was judged by the gate there, and allowed or reported.

    Parameters
    ----------
    folder, root : the site's folder, and the study's.
    texts : the site's transcripts by id.
    settings : the study's forbidden names, and its pseudonyms.
    """
    problems = Problems()
    for path in _files(folder):
        transcript = texts.get(path.stem)
        if transcript is None or transcript.held:
            continue
        kinds = Counter(
            (hit.severity, hit.kind) for hit in _left(_words(path), transcript.text, settings)
        )
        for (severity, kind), number in sorted(kinds.items()):
            times = f", {number} times" if number > 1 else ""
            problems.add(
                "error" if severity == "hard" else "warning",
                "disclosure",
                path.relative_to(root).as_posix(),
                f"holds what looks like {kind_in_words(kind)}{times}, which the transcript as it "
                "is now does not",
                f"Blot it out, which moves no coding: themetrail site keep {folder.name} --blot. "
                "Or delete the file, and code by quotations what counted in it.",
            )
    return problems


def blot(
    folder: Path, root: Path, texts: Mapping[str, Transcript], settings: CodingSettings
) -> int:
    """Blot out in kept texts what ``left_in_kept_texts`` reports; every place stays where it is.

    Returns
    -------
    how many places were blotted out.

    Raises
    ------
    InputError
        ``coded_texts.csv`` can't be read.
    """
    number = 0

    def clean(name: str, text: str, _: object) -> str:
        nonlocal number
        transcript = texts.get(name)
        if transcript is None or transcript.held:
            return text
        hits = _left(text, transcript.text, settings)
        number += len(hits)
        return blotted(text, hits)

    _rewrite(folder, root, clean)
    return number


def take_out(
    folder: Path, root: Path, names: Collection[str], person: str, said: Iterable[str]
) -> int:
    """Blank out, labels too, what a person said in the kept texts of these transcripts.

    Turns under a label that names the person, and turns of four words or more that only they
    said: "Yes." under a label of another kind may be anybody's, and tells nothing of anybody.

    Returns
    -------
    how many kept texts held any of it.

    Raises
    ------
    InputError
        ``coded_texts.csv`` can't be read.
    """
    turns = {turn.strip() for turn in said if len(turn.split()) >= _FEW}
    label = re.compile(rf"(?<!\w){re.escape(person)}(?!\w)")

    def clean(name: str, text: str, places: Sequence[tuple[int, int]]) -> str:
        at = 0
        for start, end in places if name in names else ():
            head = max(text.rfind("\n", at, start) + 1, at)
            if label.search(text, head, start) or text[start:end].strip() in turns:
                text = text[:head] + re.sub(r"[^\n]", " ", text[head:end]) + text[end:]
            at = end
        return text

    return _rewrite(folder, root, clean)


def _rewrite(folder: Path, root: Path, clean: _Clean) -> int:
    """Put other texts of the same length in the place of kept ones; how many were others."""
    from themetrail.tables import write_text

    hashes = listed(folder, root)
    done: list[Path] = []
    for path in _files(folder):
        text = _words(path)
        before = read_kept(path, path.stem, digest(text))
        if before is None:
            continue
        new = clean(path.stem, text, [(turn.start, turn.end) for turn in before.turns])
        if new == text:
            continue
        turns = [[turn.turn, turn.start, turn.end] for turn in before.turns]
        target = path_of(folder, path.stem, digest(new))
        write_text(json.dumps({"text": new, "turns": turns}, ensure_ascii=False) + "\n", target)
        for (coder, name), sha256 in hashes.items():
            if name == path.stem and sha256 == digest(text):
                hashes[coder, name] = digest(new)
        done.append(path)
    if done:
        write_list(folder, hashes)
    for path in done:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    return len(done)


def _files(folder: Path) -> Iterator[Path]:
    """A site's kept texts; links are not followed."""
    for path in sorted((folder / FOLDER).glob("*/*.json")):
        if path.is_file() and not path.is_symlink():
            yield path


def _words(path: Path) -> str:
    """What a kept text says; the file as it is where it is not one of ours."""
    raw = path.read_bytes().decode("utf-8", "replace")
    try:
        return str(json.loads(raw)["text"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return raw


def _left(text: str, present: str, settings: CodingSettings) -> list[Hit]:
    """Hits in a kept text whose words the transcript does not have any more."""
    if text == present:
        return []
    hits = [
        hit
        for hit in scan(text, settings.forbidden_names, known=settings.known)
        if not hit.fictional
    ]
    if not hits:
        return []
    there = {
        _plain(present, hit)
        for hit in scan(present, settings.forbidden_names, known=settings.known)
    }
    return [hit for hit in hits if _plain(text, hit) not in there]


def _plain(text: str, hit: Hit) -> tuple[str, str]:
    """A hit's kind, and its letters and digits however they are spaced."""
    words = text[hit.start : hit.end].casefold()
    return hit.kind, "".join(character for character in words if character.isalnum())
