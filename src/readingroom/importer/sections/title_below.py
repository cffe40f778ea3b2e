"""What stands below a day, put into its entry; where the day's own line only names people, it holds the title too."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from readingroom.importer.blocks.page import Block, Heading, Table, Text
from readingroom.importer.inline import slicing
from readingroom.importer.inline.spans import Run, Words
from readingroom.importer.people import in_line, parse
from readingroom.importer.people import names as people_names
from readingroom.importer.sections import date_position, labelled
from readingroom.importer.sections.split_line import Draft
from readingroom.importer.session import body, labels, status
from readingroom.importer.session import title as session_title
from readingroom.importer.session.entry import NONE
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import LEAD, TITLE

Told = tuple[int, str]

LEAST = 2  # of lines that name people, before a group's lines are taken for leads
_TITLE = re.compile(r"(?:(?:prof|dr|mr|mrs|ms|pd|priv|professor|dipl)\b[.\s-]{1,3})+", re.IGNORECASE)


def fill(draft: Draft) -> None:
    """Put what stands below a day into its entry; labelled lines may bring the title."""
    first, *others = slicing.lines(draft.rest) or [()]
    reader = body.Reader(draft.entry, draft.depth, has_title=_is_topic(first))
    unlabelled = [run for line in others if not reader.labelled(line, draft.entry.line) for run in (Run(" "), *line)]
    title = reader.without_asides(first, draft.entry.line)
    if reader.labelled(title, draft.entry.line):
        title = ()
    draft.rest = reader.without_asides((*title, *unlabelled), draft.entry.line) if unlabelled else title
    reader.read(draft.below)


def _is_topic(runs: slicing.Runs) -> bool:
    """Tell whether what stands beside a day may be a title, which a label such as "Paper:" does not replace."""
    text = slicing.text(runs)
    if not text or labels.is_one(runs) or status.of(text)[0] or status.is_meeting(text):
        return False
    return not date_position.is_beside_day(text) and not names(runs)


def titled(drafts: Sequence[Draft]) -> Iterator[Told]:
    """Take the lines beside days for leads where most of a group only name people, and the line below for the title."""
    several = [_Case(draft) for draft in drafts if draft.entry.stamp and slicing.text(draft.rest)]
    several = [case for case in several if not status.of(slicing.text(case.first))[0]]
    named = [case for case in several if case.is_named and not case.is_open]
    if not named or any(case.has_lead for case in several):
        return
    if not _are_leads(several, named):
        yield from _told_alone(named)
        return
    is_placed = sum(case.is_evident for case in named) * 2 > len(named)
    for case in several:
        if case.is_named and (not case.is_open or is_placed or case.has_title):
            case.settle(is_placed=is_placed)
    line, shown = named[0].draft.entry.line, slicing.text(named[0].first)[:60]
    below = ", and what stands below them for titles" if any(case.has_title for case in named) else ""
    yield line, f'the lines beside the days, such as "{shown}", were taken for leads{below}. Look them over.'


def _are_leads(several: Sequence["_Case"], named: Sequence["_Case"]) -> bool:
    """Tell whether most lines beside the days of a group name people, by what stands beside and below the names."""
    alike = len(named) + sum(case.has_head for case in several)
    if alike < LEAST:
        return all(case.is_broken or case.is_entitled for case in named)
    evident = sum(case.is_evident or case.has_title for case in named)
    return alike * 2 > len(several) and evident * 2 >= len(named)


def _told_alone(named: Sequence["_Case"]) -> Iterator[Told]:
    for case in named:
        if case.has_title and not case.is_entitled:
            shown, line = slicing.text(case.first)[:60], case.draft.entry.line
            yield line, f'"{shown}" may be who leads, and the line below the title. If so, write both beside the day.'


class _Case:
    """A day's line and what stands below it, and what can be told of them."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.first, *self.others = slicing.lines(draft.rest)
        self.is_named = names(self.first)
        self.is_open = self.is_named and _may_be_title(self.first)
        self.is_broken = self.is_named and bool(self.others) and bool(_HARD.search(draft.source))
        self.has_head = not self.is_named and in_line.head(slicing.raw(draft.rest)) is not None
        found = list(_labels(draft.below))
        self.has_lead = LEAD in found
        self.is_entitled = ENTITLED in found
        self.is_evident = self.is_named and _is_evident(self.first)
        self.title, self.below = ((), draft.below) if self.is_entitled or not self.is_named else self.of_below()
        self.has_title = self.is_entitled or bool(slicing.text(self.title))

    def of_below(self) -> tuple[slicing.Runs, Sequence[Block]]:
        """Return the title that stands below the people, and what is left."""
        if self.others:
            return tuple(run for line in self.others for run in (Run(" "), *line)), self.draft.below
        return first_line(self.draft.below, may_name=self.is_evident)

    def settle(self, *, is_placed: bool) -> None:
        """Take the people beside the day, and the title below; a second name is a place if the others name places."""
        entry = self.draft.entry
        body.take_leads(entry, Words(entry.line, tuple(self.first)))
        text, leads = slicing.text(self.first), entry.leads
        if is_placed and len(leads) == 2 and text == f"{leads[0].name}, {leads[1].name}":
            entry.leads = [replace(leads[0], affiliation=leads[1].name)]
            entry.said.append((entry.line, f'"{text}" was read as one lead and a place, as in the lines beside it.'))
        self.draft.rest, self.draft.below = self.title, self.below


