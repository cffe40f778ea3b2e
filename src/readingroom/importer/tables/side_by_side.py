"""Tables whose rows hold several sessions beside each other: a table for each of these."""

import re
from collections.abc import Sequence

from readingroom.importer.blocks.page import Row, Table
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import DATE, LEAD, READING, TITLE

_NUMBER = re.compile(r"[\s#._-]{0,3}\(?(?:[1-9]|\b(?:[a-d]|i{1,3}))\)?\s*\Z", re.IGNORECASE)


def split_parallel_sessions(table: Table) -> list[Table]:
    """Return a table for each of the sessions that a row holds, or the table alone if that is one."""
    heads = [cell.whole for cell in table.head.cells]
    names = [fields.normalize_label(_NUMBER.sub("", head)) for head in heads]
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
    """Return where names begin that stand there twice in a row, and how many they are; 0 if there are none."""
    for start in range(len(names)):
        for width in range(2, (len(names) - start) // 2 + 1):
            if all(names[start : start + width]) and names[start : start + width] == names[start + width :][:width]:
                return start, width
    return 0, 0


def _is_session_columns(roles: set[str]) -> bool:
    """Tell whether columns tell of a session of their own: its day and what is on, or who speaks of what."""
    return {TITLE, LEAD} <= roles or (DATE in roles and bool(roles & {TITLE, LEAD, READING}))


def _select_cells(row: Row, places: Sequence[int]) -> Row:
    return Row(row.line, tuple(row.cells[place] for place in places), row.beyond)
