"""What is wrong with a page beside its sessions: anchors, rows without sections, titles that differ, links."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from readingroom.core.diagnostics import Finding, Remark
from readingroom.core.models import Group
from readingroom.importer import similarity
from readingroom.importer.blocks.page import Heading, Page, Table, Text
from readingroom.importer.dates import match
from readingroom.importer.inline import slicing
from readingroom.importer.inline.spans import Run, Words
from readingroom.importer.schedule import Schedule
from readingroom.importer.sections import walk
from readingroom.importer.session.entry import NONE, ROW, Entry
from readingroom.store import lint_rules
from readingroom.store.lint_rules import Facts
from readingroom.text import escape, mentions


def of(read: Schedule, group: Group, today: dt.date | None = None) -> list[Finding]:
    """Return every finding about the pages and the sessions on them, in the order of pages and lines."""
    found = list(read.findings)
    for page in read.pages:
        found += _anchors(page, read)
        found += _links_that_lead_nowhere(page)
    found += _sections(read)
    found += _titles(read)
    entries = [entry for entry in read.entries if entry.status != NONE]
    found += lint_rules.of([_facts(entry) for entry in entries], group.usual_weekday, today)
    return sorted(set(found))


def link_parts(read: Schedule, folders: dict[int, str]) -> None:
    """Let each session whose day links to another's section share the material of that."""
    by_line = {(section.page, section.line): row for row, section in read.joined}
    for entry in read.entries:
        page = next((page for page in read.pages if page.path == entry.page), None)
        heading = page.anchors.get(unquote(entry.anchor)) if page and entry.anchor else None
        if heading is None or page is None:
            continue
        target = by_line.get((page.path, heading.line))
        if target is not None and target is not entry and target.day != entry.day and not entry.material:
            entry.continues = folders.get(id(target), "")


def _anchors(page: Page, read: Schedule) -> Iterator[Finding]:
    """Yield the anchors that lead to no heading, and the days that lead to another day's."""
    days = {entry.line: entry for entry in read.entries if entry.page == page.path and entry.anchor}
    by_day = _by_day(page) if days else {}
    named = {*_OTHER_ANCHORS, *(name.lower() for name in _NAMED.findall(page.text))}
    for line, link in _links(page):
        if not link.url.startswith("#") or len(link.url) < 2:
            continue
        anchor, entry = unquote(link.url[1:]), days.get(line)
        heading = page.anchors.get(anchor) or page.anchors.get(anchor.lower())
        if heading is not None:
            if entry and entry.anchor == link.url[1:]:
                yield from _other_day(page, entry, heading)
        elif anchor.lower() not in named:
            yield Finding(page.path, line, "", f"the link #{anchor} leads to no heading. {_hint(entry, by_day)}")


_OTHER_ANCHORS = frozenset({"top", "readme"})
_NAMED = re.compile(r"\b(?:id|name)\s?=\s?[\"']?([^\s\"'<>]{1,200})", re.IGNORECASE)


def _hint(entry: Entry | None, by_day: Mapping[tuple[int, int], str]) -> str:
    anchor = by_day.get((entry.day.month, entry.day.day)) if entry and entry.day else None
    return f"Did you mean #{anchor}?" if anchor else "Add the heading, or remove the link."


def _by_day(page: Page) -> dict[tuple[int, int], str]:
    """Return the anchors of a page's headings by their days, the first of each day."""
    found: dict[tuple[int, int], str] = {}
    for anchor, heading in page.anchors.items():
        for day in _days_of(heading):
            found.setdefault(day, anchor)
    return found


def _days_of(heading: Heading) -> set[tuple[int, int]]:
    """Return the month and the day that a heading tells, in each order that its numbers may have."""
    found = match.read(slicing.standing(heading.words.runs))
    if found is None:
        return set()
    return {(each.month, each.day) for order in found.orders or {""} for each in [found.ordered(order)]}


