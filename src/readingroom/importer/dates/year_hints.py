"""The years that headings, labels, rows, front matter, sentences and the path of a page give to dates without one."""

from collections.abc import Iterator, Sequence

from readingroom.importer.dates import terms
from readingroom.importer.dates.mentions import find_dates
from readingroom.importer.dates.resolve import YearHint
from readingroom.importer.dates.terms import Term
from readingroom.importer.page.blocks import BOLD_LEVEL, Kind, Line, Table
from readingroom.importer.page.document import Document
from readingroom.text.excerpt import shorten_text

_LATER, _EARLIER = 0.2, 3.0
_JANUARY_TO_MARCH = 3


def build_hint(term: Term, why: str, line: int = 0) -> YearHint:
    """Return what a term says of the year of each month: after the turn of the year a term goes on."""
    if term.second:
        other = {month: 0.3 if term.is_ambiguous_month(month) else 4.0 for month in range(1, 13)}
        first = {month: 0.0 if month >= term.turn else cost for month, cost in other.items()}
        second = {month: 0.0 if month < term.turn else cost for month, cost in other.items()}
        return YearHint({term.year: first, term.second: second}, why, line, is_span=True)
    later = {month: _LATER if month <= _JANUARY_TO_MARCH else _EARLIER for month in range(1, 13)}
    return YearHint({term.year: {}, term.year + 1: later}, why, line)


def iter_line_hints(document: Document) -> Iterator[tuple[int, YearHint | None]]:
    """Yield for each block its place and the hint whose scope it is in: that of the nearest heading or label above."""
    scopes: list[tuple[tuple[int, int], tuple[int, ...], YearHint]] = []
    for place, block in enumerate(document.blocks):
        if isinstance(block, Line):
            rank = _find_rank(block)
            scopes = [each for each in scopes if _is_open(each, rank, block)]
            if rank and (term := _find_scope_term(document, place, block)):
                why = f'"{shorten_text(block.text.text, 40)}" on line {block.line}'
                scopes.append((rank, block.path, build_hint(term, why, block.line)))
        else:
            scopes = [each for each in scopes if block.path[: len(each[1])] == each[1]]
        yield place, scopes[-1][2] if scopes else None


def _find_rank(line: Line) -> tuple[int, int] | None:
    """Return how far up a line that starts a scope is: headings by level, then labels, then items by depth."""
    match line.kind:
        case Kind.HEADING:
            return (1, line.level)
        case Kind.SUMMARY | Kind.TERM:
            return (2, line.level)
        case Kind.PARAGRAPH:
            return (3, line.level)
        case Kind.ITEM:
            return (4, line.level)
    return None


def _is_open(
    scope: tuple[tuple[int, int], tuple[int, ...], YearHint], rank: tuple[int, int] | None, line: Line
) -> bool:
    own, path, _ = scope
    if own[0] in {2, 4} and line.path[: len(path)] != path:
        return False
    if line.kind is Kind.HEADING:
        return own[0] == 1 and rank is not None and own < rank
    return own[0] == 1 or rank is None or own < rank or not _is_label(line)


def _is_label(line: Line) -> bool:
    return terms.is_term_label(line.text.text.rstrip(":：")) and not line.text.dates


def _find_scope_term(document: Document, place: int, line: Line) -> Term | None:
    text = line.text.text
    if dates := line.text.dates:
        is_heading = line.kind is Kind.HEADING and dates[0].start > 0 and dates[0].has_year
        return Term(dates[0].readings[0].year) if is_heading and not terms.NO_YEAR.search(text) else None
    if line.kind in {Kind.HEADING, Kind.SUMMARY} and (
        line.level != BOLD_LEVEL or text[:1].isdigit() or terms.find_prose_term(text)
    ):
        return terms.find_term(text)
    if line.kind is Kind.HEADING:
        return None
    if _is_label(line) and line.is_first:
        return terms.find_term(text.rstrip(":："))
    after = document.blocks[place + 1] if place + 1 < len(document.blocks) else None
    is_above = isinstance(after, Table) or (isinstance(after, Line) and after.kind is Kind.ITEM)
    return terms.find_term(text) if line.kind is Kind.PARAGRAPH and is_above and text.endswith((":", "：")) else None


def find_row_term(texts: Sequence[str]) -> Term | None:
    """Return the term that a row gives, if it gives nothing else."""
    said = {text for text in texts if text}
    text = said.pop().rstrip("-–: ") if len(said) == 1 else ""
    return terms.find_term(text) if text and terms.is_term_label(text) and not find_dates(text) else None


def _find_line_term(line: Line) -> Term | None:
    """Return the year or the term that a heading or a sentence gives."""
    text = line.text.text
    dated = [each for each in line.text.dates if each.has_year]
    heading = terms.find_term(text) if line.kind is Kind.HEADING and not dated else None
    term = Term(dated[0].readings[0].year) if dated else heading or terms.find_prose_term(text)
    return term if term and not terms.NO_YEAR.search(text) else None


def list_page_hints(document: Document) -> list[YearHint]:
    """Return the years that the rest of a page gives: its headings, front matter, dates in its sentences, its path."""
    found: list[YearHint] = []
    front = "\n".join(line for line in document.front.splitlines() if not terms.NO_YEAR.search(line.replace("_", " ")))
    found += [build_hint(Term(int(year)), "the front matter") for year in sorted(set(terms.BARE_YEAR.findall(front)))]
    for block in document.blocks:
        if isinstance(block, Table):
            years = [
                each.readings[0].year
                for row in block.body[:3]
                for cell in row.cells
                for each in cell.dates
                if each.has_year
            ]
            found += [build_hint(Term(years[0]), f"the table on line {block.line}", block.line)] if years else []
            continue
        if block.kind in {Kind.HEADING, Kind.PARAGRAPH} and (term := _find_line_term(block)):
            found.append(build_hint(term, f"line {block.line}", block.line))
    if not found:
        lines = [block for block in document.blocks if isinstance(block, Line) and len(block.text.text) < 200]
        years = sorted({int(year) for block in lines for year in terms.BARE_YEAR.findall(block.text.text)})
        found = [build_hint(Term(year), "the years on the page") for year in years] if len(years) > 1 else []
    if not found:
        found = [
            build_hint(Term(int(year)), f"the path {document.path}") for year in terms.BARE_YEAR.findall(document.path)
        ]
    return list({tuple(sorted(hint.years)): hint for hint in reversed(found)}.values())[::-1]
