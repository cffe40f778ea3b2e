"""The parts of a session from cells and lines: title, people, links, time, room, status."""

import re
from collections.abc import Callable, Mapping

from readingroom.core.models import Status
from readingroom.importer.page.rich_text import Mark, RichText, join_texts
from readingroom.importer.records import people
from readingroom.importer.records.candidate import OFF_DAY, Candidate, SessionData
from readingroom.importer.vocabulary import roles
from readingroom.importer.vocabulary import status as status_words
from readingroom.parsing.names import is_nobody
from readingroom.parsing.times import find_time
from readingroom.parsing.vocabulary import (
    build_expression_pattern,
    build_word_pattern,
    fold_word,
    get_expressions,
    get_words,
    join_expressions,
)
from readingroom.text.links import EMAIL

_EMPTY = re.compile(r"\s*[(（\[]\s*[,;|/&+·–-]*\s*[)）\]]")
_AND = build_word_pattern("common", "and_between_names")
_DANGLING = re.compile(rf"(?<![\s,])[\s,]+(?:{_AND}|&|\+)\Z", re.IGNORECASE)
_EDGES = " \n,;:：.|·•–—-/*"


def is_resource_label(label: str) -> bool:
    """Return whether the text of a link says what kind of file it leads to, and no title."""
    if not label.strip(_EDGES + "()[]0123456789"):
        return True
    return _names_resource(label) or (
        len(label) <= 40
        and len(label.split()) <= 4
        and roles.find_role(label.strip(_EDGES + "()[]"), 4) in {roles.RESOURCE, roles.READING}
    )


def _names_resource(label: str) -> bool:
    """Return whether the text of a link begins with what kind of file it leads to: "Slides: Rings"."""
    found = re.match(r"(\w+)\s*[:：]", label)
    return found is not None and roles.find_role(found[1]) == roles.RESOURCE


def is_generic_label(label: str) -> bool:
    """Return whether the text of a link names nothing by itself, such as "paper" or "here"."""
    bare = label.strip(_EDGES + "()[]").casefold()
    is_word = " " not in bare and roles.find_role(bare, 1) in {roles.TITLE, roles.READING}
    return is_resource_label(label) or is_word or _is_generic_word(bare) or bool(re.fullmatch(r"https?://\S+", bare))


def _is_generic_word(label: str) -> bool:
    return fold_word(label) in get_words("resources", "generic", "other")


def add_links(entry: Candidate, text: RichText, *, role: str = "", head: str = "") -> None:
    """Add the links of a text to a session: files and recordings as resources, others to the reading list."""
    for link in text.links:
        label = " ".join(text.get_label(link).split())
        if not link.url or link.url.startswith(("#", "mailto:")):
            continue
        if role == roles.RESOURCE or (role != roles.READING and _is_resource(label)):
            shown = strip_brackets(label)
            is_named = shown and not _is_generic_word(shown)
            entry.add_resource((shown if is_named or not head else head) or "Link", link.url)
        elif is_generic_label(label):
            entry.add_item(entry.title or label.strip(_EDGES + "()[]") or "Link", link.url)
        else:
            entry.add_item(label, link.url)


def strip_brackets(label: str) -> str:
    """Return the text of a link without signs and brackets around all of it."""
    label = label.strip(_EDGES)
    return label[1:-1].strip(_EDGES) if label[:1] in "([" and label[-1:] in ")]" and label else label


def _is_resource(label: str) -> bool:
    is_word = len(label) <= 40 and roles.find_role(label.strip(_EDGES + "()[]"), 4) == roles.RESOURCE
    return is_word or _names_resource(label)


def set_title(entry: Candidate, text: RichText) -> None:
    """Set the title and the status that a text gives."""
    shown = clean_title(text)
    if (time := find_time(shown)) and not shown[: time.span[0]].strip() and not shown[time.span[1] :].strip(" .,;|-"):
        entry.time, entry.duration = entry.time or time.start, entry.duration or time.duration
        return
    found = status_words.parse_status(shown)
    if text.is_struck:
        entry.status = entry.status or Status.CANCELLED
    if found.status:
        entry.status = entry.status or found.status
        shown = found.title
    entry.title = entry.title or shown


