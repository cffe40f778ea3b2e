"""A day as people type it: ``2024-01-15``, ``Monday 15 January 2024``, ``15/01/24``.

A day may be in any of the languages of the vocabulary, and have a time after it. One without its year, or with a wrong
weekday, is refused.
"""

import calendar
import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import NamedTuple

from babel import Locale

from readingroom.core.date_format import Width, strip_pattern_literals
from readingroom.core.models import WEEKDAYS
from readingroom.parsing import cldr
from readingroom.parsing.times import MAX_LENGTH, find_time
from readingroom.parsing.vocabulary import build_word_pattern, get_words, load_vocabulary
from readingroom.text.excerpt import shorten_text
from readingroom.text.phrases import normalize_whitespace

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_NUMBERS = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_WORDS = re.compile(r"[^\W\d_]+|[0-9]+")
_IN_SIGNS = re.compile(r"([0-9]{4}) ?[年년] ?([0-9]{1,2}) ?[月월] ?([0-9]{1,2}) ?[日號号일]? ?")
_ANY_LANGUAGE = "*"


@dataclass(frozen=True, slots=True)
class ParsedDay:
    """A day; if ambiguous, ``other`` is the second reading and ``first`` the field that this one starts with.

    ``time`` is the time that is typed after it, as it is typed.
    """

    date: dt.date
    other: dt.date | None = None
    first: str = ""
    time: str = ""


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
    typed = normalize_whitespace(text)
    if len(typed) <= MAX_LENGTH:
        text = _normalize(typed)
        if day := _find_day(text, date_format, locale):
            return day
        mention = find_time(text)
        rest = f"{text[: mention.span[0]]} {text[mention.span[1] :]}" if mention else ""
        if mention and (day := _find_day(_strip_words_before_time(rest), date_format, locale)):
            return replace(day, time=text[slice(*mention.span)])
        proposal = _propose(text, locale)
    else:
        proposal = ""
    message = f'found "{shorten_text(typed)}". Expected: a day with its year, such as 2024-01-15 or 15 January 2024.'
    raise ValueError(f"{message} {proposal}".rstrip())


def _normalize(text: str) -> str:
    """Return a text with the forms of letters and digits that are compared, and 2027年1月18日 as numbers."""
    text = re.sub("(?<=[0-9])T(?=[0-9]{2}:)", " ", text)
    if text.isascii():
        return text
    text = re.sub("[０-９（）／．－]", lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return _IN_SIGNS.sub(r"\1-\2-\3 ", text).strip()


def _strip_words_before_time(text: str) -> str:
    """Return a text whose time was taken out without the word before it, such as "at"."""
    words = rf"(?<!\w)(?:{build_word_pattern('dates', 'at')})(?!\w)"
    end = rf"(?:[,(@ ]|{words}|[–-](?= *\Z))*\)?\s*\Z"
    return re.sub(end, "", text, flags=re.IGNORECASE).strip(" ,")


def _find_day(text: str, date_format: str, locale: str) -> ParsedDay | None:
    """Return the day that a text is, in English or the group's language, or else in any language; None if it is none.

    Raises ValueError if there is no such day.
    """
    for language in (locale, _ANY_LANGUAGE):
        for weekday, rest in _split_weekday(text, language):
            if candidates := _parse_numeric(rest, date_format, locale) or _parse_words(rest, date_format, language):
                return _choose_day(candidates, weekday, text)
    return None


def _propose(text: str, locale: str) -> str:
    """Return a question with what was understood of a text that is no day with its year; empty if that is nothing."""
    words = _WORDS.findall(text.casefold())
    months = {month for word in words if (month := _load_month_names(locale).get(word))}
    days = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= 2 and 0 < int(word) < 32]
    years = [int(word) for word in words if re.fullmatch("(?:19|20)[0-9]{2}", word)]
    if len(months) != 1 or not days:
        return ""
    month = months.pop()
    if len(years) == 1 and days[0] <= calendar.monthrange(years[0], month)[1]:
        return f"Is it {dt.date(years[0], month, days[0])}?"
    is_only_year_missing = not years and len(days) == 1
    return f"The year of {days[0]} {calendar.month_name[month]} is missing." if is_only_year_missing else ""


def _choose_day(candidates: list[_Candidate], weekday: int | None, text: str) -> ParsedDay:
    """Return the first candidate that is a date on that weekday, with the second one if there are more."""
    dates: dict[dt.date, str] = {}
    for candidate in candidates:
        with suppress(ValueError):
            dates.setdefault(dt.date(candidate.year, candidate.month, candidate.day), candidate.first)
    if not dates:
        message = f'found "{text}". There is no such day.{_describe_month(candidates[0])}'
        raise ValueError(message)
    fitting = [date for date in dates if weekday in {None, date.weekday()}]
    if not fitting:
        date = next(iter(dates))
        typed, actual = WEEKDAYS[weekday or 0], WEEKDAYS[date.weekday()]
        message = f'found "{shorten_text(text)}", but {date} is a {actual}, not a {typed}. Correct the day or its date.'
        raise ValueError(message)
    return ParsedDay(fitting[0], fitting[1], dates[fitting[0]]) if len(fitting) > 1 else ParsedDay(fitting[0])


def _describe_month(candidate: _Candidate) -> str:
    """Return a sentence on the length of the month that a day would be in, if there is such a month."""
    year, month = candidate.year, candidate.month
    if not 1 <= month <= 12 or not 0 < year <= dt.MAXYEAR:
        return ""
    return f" {calendar.month_name[month]} {year} has {calendar.monthrange(year, month)[1]} days."


_WEEKDAY_FIRST = re.compile(r"\(?(?P<weekday>[^\W\d_]+(?:-feira)?)\.?\)?,? (?P<rest>.+)")
_WEEKDAY_LAST = re.compile(r"(?P<rest>[^(]+?),? ?\(?(?P<weekday>[^\W\d_]+)\.?\)?")


def _split_weekday(text: str, language: str) -> Iterator[tuple[int | None, str]]:
    """Yield a weekday and the text without it, if any; then the whole text, where that word may be a month."""
    names = _load_weekday_names(language)
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


def _parse_words(text: str, date_format: str, language: str) -> list[_Candidate]:
    """Return the readings of a day whose month is a word."""
    words = [word for word in _WORDS.findall(text.casefold()) if word not in _load_filler_words()]
    months = [month for word in words if (month := _load_month_names(language).get(word))]
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
def _load_filler_words() -> frozenset[str]:
    return frozenset(load_vocabulary()["dates"]["ordinal"]) | get_words("dates", "between")


@cache
def _load_month_names(language: str) -> dict[str, int]:
    return _select_unique_names(language, cldr.iter_month_names)


@cache
def _load_weekday_names(language: str) -> dict[str, int]:
    widths = (Width.SHORT, Width.WIDE, Width.ABBREVIATED)
    return _select_unique_names(language, partial(cldr.iter_weekday_names, widths=widths))


def _select_unique_names(language: str, iter_names: Callable[[str], Iterator[tuple[str, int]]]) -> dict[str, int]:
    """Return the names in English and a language, the latter first; in any language, those that mean one thing."""
    if language != _ANY_LANGUAGE:
        return {name: number for each in ("en", language) for name, number in iter_names(each)}
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    for each in load_vocabulary()["dates"]["languages"]:
        for name, number in iter_names(each):
            numbers[name].add(number)
    return {name: min(several) for name, several in numbers.items() if len(several) == 1}
