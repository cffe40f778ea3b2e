"""The days of a series: the order of their numbers and their missing years, decided from all of it at once.

Each date has some readings; a path through the series takes one of each. A path costs what is unlikely: leaving the
series' direction, jumps, a weekday that does not fit, a year that the heading above contradicts, an order that differs
from its neighbours'. The cheapest path gives the days; a date of which another reading costs hardly more is a question.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import add
from typing import NamedTuple

from readingroom.core.models import WEEKDAYS
from readingroom.importer.page.blocks import LineMessage
from readingroom.parsing.date_mentions import DateMention, Order, Reading


@dataclass(frozen=True, slots=True)
class YearHint:
    """The years that a heading or another text gives, each with what it costs in a month (1-12), and what says so."""

    years: Mapping[int, Mapping[int, float]]
    why: str
    line: int = 0
    is_span: bool = False

    def is_later(self, date: dt.date) -> bool:
        """Return whether a day is in the year after the one that is given."""
        return not self.is_span and date.year == min(self.years) + 1

    def get_cost(self, date: dt.date) -> float:
        known = self.years.get(date.year)
        if known is None:
            return _OTHER_YEAR + min(abs(date.year - year) for year in self.years)
        return known.get(date.month, 0.0)


@dataclass(frozen=True, slots=True)
class DatedLine:
    """A date of a series, the line where it is, and the hint whose scope it is in."""

    line: int
    mention: DateMention
    hint: YearHint | None = None

    @property
    def is_open(self) -> bool:
        return not self.mention.has_year


@dataclass(frozen=True, slots=True)
class DateOptions:
    """What the organiser says: the order of numbers, and the year of the first date that has none (0: unknown)."""

    order: Order | None = None
    year: int = 0


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """What is known besides the series: the organiser's answers, years on the page, and orders that the rest allows."""

    options: DateOptions = field(default_factory=DateOptions)
    hints: Sequence[YearHint] = ()
    orders: frozenset[Order] = frozenset()
    latest: dt.date | None = None  # the day of the import; few schedules go far beyond it


@dataclass
class DatedSeries:
    """The day of each line, None if it is not certain; questions and warnings, each with its line."""

    days: list[dt.date | None] = field(default_factory=list)
    questions: list[LineMessage] = field(default_factory=list)
    warnings: list[LineMessage] = field(default_factory=list)


_OTHER_YEAR, _OTHER_WEEKDAY, _OTHER_ORDER, _AGAINST_OPTION, _LATER_YEAR, _CERTAIN = 4.0, 3.0, 2.0, 1.6, 1.5, 1.2
_FAR_FUTURE = dt.timedelta(days=500)
_MANY_YEARS = 12


class _State(NamedTuple):
    """A day that a line may mean, with its cost by itself."""

    date: dt.date
    reading: Reading
    cost: float
    is_later_year: bool  # in the year after the one that its heading gives


def resolve_series(lines: Sequence[DatedLine], evidence: DateEvidence) -> DatedSeries:
    """Return the days of a series."""
    made = DatedSeries([None] * len(lines))
    states = _list_states(lines, evidence)
    known = [place for place, each in enumerate(states) if each]
    unclear: list[tuple[DatedLine, list[_State]]] = []
    paths = [_compute_marginals([states[place] for place in known], sign) for sign in (1, -1) if known]
    for place, costs in zip(known, min(paths, key=lambda each: min(each[0]), default=()), strict=True):
        ranked = sorted(zip(costs, range(len(costs)), strict=True))
        near = [states[place][number] for cost, number in ranked if cost < ranked[0][0] + _CERTAIN]
        others = [each for each in near if each.date != near[0].date and not _is_answered(near[0], each, evidence)]
        if others:
            unclear.append((lines[place], [near[0], *others]))
        else:
            made.days[place] = near[0].date
    _question_weekdays(lines, made)
    made.questions += _list_questions(lines, unclear, is_known=bool(known))
    _report_misfits(lines, states, evidence, made)
    return made


def _is_answered(one: _State, two: _State, evidence: DateEvidence) -> bool:
    """Return whether the organiser has answered the question that two readings of a date are."""
    is_order = one.reading.order is not two.reading.order
    return bool(evidence.options.order) if is_order else bool(evidence.options.year)


