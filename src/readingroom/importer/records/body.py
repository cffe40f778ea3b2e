"""The lines below a session's day: labels with their values, its abstract, and what is read, by headings and items."""

import re
from collections.abc import Sequence

from readingroom.importer.page.blocks import Block, Kind, Line, Table
from readingroom.importer.page.rich_text import RichText, join_texts
from readingroom.importer.records import fields, people, texts
from readingroom.importer.records.candidate import Candidate, SessionData
from readingroom.importer.records.people import Shape
from readingroom.importer.vocabulary.roles import Role, find_role

MAX_NOTE, MAX_ITEM = 2_000, 300
_MAX_LABEL, _MAX_PEOPLE = 50, 150
_AROUND = re.compile(r"\A[\s–—:,;.|-]+|(?<![\s–—:,;|-])[\s–—:,;|-]+\Z")
_SHARES = re.compile(r"Shares its material with \[.*\]\((?:\.\./)?([A-Za-z0-9-]+)/README\.md\)\.", re.DOTALL)
_HEADS = {Kind.HEADING, Kind.SUMMARY}
_HIDDEN = {Kind.RULE, Kind.SECTION, Kind.CODE}


class MaterialReader:
    """Adds lines to a session in their order, as its abstract and what is read; ``close`` ends the last section."""

    def __init__(self, entry: Candidate, *, is_ours: bool = False) -> None:
        self.entry = entry
        self.is_ours = is_ours
        self.section: SessionData | None = None
        self.open_items: list[tuple[int, SessionData]] = []
        self.wants_abstract = self.has_items = False

    def open_section(self, heading: str) -> None:
        self.close()
        self.wants_abstract = find_role(heading) is Role.ABSTRACT
        self.section = None if self.wants_abstract else ({"heading": heading[:MAX_ITEM]} if heading else {})
        self.has_items = self.has_items or not self.wants_abstract

    def close(self) -> None:
        """Put the open section into the material, unless it stayed empty."""
        if self.section and (self.section.get("items") or self.section.get("note")):
            self.entry.material.append(self.section)
        self.section, self.open_items = None, []

    def add_line(self, line: Line) -> None:
        if found := _SHARES.fullmatch(line.markdown):
            self.entry.continues = found[1]
            return
        if line.kind is Kind.ITEM and line.is_first:
            self._add_item(line)
        elif line.kind is Kind.ITEM and self.open_items:
            item = self.open_items[-1][1]
            item["note"] = "\n".join(filter(None, [item.get("note", ""), line.markdown]))[:MAX_NOTE]
        else:
            self._add_text(line)
        self.entry.add_links_of(line.text)

    def _add_item(self, line: Line) -> None:
        item = parse_item(line.text, line.source, is_ours=self.is_ours)
        if not item:
            return
        self.wants_abstract, self.has_items = False, True
        while self.open_items and self.open_items[-1][0] >= line.level:
            self.open_items.pop()
        if self.section is None:
            self.section = {}
        above = self.open_items[-1][1] if self.open_items else self.section
        above.setdefault("items", []).append(item)
        self.open_items.append((line.level, item))

    def _add_text(self, line: Line) -> None:
        if self.wants_abstract or (self.section is None and not self.has_items):
            self.entry.abstract = _join(self.entry.abstract, line)
            return
        if self.section is None or self.section.get("items"):
            self.close()
            self.section = {}
        self.section["note"] = _join(self.section.get("note", ""), line)[:MAX_NOTE]


def _join(before: str, line: Line) -> str:
    gap = "\n" if line.is_soft or not line.is_first else "\n\n"
    return f"{before}{gap}{line.markdown}" if before else line.markdown


