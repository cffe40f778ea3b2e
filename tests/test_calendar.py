"""Calendars: the right moment in every time zone, every change told, and no text that reaches beyond its line."""

import datetime as dt
import random
import re
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as st

from calendars import FOLDED, PROPERTIES, URL, announced, calendars, event, events, lines
from groups import DAYS, READING, TODAY, Files, built, catalogue, files, groups, tree
from readingroom.render import announcements
from readingroom.site import calendar
from readingroom.store import catalogue as reading
from readingroom.store import revisions
from strategies import LINES, SESSIONS, TEXTS

BERT: dict[str, Any] = {"title": "Bert", "date": "2024-01-22", "time": "11:00"}
ZONES = ("Europe/London", "America/New_York", "Australia/Sydney", "UTC", "Africa/Casablanca", "Asia/Kathmandu")


def days_of_change(zone: str, year: int) -> set[dt.date]:
    """Return the days of a year on which the clock of a zone changes, and those beside them."""
    day, found = dt.date(year, 1, 1), set()
    while day.year == year:
        noon, next_noon = (
            dt.datetime.combine(each, dt.time(12), ZoneInfo(zone)) for each in (day, day + dt.timedelta(1))
        )
        if noon.utcoffset() != next_noon.utcoffset():
            found |= {day + dt.timedelta(each) for each in (-1, 0, 1, 2)}
        day += dt.timedelta(1)
    return found


def is_plain(day: dt.date, time: str, zone: str) -> bool:
    """Return whether a clock shows a time once on a day."""
    moment = dt.datetime.combine(day, dt.time.fromisoformat(time), ZoneInfo(zone))
    return moment.utcoffset() == moment.replace(fold=1).utcoffset()


@pytest.mark.parametrize("zone", ZONES)
def test_another_library_finds_the_local_times_around_the_changes_of_the_clock(zone: str) -> None:
    days = sorted(days_of_change(zone, 2024) | {dt.date(2024, 1, 15), dt.date(2024, 7, 15), dt.date(2022, 5, 2)})
    slots = [(day, time) for day in days for time in ("00:30", "03:10", "11:00", "23:30") if is_plain(day, time, zone)]
    sessions = {f"{n:03}-x": {"date": str(day), "time": time} for n, (day, time) in enumerate(slots)}
    made = calendars(sessions, time_zone=zone)["calendar.ics"]
    wanted = {(day, time) for day, time in slots}
    assert {(each.start.date(), f"{each.start:%H:%M}") for each in events(made)} == wanted
    found = vobject.readOne(made.decode())
    assert len(found.vevent_list) == len(slots)
    for each in found.vevent_list:
        start = each.dtstart.value
        assert (start.date(), f"{start:%H:%M}") in wanted
        assert start.utcoffset() == start.replace(tzinfo=ZoneInfo(zone)).utcoffset(), start
        assert each.duration.value == dt.timedelta(hours=1)


def test_a_session_over_a_change_of_the_clock_takes_its_true_minutes() -> None:
    made = event({**BERT, "date": "2024-10-27", "time": "00:30", "duration": 120})
    assert (made["DTSTART"].to_ical(), made["DURATION"].to_ical()) == (b"20241027T003000", b"PT2H")


def test_a_time_that_the_clock_skips_stays_as_it_is_written() -> None:
    made = lines(calendars({"01-bert": {**BERT, "date": "2024-03-31", "time": "01:30"}})["calendar.ics"])
    assert "DTSTART;TZID=Europe/London:20240331T013000" in made


def test_a_session_without_a_time_takes_the_day() -> None:
    made = event({"title": "Bert", "date": "2024-01-22"})
    assert (made.start, "DURATION" in made, made["SEQUENCE"]) == (dt.date(2024, 1, 22), False, 0)


@pytest.mark.parametrize(
    ("date", "line"),
    [
        ("1969-07-21", "DTSTART:19690721T100000Z"),
        ("2101-01-03", "DTSTART:21010103T110000Z"),
        ("0999-01-03", "DTSTART:09990103T110115Z"),
    ],
)
def test_a_year_without_known_rules_is_told_in_utc(date: str, line: str) -> None:
    made = lines(calendars({"01-bert": {**BERT, "date": date}})["calendar.ics"])
    assert line in made
    assert "BEGIN:VTIMEZONE" not in made


def test_a_day_that_utc_cannot_tell_is_told_as_a_day() -> None:
    about = {**BERT, "date": "0001-01-01", "time": "00:10"}
    made = calendars({"01-bert": about}, time_zone="Asia/Kathmandu")["calendar.ics"]
    assert "DTSTART;VALUE=DATE:00010101" in lines(made)


