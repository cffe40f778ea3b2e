"""Tables that lie on their side, their sessions next to each other: set upright, so that each session is a row."""

from readingroom.importer.blocks.page import Row, Table
from readingroom.importer.inline.spans import InlineText
from readingroom.importer.tables import column_roles
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import DATE, LEAD, READING, TITLE


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
    heads, *sessions = zip(*(_fill_row_to_width(row, len(table.head.cells)) for row in rows), strict=True)
    date = labels.index(DATE)
    made = [Row(cells[date].line, tuple(cells)) for cells in sessions if any(cell.whole for cell in cells)]
    return Table(table.line, table.end, Row(table.line, tuple(heads)), tuple(made), table.is_shown)


def _fill_row_to_width(row: Row, width: int) -> tuple[InlineText, ...]:
    cells = (*row.cells, *row.beyond)[:width]
    return (*cells, *(InlineText(row.line) for _ in range(width - len(cells))))
