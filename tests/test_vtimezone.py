"""A time zone as calendars carry it: every hour of a year is right."""

import datetime as dt
from zoneinfo import ZoneInfo

import icalendar
import pytest

from calendars import lines
from readingroom.site import vtimezone

CLOCKS = ("Europe/London", "America/New_York", "Australia/Sydney", "UTC", "Africa/Casablanca", "Asia/Kathmandu")


@pytest.mark.parametrize("zone", CLOCKS)
@pytest.mark.parametrize("year", [1970, 1999, 2024, 2099])
def test_a_zones_own_component_tells_every_hour_of_a_year_right(zone: str, year: int) -> None:
    made = icalendar.Timezone.from_ical(vtimezone.render_vtimezone(zone, year, year).decode())
    made["TZID"] = "Elsewhere/Own"
    own = made.to_tz(lookup_tzid=False)
    moment = dt.datetime(year, 1, 1, 0, 30)  # noqa: DTZ001 -- a local time
    while moment.year == year:
        known = moment.replace(tzinfo=ZoneInfo(zone))
        if known.utcoffset() == known.replace(fold=1).utcoffset():
            assert moment.replace(tzinfo=own).utcoffset() == known.utcoffset(), moment
        moment += dt.timedelta(hours=1)


def test_summer_time_begins_by_the_clock_before_it() -> None:
    made = lines(vtimezone.render_vtimezone("America/New_York", 2024, 2024))
    daylight = made[made.index("BEGIN:DAYLIGHT") : made.index("END:DAYLIGHT")]
    assert sorted(daylight[1:]) == [
        "DTSTART:20240310T020000",
        "TZNAME:EDT",
        "TZOFFSETFROM:-0500",
        "TZOFFSETTO:-0400",
    ]


def test_a_zone_without_changes_has_one_clock() -> None:
    made = lines(vtimezone.render_vtimezone("UTC", 1970, 2100))
    assert [line for line in made if line.startswith("BEGIN:")] == ["BEGIN:VTIMEZONE", "BEGIN:STANDARD"]
