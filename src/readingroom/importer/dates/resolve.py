"""The days of a column, decided from all of it, and what is odd about them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from readingroom.importer.dates import field_order, infer_years, match
from readingroom.importer.dates.match import DAY_FIRST, MONTH_FIRST, DateMention
from readingroom.importer.dates.year_context import YearHints
from readingroom.text.excerpt import shorten_text

LineMessages = list[tuple[int, str]]
_WEEK, _MONTHS = 7, 12


def resolve_second_days(stamps: Sequence[DateMention], told: YearHints, asked: int) -> list[DateMention]:
    """Return the stamps, each bare year of two digits that is rather a second day taken for one."""
    doubtful = [stamp for stamp in stamps if stamp.found.second]
    if not doubtful:
        return list(stamps)
    are_years = _has_plausible_years(doubtful, [stamp for stamp in stamps if not stamp.found.second], told, asked)
    return [
        stamp
        if not stamp.found.second or _is_hinted_year(stamp, told, otherwise=are_years)
        else _convert_year_to_day(stamp)
        for stamp in stamps
    ]


def _is_hinted_year(stamp: DateMention, told: YearHints, *, otherwise: bool) -> bool:
    hint = told.find_hint(stamp.line)
    return stamp.found.year in {hint.year, hint.second} if hint else otherwise


def _convert_year_to_day(stamp: DateMention) -> DateMention:
    """Return a stamp with a second day instead of its year."""
    found = stamp.found
    return DateMention(stamp.line, stamp.text, found._replace(year=0, until=found.second, second=""))


def _has_plausible_years(
    doubtful: Sequence[DateMention], others: Sequence[DateMention], told: YearHints, asked: int
) -> bool:
    """Tell whether numbers such as the last of March 5, 24 are years, near those of their column or the page."""
    found = {stamp.found.year for stamp in doubtful}
    known = {stamp.found.year for stamp in others if stamp.found.year} or ({asked} if asked else set(told.years))
    if known:
        return min(known) - 1 <= min(found) and max(found) <= max(known) + 1
    are_weeks = all((stamp.found.year % 100 - stamp.found.day) % _WEEK == 0 for stamp in doubtful)
    return len(doubtful) > 1 and max(found) - min(found) <= 1 and (len(found) == 1 or not are_weeks)


def resolve_dotted_dates(
    stamps: Sequence[DateMention], asked: str, orders: frozenset[str]
) -> tuple[list[DateMention], LineMessages]:
    """Return the stamps, and what to tell: days with dots have the month first where one of them can have no other.

    So they have where the organiser says so, and where ``orders``, those of all the page, leave nothing else.
    """
    proof = next((stamp for stamp in stamps if stamp.found.is_dotted and stamp.found.orders == {MONTH_FIRST}), None)
    if proof is None and asked != MONTH_FIRST and orders != {MONTH_FIRST}:
        return list(stamps), []
    made = [_add_possible_orders(stamp) for stamp in stamps]
    turned = [new for old, new in zip(stamps, made, strict=True) if old is not new and len(new.found.orders) > 1]
    if not turned or asked or any(stamp.found.is_dotted and stamp.found.orders == {DAY_FIRST} for stamp in made):
        return made, []
    why = f'"{shorten_text(proof.text, 40)}" in line {proof.line}' if proof else "the other days of the page"
    return made, [
        (turned[0].line, f'"{shorten_text(turned[0].text, 40)}" is read with the month first, after {why}. Check it.')
    ]


def _add_possible_orders(stamp: DateMention) -> DateMention:
    """Return a day with dots with all the orders that its numbers may have."""
    found = stamp.found
    if not found.is_dotted or found.orders == {MONTH_FIRST}:
        return stamp
    orders = (found.orders or {DAY_FIRST}) | ({MONTH_FIRST} if found.day <= _MONTHS else set())
    return DateMention(stamp.line, stamp.text, found._replace(orders=frozenset(orders)))


@dataclass(frozen=True, slots=True)
class DateOptions:
    """What the organiser said: the order of day and month, and the year of the first day without one."""

    order: str = ""
    year: int = 0


@dataclass
class ColumnDates:
    """The day of each stamp, or None; what is asked and what is told, each with its line."""

    days: list[dt.date | None]
    asked: list[tuple[int, str]] = field(default_factory=list)
    told: list[tuple[int, str]] = field(default_factory=list)


def resolve_column_dates(
    told: YearHints, stamps: Sequence[DateMention], asked: DateOptions, possible: frozenset[str]
) -> ColumnDates:
    """Return the days of a column; ``possible`` are the orders of numbers that the rest of the pages allow."""
    stamps, turned = resolve_dotted_dates(resolve_second_days(stamps, told, asked.year), asked.order, possible)
    settled = field_order.resolve_orders(stamps, asked.order, possible, told)
    found = infer_years.fill_missing_years(told, [stamp for stamp in settled.stamps if stamp], asked.year)
    decision = ColumnDates([], [*settled.asked, *found.asked], [*turned, *settled.told, *found.told])
    left = iter(found.years)
    for stamp in settled.stamps:
        year = next(left) if stamp else 0
        day = stamp.found.build_date(year) if stamp and year else None
        decision.days.append(day)
        if stamp and year:
            decision.told += _check_date_mention(stamp, day, year)
    return decision


def _check_date_mention(stamp: DateMention, day: dt.date | None, year: int) -> Iterator[tuple[int, str]]:
    found, text = stamp.found, stamp.text[:60]
    if found.odd:
        yield stamp.line, f'found "{text}": {found.odd}. It is taken for {day or year}. Correct it on the page.'
    if day is None:
        yield stamp.line, f'found "{text}". There is no such day in {year}. Correct it.'
    elif found.weekday is not None and day.weekday() != found.weekday:
        names = f"{day:%A}", dt.date(2024, 1, 1 + found.weekday).strftime("%A")
        yield stamp.line, f'found "{text}", but {day} is a {names[0]}, not a {names[1]}. Correct one of them.'
    if found.until or match.has_second_date(stamp.text):
        yield stamp.line, f'"{text}" is several days: the session has only the first day. Say the rest in its abstract.'
