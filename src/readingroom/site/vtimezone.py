"""A time zone as calendars contain it: iCalendar's VTIMEZONE (RFC 5545, 3.6.5), for some years.

icalendar's own conversion of a Python zone is not used: it gives the start of summer time by the clock after the
change, an hour late, and an onset for each year, of which Outlook reads a single one (MS-OXCICAL, 2.1.3.1.1.19).
"""

import datetime as dt
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard

from readingroom.core.session_times import get_zone

# Earlier rules are many, and later ones are guesses; times of other years are written in UTC.
FIRST_YEAR, LAST_YEAR = 1970, 2100
_STEP = dt.timedelta(days=7)  # no zone has changed its clock twice in a week since 1970
_SECOND = dt.timedelta(seconds=1)
_DAY = dt.timedelta(days=1)
_YEAR = dt.timedelta(days=366)
_YEARS_AHEAD = 10  # enough to distinguish a fourth Sunday from a last one
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class _Clock(NamedTuple):
    offset: dt.timedelta
    name: str
    shift: dt.timedelta


class _Change(NamedTuple):
    """A moment in UTC at which a zone changes to another offset, with the clocks before and after it."""

    moment: dt.datetime
    before: _Clock
    after: _Clock


class _Onset(NamedTuple):
    """The same by the clock before it."""

    local: dt.datetime
    before: dt.timedelta
    after: dt.timedelta
    name: str
    is_daylight: bool


class _YearlyRule(NamedTuple):
    """A day of each year and a time of day; the first in order is the rule that most programs read."""

    rank: int
    time: dt.time
    month: int
    day: str
    month_days: tuple[int, ...] = ()

    def build_recurrence(self) -> dict[str, object]:
        recurrence: dict[str, object] = {"FREQ": "YEARLY", "BYMONTH": self.month}
        if self.month_days:
            recurrence["BYMONTHDAY"] = list(self.month_days)
        return {**recurrence, "BYDAY": self.day} if self.day else recurrence


class _Run(NamedTuple):
    """Onsets of successive years, and the rules that all of them follow."""

    onsets: Sequence[_Onset]
    rules: frozenset[_YearlyRule]


@lru_cache(maxsize=1_000)
def render_vtimezone(zone: str, first: int, last: int) -> bytes:
    """Return the VTIMEZONE that is valid from the first day of one year to the last of another."""
    timezone = Timezone()
    timezone.add("TZID", zone)
    by_clock = defaultdict(list)
    for onset in _list_onsets_of_years(zone, first, last + _YEARS_AHEAD):
        by_clock[onset[1:]].append(onset)
    runs = [run for onsets in by_clock.values() for run in _iter_runs(onsets) if run.onsets[0].local.year <= last]
    for run in sorted(runs, key=lambda each: each.onsets[0].local):
        timezone.add_component(_build_observance(run, last))
    return bytes(timezone.to_ical())


def _build_observance(run: _Run, last: int) -> Component:
    onset = run.onsets[0]
    observance = TimezoneDaylight() if onset.is_daylight else TimezoneStandard()
    observance.add("DTSTART", onset.local)
    observance.add("TZOFFSETFROM", onset.before)
    observance.add("TZOFFSETTO", onset.after)
    observance.add("TZNAME", onset.name)
    if len(run.onsets) > 1:
        recurrence = min(run.rules).build_recurrence()
        final = run.onsets[-1]
        if final.local.year < last:
            # A day later than needed: dateutil takes this time in UTC for a local one.
            recurrence["UNTIL"] = (final.local - final.before + _DAY).replace(tzinfo=dt.UTC)
        observance.add("RRULE", recurrence)
    return observance


def _iter_runs(onsets: Sequence[_Onset]) -> Iterator[_Run]:
    """Yield the onsets of one clock as runs: the last as long as possible, then the one before it."""
    run: list[_Onset] = []
    rules: frozenset[_YearlyRule] = frozenset()
    for onset in reversed(onsets):
        own = _list_rules(onset.local)
        if run and rules & own and onset.local.year == run[0].local.year - 1:
            run.insert(0, onset)
            rules &= own
            continue
        if run:
            yield _Run(run, rules)
        run, rules = [onset], own
    yield _Run(run, rules)


