"""Expressions that are looked for in many texts, by the letters that each of them needs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readingroom.importer.vocabulary import matcher
from readingroom.parsing.vocabulary import get_expressions

SOUGHT = [*get_expressions("status", "cancelled", "postponed"), *get_expressions("people", "institution")]


@given(st.sampled_from(SOUGHT).flatmap(lambda each: st.tuples(st.just(each), st.from_regex(each, fullmatch=True))))
def test_what_an_expression_matches_holds_the_letters_that_it_needs(made: tuple[str, str]) -> None:
    expression, text = made
    assert len(matcher.extract_required_letters(expression)) > 1
    assert matcher.extract_required_letters(expression) in text


@pytest.mark.parametrize(
    "text", ["Cancelled", "the talk is CALLED OFF", "Rings", "", "fällt heute leider aus", "已取消"]
)
def test_a_text_is_searched_as_one_pattern_would(text: str) -> None:
    expressions = get_expressions("status", "cancelled")
    wanted = re.search("|".join(expressions), text, re.IGNORECASE)
    assert matcher.ExpressionMatcher(expressions).matches_text(text) == (wanted is not None)


def test_texts_are_held_against_expressions_in_lower_case() -> None:
    for name in ("cancelled", "postponed", "open", "none", "holiday", "meeting", "reason", "today", "no", "no_after"):
        for expression in get_expressions("status", name):
            letters = re.sub(r"\\[a-zA-Z]", "", expression)
            assert letters == letters.lower()
