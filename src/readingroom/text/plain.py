"""Authors' texts as plain text, for calendars, feeds and data, which show no Markdown."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from readingroom.text import characters, escape, sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

# Prose without any of these is the same with and without the parser, which takes a hundred times as long.
_MAYBE_MARKDOWN = re.compile(r"[\\`*_\[\]<>&#~!|]|^ {4}|^\s|[ \t]$|^[ \t]*+(?:[-+=]|[0-9]{1,9}[.)])", re.MULTILINE)


def clean_line(value: str) -> str:
    """Return a text on one line, without characters that hide or reorder it."""
    return clean_fragment(value).strip()


def clean_fragment(value: str) -> str:
    """Return the same with the spaces around it."""
    if value.isascii() and value.isprintable():
        return value
    return strip_forbidden(escape.normalize_fragment(value))


def strip_forbidden(value: str) -> str:
    """Return a text without the characters that XML and HTML forbid."""
    return characters.FORBIDDEN.sub("", value)


def clean_name(value: str) -> str:
    """Return a name on one line, or a question mark if nothing of it is visible."""
    return clean_line(value) or "?"


@lru_cache(maxsize=4_000)
def render_plain_text(source: str) -> str:
    """Return an author's Markdown as plain text: lists with hyphens, a link's address after its label.

    Direction controls do not affect the lines around theirs.
    """
    source = clean_markdown(source)
    if _MAYBE_MARKDOWN.search(source) and (tokens := sanitize.parse_sanitized(source)) is not None:
        source = "".join(_render_tokens(tokens)).strip()
    return "\n".join(map(characters.isolate_direction, source.split("\n")))


def clean_markdown(source: str) -> str:
    """Return an author's Markdown as it is, without the characters that no text needs."""
    source = source.strip()
    if source.isascii() and source.isprintable():
        return source
    return strip_forbidden(characters.normalize_line_breaks(source)).strip()


def _render_tokens(tokens: "Iterable[Token]") -> Iterator[str]:
    """Yield the parts of a document's text; a block starts on a new line, outside lists after an empty one."""
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
            case "list_item_open" | "footnote_open":
                yield _take_next_marker(lists) if token.type == "list_item_open" else f"{gap}[{token.meta['number']}] "
                is_first = True
            case "table_open":
                row = gap
            case "tr_open":
                yield row
                row, cell = "\n", ""
            case "th_open" | "td_open":
                yield cell
                cell, is_first = " | ", True
            case "inline" | "fence" | "code_block" | "hr" | "math_block":
                yield gap + _render_token(token)
                is_first = False
            case _:
                is_first = is_first and token.type != "list_item_close"
        if token.type in {"bullet_list_open", "ordered_list_open"} and len(lists) == 1 and not is_first:
            yield "\n"


def _take_next_marker(lists: list[str]) -> str:
    """Return the start of a list's next item, and count it."""
    indent = f"\n{'  ' * (len(lists) - 1)}"
    if not lists[-1]:
        return f"{indent}- "
    number = int(lists[-1])
    lists[-1] = str(number + 1)
    return f"{indent}{number}. "


def _render_token(token: "Token") -> str:
    if token.type == "hr":
        return "---"
    if token.type == "math_block":
        return f"$${token.content}$$"
    return _render_inline(token.children or ()) if token.type == "inline" else token.content.rstrip("\n")


def _render_inline(tokens: "Iterable[Token]") -> str:
    """Return a line's text, with the address of each link after its label."""
    address, start, text = "", 0, ""
    for token in tokens:
        match token.type:
            case "link_open":
                address, start = str(token.attrs["href"]), len(text)
            case "link_close":
                text = text[:start] + _format_link(text[start:], address)
            case "softbreak" | "hardbreak":
                text += "\n"
            case "math_inline":
                text += f"{token.markup}{token.content}{token.markup[::-1]}"
            case "s_open" | "s_close":  # without its marks, struck text would say the opposite
                text += token.markup
            case "task_box":
                text += "[x] " if token.meta["checked"] else "[ ] "
            case "footnote_ref":
                text += f" [{token.meta['number']}]"
            case _:
                text += token.content
    return strip_forbidden(characters.normalize_line_breaks(text))


def _format_link(label: str, address: str) -> str:
    is_repeated = address in {escape.percent_encode_url(label), f"mailto:{label}", f"http://{label}"}
    return label if is_repeated else f"{label} ({address})"
