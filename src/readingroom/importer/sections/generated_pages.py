"""Pages that readingroom made, read back: every field is where its template puts it."""

import re
from collections.abc import Iterator, Sequence

from readingroom.core.models import Status
from readingroom.importer.blocks.page import Block, Heading, Row, SourcePage, Table, TextBlock
from readingroom.importer.inline import slicing
from readingroom.importer.inline.spans import InlineText, Span, squeeze_spaces
from readingroom.importer.people import names, parse
from readingroom.importer.session import body as session_body
from readingroom.importer.session import date_time, status
from readingroom.importer.session.entry import PAGE, ROW, SECTION, ImportedSession
from readingroom.importer.tables.rows import EntryGroup
from readingroom.text.excerpt import shorten_text

_FOLDER = re.compile(r"(?:.*/)?([A-Za-z0-9][A-Za-z0-9-]*)/README\.md")
_STATUS = {
    "cancelled": Status.CANCELLED,
    "postponed": Status.POSTPONED,
    "to be confirmed": Status.TBC,
    "looks for a date": Status.PROPOSED,
}
_REMARK = re.compile(rf"(.*?) \(({'|'.join(_STATUS)})\)")
_HOURS = re.compile(r"([0-9]{2}:[0-9]{2})–([0-9]{2}:[0-9]{2})\Z")


def read_archive_page(page: SourcePage) -> tuple[list[EntryGroup], list[ImportedSession]] | None:
    """Return the rows, the sections and the shelves of a generated archive; None for any other page.

    An archive from a group's own template, with other rows and headings, counts as another page.
    """
    if not page.text.startswith("<!-- Made by readingroom from the session.yml of each session") or not page.is_ours:
        return None
    held = [block for block in page.blocks if isinstance(block, Table)]
    starts = [
        place for place, each in enumerate(page.blocks) if isinstance(each, Heading) and _is_material_heading(each)
    ]
    if not all(map(has_generated_rows, held)) or not (held or starts):
        return None
    sections, shelves = EntryGroup(), list[ImportedSession]()
    for heading, below in _iter_sections(page.blocks[starts[0] + 1 :] if starts else ()):
        _read_section(page, heading, below, sections, shelves)
    return [*(read_generated_rows(page, table) for table in held), sections], shelves


def _is_material_heading(heading: Heading) -> bool:
    return heading.level == 1 and heading.words.whole == "Material for sessions"


def _iter_sections(blocks: Sequence[Block]) -> Iterator[tuple[Heading, list[Block]]]:
    """Yield the headings of the second level, each with what is below it."""
    heading: Heading | None = None
    below: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level <= 2:
            if heading:
                yield heading, below
            heading, below = block, []
        else:
            below.append(block)
    if heading:
        yield heading, below


def _read_section(
    page: SourcePage, heading: Heading, below: list[Block], sections: EntryGroup, shelves: list[ImportedSession]
) -> None:
    """Take the section of a session, which has a title below its day, or a shelf, which has not."""
    entry = ImportedSession(page.path, heading.line, SECTION, under=heading.words.whole)
    if below and isinstance(below[0], Heading):
        entry.title = strip_placeholder_title(below[0].words.whole)
        below = below[1:]
        if date_time.fill_session_day(entry, heading.words):
            sections.entries.append(entry)
        else:
            sections.skipped.append(
                (heading.line, f'"{shorten_text(entry.under)}" has no day that can be read. Add one.')
            )
    else:
        entry.title = strip_placeholder_title(heading.words.whole)
        shelves.append(entry)
    session_body.SessionBodyReader(entry).read_blocks(below)


_HEAD = ["Date", "Topic", "Room", "Lead"]
_ROW_REMARK = re.compile(rf"\s*\(({'|'.join(_STATUS)})\)")


def has_generated_rows(table: Table) -> bool:
    """Return whether every row of a table is one that our templates write."""
    return [cell.whole for cell in table.head.cells] == _HEAD and all(
        _find_session_link(row.cells[1]) or row.cells[1].whole.startswith("Free slot") for row in table.rows
    )


def _find_session_link(topic: InlineText) -> Span | None:
    """Return the link to a session's page that a topic begins with."""
    first = next(iter(topic.links), None)
    return (
        first if first and _FOLDER.fullmatch(first.url) and topic.whole.startswith(squeeze_spaces(first.text)) else None
    )


def read_generated_rows(page: SourcePage, table: Table) -> EntryGroup:
    """Return the sessions of a table with generated rows."""
    made = EntryGroup()
    for row in table.rows:
        entry = _read_row(page, row)
        if date_time.fill_session_day(entry, row.cells[0]) or row.cells[0].whole == "TBC":
            made.entries.append(entry)
        else:
            made.skipped.append(
                (row.line, f'"{shorten_text(row.cells[0].whole)}" is no day that can be read. Correct it.')
            )
    return made


