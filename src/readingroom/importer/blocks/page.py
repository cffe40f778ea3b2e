"""A Markdown page to its blocks, as GitHub reads it, each with the line that it starts in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from readingroom.importer.blocks import html as blocks_html
from readingroom.importer.blocks import link_repair, numbered_dates
from readingroom.importer.blocks import malformed_tables as rough_tables
from readingroom.importer.blocks.html_cards import Piece
from readingroom.importer.blocks.malformed_tables import Rough
from readingroom.importer.inline import spans
from readingroom.importer.inline.spans import Words
from readingroom.store import generated
from readingroom.text import escape

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; lines count from 1."""

    line: int
    level: int
    words: Words


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; an item of a list is one that says so, and ``depth`` counts the lists around it.

    ``number`` is what an item is numbered with where that does more than count, else 0.
    """

    line: int
    words: Words
    is_item: bool = False
    depth: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; ``beyond`` holds the cells that GitHub drops since the head has none for them."""

    line: int
    cells: tuple[Words, ...]
    beyond: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table, from its first line to before ``end``; ``is_shown`` tells whether GitHub shows it as one."""

    line: int
    end: int
    head: Row
    rows: tuple[Row, ...]
    is_shown: bool = True


Block = Heading | Text | Table


@dataclass(frozen=True)
class Page:
    """A page: its path, its text with LF line ends, its blocks, and the lines of its front matter.

    ``odd`` tells what looks like something that it is not; ``code`` has the code blocks, each with its first line;
    below the line ``footer`` no heading, table or list follows, 0 if there is no such line.
    """

    path: str
    text: str
    blocks: tuple[Block, ...]
    front: str = ""
    odd: tuple[tuple[int, str], ...] = field(default=())
    code: tuple[tuple[int, str], ...] = field(default=())
    footer: int = 0

    @cached_property
    def is_ours(self) -> bool:
        """Whether readingroom made the page, or a region of it."""
        return generated.is_stamped(self.text.encode("utf-8", "replace")) or "<!-- readingroom:begin " in self.text

    @cached_property
    def headings(self) -> list[Heading]:
        return [block for block in self.blocks if isinstance(block, Heading)]

    @cached_property
    def anchors(self) -> dict[str, Heading]:
        """The headings by the anchors that GitHub gives them."""
        names = escape.anchors(heading.words.whole for heading in self.headings)
        return dict(zip(names, self.headings, strict=True))


def read(path: str, text: str) -> Page:
    """Return the page that a text is, whatever stands in it."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    is_written = not text.startswith(_MADE)
    odd = list(link_repair.unseen(text)) if is_written else []
    text = link_repair.UNSEEN.sub("", text) if odd else text
    front = _FRONT.match(text)
    body = "\n" * front[0].count("\n") + text[front.end() :] if front else text
    reader = _Reader(body, is_written=is_written)
    blocks = tuple(reader.blocks())
    odd += reader.odd
    return Page(
        path, text, blocks, (front[1] or front[2]) if front else "", tuple(odd), tuple(reader.code), reader.footer
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


class _Reader:
    """Walks the parser's tokens; ``odd`` gathers the lines that look like something that they are not.

    Where a hand has written them, such lines are read as what they look like.
    """

    def __init__(self, text: str, *, is_written: bool) -> None:
        self.is_written = is_written
        self.lines = text.split("\n")
        self.known: dict[str, Any] = {}
        self.tokens = spans.parser().parse(text, self.known)
        self.odd: list[tuple[int, str]] = []
        if is_written:
            self.tokens, self.odd = numbered_dates.mended(self.tokens)
        self.code: list[tuple[int, str]] = []
        self.place = 0
        self.footer = self.last_rule() if is_written else 0

    def last_rule(self) -> int:
        """Return the line of the last rule if nothing but paragraphs stands below it, or 0."""
        for place in range(len(self.tokens) - 1, -1, -1):
            token = self.tokens[place]
            if token.type == "hr" and token.level == 0:
                return _line(token) if place < len(self.tokens) - 1 else 0
            if token.type not in {"paragraph_open", "inline", "paragraph_close"}:
                return 0
        return 0

    def read(self, source: str, line: int) -> Words:
        """Return the words of a line, its broken links mended where a hand has written them."""
        if simple := spans.simple(source, line):
            return simple
        if self.is_written:
            source, told = link_repair.links(source, self.known.get("references", {}))
            self.odd += [(line + number, message) for number, message in told]
        return spans.read(source, line, self.known)

    def blocks(self) -> Iterator[Block]:
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
                    yield self.heading(token)
                case "table_open":
                    yield self.table(token)
                case "inline":
                    found = self.paragraph(token, starts_item=starts_item, depth=depth)
                    yield from _numbered(found, number) if number else found
                    starts_item, number = False, 0
                case "fence" | "code_block":
                    yield from self.unread(token)
                case "html_block":
                    yield from self.html(token, depth)

    def heading(self, token: "Token") -> Heading:
        inline = self.tokens[self.place]
        self.place += 1
        line = _line(token)
        return Heading(line, int(token.tag[1:]), self.read(inline.content, line))

    def paragraph(self, token: "Token", *, starts_item: bool, depth: int) -> Iterator[Block]:
        content = token.content
        if starts_item and (box := _TASK.match(content)):
            content = content[box.end() :]
        line, rows = _line(token), content.split("\n")
        if self.is_written and depth == 0 and _LOOKS_LIKE_HEADING.match(rows[0]):
            mark = rows[0][: len(rows[0]) - len(rows[0].lstrip("#"))]
            self.odd.append((line, f"starts with {mark} and no blank, so GitHub shows no heading. Add the blank."))
            yield Heading(line, len(mark), self.read(rows[0].lstrip("#"), line))
            rows, line = rows[1:], line + 1
        if self.is_written and (rough := rough_tables.read(rows)):
            yield from self.unshown(rows, line, rough)
        elif rows:
            yield Text(line, self.read("\n".join(rows), line), starts_item, depth)

    def unshown(self, rows: Sequence[str], line: int, rough: Rough) -> Iterator[Block]:
        """Yield a table that its writer meant to be one, and what stands before it."""
        if rough.before:
            yield Text(line, self.read("\n".join(rows[: rough.before]), line))
        self.odd.append((line + rough.before, rough.why))
        (top, head), *made = [
            (line + number, tuple(self.read(cell, line + number) for cell in cells)) for number, cells in rough.rows
        ]
        below = tuple(_fitted(len(head), cells, each) for each, cells in made)
        yield Table(top, line + len(rows), Row(top, head), below, False)

    def unread(self, token: "Token") -> Iterator[Block]:
        """Yield the table that is code since it is indented; other code is kept aside."""
        is_fence = token.type == "fence"
        line, rows = _line(token) + is_fence, token.content.rstrip("\n").split("\n")
        rough = None if is_fence or token.level or not self.is_written else rough_tables.read(rows)
        if rough is None or not all(map(str.strip, rows)):
            self.code.append((line, token.content))
            return
        why = "looks like a table, but GitHub shows code: it is indented by four blanks or more."
        yield from self.unshown(rows, line, rough._replace(why=why))

    def table(self, token: "Token") -> Table:
        start, end = token.map or [0, 0]
        head = self.split(self.lines[start].strip(), start + 1)
        rows = [
            _fitted(len(head), self.split(self.lines[number].strip(), number + 1), number + 1)
            for number in range(start + 2, end)
            if not _NO_ROW.fullmatch(self.lines[number].strip())
        ]
        while self.tokens[self.place - 1].type != "table_close":
            self.place += 1
        return Table(start + 1, end + 1, Row(start + 1, head), tuple(rows))

    def split(self, row: str, line: int) -> tuple[Words, ...]:
        return tuple(self.read(cell, line) for cell in rough_tables.cells(row))

    def html(self, token: "Token", depth: int) -> Iterator[Block]:
        start, end = token.map or [0, 0]
        source = token.content
        if source.strip() == SECTION:
            yield Heading(start + 1, _DEEPEST, Words(start + 1))
            return
        if _opens_table(source):
            end = next((each + 1 for each in range(end, len(self.lines)) if "</table" in self.lines[each].lower()), end)
            source = "\n".join(self.lines[start:end])
            while self.place < len(self.tokens) and (self.tokens[self.place].map or [0])[0] < end:
                self.place += 1
        for piece in blocks_html.pieces(source, start + 1):
            if piece.kind == "table":
                yield from _of_rows(piece, end + 1)
            elif piece.kind.isdigit():
                yield Heading(piece.line, int(piece.kind), piece.words)
            else:
                yield Text(piece.line, piece.words, piece.kind == "item", depth + piece.depth)


def _numbered(blocks: Iterator[Block], number: int) -> Iterator[Block]:
    for block in blocks:
        yield replace(block, number=number) if isinstance(block, Text) else block


def _line(token: "Token") -> int:
    return (token.map or [0])[0] + 1


def _opens_table(source: str) -> bool:
    lower = source.lower()
    return lower.count("<table") > lower.count("</table")


def _fitted(width: int, cells: tuple[Words, ...], line: int) -> Row:
    """Return a row as long as the head, with what is left over."""
    filling = tuple(Words(line) for _ in range(width - len(cells)))
    beyond = tuple(cell for cell in cells[width:] if cell.whole)
    return Row(line, cells[:width] + filling, beyond)


def _of_rows(piece: Piece, end: int) -> Iterator[Table]:
    """Yield the table that rows of HTML are: its head is what says so, or else its first row."""
    rows = [(line, cells) for line, cells in piece.rows if any(cell.whole for cell in cells)]
    if not rows:
        return
    width = max(len(cells) for _, cells in rows)
    made = [_fitted(width, cells, line) for line, cells in rows]
    yield Table(piece.line, end, made[0], tuple(made[1:]))
