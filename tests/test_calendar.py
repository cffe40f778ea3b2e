"""Calendars: the right moment in every time zone, every change announced, and no text that reaches beyond its line."""

import dataclasses
import datetime as dt
import json
import random
import re
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calendars import FOLDED, PROPERTIES, URL, announced, calendars, event, events, lines
from groups import DAYS, READING, TODAY, Files, built, catalogue, files, groups, outline, tree
from readers import Moment, read_all
from readingroom.render import announcements
from readingroom.site import calendar, description, json_data
from readingroom.store import catalogue as reading
from readingroom.store import revisions
from readingroom.store.catalogue import Catalogue
from readingroom.text import plain
from strategies import LINES, SESSIONS, TEXTS, TIMES

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
    sessions = {f"{n:03}-x": {"date": str(day), "time": time, "duration": 20} for n, (day, time) in enumerate(slots)}
    made = calendars(sessions, time_zone=zone)["calendar-all.ics"]
    wanted = {(day, time) for day, time in slots}
    assert {(each.start.date(), f"{each.start:%H:%M}") for each in events(made)} == wanted
    found = vobject.readOne(made.decode())
    assert len(found.vevent_list) == len(slots)
    for each in found.vevent_list:
        start = each.dtstart.value
        assert (start.date(), f"{start:%H:%M}") in wanted
        assert start.utcoffset() == start.replace(tzinfo=ZoneInfo(zone)).utcoffset(), start
        assert each.dtend.value.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(minutes=20)


@pytest.mark.parametrize(
    ("date", "time", "start", "end"),
    [
        ("2024-10-27", "00:30", ":20241026T233000Z", ":20241027T013000Z"),  # it ends in the hour that comes twice
        ("2024-10-26", "23:30", ";TZID=Europe/London:20241026T233000", ";TZID=Europe/London:20241027T003000"),
        ("2024-10-27", "01:30", ":20241027T003000Z", ":20241027T013000Z"),
        ("2024-03-31", "01:30", ":20240331T013000Z", ":20240331T023000Z"),
        ("2024-03-31", "00:30", ";TZID=Europe/London:20240331T003000", ";TZID=Europe/London:20240331T023000"),
    ],
)
def test_a_time_that_a_clock_skips_or_shows_twice_is_given_in_utc(date: str, time: str, start: str, end: str) -> None:
    duration = 120 if time == "00:30" and "10-27" in date else 60
    about = {**BERT, "date": date, "time": time, "duration": duration}
    made = lines(calendars({"01-bert": about})["calendar-all.ics"])
    assert {f"DTSTART{start}", f"DTEND{end}"} <= set(made)


def test_a_session_without_a_time_takes_the_day() -> None:
    made = event({"title": "Bert", "date": "2024-01-22"})
    assert (made.start, made["DTEND"].dt, made["SEQUENCE"]) == (dt.date(2024, 1, 22), dt.date(2024, 1, 23), 0)


@pytest.mark.parametrize(
    ("date", "line"),
    [
        ("1969-07-21", "DTSTART:19690721T100000Z"),
        ("2101-01-03", "DTSTART:21010103T110000Z"),
        ("0999-01-03", "DTSTART:09990103T110115Z"),
    ],
)
def test_a_year_without_known_rules_is_written_in_utc(date: str, line: str) -> None:
    made = lines(calendars({"01-bert": {**BERT, "date": date}})["calendar-all.ics"])
    assert line in made
    assert "BEGIN:VTIMEZONE" not in made


def test_a_day_that_utc_cannot_express_is_written_as_a_day() -> None:
    about = {**BERT, "date": "0001-01-01", "time": "00:10"}
    made = calendars({"01-bert": about}, time_zone="Asia/Kathmandu")["calendar-all.ics"]
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
def test_the_status_is_written_twice_for_calendars_that_do_not_show_it(status: str, said: str, shown: str) -> None:
    made = event({**BERT, "status": status}, site={"alarm": 15})
    assert (made["STATUS"], made["SUMMARY"]) == (said, shown)
    assert bool(made.walk("VALARM")) == (status in {"confirmed", "tbc"})


