"""Containers of HTML that hold one session each: the heading first, then the day, whatever order they stand in."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from readingroom.importer.dates import match, month_names
from readingroom.importer.inline import slicing
from readingroom.importer.inline.spans import Run, Words


class Piece(NamedTuple):
    """A block of HTML: its kind (a heading's level, ``item``, ``text`` or ``table``), its words or its rows."""

    kind: str
    line: int
    words: Words
    rows: tuple[tuple[int, tuple[Words, ...]], ...] = ()
    depth: int = 0


def arranged(several: Sequence[Piece]) -> list[Piece]:
    """Return the blocks of a container with its heading and its day first, or none if they are no session's."""
    headings = [piece for piece in several if piece.kind.isdigit()]
    days = [piece for piece in several if not piece.kind.isdigit() and _day_in(piece)]
    if len(headings) != 1 or len(days) != 1 or _day_in(headings[0]) or any(each.kind == "table" for each in several):
        return []
    others = [piece for piece in several if piece is not headings[0] and piece is not days[0]]
    return [headings[0], *_labelled(days[0]), *map(_signed, others)]


def _day_in(piece: Piece) -> bool:
    return any(_is_day(line) for line in slicing.lines(piece.words.runs))


def _is_day(line: slicing.Runs) -> bool:
    text = slicing.raw(line)
    found = match.read(text[: match.MAX_TEXT])
    if found is None or not (found.year or not found.is_open) or len(text) > _LONGEST:
        return False
    before, after = text[: found.start].strip(), text[found.end :].lstrip(" ,.")
    is_start = not _LETTER.search(before) or before.endswith((":", "：")) or month_names.weekday(before) is not None
    return is_start and not after[:1].islower()


def _labelled(piece: Piece) -> list[Piece]:
    """Return the lines of a block, that of the day with a label."""
    made: list[Piece] = []
    for line in slicing.lines(piece.words.runs):
        runs = tuple(line)
        if _is_day(line) and not _LABEL.match(slicing.raw(line)):
            start = len(slicing.raw(line)) - len(_SIGNS.sub("", slicing.raw(line)))
            runs = (Run("Date", strong=True), Run(": "), *slicing.cut(runs, start))
        made.append(_signed(piece._replace(kind="text", words=Words(piece.line, runs))))
    return made


def _signed(piece: Piece) -> Piece:
    """Return a block that begins with a sign such as a pin with the label that it stands for."""
    text = slicing.raw(piece.words.runs)
    label = next((label for signs, label in _LABELS.items() if text.strip()[:1] in set(signs)), "")
    if not label or "\n" in "".join(run.text for run in piece.words.runs):
        return piece
    start = len(text) - len(_SIGNS.sub("", text))
    runs = slicing.cut(piece.words.runs, start)
    if _LABEL.match(slicing.raw(runs)):
        return piece._replace(words=Words(piece.line, runs))
    return piece._replace(words=Words(piece.line, (Run(label, strong=True), Run(": "), *runs)))


_LONGEST = 100
_LETTER = re.compile(r"[^\W\d_]")
_LABEL = re.compile(r"\s*[^\W\d_][^:：\d\n]{0,30}[:：]")
_SIGNS = re.compile(r"\A[\s\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]{1,12}")
_LABELS = {"📍🏢🏛": "Room", "🕐🕑🕒🕓🕔🕕🕖🕗🕘🕙🕚🕛⏰⏱⌚": "Time", "👤🎤🗣👩👨🧑": "Speaker"}
