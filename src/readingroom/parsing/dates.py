"""A day as people type it: ``2024-01-15``, ``Monday 15 January 2024``, ``15/01/24``.

Nothing is filled in: a day without its year is refused, and a weekday that is not that day's too.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from babel import Locale

from readingroom.core.date_format import Width, strip_pattern_literals
from readingroom.core.models import WEEKDAYS
from readingroom.parsing import cldr
from readingroom.parsing.times import MAX_LENGTH
from readingroom.text.excerpt import shorten_text

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_NUMBERS = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_WORDS = re.compile(r"[^\W\d_]+|[0-9]+")
_FILLER_WORDS = frozenset({"of", "the", "de", "le", "den", "der", *cldr.ORDINALS})


@dataclass(frozen=True, slots=True)
class ParsedDay:
    """A day; ``other`` is what the same text would be in another group, ``first`` what it is read to start with."""

    date: dt.date
    other: dt.date | None = None
    first: str = ""


class _Candidate(NamedTuple):
    """A way to read numbers: what the first one is taken for, and year, month and day, which may be no date."""

    first: str
    year: int
    month: int
    day: int


def is_day_first(date_format: str, locale: str) -> bool:
    """Tell whether a group writes the day before the month; if its pattern starts with the year, its language tells."""
    order = _extract_field_order(date_format)
    if order.startswith("y"):
        order = _extract_field_order(Locale.parse(locale).date_formats[Width.SHORT].pattern)
    return order.replace("y", "").startswith("d")


def _extract_field_order(date_format: str) -> str:
    """Return the order of day, month and year in a pattern, such as ``dMy``; a year of two digits is ``yy``."""
    fields = strip_pattern_literals(date_format).replace("L", "M")
    letters = [found[0] for found in re.finditer(r"d+|M+|y+", fields)]
    return "".join(each if each == "yy" else each[0] for each in letters)


def parse_day(text: str, date_format: str, locale: str) -> ParsedDay:
    """Return the day that a text says, numbers such as 05/09/2024 in the order of the group's own pattern.

    A weekday beside it that fits one order alone tells the order. Raises ValueError with a sentence that says what is
    wanted.
    """
    text = " ".join(text.split())
    for weekday, rest in _split_weekday(text, locale) if len(text) <= MAX_LENGTH else ():
        if ways := _parse_numeric(rest, date_format, locale) or _parse_words(rest, date_format, locale):
            return _choose_day(ways, weekday, text)
    message = f'found "{shorten_text(text)}". Expected: a day with its year, such as 2024-01-15 or 15 January 2024.'
    raise ValueError(message)


def _choose_day(ways: list[_Candidate], weekday: int | None, text: str) -> ParsedDay:
    """Return the day of the first way that is a date and on that weekday, and the day of the next one beside it."""
    dates: dict[dt.date, str] = {}
    for way in ways:
        try:
            dates.setdefault(dt.date(way.year, way.month, way.day), way.first)
        except ValueError:
            continue
    if not dates:
        message = f'found "{text}". There is no such day.'
        raise ValueError(message)
    fitting = [date for date in dates if weekday in {None, date.weekday()}]
    if not fitting:
        date = next(iter(dates))
        found, true = WEEKDAYS[weekday or 0], WEEKDAYS[date.weekday()]
        message = f'found "{shorten_text(text)}", but {date} is a {true}, not a {found}. Correct the day or its date.'
        raise ValueError(message)
    return ParsedDay(fitting[0], fitting[1], dates[fitting[0]]) if len(fitting) > 1 else ParsedDay(fitting[0])


_WEEKDAY_FIRST = re.compile(r"\(?([^\W\d_]+)\.?\)?,? (.+)")
_WEEKDAY_LAST = re.compile(r"([^(]+?),? ?\(?([^\W\d_]+)\.?\)?")


def _split_weekday(text: str, locale: str) -> Iterator[tuple[int | None, str]]:
    """Yield a weekday and the text without it, if there is one; and the whole text, where that word may be a month."""
    if (found := _WEEKDAY_FIRST.fullmatch(text)) and (
        weekday := _load_weekday_names(locale).get(found[1].casefold())
    ) is not None:
        yield weekday, found[2]
    if (found := _WEEKDAY_LAST.fullmatch(text)) and (
        weekday := _load_weekday_names(locale).get(found[2].casefold())
    ) is not None:
        yield weekday, found[1]
    yield None, text


def _parse_numeric(text: str, date_format: str, locale: str) -> list[_Candidate]:
    """Return the ways to read a day in numbers, the group's own first."""
    text = re.sub(r" ?([-/.]) ?", r"\1", text).removesuffix(".")
    if found := _ISO.fullmatch(text):
        return [_Candidate("year", int(found[1]), int(found[2]), int(found[3]))]
    if not (found := _NUMBERS.fullmatch(text)):
        return []
    first, second, last = int(found[1]), int(found[3]), int(found[4])
    year = _expand_year(found[4])
    ways = [_Candidate("day", year, second, first), _Candidate("month", year, first, second)]
    if not is_day_first(date_format, locale):
        ways.reverse()
    order = _extract_field_order(date_format)
    if order.startswith("y") and len(found[4]) == 2:
        # A group that writes whole years, the default, means its own order only where its own sign stands between.
        is_own = order.startswith("yy") or found[2] in date_format
        ways.insert(0 if is_own else len(ways), _Candidate("year", 2000 + first, second, last))
    return ways


def _parse_words(text: str, date_format: str, locale: str) -> list[_Candidate]:
    """Return the ways to read a day whose month is a word."""
    words = [word for word in _WORDS.findall(text.casefold()) if word not in _FILLER_WORDS]
    months = [month for word in words if (month := _load_month_names(locale).get(word))]
    numbers = [word for word in words if word.isascii() and word.isdigit()]
    if len(months) != 1 or len(numbers) != 2 or len(words) != 3:
        return []
    orders = [("day", *numbers), ("year", *reversed(numbers))]
    ways = [
        _Candidate(first, _expand_year(year), months[0], int(day))
        for first, day, year in orders
        if len(day) <= 2 and len(year) in {2, 4}
    ]
    return ways[::-1] if _extract_field_order(date_format).startswith("yy") else ways[:1]


def _expand_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


@cache
def _load_month_names(locale: str) -> dict[str, int]:
    return {name: number for language in ("en", locale) for name, number in cldr.iter_month_names(language)}


@cache
def _load_weekday_names(locale: str) -> dict[str, int]:
    widths = (Width.SHORT, Width.WIDE, Width.ABBREVIATED)
    return {
        name: number for language in ("en", locale) for name, number in cldr.iter_weekday_names(language, widths=widths)
    }
