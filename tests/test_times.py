"""A time of the day as people type it, with its end or without."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readingroom.parsing import times


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("14:00", ("14:00", None)),
        ("9:05", ("09:05", None)),
        ("14.30", ("14:30", None)),
        ("14h", ("14:00", None)),
        ("14h30", ("14:30", None)),
        ("2 pm", ("14:00", None)),
        ("2.30 p.m.", ("14:30", None)),
        ("12 am", ("00:00", None)),
        ("12 pm", ("12:00", None)),
        (" 14:00 ", ("14:00", None)),
        ("14:00-15:30", ("14:00", 90)),
        ("14:00 – 15:30", ("14:00", 90)),
        ("14:00  until\t15:30", ("14:00", 90)),
        ("2-3pm", ("14:00", 60)),
        ("11 am to 1 pm", ("11:00", 120)),
        ("23:30-00:30", ("23:30", 60)),
        ("9:00-18:00", ("09:00", 540)),
        ("9 am - 6 pm", ("09:00", 540)),
        ("noon", ("12:00", None)),
        ("noon-1pm", ("12:00", 60)),
        ("10 pm - midnight", ("22:00", 120)),
        ("20：30", ("20:30", None)),
        ("14 Uhr", ("14:00", None)),
        ("14:00 bis 15:00", ("14:00", 60)),
        ("11–12h", ("11:00", 60)),
    ],
)
def test_a_time_is_read_in_the_clear_ways(text: str, found: tuple[str, int | None]) -> None:
    assert times.parse_time_range(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("11:00 - 1:00 pm", ("11:00", 120)),
        ("10:30-12pm", ("10:30", 90)),
        ("11-1pm", ("11:00", 120)),
        ("11:30-12:30 pm", ("11:30", 60)),
        ("11 am-1", ("11:00", 120)),
        ("14:00-3pm", ("14:00", 60)),
        ("12-1pm", ("12:00", 60)),
        ("10 pm - 2", ("22:00", 240)),
        ("9-5pm", ("09:00", 480)),
        ("2 pm - 14:30", ("14:00", 30)),
    ],
)
def test_an_end_without_a_mark_is_what_makes_a_session_of_a_few_hours(text: str, found: tuple[str, int]) -> None:
    assert times.parse_time_range(text) == found


@pytest.mark.parametrize(
    "text",
    [
        *("14", "25:00", "14:60", "13 pm", "0 am", "14:00-15:00-16:00", "١٤:٠٠", "14:00 x", "-", "14:00-"),
        *("4-2pm", "14:00-14:00", "11:00-1:00", "2 pm - 2 pm", "2pm-2:00", "4 pm - 2 pm", "14-15", "2-3", ""),
        "14:00" + "-" * 96,
    ],
)
def test_a_time_that_is_not_clear_is_refused_with_what_is_wanted(text: str) -> None:
    with pytest.raises(ValueError, match="Expected: a time of the day such as 14:00, or 14:00-15:30"):
        times.parse_time_range(text)


@pytest.mark.parametrize(
    ("text", "proposal"),
    [("2-3", "14:00-15:00"), ("14", "14:00"), ("11:00-1:00", "11:00-13:00"), ("9-10", "09:00-10:00")],
)
def test_a_refusal_proposes_a_reading(text: str, proposal: str) -> None:
    with pytest.raises(ValueError, match=f"Is it {proposal}\\?"):
        times.parse_time_range(text)


LONDON = ("Europe/London", dt.date(2026, 4, 6))


@pytest.mark.parametrize("text", ["11am BST", "11:00 Europe/London", "11:00 (BST)"])
def test_the_groups_own_zone_may_be_named(text: str) -> None:
    assert times.parse_time_range(text, *LONDON) == ("11:00", None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "10:00 UTC",
            "a time in UTC. Expected: the time in Europe/London, the group's time zone, without a zone. Is it 11:00?",
        ),
        ("10:00 GMT", "Is it 11:00?"),
        ("23:30 -0500", "Is it 05:30 on 2026-04-07?"),
        ("11:00 UTC+2", "Is it 10:00?"),
        ("10:00 IST", "a time in IST. Expected: the time in Europe/London, the group's time zone, without a zone."),
        ("9-10 UTC", "a time in UTC. Expected: the time in Europe/London"),
    ],
)
def test_a_time_in_another_zone_is_refused_with_the_groups_zone(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        times.parse_time_range(text, *LONDON)


@pytest.mark.parametrize(
    ("text", "found", "typed"),
    [
        ("Thursday 6:30 PM", ("18:30", None, ""), "6:30 PM"),
        ("(10h30-12h30)", ("10:30", 120, ""), "10h30-12h30"),
        ("2.00-3.30pm", ("14:00", 90, ""), "2.00-3.30pm"),
        ("at 20：30", ("20:30", None, ""), "20：30"),
        ("2026-07-06 13:00 UTC: Nets", ("13:00", None, "UTC"), "13:00 UTC"),
        ("2026-07-08T13:00:00Z", ("13:00", None, "Z"), "13:00:00Z"),
        ("2026-03-09 23:30:00 -0500", ("23:30", None, "-0500"), "23:30:00 -0500"),
        ("2026-03-09T23:30:00-05:00", ("23:30", None, "-05:00"), "23:30:00-05:00"),
        ("10:00-11:30 (CEST), online", ("10:00", 90, "CEST"), "10:00-11:30 (CEST)"),
        ("lunch at noon.", ("12:00", None, ""), "noon"),
        ("5. Mai 2024, 14 Uhr c.t.", ("14:00", None, ""), "14 Uhr"),
        ("18.1.2027 at 4pm", ("16:00", None, ""), "4pm"),
    ],
)
def test_a_time_is_found_in_a_longer_text(text: str, found: tuple[str, int | None, str], typed: str) -> None:
    mention = times.find_time(text)
    assert mention is not None
    assert (mention.start, mention.duration, mention.zone) == found
    assert text[slice(*mention.span)] == typed


@pytest.mark.parametrize(
    "text", ["Section 3.14 of it", "Mondays 2-3", "week 4", "R5.4.14", "1:1 meeting", "3 hours", "a" * 5_000]
)
def test_other_numbers_are_no_time(text: str) -> None:
    assert times.find_time(text) is None


@pytest.mark.parametrize(
    ("zone", "minutes"),
    [("UTC", 0), ("Z", 0), ("CEST", 120), ("UTC+2", 120), ("-0530", -330), ("IST", None), ("X", None)],
)
def test_a_zone_has_its_minutes_east_of_utc_unless_it_means_several(zone: str, minutes: int | None) -> None:
    assert times.get_zone_offset(zone) == minutes


@given(st.text(max_size=60) | st.from_regex(r"[0-9:. apmhT+-]{0,30}", fullmatch=True))
def test_no_text_makes_finding_a_time_fail(text: str) -> None:
    for mention in times.iter_times(text):
        assert text[slice(*mention.span)]
        times.get_zone_offset(mention.zone)


@given(st.integers(0, 23), st.integers(0, 59), st.integers(1, 480))
def test_a_time_and_its_end_are_read_back(hour: int, minute: int, length: int) -> None:
    start, end = hour * 60 + minute, (hour * 60 + minute + length) % (24 * 60)
    whole = f"{hour:02}:{minute:02}", length
    assert times.parse_time_range(f"{whole[0]}-{end // 60:02}:{end % 60:02}") == whole
    halves = [f"{each // 60 % 12 or 12}:{each % 60:02}" for each in (start, end)]
    marks = ["pm" if each >= 720 else "am" for each in (start, end)]
    assert times.parse_time_range(f"{halves[0]} {marks[0]} - {halves[1]} {marks[1]}") == whole
    for text in (f"{halves[0]} {marks[0]} - {halves[1]}", f"{halves[0]} - {halves[1]} {marks[1]}"):
        assert times.parse_time_range(text) == whole
