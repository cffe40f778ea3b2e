"""A time zone as calendars carry it: every hour of a year is right, and so is every day as Outlook reads it."""

import datetime as dt
import re
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest

from calendars import calendars, lines
from outlook import Choice, read_zone
from readingroom.site import vtimezone

SET_BACK = ("Europe/Dublin", "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Windhoek")  # standard time is summer's
CHANGED = ("America/Mexico_City", "Africa/Cairo", "Europe/Moscow", "Asia/Amman", "America/Nuuk", "Pacific/Apia")
CLOCKS = ("Europe/London", "America/New_York", "Australia/Sydney", "UTC", "Asia/Kathmandu", *SET_BACK, *CHANGED)
YEARLY = (
    *("Europe/London", "Europe/Dublin", "Europe/Berlin", "Europe/Athens", "Atlantic/Azores", "America/New_York"),
    *("America/Los_Angeles", "America/Havana", "Australia/Sydney", "Pacific/Auckland", "Asia/Tokyo", "Asia/Kolkata"),
)


def parts(content: bytes, name: str) -> list[list[str]]:
    """Return the lines of each component with a name."""
    found = lines(content)
    starts, ends = ([n for n, line in enumerate(found) if line == f"{word}:{name}"] for word in ("BEGIN", "END"))
    return [found[start + 1 : end] for start, end in zip(starts, ends, strict=True)]


@pytest.mark.parametrize("zone", CLOCKS)
@pytest.mark.parametrize("year", [1970, 1999, 2024, 2099])
@pytest.mark.parametrize("span", [0, 9])
def test_a_zones_own_component_gives_every_hour_of_a_year_right(zone: str, year: int, span: int) -> None:
    first, last = max(1970, year - span), min(2100, year + span)
    made = icalendar.Timezone.from_ical(vtimezone.render_vtimezone(zone, first, last).decode())
    made["TZID"] = "Elsewhere/Own"
    own = made.to_tz(lookup_tzid=False)
    moment = dt.datetime(year, 1, 1, 0, 30)  # noqa: DTZ001 -- a local time
    while moment.year == year:
        known = moment.replace(tzinfo=ZoneInfo(zone))
        if known.utcoffset() == known.replace(fold=1).utcoffset():
            assert moment.replace(tzinfo=own).utcoffset() == known.utcoffset(), moment
        moment += dt.timedelta(hours=5)


def test_summer_time_begins_by_the_clock_before_it() -> None:
    (daylight,) = parts(vtimezone.render_vtimezone("America/New_York", 2024, 2024), "DAYLIGHT")
    assert sorted(daylight) == [
        "DTSTART:20230312T020000",
        "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
        "TZNAME:EDT",
        "TZOFFSETFROM:-0500",
        "TZOFFSETTO:-0400",
    ]


def test_a_zone_without_changes_has_one_clock() -> None:
    made = lines(vtimezone.render_vtimezone("UTC", 1970, 2100))
    assert [line for line in made if line.startswith("BEGIN:")] == ["BEGIN:VTIMEZONE", "BEGIN:STANDARD"]


def count_wrong_days(zone: str, first: int, last: int, choice: Choice) -> int:
    """Return on how many days of some years Outlook would show noon at another hour."""
    read = read_zone(vtimezone.render_vtimezone(zone, first, last), choice)
    noon, wrong = dt.datetime(first, 1, 1, 12), 0  # noqa: DTZ001 -- a local time
    while noon.year <= last:
        wrong += read.offset(noon) != noon.replace(tzinfo=ZoneInfo(zone)).utcoffset()
        noon += dt.timedelta(1)
    return wrong


@pytest.mark.parametrize("zone", YEARLY)
@pytest.mark.parametrize("choice", ["largest", "first"])
def test_outlook_reads_every_day_of_twenty_years_right(zone: str, choice: Choice) -> None:
    assert count_wrong_days(zone, 2015, 2035, choice) == 0
    assert count_wrong_days(zone, 2020, 2026, choice) == 0


@pytest.mark.parametrize(
    ("zone", "count"),
    [
        *(("Africa/Casablanca", 665), ("Africa/El_Aaiun", 665), ("Asia/Gaza", 35), ("America/Santiago", 21)),
        *(("America/Nuuk", 14), ("Africa/Cairo", 7), ("Asia/Jerusalem", 7)),
    ],
)
def test_docs_say_where_one_yearly_rule_cannot_be_right(zone: str, count: int) -> None:
    assert count_wrong_days(zone, 2026, 2035, "largest") == count
    assert re.search(rf"{zone}`[^(]*\({count} ", Path("docs/site.md").read_text())


