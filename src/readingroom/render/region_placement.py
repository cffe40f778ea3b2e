"""Regions put into a README that has none, where its owner says."""

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
_AFTER = re.compile(r"after:\s*(\S.*)", re.DOTALL)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)")
_HEADING_LEVEL = 2  # of the new headings, unless they follow a section that lies deeper
_MAX_SHOWN_HEADINGS = 20
_EMOJI = re.compile(r":(?:[A-Za-z][\w+-]*|[+-]1|100|1234):|.\ufe0f\u20e3?|\ufe0e")
_SYMBOL_CATEGORIES = frozenset({"So", "Sk", "Cf", "Co", "Cn"})
_TAG = re.compile(r"<(/?)(details|div)(?=[\s/>])", re.IGNORECASE)
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)


class Place(StrEnum):
    """Where regions go: before the first section, at the end, nowhere, or after a section that is named."""

    TOP = "top"
    BOTTOM = "bottom"
    NONE = "none"
    AFTER = "after"


class InsertionPoint(NamedTuple):
    """A place, and the heading of the section that it comes after."""

    place: Place
    heading: str = ""


class _Heading(NamedTuple):
    text: str
    level: int
    line: int


def parse_insertion_point(text: str) -> InsertionPoint:
    """Return where a text says that regions go: top, bottom, none, or after: and a heading; raise ValueError else."""
    if found := _AFTER.fullmatch(text):
        return InsertionPoint(Place.AFTER, found[1])
    if text == Place.AFTER:
        raise ValueError(text)
    return InsertionPoint(Place(text))


def is_insertion_point(text: str) -> bool:
    """Tell whether a text says where regions go."""
    try:
        parse_insertion_point(text)
    except ValueError:
        return False
    return True


def insert_regions(file: str, page: TextFile, point: InsertionPoint) -> TextFile:
    """Return a file with all regions, each below a heading; one that has a region already stays as it is.

    The text that was there stays byte for byte, and none of it comes to stand below another heading.
    Raises Invalid if there is no such heading, or if a block of code or HTML is open at that place.
    """
    text, ending = page.text, page.line_end
    if point.place == Place.NONE or generated.parse_regions(file, text):
        return page
    number, level = _locate_insertion(file, text, point)
    lines = text.split("\n")
    head = "".join(f"{line}\n" for line in lines[:number]) if number < len(lines) else text
    tail = text[len(head) :]
    before, after = head + _compute_gap(head, ending), ending if tail.partition("\n")[0].strip() else ""
    made = before + ending.join(_iter_region_lines(level)) + ending + after + tail
    _check_insertion(file, made, level, before.count("\n"))
    return page.replace_text(made)


def _compute_gap(head: str, ending: str) -> str:
    """Return the line ends that part a text from a heading by an empty line."""
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
    if point.place == Place.BOTTOM:
        return end, _HEADING_LEVEL
    if point.place == Place.TOP:
        has_title = bool(headings) and headings[0].level == 1
        return _find_section_end(headings[has_title:], _HEADING_LEVEL, end), _HEADING_LEVEL
    wanted = point.heading
    number = _find_heading(wanted, [each.text for each in headings])
    if number is None:
        finding = _describe_missing_heading(wanted, [each.text for each in headings])
        raise Invalid([Diagnostic(Location(file), *finding)])
    level = max(headings[number].level, _HEADING_LEVEL)
    return _find_section_end(headings[number + 1 :], level, end), level


def _find_heading(wanted: str, headings: Sequence[str]) -> int | None:
    """Return the place of the heading that is the same, or else of one that is so without its symbols."""
    for folded in (_normalize_heading, _strip_symbols):
        known = [folded(each) for each in headings]
        if folded(wanted) and folded(wanted) in known:
            return known.index(folded(wanted))
    return None


def _find_section_end(headings: Sequence[_Heading], level: int, end: int) -> int:
    """Return the line of the first heading that ends a section of a level."""
    return next((each.line for each in headings if each.level <= level), end)


def _parse_markdown(text: str) -> "list[Token]":
    return commonmark.parse_structure(_FRONT_MATTER.sub(lambda found: "\n" * found[0].count("\n"), text))


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
    """Return what a heading says besides emoji, other pictures and the names that GitHub shows pictures for."""
    heading = _EMOJI.sub(" ", heading)
    return _normalize_heading(
        "".join(" " if unicodedata.category(each) in _SYMBOL_CATEGORIES else each for each in heading)
    )


def _describe_missing_heading(wanted: str, headings: Sequence[str]) -> Finding:
    if not headings:
        message = f'has no heading "{wanted}", and no other.'
        return Finding(Code.REGION_PLACE_INVALID, message, "Choose top or bottom.")
    plain = {words: each for each in headings if (words := _strip_symbols(each))}
    near = plain.get(find_closest_word(_strip_symbols(wanted), plain), "")
    more = f" and {len(headings) - _MAX_SHOWN_HEADINGS} more" if len(headings) > _MAX_SHOWN_HEADINGS else ""
    known = f"Its headings are: {'; '.join(headings[:_MAX_SHOWN_HEADINGS])}{more}."
    hint = f'Did you mean "{near}"? {known}' if near else known
    return Finding(Code.REGION_PLACE_INVALID, f'has no heading "{wanted}".', hint)


def _check_insertion(file: str, made: str, level: int, number: int) -> None:
    """Raise Invalid if the new headings and markers are not read as such: something before them is left open."""
    shown = [heading.text for heading in _list_headings(made) if heading.level == level and heading.line >= number]
    there = [each.name for each in generated.parse_regions(file, made)]
    if there != list(HEADINGS) or shown[: len(HEADINGS)] != list(HEADINGS.values()):
        raise _refuse_open_block(file, number, "a block of code or HTML")
    if still_open := _find_unclosed_tags(made, number):
        raise _refuse_open_block(file, number, f"<{still_open[-1]}>")


def _refuse_open_block(file: str, number: int, what: str) -> Invalid:
    message = f"leaves {what} open where the regions would go."
    hint = "Close it, or choose another place."
    return Invalid([Diagnostic(Location(file, number), Code.REGION_PLACE_INVALID, message, hint)])


def _find_unclosed_tags(text: str, number: int) -> list[str]:
    """Return the tags that hold, and may fold away, what stands in a line and below it."""
    found: list[str] = []
    for html in _iter_html(text, number):
        for slash, name in _TAG.findall(_COMMENT.sub("", html)):
            tag = name.casefold()
            if not slash:
                found.append(tag)
            elif tag in found:
                while found.pop() != tag:
                    pass  # a closing tag closes what was left open within, too
    return found


def _iter_html(text: str, number: int) -> Iterator[str]:
    """Yield the HTML above a line, outside of lists and quotations, which end what is open in them."""
    for token in _parse_markdown(text):
        if token.map and token.map[0] < number and token.level <= 1:
            if token.type == "html_block" and token.level == 0:
                yield token.content
            elif token.type == "inline":
                yield from (each.content for each in token.children or () if each.type == "html_inline")
