"""Authors' Markdown for a page, made unable to affect what is around it."""

import re
from hashlib import blake2b
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from readingroom.text import characters, commonmark, markdown_writer
from readingroom.text.commonmark import ParserUse
from readingroom.text.dialect import formulas
from readingroom.text.dialect.autolinks import EMAIL
from readingroom.text.escape import PAGE, Destination, encode_url, escape_text, normalize_line, percent_encode_url

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


def sanitize_block(source: str, prefix: str = "", destination: Destination = PAGE) -> str:
    """Return an author's Markdown for a page, such that it cannot affect the page's outline, links or regions.

    Headings become bold lines, images become links, HTML becomes text, reference links become plain ones. Footnotes are
    labelled with ``prefix``, such as the session's folder, which keeps those of several texts on a page apart.
    """
    source = source.strip()
    if PROSE.fullmatch(source) and not destination.acts_on(source):
        return source
    return _render_sanitized(characters.normalize_line_breaks(source), prefix, destination)


def sanitize_inline(source: str, destination: Destination = PAGE) -> str:
    """Return an author's Markdown as one line, for a note or a table's cell."""
    source = normalize_line(source)
    if PROSE.fullmatch(source) and not destination.acts_on(source):
        return source
    return _render_sanitized(source, "", destination, inline_only=True)


def build_footnote_prefix(source: str, prefix: str) -> str:
    """Return what the labels of a text's footnotes start with: a prefix, or else what depends on the text alone."""
    return prefix if _PREFIX.fullmatch(prefix) else blake2b(f"{prefix}\n{source}".encode(), digest_size=5).hexdigest()


_PREFIX = re.compile(r"[A-Za-z0-9_-]{1,100}")


def _render_sanitized(source: str, prefix: str, destination: Destination, *, inline_only: bool = False) -> str:
    from mdformat.renderer import MDRenderer  # noqa: PLC0415 -- 30 ms that only Markdown beyond prose needs

    use = ParserUse.MARKDOWN_LINE if inline_only else ParserUse.MARKDOWN
    tokens = commonmark.parse_authored(_REMOVED.sub("", source), use)
    if tokens is None:
        return escape_text(source, destination)
    writer = markdown_writer.MarkdownWriter(build_footnote_prefix(source, prefix), destination)
    options = {**commonmark.get_parser(use).options, "mdformat": {}, "parser_extension": [writer], "codeformatters": {}}
    rendered = MDRenderer().render(list(_sanitize_tokens(tokens, destination)), options, {}, finalize=False)
    return rendered.translate(_FROM_STAND_INS).strip()


# Private-use characters stand for a backslash, which the renderer would escape, and for what it does not always escape.
_ESCAPE = markdown_writer.ESCAPE
_TO_STAND_INS = str.maketrans("<[]", "\uf8fb\uf8fc\uf8fd")
_FROM_STAND_INS = str.maketrans({_ESCAPE: "\\", "\uf8fb": "\\<", "\uf8fc": "\\[", "\uf8fd": "\\]"})
# What GitHub alone treats specially, or the renderer does not escape: Liquid, emoji, bare addresses, tables, fences.
_TO_ESCAPE = re.compile(
    r"(?<=\{)(?=[{%])|(?=:[A-Za-z0-9_+-]+:)|(?=://)|(?<=www)(?=\.)|(?=\|)|(?=:-)|(?<=-)(?=:)|(?<!~)(?=~~~)"
)
_TILDES = re.compile("~+")
# Hidden letters, and the stand-ins. One from an entity is replaced, so that the start of a line stays the same.
_REMOVED = re.compile(f"[{characters.TAGS}\uf8fb-\uf8fe]")


def _sanitize_tokens(tokens: "Sequence[Token]", destination: Destination) -> "Iterator[Token]":
    """Yield a document's tokens with headings as bold paragraphs and HTML as text."""
    in_heading = False
    for token in tokens:
        if token.type == "html_block":
            yield from _convert_html_block(token, destination)
            continue
        if token.type in {"heading_open", "heading_close"}:
            in_heading = token.type == "heading_open"
            token.type = token.type.replace("heading", "paragraph")
        elif token.type == "inline":
            children = _sanitize_inline_tokens(token.children or [], encode_url)
            token.children = list(_escape_text_tokens(children, destination))
            if in_heading and token.content:
                opening = _build_token("strong_open", "strong", 1, markup="**")
                token.children = [opening, *token.children, _build_token("strong_close", "strong", -1, markup="**")]
        elif token.type == "fence":
            _prepare_fence(token)
        yield token


