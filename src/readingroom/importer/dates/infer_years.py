"""The years that the days of a column leave out: told by a neighbour, a heading, the page or the weekdays."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, pairwise

from readingroom.importer.dates.match import LAST_YEAR, Found, Stamp
from readingroom.importer.dates.terms import Term
from readingroom.importer.dates.year_context import Hint, Told

HALF_A_YEAR = 183

HintOf = Callable[[int], Hint | None]


@dataclass
class Filled:
    """The year of each stamp, 0 where nothing tells; what is asked and what is told, each with its line."""

    years: list[int]
    asked: list[tuple[int, str]] = field(default_factory=list)
    told: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Given:
    """The year of a day, or 0, and what gave it, if it is not the day's own."""

    year: int = 0
    why: str = ""


def fill(told: Told, stamps: Sequence[Stamp], asked: int) -> Filled:
    """Return the year of each stamp: its own, or one that the page proves; ``asked`` is what the organiser said."""
    if all(stamp.found.year for stamp in stamps):
        return Filled([stamp.found.year for stamp in stamps])
    walk = Walk(stamps)
    hint_of, refused = _fitting(walk, told.at)
    found = walk.years(hint_of)
    made = Filled([])
    if not all(each.year for each in found):
        start = _start(walk, told, asked)
        if start:
            found = walk.years(lambda line: hint_of(line) or start)
        else:
            refused = refused or next((hint.why for hint in told.starts if walk.fits(hint.year) is False), "")
            made.asked.append((walk.first_without(found), walk.question(refused)))
    made.years = [each.year for each in found]
    made.told += _told(stamps, found)
    return made


def _start(walk: "Walk", told: Told, asked: int) -> Hint | None:
    """Return the year of the first day: as was said, unless the weekdays contradict it and fit what the page tells."""
    if not asked:
        return _proven(walk, told)
    if walk.fits(asked) is False and (proven := _proven(walk, told)) and walk.fits(proven.year):
        return proven
    return Hint(0, asked, _SAID)


_SAID = "--year"
_FIRST, _FIRST_YEAR = 2000, "the first year"  # any, to count from


def _told(stamps: Sequence[Stamp], found: Sequence[Given]) -> Iterator[tuple[int, str]]:
    """Yield which years were put in, and after what, in the first line that each of these serves."""
    lines: dict[str, int] = {}
    put_in: defaultdict[str, set[int]] = defaultdict(set)
    for stamp, given in zip(stamps, found, strict=True):
        if given.year and given.why not in {"", _SAID}:
            lines.setdefault(given.why, stamp.line)
            put_in[given.why].add(given.year)
    for why, line in lines.items():
        listed = " and ".join(map(str, sorted(put_in[why])))
        yield line, f"what stands here without a year is taken for {listed}, after {why}. Check it."


def _fitting(walk: "Walk", hint_of: HintOf) -> tuple[HintOf, str]:
    """Return the hints without those that the weekdays contradict, and what the first of these is."""
    told: defaultdict[str, list[bool]] = defaultdict(list)
    for stamp, given in zip(walk.stamps, walk.years(hint_of), strict=True):
        if given.why and stamp.found.weekday is not None:
            told[given.why].append(_is_right(stamp.found, given.year))
    refused = [why for why, right in told.items() if len(right) > 1 and 2 * sum(right) < len(right)]

    def fitting(line: int) -> Hint | None:
        hint = hint_of(line)
        return None if hint and hint.why in refused else hint

    return fitting, next(iter(refused), "")


def _is_right(found: Found, year: int) -> bool:
    day = found.on(year)
    return day is not None and day.weekday() == found.weekday


