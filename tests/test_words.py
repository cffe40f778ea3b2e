"""The vocabulary of what people type."""

import itertools
import re

import pytest

from readingroom.parsing import vocabulary


@pytest.mark.parametrize(
    ("label", "role"),
    [("Speaker:", "lead"), ("PRÉSENTÉ PAR", "lead"), ("Titel", "title"), ("发表者", "lead"), ("Grafik", ""), ("", "")],
)
def test_a_label_names_its_role_in_any_case_and_without_accents(label: str, role: str) -> None:
    assert vocabulary.find_role(label) == role


def test_every_expression_of_the_vocabulary_is_valid() -> None:
    for section in ("common", "people", "status", "dates", "headings"):
        lists = vocabulary.load_vocabulary()[section]
        for expression in itertools.chain(*(each for each in lists.values() if isinstance(each, list))):
            if expression != "?":
                re.compile(expression)


@pytest.mark.parametrize("text", ["Last revised 3 March", "最近更新：3月", "Mise à jour le 3 mars"])
def test_words_of_a_changed_page_are_found(text: str) -> None:
    assert vocabulary.build_pattern("common", "updated").search(text)


def test_no_list_of_words_has_an_entry_twice() -> None:
    for section in vocabulary.load_vocabulary().values():
        for words in section.values():
            assert not isinstance(words, list) or len(words) == len(set(words))
