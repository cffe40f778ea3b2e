"""Authors' Markdown for a page, made unable to affect what is around it."""

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from readingroom.text import characters, commonmark
from readingroom.text.commonmark import ParserUse
from readingroom.text.escape import encode_url, escape_text, normalize_line, percent_encode_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from markdown_it.token import Token

    _Encoder = Callable[[str], str]

# Lines of words, common punctuation and short code are the same with or without the parser, which takes twenty times
# as long. None starts like a list or ends with a space; no part can match in two ways.
_LINE = (
    r"(?:[A-Za-z(]|[0-9]+(?:\.[0-9]+)*(?![0-9.)])|`[A-Za-z0-9_.#-]+`)"
    r"(?:[A-Za-z0-9,.;()'\"?!/%+=–—’‘“”…-]|:(?=[ \n]|\Z)| (?![ \n]|\Z)|`[A-Za-z0-9_.#-]+`)*"
)
PROSE = re.compile(rf"{_LINE}(?:\n{{1,2}}{_LINE})*")


def sanitize_block(source: str) -> str:
    """Return an author's Markdown for a page, such that it cannot affect the page's outline, links or regions.

    Headings become bold lines, images become links, HTML becomes text, reference links become plain ones.
    """
    source = source.strip()
    if PROSE.fullmatch(source):
        return source
    return _render_sanitized(characters.normalize_line_breaks(source))


def sanitize_inline(source: str) -> str:
    """Return an author's Markdown as one line, for a note or a table's cell."""
    source = normalize_line(source)
    if PROSE.fullmatch(source):
        return source
    return _render_sanitized(source, inline_only=True)


def _render_sanitized(source: str, *, inline_only: bool = False) -> str:
    from mdformat.renderer import MDRenderer  # noqa: PLC0415 -- 30 ms that only Markdown beyond prose needs

    use = ParserUse.MARKDOWN_LINE if inline_only else ParserUse.MARKDOWN
    tokens = commonmark.parse_authored(_REMOVED.sub("", source), use)
    if tokens is None:
        return escape_text(source)
    options = {**commonmark.get_parser(use).options, "mdformat": {}, "parser_extension": [], "codeformatters": {}}
    rendered = MDRenderer().render(list(_sanitize_tokens(tokens)), options, {}, finalize=False)
    return rendered.translate(_FROM_STAND_INS).strip()


# Private-use characters stand for a backslash, which the renderer would escape, and for what it does not always escape.
_ESCAPE = "\uf8fe"
_TO_STAND_INS = str.maketrans("<[]", "\uf8fb\uf8fc\uf8fd")
_FROM_STAND_INS = str.maketrans({_ESCAPE: "\\", "\uf8fb": "\\<", "\uf8fc": "\\[", "\uf8fd": "\\]"})
# What GitHub alone treats specially, or the renderer does not escape: Liquid, emoji, bare addresses, tables, fences.
_TO_ESCAPE = re.compile(
    r"(?<=\{)(?=[{%])|(?=:[A-Za-z0-9_+-]+:)|(?=://)|(?<=www)(?=\.)|(?=\|)|(?=:-)|(?<=-)(?=:)|(?<!~)(?=~~~)"
)
# An address that GitHub would link, without the punctuation that ends a sentence or closes a parenthesis.
_BARE_ADDRESS = re.compile(
    r"(?:(?<![A-Za-z])https?://|(?<![^\s*_~(])www\.)(?:[^\s<>()]|\([^\s<>()]*\))+(?<![?!.,:;*_~'\"])", re.IGNORECASE
)
# Hidden letters, and the stand-ins. One from an entity is replaced, so that the start of a line stays the same.
_REMOVED = re.compile(f"[{characters.TAGS}\uf8fb-\uf8fe]")


