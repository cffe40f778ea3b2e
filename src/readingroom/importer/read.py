"""From pages to sessions: gathered from every shape, dated together, joined and merged."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.importer import front_matter, generated_pages, merge, series, shelves, tables, unread_dates
from readingroom.importer.dates import resolve, year_hints
from readingroom.importer.dates.mentions import Order
from readingroom.importer.dates.resolve import DatedLine, DateEvidence, YearHint
from readingroom.importer.page.blocks import Table
from readingroom.importer.page.document import Document
from readingroom.importer.schedule import ImportOptions, Schedule
from readingroom.importer.tables import Group
from readingroom.importer.vocabulary import status
from readingroom.text.excerpt import shorten_text

NO_SESSION = "no session was read from this page: it has no table, list or heading with days that could be read."


def read_schedule(pages: Sequence[Document], options: ImportOptions, today: dt.date | None) -> Schedule:
    """Return the schedule of the pages."""
    schedule = Schedule(pages)
    gathered = [(page, list(_iter_groups(page, options, schedule))) for page in pages]
    orders = _find_certain_orders([group for _, groups in gathered for group in groups])
    for page, groups in gathered:
        hints = year_hints.list_page_hints(page)
        evidence = DateEvidence(options.dates, hints, orders or _get_language_orders(page.text), today)
        for group in groups:
            _assign_dates(page, group, evidence, schedule)
            _report_group(page, group, schedule)
        for line, reason in page.warnings:
            schedule.add_warning(Code.IMPORT_PAGE_MARKUP, page.path, line, reason)
        if len(pages) > 1 and not any(group.candidates for group in groups):
            schedule.add_warning(Code.IMPORT_PAGE_EMPTY, page.path, 1, NO_SESSION)
        merge.join_rows_and_sections(page, schedule, [each for group in groups for each in group.candidates])
    schedule.entries = merge.merge_pages(schedule)
    return schedule


def _iter_groups(page: Document, options: ImportOptions, schedule: Schedule) -> Iterator[Group]:
    """Yield the groups of sessions of a page; those of a group are dated together."""
    if (entry := generated_pages.read_session_page(page)) is not None:
        yield Group([entry])
    elif (archive := generated_pages.read_archive_page(page)) is not None:
        schedule.shelves += archive[1]
        yield from archive[0]
    else:
        yield from _iter_written_groups(replace(page, blocks=series.normalize_blocks(page.blocks)), options, schedule)


def _iter_written_groups(page: Document, options: ImportOptions, schedule: Schedule) -> Iterator[Group]:
    """Yield the groups of a page that a person wrote, and report the days that are in none."""
    hints = dict(year_hints.iter_line_hints(page))
    tabled = [(place, _read_table(page, place, hints[place], options)) for place, _ in page.tables]
    tabled = [(place, group) for place, group in tabled if group.candidates or group.skipped]
    yield from (group for _, group in tabled)
    held = {place for place, group in tabled if group.candidates}
    schedule.tables += [(page, table) for place, table in page.tables if place in held]
    groups, taken = series.read_series(page, hints)
    for group in groups:
        _drop_versions(group)
    yield from groups
    schedule.shelves += shelves.read_shelves(page, groups, taken)
    lists = list(front_matter.read_lists(page, options.columns))
    yield from lists
    is_bare = not held and not any(group.candidates for group in [*groups, *lists])
    if is_bare and (session := front_matter.read_page_session(page)):
        yield Group([session])
        return
    read = {each.line for group in lists for each in group.candidates}
    left = [*front_matter.check_syntax(page), *unread_dates.check_blocks(page, taken | held)]
    for line, reason in [*left, *unread_dates.check_front_matter(page, read)]:
        schedule.add_skipped(page.path, line, reason)


def _read_table(page: Document, place: int, hint: YearHint | None, options: ImportOptions) -> Group:
    table = page.blocks[place]
    if not isinstance(table, Table):
        return Group()
    if page.is_ours and generated_pages.has_generated_rows(table):
        return generated_pages.read_generated_rows(page, table)
    return tables.read_table(page.path, table, page.find_heading(place), hint, options.columns)


def _find_certain_orders(groups: Sequence[Group]) -> frozenset[Order]:
    """Return the orders that dates with one reading only have, on all pages."""
    certain = {
        each.mention.readings[0].order
        for group in groups
        for each in group.candidates
        if each.mention and len(each.mention.readings) == 1 and not any(map(str.isalpha, each.mention.text))
    }
    return frozenset(order for order in certain if order is not None)


def _drop_versions(group: Group) -> None:
    """Leave out the entries whose title is a version's number: they are a program's changes."""
    versions = [each for each in group.candidates if status.is_version_number(each.title)]
    group.candidates = [each for each in group.candidates if each not in versions]
    reason = "names a version and no topic, so it is no session. Give it a title, if it is one."
    group.skipped += [(each.line, f'"{shorten_text(each.title)}" {reason}') for each in versions]


_SIGNS = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_WORDS = re.compile("[A-Za-z]+")


def _get_language_orders(text: str) -> frozenset[Order]:
    """Return the orders of the language of a page: in Chinese, Japanese and Korean no day is first."""
    signs = len(_SIGNS.findall(text))
    is_in_signs = signs > 0 and 4 * signs > len(_WORDS.findall(text))
    return frozenset({Order.MONTH_FIRST, Order.YEAR_FIRST}) if is_in_signs else frozenset()


def _assign_dates(page: Document, group: Group, evidence: DateEvidence, schedule: Schedule) -> None:
    """Give the sessions of a group their days, and report questions and warnings."""
    dated = [each for each in group.candidates if each.mention]
    lines = [DatedLine(each.line, each.mention, each.hint) for each in dated if each.mention]
    if not lines:
        return
    first = min(line.line for line in lines)
    above = [hint for hint in evidence.hints if hint.line < first]
    found = resolve.resolve_series(lines, replace(evidence, hints=above))
    for each, day in zip(dated, found.days, strict=True):
        each.day = day
    schedule.problems += [
        Diagnostic(Location(page.path, line), Code.IMPORT_DATE_UNCLEAR, message) for line, message in found.questions
    ]
    for line, message in found.warnings:
        schedule.add_warning(Code.IMPORT_DATE_ASSUMED, page.path, line, message)


def _report_group(page: Document, group: Group, schedule: Schedule) -> None:
    for line, reason in group.skipped:
        schedule.add_skipped(page.path, line, reason)
    for each in group.candidates:
        if each.mention and each.mention.names_several_days(each.day):
            message = f'"{shorten_text(each.mention.text)}" is several days: the session has only the first day.'
            schedule.add_warning(Code.IMPORT_DATE_ASSUMED, page.path, each.line, message)
        for line, message in each.private:
            schedule.add_warning(Code.PRIVATE_EMAIL, page.path, line, message)
        for line, message in each.remarks:
            schedule.add_warning(Code.IMPORT_LINE_UNCERTAIN, page.path, line, message)
