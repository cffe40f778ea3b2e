"""What is below a session's heading or item: its abstract, what is read, and lines such as "Presenter: Ada"."""

import re
from collections.abc import Sequence

from readingroom.importer.blocks.page import Block, Heading, TextBlock
from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import InlineText, Span, squeeze_spaces
from readingroom.importer.people import names, parse
from readingroom.importer.session import date_time, labels, reading_item, status, title, trailing_labels
from readingroom.importer.session.entry import OFF_DAY, ImportedSession, SessionData
from readingroom.importer.session.reading_item import MAX_ITEM_WORDS, MAX_NOTE
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import (
    ABSTRACT,
    AUTHORS,
    LEAD,
    OTHER,
    READING,
    RESOURCE,
    ROOM,
    TIME,
    TITLE,
    VENUE,
)


def add_reading_links(entry: ImportedSession, role: str, head: str, words: InlineText) -> None:
    """Take the links of reading or resources, and what is there without one."""
    shown = role == TITLE and fields.normalize_label(head) in _SHOWN
    for rest in title.add_cell_links(entry, words.runs, head, RESOURCE if shown else role):
        if names.is_placeholder(rest):
            continue
        if shown or role == RESOURCE:
            entry.add_note(head, rest)
        else:
            entry.add_item(rest[:MAX_ITEM_WORDS], "")
    if words.links and _has_text_next_to_links(words.runs):
        entry.add_note(head, slicing.render_inline_markdown(words)[:MAX_NOTE])


_BETWEEN = re.compile(r"[,;|/·()\[\]:：–—&+\n]|\b(?:and|und|et|y|e)\b")

_MIN = 3  # letters; shorter words such as "see" and "via" say nothing


def _has_text_next_to_links(runs: Spans) -> bool:
    """Return whether there are words next to links that do more than name what they link to."""
    unlinked = "\n".join(run.text for run in runs if not run.url and not run.struck and not run.image)
    parts = [part.strip(" .*-") for part in _BETWEEN.split(unlinked)]
    return any(len(part) > _MIN and not names.is_placeholder(part) and not fields.find_role(part, 2) for part in parts)


def add_value_note(entry: ImportedSession, role: str, head: str, words: InlineText) -> None:
    """Keep what fits nowhere else: of a paper next to its item, of the session as a section."""
    note = slicing.render_inline_markdown(words)[:MAX_NOTE]
    items = entry.material[0].get("items", []) if entry.material else []
    if role in {AUTHORS, VENUE} and len(items) == 1:
        before = items[0].get("note", "")
        items[0]["note"] = f"{before}; {note}"[:MAX_NOTE] if before else note
    elif not names.is_placeholder(words.text):
        entry.add_note(head[:MAX_ITEM_WORDS], note)
    add_links(entry, words)


# Labels of a title that, where there is one, name what was shown.
_SHOWN = frozenset({"presentation", "talk", "vortrag", "présentation", "presentación", "apresentação", "발표"})


def add_links(entry: ImportedSession, words: InlineText) -> None:
    for link in words.links:
        entry.add_link(link.url)


_OF_ONE_LINE = frozenset({LEAD, TITLE, ROOM, TIME})
_MOST = 150
_SHARES = re.compile(r"Shares its material with \[.*\]\((?:\.\./)?([A-Za-z0-9-]+)/README\.md\)\.", re.DOTALL)


