"""Material that belongs to no session: sections between sessions are shelves, lists without days what is asked for."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from readingroom.core.models import Status
from readingroom.importer.page.blocks import BOLD_LEVEL, Block, Kind, Line
from readingroom.importer.page.document import Document
from readingroom.importer.records import body, fields, titles
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.material import MaterialReader
from readingroom.importer.records.speakers import Shape
from readingroom.importer.tables import CandidateGroup

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


def read_shelves(page: Document, groups: Sequence[CandidateGroup], taken: Collection[int]) -> Iterator[Candidate]:
    """Yield the sections with links below the first session that is a section, by heading."""
    first = min((each.line for group in groups for each in group.candidates if each.is_section), default=0)
    for place, heading in enumerate(page.blocks):
        if first and place not in taken and _is_heading(heading) and isinstance(heading, Line) and heading.line > first:
            end = place + 1
            while end < len(page.blocks) and end not in taken and not _is_heading(page.blocks[end]):
                end += 1
            lines = [block for block in page.blocks[place + 1 : end] if isinstance(block, Line)]
            title = fields.clean_title(heading.text)
            entry = _build_shelf(page, heading.line, title, (x for x in lines if x.kind in {Kind.ITEM, Kind.PARAGRAPH}))
            for link in heading.text.links:
                entry.add_item(heading.text.get_label(link), link.url)
            if entry.links and title:
                yield entry


def _is_heading(block: Block) -> bool:
    return isinstance(block, Line) and block.kind is Kind.HEADING and block.level < BOLD_LEVEL


def _build_shelf(page: Document, line: int, title: str, lines: Iterable[Line]) -> Candidate:
    entry = Candidate(page.path, line, is_section=True, title=title)
    reader = MaterialReader(entry)
    for each in lines:
        reader.add_line(each)
    reader.close()
    return entry


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
    return _build_shelf(page, found.line, found.heading or "Papers", (line for item in found.items for line in item))


def read_ideas(page: Document, found: UndatedList) -> Iterator[Candidate]:
    """Yield an idea for a session for each item of a list."""
    for first, *others in found.items:
        entry = Candidate(page.path, first.line)
        label = fields.split_label(first.text)
        titles.read_title(entry, label[1] if label and fields.is_title_label(first.text) else first.text)
        body.read_body(entry, others, Shape())
        entry.status = Status.PROPOSED
        entry.title = entry.title or next(iter(entry.links), "")
        if entry.title:
            yield entry
