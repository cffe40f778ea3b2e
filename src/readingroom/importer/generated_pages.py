"""Pages that readingroom made, read back by their structure: every field is where its template puts it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeGuard

from readingroom.core.diagnostics import Invalid
from readingroom.core.models import Status, build_placeholder_title, strip_label
from readingroom.importer.page.blocks import Block, Kind, Line, Row, Table
from readingroom.importer.page.document import Document
from readingroom.importer.page.rich_text import Range, RichText
from readingroom.importer.records import fields, people, texts
from readingroom.importer.records.body import MaterialReader
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.tables import CandidateGroup
from readingroom.importer.vocabulary import status as status_words
from readingroom.parsing.date_mentions import find_dates
from readingroom.store import generated
from readingroom.store.generated import RegionName
from readingroom.text.phrases import shorten_text

_FOLDER = re.compile(r"(?:.*/)?([A-Za-z0-9][A-Za-z0-9-]*)/README\.md")
_STATUS = {
    "cancelled": Status.CANCELLED,
    "postponed": Status.POSTPONED,
    "to be confirmed": Status.TBC,
    "looks for a date": Status.PROPOSED,
}
_REMARK = re.compile(rf"(?P<title>.*?)\s*\((?P<said>{'|'.join(_STATUS)})\)\Z", re.DOTALL)
_HOURS = re.compile(r"([0-9]{2}:[0-9]{2})–([0-9]{2}:[0-9]{2})(?: \([^()]+\))?\Z")


def read_archive_page(page: Document) -> tuple[list[CandidateGroup], list[Candidate]] | None:
    """Return the rows, the sections and the shelves of a generated archive; None for any other page.

    An archive from a group's own template, with other rows and headings, counts as another page.
    """
    if not page.text.startswith("<!-- Made by readingroom from the session.yml of each session") or not page.is_ours:
        return None
    tables = [table for _, table in page.tables]
    headings = [(place, each) for place, each in enumerate(page.blocks) if _is_heading(each) and each.level <= 2]
    material = [place for place, each in headings if each.text.text == "Material for sessions"]
    if not all(map(has_generated_rows, tables)) or not (tables or material):
        return None
    sections, shelves = CandidateGroup(), list[Candidate]()
    for (start, heading), (end, _) in pairwise([*headings, (len(page.blocks), None)]):
        if heading and start > min(material, default=end):
            _read_section(page, heading, page.blocks[start + 1 : end], sections, shelves)
    return [*(read_generated_rows(page, table) for table in tables), sections], shelves


def drop_next_session(page: Document) -> Document:
    """Leave out the region of a README that repeats a session as a sentence: its row and its page say more."""
    try:
        regions = generated.parse_regions(page.path, page.text) if page.is_ours else []
    except Invalid:
        return page
    repeated = [range(each.begin, each.end + 1) for each in regions if each.name is RegionName.NEXT]
    kept = (block for block in page.blocks if not any(block.line - 1 in lines for lines in repeated))
    return replace(page, blocks=tuple(kept))


def _is_heading(block: Block) -> TypeGuard[Line]:
    return isinstance(block, Line) and block.kind is Kind.HEADING


def _read_section(
    page: Document, heading: Line, below: Sequence[Block], sections: CandidateGroup, shelves: list[Candidate]
) -> None:
    """Read the section of a session, which has a title below its day, or a shelf, which has not."""
    entry = Candidate(page.path, heading.line, is_section=True, under=heading.text.text)
    if below and _is_heading(below[0]):
        _set_title(entry, below[0].text.text)
        if entry.title.startswith(build_placeholder_title(("",))):
            entry.title = ""  # its row says whether it is a title
        below = below[1:]
        _add_dated(entry, entry.under, sections, "has no day that can be read. Add one.")
    else:
        _set_title(entry, entry.under)
        shelves.append(entry)
    _read_material(entry, below)


def _add_dated(entry: Candidate, day: str, group: CandidateGroup, fault: str) -> None:
    if _set_date(entry, day):
        group.candidates.append(entry)
    else:
        group.skipped.append((entry.line, f'"{shorten_text(day)}" {fault}'))


def _set_date(entry: Candidate, text: str) -> bool:
    for mention in find_dates(text)[:1]:
        entry.mention = mention
        fields.add_time(entry, RichText(text[mention.end :]))
    return entry.mention is not None or text == "TBC"


def _read_material(entry: Candidate, blocks: Sequence[Block]) -> None:
    reader = MaterialReader(entry, is_ours=True)
    for block in blocks:
        if not isinstance(block, Line) or block.kind is Kind.RULE:
            continue
        if block.kind is Kind.SECTION:
            reader.open_section("")
        elif block.kind is Kind.HEADING or (block.kind is Kind.PARAGRAPH and texts.is_all_bold(block.text)):
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
        _add_dated(_read_row(page, row), row.cells[0].text, made, "is no day that can be read. Correct it.")
    return made


def _read_row(page: Document, row: Row) -> Candidate:
    day, topic, room, lead = row.cells
    entry = Candidate(page.path, row.line, is_row=True, room=room.text, status=Status.OPEN)
    entry.anchor = next((link.url[1:] for link in day.links if link.url.startswith("#")), "")
    if link := _find_session_link(topic):
        entry.folder = _FOLDER.sub(r"\1", link.url)
        remark = re.search(rf"\(({'|'.join(_STATUS)})\)", topic.text[link.end :])
        entry.status = _STATUS[remark[1]] if remark else (Status.CANCELLED if topic.is_struck else "")
        for resource in topic.links[1:]:
            entry.add_resource(topic.get_label(resource), resource.url)
    entry.leads = list(people.read_people(lead).leads)
    _set_title(entry, topic.get_label(link) if link else "", has_kind=True)
    return entry


def read_session_page(page: Document) -> Candidate | None:
    """Return the session of a session's own page, or None for any other page."""
    if not page.text.startswith("<!-- Made by readingroom from session.yml") or not page.is_ours:
        return None
    first, rest = next(iter(page.blocks), None), page.blocks[1:]
    if first is None or not _is_heading(first):
        return None
    folder = _FOLDER.fullmatch(page.path)
    entry = Candidate(page.path, first.line, folder=folder[1] if folder else "")
    title = first.text.text
    if found := _REMARK.fullmatch(title):
        title, entry.status = found["title"], _STATUS[found["said"]]
    if rest and isinstance(rest[0], Table):
        _set_facts(entry, rest[0])
        rest = rest[1:]
    _set_title(entry, title)
    _read_material_and_resources(entry, rest)
    return entry


