"""Sessions whose day a label tells, below a heading, below a title or among other labels."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from readingroom.importer.blocks.page import Block, Heading, Table, Text
from readingroom.importer.dates import terms
from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Runs
from readingroom.importer.inline.spans import Words, squeezed
from readingroom.importer.sections import date_position
from readingroom.importer.sections.date_position import Daymark, Marks
from readingroom.importer.session import body, date_time, labels, status
from readingroom.importer.session.entry import Entry
from readingroom.importer.vocabulary import fields, words

_MOST = 8  # paragraphs of labels before the one that is the day's


class Labels:
    """The labels of days among the blocks of a page."""

    def __init__(self, blocks: Sequence[Block], marks: Marks) -> None:
        self.blocks, self.marks = blocks, marks

    def is_told_below(self, place: int, heading: Heading) -> bool:
        """Tell whether what stands right below a heading says its day, and no other: it is a session's title."""
        told, opening = list[Text](), list[Text]()
        for at in range(place + 1, len(self.blocks)):
            block = self.blocks[at]
            if not isinstance(block, Text) or len(told) > 1 or len(opening) > 1:
                break
            if self.marks.label(block):
                told.append(block)
            elif (mark := self.marks.of(block)) and mark.opens(is_item=block.is_item):
                opening.append(block)
        if told:
            return len(told) == 1 and not opening and told[0].depth < 2
        is_title = fields.role_of(squeezed(heading.words.whole)) not in {fields.TITLE, fields.DATE}
        return (
            is_title
            and len(opening) == 1
            and opening == self.blocks[place + 1 : place + 2]
            and self.is_bare(opening[0])
        )

    @cached_property
    def titles(self) -> dict[int, Daymark]:
        """The places of headings that are titles since a heading right below is the one day of their section."""
        found = {place: mark for place in range(len(self.blocks)) if (mark := self._day_below(place))}
        return found if len(found) > 1 else {}

    def _day_below(self, place: int) -> Daymark | None:
        several = self.blocks[place : place + 2]
        if len(several) < 2 or not isinstance(several[0], Heading) or not isinstance(several[1], Heading):
            return None
        heading, below = several[0], several[1]
        mark = self.marks.of(below)
        if self.marks.of(heading) or mark is None or below.level <= heading.level or not mark.heads():
            return None
        text, beside = heading.words.text, slicing.text(mark.beside())
        if (beside and not words.pattern("where").search(beside)) or _groups(text) or terms.is_label(text):
            return None
        return None if self._has_more_days(place + 2, heading.level) else mark

    def _has_more_days(self, start: int, level: int) -> bool:
        for place in range(start, len(self.blocks)):
            block = self.blocks[place]
            if isinstance(block, Heading):
                if block.level <= level:
                    return False
                if (mark := self.marks.of(block)) and mark.heads():
                    return True
        return False

    def titled_section(self, entry: Entry, place: int, below: Sequence[Block]) -> tuple[Runs, Sequence[Block]]:
        """Take the day and the room below a title; return the title without its number, and what is left."""
        mark, heading = self.titles[place], self.blocks[place]
        date_time.take_day(entry, mark.day())
        body.take_room(entry, Words(mark.words.line, tuple(mark.beside())))
        runs = heading.words.runs if isinstance(heading, Heading) else ()
        return without_number(runs), below[1:]

    @cached_property
    def closed(self) -> dict[int, Daymark]:
        """The places of short paragraphs above one that ends with a day, if there are several of them."""
        found = {place: mark for place in range(len(self.blocks) - 1) if (mark := self._closing_below(place))}
        return found if len(found) > 1 else {}

    def _closing_below(self, place: int) -> Daymark | None:
        title, below = self.blocks[place : place + 2]
        if not isinstance(below, Text) or not is_line(title) or not is_line(replace_end(below)):
            return None
        if not isinstance(title, Text) or self.marks.of(title) or title.depth or below.depth:
            return None
        mark = self.marks.of(below)
        is_one = mark is not None and mark.found.year > 0 and mark.closes() and not mark.is_no_session
        return mark if is_one and _COLON.search(below.words.text) is None else None

    def is_bare(self, block: Text) -> bool:
        """Tell whether a paragraph is a day and nothing else."""
        mark = self.marks.of(block)
        return not block.is_item and mark is not None and not slicing.text(mark.beside())

    def ends(self, place: int, *, is_title_first: bool) -> bool:
        """Tell whether a session that labels tell of ends before a place."""
        block = self.blocks[place]
        if isinstance(block, Heading | Table) or self.marks.opens(block):
            return True
        return self.first(place) > 0 if is_title_first else self.is_label(block)

    def first(self, place: int) -> int:
        """Return where the label of a day ends that a title or labels lead to, or 0."""
        for at in range(place, min(place + _MOST, len(self.blocks))):
            block = self.blocks[at]
            if not isinstance(block, Text) or block.is_item:
                return 0
            if self.is_label(block):
                return at + 1
            is_title = (
                at == place and is_line(block) and at + 1 < len(self.blocks) and self.is_label(self.blocks[at + 1])
            )
            if not is_title and not labels.is_one(block.words.runs):
                return 0
        return 0

    def is_label(self, block: Block) -> bool:
        return isinstance(block, Text) and not block.is_item and self.marks.label(block) is not None

    def title_section(self, entry: Entry, heading: Heading, below: Sequence[Block]) -> tuple[Runs, Sequence[Block]]:
        """Return a heading that is a title, and what is below it without the paragraph that is its day."""
        first = below[0]
        mark = self.marks.of(first) if isinstance(first, Text) and not self.marks.label(first) else None
        if mark and mark.opens(is_item=False) and not slicing.text(mark.beside()):
            date_time.take_day(entry, mark.day())
            below = below[1:]
        if any(isinstance(block, Text) and labels.is_title(block.words.runs) for block in below):
            return heading.words.runs, below
        body.take_title(entry, heading.words)
        return (), below

    def take_day(self, entry: Entry, below: Sequence[Block]) -> None:
        """Take the day that the first label of a day tells."""
        for block in below:
            if isinstance(block, Text) and (day := self.marks.label(block)):
                date_time.take_day(entry, day)
                return


def without_number(runs: Runs) -> Runs:
    """Return a title without the number before it, such as "No. 5 - "."""
    number = _NUMBERED.match(slicing.raw(runs))
    word = number["word"] if number else None
    if number is None or not (word is None or fields.role_of(word) == fields.NUMBER or status.is_meeting(word)):
        return runs
    return slicing.cut(runs, number.end())


def replace_end(block: Text) -> Text:
    """Return a paragraph without the dot at its end."""
    runs = slicing.trimmed(block.words.runs, "", " .")
    return replace(block, words=Words(block.line, runs, block.words.source))


_COLON = re.compile(r"[^\d\s]\s?[:：]")  # not that of an hour: of a label
_NUMBERED = re.compile(r"\s?(?:(?P<word>[^\W\d_]{1,12})\.?\s?|#)?[0-9]{1,3}\s?[.:–—-]\s(?=\S)")


def _groups(text: str) -> bool:
    """Tell whether a heading only groups sessions, such as "Upcoming talks"."""
    return words.pattern("group").search(text) is not None or status.is_meeting(text)


def is_line(block: Block) -> bool:
    """Tell whether a paragraph is short enough to be a title, and ends like none."""
    if not isinstance(block, Text) or block.is_item:
        return False
    text = block.words.text
    return (
        0 < len(text) <= date_position.MAX_LINE
        and "\n" not in block.words.source
        and not text.endswith((":", ".", "："))
    )
