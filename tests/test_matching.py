"""Words are compared as people mean them, and the nearest known one is suggested."""

from __future__ import annotations

import pytest

from readingroom.text import matching


@pytest.mark.parametrize(
    ("one", "other"),
    [("David Blackwell", " david  blackwell\n"), ("Café", "cafe\u0301"), ("STRASSE", "straße"), ("İ", "i\u0307")],
)
def test_texts_that_differ_in_case_spaces_or_encoding_are_the_same(one: str, other: str) -> None:
    assert matching.normalize_text(one) == matching.normalize_text(other)


@pytest.mark.parametrize(("one", "other"), [("Cafe", "Café"), ("Room 1", "Room1"), ("a-b", "a b")])
def test_other_texts_are_not(one: str, other: str) -> None:
    assert matching.normalize_text(one) != matching.normalize_text(other)


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("leeds", ["title", "leads"], "leads"),
        ("TITLE", ["title", "leads"], "title"),
        ("le\u200bads", ["title", "leads"], "leads"),
        ("technical", ["Technical", "Discussion"], "Technical"),
        ("party", ["Technical", "Discussion"], ""),
        ("x", [], ""),
    ],
)
def test_the_nearest_word_is_one_that_was_probably_meant(word: str, known: list[str], near: str) -> None:
    assert matching.find_closest_word(word, known) == near


def test_a_word_is_suggested_or_what_is_said_otherwise() -> None:
    assert matching.suggest_word("leeds", ["leads"], "Expected: leads.") == 'Did you mean "leads"?'
    assert matching.suggest_word("x", ["leads"], "Expected: leads.") == "Expected: leads."
    assert not matching.suggest_word("x", ["leads"])
