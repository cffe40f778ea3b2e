"""The years that a page tells beside the days: its headings, its prose, its front matter, its path."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise

from readingroom.importer.blocks.page import Block, Heading, Page, Row, Table, Text
from readingroom.importer.dates import match, terms
from readingroom.importer.dates.match import FIRST_YEAR, LAST_YEAR
from readingroom.importer.dates.terms import Term
from readingroom.importer.vocabulary import fields


@dataclass(frozen=True, slots=True)
class Hint:
    """A year that a page tells beside the days, what tells it, and the term if that is one."""

    line: int
    year: int
    why: str
    term: Term | None = None

    @property
    def second(self) -> int:
        return self.term.second if self.term else 0


@dataclass(frozen=True)
class Told:
    """What a page tells of years, looked up once for all of its columns."""

    page: Page

    @cached_property
    def points(self) -> tuple[list[int], list[Hint]]:
        """The lines from which on another hint holds, and what holds there."""
        points = list(_points(self.page))
        return [line for line, _ in points], [hint for _, hint in points]

    @cached_property
    def starts(self) -> list[Hint]:
        """The years that the prose, the front matter and the path tell, each as it is first told."""
        first: dict[int, Hint] = {}
        for hint in _of_page(self.page):
            first.setdefault(hint.year, hint)
        return list(first.values())

    @cached_property
    def years(self) -> list[int]:
        """Every year that stands anywhere on the page."""
        return sorted({int(year) for year in _ONE.findall(self.page.text) if FIRST_YEAR <= int(year) <= LAST_YEAR})

    def at(self, line: int) -> Hint | None:
        """Return the hint of the heading, the row, the item or the line that is the nearest above a line."""
        lines, hints = self.points
        place = bisect_right(lines, line)
        return hints[place - 1] if place and hints[place - 1].year else None


_TITLE = re.compile(r"[^\W\d_]+ ((?:19|20)[0-9]{2})")  # a line such as Schedule 2023, which is no heading
_ONE = re.compile(r"(?<![0-9])((?:19[7-9]|20)[0-9]{2})(?![0-9])")

Scope = tuple[int, int, Hint]


def _points(page: Page) -> Iterator[tuple[int, Hint]]:
    """Yield the lines from which on another hint holds, or none, where scopes lie within each other."""
    around: list[Scope] = []
    for scope in [*sorted(_scopes(page), key=lambda each: (each[0], -each[1])), (_END, _END, _NONE)]:
        while around and around[-1][1] <= scope[0]:
            _, end, _ = around.pop()
            yield end, around[-1][2] if around else _NONE
        around.append(scope)
        yield scope[0], scope[2]


_END = 1 << 60
_NONE = Hint(0, 0, "")


def _scopes(page: Page) -> Iterator[Scope]:
    """Yield from where to where on the page something tells a year: headings, lines above lists, rows, items."""
    headings = list(_of_headings(page))
    yield from headings
    for place, block in enumerate(page.blocks):
        if isinstance(block, Table):
            yield from _of_table(block)
        elif isinstance(block, Text):
            why = f'"{block.words.whole[:40]}" in line {block.line}'
            if term := _of_text(page.blocks, place):
                yield block.line, _end_of_list(page.blocks, place), _hint(block.line, term, why)
            elif term := _of_title(block, is_bold_enough=not headings):
                yield block.line, _end_of_title(page.blocks, place), _hint(block.line, term, why)


def _of_headings(page: Page) -> Iterator[Scope]:
    """Yield the years that headings tell, up to the next heading of their level or above."""
    headings = page.headings
    ends, below = {}, list[Heading]()
    for heading in headings:
        while below and below[-1].level >= heading.level:
            ends[below.pop().line] = heading.line
        below.append(heading)
    for heading in headings:
        if term := terms.told(heading.words.whole):
            why = f'the heading "{heading.words.whole[:40]}"'
            yield heading.line, ends.get(heading.line, _END), _hint(heading.line, term, why)


def _of_table(table: Table) -> Iterator[Scope]:
    """Yield the years that a table's head tells, and those of rows that tell nothing else."""
    for number, cell in enumerate(table.head.cells):
        is_of_days = number == 0 or fields.role_of(cell.whole) == fields.DATE
        if is_of_days and (term := _of_label(cell.whole)):
            yield table.line, table.end, _hint(table.line, term, f'the head "{cell.whole}"')
            break
    rows = [(row.line, term) for row in table.rows if (term := year_of_row(row))]
    if len({row.line for row in table.rows}) < len(table.rows):
        return  # rows of HTML in one line: a day cannot be told to stand below a year
    for (line, term), (end, _) in pairwise([*rows, (table.end, terms.Term(0))]):
        yield line, end, _hint(line, term, f"the row in line {line}")


