"""A text file's byte order mark and line ends are kept aside and written back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import outline
from readingroom.core.diagnostics import Invalid
from readingroom.core.text_file import TextFile, decode_file, normalize_line_ends, normalize_typed_text

MARK = b"\xef\xbb\xbf"
TEXTS = st.lists(st.sampled_from(["a", "\n", "\r\n", "\r", "\ufeff", "\x85", "\u2028"]), max_size=8).map("".join)


@given(TEXTS.map(str.encode))
def test_what_is_read_is_written_back(content: bytes) -> None:
    assert TextFile.decode(content).encode() == content


@pytest.mark.parametrize("content", [b"a\n", MARK + b"a\n", MARK])
def test_a_byte_order_mark_is_no_part_of_the_text(content: bytes) -> None:
    found = TextFile.decode(content)
    assert found == TextFile(content.removeprefix(MARK).decode(), has_bom=content.startswith(MARK))
    assert found.replace_text("b").encode() == content[:3] * found.has_bom + b"b"


def test_only_the_first_byte_order_mark_is_one() -> None:
    assert TextFile.decode(MARK * 2).text == "\ufeff"


@pytest.mark.parametrize(
    ("text", "line_end"), [("", "\n"), ("a", "\n"), ("a\nb\r\n", "\n"), ("a\r\nb\n", "\r\n"), ("\r\n", "\r\n")]
)
def test_new_lines_end_like_the_first_one(text: str, line_end: str) -> None:
    page = TextFile(text)
    assert page.line_end == line_end
    assert "\n".join([*page.adapt_lines(["x", "y"]), ""]) == f"x{line_end}y{line_end}"


def test_bytes_that_are_no_utf_8_are_refused_unless_they_may_be_replaced() -> None:
    with pytest.raises(UnicodeDecodeError):
        TextFile.decode(b"a\xff")
    assert TextFile.decode(b"a\xff", "replace").text == "a\ufffd"


@given(TEXTS)
def test_line_ends_are_normalized_alike_in_text_and_bytes(text: str) -> None:
    assert normalize_line_ends(text).encode() == normalize_line_ends(text.encode())
    assert normalize_line_ends(text.replace("\r", "").replace("\n", "\r\n")) == text.replace("\r", "")


def test_a_lone_carriage_return_counts_only_in_what_people_type() -> None:
    assert normalize_line_ends("a\rb\r\n") == "a\rb\n"
    assert normalize_typed_text("\ufeffa\rb\r\nc\u2028") == "a\nb\nc\u2028"


def test_a_byte_that_is_not_utf_8_is_reported_by_its_place_in_the_file() -> None:
    with pytest.raises(Invalid, match=r"README.md:2: error \[file-not-utf8\] byte 0xFC at offset 6 is not UTF-8"):
        decode_file("README.md", b"\xef\xbb\xbfa\nb\xfc")


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", ">>>>>>> other", "||||||| base"])
def test_a_merge_conflict_is_reported_at_its_first_marker(mark: str) -> None:
    with pytest.raises(Invalid) as raised:
        decode_file("README.md", f"a\n{mark}\nb\n>>>>>>> c\n".encode())
    assert outline(raised.value.problems) == ["README.md:2 [file-merge-conflict]"]


def test_what_only_resembles_a_merge_conflict_is_text() -> None:
    text = "=======\n<<<<<<<< x\n> >>>>>>> x\n"
    assert decode_file("README.md", text.encode()).text == text