class SessionBodyReader:
    """Fills an entry from the blocks below it, in order."""

    def __init__(self, entry: ImportedSession, depth: int = 0, *, has_title: bool = False) -> None:
        self.entry = entry
        self.depth = depth
        self.has_title = has_title  # next to the day, which no label of a paper replaces
        self.section: SessionData | None = None
        self.open_items: list[tuple[int, list[SessionData], SessionData | None]] = []
        self.wants_abstract = False
        self.wanted = ""  # the heading or label on a line of its own
        self.has_label = False

    def read_blocks(self, blocks: Sequence[Block]) -> None:
        for place, block in enumerate(blocks):
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if isinstance(block, Heading):
                self.open_section(squeeze_spaces(block.words.whole).strip(":"), block.words.links)
            elif self.fill_awaited_value(block):
                continue
            elif isinstance(block, TextBlock) and block.is_item:
                self.add_reading_item(block)
            elif isinstance(block, TextBlock):
                self.read_paragraph(block, is_before_list=isinstance(following, TextBlock) and following.is_item)
        self.close_section()

    def fill_awaited_value(self, block: Block) -> bool:
        """Take a short paragraph or an item as the value of the label above it; return whether it was one."""
        wanted, self.wanted = self.wanted, ""
        if not wanted or not isinstance(block, TextBlock) or labels.is_label_block(block.words.runs):
            return False
        role = fields.find_role(wanted, labels.MAX_WORDS)
        if (role == TITLE and (self.has_title or self.entry.title)) or len(block.words.text) > _MOST:
            return False
        if role == LEAD and not all(names.is_person_name(lead.name) for lead in parse.parse_leads(block.words).people):
            return False
        self.section = None
        fill_field(self.entry, role, wanted, block.words)
        self.wanted = wanted if role == LEAD and block.is_item else ""
        return True

    def open_section(self, title: str, links: Sequence[Span] = ()) -> None:
        self.wanted = title if fields.find_role(title, labels.MAX_WORDS) in _OF_ONE_LINE else ""
        outer = self.section.get("heading", "") if self.section and len(self.section) == 1 else ""
        title = f"{outer}: {title}" if outer else title
        self.close_section()
        self.wants_abstract = fields.find_role(title) == ABSTRACT
        self.section = None if self.wants_abstract else {"heading": title[:MAX_ITEM_WORDS]} if title else {}
        for link in links:
            self.wanted = ""
            self.add_reading_item(TextBlock(0, InlineText(0, (link,)), is_item=True, depth=self.depth + 1))

    def close_section(self) -> None:
        """Put the section that is open into the material, without lists that stayed empty."""
        if self.section and (self.section.get("items") or self.section.get("note")):
            self.entry.material.append(_drop_empty_values(self.section))
        self.section, self.open_items = None, []

    def read_paragraph(self, block: TextBlock, *, is_before_list: bool) -> None:
        runs = block.words.runs
        if not block.words.whole:
            return  # an image
        if block.depth > self.depth and self.open_items:
            self.add_note_to_item(block.words)
            return
        if shares := _SHARES.fullmatch(block.words.source):
            self.entry.continues = shares[1]
            return
        if self.read_labelled_line(runs, block.line):
            return
        bold = labels.get_bold_prefix(runs)
        rest = slicing.slice_spans(runs, len(bold))
        if bold.strip() and not slicing.get_raw_text(rest).strip(" :"):
            self.open_section(squeeze_spaces(bold).strip(": "))
        elif fields.find_role(bold.strip(": \n")) == ABSTRACT:
            self.open_section("Abstract")
            self.add_abstract(
                slicing.render_inline_markdown(InlineText(block.line, slicing.strip_spans(rest, " \n:", " \n")))
            )
        else:
            self.add_prose(block.words, is_before_list=is_before_list)

    def add_prose(self, words: InlineText, *, is_before_list: bool) -> None:
        source = slicing.render_inline_markdown(words)
        has_material = bool(self.entry.material) or self.section is not None
        leads_on = is_before_list and source.rstrip().endswith((":", "："))
        if self.wants_abstract or not (has_material or leads_on or words.links):
            self.add_abstract(source)
            return
        if self.section is None or self.section.get("items") or self.section.get("note"):
            self.close_section()
            self.section = {}
        self.section["note"] = source[:MAX_NOTE]
        for link in words.links:
            self.entry.add_link(link.url)

    def add_abstract(self, source: str) -> None:
        self.entry.abstract = f"{self.entry.abstract}\n\n{source}".strip()

    def add_reading_item(self, block: TextBlock) -> None:
        if self.read_labelled_line(block.words.runs, block.line):
            return
        made = reading_item.parse_reading_item(block.words)
        for url in _list_item_urls(made, block.words):
            self.entry.add_link(url)
        while self.open_items and self.open_items[-1][0] >= block.depth:
            self.open_items.pop()
        if self.open_items and (parent := self.open_items[-1][2]) is not None:
            if "url" not in made and "note" not in parent and "url" in parent and len(made["title"]) <= MAX_NOTE:
                parent["note"] = slicing.render_inline_markdown(block.words)  # what to read of the item above
                return
            parent.setdefault("items", []).append(made)
            self.open_items.append((block.depth, parent["items"], made))
            return
        if self.section is None:
            last = self.entry.material[-1] if self.entry.material else {}
            goes_on = bool(last.get("items")) and not last.get("heading") and not last.get("note")
            self.section = self.entry.material.pop() if goes_on else {}
        self.wants_abstract = False
        below = self.section.setdefault("items", [])
        below.append(made)
        self.open_items = [(block.depth, below, made)]

    def add_note_to_item(self, words: InlineText) -> None:
        item = self.open_items[-1][2]
        if item is not None:
            note = slicing.render_inline_markdown(words)
            item["note"] = f"{item['note']}\n{note}" if item.get("note") else note
            for link in words.links:
                self.entry.add_link(link.url)

    def read_labelled_line(self, runs: Spans, line: int) -> bool:
        """Take a line such as "Presenter: Ada" or several of them; return whether it was one."""
        each = labels.parse_label_block(runs)
        if not any(_has_content(rest) for _, rest in each):
            return False
        roles = [fields.parse_label_role(label) for label, _ in each]
        if len(each) == 1 and roles[0].role in {READING, TITLE} and self.has_items():
            return False
        has_lead = any(head.role == LEAD and not head.is_weak for head in roles)
        for (label, rest), head in zip(each, roles, strict=True):
            role = OTHER if has_lead and head.is_weak and head.role == LEAD else head.role
            if role == TITLE and self.has_title and not title.is_talk_title_label(label):
                if title.add_paper(self.entry, rest):
                    continue
                role = OTHER
            fill_field(self.entry, role, squeeze_spaces(label), InlineText(line, tuple(rest)))
        self.has_label = True
        if not _has_content(each[-1][1]):
            self.open_section(squeeze_spaces(each[-1][0]))
        return True

    def extract_asides(self, runs: Spans, line: int) -> Spans:
        """Take what labels next to a title say, and return the rest of its line."""
        rest, asides = trailing_labels.split_asides(runs)
        fill_asides(self.entry, line, asides)
        return rest

    def has_items(self) -> bool:
        return bool(self.entry.material) or bool(self.section)


