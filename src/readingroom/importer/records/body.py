"""The lines below a session's day: labels with their values, what is read, and text."""

import re
from collections.abc import Sequence

from readingroom.core.models import Status
from readingroom.importer.page.blocks import Block, Kind, Line, Table
from readingroom.importer.page.rich_text import RichText
from readingroom.importer.records import fields, people, speakers, titles
from readingroom.importer.records.candidate import OFF_DAY, Candidate
from readingroom.importer.records.material import MaterialReader
from readingroom.importer.records.speakers import Shape, Split
from readingroom.importer.records.titles import MAX_TITLE
from readingroom.importer.vocabulary import roles
from readingroom.importer.vocabulary import status as status_words

_UNKNOWN_LABEL = re.compile(r"(?P<label>[^\W\d_][\w ]{0,24}?)\s*[:：]\s+(?=\S)")
_OF_ONE_LINE = frozenset({roles.TITLE, roles.ROOM, roles.TIME})
_WORDS = Shape(Split.WORDS)
_MAX_LABEL, _MAX_PEOPLE = 50, 150


def is_labelled(text: RichText) -> bool:
    """Return whether a line begins with a label, known or not."""
    return fields.split_label(text) is not None or _UNKNOWN_LABEL.match(text.text) is not None


def read_body(entry: Candidate, blocks: Sequence[Block], shape: Shape) -> None:
    """Read the blocks below a session's day."""
    _BodyReader(entry, blocks, shape).read()


