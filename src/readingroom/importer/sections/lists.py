"""The items of a list that are sessions, whichever way its day is in each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from readingroom.importer.blocks.page import Block, TextBlock
from readingroom.importer.dates import match, terms
from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import InlineText, LineMessage, Span
from readingroom.importer.sections.date_position import DatePosition, DatePositions
from readingroom.importer.sections.labelled import DateLabels
from readingroom.importer.session import labels as session_labels
from readingroom.importer.vocabulary import fields, words

MIN_CLOSING_DATES = 2


@dataclass(frozen=True, slots=True)
class SessionStart:
    """What an item begins a session with: the words of its day, none if a label below gives it, and the rest."""

    day: InlineText | None
    rest: Spans


@dataclass
class SessionList:
    """A list's sessions, each with what is below it, and its items that are none."""

    sessions: list[tuple[TextBlock, list[TextBlock], SessionStart]] = field(default_factory=list)
    others: list[tuple[TextBlock, list[TextBlock]]] = field(default_factory=list)


def read_session_list(part: Sequence[TextBlock], month: str, marks: DatePositions) -> SessionList:
    """Return the sessions of a list below a heading that names a month, or none if ``month`` is empty."""
    starts = _find_opening_starts(part, marks, month)
    depths = [block.depth for block in part if id(block) in starts] or [b.depth for b in part if b.is_item]
    groups = list(_iter_items_by_depth(part, min(depths, default=0)))
    last = {id(item): mark.find_last_date() for item, _ in groups if (mark := marks.get_position(item))}
    closing = {item: mark for item, mark in last.items() if mark.is_line_end()}
    if not starts and len(closing) < max(MIN_CLOSING_DATES, len(groups) / 2):
        closing = {}
    made = SessionList()
    for item, below in groups:
        start = (
            starts.get(id(item))
            or _find_labelled_start(item, below, marks)
            or _build_closing_start(closing.get(id(item)))
        )
        if start:
            made.sessions.append((item, below, start))
        else:
            made.others.append((item, below))
    return made


def _find_opening_starts(part: Sequence[TextBlock], marks: DatePositions, month: str) -> dict[int, SessionStart]:
    """Return the items that begin with a day, or with a number below the name of a month."""
    starts: dict[int, SessionStart] = {}
    months = [(-1, month)]
    for block in part:
        if not block.is_item:
            continue
        if (mark := marks.get_position(block)) and mark.is_line_start(is_item=True):
            starts[id(block)] = SessionStart(mark.slice_date(), mark.slice_rest())
            continue
        while len(months) > 1 and months[-1][0] >= block.depth:
            months.pop()
        if found := find_month_template(block.words):
            months.append((block.depth, found))
        elif months[-1][1] and (start := _find_numbered_start(block, months[-1][1])):
            starts[id(block)] = start
    return starts


def _find_labelled_start(item: TextBlock, below: Sequence[TextBlock], marks: DatePositions) -> SessionStart | None:
    has_label = any(marks.get_label_value(block) for block in (item, *below))
    return SessionStart(None, item.words.runs) if has_label else None


def _build_closing_start(mark: DatePosition | None) -> SessionStart | None:
    return SessionStart(mark.slice_date(), mark.slice_rest()) if mark else None


_MONTH = re.compile(
    r"[^\W\d_]{3,12}\.?,?(?:\s(?:of\s|de\s)?[0-9]{4})?|[0-9]{4}[-/.][0-9]{1,2}|(?:[0-9]{4}年\s?)?[0-9]{1,2}月"
)
_NUMBER = re.compile(
    r"\s*(?:[^\W\d_]{2,10}\.?,?\s)?(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.|日|일)?\s*(?:[:：|]|[-–—]\s|[(（]\w{1,10}[)）]\s*[:：-]?)\s*(?=\S)",
    re.IGNORECASE,
)


def find_month_template(words: InlineText) -> str:
    """Return where a line that is the name of a month puts a day's number, such as "{} March 2024", or nothing."""
    text = words.text.strip(" :")
    if len(text) > 24 or not _MONTH.fullmatch(text):
        return ""
    for form in ("{day} {text}", "{text}{day}日", "{text}-{day:02}"):
        shown = form.format(day=1, text=text)
        found = match.find_date(shown)
        if found and (found.start, found.end, found.until, found.doubt, found.day) == (0, len(shown), "", "", 1):
            return form.replace("{text}", text)
    return ""


def _find_numbered_start(block: TextBlock, month: str) -> SessionStart | None:
    if 1 <= block.number <= 31:
        return SessionStart(InlineText(block.line, (Span(month.format(day=block.number)),)), block.words.runs)
    found = _NUMBER.match(slicing.get_raw_text(block.words.runs))
    if not found or not 1 <= int(found["day"]) <= 31:
        return None
    day = InlineText(block.line, (Span(month.format(day=int(found["day"]))),))
    return SessionStart(day, slicing.slice_spans(block.words.runs, found.end()))