def _list_rules(local: dt.datetime) -> frozenset[_YearlyRule]:
    """Return every yearly rule that a moment follows."""
    month, day, time, weekday = local.month, local.day, local.time(), _WEEKDAYS[local.weekday()]
    length = monthrange(local.year, month)[1]
    last_week = [_YearlyRule(0, time, month, f"-1{weekday}")] if day + 7 > length else []
    weeks = [tuple(range(first, first + 7)) for first in range(max(1, day - 6), min(day, length - 6) + 1)]
    return frozenset(
        [
            *last_week,
            _YearlyRule(1, time, month, f"{(day + 6) // 7}{weekday}"),
            *(_YearlyRule(2, time, month, weekday, days) for days in weeks),
            _YearlyRule(3, time, month, "", (day,)),
        ]
    )


def _list_onsets_of_years(zone: str, first: int, last: int) -> list[_Onset]:
    """Return the onsets of some years and of the year before them, or else the last one before; at least one."""
    begin = dt.datetime(first, 1, 1)  # noqa: DTZ001 -- a local time
    onsets = _list_onsets(zone)
    earlier = [onset for onset in onsets if onset.local < begin] or [_build_constant_onset(zone)]
    start = min(earlier[-1].local, begin.replace(year=first - 1))
    later = (onset for onset in onsets if onset.local >= begin and onset.local.year <= last)
    return [*(onset for onset in earlier if onset.local >= start), *later]


def _build_constant_onset(zone: str) -> _Onset:
    """Return the onset of the clock that a zone has had from the first year on."""
    begin = dt.datetime(FIRST_YEAR, 1, 1)  # noqa: DTZ001 -- a local time
    clock = _get_clock(begin.replace(tzinfo=get_zone(zone)), zone)
    return _Onset(begin, clock.offset, clock.offset, clock.name, is_daylight=False)


@lru_cache(maxsize=10)
def _list_onsets(zone: str) -> list[_Onset]:
    begin, end = (dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (FIRST_YEAR - 1, LAST_YEAR + _YEARS_AHEAD + 1))
    changes = list(_iter_changes(zone, begin, end))
    return [
        _Onset(
            (change.moment + change.before.offset).replace(tzinfo=None),
            change.before.offset,
            change.after.offset,
            change.after.name,
            is_daylight=_is_daylight(change, following),
        )
        for change, following in zip_longest(changes, changes[1:])
    ]


def _is_daylight(change: _Change, following: _Change | None) -> bool:
    """Return whether the clock after a change is that of summer, as programs expect it: ahead, and not for long.

    Some zones, such as Europe/Dublin, call it their standard time, and set the clock back for the rest of the year.
    """
    if following is None or following.moment - change.moment > _YEAR:
        return False
    is_set_back = min(change.before.shift, following.after.shift) < dt.timedelta()
    return change.after.shift > dt.timedelta() or (not change.after.shift and is_set_back)


def _get_clock(moment: dt.datetime, zone: str) -> _Clock:
    local = moment.astimezone(get_zone(zone))
    return _Clock(local.utcoffset() or dt.timedelta(), local.tzname() or zone, local.dst() or dt.timedelta())


def _iter_changes(zone: str, begin: dt.datetime, end: dt.datetime) -> Iterator[_Change]:
    """Yield the changes to another offset; those of the name alone change no time."""
    own = get_zone(zone)
    before = begin.astimezone(own).utcoffset()
    while begin < end:
        late = begin + _STEP
        if (after := late.astimezone(own).utcoffset()) != before:
            moment = _find_change(own, begin, late)
            yield _Change(moment, _get_clock(moment - _SECOND, zone), _get_clock(moment, zone))
        begin, before = late, after


def _find_change(zone: dt.tzinfo, early: dt.datetime, late: dt.datetime) -> dt.datetime:
    """Return the first second of the offset that applies at the later of two moments."""
    offset = early.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + (late - early) // (2 * _SECOND) * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late
