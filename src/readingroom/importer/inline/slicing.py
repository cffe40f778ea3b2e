"""Spans, cut and split at positions in their text; a link on both sides stays a link."""

import re
from collections.abc import Sequence

from readingroom.importer.inline.spans import InlineText, Span, squeeze_spaces
from readingroom.text import escape

Spans = Sequence[Span]


def get_raw_text(runs: Spans) -> str:
    """Return the text of runs as one line of the same length."""
    text = runs[0].text if len(runs) == 1 else "".join([run.text for run in runs])
    return text.replace("\n", " ")


def get_unstruck_text(runs: Spans) -> str:
    """Return the text of runs as one line of the same length, with spaces for what is struck out, unless all is."""
    if not any(run.struck for run in runs) or all(run.struck or not run.text.strip() for run in runs):
        return get_raw_text(runs)
    return get_raw_text([run._replace(text=" " * len(run.text)) if run.struck else run for run in runs])


def slice_spans(runs: Spans, start: int, end: int | None = None) -> tuple[Span, ...]:
    """Return the part of runs between two places of their text."""
    found, place = [], 0
    for run in runs:
        length = len(run.text)
        first, last = max(start - place, 0), length if end is None else min(end - place, length)
        if first == 0 and last == length and length:
            found.append(run)
        elif first < last:
            found.append(run._replace(text=run.text[first:last]))
        elif run.image and place >= start and (end is None or place < end):
            found.append(run)
        place += length
    return tuple(found)


def split_spans(runs: Spans, gaps: Sequence[tuple[int, int]]) -> list[tuple[Span, ...]]:
    """Return the runs before, between and after gaps in their text, which are in order and do not overlap."""
    found: list[list[Span]] = [[]]
    place, number = 0, 0
    for run in runs:
        start, end = place, place + len(run.text)
        while number < len(gaps) and gaps[number][0] < end:
            first, last = gaps[number]
            if first > start:
                found[-1].append(run._replace(text=run.text[start - place : first - place]))
            start = max(start, min(last, end))
            if last > end:
                break
            found.append([])
            number += 1
        if start < end:
            found[-1].append(run._replace(text=run.text[start - place :]))
        place = end
    return [tuple(piece) for piece in [*found, *[[]] * (len(gaps) - number)]]


_MARKS = " \t\n:–—-,;|·•"


def strip_spans(runs: Spans, before: str = _MARKS, after: str = _MARKS) -> tuple[Span, ...]:
    """Return runs without these marks and spaces at either end."""
    return slice_spans(runs, *find_strip_bounds("".join(run.text for run in runs), before, after))


_EMOJI = re.compile(r":[a-z0-9_+-]{1,40}:")
_EMOJI_AT_END = re.compile(r":[a-z0-9_+-]{1,40}:\Z")


def find_strip_bounds(text: str, before: str, after: str) -> tuple[int, int]:
    """Return where a text starts and ends without these marks; the colons of an emoji such as :pizza: are none."""
    start, end = len(text) - len(text.lstrip(before)), len(text.rstrip(after))
    if start and _EMOJI.match(text, start - 1):
        start -= 1
    if _EMOJI_AT_END.search(text[max(end - 42, 0) : end + 1]):
        end += 1
    return start, end


def split_lines(runs: Spans) -> list[tuple[Span, ...]]:
    """Return the runs of each line."""
    found: list[list[Span]] = [[]]
    for run in runs:
        if "\n" not in run.text:
            if run.text or run.image:
                found[-1].append(run)
            continue
        for number, piece in enumerate(run.text.split("\n")):
            if number:
                found.append([])
            if piece or run.image:
                found[-1].append(run._replace(text=piece))
    return [tuple(line) for line in found if line]


def get_visible_text(runs: Spans) -> str:
    return InlineText(0, tuple(runs)).text


def render_inline_markdown(words: InlineText) -> str:
    """Return the Markdown of words: as it was typed if possible, else rendered from its spans."""
    if words.source and "<" not in words.source and not any(run.image for run in words.runs):
        return words.source.strip()
    return squeeze_spaces("".join(_render_span(run) for run in words.runs))


def _render_span(run: Span) -> str:
    if run.image:
        return ""
    if run.url:
        return f"[{escape.escape_text(run.text)}]({escape.encode_url(run.url) or run.url.replace(' ', '%20')})"
    if run.text == "\n":
        return " "
    shown = escape.escape_text(run.text) if run.text.strip() else " "
    lead = " " if run.text[:1].isspace() else ""
    return f"{lead}{shown}{' ' if run.text[-1:].isspace() else ''}"
