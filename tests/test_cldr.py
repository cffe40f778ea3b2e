"""The names of months and weekdays as people spell them."""

import pytest

from readingroom.parsing import cldr, vocabulary


@pytest.mark.parametrize(
    ("language", "name", "number"),
    [
        ("fr", "février", 2),
        ("fr", "fevrier", 2),
        ("fr", "fevr", 2),
        ("de", "marz", 3),
        ("en", "sept", 9),
        ("de", "mrz", 3),
    ],
)
def test_months_are_named_whole_and_short_with_accents_and_without(language: str, name: str, number: int) -> None:
    assert dict(cldr.iter_month_names(language))[name] == number


@pytest.mark.parametrize(
    ("language", "name", "number"),
    [("es", "miércoles", 2), ("es", "sabado", 5), ("en", "thurs", 3), ("ko", "월요일", 0)],
)
def test_weekdays_are_named_with_monday_as_the_first(language: str, name: str, number: int) -> None:
    assert dict(cldr.iter_weekday_names(language))[name] == number


def test_names_keep_letters_that_are_no_accents() -> None:
    assert vocabulary.strip_accents("3월 août ø") == "3월 aout ø"
