"""The sessions as JSON, for programs, by a schema of its own."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from readingroom.core import resources, session_times
from readingroom.core.models import Group, Item, Person, Resource, Section, Session, Status, in_order
from readingroom.core.tree import Files
from readingroom.render.announcements import Announcements
from readingroom.site import description, urls
from readingroom.store.catalogue import Catalogue
from readingroom.text import plain


def files(catalogue: Catalogue, announced: Announcements) -> Files:
    """Return the data and its schema by their paths: one session a line, by date."""
    group = catalogue.group
    sessions = sorted((each for each in catalogue.sessions if each.status != Status.SHELF), key=in_order)
    lines = ",\n".join(_written(dict(_known(_session(each, group, announced)))) for each in sessions)
    text = f'{{"group": {_written(dict(_known(_group(group))))}, "sessions": [\n{lines}\n]}}\n'
    schema = (resources.folder("schema") / urls.DATA_SCHEMA).read_bytes()
    return {urls.DATA: text.encode(), urls.DATA_SCHEMA: schema}


_written = json.JSONEncoder(ensure_ascii=False).encode


def _known(pairs: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield what is known: no key has an empty value."""
    return ((key, value) for key, value in pairs if value or value == 0)


def _group(group: Group) -> Iterator[tuple[str, Any]]:
    yield "name", plain.name(group.name)
    yield "time_zone", group.time_zone
    yield "url", urls.absolute(group, "")
    yield "repository", plain.url(group.repository)


def _session(session: Session, group: Group, announced: Announcements) -> Iterator[tuple[str, Any]]:
    yield "folder", session.folder
    yield "number", session.number
    yield "title", plain.line(session.title)
    yield "status", str(session.status)
    yield "kind", plain.line(session.kind)
    yield from _when(session, group)
    yield "room", plain.line(session.room)
    yield "leads", [dict(_known(_person(each))) for each in session.leads]
    yield "abstract", plain.kept(session.abstract)
    yield "material", [dict(_known(_section(each))) for each in session.material]
    yield "resources", [dict(_known(_resource(each, session, group))) for each in session.resources]
    yield "continues", session.continues
    yield "page", urls.page(session)
    yield "url", urls.absolute(group, urls.page(session))
    if told := announced.told.get(session.folder):
        yield "sequence", told.sequence
        yield "announced", told.announced
        yield "modified", told.modified


def _when(session: Session, group: Group) -> Iterator[tuple[str, Any]]:
    if session.date:
        yield "date", str(session.date)
    yield "time", session.time
    for key, moment in (
        ("start", session_times.start(session, group.time_zone)),
        ("end", session_times.end(session, group.time_zone)),
    ):
        if moment:
            yield key, session_times.told(moment)
    yield "duration", session.duration


def _person(who: Person) -> Iterator[tuple[str, str]]:
    yield "name", plain.name(who.name)
    yield "url", plain.url(who.url)
    yield "affiliation", plain.line(who.affiliation)


def _section(section: Section) -> Iterator[tuple[str, Any]]:
    yield "heading", plain.line(section.heading)
    yield "note", plain.kept(section.note)
    yield "items", [dict(_known(_item(each))) for each in section.items]


def _item(item: Item) -> Iterator[tuple[str, Any]]:
    yield "title", plain.line(item.title)
    yield "url", plain.url(item.url)
    yield "note", plain.kept(item.note)
    yield "depth", item.depth or None


def _resource(resource: Resource, session: Session, group: Group) -> Iterator[tuple[str, Any]]:
    yield "title", plain.name(resource.title)
    yield "label", plain.line(resource.label)
    yield "url", description.address(group, session, resource)
    if resource.size is not None:
        yield "file", f"{session.path}/{resource.url}"
