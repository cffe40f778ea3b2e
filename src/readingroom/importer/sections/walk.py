"""The sessions of a page that stand in no table: a heading, an item or a paragraph for each, with what is below it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from readingroom.importer.blocks.page import Block, Heading, Page, Table, Text
from readingroom.importer.dates import terms
from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Runs
from readingroom.importer.inline.spans import Words, squeezed
from readingroom.importer.sections import (
    date_position,
    labelled,
    loose_lists,
    numeric_dates,
    split_line,
    title_below,
    trailing_date,
)
from readingroom.importer.sections import lists as sections_lists
from readingroom.importer.sections.date_position import Marks
from readingroom.importer.sections.labelled import Labels
from readingroom.importer.sections.lists import Start
from readingroom.importer.session import body, date_time
from readingroom.importer.session import labels as session_labels
from readingroom.importer.session.entry import ITEM, PARAGRAPH, SECTION, Entry
from readingroom.importer.tables import is_schedule
from readingroom.importer.tables.rows import Gathered


@dataclass
class Outline:
    """What stands outside of tables: the groups of sessions, what is below each, and the blocks that belong to none."""

    groups: list[Gathered] = field(default_factory=list)
    held: list[tuple[Entry, Block]] = field(default_factory=list)
    left: list[Block] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)


def is_dated(words: Words) -> bool:
    """Tell whether a heading is that of a session's day."""
    mark = date_position.day_of(words)
    return mark is not None and mark.heads()


def read(page: Page, taken: set[int]) -> Outline:
    """Return what a page tells outside of tables; ``taken`` holds the lines of the tables that are schedules."""
    walker = _Walker(page, taken)
    walker.walk()
    groups = [walker.settled(each) for each in (walker.sections, *walker.lists, walker.paragraphs)]
    return Outline(
        [group for group in groups if group.entries or group.skipped], walker.held, walker.left, walker.marks
    )


@dataclass
class _Group:
    """Sessions that are dated and split together, and the lines among them that are none."""

    drafts: list[split_line.Draft] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)


