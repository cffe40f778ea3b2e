"""Markdown that an author wrote, for a place within a page: it cannot reach what stands around it."""

import re
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from readingroom.text import characters, commonmark
from readingroom.text.commonmark import ParserUse
from readingroom.text.escape import encode_url, escape_text, normalize_line, percent_encode_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from markdown_it.token import Token

    _Encoder = Callable[[str], str]

# Lines of words, common punctuation and short code mean the same with or without the parser below, which takes
# twenty times as long. None starts like a list or ends with a blank; no part can match in two ways.
_LINE = (
    r"(?:[A-Za-z(]|[0-9]+(?:\.[0-9]+)*(?![0-9.)])|`[A-Za-z0-9_.#-]+`)"
    r"(?:[A-Za-z0-9,.;()'\"?!/%+=–—’‘“”…-]|:(?=[ \n]|\Z)| (?![ \n]|\Z)|`[A-Za-z0-9_.#-]+`)*"
)
PROSE = re.compile(rf"{_LINE}(?:\n{{1,2}}{_LINE})*")


def sanitize_block(source: str) -> str:
    """Return an author's Markdown for a place within a page.

    Headings become bold lines, images become links, HTML becomes text, reference links become plain ones:
    nothing in it can reach the outline, the links or the regions around it, or load anything.
    """
    source = source.strip()
    if PROSE.fullmatch(source):
        return source
    return _render_sanitized(characters.normalize_line_breaks(source))


def sanitize_inline(source: str) -> str:
    """Return an author's Markdown as one line, for a note behind an item or a cell."""
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
    shown = MDRenderer().render(list(_sanitize_tokens(tokens)), options, {}, finalize=False)
    return shown.translate(_FROM_STAND_INS).strip()


# Private-use characters stand for a backslash, which the renderer would escape, and for what it does not always escape.
_ESCAPE = "\uf8fe"
_TO_STAND_INS = str.maketrans("<[]", "\uf8fb\uf8fc\uf8fd")
_FROM_STAND_INS = str.maketrans({_ESCAPE: "\\", "\uf8fb": "\\<", "\uf8fc": "\\[", "\uf8fd": "\\]"})
# What GitHub reads otherwise than the parser, or the renderer forgets: Liquid, emoji, bare addresses, tables, fences.
_TO_ESCAPE = re.compile(
    r"(?<=\{)(?=[{%])|(?=:[A-Za-z0-9_+-]+:)|(?=://)|(?<=www)(?=\.)|(?=\|)|(?=:-)|(?<=-)(?=:)|(?<!~)(?=~~~)"
)
# An address as GitHub would link it, without the punctuation that ends a sentence or closes a parenthesis.
_BARE_ADDRESS = re.compile(
    r"(?:(?<![A-Za-z])https?://|(?<![^\s*_~(])www\.)(?:[^\s<>()]|\([^\s<>()]*\))+(?<![?!.,:;*_~'\"])", re.IGNORECASE
)
# Hidden letters, and the stand-ins; where an entity brings one, something must stay, or the line would start otherwise.
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
                token.children = [
                    _build_strong_token("strong_open", 1),
                    *token.children,
                    _build_strong_token("strong_close", -1),
                ]
        elif token.type == "fence" and not token.content.endswith("\n"):
            token.content += "\n"
        yield token


def _build_strong_token(kind: str, nesting: "Literal[-1, 0, 1]") -> "Token":
    from markdown_it.token import Token  # noqa: PLC0415

    return Token(kind, "strong", nesting, markup="**")


def _build_text_token(content: str) -> "Token":
    from markdown_it.token import Token  # noqa: PLC0415

    return Token("text", "", 0, content=content)


def _build_escaped_token(content: str) -> "Token":
    # A line break can be here only as an entity such as &#10;, and would start a line of Markdown.
    content = _REMOVED.sub("\ufffd", characters.WHITESPACE.sub(" ", content))
    content = _TO_ESCAPE.sub(_ESCAPE, content).translate(_TO_STAND_INS)
    return _build_text_token(characters.isolate_direction(content))


def _convert_html_block(html: "Token") -> "Iterator[Token]":
    from markdown_it.token import Token  # noqa: PLC0415

    words = _build_escaped_token(normalize_line(html.content))
    yield Token("paragraph_open", "p", 1, block=True)
    yield Token("inline", "", 0, content=words.content, children=[words], block=True)
    yield Token("paragraph_close", "p", -1, block=True)


def _merge_text_tokens(tokens: "Iterable[Token]") -> "Iterator[Token]":
    """Yield the tokens with texts side by side made one: the renderer looks within a text for what to escape."""
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
                yield _build_text_token(token.content)
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
                    yield _build_text_token(address)
                if address:
                    yield token
            case _:
                yield token


def _split_bare_addresses(content: str, encode: "_Encoder") -> "Iterator[Token]":
    """Yield a text's tokens with its bare addresses as links, as GitHub shows them."""
    start = 0
    for found in _BARE_ADDRESS.finditer(content):
        yield _build_text_token(content[start : found.start()])
        yield from _build_link_tokens(found[0], encode(found[0] if "://" in found[0] else f"http://{found[0]}"))
        start = found.end()
    yield _build_text_token(content[start:])


def _build_link_tokens(label: str, target: str) -> "Iterator[Token]":
    """Yield a label's tokens, as a link if there is a target that may be followed."""
    from markdown_it.token import Token  # noqa: PLC0415

    if target:
        yield Token("link_open", "a", 1, attrs={"href": target})
    yield _build_text_token(label)
    if target:
        yield Token("link_close", "a", -1)


def parse_sanitized(source: str, *, inline_only: bool = False) -> "list[Token] | None":
    """Return the tokens of an author's text with the same in it as on Markdown pages, or None if it would take long."""
    tokens = commonmark.parse_authored(source, ParserUse.HTML_LINE if inline_only else ParserUse.HTML)
    for token in tokens or ():
        if token.children:
            token.children = list(_sanitize_inline_tokens(token.children, percent_encode_url))
    return tokens
