"""What stands below a session's heading or item: its abstract, what is read, and lines such as "Presenter: Ada"."""

import re
from collections.abc import Sequence

from readingroom.importer.blocks.page import Block, Heading, Text
from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Runs
from readingroom.importer.inline.spans import Run, Words, squeezed
from readingroom.importer.people import names, parse
from readingroom.importer.session import (
    date_time,
    labels,
    material,
    multiline_title,
    reading_item,
    status,
    trailing_labels,
)
from readingroom.importer.session import title as session_title
from readingroom.importer.session.entry import NONE, Data, Entry
from readingroom.importer.session.reading_item import MAX_ITEM_WORDS, MAX_NOTE
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import ABSTRACT, LEAD, OTHER, READING, ROOM, TIME, TITLE

_OF_ONE_LINE = frozenset({LEAD, TITLE, ROOM, TIME})
_MOST = 150
_SHARES = re.compile(r"Shares its material with \[.*\]\((?:\.\./)?([A-Za-z0-9-]+)/README\.md\)\.", re.DOTALL)


class Reader:
    """Fills an entry from the blocks below it, in order."""

    def __init__(self, entry: Entry, depth: int = 0, *, has_title: bool = False) -> None:
        self.entry = entry
        self.depth = depth
        self.has_title = has_title  # beside the day, which no label of a paper replaces
        self.section: Data | None = None
        self.open_items: list[tuple[int, list[Data], Data | None]] = []
        self.wants_abstract = False
        self.wanted = ""  # what a heading or a label names that stands on a line of its own
        self.has_label = False

    def read(self, blocks: Sequence[Block]) -> None:
        for place, block in enumerate(blocks):
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if isinstance(block, Heading):
                self.heading(squeezed(block.words.whole).strip(":"), block.words.links)
            elif self.takes(block):
                continue
            elif isinstance(block, Text) and block.is_item:
                self.item(block)
            elif isinstance(block, Text):
                self.paragraph(block, is_before_list=isinstance(following, Text) and following.is_item)
        self.close()

    def takes(self, block: Block) -> bool:
        """Take a short paragraph or an item as the value of the label above it; return whether it was one."""
        wanted, self.wanted = self.wanted, ""
        if not wanted or not isinstance(block, Text) or labels.is_one(block.words.runs):
            return False
        role = fields.role_of(wanted, labels.MAX_WORDS)
        if (role == TITLE and (self.has_title or self.entry.title)) or len(block.words.text) > _MOST:
            return False
        if role == LEAD and not all(names.is_name(lead.name) for lead in parse.read(block.words).people):
            return False
        self.section = None
        take_value(self.entry, role, wanted, block.words)
        self.wanted = wanted if role == LEAD and block.is_item else ""
        return True

    def heading(self, title: str, links: Sequence[Run] = ()) -> None:
        self.wanted = title if fields.role_of(title, labels.MAX_WORDS) in _OF_ONE_LINE else ""
        outer = self.section.get("heading", "") if self.section and len(self.section) == 1 else ""
        title = f"{outer}: {title}" if outer else title
        self.close()
        self.wants_abstract = fields.role_of(title) == ABSTRACT
        self.section = None if self.wants_abstract else {"heading": title[:MAX_ITEM_WORDS]} if title else {}
        for link in links:
            self.wanted = ""
            self.item(Text(0, Words(0, (link,)), is_item=True, depth=self.depth + 1))

    def close(self) -> None:
        """Put the section that is open into the material, without lists that stayed empty."""
        if self.section and (self.section.get("items") or self.section.get("note")):
            self.entry.material.append(_pruned(self.section))
        self.section, self.open_items = None, []

    def paragraph(self, block: Text, *, is_before_list: bool) -> None:
        runs = block.words.runs
        if not block.words.whole:
            return  # an image
        if block.depth > self.depth and self.open_items:
            self.add_note_to_item(block.words)
            return
        if shares := _SHARES.fullmatch(block.words.source):
            self.entry.continues = shares[1]
            return
        if self.labelled(runs, block.line):
            return
        bold = labels.bold_start(runs)
        rest = slicing.cut(runs, len(bold))
        if bold.strip() and not slicing.raw(rest).strip(" :"):
            self.heading(squeezed(bold).strip(": "))
        elif fields.role_of(bold.strip(": \n")) == ABSTRACT:
            self.heading("Abstract")
            self.add_abstract(slicing.as_markdown(Words(block.line, slicing.trimmed(rest, " \n:", " \n"))))
        else:
            self.prose(block.words, is_before_list=is_before_list)

    def prose(self, words: Words, *, is_before_list: bool) -> None:
        source = slicing.as_markdown(words)
        has_material = bool(self.entry.material) or self.section is not None
        leads_on = is_before_list and source.rstrip().endswith((":", "："))
        if self.wants_abstract or not (has_material or leads_on or words.links):
            self.add_abstract(source)
            return
        if self.section is None or self.section.get("items") or self.section.get("note"):
            self.close()
            self.section = {}
        self.section["note"] = source[:MAX_NOTE]
        for link in words.links:
            self.entry.add_link(link.url)

    def add_abstract(self, source: str) -> None:
        self.entry.abstract = f"{self.entry.abstract}\n\n{source}".strip()

    def item(self, block: Text) -> None:
        if self.labelled(block.words.runs, block.line):
            return
        made = reading_item.read(block.words)
        for url in _addresses(made, block.words):
            self.entry.add_link(url)
        while self.open_items and self.open_items[-1][0] >= block.depth:
            self.open_items.pop()
        if self.open_items and (parent := self.open_items[-1][2]) is not None:
            if "url" not in made and "note" not in parent and "url" in parent and len(made["title"]) <= MAX_NOTE:
                parent["note"] = slicing.as_markdown(block.words)  # what to read of the item above
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

    def add_note_to_item(self, words: Words) -> None:
        item = self.open_items[-1][2]
        if item is not None:
            note = slicing.as_markdown(words)
            item["note"] = f"{item['note']}\n{note}" if item.get("note") else note
            for link in words.links:
                self.entry.add_link(link.url)

    def labelled(self, runs: Runs, line: int) -> bool:
        """Take a line such as "Presenter: Ada" or several of them; return whether it was one."""
        each = labels.all_of(runs)
        if not any(_says(rest) for _, rest in each):
            return False
        roles = [fields.head_of(label) for label, _ in each]
        if len(each) == 1 and roles[0].role in {READING, TITLE} and self.has_items():
            return False
        has_lead = any(head.role == LEAD and not head.is_weak for head in roles)
        for (label, rest), head in zip(each, roles, strict=True):
            role = OTHER if has_lead and head.is_weak and head.role == LEAD else head.role
            if role == TITLE and self.has_title and not session_title.is_entitled(label):
                if session_title.take_paper(self.entry, rest):
                    continue
                role = OTHER
            take_value(self.entry, role, squeezed(label), Words(line, tuple(rest)))
        self.has_label = True
        if not _says(each[-1][1]):
            self.heading(squeezed(each[-1][0]))
        return True

    def without_asides(self, runs: Runs, line: int) -> Runs:
        """Take what labels beside a title say, and return the rest of its line."""
        rest, said = trailing_labels.parted(runs)
        take_asides(self.entry, line, said)
        return rest

    def has_items(self) -> bool:
        return bool(self.entry.material) or bool(self.section)


