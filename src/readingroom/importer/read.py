"""From pages to sessions: gathered from every shape, dated together, joined and merged."""

import bisect
from collections.abc import Iterator, Sequence

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.importer import merge
from readingroom.importer.blocks.page import Block, Heading, SourcePage, Table
from readingroom.importer.dates import field_order, resolve
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.dates.year_context import YearHints
from readingroom.importer.inline.spans import squeeze_spaces
from readingroom.importer.schedule import ImportOptions, Schedule
from readingroom.importer.sections import front_matter, generated_pages, unread_dates, walk
from readingroom.importer.sections.walk import Outline
from readingroom.importer.session import body, status
from readingroom.importer.session.entry import ROW, SECTION, ImportedSession
from readingroom.importer.tables import rows, transforms
from readingroom.importer.tables.rows import EntryGroup
from readingroom.text.excerpt import shorten_text

NO_SESSION = "no session was read from this page: it has no table, list or heading with days that could be read."


def read_schedule(pages: Sequence[SourcePage], options: ImportOptions) -> Schedule:
    """Return the schedule of the pages."""
    schedule = Schedule(pages)
    gathered = [(page, list(_iter_groups(page, options, schedule))) for page in pages]
    everywhere = _collect_date_orders(group for _, groups in gathered for group in groups)
    for page, groups in gathered:
        possible, hints = field_order.narrow_orders(_collect_date_orders(groups), everywhere), YearHints(page)
        possible = field_order.narrow_orders(possible, field_order.infer_language_orders(page.text))
        if len(pages) > 1 and not any(group.entries for group in groups):
            schedule.add_warning(Code.IMPORT_PAGE_EMPTY, page.path, 1, NO_SESSION)
        _detect_stray_groups(groups)
        for group in groups:
            _assign_dates(hints, group, options.dates, possible, schedule)
        for line, reason in page.warnings:
            schedule.add_warning(Code.IMPORT_PAGE_MARKUP, page.path, line, reason)
        merge.join_rows_and_sections(page, schedule, [entry for group in groups for entry in group.entries])
    schedule.entries = merge.merge_pages(schedule)
    return schedule


def _iter_groups(page: SourcePage, options: ImportOptions, schedule: Schedule) -> Iterator[EntryGroup]:
    """Yield the groups of entries of a page; those of a group are dated together."""
    if (entry := generated_pages.read_session_page(page)) is not None:
        yield EntryGroup([entry])
        return
    if (archive := generated_pages.read_archive_page(page)) is not None:
        schedule.shelves += archive[1]
        yield from archive[0]
        return
    taken: set[int] = set()
    heading: Heading | None = None
    for block in page.blocks:
        if isinstance(block, Heading):
            heading = block
        elif isinstance(block, Table):
            groups = list(_iter_table_groups(page, block, heading, options, schedule))
            if any(group.entries for group in groups):
                taken.add(block.line)
                schedule.tables.append((page, block))
            yield from groups
    found = walk.read_outline(page, taken)
    unread_dates.check_dates_within_sessions(found)
    for group in found.groups:
        _drop_versions(group)
    yield from found.groups
    schedule.shelves += _iter_shelves(page, found, schedule)
    is_bare = not taken and not any(group.entries for group in found.groups)
    yield from _iter_front_matter_groups(page, found, schedule, is_bare=is_bare)


def _iter_table_groups(
    page: SourcePage, table: Table, heading: Heading | None, options: ImportOptions, schedule: Schedule
) -> Iterator[EntryGroup]:
    """Yield the entries of a table; if its rows hold several sessions, those of each column are a group."""
    is_ours = page.is_ours
    if is_ours and generated_pages.has_generated_rows(table):
        yield generated_pages.read_generated_rows(page, table)
        return
    written, messages = transforms.expand_compact_dates(transforms.transpose_table(table), options.columns)
    for line, message in messages:
        schedule.add_warning(Code.IMPORT_DATE_ASSUMED, page.path, line, message)
    whole, name = (
        transforms.merge_weekday_column(transforms.complete_month_dates(written, heading)),
        heading.words.whole if heading else "",
    )
    for each in [whole] if options.columns else transforms.split_parallel_sessions(whole):
        yield rows.read_schedule_table(
            page.path, transforms.add_lead_column(each, options.columns), name, options.columns, is_ours=is_ours
        )


def _drop_versions(group: EntryGroup) -> None:
    """Leave out the entries whose title is a version's number: they are a program's changes."""
    versions = [entry for entry in group.entries if status.is_version_number(entry.title)]
    group.entries = [entry for entry in group.entries if entry not in versions]
    reason = "names a version and no topic, so it is no session. Give it a title, if it is one."
    group.skipped += [(entry.line, f'"{shorten_text(entry.title)}" {reason}') for entry in versions]


