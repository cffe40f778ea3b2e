"""Tables with a column of weekdays beside that of the days: with each weekday before its day."""

import re
from collections.abc import Sequence
from dataclasses import replace

from readingroom.importer.blocks.page import Row, Table
from readingroom.importer.dates import month_names
from readingroom.importer.inline.spans import InlineText, Span
from readingroom.importer.tables import column_roles

_WORD = re.compile(r"[(（]?[^\W\d_]{1,12}(?:-feira)?[)）]?\.?")


def merge_weekday_column(table: Table) -> Table:
    """Return a table whose days have their weekday beside them, and the column of weekdays empty.

    That proves their year; a table without such a column comes back as it is.
    """
    columns = list(zip(*(row.cells for row in table.rows), strict=True))
    place = next((number for number, cells in enumerate(columns) if _is_weekday_column(cells)), -1)
    day = next((number for number, cells in enumerate(columns) if number != place and _is_date_column(cells)), -1)
    if place < 0 or day < 0:
        return table
    rows = tuple(_merge_weekday(row, place, day) for row in table.rows)
    return replace(table, head=_clear_cell(table.head, place), rows=rows)


def _is_weekday_column(cells: Sequence[InlineText]) -> bool:
    filled = [cell.text for cell in cells if cell.whole]
    return len(filled) > 0 and all(_WORD.fullmatch(text) and _is_weekday_name(text) for text in filled)


def _is_weekday_name(text: str) -> bool:
    return month_names.find_weekday(text) is not None or month_names.find_weekday(f"({text})") is not None


def _is_date_column(cells: Sequence[InlineText]) -> bool:
    """Tell whether most cells are days that tell no weekday of their own."""
    filled = [cell.text for cell in cells if cell.whole]
    days = [text for text in filled if column_roles.is_day_cell(text) and month_names.find_weekday(text) is None]
    return 2 * len(days) > len(filled)


def _merge_weekday(row: Row, place: int, day: int) -> Row:
    """Return a row whose day stands behind its weekday."""
    cell, weekday = row.cells[day], row.cells[place].text
    if not weekday or not cell.whole or month_names.find_weekday(cell.text) is not None:
        return row
    shown = weekday if month_names.find_weekday(weekday) is not None else f"({weekday.strip('()（）')})"
    made = InlineText(cell.line, (Span(f"{shown} "), *cell.runs), f"{shown} {cell.source}" if cell.source else "")
    cells = [made if number == day else each for number, each in enumerate(row.cells)]
    return _clear_cell(replace(row, cells=tuple(cells)), place)


def _clear_cell(row: Row, place: int) -> Row:
    return replace(row, cells=(*row.cells[:place], InlineText(row.line), *row.cells[place + 1 :]))
