"""Material below headings between sessions that belongs to none of them: shelves."""

from collections.abc import Collection, Iterator, Sequence

from readingroom.importer.page.blocks import BOLD_LEVEL, Block, Kind, Line
from readingroom.importer.page.document import Document
from readingroom.importer.records import fields
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.material import MaterialReader
from readingroom.importer.tables import Group


def read_shelves(page: Document, groups: Sequence[Group], taken: Collection[int]) -> Iterator[Candidate]:
    """Yield the sections with links below the first session that is a section, by heading."""
    first = min((each.line for group in groups for each in group.candidates if each.is_section), default=0)
    if not first:
        return
    blocks = page.blocks
    for place, heading in enumerate(blocks):
        if (
            place in taken
            or not isinstance(heading, Line)
            or heading.kind is not Kind.HEADING
            or heading.line < first
            or heading.level == BOLD_LEVEL
        ):
            continue
        end = place + 1
        while end < len(blocks) and end not in taken and not _is_heading(blocks[end]):
            end += 1
        entry = Candidate(page.path, heading.line, is_section=True, title=fields.clean_title(heading.text))
        reader = MaterialReader(entry)
        for link in heading.text.links:
            entry.add_item(heading.text.get_label(link), link.url)
        for block in blocks[place + 1 : end]:
            if isinstance(block, Line) and block.kind in {Kind.ITEM, Kind.PARAGRAPH}:
                reader.add_line(block)
        reader.close()
        if entry.links and entry.title:
            yield entry


def _is_heading(block: Block) -> bool:
    return isinstance(block, Line) and block.kind is Kind.HEADING and block.level < BOLD_LEVEL