def _iter_items_by_depth(part: Sequence[TextBlock], depth: int) -> Iterator[tuple[TextBlock, list[TextBlock]]]:
    """Yield each item of a depth, or above the first of these, with what is below it."""
    item: TextBlock | None = None
    below: list[TextBlock] = []
    for block in part:
        if item is None or (block.is_item and block.depth <= max(depth, item.depth)):
            if item:
                yield item, below
            item, below = block, []
        else:
            below.append(block)
    if item:
        yield item, below


KEPT_MESSAGE = (
    "is below the last item of a list and was kept as a part of the session in line {line}, as below its other "
    "items. If it is none, put a heading above it."
)
_LEFT_MESSAGE = "is between the items of a list and was not imported. Indent it, if it belongs to the item above."


_MOST = 500  # parts of a list


def is_list_block(block: Block) -> bool:
    return isinstance(block, TextBlock) and (block.is_item or block.depth > 0)


def has_dated_items(blocks: Sequence[Block], place: int, marks: DatePositions) -> bool:
    """Return whether two items of a list or more begin with a full day: they are no part of a session above."""
    days = 0
    for at in range(place, len(blocks)):
        block = blocks[at]
        if not isinstance(block, TextBlock) or not is_list_block(block) or days > 1:
            break
        mark = marks.get_position(block) if block.is_item else None
        days += mark is not None and not mark.is_vague and mark.is_line_start(is_item=True)
    return days > 1


def find_list_end(
    blocks: Sequence[Block], place: int, marks: DatePositions, labels: DateLabels, settled: set[int]
) -> tuple[int, int, list[LineMessage]]:
    """Return where a list ends, the line of the paragraphs below its last item that it holds, and messages.

    Paragraphs between its items belong to it where they are below half of the items with days or more; those below
    its last item do if there are no more than below the others, and they begin alike. ``settled`` keeps where the
    parts of lists begin that do not hold together.
    """
    segments = list(_iter_list_segments(blocks, place, marks, labels, most=1 if place in settled else _MOST))
    first = segments[0][0]
    gaps = [blocks[start:stop] for start, stop in segments[:-1]]
    if not gaps:
        return first, 0, []
    last = segments[-1][0]
    days = sum(_is_dated_item(block, marks) for block in blocks[place:last])
    if 2 * len(gaps) < days:
        settled.update(stop for _, stop in segments)
        messages = [
            (gap[0].line, f'"{_format_gap(gap)}" {_LEFT_MESSAGE}') for gap in gaps if not _is_list_introduction(gap[-1])
        ]
        return first, 0, messages
    below = blocks[last : segments[-1][1]]
    if len(gaps) < days - 1 or not below or not _matches_gaps(below, gaps):
        return last, 0, []
    most = max(map(len, gaps))
    return min(last + most, segments[-1][1]), below[0].line, []


def _iter_list_segments(
    blocks: Sequence[Block], place: int, marks: DatePositions, labels: DateLabels, most: int
) -> Iterator[tuple[int, int]]:
    """Yield where each part of a list ends, and where the paragraphs below it do."""
    for _ in range(most):
        start = place
        while start < len(blocks) and is_list_block(blocks[start]):
            start += 1
        stop = start
        while stop < len(blocks) and _is_plain_paragraph(blocks, stop, marks, labels):
            stop += 1
        yield start, stop
        is_list = stop < len(blocks) and is_list_block(blocks[stop]) and stop > start
        if not is_list or not _is_dated_item(blocks[stop], marks) or _is_list_introduction(blocks[stop - 1]):
            return
        place = stop


def _is_plain_paragraph(blocks: Sequence[Block], place: int, marks: DatePositions, labels: DateLabels) -> bool:
    block = blocks[place]
    if (
        not isinstance(block, TextBlock)
        or block.is_item
        or marks.is_session_start(block)
        or labels.find_date_label_end(place)
    ):
        return False
    return not terms.is_term_label(block.words.text) and not find_month_template(block.words)


def _is_list_introduction(block: Block) -> bool:
    """Return whether a paragraph leads on to the list below it."""
    return isinstance(block, TextBlock) and block.words.text.endswith((":", "："))


def _is_dated_item(block: Block, marks: DatePositions) -> bool:
    if not isinstance(block, TextBlock) or not block.is_item:
        return False
    mark = marks.get_position(block)
    return mark is not None and mark.is_line_start(is_item=True) and not mark.is_vague


def _matches_gaps(below: Sequence[Block], gaps: Sequence[Sequence[Block]]) -> bool:
    """Return whether paragraphs begin as those of the other items do, and say nothing of the group."""
    if any(isinstance(block, TextBlock) and _CLOSING.matches_text(block.words.text) for block in below):
        return False
    label = _find_label_role(below[0])
    return any(_find_label_role(gap[0]) == label for gap in gaps)


_CLOSING = words.ExpressionMatcher(words.get_expressions("closing"))


def _find_label_role(block: Block) -> str:
    if not isinstance(block, TextBlock):
        return ""
    return fields.find_role(
        next((name for name, _ in session_labels.parse_label_block(block.words.runs)), ""), session_labels.MAX_WORDS
    )


def _format_gap(gap: Sequence[Block]) -> str:
    return gap[0].words.text[:60] if isinstance(gap[0], TextBlock) else ""
