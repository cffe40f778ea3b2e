"""Sessions whose day a label gives, below a heading, below a title or among other labels."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from readingroom.importer.blocks.page import Block, Heading, Table, TextBlock
from readingroom.importer.dates import terms
from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import InlineText, squeeze_spaces
from readingroom.importer.sections import date_position
from readingroom.importer.sections.date_position import DatePosition, DatePositions
from readingroom.importer.session import body, date_time, labels, status
from readingroom.importer.session.entry import ImportedSession
from readingroom.importer.vocabulary import fields, words

_MOST = 8  # paragraphs of labels before the one that is the day's


class DateLabels:
    """The labels of days among the blocks of a page."""

    def __init__(self, blocks: Sequence[Block], marks: DatePositions) -> None:
        self.blocks, self.marks = blocks, marks

    def has_date_below(self, place: int, heading: Heading) -> bool:
        """Return whether what is right below a heading says its day, and no other: it is a session's title."""
        day_blocks, opening = list[TextBlock](), list[TextBlock]()
        for at in range(place + 1, len(self.blocks)):
            block = self.blocks[at]
            if not isinstance(block, TextBlock) or len(day_blocks) > 1 or len(opening) > 1:
                break
            if self.marks.get_label_value(block):
                day_blocks.append(block)
            elif (mark := self.marks.get_position(block)) and mark.is_line_start(is_item=block.is_item):
                opening.append(block)
        if day_blocks:
            return len(day_blocks) == 1 and not opening and day_blocks[0].depth < 2
        is_title = fields.find_role(squeeze_spaces(heading.words.whole)) not in {fields.TITLE, fields.DATE}
        return (
            is_title
            and len(opening) == 1
            and opening == self.blocks[place + 1 : place + 2]
            and self.is_only_date(opening[0])
        )

    @cached_property
    def heading_dates(self) -> dict[int, DatePosition]:
        """The places of headings that are titles since a heading right below is the one day of their section."""
        found = {place: mark for place in range(len(self.blocks)) if (mark := self._find_date_heading_below(place))}
        return found if len(found) > 1 else {}

    def _find_date_heading_below(self, place: int) -> DatePosition | None:
        several = self.blocks[place : place + 2]
        if len(several) < 2 or not isinstance(several[0], Heading) or not isinstance(several[1], Heading):
            return None
        heading, below = several[0], several[1]
        mark = self.marks.get_position(below)
        if (
            self.marks.get_position(heading)
            or mark is None
            or below.level <= heading.level
            or not mark.is_heading_date()
        ):
            return None
        text, rest = heading.words.text, slicing.get_visible_text(mark.slice_rest())
        if (
            (rest and not words.build_expression_pattern("where").search(rest))
            or _is_group_heading(text)
            or terms.is_term_label(text)
        ):
            return None
        return None if self._has_more_dates(place + 2, heading.level) else mark

    def _has_more_dates(self, start: int, level: int) -> bool:
        for place in range(start, len(self.blocks)):
            block = self.blocks[place]
            if isinstance(block, Heading):
                if block.level <= level:
                    return False
                if (mark := self.marks.get_position(block)) and mark.is_heading_date():
                    return True
        return False

    def read_section_with_date_heading(
        self, entry: ImportedSession, place: int, below: Sequence[Block]
    ) -> tuple[Spans, Sequence[Block]]:
        """Take the day and the room below a title; return the title without its number, and what is left."""
        mark, heading = self.heading_dates[place], self.blocks[place]
        date_time.fill_session_day(entry, mark.slice_date())
        body.fill_room(entry, InlineText(mark.words.line, tuple(mark.slice_rest())))
        runs = heading.words.runs if isinstance(heading, Heading) else ()
        return strip_number(runs), below[1:]

    @cached_property
    def paragraph_dates(self) -> dict[int, DatePosition]:
        """The places of short paragraphs above one that ends with a day, if there are several of them."""
        found = {place: mark for place in range(len(self.blocks) - 1) if (mark := self._find_closing_date_below(place))}
        return found if len(found) > 1 else {}

    def _find_closing_date_below(self, place: int) -> DatePosition | None:
        title, below = self.blocks[place : place + 2]
        if not isinstance(below, TextBlock) or not is_title_line(title) or not is_title_line(strip_trailing_dot(below)):
            return None
        if not isinstance(title, TextBlock) or self.marks.get_position(title) or title.depth or below.depth:
            return None
        mark = self.marks.get_position(below)
        is_one = mark is not None and mark.found.year > 0 and mark.is_line_end() and not mark.is_no_session
        return mark if is_one and _COLON.search(below.words.text) is None else None

    def is_only_date(self, block: TextBlock) -> bool:
        """Return whether a paragraph is a day and nothing else."""
        mark = self.marks.get_position(block)
        return not block.is_item and mark is not None and not slicing.get_visible_text(mark.slice_rest())

    def is_session_end(self, place: int, *, is_title_first: bool) -> bool:
        """Return whether a session given by labels ends before a place."""
        block = self.blocks[place]
        if isinstance(block, Heading | Table) or self.marks.is_session_start(block):
            return True
        return self.find_date_label_end(place) > 0 if is_title_first else self.is_date_label(block)

    def find_date_label_end(self, place: int) -> int:
        """Return where the label of a day ends that a title or labels lead to, or 0."""
        for at in range(place, min(place + _MOST, len(self.blocks))):
            block = self.blocks[at]
            if not isinstance(block, TextBlock) or block.is_item:
                return 0
            if self.is_date_label(block):
                return at + 1
            is_title = (
                at == place
                and is_title_line(block)
                and at + 1 < len(self.blocks)
                and self.is_date_label(self.blocks[at + 1])
            )
            if not is_title and not labels.is_label_block(block.words.runs):
                return 0
        return 0

    def is_date_label(self, block: Block) -> bool:
        return isinstance(block, TextBlock) and not block.is_item and self.marks.get_label_value(block) is not None

    def read_section_with_date_text(
        self, entry: ImportedSession, heading: Heading, below: Sequence[Block]
    ) -> tuple[Spans, Sequence[Block]]:
        """Return a heading that is a title, and what is below it without the paragraph that is its day."""
        first = below[0]
        mark = (
            self.marks.get_position(first)
            if isinstance(first, TextBlock) and not self.marks.get_label_value(first)
            else None
        )
        if mark and mark.is_line_start(is_item=False) and not slicing.get_visible_text(mark.slice_rest()):
            date_time.fill_session_day(entry, mark.slice_date())
            below = below[1:]
        if any(isinstance(block, TextBlock) and labels.has_title_label(block.words.runs) for block in below):
            return heading.words.runs, below
        body.fill_title(entry, heading.words)
        return (), below

    def fill_date_from_label(self, entry: ImportedSession, below: Sequence[Block]) -> None:
        """Take the day from the first label of a day."""
        for block in below:
            if isinstance(block, TextBlock) and (day := self.marks.get_label_value(block)):
                date_time.fill_session_day(entry, day)
                return


