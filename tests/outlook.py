"""A time zone as Outlook reads it: one yearly rule for each of two clocks, by MS-OXCICAL, 2.1.3.1.1.19.

Of several components of one name, programs take the one with the largest DTSTART, or the first. A component without
RRULE counts as a yearly rule too: by the month, the weekday and the week of its DTSTART. So does one whose RRULE has
days of a month, which programs may not read.
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence
from typing import Literal, NamedTuple

import icalendar

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
Choice = Literal["largest", "first"]


class Onset(NamedTuple):
    month: int
    weekday: int
    week: int
    hour: int
    offset: dt.timedelta

    def in_year(self, year: int) -> dt.datetime:
        """Return the moment of a year, by the clock before it; the fifth week is the last."""
        first = dt.datetime(year, self.month, 1, self.hour)  # noqa: DTZ001 -- a local time
        day = 1 + (self.weekday - first.weekday()) % 7 + 7 * (self.week - 1)
        return first.replace(day=day - 7 * (day > monthrange(year, self.month)[1]))


class Zone(NamedTuple):
    standard: Onset
    daylight: Onset | None

    def offset(self, local: dt.datetime) -> dt.timedelta:
        if self.daylight is None:
            return self.standard.offset
        summer, winter = (each.in_year(local.year) for each in (self.daylight, self.standard))
        inside = summer <= local < winter if summer < winter else not winter <= local < summer
        return self.daylight.offset if inside else self.standard.offset


def read_zone(content: bytes, choice: Choice = "largest") -> Zone:
    zone = icalendar.Timezone.from_ical(content.decode())
    standard = _choose(zone.walk("STANDARD"), choice)
    assert standard is not None
    return Zone(standard, _choose(zone.walk("DAYLIGHT"), choice))


def _choose(found: Sequence[icalendar.Component], choice: Choice) -> Onset | None:
    if not found:
        return None
    if choice == "first":
        return _read_onset(found[0])
    return _read_onset(max(found, key=lambda each: each["DTSTART"].dt))


def _read_onset(component: icalendar.Component) -> Onset:
    local, offset = component["DTSTART"].dt, component["TZOFFSETTO"].td
    rule = component.get("RRULE")
    if rule is None or "BYMONTHDAY" in rule:
        return Onset(local.month, local.weekday(), (local.day + 6) // 7, local.hour, offset)
    assert set(rule) <= {"FREQ", "BYMONTH", "BYDAY", "UNTIL"}, rule  # all that it may hold
    (day,) = rule["BYDAY"]
    week = int(day[:-2])
    return Onset(rule["BYMONTH"][0], WEEKDAYS.index(day[-2:]), 5 if week == -1 else week, local.hour, offset)
