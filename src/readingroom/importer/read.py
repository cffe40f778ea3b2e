"""Pages to the sessions that they tell of: gathered from every shape, dated together, joined and merged."""

import bisect
from collections.abc import Iterator, Sequence

from readingroom.core.diagnostics import Finding, Problem
from readingroom.importer import merge
from readingroom.importer.blocks.page import Block, Heading, Page, Table
from readingroom.importer.dates import field_order, resolve
from readingroom.importer.dates.resolve import Asked
from readingroom.importer.dates.year_context import Told
from readingroom.importer.inline.spans import squeezed
from readingroom.importer.schedule import Options, Schedule
from readingroom.importer.sections import front_matter, generated_pages, unread_dates, walk
from readingroom.importer.sections.walk import Outline
from readingroom.importer.session import body, status
from readingroom.importer.session.entry import NOT_IMPORTED, ROW, SECTION, Entry
from readingroom.importer.tables import (
    day_of_month,
    rows,
    side_by_side,
    split_speakers,
    transpose,
    weekday_column,
    yymmdd,
)
from readingroom.importer.tables.rows import Gathered

NO_SESSION = "no session was read from this page: it has no table, list or heading with days that could be read."


def read(pages: Sequence[Page], options: Options) -> Schedule:
    """Return the schedule of pages, whatever stands in them."""
    made = Schedule(pages)
    gathered = [(page, list(_groups(page, options, made))) for page in pages]
    everywhere = _orders(group for _, groups in gathered for group in groups)
    for page, groups in gathered:
        possible, told = field_order.narrowed(_orders(groups), everywhere), Told(page)
        possible = field_order.narrowed(possible, field_order.of_language(page.text))
        if len(pages) > 1 and not any(group.entries for group in groups):
            made.tell(page.path, 1, NO_SESSION)
        _mark_stray(groups)
        for group in groups:
            _date(told, group, options.asked, possible, made)
        for line, reason in page.odd:
            made.tell(page.path, line, reason)
        merge.rows_and_sections(page, made, [entry for group in groups for entry in group.entries])
    made.entries = merge.pages(made)
    return made


def _groups(page: Page, options: Options, made: Schedule) -> Iterator[Gathered]:
    """Yield the groups of entries of a page; those of a group are dated together."""
    if (entry := generated_pages.read(page)) is not None:
        yield Gathered([entry])
        return
    if (archive := generated_pages.archive(page)) is not None:
        made.shelves += archive[1]
        yield from archive[0]
        return
    taken: set[int] = set()
    heading: Heading | None = None
    for block in page.blocks:
        if isinstance(block, Heading):
            heading = block
        elif isinstance(block, Table):
            groups = list(_of_table(page, block, heading, options, made))
            if any(group.entries for group in groups):
                taken.add(block.line)
                made.tables.append((page, block))
            yield from groups
    found = walk.read(page, taken)
    unread_dates.within(found)
    for group in found.groups:
        _leave_versions(group)
    yield from found.groups
    made.shelves += _shelves(page, found, made)
    is_bare = not taken and not any(group.entries for group in found.groups)
    yield from _of_front(page, found, made, is_bare=is_bare)


def _of_table(
    page: Page, table: Table, heading: Heading | None, options: Options, made: Schedule
) -> Iterator[Gathered]:
    """Yield what a table tells; where its rows hold several sessions, each of these columns is dated on its own."""
    is_ours = page.is_ours
    if is_ours and generated_pages.has_our_rows(table):
        yield generated_pages.rows(page, table)
        return
    written, told = yymmdd.of(transpose.of(table), options.columns)
    for line, message in told:
        made.tell(page.path, line, message)
    whole, name = weekday_column.of(day_of_month.of(written, heading)), heading.words.whole if heading else ""
    for each in [whole] if options.columns else side_by_side.parts(whole):
        yield rows.read(page.path, split_speakers.of(each, options.columns), name, options.columns, is_ours=is_ours)


