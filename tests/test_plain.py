"""Plain text of what authors wrote: nothing of it is lost, and nothing of it acts."""

import re

import pytest
from hypothesis import given

from readingroom.text import escape, plain
from strategies import TEXTS


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Words.\n\nMore words.", "Words.\n\nMore words."),
        ("*Em* and **strong** and `code`", "Em and strong and code"),
        ("# Head\n\ntext", "Head\n\ntext"),
        ("[label](https://example.org)", "label (https://example.org)"),
        ("[](https://example.org)", "https://example.org"),
        ("<https://example.org>", "https://example.org"),
        ("<a@example.org>", "a@example.org"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("![alt](https://example.org/x.png)", "alt (https://example.org/x.png)"),
        ("- one\n- two\n  - three\n\nafter", "- one\n- two\n  - three\n\nafter"),
        ("before\n\n3. one\n4. two", "before\n\n3. one\n4. two"),
        ("- one\n\n- two", "- one\n- two"),
        ("```\na < b\n```\n\nx", "a < b\n\nx"),
        ("> quoted\n\nx", "quoted\n\nx"),
        ("<b>bold</b> &amp; &copy;", "<b>bold</b> & ©"),
        ("a  \nb\\\nc", "a\nb\nc"),
        ("a\n\n---\n\nb", "a\n\n---\n\nb"),
        ("a\u2028b\x85c\x07", "a\nb\nc"),
        ("\u202eabc", "\u2068\u202eabc\u2069"),
        ("P | NP", "P | NP"),
        ("x\n\n|a|*b*|\n|-|-|\n|c||\n\ny", "x\n\na | b\nc | \n\ny"),
        ("[](https://example.org/?a&b;)", "https://example.org/?a&b;"),
        ("[a](../session.yml)", "[a](../session.yml)"),
        ("*see* www.example.org and https://example.org/ä", "see www.example.org and https://example.org/ä"),
        ("> " * 99 + "x", "> " * 99 + "x"),
    ],
)
def test_markdown_is_shown_without_its_marks(source: str, shown: str) -> None:
    assert plain.render_plain_text(source) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(" a\nb ", "a b"), ("evil\u202efdp.exe", "evilfdp.exe"), ("\u061cx\x07\x7f\ufffe", "x"), ("plain", "plain")],
)
def test_a_line_has_nothing_that_hides_or_reorders(value: str, shown: str) -> None:
    assert plain.clean_line(value) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://example.org/?a=1&copy;=2", "https://example.org/?a=1&copy;=2"),
        ("https://example.org/?a=&amp;b", "https://example.org/?a=&amp;b"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("JaVaScRiPt:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
    ],
)
def test_only_the_web_and_mail_can_be_followed(address: str, shown: str) -> None:
    assert escape.percent_encode_url(address) == shown


@given(TEXTS)
def test_every_letter_of_a_text_is_kept(source: str) -> None:
    shown = plain.render_plain_text(re.sub(r"[\[\]<>&()!]", "", source))
    assert re.findall("word", shown) == re.findall("word", re.sub(r"[\[\]<>&()!]", "", source))