def take_value(entry: Entry, role: str, head: str, words: Words) -> None:
    """Put a value into an entry by what its label or its column's head names."""
    if not words.whole.strip():
        return
    match role:
        case "date" if not entry.stamp and date_time.take_day(entry, words):
            pass
        case "title" if not entry.title:
            take_title(entry, words)
        case "lead":
            take_leads(entry, words)
        case "title" | "reading" | "resource":
            material.take_links(entry, role, head, words)
        case "room":
            take_room(entry, words)
        case "time":
            take_time(entry, words.text)
        case "kind":
            _take_kind(entry, words)
        case "abstract":
            entry.abstract = f"{entry.abstract}\n\n{slicing.as_markdown(words)}".strip()
            material.add_links(entry, words)
        case _:
            material.take_note(entry, role, head, words)


def _take_kind(entry: Entry, words: Words) -> None:
    """Take a kind, or who leads, if the words say that: "Discussion led by Ann"."""
    if said := trailing_labels.whole(words.runs):
        take_asides(entry, words.line, said)
    else:
        entry.kind = entry.kind or words.text[:MAX_ITEM_WORDS]


def take_title(entry: Entry, words: Words, *, is_ours: bool = False) -> None:
    """Take a title, and what labels beside it say: "Rings (Speaker: Ann)"."""
    rest, said = (words.runs, []) if is_ours else trailing_labels.parted(words.runs)
    session_title.take(entry, rest, is_ours=is_ours)
    take_asides(entry, words.line, said)


