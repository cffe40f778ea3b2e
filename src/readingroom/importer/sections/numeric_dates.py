"""Days as short as 3.5 or 2/5, which are days where others like them stand beside them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from readingroom.importer.blocks.page import Block, Heading, Text
from readingroom.importer.dates import terms
from readingroom.importer.sections import date_position
from readingroom.importer.sections.date_position import Daymark, Marks

_LEAST = 2
_OF_SIGNS = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_MAX_TEXT = 300


def parted(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield a page's blocks, each that holds several sessions parted; below a term's heading short days begin some."""
    is_term = False
    for block in blocks:
        if isinstance(block, Heading):
            is_term = _is_of_term(block)
        if isinstance(block, Text):
            yield from date_position.parts(block, is_term=is_term)
        else:
            yield block


def _is_of_term(heading: Heading) -> bool:
    return terms.told(heading.words.whole) is not None and date_position.day_of(heading.words) is None


def settle(blocks: Sequence[Block], marks: Marks) -> None:
    """Mark the short days as sure that most of the items beside each other begin with, or most lines below a term."""
    is_term = False
    beside: defaultdict[tuple[bool, int], list[Text]] = defaultdict(list)
    for block in blocks:
        if isinstance(block, Text):
            if block.is_item or is_term:
                beside[block.is_item, block.depth].append(block)
            continue
        _settle(beside.values(), marks)
        beside.clear()
        if isinstance(block, Heading):
            is_term = _is_of_term(block)
    _settle(beside.values(), marks)


def _settle(groups: Iterable[Sequence[Text]], marks: Marks) -> None:
    for group in groups:
        _settle_parts(group, marks)
        short = [
            (block, mark) for block in group if (mark := marks.of(block)) and is_short(mark, is_item=block.is_item)
        ]
        if len(short) >= _LEAST and 2 * len(short) >= len(group):
            for block, mark in short:
                marks.days[id(block)] = replace(mark, is_sure=True)


def _settle_parts(group: Sequence[Text], marks: Marks) -> None:
    """Mark the numbers that begin the items or lines beside each other as those of parts, if they rise like these."""
    begun = [(block, mark) for block in group if (mark := marks.of(block)) and _begins(mark)]
    if len(begun) >= _LEAST and _are_parts([mark for _, mark in begun]):
        for block, mark in begun:
            marks.days[id(block)] = replace(mark, is_part=True)


def _begins(mark: Daymark) -> bool:
    return mark.is_vague and mark.found.start == 0 and mark.found.weekday is None


def is_short(mark: Daymark, *, is_item: bool) -> bool:
    """Tell whether a line begins with a day that is one only where others like it stand beside it."""
    if not mark.is_vague or mark.is_part or mark.text[: mark.found.start].strip(" ([") or len(mark.text) > _MAX_TEXT:
        return False
    if mark.opens(is_item=True):
        return not is_item
    return is_item and _OF_SIGNS.search(mark.text) is not None


def _are_parts(marks: Sequence[Daymark]) -> bool:
    """Tell whether numbers such as 3.1, 3.2 and 4.1 are those of parts, one after the other."""
    numbers = [(mark.found.day, mark.found.month) for mark in marks]
    return all(two in {(one[0], one[1] + 1), (one[0] + 1, 1)} for one, two in pairwise(numbers)) and all(
        "." in mark.text[: mark.found.end].rstrip(".") for mark in marks
    )
