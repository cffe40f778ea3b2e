"""The vocabulary of what people type."""

import ast
import itertools
import re
from pathlib import Path

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


SOURCE = Path(__file__).parent.parent / "src/readingroom"
MODULES = [path for folder in ("parsing", "proposals", "importer") for path in sorted((SOURCE / folder).rglob("*.py"))]
LISTS = ("common", "people", "resources", "dates", "heads")


def find_copies(source: str) -> list[str]:
    """Return the collections and expressions in a module that hold three or more words of the vocabulary."""
    roles = set(vocabulary.load_vocabulary()["roles"])
    known = frozenset[str]().union(*(words_of(section) for section in LISTS)) - roles
    found = []
    for node in ast.walk(ast.parse(source)):
        words: list[str] = []
        if isinstance(node, ast.List | ast.Set | ast.Tuple):
            words = [each.value for each in node.elts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count("|") > 1:
            words = re.findall(r"[^\W\d_]{2,}", node.value)
        if len({vocabulary.fold_word(word) for word in words} & known) > 2:
            found.append(ast.unparse(node))
    return found


def words_of(section: str) -> set[str]:
    lists = vocabulary.load_vocabulary()[section].values()
    return {vocabulary.fold_word(word) for words in lists if isinstance(words, list) for word in words if len(word) > 1}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_no_module_holds_a_copy_of_the_vocabulary(path: Path) -> None:
    assert find_copies(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source", ["A = ('and', 'und', 'et')", "A = {'none', 'nobody', 'tbc'}", "A = r'(?:to|bis|until)'"]
)
def test_a_copy_of_the_vocabulary_is_found(source: str) -> None:
    assert find_copies(source)
