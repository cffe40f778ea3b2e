"""The dates of a column, decided from all of it, with questions and warnings about them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from readingroom.importer.dates import field_order, infer_years, match
from readingroom.importer.dates.match import DAY_FIRST, MONTH_FIRST, DateMention
from readingroom.importer.dates.year_context import YearHints
from readingroom.importer.inline.spans import LineMessage
from readingroom.text.excerpt import shorten_text

_WEEK, _MONTHS = 7, 12


def resolve_second_days(stamps: Sequence[DateMention], hints: YearHints, asked: int) -> list[DateMention]:
    """Return the stamps, each bare year of two digits that is rather a second day taken for one."""
    doubtful = [stamp for stamp in stamps if stamp.found.second]
    if not doubtful:
        return list(stamps)
    are_years = _has_plausible_years(doubtful, [stamp for stamp in stamps if not stamp.found.second], hints, asked)
    return [
        stamp
        if not stamp.found.second or _is_hinted_year(stamp, hints, otherwise=are_years)
        else _convert_year_to_day(stamp)
        for stamp in stamps
    ]


def _is_hinted_year(stamp: DateMention, hints: YearHints, *, otherwise: bool) -> bool:
    hint = hints.find_hint(stamp.line)
    return stamp.found.year in {hint.year, hint.second} if hint else otherwise


def _convert_year_to_day(stamp: DateMention) -> DateMention:
    """Return a stamp with a second day instead of its year."""
    found = stamp.found
    return DateMention(stamp.line, stamp.text, found._replace(year=0, until=found.second, second=""))


def _has_plausible_years(
    doubtful: Sequence[DateMention], others: Sequence[DateMention], hints: YearHints, asked: int
) -> bool:
    """Return whether numbers such as the last of March 5, 24 are years, near those of their column or the page."""
    found = {stamp.found.year for stamp in doubtful}
    known = {stamp.found.year for stamp in others if stamp.found.year} or ({asked} if asked else set(hints.years))
    if known:
        return min(known) - 1 <= min(found) and max(found) <= max(known) + 1
    are_weeks = all((stamp.found.year % 100 - stamp.found.day) % _WEEK == 0 for stamp in doubtful)
    return len(doubtful) > 1 and max(found) - min(found) <= 1 and (len(found) == 1 or not are_weeks)


def resolve_dotted_dates(
    stamps: Sequence[DateMention], asked: str, orders: frozenset[str]
) -> tuple[list[DateMention], list[LineMessage]]:
    """Return the dates, and messages: those with dots have the month first where one of them can have no other.

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
    """What the organiser says: the order of day and month, and the year of the first date without one."""

    order: str = ""
    year: int = 0


@dataclass
class ColumnDates:
    """The day of each date, or None; questions and warnings, each with its line."""

    days: list[dt.date | None]
    questions: list[LineMessage] = field(default_factory=list)
    warnings: list[LineMessage] = field(default_factory=list)


def resolve_column_dates(
    hints: YearHints, stamps: Sequence[DateMention], asked: DateOptions, possible: frozenset[str]
) -> ColumnDates:
    """Return the days of a column; ``possible`` are the orders of numbers that the rest of the pages allow."""
    stamps, turned = resolve_dotted_dates(resolve_second_days(stamps, hints, asked.year), asked.order, possible)
    settled = field_order.resolve_orders(stamps, asked.order, possible, hints)
    found = infer_years.fill_missing_years(hints, [stamp for stamp in settled.stamps if stamp], asked.year)
    decision = ColumnDates([], [*settled.questions, *found.questions], [*turned, *settled.warnings, *found.warnings])
    left = iter(found.years)
    for stamp in settled.stamps:
        year = next(left) if stamp else 0
        day = stamp.found.build_date(year) if stamp and year else None
        decision.days.append(day)
        if stamp and year:
            decision.warnings += _check_date_mention(stamp, day, year)
    return decision


def _check_date_mention(stamp: DateMention, day: dt.date | None, year: int) -> Iterator[LineMessage]:
    found, text = stamp.found, stamp.text[:60]
    if found.doubt:
        yield stamp.line, f'found "{text}": {found.doubt}. It is taken for {day or year}. Correct it on the page.'
    if day is None:
        yield stamp.line, f'found "{text}". There is no such day in {year}. Correct it.'
    elif found.weekday is not None and day.weekday() != found.weekday:
        names = f"{day:%A}", dt.date(2024, 1, 1 + found.weekday).strftime("%A")
        yield stamp.line, f'found "{text}", but {day} is a {names[0]}, not a {names[1]}. Correct one of them.'
    if found.until or match.has_second_date(stamp.text):
        yield stamp.line, f'"{text}" is several days: the session has only the first day. Say the rest in its abstract.'
