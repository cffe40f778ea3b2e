"""The rows of a table to sessions: what its columns hold is decided by their heads, then by their content."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from readingroom.core.models import Status
from readingroom.importer import unread_dates
from readingroom.importer.answers import Answers, LeadPlace
from readingroom.importer.dates import year_hints
from readingroom.importer.dates.resolve import YearHint
from readingroom.importer.page.blocks import Kind, Line, LineMessage, Row, Table
from readingroom.importer.page.rich_text import RichText
from readingroom.importer.records import fields, people, texts
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.people import Shape, Split
from readingroom.importer.vocabulary import status as status_words
from readingroom.importer.vocabulary.roles import Role, find_role, parse_label
from readingroom.importer.vocabulary.status import OFF_DAY
from readingroom.parsing import month_names
from readingroom.parsing.names import is_unknown
from readingroom.parsing.vocabulary import build_expression_pattern
from readingroom.text.phrases import shorten_text


@dataclass
class CandidateGroup:
    """Sessions that are dated together, and the lines that are none.

    A table has ``width`` columns, with ``roles`` and ``heads`` by number, from 0.
    """

    candidates: list[Candidate] = field(default_factory=list)
    skipped: list[LineMessage] = field(default_factory=list)
    roles: Mapping[int, Role] = field(default_factory=dict)
    heads: Sequence[str] = ()
    shape: Shape = field(default_factory=Shape)
    answers: Answers = field(default_factory=Answers)
    width: int = 0

    def get_head(self, column: int) -> str:
        return self.heads[column] if column < len(self.heads) else ""


_RULE = re.compile(r"\s*|[-+=:|\s]{3,}")


def read_table(page: str, table: Table, heading: str, hint: YearHint | None, answers: Answers) -> CandidateGroup:
    """Return the sessions of a table; none if it is no schedule."""
    table = _promote_head(table)
    width = max((len(row.cells) for row in table.rows), default=0)
    heads = [cell.text for cell in table.head.cells]
    columns = [[row.cells[n] for row in table.body if n < len(row.cells) and row.cells[n].text] for n in range(width)]
    bare_heads = heads or [""] * width
    found = extend_columns(answers.columns, bare_heads) if answers.columns else _find_roles(columns, bare_heads)
    group = CandidateGroup(roles=found, heads=heads, answers=answers, width=width)
    if Role.DATE in found.values() and not _is_other_list(heading, group):
        if Role.LEAD not in found.values():
            titles = [cell for n, role in found.items() if role is Role.TITLE for cell in columns[n]]
            sample = [texts.cut_generic_links(each) for each in people.take_sample(titles)]
            shape = people.find_shape(sample, has_people_line=False)
            group.shape = Shape() if shape.split is Split.ALL else shape
        _RowReader(page, table, group, hint).read()
    elif any(find_role(head) is Role.DATE for head in heads):
        shown = shorten_text(", ".join(filter(None, heads)))
        message = f'the table "{shown}" is no schedule that can be read. It stays on the page.'
        group.skipped.append((table.line, message))
    return group


def _promote_head(table: Table) -> Table:
    """Return a table without rules, and with its first row as head if that names columns."""
    rows = [row for row in table.rows if not all(_RULE.fullmatch(cell.text) for cell in row.cells)]
    if rows and not table.head.cells and Role.DATE in {find_role(cell.text) for cell in rows[0].cells}:
        rows[0] = replace(rows[0], is_head=not any(map(_is_date, rows[0].cells)))
    return replace(table, rows=tuple(rows))


def _is_other_list(heading: str, group: CandidateGroup) -> bool:
    """Return whether a table lists conferences, deadlines or releases."""
    found = group.roles.values()
    has_deadline = build_expression_pattern("headings", "deadline").search(" ".join(group.heads))
    if has_deadline and (Role.VENUE in found or Role.TITLE not in found):
        return True
    return bool(build_expression_pattern("headings", "other", "deadline").search(heading)) and Role.LEAD not in found


# The roles of columns.

_Columns = Sequence[Sequence[RichText]]  # the cells of each that are not empty


def extend_columns(columns: Mapping[int, Role], heads: Sequence[str]) -> dict[int, Role]:
    """Return the roles that the organiser gives; heads that differ by a number, such as Spot 1 and 2, share one."""
    bare = [re.sub(r"[\W\d_]+\Z", "", head) for head in heads]
    known = {n: role for n, role in columns.items() if n < len(heads)}
    named = {bare[n]: role for n, role in known.items() if bare[n] and bare[n] != heads[n].strip()}
    return {n: role for n in range(len(heads)) if (role := known.get(n) or named.get(bare[n]))}


def _find_roles(columns: _Columns, heads: Sequence[str]) -> dict[int, Role]:
    """Return the roles of columns by number: one of dates and one of titles at most."""
    named = {n: parse_label(head.strip("*:_ ")) for n, head in enumerate(heads)}
    weak = {n for n, each in named.items() if each.is_weak or len(each.joined) > 1}
    found = {n: each.role for n, each in named.items() if each.role}
    date = _choose_date(columns, heads, found)
    found = {n: role for n, role in found.items() if role is not Role.DATE}
    titles = [n for n, role in found.items() if role is Role.TITLE]
    title = max(titles, key=lambda n: _measure(columns[n]) * (0.4 if n in weak else 1.0), default=-1)
    found |= {n: Role.READING for n in titles if n != title}
    leads = [n for n, role in found.items() if role is Role.LEAD]
    for n in weak.intersection(leads):
        if not weak.issuperset(leads) or people.count_names(columns[n]) < 0.3:
            del found[n]
    return found if date is None else _assign_by_content(columns, heads, found | {date: Role.DATE})


def _choose_date(columns: _Columns, heads: Sequence[str], found: Mapping[int, Role]) -> int | None:
    """Return the column of dates: the first that is named so, or else the first whose cells are dates."""
    foreign = build_expression_pattern("headings", "foreign")
    shares = {n: sum(map(_is_date, cells)) / len(cells) for n, cells in enumerate(columns) if cells}
    may_be = {n: share for n, share in shares.items() if share and not foreign.search(heads[n])}
    named = [n for n in may_be if found.get(n) is Role.DATE]
    free = {None, Role.TIME, Role.NUMBER, Role.TITLE, Role.OTHER, Role.VENUE}
    many = [n for n, x in may_be.items() if x >= 0.5 and x * len(columns[n]) > 1 and found.get(n) in free]
    return max(named, key=lambda n: (may_be[n] >= 0.34, -n), default=next(iter(many), None))


def _assign_by_content(columns: _Columns, heads: Sequence[str], found: dict[int, Role]) -> dict[int, Role]:
    free = [n for n, cells in enumerate(columns) if n not in found and cells]
    for n in free:
        if 2 * sum(_find_weekday(cell) is not None for cell in columns[n]) > len(columns[n]):
            found[n] = Role.NUMBER
    if Role.LEAD not in found.values():
        shares = {n: people.count_names(columns[n]) for n in free if n not in found}
        best = max(shares, key=lambda n: (shares[n], -n), default=-1)
        if best >= 0 and shares[best] >= (0.4 if heads[best] else 0.6):
            found[best] = Role.LEAD
    if Role.TITLE not in found.values():
        named = [n for n, role in found.items() if role in {Role.READING, Role.ABSTRACT} and columns[n]]
        others = [n for n in free if n not in found and _measure(columns[n]) > 8 * len(columns[n])] or named
        found |= {n: Role.TITLE for n in [max(others, key=lambda n: _measure(columns[n]), default=-1)] if n >= 0}
    return found


def _measure(cells: Sequence[RichText]) -> int:
    return sum(min(len(cell.text), 80) for cell in cells)


def _is_date(cell: RichText) -> bool:
    """Return whether a cell is hardly more than a date."""
    dates = cell.dates
    return bool(dates) and dates[0].start <= 20 and len(cell.text) - (dates[-1].end - dates[0].start) <= 60


def _find_weekday(cell: RichText) -> int | None:
    return month_names.find_weekday(f"({cell.text})") if len(cell.text) < 14 else None


class _RowReader:
    """Reads the rows; one that says a year is for those below it, and one without a day belongs to the last one."""

    def __init__(self, page: str, table: Table, group: CandidateGroup, hint: YearHint | None) -> None:
        self.page, self.table, self.group, self.hint = page, table, group, hint
        self.last: Candidate | None = None

    def read(self) -> None:
        title: RichText | None = None
        for head in self.group.heads:
            self.read_term([head], f'the head "{head}"', self.table.line)
        for row in self.table.body:
            if self.read_term([cell.text for cell in row.cells], f"the row on line {row.line}", row.line):
                continue
            date = self.get_cell(row, Role.DATE)
            if not date.dates:
                self.read_undated(row, date)
            elif self.last and title is not None and title is self.get_cell(row, Role.TITLE):  # a cell of several rows
                fields.add_people(self.last, self.get_cell(row, Role.LEAD))
            else:
                title = self.get_cell(row, Role.TITLE) if Role.TITLE in self.group.roles.values() else None
                mention = date.dates[0]
                if mention.weekday is None:
                    mention = mention._replace(weekday=_find_weekday(self.get_cell(row, Role.NUMBER)))
                self.last = Candidate(self.page, row.line, is_row=True, mention=mention, hint=self.hint)
                self.read_row(self.last, row)

    def read_term(self, said: Sequence[str], why: str, line: int) -> bool:
        term = year_hints.find_row_term(said)
        self.hint = year_hints.build_hint(term, why, line) if term else self.hint
        return term is not None

    def get_cell(self, row: Row, role: Role) -> RichText:
        found = (row.cells[n] for n, each in self.group.roles.items() if each is role and n < len(row.cells))
        return next(found, RichText("", row.line))

    def read_undated(self, row: Row, date: RichText) -> None:
        """Read a row without a day: a session that looks for one, more links of the last session, or none."""
        title, roles = self.get_cell(row, Role.TITLE), self.group.roles
        has_lead = Role.LEAD not in roles.values() or self.get_cell(row, Role.LEAD).text != ""
        is_session = has_lead and title.text != "" and not title.status.status
        if is_session and Role.DATE in roles.values() and is_unknown(date.text):
            self.read_row(Candidate(self.page, row.line, is_row=True, status=Status.PROPOSED), row)
        elif self.last and not date.text and not is_session and any(cell.links for cell in row.cells):
            for column, cell in enumerate(row.cells):
                fields.add_links(self.last, cell, role=roles.get(column))
        else:
            shown = shorten_text(next((cell.text for cell in row.cells if cell.text), ""))
            message = f'"{shown}" has no day that can be read. Add one, if it is a session.'
            self.group.skipped.append((row.line, message))

    def read_row(self, entry: Candidate, row: Row) -> None:
        """Read the cells of a row, the title first; those without a role are kept under their heads."""
        roles = self.group.roles
        self.group.candidates.append(entry)
        order = sorted(range(len(row.cells)), key=lambda n: (roles.get(n) is not Role.TITLE, n not in roles, n))
        for column in order:
            cell, role = row.cells[column], roles.get(column)
            if role is Role.TITLE:
                self.read_title(entry, cell)
            elif role is Role.DATE:
                _read_date_cell(entry, cell)
            elif cell.text or cell.links:
                is_sign = role is None and len(cell.text) < 2
                fields.add_part(entry, role or Role.OTHER, cell, "" if is_sign else self.group.get_head(column))
        if self.group.answers.lead is LeadPlace.NONE:
            fields.drop_leads(entry)
        if not entry.leads:
            self.read_status(entry, row)

    def read_title(self, entry: Candidate, cell: RichText) -> None:
        answers, shape = self.group.answers, self.group.shape
        has_leads = Role.LEAD in self.group.roles.values()
        find_people = None if has_leads else partial(people.find_people, shape=shape, certain=(Split.END_BY,))
        if not (answers.title or (answers.lead and not has_leads)):
            fields.add_headline(entry, cell, find_people)
            return
        lines = cell.split(re.compile(r"\n+")) or [cell]  # the first counts as the day's
        for text in fields.read_by_answers(entry, lines, answers, shape):
            label = texts.split_label(text)
            if label and answers.lead is not LeadPlace.NONE:
                fields.add_part(entry, label.role, label.value)
            else:
                entry.add_note("", text.render_markdown())
            fields.add_links(entry, text)

    def read_status(self, entry: Candidate, row: Row) -> None:
        """Set what a row without people says: what is on instead next to a dash, a holiday, or nothing yet."""
        if entry.title:
            is_instead = re.fullmatch(r"\W+", self.get_cell(row, Role.TITLE).text)
            entry.status = entry.status or (OFF_DAY if is_instead else "")
            return
        said = [cell for n, cell in enumerate(row.cells) if self.group.roles.get(n) not in _NO_TITLE]
        said = [cell for cell in said if len(cell.text) > 3 and texts.clean_title(cell)]
        off = (cell for cell in row.cells if status_words.parse_status(cell.text[:100]).status == OFF_DAY)
        if chosen := next(off, said[0] if said and not entry.kind else None):
            entry.kind = ""
            entry.material.clear()
            fields.set_title(entry, chosen)
            fields.add_links(entry, chosen)
        is_empty = not (entry.heading or entry.links or entry.material or entry.abstract)
        entry.status = entry.status or (Status.TBC if is_empty else "")


_NO_TITLE = frozenset({Role.DATE, Role.TIME, Role.NUMBER, Role.ROOM, Role.KIND})


def _read_date_cell(entry: Candidate, cell: RichText) -> None:
    """Read what is next to the day: its time, its status, the anchor of its section, and other links."""
    if entry.mention is None:
        return
    rest = cell.text[entry.mention.end :]
    fields.add_time(entry, RichText(rest))
    unread_dates.check_record(entry, Line(Kind.ITEM, 0, cell), entry.mention, ())
    if cell.is_struck:
        entry.status = entry.status or Status.CANCELLED
    entry.anchor = next((link.url[1:] for link in cell.links if link.url.startswith("#")), entry.anchor)
    fields.add_links(entry, cell)
    said = re.sub(r"[^\w\s]", " ", f"{cell.text[: entry.mention.start]} {rest}")
    fields.add_status(entry, RichText(said.strip()))