def test_free_slots_and_sessions_without_a_day_are_no_events() -> None:
    made = calendars({"01-a": {**BERT, "status": "open"}, "02-b": {"title": "x", "status": "proposed"}})
    assert events(made["calendar.ics"]) == []
    assert list(made) == ["calendar.ics", "calendar-all.ics"]
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


def test_a_calendar_says_its_name_and_how_often_to_look() -> None:
    made = icalendar.Calendar.from_ical(calendars({"01-bert": {**BERT, "kind": "Talk"}})["calendars/talk.ics"].decode())
    assert (made["X-WR-CALNAME"], made["NAME"]) == ("Robots in Disguise: Talk", "Robots in Disguise: Talk")
    assert (made["X-WR-TIMEZONE"], made["VERSION"]) == ("Europe/London", "2.0")
    assert made["REFRESH-INTERVAL"].to_ical() == b"PT6H"


def calendars_after(
    *steps: dict[str, Any] | None, today: dt.date | None = None, zones: Sequence[str] = ("Europe/London",)
) -> Files:
    """Return the calendars after builds on one day after another, in each of which a session is something else."""
    made: Files = {}
    for number, about in enumerate(steps):
        made = {path: text for path, text in made.items() if path != "sessions/01-bert/session.yml"}
        sessions = {} if about is None else {"01-bert": about}
        zone = zones[min(number, len(zones) - 1)]
        made = built({**made, **files(sessions, site={}, time_zone=zone)}, TODAY + dt.timedelta(number))
    known = reading.read_catalogue(tree(made))
    today = today or TODAY + dt.timedelta(len(steps))
    announced_log = announcements.update_revisions(revisions.read_revisions(tree(made)), known, today)
    return calendar.render_calendars(known, announced_log, today)


def after_builds(*steps: dict[str, Any] | None, zones: Sequence[str] = ("Europe/London",)) -> icalendar.Event:
    """Return the event of that session."""
    (found,) = events(calendars_after(*steps, zones=zones)["calendar.ics"])
    return found


def test_a_moved_and_a_cancelled_session_are_announced_with_a_higher_sequence() -> None:
    first, moved = after_builds(BERT), after_builds(BERT, {**BERT, "date": "2024-01-29"})
    cancelled = after_builds(BERT, {**BERT, "date": "2024-01-29"}, {**BERT, "status": "cancelled"})
    assert [each["SEQUENCE"] for each in (first, moved, cancelled)] == [0, 1, 2]
    assert len({str(each["UID"]) for each in (first, moved, cancelled)}) == 1
    assert first["LAST-MODIFIED"].dt < moved["LAST-MODIFIED"].dt < cancelled["LAST-MODIFIED"].dt
    assert (moved.start.day, cancelled["STATUS"]) == (29, "CANCELLED")


POSTPONED = {"title": "Bert", "time": "11:00", "status": "postponed", "abstract": "Later."}
ABOUT = {**BERT, "room": "Enigma", "abstract": "Words.", "leads": [{"name": "Ada"}]}


