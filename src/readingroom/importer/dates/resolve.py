"""The days of a column, decided from all of it, and what is odd about them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from readingroom.importer.dates import ambiguous, field_order, infer_years, match
from readingroom.importer.dates.match import DateMention
from readingroom.importer.dates.year_context import YearHints


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
    stamps, turned = ambiguous.resolve_dotted_dates(
        ambiguous.resolve_second_days(stamps, told, asked.year), asked.order, possible
    )
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
