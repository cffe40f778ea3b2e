"""A day as people type it: ``2024-01-15``, ``Monday 15 January 2024``, ``15/01/24``.

Nothing is filled in: a day without its year is refused, and a weekday that is not that day's too.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale

from readingroom.session import WEEKDAYS

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_NUMBERS = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_WORDS = re.compile(r"[^\W\d_]+|[0-9]+")
_FILLING = frozenset({"of", "the", "st", "nd", "rd", "th", "de", "le", "er", "den", "der"})


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and whether the same text would be another day in a group that writes months first, or last."""

    date: dt.date
    is_ambiguous: bool = False


def day_first(date_format: str, locale: str) -> bool:
    """Tell whether a group writes the day before the month; if its pattern starts with the year, its language tells."""
    fields = re.sub("'[^']*'", "", date_format)
    if fields.find("y") == 0:
        fields = Locale.parse(locale).date_formats["short"].pattern
    return fields.find("d") < min((fields.find(each) for each in "ML" if each in fields), default=len(fields))


def read(text: str, date_format: str, locale: str) -> Day:
    """Return the day that a text says, numbers such as 05/09/2024 in the order of the group's own pattern.

    Raises ValueError with a sentence that says what is wanted.
    """
    text = " ".join(text.split())
    weekday, rest = _without_weekday(text, locale)
    day = _numeric(rest, date_format, locale) or _in_words(rest, locale)
    if day is None:
        message = f'found "{text[:60]}". Wanted: a day with its year, such as 2024-01-15 or 15 January 2024.'
        raise ValueError(message)
    if weekday is not None and day.date.weekday() != weekday:
        found, true = WEEKDAYS[weekday], WEEKDAYS[day.date.weekday()]
        message = f'found "{text[:60]}", but {day.date} is a {true}, not a {found}. Correct the day or its date.'
        raise ValueError(message)
    return day


def _without_weekday(text: str, locale: str) -> tuple[int | None, str]:
    found = re.fullmatch(r"([^\W\d_]+)\.?,? (.+)", text)
    weekday = _weekdays(locale).get(found[1].casefold()) if found else None
    return (weekday, found[2]) if found and weekday is not None else (None, text)


def _numeric(text: str, date_format: str, locale: str) -> Day | None:
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    if not (found := _NUMBERS.fullmatch(text)):
        return None
    first, second, year = int(found[1]), int(found[3]), _year(found[4])
    both = first <= 12 and second <= 12
    in_order = (first, second) if (day_first(date_format, locale) if both else first > 12) else (second, first)
    return _day(year, in_order[1], in_order[0], text, ambiguous=both and first != second)


def _in_words(text: str, locale: str) -> Day | None:
    words = [word for word in _WORDS.findall(text.casefold()) if word not in _FILLING]
    months = [month for word in words if (month := _months(locale).get(word))]
    numbers = [word for word in words if word.isascii() and word.isdigit()]
    if len(months) != 1 or len(numbers) != 2 or len(words) != 3:
        return None
    first, second = numbers if len(numbers[0]) <= 2 else reversed(numbers)
    return _day(_year(second), months[0], int(first), text) if len(second) in {2, 4} and len(first) <= 2 else None


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _day(year: int, month: int, day: int, text: str, *, ambiguous: bool = False) -> Day:
    try:
        return Day(dt.date(year, month, day), ambiguous)
    except ValueError:
        message = f'found "{text}". There is no such day.'
        raise ValueError(message) from None


@cache
def _months(locale: str) -> dict[str, int]:
    return {name: number for number, name in _names(locale, "months")}


@cache
def _weekdays(locale: str) -> dict[str, int]:
    return {name: number for number, name in _names(locale, "days")}


def _names(locale: str, what: str) -> Iterator[tuple[int, str]]:
    """Yield the numbers and names of months or days, whole and short, in a language and in English."""
    for language in (locale, "en"):
        for names in (getattr(Locale.parse(language), what)["format"][width] for width in ("wide", "abbreviated")):
            for number, name in names.items():
                yield number, name.casefold().rstrip(".")
    if what == "months":
        yield 9, "sept"
