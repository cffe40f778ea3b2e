"""Tables in unusual layouts, brought into the usual one: a row per session, a column per kind of fact."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from readingroom.importer.blocks.page import Heading, Row, Table, build_row
from readingroom.importer.dates import month_names
from readingroom.importer.inline.spans import InlineText, LineMessage, Span
from readingroom.importer.sections import lists, split_line
from readingroom.importer.tables import column_roles
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import ABSTRACT, DATE, LEAD, READING, TITLE
from readingroom.text.excerpt import shorten_text

_HEAD = "Lead"


def add_lead_column(table: Table, given_roles: Mapping[int, str]) -> Table:
    """Return a table with a column for the people in its titles; one that has none of them comes back as it is."""
    if not table.head.cells:
        return table
    roles = column_roles.detect_layout(table, given_roles).roles
    if LEAD in roles or TITLE not in roles or LEAD in given_roles.values():
        return table
    place = roles.index(TITLE)
    joined = fields.parse_label_role(table.head.cells[place].whole).joined
    if ABSTRACT in joined:
        return table
    cells = {id(row.cells[place]): row.cells[place] for row in table.rows}
    found = dict(
        zip(cells, split_line.split_people_and_titles(list(cells.values()), is_said=LEAD in joined), strict=True)
    )
    if not any(found.values()):
        return table
    rows = tuple(_add_lead_cell(row, place, found[id(row.cells[place])]) for row in table.rows)
    head = replace(table.head, cells=(*table.head.cells, InlineText(table.line, (Span(_HEAD),), _HEAD)))
    return replace(table, head=head, rows=rows)


def _add_lead_cell(row: Row, place: int, found: tuple[InlineText, InlineText] | None) -> Row:
    """Return a row with its people in a last cell."""
    if found is None:
        return replace(row, cells=(*row.cells, InlineText(row.line)))
    lead, title = found
    return replace(row, cells=(*_replace_row_cell(row, place, title).cells, lead))


_DAY_NUMBER = re.compile(
    r"(?:(?P<weekday>[^\W\d_]{1,12})\.?,?\s?)?(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.|日|일)?", re.IGNORECASE
)


def complete_month_dates(table: Table, heading: Heading | None) -> Table:
    """Return a table whose days name the month of the heading above it, if they are numbers and it is one."""
    month = lists.find_month_template(heading.words) if heading else ""
    place = next((n for n, cell in enumerate(table.head.cells) if fields.find_role(cell.whole) == DATE), -1)
    if not month or place < 0:
        return table
    cells = [
        _complete_cell_date(row.cells[place], month) if row.cells[place].whole else row.cells[place]
        for row in table.rows
    ]
    if not any(cell.whole for cell in cells if cell) or not all(cells):
        return table
    rows = [_replace_row_cell(row, place, cell) for row, cell in zip(table.rows, cells, strict=True) if cell]
    return Table(table.line, table.end, table.head, tuple(rows), table.is_shown)


def _complete_cell_date(cell: InlineText, month: str) -> InlineText | None:
    """Return the whole day that a number means, if the cell is one and its weekday."""
    found = _DAY_NUMBER.fullmatch(cell.text)
    if found is None or not 1 <= int(found["day"]) <= 31:
        return None
    if found["weekday"] and month_names.find_weekday(found["weekday"]) is None:
        return None
    day = month.format(day=int(found["day"]))
    return InlineText(cell.line, (Span(f"{found['weekday']}, {day}" if found["weekday"] else day),))


def _replace_row_cell(row: Row, place: int, cell: InlineText) -> Row:
    return Row(row.line, (*row.cells[:place], cell, *row.cells[place + 1 :]), row.beyond)


_COLUMN_NUMBER = re.compile(r"[\s#._-]{0,3}\(?(?:[1-9]|\b(?:[a-d]|i{1,3}))\)?\s*\Z", re.IGNORECASE)


def split_parallel_sessions(table: Table) -> list[Table]:
    """Return a table for each of the sessions that a row holds, or the table alone if that is one."""
    heads = [cell.whole for cell in table.head.cells]
    names = [fields.normalize_label(_COLUMN_NUMBER.sub("", head)) for head in heads]
    start, width = _find_repeated_heads(names)
    if not width or not _is_session_columns({fields.find_role(head) for head in heads[start : start + width]}):
        return [table]
    end = start + width
    while names[end : end + width] == names[start : start + width]:
        end += width
    made = []
    for place in range(start, end, width):
        own = [*range(start), *range(place, place + width), *range(end, len(names))]
        rows = [
            _select_cells(row, own)
            for row in table.rows
            if any(cell.whole for cell in row.cells[place : place + width])
        ]
        made.append(Table(table.line, table.end, _select_cells(table.head, own), tuple(rows), table.is_shown))
    return made


def _find_repeated_heads(names: Sequence[str]) -> tuple[int, int]:
    """Return where names begin that are repeated at once, and how many they are; 0 if there are none."""
    for start in range(len(names)):
        for width in range(2, (len(names) - start) // 2 + 1):
            if all(names[start : start + width]) and names[start : start + width] == names[start + width :][:width]:
                return start, width
    return 0, 0


def _is_session_columns(roles: set[str]) -> bool:
    """Return whether columns are about a session of their own: its day and what is on, or who speaks of what."""
    return {TITLE, LEAD} <= roles or (DATE in roles and bool(roles & {TITLE, LEAD, READING}))


def _select_cells(row: Row, places: Sequence[int]) -> Row:
    return Row(row.line, tuple(row.cells[place] for place in places), row.beyond)


_WORD = re.compile(r"[(（]?[^\W\d_]{1,12}(?:-feira)?[)）]?\.?")


def merge_weekday_column(table: Table) -> Table:
    """Return a table whose days have their weekday next to them, and the column of weekdays empty.

    That proves their year; a table without such a column comes back as it is.
    """
    columns = list(zip(*(row.cells for row in table.rows), strict=True))
    place = next((number for number, cells in enumerate(columns) if _is_weekday_column(cells)), -1)
    day = next((number for number, cells in enumerate(columns) if number != place and _is_date_column(cells)), -1)
    if place < 0 or day < 0:
        return table
    rows = tuple(_merge_weekday(row, place, day) for row in table.rows)
    return replace(table, head=_replace_row_cell(table.head, place, InlineText(table.head.line)), rows=rows)


def _is_weekday_column(cells: Sequence[InlineText]) -> bool:
    filled = [cell.text for cell in cells if cell.whole]
    return len(filled) > 0 and all(_WORD.fullmatch(text) and _is_weekday_name(text) for text in filled)


def _is_weekday_name(text: str) -> bool:
    return month_names.find_weekday(text) is not None or month_names.find_weekday(f"({text})") is not None


def _is_date_column(cells: Sequence[InlineText]) -> bool:
    """Return whether most cells are days that give no weekday of their own."""
    filled = [cell.text for cell in cells if cell.whole]
    days = [text for text in filled if column_roles.is_day_cell(text) and month_names.find_weekday(text) is None]
    return 2 * len(days) > len(filled)


def _merge_weekday(row: Row, place: int, day: int) -> Row:
    """Return a row whose day follows its weekday."""
    cell, weekday = row.cells[day], row.cells[place].text
    if not weekday or not cell.whole or month_names.find_weekday(cell.text) is not None:
        return row
    shown = weekday if month_names.find_weekday(weekday) is not None else f"({weekday.strip('()（）')})"
    made = InlineText(cell.line, (Span(f"{shown} "), *cell.runs), f"{shown} {cell.source}" if cell.source else "")
    return _replace_row_cell(_replace_row_cell(row, day, made), place, InlineText(row.line))


_SIX = re.compile(r"\s*([0-9]{2})([0-9]{2})([0-9]{2})(?![0-9])")
_DIGIT = re.compile("[0-9]")


def expand_compact_dates(table: Table, given_roles: Mapping[int, str]) -> tuple[Table, list[LineMessage]]:
    """Return a table with such days written out, and the messages about them."""
    messages: list[LineMessage] = []
    for place, head in enumerate(table.head.cells):
        if DATE not in {fields.find_role(head.whole), given_roles.get(place)}:
            continue
        cells = [row.cells[place] for row in table.rows if _DIGIT.search(row.cells[place].whole)]
        if written := _expand_cells(cells):
            new = written[id(cells[0])].whole
            messages.append(
                (cells[0].line, f'"{shorten_text(cells[0].whole, 20)}" is read as {shorten_text(new, 20)}. Check it.')
            )
            table = replace(
                table,
                rows=tuple(
                    _replace_row_cell(row, place, written.get(id(row.cells[place]), row.cells[place]))
                    for row in table.rows
                ),
            )
    return table, messages


def _expand_cells(cells: Sequence[InlineText]) -> dict[int, InlineText]:
    """Return new cells by the old ones, if all of these have six digits, and would not lie nearer day first."""
    matches = [match for cell in cells if cell.runs and (match := _SIX.match(cell.runs[0].text))]
    if not matches or len(matches) < len(cells):
        return {}
    parts = [(int(match[1]), int(match[2]), int(match[3])) for match in matches]
    found = list(_iter_valid_dates(parts))
    others = list(_iter_valid_dates((year, month, day) for day, month, year in parts))
    if len(found) < len(cells):
        return {}
    if len(others) == len(cells) and max(others) - min(others) < max(found) - min(found):
        return {}
    return {id(cell): _replace_cell_date(cell, day) for cell, day in zip(cells, found, strict=True)}


def _replace_cell_date(cell: InlineText, day: dt.date) -> InlineText:
    first, *others = cell.runs
    return InlineText(cell.line, (first._replace(text=_SIX.sub(str(day), first.text, count=1)), *others), cell.source)


def _iter_valid_dates(parts: Iterable[tuple[int, int, int]]) -> Iterator[dt.date]:
    for year, month, day in parts:
        try:
            yield dt.date(2000 + year, month, day)
        except ValueError:
            return


def transpose_table(table: Table) -> Table:
    """Return a table with a row for each session; one that has that already comes back as it is."""
    rows = (table.head, *table.rows)
    labels = [fields.find_role(row.cells[0].whole) if row.cells else "" for row in rows]
    if DATE not in labels or not {TITLE, LEAD, READING} & set(labels):
        return table
    days = rows[labels.index(DATE)].cells[1:]
    filled = [cell for cell in days if cell.whole]
    if not filled or not all(column_roles.is_day_cell(cell.whole) for cell in filled):
        return table
    width = len(table.head.cells)
    heads, *sessions = zip(*(build_row(width, (*row.cells, *row.beyond), row.line).cells for row in rows), strict=True)
    date = labels.index(DATE)
    made = [Row(cells[date].line, tuple(cells)) for cells in sessions if any(cell.whole for cell in cells)]
    return Table(table.line, table.end, Row(table.line, tuple(heads)), tuple(made), table.is_shown)
