"""The years that a page tells beside the days: its headings, its prose, its front matter, its path."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from readingroom.importing import dates
from readingroom.importing.dates import FIRST_YEAR, LAST_YEAR
from readingroom.importing.page import Heading, Page, Text


@dataclass(frozen=True, slots=True)
class Hint:
    """A year that a page tells beside the days, and what tells it; ``second`` is that of one such as 2019/20."""

    line: int
    year: int
    why: str
    second: int = 0


@dataclass(frozen=True)
class Told:
    """What a page tells of years, looked up once for all of its columns."""

    page: Page

    @cached_property
    def headings(self) -> tuple[list[int], list[Hint]]:
        """The lines of the headings, and what holds below each."""
        hints = list(_of_headings(self.page))
        return [hint.line for hint in hints], hints

    @cached_property
    def starts(self) -> list[Hint]:
        """The years that the prose, the front matter and the path tell, each as it is first told."""
        first: dict[int, Hint] = {}
        for hint in _of_page(self.page):
            first.setdefault(hint.year, hint)
        return list(first.values())

    @cached_property
    def years(self) -> list[int]:
        """Every year that stands anywhere on the page."""
        return sorted({int(year) for year in _ONE.findall(self.page.text) if FIRST_YEAR <= int(year) <= LAST_YEAR})

    def at(self, line: int) -> Hint | None:
        """Return the hint of the heading above a line."""
        lines, hints = self.headings
        place = bisect_right(lines, line)
        return hints[place - 1] if place and hints[place - 1].year else None


_SPAN = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*[-/–—]\s*((?:19|20)?[0-9]{2})(?![0-9/-])")
_TITLE = re.compile(r"[^\W\d_]+ ((?:19|20)[0-9]{2})")  # a line such as Schedule 2023, which is no heading
_ONE = re.compile(r"(?<![0-9])((?:19[7-9]|20)[0-9]{2})(?![0-9])")


# What such a line or a heading tells is the year of something else.
_NO_YEAR = re.compile(
    r"\b(?:updated?|lastmod|modified|edited|changed|revised|copyright|licen[cs]ed?|since|founded|established|published"
    r"|accessed|seit|aktualisiert|geändert|gegründet|stand|depuis|mise à jour|modifiée?|publiée?|desde|actualizad[oa]"
    r"|atualizad[oa]|publicad[oa]|aggiornat[oa]|sinds|version)\b|©|\(c\)|更新|版权|版權|著作権|以来|업데이트|갱신|수정",
    re.IGNORECASE,
)


def _of_headings(page: Page) -> Iterator[Hint]:
    """Yield the years that headings tell, and where one of their level or above ends what they tell."""
    below: list[tuple[int, Hint]] = []
    for block in page.blocks:
        if not isinstance(block, Heading):
            continue
        while below and below[-1][0] >= block.level:
            below.pop()
        if hint := _of_heading(block):
            below.append((block.level, hint))
        held = below[-1][1] if below else Hint(0, 0, "")
        yield replace(held, line=block.line)


def _of_heading(block: Heading) -> Hint | None:
    text = block.words.whole
    if _NO_YEAR.search(text):
        return None
    span, one, why = _SPAN.search(text), _ONE.findall(text), f'the heading "{text[:40]}"'
    if span and int(span[1][:2] + span[2][-2:]) == int(span[1]) + 1:
        return Hint(block.line, int(span[1]), why, int(span[1]) + 1)
    return Hint(block.line, int(one[0]), why) if len(set(one)) == 1 else None


def _of_page(page: Page) -> Iterator[Hint]:
    """Yield the years that the rest of the page tells: its front matter, full dates in its prose, its path."""
    front = "\n".join(line for line in page.front.splitlines() if not _NO_YEAR.search(line.replace("_", " ")))
    yield from (Hint(1, int(year), "the front matter") for year in sorted(set(_ONE.findall(front))))
    for block in page.blocks:
        if not isinstance(block, Text) or block.is_item or _NO_YEAR.search(block.words.text):
            continue
        if (found := dates.read(block.words.text)) and found.year:
            yield Hint(block.line, found.year, f"line {block.line}")
        elif title := _TITLE.fullmatch(block.words.text):
            yield Hint(block.line, int(title[1]), f"line {block.line}")
    yield from (Hint(0, int(year), f"the path {page.path}") for year in _ONE.findall(page.path))
