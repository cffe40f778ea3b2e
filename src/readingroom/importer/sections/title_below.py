"""What is below a day, put into its entry; where the day's own line only names people, it holds the title too."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from readingroom.importer.blocks.page import Block, Heading, Table, TextBlock
from readingroom.importer.inline import slicing
from readingroom.importer.inline.spans import InlineText, LineMessage, Span
from readingroom.importer.people import in_line, parse
from readingroom.importer.people import names as people_names
from readingroom.importer.sections import date_position, labelled
from readingroom.importer.sections.split_line import DraftEntry
from readingroom.importer.session import body, labels, status
from readingroom.importer.session import title as session_title
from readingroom.importer.session.entry import OFF_DAY
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import LEAD, TITLE

MIN_PEOPLE_LINES = 2  # of lines that name people, before a group's lines are taken for leads
_ACADEMIC_TITLE = re.compile(r"(?:(?:prof|dr|mr|mrs|ms|pd|priv|professor|dipl)\b[.\s-]{1,3})+", re.IGNORECASE)


def fill_from_below(draft: DraftEntry) -> None:
    """Put what is below a day into its entry; labelled lines may bring the title."""
    first, *others = slicing.split_lines(draft.rest) or [()]
    reader = body.SessionBodyReader(draft.entry, draft.depth, has_title=_is_likely_topic(first))
    unlabelled = [
        run for line in others if not reader.read_labelled_line(line, draft.entry.line) for run in (Span(" "), *line)
    ]
    title = reader.extract_asides(first, draft.entry.line)
    if reader.read_labelled_line(title, draft.entry.line):
        title = ()
    draft.rest = reader.extract_asides((*title, *unlabelled), draft.entry.line) if unlabelled else title
    reader.read_blocks(draft.below)


def _is_likely_topic(runs: slicing.Spans) -> bool:
    """Return whether what is next to a day may be a title, which a label such as "Paper:" does not replace."""
    text = slicing.get_visible_text(runs)
    if not text or labels.is_label_block(runs) or status.split_status(text)[0] or status.is_meeting_name(text):
        return False
    return not date_position.is_weekday_or_number(text) and not is_people_line(runs)


def infer_leads_and_titles(drafts: Sequence[DraftEntry]) -> Iterator[LineMessage]:
    """Take the lines next to days for leads if most of a group only name people, and the line below for the title."""
    several = [_DateLine(draft) for draft in drafts if draft.entry.stamp and slicing.get_visible_text(draft.rest)]
    several = [case for case in several if not status.split_status(slicing.get_visible_text(case.first))[0]]
    named = [case for case in several if case.is_named and not case.is_open]
    if not named or any(case.has_lead for case in several):
        return
    if not _is_mostly_leads(several, named):
        yield from _report_possible_leads(named)
        return
    is_placed = sum(case.is_evident for case in named) * 2 > len(named)
    for case in several:
        if case.is_named and (not case.is_open or is_placed or case.has_title):
            case.fill_leads_and_title(is_placed=is_placed)
    line, shown = named[0].draft.entry.line, slicing.get_visible_text(named[0].first)[:60]
    below = ", and the lines below them as titles" if any(case.has_title for case in named) else ""
    yield line, f'the lines next to the dates, such as "{shown}", were read as leads{below}. Check them.'


def _is_mostly_leads(several: Sequence["_DateLine"], named: Sequence["_DateLine"]) -> bool:
    """Return whether most lines next to the days of a group name people, by what is next to and below the names."""
    alike = len(named) + sum(case.has_head for case in several)
    if alike < MIN_PEOPLE_LINES:
        return all(case.is_broken or case.is_entitled for case in named)
    evident = sum(case.is_evident or case.has_title for case in named)
    return alike * 2 > len(several) and evident * 2 >= len(named)


def _report_possible_leads(named: Sequence["_DateLine"]) -> Iterator[LineMessage]:
    for case in named:
        if case.has_title and not case.is_entitled:
            shown, line = slicing.get_visible_text(case.first)[:60], case.draft.entry.line
            yield line, f'"{shown}" may be who leads, and the line below the title. If so, write both next to the date.'


class _DateLine:
    """A day's line and what is below it, and what follows from them."""

    def __init__(self, draft: DraftEntry) -> None:
        self.draft = draft
        self.first, *self.others = slicing.split_lines(draft.rest)
        self.is_named = is_people_line(self.first)
        self.is_open = self.is_named and _is_possible_title(self.first)
        self.is_broken = self.is_named and bool(self.others) and bool(_HARD.search(draft.source))
        self.has_head = not self.is_named and in_line.find_leading_people(slicing.get_raw_text(draft.rest)) is not None
        found = list(_iter_label_roles(draft.below))
        self.has_lead = LEAD in found
        self.is_entitled = ENTITLED in found
        self.is_evident = self.is_named and _is_evidently_people(self.first)
        self.title, self.below = ((), draft.below) if self.is_entitled or not self.is_named else self.find_title_below()
        self.has_title = self.is_entitled or bool(slicing.get_visible_text(self.title))

    def find_title_below(self) -> tuple[slicing.Spans, Sequence[Block]]:
        """Return the title that is below the people, and what is left."""
        if self.others:
            return tuple(run for line in self.others for run in (Span(" "), *line)), self.draft.below
        return split_title_below(self.draft.below, may_name=self.is_evident)

    def fill_leads_and_title(self, *, is_placed: bool) -> None:
        """Take the people next to the day, and the title below; a second name is a place if the others name places."""
        entry = self.draft.entry
        body.add_leads(entry, InlineText(entry.line, tuple(self.first)))
        text, leads = slicing.get_visible_text(self.first), entry.leads
        if is_placed and len(leads) == 2 and text == f"{leads[0].name}, {leads[1].name}":
            entry.leads = [replace(leads[0], affiliation=leads[1].name)]
            entry.remarks.append(
                (entry.line, f'"{text}" was read as one lead and a place, as in the lines next to it.')
            )
        self.draft.rest, self.draft.below = self.title, self.below


