"""A session from its parts, each a text with a role: title, people, links, time, room, status."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from readingroom.core.models import Status
from readingroom.importer.answers import Answers, LeadPlace, TitlePlace
from readingroom.importer.page.rich_text import Mark, RichText
from readingroom.importer.records import people, texts
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.people import Parts, Shape
from readingroom.importer.vocabulary import status as status_words
from readingroom.importer.vocabulary.roles import Role
from readingroom.importer.vocabulary.status import OFF_DAY
from readingroom.parsing.names import is_nobody
from readingroom.parsing.times import find_time
from readingroom.parsing.vocabulary import build_expression_pattern, join_expressions
from readingroom.text.links import EMAIL

Span = tuple[int, int]

OFF = {OFF_DAY, Status.CANCELLED, Status.POSTPONED}
_LINE_END = re.compile(r"(?<![,，、;；:：&-])\n+(?![a-zß-ÿ])")
_NO = re.compile(rf"\W*(?:{join_expressions('status', 'no')})", re.IGNORECASE)
_LONG = 60  # letters of what is rather a sentence than a title


def add_part(entry: Candidate, role: Role, text: RichText, head: str = "") -> None:
    """Add what a cell or the text after a label holds; one whose role has no field is a note below its head."""
    if adder := _ADDERS.get(role):
        adder(entry, text)
    elif role in {Role.READING, Role.RESOURCE}:
        add_links(entry, text, role=role, head=head)
        if not text.links and re.search(r"\w", text.text) and not is_nobody(text.text):
            if role is Role.READING:
                entry.add_item(text.text, "")
            else:
                entry.add_note(head, text.text)
    elif role in {Role.AUTHORS, Role.VENUE} and len(items := entry.list_items()) == 1:
        items[0]["note"] = "; ".join(filter(None, [items[0].get("note", ""), text.render_markdown()]))
    elif role is not Role.NUMBER and head and not is_nobody(text.text):
        entry.add_note(head, text.render_markdown())
        entry.add_links_of(text)
    else:
        add_links(entry, text)


def _add_labelled_title(entry: Candidate, text: RichText) -> None:
    if entry.title:
        entry.add_item(texts.clean_title(text), text.links[0].url if text.links else "")
    else:
        set_title(entry, text)
    add_links(entry, text)


def _add_room(entry: Candidate, text: RichText) -> None:
    entry.room = entry.room or text.text
    for link in text.links:
        entry.add_resource(text.get_label(link) or "Room", link.url)


def _add_kind(entry: Candidate, text: RichText) -> None:
    found = status_words.parse_status(text.text.replace("_", " "))
    if led := build_expression_pattern("people", "led_by").match(text.text):
        add_people(entry, text.slice(led.end()))
    elif found.status == OFF_DAY:
        entry.status, entry.title = OFF_DAY, entry.title or text.text
    elif found.status == Status.OPEN and not found.title:
        entry.status = entry.status or found.status
    else:
        entry.kind = entry.kind or text.text


def _add_abstract(entry: Candidate, text: RichText) -> None:
    entry.add_abstract(text.render_markdown())
    entry.add_links_of(text)


def add_time(entry: Candidate, text: RichText) -> None:
    if not entry.time and (found := find_time(text.text)):
        entry.time, entry.duration = found.start, found.duration


def add_status(entry: Candidate, text: RichText) -> None:
    entry.status = entry.status or text.status.status


def add_links(entry: Candidate, text: RichText, *, role: Role | None = None, head: str = "") -> None:
    """Add the links of a text: files and recordings as resources, others to the reading list."""
    for link in text.links:
        label = " ".join(text.get_label(link).split())
        if not link.url or link.url.startswith(("#", "mailto:")):
            continue
        if role is Role.RESOURCE or (role is not Role.READING and texts.is_resource_label(label)):
            shown = texts.strip_brackets(label)
            is_named = shown and not texts.is_generic_word(shown)
            entry.add_resource((shown if is_named or not head else head) or "Link", link.url)
        else:
            is_named = not texts.is_generic_label(label)
            entry.add_item(label if is_named else entry.title or texts.strip_brackets(label) or "Link", link.url)


def add_other_links(entry: Candidate, text: RichText) -> None:
    """Add the links of a text that are not read yet, but for those of people."""
    known = {*entry.links, *(lead.url for lead in entry.leads)}
    add_links(entry, RichText(text.text, text.line, tuple(link for link in text.links if link.url not in known)))


def add_headline(entry: Candidate, text: RichText, find_people: Callable[[RichText], Parts | None] | None) -> None:
    """Add a line or a cell with the title, and perhaps people, labelled parts, a status and links."""
    rest, labelled = texts.split_inline_labels(texts.cut_generic_links(text)) if find_people else (text, [])
    for role, part in labelled:
        add_part(entry, role, part)
    is_said = re.search(r"\w", rest.text) and len(rest.text) < texts.MAX_TITLE
    found = rest.status if is_said else None
    if found and found.status and not found.title:
        entry.status = entry.status or found.status
    elif rest.text or rest.links:
        parts = find_people(rest) if find_people and not entry.leads else None
        if parts:
            add_people(entry, parts.who)
        add_title(entry, parts.title if parts else rest if labelled or "\n" not in text.text else text)
    add_other_links(entry, text)


def add_title(entry: Candidate, text: RichText) -> None:
    """Add a title with its links; what is in further lines is a note or has a label."""
    for part in text.split(_LINE_END):
        label = texts.split_label(part)
        said = part.status if entry.title else None
        if label and said and label.role is not Role.TITLE:
            add_part(entry, label.role, label.value)
        elif said is None:
            set_title(entry, label.value if label and label.is_entitled("papers") else part)
        elif said.status and not said.title:
            entry.status = entry.status or said.status
        elif len(part.text) >= _LONG or part.text.endswith("."):
            entry.add_abstract(part.render_markdown())
        elif texts.clean_title(part) and len(part.text) > 2 * sum(link.end - link.start for link in part.links):
            entry.add_note("", part.render_markdown())
    add_links(entry, text)


def set_title(entry: Candidate, text: RichText) -> None:
    """Set the title and the status that a text gives; one in quotation marks is without them."""
    quoted = texts.find_quoted(text)
    shown = texts.clean_title(text.slice(*quoted) if quoted else text)
    time = find_time(shown)
    if time and not shown[: time.span[0]].strip() and not shown[time.span[1] :].strip(" .,;|-"):
        add_time(entry, RichText(shown))
        return
    found = text.status if shown == text.text else status_words.parse_status(shown)
    entry.status = entry.status or (Status.CANCELLED if text.is_struck else found.status)
    entry.title = entry.title or (found.title if found.status else shown)


def add_people(entry: Candidate, text: RichText) -> None:
    """Add the people that a text names, and the links next to them that lead to no person."""
    if text.is_struck or is_nobody(text.text):
        return
    found = text.status if len(text.text) < 100 else None
    if found and found.status in {*OFF, Status.OPEN}:
        is_off = found.status == OFF_DAY
        if found.status in OFF - {OFF_DAY} or not entry.title or (is_off and _NO.match(text.text)):
            entry.status = entry.status or found.status
            entry.title = entry.title or (found.title if is_off else "")
        else:
            entry.remarks.append((text.line, f'"{text.text}" is in place of the lead, so no lead was read.'))
        if not found.title or is_off:
            return
        text = RichText(found.title, text.line, text.ranges if text.text.startswith(found.title) else ())
    read = people.read_people(text)
    entry.private += [
        (text.line, f"{address} is an e-mail address, which would become public: it is left out.")
        for address in EMAIL.findall(text.text)
        if all(address not in lead.name + lead.affiliation for lead in read.leads)
    ]
    may_name = any(len(lead.name.split()) == 1 or people.is_name(lead.name) for lead in read.leads)
    if not entry.title and not text.links and not may_name:
        set_title(entry, text)
        return
    entry.remarks += [(text.line, f"the people are uncertain. {doubt}") for doubt in read.doubts]
    entry.leads += [lead for lead in read.leads if all(lead.name != each.name for each in entry.leads)]
    for link in read.links:
        if not link.url.startswith(("#", "mailto:")):
            entry.add_resource(texts.strip_brackets(text.get_label(link)) or "Link", link.url)


_ADDERS: Mapping[Role, Callable[[Candidate, RichText], None]] = {
    Role.TITLE: _add_labelled_title,
    Role.LEAD: add_people,
    Role.TIME: add_time,
    Role.DATE: add_time,
    Role.STATUS: add_status,
    Role.ROOM: _add_room,
    Role.ABSTRACT: _add_abstract,
    Role.KIND: _add_kind,
}


def drop_leads(entry: Candidate) -> None:
    """Keep the people that were read as something to read, because the organiser says that nobody leads."""
    for lead in entry.leads:
        entry.add_item(lead.shown, lead.url)
    entry.leads.clear()


# Where the organiser says that titles and people are.


def _find_link(text: RichText) -> Span | None:
    return next((x[:2] for x in text.links if not texts.is_generic_label(text.get_label(x))), None)


def _find_bold(text: RichText) -> Span | None:
    return next((bold[:2] for bold in text.iter_marked(Mark.STRONG)), None)


def _find_whole(text: RichText) -> Span | None:
    """Return the whole of a line, unless its label says that it is no title."""
    label = texts.split_label(text)
    return (0, len(text.text)) if text.text and (label is None or label.role is Role.TITLE) else None


_FINDERS: Mapping[TitlePlace | LeadPlace, Callable[[RichText], Span | None]] = {
    TitlePlace.BELOW: _find_whole,
    TitlePlace.LINK: _find_link,
    TitlePlace.QUOTED: partial(texts.find_quoted, is_all=False),
    LeadPlace.BOLD: _find_bold,
}
_MISSING = {
    TitlePlace.BELOW: "has no line below it",
    TitlePlace.BESIDE: "has nothing next to its day",
    TitlePlace.LINK: "has no link with a title",
    TitlePlace.QUOTED: "has nothing in quotation marks",
}
_EDGES = ',;:：|•–—-“"«„「『《”»」』》'


def read_by_answers(entry: Candidate, lines: Sequence[RichText], answers: Answers, shape: Shape) -> list[RichText]:
    """Read the title and the people of a session; return what is left of the lines below its first, the day's."""
    left, lead = list(lines), answers.lead
    title = answers.title or (None if lead is LeadPlace.BESIDE else TitlePlace.BESIDE)
    if lead is LeadPlace.LABEL:
        left[0], labelled = texts.split_inline_labels(left[0])
        for role, part in labelled:
            add_part(entry, role, part)
    elif lead is LeadPlace.BESIDE and title is TitlePlace.BESIDE:
        parts = people.find_people(left[0], shape)
        add_people(entry, parts.who if parts else RichText(""))
        left[0], lead = parts.title if parts else left[0], None
    found = RichText("")
    for place in (title, lead) if lead is LeadPlace.BESIDE else (lead, title):
        taken = _take(left, place) if place else RichText("")
        if isinstance(place, TitlePlace):
            found = taken
        else:
            add_people(entry, taken)
    _add_title_or_report(entry, found, left, answers)
    if answers.lead is None and people.read_names(left[0]):
        add_people(entry, left[0])
    elif re.search(r"\w", left[0].mask(left[0].links)):
        add_status(entry, left[0])
        entry.add_note("", "" if entry.status else left[0].render_markdown())
    add_other_links(entry, lines[0])
    return left[1:]


def _add_title_or_report(entry: Candidate, found: RichText, left: list[RichText], answers: Answers) -> None:
    """Add the title; if there is none where it should be, report that, and take the line unless that names people."""
    if found.text or found.links:
        add_title(entry, found)
    elif answers.title and not entry.status:
        if not people.read_names(left[0]):
            add_title(entry, _take(left, TitlePlace.BESIDE))
        if not entry.status:
            message = f"{_MISSING[answers.title]}, though --title {answers.title} says so."
            entry.remarks.append((entry.line, message))


def _take(left: list[RichText], place: TitlePlace | LeadPlace) -> RichText:
    """Take the first line, or the first part of the lines that is at a place, out of them."""
    find = _FINDERS.get(place)
    if find is None:
        taken = left[0] if place in {TitlePlace.BESIDE, LeadPlace.BESIDE} else RichText("")
        left[0] = RichText("", taken.line) if taken.text else left[0]
        return taken
    for number, text in enumerate(left):
        span = find(text) if number or place is not TitlePlace.BELOW else None
        if span:
            left[number] = text.cut(*span).strip(_EDGES)
            return text.slice(*span)
    return RichText("")
