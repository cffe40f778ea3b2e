"""What was announced and changed last, as Atom feeds (RFC 4287): one of all sessions, and one of each kind."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from markupsafe import Markup

from readingroom.core import date_format
from readingroom.core.models import Group, Item, Person, Section, Session, Status
from readingroom.core.tree import Files
from readingroom.site import calendar, description, paths
from readingroom.store.catalogue import Catalogue
from readingroom.store.revisions import RevisionLog, SessionRevision
from readingroom.text import escape, html, plain

MAX_FEED_ENTRIES = 50
_NEVER = "1970-01-01T00:00:00Z"  # a feed needs a moment even if nothing was announced yet
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_HEADING_LEVEL = 3
_STATUSES = {
    Status.CONFIRMED: "Confirmed",
    Status.TBC: "To be confirmed",
    Status.POSTPONED: "Postponed",
    Status.CANCELLED: "Cancelled",
    Status.PROPOSED: "Looks for a date",
}
_CONTENT_CHANGES = {
    "title": "New title",
    "leads": "Leads changed",
    "abstract": "Abstract changed",
    "material": "Reading changed",
    "continues": "Reading changed",
    "resources": "Resources changed",
    "address": "The page has another address",
}


class _Entry(NamedTuple):
    """What was last announced of a folder; its session is gone if it was removed or is a free slot now."""

    folder: str
    revision: SessionRevision
    session: Session | None

    @property
    def sort_key(self) -> tuple[str, str, str]:
        return self.revision.modified, self.revision.start, self.folder


class _FeedFile(NamedTuple):
    """A feed's own name and address, and the calendar of the same sessions."""

    name: str
    urn: str
    path: str
    calendar: str


def render_feeds(catalogue: Catalogue, announced: RevisionLog) -> Files:
    """Return each feed by its path: the sessions that were announced or changed last, at most 50."""
    group = catalogue.group
    namespace = UUID(announced.id)
    entries = sorted(_iter_entries(catalogue, announced), key=lambda entry: entry.sort_key, reverse=True)
    name = plain.clean_name(group.name)
    whole = _FeedFile(name, namespace.urn, paths.FEED, paths.CALENDAR)
    files = {paths.FEED: _render_feed(group, whole, entries, namespace)}
    for kind, path in calendar.map_kind_calendars(catalogue, announced).items():
        of_kind = [each for each in entries if each.session and plain.clean_line(each.session.kind) == kind]
        urn = uuid5(namespace, f"kind/{kind}").urn
        file = _FeedFile(f"{name}: {kind}", urn, paths.get_kind_feed_path(path), path)
        files[file.path] = _render_feed(group, file, of_kind, namespace)
    return files


def _iter_entries(catalogue: Catalogue, announced: RevisionLog) -> Iterator[_Entry]:
    hidden = {Status.OPEN, Status.SHELF}
    sessions = {each.folder: each for each in catalogue.sessions if each.status not in hidden}
    for folder, revision in announced.revisions.items():
        session = sessions.get(folder)
        # That a past session was removed is no news.
        if session or revision.withdrawn[:10] >= revision.modified[:10]:
            yield _Entry(folder, revision, session)


def _render_feed(group: Group, file: _FeedFile, entries: Sequence[_Entry], namespace: UUID) -> bytes:
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", _LANGUAGE: group.language})
    _add_element(feed, "id", file.urn)
    _add_element(feed, "title", file.name)
    _add_element(feed, "updated", entries[0].revision.modified if entries else _NEVER)
    _add_element(SubElement(feed, "author"), "name", plain.clean_name(group.name))
    _add_element(feed, "generator", "readingroom", uri="https://github.com/readingroom/readingroom")
    _add_link(feed, "self", paths.build_absolute_url(group, file.path), "application/atom+xml")
    _add_link(feed, "alternate", paths.build_absolute_url(group, ""), "text/html")
    _add_link(feed, "alternate", paths.build_absolute_url(group, file.calendar), "text/calendar")
    for entry in entries[:MAX_FEED_ENTRIES]:
        feed.append(_build_entry(entry, group, uuid5(namespace, entry.revision.uid or entry.folder).urn))
    indent(feed)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _build_entry(entry: _Entry, group: Group, urn: str) -> Element:
    _, revision, session = entry
    element = Element("entry")
    changes = " ".join(f"{change}." for change in _list_changes(entry, group))
    _add_element(element, "id", urn)
    title = description.format_headline(session) if session else calendar.REMOVED_TITLE
    _add_element(element, "title", title, **({} if session else {_LANGUAGE: "en"}))
    _add_element(element, "published", revision.announced)
    _add_element(element, "updated", revision.modified)
    if session:
        _add_session_details(element, session, group)
    if changes:
        _add_element(element, "summary", changes, **{_LANGUAGE: "en"})
    news = [Markup('<p lang="en"><strong>{}</strong></p>').format(changes)] if changes else []
    content = [*news, *(_iter_paragraphs(session, group) if session else ())]
    _add_element(element, "content", "\n".join(content), type="html")
    return element