@pytest.mark.parametrize(
    ("after", "shown"),
    [
        (POSTPONED, "Bert (postponed)"),
        ({"title": "Bert", "status": "proposed"}, "Bert (looks for a date)"),
        ({"status": "open", "date": "2024-01-22"}, "Cancelled session"),
        ({"status": "open", "date": "2024-02-05"}, "Cancelled session"),
        ({"title": "Bert"}, "Cancelled session"),  # a shelf
        (None, "Cancelled session"),
    ],
)
def test_an_event_that_is_withdrawn_is_cancelled_on_the_day_that_was_announced(
    after: dict[str, Any] | None, shown: str
) -> None:
    before, found = after_builds(ABOUT), after_builds(ABOUT, after)
    assert (found["STATUS"], found["TRANSP"], found["SUMMARY"]) == ("CANCELLED", "TRANSPARENT", shown)
    assert (found["UID"], found.start, found["DTEND"].dt) == (before["UID"], before.start, before["DTEND"].dt)
    assert (before["SEQUENCE"], found["SEQUENCE"]) == (0, 1)
    assert found["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    again = after_builds(ABOUT, after, after)
    assert again.to_ical() == found.to_ical()


def test_nothing_of_the_text_of_a_removed_folder_stays_and_it_goes_after_thirty_days() -> None:
    made = calendars_after(ABOUT, None)
    assert list(made) == ["calendar.ics", "calendar-all.ics"]
    assert set(events(made["calendar.ics"])[0]) == {
        *("UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE"),
        *("DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP"),
    }
    for days, count in ((30, 1), (31, 0)):
        later = calendars_after(ABOUT, None, today=dt.date(2024, 1, 22) + dt.timedelta(days))
        assert [len(events(later[path])) for path in ("calendar.ics", "calendar-all.ics")] == [count, count]


def test_an_event_that_comes_back_is_the_same_with_a_higher_sequence() -> None:
    for after in (None, POSTPONED, {"status": "open", "date": "2024-01-22"}):
        first, back = after_builds(ABOUT), after_builds(ABOUT, after, {**ABOUT, "date": "2024-02-05"})
        assert (back["UID"], back["STATUS"], back.start.day) == (first["UID"], "CONFIRMED", 5)
        assert back["SEQUENCE"] == 2
        assert after_builds(ABOUT, after, ABOUT, POSTPONED).start == first.start


def test_a_slot_that_was_never_more_than_free_leaves_no_event() -> None:
    free = {"status": "open", "date": "2024-01-22"}
    for after in (None, POSTPONED, {**free, "date": "2024-01-29"}):
        assert events(calendars_after(free, after)["calendar-all.ics"]) == []


def test_an_event_that_was_withdrawn_keeps_its_moment_in_another_time_zone_of_the_group() -> None:
    before = after_builds(ABOUT)
    for after in (None, POSTPONED):
        found = after_builds(ABOUT, after, after, zones=("Europe/London", "America/New_York"))
        assert found.start == before.start
        assert found["DTEND"].dt == before["DTEND"].dt


def test_a_session_that_is_postponed_stays_in_the_calendars_of_its_kind_and_its_lead() -> None:
    about = {**ABOUT, "kind": "Talk"}
    made = calendars_after(about, {**POSTPONED, "kind": "Talk", "leads": about["leads"]})
    for path in ("calendars/talk.ics", "leads/ada.ics", "sessions/01-bert.ics", "calendar-all.ics"):
        (found,) = events(made[path])
        assert (found["STATUS"], found["DESCRIPTION"]) == ("CANCELLED", "Led by Ada.\n\nLater.")


def test_the_event_of_a_folder_that_git_renames_stays_the_same() -> None:
    made = built(files({"01-bert": ABOUT}, site={}))
    record = {path: text for path, text in made.items() if "01-bert" not in path}
    renamed = built({**record, **files({"01-bret": ABOUT}, site={})}, TODAY + dt.timedelta(1))
    known, announced_log = reading.read_catalogue(tree(renamed)), revisions.read_revisions(tree(renamed))
    found = events(calendar.render_calendars(known, announced_log, TODAY + dt.timedelta(1))["calendar.ics"])
    shown = [(str(each["UID"]).partition("@")[0], each["STATUS"], each["SEQUENCE"]) for each in found]
    assert shown == [("01-bert", "CONFIRMED", 1)]


def test_an_event_that_vanished_with_an_earlier_release_is_cancelled() -> None:
    made = built(files({"01-bert": ABOUT}, site={}))
    made = built({**made, **files({"01-bert": POSTPONED}, site={})}, TODAY + dt.timedelta(1))
    known, log = reading.read_catalogue(tree(made)), revisions.read_revisions(tree(made))
    earlier = log.revisions["01-bert"]._replace(withdrawn="", end="", digests="", changed=())
    announced_log = announced(known, TODAY + dt.timedelta(2), dataclasses.replace(log, revisions={"01-bert": earlier}))
    assert announced_log.revisions["01-bert"] == log.revisions["01-bert"]._replace(changed=())
    (found,) = events(calendar.render_calendars(known, announced_log, TODAY)["calendar.ics"])
    assert (found["STATUS"], str(found.start)[:16], found["SEQUENCE"]) == ("CANCELLED", "2024-01-22 11:00", 1)


def test_an_event_that_an_earlier_release_gave_a_date_again_takes_place() -> None:
    made = built(files({"01-bert": ABOUT}, site={}))
    known, log = reading.read_catalogue(tree(made)), revisions.read_revisions(tree(made))
    earlier = log.revisions["01-bert"]._replace(withdrawn="2024-01-15", end="2024-01-15", digests="")
    announced_log = announced(known, TODAY, dataclasses.replace(log, revisions={"01-bert": earlier}))
    assert announced_log.revisions == log.revisions


def test_a_record_of_another_program_may_name_any_time_zone_and_time() -> None:
    made = built({**built(files({"01-bert": ABOUT}, site={})), "sessions/01-bert/session.yml": b"status: postponed"})
    known = reading.read_catalogue(tree(made))
    log = revisions.read_revisions(tree(made))
    for change in ({"zone": "Mars/Olympus"}, {"end": ""}, {"withdrawn": "9999-12-31T23:59", "end": "9999-12-31T23:59"}):
        forged = log.revisions["01-bert"]._replace(**change)
        announced_log = dataclasses.replace(log, revisions={"01-bert": forged}, zone="Pacific/Kiritimati")
        for zone in ("Europe/London", "America/New_York"):
            elsewhere = Catalogue(dataclasses.replace(known.group, time_zone=zone), known.sessions)
            (found,) = events(calendar.render_calendars(elsewhere, announced_log, TODAY)["calendar.ics"])
            assert found["STATUS"] == "CANCELLED"


def test_an_event_that_was_withdrawn_and_then_moved_stays_where_it_was_announced() -> None:
    made = built(files({"01-bert": {"title": "Bert", "date": "2023-12-31"}}, site={}))
    for about in ({"date": "2022-12-21", "status": "open"}, {"date": "2022-12-20"}):
        made = built({**made, **files({"01-bert": {"title": "Bert", **about}}, site={})})
    known, announced_log = reading.read_catalogue(tree(made)), revisions.read_revisions(tree(made))
    (found,) = events(calendar.render_calendars(known, announced_log, TODAY)["calendar.ics"])
    assert (str(found.start), announced_log.revisions["01-bert"].before) == ("2022-12-20", "2023-12-31")


@settings(max_examples=40)
@given(groups(), groups(), groups(), DAYS, st.integers(0, 40))
def test_no_event_disappears_before_its_day_is_past(
    first: Files, second: Files, third: Files, today: dt.date, days_between: int
) -> None:
    announced_log, found = revisions.RevisionLog(), {}
    for number, made in enumerate((first, second, third)):
        known, day = reading.read_catalogue(tree(made)), today + dt.timedelta(number * days_between)
        announced_log = announced(known, day, announced_log)
        before, shown = found, events(calendar.render_calendars(known, announced_log, day)["calendar.ics"])
        found = {str(each["UID"]): each for each in shown}
        for uid in before.keys() - found.keys():
            folder = uid.partition("@")[0]
            gone_after = 30 if f"sessions/{folder}/session.yml" not in made else 365
            assert dt.date.fromisoformat(str(before[uid].start)[:10]) < day - dt.timedelta(gone_after), folder
        for uid in before.keys() & found.keys():
            assert found[uid]["SEQUENCE"] >= before[uid]["SEQUENCE"]
            is_moved = found[uid].start != before[uid].start or found[uid]["STATUS"] != before[uid]["STATUS"]
            assert not is_moved or found[uid]["SEQUENCE"] > before[uid]["SEQUENCE"]


# What people subscribe to


def days(content: bytes) -> list[str]:
    return [str(each.start)[:10] for each in events(content)]


def test_the_calendar_to_subscribe_to_begins_twelve_months_back_and_another_holds_all() -> None:
    all_days = ["2019-05-01", "2023-01-14", "2023-01-15", "2024-01-15", "2031-01-01"]
    sessions = {f"0{n}-x": {"date": day, "kind": "Talk"} for n, day in enumerate(all_days)}
    made = calendars(sessions)
    assert days(made["calendar.ics"]) == days(made["calendars/talk.ics"]) == all_days[2:]
    assert days(made["calendar-all.ics"]) == all_days


def test_an_event_that_was_moved_far_back_stays_until_its_former_day_is_past() -> None:
    moved = {**BERT, "date": "2021-01-22"}
    assert days(calendars_after(BERT, moved)["calendar.ics"]) == ["2021-01-22"]
    assert days(calendars_after(BERT, moved, today=dt.date(2025, 1, 22))["calendar.ics"]) == ["2021-01-22"]
    assert days(calendars_after(BERT, moved, today=dt.date(2025, 1, 23))["calendar.ics"]) == []


def test_a_leap_day_has_a_day_twelve_months_before_it() -> None:
    known = catalogue({"01-x": {"date": "2023-02-28"}})
    made = calendar.render_calendars(known, announced(known), dt.date(2024, 2, 29))
    assert days(made["calendar.ics"]) == ["2023-02-28"]


@pytest.mark.parametrize(
    ("length", "count", "omitted"),
    [(2_000, 300, b""), (8_000, 300, b"descriptions"), (8_000, 6_000, b"descriptions and what is after 20")],
)
def test_a_calendar_to_subscribe_to_is_never_larger_than_a_megabyte(length: int, count: int, omitted: bytes) -> None:
    sessions = {
        f"{n:05}-x": {"title": f"T{n}", "date": str(TODAY + dt.timedelta(n)), "abstract": "x" * length}
        for n in range(count)
    }
    made = calendars(sessions, site={"url": URL})
    assert len(made["calendar.ics"]) <= 1_000_000
    found = [path for path, content in made.items() if b"OMITTED" in content]
    assert found == (["calendar.ics"] if omitted else [])
    assert b"X-READINGROOM-OMITTED:" * bool(omitted) + omitted in made["calendar.ics"]
    whole, recent = (re.findall(rb"UID:(\d+)", made[path]) for path in ("calendar-all.ics", "calendar.ics"))
    assert len(whole) == count
    assert recent == whole[: len(recent)]
    assert (len(recent) < count) == (b"after" in omitted)
    assert outline(calendar.check_calendar_sizes(made)) == [f"{path} [calendar-shortened]" for path in found]


def test_a_calendar_says_what_it_is_about_where_it_comes_from_and_its_colour() -> None:
    site = {"url": URL, "colour": "#8b1a20", "text": "We *read*; one paper, each week.\n\nC:\\New"}
    made = calendars({"01-bert": {**BERT, "kind": "Talk", "leads": [{"name": "Ada"}]}}, site=site)
    for path in ("calendar.ics", "calendars/talk.ics", "leads/ada.ics"):
        found = lines(made[path])
        assert {
            f"SOURCE;VALUE=URI:{URL}/{path}",
            f"URL:{URL}/",
            "COLOR:firebrick",
            "X-APPLE-CALENDAR-COLOR:#8b1a20",
        } <= {*found}
        for key in ("DESCRIPTION", "X-WR-CALDESC"):
            assert f"{key}:We read\\; one paper\\, each week.\\n\\nC:\\\\New" in found
    assert not [each for each in lines(made["sessions/01-bert.ics"]) if each.startswith("SOURCE")]
    assert "DESCRIPTION:Sessions of Robots in Disguise" in lines(calendars({"01-bert": BERT})["calendar.ics"])


# What other programs read


@given(st.lists(TEXTS, min_size=3, max_size=3))
@example(["C:\\New", "C:\\new; D:\\Notes, 100 %", 'C:\\New\n\\n\\N\\;\\,\\\\n\n: ^n ^\' "x"'])
@example(["\\", "\\;", "\\,"])
@example(["x" * 74 + "\\n", "é" * 80, "🙂\\" * 60])
def test_every_text_comes_back_equal_from_three_libraries(texts: list[str]) -> None:
    known = catalogue({"01-bert": BERT})
    title, room, abstract = texts
    session = known.sessions[0]._replace(title=f"T {title}", room=f"R {room}", abstract=f"A {abstract}")
    made = calendar.render_calendars(Catalogue(known.group, (session,)), announced(known), TODAY)["calendar.ics"]
    wanted = (
        description.format_headline(session),
        plain.clean_line(session.room),
        description.render_description(session, known.group),
    )
    for name, read in read_all(made).items():
        assert [(each.summary, each.location, each.description) for each in read] == [wanted], name


SLOTS = st.fixed_dictionaries(
    {"date": st.dates(dt.date(1971, 1, 2), dt.date(2099, 12, 30)).map(str)},
    optional={
        "time": TIMES,
        "duration": st.integers(1, 1440),
        "status": st.sampled_from(["confirmed", "tbc", "cancelled", "postponed", "proposed"]),
    },
)
NIGHTS = st.sampled_from(
    ["2024-03-31", "2024-10-27", "2024-03-10", "2024-11-03", "2024-04-07", "2024-10-06", "2026-03-22"]
)
NIGHT_SLOTS = st.builds(
    lambda date, hour, minute, duration: {"date": date, "time": f"{hour:02}:{minute:02}", "duration": duration},
    NIGHTS, st.integers(0, 4), st.sampled_from([0, 15, 30, 59]), st.sampled_from([15, 60, 180]),
)  # fmt: skip


@pytest.mark.parametrize(
    "zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"]
)
@settings(max_examples=20)
@given(slots=st.lists(SLOTS | NIGHT_SLOTS, min_size=1, max_size=8))
def test_every_session_has_the_same_moments_in_the_data_and_as_three_libraries_read_the_calendar(
    zone: str, slots: list[dict[str, Any]]
) -> None:
    known = catalogue({f"{n:02}-x": {"title": "x", **slot} for n, slot in enumerate(slots)}, time_zone=zone)
    announced_log = announced(known)
    made = calendar.render_calendars(known, announced_log, TODAY)["calendar-all.ics"]
    data = json.loads(json_data.render_json_files(known, announced_log)["sessions.json"])["sessions"]
    wanted = {each["folder"]: tuple(to_moments(each)) for each in data}
    assert len(wanted) == len(slots)
    for name, read in read_all(made).items():
        assert {each.uid.partition("@")[0]: (each.start, each.end) for each in read} == wanted, name


