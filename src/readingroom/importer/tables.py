"""The rows of a table to sessions: what its columns hold is decided by their heads, then by their content."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from readingroom.core.models import Status
from readingroom.importer import unread_dates
from readingroom.importer.answers import Answers, LeadPlace
from readingroom.importer.dates import year_hints
from readingroom.importer.dates.resolve import YearHint
from readingroom.importer.page.blocks import Kind, Line, LineMessage, Row, Table
from readingroom.importer.page.rich_text import RichText
from readingroom.importer.records import fields, people, places, speakers, titles
from readingroom.importer.records.candidate import OFF_DAY, Candidate
from readingroom.importer.records.speakers import Shape, Split
from readingroom.importer.vocabulary import roles
from readingroom.importer.vocabulary import status as status_words
from readingroom.parsing import month_names
from readingroom.parsing.date_mentions import DateMention
from readingroom.parsing.names import is_unknown
from readingroom.parsing.vocabulary import build_expression_pattern
from readingroom.text.excerpt import shorten_text


@dataclass
class CandidateGroup:
    """Sessions that are dated together, and the lines that are none.

    A table has ``width`` columns, with ``roles`` and ``heads`` by number, from 0.
    """

    candidates: list[Candidate] = field(default_factory=list)
    skipped: list[LineMessage] = field(default_factory=list)
    roles: Mapping[int, str] = field(default_factory=dict)
    heads: Sequence[str] = ()
    shape: Shape = field(default_factory=Shape)
    answers: Answers = field(default_factory=Answers)
    width: int = 0

    def get_head(self, column: int) -> str:
        return self.heads[column] if column < len(self.heads) else ""


def read_table(page: str, table: Table, heading: str, hint: YearHint | None, answers: Answers) -> CandidateGroup:
    """Return the sessions of a table; none if it is no schedule."""
    table = _promote_head(table)
    width = max((len(row.cells) for row in table.rows), default=0)
    found = _RoleFinder(table, width).find(answers.columns)
    group = CandidateGroup(roles=found, heads=[cell.text for cell in table.head.cells], answers=answers, width=width)
    if roles.DATE in found.values() and not _is_other_list(heading, group):
        group.shape = _find_title_shape(table, found)
        _read_rows(page, table, group, hint)
    elif any(roles.find_role(head) == roles.DATE for head in group.heads):
        heads = shorten_text(", ".join(filter(None, group.heads)))
        message = f'the table "{heads}" is no schedule that can be read. It stays on the page.'
        group.skipped.append((table.line, message))
    return group


_RULE = re.compile(r"\s*|[-+=:|\s]{3,}")
_DEADLINE = re.compile(r"\b(?:deadlines?|submissions?|due dates?)\b", re.IGNORECASE)


def _promote_head(table: Table) -> Table:
    """Return a table without rules, and with its first row as head if that names columns."""
    rows = [row for row in table.rows if not all(_RULE.fullmatch(cell.text) for cell in row.cells)]
    if rows and not table.head.cells and roles.DATE in {roles.find_role(cell.text) for cell in rows[0].cells}:
        rows[0] = Row(rows[0].line, rows[0].cells, is_head=not any(map(_is_date, rows[0].cells)))
    return Table(table.line, table.end, tuple(rows), table.path)


def _is_other_list(heading: str, group: CandidateGroup) -> bool:
    """Return whether a table lists conferences, deadlines or releases."""
    found = group.roles.values()
    if _DEADLINE.search(" ".join(group.heads)) and (roles.VENUE in found or roles.TITLE not in found):
        return True
    return bool(build_expression_pattern("headings", "other").search(heading)) and roles.LEAD not in found


class _RoleFinder:
    """Finds what the columns of a table hold; ``roles`` by number, ``weak`` are those that only weak words name."""

    def __init__(self, table: Table, width: int) -> None:
        self.heads = [cell.text for cell in table.head.cells] or [""] * width
        self.body = [
            [row.cells[n] for row in table.body if n < len(row.cells) and row.cells[n].text] for n in range(width)
        ]
        found = {n: roles.parse_label_role(head.strip("*:_ ")) for n, head in enumerate(self.heads)}
        self.roles = {n: each.role for n, each in found.items() if each.role}
        self.weak = {n for n, each in found.items() if each.is_weak or len(each.joined) > 1}

    def find(self, columns: Mapping[int, str]) -> dict[int, str]:
        """Return the role of each column, as the organiser says if they do."""
        if columns:
            return self.extend_columns({number: role for number, role in columns.items() if number < len(self.body)})
        self.choose_date()
        self.choose_title()
        self.drop_doubtful_leads()
        if roles.DATE in self.roles.values():
            self.assign_by_content()
        return self.roles

    def extend_columns(self, columns: Mapping[int, str]) -> dict[int, str]:
        """Return the roles that the organiser gives; heads that differ by a number, such as Spot 1 and 2, share one."""
        bare = [re.sub(r"[\W\d_]+\Z", "", head) for head in self.heads]
        named = {bare[n]: role for n, role in columns.items() if bare[n] and bare[n] != self.heads[n].strip()}
        return {n: role for n in range(len(self.heads)) if (role := columns.get(n) or named.get(bare[n]))}

    def choose_date(self) -> None:
        """Keep one column of dates: the first that is named so, or else the first whose cells are dates."""
        shares = [sum(map(_is_date, cells)) / len(cells) if cells else 0.0 for cells in self.body]
        foreign = build_expression_pattern("headings", "foreign")
        may_be = [n for n, share in enumerate(shares) if share and not foreign.search(self.heads[n])]
        named = [n for n in may_be if self.roles.get(n) == roles.DATE]
        free = {"", roles.TIME, roles.NUMBER, roles.TITLE, roles.OTHER, roles.VENUE}
        by_content = [n for n in may_be if shares[n] >= 0.5 and shares[n] * len(self.body[n]) > 1]
        best = max(named, key=lambda n: (shares[n] >= 0.34, -n), default=None)
        if best is None:
            best = next((n for n in by_content if self.roles.get(n, "") in free), None)
        self.roles = {n: role for n, role in self.roles.items() if role != roles.DATE}
        if best is not None:
            self.roles[best] = roles.DATE

    def choose_title(self) -> None:
        """Keep one column of titles: a strong head before a weak one, then the fuller column with the longer texts."""
        named = [n for n, role in self.roles.items() if role == roles.TITLE]
        best = max(named, key=lambda n: self.measure_title(n) * (0.4 if n in self.weak else 1.0), default=-1)
        self.roles |= {n: roles.READING for n in named if n != best}

    def measure_title(self, column: int) -> int:
        return sum(min(len(cell.text), 80) for cell in self.body[column])

    def drop_doubtful_leads(self) -> None:
        """Leave out a weak head of leads next to a strong one, and weak heads of leads over what is no name."""
        named = [n for n, role in self.roles.items() if role == roles.LEAD]
        has_strong = not self.weak.issuperset(named)
        for n in self.weak.intersection(named):
            if has_strong or people.count_names(self.body[n]) < 0.3:
                del self.roles[n]

    def assign_by_content(self) -> None:
        free = [n for n, cells in enumerate(self.body) if n not in self.roles and cells]
        self.roles |= {n: roles.NUMBER for n in free if _are_weekdays(self.body[n])}
        free = [n for n in free if n not in self.roles]
        if roles.LEAD not in self.roles.values():
            shares = {n: people.count_names(self.body[n]) for n in free}
            best = max(shares, key=lambda n: (shares[n], -n), default=-1)
            if best >= 0 and shares[best] >= (0.4 if self.heads[best] else 0.6):
                self.roles[best] = roles.LEAD
                free.remove(best)
        if roles.TITLE not in self.roles.values():
            named = [n for n, role in self.roles.items() if role in {roles.READING, roles.ABSTRACT} and self.body[n]]
            others = [n for n in free if self.measure_title(n) > 8 * len(self.body[n])] or named
            if others:
                self.roles[max(others, key=self.measure_title)] = roles.TITLE


def _is_date(cell: RichText) -> bool:
    """Return whether a cell is hardly more than a date."""
    dates = cell.dates
    if not dates or dates[0].start > 20:
        return False
    return len(cell.text) - (dates[-1].end - dates[0].start) <= 60


def _are_weekdays(cells: Sequence[RichText]) -> bool:
    named = [cell for cell in cells if len(cell.text) < 14 and month_names.find_weekday(f"({cell.text})") is not None]
    return 2 * len(named) > len(cells)


def _find_title_shape(table: Table, found: Mapping[int, str]) -> Shape:
    """Return where in the titles the people are, if no column has them."""
    if roles.LEAD in found.values():
        return Shape()
    titled = filter(None, (_get_cell(row, found, roles.TITLE) for row in table.body))
    shape = speakers.find_shape(map(fields.cut_generic_links, titled), has_people_line=False)
    return Shape() if shape.split is Split.ALL else shape


def _read_rows(page: str, table: Table, group: CandidateGroup, hint: YearHint | None) -> None:
    """Read the rows; a row that says a year is for those below it, and one without a day belongs to the last one."""
    last: Candidate | None = None
    title: RichText | None = None
    for head in group.heads:
        if term := year_hints.find_row_term([head]):
            hint = year_hints.build_hint(term, f'the head "{head}"', table.line)
    for row in table.body:
        if term := year_hints.find_row_term([cell.text for cell in row.cells]):
            hint = year_hints.build_hint(term, f"the row on line {row.line}", row.line)
            continue
        cell = _get_cell(row, group.roles, roles.DATE)
        if cell is None or not cell.dates:
            _read_undated_row(page, row, last, group)
        elif last and title is not None and title is _get_cell(row, group.roles, roles.TITLE):
            fields.add_people(last, _get_cell(row, group.roles, roles.LEAD) or RichText(""))
        else:
            title = _get_cell(row, group.roles, roles.TITLE)
            last = Candidate(page, row.line, is_row=True, mention=_find_mention(row, cell, group), hint=hint)
            _read_row(last, row, group)
            group.candidates.append(last)


def _find_mention(row: Row, cell: RichText, group: CandidateGroup) -> DateMention:
    """Return the day in a cell, with the weekday that a column of weekdays gives."""
    mention, number = cell.dates[0], _get_cell(row, group.roles, roles.NUMBER)
    weekday = month_names.find_weekday(f"({number.text})") if number else None
    return mention._replace(weekday=weekday) if mention.weekday is None else mention


def _get_cell(row: Row, found: Mapping[int, str], role: str) -> RichText | None:
    return next((row.cells[n] for n, each in found.items() if each == role and n < len(row.cells)), None)


def _read_undated_row(page: str, row: Row, last: Candidate | None, group: CandidateGroup) -> None:
    """Read a row without a day: a session that looks for one, more links of the last session, or none."""
    dated = _get_cell(row, group.roles, roles.DATE)
    title = _get_cell(row, group.roles, roles.TITLE)
    lead = _get_cell(row, group.roles, roles.LEAD)
    has_title = title is not None and title.text != "" and not status_words.parse_status(title.text).status
    is_session = has_title and (lead is None or lead.text != "")
    if is_session and dated and is_unknown(dated.text):
        made = Candidate(page, row.line, is_row=True, status=Status.PROPOSED)
        _read_row(made, row, group)
        group.candidates.append(made)
    elif last and not (dated and dated.text) and not is_session and any(cell.links for cell in row.cells):
        for column, cell in enumerate(row.cells):
            fields.add_links(last, cell, role=group.roles.get(column, ""))
    else:
        shown = shorten_text(next((cell.text for cell in row.cells if cell.text), ""))
        group.skipped.append((row.line, f'"{shown}" has no day that can be read. Add one, if it is a session.'))


def _read_row(entry: Candidate, row: Row, group: CandidateGroup) -> None:
    """Read the cells of a row, the title first; those without a role are kept under their heads."""
    found = group.roles
    columns = [n for n, role in found.items() if role == roles.TITLE] + sorted(found) + list(range(len(row.cells)))
    for column in [n for n in dict.fromkeys(columns) if n < len(row.cells)]:
        cell, role = row.cells[column], found.get(column, roles.OTHER)
        if not cell.text and not cell.links:
            continue
        if role == roles.DATE:
            _read_date_cell(entry, cell)
        elif role == roles.TITLE:
            _read_title_cell(entry, cell, group)
        else:
            is_sign = column not in found and len(cell.text) < 2
            fields.set_labelled(entry, role, cell, "" if is_sign else group.get_head(column))
    if group.answers.lead is LeadPlace.NONE:
        places.drop_leads(entry)
    if not entry.leads:
        _read_status(entry, row, found)
    entry.sort_links(link.url for cell in row.cells for link in cell.links)


def _read_title_cell(entry: Candidate, cell: RichText, group: CandidateGroup) -> None:
    has_leads = roles.LEAD in group.roles.values()
    if group.answers.title or (group.answers.lead and not has_leads):
        places.read_cell_by_answers(entry, cell, group.answers, group.shape)
    else:
        titles.read_table_title(entry, cell, None if has_leads else group.shape)


def _read_status(entry: Candidate, row: Row, found: Mapping[int, str]) -> None:
    """Set what a row without people says: what is on instead next to a dash, a holiday, or nothing yet."""
    if entry.title:
        title = _get_cell(row, found, roles.TITLE)
        is_instead = title is not None and re.fullmatch(r"\W+", title.text)
        entry.status = entry.status or (OFF_DAY if is_instead else "")
        return
    for cell in row.cells:
        said = status_words.parse_status(cell.text) if cell.text and len(cell.text) < 100 else None
        if said and said.status == OFF_DAY:
            entry.status, entry.title, entry.kind = OFF_DAY, said.title, ""
            return
    others = {roles.DATE, roles.TIME, roles.NUMBER, roles.ROOM, roles.KIND}
    for column, cell in enumerate(row.cells):
        is_text = found.get(column) not in others and len(cell.text) > 3
        if is_text and not entry.kind and fields.clean_title(cell):
            fields.set_title(entry, cell)
            entry.material.clear()
            fields.add_links(entry, cell)
            return
    if entry.is_empty:
        entry.status = Status.TBC


def _read_date_cell(entry: Candidate, cell: RichText) -> None:
    """Read what is next to the day: its time, its status, the anchor of its section, and other links."""
    if entry.mention is None:
        return
    rest = cell.text[entry.mention.end :]
    fields.set_time(entry, rest)
    unread_dates.check_line(entry, Line(Kind.ITEM, 0, cell), entry.mention)
    if cell.is_struck:
        fields.set_status(entry, "cancelled")
    for link in cell.links:
        if link.url.startswith("#"):
            entry.anchor = entry.anchor or link.url[1:]
        else:
            fields.add_links(entry, RichText(cell.text, cell.line, (link,)))
    fields.set_status(entry, re.sub(r"[^\w\s]", " ", f"{cell.text[: entry.mention.start]} {rest}").strip())
