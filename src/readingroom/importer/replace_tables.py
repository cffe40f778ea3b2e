"""A README whose tables of sessions are replaced by regions; every other byte stays."""

import datetime as dt
from collections.abc import Sequence

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.text_file import TextFile
from readingroom.importer.page.blocks import LineMessage, Table
from readingroom.importer.page.document import Document
from readingroom.importer.schedule import Schedule
from readingroom.parsing.vocabulary import build_expression_pattern
from readingroom.store import generated

_UPCOMING_WORDS = build_expression_pattern("headings", "upcoming")
_PREVIOUS_WORDS = build_expression_pattern("headings", "previous")

TableRegions = tuple[Table, list[str]]


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
    findings: list[Diagnostic] = []
    wanted: list[TableRegions] = []
    for page, table in schedule.tables:
        if page.path != file or any(region.begin < table.line <= region.end for region in held):
            continue
        if wanted and table.line < wanted[-1][0].end:
            findings.append(Diagnostic(Location(file, table.line), Code.IMPORT_TABLE_KEPT, *_IN_ONE_PIECE))
            continue
        wanted.append((table, _choose_regions(page, table, schedule, today)))
    places, messages = _assign_regions(wanted, {region.name for region in held})
    findings += [Diagnostic(Location(file, line), Code.IMPORT_TABLE_KEPT, message) for line, message in messages]
    for table, names in reversed(places):
        lines[table.line - 1 : table.end - 1] = readme.adapt_lines(_render_markers(table, names, lines))
    return readme.replace_text("\n".join(lines)).encode(), findings


_IN_ONE_PIECE = (
    "is in the same HTML block as the table above it, so it gets no region.",
    "Put an empty line between them.",
)


def _render_markers(table: Table, names: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Return the lines that replace a table."""
    markers = [
        line
        for name in names
        for line in (f"<!-- readingroom:begin {name} -->", f"<!-- readingroom:end {name} -->", "")
    ]
    after = lines[table.end - 1] if table.end <= len(lines) else ""
    return markers if after.strip() else markers[:-1]


def _assign_regions(wanted: Sequence[TableRegions], used: set[str]) -> tuple[list[TableRegions], list[LineMessage]]:
    """Return the regions that replace each table, none if another table has them, and messages about it."""
    homes: dict[str, Table] = {}
    for table, names in sorted(wanted, key=lambda each: len(each[1])):  # first those that show nothing else
        for name in names:
            homes.setdefault(name, table)
    places, messages = [], []
    for table, names in wanted:
        free = [name for name in names if name not in used]
        if not free:
            messages.append((table.line, "the README has a region for this table already. Remove the table."))
            continue
        mine = [name for name in free if homes[name] is table]
        if not mine:
            region = f'the region "{free[-1]}", which replaces the table in line {homes[free[-1]].line},'
            messages.append(
                (table.line, f"{region} shows this table too: --readme takes it out. Then remove its heading.")
            )
        places.append((table, mine))
    return places, messages


def _choose_regions(page: Document, table: Table, schedule: Schedule, today: dt.date) -> list[str]:
    """Return the regions that show what a table shows: by the heading above it, else by its days."""
    heading = next((each.text.text for each in reversed(page.headings) if each.line < table.line), "")
    if _UPCOMING_WORDS.search(heading):
        return ["upcoming"]
    if _PREVIOUS_WORDS.search(heading):
        return ["previous"]
    days = [e.day for e in schedule.entries if e.day and e.page == page.path and table.line <= e.line < table.end]
    has_upcoming, has_previous = any(day >= today for day in days), any(day < today for day in days)
    return [
        name
        for name, is_wanted in (("upcoming", has_upcoming or not has_previous), ("previous", has_previous))
        if is_wanted
    ]
