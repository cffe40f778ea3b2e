"""A line of visible text that knows its links and what is bold in it; cutting it keeps both."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from readingroom.importer.dates.mentions import DateMention, find_dates
from readingroom.parsing.people import PeopleReading, parse_people


class Mark(StrEnum):
    """What a part of a text is."""

    LINK = "link"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"


class Range(NamedTuple):
    """A part of a text from ``start`` to before ``end`` that has a mark; only links have an address."""

    start: int
    end: int
    mark: Mark
    url: str = ""


@dataclass(frozen=True)
class RichText:
    r"""Visible text in the line (from 1) of a page where it starts; struck text is left out, "\n" is a line break.

    ``is_struck`` is true where all of it is struck out; then the text is kept.
    """

    text: str
    line: int = 0
    ranges: tuple[Range, ...] = ()
    is_struck: bool = False

    @cached_property
    def links(self) -> list[Range]:
        return [each for each in self.ranges if each.mark is Mark.LINK]

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """The dates in the text."""
        return find_dates(self.text)

    @cached_property
    def people(self) -> PeopleReading:
        """The people that the text names, if it is a list of them."""
        return parse_people(self.render_markdown())

    def get_label(self, link: Range) -> str:
        return self.text[link.start : link.end].strip()

    def slice(self, start: int, end: int | None = None) -> "RichText":
        """Return a part of the text without the spaces around it."""
        end = len(self.text) if end is None else end
        part = self.text[start:end]
        left = start + len(part) - len(part.lstrip())
        right = max(left, start + len(part.rstrip()))
        if left == 0 and right == len(self.text):
            return self
        ranges = tuple(
            Range(min(max(each.start, left), right) - left, max(min(each.end, right), left) - left, each.mark, each.url)
            for each in self.ranges
            if (each.start < right and each.end > left) or (each.start == each.end and start <= each.start <= end)
        )
        line = self.line + self.text.count("\n", 0, left) if "\n" in self.text else self.line
        return RichText(self.text[left:right], line, ranges, self.is_struck)

    def cut(self, start: int, end: int) -> "RichText":
        """Return the text without a part."""
        return join_texts([self.slice(0, start), self.slice(end)], " ")

    def split(self, pattern: re.Pattern[str]) -> list["RichText"]:
        """Return the parts between the matches of a pattern that lie outside of links."""
        parts, start = [], 0
        for found in pattern.finditer(self.text):
            if not any(link.start < found.start() and found.end() < link.end for link in self.links):
                parts.append(self.slice(start, found.start()))
                start = found.end()
        parts.append(self.slice(start))
        return [part for part in parts if part.text or part.links]

    def strip(self, signs: str) -> "RichText":
        """Return the text without these signs and spaces around it."""
        left = len(self.text) - len(self.text.lstrip(signs + " \n"))
        right = len(self.text.rstrip(signs + " \n"))
        return self.slice(left, max(left, right))

    def is_all(self, mark: Mark) -> bool:
        """Return whether every letter has a mark."""
        place = 0
        for each in self.iter_marked(mark):
            if any(map(str.isalnum, self.text[place : each.start])):
                return False
            place = max(place, each.end)
        return place > 0 and not any(map(str.isalnum, self.text[place:]))

    def iter_marked(self, mark: Mark) -> Iterator[Range]:
        yield from (each for each in self.ranges if each.mark is mark)

    def render_markdown(self) -> str:
        """Return the text with its links as Markdown, without emphasis."""
        parts, place = [], 0
        for link in self.links:
            if link.start < place:
                continue
            label = self.text[link.start : link.end]
            parts += [self.text[place : link.start], link.url if label == link.url else f"[{label}]({link.url})"]
            place = link.end
        return "".join([*parts, self.text[place:]])


_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\^{}]+", re.IGNORECASE)


def find_addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the web addresses in a text, as GitHub links them: without the punctuation after them."""
    for found in _ADDRESS.finditer(text):
        url = found[0].rstrip(".,;:!?*_~'\"")
        while url.endswith(")") and url.count(")") > url.count("("):
            url = url[:-1].rstrip(".,;:!?")
        yield found.start(), found.start() + len(url), url


def join_texts(parts: Iterable[RichText], separator: str) -> RichText:
    """Return texts as one, with a separator between those that are not empty."""
    kept = [part for part in parts if part.text or part.ranges]
    if not kept:
        return RichText("")
    text, ranges = "", list[Range]()
    for part in kept:
        text += separator if text and part.text else ""
        ranges += [Range(r.start + len(text), r.end + len(text), r.mark, r.url) for r in part.ranges]
        text += part.text
    return RichText(text, kept[0].line, tuple(ranges), all(part.is_struck for part in kept))
