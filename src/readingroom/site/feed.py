"""What was announced and changed last, as an Atom feed (RFC 4287)."""

from collections.abc import Iterator
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from readingroom.core import date_format
from readingroom.core.models import Group, Session, Status
from readingroom.core.tree import Files
from readingroom.site import description, paths
from readingroom.store.catalogue import Catalogue
from readingroom.store.revisions import RevisionLog, SessionRevision
from readingroom.text import escape, plain

MAX_FEED_ENTRIES = 50
_NEVER = "1970-01-01T00:00:00Z"  # a feed needs a moment even if nothing was announced yet


def render_feed(catalogue: Catalogue, announced: RevisionLog) -> Files:
    """Return the feed by its path: the sessions that were announced or changed last, at most 50."""
    revisions = announced.revisions
    entries = [
        (revisions[session.folder], session)
        for session in catalogue.sessions
        if session.folder in revisions and session.status not in {Status.OPEN, Status.SHELF}
    ]
    entries.sort(key=lambda entry: (entry[0].modified, entry[0].start, entry[1].folder), reverse=True)
    feed = _build_feed(catalogue.group, announced, entries[0][0].modified if entries else _NEVER)
    for revision, session in entries[:MAX_FEED_ENTRIES]:
        feed.append(_build_entry(session, revision, catalogue.group, UUID(announced.id)))
    indent(feed)
    return {paths.FEED: tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"}


def _build_feed(group: Group, announced: RevisionLog, updated: str) -> Element:
    name = plain.clean_name(group.name)
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    _add_element(feed, "id", f"urn:uuid:{announced.id}")
    _add_element(feed, "title", name)
    _add_element(feed, "updated", updated)
    _add_element(SubElement(feed, "author"), "name", name)
    _add_element(feed, "generator", "readingroom", uri="https://github.com/readingroom/readingroom")
    _add_link(feed, "self", paths.build_absolute_url(group, paths.FEED), "application/atom+xml")
    _add_link(feed, "alternate", paths.build_absolute_url(group, ""), "text/html")
    _add_link(feed, "alternate", paths.build_absolute_url(group, paths.CALENDAR), "text/calendar")
    return feed


def _build_entry(session: Session, revision: SessionRevision, group: Group, namespace: UUID) -> Element:
    entry = Element("entry")
    _add_element(entry, "id", uuid5(namespace, session.folder).urn)
    _add_element(entry, "title", description.format_headline(session))
    _add_element(entry, "published", revision.announced)
    _add_element(entry, "updated", revision.modified)
    for lead in session.leads:
        author = SubElement(entry, "author")
        _add_element(author, "name", plain.clean_name(lead.name))
        if url := escape.percent_encode_url(lead.url):
            _add_element(author, "uri", url)
    _add_link(entry, "alternate", paths.build_absolute_url(group, paths.get_page_path(session)), "text/html")
    if kind := plain.clean_line(session.kind):
        SubElement(entry, "category", {"term": kind})
    _add_element(entry, "content", "\n\n".join(_iter_paragraphs(session, group)), type="text")
    return entry


def _iter_paragraphs(session: Session, group: Group) -> Iterator[str]:
    """Yield when and where a session is, and what it is about."""
    day, time = "No date yet", ""
    if session.date:
        day = date_format.format_date_with_weekday(session.date, group.date_format, group.locale)
        time = f"{session.time} ({group.time_zone})" if session.time else ""
    yield ", ".join(part for part in (plain.clean_line(day), time, plain.clean_line(session.room)) if part)
    if text := description.render_description(session, group):
        yield text


def _add_element(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text


def _add_link(parent: Element, relation: str, url: str, media_type: str) -> None:
    if url:
        SubElement(parent, "link", {"rel": relation, "type": media_type, "href": url})
