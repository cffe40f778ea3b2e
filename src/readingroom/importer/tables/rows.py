"""The tables of a page: which of them are schedules, and what each of their rows says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from readingroom.core.models import Status
from readingroom.importer.blocks.page import Row, Table
from readingroom.importer.dates import year_context
from readingroom.importer.inline import slicing
from readingroom.importer.inline.spans import InlineText, LineMessage, squeeze_spaces
from readingroom.importer.people import names
from readingroom.importer.session import body, date_time, status
from readingroom.importer.session import title as session_title
from readingroom.importer.session.entry import OFF_DAY, ROW, ImportedSession
from readingroom.importer.tables import cell_features, column_roles, is_schedule
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import (
    DATE,
    NUMBER,
    OTHER,
    RESOURCE,
    ROOM,
    TIME,
    TITLE,
)
from readingroom.text.excerpt import shorten_text


@dataclass
class EntryGroup:
    """The entries of a part of a page, the lines that are no session and why, and warnings."""

    entries: list[ImportedSession] = field(default_factory=list)
    skipped: list[LineMessage] = field(default_factory=list)
    warnings: list[LineMessage] = field(default_factory=list)
    is_stray: bool = False


def read_schedule_table(
    page: str, table: Table, heading: str, given_roles: Mapping[int, str], *, is_ours: bool = False
) -> EntryGroup:
    """Return the sessions of a table's rows, or why it is no schedule."""
    made = EntryGroup()
    if not table.head.cells:
        return made
    found = column_roles.detect_layout(table, given_roles)
    roles = found.roles
    if reason := is_schedule.find_schedule_error(table, roles, heading):
        made.skipped.append(
            (
                table.line,
                f"the table {is_schedule.format_table_heads(table)} is no schedule: {reason}. It stays on the page.",
            )
        )
        return made
    made.warnings += [(table.line, each) for each in found.messages]
    date = roles.index(DATE)
    heads = [squeeze_spaces(cell.whole) for cell in table.head.cells]
    rows = list(table.rows)
    if column_roles.is_day_cell(table.head.cells[date].whole):
        rows, heads = [table.head, *rows], [""] * len(heads)
    reader = _RowReader(page, roles, heads, made, is_ours=is_ours)
    dated = [place for place, row in enumerate(rows) if column_roles.is_day_cell(row.cells[date].whole)]
    for place, row in enumerate(rows):
        before = rows[place - 1] if place else None
        reader.is_between = bool(dated) and place < dated[-1] and 2 * len(dated) >= len(rows)
        reader.read_row(row, before)
    for number, head in enumerate(heads):
        if made.entries and roles[number] == OTHER and fields.find_role(head) == DATE:
            column = f'the column "{shorten_text(head, 40)}" holds other dates than those of the sessions'
            message = f"{column}: it is kept as material. If they are sessions, split the table."
            made.entries[0].remarks.append((table.line, message))
    return made


