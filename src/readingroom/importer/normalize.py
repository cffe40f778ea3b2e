"""Blocks as they are meant: broken lines joined, lines in bold as headings, days that Markdown counts put back."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from readingroom.importer.page.blocks import BOLD_LEVEL, Block, Kind, Line
from readingroom.importer.page.rich_text import join_texts
from readingroom.importer.records import texts
from readingroom.parsing.date_mentions import find_dates


def normalize_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return blocks with broken lines joined, and lines in bold alone as headings below all others."""
    made: list[Block] = []
    for block in blocks:
        before = made[-1] if made else None
        if isinstance(block, Line) and isinstance(before, Line) and _continues(before, block):
            source = f"{before.source}\n{block.source}" if before.source and block.source else ""
            made[-1] = before._replace(text=join_texts([before.text, block.text], " "), source=source)
        else:
            made.append(block)
    counted = _find_counters(made)
    for place, line in enumerate(made):
        if isinstance(line, Line) and line.number and place not in counted:
            made[place] = _prepend_number(line)
        elif isinstance(line, Line) and line.kind is Kind.PARAGRAPH and line.is_first and texts.is_all_bold(line.text):
            made[place] = line._replace(kind=Kind.HEADING, level=BOLD_LEVEL)
    return tuple(made)


def _continues(before: Line, line: Line) -> bool:
    """Return whether only the source breaks a line, and the rest opens with neither a date nor a label."""
    if not line.is_soft or line.block != before.block or line.kind is Kind.CODE:
        return False
    dates = line.text.dates
    if (dates and dates[0].start < 12) or texts.split_label(line.text):
        return False
    has_label = texts.split_label(before.text) or texts.split_unknown_label(before.text)
    return not (has_label and texts.split_unknown_label(line.text))


def _find_counters(blocks: Sequence[Block]) -> set[int]:
    """Return the places of items whose numbers only count: 1, 2, 3."""
    numbered = [(n, line) for n, line in enumerate(blocks) if isinstance(line, Line)]
    counts = [(n, int(line.number[:-1])) for n, line in numbered if re.fullmatch(r"[0-9]{1,4}\.", line.number)]
    return {n for (one, a), (two, b) in pairwise(counts) if b == a + 1 for n in (one, two)}


def _prepend_number(line: Line) -> Line:
    """Return an item with its number, if that is a day which Markdown takes for the number of an item."""
    shift = len(line.number) + 1
    whole = f"{line.number} {line.text.text}"
    first = next(iter(find_dates(whole)), None)
    if first is None or first.start >= shift or (first.end <= shift and line.number.count(".") < 3):
        return line
    whole, shift = whole[first.start :], shift - first.start
    ranges = tuple(each._replace(start=each.start + shift, end=each.end + shift) for each in line.text.ranges)
    return line._replace(text=replace(line.text, text=whole, ranges=ranges), number="")