def test_an_event_holds_what_a_reader_needs() -> None:
    about = {
        **BERT,
        "kind": "Talk, long",
        "room": "David; Blackwell",
        "leads": [{"name": "Ada", "affiliation": "Cambridge"}, {"name": "Grace"}],
        "abstract": "How *it* works: [paper](https://example.org/p?a=1&copy=2;3).\n\n- one\n- two",
        "material": READING,
        "resources": [{"title": "Slides", "url": "https://example.org/slides"}],
    }
    made = event(about, site={"url": URL, "alarm": 15})
    assert made["SUMMARY"] == "Talk, long: Bert"
    assert made["LOCATION"] == "David; Blackwell"
    assert made["URL"] == f"{URL}/sessions/01-bert.html"
    assert made["STATUS"] == "CONFIRMED"
    assert made["CATEGORIES"].to_ical() == rb"Talk\, long"
    assert made["DESCRIPTION"].split("\n") == [
        "Led by Ada (Cambridge), Grace.",
        "",
        "How it works: paper (https://example.org/p?a=1&copy=2;3).",
        "",
        "- one",
        "- two",
        "",
        "Main",
        "- A paper: https://example.org/paper",
        "",
        "Resources",
        "- Slides: https://example.org/slides",
    ]
    (alarm,) = made.walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", dt.timedelta(minutes=-15))
    moments = [made[key].dt for key in ("CREATED", "DTSTAMP", "LAST-MODIFIED")]
    assert moments == [dt.datetime(2024, 1, 15, tzinfo=dt.UTC)] * 3


@pytest.mark.parametrize(
    ("status", "said", "shown"),
    [
        ("confirmed", "CONFIRMED", "Bert"),
        ("tbc", "TENTATIVE", "Bert (to be confirmed)"),
        ("proposed", "TENTATIVE", "Bert (looks for a date)"),
        ("postponed", "CANCELLED", "Bert (postponed)"),
        ("cancelled", "CANCELLED", "Bert (cancelled)"),
    ],
)
def test_the_status_is_told_twice_for_calendars_that_do_not_show_it(status: str, said: str, shown: str) -> None:
    made = event({**BERT, "status": status}, site={"alarm": 15})
    assert (made["STATUS"], made["SUMMARY"]) == (said, shown)
    assert bool(made.walk("VALARM")) == (status in {"confirmed", "tbc"})


def test_free_slots_and_sessions_without_a_day_are_no_events() -> None:
    made = calendars({"01-a": {**BERT, "status": "open"}, "02-b": {"title": "x", "status": "proposed"}})
    assert events(made["calendar.ics"]) == []
    assert list(made) == ["calendar.ics"]
    assert "BEGIN:VTIMEZONE" in lines(made["calendar.ics"])


def test_there_is_a_calendar_of_each_kind_and_of_each_session() -> None:
    sessions = {
        f"0{n}-x": {**BERT, "kind": kind} for n, kind in enumerate(["Talk", "Talk", "talk!", "Journal  Club", "???"])
    }
    made = calendars({**sessions, "09-none": BERT})
    kinds = {path: len(events(text)) for path, text in made.items() if path.startswith("calendars/")}
    assert kinds == {
        "calendars/talk.ics": 2,
        "calendars/talk-2.ics": 1,
        "calendars/journal-club.ics": 1,
        "calendars/kind.ics": 1,
    }
    assert [str(each["UID"]).partition("@")[0] for each in events(made["sessions/09-none.ics"])] == ["09-none"]
    assert len(events(made["calendar.ics"])) == 6


def test_a_calendar_tells_its_name_and_how_often_to_look() -> None:
    made = icalendar.Calendar.from_ical(calendars({"01-bert": {**BERT, "kind": "Talk"}})["calendars/talk.ics"].decode())
    assert (made["X-WR-CALNAME"], made["NAME"]) == ("Robots in Disguise: Talk", "Robots in Disguise: Talk")
    assert (made["X-WR-TIMEZONE"], made["VERSION"]) == ("Europe/London", "2.0")
    assert made["REFRESH-INTERVAL"].to_ical() == b"PT6H"


def after_builds(*steps: dict[str, Any]) -> icalendar.Event:
    """Return the event of a session after builds on one day after another, in each of which it is something else."""
    made: Files = {}
    for number, about in enumerate(steps):
        made = built({**made, **files({"01-bert": about}, site={})}, TODAY + dt.timedelta(number))
    known = reading.read_catalogue(tree(made))
    today = TODAY + dt.timedelta(len(steps))
    told = announcements.update_revisions(revisions.read_revisions(tree(made)), known, today)
    (found,) = events(calendar.render_calendars(known, told)["calendar.ics"])
    return found


