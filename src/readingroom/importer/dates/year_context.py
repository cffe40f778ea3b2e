"""The years that a page gives outside of its dates: its headings, its prose, its front matter, its path."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise

from readingroom.importer.blocks.page import Block, Heading, Row, SourcePage, Table, TextBlock
from readingroom.importer.dates import match, terms
from readingroom.importer.dates.terms import Term
from readingroom.importer.vocabulary import fields
from readingroom.text.excerpt import shorten_text


@dataclass(frozen=True, slots=True)
class YearHint:
    """A year that a page gives outside of its dates, its source as text, and the term if it is one."""

    line: int
    year: int
    why: str
    term: Term | None = None

    @property
    def second(self) -> int:
        return self.term.second if self.term else 0


@dataclass(frozen=True)
class YearHints:
    """All years that a page gives, looked up once for all of its columns."""

    page: SourcePage

    @cached_property
    def points(self) -> tuple[list[int], list[YearHint]]:
        """The lines from which on another hint holds, and what holds there."""
        points = list(_iter_hint_points(self.page))
        return [line for line, _ in points], [hint for _, hint in points]

    @cached_property
    def starts(self) -> list[YearHint]:
        """The years that the prose, the front matter and the path give, each where it is given first."""
        first: dict[int, YearHint] = {}
        for hint in _iter_page_hints(self.page):
            first.setdefault(hint.year, hint)
        return list(first.values())

    @cached_property
    def years(self) -> list[int]:
        """Every year that is anywhere on the page."""
        return sorted({int(year) for year in terms.BARE_YEAR.findall(self.page.text)})

    def find_hint(self, line: int) -> YearHint | None:
        """Return the hint of the heading, the row, the item or the line that is the nearest above a line."""
        lines, hints = self.points
        place = bisect_right(lines, line)
        return hints[place - 1] if place and hints[place - 1].year else None


_TITLE = re.compile(r"[^\W\d_]+ ((?:19|20)[0-9]{2})")  # a line such as Schedule 2023, which is no heading

HintScope = tuple[int, int, YearHint]


def _iter_hint_points(page: SourcePage) -> Iterator[tuple[int, YearHint]]:
    """Yield the lines from which on another hint holds, or none, where scopes lie within each other."""
    around: list[HintScope] = []
    for scope in [*sorted(_iter_hint_scopes(page), key=lambda each: (each[0], -each[1])), (_END, _END, _NONE)]:
        while around and around[-1][1] <= scope[0]:
            _, end, _ = around.pop()
            yield end, around[-1][2] if around else _NONE
        around.append(scope)
        yield scope[0], scope[2]


_END = 1 << 60
_NONE = YearHint(0, 0, "")


def _iter_hint_scopes(page: SourcePage) -> Iterator[HintScope]:
    """Yield the lines from and to which something gives a year: headings, lines above lists, rows, items."""
    headings = list(_iter_heading_scopes(page))
    yield from headings
    for place, block in enumerate(page.blocks):
        if isinstance(block, Table):
            yield from _iter_table_scopes(block)
        elif isinstance(block, TextBlock):
            why = f'"{shorten_text(block.words.whole, 40)}" in line {block.line}'
            if term := _find_text_term(page.blocks, place):
                yield block.line, _find_list_end(page.blocks, place), _build_hint(block.line, term, why)
            elif term := _find_title_term(block, is_bold_enough=not headings):
                yield block.line, _find_title_end(page.blocks, place), _build_hint(block.line, term, why)


def _iter_heading_scopes(page: SourcePage) -> Iterator[HintScope]:
    """Yield the years that headings give, up to the next heading of their level or above."""
    headings = page.headings
    ends, below = {}, list[Heading]()
    for heading in headings:
        while below and below[-1].level >= heading.level:
            ends[below.pop().line] = heading.line
        below.append(heading)
    for heading in headings:
        if term := terms.find_term(heading.words.whole):
            why = f'the heading "{shorten_text(heading.words.whole, 40)}"'
            yield heading.line, ends.get(heading.line, _END), _build_hint(heading.line, term, why)


def _iter_table_scopes(table: Table) -> Iterator[HintScope]:
    """Yield the years that a table's head gives, and those of rows that give nothing else."""
    for number, cell in enumerate(table.head.cells):
        is_of_days = number == 0 or fields.find_role(cell.whole) == fields.DATE
        if is_of_days and (term := _find_label_term(cell.whole)):
            yield table.line, table.end, _build_hint(table.line, term, f'the head "{cell.whole}"')
            break
    rows = [(row.line, term) for row in table.rows if (term := find_row_term(row))]
    if len({row.line for row in table.rows}) < len(table.rows):
        return  # rows of HTML in one line: whether a day is below a year is not known
    for (line, term), (end, _) in pairwise([*rows, (table.end, terms.Term(0))]):
        yield line, end, _build_hint(line, term, f"the row in line {line}")


