"""Days of six digits, such as 250501, in the columns of a table whose head is that of days."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from readingroom.importer.blocks.page import Row, Table
from readingroom.importer.inline.spans import Words
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import DATE

Remarks = list[tuple[int, str]]

_SIX = re.compile(r"\s*([0-9]{2})([0-9]{2})([0-9]{2})(?![0-9])")
_DIGIT = re.compile("[0-9]")


def of(table: Table, asked: Mapping[int, str]) -> tuple[Table, Remarks]:
    """Return a table with such days written out, and what to tell of them."""
    told: Remarks = []
    for place, head in enumerate(table.head.cells):
        if DATE not in {fields.role_of(head.whole), asked.get(place)}:
            continue
        cells = [row.cells[place] for row in table.rows if _DIGIT.search(row.cells[place].whole)]
        if written := _written_out(cells):
            new = written[id(cells[0])].whole
            told.append((cells[0].line, f'"{cells[0].whole[:20]}" is read as {new[:20]}. Check it.'))
            table = replace(table, rows=tuple(_with(row, place, written) for row in table.rows))
    return table, told


def _written_out(cells: Sequence[Words]) -> dict[int, Words]:
    """Return new cells by the old ones, if all of these have six digits, and would not lie nearer day first."""
    matches = [match for cell in cells if cell.runs and (match := _SIX.match(cell.runs[0].text))]
    if not matches or len(matches) < len(cells):
        return {}
    parts = [(int(match[1]), int(match[2]), int(match[3])) for match in matches]
    found = list(_valid(parts))
    others = list(_valid((year, month, day) for day, month, year in parts))
    if len(found) < len(cells):
        return {}
    if len(others) == len(cells) and max(others) - min(others) < max(found) - min(found):
        return {}
    return {id(cell): _dated(cell, day) for cell, day in zip(cells, found, strict=True)}


def _dated(cell: Words, day: dt.date) -> Words:
    first, *others = cell.runs
    return Words(cell.line, (first._replace(text=_SIX.sub(str(day), first.text, count=1)), *others), cell.source)


def _valid(parts: Iterable[tuple[int, int, int]]) -> Iterator[dt.date]:
    for year, month, day in parts:
        try:
            yield dt.date(2000 + year, month, day)
        except ValueError:
            return


def _with(row: Row, place: int, written: Mapping[int, Words]) -> Row:
    cell = row.cells[place]
    return replace(row, cells=(*row.cells[:place], written.get(id(cell), cell), *row.cells[place + 1 :]))