def _list_candidate_years(lines: Sequence[DatedLine], evidence: DateEvidence) -> Sequence[int]:
    """Return the years that a date without one may have."""
    weekdays = [line for line in lines if line.is_open and line.mention.weekday is not None]
    base = {line.mention.readings[0].year for line in lines if not line.is_open}
    base |= {year for line in lines if line.hint for year in line.hint.years} | ({evidence.options.year} - {0})
    base = base or {year for hint in evidence.hints for year in hint.years}
    if base:
        days = [(line.mention.readings[0].month, line.mention.readings[0].day) for line in lines]
        turns = min(sum(one < two for one, two in pairwise(each)) for each in (days, days[::-1]))
        margin = min(turns, _MANY_YEARS) + (2 if weekdays else 0)
        return range(min(base) - 1 - margin, max(base) + 2 + margin)
    if evidence.latest and 2 * len(weekdays) > len(lines):
        return range(evidence.latest.year - _MANY_YEARS, evidence.latest.year + 2)
    return ()


def _list_states(lines: Sequence[DatedLine], evidence: DateEvidence) -> list[list[_State]]:
    """Return for each line the days that it may mean, with what each costs by itself."""
    years = _list_candidate_years(lines, evidence)
    first_open = next((line for line in lines if line.is_open), None)
    states = []
    for before, line in zip([None, *lines], lines, strict=False):
        own: list[_State] = []
        for rank, reading in enumerate(line.mention.readings):
            for date in filter(None, map(reading.build_date, [reading.year] if reading.year else years)):
                cost = 0.01 * rank + _compute_order_cost(line.mention, reading, evidence)
                cost += _OTHER_WEEKDAY if line.mention.weekday not in {None, date.weekday()} else 0.0
                cost += 2.0 if evidence.latest and date > evidence.latest + _FAR_FUTURE else 0.0
                cost += line.hint.get_cost(date) if line.hint else 0.0
                is_later = line.hint is not None and line.hint.is_later(date)
                if is_later and (before is None or line.hint is not before.hint):  # the first line below it
                    cost += _LATER_YEAR
                if line is first_open and evidence.options.year:
                    cost += 0.0 if date.year == evidence.options.year else _AGAINST_OPTION
                elif line is first_open and not line.hint:
                    costs = (x.get_cost(date) + (_LATER_YEAR if x.is_later(date) else 0.0) for x in evidence.hints)
                    cost += min(costs, default=0.0)
                own.append(_State(date, reading, cost, is_later))
        states.append(own)
    return states


def _compute_order_cost(mention: DateMention, reading: Reading, evidence: DateEvidence) -> float:
    fits = {each.order for each in mention.readings}
    asked = evidence.options.order
    if len(fits) == 1 or reading.order is None:
        return 0.0
    if asked in fits:
        return 0.0 if reading.order == asked else _AGAINST_OPTION
    cost = _OTHER_ORDER if fits & evidence.orders and reading.order not in evidence.orders else 0.0
    is_american = reading.order is Order.MONTH_FIRST and "." in mention.text and mention.text[:1].isdigit()
    return cost + (1.0 if is_american and not asked else 0.0)


def _compute_step(one: _State, two: _State, sign: int) -> float:
    """Return what it costs that one day follows the other."""
    gap = sign * (two.date.toordinal() - one.date.toordinal())
    cost = 1.0 if two.is_later_year and gap > 120 else 0.0
    if gap < 0:
        cost += 1.0 if gap >= -20 else 2.0 + min(1.5, -gap / 500)
    elif gap > 366:
        cost += 1.0 + min(3.0, gap / 730)
    elif gap > 75:
        cost += 0.5 if gap < 200 else 0.8
    first, second = one.reading.order, two.reading.order
    return cost + (_OTHER_ORDER if first and second and first is not second else 0.0)


def _compute_marginals(states: Sequence[Sequence[_State]], sign: int) -> list[list[float]]:
    """Return for each state the cost of the cheapest path through it."""
    forward: list[list[float]] = [[state.cost for state in states[0]]]
    steps: list[list[list[float]]] = []
    for before, after in pairwise(states):
        step = [[_compute_step(one, two, sign) for one in before] for two in after]
        steps.append(step)
        forward.append([two.cost + min(map(add, forward[-1], row)) for two, row in zip(after, step, strict=True)])
    backward: list[list[float]] = [[0.0] * len(states[-1])]  # from the last
    for after, step in zip(reversed(states[1:]), reversed(steps), strict=True):
        rest = [state.cost + cost for state, cost in zip(after, backward[-1], strict=True)]
        backward.append([min(map(add, column, rest)) for column in zip(*step, strict=True)])
    return [list(map(add, one, two)) for one, two in zip(forward, reversed(backward), strict=True)]