def fill_field(entry: ImportedSession, role: str, head: str, words: InlineText) -> None:
    """Put a value into an entry by what its label or its column's head names."""
    if not words.whole.strip():
        return
    match role:
        case "date" if not entry.stamp and date_time.fill_session_day(entry, words):
            pass
        case "title" if not entry.title:
            fill_title(entry, words)
        case "lead":
            add_leads(entry, words)
        case "title" | "reading" | "resource":
            add_reading_links(entry, role, head, words)
        case "room":
            fill_room(entry, words)
        case "time":
            fill_time(entry, words.text)
        case "kind":
            _fill_kind(entry, words)
        case "abstract":
            entry.abstract = f"{entry.abstract}\n\n{slicing.render_inline_markdown(words)}".strip()
            add_links(entry, words)
        case _:
            add_value_note(entry, role, head, words)


def _fill_kind(entry: ImportedSession, words: InlineText) -> None:
    """Take a kind, or who leads, if the words say that: "Discussion led by Ann"."""
    if asides := trailing_labels.parse_asides(words.runs):
        fill_asides(entry, words.line, asides)
    else:
        entry.kind = entry.kind or words.text[:MAX_ITEM_WORDS]


def fill_title(entry: ImportedSession, words: InlineText, *, is_ours: bool = False) -> None:
    """Take a title, and what labels next to it say: "Rings (Speaker: Ann)"."""
    rest, asides = (words.runs, []) if is_ours else trailing_labels.split_asides(words.runs)
    title.fill_topic(entry, rest, is_ours=is_ours)
    fill_asides(entry, words.line, asides)


