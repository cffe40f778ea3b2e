"""The blocks of a page: lines of text and tables."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from readingroom.importer.page.rich_text import RichText

LineMessage = tuple[int, str]  # the line of a page, from 1, and what is reported there

# The level of a heading that is a paragraph in bold: below all others.
BOLD_LEVEL = 7


class Kind(StrEnum):
    """What a line is in."""

    HEADING = "heading"
    SUMMARY = "summary"
    ITEM = "item"
    PARAGRAPH = "paragraph"
    TERM = "term"
    CODE = "code"
    RULE = "rule"
    SECTION = "section"


class Line(NamedTuple):
    """A visible line: ``level`` is a heading's level or an item's depth; ``block`` numbers the paragraph it is in.

    ``path`` has the numbers of the items, quotations and folded sections around it, from outside; ``is_soft`` says
    that only a line end in the source divides it from the line before; ``number`` is what an item is numbered with.
    """

    kind: Kind
    level: int
    text: RichText
    path: tuple[int, ...] = ()
    block: int = 0
    is_first: bool = True
    is_soft: bool = False
    number: str = ""
    source: str = ""

    @property
    def markdown(self) -> str:
        """The line as it was typed, or its text with its links where that cannot leave the page."""
        is_whole = self.source and self.source.count("](") + self.source.count("://") >= len(self.text.links)
        return self.source if is_whole else self.text.render_markdown()

    @property
    def line(self) -> int:
        return self.text.line


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    line: int
    cells: tuple[RichText, ...]
    is_head: bool = False


@dataclass(frozen=True)
class Table:
    """A table, from its first line to before ``end``; lines count from 1."""

    line: int
    end: int
    rows: tuple[Row, ...]
    path: tuple[int, ...] = ()

    @cached_property
    def head(self) -> Row:
        """The row of heads, without cells if the table has none."""
        first = self.rows[0] if self.rows else Row(self.line, ())
        return first if first.is_head else Row(self.line, ())

    @cached_property
    def body(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.is_head)


Block = Line | Table
