"""A day as people type it: ``2024-01-15``, ``Monday 15 January 2024``, ``15/01/24``.

A day without its year, or with a wrong weekday, is refused.
"""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from babel import Locale

from readingroom.core.date_format import Width, strip_pattern_literals
from readingroom.core.models import WEEKDAYS
from readingroom.parsing import cldr
from readingroom.parsing.times import MAX_LENGTH
from readingroom.text.excerpt import shorten_text
from readingroom.text.phrases import normalize_whitespace

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_NUMBERS = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_WORDS = re.compile(r"[^\W\d_]+|[0-9]+")
_FILLER_WORDS = frozenset({"of", "the", "de", "le", "den", "der", *cldr.ORDINALS})


@dataclass(frozen=True, slots=True)
class ParsedDay:
    """A day; if ambiguous, ``other`` is the second reading and ``first`` the field that this one starts with."""

    date: dt.date
    other: dt.date | None = None
    first: str = ""


class _Candidate(NamedTuple):
    """A reading of three numbers: the meaning of the first, and year, month and day, which may not be a date."""

    first: str
    year: int
    month: int
    day: int


def is_day_first(date_format: str, locale: str) -> bool:
    """Return whether a group writes the day before the month; a pattern that starts with the year leaves it to CLDR."""
    order = _extract_field_order(date_format)
    if order.startswith("y"):
        order = _extract_field_order(Locale.parse(locale).date_formats[Width.SHORT].pattern)
    return order.replace("y", "").startswith("d")


def _extract_field_order(date_format: str) -> str:
    """Return the order of day, month and year in a pattern, such as ``dMy``; a year of two digits is ``yy``."""
    fields = strip_pattern_literals(date_format).replace("L", "M")
    return "".join(field if field == "yy" else field[0] for field in re.findall(r"d+|M+|y+", fields))


def parse_day(text: str, date_format: str, locale: str) -> ParsedDay:
    """Return the day in a text, numbers such as 05/09/2024 in the order of the group's date format.

    A weekday that fits only one order decides the order. Raises ValueError with a sentence that says what is expected.
    """
    text = normalize_whitespace(text)
    for weekday, rest in _split_weekday(text, locale) if len(text) <= MAX_LENGTH else ():
        if candidates := _parse_numeric(rest, date_format, locale) or _parse_words(rest, date_format, locale):
            return _choose_day(candidates, weekday, text)
    message = f'found "{shorten_text(text)}". Expected: a day with its year, such as 2024-01-15 or 15 January 2024.'
    raise ValueError(message)


def _choose_day(candidates: list[_Candidate], weekday: int | None, text: str) -> ParsedDay:
    """Return the first candidate that is a date on that weekday, with the second one if there are more."""
    dates: dict[dt.date, str] = {}
    for candidate in candidates:
        with suppress(ValueError):
            dates.setdefault(dt.date(candidate.year, candidate.month, candidate.day), candidate.first)
    if not dates:
        message = f'found "{text}". There is no such day.'
        raise ValueError(message)
    fitting = [date for date in dates if weekday in {None, date.weekday()}]
    if not fitting:
        date = next(iter(dates))
        typed, actual = WEEKDAYS[weekday or 0], WEEKDAYS[date.weekday()]
        message = f'found "{shorten_text(text)}", but {date} is a {actual}, not a {typed}. Correct the day or its date.'
        raise ValueError(message)
    return ParsedDay(fitting[0], fitting[1], dates[fitting[0]]) if len(fitting) > 1 else ParsedDay(fitting[0])


_WEEKDAY_FIRST = re.compile(r"\(?(?P<weekday>[^\W\d_]+)\.?\)?,? (?P<rest>.+)")
_WEEKDAY_LAST = re.compile(r"(?P<rest>[^(]+?),? ?\(?(?P<weekday>[^\W\d_]+)\.?\)?")


def _split_weekday(text: str, locale: str) -> Iterator[tuple[int | None, str]]:
    """Yield a weekday and the text without it, if any; then the whole text, where that word may be a month."""
    names = _load_weekday_names(locale)
    for pattern in (_WEEKDAY_FIRST, _WEEKDAY_LAST):
        if (match := pattern.fullmatch(text)) and (weekday := names.get(match["weekday"].casefold())) is not None:
            yield weekday, match["rest"]
    yield None, text


def _parse_numeric(text: str, date_format: str, locale: str) -> list[_Candidate]:
    """Return the readings of a day in numbers, the group's own first."""
    text = re.sub(r" ?([-/.]) ?", r"\1", text).removesuffix(".")
    if match := _ISO.fullmatch(text):
        return [_Candidate("year", int(match[1]), int(match[2]), int(match[3]))]
    if not (match := _NUMBERS.fullmatch(text)):
        return []
    first, second, last = int(match[1]), int(match[3]), int(match[4])
    year = _expand_year(match[4])
    candidates = [_Candidate("day", year, second, first), _Candidate("month", year, first, second)]
    if not is_day_first(date_format, locale):
        candidates.reverse()
    order = _extract_field_order(date_format)
    if order.startswith("y") and len(match[4]) == 2:
        # A group that writes full years, the default, means its own order only where its own separator is used.
        is_own_order = order.startswith("yy") or match[2] in date_format
        candidates.insert(0 if is_own_order else len(candidates), _Candidate("year", 2000 + first, second, last))
    return candidates


def _parse_words(text: str, date_format: str, locale: str) -> list[_Candidate]:
    """Return the readings of a day whose month is a word."""
    words = [word for word in _WORDS.findall(text.casefold()) if word not in _FILLER_WORDS]
    months = [month for word in words if (month := _load_month_names(locale).get(word))]
    numbers = [word for word in words if word.isascii() and word.isdigit()]
    if len(months) != 1 or len(numbers) != 2 or len(words) != 3:
        return []
    orders = [("day", *numbers), ("year", *reversed(numbers))]
    candidates = [
        _Candidate(first, _expand_year(year), months[0], int(day))
        for first, day, year in orders
        if len(day) <= 2 and len(year) in {2, 4}
    ]
    return candidates[::-1] if _extract_field_order(date_format).startswith("yy") else candidates[:1]


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
