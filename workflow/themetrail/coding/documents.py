"""Which transcript each document of a coder's file is."""

from __future__ import annotations

from themetrail.coding.model import CodedFile
from themetrail.coding.normal import plain_form
from themetrail.coding.passage import Transcript
from themetrail.coding.place import Placer
from themetrail.coding.reading import Reading, codings
from themetrail.errors import did_you_mean

_OTHER_TEXT = 0.5
_SAME_TEXT = 0.7


class Documents:
    """Finds each document's transcript; what can't be used is reported once a document."""

    def __init__(self, found: CodedFile, placer: Placer, reading: Reading) -> None:
        self._found = found
        self._placer = placer
        self._reading = reading
        self._known: dict[tuple[str, str], Transcript | None] = {}
        self._unknown: dict[str, list[int]] = {}
        self._held: dict[str, list[int]] = {}
        self._left_out = 0
        self._elsewhere = 0
        self._ids_by_words: dict[str, str] | None = None

    def find(self, source: str, copy: str, row: int) -> Transcript | None:
        """The transcript, or None where there is none or its text is held back."""
        key = source, copy
        if key not in self._known:
            self._known[key] = self._match(source, copy)
        transcript = self._known[key]
        if transcript is None:
            self._note_unknown(source, row)
        elif transcript.held:
            self._held.setdefault(transcript.id, []).append(row)
            return None
        return transcript

    def _note_unknown(self, source: str, row: int) -> None:
        """Count a coding without a transcript; one of a recorded withdrawal leaves no trace."""
        if self._reading.dropped.find(source) is not None:
            return
        if self._reading.left_out.find(source) is not None:
            self._left_out += 1
        elif self._reading.elsewhere.find(source) is not None:
            self._elsewhere += 1
        else:
            self._unknown.setdefault(source, []).append(row)

    def _match(self, source: str, copy: str) -> Transcript | None:
        reading = self._reading
        name = reading.names.find(source)
        if name is None and copy and reading.dropped.find(source) is None:
            name = self._by_words(copy)
        if name is None:
            return None
        transcript = reading.transcripts[name]
        if copy and not transcript.held:
            self._compare(source, copy, transcript)
        return transcript

    def _by_words(self, copy: str) -> str | None:
        """The transcript that has the very words of a copy, whatever the copy is called."""
        if self._ids_by_words is None:
            self._ids_by_words = {
                "".join(transcript.normal.text.split()): transcript.id
                for transcript in self._reading.transcripts.values()
                if transcript.text.strip()
            }
        text = self._found.texts[copy].text
        longest = max((len(t.text) for t in self._reading.transcripts.values()), default=0)
        if len(text) > 2 * longest:
            return None
        text = plain_form(text)
        exact = self._ids_by_words.get("".join(text.split()))
        if exact is None and not self._found.texts[copy].source:
            return self._most_like(text)
        return exact

    def _most_like(self, text: str) -> str | None:
        """The transcript that shares nearly all its words with a document without a name."""
        words = set(text.split())
        shares = {
            name: len(words & theirs) / max(len(words | theirs), 1)
            for name, transcript in self._reading.transcripts.items()
            if (theirs := set(transcript.normal.text.split()))
        }
        best = max(sorted(shares), key=lambda name: shares[name], default=None)
        return best if best is not None and shares[best] >= _SAME_TEXT else None

    def _compare(self, source: str, copy: str, transcript: Transcript) -> None:
        """Report a copy that is another text under the transcript's name."""
        shared = self._placer.alignment(copy, transcript).shared
        if shared < _OTHER_TEXT:
            self._reading.problems.add(
                "error",
                "other_text",
                self._found.file,
                f"the file's text {source[:60]!r} shares {shared:.0%} of its words with the "
                f"transcript {transcript.id}: not the same interview, or a much changed one",
                "Give the coder the present transcript, or the transcript an id of its own.",
            )

    def report(self) -> None:
        """Report documents that are unknown, held back or left out."""
        problems, file = self._reading.problems, self._found.file
        for source, rows in self._unknown.items():
            problems.add(
                "error",
                "unknown_transcript",
                file,
                f"{_what(source)} at this site; {codings(rows)}",
                did_you_mean(source, self._reading.names.ids)
                if source
                else "Put the file into a folder of the coder's name, under the transcript's id.",
                line=min(rows),
            )
        for name, rows in self._held.items():
            problems.add(
                "warning",
                "held_transcript",
                file,
                f"{name} is held back by the disclosure gate; {codings(rows)} wait for it",
                "Clear what the gate found.",
                line=min(rows),
            )
        if self._elsewhere:
            problems.add(
                "note",
                "other_site",
                file,
                f"{self._elsewhere} codings of other sites' transcripts: not used at this site",
            )
        if self._left_out:
            problems.add(
                "note",
                "left_out",
                file,
                f"{self._left_out} codings of transcripts that intake left out or could not read: "
                "not used",
            )


def _what(source: str) -> str:
    return (
        f"no transcript {source[:60]!r}" if source else "no transcript with the words of this file"
    )
