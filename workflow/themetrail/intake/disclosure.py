"""The disclosure gate: places in a text that look like an identifier of a person.

Identifiers are never returned, stored or printed: a hit says where and of what kind. Kinds and
checks follow ``docs/privacy.md``: NHS number (modulus 11), National Insurance number, postcodes of
the UK, telephone numbers, e-mail, dates of birth, registration numbers of clinicians' regulators
near their acronym, ages over 89, and the study's own list of names.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from themetrail.intake.lexicon import NAMES_AND_WORDS, NOT_DISTRICTS, NOT_NAMES, POSTCODE_AREAS

Level = Literal["hard", "soft"]
OFCOM = "reserved for drama by Ofcom"
RESERVED_DOMAIN = "domain reserved for examples (RFC 2606)"


@dataclass(frozen=True, order=True)
class Hit:
    """One place that looks like an identifier.

    Attributes
    ----------
    start, end : where, in code points of the text that was scanned.
    line : 1-based line of that text.
    kind : e.g. ``nhs_number``.
    severity : "hard" or "soft".
    fictional : why it cannot be anybody's; empty where it can.
    """

    start: int
    end: int
    line: int
    kind: str
    severity: Level
    fictional: str = ""


# start, end, kind, severity, fictional
_Found = tuple[int, int, str, Level, str]

KINDS = (
    "nhs_number",
    "ni_number",
    "postcode",
    "postcode_district",
    "phone",
    "email",
    "date_of_birth",
    "exact_date",
    "age_over_89",
    "gmc_number",
    "nmc_pin",
    "hcpc_number",
    "gphc_number",
    "titled_name",
    "forbidden_name",
)

_GAP = r"(?:[ \t\u00a0\u2009\u202f]{1,2}|[ \t]?[-‐‑–.][ \t]?|\n)?"
_TEN = re.compile(rf"(?<![\d.])\d(?:{_GAP}\d){{9}}(?![\d]|[.,]\d)")
_NI = re.compile(
    r"(?<![^\W_])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"[ \u00a0-]?\d{2}[ \u00a0-]?\d{2}[ \u00a0-]?\d{2}[ \u00a0-]?(?P<last>[A-D])?(?![^\W_])",
    re.IGNORECASE,
)
_AREA = "(?:" + "|".join(sorted(POSTCODE_AREAS, key=lambda a: (-len(a), a))) + ")"
_POSTCODE = re.compile(
    rf"(?<![^\W_])(?:GIR[ \u00a0]?0AA|{_AREA}\d[\dA-Z]?[ \u00a0\n]{{0,2}}"
    r"(?P<inward>\d[ABD-HJLNP-UW-Z]{2}))(?![^\W_])",
    re.IGNORECASE,
)
_DISTRICT = re.compile(
    rf"(?<![^\W_])(?P<area>{_AREA})(?P<number>[1-9]\d?|0)[A-Z]?(?![^\W_]|[-/]\w)"
)
_PLACED = re.compile(r"\b(?:in|near|around|postcode|post code|area|from|live|lives|at)\s+$", re.I)
_ORDINAL = re.compile(r"1st|2nd|3rd|\dth", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w.,:/-])(?:\+|\(?0|44)(?:[ \t\u00a0]?[\d()]|[ \t]?[-‐‑–.][ \t]?\d|\n(?=\d)){7,16}(?!\w)"
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+'-]{1,64}@(?P<domain>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,24})(?!\w)"
)
_SPOKEN_EMAIL = re.compile(
    r"\b[\w.-]+ at (?P<domain>[\w-]+(?: dot [\w-]+)* dot (?:net|com|uk|org|edu|co|gov))\b", re.I
)
_RESERVED = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net)|example|test|invalid|localhost)$", re.I
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    r"(?:\d{1,2}[ ]?[/.-][ ]?\d{1,2}[ ]?[/.-][ ]?(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ ,]+{_MONTH}\.?,?[ ,]+(?:\d{{4}}|['’]?\d{{2}})"
    rf"|{_MONTH}\.? (?:the )?\d{{1,2}}(?:st|nd|rd|th)?,? (?:\d{{4}}|['’]\d{{2}}))"
)
_DATES = re.compile(rf"(?<![\w/.-]){_DATE}(?![\w/])", re.IGNORECASE)
_DOB = re.compile(
    r"(?:\bborn\b|\bd\.?o\.?b\b\.?|\bdate of birth\b|\bbirth ?(?:day|date)\b|\bb\.)[^\n]{0,24}$",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(?:(?:aged?|turned|turning) (?:9\d|1[01]\d)(?![\d%.])|(?:9\d|1[01]\d)[ -]years?[ -]old"
    r"|ninety[ -](?:one|two|three|four|five|six|seven|eight|nine)[ -]years?[ -]old)",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\b(?:Dr|Doctor|Sister|Prof|Professor|Mr|Mrs|Ms|Miss|Nurse|Matron|Sir|Dame|Lord|Lady)\.? "
    r"(?=[A-Z][a-z])(?P<name>[A-Z][\w'’-]+)"
)
# acronym, the number's form, kind
_REGISTERS = (
    (r"GMC|General Medical Council", r"\d{7}", "gmc_number"),
    (r"NMC|Nursing and Midwifery Council", r"\d{2}[ ]?[A-Z][ ]?\d{4}[ ]?[A-Z]", "nmc_pin"),
    (r"HCPC|Health and Care Professions Council", r"[A-Z]{2}[ ]?\d{5,6}", "hcpc_number"),
    (r"GPhC|General Pharmaceutical Council", r"\d{7}", "gphc_number"),
)
_NEAR = 60
_REGISTER_PATTERNS = tuple(
    (
        re.compile(rf"\b(?:{acronym})\b", re.IGNORECASE),
        re.compile(rf"(?<![^\W_]){number}(?![^\W_])", re.IGNORECASE),
        kind,
    )
    for acronym, number, kind in _REGISTERS
)


def scan(text: str, forbidden_names: Sequence[str] = (), *, known: Iterable[str] = ()) -> list[Hit]:
    """Find what looks like an identifier in any text.

    Parameters
    ----------
    text : a transcript, or anything rendered from one.
    forbidden_names : the study's list; compared without case and accents, as whole words.
    known : pseudonyms of the study, which are no identifiers whatever they look like.

    Returns
    -------
    list of Hit
        By position. Where two kinds claim the same characters, the hard one and then the longer
        one stands.
    """
    found: list[_Found] = []
    for scanner in _SCANNERS:
        found += scanner(text)
    pseudonyms = {name.casefold() for name in known}
    found = [hit for hit in found if text[hit[0] : hit[1]].casefold() not in pseudonyms]
    found += _names(text, forbidden_names)
    line_starts = [0, *(match.end() for match in re.finditer("\n", text))] if found else [0]
    return [
        Hit(start, end, bisect_right(line_starts, start), kind, severity, fictional)
        for start, end, kind, severity, fictional in _without_overlap(found)
    ]


def _without_overlap(found: Iterable[_Found]) -> list[_Found]:
    ranked = sorted(found, key=lambda hit: (hit[3] != "hard", hit[0] - hit[1], hit[0], hit[2]))
    kept: list[_Found] = []
    for hit in ranked:
        if not any(hit[0] < other[1] and other[0] < hit[1] for other in kept):
            kept.append(hit)
    return sorted(kept)


def nhs_number_valid(digits: str) -> bool:
    """Whether ten digits have the check digit of an NHS (or CHI, or H&C) number.

    Weights 10 to 2 on the first nine digits; eleven less the remainder by eleven is the tenth
    digit, 11 counting as 0 and 10 being impossible (NHS Data Model and Dictionary, NHS NUMBER).

    >>> nhs_number_valid("9434765919"), nhs_number_valid("9434765918")
    (True, False)
    """
    if len(digits) != 10 or not digits.isdecimal():
        return False
    numbers = [int(digit) for digit in digits]
    check = 11 - sum(n * w for n, w in zip(numbers, range(10, 1, -1), strict=False)) % 11
    return check != 10 and check % 11 == numbers[9] and len(set(numbers)) > 1


def _nhs(text: str) -> Iterator[_Found]:
    for match in _TEN.finditer(text):
        runs = [len(run) for run in re.findall(r"\d+", match.group())]
        digits = "".join(re.findall(r"\d", match.group()))
        grouped = runs in ([10], [3, 3, 4])
        near = grouped or "NHS" in text[max(0, match.start() - _NEAR) : match.end() + _NEAR].upper()
        if near and nhs_number_valid(digits):
            yield *match.span(), "nhs_number", "hard", ""


def _ni(text: str) -> Iterator[_Found]:
    for match in _NI.finditer(text):
        before = text[max(0, match.start() - _NEAR) : match.start()].casefold()
        near = "national insurance" in before or "nino" in before or "ni number" in before
        # In small letters and with spaces it would also be "to 10 20 30 a".
        compact = not re.search(r"\s", match.group())
        if near or (match["last"] and (match.group().isupper() or compact)):
            yield *match.span(), "ni_number", "hard", ""


def _postcodes(text: str) -> Iterator[_Found]:
    for match in _POSTCODE.finditer(text):
        if match["inward"] and _ORDINAL.fullmatch(match["inward"]) and not match.group().isupper():
            continue
        yield *match.span(), "postcode", "hard", ""
    for match in _DISTRICT.finditer(text):
        if match.group() in NOT_DISTRICTS:
            continue
        placed = _PLACED.search(text, max(0, match.start() - 16), match.start())
        if len(match["area"]) == 2 or placed:
            yield *match.span(), "postcode_district", "soft", ""


# Ofcom, "Telephone numbers for use in TV and radio drama programmes": first digits, how many vary.
_DRAMA = re.compile(
    r"0(?:7700900|1632960|113496[0]|114496[0]|115496[0]|116496[0]|117496[0]|118496[0]|121496[0]"
    r"|131496[0]|141496[0]|151496[0]|161496[0]|2079460|191498[0]|289649[6]|292018[0]|3069990"
    r"|808157[0]|909879[0])\d{3}"
)


def _phones(text: str) -> Iterator[_Found]:
    candidates = [match for match in _PHONE.finditer(text) if _long_enough(match.group())]
    if not candidates:
        return
    import phonenumbers

    for match in candidates:
        raw = match.group().replace("\n", " ")
        raw = f"+{raw}" if raw.startswith("44") else raw
        try:
            number = phonenumbers.parse(raw, "GB")
        except phonenumbers.NumberParseException:
            continue
        national = f"0{number.national_number}" if number.country_code == 44 else ""
        end = match.start() + len(match.group().rstrip(" \t\n\u00a0(-–."))
        if _DRAMA.fullmatch(national):
            yield match.start(), end, "phone", "soft", OFCOM
        elif phonenumbers.is_valid_number(number):
            yield match.start(), end, "phone", "hard", ""


def _long_enough(candidate: str) -> bool:
    return 9 <= sum(character.isdigit() for character in candidate) <= 15


def _emails(text: str) -> Iterator[_Found]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            if _RESERVED.search(match["domain"]):
                yield *match.span(), "email", "soft", RESERVED_DOMAIN
            else:
                yield *match.span(), "email", "hard", ""
    if " dot " in text:
        for match in _SPOKEN_EMAIL.finditer(text):
            yield *match.span(), "email", "hard", ""


def _dates(text: str) -> Iterator[_Found]:
    for match in _DATES.finditer(text):
        if not _plausible(match.group()):
            continue
        born = _DOB.search(text, max(0, match.start() - 48), match.start())
        if born:
            yield *match.span(), "date_of_birth", "hard", ""
        else:
            yield *match.span(), "exact_date", "soft", ""
    for match in _AGE.finditer(text):
        yield *match.span(), "age_over_89", "soft", ""


def _plausible(date: str) -> bool:
    """Whether the numbers of a date can be a day, a month and a year."""
    numbers = [int(number) for number in re.findall(r"\d+", date)]
    if len(numbers) < 3:
        return 1 <= numbers[0] <= 31
    if numbers[0] > 31:
        return 1900 <= numbers[0] <= 2100 and numbers[1] <= 12 and numbers[2] <= 31
    small = 1 <= numbers[0] <= 31 and 1 <= numbers[1] <= 31 and min(numbers[:2]) <= 12
    return small and (numbers[2] < 100 or 1900 <= numbers[2] <= 2100)


def _registrations(text: str) -> Iterator[_Found]:
    for acronym, number, kind in _REGISTER_PATTERNS:
        for near in acronym.finditer(text):
            low, high = max(0, near.start() - _NEAR), near.end() + _NEAR
            for match in number.finditer(text, low, high):
                yield *match.span(), kind, "hard", ""


def _titled(text: str) -> Iterator[_Found]:
    for match in _TITLED.finditer(text):
        if match["name"] not in NOT_NAMES:
            yield *match.span(), "titled_name", "soft", ""


_SCANNERS: tuple[Callable[[str], Iterator[_Found]], ...] = (
    _nhs, _ni, _postcodes, _phones, _emails, _dates, _registrations, _titled,
)  # fmt: skip

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")


def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("’", "'")


def _names(text: str, names: Sequence[str]) -> Iterator[_Found]:
    """Whole-word occurrences of the study's names, by the first word of each."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for name in names:
        words = tuple(_fold(word) for word in _TOKEN.findall(unicodedata.normalize("NFC", name)))
        if words and words not in by_first.setdefault(words[0], []):
            by_first[words[0]].append(words)
    if not by_first:
        return
    # Combining marks are not word characters: an accent typed apart stays in its word.
    tokens = list(_MARKED_TOKEN.finditer(text))
    folded = [_fold(token.group()) for token in tokens]
    for index, word in enumerate(folded):
        for candidate in _stems(word):
            for words in by_first.get(candidate, ()):
                if _follows(folded, index, words) and _is_name(tokens[index].group(), words):
                    end = tokens[index + len(words) - 1].end()
                    yield tokens[index].start(), end, "forbidden_name", "hard", ""


_MARKED = r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*"
_MARKED_TOKEN = re.compile(rf"{_MARKED}(?:[-'’.]{_MARKED})*")


def _stems(word: str) -> tuple[str, ...]:
    """A word, without a possessive, and the parts of a hyphenated one."""
    forms = [word]
    if word.endswith("'s"):
        forms.append(word[:-2])
    elif word.endswith("s'"):
        forms.append(word[:-1])
    return tuple(forms)


def _follows(folded: Sequence[str], index: int, words: tuple[str, ...]) -> bool:
    if len(words) == 1:
        return True
    run = folded[index : index + len(words)]
    return len(run) == len(words) and list(words[:-1]) == run[:-1] and words[-1] in _stems(run[-1])


def _is_name(found: str, words: tuple[str, ...]) -> bool:
    return len(words) > 1 or words[0] not in NAMES_AND_WORDS or not found.islower()
