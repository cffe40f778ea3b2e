"""What is shown of the tables and series of the pages: where each is, its columns, and three of its sessions."""

from collections.abc import Iterator, Sequence

from readingroom.importer.records.candidate import OFF_DAY, Candidate
from readingroom.importer.report.decisions import RoleSource, find_role_source, list_guessed_columns
from readingroom.importer.schedule import Series
from readingroom.importer.tables import CandidateGroup
from readingroom.text.excerpt import shorten_text
from readingroom.text.phrases import format_count, normalize_whitespace

HEAD = "day | title | lead | links"
_MAX_TITLE, _MAX_LEAD, _MAX_LINK = 70, 40, 50


def render_preview(series: Sequence[Series]) -> Iterator[str]:
    """Yield the lines that show each table and series by its number: the first, middle and last session as read."""
    for each in series:
        if each.number and each.group.candidates:
            count = format_count(len(each.group.candidates), "session")
            yield f"{each.place[0].upper()}{each.place[1:]}: {count}{_describe(each)}"
            yield from (f"  {render_record(entry)}" for entry in _choose_samples(each.group.candidates))


def _describe(each: Series) -> str:
    columns = ", ".join(describe_column(each.group, column) for column in sorted(each.group.roles))
    return f"; {columns}" if columns else ""


def describe_column(group: CandidateGroup, column: int) -> str:
    """Return what a column, from 0, holds, and what says so unless its head does."""
    source = find_role_source(group, column)
    return f"{group.roles[column]} in column {column + 1}" + ("" if source is RoleSource.HEAD else f" ({source})")


def describe_guesses(group: CandidateGroup) -> str:
    """Return the columns that are known by their content alone, or an empty text."""
    return ", ".join(f"{group.roles[column]} in column {column + 1}" for column in list_guessed_columns(group))


def _choose_samples(entries: Sequence[Candidate]) -> list[Candidate]:
    """Return the first, the middle and the last of some sessions, each once; holidays only if there is nothing else."""
    entries = [entry for entry in entries if entry.status != OFF_DAY] or entries
    return [entries[place] for place in sorted({0, len(entries) // 2, len(entries) - 1})]


def render_record(entry: Candidate) -> str:
    """Return a session as it was read, in one line."""
    title = shorten_text(normalize_whitespace(entry.heading), _MAX_TITLE)
    lead = shorten_text(", ".join(lead.shown for lead in entry.leads), _MAX_LEAD)
    more = f" and {len(entry.links) - 1} more" if len(entry.links) > 1 else ""
    links = f"{shorten_text(entry.links[0], _MAX_LINK)}{more}" if entry.links else ""
    status = "no session" if entry.status == OFF_DAY else str(entry.status)
    parts = [str(entry.day or "?"), f"{title} ({status})".lstrip() if status else title, lead, links]
    return " | ".join(part or "-" for part in parts)
