"""Why a line of a page became what it became: its table or series, its day, its columns, or why it was left out."""

from collections.abc import Iterator

from readingroom.core.diagnostics import Diagnostic
from readingroom.importer.dates import resolve
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.report import preview
from readingroom.importer.report.decisions import find_decided_order
from readingroom.importer.run import ImportResult
from readingroom.importer.schedule import Series
from readingroom.text.excerpt import shorten_text


def explain_line(result: ImportResult, page: str, line: int) -> Iterator[str]:
    """Yield sentences that say what a line, from 1, became and why."""
    found = [each for each in result.series if each.number and each.page == page and line in each.lines]
    is_explained = False
    for each in found:
        entry = _find_entry(each, line)
        is_explained = is_explained or each.is_table or entry is not None
        if entry is not None:
            yield from _explain_entry(result, each, entry, line)
        elif each.is_table:
            yield f"It is in {each.place}, but in no session."
            yield from _explain_layout(each)
    if not is_explained:
        yield "It is in no session. Sessions are rows of tables, and lines that begin or end with a day."
    yield from (each.text for each in _list_messages(result, page, line))


def _list_messages(result: ImportResult, page: str, line: int) -> Iterator[Diagnostic]:
    for each in (*result.problems, *result.findings, *result.left):
        if (each.file, each.line) == (page, line):
            yield each


def _find_entry(each: Series, line: int) -> Candidate | None:
    """Return the session of a series that a line belongs to, if it does."""
    if not each.is_table:
        return next((entry for entry in each.group.candidates if entry.line <= line <= entry.last_line), None)
    starts: dict[int, Candidate | None] = {start: None for start, _ in each.group.skipped}
    starts |= {entry.line: entry for entry in reversed(each.group.candidates)}
    return starts.get(max((start for start in starts if start <= line), default=0))


def _explain_entry(result: ImportResult, each: Series, entry: Candidate, line: int) -> Iterator[str]:
    opens = "opens" if entry.line == line else f"belongs to what line {entry.line} opens:"
    yield f"It {opens} a session of {each.place}, read as: {preview.render_record(entry)}"
    if entry.mention is None:
        yield "It has no day."
    elif entry.day is None:
        yield f'The day of "{shorten_text(entry.mention.text)}" is not certain.'
        lines = {other.line for other in each.group.candidates}
        yield from (problem.text for problem in result.problems if problem.file == each.page and problem.line in lines)
    else:
        why = f"{_explain_order(each, entry)}; {_explain_year(each, entry)}"
        yield f'"{shorten_text(entry.mention.text)}" is {entry.day}: {why}.'
    yield from _explain_layout(each)


def _explain_order(each: Series, entry: Candidate) -> str:
    order = find_decided_order(entry)
    evidence = each.evidence
    if order is None or entry.mention is None or evidence is None:
        return "its numbers can be read in one order only"
    if evidence.options.order == order:
        return f"{order}, as --date-order says"
    for other in each.group.candidates:
        readings = other.mention.readings if other.mention else ()
        if len(readings) == 1 and readings[0].order is order and other.mention:
            return f'{order}, like "{shorten_text(other.mention.text)}" on line {other.line}, which has no other order'
    if order in evidence.orders:
        return f"{order}, like other dates of the pages, or as is usual in their language"
    return f"{order}, because the days of the series then follow each other best"


def _explain_year(each: Series, entry: Candidate) -> str:
    if entry.mention is None or entry.day is None or each.evidence is None or entry.mention.has_year:
        return "its year is written there"
    if each.evidence.options.year:
        return "its year counts from --year"
    return f"its year {entry.day.year} is after {resolve.find_year_source(entry.hint, entry.day.year, each.evidence)}"


def _explain_layout(each: Series) -> Iterator[str]:
    """Yield what the columns of a table hold, or where the lines of a series have titles and people."""
    answers = each.answers
    columns = [preview.describe_column(each.group, column) for column in sorted(each.group.roles)]
    if columns:
        yield f"Its table has {', '.join(columns)}."
    said = [f"--title {answers.title}"] * bool(answers.title) + [f"--lead {answers.lead}"] * bool(answers.lead)
    if said:
        yield f"Title and people are where {' and '.join(said)} says."
    elif not each.is_table:
        below = ", or in a line of their own below" if each.group.shape.has_people_line else ""
        yield f"Its series has {each.group.shape.split.value}{below}."
