"""Regions put into a README that has none, where its owner says."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from readingroom.core.diagnostics import Invalid, Problem
from readingroom.store import generated
from readingroom.store.schema import nearest

PLACES = ("top", "bottom", "none")
HEADINGS = {"next": "Next session", "upcoming": "Upcoming sessions", "previous": "Previous sessions"}
_AFTER = re.compile(r"after:\s*(\S.*)", re.DOTALL)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)")
_LEVEL = 2  # of the new headings, unless they follow a section that lies deeper
_SHOWN = 20
_PICTURE = re.compile(r":(?:[A-Za-z][\w+-]*|[+-]1|100|1234):|.\ufe0f\u20e3?|\ufe0e")
_PICTURES = frozenset({"So", "Sk", "Cf", "Co", "Cn"})
_TAG = re.compile(r"<(/?)(details|div)(?=[\s/>])", re.IGNORECASE)
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)


class _Heading(NamedTuple):
    text: str
    level: int
    line: int


def is_place(text: str) -> bool:
    """Tell whether a text says where regions go: top, bottom, none, or after: and a heading."""
    return text in PLACES or _AFTER.fullmatch(text) is not None


def placed(file: str, text: str, place: str) -> str:
    """Return a file with all regions, each below a heading; one that has a region already stays as it is.

    ``top`` is before the first section, ``bottom`` the end, ``after: X`` the end of the section that X heads.
    The text that was there stays byte for byte, and none of it comes to stand below another heading.
    Raises Invalid if there is no such heading, or if a block of code or HTML is open at that place.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    if place == "none" or generated.regions(file, text):
        return mark + text
    number, level = _place(file, text, place)
    lines = text.split("\n")
    head = "".join(f"{line}\n" for line in lines[:number]) if number < len(lines) else text
    tail = text[len(head) :]
    ending = "\r\n" if lines[0].endswith("\r") else "\n"
    before, after = head + _gap(head, ending), ending if tail.partition("\n")[0].strip() else ""
    made = before + ending.join(_block(level)) + ending + after + tail
    _check(file, made, level, before.count("\n"))
    return mark + made


def _gap(head: str, ending: str) -> str:
    """Return the line ends that part a text from a heading by an empty line."""
    *_, line, last = ["", "", *head.split("\n")]
    if last.strip():
        return ending * 2
    return ending if line.strip() else ""


def _block(level: int) -> Iterator[str]:
    for number, (name, heading) in enumerate(HEADINGS.items()):
        if number:
            yield ""
        yield f"{'#' * level} {heading}"
        yield ""
        yield f"<!-- readingroom:begin {name} -->"
        yield f"<!-- readingroom:end {name} -->"


def _place(file: str, text: str, place: str) -> tuple[int, int]:
    """Return the number of the line, from 0, before which the regions go, and how deep their headings are."""
    end = text.count("\n") + 1
    headings = _headings(text)
    if place == "bottom":
        return end, _LEVEL
    if place == "top":
        has_title = bool(headings) and headings[0].level == 1
        return _next(headings[has_title:], _LEVEL, end), _LEVEL
    found = _AFTER.fullmatch(place)
    wanted = found[1] if found else place
    number = _found(wanted, [each.text for each in headings])
    if number is None:
        raise Invalid([Problem(file, 0, "", _not_there(wanted, [each.text for each in headings]))])
    level = max(headings[number].level, _LEVEL)
    return _next(headings[number + 1 :], level, end), level


def _found(wanted: str, headings: Sequence[str]) -> int | None:
    """Return the place of the heading that is the same, or else of one that is so without its symbols."""
    for folded in (_folded, _without_symbols):
        known = [folded(each) for each in headings]
        if folded(wanted) and folded(wanted) in known:
            return known.index(folded(wanted))
    return None


def _next(headings: Sequence[_Heading], level: int, end: int) -> int:
    """Return the line of the first heading that ends a section of a level."""
    return next((each.line for each in headings if each.level <= level), end)


def _tokens(text: str) -> list[Token]:
    text = _FRONT_MATTER.sub(lambda found: "\n" * found[0].count("\n"), text)
    return MarkdownIt("commonmark").parse(text.replace("\r\n", "\n").replace("\r", " "))


def _headings(text: str) -> list[_Heading]:
    """Return the headings of a text, outside of lists and quotations, with their text as it is shown."""
    return [
        _Heading(
            "".join(part.content for part in inline.children or () if part.type in {"text", "code_inline"}),
            int(opening.tag[1:]),
            opening.map[0],
        )
        for opening, inline in pairwise(_tokens(text))
        if opening.type == "heading_open" and opening.level == 0 and opening.map
    ]


def _folded(heading: str) -> str:
    return " ".join(unicodedata.normalize("NFC", heading).lstrip("#").split()).casefold()


def _without_symbols(heading: str) -> str:
    """Return what a heading says besides emoji, other pictures and the names that GitHub shows pictures for."""
    heading = _PICTURE.sub(" ", heading)
    return _folded("".join(" " if unicodedata.category(each) in _PICTURES else each for each in heading))


def _not_there(wanted: str, headings: Sequence[str]) -> str:
    if not headings:
        return f'has no heading "{wanted}", and no other. Choose top or bottom.'
    plain = {_without_symbols(each): each for each in headings}
    near = plain.get(nearest(_without_symbols(wanted), plain), "")
    more = f" and {len(headings) - _SHOWN} more" if len(headings) > _SHOWN else ""
    hint = f' Did you mean "{near}"?' if near else ""
    return f'has no heading "{wanted}".{hint} Its headings are: {"; ".join(headings[:_SHOWN])}{more}.'


def _check(file: str, made: str, level: int, number: int) -> None:
    """Raise Invalid if the new headings and markers are not read as such: something before them is left open."""
    shown = [heading.text for heading in _headings(made) if heading.level == level and heading.line >= number]
    there = [each.name for each in generated.regions(file, made)]
    if there != list(HEADINGS) or shown[: len(HEADINGS)] != list(HEADINGS.values()):
        raise Invalid([Problem(file, number, "", f"leaves a block of code or HTML {_OPEN}")])
    if still_open := _unclosed(made, number):
        raise Invalid([Problem(file, number, "", f"leaves <{still_open[-1]}> {_OPEN}")])


_OPEN = "open where the regions would go. Close it, or choose another place."


def _unclosed(text: str, number: int) -> list[str]:
    """Return the tags that hold, and may fold away, what stands in a line and below it."""
    found: list[str] = []
    for html in _html(text, number):
        for slash, name in _TAG.findall(_COMMENT.sub("", html)):
            tag = name.casefold()
            if not slash:
                found.append(tag)
            elif tag in found:
                while found.pop() != tag:
                    pass  # a closing tag closes what was left open within, too
    return found


def _html(text: str, number: int) -> Iterator[str]:
    """Yield the HTML above a line, outside of lists and quotations, which end what is open in them."""
    for token in _tokens(text):
        if token.map and token.map[0] < number and token.level <= 1:
            if token.type == "html_block" and token.level == 0:
                yield token.content
            elif token.type == "inline":
                yield from (each.content for each in token.children or () if each.type == "html_inline")
