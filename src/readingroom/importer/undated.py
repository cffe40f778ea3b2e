"""Lists of papers without days: they become shelves or ideas for sessions if the organiser says so."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from readingroom.core.models import Status
from readingroom.importer.page.blocks import Kind, Line
from readingroom.importer.page.document import Document
from readingroom.importer.records import body, fields, titles
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.material import MaterialReader
from readingroom.importer.records.speakers import Shape

MIN_PAPERS = 3
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


def find_undated_lists(page: Document, taken: Collection[int]) -> Iterator[UndatedList]:
    """Yield the lists of papers outside of the blocks that sessions or shelves hold, by number."""
    heading = ""
    lists: dict[str, list[list[Line]]] = {}
    free = [(place not in taken, block) for place, block in enumerate(page.blocks)]
    for (root, is_free), several in groupby(free, key=lambda each: (each[1].path[:1], each[0])):
        lines = [block for _, block in several if isinstance(block, Line)]
        if is_free and root and lines and lines[0].kind is Kind.ITEM:
            lists.setdefault(heading, []).append(lines)
        heading = next((each.text.text for each in reversed(lines) if each.kind is Kind.HEADING), heading)
    for name, items in lists.items():
        papers = [item for item in items if _is_paper(item)]
        if len(papers) >= MIN_PAPERS and 2 * len(papers) > len(items):
            yield UndatedList(name, items)


def _is_paper(item: Sequence[Line]) -> bool:
    """Return whether an item has a title and an address on the web."""
    return bool(_TITLE.search(item[0].text.text)) and any(
        "://" in link.url for each in item for link in each.text.links
    )


def read_shelf(page: Document, found: UndatedList) -> Candidate:
    """Return a list as one shelf."""
    entry = Candidate(page.path, found.line, is_section=True, title=found.heading or "Papers")
    reader = MaterialReader(entry)
    for line in (line for item in found.items for line in item):
        reader.add_line(line)
    reader.close()
    return entry


def read_ideas(page: Document, found: UndatedList) -> Iterator[Candidate]:
    """Yield an idea for a session for each item of a list."""
    for first, *others in found.items:
        entry = Candidate(page.path, first.line, status=Status.PROPOSED)
        label = fields.split_label(first.text)
        titles.read_title(entry, label[1] if label and fields.is_title_label(first.text) else first.text)
        body.read_body(entry, others, Shape())
        entry.status = Status.PROPOSED
        entry.title = entry.title or next(iter(entry.links), "")
        if entry.title:
            yield entry
