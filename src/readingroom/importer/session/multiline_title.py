"""The lines of a cell of titles: several titles, one that is only wrapped, or a title and what is said of it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import Span
from readingroom.importer.session import status
from readingroom.importer.session import title as session_title


class TitleLines(NamedTuple):
    """The titles of a cell as one, the lines that are sentences, and the titles that may be one that is wrapped."""

    title: tuple[Span, ...]
    notes: list[Spans]
    unsure: tuple[str, str] | None = None


def parse_title_lines(runs: Spans) -> TitleLines:
    """Return what the lines of a cell of titles are."""
    first, *others = slicing.split_lines(runs) or [()]
    title, before, notes, unsure = list(first), first, list[Spans](), None
    for line in others:
        if _is_title_continued(before, line):
            title += [Span(" "), *line]
        elif before and _is_sentence(line):
            notes.append(line)
            continue
        else:
            title += [Span("; "), *line]
            if _is_plain_title(before) and _is_plain_title(line):
                unsure = unsure or (slicing.get_visible_text(before), slicing.get_visible_text(line))
        before = line
    return TitleLines(tuple(title), notes, unsure)


_SMALL = frozenset(
    ["a", "an", "the", "and", "or", "of", "for", "in", "on", "with", "to", "from", "by", "via", "der", "die", "das",
     "den", "und", "für", "von", "im", "zur", "zum", "la", "le", "les", "de", "du", "des", "et", "el", "los", "las",
     "y", "del", "o", "os", "da", "do", "e"]
)  # fmt: skip
_SPEAKS = re.compile(
    r"\b(?:we|you|i|us|please|note|wir|ihr|bitte|nous|vous|veuillez|nosotros|leeremos|nós|leremos)\b", re.IGNORECASE
)
_LEAST = 5  # words of a sentence


def _is_title_continued(before: Sequence[Span], line: Sequence[Span]) -> bool:
    """Tell whether a line belongs to the title of the line before, or stands beside it, as a bracket does."""
    head, text = slicing.get_visible_text(before), slicing.get_visible_text(line).lstrip("\"“„«'*_ ")
    if not head or not re.search(r"[^\W\d_]", text):
        return True
    last = head.split()[-1]
    is_open = last.endswith((":", "：", ",", "-", "–", "—", "(", "/", "&", "+")) or last.casefold() in _SMALL
    is_link = any(run.url for run in line) and all(
        session_title.is_generic_link_text(run.text.strip()) if run.url else not re.search(r"[^\W\d_]", run.text)
        for run in line
    )
    return is_open or is_link or text[0].islower() or not (text[0].isalnum() or text[0] in "《「『【")


def _is_sentence(line: Sequence[Span]) -> bool:
    text = slicing.get_visible_text(line)
    if len(text.split()) < _LEAST or text.endswith("?"):
        return False
    return text.endswith((".", "!")) or (not any(run.url for run in line) and _SPEAKS.search(text) is not None)


def _is_plain_title(line: Sequence[Span]) -> bool:
    """Tell whether a line has neither a link nor anything else that shows it to be one title, and is one."""
    text = slicing.get_visible_text(line)
    return (
        not any(run.url or run.strong for run in line)
        and not text.endswith((")", "）", "]"))
        and not status.split_status(text)[0]
    )