def parse_item(text: RichText, source: str = "", *, is_ours: bool = False) -> SessionData:
    """Return an item of a reading list: its title, its address, and as a note what is around its link."""
    links = [link for link in text.links if link.url and not link.url.startswith(("#", "mailto:"))]
    labels = [" ".join(text.get_label(link).split())[:MAX_ITEM] for link in links]
    if not links:
        return {"title": text.text[:MAX_ITEM]} if text.text else {}
    if len(links) > 1:
        title = texts.clean_title(text)[:MAX_ITEM]
        items = [{"title": label or x.url, "url": x.url} for label, x in zip(labels, links, strict=True)]
        return {"title": title, "items": items} if title else {**items[0], "items": items[1:]}
    link = links[0]
    if not is_ours and texts.is_generic_label(labels[0]) and (title := texts.clean_title(text)):
        return {"title": title[:MAX_ITEM], "url": link.url}
    before, after = text.text[: link.start], text.text[link.end :]
    if typed := re.search(r"\]\([^()\s]*\)([^\[\]<>]*)\Z", source):
        after = typed[1]
    if before.endswith(("(", "[")) and after.startswith((")", "]")):
        before, after = before[:-1], after[1:]
    before, after = _AROUND.sub("", before).strip(), _AROUND.sub("", after)
    if after.startswith("(") and after.endswith(")") and after[1:-1].count("(") == after[1:-1].count(")"):
        after = after[1:-1]
    note = " – ".join(filter(None, (before, after.strip(" .") and after.strip())))
    made = {"title": labels[0] or link.url[:MAX_ITEM], "url": link.url}
    return {**made, "note": note[:MAX_NOTE]} if note else made


def read_body(entry: Candidate, blocks: Sequence[Block], shape: Shape) -> None:
    """Read the blocks below a session's day."""
    for cell in (cell for block in blocks if isinstance(block, Table) for row in block.rows for cell in row.cells):
        fields.add_links(entry, cell)
    lines = [block for block in blocks if isinstance(block, Line) and block.kind not in _HIDDEN]
    _BodyReader(entry, lines, shape).read()


