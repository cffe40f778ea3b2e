"""What is shown of the tables and series of the pages: their sessions as read, and why a line was read as it was."""

from collections.abc import Iterator, Sequence

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic
from readingroom.importer.answers import Answers
from readingroom.importer.dates import resolve
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.schedule import ImportOptions, Series
from readingroom.importer.tables import CandidateGroup
from readingroom.importer.vocabulary.roles import Role, parse_label
from readingroom.importer.vocabulary.status import OFF_DAY
from readingroom.parsing.date_mentions import Order
from readingroom.text.phrases import format_count, normalize_whitespace, shorten_text

HEAD = "day | title | lead | links"
_MAX_TITLE, _MAX_LEAD, _MAX_LINK = 70, 40, 50


_BY_CONTENT = "by its content"


def _find_role_source(group: CandidateGroup, column: int) -> str:
    """Return what says that a column of a table, from 0, has its role, unless its head does."""
    if group.answers.columns:
        return "as --columns says"
    named = parse_label(group.get_head(column).strip("*:_ "))
    return "" if group.roles[column] in {named.role, *named.joined} else _BY_CONTENT


def list_guessed_columns(group: CandidateGroup) -> list[int]:
    """Return the columns, from 0, whose roles are known by their content alone; weekdays are sure."""
    named = [column for column, role in sorted(group.roles.items()) if role is not Role.NUMBER]
    return [column for column in named if _find_role_source(group, column) == _BY_CONTENT]


def render_preview(series: Sequence[Series]) -> Iterator[str]:
    """Yield the lines that show each table and series by its number: the first, middle and last session as read."""
    for each in series:
        if each.number and each.group.candidates:
            count = format_count(len(each.group.candidates), "session")
            columns = f"; {_describe_columns(each.group)}" if each.is_table else ""
            yield f"{each.place[0].upper()}{each.place[1:]}: {count}{columns}"
            sessions = [entry for entry in each.group.candidates if entry.status != OFF_DAY] or each.group.candidates
            for place in sorted({0, len(sessions) // 2, len(sessions) - 1}):
                yield f"  {_render_record(sessions[place])}"


def _describe_columns(group: CandidateGroup) -> str:
    """Return what the columns of a table hold, and what says so unless its head does."""
    sources = {column: _find_role_source(group, column) for column in group.roles}
    return ", ".join(
        f"{role} in column {column + 1}" + (f" ({sources[column]})" if sources[column] else "")
        for column, role in sorted(group.roles.items())
    )


def _render_record(entry: Candidate) -> str:
    """Return a session as it was read, in one line."""
    title = shorten_text(normalize_whitespace(entry.heading), _MAX_TITLE)
    lead = shorten_text(", ".join(lead.shown for lead in entry.leads), _MAX_LEAD)
    more = f" and {len(entry.links) - 1} more" if len(entry.links) > 1 else ""
    links = f"{shorten_text(entry.links[0], _MAX_LINK)}{more}" if entry.links else ""
    status = "no session" if entry.status == OFF_DAY else str(entry.status)
    parts = [str(entry.day or "?"), f"{title} ({status})".lstrip() if status else title, lead, links]
    return " | ".join(part or "-" for part in parts)


def collect_decisions(series: Sequence[Series], options: ImportOptions) -> dict[int, Answers]:
    """Return what was said and decided, by the numbers of series, 0 for all: it leads to the same sessions again."""
    found = {each.number: _decide_answers(each) for each in series if each.number and each.group.candidates}
    orders = {answers.dates.order for answers in found.values() if answers.dates.order}
    decided = Answers(DateOptions(orders.pop())) if len(orders) == 1 else Answers()
    common = options.get_answers(0).merge_answers(decided)
    if len(series) == 1 and found:
        return {0: found.popitem()[1].merge_answers(common)}
    return {0: common} | dict(sorted(found.items()))


def _decide_answers(each: Series) -> Answers:
    group = each.group
    orders = {order for entry in group.candidates if (order := _find_decided_order(entry))}
    first = next((entry for entry in group.candidates if entry.mention and not entry.mention.has_year), None)
    year = first.day.year if first and first.day else 0
    dates = DateOptions(orders.pop() if len(orders) == 1 else None, year)
    return each.answers.merge_answers(Answers(dates, group.roles if list_guessed_columns(group) else {}))


def _find_decided_order(entry: Candidate) -> Order | None:
    """Return the order in which the numbers of a date were read, if they have several."""
    if entry.day is None or entry.mention is None:
        return None
    readings = entry.mention.readings
    if len({reading.order for reading in readings}) < 2:
        return None
    return next((r.order for r in readings if r.build_date(entry.day.year) == entry.day), None)


def explain_line(series: Sequence[Series], diagnostics: Sequence[Diagnostic], page: str, line: int) -> Iterator[str]:
    """Yield sentences that say what a line, from 1, became and why."""
    asked: set[int] = set()
    is_explained = False
    for each in series:
        if not each.number or each.page != page or line not in each.lines:
            continue
        entry = _find_entry(each, line)
        if entry is not None:
            opens = "opens" if entry.line == line else f"belongs to what line {entry.line} opens:"
            yield f"It {opens} a session of {each.place}, read as: {_render_record(entry)}"
            yield _explain_day(each, entry)
            asked = set() if entry.day else {other.line for other in each.group.candidates}
        elif each.is_table:
            yield f"It is in {each.place}, but in no session."
        else:
            continue
        yield from _explain_layout(each)
        is_explained = True
    if not is_explained:
        yield "It is in no session. Sessions are rows of tables, and lines that begin or end with a day."
    for found in diagnostics:
        is_question = found.code == Code.IMPORT_DATE_UNCLEAR and found.line in asked
        if found.file == page and (found.line == line or is_question):
            yield found.text


def _find_entry(each: Series, line: int) -> Candidate | None:
    """Return the session of a series that a line belongs to, if it does."""
    if not each.is_table:
        return next((entry for entry in each.group.candidates if entry.line <= line <= entry.last_line), None)
    starts: dict[int, Candidate | None] = {start: None for start, _ in each.group.skipped}
    starts |= {entry.line: entry for entry in reversed(each.group.candidates)}
    return starts.get(max((start for start in starts if start <= line), default=0))


def _explain_day(each: Series, entry: Candidate) -> str:
    if entry.mention is None:
        return "It has no day."
    text = shorten_text(entry.mention.text)
    if entry.day is None:
        return f'The day of "{text}" is not certain.'
    return f'"{text}" is {entry.day}: {_explain_order(each, entry)}; {_explain_year(each, entry)}.'


def _explain_order(each: Series, entry: Candidate) -> str:
    order = _find_decided_order(entry)
    if order is None or each.evidence is None:
        return "its numbers can be read in one order only"
    if each.evidence.options.order == order:
        return f"{order}, as --date-order says"
    for other in each.group.candidates:
        if other.mention and [reading.order for reading in other.mention.readings] == [order]:
            return f'{order}, like "{shorten_text(other.mention.text)}" on line {other.line}, which has no other order'
    if order in each.evidence.orders:
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
    answers, shape = each.answers, each.group.shape
    if columns := _describe_columns(each.group):
        yield f"Its table has {columns}."
    said = [f"--title {answers.title}"] * bool(answers.title) + [f"--lead {answers.lead}"] * bool(answers.lead)
    if said:
        yield f"Title and people are where {' and '.join(said)} says."
    elif not each.is_table:
        below = ", or in a line of their own below" if shape.has_people_line else ""
        yield f"Its series has {shape.split.value}{below}."
