"""Text of strangers in HTML: Markdown as it is meant, and nothing that reaches beyond its place."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from readingroom.text import html as text_html
from readingroom.text import mathml, sanitize
from rendered import tags, text

REL = 'rel="noopener noreferrer"'


def scroll(name: str) -> str:
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{name}">'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Plain words, and `code`.", "<p>Plain words, and <code>code</code>.</p>"),
        ("One.\n\nTwo\nlines.", "<p>One.</p>\n<p>Two\nlines.</p>"),
        ("*a* **b** `<c>`", "<p><em>a</em> <strong>b</strong> <code>&lt;c&gt;</code></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("<div>\n\nx", "<p>&lt;div&gt;</p>\n<p>x</p>"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>"),
        ("[a](../session.yml)", "<p>[a](../session.yml)</p>"),
        ("[a][1]\n\n[1]: javascript:x", "<p>[a][1]</p>\n<p>[1]: javascript:x</p>"),
        ("<javascript:alert(1)>", "<p>&lt;javascript:alert(1)&gt;</p>"),
        ("[](https://e.example)", f'<p><a href="https://e.example" {REL}>https://e.example</a></p>'),
        (
            "*[\u200b](https://e.example)*",
            f'<p><em><a href="https://e.example" {REL}>\u200bhttps://e.example</a></em></p>',
        ),
        ("[![](https://e.example/x)](https://e.example)", f'<p><a href="https://e.example" {REL}>image</a></p>'),
        ("[](../x)", "<p>[](../x)</p>"),
        ("```\na\n```", f"{scroll('Code')}<pre><code>a\n</code></pre></div>"),
        ("3. x", '<ol start="3">\n<li>x</li>\n</ol>'),
    ],
)
def test_markdown_becomes_html(source: str, html: str) -> None:
    assert text_html.render_html_block(source) == html


def test_what_no_page_may_hold_is_left_out() -> None:
    shown = text_html.render_html_block("*a* &#0; &#128; &#xfffe; \x85 \ufdd0 \x7f b")
    assert not set(shown) & set("\x00\x80\x85\x7f\ufffe\ufdd0")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[a](https://example.org/?x=1&copy=2)", f'<a href="https://example.org/?x=1&amp;copy=2" {REL}>a</a>'),
        ("see https://example.org/x.", f'see <a href="https://example.org/x" {REL}>https://example.org/x</a>.'),
        ("![a](https://example.org/x.png)", f'<a href="https://example.org/x.png" {REL}>a</a>'),
        ("<mailto:a@example.org>", f'<a href="mailto:a@example.org" {REL}>mailto:a@example.org</a>'),
        ("# not\na heading", "# not a heading"),
        ("- no\n- list", "- no - list"),
        ("a\u202eb", "ab"),
    ],
)
def test_a_note_stays_within_its_line(source: str, html: str) -> None:
    assert text_html.render_html_inline(source) == html


@pytest.mark.parametrize(
    ("source", "level", "levels"),
    [
        ("# A\n\n## B\n\n# C", 2, ["h2", "h3", "h2"]),
        ("#### A\n\n# B", 3, ["h3", "h3"]),
        ("#\n\n## A\n\n#\n\n- # \u200b\n\n## B", 2, ["h2", "h2"]),
        ("# A\n\n##### B\n\n###### C", 2, ["h2", "h3", "h4"]),
        ("Title\n===\n\nBelow\n---", 3, ["h3", "h4"]),
    ],
)
def test_headings_start_at_a_level_and_leave_none_out(source: str, level: int, levels: list[str]) -> None:
    shown = html5lib.parse(text_html.render_html_block(source, level), namespaceHTMLElements=False)
    assert [each.tag for each in shown.iter() if each.tag[0] == "h" and each.tag[1:].isdigit()] == levels


@pytest.mark.parametrize(
    "source", ["[" * 19_000, "`" * 19_001, "((((" * 4_000, "> " * 9_000, "* " * 9_000, "|-" * 9_000]
)
def test_what_is_built_to_take_long_becomes_text_or_is_quick(source: str) -> None:
    assert text_html.render_html_block(source)


ALLOWED = {*text_html._TAGS, *mathml._TAGS, "html", "head", "body", "sup", "span"}  # noqa: SLF001 -- it is the promise
SOURCES = st.text(
    st.sampled_from("abc <>&\"'`*_[]()#!:/\\\n|-=1.{}%;~$^javascript\u202e\u2066\x85\x0b") | st.characters()
)


@given(SOURCES)
def test_whatever_is_written_gives_valid_html_of_harmless_tags(source: str) -> None:
    for html in (text_html.render_html_block(source), text_html.render_html_inline(source)):
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        shown = parser.parse(f"<!DOCTYPE html><title>x</title><div>{html}</div>")
        assert tags(shown) <= {*ALLOWED, "div", "title"}
        names = {name for each in shown.iter() for name in each.keys()}  # noqa: SIM118
        assert names <= {"href", "rel", "start", "class", "tabindex", "role", "aria-label", "id", "lang", *MATHEMATICAL}


MATHEMATICAL = {*mathml._ATTRIBUTES, "columnalign"}  # noqa: SLF001
WORDS = ["word", "(or", "two)", "`code`", "1", "1.2", "well:", "one;", "it's", '"so"', "a–b", "-", "…", "2)", "and/or"]
PROSE = (
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", "\n", "\n\n", ""])), min_size=1, max_size=8)
    .map(lambda pairs: "".join(word + gap for word, gap in pairs).strip())
    .filter(text_html._is_plain_prose)  # noqa: SLF001 -- which texts go the quick way
)


@given(PROSE)
def test_the_quick_way_gives_what_the_parser_gives(source: str) -> None:
    quick = text_html.render_html_block(source)
    slow = text_html._render_safe_html(sanitize.parse_sanitized(source) or [])  # noqa: SLF001 -- the other way
    assert text(html5lib.parse(quick)) == text(html5lib.parse(slow))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("a\u2028b\nc\r\nd", "a b c d"),
        ("\u061ca\u200b\ufeff\u00ad", "a"),
        ("a\x00\x7f\x9f\ufdd0\uffffb", "ab"),
        (" · ", " · "),
        (7, 7),
        (Markup("<b>\n"), Markup("<b>\n")),
    ],
)
def test_a_line_has_nothing_that_hides_reorders_or_breaks(value: object, shown: object) -> None:
    assert text_html.clean_value(value) == shown