def _iter_front_matter_groups(
    page: SourcePage, found: Outline, schedule: Schedule, *, is_bare: bool
) -> Iterator[EntryGroup]:
    """Yield the sessions of the front matter, or the page as one if it has no other; report unread dates."""
    data, messages = front_matter.read_front_matter(page)
    lists = list(front_matter.iter_front_matter_lists(page, data))
    yield from lists
    messages += unread_dates.check_code_dates(page)
    is_bare = is_bare and not any(group.entries for group in lists)
    if is_bare and (entry := front_matter.read_front_matter_session(page, data)):
        yield EntryGroup([entry])
    else:
        messages += [*unread_dates.check_outline_dates(found), *unread_dates.check_front_matter_dates(page, lists)]
    for line, reason in messages:
        schedule.add_skipped(page.path, line, reason)


def _iter_shelves(page: SourcePage, found: Outline, schedule: Schedule) -> Iterator[ImportedSession]:
    """Yield the material between sessions that belongs to none, by heading."""
    read = [entry for group in found.groups for entry in group.entries]
    if not (first := min((entry.line for entry in read if entry.shape == SECTION), default=0)):
        return
    left, lines = found.left, sorted(entry.line for entry in read)
    place = 0
    while place < len(left):
        heading = left[place]
        place += 1
        if not isinstance(heading, Heading) or heading.line < first:
            continue
        start = place
        while place < len(left) and not _is_section_end(left[place], heading.level):
            place += 1
        title = squeeze_spaces(heading.words.whole) or "Material"
        entry = ImportedSession(page.path, heading.line, SECTION, title=generated_pages.strip_placeholder_title(title))
        for link in heading.words.links:
            entry.add_item(squeeze_spaces(link.text), link.url)
        body.SessionBodyReader(entry).read_blocks(left[start:place])
        if entry.links:
            yield entry
        elif not _contains_line(page, heading, lines):
            reason = f'the section "{shorten_text(entry.title)}" has no day and no links. It stays on the page.'
            schedule.add_skipped(page.path, heading.line, reason)


def _contains_line(page: SourcePage, heading: Heading, lines: Sequence[int]) -> bool:
    """Return whether one of these lines is below a heading, before the next of its level or above."""
    ends = (each.line for each in page.headings if each.line > heading.line and each.level <= heading.level)
    place = bisect.bisect(lines, heading.line)
    return place < len(lines) and lines[place] < next(ends, lines[place] + 1)


def _is_section_end(block: Block, level: int) -> bool:
    return isinstance(block, Heading) and block.level <= level


def _collect_date_orders(groups: "Iterator[EntryGroup] | Sequence[EntryGroup]") -> frozenset[str]:
    return field_order.find_common_orders([entry.stamp for entry in group.entries if entry.stamp] for group in groups)


_MOST_STRAY = 2


def _detect_stray_groups(groups: Sequence[EntryGroup]) -> None:
    """Mark the groups of a line or two next to a table of sessions: what is unclear of them is only a warning."""
    has_table = any(entry.shape == ROW and entry.stamp for group in groups for entry in group.entries)
    for group in groups:
        lines = [entry for entry in group.entries if entry.stamp]
        group.is_stray = has_table and len(lines) <= _MOST_STRAY and all(entry.shape != ROW for entry in lines)


def _assign_dates(
    hints: YearHints, group: EntryGroup, options: DateOptions, possible: frozenset[str], schedule: Schedule
) -> None:
    """Give the entries of a group their days, and report questions, warnings and what is left out."""
    page, dated = hints.page, [entry for entry in group.entries if entry.stamp]
    decision = resolve.resolve_column_dates(hints, [entry.stamp for entry in dated if entry.stamp], options, possible)
    for entry, day in zip(dated, decision.days, strict=True):
        entry.day = day
    questions = () if group.is_stray else decision.questions
    schedule.problems += [
        Diagnostic(Location(page.path, line), Code.IMPORT_DATE_UNCLEAR, message) for line, message in questions
    ]
    for line, message in (*decision.warnings, *(decision.questions if group.is_stray else ())):
        schedule.add_warning(Code.IMPORT_DATE_ASSUMED, page.path, line, message)
    for line, message in group.warnings:
        schedule.add_warning(Code.IMPORT_LINE_UNCERTAIN, page.path, line, message)
    for line, reason in group.skipped:
        schedule.add_skipped(page.path, line, reason)
    for entry in group.entries:
        for line, message in entry.remarks:
            schedule.add_warning(Code.IMPORT_LINE_UNCERTAIN, page.path, line, message)
