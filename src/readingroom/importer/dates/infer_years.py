"""The years that the days of a column leave out: given by a neighbour, a heading, the page or the weekdays."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, pairwise

from readingroom.importer.dates.match import LAST_YEAR, DateMatch, DateMention
from readingroom.importer.dates.terms import Term
from readingroom.importer.dates.year_context import YearHint, YearHints
from readingroom.importer.inline.spans import LineMessage
from readingroom.text.excerpt import shorten_text

HALF_A_YEAR = 183

HintLookup = Callable[[int], YearHint | None]


@dataclass
class FilledYears:
    """The year of each date, or 0 if nothing gives it; questions and warnings, each with its line."""

    years: list[int]
    questions: list[LineMessage] = field(default_factory=list)
    warnings: list[LineMessage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class InferredYear:
    """The year of a day, or 0, and what gave it, if it is not the day's own."""

    year: int = 0
    why: str = ""


def fill_missing_years(hints: YearHints, stamps: Sequence[DateMention], asked: int) -> FilledYears:
    """Return the year of each stamp: its own, or one that the page proves; ``asked`` is what the organiser says."""
    if all(stamp.found.year for stamp in stamps):
        return FilledYears([stamp.found.year for stamp in stamps])
    walk = DateSequence(stamps)
    hint_of, refused = _filter_hints(walk, hints.find_hint)
    found = walk.infer_years(hint_of)
    made = FilledYears([])
    if not all(each.year for each in found):
        start = _find_start_hint(walk, hints, asked)
        if start:
            found = walk.infer_years(lambda line: hint_of(line) or start)
        else:
            refused = refused or next(
                (hint.why for hint in hints.starts if walk.matches_weekdays(hint.year) is False), ""
            )
            made.questions.append((walk.find_first_without_year(found), walk.describe_missing_year(refused)))
    made.years = [each.year for each in found]
    made.warnings += _describe_filled_years(stamps, found)
    return made


def _find_start_hint(walk: "DateSequence", hints: YearHints, asked: int) -> YearHint | None:
    """Return the first year: the organiser's, unless the weekdays contradict it and fit a year on the page."""
    if not asked:
        return _find_proven_hint(walk, hints)
    if (
        walk.matches_weekdays(asked) is False
        and (proven := _find_proven_hint(walk, hints))
        and walk.matches_weekdays(proven.year)
    ):
        return proven
    return YearHint(0, asked, _SAID)


_SAID = "--year"
_FIRST, _FIRST_YEAR = 2000, "the first year"  # any, to count from


def _describe_filled_years(stamps: Sequence[DateMention], found: Sequence[InferredYear]) -> Iterator[LineMessage]:
    """Yield which years were put in, and after what, in the first line that each of these serves."""
    lines: dict[str, int] = {}
    put_in: defaultdict[str, set[int]] = defaultdict(set)
    for stamp, given in zip(stamps, found, strict=True):
        if given.year and given.why not in {"", _SAID}:
            lines.setdefault(given.why, stamp.line)
            put_in[given.why].add(given.year)
    for why, line in lines.items():
        listed = " and ".join(map(str, sorted(put_in[why])))
        yield line, f"dates from here on without a year are read as {listed}, after {why}. Check them."


def _filter_hints(walk: "DateSequence", hint_of: HintLookup) -> tuple[HintLookup, str]:
    """Return the hints without those that the weekdays contradict, and what the first of these is."""
    matches: defaultdict[str, list[bool]] = defaultdict(list)
    for stamp, given in zip(walk.stamps, walk.infer_years(hint_of), strict=True):
        if given.why and stamp.found.weekday is not None:
            matches[given.why].append(stamp.found.is_on_weekday(given.year))
    refused = [why for why, right in matches.items() if len(right) > 1 and 2 * sum(right) < len(right)]

    def find_fitting_hint(line: int) -> YearHint | None:
        hint = hint_of(line)
        return None if hint and hint.why in refused else hint

    return find_fitting_hint, next(iter(refused), "")