class _RowReader:
    """Reads rows one after the other."""

    def __init__(self, page: str, roles: list[str], heads: list[str], made: EntryGroup, *, is_ours: bool) -> None:
        self.page, self.roles, self.heads, self.made, self.is_ours = page, roles, heads, made, is_ours
        self.last: ImportedSession | None = None
        self.is_between = False

    def read_row(self, row: Row, before: Row | None) -> None:
        if not any(cell.whole or cell.links for cell in row.cells):
            return
        if before and self.merge_spanned_row(row, before):
            return
        if before and _is_rest_of_broken_row(before, row):
            reason = "is the rest of the row above: a line break within a link's label ends the row. Join the two lines"
            self.made.skipped.append((row.line, f'"{_format_row_start(row)}" {reason}.'))
            return
        cell = row.cells[self.roles.index(DATE)]
        entry, above, self.last = ImportedSession(self.page, row.line, ROW), self.last, None
        for extra in row.beyond:
            entry.remarks.append(
                (row.line, f'"{shorten_text(extra.whole)}" is after the last column, so GitHub does not show it.')
            )
        self.fill_entry(entry, row)
        if not date_time.fill_session_day(entry, cell) and not self.infer_proposed_status(entry, cell):
            if year_context.find_row_term(row) or (
                above and not cell.whole and self.merge_undated_row(row, entry, above)
            ):
                return
            self.made.skipped.append((row.line, f'"{_format_row_start(row)}" has no day that can be read. Add one.'))
            return
        if _has_broken_link(row):
            entry.remarks.append((row.line, "the row looks broken: a link in it does not end. Write it in one line."))
        if entry.is_empty:
            self.made.skipped.append(
                (row.line, f'"{_format_row_start(row)}" has a day and nothing else, so it is no session.')
            )
            return
        self.last = entry
        self.made.entries.append(entry)

    def merge_spanned_row(self, row: Row, before: Row) -> bool:
        """Add a row to the session of the row before, if day and title span both; return whether they do."""
        spans = [cell is above for cell, above in zip(row.cells, before.cells, strict=True)]
        if not spans[self.roles.index(DATE)] or TITLE not in self.roles or not spans[self.roles.index(TITLE)]:
            return False
        if self.last is not None:
            for place, (cell, is_span) in enumerate(zip(row.cells, spans, strict=True)):
                if not is_span:
                    self.fill_cell(self.last, cell, self.roles[place], self.heads[place])
        return True

    def merge_undated_row(self, row: Row, entry: ImportedSession, above: ImportedSession) -> bool:
        """Take a row without a day for a session of the day above, or for more of that session; return whether it is.

        At the end of a table such a row may be one that is not planned yet.
        """
        filled = [cell for cell in row.cells if cell.whole or cell.links]
        is_label = len(filled) == 1 and all(run.strong for run in filled[0].runs if run.text.strip())
        if above.stamp is None or entry.status or is_label:
            return False
        is_material = not entry.title and not entry.leads and (entry.links or entry.material or entry.resources)
        if is_material:
            for place, cell in enumerate(row.cells):
                if cell in filled:
                    self.fill_cell(above, cell, self.roles[place], self.heads[place])
            for extra in row.beyond:
                body.fill_field(above, fields.OTHER, "", extra)
            above.remarks.append(
                (row.line, f'"{_format_row_start(row)}" has no day: it was added to the session of the row above.')
            )
            self.last = above
        elif self.is_between and (entry.title or entry.leads):
            entry.stamp = replace(above.stamp, line=row.line)
            start = _format_row_start(row)
            said = f'"{start}" has no day: that of the row above was taken. Write it there, or join the rows.'
            entry.remarks.append((row.line, said))
            self.made.entries.append(entry)
        return bool(entry.stamp) or self.last is above

    def infer_proposed_status(self, entry: ImportedSession, cell: InlineText) -> bool:
        """Return whether a row without a day is a session that looks for one: TBC is where the day would."""
        if (
            not cell.whole
            or not names.is_placeholder(cell.text)
            or not entry.title
            or entry.status not in {"", Status.PROPOSED}
        ):
            return entry.status == Status.POSTPONED and bool(entry.title)
        entry.status = Status.PROPOSED
        return True

    def fill_entry(self, entry: ImportedSession, row: Row) -> None:
        """Put the cells into an entry: the title first, for links take their names from it."""
        order = sorted(range(len(row.cells)), key=lambda place: self.roles[place] != TITLE)
        said: set[tuple[object, ...]] = set()
        for place in order:
            cell, role = row.cells[place], self.roles[place]
            if cell.runs and cell.runs in said:
                continue  # one cell that spans several columns
            if role != DATE and len(cell.whole) > _MIN_SPAN:
                said.add(cell.runs)
            self.fill_cell(entry, cell, role, self.heads[place])
        for extra in row.beyond:
            body.fill_field(entry, fields.OTHER, "", extra)
        self.complete_entry(entry, row)

    def fill_cell(self, entry: ImportedSession, cell: InlineText, role: str, head: str) -> None:
        match role:
            case "date":
                pass
            case "title":
                self.fill_title_cell(entry, cell, head)
            case "status":
                found_status, _ = status.split_status(cell.text)
                entry.status = found_status or entry.status
                if (
                    cell.text
                    and not found_status
                    and not names.is_placeholder(cell.text)
                    and not _IS_SURE.fullmatch(cell.text)
                ):
                    entry.add_note(head, cell.text)
            case "number":
                is_count = re.fullmatch(r"[#\w.()\s-]{0,12}", cell.text) and not cell_features.has_counted_noun(cell)
                if cell.links or not is_count:
                    body.fill_field(entry, fields.OTHER, head, cell)
            case "lead":
                add_leads_or_status(entry, cell)
            case _:
                body.fill_field(entry, role, head, cell)

    def fill_title_cell(self, entry: ImportedSession, cell: InlineText, head: str) -> None:
        """Take a title, and what is below it where the column is that of titles and abstracts."""
        first, *below = slicing.split_lines(cell.runs) or [()]
        if not below or self.is_ours:
            body.fill_title(entry, cell, is_ours=self.is_ours)
        elif fields.ABSTRACT in fields.parse_label_role(head).joined:
            body.fill_title(entry, InlineText(cell.line, first))
            for line in below:
                body.fill_field(entry, fields.ABSTRACT, head, InlineText(cell.line, line))
        else:
            body.fill_title_lines(entry, cell)

    def complete_entry(self, entry: ImportedSession, row: Row) -> None:
        """Take what only the whole row gives."""
        if not entry.title and not entry.leads and not entry.status and len(row.cells) > 1:
            texts = [cell.text for place, cell in enumerate(row.cells) if cell.text and self.roles[place] != DATE]
            statuses = [status.split_status(text)[0] for text in texts]
            entry.status = next((each for each in statuses if each and each != Status.TBC), "")
        if not entry.title and not entry.leads and not entry.status:
            self.use_note_as_title(entry, row)
        if entry.status == OFF_DAY and not entry.title:
            said = [cell.whole for place, cell in enumerate(row.cells) if self.roles[place] != DATE]
            entry.title = max(said, key=len, default="")
        if entry.status == OFF_DAY and (entry.leads or entry.links):
            entry.status = ""  # a talk that is called like a holiday

    def use_note_as_title(self, entry: ImportedSession, row: Row) -> None:
        """Take for the title what is alone in a row, in the column of the notes."""
        places = [
            place for place, cell in enumerate(row.cells) if cell.whole and self.roles[place] not in _NON_CONTENT_ROLES
        ]
        cell = row.cells[places[0]] if len(places) == 1 else None
        if cell is None or cell.links or not entry.material or len(cell.text) > _MAX_TITLE:
            return
        if self.roles[places[0]] in {RESOURCE, OTHER}:
            entry.material.clear()
            session_title.fill_topic(entry, cell.runs)
            head = self.heads[places[0]][:40]
            entry.remarks.append((row.line, f'nothing but "{head}" says what is on: it was taken for the title.'))


