"""Title and people from where the organiser says they are: next to the day, below it, bold, linked or quoted."""

import re
from collections.abc import Sequence

from readingroom.importer.answers import Answers, LeadPlace, TitlePlace
from readingroom.importer.page.blocks import Block, Kind, Line
from readingroom.importer.page.rich_text import Mark, RichText
from readingroom.importer.records import fields, people, speakers, titles
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.speakers import Shape
from readingroom.importer.vocabulary import roles

_QUOTED = re.compile(r"[“\"«„「『《]\s*(?P<title>[^“”\"«»„「」『』《》]{2,300}?)\s*[”\"»“」』》]")
_LINE_END = re.compile(r"\n+")
_EDGES = ",;:：|•–—-"
_MISSING = {
    TitlePlace.BELOW: "has no line below it",
    TitlePlace.BESIDE: "has nothing beside its day",
    TitlePlace.LINK: "has no link with a title",
    TitlePlace.QUOTED: "has nothing in quotation marks",
}


def read_by_answers(
    entry: Candidate, line: RichText, below: Sequence[Block], answers: Answers, shape: Shape
) -> list[Block]:
    """Read the title and the people of a record; return the blocks below its line that are still to be read.

    ``line`` is the one that opens the record, without its day.
    """
    reader = _PlaceReader(entry, line, list(below), answers)
    reader.read(shape)
    known = {*entry.links, *(lead.url for lead in entry.leads)}
    links = tuple(link for link in line.links if link.url not in known)
    fields.add_links(entry, RichText(line.text, line.line, links))
    return reader.below


def read_cell_by_answers(entry: Candidate, cell: RichText, answers: Answers, shape: Shape) -> None:
    """Read the title and the people of a row from the cell of its title, whose first line counts as the day's."""
    lines = cell.split(_LINE_END)
    below = [Line(Kind.PARAGRAPH, 0, text) for text in lines[1:]]
    for block in read_by_answers(entry, lines[0] if lines else cell, below, answers, shape):
        if isinstance(block, Line):
            label = fields.split_label(block.text)
            if label and answers.lead is not LeadPlace.NONE:
                fields.set_labelled(entry, *label)
            else:
                entry.add_note("", block.text.render_markdown())
            fields.add_links(entry, block.text)


def drop_leads(entry: Candidate) -> None:
    """Keep the people that were read as something to read, because the organiser says that nobody leads."""
    for lead in entry.leads:
        entry.add_item(lead.shown, lead.url)
    entry.leads.clear()


class _PlaceReader:
    """Takes parts out of a line and the blocks below it; ``line`` is what is left of the line."""

    def __init__(self, entry: Candidate, line: RichText, below: list[Block], answers: Answers) -> None:
        self.entry = entry
        self.line = line
        self.below = below
        self.answers = answers

    def read(self, shape: Shape) -> None:
        title, lead = self.answers.title, self.answers.lead
        if lead is LeadPlace.LABEL:
            self.read_inline_labels()
        found = self.cut_title() if title in {TitlePlace.LINK, TitlePlace.QUOTED} else None
        if lead is LeadPlace.BOLD:
            self.read_bold_people()
        if lead is LeadPlace.BESIDE and title is TitlePlace.BESIDE:
            who, self.line = speakers.split_people(self.line, shape)
            fields.add_people(self.entry, who or RichText(""))
        elif lead is LeadPlace.BESIDE:
            fields.add_people(self.entry, self.take_line())
        if title is TitlePlace.BELOW:
            found = self.take_below(self.find_below())
        elif title is TitlePlace.BESIDE or (title is None and lead is not LeadPlace.BESIDE):
            found = self.take_line()
        if found is not None and (found.text or found.links):
            titles.read_title(self.entry, found)
        elif title is not None and not self.entry.status:
            self.read_misplaced_title(title)
        self.read_rest()

    def read_misplaced_title(self, title: TitlePlace) -> None:
        """Report that there is no title where it should be, and take the line for it unless that names people."""
        if not people.looks_like_people(self.line):
            titles.read_title(self.entry, self.take_line())
        if not self.entry.status:
            self.entry.remarks.append((self.entry.line, f"{_MISSING[title]}, though --title {title} says so."))

    def read_inline_labels(self) -> None:
        self.line, labelled = titles.split_inline_labels(self.line)
        for role, part in labelled:
            fields.set_labelled(self.entry, role, part)

    def read_bold_people(self) -> None:
        bold = next(self.line.iter_marked(Mark.STRONG), None)
        if bold is not None:
            fields.add_people(self.entry, self.line.slice(bold.start, bold.end).strip(_EDGES))
            self.line = self.line.cut(bold.start, bold.end).strip(_EDGES)
            return
        lines = [(place, block) for place, block in enumerate(self.below) if isinstance(block, Line)]
        place = next((place for place, block in lines if fields.is_all_bold(block.text)), -1)
        fields.add_people(self.entry, self.take_below(place))

    def cut_title(self) -> RichText | None:
        """Take the title that is linked or quoted out of the line, or else out of a line below."""
        if (span := self.find_span(self.line)) is not None:
            title = self.line.slice(*span)
            self.line = _cut_span(self.line, *span)
            return title
        for place, block in enumerate(self.below):
            if isinstance(block, Line) and (span := self.find_span(block.text)) is not None:
                title = block.text.slice(*span)
                rest = _cut_span(block.text, *span)
                self.below[place : place + 1] = (
                    [Line(block.kind, block.level, rest, block.path, block.block)] if rest.text else []
                )
                return title
        return None

    def find_span(self, text: RichText) -> tuple[int, int] | None:
        """Return where in a text the first title is that is linked or quoted, as the organiser says."""
        if self.answers.title is TitlePlace.QUOTED:
            quoted = _QUOTED.search(text.text)
            return quoted.span("title") if quoted else None
        links = [link for link in text.links if not fields.is_generic_label(text.get_label(link))]
        return (links[0].start, links[0].end) if links else None

    def find_below(self) -> int:
        """Return the place of the first line below that may be a title, or -1."""
        for place, block in enumerate(self.below):
            if isinstance(block, Line) and block.kind not in {Kind.CODE, Kind.RULE, Kind.SECTION} and block.text.text:
                label = fields.split_label(block.text)
                if label is None or label[0] == roles.TITLE:
                    return place
        return -1

    def take_below(self, place: int) -> RichText:
        block = self.below.pop(place) if place >= 0 else None
        return block.text if isinstance(block, Line) else RichText("")

    def take_line(self) -> RichText:
        taken, self.line = self.line, RichText("", self.line.line)
        return taken

    def read_rest(self) -> None:
        """Read what is left of the line: the people where nothing says who they are, else a note."""
        if self.answers.lead is None and people.looks_like_people(self.line):
            fields.add_people(self.entry, self.line)
        elif _has_words(self.line):
            fields.set_status(self.entry, self.line.text)
            if not self.entry.status:
                self.entry.add_note("", self.line.render_markdown())


def _has_words(text: RichText) -> bool:
    """Return whether a text says something outside of its links."""
    for link in reversed(text.links):
        text = text.cut(link.start, link.end)
    return re.search(r"\w", text.text) is not None


def _cut_span(text: RichText, start: int, end: int) -> RichText:
    """Return a text without a part and the quotation marks around it."""
    before, after = text.text[:start].rstrip(), text.text[end:].lstrip()
    if before[-1:] in tuple('“"«„「『《') and after[:1] in tuple('”"»“」』》'):
        before, after = before[:-1], after[1:]
    start, end = len(before), len(text.text) - len(after)
    return text.cut(start, end).strip(_EDGES)