def _read_row(page: SourcePage, row: Row) -> ImportedSession:
    entry = ImportedSession(page.path, row.line, ROW, room=row.cells[2].text)
    topic = row.cells[1]
    if link := _find_session_link(topic):
        entry.folder = _extract_folder(link.url)
        entry.title = strip_placeholder_title(squeeze_spaces(link.text))
        remark = _ROW_REMARK.match("".join(run.text for run in topic.runs if not run.url))
        entry.status = _STATUS[remark[1]] if remark else ""
        for resource in topic.links[1:]:
            entry.add_resource(resource.text, resource.url)
    else:
        entry.status = Status.OPEN
    entry.leads = _list_leads(row.cells[3])
    return entry


def _extract_folder(path: str) -> str:
    found = _FOLDER.fullmatch(path)
    return found[1] if found else ""


def _list_leads(words: InlineText) -> list[names.ImportedLead]:
    return parse.parse_leads(words).people


def strip_placeholder_title(title: str) -> str:
    """Return a title, or an empty text for what our own pages show where there is none."""
    return "" if title == "TBC" else title


def read_session_page(page: SourcePage) -> ImportedSession | None:
    """Return the session of a session's own page, or None for any other page."""
    if not page.text.startswith("<!-- Made by readingroom from session.yml") or not page.is_ours:
        return None
    blocks = list(page.blocks)
    if not blocks or not isinstance(blocks[0], Heading):
        return None
    entry = ImportedSession(page.path, blocks[0].line, PAGE)
    entry.folder = _extract_folder(page.path)
    _fill_title(entry, blocks[0].words)
    rest = blocks[1:]
    if rest and isinstance(rest[0], Table):
        _fill_facts(entry, rest[0])
        rest = rest[1:]
    body, resources = _split_material_and_resources(rest)
    session_body.SessionBodyReader(entry).read_blocks(body)
    for block in resources:
        for link in block.words.links:
            if "://" in link.url:
                entry.resources.append({"title": link.text, "url": link.url})
                entry.add_link(link.url)
    return entry


def _fill_title(entry: ImportedSession, words: InlineText) -> None:
    title = words.whole
    if found := _REMARK.fullmatch(title):
        title, entry.status = found[1], _STATUS[found[2]]
    entry.title = strip_placeholder_title(title)


def _fill_facts(entry: ImportedSession, table: Table) -> None:
    for row in (table.head, *table.rows):
        name, value = row.cells[0].text, row.cells[1] if len(row.cells) > 1 else InlineText(row.line)
        match name:
            case "When":
                _fill_date_and_time(entry, value)
            case "Where":
                entry.room = value.text
            case "Kind":
                entry.kind = value.text
            case "Lead" if status.split_status(value.text.partition(":")[0])[0] == Status.OPEN:
                entry.status = Status.OPEN
            case "Lead":
                entry.leads = _list_leads(value)


def _fill_date_and_time(entry: ImportedSession, words: InlineText) -> None:
    text = slicing.get_raw_text(words.runs)
    if hours := _HOURS.search(text):
        entry.time = hours[1]
        start, end = (int(each[:2]) * 60 + int(each[3:]) for each in (hours[1], hours[2]))
        entry.duration = (end - start) % (24 * 60) or None
        text = text[: hours.start()]
    date_time.fill_session_day(entry, InlineText(words.line, (Span(text.rstrip(", ")),)))


def _split_material_and_resources(blocks: list[Block]) -> tuple[list[Block], list[TextBlock]]:
    """Return the blocks of the material, and the items of the resources; what leads to other pages is left out."""
    headings = {block.words.whole: place for place, block in enumerate(blocks) if isinstance(block, Heading)}
    ends = [headings[name] for name in ("Resources", "Continued in") if name in headings]
    body = blocks[: min(ends, default=len(blocks))]
    start = headings.get("Resources")
    items = list(_iter_leading_items(blocks[start + 1 :])) if start is not None else []
    return [block for block in body if not _is_navigation(block)], items


def _iter_leading_items(blocks: list[Block]) -> Iterator[TextBlock]:
    for block in blocks:
        if not isinstance(block, TextBlock) or not block.is_item:
            return
        yield block


def _is_navigation(block: Block) -> bool:
    """Return whether a paragraph is the line of links to the sessions before and after."""
    return (
        isinstance(block, TextBlock)
        and not block.is_item
        and any(link.url == "../README.md" and link.text == "All sessions" for link in block.words.links)
    )
