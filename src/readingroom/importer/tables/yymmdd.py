"""Days of six digits, such as 250501, in the columns of a table whose head is that of days."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from readingroom.importer.blocks.page import Row, Table
from readingroom.importer.inline.spans import InlineText
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import DATE

LineMessages = list[tuple[int, str]]

_SIX = re.compile(r"\s*([0-9]{2})([0-9]{2})([0-9]{2})(?![0-9])")
_DIGIT = re.compile("[0-9]")


def expand_compact_dates(table: Table, asked: Mapping[int, str]) -> tuple[Table, LineMessages]:
    """Return a table with such days written out, and what to tell of them."""
    told: LineMessages = []
    for place, head in enumerate(table.head.cells):
        if DATE not in {fields.find_role(head.whole), asked.get(place)}:
            continue
        cells = [row.cells[place] for row in table.rows if _DIGIT.search(row.cells[place].whole)]
        if written := _expand_cells(cells):
            new = written[id(cells[0])].whole
            told.append((cells[0].line, f'"{cells[0].whole[:20]}" is read as {new[:20]}. Check it.'))
            table = replace(table, rows=tuple(_replace_row_cell(row, place, written) for row in table.rows))
    return table, told


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


def _replace_row_cell(row: Row, place: int, written: Mapping[int, InlineText]) -> Row:
    cell = row.cells[place]
    return replace(row, cells=(*row.cells[:place], written.get(id(cell), cell), *row.cells[place + 1 :]))
