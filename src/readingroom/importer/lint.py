"""Problems of a page besides its sessions: anchors, rows without sections, titles that differ, links."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.core.models import Group, Status
from readingroom.importer import merge
from readingroom.importer.page.blocks import Line
from readingroom.importer.page.document import Document, iter_texts
from readingroom.importer.page.rich_text import Range, RichText
from readingroom.importer.records.candidate import OFF_DAY, Candidate
from readingroom.importer.schedule import Schedule
from readingroom.store import lint_sessions
from readingroom.store.lint_sessions import SessionFacts
from readingroom.text import escape, mentions
from readingroom.text.excerpt import shorten_text


def check_import(read: Schedule, group: Group, today: dt.date | None = None) -> list[Diagnostic]:
    """Return the warnings about the pages and the sessions on them, in the order of pages and lines."""
    found = list(read.findings)
    for page in read.pages:
        found += _check_anchors(page, read)
        found += _check_empty_links(page)
    found += _check_sections(read)
    found += _check_titles(read)
    entries = [entry for entry in read.entries if entry.status != OFF_DAY]
    found += lint_sessions.lint_session_facts([_collect_facts(entry) for entry in entries], group.usual_weekday, today)
    return sorted(set(found))


def connect_shared_material(read: Schedule, folders: dict[int, str]) -> None:
    """Let each session whose day links to another session's section share its material."""
    by_line = {(section.page, section.line): row for row, section in read.joined}
    for entry in read.entries:
        page = next((page for page in read.pages if page.path == entry.page), None)
        heading = page.anchors.get(unquote(entry.anchor)) if page and entry.anchor else None
        if heading is None or page is None:
            continue
        target = by_line.get((page.path, heading.line))
        if target is not None and target is not entry and target.day != entry.day and not entry.material:
            entry.continues = folders.get(id(target), "")


def _check_anchors(page: Document, read: Schedule) -> Iterator[Diagnostic]:
    """Yield the anchors that lead to no heading, and the days that lead to another day's."""
    days = {entry.line: entry for entry in read.entries if entry.page == page.path and entry.anchor}
    by_day = _collect_anchors_by_day(page) if days else {}
    links = [(text, link) for text, link in _iter_links(page) if link.url.startswith("#") and len(link.url) > 1]
    named = {*_OTHER_ANCHORS, *(name.lower() for name in _NAMED.findall(page.text))} if links else set[str]()
    for text, link in links:
        line = text.line
        anchor, entry = unquote(link.url[1:]), days.get(line)
        heading = page.anchors.get(anchor) or page.anchors.get(anchor.lower())
        if heading is not None:
            if entry and entry.anchor == link.url[1:]:
                yield from _check_linked_day(page, entry, heading)
        elif anchor.lower() not in named:
            message, hint = f"the link #{anchor} leads to no heading.", _suggest_anchor(entry, by_day)
            yield Diagnostic(Location(page.path, line), Code.IMPORT_LINK_BROKEN, message, hint)


_OTHER_ANCHORS = frozenset({"top", "readme"})
_NAMED = re.compile(r"\b(?:id|name)\s?=\s?[\"']?([^\s\"'<>]{1,200})", re.IGNORECASE)


def _suggest_anchor(entry: Candidate | None, by_day: Mapping[tuple[int, int], str]) -> str:
    anchor = by_day.get((entry.day.month, entry.day.day)) if entry and entry.day else None
    return f"Did you mean #{anchor}?" if anchor else "Add the heading, or remove the link."


def _collect_anchors_by_day(page: Document) -> dict[tuple[int, int], str]:
    """Return the anchors of a page's headings by their days, the first of each day."""
    found: dict[tuple[int, int], str] = {}
    for anchor, heading in page.anchors.items():
        for day in _list_heading_dates(heading):
            found.setdefault(day, anchor)
    return found


def _list_heading_dates(heading: Line) -> set[tuple[int, int]]:
    """Return the month and day in a heading, in each order that its numbers may have."""
    return {(reading.month, reading.day) for each in heading.text.dates for reading in each.readings}


