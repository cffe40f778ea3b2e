"""What is wrong with pages and options, besides their dates; and the rules that compare sessions."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.core.models import Group, Status
from readingroom.importer import merge, report
from readingroom.importer.page.blocks import Line
from readingroom.importer.page.document import Document, iter_texts
from readingroom.importer.records.candidate import Candidate, SessionData
from readingroom.importer.schedule import ImportOptions, Schedule
from readingroom.store import lint_sessions, private_data, yaml_codec
from readingroom.store.lint_sessions import SessionFacts
from readingroom.text.phrases import shorten_text

_OTHER_ANCHORS = frozenset({"top", "readme"})
_NAMED = re.compile(r"\b(?:id|name)\s?=\s?[\"']?([^\s\"'<>]{1,200})", re.IGNORECASE)


def check_import(
    read: Schedule,
    data: Mapping[int, SessionData],
    options: ImportOptions,
    group: Group,
    *,
    today: dt.date | None = None,
) -> Iterator[Diagnostic]:
    """Yield the warnings about the pages and their sessions, given their data by the identity of their entries."""
    for page in read.pages:
        yield from _check_anchors(page, read)
    yield from _check_titles(read)
    yield from _check_guessed_columns(read)
    yield from _check_options(read, options)
    facts = [_collect_facts(entry, data[id(entry)]) for entry in read.entries if id(entry) in data]
    yield from lint_sessions.lint_session_facts(facts, group.usual_weekday, today)
    for each in facts:
        yield from _check_private_data(each)


def _check_private_data(session: SessionFacts) -> Iterator[Diagnostic]:
    """Yield the private data of a session on a page, where no comment can accept it."""
    for text in (*session.links, *session.texts.values()):
        for finding in private_data.find_private_data(text):
            yield session.build_diagnostic("", finding._replace(hint="Remove it, if it should be private."))


def _check_anchors(page: Document, read: Schedule) -> Iterator[Diagnostic]:
    """Yield the anchors that lead to no heading, and the days that lead to another day's."""
    days = {entry.line: entry for entry in read.entries if entry.page == page.path and entry.anchor}
    links = [(text.line, link.url[1:]) for text in iter_texts(page) for link in text.links if link.url.startswith("#")]
    named = {*_OTHER_ANCHORS, *(name.lower() for name in _NAMED.findall(page.text))} if links else set[str]()
    for line, url in links:
        anchor, entry = unquote(url), days.get(line)
        heading = page.anchors.get(anchor) or page.anchors.get(anchor.lower())
        if heading is not None:
            if entry and entry.anchor == url:
                yield from _check_linked_day(entry, heading)
        elif anchor and anchor.lower() not in named:
            message = f"the link #{anchor} leads to no heading."
            hint = "Add the heading, or correct the link."
            yield Diagnostic(Location(page.path, line), Code.IMPORT_LINK_BROKEN, message, hint)


def _check_linked_day(entry: Candidate, heading: Line) -> Iterator[Diagnostic]:
    dates = {(reading.month, reading.day) for each in heading.text.dates for reading in each.readings}
    if dates and entry.day and (entry.day.month, entry.day.day) not in dates:
        day = entry.mention.text if entry.mention else entry.day
        said = f'"{day}" links to the heading "{shorten_text(heading.text.text, 40)}", which is that of another day.'
        hint = "If the sessions share their material, that is kept; otherwise correct the link."
        yield Diagnostic(Location(entry.page, entry.line), Code.IMPORT_LINK_BROKEN, said, hint)


def _check_titles(read: Schedule) -> Iterator[Diagnostic]:
    """Yield the sections whose title is not that of their row, whatever the case."""
    for row, section in read.joined:
        if section.heading and merge.normalize_title(row.title) != merge.normalize_title(section.title):
            row_title = f'the row in line {row.line} "{row.title}": the row\'s is taken.'
            message = f'the section has the title "{section.heading}", {row_title}'
            yield Diagnostic(Location(section.page, section.line), Code.IMPORT_SECTION_UNMATCHED, message)


def _check_guessed_columns(read: Schedule) -> Iterator[Diagnostic]:
    """Yield the tables with columns whose heads do not say what they hold."""
    for each in read.series:
        guessed = report.list_guessed_columns(each.group)
        if each.number and each.group.candidates and guessed:
            suggested = ", ".join(f"{each.group.roles[column]} in column {column + 1}" for column in guessed)
            message = f"in table {each.number}, the content suggests {suggested}."
            columns = ",".join(f"{role}={column + 1}" for column, role in sorted(each.group.roles.items()))
            hint = f"If that is wrong, correct this: --columns {each.number}:{columns}"
            yield Diagnostic(Location(each.page, each.lines.start), Code.IMPORT_COLUMN_GUESSED, message, hint)


def _check_options(read: Schedule, options: ImportOptions) -> Iterator[Diagnostic]:
    """Yield the columns, tables and series that the options name and the pages have not."""
    widths = {each.number: each.group.width for each in read.series if each.number}
    location = Location(read.pages[0].path, 1)
    for number, answers in options.answers.items():
        if number and number not in widths:
            message = f"an option answers for {number}, but the pages have no table or series with this number."
            hint = f"The numbers are 1 to {max(widths)}." if widths else "Leave the number out."
            yield Diagnostic(location, Code.IMPORT_SERIES_UNKNOWN, message, hint)
            continue
        width = widths.get(number, max(widths.values(), default=0))
        which = f"{number} does not have: it has" if number else "no table has: the widest has"
        for column, role in answers.columns.items():
            if column >= width:
                said = f"{f'{number}:' if number else ''}{role}={column + 1}"
                message = f"--columns {said} names a column that {which} {width}."
                yield Diagnostic(location, Code.IMPORT_COLUMN_UNKNOWN, message, "Count from 1, from the left.")


def _collect_facts(entry: Candidate, data: SessionData) -> SessionFacts:
    return SessionFacts(
        entry.page,
        entry.line,
        entry.day,
        data.get("title", ""),
        tuple((lead["name"], lead.get("url", "")) for lead in data.get("leads", ())),
        tuple(merge.iter_urls(data.get("material"))),
        (*(lead.url for lead in entry.leads if not lead.url.lower().startswith("mailto:")), *entry.links),
        {"": "\n".join(text for key, text in yaml_codec.iter_texts(data) if key != "url")},
        "resources" in data,
        entry.is_real_session() and entry.status not in {Status.OPEN, Status.TBC},
    )
