"""A time of the day as people type it, with its end or without."""

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
        *("14", "25:00", "14:60", "13 pm", "0 am", "noon", "14:00-15:00-16:00", "١٤:٠٠", "14:00 x", "-", "14:00-"),
        *("4-2pm", "14:00-14:00", "11:00-1:00", "2 pm - 2 pm", "2pm-2:00", "4 pm - 2 pm", "14-15", "2-3", ""),
        "14:00" + "-" * 96,
    ],
)
def test_a_time_that_is_not_clear_is_refused_with_what_is_wanted(text: str) -> None:
    with pytest.raises(ValueError, match="Expected: a time of the day such as 14:00, or 14:00-15:30"):
        times.parse_time_range(text)


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
