"""Pages that readingroom made, read back: every field stands where its template puts it."""

import re
from collections.abc import Iterator

from readingroom import generated
from readingroom.importing import cutting, moment, people, reading, status
from readingroom.importing.entry import PAGE, Entry
from readingroom.importing.page import Block, Heading, Page, Table, Text
from readingroom.importing.words import Run, Words

_FOLDER = re.compile(r"(?:.*/)?([A-Za-z0-9][A-Za-z0-9-]*)/README\.md")
_REMARK = re.compile(r"(.*?) \((cancelled|postponed|to be confirmed|looks for a date)\)")
_STATUS = {"cancelled": "cancelled", "postponed": "postponed", "to be confirmed": "tbc", "looks for a date": "proposed"}
_HOURS = re.compile(r"([0-9]{2}:[0-9]{2})–([0-9]{2}:[0-9]{2})\Z")


def is_ours(page: Page) -> bool:
    """Tell whether readingroom made a page, or a region of it."""
    return generated.is_stamped(page.text.encode("utf-8", "replace")) or "<!-- readingroom:begin " in page.text


def read(page: Page) -> Entry | None:
    """Return the session of a session's own page, or None for any other page."""
    if not page.text.startswith("<!-- Made by readingroom from session.yml") or not is_ours(page):
        return None
    blocks = list(page.blocks)
    if not blocks or not isinstance(blocks[0], Heading):
        return None
    entry = Entry(page.path, blocks[0].line, PAGE)
    if folder := _FOLDER.fullmatch(page.path):
        entry.folder = folder[1]
    _title(entry, blocks[0].words)
    rest = blocks[1:]
    if rest and isinstance(rest[0], Table):
        _facts(entry, rest[0])
        rest = rest[1:]
    body, resources = _parts(rest)
    reading.Reader(entry).read(body)
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
    entry.title = "" if title == "TBC" else title


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
                entry.leads = people.read(value).people


def _when(entry: Entry, words: Words) -> None:
    text = cutting.raw(words.runs)
    if hours := _HOURS.search(text):
        entry.time = hours[1]
        start, end = (int(each[:2]) * 60 + int(each[3:]) for each in (hours[1], hours[2]))
        entry.duration = (end - start) % (24 * 60) or None
        text = text[: hours.start()]
    moment.take_day(entry, Words(words.line, (Run(text.rstrip(", ")),)))


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