def _leave_versions(group: Gathered) -> None:
    """Leave out the entries whose title is a version's number: they are a program's changes."""
    versions = [entry for entry in group.entries if status.is_version(entry.title)]
    group.entries = [entry for entry in group.entries if entry not in versions]
    reason = "names a version and no topic, so it is no session. Give it a title, if it is one."
    group.skipped += [(entry.line, f'"{entry.title[:60]}" {reason}') for entry in versions]


def _of_front(page: Page, found: Outline, made: Schedule, *, is_bare: bool) -> Iterator[Gathered]:
    """Yield what the front matter tells, a page's one session if there is no other; tell of the days that are left."""
    data, told = front_matter.values(page)
    lists = list(front_matter.listed(page, data))
    yield from lists
    told += unread_dates.of_code(page)
    is_bare = is_bare and not any(group.entries for group in lists)
    if is_bare and (entry := front_matter.session(page, data)):
        yield Gathered([entry])
    else:
        told += [*unread_dates.of_outline(found), *unread_dates.of_front(page, lists)]
    made.skipped += [Finding(page.path, line, NOT_IMPORTED, reason) for line, reason in told]


def _shelves(page: Page, found: Outline, made: Schedule) -> Iterator[Entry]:
    """Yield the material that stands among sessions' sections and belongs to none, by heading."""
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
        while place < len(left) and not _ends(left[place], heading.level):
            place += 1
        title = squeezed(heading.words.whole) or "Material"
        entry = Entry(page.path, heading.line, SECTION, title=generated_pages.known(title))
        for link in heading.words.links:
            entry.add_item(squeezed(link.text), link.url)
        body.Reader(entry).read(left[start:place])
        if entry.links:
            yield entry
        elif not _holds(page, heading, lines):
            reason = f'the section "{entry.title[:60]}" has no day and no links. It stays on the page.'
            made.skipped.append(Finding(page.path, heading.line, NOT_IMPORTED, reason))


def _holds(page: Page, heading: Heading, lines: Sequence[int]) -> bool:
    """Tell whether one of these lines stands below a heading, before the next of its level or above."""
    ends = (each.line for each in page.headings if each.line > heading.line and each.level <= heading.level)
    place = bisect.bisect(lines, heading.line)
    return place < len(lines) and lines[place] < next(ends, lines[place] + 1)


def _ends(block: Block, level: int) -> bool:
    return isinstance(block, Heading) and block.level <= level


def _orders(groups: "Iterator[Gathered] | Sequence[Gathered]") -> frozenset[str]:
    return field_order.everywhere([entry.stamp for entry in group.entries if entry.stamp] for group in groups)


_MOST_STRAY = 2


def _mark_stray(groups: Sequence[Gathered]) -> None:
    """Mark the groups of a line or two beside a table of sessions: what is unclear of them asks for no answer."""
    has_table = any(entry.shape == ROW and entry.stamp for group in groups for entry in group.entries)
    for group in groups:
        lines = [entry for entry in group.entries if entry.stamp]
        group.is_stray = has_table and len(lines) <= _MOST_STRAY and all(entry.shape != ROW for entry in lines)


def _date(told: Told, group: Gathered, asked: Asked, possible: frozenset[str], made: Schedule) -> None:
    """Give the entries of a group their days, and tell what is asked, what is odd and what is left out."""
    page, dated = told.page, [entry for entry in group.entries if entry.stamp]
    decision = resolve.decided(told, [entry.stamp for entry in dated if entry.stamp], asked, possible)
    for entry, day in zip(dated, decision.days, strict=True):
        entry.day = day
    asked_for = () if group.is_stray else decision.asked
    made.problems += [Problem(page.path, line, "", message) for line, message in asked_for]
    for line, message in (*decision.told, *(decision.asked if group.is_stray else ())):
        made.tell(page.path, line, message)
    for line, message in group.told:
        made.tell(page.path, line, message)
    for line, reason in group.skipped:
        made.skipped.append(Finding(page.path, line, NOT_IMPORTED, reason))
    for entry in group.entries:
        for line, message in entry.said:
            made.tell(page.path, line, message)
