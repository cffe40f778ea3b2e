"""In which order the days of a column have day, month and year, where they are numbers: decided from all of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from readingroom.importer.dates.match import DAY_FIRST, MONTH_FIRST, ORDERS, YEAR_FIRST, DateMatch, DateMention
from readingroom.importer.dates.year_context import YearHints
from readingroom.importer.inline.spans import LineMessage
from readingroom.text.excerpt import shorten_text

_FAR = 366  # days; those of a schedule lie nearer to each other, most of them


@dataclass
class OrderResolution:
    """The dates with day, month and year decided, or None; questions and warnings, each with its line."""

    stamps: list[DateMention | None] = field(default_factory=list)
    questions: list[LineMessage] = field(default_factory=list)
    warnings: list[LineMessage] = field(default_factory=list)


def find_possible_orders(stamps: Sequence[DateMention]) -> frozenset[str]:
    """Return the orders that all days of a column can have: those that their numbers, weekdays and steps allow."""
    found = frozenset(ORDERS)
    for stamp in stamps:
        found &= stamp.found.orders or found
    if len(found) > 1:
        found = _filter_orders_by_weekday(stamps, found) or found
    if len(found) > 1:
        found = frozenset(order for order in found if not _has_year_jumps(stamps, order)) or found
    return found


def find_common_orders(columns: Iterable[Sequence[DateMention]]) -> frozenset[str]:
    """Return the orders that the days of several columns can have."""
    found = frozenset(ORDERS)
    for stamps in columns:
        found &= find_possible_orders(stamps)
    return found


_SIGNS = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_WORDS = re.compile("[A-Za-z]+")


def infer_language_orders(text: str) -> frozenset[str]:
    """Return the orders of the language that a page is written in: in Chinese, Japanese and Korean no day is first."""
    is_in_signs = 4 * len(_SIGNS.findall(text)) > len(_WORDS.findall(text))
    return frozenset(ORDERS) - {DAY_FIRST} if is_in_signs else frozenset(ORDERS)


def narrow_orders(near: frozenset[str], far: frozenset[str]) -> frozenset[str]:
    """Return the orders that are possible near by, without those that are not possible further away."""
    return near & far if len(near) > 1 and near & far else near


def _filter_orders_by_weekday(stamps: Sequence[DateMention], orders: frozenset[str]) -> frozenset[str]:
    """Return the orders in which most of the days that give their weekday are on it."""
    with_weekday = [
        each.found for each in stamps if each.found.orders and each.found.weekday is not None and each.found.year
    ]
    by_order = {order: [each.apply_order(order) for each in with_weekday] for order in orders}
    return frozenset(
        order for order, days in by_order.items() if 2 * sum(day.is_on_weekday(day.year) for day in days) > len(days)
    )


def _has_year_jumps(stamps: Sequence[DateMention], order: str) -> bool:
    """Return whether most days in an order would lie years apart: it takes for a year what is a day."""
    ordered = [stamp.found.apply_order(order) for stamp in stamps]
    days = [day.toordinal() for found in ordered if found.year and (day := found.build_date(found.year))]
    steps = [abs(two - one) for one, two in pairwise(days)]
    return 2 * sum(step > _FAR for step in steps) > len(steps)


def _filter_orders_by_heading(stamps: Sequence[DateMention], hints: YearHints) -> frozenset[str]:
    """Return the orders in which the days have the years of the headings above them, if there are such."""
    years = [(stamp.found, hint) for stamp in stamps if stamp.found.year and (hint := hints.find_hint(stamp.line))]
    return frozenset(
        order
        for order in ORDERS
        if all(found.apply_order(order).year in {hint.year, hint.second} for found, hint in years)
    )


def resolve_orders(
    stamps: Sequence[DateMention], asked: str, orders: frozenset[str], hints: YearHints
) -> OrderResolution:
    """Return the dates in the order ``asked`` for or a proven one; ``orders`` are those that the rest allows."""
    others = [stamp for stamp in stamps if asked not in stamp.found.orders]
    known = narrow_orders(narrow_orders(find_possible_orders(others), _filter_orders_by_heading(others, hints)), orders)
    made = OrderResolution()
    open_ones = []
    for stamp in stamps:
        fits = stamp.found.orders
        chosen = asked if asked in fits else _choose_order(stamp.found, known)
        made.stamps.append(
            DateMention(stamp.line, stamp.text, stamp.found.apply_order(chosen)) if chosen or not fits else None
        )
        if fits and asked and asked not in fits:
            made.warnings.append((stamp.line, _describe_order_conflict(stamp, asked, chosen)))
        elif fits and not chosen:
            open_ones.append(stamp)
    if open_ones:
        made.questions.append((open_ones[0].line, _describe_unknown_order(open_ones)))
    return made


def _choose_order(found: DateMatch, known: frozenset[str]) -> str:
    """Return the order of one day, if all those that are known and fit, or that fit at all, give the same day."""
    fits = sorted(found.orders & known or found.orders)
    days = {(each.year, each.month, each.day) for each in map(found.apply_order, fits)}
    return fits[0] if len(days) == 1 else ""


def _describe_order_conflict(stamp: DateMention, asked: str, chosen: str) -> str:
    read = f"is read {chosen}" if chosen else "is left out"
    text = shorten_text(stamp.text)
    return f'"{text}" cannot be {asked}, so it {read}. Write it on the page as 2024-03-31.'


_STARTS = {DAY_FIRST: "the day", MONTH_FIRST: "the month", YEAR_FIRST: "the year"}


def _describe_unknown_order(stamps: Sequence[DateMention]) -> str:
    fits = [order for order in ORDERS if any(_is_plausible_order(stamp.found, order) for stamp in stamps)]
    first, several = stamps[0], f" (and {len(stamps) - 1} more)" if len(stamps) > 1 else ""
    starts, options = [_STARTS[each] for each in fits], [f"--date-order {each}" for each in fits]
    return (
        f'"{shorten_text(first.text)}"{several} may start with {_join_with_or(starts)}, '
        "and nothing on the page says which. "
        f"Give it: {_join_with_or(options)}."
    )


def _is_plausible_order(found: DateMatch, order: str) -> bool:
    """Return whether a day may have an order, and not as another one whose year is left out."""
    return order in found.orders and bool(found.year or order != YEAR_FIRST)


def _join_with_or(words: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