def fill_title_lines(entry: ImportedSession, cell: InlineText) -> None:
    """Take the title of a cell of several lines, and as notes the sentences below it."""
    rest, asides = trailing_labels.split_asides(cell.runs)
    stack = title.parse_title_lines(rest)
    title.fill_topic(entry, stack.title)
    fill_asides(entry, cell.line, asides)
    for note in stack.notes:
        entry.add_note("", slicing.render_inline_markdown(InlineText(cell.line, tuple(note)))[:MAX_NOTE])
        add_links(entry, InlineText(cell.line, tuple(note)))
    if stack.unsure:
        one, two = (text[:40] for text in stack.unsure)
        message = f'"{one}" and "{two}" are in two lines of a cell and were read as two titles. Check them.'
        entry.remarks.append((cell.line, message))


def fill_asides(entry: ImportedSession, line: int, asides: Sequence[trailing_labels.LabelledPart]) -> None:
    for each in asides:
        fill_field(entry, each.role, squeeze_spaces(each.label), InlineText(line, tuple(each.runs)))


def add_leads(entry: ImportedSession, words: InlineText) -> None:
    found_status, rest = status.split_status(words.text)
    if found_status == OFF_DAY or (found_status in status.INSTEAD and not rest):
        entry.remarks.append((words.line, f'"{words.text}" is in place of the lead, so no lead was read.'))
        return
    found = parse.parse_leads(words)
    entry.leads += [lead for lead in found.people if lead not in entry.leads]
    entry.status = entry.status or found.status
    entry.remarks += [(words.line, unclear) for unclear in found.unclear]
    for link in found.links:
        entry.add_resource(squeeze_spaces(link.text), link.url)
    if found.is_prose:
        entry.add_note("Lead", slicing.render_inline_markdown(words)[:MAX_NOTE])


def fill_time(entry: ImportedSession, text: str) -> None:
    time, duration, _ = date_time.find_hours(text)
    if time:
        entry.time, entry.duration = entry.time or time, entry.duration or duration
    elif text.strip() and not names.is_placeholder(text):
        entry.add_note("Time", text)


def fill_room(entry: ImportedSession, words: InlineText) -> None:
    """Take a room; a time in it is not part of its name, and a link in it is kept."""
    text = words.text
    if names.is_placeholder(text):
        return
    time, duration, hours = date_time.find_hours(text)
    if time and f"({hours})" in text.replace("( ", "(").replace(" )", ")"):
        entry.time, entry.duration = entry.time or time, entry.duration or duration
        text = squeeze_spaces(text.replace(f"({hours})", ""))
    entry.room = text[:MAX_ITEM_WORDS]
    for link in words.links:
        if not link.url.startswith("#"):
            entry.add_resource(squeeze_spaces(link.text)[:MAX_ITEM_WORDS] or "Room", link.url)


def _has_content(runs: Spans) -> bool:
    return any(run.url or run.text.strip(" :：") for run in runs)


def _list_item_urls(item: SessionData, words: InlineText) -> list[str]:
    return [item["url"]] if "url" in item and len(words.links) == 1 else [link.url for link in words.links]


def _drop_empty_values(data: SessionData) -> SessionData:
    return {key: value for key, value in data.items() if value}
