"""What people write stays what it was, wherever it stands on a page, as GitHub's own renderer shows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from readingroom.store import generated
from readingroom.text import escape, mentions, sanitize
from rendered import page, targets, text
from strategies import ADDRESSES, LINES, NOTES, PIECES, TEXTS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ROW = "| a | b |\n| - | - |\n| {} | end |\n\nafter\n"
MAILBOX = re.compile(r"(?:mailto|xmpp):")
FOLLOWED = re.compile(r"https?://|mailto:|xmpp:", re.IGNORECASE)
IN_A_LINE = frozenset({"p", "strong", "em", "a", "ul", "li", "code", "br", "del"})
AUTHORS = IN_A_LINE | {"blockquote", "ol", "pre", "hr", "table", "thead", "tbody", "tr", "th", "td", "input"}
MARKDOWN = TEXTS | NOTES | st.lists(PIECES, max_size=14).map("".join)
HOSTILE = [
    *(
        "[",
        "](",
        "(",
        "*",
        "**a",
        "_a",
        "`",
        "`a",
        "<",
        "<a ",
        "![",
        "> ",
        "- ",
        "1. ",
        "#",
        "|-",
        "&a",
        "\\",
        ":a",
        "$",
    ),
    *("www.", "http://", "http://(", "- a\n", "> a\n", "a\u0301", "<!--", "[a]: x\n", "a\n===\n", "{%", "(a ", "1.2 "),
]


def body(source: str) -> Element:
    found = page(source).find("body")
    assert found is not None
    return found


def words(element: Element) -> str:
    return "".join(element.itertext())


def tags(element: Element) -> list[str]:
    """Return the tags below an element, without the link that GitHub makes of every mail address."""
    below = list(element.iter())[1:]
    return [str(each.tag) for each in below if not MAILBOX.match(each.get("href", ""))]


def shows(source: str, elements: str, value: str) -> bool:
    """Return whether Markdown shows these elements and nothing else, with exactly the value as a title has it."""
    shown = body(source)
    return (tags(shown), words(shown).strip("\n")) == (elements.split("/"), escape.normalize_line(value))


@given(TEXTS)
@example("https://example.org/<b>")
@example("www.example.org/a_b")
@settings(max_examples=200)
def test_text_in_a_cell_shows_as_typed_and_adds_nothing(value: str) -> None:
    shown = body(ROW.format(escape.escape_text(value)))
    cells = list(shown.iter("td"))
    assert [words(cell) for cell in cells] == [escape.normalize_line(value), "end"]
    assert tags(cells[0]) == []
    assert [each.tag for each in shown] == ["table", "p"]


@given(TEXTS)
def test_text_in_a_heading_shows_as_typed_and_adds_nothing(value: str) -> None:
    shown = body(f"# {escape.escape_text(value)}\n\nafter\n")
    assert [each.tag for each in shown] == ["h1", "p"]
    assert (words(shown[0]), tags(shown[0])) == (escape.normalize_line(value), [])


@given(TEXTS)
def test_text_in_a_links_label_shows_as_typed_and_adds_nothing(value: str) -> None:
    shown = body(f"[{escape.escape_text(value)}](https://example.org)\n")
    assert targets(shown) == ["https://example.org"]
    assert (words(shown), tags(shown)) == (escape.normalize_line(value) + "\n", ["p", "a"])


@given(LINES.filter(escape.normalize_line))
@pytest.mark.parametrize(
    ("form", "elements"), [("{}\n", "p"), ("**{}**\n", "p/strong"), ("- {}\n", "ul/li")], ids=["line", "bold", "item"]
)
def test_text_on_its_own_line_shows_as_typed_and_adds_nothing(form: str, elements: str, value: str) -> None:
    assert shows(form.format(escape.escape_text(value)), elements, value)


def test_text_keeps_the_look_of_harmless_titles() -> None:
    for title in ("Retentive Networks", "C# in depth", "Q&A: what's next?", "GPT-4 (2023)", "100% sure", "Ada, Grace!"):
        assert escape.escape_text(title) == title


def test_one_line_collapses_every_break_and_drops_what_hides_or_reorders() -> None:
    assert escape.normalize_line(" a\r\nb\u2028c\x85d\te ") == "a b c d e"
    assert escape.normalize_line("evil\u202efdp.exe \u2066x\u2069") == "evilfdp.exe x"
    assert escape.normalize_line("at\u00adten\u200btion\U000e0041") == "attention"
    assert escape.normalize_line("Z" + "\u0301" * 5000) == "Z" + "\u0301" * 4


@given(ADDRESSES | TEXTS)
def test_url_leads_where_it_was_typed_or_nowhere(address: str) -> None:
    target = escape.encode_url(address)
    cells = list(body(ROW.format(f"[x]({target})")).iter("td"))
    assert [words(cell) for cell in cells] == ["x", "end"]
    assert [unquote(link) for link in targets(cells[0])] == [unquote(address.strip()) if target else ""]
    assert not target or FOLLOWED.match(target)


@given(TEXTS, ADDRESSES | TEXTS)
def test_link_shows_its_label_or_else_its_address(label: str, address: str) -> None:
    cells = list(body(ROW.format(escape.render_link(label, address))).iter("td"))
    assert [words(cell) for cell in cells] == [escape.normalize_line(label) or escape.normalize_line(address), "end"]
    assert all(FOLLOWED.match(target) for target in targets(cells[0]))


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", " data:text/html,x", "vbscript:x"),
        *(
            "file:///etc/passwd",
            "//example.org",
            "ftp://example.org",
            "https:example.org",
            "\u200bhttps://x.org",
            "x/y",
            "",
        ),
    ],
)
def test_url_is_empty_for_what_may_not_be_followed(address: str) -> None:
    assert escape.encode_url(address) == ""


def test_link_is_a_label_alone_where_its_address_may_not_be_followed() -> None:
    assert escape.render_link("Ada", "javascript:alert(1)") == "Ada"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12))
def test_path_leads_to_the_file_of_that_name(name: str) -> None:
    cells = list(body(ROW.format(f"[x]({escape.encode_path(f'sessions/{name}')})")).iter("td"))
    assert [unquote(target) for target in targets(cells[0])] == [f"sessions/{name}"]


@given(MARKDOWN)
@example("http://example.org/<b>")
@example("[x]https://example.org![(javascript:alert(1))](y)")
@example("[x][(javascript:alert(1))](y)")
@example('[a](https://example.org "x\\\\\\" <b>")')
@example("a\n:-\n`<b> | x`")
@example("\U000e0041~~~")
@example("&#xE0041;~~~")
@example("&#xF8FE;<b>")
@example("> a\x85# b")
@example("<!--<<!-- readingroom:end next -->")
@example("www.example.org/https://[x](javascript:alert(1))")
@settings(max_examples=200)
def test_authors_markdown_reaches_nothing_around_it(source: str) -> None:
    written = sanitize.sanitize_block(source)
    shown = body(f"before\n\n{written}\n\nafter\n")
    assert set(tags(shown)) <= AUTHORS
    assert (words(shown[0]), words(shown[-1])) == ("before", "after")
    assert all(FOLLOWED.match(target) for target in targets(shown))
    assert generated.parse_regions("README.md", f"before\n\n{written}\n") == []


@given(MARKDOWN)
@example("~~~`<!-- readingroom:end next -->")
@example("https://example.org/[^1]<b>")
@settings(max_examples=200)
def test_authors_remark_stays_on_its_line(source: str) -> None:
    written = sanitize.sanitize_inline(source)
    shown = body(f"- item – {written}\n- next\n")
    assert len(written.splitlines()) <= 1
    assert [each.tag for each in shown] == ["ul"]
    assert len(shown[0]) == 2
    assert set(tags(shown)) <= IN_A_LINE
    assert all(FOLLOWED.match(target) for target in targets(shown))


@given(
    st.lists(st.sampled_from(["Word", " ", "  ", "\n", "\n\n", ".", ":", "1. ", "(x)", "`a_b`", "-", "=", "'s", "+ "]))
)
@settings(max_examples=300)
def test_plain_prose_shows_the_same_with_and_without_the_parser(parts: list[str]) -> None:
    source = "".join(parts).strip()
    alone, parsed = (
        body(sanitize.sanitize_block(source)),
        body(sanitize.sanitize_block(f"{source}\n\n*a word for the parser*")),
    )
    assert [displayed(each) for each in alone] == [displayed(each) for each in parsed][:-1]


def displayed(element: Element) -> tuple[list[str], str]:
    """Return tags and words, of which a browser shows several blanks as one."""
    return tags(element), re.sub(" +", " ", words(element))


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("Plain words, and nothing else.", "Plain words, and nothing else."),
        ("# A heading\n\nand *more*", "**A heading**\n\nand *more*"),
        ("#\n\nand more", "and more"),
        ("![a plot](https://example.org/x.png)", "[a plot](https://example.org/x.png)"),
        ("![](https://example.org/x.png)", "[image](https://example.org/x.png)"),
        ("[![a badge](https://example.org/x.png)](https://example.org)", "[a badge](https://example.org)"),
        ("[the paper][p]\n\n[p]: https://example.org/p", "[the paper](https://example.org/p)"),
        ("[near](../x) [page](#x) [mail](mailto:ada@example.org)", "near page [mail](mailto:ada@example.org)"),
        ("[a](https://example.org 'a \"title\"')", "[a](https://example.org)"),
        ("`a|b` and\n\n```python\nprint('<b>')\n```", "`a|b` and\n\n```python\nprint('<b>')\n```"),
        ("- one\n- two\n  - three", "- one\n- two\n  - three"),
        ("~~~\nopen", "```\nopen\n```"),
        ("a\n\\~~~\nb", "a\n\\~~~\nb"),
        ("&#126;&#126;&#126;", "\\~~~"),
        ("a&#10;# b &NewLine;- c", "a # b - c"),
    ],
)
def test_authors_markdown_is_written_as(source: str, written: str) -> None:
    assert sanitize.sanitize_block(source) == written


@pytest.mark.parametrize(
    ("source", "links"),
    [
        ("See https://example.org/a_(b_c), and more.", ["https://example.org/a_(b_c)"]),
        ("(https://example.org/a_b)", ["https://example.org/a_b"]),
        ("*HTTPS://example.org/x*!", ["HTTPS://example.org/x"]),
        ("www.example.org/a_b.", ["http://www.example.org/a_b"]),
        ("<https://example.org/a_b>", ["https://example.org/a_b"]),
        ("`https://example.org` ftp://example.org", []),
        ("[https://example.org](https://example.com)", ["https://example.com"]),
        ("https://example.org/?a=1&copy=2", ["https://example.org/?a=1&copy=2"]),
        ("[x](https://example.org/?a=1&amp;copy;=2)", ["https://example.org/?a=1&copy;=2"]),
    ],
)
def test_bare_addresses_in_an_authors_markdown_lead_where_they_say(source: str, links: list[str]) -> None:
    assert [unquote(target) for target in targets(body(sanitize.sanitize_block(source)))] == links


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize(("length", "end"), [(20_000, ""), (5_000, "x|")])
def test_the_longest_runs_come_to_an_end(unit: str, length: int, end: str) -> None:
    source = unit * (length // len(unit)) + end
    shown = body(f"before\n\n{sanitize.sanitize_block(source)}\n\nafter\n")
    assert (words(shown[0]), words(shown[-1])) == ("before", "after")
    assert shows(f"# {escape.escape_text(source)}\n", "h1", source)


def test_deep_nesting_shows_as_text() -> None:
    assert words(body(sanitize.sanitize_block("> " * 100 + "x"))) == "> " * 100 + "x\n"


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Retentive Networks", "retentive-networks"),
        ("20/03/23", "200323"),
        ("Attention (continued) & Transformers", "attention-continued--transformers"),
        ("heading with a - dash", "heading-with-a---dash"),
        ("an _ underscore", "an-_-underscore"),
        ("RNNs/LSTMs: part II", "rnnslstms-part-ii"),
        ("I ♥ unicode", "i--unicode"),
        ("en–dash", "endash"),
        ("😄 unicode emoji", "-unicode-emoji"),
        ("Профили пользователей", "профили-пользователей"),
        ("Привет non-latin 你好", "привет-non-latin-你好"),
        ("Ⅷ, Ⓐ and ²", "ⅷ-ⓐ-and-"),
        (" two  blanks ", "two--blanks"),
        ("evil\u202efdp.exe", "evilfdpexe"),
    ],
)
def test_anchor_is_the_one_that_github_gives(heading: str, anchor: str) -> None:
    assert escape.build_unique_anchors([heading]) == [anchor]


@pytest.mark.parametrize(
    ("headings", "anchors"),
    [
        (["Alpha", "alpha", "ALPHA"], ["alpha", "alpha-1", "alpha-2"]),
        (["echo", "echo", "echo 1", "echo-1", "echo"], ["echo", "echo-1", "echo-1-1", "echo-1-2", "echo-2"]),
        (["foxtrot-1", "foxtrot", "foxtrot"], ["foxtrot-1", "foxtrot", "foxtrot-2"]),
        (["???", "!!!"], ["", "-1"]),
    ],
)
def test_repeated_anchors_get_the_numbers_that_github_gives(headings: list[str], anchors: list[str]) -> None:
    assert escape.build_unique_anchors(headings) == anchors


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/o/r/issues/5",
        "http://www.github.com/o/r/issues/5",
        "https://api.github.com/repos/o/r/issues/5",
        "https://github.com//o/r/issues/5",
        "https://github.com/o//r/issues//5",
        "https://GitHub.com:443/o/r/Issues/5",
        "https://octo@github.com/o/r/issues/5",
    ],
)
def test_the_address_of_an_issue_leaves_no_reference_there(address: str) -> None:
    scheme = address.partition("//")[0]
    wanted = f"{scheme}//redirect.github.com/o/r/issues/5"
    assert mentions.silence_title(address) == wanted
    assert escape.encode_url(address, mentions.COMMENT) == wanted
    shown = page(sanitize.sanitize_block(f"[x]({address}) <{address}>", "", mentions.COMMENT))
    assert (targets(shown), text(shown)) == ([wanted, wanted], f"x {address}")


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("pulls/5", "pull/5"), ("commits/5", "commit/5"), ("commit/5", "commit/5"), ("pull/5", "pull/5")],
)
def test_every_kind_of_reference_leads_to_its_page(kind: str, wanted: str) -> None:
    found = mentions.redirect_issue_url(f"https://api.github.com/repos/o/r/{kind}")
    assert found == f"https://redirect.github.com/o/r/{wanted}"


@pytest.mark.parametrize("address", ["https://github.com/o/r", "https://notgithub.com/o/r/issues/5"])
def test_other_addresses_stay(address: str) -> None:
    assert mentions.redirect_issue_url(address) == address


@given(st.text(st.sampled_from("0123456789abcdef"), max_size=60), st.sampled_from(["in ", "_", "(", "é "]))
def test_no_commits_name_stays_whole(name: str, before: str) -> None:
    shown = mentions.silence_text(f"{before}{name}")
    assert shown.replace("\u200b", "") == f"{before}{name}"
    assert re.search("[0-9a-f]{7}", shown) is None
    assert mentions.silence_text(shown) == shown


COPYABLE = [
    "Rings [part](2)",
    "handlers[name](event)",
    "`x[1](2)`",
    "10.1145/3292500.3330701",
    "doi:10.48550/arXiv.2307.08621",
    "hep-th/9901001",
    "a.b@example.org",
    "https://medium.com/@ada/x-1234567",
    "https://example.org/#12",
    "C# and F#",
    "issue #x",
]


@pytest.mark.parametrize("typed", COPYABLE)
def test_a_text_in_a_pull_request_is_the_one_that_was_typed(typed: str) -> None:
    for shown in (
        escape.escape_title(typed, destination=mentions.COMMENT),
        escape.escape_title(typed, is_heading=True, destination=mentions.COMMENT),
        f"[{escape.escape_title(typed, destination=mentions.COMMENT)}](https://example.org)",
    ):
        assert text(page(shown)) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "`x[1](2)`",
        "`@ada #1 1234567`",
        "```\nx[1](2) @ada\n```",
        "    @ada #1",
        "<https://medium.com/@ada>",
        "a.@example.org",
    ],
)
def test_code_and_addresses_in_markdown_for_a_pull_request_are_those_of_the_page(typed: str) -> None:
    on_page = sanitize.sanitize_block(f"see\n\n{typed}")
    assert sanitize.sanitize_block(f"see\n\n{typed}", "", mentions.COMMENT) == on_page


ACTING = [
    "@ada",
    "@octo/team",
    "#12",
    "octo/group#1",
    "GH-1",
    "gh-7",
    "abcdef1",
    "(1234567)",
    "[skip ci]",
    "10.1000/@ada",
]
# Where GitHub looks: outside code and links.
ACTS = re.compile(r"(?<![A-Za-z0-9])@\w|#[0-9]|\bGH-[0-9]|(?<![A-Za-z0-9/])[0-9a-f]{7}|\[skip ci\]", re.IGNORECASE)


@pytest.mark.parametrize("typed", ACTING)
def test_what_github_acts_on_is_shown_and_does_nothing(typed: str) -> None:
    for markdown in (
        escape.escape_title(typed, destination=mentions.COMMENT),
        escape.escape_text(f"x {typed}", mentions.COMMENT),
        sanitize.sanitize_block(f"x\n\n**{typed}** and *{typed}*", "", mentions.COMMENT),
        sanitize.sanitize_inline(typed, mentions.COMMENT),
    ):
        shown = text(page(markdown))
        assert typed in shown.replace("\u200b", "")
        assert ACTS.search(shown) is None


def test_a_list_stays_within_its_length_and_says_how_many_it_leaves_out() -> None:
    lines = ["@octo " + "_" * 600] * 300
    shown = mentions.render_bullet_list(lines)
    assert len(shown) < 61_000
    assert "@octo" not in shown
    *entries, last = shown.split("\n")
    assert last == f"- and {300 - len(entries)} more: run `readingroom check` to see all."
    assert mentions.render_bullet_list(["\udcff"]) == "- \\\\udcff"