def strip_number(runs: Spans) -> Spans:
    """Return a title without the number before it, such as "No. 5 - "."""
    number = _NUMBERED.match(slicing.get_raw_text(runs))
    word = number["word"] if number else None
    if number is None or not (word is None or fields.find_role(word) == fields.NUMBER or status.is_meeting_name(word)):
        return runs
    return slicing.slice_spans(runs, number.end())


def strip_trailing_dot(block: TextBlock) -> TextBlock:
    """Return a paragraph without the dot at its end."""
    runs = slicing.strip_spans(block.words.runs, "", " .")
    return replace(block, words=InlineText(block.line, runs, block.words.source))


_COLON = re.compile(r"[^\d\s]\s?[:：]")  # not that of an hour: of a label
_NUMBERED = re.compile(r"\s?(?:(?P<word>[^\W\d_]{1,12})\.?\s?|#)?[0-9]{1,3}\s?[.:–—-]\s(?=\S)")


def _is_group_heading(text: str) -> bool:
    """Return whether a heading only groups sessions, such as "Upcoming talks"."""
    return words.build_expression_pattern("group").search(text) is not None or status.is_meeting_name(text)


def is_title_line(block: Block) -> bool:
    """Return whether a paragraph is short enough to be a title, and ends like none."""
    if not isinstance(block, TextBlock) or block.is_item:
        return False
    text = block.words.text
    return (
        0 < len(text) <= date_position.MAX_LINE
        and "\n" not in block.words.source
        and not text.endswith((":", ".", "："))
    )
