"""Pages that readingroom made, read back: every field stands where its template puts it."""

import re
from collections.abc import Iterator, Sequence

from readingroom.importer.blocks.page import Block, Heading, Page, Row, Table, Text
from readingroom.importer.inline import slicing
from readingroom.importer.inline.spans import Run, Words, squeezed
from readingroom.importer.people import names, parse
from readingroom.importer.session import body as session_body
from readingroom.importer.session import date_time, status
from readingroom.importer.session.entry import PAGE, ROW, SECTION, Entry
from readingroom.importer.tables.rows import Gathered

_FOLDER = re.compile(r"(?:.*/)?([A-Za-z0-9][A-Za-z0-9-]*)/README\.md")
_REMARK = re.compile(r"(.*?) \((cancelled|postponed|to be confirmed|looks for a date)\)")
_STATUS = {"cancelled": "cancelled", "postponed": "postponed", "to be confirmed": "tbc", "looks for a date": "proposed"}
_HOURS = re.compile(r"([0-9]{2}:[0-9]{2})–([0-9]{2}:[0-9]{2})\Z")


def archive(page: Page) -> tuple[list[Gathered], list[Entry]] | None:
    """Return what an archive of ours tells, its rows and its sections, and its shelves; None for any other page.

    Where a group has a template of its own for it, it may have neither our rows nor our headings, and is no such page.
    """
    if not page.text.startswith("<!-- Made by readingroom from the session.yml of each session") or not page.is_ours:
        return None
    held = [block for block in page.blocks if isinstance(block, Table)]
    starts = [place for place, each in enumerate(page.blocks) if isinstance(each, Heading) and _is_start(each)]
    if not all(map(has_our_rows, held)) or not (held or starts):
        return None
    sections, shelves = Gathered(), list[Entry]()
    for heading, below in _sections(page.blocks[starts[0] + 1 :] if starts else ()):
        _section(page, heading, below, sections, shelves)
    return [*(rows(page, table) for table in held), sections], shelves


def _is_start(heading: Heading) -> bool:
    return heading.level == 1 and heading.words.whole == "Material for sessions"


def _sections(blocks: Sequence[Block]) -> Iterator[tuple[Heading, list[Block]]]:
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


def _section(page: Page, heading: Heading, below: list[Block], sections: Gathered, shelves: list[Entry]) -> None:
    """Take the section of a session, which has a title below its day, or a shelf, which has not."""
    entry = Entry(page.path, heading.line, SECTION, under=heading.words.whole)
    if below and isinstance(below[0], Heading):
        entry.title = known(below[0].words.whole)
        below = below[1:]
        if date_time.take_day(entry, heading.words):
            sections.entries.append(entry)
        else:
            sections.skipped.append((heading.line, f'"{entry.under[:60]}" has no day that can be read. Add one.'))
    else:
        entry.title = known(heading.words.whole)
        shelves.append(entry)
    session_body.Reader(entry).read(below)


_HEAD = ["Date", "Topic", "Room", "Lead"]
_ROW_REMARK = re.compile(rf"\s*\(({'|'.join(_STATUS)})\)")


def has_our_rows(table: Table) -> bool:
    """Tell whether every row of a table is one that our templates write."""
    return [cell.whole for cell in table.head.cells] == _HEAD and all(
        _page_of(row.cells[1]) or row.cells[1].whole.startswith("Free slot") for row in table.rows
    )


def _page_of(topic: Words) -> Run | None:
    """Return the link to a session's page that a topic begins with."""
    first = next(iter(topic.links), None)
    return first if first and _FOLDER.fullmatch(first.url) and topic.whole.startswith(squeezed(first.text)) else None


def rows(page: Page, table: Table) -> Gathered:
    """Return the sessions of a table whose rows are ours."""
    made = Gathered()
    for row in table.rows:
        entry = _row(page, row)
        if date_time.take_day(entry, row.cells[0]) or row.cells[0].whole == "TBC":
            made.entries.append(entry)
        else:
            made.skipped.append((row.line, f'"{row.cells[0].whole[:60]}" is no day that can be read. Correct it.'))
    return made


