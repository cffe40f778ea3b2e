"""Material that belongs to no session: sections between sessions are shelves, lists without days what is asked for."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from readingroom.core.models import Status
from readingroom.importer.page.blocks import BOLD_LEVEL, Block, Kind, Line
from readingroom.importer.page.document import Document
from readingroom.importer.records import body, fields, texts
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.people import Shape
from readingroom.importer.tables import CandidateGroup

_MIN_PAPERS = 3
_TITLE = re.compile(r"(?:\S*\w\S*\s+){2}\S*\w")  # three words


class UndatedUse(StrEnum):
    """What becomes of a list of papers without days: one shelf for the list, or an idea for a session of each."""

    SHELF = "shelf"
    IDEA = "idea"


@dataclass(frozen=True)
class UndatedList:
    """The items of a list of papers, each with all of its lines, and the heading above it."""

    heading: str
    items: Sequence[Sequence[Line]]

    @property
    def line(self) -> int:
        return self.items[0][0].line


def read_shelves(page: Document, groups: Sequence[CandidateGroup], taken: Collection[int]) -> Iterator[Candidate]:
    """Yield the sections with links below the first session that is a section, by heading."""
    first = min((each.line for group in groups for each in group.candidates if each.is_section), default=None)
    if first is None:
        return
    starts = [place for place, each in enumerate(page.blocks) if each.line > first and _is_heading(each)]
    for start, limit in zip(starts, [*starts[1:], len(page.blocks)], strict=False):
        heading = page.blocks[start]
        end = next((place for place in range(start + 1, limit) if place in taken), limit)
        if start in taken or not isinstance(heading, Line):
            continue
        below = [block for block in page.blocks[start + 1 : end] if isinstance(block, Line)]
        below = [line for line in below if line.kind in {Kind.ITEM, Kind.PARAGRAPH}]
        entry = _build_shelf(page, heading.line, texts.clean_title(heading.text), below)
        for link in heading.text.links:
            entry.add_item(heading.text.get_label(link), link.url)
        if entry.links and entry.title:
            yield entry


def _is_heading(block: Block) -> bool:
    return isinstance(block, Line) and block.kind is Kind.HEADING and block.level < BOLD_LEVEL


def _build_shelf(page: Document, line: int, title: str, lines: Iterable[Line]) -> Candidate:
    entry = Candidate(page.path, line, is_section=True, title=title)
    reader = body.MaterialReader(entry)
    for each in lines:
        reader.add_line(each)
    reader.close()
    return entry


def find_undated_lists(page: Document, taken: Collection[int]) -> Iterator[UndatedList]:
    """Yield the lists of papers, items with a title and an address, outside of what sessions and shelves hold."""
    heading = ""
    lists: dict[str, list[list[Line]]] = {}
    free = [(place not in taken, block) for place, block in enumerate(page.blocks)]
    for (root, is_free), several in groupby(free, key=lambda each: (each[1].path[:1], each[0])):
        lines = [block for _, block in several if isinstance(block, Line)]
        if is_free and root and lines and lines[0].kind is Kind.ITEM:
            lists.setdefault(heading, []).append(lines)
        heading = next((each.text.text for each in reversed(lines) if each.kind is Kind.HEADING), heading)
    for name, items in lists.items():
        linked = [item[0] for item in items if any("://" in link.url for each in item for link in each.text.links)]
        papers = [first for first in linked if _TITLE.search(first.text.text)]
        if len(papers) >= _MIN_PAPERS and 2 * len(papers) > len(items):
            yield UndatedList(name, items)


def read_shelf(page: Document, found: UndatedList) -> Candidate:
    """Return a list as one shelf."""
    return _build_shelf(page, found.line, found.heading or "Papers", (line for item in found.items for line in item))


def read_ideas(page: Document, found: UndatedList) -> Iterator[Candidate]:
    """Yield an idea for a session for each item of a list."""
    for first, *others in found.items:
        entry = Candidate(page.path, first.line)
        fields.add_title(entry, first.text)
        body.read_body(entry, others, Shape())
        entry.status = Status.PROPOSED
        entry.title = entry.title or next(iter(entry.links), "")
        if entry.title:
            yield entry