def _list_questions(
    lines: Sequence[DatedLine], unclear: Sequence[tuple[DatedLine, list[_State]]], *, is_known: bool
) -> list[LineMessage]:
    """Return one question for the order and one for the year."""
    questions = []
    by_order = [each for each in unclear if len({state.reading.order for state in each[1]}) > 1]
    if by_order:
        line = by_order[0][0]
        found = {state.reading.order for _, near in by_order for state in near}
        orders = [order for order in Order if order in found]
        several = f" (and {len(by_order) - 1} more)" if len(by_order) > 1 else ""
        starts = " or ".join(f"the {order.removesuffix('-first')}" for order in orders)
        choices = " or ".join(f"--date-order {order}" for order in orders)
        what = f'"{line.mention.text}"{several} may start with {starts}, and nothing on the page says which.'
        questions.append((line.line, f"{what} Give it: {choices}."))
    by_year = [each for each in unclear if each not in by_order]
    if by_year or (not is_known and lines[0].is_open):
        line, near = by_year[0] if by_year else (lines[0], [])
        years = sorted({state.date.year for state in near})
        fit = f" The weekdays fit {', '.join(map(str, years))}." if near and line.mention.weekday is not None else ""
        what = f'"{line.mention.text}" has no year, and nothing on the page gives it.{fit}'
        questions.append((line.line, f"{what} Give it: --year {years[-1] if years else 2024}."))
    return questions


def _question_weekdays(lines: Sequence[DatedLine], made: DatedSeries) -> None:
    """Ask for the year where most weekdays contradict the one that was put in."""
    guessed = [
        (place, line, day.weekday() != line.mention.weekday)
        for place, (line, day) in enumerate(zip(lines, made.days, strict=True))
        if day and line.is_open and line.mention.weekday is not None
    ]
    wrong = [line for _, line, is_wrong in guessed if is_wrong]
    if len(wrong) > 1 and 2 * len(wrong) >= len(guessed):
        why = wrong[0].hint.why if wrong[0].hint else "its neighbours"
        what = f'"{wrong[0].mention.text}" has no year, and the weekdays contradict {why}. Give it: --year 2024.'
        made.questions.append((wrong[0].line, what))
        for place, _, _ in guessed:
            made.days[place] = None


def _report_misfits(
    lines: Sequence[DatedLine], states: Sequence[Sequence[_State]], evidence: DateEvidence, made: DatedSeries
) -> None:
    """Report days that do not exist, misspelt months, weekdays and orders that do not fit, and years put in."""
    reported: set[tuple[str, int]] = set()
    asked = evidence.options.order
    has_days = any(states)
    for line, own, day in zip(lines, states, made.days, strict=True):
        mention, said = line.mention, list[str]()
        if not own and (has_days or not lines[0].is_open):
            said.append(f'"{mention.text}" is no day that exists. Correct it on the page.')
        if day and mention.misspelt:
            said.append(f'"{mention.misspelt}" is read as a month: "{mention.text}" is {day}. Correct it.')
        if day and mention.weekday not in {None, day.weekday()}:
            typed, actual = WEEKDAYS[mention.weekday or 0], WEEKDAYS[day.weekday()]
            said.append(f'"{mention.text}" is a {actual}, not a {typed}. Correct the day or its date.')
        order = next((state.reading.order for state in own if state.date == day), None)
        if asked and order not in {None, asked} and not any(map(str.isalpha, mention.text)):
            said.append(f'"{mention.text}" does not fit as {asked}, so it is read {order}.')
        why = find_year_source(line.hint, day.year, evidence) if day and line.is_open else ""
        if day and why and (why, day.year) not in reported:
            reported.add((why, day.year))
            said.append(f"dates from here on without a year are read as {day.year}, after {why}. Check them.")
        made.warnings += [(line.line, message) for message in said]


def find_year_source(hint: YearHint | None, year: int, evidence: DateEvidence) -> str:
    """Return what says the year of a date that has none, given the hint whose scope it is in."""
    said = next((each.why for each in evidence.hints if year in each.years), "its neighbours")
    return hint.why if hint else said
