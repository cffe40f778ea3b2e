"""Dates as short as 3.5 or 2/5, which count as dates only among others like them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from readingroom.importer.blocks.page import Block, Heading, TextBlock
from readingroom.importer.dates import terms
from readingroom.importer.sections import date_position
from readingroom.importer.sections.date_position import DatePosition, DatePositions

_LEAST = 2
_OF_SIGNS = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_MAX_TEXT = 300


def iter_split_blocks(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield a page's blocks, each that holds several sessions parted; below a term's heading short days begin some."""
    is_term = False
    for block in blocks:
        if isinstance(block, Heading):
            is_term = _is_term_heading(block)
        if isinstance(block, TextBlock):
            yield from date_position.iter_session_parts(block, is_term=is_term)
        else:
            yield block


def _is_term_heading(heading: Heading) -> bool:
    return terms.find_term(heading.words.whole) is not None and date_position.find_date_position(heading.words) is None


def resolve_short_dates(blocks: Sequence[Block], marks: DatePositions) -> None:
    """Mark the short days as sure that most of the items next to each other begin with, or most lines below a term."""
    is_term = False
    siblings: defaultdict[tuple[bool, int], list[TextBlock]] = defaultdict(list)
    for block in blocks:
        if isinstance(block, TextBlock):
            if block.is_item or is_term:
                siblings[block.is_item, block.depth].append(block)
            continue
        _resolve_short_groups(siblings.values(), marks)
        siblings.clear()
        if isinstance(block, Heading):
            is_term = _is_term_heading(block)
    _resolve_short_groups(siblings.values(), marks)


def _resolve_short_groups(groups: Iterable[Sequence[TextBlock]], marks: DatePositions) -> None:
    for group in groups:
        _detect_part_numbers(group, marks)
        short = [
            (block, mark)
            for block in group
            if (mark := marks.get_position(block)) and is_short_date(mark, is_item=block.is_item)
        ]
        if len(short) >= _LEAST and 2 * len(short) >= len(group):
            for block, mark in short:
                marks.days[id(block)] = replace(mark, is_sure=True)


def _detect_part_numbers(group: Sequence[TextBlock], marks: DatePositions) -> None:
    """Mark the numbers that begin the items or lines next to each other as those of parts, if they rise like these."""
    begun = [(block, mark) for block in group if (mark := marks.get_position(block)) and _is_leading_number(mark)]
    if len(begun) >= _LEAST and _is_part_numbering([mark for _, mark in begun]):
        for block, mark in begun:
            marks.days[id(block)] = replace(mark, is_part=True)


def _is_leading_number(mark: DatePosition) -> bool:
    return mark.is_vague and mark.found.start == 0 and mark.found.weekday is None


def is_short_date(mark: DatePosition, *, is_item: bool) -> bool:
    """Return whether a line begins with a day that is one only where others like it are next to it."""
    if not mark.is_vague or mark.is_part or mark.text[: mark.found.start].strip(" ([") or len(mark.text) > _MAX_TEXT:
        return False
    if mark.is_line_start(is_item=True):
        return not is_item
    return is_item and _OF_SIGNS.search(mark.text) is not None


def _is_part_numbering(marks: Sequence[DatePosition]) -> bool:
    """Return whether numbers such as 3.1, 3.2 and 4.1 are those of parts, one after the other."""
    numbers = [(mark.found.day, mark.found.month) for mark in marks]
    return all(two in {(one[0], one[1] + 1), (one[0] + 1, 1)} for one, two in pairwise(numbers)) and all(
        "." in mark.text[: mark.found.end].rstrip(".") for mark in marks
    )
