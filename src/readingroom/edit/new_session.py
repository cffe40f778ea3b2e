"""New files with comments that explain their keys: a session's, with its folder's name, and the group's."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.models import Group, Status, parse_folder_number
from readingroom.core.session_path import SESSIONS, SessionPath
from readingroom.core.tree import CONFIGURATION, Tree
from readingroom.parsing import dates, people, times
from readingroom.store import catalogue, ignores, schema, yaml_codec
from readingroom.store.schema import SchemaName
from readingroom.text.slug import build_slug

_KEYS = ("title", "date", "time", "duration", "status", "kind", "room", "leads")


def suggest_session_defaults(tree: Tree, group: Group, today: dt.date) -> dict[str, str]:
    """Return the defaults of a new session: the next free usual day, and the usual room."""
    taken = {str(data.get("date")) for data in _iter_session_data(tree)}
    day = min(today, dt.date.max - dt.timedelta(days=1)) + dt.timedelta(days=1)
    while day < dt.date.max and (str(day) in taken or group.usual_weekday not in {None, day.weekday()}):
        day += dt.timedelta(days=1)
    return {"date": str(day), "room": group.room}


def _iter_session_data(tree: Tree) -> Iterator[Mapping[str, Any]]:
    for folder in tree.listings:
        content = tree.contents.get(SessionPath(folder).file, b"")
        try:
            data = yaml_codec.read_yaml("", content)
        except Invalid:
            continue
        if isinstance(data, dict):
            yield data


class NewSession(NamedTuple):
    """The file of a new session, with the warnings about it."""

    path: str
    text: str
    findings: list[Diagnostic]


def build_session_file(
    tree: Tree, group: Group, given: Mapping[str, Any], proposed: Collection[str] = ()
) -> NewSession:
    """Return a new session's file; raise Invalid if it would not be valid.

    ``given`` maps the session's keys to text, ``leads`` to texts such as ``Name`` or ``Name, https://...``. Its
    number follows those of all sessions and of the ``proposed`` folders.
    """
    given = {**given, **_parse_times(given.get("time") or ""), "date": _parse_date(given.get("date") or "", group)}
    if not given["date"] and not given.get("status"):
        given["status"] = Status.PROPOSED.value  # with neither, its folder would be a shelf, which no schedule shows
    data: dict[str, Any] = {key: given[key] for key in _KEYS if given.get(key)}
    if group.room:
        data.setdefault("room", group.room)
    folder = build_folder_name(
        find_next_number([*tree.listings, *proposed]), data.get("title", ""), data.get("date", "")
    )
    path = SessionPath(folder).file
    if "leads" in data:
        data["leads"] = _parse_leads(path, data["leads"])
    text = render_commented_yaml(data, has_schema=has_schema(tree))
    return NewSession(path, text, validate_session_file(tree, folder, path, text))


def find_value_error(group_file: bytes, group: Group, key: str, typed: str) -> str:
    """Return what is wrong with one typed value of a new session, or an empty text."""
    given = {key: [typed] if key == "leads" else typed}
    try:
        problems = build_session_file(Tree(contents={CONFIGURATION: group_file}), group, given).findings
    except Invalid as invalid:
        problems = invalid.problems
    return next((each.text for each in problems if get_typed_key(each) == key), "")


def get_typed_key(diagnostic: Diagnostic) -> str:
    """Return which of the values given to ``build_session_file`` is wrong; a time may give the duration too."""
    key = re.split(r"[.\[]", diagnostic.location.key)[0]
    return "time" if key == "duration" else key


def _parse_times(text: str) -> dict[str, Any]:
    """Return the typed start, and the duration if the text has an end; an unreadable text stays."""
    try:
        start, duration = times.parse_time_range(text)
    except ValueError:
        return {"time": text}
    return {"time": start} | ({"duration": duration} if duration else {})


def _parse_date(text: str, group: Group) -> str:
    """Return the typed day as YYYY-MM-DD; one that is unreadable, may be two days or has a time stays as it is."""
    try:
        day = dates.parse_day(text, group.date_format, group.locale)
    except ValueError:
        return text
    return text if day.other or day.time else str(day.date)


def _parse_leads(path: str, typed: Iterable[str]) -> list[dict[str, str]]:
    """Return the people as entries of a session file; raise Invalid if it is not sure who they are."""
    reading = people.parse_people("\n".join(typed))
    problems = [f'found "{each}". Expected: a name, such as Ada Lovelace.' for each in reading.placeholders]
    if problems := [*problems, *reading.questions]:
        location = Location(path, key="leads")
        raise Invalid(
            [Diagnostic(location, Code.VALUE_INVALID, each, "Give each person separately.") for each in problems]
        )
    return [each.to_data() for each in reading.people]


def find_next_number(folders: Iterable[str]) -> int:
    """Return the number after the highest one in use."""
    return 1 + max((number for name in folders if (number := parse_folder_number(name)) is not None), default=0)


def build_folder_name(number: int, title: str, fallback: str) -> str:
    """Return ``NN-slug``; a title without letters and digits is replaced by the fallback, such as a date."""
    return f"{number:02}-{build_slug(title, build_slug(f'session-{fallback}', ''))}"


def validate_session_file(tree: Tree, folder: str, path: str, text: str) -> list[Diagnostic]:
    """Return the warnings about a session's file among the others; raise Invalid if it would not be valid.

    The problems of other files do not count; if there are any, there are no warnings.
    """
    changed = replace(tree, contents={**tree.contents, path: text.encode()}, listings={**tree.listings, folder: {}})
    files = {path, SessionPath(folder).directory, SESSIONS}
    try:
        found = catalogue.read_catalogue(changed)
        reported = ignores.drop_ignored(found.findings, ignores.read_ignored_codes(changed, found.group))
        return [finding for finding in reported if finding.file in files]
    except Invalid as invalid:
        if problems := [problem for problem in invalid.problems if problem.file in files]:
            raise Invalid(problems) from None
        return []


def has_schema(tree: Tree) -> bool:
    """Return whether the repository contains the schema, as the project's own does."""
    return "schema/session.schema.json" in tree.contents


def render_yaml(data: Mapping[str, Any], name: SchemaName = SchemaName.SESSION, *, has_schema: bool = False) -> str:
    """Return the text of a session file, or of the group's: the line for editors, then the data."""
    top = "../../" if name is SchemaName.SESSION else ""
    address = f"{top}schema/{name}.schema.json" if has_schema else schema.load_schema(name).document["$id"]
    return f"# yaml-language-server: $schema={address}\n{yaml_codec.dump_yaml(dict(data)) if data else ''}"


def render_commented_yaml(
    data: Mapping[str, Any], name: SchemaName = SchemaName.SESSION, *, has_schema: bool = False
) -> str:
    """Return the text of a session file, or of the group's, with comments on the keys that it does not have."""
    parts = [render_yaml(data, name, has_schema=has_schema)]
    for key, subschema in schema.load_schema(name).document["properties"].items():
        if key not in data:
            example = yaml_codec.dump_yaml({key: subschema["examples"][0]})
            parts.append(f"\n# {subschema['description']}\n" + "".join(f"# {line}\n" for line in example.splitlines()))
    return "".join(parts)
