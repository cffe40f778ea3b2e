"""Regions inserted into a README that has none, where its owner wants them."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Invalid, Location
from readingroom.core.text_file import TextFile
from readingroom.store import generated
from readingroom.store.generated import RegionName
from readingroom.text import commonmark
from readingroom.text.matching import find_closest_word, normalize_text

if TYPE_CHECKING:
    from markdown_it.token import Token

HEADINGS = {
    RegionName.NEXT: "Next session",
    RegionName.UPCOMING: "Upcoming sessions",
    RegionName.PREVIOUS: "Previous sessions",
}
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)")
_HEADING_LEVEL = 2  # of the new headings, unless they follow a section of a deeper level
_MAX_SHOWN_HEADINGS = 20
_EMOJI = re.compile(r":(?:[A-Za-z][\w+-]*|[+-]1|100|1234):|.\ufe0f\u20e3?|\ufe0e")
_SYMBOL_CATEGORIES = frozenset({"So", "Sk", "Cf", "Co", "Cn"})
_TAG = re.compile(r"<(/?)(details|div)(?=[\s/>])", re.IGNORECASE)
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)


class InsertionPlace(StrEnum):
    """Where regions go: before the first section, at the end, nowhere, or after a named section."""

    TOP = "top"
    BOTTOM = "bottom"
    NONE = "none"
    AFTER = "after"


class InsertionPoint(NamedTuple):
    """A place, and for AFTER the heading of the section that it follows."""

    place: InsertionPlace
    heading: str = ""


class _Heading(NamedTuple):
    text: str
    level: int
    line: int


def parse_insertion_point(text: str) -> InsertionPoint:
    """Return where a text wants regions: top, bottom, none, or after: and a heading; raise ValueError for others."""
    if match := re.fullmatch(r"after:\s*(\S.*)", text, re.DOTALL):
        return InsertionPoint(InsertionPlace.AFTER, match[1])
    if text == InsertionPlace.AFTER:
        raise ValueError(text)
    return InsertionPoint(InsertionPlace(text))


def is_insertion_point(text: str) -> bool:
    """Return whether ``parse_insertion_point`` accepts a text."""
    try:
        parse_insertion_point(text)
    except ValueError:
        return False
    return True


def insert_regions(file: str, page: TextFile, point: InsertionPoint) -> TextFile:
    """Return a file with all regions, each below a heading; a file that has a region is returned unchanged.

    The old text stays byte for byte, and none of it gets below another heading.
    Raises Invalid if there is no such heading, or if a block of code or HTML is open there.
    """
    text, ending = page.text, page.line_end
    if point.place == InsertionPlace.NONE or generated.parse_regions(file, text):
        return page
    number, level = _locate_insertion(file, text, point)
    lines = text.split("\n")
    head = "".join(f"{line}\n" for line in lines[:number]) if number < len(lines) else text
    tail = text[len(head) :]
    head += _compute_gap(head, ending)
    gap = ending if tail.partition("\n")[0].strip() else ""
    new_text = head + ending.join(_iter_region_lines(level)) + ending + gap + tail
    _check_insertion(file, new_text, level, head.count("\n"))
    return page.replace_text(new_text)


def _compute_gap(head: str, ending: str) -> str:
    """Return the line ends that separate a text from a heading by an empty line."""
    *_, line, last = ["", "", *head.split("\n")]
    if last.strip():
        return ending * 2
    return ending if line.strip() else ""


def _iter_region_lines(level: int) -> Iterator[str]:
    for number, (name, heading) in enumerate(HEADINGS.items()):
        if number:
            yield ""
        yield f"{'#' * level} {heading}"
        yield ""
        yield f"<!-- readingroom:begin {name} -->"
        yield f"<!-- readingroom:end {name} -->"


def _locate_insertion(file: str, text: str, point: InsertionPoint) -> tuple[int, int]:
    """Return the number of the line, from 0, before which the regions go, and how deep their headings are."""
    end = text.count("\n") + 1
    headings = _list_headings(text)
    if point.place == InsertionPlace.BOTTOM:
        return end, _HEADING_LEVEL
    if point.place == InsertionPlace.TOP:
        has_title = bool(headings) and headings[0].level == 1
        return _find_section_end(headings[has_title:], _HEADING_LEVEL, end), _HEADING_LEVEL
    texts = [heading.text for heading in headings]
    position = _find_heading(point.heading, texts)
    if position is None:
        raise Invalid([Diagnostic(Location(file), *_describe_missing_heading(point.heading, texts))])
    level = max(headings[position].level, _HEADING_LEVEL)
    return _find_section_end(headings[position + 1 :], level, end), level


def _find_heading(wanted: str, headings: Sequence[str]) -> int | None:
    """Return the position of the same heading, or else of one that is the same without symbols."""
    for normalize in (_normalize_heading, _strip_symbols):
        normalized = [normalize(heading) for heading in headings]
        if (text := normalize(wanted)) and text in normalized:
            return normalized.index(text)
    return None


def _find_section_end(headings: Sequence[_Heading], level: int, end: int) -> int:
    """Return the line of the first heading that ends a section of a level."""
    return next((heading.line for heading in headings if heading.level <= level), end)


def _parse_markdown(text: str) -> "list[Token]":
    return commonmark.parse_structure(_FRONT_MATTER.sub(lambda match: "\n" * match[0].count("\n"), text))


def _list_headings(text: str) -> list[_Heading]:
    """Return the headings of a text, outside of lists and quotations, with their text as it is shown."""
    return [
        _Heading(
            "".join(part.content for part in inline.children or () if part.type in {"text", "code_inline"}),
            int(opening.tag[1:]),
            opening.map[0],
        )
        for opening, inline in pairwise(_parse_markdown(text))
        if opening.type == "heading_open" and opening.level == 0 and opening.map
    ]


def _normalize_heading(heading: str) -> str:
    return normalize_text(heading.lstrip("#"))


def _strip_symbols(heading: str) -> str:
    """Return a heading without emoji, other pictures and the names for which GitHub shows pictures."""
    letters = (
        " " if unicodedata.category(letter) in _SYMBOL_CATEGORIES else letter for letter in _EMOJI.sub(" ", heading)
    )
    return _normalize_heading("".join(letters))


def _describe_missing_heading(wanted: str, headings: Sequence[str]) -> Finding:
    if not headings:
        message = f'has no heading "{wanted}", and no other.'
        return Finding(Code.REGION_PLACE_INVALID, message, "Choose top or bottom.")
    by_words = {words: heading for heading in headings if (words := _strip_symbols(heading))}
    closest = by_words.get(find_closest_word(_strip_symbols(wanted), by_words))
    suggestion = f'Did you mean "{closest}"? ' if closest else ""
    more = f" and {len(headings) - _MAX_SHOWN_HEADINGS} more" if len(headings) > _MAX_SHOWN_HEADINGS else ""
    hint = f"{suggestion}Its headings are: {'; '.join(headings[:_MAX_SHOWN_HEADINGS])}{more}."
    return Finding(Code.REGION_PLACE_INVALID, f'has no heading "{wanted}".', hint)


def _check_insertion(file: str, text: str, level: int, line: int) -> None:
    """Raise Invalid if the new headings and markers are not read as such: something above them is left open."""
    headings = [heading.text for heading in _list_headings(text) if heading.level == level and heading.line >= line]
    regions = [region.name for region in generated.parse_regions(file, text)]
    unclosed = _list_unclosed_tags(text, line)
    if regions != list(HEADINGS) or headings[: len(HEADINGS)] != list(HEADINGS.values()):
        block = "a block of code or HTML"
    elif unclosed:
        block = f"<{unclosed[-1]}>"
    else:
        return
    message = f"leaves {block} open where the regions would go."
    hint = "Close it, or choose another place."
    raise Invalid([Diagnostic(Location(file, line), Code.REGION_PLACE_INVALID, message, hint)])


def _list_unclosed_tags(text: str, line: int) -> list[str]:
    """Return the tags that contain, and may fold away, a line and what is below it."""
    unclosed: list[str] = []
    for html in _iter_html(text, line):
        for slash, name in _TAG.findall(_COMMENT.sub("", html)):
            tag = name.casefold()
            if not slash:
                unclosed.append(tag)
            elif tag in unclosed:
                while unclosed.pop() != tag:
                    pass  # a closing tag also closes what was left open within
    return unclosed


def _iter_html(text: str, line: int) -> Iterator[str]:
    """Yield the HTML above a line, outside of lists and quotations, which end what is open in them."""
    for token in _parse_markdown(text):
        if token.map and token.map[0] < line and token.level <= 1:
            if token.type == "html_block" and token.level == 0:
                yield token.content
            elif token.type == "inline":
                yield from (child.content for child in token.children or () if child.type == "html_inline")