class _BodyReader:
    """Gives each line a role: by its label, by the label on a line of its own above, or by its form."""

    def __init__(self, entry: Candidate, lines: Sequence[Line], shape: Shape) -> None:
        self.entry, self.lines, self.shape = entry, lines, shape
        self.material = MaterialReader(entry)
        self.role: Role | None = None  # of the label above
        self.last = self.labelled = -1  # the numbers of the paragraphs that the lines before are in

    def read(self) -> None:
        for line in self.lines:
            if not (self.read_off(line) or self.read_labelled(line) or self.read_by_form(line)):
                self.read_material(line)
            self.last = line.block
        self.material.close()
        if not self.entry.title and self.entry.abstract:
            self.take_title_from_text()

    def read_off(self, line: Line) -> bool:
        """Read a line that says that the session does not take place; return whether it was one."""
        entry = self.entry
        is_short = len(line.text.text) <= texts.MAX_TITLE
        found = line.text.status if is_short and not (entry.title or entry.leads) else None
        if not found or found.status not in fields.OFF:
            return False
        entry.status, entry.title = found.status, found.title
        return True

    def read_labelled(self, line: Line) -> bool:
        """Read what follows a label, in its line or below it, and a label alone; return whether it was either."""
        text, label = line.text, texts.split_label(line.text)
        is_below = line.kind is Kind.PARAGRAPH and len(text.text) < texts.MAX_TITLE
        if label and label.value.text:
            self.role, self.labelled = None, line.block
            fields.add_part(self.entry, label.role, label.value)
        elif line.block == self.labelled and (unknown := texts.split_unknown_label(text)):
            self.entry.add_note(unknown[0], unknown[1].render_markdown())
            fields.add_links(self.entry, text)
        elif role := self.find_label_alone(line):
            self.role = role
            fields.add_links(self.entry, text)
            if role not in {Role.LEAD, Role.TITLE}:
                self.material.open_section(text.text.strip(":： "))
        elif self.role in {Role.TITLE, Role.ROOM, Role.TIME} and is_below:
            role, self.role = self.role, None
            fields.add_part(self.entry, role, text)
        elif self.role is Role.LEAD and len(text.text) < _MAX_PEOPLE:
            fields.add_people(self.entry, self.bracket_place(text) if line.kind is Kind.ITEM else text)
        else:
            return False
        return True

    def find_label_alone(self, line: Line) -> Role | None:
        """Return the role of a label whose value is below it, and end that of the one above."""
        text = line.text
        is_colon = text.text.endswith((":", "："))
        is_head = line.kind in {*_HEADS, Kind.TERM} or is_colon or texts.is_all_bold(text)
        if len(text.text) > _MAX_LABEL or not is_head:
            return None
        role = texts.find_label_role(text.text.rstrip(":：")) if is_colon or len(text.text.split()) < 3 else None
        self.role = None
        return None if role is Role.TITLE and text.links else role

    def bracket_place(self, text: RichText) -> RichText:
        """Return a name with its place in brackets, because each item of a list is one person: "Ann Lee, Paris"."""
        name, comma, place = text.text.partition(",")
        is_one = comma and "," not in place and " " in name.strip()
        is_list = sum(line.kind is Kind.ITEM for line in self.lines) > 1
        return RichText(f"{name} ({place.strip()})", text.line, text.ranges) if is_one and is_list else text

    def read_by_form(self, line: Line) -> bool:
        """Read a line that names the people or is the title; return whether it was either."""
        entry, text = self.entry, line.text
        if len(text.text) > texts.MAX_TITLE:
            return False
        if self.shape.has_people_line and not entry.leads and names_people(line):
            fields.add_people(entry, text)
            return True
        is_only = line.kind is Kind.ITEM and len(self.lines) == 1
        is_title = is_only or _is_title_line(line)
        is_plain_item = line.kind is Kind.ITEM and not (is_only or texts.is_all_bold(text))
        if entry.title or line.block == self.last or is_plain_item:
            return False
        text = texts.strip_count(text) if is_title else text
        parts = people.find_people(text, Shape())
        if not is_title and (parts is None or entry.leads or not text.links):
            return False
        if parts and not entry.leads:
            fields.add_people(entry, parts.who)
        fields.add_title(entry, parts.title if parts and parts.title.text else text)
        return True

    def read_material(self, line: Line) -> None:
        if line.kind in _HEADS or (line.kind is Kind.PARAGRAPH and texts.is_all_bold(line.text)):
            self.material.open_section(line.text.text.strip(":： "))
            for link in line.text.links:
                self.entry.add_item(line.text.get_label(link), link.url)
        else:
            self.material.add_line(line)

    def take_title_from_text(self) -> None:
        """Take the text below a day for the title where it is hardly more than one, or else its first line."""
        below = [line.text for line in self.lines if line.kind is Kind.PARAGRAPH]
        whole = join_texts(below, " ")
        taken = whole if len(whole.text) <= texts.MAX_TITLE else next(iter(below), whole)
        if len(taken.text) > texts.MAX_TITLE:
            return
        text = texts.strip_count(taken)
        parts = None if self.entry.leads or len(below) > 1 else people.find_people(text, Shape())
        if parts:
            fields.add_people(self.entry, parts.who)
        fields.set_title(self.entry, parts.title if parts else text)
        urls = {lead.url for lead in self.entry.leads}
        links = tuple(link for link in taken.links if link.url not in urls)  # those of the abstract are not kept
        fields.add_links(self.entry, RichText(taken.text, taken.line, links))
        self.entry.abstract = "" if taken is whole else self.entry.abstract.removeprefix(taken.text).strip()


def names_people(block: Block) -> bool:
    """Return whether a line, and no item, is only a list of names, one of them in full."""
    if isinstance(block, Table) or block.kind is Kind.ITEM:
        return False
    return people.has_full_name(people.read_names(block.text))


def _is_title_line(line: Line) -> bool:
    """Return whether a line is a title by its form: a heading, bold, in quotation marks, or mostly one link."""
    text = line.text
    if line.kind in _HEADS or texts.is_all_bold(text) or texts.find_quoted(text):
        return True
    first = text.links[:1] if text.links and 2 * (text.links[0].end - text.links[0].start) > len(text.text) else ()
    return any(not texts.is_generic_label(text.get_label(link)) for link in first)
