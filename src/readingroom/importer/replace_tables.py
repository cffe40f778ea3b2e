"""A README whose tables of sessions are replaced by regions; every other byte stays."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import chain

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.text_file import TextFile
from readingroom.importer.page.blocks import LineMessage, Table
from readingroom.importer.page.document import Document
from readingroom.importer.schedule import Schedule
from readingroom.parsing.vocabulary import build_expression_pattern
from readingroom.store import generated
from readingroom.store.generated import RegionName

TableRegions = tuple[Table, list[RegionName]]


def replace_tables_with_regions(
    file: str, content: bytes, schedule: Schedule, today: dt.date
) -> tuple[bytes, list[Diagnostic]]:
    """Return a page's bytes with a region for each of its tables of sessions, and what could not be replaced."""
    readme = TextFile.decode(content)
    lines = readme.text.split("\n")
    try:
        held = generated.parse_regions(file, readme.text)
    except Invalid as invalid:
        return content, invalid.problems
    messages: list[LineMessage] = []
    wanted: list[TableRegions] = []
    for page, table in schedule.tables:
        if page.path != file or any(region.begin < table.line <= region.end for region in held):
            continue
        if wanted and table.line < wanted[-1][0].end:
            messages.append((table.line, _IN_ONE_PIECE))
        else:
            wanted.append((table, _choose_regions(page, table, schedule, today)))
    for table, names in reversed(list(_assign_regions(wanted, {region.name for region in held}, messages))):
        lines[table.line - 1 : table.end - 1] = readme.adapt_lines(_render_markers(table, names, lines))
    kept = [Diagnostic(Location(file, line), Code.IMPORT_TABLE_KEPT, message) for line, message in messages]
    return readme.replace_text("\n".join(lines)).encode(), kept


_IN_ONE_PIECE = "is in the same HTML block as the table above it, so it gets no region. Put an empty line between them."


def _render_markers(table: Table, names: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Return the lines that replace a table."""
    markers = [(f"<!-- readingroom:begin {name} -->", f"<!-- readingroom:end {name} -->", "") for name in names]
    has_text_after = any(map(str.strip, lines[table.end - 1 : table.end]))
    return list(chain.from_iterable(markers))[: None if has_text_after else -1]


def _assign_regions(
    wanted: Sequence[TableRegions], used: set[str], messages: list[LineMessage]
) -> Iterator[TableRegions]:
    """Yield the regions that replace each table, none if another table has them, and add messages about it."""
    homes: dict[str, Table] = {}
    for table, names in sorted(wanted, key=lambda each: len(each[1])):  # first those that show nothing else
        for name in names:
            homes.setdefault(name, table)
    for table, names in wanted:
        free = [name for name in names if name not in used]
        mine = [name for name in free if homes[name] is table]
        if not free:
            messages.append((table.line, "the README has a region for this table already. Remove the table."))
            continue
        if not mine:
            region = f'the region "{free[-1]}", which replaces the table in line {homes[free[-1]].line},'
            messages.append(
                (table.line, f"{region} shows this table too: --readme takes it out. Then remove its heading.")
            )
        yield table, mine


def _choose_regions(page: Document, table: Table, schedule: Schedule, today: dt.date) -> list[RegionName]:
    """Return the regions that show what a table shows: by the heading above it, else by its days."""
    heading = next((each.text.text for each in reversed(page.headings) if each.line < table.line), "")
    for name in (RegionName.UPCOMING, RegionName.PREVIOUS):
        if build_expression_pattern("headings", name).search(heading):
            return [name]
    days = [e.day for e in schedule.entries if e.day and e.page == page.path and table.line <= e.line < table.end]
    has_previous = any(day < today for day in days)
    has_upcoming = not has_previous or any(day >= today for day in days)
    return [RegionName.UPCOMING] * has_upcoming + [RegionName.PREVIOUS] * has_previous
