"""The days of a column, decided from all of it: the order of day and month, and the years that it leaves out."""

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from readingroom.importing import dates
from readingroom.importing.dates import DAY_FIRST, FIRST_YEAR, LAST_YEAR, MONTH_FIRST, Found
from readingroom.importing.page import Heading, Page, Text

HALF_A_YEAR = 183
AUTUMN = 8  # the month that an academic year such as 2019/20 begins with, or a later one


@dataclass(frozen=True, slots=True)
class Stamp:
    """A day that a page tells in a line, and the text that tells it."""

    line: int
    text: str
    found: Found


@dataclass(frozen=True, slots=True)
class Hint:
    """A year that a page tells beside the days: of a heading, ``second`` is that of one such as 2019/20."""

    line: int
    year: int
    why: str
    second: int = 0


HintOf = Callable[[int], Hint | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the organiser said: the order of day and month, and the year of the first day without one."""

    order: str = ""
    year: int = 0


@dataclass
class Decision:
    """The day of each stamp, or None; what is asked and what is told, each with its line."""

    days: list[dt.date | None]
    asked: list[tuple[int, str]] = field(default_factory=list)
    told: list[tuple[int, str]] = field(default_factory=list)


def decided(page: Page, stamps: Sequence[Stamp], asked: Asked, orders: frozenset[str]) -> Decision:
    """Return the days of a column; ``orders`` are those that the rest of the pages prove."""
    decision = Decision([None] * len(stamps))
    settled = _ordered(stamps, asked, orders, decision)
    years = _years(page, settled, asked, decision)
    for place, (stamp, year) in enumerate(zip(settled, years, strict=True)):
        if stamp is None or not year:
            continue
        decision.days[place] = day = stamp.found.on(year)
        decision.told += _remarks(stamp, day, year)
    return decision


def _remarks(stamp: Stamp, day: dt.date | None, year: int) -> Iterator[tuple[int, str]]:
    found = stamp.found
    if found.odd:
        yield stamp.line, f'found "{stamp.text[:60]}": {found.odd}. Correct it on the page.'
    if day is None:
        yield stamp.line, f'found "{stamp.text[:60]}". There is no such day in {year}. Correct it.'
    elif found.weekday is not None and day.weekday() != found.weekday:
        names = f"{day:%A}", dt.date(2024, 1, 1 + found.weekday).strftime("%A")
        yield (
            stamp.line,
            f'found "{stamp.text[:60]}", but {day} is a {names[0]}, not a {names[1]}. Correct one of them.',
        )
    if found.until:
        yield (
            stamp.line,
            f'"{stamp.text[:60]}" is several days: the session has the first. Say the rest in its abstract.',
        )


def proven_orders(stamps: Sequence[Stamp]) -> frozenset[str]:
    """Return the orders that some of the days can have alone."""
    proven = set()
    for stamp in stamps:
        if stamp.found.is_open:
            fits = stamp.found.orders()
            if len(fits) > 1 and stamp.found.weekday is not None and stamp.found.year:
                fits = {order for order in fits if _is_on_weekday(stamp.found.ordered(order))} or fits
            if len(fits) == 1:
                proven |= fits
    return frozenset(proven)


def _is_on_weekday(found: Found) -> bool:
    day = found.on(found.year)
    return day is not None and day.weekday() == found.weekday


def _ordered(stamps: Sequence[Stamp], asked: Asked, orders: frozenset[str], decision: Decision) -> list[Stamp | None]:
    """Return the stamps with day and month told apart, None where nothing tells."""
    own = proven_orders(stamps)
    known = {asked.order} if asked.order else own or orders
    order = next(iter(known)) if len(known) == 1 else ""
    made: list[Stamp | None] = []
    open_ones = []
    for stamp in stamps:
        if not stamp.found.is_open:
            made.append(stamp)
            continue
        fits = stamp.found.orders()
        same = stamp.found.day == stamp.found.month
        chosen = order if order in fits else next(iter(fits)) if len(fits) == 1 and not asked.order else ""
        if same:
            chosen = DAY_FIRST
        if chosen:
            made.append(Stamp(stamp.line, stamp.text, stamp.found.ordered(chosen)))
        else:
            made.append(None)
            open_ones.append(stamp)
    if open_ones:
        first = open_ones[0]
        decision.asked.append((first.line, _WHICH_ORDER.format(text=first.text[:40], count=_others(len(open_ones)))))
    return made


_WHICH_ORDER = (
    '"{text}"{count} may start with the day or with the month, and nothing on the page tells which. '
    f"Say it: --date-order {DAY_FIRST} or --date-order {MONTH_FIRST}."
)


def _others(count: int) -> str:
    return f" (and {count - 1} more)" if count > 1 else ""


def _years(page: Page, stamps: Sequence[Stamp | None], asked: Asked, decision: Decision) -> list[int]:
    """Return the year of each stamp: its own, or one that the page proves; 0 where nothing does."""
    if all(stamp is None or stamp.found.year for stamp in stamps):
        return [stamp.found.year if stamp else 0 for stamp in stamps]
    walk = _Walk([stamp for stamp in stamps if stamp])
    hint_of = _hints(page)
    found = walk.years(hint_of)
    why = _why(walk, hint_of, found)
    if not all(found):
        said = Hint(0, asked.year, "--year") if asked.year else None
        if start := said or _proven(walk, list(_of_page(page)), page):
            found = walk.years(lambda line: hint_of(line) or start)
            if start.why != "--year":
                why.append((walk.first_without(), start))
        else:
            decision.asked.append((walk.first_without(), walk.question()))
    decision.told += [
        (line, f"the year {hint.year} of what stands here without one is that of {hint.why}. Check it.")
        for line, hint in why
    ]
    left = iter(found)
    return [next(left) if stamp else 0 for stamp in stamps]


def _why(walk: "_Walk", hint_of: HintOf, years: Sequence[int]) -> list[tuple[int, Hint]]:
    """Return the headings that years were taken from, each with the first line that it serves."""
    used: dict[str, tuple[int, Hint]] = {}
    for stamp, year in zip(walk.stamps, years, strict=True):
        hint = hint_of(stamp.line)
        if year and not stamp.found.year and hint:
            used.setdefault(hint.why, (stamp.line, hint))
    return list(used.values())


class _Walk:
    """Days one after the other, forwards or backwards in time: where a year is left out, the turn of one shows."""

    def __init__(self, stamps: Sequence[Stamp]) -> None:
        self.stamps = stamps
        steps = [_step(one.found, two.found) for one, two in pairwise(stamps)]
        self.is_rising = sum((step > 0) - (step < 0) for step in steps) >= 0

    def years(self, hint_of: HintOf) -> list[int]:
        """Return the years: told, or that of a hint for the first below it, or what a neighbour leads to."""
        found = [stamp.found.year for stamp in self.stamps]
        before: Hint | None = None
        for place, stamp in enumerate(self.stamps):
            hint = hint_of(stamp.line)
            if not found[place]:
                if hint and hint.second:
                    found[place] = hint.second if stamp.found.month < AUTUMN else hint.year
                elif place and found[place - 1] and (hint is None or (before is not None and hint.why == before.why)):
                    found[place] = found[place - 1] + self.turn(place)
                elif hint:
                    found[place] = hint.year
            before = hint
        for place in range(len(found) - 2, -1, -1):
            if not found[place] and found[place + 1]:
                found[place] = found[place + 1] - self.turn(place + 1)
        return found

    def turn(self, place: int) -> int:
        """Return what the year grows by from the day before to this one."""
        gone = _day_of_year(self.stamps[place].found) - _day_of_year(self.stamps[place - 1].found)
        if self.is_rising:
            return 1 if gone < -HALF_A_YEAR else 0
        return -1 if gone > HALF_A_YEAR else 0

    def first_without(self) -> int:
        return next(stamp.line for stamp in self.stamps if not stamp.found.year)

    def fits(self, year: int) -> bool | None:
        """Tell whether the weekdays are right if the first year is this one; None if the days tell none."""
        years = self.years(lambda _: Hint(0, year, ""))
        told = [
            (stamp.found.on(each), stamp.found.weekday)
            for stamp, each in zip(self.stamps, years, strict=True)
            if stamp.found.weekday is not None
        ]
        return all(day is not None and day.weekday() == weekday for day, weekday in told) if told else None

    def question(self) -> str:
        stamp = next(stamp for stamp in self.stamps if not stamp.found.year)
        fitting = [str(year) for year in range(2010, 2040) if self.fits(year)]
        hint = f" Its weekdays fit {', '.join(fitting[:4])}." if fitting else ""
        return f'"{stamp.text[:40]}" has no year, and nothing on the page tells it.{hint} Say it: --year YYYY.'


def _step(one: Found, two: Found) -> int:
    """Return the days from one to the next, taken to be less than half a year apart where years are left out."""
    if one.year and two.year and one.year != two.year:
        return two.year - one.year
    gone = _day_of_year(two) - _day_of_year(one)
    return gone if abs(gone) <= HALF_A_YEAR else -gone


def _day_of_year(found: Found) -> int:
    return found.month * 31 + found.day


_SPAN = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*[-/–—]\s*((?:19|20)?[0-9]{2})(?![0-9/-])")
_TITLE = re.compile(r"[^\W\d_]+ ((?:19|20)[0-9]{2})")  # a line such as Schedule 2023, which is no heading
_ONE = re.compile(r"(?<![0-9])((?:19[7-9]|20)[0-9]{2})(?![0-9])")


def _of_headings(page: Page) -> Iterator[Hint]:
    """Yield the years that headings tell, and where one of their level or above ends what they tell."""
    below: list[tuple[int, Hint]] = []
    for block in page.blocks:
        if not isinstance(block, Heading):
            continue
        while below and below[-1][0] >= block.level:
            below.pop()
        text = block.words.whole
        span, one = _SPAN.search(text), _ONE.findall(text)
        if span and int(span[1][:2] + span[2][-2:]) == int(span[1]) + 1:
            below.append((block.level, Hint(block.line, int(span[1]), f'the heading "{text[:40]}"', int(span[1]) + 1)))
        elif len(set(one)) == 1:
            below.append((block.level, Hint(block.line, int(one[0]), f'the heading "{text[:40]}"')))
        held = below[-1][1] if below else Hint(0, 0, "")
        yield replace(held, line=block.line)


def _hints(page: Page) -> HintOf:
    """Return which hint holds in a line."""
    hints = list(_of_headings(page))
    lines = [hint.line for hint in hints]

    def at(line: int) -> Hint | None:
        place = bisect_right(lines, line)
        return hints[place - 1] if place and hints[place - 1].year else None

    return at


def _of_page(page: Page) -> Iterator[Hint]:
    """Yield the years that the rest of the page tells: its front matter, full dates in its prose, its path."""
    if years := set(_ONE.findall(page.front)):
        yield from (Hint(1, int(year), "the front matter") for year in sorted(years))
    for block in page.blocks:
        if isinstance(block, Text) and not block.is_item and (found := dates.read(block.words.text)) and found.year:
            yield Hint(block.line, found.year, f"line {block.line}")
        elif isinstance(block, Text) and (title := _TITLE.fullmatch(block.words.text)):
            yield Hint(block.line, int(title[1]), f"line {block.line}")
    yield from (Hint(0, int(year), f"the path {page.path}") for year in _ONE.findall(page.path))


def _proven(walk: _Walk, starts: Sequence[Hint], page: Page) -> Hint | None:
    """Return the one year that the page tells or its weekdays prove."""
    fitting = [hint for hint in starts if walk.fits(hint.year) is not False]
    if len({hint.year for hint in fitting}) == 1:
        return fitting[0]
    if starts:
        return None
    told = sorted({int(year) for year in _ONE.findall(page.text) if FIRST_YEAR <= int(year) <= LAST_YEAR})
    proven = [year for year in told if walk.fits(year)]
    return Hint(0, proven[0], "the one year on the page that fits the weekdays") if len(proven) == 1 else None
