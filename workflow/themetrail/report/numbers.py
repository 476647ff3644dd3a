"""The house format of numbers, after the style of the BMJ.

Counts have a comma at the thousands (1,727). Coefficients have two decimals and keep the zero
before the point (0.75); an interval is "0.70 to 0.81", since a dash beside a minus sign misleads;
a range of counts has an en dash (1,670–1,890). A minus sign is U+2212. Shares are whole per
cents, and none is written for fewer than twenty cases unless an author asks.
"""

from __future__ import annotations

from collections.abc import Sequence

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
FEW = 20
_ONES = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def integer(number: float) -> str:
    """A count: digits, a comma at the thousands.

    >>> integer(1727)
    '1,727'
    """
    return f"{round(number):,}".replace("-", MINUS)


def decimal(number: float, digits: int = 2) -> str:
    """A real number with fixed decimals; never a minus before nothing but zeros.

    >>> decimal(-0.004), decimal(-0.25)
    ('0.00', '−0.25')
    """
    text = f"{number:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def plain(number: float) -> str:
    """A setting as it was typed: the shortest digits that read back the same.

    >>> plain(0.667), plain(5.0)
    ('0.667', '5')
    """
    return f"{number:g}".replace("-", MINUS) if abs(number) < 1e6 else integer(number)


def percent(share: float) -> str:
    """A share of 0 to 1 as a whole per cent; what is not none is not 0%, what is not all not 100%.

    >>> percent(0.791), percent(0.001), percent(0.999), percent(1.0)
    ('79%', '<1%', '>99%', '100%')
    """
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 <= share < 1:
        return ">99%"
    return f"{round(100 * share)}%"


def interval(low: float, high: float, digits: int = 2) -> str:
    """Two ends of an interval; with one more decimal where they would look the same and are not.

    >>> interval(0.7, 0.812), interval(0.9781, 0.9832), interval(1.0, 1.0)
    ('0.70 to 0.81', '0.978 to 0.983', '1.00 to 1.00')
    """
    if low != high and decimal(low, digits) == decimal(high, digits):
        digits += 1
    return f"{decimal(low, digits)} to {decimal(high, digits)}"


def percents(low: float, high: float) -> str:
    """Two shares as per cents; with a decimal where they would look the same and are not.

    >>> percents(0.7, 0.812), percents(0.9781, 0.9832), percents(1.0, 1.0)
    ('70% to 81%', '97.8% to 98.3%', '100% to 100%')
    """
    if low != high and percent(low) == percent(high):
        return f"{decimal(100 * low, 1)}% to {decimal(100 * high, 1)}%"
    return f"{percent(low)} to {percent(high)}"


def counted_range(low: float, high: float) -> str:
    """Two counts with an en dash; one where they are the same.

    >>> counted_range(1670, 1890), counted_range(3, 3)
    ('1,670–1,890', '3')
    """
    first, last = integer(low), integer(high)
    return first if first == last else f"{first}{DASH}{last}"


def listed(names: Sequence[str], conjunction: str = "and") -> str:
    """Names as a sentence lists them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def in_words(number: int) -> str:
    """A count in words up to ninety-nine, for the start of a sentence; digits beyond.

    >>> in_words(24), in_words(6), in_words(100)
    ('twenty-four', 'six', '100')
    """
    if not 0 <= number < 100:
        return integer(number)
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")


def ordinal(number: int) -> str:
    """A place in an order.

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 22)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd']
    """
    teen = 11 <= number % 100 <= 13
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{integer(number)}{ending}"


def capital(text: str) -> str:
    """The text with a capital first letter.

    >>> capital("nearly all")
    'Nearly all'
    """
    return text[:1].upper() + text[1:]
