"""Tables below the name of a month whose rows have but the number of their day: with the whole day in each."""

import re

from readingroom.importer.blocks.page import Heading, Row, Table
from readingroom.importer.dates import month_names
from readingroom.importer.inline.spans import InlineText, Span
from readingroom.importer.sections import lists
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import DATE

_NUMBER = re.compile(
    r"(?:(?P<weekday>[^\W\d_]{1,12})\.?,?\s?)?(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.|日|일)?", re.IGNORECASE
)


def complete_month_dates(table: Table, heading: Heading | None) -> Table:
    """Return a table whose days name the month of the heading above it, if they are numbers and it is one."""
    month = lists.find_month_template(heading.words) if heading else ""
    place = next((n for n, cell in enumerate(table.head.cells) if fields.find_role(cell.whole) == DATE), -1)
    if not month or place < 0:
        return table
    told = [
        _complete_cell_date(row.cells[place], month) if row.cells[place].whole else row.cells[place]
        for row in table.rows
    ]
    if not any(cell.whole for cell in told if cell) or not all(told):
        return table
    rows = [_replace_row_cell(row, place, cell) for row, cell in zip(table.rows, told, strict=True) if cell]
    return Table(table.line, table.end, table.head, tuple(rows), table.is_shown)


def _complete_cell_date(cell: InlineText, month: str) -> InlineText | None:
    """Return the whole day that a number means, if the cell is one and its weekday."""
    found = _NUMBER.fullmatch(cell.text)
    if found is None or not 1 <= int(found["day"]) <= 31:
        return None
    if found["weekday"] and month_names.find_weekday(found["weekday"]) is None:
        return None
    day = month.format(day=int(found["day"]))
    return InlineText(cell.line, (Span(f"{found['weekday']}, {day}" if found["weekday"] else day),))


def _replace_row_cell(row: Row, place: int, cell: InlineText) -> Row:
    return Row(row.line, (*row.cells[:place], cell, *row.cells[place + 1 :]), row.beyond)
