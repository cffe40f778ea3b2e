"""The years that headings, labels, rows, front matter and the path of a page give to dates without one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from readingroom.importer.dates.resolve import YearHint
from readingroom.importer.page.blocks import BOLD_LEVEL, Kind, Line, Table
from readingroom.importer.page.document import Document
from readingroom.parsing.date_mentions import find_dates
from readingroom.parsing.vocabulary import build_pattern, join_expressions
from readingroom.text.phrases import shorten_text

_AUTUMN, _APRIL = 8, 4  # the months in which the first year of a double one begins
_YEAR = r"(?:19[7-9]|20)[0-9]{2}"
_TWO_DIGITS = re.compile("[0-9]{2}")  # which every term has
_BARE_YEAR = re.compile(rf"(?<![0-9])({_YEAR})(?![0-9])")
_SEASON = rf"\b(?:{join_expressions('dates', 'season')})"
# Up to 12 two numbers, such as Rings 11/12, are rather a day.
_SPAN = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})\s*[-/–—~]\s*((?:19|20)?[0-9]{2})(?![0-9/-])"
    r"|\b[^\W\d_]{2,20}\s?['’]?(1[3-9]|[2-9][0-9])\s?[/–-]\s?['’]?([0-9]{2})(?![0-9./:-])"
)
_SHORT = re.compile(rf"{_SEASON}\s?['’]?([0-9]{{2}})(?![0-9./:-])", re.IGNORECASE)
_IN_PROSE = re.compile(
    rf"(?:{_SEASON}(?:\s[^\W\d_]{{2,10}})?,?[\s-]|\bacademic year,?\s){_YEAR}(?:\s?[/–-]\s?[0-9]{{2,4}})?",
    re.IGNORECASE,
)
_OF_SIGNS = re.compile(rf"({_YEAR})\s?(年度|学年|學年)")
# What begins in a year and goes on is not of that year.
_OPEN = re.compile(rf"{_YEAR}\s*[-–—~]\s*(?:{join_expressions('dates', 'ongoing')}|[)\]]|\Z)", re.IGNORECASE)
# The year in such a text is that of something else.
NO_YEAR = re.compile(
    rf"{build_pattern('common', 'updated', 'founded', 'released').pattern}|©|\(c\)|版权|版權|著作権", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Term:
    """A year; ``second`` is that of a term such as 2019/20, whose first year begins in the month ``turn``."""

    year: int
    second: int = 0
    turn: int = _AUTUMN


def find_term(text: str) -> Term | None:
    """Return the term that a text such as "Fall 2022" or "WS 23/24" names, if it is not that of something else."""
    if not _TWO_DIGITS.search(text) or NO_YEAR.search(text) or _OPEN.search(text):
        return None
    for first, second, short, short_second in _SPAN.findall(text):
        year = int(first or f"20{short}")
        if (year + 1) % 100 == int((second or short_second)[-2:]):
            return Term(year, year + 1)
    if signs := _OF_SIGNS.search(text):
        return Term(int(signs[1]), int(signs[1]) + 1, _APRIL if signs[2] == "年度" else _AUTUMN)
    years = set(_BARE_YEAR.findall(text)) or {f"20{year}" for year in _SHORT.findall(text)[:1]}
    return Term(int(years.pop())) if len(years) == 1 else None


def _find_label_term(text: str) -> Term | None:
    """Return the term of a text that is hardly more, such as "Spring term 2023"."""
    text = text.rstrip(":：-– ")
    if len(text) > 40 or len(text.split()) > 4:
        return None
    term = find_term(text)
    return None if term and find_dates(text) else term


def _find_prose_term(text: str) -> Term | None:
    """Return the only term that sentences name, such as "For Fall 2024, we meet"."""
    if not _BARE_YEAR.search(text):
        return None
    terms = {term for found in _IN_PROSE.finditer(text) if (term := find_term(found[0]))}
    return terms.pop() if len(terms) == 1 else None


def build_hint(term: Term, why: str, line: int = 0) -> YearHint:
    """Return what a term says of the year of each month: after the turn of the year a term goes on."""
    if not term.second:
        later = {month: 0.2 if month <= 3 else 3.0 for month in range(1, 13)}
        return YearHint({term.year: {}, term.year + 1: later}, why, line)
    # Some mean a single year where a double one begins in April, and the summer may be of either.
    near = range(1, _APRIL) if term.turn == _APRIL else range(_AUTUMN - 1, _AUTUMN + 2)
    other = {month: 0.3 if month in near else 4.0 for month in range(1, 13)}
    first = other | dict.fromkeys(range(term.turn, 13), 0.0)
    second = other | dict.fromkeys(range(1, term.turn), 0.0)
    return YearHint({term.year: first, term.second: second}, why, line, is_span=True)


_RANKS = {Kind.PARAGRAPH: 10, Kind.ITEM: 20}  # below headings, of which those in bold are the lowest


def iter_line_hints(document: Document) -> Iterator[tuple[int, YearHint | None]]:
    """Yield for each block its place and the hint whose scope it is in: that of the nearest heading or label above."""
    scopes: list[tuple[int, tuple[int, ...], YearHint]] = []
    for place, block in enumerate(document.blocks):
        scopes = [each for each in scopes if block.path[: len(each[1])] == each[1]]
        term = _find_scope_term(block) if isinstance(block, Line) else None
        if isinstance(block, Line) and (term or block.kind is Kind.HEADING):
            rank = _RANKS.get(block.kind, 0) + block.level
            scopes = [each for each in scopes if each[0] < rank]
            if term:
                why = f'"{shorten_text(block.text.text, 40)}" on line {block.line}'
                inside = block.path if block.kind in {Kind.ITEM, Kind.SUMMARY} else ()
                scopes.append((rank, inside, build_hint(term, why, block.line)))
        yield place, scopes[-1][2] if scopes else None


def _find_scope_term(line: Line) -> Term | None:
    text, dates = line.text.text, line.text.dates
    if line.kind is Kind.HEADING and dates:
        is_year = dates[0].start > 0 and dates[0].has_year and not NO_YEAR.search(text)
        return Term(dates[0].readings[0].year) if is_year else None
    if line.kind in {Kind.HEADING, Kind.SUMMARY} and not dates:
        is_bold = line.kind is Kind.HEADING and line.level == BOLD_LEVEL
        return find_term(text) if not is_bold or text[:1].isdigit() or _find_prose_term(text) else None
    return _find_label_term(text) if line.kind in {Kind.TERM, *_RANKS} and line.is_first else None


def find_row_term(texts: Sequence[str]) -> Term | None:
    """Return the term that a row gives, if it gives nothing else."""
    said = {text for text in texts if text}
    return _find_label_term(said.pop()) if len(said) == 1 else None


def list_page_hints(document: Document) -> list[YearHint]:
    """Return the years that the rest of a page gives: its headings, front matter, dates in its sentences, its path."""
    front = "\n".join(line for line in document.front.splitlines() if not NO_YEAR.search(line.replace("_", " ")))
    found = [build_hint(Term(int(year)), "the front matter") for year in sorted(set(_BARE_YEAR.findall(front)))]
    for block in document.blocks:
        texts = [cell for row in block.body[:3] for cell in row.cells] if isinstance(block, Table) else [block.text]
        years = [each.readings[0].year for text in texts for each in text.dates if each.has_year]
        if isinstance(block, Table):
            found += [build_hint(Term(years[0]), f"the table on line {block.line}", block.line)] if years else []
        elif block.kind in {Kind.HEADING, Kind.PARAGRAPH}:
            find = find_term if block.kind is Kind.HEADING else _find_prose_term
            term = Term(years[0]) if years else find(block.text.text)
            is_own = term is not None and not NO_YEAR.search(block.text.text)
            found += [build_hint(term, f"line {block.line}", block.line)] if term and is_own else []
    if not found:
        lines = [block.text.text for block in document.blocks if isinstance(block, Line) and len(block.text.text) < 200]
        numbers = sorted({int(year) for text in lines for year in _BARE_YEAR.findall(text)})
        found = [build_hint(Term(year), "the years on the page") for year in numbers if len(numbers) > 1]
    if not found:
        of_path = _BARE_YEAR.findall(document.path)
        found = [build_hint(Term(int(year)), f"the path {document.path}") for year in of_path]
    return list({tuple(sorted(hint.years)): hint for hint in reversed(found)}.values())[::-1]
