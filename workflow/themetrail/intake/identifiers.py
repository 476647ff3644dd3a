"""The forms of identifiers: one scanner a kind, each from a text to places in it.

Scanners start from digits, which are rare in speech, and look around from there: a transcript of
8,000 words takes a few milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

from themetrail.intake.lexicon import NOT_DISTRICTS, NOT_NAMES, POSTCODE_AREAS

Level = Literal["hard", "soft"]
# start, end, kind, severity, why it is nobody's
Found = tuple[int, int, str, Level, str]

OFCOM = "reserved for drama by Ofcom"
RESERVED_DOMAIN = "domain reserved for examples (RFC 2606)"
_NEAR = 60

# ------------------------------------------------------------------------------ NHS number
_GAP = r"(?:[ \t\u00a0\u2009\u202f]{1,2}|[ \t]?[-‐‑–.][ \t]?|\n)?"
_TEN = re.compile(rf"\d(?<![\d.]\d)(?:{_GAP}\d){{9}}(?!\d|[.,]\d)")


def nhs_number_valid(digits: str) -> bool:
    """Whether ten digits have the check digit of an NHS (or CHI, or H&C) number.

    Weights 10 to 2 on the first nine digits; eleven less the remainder by eleven is the tenth
    digit, 11 counting as 0 and 10 being impossible (NHS Data Model and Dictionary, NHS NUMBER).

    >>> nhs_number_valid("9434765919"), nhs_number_valid("9434765918")
    (True, False)
    """
    if len(digits) != 10 or not digits.isdecimal() or len(set(digits)) == 1:
        return False
    numbers = [int(digit) for digit in digits]
    check = 11 - sum(n * w for n, w in zip(numbers, range(10, 1, -1), strict=False)) % 11
    return check != 10 and check % 11 == numbers[9]


def nhs_numbers(text: str) -> Iterator[Found]:
    """Ten digits, alone or grouped 3-3-4 (any grouping near the word NHS), whose check fits."""
    for match in _TEN.finditer(text):
        runs = [len(run) for run in re.findall(r"\d+", match.group())]
        around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR].upper()
        digits = "".join(re.findall(r"\d", match.group()))
        if (runs in ([10], [3, 3, 4]) or "NHS" in around) and nhs_number_valid(digits):
            yield *match.span(), "nhs_number", "hard", ""


# ------------------------------------------------------------------------------ NI number
_SIX = re.compile(r"\d(?<!\d\d)\d[ \u00a0-]?\d\d[ \u00a0-]?\d\d(?!\d)")
_NI_PREFIX = re.compile(
    r"(?<![^\W_])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ \u00a0-]?$", re.I
)
_NI_SUFFIX = re.compile(r"[ \u00a0-]?[A-D](?![^\W_])", re.I)


def ni_numbers(text: str) -> Iterator[Found]:
    """National Insurance numbers; the last letter may lack where the text says what it is."""
    for match in _SIX.finditer(text):
        prefix = _NI_PREFIX.search(text, max(0, match.start() - 4), match.start())
        if prefix is None:
            continue
        suffix = _NI_SUFFIX.match(text, match.end())
        start, end = prefix.start(), suffix.end() if suffix else match.end()
        before = text[max(0, start - _NEAR) : start].casefold()
        named = any(word in before for word in ("national insurance", "nino", "ni number"))
        whole = text[start:end]
        # In small letters and with spaces it would also be "to 10 20 30 a".
        formed = suffix is not None and (whole.isupper() or not re.search(r"\s", whole))
        if named or formed:
            yield start, end, "ni_number", "hard", ""


# ------------------------------------------------------------------------------ postcodes
_AREA = "(?:" + "|".join(sorted(POSTCODE_AREAS, key=lambda area: (-len(area), area))) + ")"
_INWARD = re.compile(r"\d[ABD-HJLNP-UW-Z]{2}(?![^\W_])", re.I)
_OUTWARD = re.compile(rf"(?<![^\W_])(?:{_AREA}\d[\dA-Z]?|GIR)[ \u00a0\n]{{0,2}}$", re.I)
_ORDINAL = re.compile(r"1st|2nd|3rd|\dth", re.I)
_DISTRICT_NUMBER = re.compile(r"\d(?<=[A-Z]\d)\d?[A-Z]?(?![^\W_]|[-/]\w)")
_DISTRICT_AREA = re.compile(rf"(?<![^\W_]){_AREA}$")
_PLACED = re.compile(r"\b(?:in|near|around|postcode|post code|area|from|live|lives|at)\s+$", re.I)


def postcodes(text: str) -> Iterator[Found]:
    """Full postcodes (hard), and districts like CA1 (soft; B1, S1 … only after "in", "near" …)."""
    for match in _INWARD.finditer(text):
        outward = _OUTWARD.search(text, max(0, match.start() - 8), match.start())
        if outward is None:
            continue
        whole = text[outward.start() : match.end()]
        if whole.isupper() or not _ORDINAL.fullmatch(match.group()):
            yield outward.start(), match.end(), "postcode", "hard", ""
    for match in _DISTRICT_NUMBER.finditer(text):
        area = _DISTRICT_AREA.search(text, max(0, match.start() - 3), match.start())
        if area is None or (match.group()[0] == "0" and len(match.group()) > 1):
            continue
        start = area.start()
        placed = _PLACED.search(text, max(0, start - 16), start)
        if (len(area.group()) == 2 or placed) and text[start : match.end()] not in NOT_DISTRICTS:
            yield start, match.end(), "postcode_district", "soft", ""


# ------------------------------------------------------------------------------ telephone
_PHONE = re.compile(
    r"[+(04](?<![\w.,:/-].)(?:[ \t\u00a0]?[\d()]|[ \t]?[-‐‑–.][ \t]?\d|\n(?=\d)){7,17}(?!\w)"
)
# Ofcom, "Telephone numbers for use in TV and radio drama programmes": all but the last digits.
_DRAMA = re.compile(
    r"0(?:7700900|1632960|1134960|1144960|1154960|1164960|1174960|1184960|1214960|1314960|1414960"
    r"|1514960|1614960|2079460|1914980|2896496|2920180|3069990|8081570|9098790)\d{3}"
)


def phones(text: str) -> Iterator[Found]:
    """Numbers that the numbering plan of their country has (Google's libphonenumber)."""
    candidates = [
        match
        for match in _PHONE.finditer(text)
        if match.group().startswith(("+", "0", "(0", "(+", "44"))
        and 9 <= sum(map(str.isdigit, match.group())) <= 15
    ]
    if not candidates:
        return
    import phonenumbers

    for match in candidates:
        raw = match.group().replace("\n", " ")
        try:
            number = phonenumbers.parse(f"+{raw}" if raw.startswith("44") else raw, "GB")
        except phonenumbers.NumberParseException:
            continue
        national = f"0{number.national_number}" if number.country_code == 44 else ""
        if _DRAMA.fullmatch(national):
            yield *match.span(), "phone", "soft", OFCOM
        elif phonenumbers.is_valid_number(number):
            yield *match.span(), "phone", "hard", ""


# ------------------------------------------------------------------------------ e-mail
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_EMAIL = re.compile(
    rf"(?<![\w.+-])[\w.+'’-]{{1,64}}[ ]?@[ ]?(?P<domain>(?:{_LABEL}\.){{1,6}}[^\W\d_]{{2,24}})"
    r"(?!\w)"
)
_SPOKEN = re.compile(
    r"\b(?:[\w-]{1,40} (?:dot|underscore|dash) ){0,4}[\w-]{1,40} at "
    r"[\w-]{1,40}(?: dot [\w-]{1,40}){0,3} dot (?:net|com|uk|org|edu|co|gov|ie)\b",
    re.I,
)
_RESERVED = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net)|example|test|invalid|localhost)$", re.I
)