def _other_day(page: Page, entry: Entry, heading: Heading) -> Iterator[Finding]:
    if not walk.is_dated(heading.words) or entry.day is None:
        return
    if (entry.day.month, entry.day.day) not in _days_of(heading):
        day = entry.stamp.text if entry.stamp else entry.day
        said = f'"{day}" links to the heading "{heading.words.text[:40]}", which is that of another day.'
        yield Finding(
            page.path,
            entry.line,
            "",
            f"{said} If the sessions share their material, that is kept; else correct the link.",
        )


def _links(page: Page) -> Iterator[tuple[int, Run]]:
    """Yield every link of a page with its line."""
    for words in _words(page):
        for link in words.links:
            yield words.line, link


def _words(page: Page) -> Iterator[Words]:
    for block in page.blocks:
        if isinstance(block, Heading | Text):
            yield block.words
        elif isinstance(block, Table):
            for row in (block.head, *block.rows):
                yield from row.cells
                yield from row.beyond


def _links_that_lead_nowhere(page: Page) -> Iterator[Finding]:
    """Yield the links outside of sessions that have no address; those of sessions are told where they are taken."""
    for line, link in _links(page):
        if not link.url.strip():
            yield Finding(page.path, line, "", f'the link "{link.text[:60]}" has no address. Add one.')


def _sections(read: Schedule) -> Iterator[Finding]:
    """Yield the rows without section and the sections without row, on pages that have both."""
    for page in read.pages:
        joined = [(row, section) for row, section in read.joined if row.page == page.path]
        if not joined:
            continue
        rows = {id(row) for row, _ in joined}
        for entry in read.entries:
            if entry.page != page.path or entry.status == NONE:
                continue
            if entry.shape == ROW and id(entry) not in rows and len(joined) > 1:
                yield Finding(
                    page.path,
                    entry.line,
                    "",
                    f"the row of {entry.day} has no section below. Add one, if there is material.",
                )
            elif entry.shape != ROW:
                yield Finding(
                    page.path,
                    entry.line,
                    "",
                    f"the section of {entry.day} has no row in the table: it becomes a session. Check that.",
                )


def _titles(read: Schedule) -> Iterator[Finding]:
    """Yield the sections whose title is not that of their row, whatever the case."""
    for row, section in read.joined:
        if section.heading and _bare(row.title) != _bare(section.title):
            told = f'"{section.heading}"'
            yield Finding(
                section.page,
                section.line,
                "",
                f'the section has the title {told}, the row in line {row.line} "{row.title}": the row\'s is taken.',
            )


def _bare(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))


def _facts(entry: Entry) -> Facts:
    items = list(similarity.addresses(entry.material))
    people = tuple((lead.name, lead.url if "://" in lead.url else "") for lead in entry.leads)
    return Facts(
        entry.page,
        entry.line,
        entry.day,
        entry.title,
        people,
        tuple(items),
        (*(lead.url for lead in entry.leads if not lead.url.lower().startswith("mailto:")), *entry.links),
        "\n".join([entry.title, entry.abstract, entry.room, *_texts(entry.material), *_texts(entry.resources)]),
        bool(entry.resources),
        entry.is_session() and entry.status not in {"open", "tbc"},
    )


def _texts(value: object) -> Iterator[str]:
    """Yield every text below a value of an entry's data that is no address."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, below in value.items():
            if key != "url":
                yield from _texts(below)
    elif isinstance(value, list):
        for below in value:
            yield from _texts(below)


def as_markdown(problems: Sequence[Remark], findings: Sequence[Remark], left: Sequence[Remark]) -> str:
    """Return what is told of pages as Markdown for an issue, quiet, so that it pings nobody."""
    parts = []
    for title, several in (("Problems", problems), ("Findings", findings), ("Not imported", left)):
        if several:
            lines = "\n".join(f"- {escape.text(str(each))}" for each in several)
            parts.append(f"### {title}\n\n{mentions.page(lines)}")
    return "\n\n".join(parts) or "Nothing was found."