class _BodyReader:
    """Reads blocks in their order; ``role`` is that of the label on a line of its own above."""

    def __init__(self, entry: Candidate, blocks: Sequence[Block], shape: Shape) -> None:
        self.entry = entry
        self.blocks = blocks
        self.lines = [
            block
            for block in blocks
            if isinstance(block, Line) and block.kind not in {Kind.RULE, Kind.SECTION, Kind.CODE}
        ]
        self.shape = shape
        self.material = MaterialReader(entry)
        self.role = ""
        self.last = self.labelled = -1  # the numbers of the paragraphs that the lines before are in

    def read(self) -> None:
        for block in self.blocks:
            if isinstance(block, Table):
                for cell in (cell for row in block.rows for cell in row.cells):
                    fields.add_links(self.entry, cell)
        for line in self.lines:
            is_read = self.read_off(line) or self.read_labelled(line) or self.read_label_alone(line)
            if not is_read and not self.read_below_label(line) and not self.read_people_or_title(line):
                self.read_material(line)
            self.last = line.block
        self.material.close()
        if not self.entry.title and self.entry.abstract:
            self.take_title_from_text()

    def read_off(self, line: Line) -> bool:
        """Read a line that says that the session does not take place; return whether it was one."""
        if self.entry.title or self.entry.leads or len(line.text.text) > MAX_TITLE:
            return False
        found = status_words.parse_status(line.text.text)
        if found.status not in {OFF_DAY, Status.CANCELLED, Status.POSTPONED}:
            return False
        self.entry.status, self.entry.title = found.status, found.title
        return True

    def read_labelled(self, line: Line) -> bool:
        label = fields.split_label(line.text)
        if label and label[1].text:
            self.role, self.labelled = "", line.block
            self.set_field(*label)
            return True
        unknown = _UNKNOWN_LABEL.match(line.text.text) if line.block == self.labelled else None
        if unknown:
            self.entry.add_note(unknown["label"], line.text.slice(unknown.end()).render_markdown())
            fields.add_links(self.entry, line.text)
        return unknown is not None

    def read_label_alone(self, line: Line) -> bool:
        """Read a label whose value is below it; return whether the line was one."""
        text = line.text
        if len(text.text) > _MAX_LABEL or not _stands_alone(line):
            return False
        is_brief = len(text.text.split()) < 3 or text.text.endswith((":", "："))
        role = fields.find_label_role(text.text.rstrip(":：")) if is_brief else ""
        self.role = "" if role == roles.TITLE and text.links else role
        if not self.role:
            return False
        fields.add_links(self.entry, text)
        if role not in {roles.LEAD, roles.TITLE}:
            self.material.open_section(text.text.strip(":： "))
        return True

    def read_below_label(self, line: Line) -> bool:
        """Read the value of the label above; return whether there is such a label."""
        text = line.text
        if self.role in _OF_ONE_LINE and line.kind is Kind.PARAGRAPH and len(text.text) < MAX_TITLE:
            self.set_field(self.role, text)
            self.role = ""
        elif self.role == roles.LEAD and len(text.text) < _MAX_PEOPLE:
            fields.add_people(self.entry, self.bracket_affiliation(text))
        else:
            return False
        return True

    def set_field(self, role: str, text: RichText) -> None:
        if role == roles.TITLE and self.entry.title and not text.links:
            self.entry.add_note("", text.text)
        else:
            fields.set_labelled(self.entry, role, text)

    def bracket_affiliation(self, text: RichText) -> RichText:
        """Return a name with its place in brackets where each item of a list is one: "Ann Lee, Paris"."""
        items = [line.text.text for line in self.lines if line.kind is Kind.ITEM]
        name, comma, place = text.text.partition(",")
        if len(items) < 2 or text.text not in items or not comma or "," in place or " " not in name.strip():
            return text
        return RichText(f"{name} ({place.strip()})", text.line, text.ranges)

    def read_people_or_title(self, line: Line) -> bool:
        """Read a line that names the people or is the title; return whether it was either."""
        entry, text, is_item = self.entry, line.text, line.kind is Kind.ITEM
        if len(text.text) > MAX_TITLE:
            return False
        if self.shape.has_people_line and not entry.leads and not is_item and is_people_line(line):
            fields.add_people(entry, text)
            return True
        is_only = len(self.blocks) == 1
        if is_item and not (is_only or fields.is_all_bold(text)):
            return False
        if entry.title or line.block == self.last:
            return False
        return self.read_title(line, is_title=_is_title_line(line) or (is_only and is_item))

    def read_title(self, line: Line, *, is_title: bool) -> bool:
        text = titles.strip_count(line.text) if is_title else line.text
        who, title = speakers.split_people(text, _WORDS)
        if not is_title and (who is None or self.entry.leads or not text.links):
            return False
        if who is not None and not self.entry.leads:
            fields.add_people(self.entry, who)
        titles.read_title(self.entry, title if title.text else text)
        return True

    def read_material(self, line: Line) -> None:
        is_bold = line.kind is Kind.PARAGRAPH and fields.is_all_bold(line.text)
        if line.kind in {Kind.HEADING, Kind.SUMMARY} or is_bold:
            self.material.open_section(line.text.text.strip(":： "))
            for link in line.text.links:
                self.entry.add_item(line.text.get_label(link), link.url)
        else:
            self.material.add_line(line)

    def take_title_from_text(self) -> None:
        """Take the text below a day for the title where it is hardly more than one, or else its first line."""
        texts = [line.text for line in self.lines if line.kind is Kind.PARAGRAPH]
        whole = " ".join(text.text for text in texts)
        is_whole = len(whole) <= MAX_TITLE
        if not texts or (not is_whole and len(texts[0].text) > MAX_TITLE):
            return
        taken = texts if is_whole else texts[:1]
        text = titles.strip_count(RichText(whole) if len(taken) > 1 else taken[0])
        who, title = (None, text) if self.entry.leads or len(texts) > 1 else speakers.split_people(text, _WORDS)
        if who is not None:
            fields.add_people(self.entry, who)
        fields.set_title(self.entry, fields.find_quoted(title) or title)
        people_urls = {lead.url for lead in self.entry.leads}
        for each in taken:
            links = tuple(link for link in each.links if link.url not in people_urls)
            fields.add_links(self.entry, RichText(each.text, each.line, links))
        self.entry.abstract = "" if is_whole else self.entry.abstract.removeprefix(texts[0].text).strip()


def is_people_line(line: Line) -> bool:
    """Return whether a line is only a list of full names."""
    return people.names_in_full(line.text)


def _stands_alone(line: Line) -> bool:
    is_heading = line.kind in {Kind.HEADING, Kind.SUMMARY, Kind.TERM}
    return is_heading or line.text.text.strip().endswith((":", "：")) or fields.is_all_bold(line.text)


def _is_title_line(line: Line) -> bool:
    """Return whether a line is a title by its form: a heading, bold, in quotation marks, or mostly one link."""
    text = line.text
    if line.kind in {Kind.HEADING, Kind.SUMMARY} or fields.is_all_bold(text) or fields.find_quoted(text):
        return True
    link = text.links[0] if text.links else None
    return bool(
        link and not fields.is_generic_label(text.get_label(link)) and 2 * (link.end - link.start) > len(text.text)
    )
