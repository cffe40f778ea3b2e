"""Tables that people type and that GitHub does not show: without dashes, with tabs or commas, drawn as a grid."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from markdown_it.rules_block.table import escapedSplit

from readingroom.importer.dates import match
from readingroom.importer.vocabulary import fields


class RoughTable(NamedTuple):
    """A table: what precedes it, why GitHub shows none, and its rows with their numbers, counted from 0."""

    before: int
    why: str
    rows: list[tuple[int, list[str]]]


_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")
_EDGE = re.compile(r"\s*\+[-=:+]+\+?\s*")
_MOST_CELLS = 60


def parse_rough_table(lines: Sequence[str]) -> RoughTable | None:
    """Return the table that lines without an empty line between are meant to be, or None."""
    if len(lines) < 2:
        return None
    if ruled := _parse_ruled_table(lines):
        return ruled
    if _EDGE.fullmatch(lines[0]):
        return _parse_grid_table(lines)
    if all("\t" in line.strip() for line in lines):
        return _build_dated_table(
            _WHY.format("its cells stand between tabs"), [line.strip("\n").split("\t") for line in lines]
        )
    if all("|" in line.strip().strip("|") for line in lines):
        return _build_dated_table(
            _WHY.format("it has no line of dashes below its head"), [split_cells(line) for line in lines]
        )
    return _parse_csv_table(lines)


_WHY = "looks like a table, but GitHub shows none: {}."


def _parse_ruled_table(lines: Sequence[str]) -> RoughTable | None:
    """Return a table with a line of dashes that does not fit its head."""
    rule = next((n for n, row in enumerate(lines) if n and "|" in row and _RULE.fullmatch(row)), 0)
    if not rule or "|" not in lines[rule - 1]:
        return None
    rows = [(number, split_cells(row)) for number, row in enumerate(lines) if number >= rule - 1 and number != rule]
    return RoughTable(rule - 1, _WHY.format("the line of dashes below its head is wrong"), rows)


def _parse_grid_table(lines: Sequence[str]) -> RoughTable | None:
    """Return a table drawn with signs: each row between two edges, or each line if the edges are only around."""
    groups: list[list[tuple[int, list[str]]]] = []
    for number, line in enumerate(lines):
        if _EDGE.fullmatch(line):
            groups.append([])
        elif "|" not in line:
            return None
        elif row := split_cells(line):
            groups[-1].append((number, row))
    filled = [group for group in groups if group]
    if len(filled) < 2:
        return None
    if len(filled) == 2 and len(filled[1]) > 1 and all(row[0] for _, row in filled[1]):
        rows = [*filled[0][:1], *filled[1]]
    else:
        rows = [(group[0][0], _join_table_lines([row for _, row in group])) for group in filled]
    return RoughTable(0, _WHY.format("it is drawn as a grid"), rows)


def _join_table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    width = max(map(len, rows))
    return [" ".join(row[place] for row in rows if place < len(row)).strip() for place in range(width)]


def _parse_csv_table(lines: Sequence[str]) -> RoughTable | None:
    for mark in ",;":
        if all(mark in line for line in lines):
            try:
                rows = list(csv.reader(lines, delimiter=mark, strict=True))
            except csv.Error:
                continue
            rows = [[cell.strip() for cell in row] for row in rows]
            is_head = not any(match.find_date(cell) for cell in rows[0]) and all(
                0 < len(cell) <= 40 for cell in rows[0]
            )
            is_head = is_head and any(fields.find_role(cell) for cell in rows[0]) and _has_date_column(rows[1:])
            if is_head and len(rows) == len(lines) and len({len(row) for row in rows}) == 1:
                return _build_dated_table(_WHY.format("its cells stand between commas"), rows)
    return None


def _has_date_column(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a column has cells of which most begin with a day, as those of no prose do."""
    columns_of_days = Counter(
        place
        for row in rows
        for place, cell in enumerate(row[:_MOST_CELLS])
        if (found := match.find_date(cell)) and found.start <= _NEAR
    )
    return bool(columns_of_days) and 2 * max(columns_of_days.values()) >= len(rows)


_NEAR = 12  # letters, for a weekday


def _build_dated_table(why: str, rows: Sequence[list[str]]) -> RoughTable | None:
    """Return a table if there is a day in most of its rows but the first."""
    below = rows[1:]
    day_count = sum(any(match.find_date(cell) for cell in row[:_MOST_CELLS]) for row in below)
    return RoughTable(0, why, list(enumerate(rows))) if day_count * 2 >= len(below) else None


def split_cells(row: str) -> list[str]:
    """Return the cells of a row, split as GitHub splits it."""
    row = row.strip()
    found = [cell.strip() for cell in (escapedSplit(row) if "\\" in row else row.split("|"))]
    if found and not found[0]:
        found = found[1:]
    if found and not found[-1] and row.endswith("|"):
        found = found[:-1]
    return found