def year_of_row(row: Row) -> Term | None:
    """Return the term that a row tells, if it tells nothing else."""
    said = {cell.whole for cell in row.cells if cell.whole}
    return _of_label(said.pop()) if len(said) == 1 else None


def _of_label(text: str) -> Term | None:
    return terms.told(text) if terms.is_label(text) and not match.read(text) else None


def _of_text(blocks: Sequence[Block], place: int) -> Term | None:
    """Return the term that an item with others below it tells, or a line above a list or a table."""
    block, after = blocks[place], blocks[place + 1] if place + 1 < len(blocks) else None
    if not isinstance(block, Text) or after is None or isinstance(after, Heading):
        return None
    if block.is_item:
        return _of_label(block.words.whole) if isinstance(after, Text) and after.depth > block.depth else None
    text = block.words.whole
    is_above = isinstance(after, Table) or (after.is_item and block.depth == 0)
    if text.endswith((":", "：")):
        text = text[-_MAX_TITLE:].partition(" ")[2] if len(text) > _MAX_TITLE else text
        return terms.told(text) if is_above and not match.read(text) else None
    is_title = len(text) <= _MAX_TITLE and (len(text.split()) <= _FEW or terms.of_prose(text))
    return terms.told(text) if is_above and is_title and not match.read(text) else None


_MAX_TITLE, _FEW = 80, 4


def _of_title(block: Text, *, is_bold_enough: bool) -> Term | None:
    """Return the term that a line tells which stands for a heading: it is short, and names a season or is in bold."""
    if not _is_title(block):
        return None
    is_bold = is_bold_enough and all(run.strong for run in block.words.runs if run.text.strip())
    return terms.told(block.words.whole) if is_bold or terms.of_prose(block.words.whole) else None


def _is_title(block: Block) -> bool:
    if not isinstance(block, Text) or block.is_item or block.depth:
        return False
    text = block.words.whole
    return len(text) <= terms.MAX_LABEL and 0 < len(text.split()) <= _FEW and not match.read(text)


def _end_of_title(blocks: Sequence[Block], place: int) -> int:
    """Return the line in which ends what stands below a line that stands for a heading: at the next one."""
    return next(
        (each.line for each in islice(blocks, place + 1, None) if isinstance(each, Heading) or _is_title(each)), _END
    )


def _end_of_list(blocks: Sequence[Block], place: int) -> int:
    """Return the line in which ends what stands below an item, or the list or table below a line."""
    block = blocks[place]
    depth = block.depth if isinstance(block, Text) else 0
    after = blocks[place + 1]
    if isinstance(after, Table):
        return after.end
    for each in blocks[place + 1 :]:
        if not isinstance(each, Text) or each.depth <= depth:
            return each.line
    return _END


def _hint(line: int, term: Term, why: str) -> Hint:
    return Hint(line, term.year, why, term)


def _of_page(page: Page) -> Iterator[Hint]:
    """Yield the years that the rest of the page tells: its front matter, full dates in its prose, its path."""
    front = "\n".join(line for line in page.front.splitlines() if not terms.NO_YEAR.search(line.replace("_", " ")))
    yield from (Hint(1, int(year), "the front matter") for year in sorted(set(_ONE.findall(front))))
    for block in page.blocks:
        if not isinstance(block, Text) or block.is_item or terms.NO_YEAR.search(block.words.text):
            continue
        if (found := match.read(block.words.text)) and found.year:
            yield Hint(block.line, found.year, f"line {block.line}")
        elif title := _TITLE.fullmatch(block.words.text):
            yield Hint(block.line, int(title[1]), f"line {block.line}")
        elif term := terms.of_prose(block.words.text):
            yield _hint(block.line, term, f"line {block.line}")
    for heading in page.headings:
        if term := terms.of_prose(heading.words.whole):
            yield _hint(heading.line, term, f'the heading "{heading.words.whole[:40]}"')
    yield from (Hint(0, int(year), f"the path {page.path}") for year in _ONE.findall(page.path))
