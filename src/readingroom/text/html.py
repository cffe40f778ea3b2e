"""Untrusted text for a web page: Markdown as clean HTML, lines without characters that hide or reorder them."""

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from readingroom.text import characters, commonmark, plain, sanitize
from readingroom.text import escape as text_escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_search_special = re.compile("[&<>\"']").search
_CODE = re.compile("`([^`]+)`")
_TAGS = frozenset({
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
})  # fmt: skip


def clean_value(value: Any) -> Any:
    """Return a text on one line without hidden characters; a number or finished HTML stays as it is."""
    return plain.clean_fragment(value) if type(value) is str else value


def escape_value(value: Any) -> str:
    """Return a template's value as HTML: a text escaped and on one line, finished HTML as it is."""
    if type(value) is not str:
        return value if type(value) is Markup else escape(value)
    if value.isascii() and value.isprintable():
        return escape(value) if _search_special(value) else value
    return escape(clean_value(value))


def render_html_block(source: str, level: int = 2) -> Markup:
    """Return an author's Markdown as safe HTML whose headings start at ``level`` and skip none.

    Images become links, HTML becomes text.
    """
    source = characters.normalize_line_breaks(source.strip())
    if _is_plain_prose(source):
        return Markup(f"<p>{_render_code_spans(source)}</p>".replace("\n\n", "</p>\n<p>"))  # noqa: S704 -- no < or & is in it
    tokens = sanitize.parse_sanitized(source)
    if tokens is None:
        return Markup("<p>{}</p>").format(plain.strip_forbidden(source))
    tokens = list(_drop_empty_headings(tokens))
    _shift_heading_levels(tokens, level)
    return _render_safe_html(tokens)


def render_html_inline(source: str) -> Markup:
    """Return an author's Markdown as HTML for the middle of a line."""
    source = clean_value(source).strip()
    if _is_plain_prose(source):
        return Markup(_render_code_spans(source))  # noqa: S704 -- no < or & is in it
    tokens = sanitize.parse_sanitized(source, inline_only=True)
    if tokens is None:
        return escape(source)
    return _render_safe_html([token for token in tokens if token.type == "inline"])


def _is_plain_prose(source: str) -> bool:
    # Two adjacent spans of code are one span that contains two backticks.
    return sanitize.PROSE.fullmatch(source) is not None and "``" not in source


def _render_code_spans(prose: str) -> str:
    return _CODE.sub(r"<code>\1</code>", prose) if "`" in prose else prose


def _drop_empty_headings(tokens: "Sequence[Token]") -> "Iterator[Token]":
    is_empty = False
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            is_empty = not text_escape.normalize_line(tokens[number + 1].content)
        if not is_empty:
            yield token
        is_empty = is_empty and token.type != "heading_close"


def _shift_heading_levels(tokens: "Sequence[Token]", level: int) -> None:
    """Give the headings levels from ``level`` on, each one deeper than the heading above it."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            own = int(token.tag[1])
            above = [*(each for each in above if each < own), own]
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(level - 1 + len(above), 6)}"


def _render_safe_html(tokens: "Sequence[Token]") -> Markup:
    """Return the tokens as HTML; whatever they are, only harmless tags are left."""
    import nh3  # noqa: PLC0415 -- with the parser, 40 ms that only Markdown beyond prose needs

    parser = commonmark.get_parser(commonmark.ParserUse.HTML)
    html = nh3.clean(
        plain.strip_forbidden(parser.renderer.render(tokens, parser.options, {})),
        tags=set(_TAGS),
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Markup(_wrap_scrollable(html.strip()))  # noqa: S704


def _wrap_scrollable(html: str) -> str:
    """Return clean HTML whose code and tables can be reached and scrolled with a keyboard."""
    for tag, name in (("pre", "Code"), ("table", "Table")):
        start = f'<div class="scroll" tabindex="0" role="group" aria-label="{name}">'
        html = html.replace(f"<{tag}>", f"{start}<{tag}>").replace(f"</{tag}>", f"</{tag}></div>")
    return html
