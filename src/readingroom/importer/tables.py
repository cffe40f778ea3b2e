"""The rows of a table to sessions: what its columns hold is decided by their heads, then by their content."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from readingroom.core.models import Status
from readingroom.importer import unread_dates
from readingroom.importer.answers import Answers, LeadPlace
from readingroom.importer.dates import month_names, year_hints
from readingroom.importer.dates.mentions import DateMention
from readingroom.importer.dates.resolve import YearHint
from readingroom.importer.page.blocks import Kind, Line, LineMessage, Row, Table
from readingroom.importer.page.rich_text import RichText
from readingroom.importer.records import fields, people, places, speakers, titles
from readingroom.importer.records.candidate import OFF_DAY, Candidate
from readingroom.importer.records.speakers import Shape, Split
from readingroom.importer.vocabulary import roles
from readingroom.importer.vocabulary import status as status_words
from readingroom.parsing.names import is_unknown
from readingroom.parsing.vocabulary import build_expression_pattern, join_expressions
from readingroom.text.excerpt import shorten_text


@dataclass
class Group:
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


_FEW_DATES = 0.34


def read_table(page: str, table: Table, heading: str, hint: YearHint | None, answers: Answers) -> Group:
    """Return the sessions of a table; none if it is no schedule."""
    table = _merge_weekdays(_promote_head(_turn(table)))
    found = find_roles(table, answers.columns)
    width = max((len(row.cells) for row in table.rows), default=0)
    group = Group(roles=found, heads=[cell.text for cell in table.head.cells], answers=answers, width=width)
    if roles.DATE in found.values() and not _is_other_list(heading, table, found):
        group.shape = _find_title_shape(table, found)
        _read_rows(page, table, group, _find_head_hint(table) or hint)
    elif any(roles.find_role(head) == roles.DATE for head in group.heads):
        heads = shorten_text(", ".join(filter(None, group.heads)))
        message = f'the table "{heads}" is no schedule that can be read. It stays on the page.'
        group.skipped.append((table.line, message))
    return group


def _find_title_shape(table: Table, found: Mapping[int, str]) -> Shape:
    """Return where in the titles the people are, if no column has them."""
    if roles.LEAD in found.values():
        return Shape()
    columns = [n for n, role in found.items() if role == roles.TITLE]
    titled = [row.cells[n] for row in table.body for n in columns if n < len(row.cells)]
    shape = speakers.find_shape(map(fields.cut_generic_links, titled), has_people_line=False)
    return Shape() if shape.split is Split.ALL else shape


def _find_head_hint(table: Table) -> YearHint | None:
    """Return the year that a head such as "Fall 2022" gives."""
    for head in table.head.cells:
        if term := year_hints.find_head_term(head.text):
            return year_hints.build_hint(term, f'the head "{head.text}"', table.line)
    return None


def _read_rows(page: str, table: Table, group: Group, hint: YearHint | None) -> None:
    found = group.roles
    date_columns = [column for column, role in found.items() if role == roles.DATE]
    last: Candidate | None = None
    pending: list[Row] = []
    title: RichText | None = None
    dated: RichText | None = None
    for row in table.body:
        if term := year_hints.find_row_term([cell.text for cell in row.cells]):
            hint = year_hints.build_hint(term, f"the row on line {row.line}", row.line)
            continue
        mention, cell = _find_date(row, date_columns)
        if mention is None or cell is None:
            pending.append(row)
            continue
        _read_undated_rows(page, pending, last, group)
        pending = []
        if last and title is not None and title is _get_cell(row, found, roles.TITLE) and cell is dated:
            fields.add_people(last, _get_cell(row, found, roles.LEAD) or RichText(""))
            continue
        title, dated = _get_cell(row, found, roles.TITLE), cell
        last = Candidate(page, row.line, is_row=True, mention=mention, hint=hint)
        _read_row(last, row, group, cell, mention)
        group.candidates.append(last)
    _read_undated_rows(page, pending, last, group)


def _turn(table: Table) -> Table:
    """Return a table whose days are in one row with its rows as columns."""
    rows = table.rows
    for row in rows[:2]:
        if (
            len(row.cells) > 2
            and sum(map(bool, map(_find_cell_date, row.cells[1:]))) * 2 > len(row.cells)
            and not _find_cell_date(row.cells[0])
        ):
            turned = [tuple(each.cells[n] for each in rows if n < len(each.cells)) for n in range(len(row.cells))]
            return Table(
                table.line,
                table.end,
                tuple(Row(row.line, cells, is_head=not n) for n, cells in enumerate(turned)),
                table.path,
            )
    return table


def _promote_head(table: Table) -> Table:
    """Return a table without a head whose first row names its columns with that row as head, and without rules."""
    rows = [row for row in table.rows if not all(_RULE.fullmatch(cell.text) for cell in row.cells)]
    if rows and not table.head.cells and not any(map(_find_cell_date, rows[0].cells)):
        named = {role for cell in rows[0].cells if (role := roles.find_role(cell.text))}
        if len(named) > 1 and roles.DATE in named:
            rows[0] = Row(rows[0].line, rows[0].cells, is_head=True)
    return Table(table.line, table.end, tuple(rows), table.path)


_RULE = re.compile(r"\s*|[-+=:|\s]{3,}")


def _merge_weekdays(table: Table) -> Table:
    """Return a table whose column of weekdays is put next to its days."""
    width = max((len(row.cells) for row in table.rows), default=0)
    columns = [[row.cells[n] for row in table.body if n < len(row.cells) and row.cells[n].text] for n in range(width)]
    weekdays = next((n for n, cells in enumerate(columns) if cells and _is_weekdays(cells)), -1)
    days = next((n for n, cells in enumerate(columns) if n != weekdays and _share_of_dates(cells) >= 0.5), -1)
    if weekdays < 0 or days < 0:
        return table
    rows = []
    for row in table.rows:
        cells = list(row.cells)
        if not row.is_head and cells[weekdays].text and cells[days].text:
            cells[days] = RichText(
                f"{cells[days].text} ({cells[weekdays].text})",
                cells[days].line,
                cells[days].ranges,
                cells[days].is_struck,
            )
        cells[weekdays] = RichText("", row.line)
        rows.append(Row(row.line, tuple(cells), row.is_head))
    return Table(table.line, table.end, tuple(rows), table.path)


def _is_other_list(heading: str, table: Table, found: Mapping[int, str]) -> bool:
    """Return whether a table lists conferences, deadlines or releases."""
    heads = " ".join(cell.text for cell in table.head.cells)
    if _DEADLINE.search(heads) and (roles.VENUE in found.values() or roles.TITLE not in found.values()):
        return True
    return bool(build_expression_pattern("headings", "other").search(heading)) and roles.LEAD not in found.values()


_DEADLINE = re.compile(r"\b(?:deadlines?|submissions?|due dates?)\b", re.IGNORECASE)


def find_roles(table: Table, columns: Mapping[int, str]) -> dict[int, str]:
    """Return the role of each column."""
    width = max((len(row.cells) for row in table.rows), default=0)
    heads = [cell.text for cell in table.head.cells] or [""] * width
    if columns:
        return _extend_columns({number: role for number, role in columns.items() if number < width}, heads)
    body = [[row.cells[n] for row in table.body if n < len(row.cells) and row.cells[n].text] for n in range(width)]
    found = {n: roles.parse_label_role(head.strip("*:_ ")) for n, head in enumerate(heads)}
    made = {n: each.role for n, each in found.items() if each.role}
    weak = {n for n, each in found.items() if each.is_weak}
    weak |= {n for n, each in found.items() if len(each.joined) > 1}
    _choose_date_column(made, body, heads)
    _settle_single(made, roles.TITLE, body, weak)
    _settle_leads(made, body, weak)
    _assign_by_content(made, body, heads)
    return made


def _extend_columns(columns: Mapping[int, str], heads: Sequence[str]) -> dict[int, str]:
    """Return the roles that the organiser gives; heads that differ by a number, such as Spot 1 and 2, share one."""
    bare = [re.sub(r"[\W\d_]+\Z", "", head) for head in heads]
    named = {bare[n]: role for n, role in columns.items() if bare[n] and bare[n] != heads[n].strip()}
    return {n: role for n in range(len(heads)) if (role := columns.get(n) or named.get(bare[n]))}


def _share_of_dates(cells: Sequence[RichText]) -> float:
    return sum(bool(_find_cell_date(cell)) for cell in cells) / len(cells) if cells else 0.0


def _find_cell_date(cell: RichText) -> DateMention | None:
    """Return the date of a cell that is hardly more than a date."""
    dates = cell.dates
    if not dates:
        return None
    first = dates[0]
    rest = cell.text[: first.start] + cell.text[dates[-1].end :]
    return first if first.start <= 20 and len(rest) <= 60 else None


def _choose_date_column(made: dict[int, str], body: Sequence[Sequence[RichText]], heads: Sequence[str]) -> None:
    shares = {n: _share_of_dates(cells) for n, cells in enumerate(body)}
    foreign = build_expression_pattern("headings", "foreign")
    named = [
        n for n, role in made.items() if role == roles.DATE and shares.get(n, 0) > 0 and not foreign.search(heads[n])
    ]
    best = max(named, key=lambda n: (shares[n] >= _FEW_DATES, -n), default=None)
    if best is None:
        by_content = [
            n
            for n, share in shares.items()
            if share >= 0.5
            and share * len(body[n]) > 1
            and not foreign.search(heads[n])
            and (n not in made or made[n] in {roles.TIME, roles.NUMBER, roles.TITLE, roles.OTHER, roles.VENUE})
        ]
        best = by_content[0] if by_content else None
    for n in [n for n, role in made.items() if role == roles.DATE and n != best]:
        del made[n]
    if best is not None:
        made[best] = roles.DATE


def _settle_single(made: dict[int, str], role: str, body: Sequence[Sequence[RichText]], weak: set[int]) -> None:
    """Keep a role for one column: a strong head before a weak one, then the fuller column with the longer texts."""
    named = [n for n, each in made.items() if each == role]
    if len(named) < 2:
        return
    best = max(named, key=lambda n: _measure_title(body[n]) * (0.4 if n in weak else 1.0))
    for n in named:
        if n != best:
            made[n] = roles.KIND if _is_repetitive(body[n]) else roles.READING


def _measure_title(cells: Sequence[RichText]) -> float:
    return sum(min(len(cell.text), 80) for cell in cells) * (0.3 if _is_repetitive(cells) else 1.0)


def _is_repetitive(cells: Sequence[RichText]) -> bool:
    return len(cells) > 3 and len({cell.text for cell in cells}) * 2 <= len(cells)


def _settle_leads(made: dict[int, str], body: Sequence[Sequence[RichText]], weak: set[int]) -> None:
    """Leave out a weak head of leads next to a strong one, and heads of leads over what is no name."""
    named = [n for n, role in made.items() if role == roles.LEAD]
    strong = [n for n in named if n not in weak]
    for n in named:
        if (strong and n in weak) or (n in weak and people.count_names(body[n]) < 0.3):
            del made[n]


def _assign_by_content(made: dict[int, str], body: Sequence[Sequence[RichText]], heads: Sequence[str]) -> None:
    if roles.DATE not in made.values():
        return
    free = [n for n in range(len(body)) if n not in made and body[n] and not _is_numbers(body[n])]
    if roles.LEAD not in made.values():
        shares = {n: people.count_names(body[n]) for n in free if not _is_weekdays(body[n])}
        best = max(shares, key=lambda n: (shares[n], -n), default=-1)
        if best >= 0 and shares[best] >= (0.4 if heads[best] and not _is_wordy(body[best]) else 0.6):
            made[best] = roles.LEAD
            free.remove(best)
    if roles.TITLE not in made.values():
        named = [n for n, role in made.items() if role in {roles.READING, roles.ABSTRACT} and body[n]]
        others = [n for n in free if _measure_title(body[n]) > 8 * len(body[n]) and not _is_weekdays(body[n])] or named
        if others:
            made[max(others, key=lambda n: _measure_title(body[n]))] = roles.TITLE


def _is_wordy(cells: Sequence[RichText]) -> bool:
    return sum(len(cell.text) for cell in cells) > 30 * len(cells)


def _is_numbers(cells: Sequence[RichText]) -> bool:
    return all(
        re.fullmatch(rf"[\W\d_]*(?:{join_expressions('dates', 'unit')})?[\W\d_]*", cell.text, re.IGNORECASE)
        for cell in cells
    )


def _is_weekdays(cells: Sequence[RichText]) -> bool:
    return sum(len(cell.text) < 14 and _is_weekday(cell.text) for cell in cells) * 2 > len(cells)


def _is_weekday(text: str) -> bool:
    return month_names.find_weekday(text) is not None or text in month_names.WEEKDAY_SIGNS


def _find_date(row: Row, columns: Sequence[int]) -> tuple[DateMention | None, RichText | None]:
    for column in columns:
        if column < len(row.cells) and (dates := row.cells[column].dates):
            return dates[0], row.cells[column]
    return None, None


def _get_cell(row: Row, found: Mapping[int, str], role: str) -> RichText | None:
    return next((row.cells[n] for n, each in found.items() if each == role and n < len(row.cells)), None)


def _read_undated_rows(page: str, rows: Sequence[Row], last: Candidate | None, group: Group) -> None:
    """Read the rows without a day below one with a day: a second session of it, more links of it, or none."""
    further = [_has_session(row, group) for row in rows]
    is_one = sum(further) == 1
    for row, is_further in zip(rows, further, strict=True):
        shown = next((cell.text for cell in row.cells if cell.text), "")
        is_dateless = not any(
            row.cells[n].text for n, role in group.roles.items() if role == roles.DATE and n < len(row.cells)
        )
        if last and is_dateless and is_further and is_one:
            made = Candidate(page, row.line, is_row=True, mention=last.mention, hint=last.hint)
            _read_row(made, row, group)
            group.candidates.append(made)
        elif (
            is_further
            and not is_dateless
            and is_unknown((_get_cell(row, group.roles, roles.DATE) or RichText("")).text)
        ):
            made = Candidate(page, row.line, is_row=True, status=Status.PROPOSED)
            _read_row(made, row, group)
            group.candidates.append(made)
        elif last and is_dateless and not is_further and any(cell.links for cell in row.cells):
            for column, cell in enumerate(row.cells):
                fields.add_links(last, cell, role=group.roles.get(column, ""))
        else:
            group.skipped.append(
                (row.line, f'"{shorten_text(shown)}" has no day that can be read. Add one, if it is a session.')
            )


def _has_session(row: Row, group: Group) -> bool:
    """Return whether a row has a title, and people where the table has a column of them."""
    held = {role: row.cells[n].text for n, role in group.roles.items() if n < len(row.cells)}
    title = held.get(roles.TITLE, "")
    return bool(title) and held.get(roles.LEAD, "-") != "" and not status_words.parse_status(title).status


def _read_row(
    entry: Candidate, row: Row, group: Group, date: RichText | None = None, mention: DateMention | None = None
) -> None:
    """Read the cells of a row, the title first."""
    found = group.roles
    order = sorted(found.items(), key=lambda each: (each[1] != roles.TITLE, each[0]))
    for column, role in order:
        cell = row.cells[column] if column < len(row.cells) else RichText("")
        if not cell.text and not cell.links:
            continue
        if role == roles.DATE and cell is date and mention:
            _read_date_cell(entry, cell, mention)
        elif role == roles.TITLE:
            _read_title_cell(entry, cell, group)
        elif role != roles.DATE:
            fields.set_labelled(entry, role, cell, group.get_head(column))
    for column, cell in enumerate(row.cells):
        if column not in found:
            fields.set_labelled(entry, roles.OTHER, cell, group.get_head(column) if len(cell.text) > 1 else "")
    if group.answers.lead is LeadPlace.NONE:
        places.drop_leads(entry)
    if not entry.leads:
        _read_status(entry, row, found)
    entry.links = _order_links(row, entry)


def _read_title_cell(entry: Candidate, cell: RichText, group: Group) -> None:
    has_leads = roles.LEAD in group.roles.values()
    if group.answers.title or (group.answers.lead and not has_leads):
        places.read_cell_by_answers(entry, cell, group.answers, group.shape)
    else:
        titles.read_table_title(entry, cell, None if has_leads else group.shape)


def _read_status(entry: Candidate, row: Row, found: Mapping[int, str]) -> None:
    """Set what a row without people says: what is on instead next to a dash, a holiday, or nothing, a free slot."""
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
    for column, cell in enumerate(row.cells):
        is_text = (
            found.get(column, "") not in {roles.DATE, roles.TIME, roles.NUMBER, roles.ROOM, roles.KIND}
            and len(cell.text) > 3
        )
        if is_text and not entry.kind and fields.clean_title(cell):
            fields.set_title(entry, cell)
            entry.material.clear()
            fields.add_links(entry, cell)
            return
    if entry.is_empty:
        entry.status = Status.TBC


def _order_links(row: Row, entry: Candidate) -> list[str]:
    urls = dict.fromkeys(link.url for cell in row.cells for link in cell.links)
    order = {url: place for place, url in enumerate(urls)}
    return sorted(entry.links, key=lambda url: order.get(url, len(order)))


def _read_date_cell(entry: Candidate, cell: RichText, mention: DateMention) -> None:
    rest = cell.text[mention.end :]
    fields.set_time(entry, rest)
    unread_dates.check_line(entry, Line(Kind.ITEM, 0, cell), mention)
    if cell.is_struck:
        fields.set_status(entry, "cancelled")
    for link in cell.links:
        if link.url.startswith("#"):
            entry.anchor = entry.anchor or link.url[1:]
        else:
            fields.add_links(entry, RichText(cell.text, cell.line, (link,)))
    words_left = re.sub(r"[^\w\s]", " ", cell.text[: mention.start] + " " + rest).strip()
    if words_left:
        fields.set_status(entry, words_left)