def emails(text: str) -> Iterator[Found]:
    """Addresses as written, and as spoken ("jo dot bloggs at nhs dot net")."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            if _RESERVED.search(match["domain"]):
                yield *match.span(), "email", "soft", RESERVED_DOMAIN
            else:
                yield *match.span(), "email", "hard", ""
    if " dot " in text:
        for match in _SPOKEN.finditer(text):
            yield *match.span(), "email", "hard", ""


# ------------------------------------------------------------------------------ dates and ages
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY_FIRST = re.compile(
    r"\d(?<![\w/.:-]\d)(?:"
    r"\d?[ ]?(?P<sep>[/.-])[ ]?\d{1,2}[ ]?(?P=sep)[ ]?(?:\d{4}|\d{2})"
    r"|\d{3}-\d{2}-\d{2}"
    rf"|\d?(?:st|nd|rd|th)?(?: (?:day )?of)?[ ,]+{_MONTH}\.?,?[ ,]+(?:\d{{4}}|['’]?\d{{2}})"
    r")(?![\w/:])",
    re.I,
)
_MONTH_FIRST = re.compile(r"\d(?<!\w\d)\d?(?:st|nd|rd|th)?,?[ ,]+(?:\d{4}|['’]\d{2})(?!\w)", re.I)
_MONTH_BEFORE = re.compile(rf"\b{_MONTH}\.?[ ,]+(?:the )?$", re.I)
_BORN = re.compile(
    r"(?:\bborn\b|\bd\.?o\.?b\b\.?|\bdate of birth\b|\bbirth ?(?:day|date)\b|\bb\.)[^\n]{0,24}$",
    re.I,
)
_AGE = re.compile(r"[19](?<!\w[19])(?:(?<=9)\d|(?<=1)[01]\d)(?!\w|[.,]\d|%)")
_AGED = re.compile(r"\b(?:aged?|turned|turning|age of)\s+$", re.I)
_YEARS_OLD = re.compile(r"[ -]years?[ -]old\b", re.I)
_NINETY = re.compile(
    r"\bninety[ -](?:one|two|three|four|five|six|seven|eight|nine)[ -]years?[ -]old\b", re.I
)


def dates(text: str) -> Iterator[Found]:
    """Dates to the day: of birth (hard) where the words before say so, else soft."""
    places = [(match.start(), match.end()) for match in _DAY_FIRST.finditer(text)]
    for match in _MONTH_FIRST.finditer(text):
        month = _MONTH_BEFORE.search(text, max(0, match.start() - 16), match.start())
        if month is not None:
            places.append((month.start(), match.end()))
    for start, end in places:
        if _plausible(text[start:end]):
            born = _BORN.search(text, max(0, start - 48), start)
            yield (
                (start, end, "date_of_birth", "hard", "")
                if born
                else (start, end, "exact_date", "soft", "")
            )


def _plausible(date: str) -> bool:
    """Whether the numbers of a date can be a day, a month and a year."""
    numbers = [int(number) for number in re.findall(r"\d+", date)]
    if len(numbers) < 3:
        return 1 <= numbers[0] <= 31
    if numbers[0] > 31:
        return 1900 <= numbers[0] <= 2100 and 1 <= numbers[1] <= 12 and 1 <= numbers[2] <= 31
    days = 1 <= numbers[0] <= 31 and 1 <= numbers[1] <= 31 and min(numbers[:2]) <= 12
    return days and (numbers[2] < 100 or 1900 <= numbers[2] <= 2100)


def ages(text: str) -> Iterator[Found]:
    """Ages from 90: the oldest people can be told by their age."""
    for match in _AGE.finditer(text):
        before = _AGED.search(text, max(0, match.start() - 16), match.start())
        if before or _YEARS_OLD.match(text, match.end()):
            yield *match.span(), "age_over_89", "soft", ""
    for match in _NINETY.finditer(text) if "inety" in text else ():
        yield *match.span(), "age_over_89", "soft", ""


# ------------------------------------------------------------------------------ registration
# what is looked for in the folded text, the acronym and name, the number's form, the kind
_REGISTERS = tuple(
    (
        (acronym.casefold(), name.casefold()),
        re.compile(rf"\b(?:{acronym}|{name})(?:'?s)?\b", re.I),
        re.compile(rf"(?<![^\W_]){number}(?![^\W_])", re.I),
        kind,
    )
    for acronym, name, number, kind in (
        ("GMC", "General Medical Council", r"\d{7}", "gmc_number"),
        ("NMC", "Nursing and Midwifery Council", r"\d\d[ ]?[A-Z][ ]?\d{4}[ ]?[A-Z]", "nmc_pin"),
        ("HCPC", "Health and Care Professions Council", r"[A-Z]{2}[ ]?\d{5,6}", "hcpc_number"),
        ("GPhC", "General Pharmaceutical Council", r"\d{7}", "gphc_number"),
    )
)


def registrations(text: str) -> Iterator[Found]:
    """Numbers of the form of a regulator's within 60 characters of its name."""
    folded = text.casefold()
    for needles, name, number, kind in _REGISTERS:
        if not any(needle in folded for needle in needles):
            continue
        for near in name.finditer(text):
            low, high = max(0, near.start() - _NEAR), near.end() + _NEAR
            for match in number.finditer(text, low, high):
                yield *match.span(), kind, "hard", ""


# ------------------------------------------------------------------------------ titles
_TITLED = re.compile(
    r"\b(?:(?:Dr|Mr|Mrs|Ms|Prof)\.?|Doctor|Sister|Professor|Miss|Nurse|Matron|Sir|Dame|Lord|Lady) "
    r"(?P<name>[A-Z][a-z][\w'’-]*)"
)


def titled_names(text: str) -> Iterator[Found]:
    """A capitalised word after a title; a pseudonym looks the same, so it is soft."""
    for match in _TITLED.finditer(text):
        if match["name"] not in NOT_NAMES:
            yield *match.span(), "titled_name", "soft", ""


SCANNERS: tuple[Callable[[str], Iterator[Found]], ...] = (
    nhs_numbers, ni_numbers, postcodes, phones, emails, dates, ages, registrations, titled_names,
)  # fmt: skip
