"""Counted nouns and white space, for every package."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readingroom.text.phrases import format_count, normalize_whitespace


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 sessions"), (1, "1 session"), (2, "2 sessions"), (10_000, "10000 sessions")]
)
def test_a_noun_gets_an_s_unless_there_is_one(number: int, text: str) -> None:
    assert format_count(number, "session") == text


@given(st.text())
def test_white_space_is_single_spaces_between_words(text: str) -> None:
    assert normalize_whitespace(text).split(" ") == (text.split() or [""])