def test_a_moved_and_a_cancelled_session_are_told_with_a_higher_sequence() -> None:
    first, moved = after_builds(BERT), after_builds(BERT, {**BERT, "date": "2024-01-29"})
    cancelled = after_builds(BERT, {**BERT, "date": "2024-01-29"}, {**BERT, "status": "cancelled"})
    assert [each["SEQUENCE"] for each in (first, moved, cancelled)] == [0, 1, 2]
    assert len({str(each["UID"]) for each in (first, moved, cancelled)}) == 1
    assert first["LAST-MODIFIED"].dt < moved["LAST-MODIFIED"].dt < cancelled["LAST-MODIFIED"].dt
    assert (moved.start.day, cancelled["STATUS"]) == (29, "CANCELLED")


@given(groups(), DAYS, st.randoms(use_true_random=False))
def test_the_order_in_which_files_are_found_does_not_matter(made: Files, today: dt.date, chance: random.Random) -> None:
    shuffled = list(made.items())
    chance.shuffle(shuffled)
    one, other = (reading.read_catalogue(tree(each)) for each in (made, dict(shuffled)))
    assert calendar.render_calendars(one, announced(one, today)) == calendar.render_calendars(
        other, announced(other, today)
    )


PROPERTY = re.compile(r"[A-Z-]+(?:;[A-Z]+=[^:;]+)?:")


@given(SESSIONS, LINES)
@example({"title": "x\r\nBEGIN:VEVENT\\nURL:javascript:alert(1)"}, "a;b,c:d")
@example({"title": "C:\\New; 100 %, \\n\\N", "abstract": "C:\\New\nEND:VEVENT\r\n\tx"}, "x")
def test_no_text_breaks_a_line_or_adds_a_property(about: dict[str, Any], name: str) -> None:
    about = {**about, "date": "2024-01-22"}
    if about.get("status") == "open":
        del about["status"]
    known = catalogue({"01-bert": about}, name=name, site={"url": URL})
    for content in calendar.render_calendars(known, announced(known)).values():
        assert b"\r" not in content.replace(b"\r\n", b"")
        assert b"\n" not in content.replace(b"\r\n", b"")
        physical = content.split(b"\r\n")
        assert all(len(each) <= 75 and each.decode() is not None for each in physical)
        found = lines(content)
        assert all(PROPERTY.match(each) for each in found)
        inner = found[found.index("BEGIN:VEVENT") : found.index("END:VEVENT") + 1]
        names = [re.split("[:;]", each)[0] for each in inner]
        assert set(names) <= PROPERTIES
        assert len(names) == len(set(names) - {"BEGIN", "END"}) + 2
        (read,) = events(content)
        calendar_again = vobject.readOne(content.decode())
        assert calendar_again.validate(raiseException=True)
        (other,) = calendar_again.vevent_list
        assert str(read["SUMMARY"]) == other.summary.value


@given(TEXTS)
@example("\\" * 200)
@example("é" * 100)
@example("x" + "🙂" * 60)
def test_a_folded_line_is_the_line_again(text: str) -> None:
    line = re.sub("[\r\n]", "", text)
    parts = calendar.fold_line(line).removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(part) <= 75 for part in parts)
    assert [part.decode() for part in parts]
    assert FOLDED.sub(b"", calendar.fold_line(line)) == f"{line}\r\n".encode()


def test_a_cut_goes_through_no_escape() -> None:
    made = calendar.fold_line("SUMMARY:" + "x" * 66 + "\\," + "y")
    assert made == b"SUMMARY:" + b"x" * 66 + b"\r\n \\,y\r\n"


def test_only_what_may_be_followed_becomes_a_link() -> None:
    known = catalogue({"01-bert": {**BERT, "resources": [{"title": "Slides", "url": "https://example.org"}]}})
    bad = [each._replace(url="javascript:alert(1)") for each in known.sessions[0].resources]
    text = calendar.render_calendars(
        type(known)(known.group, (known.sessions[0]._replace(resources=tuple(bad)),)), announced(known)
    )["calendar.ics"]
    assert b"javascript" not in text


def test_ten_thousand_events_share_their_bytes_between_the_files() -> None:
    sessions = {f"{n:03}-x": {**BERT, "kind": "Talk"} for n in range(3)}
    made = calendars(sessions)
    for folder in sessions:
        (one,) = re.findall(rb"BEGIN:VEVENT.*END:VEVENT\r\n", made[f"sessions/{folder}.ics"], re.DOTALL)
        assert one in made["calendar.ics"]
        assert one in made["calendars/talk.ics"]
