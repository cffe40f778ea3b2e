"""The dates on a page that no session was read from: none is left out silently."""

import re
from collections.abc import Iterator, Sequence

from readingroom.importer.blocks.page import Heading, SourcePage, Table, TextBlock
from readingroom.importer.dates import match
from readingroom.importer.dates.match import MAX_TEXT, DateMatch
from readingroom.importer.inline.spans import InlineText, LineMessage, Span
from readingroom.importer.sections import date_position, front_matter
from readingroom.importer.sections.date_position import DatePosition, DatePositions
from readingroom.importer.sections.walk import Outline
from readingroom.importer.session.entry import ImportedSession
from readingroom.importer.tables.rows import EntryGroup
from readingroom.text.excerpt import shorten_text

_PAGE_CHANGE_WORDS = re.compile(
    r"(?:\b(?:updated?|modified|edited|revised|generated|created|retrieved|accessed|aktualisiert|stand|abgerufen"
    r"|mise à jour|actualización|actualizad[oa]|atualizad[oa]|atualização|aggiornat[oa]"
    r"|starting|starts|started|since|seit|ab|depuis|desde|as of"
    r"|released?|published|erschienen|paru|publicad[oa]|except(?: for)?|außer|sauf|excepto|exceto)\b"
    r"|更新|업데이트|発売|发售|發售|発行|발매|출시|を除く)[^0-9]{0,24}\Z",
    re.IGNORECASE,
)
_OVERLAP = 60
# Such as 11/02 Groups; of several in a line one at least is no fraction.
_SHORT = re.compile(r"(?<![\w./])[0-9]{1,2}/[0-9]{1,2}:?\s(?=[^\W\d_a-zß-ÿ])")
# Such as Week 1 (08/13): unlike (1/2) it is no part of several.
_IN_BRACKETS = re.compile(r"[(（](?:0[1-9]|1[0-2])/(?:0[1-9]|[12][0-9]|3[01])[)）]")


def check_outline_dates(found: Outline) -> Iterator[LineMessage]:
    """Yield each line with a day of the blocks that belong to no session, and what to do."""
    is_part = False
    for block in found.left:
        if not isinstance(block, Table):
            was_part, is_part = is_part, (mark := found.marks.get_position(block)) is not None and mark.is_part
            if mark and is_part and not was_part:
                yield block.line, f"{_quote_text(mark.text)} {_PART}"
            for line, mark in _iter_dated_lines(block, found.marks):
                if contains_session_date(line, mark):
                    yield (
                        line.line,
                        f"{_quote_text(line.text or line.whole)} has a day, but no session was read from it. {_FIX}",
                    )


def check_dates_within_sessions(found: Outline) -> None:
    """Warn of the lines below a session that begin with a day, as if they were sessions of their own."""
    for entry, block in found.held:
        if not isinstance(block, TextBlock):
            continue
        if label := found.marks.get_label_value(block):
            dated_lines = [block.words] if _has_other_date(label, entry) else []
        else:
            lines = _iter_dated_lines(block, found.marks)
            begun = [
                (line, mark) for line, mark in lines if mark and mark.is_likely and mark.is_line_start(is_item=True)
            ]
            dated_lines = [line for line, mark in begun if _is_other_date(mark.found, entry)]
        for line in dated_lines:
            message = f"begins with a day, and was kept as a part of the session in line {entry.line}. {_FIX}"
            entry.remarks.append((line.line, f"{_quote_text(line.text or line.whole)} {message}"))


def _has_other_date(label: InlineText, entry: ImportedSession) -> bool:
    """Return whether the label of a day within a session gives another day than the session's own."""
    mark = date_position.find_date_position(label)
    return mark is not None and entry.stamp is not None and _is_other_date(mark.found, entry)


def _is_other_date(found: DateMatch, entry: ImportedSession) -> bool:
    """Return whether a day cannot be a session's own, in whichever order its numbers are."""
    if entry.stamp is None:
        return True
    own = entry.stamp.found
    is_other_year = found.year > 0 and own.year > 0 and found.year != own.year
    return is_other_year or not found.list_possible_days() & own.list_possible_days()


def check_code_dates(page: SourcePage) -> Iterator[LineMessage]:
    """Yield each line with a day that is in a code block."""
    for first, text in page.code:
        for number, row in enumerate(text.split("\n")):
            if _has_session_date(row):
                yield first + number, f"{_quote_text(row)} is in a code block, which is not read. {_FIX}"


def check_front_matter_dates(page: SourcePage, lists: Sequence[EntryGroup]) -> Iterator[LineMessage]:
    """Yield each line with a day in the front matter that none of its lists of sessions has."""
    read = {entry.line for group in lists for entry in group.entries}
    is_read = False
    for number, row in enumerate(page.front.split("\n"), front_matter.FIRST_LINE):
        goes_on = (
            row[:1] != "[" if front_matter.is_toml(page) else row[:1].isspace() and not row.lstrip().startswith("-")
        )
        is_read = number in read or (is_read and goes_on)
        if not is_read and _has_session_date(row.replace("_", " ")):
            yield number, f"{_quote_text(row)} has a day, but no session was read from the front matter. {_FIX}"


_PART = "begins with the number of a part, as others next to it do: no date was read. Write 3.1.2024, if it is one."
_FIX = "If it is a session, begin a row, an item or a heading with that day."


def _iter_dated_lines(
    block: Heading | TextBlock, marks: DatePositions
) -> Iterator[tuple[InlineText, DatePosition | None]]:
    """Yield the lines of a block, each with its day; that of a single line has been read already."""
    if "\n" not in block.words.source and not any("\n" in run.text for run in block.words.runs):
        yield block.words, marks.get_position(block)
        return
    for line in date_position.iter_lines(block.words):
        yield line, date_position.find_date_position(line)


def contains_session_date(line: InlineText, mark: DatePosition | None) -> bool:
    """Return whether there is a day in a line that may be a session's: not that of the page's last change."""
    if mark and mark.is_line_start(is_item=True):
        return True
    if mark is None and sum(len(run.text) for run in line.runs) <= MAX_TEXT:
        return False
    text = "".join(run.text for run in line.runs if "://" not in run.text).replace("\n", " ")
    for place in range(0, max(len(text), 1), MAX_TEXT - _OVERLAP):
        found = (
            mark.found if mark and text == mark.text and not place else match.find_date(text[place : place + MAX_TEXT])
        )
        if found and (found.year or not (found.is_open or found.doubt)):
            return _PAGE_CHANGE_WORDS.search(text[max(place + found.start - 48, 0) : place + found.start]) is None
    return len(_SHORT.findall(text)) > 1 or _IN_BRACKETS.search(text) is not None


def _has_session_date(row: str) -> bool:
    line = InlineText(0, (Span(row),))
    return contains_session_date(line, date_position.find_date_position(line))


def _quote_text(text: str) -> str:
    shown = " ".join(text.split())
    return f'"{shorten_text(shown)}"'