def _set_title(entry: Candidate, title: str, *, has_kind: bool = False) -> None:
    """Set a title, unless it is what our own pages show where there is none; a row has the kind before it."""
    placeholder = build_placeholder_title([lead.name for lead in entry.leads])
    if has_kind and title.endswith(f": {placeholder}"):
        entry.kind, title = title.removesuffix(f": {placeholder}"), placeholder
    entry.title = "" if title == placeholder else title


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


def _read_material_and_resources(entry: Candidate, blocks: Sequence[Block]) -> None:
    """Read the blocks of the material, and the items of the resources; what leads to other pages is left out."""
    headings = {block.text.text: place for place, block in enumerate(blocks) if _is_heading(block)}
    ends = [headings[name] for name in ("Resources", "Continued in") if name in headings]
    ends += [place for place, block in enumerate(blocks) if isinstance(block, Line) and block.kind is Kind.RULE][-1:]
    _read_material(entry, blocks[: min(ends, default=len(blocks))])
    for block in blocks[headings["Resources"] + 1 :] if "Resources" in headings else ():
        if not isinstance(block, Line) or block.kind is not Kind.ITEM:
            break
        for link in block.text.links:
            if "://" in link.url:
                entry.resources.append({"title": strip_label(block.text.get_label(link)), "url": link.url})
                entry.add_link(link.url)