@pytest.mark.parametrize("zone", YEARLY)
def test_a_rule_that_is_constant_is_given_once_for_each_clock(zone: str) -> None:
    made = vtimezone.render_vtimezone(zone, 2020, 2026)
    counts = Counter(line.partition(":")[2] for line in lines(made) if line.startswith("BEGIN:"))
    assert set(counts.values()) == {1}
    changes = zone not in {"Asia/Tokyo", "Asia/Kolkata"}
    assert sum(line.startswith("RRULE:") for line in lines(made)) == 2 * changes


@pytest.mark.parametrize("zone", CLOCKS)
@pytest.mark.parametrize("span", [(2020, 2026), (1970, 2100)])
def test_no_onset_changes_nothing_unless_the_zone_has_never_changed(zone: str, span: tuple[int, int]) -> None:
    zones = icalendar.Timezone.from_ical(vtimezone.render_vtimezone(zone, *span).decode())
    idle = [each["DTSTART"].dt for each in zones.subcomponents if each["TZOFFSETFROM"].td == each["TZOFFSETTO"].td]
    assert idle == ([dt.datetime(1970, 1, 1)] if zone == "UTC" or (idle and span[0] == 1970) else [])  # noqa: DTZ001


def zone_of(content: bytes) -> bytes:
    return content[content.index(b"BEGIN:VTIMEZONE") : content.index(b"BEGIN:VEVENT")]


def test_outlook_reads_every_day_of_a_groups_own_calendar_right() -> None:
    sessions = {f"0{year - 2019}-s": {"date": f"{year}-11-23", "time": "11:00"} for year in range(2020, 2027)}
    made = zone_of(calendars(sessions)["calendar-all.ics"])
    assert [len(parts(made, name)) for name in ("STANDARD", "DAYLIGHT")] == [1, 1]
    first = read_zone(made, "first")
    assert first == read_zone(made, "largest")
    noons = [dt.datetime(2020, 1, 1, 12) + dt.timedelta(day) for day in range(2557)]  # noqa: DTZ001 -- local times
    assert not [
        noon for noon in noons if first.offset(noon) != noon.replace(tzinfo=ZoneInfo("Europe/London")).utcoffset()
    ]


def test_irish_summer_time_is_daylight_in_a_groups_own_calendar() -> None:
    sessions = {"01-a": {"date": "2026-01-12", "time": "11:00"}, "02-b": {"date": "2026-07-06", "time": "11:00"}}
    made = zone_of(calendars(sessions, time_zone="Europe/Dublin")["calendar-all.ics"])
    assert [[line for line in each if "NAME" in line] for each in parts(made, "DAYLIGHT")] == [["TZNAME:IST"]]
    assert [[line for line in each if "NAME" in line] for each in parts(made, "STANDARD")] == [["TZNAME:GMT"]]


def test_only_years_in_which_rules_change_have_onsets_of_their_own() -> None:
    made = vtimezone.render_vtimezone("America/New_York", 2006, 2020)
    rules = [line for line in lines(made) if line.startswith("RRULE:")]
    assert rules == [
        "RRULE:FREQ=YEARLY;UNTIL=20060403T070000Z;BYDAY=1SU;BYMONTH=4",
        "RRULE:FREQ=YEARLY;UNTIL=20061030T060000Z;BYDAY=-1SU;BYMONTH=10",
        "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
        "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
    ]
    assert count_wrong_days("America/New_York", 2007, 2020, "largest") == 0


@pytest.mark.parametrize(
    ("zone", "year", "ahead", "other"),
    [
        ("Europe/Dublin", 2026, "+0100", "+0000"),
        ("Africa/Casablanca", 2026, "+0100", "+0000"),
        ("Africa/El_Aaiun", 2026, "+0100", "+0000"),
        ("Africa/Windhoek", 2010, "+0200", "+0100"),
        ("Europe/London", 2026, "+0100", "+0000"),
        ("Australia/Lord_Howe", 2026, "+1100", "+1030"),
        ("Antarctica/Troll", 2026, "+0200", "+0000"),
    ],
)
def test_the_clock_that_is_ahead_is_that_of_summer(zone: str, year: int, ahead: str, other: str) -> None:
    made = vtimezone.render_vtimezone(zone, year, year)
    for name, offset in (("DAYLIGHT", ahead), ("STANDARD", other)):
        found = parts(made, name)
        assert found
        assert all(f"TZOFFSETTO:{offset}" in each for each in found)


@pytest.mark.parametrize(
    ("zone", "since"), [("Africa/Windhoek", 2018), ("Europe/Istanbul", 2017), ("Asia/Amman", 2023)]
)
def test_a_clock_that_stays_is_no_summer_time(zone: str, since: int) -> None:
    assert parts(vtimezone.render_vtimezone(zone, since, 2035), "DAYLIGHT") == []
    assert count_wrong_days(zone, since, 2035, "largest") == 0
