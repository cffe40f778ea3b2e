"""Pages that readingroom made, read back by their structure: every field is where its template puts it."""

import re
from collections.abc import Iterator, Sequence

from readingroom.core.models import Status, strip_label
from readingroom.importer.page.blocks import Block, Kind, Line, Row, Table
from readingroom.importer.page.document import Document
from readingroom.importer.page.rich_text import Range, RichText
from readingroom.importer.records import fields, people
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.material import MaterialReader
from readingroom.importer.tables import CandidateGroup
from readingroom.importer.vocabulary import status as status_words
from readingroom.parsing.date_mentions import find_dates
from readingroom.text.excerpt import shorten_text

_FOLDER = re.compile(r"(?:.*/)?([A-Za-z0-9][A-Za-z0-9-]*)/README\.md")
_STATUS = {
    "cancelled": Status.CANCELLED,
    "postponed": Status.POSTPONED,
    "to be confirmed": Status.TBC,
    "looks for a date": Status.PROPOSED,
}
_REMARK = re.compile(rf"(?P<title>.*?)\s*\((?P<said>{'|'.join(_STATUS)})\)\Z", re.DOTALL)
_HOURS = re.compile(r"([0-9]{2}:[0-9]{2})–([0-9]{2}:[0-9]{2})\Z")


def read_archive_page(page: Document) -> tuple[list[CandidateGroup], list[Candidate]] | None:
    """Return the rows, the sections and the shelves of a generated archive; None for any other page.

    An archive from a group's own template, with other rows and headings, counts as another page.
    """
    if not page.text.startswith("<!-- Made by readingroom from the session.yml of each session") or not page.is_ours:
        return None
    tables = [block for block in page.blocks if isinstance(block, Table)]
    starts = [place for place, each in enumerate(page.blocks) if isinstance(each, Line) and _is_material_heading(each)]
    if not all(map(has_generated_rows, tables)) or not (tables or starts):
        return None
    sections, shelves = CandidateGroup(), list[Candidate]()
    for heading, below in _iter_sections(page.blocks[starts[0] + 1 :] if starts else ()):
        _read_section(page, heading, below, sections, shelves)
    return [*(read_generated_rows(page, table) for table in tables), sections], shelves


def _is_material_heading(line: Line) -> bool:
    return line.kind is Kind.HEADING and line.level == 1 and line.text.text == "Material for sessions"


def _iter_sections(blocks: Sequence[Block]) -> Iterator[tuple[Line, list[Block]]]:
    """Yield the headings of the second level, each with what is below it."""
    heading: Line | None = None
    below: list[Block] = []
    for block in blocks:
        if isinstance(block, Line) and block.kind is Kind.HEADING and block.level <= 2:
            if heading:
                yield heading, below
            heading, below = block, []
        else:
            below.append(block)
    if heading:
        yield heading, below


def _read_section(
    page: Document, heading: Line, below: list[Block], sections: CandidateGroup, shelves: list[Candidate]
) -> None:
    """Read the section of a session, which has a title below its day, or a shelf, which has not."""
    entry = Candidate(page.path, heading.line, is_section=True, under=heading.text.text)
    first = below[0] if below else None
    if isinstance(first, Line) and first.kind is Kind.HEADING:
        entry.title = strip_placeholder_title(first.text.text)
        below = below[1:]
        if _set_date(entry, heading.text.text):
            sections.candidates.append(entry)
        else:
            sections.skipped.append(
                (heading.line, f'"{shorten_text(entry.under)}" has no day that can be read. Add one.')
            )
    else:
        entry.title = strip_placeholder_title(heading.text.text)
        shelves.append(entry)
    _read_material(entry, below)


def _set_date(entry: Candidate, text: str) -> bool:
    dates = find_dates(text)
    if dates:
        entry.mention = dates[0]
        fields.set_time(entry, text[dates[0].end :])
    return bool(dates)


def _read_material(entry: Candidate, blocks: Sequence[Block]) -> None:
    reader = MaterialReader(entry, is_ours=True)
    for block in blocks:
        if not isinstance(block, Line) or block.kind is Kind.RULE:
            continue
        if block.kind is Kind.SECTION:
            reader.open_section("")
        elif block.kind is Kind.HEADING or (block.kind is Kind.PARAGRAPH and fields.is_all_bold(block.text)):
            reader.open_section(block.text.text)
        else:
            reader.add_line(block)
    reader.close()


_HEAD = ["Date", "Topic", "Room", "Lead"]


def has_generated_rows(table: Table) -> bool:
    """Return whether every row of a table is one that our templates write."""
    return [cell.text for cell in table.head.cells] == _HEAD and all(
        _find_session_link(row.cells[1]) or row.cells[1].text.startswith("Free slot") for row in table.body
    )


