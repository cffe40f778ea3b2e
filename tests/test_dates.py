"""A day as people type it."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readingroom.parsing import dates

UK, US, ISO = ("dd/MM/yy", "en_GB"), ("MM/dd/yyyy", "en_US"), ("yyyy-MM-dd", "en_GB")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-01-15", "2024-01-15"),
        ("2024/1/5", "2024-01-05"),
        ("15 January 2024", "2024-01-15"),
        ("January 15th, 2024", "2024-01-15"),
        ("Monday 15 January 2024", "2024-01-15"),
        ("Mon, 15 Jan 2024", "2024-01-15"),
        ("15. Jan. 2024", "2024-01-15"),
        ("the 15th of january 2024", "2024-01-15"),
        ("3 Sept 2024", "2024-09-03"),
        ("15/01/24", "2024-01-15"),
        ("15.01.2024", "2024-01-15"),
        ("15-1-2024", "2024-01-15"),
        ("01/15/2024", "2024-01-15"),
        ("  15   January\t2024 ", "2024-01-15"),
        ("15 January 2024 (Monday)", "2024-01-15"),
        ("15 January 2024, Monday", "2024-01-15"),
        ("2024-01-15 (Mon)", "2024-01-15"),
        ("Thurs 18 Jan 2024", "2024-01-18"),
        ("Tues 16 Jan 2024", "2024-01-16"),
        ("Weds. 17 Jan 2024", "2024-01-17"),
        ("15. 1. 2024", "2024-01-15"),
        ("15.01.2024.", "2024-01-15"),
        ("2024 January 15", "2024-01-15"),
    ],
)
def test_a_day_is_read_in_the_clear_ways(text: str, day: str) -> None:
    assert dates.parse_day(text, *UK) == dates.ParsedDay(dt.date.fromisoformat(day))


@pytest.mark.parametrize(
    ("setting", "day"),
    [(UK, "2024-09-05"), (US, "2024-05-09"), (ISO, "2024-09-05"), (("yyyy-MM-dd", "en_US"), "2024-05-09")],
)
def test_a_day_that_could_be_two_is_read_in_the_groups_order_and_marked(setting: tuple[str, str], day: str) -> None:
    read = dates.parse_day("05/09/2024", *setting)
    assert str(read.date) == day
    assert {str(read.date), str(read.other)} == {"2024-05-09", "2024-09-05"}
    assert read.first == ("day" if day == "2024-09-05" else "month")


@pytest.mark.parametrize(
    ("text", "locale"),
    [("1 fevrier 2024", "fr_FR"), ("1ro de febrero de 2024", "es_ES"), ("1º de fevereiro de 2024", "pt_BR")],
)
def test_names_without_their_accents_and_ordinals_are_read(text: str, locale: str) -> None:
    assert dates.parse_day(text, "dd/MM/yy", locale).date == dt.date(2024, 2, 1)


def test_a_day_that_is_the_same_in_any_order_is_not_ambiguous() -> None:
    assert dates.parse_day("05/05/2024", *UK).other is None


@pytest.mark.parametrize(
    ("text", "date_format", "day", "other", "first"),
    [
        ("24-01-15", "yy-MM-dd", "2024-01-15", "2015-01-24", "year"),
        ("10/11/12", "yy/MM/dd", "2010-11-12", "2012-11-10", "year"),
        ("10.11.12", "yy/MM/dd", "2010-11-12", "2012-11-10", "year"),
        ("24-01-32", "yy-MM-dd", "2032-01-24", "None", ""),
        ("24 January 15", "yy MMM dd", "2024-01-15", "2015-01-24", "year"),
        ("10/10/10", "yy/MM/dd", "2010-10-10", "None", ""),
        # A group that writes whole years, the default, did not mean its own order if other signs stand between.
        ("24-01-15", "yyyy-MM-dd", "2024-01-15", "2015-01-24", "year"),
        ("15/01/24", "yyyy-MM-dd", "2024-01-15", "2015-01-24", "day"),
        ("15 January 24", "y-MM-dd", "2024-01-15", "None", ""),
    ],
)
def test_a_group_that_writes_the_year_first_reads_it_first(
    text: str, date_format: str, day: str, other: str, first: str
) -> None:
    read = dates.parse_day(text, date_format, "en_GB")
    assert (str(read.date), str(read.other), read.first) == (day, other, first)


def test_a_weekday_before_the_year_does_not_hide_that_the_year_is_first() -> None:
    assert str(dates.parse_day("05/09/2024", "EEEE yyyy-MM-dd", "en_GB").date) == "2024-09-05"


@pytest.mark.parametrize(
    ("text", "day"), [("Monday 05/02/2024", "2024-02-05"), ("05/02/2024 (Thursday)", "2024-05-02")]
)
def test_a_weekday_that_fits_one_order_alone_chooses_it(text: str, day: str) -> None:
    for setting in (UK, US):
        assert dates.parse_day(text, *setting) == dates.ParsedDay(dt.date.fromisoformat(day))


def test_a_weekday_that_fits_both_orders_leaves_the_day_ambiguous() -> None:
    assert str(dates.parse_day("Thursday 05/09/2024", *UK).other) == "2024-05-09"


def test_a_weekday_that_is_a_month_too_is_taken_for_what_makes_a_day() -> None:
    assert str(dates.parse_day("Mar 5, 2024", "dd/MM/yy", "es_ES").date) == "2024-03-05"
    assert str(dates.parse_day("mar 5 marzo 2024", "dd/MM/yy", "es_ES").date) == "2024-03-05"


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("15 janvier 2024", "fr_FR"),
        ("lundi 15 janvier 2024", "fr_FR"),
        ("15. Januar 2024", "de_DE"),
        ("Mo 15.01.2024", "de_DE"),
        ("Mo., 15.01.2024", "de_DE"),
    ],
)
def test_a_day_is_read_in_the_groups_language_and_in_english(text: str, locale: str) -> None:
    assert str(dates.parse_day(text, "dd.MM.yyyy", locale).date) == "2024-01-15"
    assert str(dates.parse_day("15 January 2024", "dd.MM.yyyy", locale).date) == "2024-01-15"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("15 January", "Expected: a day with its year"),
        ("Monday", "Expected: a day with its year"),
        ("Sunday 05/02/2024", "is a Monday, not a Sunday. Correct the day or its date"),
        ("15 January 2024" + " " * 9 + "x" * 90, "Expected: a day with its year"),
        ("next Monday", "Expected: a day with its year"),
        ("", "Expected: a day with its year"),
        ("Jun 9 - 15 2024", "Expected: a day with its year"),
        ("12. September 208", "Expected: a day with its year"),
        ("2024-02-30", "There is no such day"),
        ("29 February 2023", "There is no such day"),
        ("15/13/2024", "Expected: a day with its year"),
        ("Tuesday 15 January 2024", "is a Monday, not a Tuesday. Correct the day or its date"),
        ("١٥/٠١/٢٠٢٤", "Expected: a day with its year"),
    ],
)
def test_a_day_that_is_not_clear_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dates.parse_day(text, *UK)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Montag, 18. Januar 2027",
            "2027年1月18日",
            "2027年1月18日（月）",
            "2027년 1월 18일 (월)",
            "lundi 18 janvier 2027",
        ),
        *("segunda-feira, 18 de janeiro de 2027", "lunes 18 de enero de 2027", "18 januari 2027", "18 января 2027"),
    ],
)
def test_a_day_is_read_in_any_language_of_the_vocabulary(text: str) -> None:
    assert dates.parse_day(text, *UK) == dates.ParsedDay(dt.date(2027, 1, 18))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("18.1.2027 at 4pm", "4pm"),
        ("Mon 18 January 2027, 16:00-17:30", "16:00-17:30"),
        ("Montag, 18. Januar 2027 um 16 Uhr", "16 Uhr"),
        ("18 January 2027 (10:00 UTC)", "10:00 UTC"),
        ("2027-01-18T13:00", "13:00"),
        ("4pm, 18.1.2027", "4pm"),
    ],
)
def test_a_time_after_a_day_is_kept(text: str, time: str) -> None:
    day = dates.parse_day(text, *UK)
    assert (str(day.date), day.time) == ("2027-01-18", time)


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("15 January", "The year of 15 January is missing."),
        ("Jun 9 - 15 2024", "Is it 2024-06-09?"),
        ("2024-02-30", "February 2024 has 29 days."),
    ],
)
def test_a_refusal_names_what_was_understood(text: str, proposal: str) -> None:
    with pytest.raises(ValueError, match=re.escape(proposal)):
        dates.parse_day(text, *UK)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), st.sampled_from([UK, US, ISO]))
def test_a_day_as_it_is_written_is_read_back(day: dt.date, setting: tuple[str, str]) -> None:
    months_first = f"{day:%m/%d/%y}" if setting is US else f"{day:%d/%m/%y}"
    for text in (str(day), f"{day:%d %B %Y}", f"{day:%A, %B %d, %Y}", months_first):
        assert dates.parse_day(text, *setting).date == day


@given(st.text(max_size=40))
def test_no_text_is_more_than_a_day_or_a_refusal(text: str) -> None:
    try:
        dates.parse_day(text, *UK)
    except ValueError as error:
        assert str(error).startswith("found ")  # noqa: PT017
