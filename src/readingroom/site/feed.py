"""What was announced and changed last, as an Atom feed (RFC 4287)."""

from collections.abc import Iterable
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from readingroom.core import date_format
from readingroom.core.models import Group, Session, Status
from readingroom.core.tree import Files
from readingroom.render.announcements import Announcements, Told
from readingroom.site import description, urls
from readingroom.store.catalogue import Catalogue
from readingroom.text import plain

MOST = 50
_NAMESPACE = "http://www.w3.org/2005/Atom"
_NEVER = "1970-01-01T00:00:00Z"  # a feed needs a moment even when nothing was told yet


def files(catalogue: Catalogue, announced: Announcements) -> Files:
    """Return the feed by its path: the sessions that were announced or changed last, at most 50."""
    told = [(each, announced.told[each.folder]) for each in catalogue.sessions if _is_news(each, announced)]
    newest = sorted(told, key=lambda each: (each[1].modified, each[1].start, each[0].folder), reverse=True)[:MOST]
    feed = _feed(catalogue.group, announced, newest[0][1].modified if newest else _NEVER)
    for session, about in newest:
        feed.append(_entry(session, about, catalogue.group, UUID(announced.id)))
    indent(feed)
    return {urls.FEED: tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"}


def _is_news(session: Session, announced: Announcements) -> bool:
    return session.folder in announced.told and session.status not in {Status.OPEN, Status.SHELF}


def _feed(group: Group, announced: Announcements, updated: str) -> Element:
    name = plain.name(group.name)
    feed = Element("feed", {"xmlns": _NAMESPACE})
    _add(feed, "id", f"urn:uuid:{announced.id}")
    _add(feed, "title", name)
    _add(feed, "updated", updated)
    _add(SubElement(feed, "author"), "name", name)
    _add(feed, "generator", "readingroom", uri="https://github.com/readingroom/readingroom")
    _link(feed, "self", urls.absolute(group, urls.FEED), "application/atom+xml")
    _link(feed, "alternate", urls.absolute(group, ""), "text/html")
    _link(feed, "alternate", urls.absolute(group, urls.CALENDAR), "text/calendar")
    return feed


def _entry(session: Session, told: Told, group: Group, namespace: UUID) -> Element:
    entry = Element("entry")
    _add(entry, "id", uuid5(namespace, session.folder).urn)
    _add(entry, "title", description.title(session))
    _add(entry, "published", told.announced)
    _add(entry, "updated", told.modified)
    for who in session.leads:
        author = SubElement(entry, "author")
        _add(author, "name", plain.name(who.name))
        if url := plain.url(who.url):
            _add(author, "uri", url)
    _link(entry, "alternate", urls.absolute(group, urls.page(session)), "text/html")
    if kind := plain.line(session.kind):
        SubElement(entry, "category", {"term": kind})
    _add(entry, "content", "\n\n".join(_content(session, group)), type="text")
    return entry


def _content(session: Session, group: Group) -> Iterable[str]:
    """Yield when and where a session is, and what it is about."""
    day = date_format.with_weekday(session.date, group.date_format, group.locale) if session.date else "No date yet"
    time = f"{session.time} ({group.time_zone})" if session.date and session.time else ""
    yield ", ".join(part for part in (plain.line(day), time, plain.line(session.room)) if part)
    if text := description.text(session, group):
        yield text


def _add(above: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(above, name, attributes).text = text


def _link(above: Element, relation: str, address: str, kind: str) -> None:
    if address:
        SubElement(above, "link", {"rel": relation, "type": kind, "href": address})
