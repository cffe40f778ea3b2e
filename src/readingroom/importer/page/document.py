"""A page to its blocks: lines of text and tables, whether they are Markdown, HTML or both."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html.parser import HTMLParser
from itertools import count
from typing import TYPE_CHECKING

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.text_file import normalize_typed_text
from readingroom.importer.page import data_files, repair
from readingroom.importer.page.blocks import Block, Kind, Line, LineMessage, Row, Table
from readingroom.importer.page.rich_text import Mark, Range, RichText, link_addresses
from readingroom.store import generated
from readingroom.text import escape
from readingroom.text.characters import BIDI_EMBEDDINGS, INVISIBLE
from readingroom.text.commonmark import ParserUse, get_parser

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True)
class Document:
    """A page: its path, text with LF line ends, blocks, front matter, and messages about what was repaired."""

    path: str
    text: str
    blocks: tuple[Block, ...]
    front: str = ""
    warnings: tuple[LineMessage, ...] = field(default=())

    @cached_property
    def is_generated(self) -> bool:
        """Whether readingroom made the whole page."""
        return generated.has_banner(self.text.encode("utf-8", "replace"))

    @cached_property
    def is_ours(self) -> bool:
        """Whether readingroom made the page, or a region of it."""
        return self.is_generated or "<!-- readingroom:begin " in self.text

    @cached_property
    def tables(self) -> list[tuple[int, Table]]:
        """The tables, each with its place among the blocks."""
        return [(place, each) for place, each in enumerate(self.blocks) if isinstance(each, Table)]

    def find_heading(self, place: int) -> str:
        """Return the text of the nearest heading or summary above a block."""
        above = (each for each in reversed(self.blocks[:place]) if isinstance(each, Line))
        return next((each.text.text for each in above if each.kind in {Kind.HEADING, Kind.SUMMARY}), "")

    @cached_property
    def headings(self) -> list[Line]:
        return [each for each in self.blocks if isinstance(each, Line) and each.kind is Kind.HEADING]

    @cached_property
    def anchors(self) -> dict[str, Line]:
        """The headings by the anchors that GitHub gives them."""
        names = escape.build_unique_anchors(heading.text.text for heading in self.headings)
        return dict(zip(names, self.headings, strict=True))


_FRONT = re.compile(
    r"\A\s{0,3}(?:---[ \t]*\n(.*?)\n(?:---|\.\.\.)|\+\+\+[ \t]*\n(.*?)\n\+\+\+)[ \t]*(?:\n|\Z)", re.DOTALL
)


def _match_front_matter(text: str) -> re.Match[str] | None:
    """Return the front matter that a text begins with: what is between two rules may be Markdown instead."""
    front = _FRONT.match(text)
    return front if front and (front[1] is None or data_files.is_front_matter(front[1])) else None


_OPEN_FRONT = re.compile(r"\A(?:---[ \t]*\n[\w.-]+[ \t]*:(?!\S)|\+\+\+[ \t]*\n[\w.-]+[ \t]*=)")


def parse_document(path: str, text: str) -> Document:
    """Return the page with this text; raise Invalid if its front matter has no end, where the rest may be anything."""
    typed = normalize_typed_text(text)
    warnings = list(_check_invisible_characters(typed))
    text = INVISIBLE.sub("", typed)
    if path.lower().endswith(data_files.SUFFIXES):
        return Document(path, text, tuple(data_files.read_records(path, text)), warnings=tuple(warnings))
    front = _match_front_matter(typed)
    if front is None and not _FRONT.match(typed) and _OPEN_FRONT.match(typed):
        raise Invalid([Diagnostic(Location(path, 1), Code.IMPORT_PAGE_FORMAT, _NO_END, _FIX_END)])
    body = "\n" * front[0].count("\n") + typed[front.end() :] if front else typed
    if path.lower().endswith((".html", ".htm")):
        builder = _BlockBuilder()
        builder.feed_html(_drop_templating(body), 1)
    else:
        lines, repaired = repair.repair_lines(_drop_templating(body).split("\n"))
        warnings += repaired
        builder = _BlockBuilder([number for number, _ in lines])
        for token in get_parser(ParserUse.IMPORT).parse("\n".join(line for _, line in lines)):
            builder.add_token(token)
    while builder.tables:
        builder.end("table")
    builder.flush()
    front_text = INVISIBLE.sub("", front[1] or front[2] or "") if front else ""
    return Document(path, text, tuple(builder.blocks), front_text, tuple(warnings))


_NO_END = "begins with front matter that has no end."
_FIX_END = "Add a line with the sign of line 1 below the last key, or an empty line below line 1 if that is a rule."


def _check_invisible_characters(text: str) -> Iterator[LineMessage]:
    """Yield the lines with signs that nobody sees and that hide or turn what others see."""
    if INVISIBLE.search(text) or BIDI_EMBEDDINGS.search(text):
        for number, line in enumerate(text.split("\n"), 1):
            if found := {f"U+{ord(sign):04X}" for sign in (*INVISIBLE.findall(line), *BIDI_EMBEDDINGS.findall(line))}:
                signs = ", ".join(sorted(found))
                yield number, f"holds signs that nobody sees ({signs}): they are left out of titles. Remove them."


_TEMPLATING = re.compile(
    r"(?P<ours><!-- readingroom:begin .*?<!-- readingroom:end )"
    r"|\{%.*?%\}|\{\{.*?\}\}|\{:[^{}\n]*\}|:[a-z_]{3,30}:(?=\s|$)",
    re.DOTALL,
)


def _drop_templating(text: str) -> str:
    """Return a text without Liquid, Hugo and kramdown marks; the line ends in them and what we have written stay."""
    if generated.has_banner(text.encode("utf-8", "replace")):
        return text
    return _TEMPLATING.sub(lambda found: found["ours"] or "\n" * found[0].count("\n"), text)


_CHECKBOX = re.compile(r"\[[ xX]\]\s+")
_KINDS = {f"h{level}": (Kind.HEADING, level) for level in range(1, 7)}
_KINDS |= {"summary": (Kind.SUMMARY, 7), "dt": (Kind.TERM, 8), "pre": (Kind.CODE, 0)}
_BREAKING = frozenset(
    {
        "p", "div", "section", "article", "header", "footer", "main", "nav", "aside", "center", "ul", "ol", "dl", "dd",
        "blockquote", "figure", "form", "fieldset", "address", "body", "html", "head", "hgroup", "title",
    }
)  # fmt: skip
_BLOCKS = _BREAKING | _KINDS.keys() | {"li", "details"}
_CONTAINERS = frozenset({"li", "blockquote", "details", "dd", "div", "section", "article"})
_HIDDEN = frozenset({"script", "style", "template", "svg", "select", "noscript", "math"})
_TABLE_PARTS = frozenset({"table", "tr", "td", "th", "thead", "tbody", "caption"})
_CLOSED_BY = {"li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "p": {"p"}}
_MARKS = {"strong": Mark.STRONG, "b": Mark.STRONG, "em": Mark.EMPHASIS, "i": Mark.EMPHASIS}
_MARKS |= {"code": Mark.CODE, "a": Mark.LINK}
_STRUCK = frozenset({"s", "del", "strike"})


class _BlockBuilder(HTMLParser):
    """Takes tokens of Markdown and tags of HTML as one stream, and gathers blocks."""

    def __init__(self, numbers: Sequence[int] = ()) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.numbers = numbers
        self.base = self.here = 1
        self.open: list[tuple[str, int]] = []  # tags and the numbers of containers
        self.block = self.count = 0
        self.tables: list[_TableBuilder] = []
        self.hidden = 0
        self.inline = _InlineBuilder()
        self.is_first = True
        self.is_soft = False
        self.number = ""
        self.source = ""
        self.sources: Iterator[tuple[int, str]] = iter(())  # of the lines of a paragraph that are still to come
        self.html_end = 0  # of the HTML that is being read

    @property
    def path(self) -> tuple[int, ...]:
        return tuple(number for _, number in self.open if number)

    def map_line(self, line: int) -> int:
        """Return the line of the page, from 1, of a line of the repaired text, from 0."""
        return self.numbers[min(line, len(self.numbers) - 1)]

    # Markdown

    def add_token(self, token: "Token") -> None:
        if token.map:
            self.here = self.map_line(token.map[0])
        match token.type:
            case "inline":
                self._add_inline(token)
            case "text":
                self.add_text(token.content)
            case "softbreak" | "hardbreak":
                self._break_source_line(is_soft=token.type == "softbreak")
            case "html_block" | "html_inline":
                self._add_html(token)
            case "fence" | "code_block":
                self._add_code(token.content, self.here + (token.type == "fence"))
            case "code_inline":
                self.start("code", {})
                self.add_text(token.content)
                self.end("code")
            case "image":
                self.start("img", {"alt": token.content})
            case _ if token.nesting == -1:
                self.end(token.tag)
            case _:
                self.start(token.tag, {"value": token.info, "href": str(token.attrs.get("href", ""))})

    def _add_html(self, token: "Token") -> None:
        if token.map:
            self.source = ""
            self.html_end = self.map_line(token.map[1] - 1) + 1
        self.feed_html(token.content, self.here)
        self.html_end = 0

    def _add_code(self, content: str, first: int) -> None:
        self.flush()
        lines = enumerate(INVISIBLE.sub("", content).split("\n"), first)
        self.blocks += [Line(Kind.CODE, 0, RichText(line, number)) for number, line in lines if line.strip()]

    def _add_inline(self, token: "Token") -> None:
        first = token.map[0] if token.map else 0
        is_clear = "<br" not in token.content.lower()  # else a line of the source is not a line of the page
        lines = enumerate(token.content.split("\n"), first)
        self.sources = iter([(self.map_line(number), line.strip() if is_clear else "") for number, line in lines])
        _, self.source = next(self.sources)
        for child in token.children or ():
            self.add_token(child)

    def _break_source_line(self, *, is_soft: bool) -> None:
        self.here, source = next(self.sources, (self.here, ""))
        is_new = self.break_line(is_soft=is_soft)
        self.source = source if is_new or not self.source else f"{self.source}\n{source}"

    # HTML

    def feed_html(self, content: str, line: int) -> None:
        self.reset()
        self.base = line
        self.feed(content)
        self.close()

    def _set_line(self) -> None:
        self.here = self.base + self.getpos()[0] - 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._set_line()
        self.start(tag, {key: value or "" for key, value in attrs})

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        self._set_line()
        self.end(tag)

    def handle_data(self, data: str) -> None:
        self._set_line()
        first, *further = data.split("\n")
        self.add_text(first)
        for part in further:
            self.here += 1
            self.add_text(f" {part}")

    def handle_comment(self, data: str) -> None:
        if data.strip() == "section":
            self._set_line()
            self._add_mark(Kind.SECTION)

    # both

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if tag in _HIDDEN:
            self.hidden += 1
        elif self.hidden or self.inline.start_tag(tag, attrs, self.here):
            return
        elif tag == "br":
            self.break_line()
        elif tag == "hr":
            self._add_mark(Kind.RULE)
        elif tag in _TABLE_PARTS:
            self._start_table_part(tag, attrs)
        elif tag in _BLOCKS:
            self._start_block(tag, attrs)

    def _add_mark(self, kind: Kind) -> None:
        self.flush()
        self.blocks.append(Line(kind, 0, RichText("", self.here)))

    def _start_block(self, tag: str, attrs: dict[str, str]) -> None:
        self.flush()
        closed = _CLOSED_BY.get(tag, set())
        while self.open and self.open[-1][0] in closed:
            self.open.pop()
        if tag == "li" and attrs.get("value"):
            self.number = f"{self.number} {attrs['value']}.".strip()
        self.count += tag in _CONTAINERS
        self.open.append((tag, self.count if tag in _CONTAINERS else 0))

    def end(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif self.hidden or self.inline.end_tag(tag):
            return
        elif tag == "br":  # which </br> is taken for
            self.break_line()
        elif tag in _TABLE_PARTS:
            self._end_table_part(tag)
        elif any(each == tag for each, _ in self.open):
            self.flush()
            if tag == "li":
                self._end_item()
            while self.open.pop()[0] != tag:
                pass
        elif tag in _BREAKING:
            self.flush()

    def _end_item(self) -> None:
        """End an item; one whose numbers are all that it has is a day in dots."""
        if "." in self.number[:-1]:
            self.add_text(self.number)
            self.number = ""
            self._emit()
        self.number = ""

    def add_text(self, text: str) -> None:
        if not self.hidden:
            self.inline.add(text, self.here)

    def break_line(self, *, is_soft: bool = False) -> bool:
        """End a line within a paragraph or a cell; return whether another begins."""
        if self.tables or (is_soft and self.inline.opened):
            self.inline.add(" " if is_soft else "\n", self.here)
            return False
        if not self._emit():
            return False
        self.is_first, self.is_soft = False, is_soft
        return True

    def flush(self) -> None:
        """End a paragraph."""
        if self.tables:
            self.inline.add("\n", self.here)
            return
        self._emit()
        self.block += 1
        self.is_first, self.is_soft = True, False

    def _emit(self) -> bool:
        text = self.inline.take()
        if box := _CHECKBOX.match(text.text):
            text = text.slice(box.end())
        if not text.text and not text.links:
            return False
        kind, level = self._find_kind()
        source = (self.is_first, self.is_soft, self.number, self.source)
        self.blocks.append(Line(kind, level, text, self.path, self.block, *source))
        self.number = ""
        return True

    def _find_kind(self) -> tuple[Kind, int]:
        tags = [tag for tag, _ in self.open]
        depth = tags.count("ul") + tags.count("ol")
        other = (Kind.ITEM, depth) if depth else (Kind.PARAGRAPH, tags.count("blockquote"))
        return next((_KINDS[tag] for tag in reversed(tags) if tag in _KINDS), other)

    # tables

    def _start_table_part(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == "table":
            if not self.tables:
                self.flush()
            self.tables.append(_TableBuilder(self.here, self.inline))
        elif not self.tables:
            return
        else:
            self._end_table_part("td")
            if tag == "tr":
                self.tables[-1].rows.append((self.here, set()))
            elif tag in {"td", "th"}:
                self.tables[-1].start_cell(self.here, attrs, is_head=tag == "th")
        self.inline = _InlineBuilder()

    def _end_table_part(self, tag: str) -> None:
        if not self.tables:
            return
        table = self.tables[-1]
        if tag == "caption":
            self.blocks.append(Line(*_KINDS["summary"], self.inline.take(), self.path, self.block))
        elif table.cell:
            table.end_cell(self.inline.take())
        self.inline = _InlineBuilder()
        if tag == "table":
            self.tables.pop()
            self.inline = table.outer
            if (built := table.build(self.html_end or self.here + 1, self.path)).rows:
                self.blocks.append(built)


class _TableBuilder:
    """Gathers the cells of a table; those that span rows are repeated."""

    def __init__(self, line: int, outer: "_InlineBuilder") -> None:
        self.line, self.outer = line, outer
        self.rows: list[tuple[int, set[bool]]] = []  # the line of each, and whether its cells are heads
        self.grid: dict[tuple[int, int], RichText] = {}
        self.cell: list[tuple[int, int]] = []  # the rows and columns of the cell that is open

    def start_cell(self, line: int, attrs: dict[str, str], *, is_head: bool) -> None:
        if not self.rows:
            self.rows.append((line, set()))
        self.rows[-1][1].add(is_head)
        row = len(self.rows) - 1
        column = next(column for column in count() if (row, column) not in self.grid)
        width, height = _parse_span(attrs.get("colspan")), _parse_span(attrs.get("rowspan"))
        self.cell = [(row + down, column + right) for down in range(height) for right in range(width)]

    def end_cell(self, text: RichText) -> None:
        text = text if text.line else replace(text, line=self.rows[-1][0])
        for row, column in self.cell:
            self.grid[row, column] = text if column == self.cell[0][1] else RichText("", text.line)
        self.cell = []

    def build(self, end: int, path: tuple[int, ...]) -> Table:
        width = max((column + 1 for _, column in self.grid), default=0)
        rows = []
        for number, (line, heads) in enumerate(self.rows):
            texts = tuple(self.grid.get((number, column)) or RichText("", line) for column in range(width))
            if any(text.text or text.links for text in texts):
                rows.append(Row(line, texts, is_head=heads == {True} and number == 0))
        return Table(self.line, max(end, self.line + 1), tuple(rows), path)


def _parse_span(value: str | None) -> int:
    return min(int(value), 100) if value and value.isdigit() and int(value) else 1


_SPACES = re.compile(r"[^\S\n ][^\S\n]*| [^\S\n]+")  # but a single space


class _InlineBuilder:
    """Gathers the text of a line, with its marks."""

    def __init__(self) -> None:
        self.opened: list[tuple[Mark, int, str]] = []
        self.struck = 0
        self.clear()

    def clear(self) -> None:
        self.parts: list[str] = []
        self.length = self.line = 0
        self.ranges: list[Range] = []
        self.struck_parts: list[str] = []

    def add(self, text: str, line: int) -> None:
        if not text.isascii():
            text = INVISIBLE.sub("", text)
        if self.struck:
            self.struck_parts.append(text)
            self.line = self.line or line
            return
        if "  " in text or not text.isprintable():
            text = _SPACES.sub(" ", text)
        last = self.parts[-1][-1:] if self.parts else "\n"
        if last in {" ", "\n"}:
            text = text.lstrip(" ") if last == " " or text.strip(" ") != text else text
        if last == "\n" and text.startswith("\n"):
            text = text.lstrip("\n ")
        if text:
            self.line = self.line or (line if text.strip() else 0)
            self.parts.append(text)
            self.length += len(text)

    def start_tag(self, tag: str, attrs: dict[str, str], line: int) -> bool:
        """Start what a tag marks within a line; return whether it is such a tag.

        A picture is left out; its description is the label of a link that has nothing else.
        """
        if tag in _MARKS:
            self.opened.append((_MARKS[tag], self.length, INVISIBLE.sub("", attrs.get("href", ""))))
        elif tag == "img" and any(mark is Mark.LINK and start == self.length for mark, start, _ in self.opened):
            self.add(attrs.get("alt", ""), line)
        self.struck += tag in _STRUCK
        return tag in _MARKS or tag in _STRUCK or tag == "img"

    def end_tag(self, tag: str) -> bool:
        if tag in _MARKS:
            place = next((n for n in reversed(range(len(self.opened))) if self.opened[n][0] is _MARKS[tag]), None)
            if place is not None:
                self.add_range(*self.opened.pop(place))
        elif tag in _STRUCK:
            self.struck = max(0, self.struck - 1)
        return tag in _MARKS or tag in _STRUCK

    def add_range(self, mark: Mark, start: int, url: str) -> None:
        if mark is not Mark.LINK or url:
            self.ranges.append(Range(start, self.length, mark, url.strip()))

    def take(self) -> RichText:
        """Return the text so far and start the next; marks that are open go on."""
        for each in self.opened:
            if each[1] < self.length:
                self.add_range(*each)
        text, is_struck = "".join(self.parts), False
        if not text.strip() and self.struck_parts:
            text, is_struck = "".join(self.struck_parts), True
        linked = [r for r in self.ranges if r.mark is Mark.LINK]
        bare = () if "://" not in text else link_addresses(text)
        self.ranges += [r for r in bare if not any(each.start < r.end and r.start < each.end for each in linked)]
        ranges = sorted((r for r in self.ranges if r.end <= len(text)), key=lambda r: (r.start, r.end))
        made = RichText(text, self.line, tuple(ranges), is_struck=is_struck).slice(0)
        self.opened = [(mark, 0, url) for mark, _, url in self.opened]
        self.clear()
        return made


def iter_texts(document: Document) -> Iterator[RichText]:
    """Yield every line and cell of a page."""
    for block in document.blocks:
        if isinstance(block, Line):
            yield block.text
        else:
            yield from (cell for row in block.rows for cell in row.cells)