def clean_title(text: RichText) -> str:
    """Return the visible title: without links that only name files, and the brackets and signs around them.

    Where a title is a link, a sentence after it is not part of it.
    """
    first = text.links[0] if text.links else None
    if (
        first
        and first.start < 3
        and not is_generic_label(text.get_label(first))
        and re.match(rf"[.;]\s|\s(?:{join_expressions('people', 'by')}|from)\s", text.text[first.end :])
    ):
        text = text.slice(0, first.end)
    text = cut_generic_links(text)
    shown = re.sub(r"https?://\S+", "", text.text) if not re.fullmatch(r"https?://\S+", text.text) else ""
    shown = _EMPTY.sub("", re.sub(r"\[\^[^\[\]]+\]", "", shown))
    shown = re.sub(r"\[([^\[\]]+)\]\[[^\[\]]*\]", r"\1", shown)
    shown = re.sub(r"([(\[])\s+|(?<![\s,;|/])[\s,;|/]+([)\]])", lambda found: found[1] or found[2], shown)
    shown = " ".join(shown.split())
    shown = re.sub(r"\s+([,.;)])", r"\1", shown)
    shown = _DANGLING.sub("", shown.strip(" \n,;:：|·•–—-/*"))
    shown = re.sub(r"\A[^\w(\[{\"'“„«「『《<$#@¿¡]+", "", shown)
    if shown.endswith(".") and not re.search(r"\b\w\.\w?\.?\Z|\bal\.\Z|\.\.\.?\Z|\bvs\.\Z|\betc\.\Z", shown):
        shown = shown[:-1]
    return shown


_GENERIC = "\0"  # a letter of a link that only names a file
for _ in range(3):  # brackets in brackets
    _GENERIC = rf"(?:\s*(?:\0|[(（\[【]{_GENERIC}[)）\]】]))+\s*"
_GENERIC_LINKS = re.compile(rf"(?<!\s){_GENERIC}")


def cut_generic_links(text: RichText) -> RichText:
    """Return a text without the links that only name files and their brackets; if all do, the first is kept."""
    generic = [each for each in text.links if is_generic_label(text.get_label(each)) or not text.get_label(each)]
    if generic and not re.search(r"\w", text.mask(generic)):
        generic.remove(next((each for each in generic if re.search(r"\w", text.get_label(each))), generic[0]))
    if not generic:
        return text
    cuts = [found.span() for found in _GENERIC_LINKS.finditer(text.mask(generic))]
    bounds = zip([0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text.text)], strict=True)
    return join_texts(text.slice_parts(bounds), " ")


_QUOTES = re.compile(r"[“\"«„「『《](?P<title>[^“”\"«»„「」『』《》]{4,300})[”\"»“」』》]")


def find_quoted(text: RichText) -> RichText | None:
    """Return what is in quotation marks, if it is nearly all of a text."""
    found = _QUOTES.search(text.text)
    if found and found.start() < 3 and (2 * len(found["title"]) > len(text.text) or len(found["title"]) > 24):
        return text.slice(found.start("title"), found.end("title"))
    return None


_LABEL = re.compile(r"\s*(?P<label>[^:：\n]{1,50}?)\s*[:：]\s*")
_DASH_LABEL = re.compile(r"\s*(?P<label>[^\W\d_][^:：\n–—-]{1,24}?)\s+[-–—]\s+(?=\S)")


def split_label(text: RichText) -> tuple[str, RichText] | None:
    """Return the role that the label at the start of a line names, and what follows it."""
    for pattern in (_LABEL, _DASH_LABEL):
        found = pattern.match(text.text)
        words = [text.get_label(link).split() for link in text.links if found and link.start < found.end("label")]
        if found and all(len(each) < 3 for each in words) and (role := find_label_role(found["label"])):
            return role, text.slice(found.end())
    bold = next((each for each in text.iter_marked(Mark.STRONG) if each.start == 0), None)
    if bold and text.text[bold.end :][:1].isspace() and (role := find_label_role(text.text[: bold.end])):
        return role, text.slice(bold.end).strip(" ")
    return None


def is_title_label(text: RichText) -> bool:
    """Return whether a line begins with a label such as "Title:", which is no part of the title."""
    return fold_word(re.split("[:：]", text.text)[0]) in get_expressions("headings", "entitled", "papers")


def is_own_title_label(text: RichText) -> bool:
    """Return whether a line begins with a label such as "Title:", which no label of a paper is."""
    label = fold_word(re.split("[:：]", text.text)[0])
    return ":" in text.text and label in get_expressions("headings", "entitled")


def has_lead_label(text: RichText) -> bool:
    """Return whether a line has a label that surely names who speaks: Speaker, not Host."""
    if not re.search("[:：]", text.text[:40]):
        return False
    label = roles.parse_label_role(re.split("[:：]", text.text)[0].strip("*_ "), 3)
    return label.role == roles.LEAD and not label.is_weak


def find_label_role(label: str) -> str:
    """Return the role that the words of a label name, or nothing."""
    label = re.sub(r"^[^\w(]+|[^\w)]+$", "", label)
    label = re.sub(r"\(s\)|/in|\*in", "", label)
    return roles.find_role(label, 3)


def set_labelled(entry: Candidate, role: str, text: RichText, head: str = "") -> None:
    """Set the field that a label or the head of a column names."""
    if setter := _SETTERS.get(role):
        setter(entry, text)
    elif role in {roles.READING, roles.RESOURCE}:
        _set_reading(entry, role, text, head)
    elif role in {roles.AUTHORS, roles.VENUE} and (item := _get_only_item(entry)) is not None:
        item["note"] = "; ".join(filter(None, [item.get("note", ""), text.render_markdown()]))
    elif role != roles.NUMBER and head and not is_nobody(text.text):
        entry.add_note(head, text.render_markdown())
        for link in text.links:
            entry.add_link(link.url)
    else:
        add_links(entry, text)


