"""A time zone as calendars contain it: iCalendar's VTIMEZONE (RFC 5545, 3.6.5), for some years.

icalendar's own conversion of a Python zone is not used: it gives the start of summer time by the clock after the
change, an hour late.
"""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard

from readingroom.core.session_times import get_zone

# Earlier rules are many, and later ones are guesses; times of other years are written in UTC.
FIRST_YEAR, LAST_YEAR = 1970, 2100
_STEP = dt.timedelta(days=7)  # no zone has changed its clock twice in a week since 1970
_SECOND = dt.timedelta(seconds=1)


class _Clock(NamedTuple):
    offset: dt.timedelta
    name: str
    is_daylight: bool


class _Transition(NamedTuple):
    """A moment, by the clock before it, at which a zone changes to another clock."""

    local: dt.datetime
    before: dt.timedelta
    after: _Clock


@lru_cache(maxsize=1_000)
def render_vtimezone(zone: str, first: int, last: int) -> bytes:
    """Return the VTIMEZONE that is valid from the first day of one year to the last of another."""
    timezone = Timezone()
    timezone.add("TZID", zone)
    begin = dt.datetime(first, 1, 1, tzinfo=get_zone(zone))
    clock = _get_clock(begin, zone)
    timezone.add_component(_build_observance(_Transition(begin.replace(tzinfo=None), clock.offset, clock)))
    # Each change is a component of its own: not every program reads a list of them (RDATE).
    for transition in _iter_transitions(zone, begin.astimezone(dt.UTC), dt.datetime(last + 1, 1, 2, tzinfo=dt.UTC)):
        timezone.add_component(_build_observance(transition))
    return bytes(timezone.to_ical())


def _build_observance(transition: _Transition) -> Component:
    observance = TimezoneDaylight() if transition.after.is_daylight else TimezoneStandard()
    observance.add("DTSTART", transition.local)
    observance.add("TZOFFSETFROM", transition.before)
    observance.add("TZOFFSETTO", transition.after.offset)
    observance.add("TZNAME", transition.after.name)
    return observance


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
    """Return the first second of the clock that applies at the later of two moments."""
    clock = _get_clock(early, zone)
    while late - early > _SECOND:
        middle = early + (late - early) // (2 * _SECOND) * _SECOND
        if _get_clock(middle, zone) == clock:
            early = middle
        else:
            late = middle
    return late