class Walk:
    """Days one after the other, forwards or backwards in time: where a year is left out, the turn of one shows."""

    def __init__(self, stamps: Sequence[Stamp]) -> None:
        self.stamps = stamps
        steps = [_step(one.found, two.found) for one, two in pairwise(stamps)]
        self.is_rising = sum((step > 0) - (step < 0) for step in steps) >= 0

    def years(self, hint_of: HintOf) -> list[Given]:
        """Return the years: told, or that of a hint for the first below it, or what a neighbour leads to."""
        hints = [hint_of(stamp.line) for stamp in self.stamps]
        found = [Given(stamp.found.year) for stamp in self.stamps]
        self._fill_academic(found, hints)
        for place, hint in enumerate(hints):
            if found[place].year:
                continue
            before = hints[place - 1] if place else None
            is_below = hint is None or (before is not None and before.why == hint.why)
            if place and found[place - 1].year and is_below:
                found[place] = self._after(found, place - 1, self.turn(place))
            elif hint:
                found[place] = Given(hint.year, hint.why)
        for place in range(len(found) - 2, -1, -1):
            if not found[place].year and found[place + 1].year:
                found[place] = self._after(found, place + 1, -self.turn(place + 1))
        return found

    def _after(self, found: Sequence[Given], beside: int, turn: int) -> Given:
        given = found[beside]
        return Given(given.year + turn, given.why or f"the day in line {self.stamps[beside].line}")

    def _fill_academic(self, found: list[Given], hints: Sequence[Hint | None]) -> None:
        """Put in the years below headings such as 2019/20, each part of the column on its own."""
        for hint, part in groupby(range(len(found)), key=hints.__getitem__):
            places = list(part)
            if hint and hint.term and hint.second:
                days = [self.stamps[place].found for place in places]
                is_rising = _is_rising(days, hint.term, otherwise=self.is_rising)
                years = _academic(days if is_rising else days[::-1], hint.term)
                for place, year in zip(places if is_rising else places[::-1], years, strict=True):
                    found[place] = Given(year, "" if self.stamps[place].found.year else hint.why)

    def turn(self, place: int) -> int:
        """Return what the year grows by from the day before to this one."""
        gone = _day_of_year(self.stamps[place].found) - _day_of_year(self.stamps[place - 1].found)
        if self.is_rising:
            return 1 if gone < -HALF_A_YEAR else 0
        return -1 if gone > HALF_A_YEAR else 0

    def first_without(self, found: Sequence[Given]) -> int:
        return next(stamp.line for stamp, given in zip(self.stamps, found, strict=True) if not given.year)

    def fits(self, year: int) -> bool | None:
        """Tell whether most weekdays are right if the first year is this one; None if the days tell none."""
        told = [_is_right(found, own or year + turns) for found, own, turns in self.weekdays]
        return 2 * sum(told) > len(told) if told else None

    @cached_property
    def weekdays(self) -> list[tuple[Found, int, int]]:
        """The days with a weekday and without a year, each with that of a neighbour, or the turns since the first."""
        given = self.years(lambda _: Hint(0, _FIRST, _FIRST_YEAR))
        return [
            (stamp.found, 0, each.year - _FIRST) if each.why == _FIRST_YEAR else (stamp.found, each.year, 0)
            for stamp, each in zip(self.stamps, given, strict=True)
            if stamp.found.weekday is not None and each.why
        ]

    def question(self, refused: str) -> str:
        """Return what to ask for the year of the first day without one; ``refused`` is what tells a wrong one."""
        stamp = next(stamp for stamp in self.stamps if not stamp.found.year)
        fitting = [str(year) for year in range(2010, 2040) if self.fits(year)]
        hint = f" Its weekdays fit {', '.join(fitting[:4])}." if fitting else ""
        but = f"the weekdays contradict {refused}" if refused else "nothing on the page tells it"
        return f'"{stamp.text[:40]}" has no year, and {but}.{hint} Say it: --year YYYY.'


def _is_rising(days: Sequence[Found], term: Term, *, otherwise: bool) -> bool:
    """Tell whether days of one academic year stand with the earliest first."""
    places = [((found.month - term.turn) % 12, found.day) for found in days]
    signs = sum((two > one) - (two < one) for one, two in pairwise(places))
    return signs > 0 or (otherwise and not signs)


def _academic(days: Sequence[Found], term: Term) -> list[int]:
    """Return the years of days, earliest first, of an academic year: where it may be either, the one in order."""
    years = [found.year or _of_term(found, term) for found in days]
    ahead: list[Place] = []
    after: Place = _LATEST
    for found, year in zip(reversed(days), reversed(years), strict=True):
        ahead.append(after)
        after = (year, found.month, found.day) if year else after
    before: Place = (0, 0, 0)
    for place, found in enumerate(days):
        if not years[place]:
            usual = (term.second, term.year) if found.month < term.turn else (term.year, term.second)
            orderly = [year for year in usual if before <= (year, found.month, found.day) <= ahead[-1 - place]]
            years[place] = (orderly or usual)[0]
        before = (years[place], found.month, found.day)
    return years


Place = tuple[int, int, int]
_LATEST = (LAST_YEAR + 1, 0, 0)


def _of_term(found: Found, term: Term) -> int:
    """Return the year of a day in an academic year, or 0 where it may be of either."""
    if term.is_unsure(found.month):
        return 0
    return term.second if found.month < term.turn else term.year


def _step(one: Found, two: Found) -> int:
    """Return the days from one to the next, taken to be less than half a year apart where years are left out."""
    if one.year and two.year and one.year != two.year:
        return two.year - one.year
    gone = _day_of_year(two) - _day_of_year(one)
    return gone if abs(gone) <= HALF_A_YEAR else -gone


def _day_of_year(found: Found) -> int:
    return found.month * 31 + found.day


def _proven(walk: Walk, told: Told) -> Hint | None:
    """Return the one year that the page tells or its weekdays prove."""
    starts = [hint for hint in told.starts if not hint.term or hint.line <= walk.stamps[0].line]
    fitting = [hint for hint in starts if walk.fits(hint.year) is not False]
    if len(fitting) == 1:
        return fitting[0]
    if starts:
        return None
    proven = [year for year in told.years if walk.fits(year)]
    return Hint(0, proven[0], "the one year on the page that fits the weekdays") if len(proven) == 1 else None