def _set_labelled_title(entry: Candidate, text: RichText) -> None:
    if entry.title:
        entry.add_item(clean_title(text), text.links[0].url if text.links else "")
    else:
        set_title(entry, find_quoted(text) or text)
    add_links(entry, text)


def _set_room(entry: Candidate, text: RichText) -> None:
    entry.room = entry.room or text.text
    for link in text.links:
        entry.add_resource(text.get_label(link) or "Room", link.url)


def _set_reading(entry: Candidate, role: str, text: RichText, head: str) -> None:
    add_links(entry, text, role=role, head=head)
    if not text.links and re.search(r"\w", text.text) and not is_nobody(text.text):
        if role == roles.READING:
            entry.add_item(text.text, "")
        else:
            entry.add_note(head, text.text)


def _set_abstract(entry: Candidate, text: RichText) -> None:
    entry.add_abstract(text.render_markdown())
    for link in text.links:
        entry.add_link(link.url)


def _set_kind(entry: Candidate, text: RichText) -> None:
    if led := build_expression_pattern("people", "led_by").match(text.text):
        add_people(entry, text.slice(led.end()))
        return
    found = status_words.parse_status(text.text.replace("_", " "))
    if found.status == OFF_DAY:
        entry.status, entry.title = OFF_DAY, entry.title or text.text
    elif found.status == Status.OPEN and not found.title:
        entry.status = entry.status or found.status
    else:
        entry.kind = entry.kind or text.text


def _get_only_item(entry: Candidate) -> SessionData | None:
    items: list[SessionData] = entry.material[0].get("items", []) if len(entry.material) == 1 else []
    return items[0] if len(items) == 1 else None


def add_people(entry: Candidate, text: RichText) -> None:
    """Add the people that a text names, and the links next to them that lead to no person."""
    found = status_words.parse_status(text.text) if len(text.text) < 100 else None
    if text.is_struck or is_nobody(text.text):
        return
    if found and found.status in {OFF_DAY, Status.CANCELLED, Status.POSTPONED, Status.OPEN}:
        _set_status_of_lead(entry, found, text)
        if not found.title or found.status == OFF_DAY:
            return
        text = RichText(found.title, text.line, text.ranges if text.text.startswith(found.title) else ())
    read = people.read_people(text)
    for address in EMAIL.findall(text.text):
        if all(address not in lead.name + lead.affiliation for lead in read.leads):
            message = f"{address} is an e-mail address, which would become public: it is left out."
            entry.private.append((text.line, message))
    if not entry.title and not text.links and not any(_may_name(lead.name) for lead in read.leads):
        set_title(entry, text)
        return
    entry.remarks += [(text.line, f"the people are uncertain. {doubt}") for doubt in read.doubts]
    entry.leads += [lead for lead in read.leads if all(lead.name != each.name for each in entry.leads)]
    for link in read.links:
        if not link.url.startswith(("#", "mailto:")):
            entry.add_resource(strip_brackets(text.get_label(link)) or "Link", link.url)


_NO = re.compile(r"\W*(?:no|kein\w*|pas|sin|sem|non)\b", re.IGNORECASE)


def _set_status_of_lead(entry: Candidate, found: status_words.StatusMatch, text: RichText) -> None:
    """Set what stands in place of the people: that nothing is, or why nobody is named yet."""
    if (
        found.status in {Status.CANCELLED, Status.POSTPONED}
        or not entry.title
        or (found.status == OFF_DAY and _NO.match(text.text))
    ):
        entry.status = entry.status or found.status
        entry.title = entry.title or (found.title if found.status == OFF_DAY else "")
    else:
        entry.remarks.append((text.line, f'"{text.text}" is in place of the lead, so no lead was read.'))


def _may_name(name: str) -> bool:
    return len(name.split()) == 1 or people.is_name(name)


def set_time(entry: Candidate, text: str) -> None:
    if not entry.time and (found := find_time(text)):
        entry.time, entry.duration = found.start, found.duration


def set_status(entry: Candidate, text: str) -> None:
    found = status_words.parse_status(text)
    if found.status:
        entry.status = entry.status or found.status


def is_all_bold(text: RichText) -> bool:
    return text.is_all(Mark.STRONG)


_SETTERS: Mapping[str, Callable[[Candidate, RichText], None]] = {
    roles.TITLE: _set_labelled_title,
    roles.LEAD: add_people,
    roles.TIME: lambda entry, text: set_time(entry, text.text),
    roles.DATE: lambda entry, text: set_time(entry, text.text),
    roles.STATUS: lambda entry, text: set_status(entry, text.text),
    roles.ROOM: _set_room,
    roles.ABSTRACT: _set_abstract,
    roles.KIND: _set_kind,
}
