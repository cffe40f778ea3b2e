"""The dates on a page that no session was read from: none is left out silently."""

import re
from collections.abc import Collection, Iterator, Sequence

from readingroom.importer.dates.year_hints import NO_YEAR
from readingroom.importer.page.blocks import Kind, Line, LineMessage, Table
from readingroom.importer.page.document import Document
from readingroom.importer.records import fields
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.vocabulary import roles
from readingroom.parsing.date_mentions import DateMention, find_dates
from readingroom.parsing.vocabulary import build_pattern
from readingroom.text.excerpt import shorten_text

_FIX = "If it is a session, begin a row, an item or a heading with that day."
_IN_BRACKETS = re.compile(r"[(（](?:0[1-9]|1[0-2])/(?:0[1-9]|[12][0-9]|3[01])[)）]")
_NO_SESSION = re.compile(
    rf"{build_pattern('common', 'since', 'released', 'except').pattern}[^0-9]{{0,24}}\Z", re.IGNORECASE
)


def check_blocks(page: Document, taken: Collection[int]) -> Iterator[LineMessage]:
    """Yield each line with a day among the blocks, by number, that no session was read from."""
    for place, block in enumerate(page.blocks):
        if place in taken:
            continue
        if isinstance(block, Table):
            for row in block.rows:
                text = " ".join(cell.text for cell in row.cells if cell.text)
                if _has_session_date(text):
                    yield row.line, f"{_quote(text)} has a day, but no session was read from it. {_FIX}"
        elif block.number and not block.text.dates and _has_session_date(f"{block.number} {block.text.text}"):
            text = _quote(f"{block.number} {block.text.text}")
            yield block.line, f"{text} may begin with a day, or with the number of an item. {_FIX}"
        elif _has_session_date(block.text.text, block.text.dates):
            why = (
                "is in a code block, which is not read"
                if block.kind is Kind.CODE
                else "has a day, but no session was read from it"
            )
            yield block.line, f"{_quote(block.text.text)} {why}. {_FIX}"


def check_within(entry: Candidate, anchor: Line, lines: list[Line]) -> None:
    """Warn of the lines of a session that begin with another day, as if they were sessions of their own."""
    for line in lines:
        first = next(iter(find_dates(f"{line.number} {line.text.text}".strip()[:40])), None)
        if first is None or line is anchor or first.is_weak or not entry.mention or not _is_other(first, entry.mention):
            continue
        if first.start < 4 or ((label := fields.split_label(line.text)) and label[0] == roles.DATE):
            message = f"begins with a day, and was kept as a part of the session on line {entry.line}. {_FIX}"
            entry.remarks.append((line.line, f"{_quote(line.text.text)} {message}"))


def check_line(entry: Candidate, line: Line, mention: DateMention) -> None:
    """Warn of further days in the line that opens a session."""
    for found in line.text.dates:
        if found.has_year and found.text != mention.text and _is_other(found, mention):
            entry.remarks.append(
                (line.line, f"{_quote(line.text.text)} has another day, {found.text}, that is no session. {_FIX}")
            )


def _is_other(one: DateMention, two: DateMention) -> bool:
    return not {(r.month, r.day) for r in one.readings} & {(r.month, r.day) for r in two.readings}


def check_front_matter(page: Document, taken: Collection[int]) -> Iterator[LineMessage]:
    """Yield each line of the front matter with a day, but for those of its sessions, by their first lines."""
    for number, row in enumerate(page.front.split("\n"), 2):
        starts = [line for line in taken if line <= number]
        goes_on = row[:1] != "[" if page.text.startswith("+++") else row[:1].isspace()
        is_part = bool(starts) and goes_on
        if number not in taken and not is_part and _has_session_date(row.replace("_", " ")):
            yield number, f"{_quote(row)} has a day, but no session was read from the front matter. {_FIX}"


def _has_session_date(text: str, dates: Sequence[DateMention] | None = None) -> bool:
    """Return whether a text has a day that may be a session's: not that of the page's last change."""
    for found in find_dates(text) if dates is None else dates:
        before = text[max(0, found.start - 48) : found.start]
        is_certain = found.has_year or any(map(str.isalpha, found.text))
        if is_certain and not NO_YEAR.search(before) and not _NO_SESSION.search(before):
            return True
    return _IN_BRACKETS.search(text) is not None


def _quote(text: str) -> str:
    return f'"{shorten_text(" ".join(text.split()))}"'
