"""Containers of HTML that hold one session each: the heading first, then the day, whatever order they stand in."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from readingroom.importer.dates import match, month_names
from readingroom.importer.inline import slicing
from readingroom.importer.inline.spans import InlineText, Span


class HtmlBlock(NamedTuple):
    """A block of HTML: its kind (a heading's level, ``item``, ``text`` or ``table``), its words or its rows."""

    kind: str
    line: int
    words: InlineText
    rows: tuple[tuple[int, tuple[InlineText, ...]], ...] = ()
    depth: int = 0


def sort_card_blocks(several: Sequence[HtmlBlock]) -> list[HtmlBlock]:
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
    if found is None or not (found.year or not found.is_open) or len(text) > _LONGEST:
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
    """Return a block that begins with a sign such as a pin with the label that it stands for."""
    text = slicing.get_raw_text(piece.words.runs)
    label = next((label for signs, label in _LABELS.items() if text.strip()[:1] in set(signs)), "")
    if not label or "\n" in "".join(run.text for run in piece.words.runs):
        return piece
    start = len(text) - len(_SIGNS.sub("", text))
    runs = slicing.slice_spans(piece.words.runs, start)
    if _LABEL.match(slicing.get_raw_text(runs)):
        return piece._replace(words=InlineText(piece.line, runs))
    return piece._replace(words=InlineText(piece.line, (Span(label, strong=True), Span(": "), *runs)))


_LONGEST = 100
_LETTER = re.compile(r"[^\W\d_]")
_LABEL = re.compile(r"\s*[^\W\d_][^:：\d\n]{0,30}[:：]")
_SIGNS = re.compile(r"\A[\s\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]{1,12}")
_LABELS = {"📍🏢🏛": "Room", "🕐🕑🕒🕓🕔🕕🕖🕗🕘🕙🕚🕛⏰⏱⌚": "Time", "👤🎤🗣👩👨🧑": "Speaker"}