class DateSequence:
    """Days one after the other, forwards or backwards in time: where a year is left out, the turn of one shows."""

    def __init__(self, stamps: Sequence[DateMention]) -> None:
        self.stamps = stamps
        steps = [_compute_day_step(one.found, two.found) for one, two in pairwise(stamps)]
        self.is_rising = sum((step > 0) - (step < 0) for step in steps) >= 0

    def infer_years(self, hint_of: HintLookup) -> list[InferredYear]:
        """Return the years: given, or that of a hint for the first below it, or what a neighbour leads to."""
        hints = [hint_of(stamp.line) for stamp in self.stamps]
        found = [InferredYear(stamp.found.year) for stamp in self.stamps]
        self._fill_academic_years(found, hints)
        for place, hint in enumerate(hints):
            if found[place].year:
                continue
            before = hints[place - 1] if place else None
            is_below = hint is None or (before is not None and before.why == hint.why)
            if place and found[place - 1].year and is_below:
                found[place] = self._infer_from_neighbour(found, place - 1, self.compute_year_step(place))
            elif hint:
                found[place] = InferredYear(hint.year, hint.why)
        for place in range(len(found) - 2, -1, -1):
            if not found[place].year and found[place + 1].year:
                found[place] = self._infer_from_neighbour(found, place + 1, -self.compute_year_step(place + 1))
        return found

    def _infer_from_neighbour(self, found: Sequence[InferredYear], neighbour: int, turn: int) -> InferredYear:
        given = found[neighbour]
        return InferredYear(given.year + turn, given.why or f"the day in line {self.stamps[neighbour].line}")

    def _fill_academic_years(self, found: list[InferredYear], hints: Sequence[YearHint | None]) -> None:
        """Put in the years below headings such as 2019/20, each part of the column on its own."""
        for hint, part in groupby(range(len(found)), key=hints.__getitem__):
            places = list(part)
            if hint and hint.term and hint.second:
                days = [self.stamps[place].found for place in places]
                is_rising = _is_ascending(days, hint.term, otherwise=self.is_rising)
                years = _compute_academic_years(days if is_rising else days[::-1], hint.term)
                for place, year in zip(places if is_rising else places[::-1], years, strict=True):
                    found[place] = InferredYear(year, "" if self.stamps[place].found.year else hint.why)

    def compute_year_step(self, place: int) -> int:
        """Return what the year grows by from the day before to this one."""
        gone = _estimate_day_of_year(self.stamps[place].found) - _estimate_day_of_year(self.stamps[place - 1].found)
        if self.is_rising:
            return 1 if gone < -HALF_A_YEAR else 0
        return -1 if gone > HALF_A_YEAR else 0

    def find_first_without_year(self, found: Sequence[InferredYear]) -> int:
        return next(stamp.line for stamp, given in zip(self.stamps, found, strict=True) if not given.year)

    def matches_weekdays(self, year: int) -> bool | None:
        """Return whether most weekdays are right if the first year is this one; None if the days give none."""
        matches = [found.is_on_weekday(own or year + turns) for found, own, turns in self.weekdays]
        return 2 * sum(matches) > len(matches) if matches else None

    @cached_property
    def weekdays(self) -> list[tuple[DateMatch, int, int]]:
        """The days with a weekday and without a year, each with that of a neighbour, or the turns since the first."""
        given = self.infer_years(lambda _: YearHint(0, _FIRST, _FIRST_YEAR))
        return [
            (stamp.found, 0, each.year - _FIRST) if each.why == _FIRST_YEAR else (stamp.found, each.year, 0)
            for stamp, each in zip(self.stamps, given, strict=True)
            if stamp.found.weekday is not None and each.why
        ]

    def describe_missing_year(self, refused: str) -> str:
        """Return the question for the year of the first day without one; ``refused`` is the source of a wrong one."""
        stamp = next(stamp for stamp in self.stamps if not stamp.found.year)
        fitting = [str(year) for year in range(2010, 2040) if self.matches_weekdays(year)]
        hint = f" Its weekdays fit {', '.join(fitting[:4])}." if fitting else ""
        but = f"the weekdays contradict {refused}" if refused else "nothing on the page gives it"
        return f'"{shorten_text(stamp.text, 40)}" has no year, and {but}.{hint} Give it: --year YYYY.'


def _is_ascending(days: Sequence[DateMatch], term: Term, *, otherwise: bool) -> bool:
    """Return whether days of one academic year are with the earliest first."""
    places = [((found.month - term.turn) % 12, found.day) for found in days]
    signs = sum((two > one) - (two < one) for one, two in pairwise(places))
    return signs > 0 or (otherwise and not signs)


def _compute_academic_years(days: Sequence[DateMatch], term: Term) -> list[int]:
    """Return the years of days, earliest first, of an academic year: where it may be either, the one in order."""
    years = [found.year or _find_term_year(found, term) for found in days]
    ahead: list[YearMonthDay] = []
    after: YearMonthDay = _LATEST
    for found, year in zip(reversed(days), reversed(years), strict=True):
        ahead.append(after)
        after = (year, found.month, found.day) if year else after
    before: YearMonthDay = (0, 0, 0)
    for place, found in enumerate(days):
        if not years[place]:
            usual = (term.second, term.year) if found.month < term.turn else (term.year, term.second)
            orderly = [year for year in usual if before <= (year, found.month, found.day) <= ahead[-1 - place]]
            years[place] = (orderly or usual)[0]
        before = (years[place], found.month, found.day)
    return years


YearMonthDay = tuple[int, int, int]
_LATEST = (LAST_YEAR + 1, 0, 0)


def _find_term_year(found: DateMatch, term: Term) -> int:
    """Return the year of a day in an academic year, or 0 where it may be of either."""
    if term.is_ambiguous_month(found.month):
        return 0
    return term.second if found.month < term.turn else term.year


def _compute_day_step(one: DateMatch, two: DateMatch) -> int:
    """Return the days from one to the next, taken to be less than half a year apart where years are left out."""
    if one.year and two.year and one.year != two.year:
        return two.year - one.year
    gone = _estimate_day_of_year(two) - _estimate_day_of_year(one)
    return gone if abs(gone) <= HALF_A_YEAR else -gone


def _estimate_day_of_year(found: DateMatch) -> int:
    return found.month * 31 + found.day


def _find_proven_hint(walk: DateSequence, hints: YearHints) -> YearHint | None:
    """Return the one year that the page gives or its weekdays prove."""
    starts = [hint for hint in hints.starts if not hint.term or hint.line <= walk.stamps[0].line]
    fitting = [hint for hint in starts if walk.matches_weekdays(hint.year) is not False]
    if len(fitting) == 1:
        return fitting[0]
    if starts:
        return None
    proven = [year for year in hints.years if walk.matches_weekdays(year)]
    return YearHint(0, proven[0], "the one year on the page that fits the weekdays") if len(proven) == 1 else None
