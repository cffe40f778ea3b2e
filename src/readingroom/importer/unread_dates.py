"""The dates on a page that no session was read from: none is left out silently."""

import re
from collections.abc import Collection, Iterator, Sequence

from readingroom.importer.dates.year_hints import NO_YEAR
from readingroom.importer.page.blocks import Kind, Line, LineMessage, Table
from readingroom.importer.page.document import Document
from readingroom.importer.page.rich_text import RichText
from readingroom.importer.records import texts
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.vocabulary.roles import Role
from readingroom.parsing.date_mentions import DateMention, find_dates
from readingroom.parsing.vocabulary import build_pattern
from readingroom.text.phrases import shorten_text

_FIX = "If it is a session, begin a row, an item or a heading with that day."
_IN_BRACKETS = re.compile(r"[(（](?:0[1-9]|1[0-2])/(?:0[1-9]|[12][0-9]|3[01])[)）]")
_NO_SESSION = re.compile(
    rf"{build_pattern('common', 'since', 'released', 'except').pattern}[^0-9]{{0,24}}\Z", re.IGNORECASE
)


def check_blocks(page: Document, taken: Collection[int]) -> Iterator[LineMessage]:
    """Yield each line with a day among the blocks, by number, that no session was read from."""
    for block in (block for place, block in enumerate(page.blocks) if place not in taken):
        if isinstance(block, Table):
            rows = [RichText(" ".join(cell.text for cell in row.cells if cell.text), row.line) for row in block.rows]
        else:
            is_number = block.number and not block.text.dates
            rows = [RichText(f"{block.number} {block.text.text}", block.line) if is_number else block.text]
        for text in rows:
            if _has_session_date(text):
                yield text.line, f"{_quote(text.text)} {_explain(block)}. {_FIX}"


def _explain(block: Line | Table) -> str:
    if isinstance(block, Line) and block.kind is Kind.CODE:
        return "is in a code block, which is not read"
    if isinstance(block, Line) and block.number and not block.text.dates:
        return "may begin with a day, or with the number of an item"
    return "has a day, but no session was read from it"


def check_record(entry: Candidate, anchor: Line, mention: DateMention, below: Sequence[Line]) -> None:
    """Warn of further days in the line that opens a session, and of lines below that begin with another day."""
    for found in anchor.text.dates:
        if found.has_year and found.text != mention.text and _is_other(found, mention):
            message = f"{_quote(anchor.text.text)} has another day, {found.text}, that is no session. {_FIX}"
            entry.remarks.append((anchor.line, message))
    for line in below:
        dates = find_dates(f"{line.number} {line.text.text}"[:40]) if line.number else line.text.dates
        first = next((each for each in dates if each.end <= 40), None)
        if first is None or first.is_weak or not _is_other(first, mention):
            continue
        label = texts.split_label(line.text)
        if first.start < 4 or (label and label.role is Role.DATE):
            message = f"begins with a day, and was kept as a part of the session on line {entry.line}. {_FIX}"
            entry.remarks.append((line.line, f"{_quote(line.text.text)} {message}"))


def _is_other(one: DateMention, two: DateMention) -> bool:
    return {(r.month, r.day) for r in one.readings}.isdisjoint((r.month, r.day) for r in two.readings)


def check_front_matter(page: Document, taken: Collection[int]) -> Iterator[LineMessage]:
    """Yield each line of the front matter with a day, but for those of its sessions, by their first lines."""
    for number, row in enumerate(page.front.split("\n"), 2):
        goes_on = row[:1] != "[" if page.text.startswith("+++") else row[:1].isspace()
        is_part = number in taken or (goes_on and any(line <= number for line in taken))
        if not is_part and _has_session_date(RichText(row.replace("_", " "))):
            yield number, f"{_quote(row)} has a day, but no session was read from the front matter. {_FIX}"


def _has_session_date(text: RichText) -> bool:
    """Return whether a text has a day that may be a session's: not that of the page's last change."""
    for found in text.dates:
        before = text.text[max(0, found.start - 48) : found.start]
        is_certain = found.has_year or any(map(str.isalpha, found.text))
        if is_certain and not NO_YEAR.search(before) and not _NO_SESSION.search(before):
            return True
    return _IN_BRACKETS.search(text.text) is not None


def _quote(text: str) -> str:
    return f'"{shorten_text(" ".join(text.split()))}"'