def _prepare_fence(token: "Token") -> None:
    if formulas.is_formula_fence(token.info):
        token.content = formulas.split_liquid(token.content)
    if not token.content.endswith("\n"):
        token.content += "\n"


def _build_token(kind: str, tag: str = "", nesting: "Literal[-1, 0, 1]" = 0, **fields: Any) -> "Token":
    from markdown_it.token import Token  # noqa: PLC0415

    return Token(kind, tag, nesting, **fields)


def _build_escaped_token(content: str, destination: Destination, active: "Iterable[str]" = ()) -> "Token":
    # A line break can only come from an entity such as &#10;, and would start a line of Markdown.
    content = destination.prepare_text(_REMOVED.sub("\ufffd", characters.WHITESPACE.sub(" ", content)))
    content = _TO_ESCAPE.sub(_ESCAPE, content).translate(_TO_STAND_INS)
    for mark in active:
        content = content.replace(_ESCAPE + mark, mark).replace(mark, _ESCAPE + mark)
    return _build_token("text", content=characters.isolate_direction(content))


def _convert_html_block(html: "Token", destination: Destination) -> "Iterator[Token]":
    text = _build_escaped_token(normalize_line(html.content), destination)
    yield _build_token("paragraph_open", "p", 1, block=True)
    yield _build_token("inline", content=text.content, children=[text], block=True)
    yield _build_token("paragraph_close", "p", -1, block=True)


def _escape_text_tokens(tokens: "Iterable[Token]", destination: Destination) -> "Iterator[Token]":
    """Yield a line's tokens with adjacent texts merged, as the renderer escapes each text on its own."""
    merged = list(_merge_text_tokens(tokens))
    shown = [_format_token(token) for token in merged]
    active = [
        # One run of tildes alone strikes nothing out.
        *("~" if sum(len(_TILDES.findall(each)) for each in shown) > 1 else ""),
        *("$" if _MATHEMATICAL.search("".join(shown)) else ""),
    ]
    address = ""
    for token in merged:
        if token.type == "link_open":
            address = str(token.attrs["href"])
            _prepare_link(token, address, destination)
        elif token.type == "link_close":
            address = ""
        is_own_label = bool(address) and address in {
            encode_url(token.content),
            f"http://{token.content}",
            f"mailto:{token.content}",
        }
        shown_in = PAGE if is_own_label else destination  # an address in a link is only a link
        yield _build_escaped_token(token.content, shown_in, active) if token.type == "text" else token


def _prepare_link(token: "Token", address: str, destination: Destination) -> None:
    """Give a link its target; one that was typed as ``<https://…>`` keeps its label."""
    target = destination.prepare_address(address)
    if target != address:
        token.attrs, token.info = {"href": target}, ""


# What a line's dollars must not do: enclose a formula, or touch one (which is a space between two line breaks).
_MATHEMATICAL = re.compile(rf"{formulas.FORMULA}|\$\n \n|\n \n\$")


def _format_token(token: "Token") -> str:
    """Return a token such that the dollars around it have the meaning that they have around what is written of it."""
    match token.type:
        case "math_inline":
            return "\n \n"
        case "code_inline":
            return f"`{token.content}`"
        case "footnote_ref" | "softbreak" | "hardbreak":
            return "\n"
        case _:
            return token.content or token.markup


def _merge_text_tokens(tokens: "Iterable[Token]") -> "Iterator[Token]":
    for is_text, group in groupby(tokens, key=lambda token: token.type == "text"):
        if is_text:
            yield _build_token("text", content="".join(token.content for token in group))
        else:
            yield from group


def _sanitize_inline_tokens(tokens: "Sequence[Token]", encode: "_Encoder") -> "Iterator[Token]":
    """Yield a line's tokens with HTML as text, images as links, and no link that is empty or may not be followed."""
    followed: list[str] = []
    is_bare = False
    for token in tokens:
        is_bare = is_bare and token.type != "image" and not normalize_line(token.content)
        match token.type:
            case "text" if not any(followed):
                yield from _split_emails(token.content, encode)
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


def _split_emails(content: str, encode: "_Encoder") -> "Iterator[Token]":
    """Yield a text's tokens with its e-mail addresses as links, as GitHub shows them."""
    start = 0
    for match in EMAIL.finditer(content) if "@" in content else ():
        yield _build_token("text", content=content[start : match.start()])
        yield from _build_link_tokens(match[0], encode(f"mailto:{match[0].removeprefix('mailto:')}"))
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
