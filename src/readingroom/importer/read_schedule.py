"""A schedule from pages: the sessions gathered from every shape, dated together, joined and merged."""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from readingroom.core.codes import Code
from readingroom.importer import front_matter, generated_pages, merge, normalize, series, shelves, tables, unread_dates
from readingroom.importer.dates import resolve, year_hints
from readingroom.importer.dates.resolve import DatedLine, DateEvidence
from readingroom.importer.page.blocks import Table
from readingroom.importer.page.document import Document
from readingroom.importer.schedule import ImportOptions, Schedule, Series
from readingroom.importer.series import Record
from readingroom.importer.shelves import UndatedUse
from readingroom.importer.tables import CandidateGroup
from readingroom.importer.vocabulary import status
from readingroom.parsing.date_mentions import Order
from readingroom.text.phrases import shorten_text

NO_SESSION = "no session was read from this page: it has no table, list or heading with days that could be read."


def read_schedule(pages: Sequence[Document], options: ImportOptions, today: dt.date | None) -> Schedule:
    """Return the schedule of the pages."""
    schedule = Schedule(pages)
    gathered = [(page, _read_page(page, options, schedule)) for page in pages]
    orders = _find_certain_orders([each.group for _, found in gathered for each in found])
    for page, found in gathered:
        hints = year_hints.list_page_hints(page)
        for each in found:
            evidence = DateEvidence(each.answers.dates, hints, orders or _get_language_orders(page.text), today)
            schedule.series.append(_assign_dates(each, evidence, schedule))
            _report_group(page.path, each.group, schedule)
        schedule.report(Code.IMPORT_PAGE_MARKUP, page.path, page.warnings)
        candidates = [each for one in found for each in one.group.candidates]
        if len(pages) > 1 and not candidates:
            schedule.report(Code.IMPORT_PAGE_EMPTY, page.path, [(1, NO_SESSION)])
        merge.join_rows_and_sections(page, schedule, candidates)
    schedule.entries = [*merge.merge_pages(schedule), *schedule.ideas]
    return schedule


def _read_page(page: Document, options: ImportOptions, schedule: Schedule) -> list[Series]:
    """Return the series of a page; those of pages that readingroom made have no number."""
    if (entry := generated_pages.read_session_page(page)) is not None:
        groups = [CandidateGroup([entry])]
    elif (archive := generated_pages.read_archive_page(page)) is not None:
        groups, found = archive
        schedule.shelves += found
    else:
        page = generated_pages.drop_next_session(replace(page, blocks=normalize.normalize_blocks(page.blocks)))
        return _PageReader(page, options, schedule).read_series()
    return [Series(0, page.path, range(1, 1), group, options.get_answers(0)) for group in groups]


