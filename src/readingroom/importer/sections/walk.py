"""The sessions of a page that are in no table: a heading, an item or a paragraph for each, with what is below it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from readingroom.importer.blocks.page import Block, Heading, SourcePage, Table, TextBlock
from readingroom.importer.dates import terms
from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import InlineText, LineMessage, squeeze_spaces
from readingroom.importer.sections import date_position, labelled, lists, numeric_dates, split_line, title_below
from readingroom.importer.sections.date_position import MAX_LINE, DatePosition, DatePositions
from readingroom.importer.sections.labelled import DateLabels
from readingroom.importer.sections.lists import SessionStart
from readingroom.importer.session import body, date_time
from readingroom.importer.session import labels as session_labels
from readingroom.importer.session.entry import ITEM, PARAGRAPH, SECTION, ImportedSession
from readingroom.importer.tables import is_schedule
from readingroom.importer.tables.rows import EntryGroup
from readingroom.text.excerpt import shorten_text

_LEAST = 2  # paragraphs, and lines of each
_MAX_UNDONE = 50  # letters; a line of prose that is wrapped is longer

ClosingDate = tuple[SessionStart, list[Block]]


def find_closing_dates(blocks: Sequence[Block]) -> dict[int, ClosingDate]:
    """Return the dates of such paragraphs and the rest of each, by paragraph; nothing if there is only one."""
    found = {
        id(block): ended for block in blocks if isinstance(block, TextBlock) and (ended := _find_closing_date(block))
    }
    return found if len(found) >= _LEAST else {}


def _find_closing_date(block: TextBlock) -> ClosingDate | None:
    """Return the day and the title of a paragraph whose first line is one, and does not go on in the next."""
    if block.is_item or block.depth or not any("\n" in run.text for run in block.words.runs):
        return None
    lines = list(date_position.iter_lines(block.words))
    if len(lines) < _LEAST:
        return None
    first, *between, last = lines
    mark = date_position.find_date_position(last)
    if mark is None or not _is_only_date(mark) or date_position.find_date_position(first):
        return None
    title = slicing.get_visible_text(first.runs).strip()
    if len(title) > MAX_LINE or (between and _is_title_continued(title, between[0])):
        return None
    below: list[Block] = [TextBlock(line.line, line) for line in between]
    return SessionStart(mark.slice_date(), first.runs), below


def _is_only_date(mark: DatePosition) -> bool:
    """Return whether a line is a day with its year and nothing else."""
    start, end = mark.find_bounds()
    return mark.found.year > 0 and not (mark.text[:start] + mark.text[end:]).strip(" ()[]（）*_.,–—-")


def _is_title_continued(title: str, after: InlineText) -> bool:
    text = slicing.get_visible_text(after.runs).strip()
    is_done = len(title) <= _MAX_UNDONE or title[-1:] in {".", "!", "?", ":", '"', "”", ")"}
    return not is_done or not text[:1].isupper()


@dataclass
class Outline:
    """What is outside of tables: the groups of sessions, what is below each, and the blocks that belong to none."""

    groups: list[EntryGroup] = field(default_factory=list)
    held: list[tuple[ImportedSession, Block]] = field(default_factory=list)
    left: list[Block] = field(default_factory=list)
    marks: DatePositions = field(default_factory=DatePositions)


def is_session_date(words: InlineText) -> bool:
    """Return whether a heading is that of a session's day."""
    mark = date_position.find_date_position(words)
    return mark is not None and mark.is_heading_date()


def read_outline(page: SourcePage, taken: set[int]) -> Outline:
    """Return the sessions of a page outside of tables; ``taken`` holds the lines of the tables that are schedules."""
    walker = _OutlineReader(page, taken)
    walker.walk_blocks()
    groups = [walker.build_entry_group(each) for each in (walker.sections, *walker.lists, walker.paragraphs)]
    return Outline(
        [group for group in groups if group.entries or group.skipped], walker.held, walker.left, walker.marks
    )


