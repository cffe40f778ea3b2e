"""Paragraphs that end with a line that is nothing but a day, a talk each."""

from collections.abc import Sequence

from readingroom.importer.blocks.page import Block, Text
from readingroom.importer.inline import slicing
from readingroom.importer.inline.spans import Words
from readingroom.importer.sections import date_position
from readingroom.importer.sections.date_position import MAX_LINE, Daymark
from readingroom.importer.sections.lists import Start

_LEAST = 2  # paragraphs, and lines of each
_MAX_UNDONE = 50  # letters; a line of prose that is wrapped is longer

Ended = tuple[Start, list[Block]]


def read(blocks: Sequence[Block]) -> dict[int, Ended]:
    """Return what such paragraphs tell, and what is left of each, by these; nothing if there is only one."""
    found = {id(block): ended for block in blocks if isinstance(block, Text) and (ended := _ended(block))}
    return found if len(found) >= _LEAST else {}


def _ended(block: Text) -> Ended | None:
    """Return the day and the title of a paragraph whose first line is one, and does not go on in the next."""
    if block.is_item or block.depth or not any("\n" in run.text for run in block.words.runs):
        return None
    lines = list(date_position.lines(block.words))
    if len(lines) < _LEAST:
        return None
    first, *between, last = lines
    mark = date_position.day_of(last)
    if mark is None or not _is_alone(mark) or date_position.day_of(first):
        return None
    title = slicing.text(first.runs).strip()
    if len(title) > MAX_LINE or (between and _goes_on(title, between[0])):
        return None
    below: list[Block] = [Text(line.line, line) for line in between]
    return Start(mark.day(), first.runs), below


def _is_alone(mark: Daymark) -> bool:
    """Tell whether a line is a day with its year and nothing else."""
    start, end = mark.span()
    return mark.found.year > 0 and not (mark.text[:start] + mark.text[end:]).strip(" ()[]（）*_.,–—-")


def _goes_on(title: str, after: Words) -> bool:
    text = slicing.text(after.runs).strip()
    is_done = len(title) <= _MAX_UNDONE or title[-1:] in {".", "!", "?", ":", '"', "”", ")"}
    return not is_done or not text[:1].isupper()
