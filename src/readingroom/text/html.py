"""Untrusted text for a web page: Markdown as clean HTML, lines without characters that hide or reorder them."""

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from readingroom.text import characters, commonmark, plain, sanitize
from readingroom.text import escape as text_escape
from readingroom.text.dialect import formulas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.token import Token

_search_special = re.compile("[&<>\"']").search
_CODE = re.compile("`([^`]+)`")
_TAGS = frozenset({
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
})  # fmt: skip
# Holds the number of a finished part until the rest is clean: no parser here makes it of an author's text.
_STAND_IN = "samp"
_STAND_INS = re.compile(rf"<{_STAND_IN}>([0-9]+)</{_STAND_IN}>")
_CLASSES = {"td": {"center", "left", "right"}, "th": {"center", "left", "right"}, "li": {"task"}}


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


def render_html_line(value: Any) -> Markup:
    """Return a title as HTML: a text on one line, with its formulas as MathML."""
    line = clean_value(value)
    if type(line) is not str or "$" not in line:
        return Markup(escape_value(value))  # noqa: S704 -- it is escaped
    start, parts = 0, []
    for match in formulas.iter_formulas(line):
        parts += [escape(line[start : match.start()]), _render_formula(_build_formula_token(match))]
        start = match.end()
    return Markup("").join([*parts, escape(line[start:])])


def _build_html_token(html: str) -> "Token":
    from markdown_it.token import Token  # noqa: PLC0415

    return Token("html_inline", "", 0, content=html)


def _build_formula_token(match: "re.Match[str]") -> "Token":
    """Return a formula of a title, which is in its line whatever its dollars are."""
    from markdown_it.token import Token  # noqa: PLC0415

    return Token("math_inline", "", 0, content=formulas.get_content(match), markup="$")


def render_html_block(source: str, level: int = 2, prefix: str = "") -> Markup:
    """Return an author's Markdown as safe HTML whose headings start at ``level`` and skip none.

    Images become links, HTML becomes text, formulas MathML. The addresses of footnotes start with ``prefix``.
    """
    source = characters.normalize_line_breaks(source.strip())
    if _is_plain_prose(source):
        return Markup(f"<p>{_render_code_spans(source)}</p>".replace("\n\n", "</p>\n<p>"))  # noqa: S704 -- no < or & is in it
    tokens = sanitize.parse_sanitized(source)
    if tokens is None:
        return Markup("<p>{}</p>").format(plain.strip_forbidden(source))
    tokens = list(_drop_empty_headings(tokens))
    _shift_heading_levels(tokens, level)
    return _render_safe_html(tokens, sanitize.build_footnote_prefix(source, prefix))


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
    # Two adjacent spans of code are one span that contains two backticks; an address becomes a link.
    return sanitize.PROSE.fullmatch(source) is not None and "``" not in source and "www." not in source


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


def _render_safe_html(tokens: "Sequence[Token]", prefix: str = "") -> Markup:
    """Return the tokens as HTML; whatever they are, only harmless tags and our own formulas and footnotes are left."""
    writer = _HtmlWriter(prefix)
    body, notes = _split_footnotes(tokens)
    html = writer.render_clean(body)
    if notes:
        html += writer.render_footnotes(notes)
    return Markup(html)  # noqa: S704


def _split_footnotes(tokens: "Sequence[Token]") -> "tuple[list[Token], list[list[Token]]]":
    """Return the tokens before the footnotes, which are last, and those in each footnote with its opening token."""
    body: list[Token] = []
    notes: list[list[Token]] = []
    for token in tokens:
        if token.type == "footnote_open":
            notes.append([])
        if token.type != "footnote_close":
            (notes[-1] if notes else body).append(token)
    return body, notes


_TAGS_BY_TYPE = {
    **dict.fromkeys(("alert_open", "alert_close"), "blockquote"),
    **dict.fromkeys(("s_open", "s_close"), "del"),
}
_HTML_BY_TYPE = {"alert_title_open": "<p><strong>", "alert_title_close": "</strong></p>\n"}


