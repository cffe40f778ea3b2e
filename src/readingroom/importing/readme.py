"""A README with regions put in place of the tables that became sessions; every other byte stays."""

import datetime as dt
import re

from readingroom import generated
from readingroom.importing.page import Page, Table
from readingroom.importing.schedule import Schedule
from readingroom.problems import Finding, Invalid

_AHEAD = re.compile(
    r"upcoming|next|future|plan|coming|kommend|nächst|à venir|prochain|próxim|futur|即将|今後|次回|예정", re.IGNORECASE
)
_BEHIND = re.compile(
    r"previous|past|archive|history|former|vergangen|bisherig|passé|précédent|anterior|pasad|passad|历史|往期|過去|이전|지난",
    re.IGNORECASE,
)


def with_regions(file: str, content: bytes, read: Schedule, today: dt.date) -> tuple[bytes, list[Finding]]:
    """Return a page's bytes with a region for each of its tables of sessions, and what could not be replaced."""
    mark = "\ufeff" if content.startswith(b"\xef\xbb\xbf") else ""
    text = content.decode("utf-8-sig")
    lines = text.split("\n")
    ending = "\r" if lines[0].endswith("\r") else ""
    try:
        held = generated.regions(file, text.replace("\r\n", "\n"))
    except Invalid as invalid:
        return content, [Finding(each.file, each.line, each.where, each.message) for each in invalid.problems]
    used = {region.name for region in held}
    findings: list[Finding] = []
    places: list[tuple[Table, list[str]]] = []
    for page, table in read.tables:
        if page.path != file or any(region.begin < table.line <= region.end for region in held):
            continue
        if places and table.line < places[-1][0].end:
            told = (
                "stands in one piece of HTML with the table above it, so it gets no region. Put a blank line between."
            )
            findings.append(Finding(file, table.line, "", told))
            continue
        names = [name for name in _regions(page, table, read, today) if name not in used]
        if not names:
            findings.append(
                Finding(file, table.line, "", "the README has a region for this table already. Remove the table.")
            )
            continue
        used |= set(names)
        places.append((table, names))
    for table, names in reversed(places):
        markers = [
            line
            for name in names
            for line in (f"<!-- readingroom:begin {name} -->", f"<!-- readingroom:end {name} -->", "")
        ]
        after = lines[table.end - 1] if table.end <= len(lines) else ""
        shown = markers if after.strip() else markers[:-1]
        lines[table.line - 1 : table.end - 1] = [line + ending for line in shown]
    made = mark + "\n".join(lines)
    return made.encode(), findings


def _regions(page: Page, table: Table, read: Schedule, today: dt.date) -> list[str]:
    """Return the regions that show what a table shows: by the heading above it, else by its days."""
    heading = next((each.words.whole for each in reversed(page.headings) if each.line < table.line), "")
    if _AHEAD.search(heading):
        return ["upcoming"]
    if _BEHIND.search(heading):
        return ["previous"]
    days = [e.day for e in read.entries if e.day and e.page == page.path and table.line <= e.line < table.end]
    ahead, behind = any(day >= today for day in days), any(day < today for day in days)
    return [name for name, is_wanted in (("upcoming", ahead or not behind), ("previous", behind)) if is_wanted]