@dataclass
class _DraftGroup:
    """Sessions that are dated and split together, and the lines among them that are none."""

    drafts: list[split_line.DraftEntry] = field(default_factory=list)
    skipped: list[LineMessage] = field(default_factory=list)


class _OutlineReader:
    """Goes through a page's blocks and cuts them into sessions."""

    def __init__(self, page: SourcePage, taken: set[int]) -> None:
        self.page, self.taken = page, taken
        self.blocks = list(
            numeric_dates.iter_split_blocks([_convert_accidental_heading(block) for block in page.blocks])
        )
        self.marks = DatePositions()
        numeric_dates.resolve_short_dates(self.blocks, self.marks)
        self.left = self.split_footer()
        self.labels = DateLabels(self.blocks, self.marks)
        self.ended = find_closing_dates(self.blocks)
        self.sections, self.paragraphs = _DraftGroup(), _DraftGroup()
        self.lists: list[_DraftGroup] = []
        self.settled_lists = set[int]()
        self.held: list[tuple[ImportedSession, Block]] = []
        self.heading, self.month = "", ""

    def is_dated_heading(self, block: Block) -> bool:
        return (
            isinstance(block, Heading)
            and (mark := self.marks.get_position(block)) is not None
            and mark.is_heading_date()
        )

    def split_footer(self) -> list[Block]:
        """Return what is below the page's last rule and is no session's, and take it off the other blocks."""
        footer = [block for block in self.blocks if self.page.footer and block.line > self.page.footer]
        if any(self.marks.is_session_start(block) for block in footer):
            return []
        del self.blocks[len(self.blocks) - len(footer) :]
        return footer

    def walk_blocks(self) -> None:
        place = 0
        while place < len(self.blocks):
            block = self.blocks[place]
            if end := self.read_session_at(place, block):
                place = end
                continue
            if isinstance(block, Heading):
                self.heading, self.month = block.words.whole, lists.find_month_template(block.words)
            self.left.append(block)
            place += 1

    def read_session_at(self, place: int, block: Block) -> int:
        """Take the sessions that begin in a place; return where they end, or 0 if none does."""
        if isinstance(block, Heading):
            return self.read_section(place)
        if isinstance(block, Table):
            return 0
        if block.is_item:
            return 0 if is_schedule.is_unrelated_heading(self.heading) else self.read_list(place)
        return self.read_paragraph_session(place, block)

    def read_paragraph_session(self, place: int, block: TextBlock) -> int:
        """Take the session that a paragraph begins, by where its day is."""
        if self.marks.is_session_start(block):
            return self.read_dated_paragraph(place)
        if id(block) in self.ended:
            start, below = self.ended[id(block)]
            self.start_session(self.paragraphs, block, below, start=start, shape=PARAGRAPH)
            return place + 1
        if place in self.labels.paragraph_dates and not is_schedule.is_unrelated_heading(self.heading):
            return self.read_closing_date_paragraph(place)
        return self.read_labelled_paragraph(place)

    def read_section(self, place: int) -> int:
        heading = self.blocks[place]
        if not isinstance(heading, Heading):
            return 0
        is_dated = self.is_dated_heading(heading)
        if not is_dated and place not in self.labels.heading_dates and not self.labels.has_date_below(place, heading):
            return 0
        end = self.find_section_end(place, heading)
        below = self.blocks[place + 1 : end]
        if any(block.line in self.taken for block in below if isinstance(block, Table)):
            return 0
        entry = ImportedSession(self.page.path, heading.line, SECTION, under=squeeze_spaces(heading.words.whole))
        if is_dated:
            rest, kept = self.read_dated_section(entry, heading, below)
        elif place in self.labels.heading_dates:
            rest, kept = self.labels.read_section_with_date_heading(entry, place, below)
            if kept and isinstance(kept[0], Heading) and title_below.is_people_line(kept[0].words.runs):
                body.add_leads(entry, kept[0].words)
                kept = kept[1:]
        else:
            rest, kept = self.labels.read_section_with_date_text(entry, heading, below)
        self.add_draft(self.sections, split_line.DraftEntry(entry, rest, kept, source=heading.words.source))
        return end

    def find_section_end(self, place: int, heading: Heading) -> int:
        """Return where the section of a heading ends: at the next of its level or above, or the next with a day."""
        for end in range(place + 1, len(self.blocks)):
            block = self.blocks[end]
            if not isinstance(block, Heading):
                continue
            is_title = end == place + 1 and block.level > heading.level
            if not is_title and (
                block.level <= heading.level
                or self.is_dated_heading(block)
                or end in self.labels.heading_dates
                or self.labels.has_date_below(end, block)
            ):
                return end
        return len(self.blocks)

    def read_dated_section(
        self, entry: ImportedSession, heading: Heading, below: Sequence[Block]
    ) -> tuple[Spans, Sequence[Block]]:
        """Take the day of a heading; return what is next to it, or else the line below, and what is left."""
        mark = self.marks.get_position(heading)
        if mark is None:
            return (), below
        date_time.fill_session_day(entry, mark.slice_date())
        rest = mark.slice_rest()
        while below and isinstance(below[0], TextBlock) and not below[0].words.whole:
            below = below[1:]  # a picture
        if below and isinstance(below[0], Heading) and not slicing.get_visible_text(rest):
            return _get_spans(below[0]), below[1:]
        if (
            below
            and (labelled.is_title_line(below[0]) or title_below.is_only_item(below))
            and not title_below.has_title_next_to_date(rest)
        ):
            if title_below.is_bracketed_aside(rest):
                entry.remarks.append(
                    (entry.line, f'"{slicing.get_visible_text(rest)}" is next to the date and was not imported.')
                )
            return _get_spans(below[0]), below[1:]
        return rest, below

    def add_draft(self, group: _DraftGroup, draft: split_line.DraftEntry) -> None:
        """Add a session to its group, and report the tables below it."""
        group.drafts.append(draft)
        self.held += [(draft.entry, block) for block in draft.below]
        for block in draft.below:
            if isinstance(block, Table):
                message = "the table within a session's section is not imported. It stays on the page."
                group.skipped.append((block.line, message))

    def build_entry_group(self, group: _DraftGroup) -> EntryGroup:
        """Return the entries of a group with what is next to and below their days."""
        warnings = list(title_below.infer_leads_and_titles(group.drafts))
        for draft in group.drafts:
            title_below.fill_from_below(draft)
            if draft.entry.stamp is None:
                self.labels.fill_date_from_label(draft.entry, draft.below)
        made = split_line.split_draft_entries(group.drafts, group.skipped)
        made.warnings += warnings
        return made

    def read_list(self, place: int) -> int:
        """Take a list: each item with a day is a session, what is further in belongs to it."""
        end, kept, messages = lists.find_list_end(self.blocks, place, self.marks, self.labels, self.settled_lists)
        part = [block for block in self.blocks[place:end] if isinstance(block, TextBlock)]
        found = lists.read_session_list(part, self.month, self.marks)
        if not found.sessions:
            self.left += part
            return end
        group = _DraftGroup()
        group.skipped += messages
        for item, below, start in found.sessions:
            self.start_session(group, item, below, start=start, shape=ITEM)
        for item, below in found.others:
            is_term = terms.is_term_label(item.words.whole) and not self.marks.get_position(item)
            if not lists.find_month_template(item.words) and not is_term:
                message = f'the item "{shorten_text(item.words.whole)}" has no day that can be read. Add one.'
                group.skipped.append((item.line, message))
            self.left += below
        if kept:
            line = group.drafts[-1].entry.line
            group.drafts[-1].entry.remarks.append((kept, lists.KEPT_MESSAGE.format(line=line)))
        self.lists.append(group)
        return end

    def read_dated_paragraph(self, place: int) -> int:
        """Take a paragraph that begins with a day, and what is below it up to the next."""
        first = self.blocks[place]
        if not isinstance(first, TextBlock) or (mark := self.marks.get_position(first)) is None:
            return 0
        end = place + 1
        while end < len(self.blocks) and not self.is_session_boundary(end):
            end += 1
        start = SessionStart(mark.slice_date(), mark.slice_rest())
        self.start_session(self.paragraphs, first, self.blocks[place + 1 : end], start=start, shape=PARAGRAPH)
        return end

    def read_closing_date_paragraph(self, place: int) -> int:
        """Take a title, the paragraph below it that ends with its day, and what is below both."""
        first, mark = self.blocks[place], self.labels.paragraph_dates[place]
        people = InlineText(mark.words.line, tuple(mark.slice_rest()))
        if not isinstance(first, TextBlock) or not title_below.is_people_line(people.runs):
            return 0
        end = place + 2
        while end < len(self.blocks) and not self.is_session_boundary(end):
            end += 1
        entry = ImportedSession(self.page.path, first.line, PARAGRAPH)
        date_time.fill_session_day(entry, mark.slice_date())
        body.add_leads(entry, people)
        rest = labelled.strip_number(first.words.runs)
        self.add_draft(
            self.paragraphs, split_line.DraftEntry(entry, rest, self.blocks[place + 2 : end], source=first.words.source)
        )
        return end

    def is_session_boundary(self, place: int) -> bool:
        """Return whether a paragraph's session ends before a place."""
        block = self.blocks[place]
        is_title = (
            place in self.labels.paragraph_dates
            or self.labels.find_date_label_end(place) > 0
            or id(block) in self.ended
        )
        if isinstance(block, Heading | Table) or self.marks.is_session_start(block) or is_title:
            return True
        is_list = lists.is_list_block(block) and not lists.is_list_block(self.blocks[place - 1])
        return is_list and lists.has_dated_items(self.blocks, place, self.marks)

    def read_labelled_paragraph(self, place: int) -> int:
        """Take paragraphs such as "Date: …" and "Title: …", and the title that may be above the first."""
        first, label = self.blocks[place], self.labels.find_date_label_end(place)
        if not label or not isinstance(first, TextBlock):
            return 0
        end = label
        while end < len(self.blocks) and not self.labels.is_session_end(end, is_title_first=label > place + 1):
            end += 1
        is_title = label > place + 1 and not session_labels.is_label_block(first.words.runs)
        start = SessionStart(None, first.words.runs if is_title else ())
        below = self.blocks[place + is_title : end]
        self.start_session(self.paragraphs, first, below, start=start, shape=PARAGRAPH)
        return end

    def start_session(
        self, group: _DraftGroup, block: TextBlock, under: Sequence[Block], *, start: SessionStart, shape: str
    ) -> None:
        entry = ImportedSession(self.page.path, block.line, shape)
        if start.day:
            date_time.fill_session_day(entry, start.day)
        rest = start.rest
        if (
            start.day
            and under
            and not slicing.get_visible_text(rest)
            and (labelled.is_title_line(under[0]) or title_below.is_only_item(under))
        ):
            rest, under = _get_spans(under[0]), under[1:]
        self.add_draft(group, split_line.DraftEntry(entry, rest, under, block.depth, block.words.source))


def _convert_accidental_heading(block: Block) -> Block:
    """Return a block; labels that a line of dashes below them makes a heading by accident are a paragraph."""
    if isinstance(block, Heading) and "\n" in block.words.source and session_labels.is_label_block(block.words.runs):
        return TextBlock(block.line, block.words)
    return block


def _get_spans(block: Block) -> Spans:
    return () if isinstance(block, Table) else block.words.runs