def _add_session_details(entry: Element, session: Session, group: Group) -> None:
    for lead in session.leads:
        author = SubElement(entry, "author")
        _add_element(author, "name", plain.clean_name(lead.name))
        if url := escape.percent_encode_url(lead.url):
            _add_element(author, "uri", url)
    _add_link(entry, "alternate", paths.build_absolute_url(group, paths.get_page_path(session)), "text/html")
    if kind := plain.clean_line(session.kind):
        SubElement(entry, "category", {"term": kind})


def _list_changes(entry: _Entry, group: Group) -> list[str]:
    """Return what changed last, each in a few words."""
    _, revision, session = entry
    if session is None:
        return ["Cancelled", f"No longer on {_format_start(revision.withdrawn, group)}"]
    phrases = {
        **_CONTENT_CHANGES,
        "start": _describe_move(revision.before or revision.withdrawn, revision.start, group),
        "time": f"Starts at {session.time}",
        "zone": f"The time zone is {group.time_zone} now",
        "duration": f"Takes {session.duration} minutes",
        "status": _STATUSES.get(session.status, ""),
        "room": _describe_value("room", session.room),
        "kind": _describe_value("kind", session.kind),
    }
    names = sorted(revision.changed, key=lambda name: name != "status")
    found = (_describe_addition(name) or phrases.get(name) for name in names)
    return [*dict.fromkeys(filter(None, found))]


def _describe_addition(name: str) -> str:
    label = plain.clean_line(name.partition(".")[2])
    return f"{label} added" if label else ""


def _describe_value(key: str, value: str) -> str:
    value = plain.clean_line(value)
    return f"{key.capitalize()}: {value}" if value else f"No {key} any more"


def _describe_move(old: str, new: str, group: Group) -> str:
    if not new:
        return f"No longer on {_format_start(old, group)}" if old else ""
    if old in {"", new}:
        return f"On {_format_start(new, group)}"
    (old_day, _, old_time), (new_day, _, new_time) = old.partition("T"), new.partition("T")
    if old_day == new_day:
        return f"Moved from {old_time} to {new_time}" if new_time else f"No longer at {old_time}"
    if old_time == new_time:
        old, new = old_day, new_day
    return f"Moved from {_format_start(old, group)} to {_format_start(new, group)}"


def _format_start(start: str, group: Group) -> str:
    """Return a start by the group's clock as readers know it."""
    day, _, time = start.partition("T")
    date = date_format.format_date_with_weekday(dt.date.fromisoformat(day), group.date_format, group.locale)
    return ", ".join(filter(None, (plain.clean_line(date), time)))


def _iter_paragraphs(session: Session, group: Group) -> Iterator[Markup]:
    """Yield when and where a session is, and what it is about, as HTML."""
    day, time = "No date yet", ""
    if session.date:
        day = date_format.format_date_with_weekday(session.date, group.date_format, group.locale)
        time = f"{session.time} ({group.time_zone})" if session.time else ""
    where = ", ".join(part for part in (plain.clean_line(day), time, plain.clean_line(session.room)) if part)
    yield Markup("<p>{}</p>").format(where)
    if session.leads:
        yield Markup("<p>Led by {}.</p>").format(Markup(", ").join(map(_render_person, session.leads)))
    if session.abstract:
        yield html.render_html_block(plain.clean_markdown(session.abstract), _HEADING_LEVEL)
    for section in session.material:
        yield from _iter_section_parts(section)
    if session.resources:
        links = (
            _render_link(plain.clean_name(each.title), description.find_resource_url(group, session, each))
            for each in session.resources
        )
        yield Markup('<h3 lang="en">Resources</h3>\n<ul>{}</ul>').format(
            Markup().join(map(Markup("<li>{}</li>").format, links))
        )


def _render_person(lead: Person) -> Markup:
    name = _render_link(plain.clean_name(lead.name), escape.percent_encode_url(lead.url))
    affiliation = plain.clean_line(lead.affiliation)
    return Markup("{} ({})").format(name, affiliation) if affiliation else name


def _render_link(label: str, url: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url, label) if url else Markup("{}").format(label)


def _iter_section_parts(section: Section) -> Iterator[Markup]:
    if heading := plain.clean_line(section.heading):
        yield Markup("<h3>{}</h3>").format(heading)
    if section.note:
        yield html.render_html_block(plain.clean_markdown(section.note), _HEADING_LEVEL + 1)
    if section.items:
        yield Markup().join(_iter_item_parts(section.items))


def _iter_item_parts(items: Iterable[Item]) -> Iterator[Markup]:
    """Yield the tags and texts of a list; an item that is deeper than the one before it is nested in that one."""
    depth = -1
    for item in items:
        yield Markup("<ul>") if item.depth > depth else Markup("</li>") + Markup("</ul></li>") * (depth - item.depth)
        url = escape.percent_encode_url(item.url)
        label = plain.clean_line(item.title) or url
        note = html.render_html_inline(item.note)
        yield Markup("<li>") + _render_link(label, url) + (Markup(" – ") if label and note else "") + note
        depth = item.depth
    yield Markup("</li></ul>") * (depth + 1)


def _add_element(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text


def _add_link(parent: Element, relation: str, url: str, media_type: str) -> None:
    if url:
        SubElement(parent, "link", {"rel": relation, "type": media_type, "href": url})
