"""A day as people type it: ``2024-01-15``, ``Monday 15 January 2024``, ``15/01/24``.

A day may be in any of the languages of the vocabulary, and have a time after it. One without its year, or with a wrong
weekday, is refused.
"""

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale

from readingroom.core.date_format import Width, strip_pattern_literals
from readingroom.core.models import WEEKDAYS
from readingroom.parsing.date_mentions import DateMention, Order, Reading, find_dates
from readingroom.parsing.month_names import find_weekday
from readingroom.parsing.times import MAX_LENGTH, find_time
from readingroom.parsing.vocabulary import load_vocabulary
from readingroom.text.phrases import normalize_whitespace, shorten_text


@dataclass(frozen=True, slots=True)
class ParsedDay:
    """A day; if ambiguous, ``other`` is the second reading and ``first`` the field that this one starts with.

    ``time`` is the time that is typed after it, as it is typed.
    """

    date: dt.date
    other: dt.date | None = None
    first: str = ""
    time: str = ""


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
    found = find_dates(typed) if len(typed) <= MAX_LENGTH else ()
    proposal = ""
    if len(found) == 1:
        mention = found[0]
        parts = (typed[mention.end :], typed[: mention.start])
        time_text = next((part[slice(*time.span)] for part in parts if (time := find_time(part))), "")
        rest = " ".join(reversed(parts)).replace(time_text, " ", 1)
        readings = _sort_readings(mention, date_format, locale)
        if readings and not mention.has_further and _is_filler(rest):
            weekday = mention.weekday if mention.weekday is not None else find_weekday(rest)
            return _choose_day(readings, weekday, typed, time_text)
        proposal = _propose(mention)
    message = f'found "{shorten_text(typed)}". Expected: a day with its year, such as 2024-01-15 or 15 January 2024.'
    raise ValueError(f"{message} {proposal}".rstrip())


def _sort_readings(mention: DateMention, date_format: str, locale: str) -> list[Reading]:
    """Return the readings that have a year, the group's own order first; a year is only first where groups write so."""
    order = _extract_field_order(date_format)
    readings = [each for each in mention.readings if each.year]
    in_words = re.fullmatch(r"([0-9]{2})[^0-9]*[^\W\d_][^0-9]*([0-9]{2})", mention.text)
    if in_words and readings:  # 24 January 15
        readings.append(Reading(2000 + int(in_words[1]), readings[0].month, int(in_words[2]), Order.YEAR_FIRST))
    orders = [Order.DAY_FIRST, Order.MONTH_FIRST]
    if not is_day_first(date_format, locale):
        orders.reverse()
    # A group that writes full years, the default, means its own order only where its own separator is used.
    separator = "" if in_words else (re.findall("[-/.]", mention.text) or "?")[0]
    is_own_order = order.startswith("yy") or (separator and separator in date_format)
    if order.startswith("y") and (is_own_order or separator):
        orders.insert(0 if is_own_order else 2, Order.YEAR_FIRST)
    readings = [each for each in readings if each.order is None or each.order in orders]
    return sorted(readings, key=lambda each: orders.index(each.order) if each.order else -1)


def _is_filler(text: str) -> bool:
    """Return whether a text next to a day has only weekdays and words such as "the" and "at"."""
    known = load_vocabulary()["dates"]
    fillers = {"t", *" ".join([*known["between"], *known["before"], *known["at"], *known["ordinal"]]).split()}
    words = re.findall(r"[^\W_]+(?:-feira)?", text.casefold())
    return all(word in fillers or find_weekday(f"({word})") is not None for word in words)


def _propose(mention: DateMention) -> str:
    """Return what was understood of a text that is more than a day with its year, or less."""
    reading = mention.readings[0]
    if reading.year:
        return f"Is it {date}?" if (date := reading.build_date()) else ""
    if len(mention.readings) > 1 or mention.has_further:
        return ""
    return f"The year of {reading.day} {calendar.month_name[reading.month]} is missing."


def _choose_day(readings: Sequence[Reading], weekday: int | None, text: str, time: str) -> ParsedDay:
    """Return the first reading that is a date on that weekday, with the second one if there are more."""
    dates = {date: each for each in reversed(readings) if (date := each.build_date())}
    if not dates:
        year, month = readings[0].year, readings[0].month
        length = f"{calendar.month_name[month]} {year} has {calendar.monthrange(year, month)[1]} days."
        raise ValueError(f'found "{text}". There is no such day. {length}')
    fitting = [date for date in reversed(dates) if weekday in {None, date.weekday()}]
    if not fitting:
        date = next(reversed(dates))
        said = f"but {date} is a {WEEKDAYS[date.weekday()]}, not a {WEEKDAYS[weekday or 0]}"
        raise ValueError(f'found "{shorten_text(text)}", {said}. Correct the day or its date.')
    order = dates[fitting[0]].order
    other, first = (fitting[1], order.removesuffix("-first")) if len(fitting) > 1 and order else (None, "")
    return ParsedDay(fitting[0], other, first, time)