def _find_session_link(topic: RichText) -> Range | None:
    """Return the link to a session's page that a topic begins with."""
    first = next(iter(topic.links), None)
    return first if first and first.start == 0 and _FOLDER.fullmatch(first.url) else None


def read_generated_rows(page: Document, table: Table) -> CandidateGroup:
    """Return the sessions of a table with generated rows."""
    made = CandidateGroup()
    for row in table.body:
        entry = _read_row(page, row)
        if _set_date(entry, row.cells[0].text) or row.cells[0].text == "TBC":
            made.candidates.append(entry)
        else:
            made.skipped.append(
                (row.line, f'"{shorten_text(row.cells[0].text)}" is no day that can be read. Correct it.')
            )
    return made


def _read_row(page: Document, row: Row) -> Candidate:
    entry = Candidate(page.path, row.line, is_row=True, room=row.cells[2].text)
    entry.anchor = next((link.url[1:] for link in row.cells[0].links if link.url.startswith("#")), "")
    topic = row.cells[1]
    if link := _find_session_link(topic):
        entry.folder = _extract_folder(link.url)
        entry.title = strip_placeholder_title(topic.get_label(link))
        remark = re.search(rf"\(({'|'.join(_STATUS)})\)", topic.text[link.end :])
        entry.status = _STATUS[remark[1]] if remark else (Status.CANCELLED if topic.is_struck else "")
        for resource in topic.links[1:]:
            entry.add_resource(topic.get_label(resource), resource.url)
    else:
        entry.status = Status.OPEN
    entry.leads = list(people.read_people(row.cells[3]).leads)
    return entry


def _extract_folder(path: str) -> str:
    found = _FOLDER.fullmatch(path)
    return found[1] if found else ""


def strip_placeholder_title(title: str) -> str:
    """Return a title, or an empty text for what our own pages show where there is none."""
    return "" if title == "TBC" else title


def read_session_page(page: Document) -> Candidate | None:
    """Return the session of a session's own page, or None for any other page."""
    if not page.text.startswith("<!-- Made by readingroom from session.yml") or not page.is_ours:
        return None
    blocks = list(page.blocks)
    if not blocks or not isinstance(blocks[0], Line) or blocks[0].kind is not Kind.HEADING:
        return None
    entry = Candidate(page.path, blocks[0].line, folder=_extract_folder(page.path))
    _set_title(entry, blocks[0].text.text)
    rest = blocks[1:]
    if rest and isinstance(rest[0], Table):
        _set_facts(entry, rest[0])
        rest = rest[1:]
    material, resources = _split_material_and_resources(rest)
    _read_material(entry, material)
    for block in resources:
        for link in block.text.links:
            if "://" in link.url:
                entry.resources.append({"title": strip_label(block.text.get_label(link)), "url": link.url})
                entry.add_link(link.url)
    return entry


def _set_title(entry: Candidate, title: str) -> None:
    if found := _REMARK.fullmatch(title):
        title, entry.status = found["title"], _STATUS[found["said"]]
    entry.title = strip_placeholder_title(title)


def _set_facts(entry: Candidate, table: Table) -> None:
    for row in table.rows:
        name, value = row.cells[0].text, row.cells[1] if len(row.cells) > 1 else RichText("", row.line)
        match name:
            case "When":
                _set_date_and_time(entry, value.text)
            case "Where":
                entry.room = value.text
            case "Kind":
                entry.kind = value.text
            case "Lead" if status_words.split_status(value.text.partition(":")[0])[0] == Status.OPEN:
                entry.status = Status.OPEN
            case "Lead":
                entry.leads = list(people.read_people(value).leads)


def _set_date_and_time(entry: Candidate, text: str) -> None:
    if hours := _HOURS.search(text):
        entry.time = hours[1]
        start, end = (int(each[:2]) * 60 + int(each[3:]) for each in (hours[1], hours[2]))
        entry.duration = (end - start) % (24 * 60) or None
        text = text[: hours.start()]
    _set_date(entry, text.rstrip(", "))


def _split_material_and_resources(blocks: list[Block]) -> tuple[list[Block], list[Line]]:
    """Return the blocks of the material, and the items of the resources; what leads to other pages is left out."""
    headings = {
        block.text.text: place
        for place, block in enumerate(blocks)
        if isinstance(block, Line) and block.kind is Kind.HEADING
    }
    ends = [headings[name] for name in ("Resources", "Continued in") if name in headings]
    ends += [place for place, block in enumerate(blocks) if isinstance(block, Line) and block.kind is Kind.RULE][-1:]
    start = headings.get("Resources")
    items = list(_iter_leading_items(blocks[start + 1 :])) if start is not None else []
    return blocks[: min(ends, default=len(blocks))], items


def _iter_leading_items(blocks: list[Block]) -> Iterator[Line]:
    for block in blocks:
        if not isinstance(block, Line) or block.kind is not Kind.ITEM:
            return
        yield block
