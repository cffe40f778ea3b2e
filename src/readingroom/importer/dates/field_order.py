"""In which order the days of a column have day, month and year, where they are numbers: decided from all of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from readingroom.importer.dates.match import DAY_FIRST, MONTH_FIRST, ORDERS, YEAR_FIRST, Found, Stamp
from readingroom.importer.dates.year_context import Told

Remarks = list[tuple[int, str]]
_FAR = 366  # days; those of a schedule lie nearer to each other, most of them


@dataclass
class Settled:
    """The stamps with their numbers told apart, None where nothing tells; what is asked and told, by lines."""

    stamps: list[Stamp | None] = field(default_factory=list)
    asked: Remarks = field(default_factory=list)
    told: Remarks = field(default_factory=list)


def possible(stamps: Sequence[Stamp]) -> frozenset[str]:
    """Return the orders that all days of a column can have: those that their numbers, weekdays and steps allow."""
    found = frozenset(ORDERS)
    for stamp in stamps:
        found &= stamp.found.orders or found
    if len(found) > 1:
        found = _on_weekdays(stamps, found) or found
    if len(found) > 1:
        found = frozenset(order for order in found if not _leaps(stamps, order)) or found
    return found


def everywhere(columns: Iterable[Sequence[Stamp]]) -> frozenset[str]:
    """Return the orders that the days of several columns can have."""
    found = frozenset(ORDERS)
    for stamps in columns:
        found &= possible(stamps)
    return found


_SIGNS = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_WORDS = re.compile("[A-Za-z]+")


def of_language(text: str) -> frozenset[str]:
    """Return the orders of the language that a page is written in: in Chinese, Japanese and Korean no day is first."""
    is_in_signs = 4 * len(_SIGNS.findall(text)) > len(_WORDS.findall(text))
    return frozenset(ORDERS) - {DAY_FIRST} if is_in_signs else frozenset(ORDERS)


def narrowed(near: frozenset[str], far: frozenset[str]) -> frozenset[str]:
    """Return the orders that are possible near by, without those that are not possible further away."""
    return near & far if len(near) > 1 and near & far else near


def _on_weekdays(stamps: Sequence[Stamp], orders: frozenset[str]) -> frozenset[str]:
    """Return the orders in which most of the days that tell their weekday are on it."""
    told = [each.found for each in stamps if each.found.orders and each.found.weekday is not None and each.found.year]
    return frozenset(
        order for order in orders if 2 * sum(_is_on_weekday(each.ordered(order)) for each in told) > len(told)
    )


def _is_on_weekday(found: Found) -> bool:
    day = found.on(found.year)
    return day is not None and day.weekday() == found.weekday


def _leaps(stamps: Sequence[Stamp], order: str) -> bool:
    """Tell whether most days in an order would lie years apart: it takes for a year what is a day."""
    ordered = [stamp.found.ordered(order) for stamp in stamps]
    days = [day.toordinal() for found in ordered if found.year and (day := found.on(found.year))]
    steps = [abs(two - one) for one, two in pairwise(days)]
    return 2 * sum(step > _FAR for step in steps) > len(steps)


def _of_headings(stamps: Sequence[Stamp], told: Told) -> frozenset[str]:
    """Return the orders in which the days have the years of the headings above them, if there are such."""
    years = [(stamp.found, hint) for stamp in stamps if stamp.found.year and (hint := told.at(stamp.line))]
    return frozenset(
        order for order in ORDERS if all(found.ordered(order).year in {hint.year, hint.second} for found, hint in years)
    )


def settle(stamps: Sequence[Stamp], asked: str, orders: frozenset[str], told: Told) -> Settled:
    """Return the stamps in the order that was said or that is proven; ``orders`` are those that the rest allows."""
    others = [stamp for stamp in stamps if asked not in stamp.found.orders]
    known = narrowed(narrowed(possible(others), _of_headings(others, told)), orders)
    made = Settled()
    open_ones = []
    for stamp in stamps:
        fits = stamp.found.orders
        chosen = asked if asked in fits else _chosen(stamp.found, known)
        made.stamps.append(Stamp(stamp.line, stamp.text, stamp.found.ordered(chosen)) if chosen or not fits else None)
        if fits and asked and asked not in fits:
            made.told.append((stamp.line, _unlike(stamp, asked, chosen)))
        elif fits and not chosen:
            open_ones.append(stamp)
    if open_ones:
        made.asked.append((open_ones[0].line, _question(open_ones)))
    return made


def _chosen(found: Found, known: frozenset[str]) -> str:
    """Return the order of one day, if all those that are known and fit, or that fit at all, give the same day."""
    fits = sorted(found.orders & known or found.orders)
    days = {(each.year, each.month, each.day) for each in map(found.ordered, fits)}
    return fits[0] if len(days) == 1 else ""


def _unlike(stamp: Stamp, asked: str, chosen: str) -> str:
    read = f"is read {chosen}" if chosen else "is left out"
    return f'"{stamp.text[:40]}" cannot be {asked}, as you said, and {read}. Write it on the page as 2024-03-31.'


_STARTS = {DAY_FIRST: "the day", MONTH_FIRST: "the month", YEAR_FIRST: "the year"}


def _question(stamps: Sequence[Stamp]) -> str:
    fits = [order for order in ORDERS if any(_tells(stamp.found, order) for stamp in stamps)]
    first, several = stamps[0], f" (and {len(stamps) - 1} more)" if len(stamps) > 1 else ""
    starts, options = [_STARTS[each] for each in fits], [f"--date-order {each}" for each in fits]
    return (
        f'"{first.text[:40]}"{several} may start with {_or(starts)}, and nothing on the page tells which. '
        f"Say it: {_or(options)}."
    )


def _tells(found: Found, order: str) -> bool:
    """Tell whether a day may have an order, and not as another one whose year is left out."""
    return order in found.orders and bool(found.year or order != YEAR_FIRST)


def _or(words: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