ENTITLED = "entitled"
_HARD = re.compile(r"(?: {2}|\\|<br ?/?>)\n")


def _iter_label_roles(below: Sequence[Block]) -> Iterator[str]:
    for block in below:
        if isinstance(block, TextBlock):
            for name, _ in labels.parse_label_block(block.words.runs):
                role = fields.find_role(name, labels.MAX_WORDS)
                yield ENTITLED if role == TITLE and session_title.is_talk_title_label(name) else role
        elif isinstance(block, Heading):
            yield fields.find_role(block.words.text)


def is_people_line(runs: slicing.Spans) -> bool:
    """Return whether a line names people, with their places of work, and says nothing else."""
    text = slicing.get_visible_text(runs)
    if not text or len(text) > date_position.MAX_LINE or any(run.struck for run in runs):
        return False
    if not text.isascii() and any("\u3040" <= sign <= "\ud7a3" for sign in text):
        return people_names.is_cjk_name(text)
    if text.isascii() and text == text.upper():
        return False
    if not in_line.is_only_names(text):
        return False
    found = parse.parse_leads(InlineText(0, tuple(runs)))
    return not found.unclear and not found.is_prose and all(_is_full_name(lead.name) for lead in found.people)


def _is_full_name(name: str) -> bool:
    return in_line.is_full_name(_ACADEMIC_TITLE.sub("", name)) and len(name.split()) > 1


def _is_possible_title(runs: slicing.Spans) -> bool:
    """Return whether a comma parts two names, of which the second may be a title or a place."""
    found = parse.parse_leads(InlineText(0, tuple(runs))).people
    return len(found) == 2 and slicing.get_visible_text(runs) == f"{found[0].shown}, {found[1].shown}"


def _is_evidently_people(runs: slicing.Spans) -> bool:
    """Return whether more than capital letters says that a line names people: a degree, a place of work, a link."""
    found = parse.parse_leads(InlineText(0, tuple(runs)))
    return any(
        bool(_ACADEMIC_TITLE.match(lead.name))
        or people_names.is_institution(lead.affiliation)
        or people_names.has_position(lead.affiliation)
        for lead in found.people
    )


def split_title_below(below: Sequence[Block], *, may_name: bool) -> tuple[slicing.Spans, Sequence[Block]]:
    """Return the title that the first of these blocks is, and the others; nothing and all if it is none."""
    first = below[0] if below else None
    if (
        first is None
        or isinstance(first, Table)
        or fields.find_role(first.words.text)
        or not _is_title_block(first, below)
    ):
        return (), below
    if not may_name and is_people_line(first.words.runs):
        return (), below
    if isinstance(first, TextBlock) and not labelled.is_title_line(replace(first, is_item=False)):
        bold, *rest = slicing.split_lines(first.words.runs)
        runs = tuple(run for line in rest for run in (Span("\n"), *line))[1:]
        source = "\n".join(first.words.source.split("\n")[1:])
        return bold, (replace(first, line=first.line + 1, words=InlineText(first.line + 1, runs, source)), *below[1:])
    return first.words.runs, below[1:]


def _is_title_block(first: Heading | TextBlock, below: Sequence[Block]) -> bool:
    runs = first.words.runs
    if labels.is_label_block(runs) or (
        runs[:1] and runs[0].url and session_title.is_generic_link_text(first.words.text)
    ):
        return False
    if isinstance(first, Heading):
        return bool(first.words.text)
    if not first.is_item:
        return labelled.is_title_line(first) or _has_bold_first_line(first)
    others = [
        block for block in below[1:] if isinstance(block, TextBlock) and block.is_item and block.depth <= first.depth
    ]
    others = [
        block
        for block in others
        if not labels.is_label_block(block.words.runs) and not session_title.is_generic_link_line(block.words)
    ]
    return not others and labelled.is_title_line(replace(first, is_item=False))


def _has_bold_first_line(block: TextBlock) -> bool:
    """Return whether a paragraph's first line is bold and its others are not."""
    first, *others = slicing.split_lines(block.words.runs) or [()]
    is_bold = bool(first) and all(run.strong or not run.text.strip() for run in first)
    return is_bold and bool(others) and not any(run.strong for line in others for run in line)


def is_only_item(below: Sequence[Block]) -> bool:
    """Return whether all that is below a day is an item that is short, or the first says that nothing is."""
    first = below[0]
    if not isinstance(first, TextBlock) or not first.is_item or labels.is_label_block(first.words.runs):
        return False
    return status.split_status(first.words.text)[0] in {OFF_DAY, *status.INSTEAD} or (
        len(below) == 1
        and labelled.is_title_line(replace(first, is_item=False))
        and not session_title.is_generic_link_line(first.words)
    )


def has_title_next_to_date(rest: slicing.Spans) -> bool:
    """Return whether more is next to a day than a weekday, a number or an aside: a title."""
    text = slicing.get_visible_text(rest)
    if is_bracketed_aside(rest):
        return False
    return bool(text) and not (date_position.is_weekday_or_number(text) and len(text.split()) < _WORDS)


_ASIDE = re.compile(r"[(\[][\w ]{1,12}[)\]]")  # such as (SGS), which is no title
_WORDS = 3


def is_bracketed_aside(rest: slicing.Spans) -> bool:
    return _ASIDE.fullmatch(slicing.get_visible_text(rest)) is not None