class _Walker:
    """Goes through a page's blocks and cuts them into sessions."""

    def __init__(self, page: Page, taken: set[int]) -> None:
        self.page, self.taken = page, taken
        self.blocks = list(numeric_dates.parted([_unmade(block) for block in page.blocks]))
        self.marks = Marks()
        numeric_dates.settle(self.blocks, self.marks)
        self.left = self.cut_footer()
        self.labels = Labels(self.blocks, self.marks)
        self.ended = trailing_date.read(self.blocks)
        self.sections, self.paragraphs = _Group(), _Group()
        self.lists: list[_Group] = []
        self.settled_lists = set[int]()
        self.held: list[tuple[Entry, Block]] = []
        self.heading, self.month = "", ""

    def is_dated(self, block: Block) -> bool:
        return isinstance(block, Heading) and (mark := self.marks.of(block)) is not None and mark.heads()

    def cut_footer(self) -> list[Block]:
        """Return what stands below the page's last rule and is no session's, and take it off the other blocks."""
        footer = [block for block in self.blocks if self.page.footer and block.line > self.page.footer]
        if any(self.marks.opens(block) for block in footer):
            return []
        del self.blocks[len(self.blocks) - len(footer) :]
        return footer

    def walk(self) -> None:
        place = 0
        while place < len(self.blocks):
            block = self.blocks[place]
            if end := self.taken_from(place, block):
                place = end
                continue
            if isinstance(block, Heading):
                self.heading, self.month = block.words.whole, sections_lists.month_of(block.words)
            self.left.append(block)
            place += 1

    def taken_from(self, place: int, block: Block) -> int:
        """Take the sessions that begin in a place; return where they end, or 0 if none does."""
        if isinstance(block, Heading):
            return self.section(place)
        if isinstance(block, Table):
            return 0
        if block.is_item:
            return 0 if is_schedule.is_other(self.heading) else self.listed(place)
        return self.paragraph_from(place, block)

    def paragraph_from(self, place: int, block: Text) -> int:
        """Take the session that a paragraph begins, by where its day stands."""
        if self.marks.opens(block):
            return self.paragraph(place)
        if id(block) in self.ended:
            start, below = self.ended[id(block)]
            self.start(self.paragraphs, block, below, start=start, shape=PARAGRAPH)
            return place + 1
        if place in self.labels.closed and not is_schedule.is_other(self.heading):
            return self.closed_paragraph(place)
        return self.labelled_paragraph(place)

    def section(self, place: int) -> int:
        heading = self.blocks[place]
        if not isinstance(heading, Heading):
            return 0
        is_dated = self.is_dated(heading)
        if not is_dated and place not in self.labels.titles and not self.labels.is_told_below(place, heading):
            return 0
        end = self.section_end(place, heading)
        below = self.blocks[place + 1 : end]
        if any(block.line in self.taken for block in below if isinstance(block, Table)):
            return 0
        entry = Entry(self.page.path, heading.line, SECTION, under=squeezed(heading.words.whole))
        if is_dated:
            rest, kept = self.dated_section(entry, heading, below)
        elif place in self.labels.titles:
            rest, kept = self.labels.titled_section(entry, place, below)
            if kept and isinstance(kept[0], Heading) and title_below.names(kept[0].words.runs):
                body.take_leads(entry, kept[0].words)
                kept = kept[1:]
        else:
            rest, kept = self.labels.title_section(entry, heading, below)
        self.draft(self.sections, split_line.Draft(entry, rest, kept, source=heading.words.source))
        return end

    def section_end(self, place: int, heading: Heading) -> int:
        """Return where the section of a heading ends: at the next of its level or above, or the next with a day."""
        for end in range(place + 1, len(self.blocks)):
            block = self.blocks[end]
            if not isinstance(block, Heading):
                continue
            is_title = end == place + 1 and block.level > heading.level
            if not is_title and (
                block.level <= heading.level
                or self.is_dated(block)
                or end in self.labels.titles
                or self.labels.is_told_below(end, block)
            ):
                return end
        return len(self.blocks)

    def dated_section(self, entry: Entry, heading: Heading, below: Sequence[Block]) -> tuple[Runs, Sequence[Block]]:
        """Take the day of a heading; return what stands beside it, or else the line below, and what is left."""
        mark = self.marks.of(heading)
        if mark is None:
            return (), below
        date_time.take_day(entry, mark.day())
        rest = mark.beside()
        while below and isinstance(below[0], Text) and not below[0].words.whole:
            below = below[1:]  # a picture
        if below and isinstance(below[0], Heading) and not slicing.text(rest):
            return _runs(below[0]), below[1:]
        if below and (labelled.is_line(below[0]) or title_below.is_alone(below)) and not title_below.says_more(rest):
            if title_below.is_aside(rest):
                entry.said.append((entry.line, f'"{slicing.text(rest)}" stands beside the day, and was not imported.'))
            return _runs(below[0]), below[1:]
        return rest, below

    def draft(self, group: _Group, draft: split_line.Draft) -> None:
        """Put a session to its group, and tell of the tables below it."""
        group.drafts.append(draft)
        self.held += [(draft.entry, block) for block in draft.below]
        for block in draft.below:
            if isinstance(block, Table):
                said = "the table within a session's section is not imported. It stays on the page."
                group.skipped.append((block.line, said))

    def settled(self, group: _Group) -> Gathered:
        """Return the entries of a group with what stands beside and below their days."""
        told = list(title_below.titled(group.drafts))
        for draft in group.drafts:
            title_below.fill(draft)
            if draft.entry.stamp is None:
                self.labels.take_day(draft.entry, draft.below)
        made = split_line.settled(group.drafts, group.skipped)
        made.told += told
        return made

    def listed(self, place: int) -> int:
        """Take a list: each item with a day is a session, what is further in belongs to it."""
        end, kept, told = loose_lists.end(self.blocks, place, self.marks, self.labels, self.settled_lists)
        part = [block for block in self.blocks[place:end] if isinstance(block, Text)]
        found = sections_lists.read(part, self.month, self.marks)
        if not found.sessions:
            self.left += part
            return end
        group = _Group()
        group.skipped += told
        for item, below, start in found.sessions:
            self.start(group, item, below, start=start, shape=ITEM)
        for item, below in found.others:
            is_term = terms.is_label(item.words.whole) and not self.marks.of(item)
            if not sections_lists.month_of(item.words) and not is_term:
                said = f'the item "{item.words.whole[:60]}" has no day that can be read. Add one.'
                group.skipped.append((item.line, said))
            self.left += below
        if kept:
            line = group.drafts[-1].entry.line
            group.drafts[-1].entry.said.append((kept, loose_lists.KEPT.format(line=line)))
        self.lists.append(group)
        return end

    def paragraph(self, place: int) -> int:
        """Take a paragraph that begins with a day, and what stands below it up to the next."""
        first = self.blocks[place]
        if not isinstance(first, Text) or (mark := self.marks.of(first)) is None:
            return 0
        end = place + 1
        while end < len(self.blocks) and not self.begins(end):
            end += 1
        start = Start(mark.day(), mark.beside())
        self.start(self.paragraphs, first, self.blocks[place + 1 : end], start=start, shape=PARAGRAPH)
        return end

    def closed_paragraph(self, place: int) -> int:
        """Take a title, the paragraph below it that ends with its day, and what stands below both."""
        first, mark = self.blocks[place], self.labels.closed[place]
        people = Words(mark.words.line, tuple(mark.beside()))
        if not isinstance(first, Text) or not title_below.names(people.runs):
            return 0
        end = place + 2
        while end < len(self.blocks) and not self.begins(end):
            end += 1
        entry = Entry(self.page.path, first.line, PARAGRAPH)
        date_time.take_day(entry, mark.day())
        body.take_leads(entry, people)
        rest = labelled.without_number(first.words.runs)
        self.draft(
            self.paragraphs, split_line.Draft(entry, rest, self.blocks[place + 2 : end], source=first.words.source)
        )
        return end

    def begins(self, place: int) -> bool:
        """Tell whether a paragraph's session ends before a place."""
        block = self.blocks[place]
        is_title = place in self.labels.closed or self.labels.first(place) > 0 or id(block) in self.ended
        if isinstance(block, Heading | Table) or self.marks.opens(block) or is_title:
            return True
        is_list = loose_lists.is_listed(block) and not loose_lists.is_listed(self.blocks[place - 1])
        return is_list and loose_lists.has_dated_items(self.blocks, place, self.marks)

    def labelled_paragraph(self, place: int) -> int:
        """Take paragraphs such as "Date: …" and "Title: …", and the title that may stand above the first."""
        first, label = self.blocks[place], self.labels.first(place)
        if not label or not isinstance(first, Text):
            return 0
        end = label
        while end < len(self.blocks) and not self.labels.ends(end, is_title_first=label > place + 1):
            end += 1
        is_title = label > place + 1 and not session_labels.is_one(first.words.runs)
        start = Start(None, first.words.runs if is_title else ())
        below = self.blocks[place + is_title : end]
        self.start(self.paragraphs, first, below, start=start, shape=PARAGRAPH)
        return end

    def start(self, group: _Group, block: Text, under: Sequence[Block], *, start: Start, shape: str) -> None:
        entry = Entry(self.page.path, block.line, shape)
        if start.day:
            date_time.take_day(entry, start.day)
        rest = start.rest
        if (
            start.day
            and under
            and not slicing.text(rest)
            and (labelled.is_line(under[0]) or title_below.is_alone(under))
        ):
            rest, under = _runs(under[0]), under[1:]
        self.draft(group, split_line.Draft(entry, rest, under, block.depth, block.words.source))


def _unmade(block: Block) -> Block:
    """Return a block; labels that a line of dashes below them makes a heading by accident are a paragraph."""
    if isinstance(block, Heading) and "\n" in block.words.source and session_labels.is_one(block.words.runs):
        return Text(block.line, block.words)
    return block


def _runs(block: Block) -> Runs:
    return () if isinstance(block, Table) else block.words.runs
