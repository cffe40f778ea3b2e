"""Tables whose titles name the people too, as in "Ann Lee: Rings": given a column for the people."""

from collections.abc import Mapping
from dataclasses import replace

from readingroom.importer.blocks.page import Row, Table
from readingroom.importer.inline.spans import InlineText, Span
from readingroom.importer.sections import split_line
from readingroom.importer.tables import column_roles
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import ABSTRACT, LEAD, TITLE

_HEAD = "Lead"


def add_lead_column(table: Table, asked: Mapping[int, str]) -> Table:
    """Return a table with a column for the people in its titles; one that has none of them comes back as it is."""
    if not table.head.cells:
        return table
    roles = column_roles.detect_layout(table, asked).roles
    if LEAD in roles or TITLE not in roles or LEAD in asked.values():
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
    return replace(row, cells=(*row.cells[:place], title, *row.cells[place + 1 :], lead))