def find_row_term(row: Row) -> Term | None:
    """Return the term that a row gives, if it gives nothing else."""
    said = {cell.whole for cell in row.cells if cell.whole}
    return _find_label_term(said.pop()) if len(said) == 1 else None


def _find_label_term(text: str) -> Term | None:
    return terms.find_term(text) if terms.is_term_label(text) and not match.find_date(text) else None


def _find_text_term(blocks: Sequence[Block], place: int) -> Term | None:
    """Return the term that an item with others below it gives, or a line above a list or a table."""
    block, after = blocks[place], blocks[place + 1] if place + 1 < len(blocks) else None
    if not isinstance(block, TextBlock) or after is None or isinstance(after, Heading):
        return None
    if block.is_item:
        return (
            _find_label_term(block.words.whole) if isinstance(after, TextBlock) and after.depth > block.depth else None
        )
    text = block.words.whole
    is_above = isinstance(after, Table) or (after.is_item and block.depth == 0)
    if text.endswith((":", "：")):
        text = text[-_MAX_TITLE:].partition(" ")[2] if len(text) > _MAX_TITLE else text
        return terms.find_term(text) if is_above and not match.find_date(text) else None
    is_title = len(text) <= _MAX_TITLE and (len(text.split()) <= _FEW or terms.find_prose_term(text))
    return terms.find_term(text) if is_above and is_title and not match.find_date(text) else None


_MAX_TITLE, _FEW = 80, 4


def _find_title_term(block: TextBlock, *, is_bold_enough: bool) -> Term | None:
    """Return the term of a line in place of a heading: it is short, and names a season or is in bold."""
    if not _is_title_line(block):
        return None
    is_bold = is_bold_enough and all(run.strong for run in block.words.runs if run.text.strip())
    return terms.find_term(block.words.whole) if is_bold or terms.find_prose_term(block.words.whole) else None


def _is_title_line(block: Block) -> bool:
    if not isinstance(block, TextBlock) or block.is_item or block.depth:
        return False
    text = block.words.whole
    return len(text) <= terms.MAX_LABEL and 0 < len(text.split()) <= _FEW and not match.find_date(text)


def _find_title_end(blocks: Sequence[Block], place: int) -> int:
    """Return the line in which the part below a line in place of a heading ends: that of the next one."""
    return next(
        (each.line for each in islice(blocks, place + 1, None) if isinstance(each, Heading) or _is_title_line(each)),
        _END,
    )


def _find_list_end(blocks: Sequence[Block], place: int) -> int:
    """Return the line in which the part below an item ends, or the list or table below a line."""
    block = blocks[place]
    depth = block.depth if isinstance(block, TextBlock) else 0
    after = blocks[place + 1]
    if isinstance(after, Table):
        return after.end
    for each in blocks[place + 1 :]:
        if not isinstance(each, TextBlock) or each.depth <= depth:
            return each.line
    return _END


def _build_hint(line: int, term: Term, why: str) -> YearHint:
    return YearHint(line, term.year, why, term)


def _iter_page_hints(page: SourcePage) -> Iterator[YearHint]:
    """Yield the years that the rest of the page gives: its front matter, full dates in its prose, its path."""
    front = "\n".join(line for line in page.front.splitlines() if not terms.NO_YEAR.search(line.replace("_", " ")))
    yield from (YearHint(1, int(year), "the front matter") for year in sorted(set(terms.BARE_YEAR.findall(front))))
    for block in page.blocks:
        if not isinstance(block, TextBlock) or block.is_item or terms.NO_YEAR.search(block.words.text):
            continue
        if (found := match.find_date(block.words.text)) and found.year:
            yield YearHint(block.line, found.year, f"line {block.line}")
        elif title := _TITLE.fullmatch(block.words.text):
            yield YearHint(block.line, int(title[1]), f"line {block.line}")
        elif term := terms.find_prose_term(block.words.text):
            yield _build_hint(block.line, term, f"line {block.line}")
    for heading in page.headings:
        if term := terms.find_prose_term(heading.words.whole):
            yield _build_hint(heading.line, term, f'the heading "{shorten_text(heading.words.whole, 40)}"')
    yield from (YearHint(0, int(year), f"the path {page.path}") for year in terms.BARE_YEAR.findall(page.path))
