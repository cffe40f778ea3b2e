"""Dates as the group writes them."""

import datetime as dt
import re
from enum import StrEnum
from functools import cache, lru_cache

from babel import Locale

from readingroom.core.models import WEEKDAYS


class Width(StrEnum):
    """How long CLDR writes a name or a date; a short weekday is shorter than an abbreviated one."""

    WIDE = "wide"
    ABBREVIATED = "abbreviated"
    SHORT = "short"


_NUMERIC_PATTERN = re.compile(r"(?:(?:yyyy|yy)(?!y)|MM?(?!M)|dd?(?!d)|[^A-Za-z'])+")
_NUMERIC_FIELD = re.compile("y+|M+|d+")
_ENGLISH = re.compile("en(_[A-Z]{2})?")


@lru_cache(maxsize=100_000)
def format_date(date: dt.date, pattern: str, locale: str) -> str:
    """Return a date in a CLDR pattern such as ``dd/MM/yy`` and a language.

    The patterns are those of Unicode Technical Standard 35, part 4.
    """
    if _NUMERIC_PATTERN.fullmatch(pattern):
        return _NUMERIC_FIELD.sub(lambda field: _format_number(date, field[0]), pattern)
    from babel.dates import parse_pattern  # noqa: PLC0415 -- 15 ms that a pattern of numbers alone does not need

    return str(parse_pattern(pattern).apply(date, _parse_locale(locale)))


def _format_number(date: dt.date, field: str) -> str:
    number = {"y": date.year % 100 if field == "yy" else date.year, "M": date.month, "d": date.day}[field[0]]
    return str(number).zfill(len(field))


def format_date_with_weekday(date: dt.date, pattern: str, locale: str, width: Width = Width.WIDE) -> str:
    """Return a date with the day of the week before it, unless the pattern contains it already."""
    formatted = format_date(date, pattern, locale)
    fields = strip_pattern_literals(pattern)
    return formatted if set(fields) & set("Eec") else f"{format_weekday(date, locale, width)} {formatted}"


def format_weekday(date: dt.date, locale: str, width: Width = Width.WIDE) -> str:
    """Return the day of the week, in full or abbreviated."""
    if width is Width.WIDE and _ENGLISH.fullmatch(locale):
        return WEEKDAYS[date.weekday()]  # to load Babel's data takes 10 ms, a tenth of a small build
    return str(_parse_locale(locale).days["format"][width][date.weekday()])


def strip_pattern_literals(pattern: str) -> str:
    """Return a CLDR pattern without its quoted text, which is written literally."""
    return re.sub("'[^']*'", "", pattern)


@cache
def _parse_locale(locale: str) -> Locale:
    return Locale.parse(locale)
