"""Paragraphs that end with a line that is nothing but a day, a talk each."""

from collections.abc import Sequence

from readingroom.importer.blocks.page import Block, TextBlock
from readingroom.importer.inline import slicing
from readingroom.importer.inline.spans import InlineText
from readingroom.importer.sections import date_position
from readingroom.importer.sections.date_position import MAX_LINE, DatePosition
from readingroom.importer.sections.lists import SessionStart

_LEAST = 2  # paragraphs, and lines of each
_MAX_UNDONE = 50  # letters; a line of prose that is wrapped is longer

ClosingDate = tuple[SessionStart, list[Block]]


def find_closing_dates(blocks: Sequence[Block]) -> dict[int, ClosingDate]:
    """Return what such paragraphs tell, and what is left of each, by these; nothing if there is only one."""
    found = {
        id(block): ended for block in blocks if isinstance(block, TextBlock) and (ended := _find_closing_date(block))
    }
    return found if len(found) >= _LEAST else {}


def _find_closing_date(block: TextBlock) -> ClosingDate | None:
    """Return the day and the title of a paragraph whose first line is one, and does not go on in the next."""
    if block.is_item or block.depth or not any("\n" in run.text for run in block.words.runs):
        return None
    lines = list(date_position.iter_lines(block.words))
    if len(lines) < _LEAST:
        return None
    first, *between, last = lines
    mark = date_position.find_date_position(last)
    if mark is None or not _is_only_date(mark) or date_position.find_date_position(first):
        return None
    title = slicing.get_visible_text(first.runs).strip()
    if len(title) > MAX_LINE or (between and _is_title_continued(title, between[0])):
        return None
    below: list[Block] = [TextBlock(line.line, line) for line in between]
    return SessionStart(mark.slice_date(), first.runs), below


def _is_only_date(mark: DatePosition) -> bool:
    """Tell whether a line is a day with its year and nothing else."""
    start, end = mark.find_bounds()
    return mark.found.year > 0 and not (mark.text[:start] + mark.text[end:]).strip(" ()[]（）*_.,–—-")


def _is_title_continued(title: str, after: InlineText) -> bool:
    text = slicing.get_visible_text(after.runs).strip()
    is_done = len(title) <= _MAX_UNDONE or title[-1:] in {".", "!", "?", ":", '"', "”", ")"}
    return not is_done or not text[:1].isupper()