class _PageReader:
    """Reads the series of a page that a person wrote, and reports the days that are in none."""

    def __init__(self, page: Document, options: ImportOptions, schedule: Schedule) -> None:
        self.page = page
        self.options = options
        self.schedule = schedule
        self.hints = dict(year_hints.iter_line_hints(page))
        self.records = series.find_series(page, self.hints)
        self.lists = front_matter.find_lists(page)
        lines = {table.line for table in (*self.lists, *(table for _, table in page.tables))}
        lines |= {page.blocks[records[0].start].line for records in self.records}
        self.numbers = {line: number for number, line in enumerate(sorted(lines), schedule.numbered + 1)}
        schedule.numbered += len(lines)

    def read_series(self) -> list[Series]:
        tabled = {place: self._read_table(table, place) for place, table in self.page.tables}
        held = {place for place, each in tabled.items() if each.group.candidates}
        self.schedule.tables += [(self.page, table) for place, table in self.page.tables if place in held]
        listed = [self._read_records(records) for records in self.records]
        taken = series.list_lines(self.page, self.records)
        found = list(shelves.read_shelves(self.page, [each.group for each in listed], taken))
        self.schedule.shelves += found
        self._read_undated(taken, {entry.title for entry in found})
        lists = [each for table in self.lists if (each := self._read_table(table)).group.candidates]
        made = [*tabled.values(), *listed, *lists]
        is_bare = not any(each.group.candidates for each in made)
        if is_bare and (session := front_matter.read_page_session(self.page)):
            self.schedule.numbered += 1
            return [*made, self._build_series(self.schedule.numbered, range(1, 2), CandidateGroup([session]))]
        lines = {each.line for one in lists for each in one.group.candidates}
        left = [*front_matter.check_syntax(self.page), *unread_dates.check_blocks(self.page, taken | held)]
        left += unread_dates.check_front_matter(self.page, lines)
        self.schedule.report(Code.IMPORT_SKIPPED, self.page.path, left)
        return made

    def _read_undated(self, taken: Collection[int], known: Collection[str]) -> None:
        """Read the lists of papers without days as the organiser says, or report them, but those of known shelves."""
        found = shelves.find_undated_lists(self.page, taken)
        lists = [each for each in found if not each.heading or each.heading not in known]
        if self.options.undated is UndatedUse.SHELF:
            self.schedule.shelves += [shelves.read_shelf(self.page, each) for each in lists]
        elif self.options.undated is UndatedUse.IDEA:
            self.schedule.ideas += [idea for each in lists for idea in shelves.read_ideas(self.page, each)]
        elif lists:
            count = sum(len(each.items) for each in lists)
            message = f"a list of papers without days begins here. On the page such lists have {count} items."
            hint = "Import them with --undated shelf (each list as a shelf) or --undated idea (each item as an idea)."
            self.schedule.report(Code.IMPORT_UNDATED_LIST, self.page.path, [(lists[0].line, message)], hint)

    def _read_table(self, table: Table, place: int = -1) -> Series:
        """Read a table, by its place among the blocks or, without one, from the front matter."""
        lines = range(table.line, table.end)
        if self.page.is_ours and place >= 0 and generated_pages.has_generated_rows(table):
            return self._build_series(0, lines, generated_pages.read_generated_rows(self.page, table))
        number = self.numbers[table.line]
        heading = self.page.find_heading(place) if place >= 0 else ""
        answers = self.options.get_answers(number)
        group = tables.read_table(self.page.path, table, heading, self.hints.get(place), answers)
        return self._build_series(number, lines, group)

    def _read_records(self, records: Sequence[Record]) -> Series:
        line = self.page.blocks[records[0].start].line
        number = self.numbers[line]
        group = series.read_series(self.page, records, self.hints, self.options.get_answers(number))
        _drop_versions(group)
        last = max((each.last_line for each in group.candidates), default=line)
        return self._build_series(number, range(line, last + 1), group)

    def _build_series(self, number: int, lines: range, group: CandidateGroup) -> Series:
        return Series(number, self.page.path, lines, group, self.options.get_answers(number))


def _find_certain_orders(groups: Sequence[CandidateGroup]) -> frozenset[Order]:
    """Return the orders that dates with one reading only have, on all pages."""
    certain = {
        each.mention.readings[0].order
        for group in groups
        for each in group.candidates
        if each.mention and len(each.mention.readings) == 1 and not any(map(str.isalpha, each.mention.text))
    }
    return frozenset(order for order in certain if order is not None)


def _drop_versions(group: CandidateGroup) -> None:
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


def _assign_dates(found: Series, evidence: DateEvidence, schedule: Schedule) -> Series:
    """Give the sessions of a series their days, and report questions and warnings; return it with its evidence."""
    dated = [each for each in found.group.candidates if each.mention]
    lines = [DatedLine(each.line, each.mention, each.hint) for each in dated if each.mention]
    if not lines:
        return found
    first = min(line.line for line in lines)
    evidence = replace(evidence, hints=[hint for hint in evidence.hints if hint.line < first])
    resolved = resolve.resolve_series(lines, evidence)
    for each, day in zip(dated, resolved.days, strict=True):
        each.day = day
    schedule.report(Code.IMPORT_DATE_UNCLEAR, found.page, resolved.questions)
    schedule.report(Code.IMPORT_DATE_ASSUMED, found.page, resolved.warnings)
    return replace(found, evidence=evidence)


def _report_group(page: str, group: CandidateGroup, schedule: Schedule) -> None:
    schedule.report(Code.IMPORT_SKIPPED, page, group.skipped)
    for each in group.candidates:
        if each.mention and each.mention.names_several_days(each.day):
            message = f'"{shorten_text(each.mention.text)}" is several days: the session has only the first day.'
            schedule.report(Code.IMPORT_DATE_ASSUMED, page, [(each.line, message)])
        schedule.report(Code.PRIVATE_EMAIL, page, each.private)
        schedule.report(Code.IMPORT_LINE_UNCERTAIN, page, each.remarks)