class _HtmlWriter:
    """Writes tokens as HTML that nh3 cleans, with stand-ins that are then replaced by formulas and references."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.parts: list[str] = []
        self.references: dict[int, int] = {}

    def render_clean(self, tokens: "Sequence[Token]") -> str:
        import nh3  # noqa: PLC0415 -- with the parser, 40 ms that only Markdown beyond prose needs

        parser = commonmark.get_parser(commonmark.ParserUse.HTML)
        prepared = list(self._prepare_tokens(tokens))
        html = nh3.clean(
            plain.strip_forbidden(parser.renderer.render(prepared, parser.options, {})),
            tags={*_TAGS, _STAND_IN},
            attributes={"a": {"href"}, "ol": {"start"}},
            allowed_classes=_CLASSES,
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer",
        )
        return _STAND_INS.sub(lambda match: self.parts[int(match[1])], _wrap_scrollable(html.strip()))

    def _prepare_tokens(self, tokens: "Iterable[Token]") -> "Iterator[Token]":
        """Yield the tokens in HTML that nh3 allows, with stand-ins for what it does not."""
        for token in tokens:
            if token.type == "inline":
                token.children = list(self._prepare_tokens(token.children or ()))
            token.tag = _TAGS_BY_TYPE.get(token.type, token.tag)
            if html := _HTML_BY_TYPE.get(token.type):
                yield _build_html_token(html)
            elif token.type == "task_box":  # a disabled field would need a label
                yield _build_html_token("☑ " if token.meta["checked"] else "☐ ")
            elif token.type == "footnote_ref":
                yield self._add_part(self._render_reference(token.meta["number"]))
            elif token.type.startswith("math_") or (token.type == "fence" and formulas.is_formula_fence(token.info)):
                yield self._add_part(_render_formula(token))
            elif token.type != "footnote_open":
                yield token

    def _add_part(self, html: str) -> "Token":
        self.parts.append(html)
        return _build_html_token(f"<{_STAND_IN}>{len(self.parts) - 1}</{_STAND_IN}>")

    def _render_reference(self, number: int) -> str:
        count = self.references[number] = self.references.get(number, 0) + 1
        anchor = f"{self.prefix}-{number}"
        back = "" if count > 1 else f' id="back-{anchor}"'
        return f'<sup><a href="#note-{anchor}"{back}>{number}</a></sup>'

    def render_footnotes(self, notes: "Sequence[Sequence[Token]]") -> str:
        """Return the list of footnotes, each with a link back to the first reference to it."""
        items = []
        for number, tokens in enumerate(notes, 1):
            anchor = f"{self.prefix}-{number}"
            back = f'<a href="#back-{anchor}" aria-label="Back to the text, {number}" lang="en">↩</a>'
            html = self.render_clean(tokens)
            html = f"{html[: -len('</p>')]} {back}</p>" if html.endswith("</p>") else f"{html}\n<p>{back}</p>"
            items.append(f'<li id="note-{anchor}">{html}</li>')
        return '\n<hr>\n<ol class="notes">\n{}\n</ol>'.format("\n".join(items))


def _render_formula(token: "Token") -> Markup:
    """Return a formula as MathML, or its source where that fails."""
    from readingroom.text import mathml  # noqa: PLC0415 -- only for pages with mathematics

    is_block = token.type != "math_inline" or token.markup == "$$"
    if html := mathml.render_mathml(token.content, is_block=is_block):
        return Markup(_SCROLL.format("span", "Formula") + f"{html}</span>" if is_block else html)  # noqa: S704
    if token.type == "fence":
        return Markup("<pre><code>{}</code></pre>").format(clean_source(token.content))
    delimiter = token.markup or "$$"
    return Markup("<code>{}</code>").format(clean_source(f"{delimiter}{token.content}{delimiter[::-1]}"))


def clean_source(formula: str) -> str:
    """Return a formula's source without what no page may hold."""
    return plain.strip_forbidden(characters.HIDDEN.sub("", formula))


_SCROLL = '<{} class="scroll" tabindex="0" role="group" aria-label="{}">'


def _wrap_scrollable(html: str) -> str:
    """Return clean HTML whose code and tables can be reached and scrolled with a keyboard."""
    for tag, name in (("pre", "Code"), ("table", "Table")):
        html = html.replace(f"<{tag}>", f"{_SCROLL.format('div', name)}<{tag}>").replace(f"</{tag}>", f"</{tag}></div>")
    return html
