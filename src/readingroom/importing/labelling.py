"""Sessions whose day a label tells, below a heading, below a title or among other labels."""

from collections.abc import Sequence

from readingroom.importing import caption, columns, cutting, daymark, moment, reading
from readingroom.importing.cutting import Runs
from readingroom.importing.daymark import Marks
from readingroom.importing.entry import Entry
from readingroom.importing.page import Block, Heading, Table, Text
from readingroom.importing.words import squeezed

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
        is_title = columns.role_of(squeezed(heading.words.whole)) not in {columns.TITLE, columns.DATE}
        return (
            is_title
            and len(opening) == 1
            and opening == self.blocks[place + 1 : place + 2]
            and self.is_bare(opening[0])
        )

    def is_bare(self, block: Text) -> bool:
        """Tell whether a paragraph is a day and nothing else."""
        mark = self.marks.of(block)
        return not block.is_item and mark is not None and not cutting.text(mark.beside())

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
            if not is_title and not caption.is_one(block.words.runs):
                return 0
        return 0

    def is_label(self, block: Block) -> bool:
        return isinstance(block, Text) and not block.is_item and self.marks.label(block) is not None

    def title_section(self, entry: Entry, heading: Heading, below: Sequence[Block]) -> tuple[Runs, Sequence[Block]]:
        """Return a heading that is a title, and what is below it without the paragraph that is its day."""
        first = below[0]
        mark = self.marks.of(first) if isinstance(first, Text) and not self.marks.label(first) else None
        if mark and mark.opens(is_item=False) and not cutting.text(mark.beside()):
            moment.take_day(entry, mark.day())
            below = below[1:]
        if any(isinstance(block, Text) and caption.is_title(block.words.runs) for block in below):
            return heading.words.runs, below
        reading.take_title(entry, heading.words)
        return (), below

    def take_day(self, entry: Entry, below: Sequence[Block]) -> None:
        """Take the day that the first label of a day tells."""
        for block in below:
            if isinstance(block, Text) and (day := self.marks.label(block)):
                moment.take_day(entry, day)
                return


def is_line(block: Block) -> bool:
    """Tell whether a paragraph is short enough to be a title, and ends like none."""
    if not isinstance(block, Text) or block.is_item:
        return False
    text = block.words.text
    return 0 < len(text) <= daymark.MAX_LINE and "\n" not in block.words.source and not text.endswith((":", ".", "："))
