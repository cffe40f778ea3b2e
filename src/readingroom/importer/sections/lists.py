"""The items of a list that are sessions, whichever way its day stands in each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from readingroom.importer.blocks.page import TextBlock
from readingroom.importer.dates import match
from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import InlineText, Span
from readingroom.importer.sections.date_position import DatePosition, DatePositions

MIN_CLOSING_DATES = 2


@dataclass(frozen=True, slots=True)
class SessionStart:
    """What an item begins a session with: the words of its day, none if a label below tells it, and the rest."""

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
    is_told = any(marks.get_label_value(block) for block in (item, *below))
    return SessionStart(None, item.words.runs) if is_told else None


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
        if found and (found.start, found.end, found.until, found.odd, found.day) == (0, len(shown), "", "", 1):
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
