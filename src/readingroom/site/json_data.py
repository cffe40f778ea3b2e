"""The sessions as JSON for programs, described by a schema."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from readingroom.core import package_files, session_times
from readingroom.core.models import Group, Item, Person, Resource, Section, Session, Status, get_sort_key
from readingroom.core.tree import Files
from readingroom.site import description, paths
from readingroom.store.catalogue import Catalogue
from readingroom.store.revisions import RevisionLog
from readingroom.text import escape, plain


def render_json_files(catalogue: Catalogue, announced: RevisionLog) -> Files:
    """Return the data and its schema by their paths: one session a line, by date."""
    group = catalogue.group
    listed = [each for each in catalogue.sessions if each.status != Status.SHELF and not each.is_taken]
    sessions = sorted(listed, key=get_sort_key)
    lines = ",\n".join(_encode_json(_build_object(_export_session(each, group, announced))) for each in sessions)
    text = f'{{"group": {_encode_json(_build_object(_export_group(group)))}, "sessions": [\n{lines}\n]}}\n'
    schema = (package_files.get_asset_folder("schema") / paths.DATA_SCHEMA).read_bytes()
    return {paths.DATA: text.encode(), paths.DATA_SCHEMA: schema}


_encode_json = json.JSONEncoder(ensure_ascii=False).encode


def _build_object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return what is known: no key has an empty value."""
    return {key: value for key, value in pairs if value or value == 0}


def _export_group(group: Group) -> Iterator[tuple[str, Any]]:
    yield "name", plain.clean_name(group.name)
    yield "time_zone", group.time_zone
    yield "url", paths.build_absolute_url(group, "")
    yield "repository", escape.percent_encode_url(group.repository)


def _export_session(session: Session, group: Group, announced: RevisionLog) -> Iterator[tuple[str, Any]]:
    yield "folder", session.folder
    yield "number", session.number
    yield "title", plain.clean_line(session.title)
    yield "status", str(session.status)
    yield "kind", plain.clean_line(session.kind)
    yield from _export_times(session, group)
    yield "room", plain.clean_line(session.room)
    yield "leads", [_build_object(_export_person(each)) for each in session.leads]
    yield "abstract", plain.clean_markdown(session.abstract)
    yield "material", [_build_object(_export_section(each)) for each in session.material]
    yield "resources", [_build_object(_export_resource(each, session, group)) for each in session.resources]
    yield "continues", session.continues
    yield "page", paths.get_page_path(session)
    yield "url", paths.build_absolute_url(group, paths.get_page_path(session))
    if revision := announced.revisions.get(session.folder):
        yield "sequence", revision.sequence
        yield "announced", revision.announced
        yield "modified", revision.modified


def _export_times(session: Session, group: Group) -> Iterator[tuple[str, Any]]:
    if session.date:
        yield "date", str(session.date)
    yield "time", session.time
    if start := session_times.compute_session_start(session, group.time_zone):
        yield "start", session_times.format_iso_datetime(start)
    if end := session_times.compute_session_end(session, group.time_zone):
        yield "end", session_times.format_iso_datetime(end)
    yield "duration", session.duration


def _export_person(person: Person) -> Iterator[tuple[str, str]]:
    yield "name", plain.clean_name(person.name)
    yield "url", escape.percent_encode_url(person.url)
    yield "affiliation", plain.clean_line(person.affiliation)


def _export_section(section: Section) -> Iterator[tuple[str, Any]]:
    yield "heading", plain.clean_line(section.heading)
    yield "note", plain.clean_markdown(section.note)
    yield "items", [_build_object(_export_item(each)) for each in section.items]


def _export_item(item: Item) -> Iterator[tuple[str, Any]]:
    yield "title", plain.clean_line(item.title)
    yield "url", escape.percent_encode_url(item.url)
    yield "note", plain.clean_markdown(item.note)
    yield "depth", item.depth or None


def _export_resource(resource: Resource, session: Session, group: Group) -> Iterator[tuple[str, Any]]:
    yield "title", plain.clean_name(resource.title)
    yield "label", plain.clean_line(resource.label)
    yield "url", description.find_resource_url(group, session, resource)
    if not resource.is_link:
        yield "file", f"{session.path}/{resource.url}"