def to_moments(about: dict[str, Any]) -> Iterator[Moment]:
    """Yield the start and the end of a session in the data: seconds since 1970, or the day and the one after it."""
    if "start" in about:
        yield from (int(dt.datetime.fromisoformat(about[key]).timestamp()) for key in ("start", "end"))
    else:
        yield about["date"]
        yield str(dt.date.fromisoformat(about["date"]) + dt.timedelta(1))


@given(groups(), DAYS, st.randoms(use_true_random=False))
def test_the_order_in_which_files_are_found_does_not_matter(made: Files, today: dt.date, chance: random.Random) -> None:
    shuffled = list(made.items())
    chance.shuffle(shuffled)
    one, other = (reading.read_catalogue(tree(each)) for each in (made, dict(shuffled)))
    assert calendar.render_calendars(one, announced(one, today), today) == calendar.render_calendars(
        other, announced(other, today), today
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
    for content in calendar.render_calendars(known, announced(known), TODAY).values():
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
        type(known)(known.group, (known.sessions[0]._replace(resources=tuple(bad)),)), announced(known), TODAY
    )["calendar.ics"]
    assert b"javascript" not in text


def test_ten_thousand_events_share_their_bytes_between_the_files() -> None:
    sessions = {f"{n:03}-x": {**BERT, "kind": "Talk"} for n in range(3)}
    made = calendars(sessions)
    for folder in sessions:
        (one,) = re.findall(rb"BEGIN:VEVENT.*END:VEVENT\r\n", made[f"sessions/{folder}.ics"], re.DOTALL)
        assert one in made["calendar.ics"]
        assert one in made["calendars/talk.ics"]
