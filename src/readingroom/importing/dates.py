"""What day a text may mean, in the languages and forms that people write dates in. Nothing is filled in here."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from readingroom.importing import names

FIRST_YEAR, LAST_YEAR = 1970, 2099
MAX_TEXT = 300  # letters; a day that stands further on is part of a sentence
DAY_FIRST, MONTH_FIRST = "day-first", "month-first"


@dataclass(frozen=True, slots=True)
class Found:
    """A day as a text has it, and where: a part that it does not tell is 0.

    Of a day in numbers whose order is not known, ``day`` and ``month`` are as they stand and ``is_open`` is true.
    ``until`` is the text of a range's other end, ``odd`` says what is misspelt.
    """

    start: int
    end: int
    year: int = 0
    month: int = 0
    day: int = 0
    is_open: bool = False
    weekday: int | None = None
    until: str = ""
    odd: str = ""

    def ordered(self, order: str) -> "Found":
        """Return it with the day and the month in one of the two orders."""
        if not self.is_open:
            return self
        first, second = (self.day, self.month) if order == DAY_FIRST else (self.month, self.day)
        return replace(self, day=first, month=second, is_open=False)

    def orders(self) -> set[str]:
        """Return the orders in which there may be such a day."""
        fits = {DAY_FIRST} if self.month <= 12 else set[str]()
        return fits | ({MONTH_FIRST} if self.day <= 12 else set[str]())

    def on(self, year: int) -> dt.date | None:
        """Return the day in a year, if there is one."""
        try:
            return dt.date(year, self.month, self.day)
        except ValueError:
            return None


_ORDINAL = r"(?:\s?(?:st|nd|rd|th|er|º|ª|°|\.))?"
# A dash or a stroke between blanks parts two days, or a day and an hour.
_GAP = r"(?:[\s.,]|(?<!\s)[-/](?!\s)|\bof\b|\bthe\b|\bde\b|\bdel\b|\bdu\b|\ble\b)*"
# Two bare digits are a year only where nothing follows that would make them an hour, a number or another day.
_NO_HOUR = r"(?=\s*(?:\Z|[()\[\],;|\n]|:\s|[-–—]\s*(?![0-9\s])))"
_YEAR = rf"(?P<year>['’][0-9]{{2}}(?![0-9])|[0-9]{{3,4}}(?![0-9])|(?<=-)[0-9]{{2}}(?![0-9:])|[0-9]{{2}}{_NO_HOUR})"
_DAY = r"(?P<day>[0-9]{1,2})"
_DASH = r"\s*(?:-|–|—|~|～|to\b|bis\b|à\b|al?\b)\s*"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the forms of a day, those first that could be taken for a part of another."""
    month = rf"(?<![^\W\d_])(?P<name>{names.month_pattern()}|[^\W\d_]{{{names.MIN_TYPO},12}})(?![^\W\d_])\.?"
    forms = (
        r"(?<![0-9])(?P<year>[0-9]{4})\s?(?P<mark>[-/.‐‑–])\s?(?P<month>[0-9]{1,2})\s?(?P=mark)\s?(?P<day>[0-9]{1,2})(?![0-9])",
        r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01])(?![0-9])",
        r"(?:(?P<year>[0-9]{4}|[0-9]{2})\s*[年년]\s*)?(?P<month>[0-9]{1,2})\s*[月월]\s*(?P<day>[0-9]{1,2})\s*[日号號일]?",
        rf"(?<![0-9]){_DAY}(?!\s?\d){_ORDINAL}(?P<until>{_DASH}[0-9]{{1,2}}{_ORDINAL})?{_GAP}{month}(?:{_GAP}{_YEAR})?",
        rf"(?<![0-9])(?P<year>[0-9]{{4}}){_GAP}{month}{_GAP}{_DAY}{_ORDINAL}(?![0-9])",
        rf"{month}-{_DAY}-(?P<year>[0-9]{{4}}|[0-9]{{2}})(?![0-9])",
        rf"{month}{_GAP}{_DAY}(?!:?[0-9]){_ORDINAL}(?P<until>{_DASH}[0-9]{{1,2}}{_ORDINAL}(?!:?[0-9]))?(?:{_GAP}{_YEAR})?",
        r"(?<![0-9.])(?P<first>[0-9]{1,2})\s?(?P<mark>[-/.‐‑–])\s?(?P<second>[0-9]{1,2})\s?(?P=mark)\s?(?P<year>[0-9]{4}|[0-9]{2})(?![0-9])",
        r"(?<![\w.:,$€£])(?P<first>[0-9]{1,2})(?P<mark>[/.-])(?P<second>[0-9]{1,2})(?P=mark)?(?![0-9%:\w]|[./-][0-9])",
    )
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)


