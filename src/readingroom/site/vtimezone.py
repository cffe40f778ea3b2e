"""A time zone as calendars carry it: iCalendar's VTIMEZONE (RFC 5545, 3.6.5), for some years.

icalendar's own way from a zone of Python's is not used: it tells each beginning of summer time by the clock after it,
an hour late.
"""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard

from readingroom.core.session_times import get_zone

# Rules before are many, and rules after are guesses; what lies beyond is told in UTC.
FIRST_YEAR, LAST_YEAR = 1970, 2100
_STEP = dt.timedelta(days=7)  # no zone has changed its clock twice in a week since 1970
_SECOND = dt.timedelta(seconds=1)


class _Clock(NamedTuple):
    offset: dt.timedelta
    name: str
    is_daylight: bool


class _Transition(NamedTuple):
    """A moment, by the clock before it, at which a zone changes from one clock to another."""

    local: dt.datetime
    before: dt.timedelta
    after: _Clock


@lru_cache(maxsize=1_000)
def render_vtimezone(zone: str, first: int, last: int) -> bytes:
    """Return the VTIMEZONE that is right from the first day of one year to the last of another."""
    made = Timezone()
    made.add("TZID", zone)
    begin = dt.datetime(first, 1, 1, tzinfo=get_zone(zone))
    clock = _get_clock(begin, zone)
    made.add_component(_build_observance(_Transition(begin.replace(tzinfo=None), clock.offset, clock)))
    # Each change is told by itself: not every program reads a list of them (RDATE).
    for change in _iter_transitions(zone, begin.astimezone(dt.UTC), dt.datetime(last + 1, 1, 2, tzinfo=dt.UTC)):
        made.add_component(_build_observance(change))
    return bytes(made.to_ical())


def _build_observance(change: _Transition) -> Component:
    made = TimezoneDaylight() if change.after.is_daylight else TimezoneStandard()
    made.add("DTSTART", change.local)
    made.add("TZOFFSETFROM", change.before)
    made.add("TZOFFSETTO", change.after.offset)
    made.add("TZNAME", change.after.name)
    return made


def _get_clock(moment: dt.datetime, zone: str) -> _Clock:
    local = moment.astimezone(get_zone(zone))
    return _Clock(local.utcoffset() or dt.timedelta(), local.tzname() or zone, bool(local.dst()))


def _iter_transitions(zone: str, begin: dt.datetime, end: dt.datetime) -> Iterator[_Transition]:
    before = _get_clock(begin, zone)
    while begin < end:
        if (after := _get_clock(begin + _STEP, zone)) != before:
            moment = _find_transition(zone, begin, begin + _STEP)
            yield _Transition((moment + before.offset).replace(tzinfo=None), before.offset, after)
            before = after
        begin += _STEP


def _find_transition(zone: str, early: dt.datetime, late: dt.datetime) -> dt.datetime:
    """Return the first second of the clock that is right at the later of two moments."""
    clock = _get_clock(early, zone)
    while late - early > _SECOND:
        middle = early + (late - early) // (2 * _SECOND) * _SECOND
        if _get_clock(middle, zone) == clock:
            early = middle
        else:
            late = middle
    return late
