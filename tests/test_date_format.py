"""Dates in a group's own pattern are those that Babel, which knows every pattern, writes."""

from __future__ import annotations

import datetime as dt

import pytest
from babel import Locale, localedata
from babel.dates import parse_pattern
from hypothesis import given
from hypothesis import strategies as st

from readingroom.core.date_format import Width, format_date, format_weekday

FIELDS = st.sampled_from(["yyyy", "yy", "y", "MM", "M", "MMM", "dd", "d", "/", ".", " ", "-", "年", "'of'", "EEE"])


@given(
    st.dates(),
    st.lists(FIELDS, min_size=1, max_size=6).map("".join),
    st.sampled_from(["en_GB", "de_DE", "ar_EG", "fa_IR", "zh_CN"]),
)
def test_a_date_is_written_as_babel_writes_it(date: dt.date, pattern: str, locale: str) -> None:
    try:
        expected = str(parse_pattern(pattern).apply(date, Locale.parse(locale)))
    except ValueError:
        with pytest.raises(ValueError, match="field"):
            format_date(date, pattern, locale)
        return
    assert format_date(date, pattern, locale) == expected


@pytest.mark.parametrize("width", Width)
def test_a_weekday_is_written_as_babel_writes_it(width: Width) -> None:
    for locale in filter(lambda each: each.startswith(("en", "de")), localedata.locale_identifiers()):
        names = Locale.parse(locale).days["format"][width]
        assert {day: format_weekday(dt.date(2024, 1, day + 1), locale, width) for day in range(7)} == dict(names)