ENTITLED = "entitled"
_HARD = re.compile(r"(?: {2}|\\|<br ?/?>)\n")


def _labels(below: Sequence[Block]) -> Iterator[str]:
    for block in below:
        if isinstance(block, Text):
            for name, _ in labels.all_of(block.words.runs):
                role = fields.role_of(name, labels.MAX_WORDS)
                yield ENTITLED if role == TITLE and session_title.is_entitled(name) else role
        elif isinstance(block, Heading):
            yield fields.role_of(block.words.text)


def names(runs: slicing.Runs) -> bool:
    """Tell whether a line names people, with their places of work, and says nothing else."""
    text = slicing.text(runs)
    if not text or len(text) > date_position.MAX_LINE or any(run.struck for run in runs):
        return False
    if not text.isascii() and any("\u3040" <= sign <= "\ud7a3" for sign in text):
        return people_names.has_family_name(text)
    if text.isascii() and text == text.upper():
        return False
    if not in_line.are_names(text):
        return False
    found = parse.read(Words(0, tuple(runs)))
    return not found.unclear and not found.is_prose and all(_is_whole(lead.name) for lead in found.people)


def _is_whole(name: str) -> bool:
    return in_line.is_full_name(_TITLE.sub("", name)) and len(name.split()) > 1


def _may_be_title(runs: slicing.Runs) -> bool:
    """Tell whether a comma parts two names, of which the second may be a title or a place."""
    found = parse.read(Words(0, tuple(runs))).people
    return len(found) == 2 and slicing.text(runs) == f"{found[0].shown}, {found[1].shown}"


def _is_evident(runs: slicing.Runs) -> bool:
    """Tell whether more than capital letters says that a line names people: a degree, a place of work, a link."""
    found = parse.read(Words(0, tuple(runs)))
    return any(
        bool(_TITLE.match(lead.name))
        or people_names.is_place(lead.affiliation)
        or people_names.says_position(lead.affiliation)
        for lead in found.people
    )


def first_line(below: Sequence[Block], *, may_name: bool) -> tuple[slicing.Runs, Sequence[Block]]:
    """Return the title that the first of these blocks is, and the others; nothing and all if it is none."""
    first = below[0] if below else None
    if first is None or isinstance(first, Table) or fields.role_of(first.words.text) or not _is_title(first, below):
        return (), below
    if not may_name and names(first.words.runs):
        return (), below
    if isinstance(first, Text) and not labelled.is_line(replace(first, is_item=False)):
        bold, *rest = slicing.lines(first.words.runs)
        runs = tuple(run for line in rest for run in (Run("\n"), *line))[1:]
        source = "\n".join(first.words.source.split("\n")[1:])
        return bold, (replace(first, line=first.line + 1, words=Words(first.line + 1, runs, source)), *below[1:])
    return first.words.runs, below[1:]


def _is_title(first: Heading | Text, below: Sequence[Block]) -> bool:
    runs = first.words.runs
    if labels.is_one(runs) or (runs[:1] and runs[0].url and session_title.says_only_what(first.words.text)):
        return False
    if isinstance(first, Heading):
        return bool(first.words.text)
    if not first.is_item:
        return labelled.is_line(first) or _has_bold_line(first)
    beside = [block for block in below[1:] if isinstance(block, Text) and block.is_item and block.depth <= first.depth]
    others = [
        block for block in beside if not labels.is_one(block.words.runs) and not session_title.is_named(block.words)
    ]
    return not others and labelled.is_line(replace(first, is_item=False))


def _has_bold_line(block: Text) -> bool:
    """Tell whether a paragraph's first line is bold and its others are not."""
    first, *others = slicing.lines(block.words.runs) or [()]
    is_bold = bool(first) and all(run.strong or not run.text.strip() for run in first)
    return is_bold and bool(others) and not any(run.strong for line in others for run in line)


def is_alone(below: Sequence[Block]) -> bool:
    """Tell whether all that stands below a day is an item that is short, or the first says that nothing is."""
    first = below[0]
    if not isinstance(first, Text) or not first.is_item or labels.is_one(first.words.runs):
        return False
    return status.of(first.words.text)[0] in {NONE, *status.INSTEAD} or (
        len(below) == 1 and labelled.is_line(replace(first, is_item=False)) and not session_title.is_named(first.words)
    )


def says_more(rest: slicing.Runs) -> bool:
    """Tell whether more stands beside a day than a weekday, a number or an aside: a title."""
    text = slicing.text(rest)
    if is_aside(rest):
        return False
    return bool(text) and not (date_position.is_beside_day(text) and len(text.split()) < _WORDS)


_ASIDE = re.compile(r"[(\[][\w ]{1,12}[)\]]")  # such as (SGS), which is no title
_WORDS = 3


def is_aside(rest: slicing.Runs) -> bool:
    return _ASIDE.fullmatch(slicing.text(rest)) is not None
