"""The table of characters covers what Unicode says of them."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest

from readingroom.store import schema
from readingroom.text import characters, escape

# https://www.unicode.org/Public/16.0.0/ucd/DerivedCoreProperties.txt, Default_Ignorable_Code_Point
DEFAULT_IGNORABLE = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
IGNORABLE = {chr(code) for first, last in DEFAULT_IGNORABLE for code in range(first, last + 1)}
# What words are written with: joiners, selectors of a variant, and the fillers of Khmer, Mongolian and Hangul.
NEEDED = {
    *"\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u200c\u200d",
    *map(chr, range(0xFE00, 0xFE10)),
    *map(chr, range(0xE0100, 0xE01F0)),
}
BIDI_MARKS = {"\u061c", "\u200e", "\u200f"}
BIDI_CLASSES = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
EVERY = list(map(chr, range(sys.maxunicode + 1)))


def matched(pattern: re.Pattern[str]) -> set[str]:
    return {each for each in EVERY if pattern.fullmatch(each)}


def test_what_changes_the_order_of_letters_is_bidi_control() -> None:
    embeddings = {each for each in EVERY if unicodedata.bidirectional(each) in BIDI_CLASSES}
    assert matched(characters.BIDI_EMBEDDINGS) == embeddings
    assert matched(characters.BIDI_CONTROLS) == embeddings | BIDI_MARKS


def test_what_is_hidden_is_all_that_shows_nothing_and_no_word_needs() -> None:
    assert matched(characters.HIDDEN) == IGNORABLE - NEEDED
    assert matched(characters.HIDDEN) >= matched(characters.BIDI_CONTROLS) | matched(characters.INVISIBLE)


@pytest.mark.parametrize("letter", ["\u061c", "\u2065", "\u3164", "\uffa0", "\U000e0041", "\U000e0fff"])
def test_a_line_holds_nothing_hidden(letter: str) -> None:
    assert escape.normalize_line(f"a{letter}b") == "ab"


@pytest.mark.parametrize("word", ["می\u200cخواهم", "👩\u200d💻", "❤\ufe0f", "葛\U000e0100"])
def test_what_a_word_needs_stays(word: str) -> None:
    assert escape.normalize_line(word) == word


@pytest.mark.parametrize(("name", "key"), [("session", "line"), ("session", "note"), ("group", "line")])
def test_a_text_that_shows_nothing_is_no_title(name: str, key: str) -> None:
    shown = re.compile(schema.load_schema(name).document["$defs"][key]["pattern"])
    unseen = {each for each in EVERY if not shown.search(each)}
    spaces = {each for each in EVERY if unicodedata.category(each) in {"Zs", "Zl", "Zp", "Cc"}}
    assert unseen == IGNORABLE | spaces | {"\u2800"}  # the empty pattern of braille


def test_line_breaks_are_those_of_python_and_nothing_else() -> None:
    breaks = {each for each in EVERY if len(f"a{each}b".splitlines()) > 1}
    assert matched(characters.LINE_BREAKS) == breaks - {"\n"}
    assert characters.normalize_line_breaks("a\r\nb\u2028c\rd\n") == "a\nb\nc\nd\n"


def test_whitespace_is_what_python_calls_so() -> None:
    assert matched(characters.WHITESPACE) == set(filter(str.isspace, EVERY)) >= matched(characters.LINE_BREAKS)


def test_controls_are_those_of_unicode() -> None:
    controls = {each for each in EVERY if unicodedata.category(each) == "Cc"}
    noncharacters = {each for each in EVERY if ord(each) & 0xFFFE == 0xFFFE or "\ufdd0" <= each <= "\ufdef"}
    surrogates = {each for each in EVERY if unicodedata.category(each) == "Cs"}
    assert matched(characters.ASCII_CONTROLS) == set(filter(str.isascii, controls))
    assert matched(characters.FORBIDDEN) == controls - set("\t\n\r") | noncharacters | surrogates
    ascii_controls = set(filter(str.isascii, controls)) - set("\t\n\r")
    assert matched(characters.UNWRITABLE) == ascii_controls | surrogates | {"\ufffe", "\uffff"}


def test_marks_are_those_that_combine_with_any_letter() -> None:
    marks = matched(re.compile(f"[{characters.COMBINING_MARKS}]"))
    assert all(unicodedata.category(each) in {"Mn", "Me", "Cn"} for each in marks)
    assert {each for each in EVERY if unicodedata.name(each, "").startswith("COMBINING GRAVE")} <= marks


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a", "a"), ("\u202ea", "\u2068\u202ea\u2069"), ("א\u200f", "א\u200f")],
)
def test_a_text_is_isolated_where_its_controls_could_reach_the_next(text: str, shown: str) -> None:
    assert characters.isolate_direction(text) == shown
