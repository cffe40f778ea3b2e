"""Lines and cells that give a session's title, and what is next to it: people, a room, labels, links."""

import re
from collections.abc import Sequence

from readingroom.importer.page.blocks import Block, Line
from readingroom.importer.page.rich_text import RichText
from readingroom.importer.records import fields, people, speakers
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.speakers import Shape, Split
from readingroom.importer.vocabulary import roles
from readingroom.importer.vocabulary import status as status_words
from readingroom.parsing.names import is_nobody
from readingroom.parsing.vocabulary import build_expression_pattern, join_expressions

_IN = join_expressions("headings", "in_place")
_PLACE = re.compile(rf"(?:{_IN})\b\s?")
_ROOM_FIRST = re.compile(rf"(?:{_IN})\s+(?P<room>[\w][\w .-]{{0,20}})\s*[:,]\s+(?=\S)", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*[(\[](?P<said>[^()\[\]]{3,60})[)\]]")
_UNITS = join_expressions("dates", "unit")
_COUNT = re.compile(
    rf"[^\w#(\[\"“«„]*(?:(?:{_UNITS})\s?)?#?\s?\d{{1,3}}(?:\s?/\s?\d{{1,3}})?[\s.:)–—-]+(?=\S)", re.IGNORECASE
)
_LINE_END = re.compile(r"(?<![,，、;；:：&-])\n+(?![a-zß-ÿ])")
_LONG = 60  # letters of what is rather a sentence than a title
MAX_TITLE = 200


def is_place(text: RichText) -> bool:
    """Return whether the rest of a date's line says where a session is."""
    is_few = len(text.text.split()) <= 4
    is_said = _PLACE.match(text.text) or (is_few and build_expression_pattern("headings", "where").search(text.text))
    return len(text.text) < 100 and bool(is_said or re.fullmatch(r"\([^()]*\)?", text.text))


def read_place(entry: Candidate, text: RichText) -> None:
    entry.room = _PLACE.sub("", text.text, count=1).strip("[] ")


def strip_count(text: RichText) -> RichText:
    """Return a title without the number of its session."""
    found = _COUNT.match(text.text)
    return text.slice(found.end()) if found else text


def read_line(entry: Candidate, text: RichText, shape: Shape) -> None:
    """Read a line without its date."""
    text = _cut_room(entry, text)
    plain, labelled = split_inline_labels(fields.cut_generic_links(text))
    for role, part in labelled:
        fields.set_labelled(entry, role, part)
    found = status_words.parse_status(plain.text) if plain.text and len(plain.text) < MAX_TITLE else None
    if found and found.status and not found.title:
        entry.status = entry.status or found.status
    elif plain.text or plain.links:
        who, title = (None, plain) if entry.leads else speakers.split_people(plain, shape)
        _set_people_and_title(entry, who, title)
    _add_other_links(entry, text)


def read_table_title(entry: Candidate, text: RichText, shape: Shape | None) -> None:
    """Read the title in a row; ``shape`` is None where another column has the people."""
    labelled: list[tuple[str, RichText]] = []
    core, parts = text, None
    if shape:
        core, labelled = split_inline_labels(fields.cut_generic_links(text))
        for role, part in labelled:
            fields.set_labelled(entry, role, part)
        if not labelled:
            parts = speakers.split_by_shape(core, shape) or speakers.split_by_shape(core, Shape(Split.END_BY))
    if parts:
        _set_people_and_title(entry, *parts)
    else:
        read_title(entry, core if labelled else text)
    _add_other_links(entry, text)


def read_unit_head(entry: Candidate, text: RichText, body: Sequence[Block]) -> None:
    """Read the heading of a section whose date is below it, unless a label there gives the title."""
    lines = [block for block in body if isinstance(block, Line)]
    if not any(fields.is_own_title_label(line.text) for line in lines):
        text = strip_count(text)
        has_lead = any(fields.has_lead_label(line.text) for line in lines)
        who, title = (None, text) if has_lead else speakers.split_people(text, Shape(Split.WORDS))
        _set_people_and_title(entry, who, title)


def _set_people_and_title(entry: Candidate, who: RichText | None, title: RichText) -> None:
    if who is not None:
        fields.add_people(entry, who)
    if title.text or title.links:
        read_title(entry, title)


def read_title(entry: Candidate, text: RichText) -> None:
    """Read a title with its links; what is in further lines is a note or names the people."""
    for part in text.split(_LINE_END):
        label = fields.split_label(part)
        if label and entry.title and label[0] != roles.TITLE:
            fields.set_labelled(entry, *label)
        else:
            _read_title_line(entry, label[1] if label and fields.is_title_label(part) else part)
    fields.add_links(entry, text)


def _read_title_line(entry: Candidate, text: RichText) -> None:
    if not entry.title:
        fields.set_title(entry, fields.find_quoted(text) or text)
        return
    said = status_words.parse_status(text.text)
    if said.status and not said.title:
        entry.status = entry.status or said.status
        return
    linked = sum(link.end - link.start for link in text.links)
    if len(text.text) >= _LONG or text.text.endswith("."):
        entry.add_abstract(text.render_markdown())
    elif fields.clean_title(text) and len(text.text) > 2 * linked:
        entry.add_note("", text.render_markdown())


def _add_other_links(entry: Candidate, text: RichText) -> None:
    """Add the links of a line that are not read yet, but for those of people."""
    known = {*entry.links, *(lead.url for lead in entry.leads)}
    rest = [link for link in text.links if link.url not in known]
    fields.add_links(entry, RichText(text.text, text.line, tuple(rest)))
    entry.sort_links(link.url for link in text.links)


def _cut_room(entry: Candidate, text: RichText) -> RichText:
    """Return a line without a room before it or in brackets: "in B12: Ann Lee, Rings (online)"."""
    for found in _IN_BRACKETS.finditer(text.text):
        has_link = any(link.start >= found.start() and link.end <= found.end() for link in text.links)
        if not has_link and build_expression_pattern("headings", "where").search(found["said"]):
            entry.room = entry.room or found["said"]
            text = text.cut(found.start(), found.end())
            break
    first = _ROOM_FIRST.match(text.text)
    if first:
        entry.room = entry.room or first["room"]
    return text.slice(first.end()) if first else text


_INLINE_LABEL = re.compile(
    r"(?:\A|(?<=[.;|,(\[（\n•])\s*|\s+[-–—]\s+|\s{1,3})(?P<label>[^\W\d_][\w/ ]{1,22}?)\s*(?::\s+|：\s*)"
)
_INLINE_ROLES = frozenset({roles.LEAD, roles.ROOM, roles.TIME, roles.READING, roles.RESOURCE})


def split_inline_labels(text: RichText) -> tuple[RichText, list[tuple[str, RichText]]]:
    """Return a line without its labelled parts, and those with their roles: "Rings. Discussant: Ann Lee"."""
    cuts = [cut for found in _INLINE_LABEL.finditer(text.text) if (cut := _find_inline_label(text, found))]
    if not cuts:
        return text, []
    starts = [*(start for start, _, _ in cuts[1:]), len(text.text)]
    said = text.slice_parts((end, start) for (_, end, _), start in zip(cuts, starts, strict=True))
    parts = [(role, part.strip(".,;|•–—-()[]（）")) for (_, _, role), part in zip(cuts, said, strict=True)]
    leads = [part for role, part in parts if role == roles.LEAD]
    if not all(people.looks_like_people(each) or is_nobody(each.text) for each in leads):
        return text, []
    return text.slice(0, cuts[0][0]).strip(" ,;|•–—-([（"), parts


def _find_inline_label(text: RichText, found: re.Match[str]) -> tuple[int, int, str] | None:
    """Return where a label in a line begins and ends, with its role: the last words before its colon."""
    if (link := text.find_link(found.start("label"))) and found.end("label") < link.end:
        return None
    said = found["label"].split()
    for number in range(max(0, len(said) - 2), len(said)):
        part = " ".join(said[number:])
        if (role := fields.find_label_role(part)) in _INLINE_ROLES:
            start = found.start("label") + found["label"].rfind(part)
            return (start, found.end(), role) if start and (number == 0 or part > "\u3000") else None
    return None