def take_stacked(entry: Entry, cell: Words) -> None:
    """Take the title of a cell of several lines, and as notes the sentences below it."""
    rest, said = trailing_labels.parted(cell.runs)
    stack = multiline_title.read(rest)
    session_title.take(entry, stack.title)
    take_asides(entry, cell.line, said)
    for note in stack.notes:
        entry.add_note("", slicing.as_markdown(Words(cell.line, tuple(note)))[:MAX_NOTE])
        material.add_links(entry, Words(cell.line, tuple(note)))
    if stack.unsure:
        one, two = (text[:40] for text in stack.unsure)
        message = f'"{one}" and "{two}" stand in two lines of a cell and were read as two titles. Look it over.'
        entry.said.append((cell.line, message))


def take_asides(entry: Entry, line: int, said: Sequence[trailing_labels.Aside]) -> None:
    for each in said:
        take_value(entry, each.role, squeezed(each.label), Words(line, tuple(each.runs)))


def take_leads(entry: Entry, words: Words) -> None:
    told, rest = status.of(words.text)
    if told == NONE or (told in status.INSTEAD and not rest):
        entry.said.append((words.line, f'"{words.text}" stands where the lead would: nobody was taken from it.'))
        return
    found = parse.read(words)
    entry.leads += [lead for lead in found.people if lead not in entry.leads]
    entry.status = entry.status or found.status
    entry.said += [(words.line, unclear) for unclear in found.unclear]
    for link in found.links:
        entry.add_resource(squeezed(link.text), link.url)
    if found.is_prose:
        entry.add_note("Lead", slicing.as_markdown(words)[:MAX_NOTE])


def take_time(entry: Entry, text: str) -> None:
    time, duration, _ = date_time.hours(text)
    if time:
        entry.time, entry.duration = entry.time or time, entry.duration or duration
    elif text.strip() and not names.is_placeholder(text):
        entry.add_note("Time", text)


def take_room(entry: Entry, words: Words) -> None:
    """Take a room; a time in it is not part of its name, and a link in it is kept."""
    text = words.text
    if names.is_placeholder(text):
        return
    time, duration, told = date_time.hours(text)
    if time and f"({told})" in text.replace("( ", "(").replace(" )", ")"):
        entry.time, entry.duration = entry.time or time, entry.duration or duration
        text = squeezed(text.replace(f"({told})", ""))
    entry.room = text[:MAX_ITEM_WORDS]
    for link in words.links:
        if not link.url.startswith("#"):
            entry.add_resource(squeezed(link.text)[:MAX_ITEM_WORDS] or "Room", link.url)


def _says(runs: Runs) -> bool:
    return any(run.url or run.text.strip(" :：") for run in runs)


def _addresses(item: Data, words: Words) -> list[str]:
    return [item["url"]] if "url" in item and len(words.links) == 1 else [link.url for link in words.links]


def _pruned(data: Data) -> Data:
    return {key: value for key, value in data.items() if value}
