"""A line of visible text that knows its links and what is bold in it; cutting it keeps both."""

import bisect
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from readingroom.importer.vocabulary.status import StatusMatch, parse_status
from readingroom.parsing.date_mentions import DateMention, find_dates
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


@dataclass(frozen=True, init=False)
class RichText:
    r"""Visible text in the line (from 1) of a page where it starts; struck text is left out, "\n" is a line break.

    ``is_struck`` is true where all of it is struck out; then the text is kept.
    """

    text: str
    line: int = 0
    ranges: tuple[Range, ...] = ()
    is_struck: bool = False

    def __init__(self, text: str, line: int = 0, ranges: tuple[Range, ...] = (), *, is_struck: bool = False) -> None:
        # There are some for every line: a frozen class sets one field at a time, which takes three times as long.
        self.__dict__.update(text=text, line=line, ranges=ranges, is_struck=is_struck)

    @cached_property
    def links(self) -> list[Range]:
        return [each for each in self.ranges if each.mark is Mark.LINK]

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """The dates in the text."""
        return find_dates(self.text)

    @cached_property
    def status(self) -> StatusMatch:
        """The status that the text expresses."""
        return parse_status(self.text)

    @cached_property
    def people(self) -> PeopleReading:
        """The people that the text names, if it is a list of people."""
        return parse_people(self.render_markdown())

    def get_label(self, link: Range) -> str:
        return self.text[link.start : link.end].strip()

    def find_link(self, place: int) -> Range | None:
        """Return the link that a place of the text is in."""
        number = bisect.bisect_right(self.links, place, key=lambda link: link.start)
        return self.links[number - 1] if number and place < self.links[number - 1].end else None

    def slice(self, start: int, end: int | None = None) -> "RichText":
        """Return a part of the text without the spaces around it."""
        part = self.text[start:end]
        bare = part.strip()
        if len(bare) == len(self.text):
            return self
        if self.ranges:
            return self.slice_parts([(start, len(self.text) if end is None else end)])[0]
        line = self.line + self.text.count("\n", 0, start + len(part) - len(part.lstrip()))
        return RichText(bare, line, is_struck=self.is_struck)

    def slice_parts(self, bounds: Iterable[tuple[int, int]]) -> list["RichText"]:
        """Return several parts in their order, each without the spaces around it, in time linear in the text."""
        parts, near, further, place, line = list[RichText](), list[Range](), deque(self.ranges), 0, self.line
        for start, end in bounds:
            part = self.text[start:end]
            left = start + len(part) - len(part.lstrip())
            right = max(left, start + len(part.rstrip()))
            if right - left == len(self.text):
                parts.append(self)
                continue
            near = [each for each in near if each.end >= start]
            while further and further[0].start <= end:
                near.append(further.popleft())
            place, line = left, line + self.text.count("\n", place, left)
            ranges = tuple(
                Range(min(max(each.start, left), right) - left, max(min(each.end, right), left) - left, *each[2:])
                for each in near
                if (each.start < right and each.end > left) or (each.start == each.end and start <= each.start <= end)
            )
            parts.append(RichText(self.text[left:right], line, ranges, is_struck=self.is_struck))
        return parts

    def cut(self, start: int, end: int) -> "RichText":
        """Return the text without a part."""
        return join_texts([self.slice(0, start), self.slice(end)], " ")

    def mask(self, ranges: Iterable[Range]) -> str:
        r"""Return the text with "\0" instead of each letter of some ranges that do not overlap."""
        parts, place = [], 0
        for each in ranges:
            parts += [self.text[place : each.start], "\0" * (each.end - each.start)]
            place = each.end
        return "".join([*parts, self.text[place:]])

    def split(self, pattern: re.Pattern[str]) -> list["RichText"]:
        """Return the parts between the matches of a pattern that lie outside of links."""
        bounds, start = list[tuple[int, int]](), 0
        for found in pattern.finditer(self.text):
            link = self.find_link(found.start())
            if not link or link.start == found.start() or found.end() >= link.end:
                bounds.append((start, found.start()))
                start = found.end()
        parts = self.slice_parts([*bounds, (start, len(self.text))]) if bounds else [self.slice(0)]
        return [part for part in parts if part.text or part.links]

    def strip(self, signs: str) -> "RichText":
        """Return the text without these signs and spaces around it."""
        right = len(self.text.rstrip(f"{signs} \n"))
        return self.slice(len(self.text[:right]) - len(self.text[:right].lstrip(f"{signs} \n")), right)

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


def link_addresses(text: str) -> Iterator[Range]:
    """Yield the web addresses in a text, as GitHub links them: without the punctuation after them."""
    for found in _ADDRESS.finditer(text):
        url = found[0].rstrip(".,;:!?*_~'\"")
        while url.endswith(")") and url.count(")") > url.count("("):
            url = url[:-1].rstrip(".,;:!?")
        yield Range(found.start(), found.start() + len(url), Mark.LINK, url)


def join_texts(parts: Iterable[RichText], separator: str) -> RichText:
    """Return texts as one, with a separator between those that are not empty."""
    kept = [part for part in parts if part.text or part.ranges]
    if len(kept) < 2:
        return kept[0] if kept else RichText("")
    texts, ranges, length = list[str](), list[Range](), 0
    for part in kept:
        length += len(separator) if length and part.text else 0
        ranges += [Range(r.start + length, r.end + length, r.mark, r.url) for r in part.ranges]
        length += len(part.text)
        texts += [part.text] if part.text else []
    return RichText(separator.join(texts), kept[0].line, tuple(ranges), is_struck=all(part.is_struck for part in kept))
