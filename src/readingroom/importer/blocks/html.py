"""HTML in a page, by lxml: its tables, headings, items and paragraphs as a browser would find them."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from readingroom.importer.dates import match, month_names
from readingroom.importer.inline import slicing, spans
from readingroom.importer.inline.spans import InlineText, Span
from readingroom.text.characters import UNWRITABLE

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_SPAN = 1_000
MAX_COLUMNS = 200


class HtmlBlock(NamedTuple):
    """A block of HTML: its kind (a heading's level, ``item``, ``text`` or ``table``), its words or its rows."""

    kind: str
    line: int
    words: InlineText
    rows: tuple[tuple[int, tuple[InlineText, ...]], ...] = ()
    depth: int = 0


def parse_html_blocks(html: str, line: int) -> Iterator[HtmlBlock]:
    """Yield the blocks of a piece of HTML that starts in a line of a page."""
    from lxml import etree  # noqa: PLC0415 -- only a page with HTML needs it
    from lxml.html import HTMLParser, document_fromstring  # noqa: PLC0415

    try:
        root = document_fromstring(
            f"<!doctype html><body>{UNWRITABLE.sub(' ', html)}", parser=HTMLParser(recover=True, huge_tree=False)
        )
    except (etree.LxmlError, ValueError):
        return
    yield from _walk_blocks(root, line - 1)


_LEVELS = {f"h{level}": str(level) for level in range(1, 7)}
_SKIPPED = frozenset({"script", "style", "head", "template"})
_CONTAINERS = frozenset({"div", "section", "article", "details"})


def _parse_card(element: "HtmlElement", offset: int, depth: int) -> list[HtmlBlock]:
    """Return the blocks of a container that is one session, or none."""
    if not _has_one_heading(element) or _has_one_heading(element.getparent()):
        return []
    return _sort_card_blocks(
        [piece._replace(depth=piece.depth + depth) for piece in _walk_blocks(element, offset, is_card=True)]
    )


def _has_one_heading(element: "HtmlElement | None") -> bool:
    if element is None or element.tag not in _CONTAINERS:
        return False
    return len(list(islice(element.iter(*_LEVELS), 2))) == 1


def _sort_card_blocks(several: Sequence[HtmlBlock]) -> list[HtmlBlock]:
    """Return the blocks of a container with its heading and its day first, or none if they are no session's."""
    headings = [piece for piece in several if piece.kind.isdigit()]
    days = [piece for piece in several if not piece.kind.isdigit() and _has_day(piece)]
    if len(headings) != 1 or len(days) != 1 or _has_day(headings[0]) or any(each.kind == "table" for each in several):
        return []
    others = [piece for piece in several if piece is not headings[0] and piece is not days[0]]
    return [headings[0], *_insert_day_label(days[0]), *map(_replace_emoji_by_label, others)]


def _has_day(piece: HtmlBlock) -> bool:
    return any(_is_day_line(line) for line in slicing.split_lines(piece.words.runs))


def _is_day_line(line: slicing.Spans) -> bool:
    text = slicing.get_raw_text(line)
    found = match.find_date(text[: match.MAX_TEXT])
    if found is None or not (found.year or not found.is_open) or len(text) > _MAX_DAY_LINE:
        return False
    before, after = text[: found.start].strip(), text[found.end :].lstrip(" ,.")
    is_start = (
        not _LETTER.search(before) or before.endswith((":", "：")) or month_names.find_weekday(before) is not None
    )
    return is_start and not after[:1].islower()


def _insert_day_label(piece: HtmlBlock) -> list[HtmlBlock]:
    """Return the lines of a block, that of the day with a label."""
    made: list[HtmlBlock] = []
    for line in slicing.split_lines(piece.words.runs):
        runs = tuple(line)
        if _is_day_line(line) and not _LABEL.match(slicing.get_raw_text(line)):
            start = len(slicing.get_raw_text(line)) - len(_SIGNS.sub("", slicing.get_raw_text(line)))
            runs = (Span("Date", strong=True), Span(": "), *slicing.slice_spans(runs, start))
        made.append(_replace_emoji_by_label(piece._replace(kind="text", words=InlineText(piece.line, runs))))
    return made


def _replace_emoji_by_label(piece: HtmlBlock) -> HtmlBlock:
    """Return a block that begins with a sign such as a pin with the label that it represents."""
    text = slicing.get_raw_text(piece.words.runs)
    label = next((label for signs, label in _EMOJI_LABELS.items() if text.strip()[:1] in set(signs)), "")
    if not label or "\n" in "".join(run.text for run in piece.words.runs):
        return piece
    start = len(text) - len(_SIGNS.sub("", text))
    runs = slicing.slice_spans(piece.words.runs, start)
    if _LABEL.match(slicing.get_raw_text(runs)):
        return piece._replace(words=InlineText(piece.line, runs))
    return piece._replace(words=InlineText(piece.line, (Span(label, strong=True), Span(": "), *runs)))


_MAX_DAY_LINE = 100
_LETTER = re.compile(r"[^\W\d_]")
_LABEL = re.compile(r"\s*[^\W\d_][^:：\d\n]{0,30}[:：]")
_SIGNS = re.compile(r"\A[\s\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]{1,12}")
_EMOJI_LABELS = {"📍🏢🏛": "Room", "🕐🕑🕒🕓🕔🕕🕖🕗🕘🕙🕚🕛⏰⏱⌚": "Time", "👤🎤🗣👩👨🧑": "Speaker"}


def _walk_blocks(root: "HtmlElement", offset: int, *, is_card: bool = False) -> Iterator[HtmlBlock]:
    """Yield the blocks below an element; text between them counts as a paragraph."""
    pending: list[tuple[Any, int]] = [(root, 0)]
    while pending:
        element, depth = pending.pop()
        if isinstance(element, InlineText):
            yield HtmlBlock("text", element.line, element, depth=depth)
            continue
        name, line = element.tag, (element.sourceline or 1) + offset
        if not isinstance(name, str) or name in _SKIPPED:
            continue
        if not is_card and (several := _parse_card(element, offset, depth)):
            yield from several
        elif name == "table":
            for caption in element.findall("caption"):
                yield HtmlBlock("text", line, InlineText(line, tuple(_iter_element_spans(caption))), depth=depth)
            yield HtmlBlock("table", line, InlineText(line), tuple(_iter_html_rows(element, offset)))
            pending += [
                (below, depth)
                for below in reversed(list(element.iterdescendants("table")))
                if _is_directly_in(below, element)
            ]
        elif name in _LEVELS or name in {"p", "li", "dt", "dd", "summary"}:
            kind = _LEVELS.get(name, "item" if name in {"li", "dt"} else "text")
            yield HtmlBlock(kind, line, InlineText(line, tuple(_iter_element_spans(element))), depth=depth)
            pending += [(below, depth) for below in reversed(element) if below.tag in {"ul", "ol", "table", "li"}]
        else:
            deeper = depth + (name in {"ul", "ol", "dl"})
            pending += [(each, deeper) for each in reversed(list(_iter_child_parts(element, offset)))]


def _iter_child_parts(element: "HtmlElement", offset: int) -> Iterator[Any]:
    line = (element.sourceline or 1) + offset
    if element.text and element.text.strip():
        yield spans.parse_inline(spans.squeeze_spaces(element.text), line)
    for below in element:
        yield below
        if below.tail and below.tail.strip():
            yield spans.parse_inline(spans.squeeze_spaces(below.tail), (below.sourceline or 1) + offset)


def _is_directly_in(table: "HtmlElement", outer: "HtmlElement") -> bool:
    """Return whether a table is right within another, not within one that does."""
    return next(table.iterancestors("table"), None) is outer


def _iter_element_spans(element: "HtmlElement") -> Iterator[Span]:
    """Yield the runs within an element, with a line break between blocks."""
    return spans.insert_block_breaks(_walk_spans(element))


def _walk_spans(element: "HtmlElement") -> Iterator[Span]:
    """Yield the runs within an element, without the tables in it; lists are part of a cell alone."""
    apart = {"table"} if element.tag in {"td", "th"} else {"ul", "ol", "table"}
    pending: list[tuple[Any, Span]] = [(element, Span(""))]
    first = True
    while pending:
        part, state = pending.pop()
        if isinstance(part, str):
            yield from _parse_html_text(part, state)
            continue
        name = part.tag
        if not isinstance(name, str) or name in _SKIPPED or (name in apart and not first):
            continue
        first = False
        if name == "br":
            yield state._replace(text="\n")
        elif name == "img":
            yield spans.build_image_span(part.get("alt", ""), part.get("src", ""), state)
        state = spans.apply_tag_style(state, name, part.get("href") or "")
        if name == "a" and _is_icon_link(part) and spans.is_link_to_page(state.url):
            yield state._replace(text=spans.ICON_LINK_TEXT)
        below: list[tuple[Any, Span]] = [(part.text or "", state)]
        below += [(piece, state) for each in part for piece in (each, each.tail or "")]
        if name in spans.BLOCK_TAGS and part is not element:
            yield Span(spans.BLOCK_EDGE)
            below.append((spans.BLOCK_EDGE, state))
        pending += reversed(below)


def _is_icon_link(link: "HtmlElement") -> bool:
    """Return whether a link shows no words and no picture."""
    return not link.text_content().strip() and link.find(".//img") is None


def _parse_html_text(text: str, state: Span) -> Iterator[Span]:
    """Yield the runs of a text in HTML; Markdown in it, which GitHub reads after an empty line, is read too."""
    if text == spans.BLOCK_EDGE or "](" not in text:
        yield state._replace(text=text if text == spans.BLOCK_EDGE else _replace_line_breaks(text))
        return
    for run in spans.parse_inline(spans.squeeze_spaces(text), 0).runs:
        yield run._replace(struck=run.struck or state.struck, url=run.url or state.url)


def _replace_line_breaks(text: str) -> str:
    return " " if text.isspace() else text.replace("\n", " ")


def _iter_html_rows(table: "HtmlElement", offset: int) -> Iterator[tuple[int, tuple[InlineText, ...]]]:
    """Yield the rows of a table, each with its line; cells that span rows or columns are repeated.

    A cell that spans rows keeps its own line in those below.
    """
    held: dict[int, tuple[int, InlineText]] = {}
    for row in _iter_own_elements(table, {"tr"}):
        line = (row.sourceline or 1) + offset
        cells: list[InlineText] = []
        for element in _iter_own_elements(row, {"td", "th"}):
            _fill_spanned_cells(cells, held)
            made = InlineText((element.sourceline or 1) + offset, tuple(_iter_element_spans(element)))
            for _ in range(_get_cell_span(element, "colspan")):
                if len(cells) < MAX_COLUMNS:
                    if (below := _get_cell_span(element, "rowspan")) > 1:
                        held[len(cells)] = (below - 1, made)
                    cells.append(made)
        _fill_spanned_cells(cells, held)
        yield line, tuple(cells)


def _fill_spanned_cells(cells: list[InlineText], held: dict[int, tuple[int, InlineText]]) -> None:
    """Add the cells of earlier rows that reach into this one."""
    while len(cells) in held:
        place = len(cells)
        left, made = held.pop(place)
        if left > 1:
            held[place] = (left - 1, made)
        cells.append(made)


def _get_cell_span(element: "HtmlElement", name: str) -> int:
    value = (element.get(name) or "1").strip()
    return min(max(int(value), 1), MAX_SPAN) if value.isascii() and value.isdigit() and len(value) < 5 else 1


def _iter_own_elements(element: "HtmlElement", names: set[str]) -> Iterator["HtmlElement"]:
    """Yield the elements of these names below another, but not those of a table within."""
    pending = list(reversed(element))
    while pending:
        each = pending.pop()
        if each.tag in names:
            yield each
        elif each.tag in {"thead", "tbody", "tfoot", "tr"}:
            pending += reversed(each)