def add_leads_or_status(entry: ImportedSession, cell: InlineText) -> None:
    """Take the people of a cell, or the status that is there instead."""
    found_status, rest = status.split_status(cell.text)
    if found_status == OFF_DAY and not entry.title:
        entry.status = entry.status or found_status
    elif found_status in {"", Status.TBC} or rest:
        body.add_leads(entry, cell)
    elif found_status != Status.OPEN or not entry.title:
        entry.status = entry.status or found_status


_MIN_SPAN = 5
_MAX_TITLE = 100
_NON_CONTENT_ROLES = frozenset({DATE, TIME, ROOM, NUMBER})
_IS_SURE = re.compile(
    r"confirmed|done|past|ok|yes|bestätigt|confirmé|confirmado|已确认|済|완료|✓|✔|✅|x", re.IGNORECASE
)


def _format_row_start(row: Row) -> str:
    return " | ".join(cell.whole for cell in row.cells if cell.whole)[:60]


def _has_broken_link(row: Row) -> bool:
    """Return whether a link's label begins in a row's last cell with words and does not end there."""
    sources = [cell.source for cell in row.cells if cell.source]
    return bool(sources) and re.search(r"\[[^\[\]]*\Z", sources[-1]) is not None


def _is_rest_of_broken_row(before: Row, row: Row) -> bool:
    return _has_broken_link(before) and bool(row.cells) and re.match(r"[^\[\]]*\]\(", row.cells[0].source) is not None


def parse_columns_option(text: str) -> Iterator[tuple[int, str]]:
    """Yield number, from 0, and role of each column in a text such as ``date=1,title=2``, or raise ValueError."""
    taken: dict[int, str] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, number = part.partition("=")
        role = name.strip().casefold()
        if role not in fields.ROLES or not (number.strip().isascii() and number.strip().isdigit()) or not int(number):
            names_of_roles = ", ".join(fields.ROLES)
            message = f'found "{part}". Expected: a name and a number such as date=1; the names are {names_of_roles}.'
            raise ValueError(message)
        if role in fields.SINGLE and role in taken.values():
            message = f"found two columns for {role}. Expected: one of them."
            raise ValueError(message)
        if int(number) in taken:
            message = f"found two names for the column {int(number)}. Expected: one of them."
            raise ValueError(message)
        taken[int(number)] = role
        yield int(number) - 1, role
