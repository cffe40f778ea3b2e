"""Plain text of what authors wrote, for calendars, feeds and data, which show no Markdown."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from readingroom.text import commonmark, escape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

# What XML 1.0 and HTML forbid, and the controls of ISO 6429, which no text needs: https://www.w3.org/TR/xml/#charsets,
# https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Prose without any of these is the same with and without the parser below, which takes a hundred times as long.
_MAYBE_MARKDOWN = re.compile(r"[\\`*_\[\]<>&#~!|]|^ {4}|^\s|[ \t]$|^[ \t]*+(?:[-+=]|[0-9]{1,9}[.)])", re.MULTILINE)


def clean_line(value: str) -> str:
    """Return a text on one line, without characters that hide or reorder it."""
    return clean_fragment(value).strip()


def clean_fragment(value: str) -> str:
    """Return the same with the blanks around it."""
    if value.isascii() and value.isprintable():
        return value
    return strip_forbidden(escape.normalize_fragment(escape.strip_bidi_controls(value)))


def strip_forbidden(value: str) -> str:
    """Return a text without the characters that no document may hold."""
    return _FORBIDDEN.sub("", value)


def clean_name(value: str) -> str:
    """Return a name on one line: a question mark where nothing of it can be seen."""
    return clean_line(value) or "?"


def encode_plain_url(address: str) -> str:
    """Return an address, percent-encoded where it must be, or an empty text if it is not one that may be followed."""
    return escape.encode_url(address).replace("&amp;", "&")


@lru_cache(maxsize=4_000)
def render_plain_text(source: str) -> str:
    """Return an author's Markdown as plain text: lists with hyphens, and the address of a link behind its label.

    A line that holds controls of direction is isolated, so that they do not reach the text around it.
    """
    source = clean_markdown(source)
    if _MAYBE_MARKDOWN.search(source) and (tokens := commonmark.parse_markdown(source)) is not None:
        source = "".join(_render_tokens(tokens)).strip()
    return "\n".join(map(_wrap_bidi, source.split("\n"))) if _BIDI.search(source) else source


def clean_markdown(source: str) -> str:
    """Return an author's Markdown as it is, without the characters that no text needs."""
    source = source.strip()
    if source.isascii() and source.isprintable():
        return source
    return strip_forbidden(_BREAKS.sub("\n", source)).strip()


def _wrap_bidi(words: str) -> str:
    return f"\u2068{words}\u2069" if _BIDI.search(words) else words


def _render_tokens(tokens: "Iterable[Token]") -> Iterator[str]:
    """Yield the parts of a document's text; a block starts on a line of its own, below an empty one outside lists."""
    lists: list[str] = []
    is_first = True
    row = cell = ""
    for token in tokens:
        gap = "" if is_first else "\n" if lists else "\n\n"
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                lists.append("" if token.type == "bullet_list_open" else str(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                yield f"\n{'  ' * (len(lists) - 1)}{_take_next_marker(lists)} "
                is_first = True
            case "table_open":
                row = gap
            case "tr_open":
                yield row
                row, cell = "\n", ""
            case "th_open" | "td_open":
                yield cell
                cell, is_first = " | ", True
            case "inline" | "fence" | "code_block" | "hr":
                yield gap + _render_token(token)
                is_first = False
            case _:
                is_first = is_first and token.type != "list_item_close"
        if token.type in {"bullet_list_open", "ordered_list_open"} and len(lists) == 1 and not is_first:
            yield "\n"


def _take_next_marker(lists: list[str]) -> str:
    """Return the mark of a list's next item, and count it."""
    if not lists[-1]:
        return "-"
    number = int(lists[-1])
    lists[-1] = str(number + 1)
    return f"{number}."


def _render_token(token: "Token") -> str:
    if token.type == "hr":
        return "---"
    return "".join(_render_inline(token.children or ())) if token.type == "inline" else token.content.rstrip("\n")


def _render_inline(tokens: "Iterable[Token]") -> Iterator[str]:
    """Yield the parts of a line's text, with the address of each link behind its label."""
    address, start, shown = "", 0, ""
    for token in tokens:
        match token.type:
            case "link_open":
                address, start = str(token.attrs["href"]), len(shown)
            case "link_close":
                shown = shown[:start] + _format_link(shown[start:], address)
            case "softbreak" | "hardbreak":
                shown += "\n"
            case _:
                shown += token.content
    yield strip_forbidden(_BREAKS.sub("\n", shown))


def _format_link(label: str, address: str) -> str:
    return (
        label if address in {encode_plain_url(label), f"mailto:{label}", f"http://{label}"} else f"{label} ({address})"
    )