@lru_cache(maxsize=20_000)
def read(text: str) -> Found | None:
    """Return the first day that a text tells, or None; digits and signs of full width count as plain ones."""
    plain = _plain(text[:MAX_TEXT])
    if not any(letter in _DIGITS for letter in plain):
        return None
    best = _first(list(_matches(plain)))
    if best is None:
        return None
    if not best.until and (until := _UNTIL.match(plain, best.end)):
        best = replace(best, until=until[0].strip(), end=until.end())
    return replace(best, weekday=names.weekday(f"{plain[: best.start]} {plain[best.end :]}"[:_NEAR]))


def _first(found: list[Found]) -> Found | None:
    """Return the day that starts first; of two that overlap, such as in "mar. 4 juin 2024", the one with a year."""
    best = min(found, key=lambda each: (each.start, -each.end), default=None)
    if best is None or best.year:
        return best
    longer = [each for each in found if each.year and best.start <= each.start < best.end < each.end]
    return longer[0] if longer else best


_DIGITS = frozenset("0123456789")
_NEAR = 40
_UNTIL = re.compile(
    r"\s*(?:-|–|—|~|～|to\b|bis\b)\s*(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[/.][0-9]{1,2}(?:[/.][0-9]{2,4})?"
    r"|[0-9]{1,2}(?:st|nd|rd|th)?(?![0-9:/.])(?!\s?[ap]m\b))(?!\w)",
    re.IGNORECASE,
)


def _plain(text: str) -> str:
    """Return a text of the same length with every digit and sign of full width as the plain one."""
    if text.isascii():
        return text
    return "".join(
        folded if len(folded := unicodedata.normalize("NFKC", letter)) == 1 and folded.isascii() else letter
        for letter in text
    )


def _matches(text: str) -> Iterator[Found]:
    for pattern in _patterns():
        for match in pattern.finditer(text):
            if found := _found(match):
                yield found
                break


def _found(match: re.Match[str]) -> Found | None:
    parts = match.groupdict()
    year, odd = _year(parts.get("year") or "")
    if "first" in parts:
        return _in_numbers(match, year)
    if "name" in parts:
        folded = match["name"].casefold()
        month = names.months().get(folded, 0)
        if not month:
            month, meant = names.near_month(match["name"])
            odd = f'"{match["name"]}" is read as {meant}' if month else ""
    else:
        month = int(match["month"])
    day = int(match["day"])
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    until = (parts.get("until") or "").strip()
    return Found(match.start(), match.end(), year, month, day, until=until, odd=odd)


def _in_numbers(match: re.Match[str], year: int) -> Found | None:
    """Return a day such as 12/08/24; with dots and a year the day stands first in every language."""
    first, second = int(match["first"]), int(match["second"])
    is_open = not (match["mark"] == "." and year)
    made = Found(match.start(), match.end(), year, second, first, is_open=is_open)
    if not 1 <= first <= 31 or not 1 <= second <= 31:
        return None
    if is_open:
        return made if made.orders() else None
    return made if second <= 12 else None


def _year(digits: str) -> tuple[int, str]:
    """Return a year, or 0 and why it is none."""
    digits = digits.lstrip("'’")
    if not digits:
        return 0, ""
    number = int(digits) + (2000 if len(digits) == 2 else 0)
    if FIRST_YEAR <= number <= LAST_YEAR:
        return number, ""
    return 0, f'"{digits}" is not the year of a session'