def _check_linked_day(page: Document, entry: Candidate, heading: Line) -> Iterator[Diagnostic]:
    if not heading.text.dates or entry.day is None:
        return
    if (entry.day.month, entry.day.day) not in _list_heading_dates(heading):
        day = entry.mention.text if entry.mention else entry.day
        said = f'"{day}" links to the heading "{shorten_text(heading.text.text, 40)}", which is that of another day.'
        hint = "If the sessions share their material, that is kept; otherwise correct the link."
        yield Diagnostic(Location(page.path, entry.line), Code.IMPORT_LINK_BROKEN, said, hint)


def _iter_links(page: Document) -> Iterator[tuple[RichText, Range]]:
    """Yield every link of a page with the text that has it."""
    for text in iter_texts(page):
        for link in text.links:
            yield text, link


def _check_empty_links(page: Document) -> Iterator[Diagnostic]:
    """Yield the links outside of sessions that have no address; those of sessions are reported with them."""
    for text, link in _iter_links(page):
        if not link.url.strip():
            message = f'the link "{shorten_text(text.get_label(link))}" has no address.'
            yield Diagnostic(Location(page.path, text.line), Code.IMPORT_LINK_BROKEN, message, "Add one.")


def _check_sections(read: Schedule) -> Iterator[Diagnostic]:
    """Yield the rows without section and the sections without row, on pages that have both."""
    for page in read.pages:
        joined = [(row, section) for row, section in read.joined if row.page == page.path]
        if not joined:
            continue
        rows = {id(row) for row, _ in joined}
        for entry in read.entries:
            if entry.page != page.path or entry.status == OFF_DAY:
                continue
            if entry.is_row and id(entry) not in rows and len(joined) > 1:
                message, hint = f"the row of {entry.day} has no section below.", "Add one, if there is material."
                yield Diagnostic(Location(page.path, entry.line), Code.IMPORT_SECTION_UNMATCHED, message, hint)
            elif not entry.is_row:
                message = f"the section of {entry.day} has no row in the table: it becomes a session."
                yield Diagnostic(Location(page.path, entry.line), Code.IMPORT_SECTION_UNMATCHED, message, "Check that.")


def _check_titles(read: Schedule) -> Iterator[Diagnostic]:
    """Yield the sections whose title is not that of their row, whatever the case."""
    for row, section in read.joined:
        if section.heading and merge.normalize_title(row.title) != merge.normalize_title(section.title):
            row_title = f'the row in line {row.line} "{row.title}": the row\'s is taken.'
            message = f'the section has the title "{section.heading}", {row_title}'
            yield Diagnostic(Location(section.page, section.line), Code.IMPORT_SECTION_UNMATCHED, message)


def _collect_facts(entry: Candidate) -> SessionFacts:
    people = tuple((lead.name, lead.url if "://" in lead.url else "") for lead in entry.leads)
    names = [text for lead in entry.leads for text in (lead.name, lead.affiliation)]
    texts = [*_iter_texts(entry.material), *_iter_texts(entry.resources)]
    return SessionFacts(
        entry.page,
        entry.line,
        entry.day,
        entry.title,
        people,
        tuple(merge.iter_urls(entry.material)),
        (*(lead.url for lead in entry.leads if not lead.url.lower().startswith("mailto:")), *entry.links),
        {"": "\n".join([entry.title, entry.abstract, entry.room, *names, *texts])},
        bool(entry.resources),
        entry.is_real_session() and entry.status not in {Status.OPEN, Status.TBC},
    )


def _iter_texts(value: object) -> Iterator[str]:
    """Yield every text below a value of an entry's data that is no address."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, below in value.items():
            if key != "url":
                yield from _iter_texts(below)
    elif isinstance(value, list):
        for below in value:
            yield from _iter_texts(below)


def render_import_report(
    problems: Sequence[Diagnostic], findings: Sequence[Diagnostic], left: Sequence[Diagnostic]
) -> str:
    """Return the report on pages as Markdown for an issue; it mentions nobody."""
    parts = []
    for title, several in (("Errors", problems), ("Warnings", findings), ("Not imported", left)):
        if several:
            lines = "\n".join(f"- {escape.escape_text(str(each))}" for each in several)
            parts.append(f"### {title}\n\n{mentions.escape_mentions(lines)}")
    return "\n\n".join(parts) or "Nothing was found."
