"""Title and people from where the organiser says they are: next to the day, below it, bold, linked or quoted."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from readingroom.importer.answers import Answers, LeadPlace, TitlePlace
from readingroom.importer.page.blocks import Block, Kind, Line
from readingroom.importer.page.rich_text import Mark, RichText
from readingroom.importer.records import fields, people, speakers, titles
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.speakers import Shape
from readingroom.importer.vocabulary import roles

Span = tuple[int, int]
_QUOTED = re.compile(r"[“\"«„「『《]\s*(?P<title>[^“”\"«»„「」『』《》]{2,300}?)\s*[”\"»“」』》]")
_EDGES = ',;:：|•–—-“"«„「『《”»」』》'
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
    hidden = {Kind.CODE, Kind.RULE, Kind.SECTION}
    lines = [block for block in below if isinstance(block, Line) and block.kind not in hidden]
    reader = _PlaceReader(entry, [line, *(block.text for block in lines)], answers)
    reader.read(shape)
    known = {*entry.links, *(lead.url for lead in entry.leads)}
    links = tuple(link for link in line.links if link.url not in known)
    fields.add_links(entry, RichText(line.text, line.line, links))
    left = [
        replace(block, text=text)
        for block, text in zip(lines, reader.texts[1:], strict=True)
        if text.text or text.links
    ]
    return [*left, *(block for block in below if not isinstance(block, Line))]


def read_cell_by_answers(entry: Candidate, cell: RichText, answers: Answers, shape: Shape) -> None:
    """Read the title and the people of a row from the cell of its title, whose first line counts as the day's."""
    lines = cell.split(re.compile(r"\n+")) or [cell]
    below = [Line(Kind.PARAGRAPH, 0, text) for text in lines[1:]]
    for block in read_by_answers(entry, lines[0], below, answers, shape):
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
    """Takes parts out of texts: that of the day's line, then those below it."""

    def __init__(self, entry: Candidate, texts: list[RichText], answers: Answers) -> None:
        self.entry = entry
        self.texts = texts
        self.answers = answers

    def read(self, shape: Shape) -> None:
        title, lead = self.answers.title, self.answers.lead
        found = None
        if lead is LeadPlace.LABEL:
            self.texts[0], labelled = titles.split_inline_labels(self.texts[0])
            for role, part in labelled:
                fields.set_labelled(self.entry, role, part)
        if title in {TitlePlace.LINK, TitlePlace.QUOTED}:
            found = self.take_first(_find_link if title is TitlePlace.LINK else _find_quoted)
        if lead is LeadPlace.BOLD:
            fields.add_people(self.entry, self.take_first(_find_bold) or RichText(""))
        if lead is LeadPlace.BESIDE and title is TitlePlace.BESIDE:
            who, self.texts[0] = speakers.split_people(self.texts[0], shape)
            fields.add_people(self.entry, who or RichText(""))
        elif lead is LeadPlace.BESIDE:
            fields.add_people(self.entry, self.take(0))
        if title is TitlePlace.BELOW:
            found = self.take_below()
        elif title is TitlePlace.BESIDE or (title is None and lead is not LeadPlace.BESIDE):
            found = self.take(0)
        self.read_title(found)
        self.read_rest()

    def take_first(self, find: Callable[[RichText], Span | None]) -> RichText | None:
        for number, text in enumerate(self.texts):
            if span := find(text):
                return self.take(number, span)
        return None

    def take_below(self) -> RichText | None:
        """Take the first line below that may be a title."""
        for number, text in enumerate(self.texts[1:], 1):
            label = fields.split_label(text)
            if text.text and (label is None or label[0] == roles.TITLE):
                return self.take(number)
        return None

    def take(self, number: int, span: Span | None = None) -> RichText:
        text = self.texts[number]
        start, end = span or (0, len(text.text))
        self.texts[number] = text.cut(start, end).strip(_EDGES) if span else RichText("", text.line)
        return text.slice(start, end)

    def read_title(self, found: RichText | None) -> None:
        """Read the title; report that there is none where it should be, and take the line unless that names people."""
        title = self.answers.title
        if found is not None and (found.text or found.links):
            titles.read_title(self.entry, found)
        elif title is not None and not self.entry.status:
            if not people.looks_like_people(self.texts[0]):
                titles.read_title(self.entry, self.take(0))
            if not self.entry.status:
                self.entry.remarks.append((self.entry.line, f"{_MISSING[title]}, though --title {title} says so."))

    def read_rest(self) -> None:
        """Read what is left of the line: the people where nothing says who they are, else a note."""
        rest = self.texts[0]
        if self.answers.lead is None and people.looks_like_people(rest):
            fields.add_people(self.entry, rest)
        elif re.search(r"\w", rest.mask(rest.links)):
            fields.set_status(self.entry, rest.text)
            if not self.entry.status:
                self.entry.add_note("", rest.render_markdown())


def _find_link(text: RichText) -> Span | None:
    links = [link for link in text.links if not fields.is_generic_label(text.get_label(link))]
    return (links[0].start, links[0].end) if links else None


def _find_quoted(text: RichText) -> Span | None:
    found = _QUOTED.search(text.text)
    return found.span("title") if found else None


def _find_bold(text: RichText) -> Span | None:
    bold = next(text.iter_marked(Mark.STRONG), None)
    return (bold.start, bold.end) if bold else None