def _sanitize_tokens(tokens: "Sequence[Token]") -> "Iterator[Token]":
    """Yield a document's tokens with headings as bold paragraphs and HTML as text."""
    in_heading = False
    for token in tokens:
        if token.type == "html_block":
            yield from _convert_html_block(token)
            continue
        if token.type in {"heading_open", "heading_close"}:
            in_heading = token.type == "heading_open"
            token.type = token.type.replace("heading", "paragraph")
        elif token.type == "inline":
            token.children = list(_merge_text_tokens(_sanitize_inline_tokens(token.children or [], encode_url)))
            if in_heading and token.content:
                opening = _build_token("strong_open", "strong", 1, markup="**")
                token.children = [opening, *token.children, _build_token("strong_close", "strong", -1, markup="**")]
        elif token.type == "fence" and not token.content.endswith("\n"):
            token.content += "\n"
        yield token


def _build_token(kind: str, tag: str = "", nesting: "Literal[-1, 0, 1]" = 0, **fields: Any) -> "Token":
    from markdown_it.token import Token  # noqa: PLC0415

    return Token(kind, tag, nesting, **fields)


def _build_escaped_token(content: str) -> "Token":
    # A line break can only come from an entity such as &#10;, and would start a line of Markdown.
    content = _REMOVED.sub("\ufffd", characters.WHITESPACE.sub(" ", content))
    content = _TO_ESCAPE.sub(_ESCAPE, content).translate(_TO_STAND_INS)
    return _build_token("text", content=characters.isolate_direction(content))


def _convert_html_block(html: "Token") -> "Iterator[Token]":
    text = _build_escaped_token(normalize_line(html.content))
    yield _build_token("paragraph_open", "p", 1, block=True)
    yield _build_token("inline", content=text.content, children=[text], block=True)
    yield _build_token("paragraph_close", "p", -1, block=True)


def _merge_text_tokens(tokens: "Iterable[Token]") -> "Iterator[Token]":
    """Yield the tokens with adjacent texts merged, as the renderer escapes each text on its own."""
    for is_text, group in groupby(tokens, key=lambda token: token.type == "text"):
        if is_text:
            yield _build_escaped_token("".join(token.content for token in group))
        else:
            yield from group


def _sanitize_inline_tokens(tokens: "Sequence[Token]", encode: "_Encoder") -> "Iterator[Token]":
    """Yield a line's tokens with HTML as text, images as links, and no link that is empty or may not be followed."""
    followed: list[str] = []
    is_bare = False
    for token in tokens:
        is_bare = is_bare and token.type != "image" and not normalize_line(token.content)
        match token.type:
            case "text" | "text_special" if not any(followed):
                yield from _split_bare_addresses(token.content, encode)
            case "text" | "text_special" | "html_inline":
                yield _build_token("text", content=token.content)
            case "image":
                target = "" if any(followed) else encode(str(token.attrs["src"]))
                yield from _build_link_tokens(token.content or "image", target)
            case "link_open":
                followed.append(encode(str(token.attrs["href"])))
                token.attrs = {"href": followed[-1]}
                is_bare = True
                if followed[-1]:
                    yield token
            case "link_close":
                address = followed.pop()
                if is_bare:
                    yield _build_token("text", content=address)
                if address:
                    yield token
            case _:
                yield token


def _split_bare_addresses(content: str, encode: "_Encoder") -> "Iterator[Token]":
    """Yield a text's tokens with its bare addresses as links, as GitHub shows them."""
    start = 0
    for match in _BARE_ADDRESS.finditer(content):
        address = match[0]
        yield _build_token("text", content=content[start : match.start()])
        yield from _build_link_tokens(address, encode(address if "://" in address else f"http://{address}"))
        start = match.end()
    yield _build_token("text", content=content[start:])


def _build_link_tokens(label: str, target: str) -> "Iterator[Token]":
    """Yield a label's tokens, as a link if it has a target."""
    if target:
        yield _build_token("link_open", "a", 1, attrs={"href": target})
    yield _build_token("text", content=label)
    if target:
        yield _build_token("link_close", "a", -1)


def parse_sanitized(source: str, *, inline_only: bool = False) -> "list[Token] | None":
    """Return the tokens of an author's text, sanitized as on Markdown pages, or None if it would take long."""
    tokens = commonmark.parse_authored(source, ParserUse.HTML_LINE if inline_only else ParserUse.HTML)
    for token in tokens or ():
        if token.children:
            token.children = list(_sanitize_inline_tokens(token.children, percent_encode_url))
    return tokens
