"""A Markdown page to its blocks, as GitHub reads it, each with the line that it starts in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from readingroom.core.text_file import normalize_typed_text
from readingroom.importer.blocks import html as blocks_html
from readingroom.importer.blocks import link_repair, numbered_dates
from readingroom.importer.blocks import malformed_tables as rough_tables
from readingroom.importer.blocks.html import HtmlBlock
from readingroom.importer.blocks.malformed_tables import RoughTable
from readingroom.importer.inline import spans
from readingroom.importer.inline.spans import InlineText, LineMessage
from readingroom.store import generated
from readingroom.text import escape
from readingroom.text.characters import INVISIBLE
from readingroom.text.commonmark import ParserUse, get_parser

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; lines count from 1."""

    line: int
    level: int
    words: InlineText


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph; an item of a list is one that says so, and ``depth`` counts the lists around it.

    ``number`` is what an item is numbered with where that does more than count, else 0.
    """

    line: int
    words: InlineText
    is_item: bool = False
    depth: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; ``beyond`` holds the cells that GitHub drops since the head has none for them."""

    line: int
    cells: tuple[InlineText, ...]
    beyond: tuple[InlineText, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table, from its first line to before ``end``; ``is_shown`` says whether GitHub shows it as one."""

    line: int
    end: int
    head: Row
    rows: tuple[Row, ...]
    is_shown: bool = True


Block = Heading | TextBlock | Table


@dataclass(frozen=True)
class SourcePage:
    """A page: its path, its text with LF line ends, its blocks, and the lines of its front matter.

    ``warnings`` are about lines that are not what they look like, by line; ``code`` has the code blocks, by first line;
    below the line ``footer`` no heading, table or list follows, 0 if there is no such line.
    """

    path: str
    text: str
    blocks: tuple[Block, ...]
    front: str = ""
    warnings: tuple[LineMessage, ...] = field(default=())
    code: tuple[tuple[int, str], ...] = field(default=())
    footer: int = 0

    @cached_property
    def is_ours(self) -> bool:
        """Whether readingroom made the page, or a region of it."""
        return generated.has_banner(self.text.encode("utf-8", "replace")) or "<!-- readingroom:begin " in self.text

    @cached_property
    def headings(self) -> list[Heading]:
        return [block for block in self.blocks if isinstance(block, Heading)]

    @cached_property
    def anchors(self) -> dict[str, Heading]:
        """The headings by the anchors that GitHub gives them."""
        names = escape.build_unique_anchors(heading.words.whole for heading in self.headings)
        return dict(zip(names, self.headings, strict=True))


def parse_page(path: str, text: str) -> SourcePage:
    """Return the page with this text; every text is valid."""
    text = normalize_typed_text(text)
    is_written = not text.startswith(_MADE)
    warnings = list(link_repair.check_invisible_characters(text)) if is_written else []
    text = INVISIBLE.sub("", text) if warnings else text
    front = _FRONT.match(text)
    body = "\n" * front[0].count("\n") + text[front.end() :] if front else text
    reader = _PageParser(body, is_written=is_written)
    blocks = tuple(reader.iter_blocks())
    warnings += reader.warnings
    return SourcePage(
        path, text, blocks, (front[1] or front[2]) if front else "", tuple(warnings), tuple(reader.code), reader.footer
    )


SECTION = "<!-- section -->"  # where readingroom starts a section without a heading
_DEEPEST = 7
_MADE = "<!-- Made by readingroom "
_FRONT = re.compile(
    r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)|\+\+\+[ \t]*\n(.*?\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL
)
_LOOKS_LIKE_HEADING = re.compile(r"#{1,6}[^#\s]")
# Lines of Kramdown that are no rows: the class of a table, and its last edge.
_NO_ROW = re.compile(r"\{:[^{}|]*\}|(?=[ :|+=]{0,9}-{3})[ |:+=-]*")
_TASK = re.compile(r"\[[ xX]\]\s+(?=\S)")


class _PageParser:
    """Walks the parser's tokens; ``warnings`` gathers the lines that look like something that they are not.

    If a person wrote them, such lines are read as what they look like.
    """

    def __init__(self, text: str, *, is_written: bool) -> None:
        self.is_written = is_written
        self.lines = text.split("\n")
        self.known: dict[str, Any] = {}
        self.tokens = get_parser(ParserUse.IMPORT).parse(text, self.known)
        self.warnings: list[LineMessage] = []
        if is_written:
            self.tokens, self.warnings = numbered_dates.restore_numbered_days(self.tokens)
        self.code: list[tuple[int, str]] = []
        self.place = 0
        self.footer = self.find_last_rule() if is_written else 0

    def find_last_rule(self) -> int:
        """Return the line of the last rule if nothing but paragraphs is below it, or 0."""
        for place in range(len(self.tokens) - 1, -1, -1):
            token = self.tokens[place]
            if token.type == "hr" and token.level == 0:
                return numbered_dates.get_line_number(token) if place < len(self.tokens) - 1 else 0
            if token.type not in {"paragraph_open", "inline", "paragraph_close"}:
                return 0
        return 0

    def parse_line(self, source: str, line: int) -> InlineText:
        """Return the words of a line, its broken links repaired if a person wrote them."""
        if simple := spans.parse_simple_inline(source, line):
            return simple
        if self.is_written:
            source, messages = link_repair.repair_links(source, self.known.get("references", {}))
            self.warnings += [(line + number, message) for number, message in messages]
        return spans.parse_inline(source, line, self.known)

    def iter_blocks(self) -> Iterator[Block]:
        depth, starts_item, number = 0, False, 0
        while self.place < len(self.tokens):
            token = self.tokens[self.place]
            self.place += 1
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    depth += 1
                case "bullet_list_close" | "ordered_list_close":
                    depth -= 1
                case "list_item_open":
                    starts_item, number = True, int(token.info or 0)
                case "heading_open":
                    yield self.parse_heading(token)
                case "table_open":
                    yield self.parse_table(token)
                case "inline":
                    found = self.parse_paragraph(token, starts_item=starts_item, depth=depth)
                    yield from _set_item_number(found, number) if number else found
                    starts_item, number = False, 0
                case "fence" | "code_block":
                    yield from self.parse_code(token)
                case "html_block":
                    yield from self.parse_html(token, depth)

    def parse_heading(self, token: "Token") -> Heading:
        inline = self.tokens[self.place]
        self.place += 1
        line = numbered_dates.get_line_number(token)
        return Heading(line, int(token.tag[1:]), self.parse_line(inline.content, line))

    def parse_paragraph(self, token: "Token", *, starts_item: bool, depth: int) -> Iterator[Block]:
        content = token.content
        if starts_item and (box := _TASK.match(content)):
            content = content[box.end() :]
        line, rows = numbered_dates.get_line_number(token), content.split("\n")
        if self.is_written and depth == 0 and _LOOKS_LIKE_HEADING.match(rows[0]):
            mark = rows[0][: len(rows[0]) - len(rows[0].lstrip("#"))]
            self.warnings.append((line, f"starts with {mark} and no space, so GitHub shows no heading. Add the space."))
            yield Heading(line, len(mark), self.parse_line(rows[0].lstrip("#"), line))
            rows, line = rows[1:], line + 1
        if self.is_written and (rough := rough_tables.parse_rough_table(rows)):
            yield from self.convert_rough_table(rows, line, rough)
        elif rows:
            yield TextBlock(line, self.parse_line("\n".join(rows), line), starts_item, depth)

    def convert_rough_table(self, rows: Sequence[str], line: int, rough: RoughTable) -> Iterator[Block]:
        """Yield what was meant to be a table, and the text before it."""
        if rough.before:
            yield TextBlock(line, self.parse_line("\n".join(rows[: rough.before]), line))
        self.warnings.append((line + rough.before, rough.why))
        (top, head), *made = [
            (line + number, tuple(self.parse_line(cell, line + number) for cell in cells))
            for number, cells in rough.rows
        ]
        below = tuple(build_row(len(head), cells, each) for each, cells in made)
        yield Table(top, line + len(rows), Row(top, head), below, False)

    def parse_code(self, token: "Token") -> Iterator[Block]:
        """Yield the table that is code since it is indented; other code is kept aside."""
        is_fence = token.type == "fence"
        line, rows = numbered_dates.get_line_number(token) + is_fence, token.content.rstrip("\n").split("\n")
        rough = None if is_fence or token.level or not self.is_written else rough_tables.parse_rough_table(rows)
        if rough is None or not all(map(str.strip, rows)):
            self.code.append((line, token.content))
            return
        why = "looks like a table, but GitHub shows code: it is indented by four spaces or more."
        yield from self.convert_rough_table(rows, line, rough._replace(why=why))

    def parse_table(self, token: "Token") -> Table:
        start, end = token.map or [0, 0]
        head = self.split_row(self.lines[start].strip(), start + 1)
        rows = [
            build_row(len(head), self.split_row(self.lines[number].strip(), number + 1), number + 1)
            for number in range(start + 2, end)
            if not _NO_ROW.fullmatch(self.lines[number].strip())
        ]
        while self.tokens[self.place - 1].type != "table_close":
            self.place += 1
        return Table(start + 1, end + 1, Row(start + 1, head), tuple(rows))

    def split_row(self, row: str, line: int) -> tuple[InlineText, ...]:
        return tuple(self.parse_line(cell, line) for cell in rough_tables.split_cells(row))

    def parse_html(self, token: "Token", depth: int) -> Iterator[Block]:
        start, end = token.map or [0, 0]
        source = token.content
        if source.strip() == SECTION:
            yield Heading(start + 1, _DEEPEST, InlineText(start + 1))
            return
        if _has_open_table(source):
            end = next((each + 1 for each in range(end, len(self.lines)) if "</table" in self.lines[each].lower()), end)
            source = "\n".join(self.lines[start:end])
            while self.place < len(self.tokens) and (self.tokens[self.place].map or [0])[0] < end:
                self.place += 1
        for piece in blocks_html.parse_html_blocks(source, start + 1):
            if piece.kind == "table":
                yield from _iter_html_tables(piece, end + 1)
            elif piece.kind.isdigit():
                yield Heading(piece.line, int(piece.kind), piece.words)
            else:
                yield TextBlock(piece.line, piece.words, piece.kind == "item", depth + piece.depth)


def _set_item_number(blocks: Iterator[Block], number: int) -> Iterator[Block]:
    for block in blocks:
        yield replace(block, number=number) if isinstance(block, TextBlock) else block


def _has_open_table(source: str) -> bool:
    lower = source.lower()
    return lower.count("<table") > lower.count("</table")


def build_row(width: int, cells: tuple[InlineText, ...], line: int) -> Row:
    """Return a row as long as the head, with what is left over."""
    filling = tuple(InlineText(line) for _ in range(width - len(cells)))
    beyond = tuple(cell for cell in cells[width:] if cell.whole)
    return Row(line, cells[:width] + filling, beyond)


def _iter_html_tables(piece: HtmlBlock, end: int) -> Iterator[Table]:
    """Yield the table that rows of HTML are: its head is what says so, or else its first row."""
    rows = [(line, cells) for line, cells in piece.rows if any(cell.whole for cell in cells)]
    if not rows:
        return
    width = max(len(cells) for _, cells in rows)
    made = [build_row(width, cells, line) for line, cells in rows]
    yield Table(piece.line, end, made[0], tuple(made[1:]))