def _row(page: Page, row: Row) -> Entry:
    entry = Entry(page.path, row.line, ROW, room=row.cells[2].text)
    topic = row.cells[1]
    if link := _page_of(topic):
        entry.folder = _folder(link.url)
        entry.title = known(squeezed(link.text))
        remark = _ROW_REMARK.match("".join(run.text for run in topic.runs if not run.url))
        entry.status = _STATUS[remark[1]] if remark else ""
        for resource in topic.links[1:]:
            entry.add_resource(resource.text, resource.url)
    else:
        entry.status = "open"
    entry.leads = _leads(row.cells[3])
    return entry


def _folder(path: str) -> str:
    found = _FOLDER.fullmatch(path)
    return found[1] if found else ""


def _leads(words: Words) -> list[names.Lead]:
    return parse.read(words).people


def known(title: str) -> str:
    """Return a title, or an empty text for what our own pages show where there is none."""
    return "" if title == "TBC" else title


def read(page: Page) -> Entry | None:
    """Return the session of a session's own page, or None for any other page."""
    if not page.text.startswith("<!-- Made by readingroom from session.yml") or not page.is_ours:
        return None
    blocks = list(page.blocks)
    if not blocks or not isinstance(blocks[0], Heading):
        return None
    entry = Entry(page.path, blocks[0].line, PAGE)
    entry.folder = _folder(page.path)
    _title(entry, blocks[0].words)
    rest = blocks[1:]
    if rest and isinstance(rest[0], Table):
        _facts(entry, rest[0])
        rest = rest[1:]
    body, resources = _parts(rest)
    session_body.Reader(entry).read(body)
    for block in resources:
        for link in block.words.links:
            if "://" in link.url:
                entry.resources.append({"title": link.text, "url": link.url})
                entry.add_link(link.url)
    return entry


def _title(entry: Entry, words: Words) -> None:
    title = words.whole
    if found := _REMARK.fullmatch(title):
        title, entry.status = found[1], _STATUS[found[2]]
    entry.title = known(title)


def _facts(entry: Entry, table: Table) -> None:
    for row in (table.head, *table.rows):
        name, value = row.cells[0].text, row.cells[1] if len(row.cells) > 1 else Words(row.line)
        match name:
            case "When":
                _when(entry, value)
            case "Where":
                entry.room = value.text
            case "Kind":
                entry.kind = value.text
            case "Lead" if status.of(value.text.partition(":")[0])[0] == "open":
                entry.status = "open"
            case "Lead":
                entry.leads = _leads(value)


def _when(entry: Entry, words: Words) -> None:
    text = slicing.raw(words.runs)
    if hours := _HOURS.search(text):
        entry.time = hours[1]
        start, end = (int(each[:2]) * 60 + int(each[3:]) for each in (hours[1], hours[2]))
        entry.duration = (end - start) % (24 * 60) or None
        text = text[: hours.start()]
    date_time.take_day(entry, Words(words.line, (Run(text.rstrip(", ")),)))


def _parts(blocks: list[Block]) -> tuple[list[Block], list[Text]]:
    """Return the blocks of the material, and the items of the resources; what leads to other pages is left out."""
    headings = {block.words.whole: place for place, block in enumerate(blocks) if isinstance(block, Heading)}
    ends = [headings[name] for name in ("Resources", "Continued in") if name in headings]
    body = blocks[: min(ends, default=len(blocks))]
    start = headings.get("Resources")
    items = list(_items(blocks[start + 1 :])) if start is not None else []
    return [block for block in body if not _is_way(block)], items


def _items(blocks: list[Block]) -> Iterator[Text]:
    for block in blocks:
        if not isinstance(block, Text) or not block.is_item:
            return
        yield block


def _is_way(block: Block) -> bool:
    """Tell whether a paragraph is the line of links to the sessions before and after."""
    return (
        isinstance(block, Text)
        and not block.is_item
        and any(link.url == "../README.md" and link.text == "All sessions" for link in block.words.links)
    )
