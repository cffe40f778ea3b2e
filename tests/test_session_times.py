"""When a session starts and ends, over every change of the clock."""

from typing import Any

import pytest

from groups import catalogue
from readingroom.core import session_times
from readingroom.core.models import Session

LONDON = "Europe/London"


def session(**about: Any) -> Session:
    return catalogue({"01-bert": about}).sessions[0]


@pytest.mark.parametrize(
    ("date", "time", "start", "end"),
    [
        ("2024-01-15", "11:00", "2024-01-15T11:00:00+00:00", "2024-01-15T12:30:00+00:00"),
        ("2024-07-15", "11:00", "2024-07-15T11:00:00+01:00", "2024-07-15T12:30:00+01:00"),
        ("2024-03-31", "00:30", "2024-03-31T00:30:00+00:00", "2024-03-31T03:00:00+01:00"),
        ("2024-03-31", "01:30", "2024-03-31T01:30:00+00:00", "2024-03-31T04:00:00+01:00"),
        ("2024-10-27", "00:30", "2024-10-27T00:30:00+01:00", "2024-10-27T01:00:00+00:00"),
        ("2024-10-27", "01:30", "2024-10-27T01:30:00+01:00", "2024-10-27T02:00:00+00:00"),
    ],
)
def test_a_session_takes_its_true_minutes(date: str, time: str, start: str, end: str) -> None:
    about = session(date=date, time=time, duration=90)
    begins, ends = session_times.compute_session_start(about, LONDON), session_times.compute_session_end(about, LONDON)
    assert begins
    assert ends
    assert (session_times.format_iso_datetime(begins), session_times.format_iso_datetime(ends)) == (start, end)


@pytest.mark.parametrize("about", [{"date": "2024-01-15"}, {"time": "11:00", "status": "proposed"}, {"title": "x"}])
def test_without_a_day_or_a_time_there_is_no_moment(about: dict[str, Any]) -> None:
    assert (
        session_times.compute_session_start(session(**about), LONDON),
        session_times.compute_session_end(session(**about), LONDON),
    ) == (None, None)


@pytest.mark.parametrize(
    ("date", "time", "zone"), [("9999-12-31", "23:30", LONDON), ("0001-01-01", "00:10", "Asia/Kathmandu")]
)
def test_an_end_that_no_clock_can_show_is_none(date: str, time: str, zone: str) -> None:
    assert session_times.compute_session_end(session(date=date, time=time), zone) is None


@pytest.mark.parametrize(
    ("date", "time", "zone", "start", "end"),
    [
        ("2024-01-15", "11:00", "Europe/London", "2024-01-15T11:00+00:00", "2024-01-15T12:00+00:00"),
        ("2024-07-15", "23:30", "America/New_York", "2024-07-15T23:30-04:00", "2024-07-16T00:30-04:00"),
        ("2024-01-15", "", "Europe/London", "2024-01-15", "2024-01-15"),
        ("0099-01-05", "11:00", "Europe/London", "0099-01-05T11:00", "0099-01-05T12:00"),
        ("9999-12-31", "23:30", "Europe/London", "9999-12-31T23:30+00:00", ""),
    ],
)
def test_html_gets_a_moment_with_its_offset_or_a_day(date: str, time: str, zone: str, start: str, end: str) -> None:
    made = session(date=date, **({"time": time} if time else {}))
    assert session_times.format_html_start(made, zone) == start
    assert session_times.format_html_end(made, zone) == end


def test_a_local_start_is_written_with_its_offset_and_a_day_as_it_is() -> None:
    assert session_times.format_local_start("2024-07-15T11:00", LONDON) == "2024-07-15T11:00:00+01:00"
    assert session_times.format_local_start("2024-07-15", LONDON) == "2024-07-15"
