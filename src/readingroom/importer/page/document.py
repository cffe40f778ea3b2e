"""A page to its blocks: lines of text and tables, whether they are Markdown, HTML or both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from readingroom.core.text_file import normalize_typed_text
from readingroom.importer.page import data_files, repair
from readingroom.importer.page.blocks import Block, Kind, Line, LineMessage, Row, Table
from readingroom.importer.page.rich_text import Mark, Range, RichText, find_addresses
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


def parse_document(path: str, text: str) -> Document:
    """Return the page with this text; every text is valid."""
    typed = normalize_typed_text(text)
    warnings = list(_check_invisible_characters(typed))
    text = INVISIBLE.sub("", typed)
    if path.lower().endswith(data_files.SUFFIXES):
        return Document(path, text, tuple(data_files.read_records(path, text)), warnings=tuple(warnings))
    front = _match_front_matter(typed)
    body = "\n" * front[0].count("\n") + typed[front.end() :] if front else typed
    builder = _BlockBuilder()
    if path.lower().endswith((".html", ".htm")):
        builder.feed_html(_drop_templating(body), 1)
    else:
        lines, repaired = repair.repair_lines(_drop_templating(body).split("\n"))
        warnings += repaired
        builder.numbers = [number for number, _ in lines]
        for token in get_parser(ParserUse.IMPORT).parse("\n".join(line for _, line in lines)):
            builder.add_token(token)
    while builder.tables:
        builder.end("table")
    builder.flush()
    front_text = INVISIBLE.sub("", front[1] or front[2] or "") if front else ""
    return Document(path, text, tuple(builder.blocks), front_text, tuple(warnings))


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
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BREAKING = frozenset(
    {
        "p", "div", "section", "article", "header", "footer", "main", "nav", "aside", "center", "ul", "ol", "dl", "dd",
        "blockquote", "figure", "form", "fieldset", "address", "body", "html", "head", "hgroup", "title",
    }
)  # fmt: skip
_CONTAINERS = frozenset({"li", "blockquote", "details", "dd", "div", "section", "article"})
_HIDDEN = frozenset({"script", "style", "template", "svg", "select", "noscript", "math"})
_CLOSED_BY = {"li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "p": {"p"}}
_MARKS = {
    "strong": Mark.STRONG,
    "b": Mark.STRONG,
    "em": Mark.EMPHASIS,
    "i": Mark.EMPHASIS,
    "code": Mark.CODE,
    "a": Mark.LINK,
}
_STRUCK = frozenset({"s", "del", "strike"})


class _BlockBuilder(HTMLParser):
    """Takes tokens of Markdown and tags of HTML as one stream, and gathers blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.numbers: list[int] = []
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
        self.html_end = 0  # of the HTML that is being read

    def map_line(self, line: int) -> int:
        """Return the line of the page, from 1, of a line of the repaired text, from 0."""
        return self.numbers[line] if line < len(self.numbers) else (self.numbers[-1] if self.numbers else line + 1)

    # Markdown

    def add_token(self, token: "Token") -> None:
        if token.map:
            self.here = self.map_line(token.map[0])
        match token.type:
            case "inline":
                self._add_inline(token)
            case "html_block":
                self.source = ""
                self.html_end = self.map_line((token.map or [0, 1])[1] - 1) + 1
                self.feed_html(token.content, self.here)
                self.html_end = 0
            case "fence" | "code_block":
                self.flush()
                self.blocks += [
                    Line(Kind.CODE, 0, RichText(INVISIBLE.sub("", line), self.here + number + (token.type == "fence")))
                    for number, line in enumerate(token.content.split("\n"))
                    if line.strip()
                ]
            case "hr":
                self.flush()
                self.blocks.append(Line(Kind.RULE, 0, RichText("", self.here)))
            case "list_item_open":
                self.start("li", {"value": token.info} if token.info else {})
            case _ if token.nesting == 1:
                self.start(token.tag, {str(key): str(value) for key, value in token.attrs.items()})
            case _ if token.nesting == -1:
                self.end(token.tag)

    def _add_inline(self, token: "Token") -> None:
        first = token.map[0] if token.map else 0
        breaks = 0
        lines = token.content.split("\n")
        has_breaks = "<br" in token.content.lower()
        self.source = "" if has_breaks else lines[0].strip()
        for child in token.children or ():
            match child.type:
                case "text":
                    self.add_text(child.content)
                case "softbreak" | "hardbreak":
                    breaks += 1
                    self.here = self.map_line(first + breaks)
                    is_new = self.break_line(is_soft=child.type == "softbreak")
                    source = "" if has_breaks or breaks >= len(lines) else lines[breaks].strip()
                    self.source = source if is_new or not self.source else f"{self.source}\n{source}"
                case "code_inline":
                    self.start("code", {})
                    self.add_text(child.content)
                    self.end("code")
                case "html_inline":
                    self.feed_html(child.content, self.here)
                case "image":
                    self.inline.add_image(child.content, self.here)
                case _ if child.nesting == 1:
                    self.start(child.tag, {str(key): str(value) for key, value in child.attrs.items()})
                case _ if child.nesting == -1:
                    self.end(child.tag)

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

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._set_line()
        self.end(tag)

    def handle_data(self, data: str) -> None:
        line = self.base + self.getpos()[0] - 1
        for number, part in enumerate(data.split("\n")):
            self.here = line + number
            self.add_text(f" {part}" if number else part)

    def handle_comment(self, data: str) -> None:
        if data.strip() == "section":
            self._set_line()
            self.flush()
            self.blocks.append(Line(Kind.SECTION, 0, RichText("", self.here)))

    def unknown_decl(self, data: str) -> None:
        """Leave out what is in a marked section."""

    # both

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if tag in _HIDDEN:
            self.hidden += 1
        elif self.hidden or self.inline.start_tag(tag, attrs, self.here):
            return
        elif tag == "br":
            self.break_line()
        elif tag == "hr":
            self.flush()
            self.blocks.append(Line(Kind.RULE, 0, RichText("", self.here)))
        elif tag in {"table", "tr", "td", "th", "thead", "tbody", "caption"}:
            self._start_table_part(tag, attrs)
        elif tag in _BREAKING or tag in _HEADINGS or tag in {"li", "dt", "summary", "details", "pre"}:
            self._start_block(tag, attrs)

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
        elif tag in {"table", "tr", "td", "th", "caption"}:
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
        if self._emit():
            self.is_first = False
            self.is_soft = is_soft
            return True
        return False

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
        path = tuple(number for _, number in self.open if number)
        self.blocks.append(
            Line(kind, level, text, path, self.block, self.is_first, self.is_soft, self.number, self.source)
        )
        self.number = ""
        return True

    def _find_kind(self) -> tuple[Kind, int]:
        tags = [tag for tag, _ in self.open]
        for tag in reversed(tags):
            if tag in _HEADINGS:
                return Kind.HEADING, _HEADINGS[tag]
            if tag == "summary":
                return Kind.SUMMARY, 7
            if tag == "dt":
                return Kind.TERM, 8
            if tag == "pre":
                return Kind.CODE, 0
        depth = tags.count("ul") + tags.count("ol")
        return (Kind.ITEM, depth) if depth else (Kind.PARAGRAPH, len([tag for tag in tags if tag == "blockquote"]))

    # tables

    def _start_table_part(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == "table":
            if not self.tables:
                self.flush()
            self.tables.append(_TableBuilder(self.here, self.inline))
            self.inline = _InlineBuilder()
        elif self.tables:
            self._end_table_part("td")
            if tag == "caption":
                self.inline = _InlineBuilder()
                return
            table = self.tables[-1]
            if tag == "tr":
                table.start_row(self.here)
            elif tag in {"td", "th"}:
                table.start_cell(self.here, attrs, is_head=tag == "th")
                self.inline = _InlineBuilder()

    def _end_table_part(self, tag: str) -> None:
        if not self.tables:
            return
        table = self.tables[-1]
        if tag == "caption":
            self.blocks.append(
                Line(Kind.SUMMARY, 7, self.inline.take(), tuple(n for _, n in self.open if n), self.block)
            )
            self.inline = _InlineBuilder()
            return
        if table.is_in_cell:
            table.end_cell(self.inline.take())
            self.inline = _InlineBuilder()
        if tag != "table":
            return
        self.tables.pop()
        self.inline = table.outer
        path = tuple(number for _, number in self.open if number)
        built = table.build(self.html_end or self.here + 1, path)
        if built.rows:
            self.blocks.append(built)


class _TableBuilder:
    """Gathers the rows of a table; cells that span rows or columns are repeated."""

    def __init__(self, line: int, outer: "_InlineBuilder") -> None:
        self.line, self.outer = line, outer
        self.rows: list[tuple[int, dict[int, RichText], set[bool]]] = []
        self.spans: dict[tuple[int, int], RichText] = {}
        self.is_in_cell = False
        self.cell: tuple[int, int, int] = (0, 1, 1)

    def start_row(self, line: int) -> None:
        self.rows.append((line, {}, set()))

    def start_cell(self, line: int, attrs: dict[str, str], *, is_head: bool) -> None:
        if not self.rows:
            self.start_row(line)
        _, cells, heads = self.rows[-1]
        heads.add(is_head)
        place, row = 0, len(self.rows) - 1
        while place in cells or (row, place) in self.spans:
            if (row, place) in self.spans:
                cells.setdefault(place, self.spans[row, place])
            place += 1
        self.cell = (place, _parse_span(attrs.get("colspan")), _parse_span(attrs.get("rowspan")))
        self.is_in_cell = True

    def end_cell(self, text: RichText) -> None:
        self.is_in_cell = False
        place, columns, rows = self.cell
        text = text if text.line else RichText(text.text, self.rows[-1][0], text.ranges, text.is_struck)
        for column in range(place, place + columns):
            self.rows[-1][1][column] = text if column == place else RichText("", text.line)
            for below in range(1, rows):
                self.spans[len(self.rows) - 1 + below, column] = text

    def build(self, end: int, path: tuple[int, ...]) -> Table:
        width = max((max(cells) + 1 for _, cells, _ in self.rows if cells), default=0)
        rows = []
        for number, (row_line, cells, heads) in enumerate(self.rows):
            for place in range(width):
                if (number, place) in self.spans:
                    cells.setdefault(place, self.spans[number, place])
            texts = tuple(cells.get(place, RichText("", row_line)) for place in range(width))
            if any(text.text or text.links for text in texts):
                rows.append(Row(row_line, texts, is_head=heads == {True} and number == 0))
        return Table(self.line, max(end, self.line + 1), tuple(rows), path)


def _parse_span(value: str | None) -> int:
    return min(int(value), 100) if value and value.isdigit() and int(value) else 1


_SPACES = re.compile(r"[^\S\n ][^\S\n]*| [^\S\n]+")  # but a single space


class _InlineBuilder:
    """Gathers the text of a line, with its marks."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.line = 0
        self.opened: list[tuple[Mark, int, str]] = []
        self.ranges: list[Range] = []
        self.struck = 0
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
        """Start what a tag marks within a line; return whether it is such a tag."""
        if tag in _MARKS:
            self.open(_MARKS[tag], attrs.get("href", ""))
        elif tag in _STRUCK:
            self.struck += 1
        elif tag == "img":
            self.add_image(attrs.get("alt", ""), line)
        else:
            return False
        return True

    def end_tag(self, tag: str) -> bool:
        if tag in _MARKS:
            self.close(_MARKS[tag])
        elif tag in _STRUCK:
            self.struck = max(0, self.struck - 1)
        return tag in _MARKS or tag in _STRUCK

    def add_image(self, description: str, line: int) -> None:
        """Leave out a picture; its description is the label of a link that has nothing else."""
        if any(mark is Mark.LINK and start == self.length for mark, start, _ in self.opened):
            self.add(description, line)

    def open(self, mark: Mark, url: str = "") -> None:
        self.opened.append((mark, self.length, INVISIBLE.sub("", url)))

    def close(self, mark: Mark) -> None:
        for place in range(len(self.opened) - 1, -1, -1):
            if self.opened[place][0] is mark:
                _, start, url = self.opened.pop(place)
                if mark is not Mark.LINK or url:
                    self.ranges.append(Range(start, self.length, mark, url.strip()))
                return

    def take(self) -> RichText:
        """Return the text so far and start the next; marks that are open go on."""
        for mark, start, url in self.opened:
            if start < self.length and (mark is not Mark.LINK or url):
                self.ranges.append(Range(start, self.length, mark, url))
        text, is_struck = "".join(self.parts), False
        if not text.strip() and self.struck_parts:
            text, is_struck = "".join(self.struck_parts), True
        linked = [r for r in self.ranges if r.mark is Mark.LINK]
        if "://" in text:
            self.ranges += [
                Range(start, end, Mark.LINK, url)
                for start, end, url in find_addresses(text)
                if not any(r.start < end and start < r.end for r in linked)
            ]
        ranges = sorted((r for r in self.ranges if r.end <= len(text)), key=lambda r: (r.start, r.end))
        made = RichText(text, self.line, tuple(ranges), is_struck).slice(0)
        self.opened = [(mark, 0, url) for mark, _, url in self.opened]
        self.parts, self.length, self.line, self.ranges, self.struck_parts = [], 0, 0, [], []
        return made


def iter_texts(document: Document) -> Iterator[RichText]:
    """Yield every line and cell of a page."""
    for block in document.blocks:
        if isinstance(block, Line):
            yield block.text
        else:
            yield from (cell for row in block.rows for cell in row.cells)
