"""A new session's folder: its name, and files that explain themselves, its session.yml and the group's own."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from readingroom.core.diagnostics import Invalid
from readingroom.core.models import Group, parse_folder_number
from readingroom.core.session_path import SESSIONS, SessionPath
from readingroom.core.tree import Tree
from readingroom.parsing import freetext, times
from readingroom.store import catalogue, schema, yaml_codec
from readingroom.store.schema import SchemaName
from readingroom.text.slug import build_slug

_ORDER = ("title", "date", "time", "duration", "status", "kind", "room", "leads")


def suggest_session_defaults(tree: Tree, group: Group, today: dt.date) -> dict[str, str]:
    """Return what to offer for a new session: the next free usual day, and the usual room."""
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


def build_session_file(tree: Tree, group: Group, given: Mapping[str, Any]) -> tuple[str, str]:
    """Return the path and the text of a new session's file; raise Invalid if it would not be valid.

    ``given`` maps the session's keys to text, ``leads`` to texts such as ``Name`` or ``Name, https://...``.
    """
    given = {**given, **_parse_times(given.get("time") or "")}
    data: dict[str, Any] = {key: given[key] for key in _ORDER if given.get(key)}
    data.setdefault("room", group.room)
    if not data["room"]:
        del data["room"]
    if "leads" in data:
        data["leads"] = [freetext.parse_lead(each) for each in data["leads"]]
    folder = build_folder_name(find_next_number(tree.listings), data.get("title", ""), data.get("date", ""))
    path = SessionPath(folder).file
    text = render_commented_yaml(data, has_schema=has_schema(tree))
    validate_session_file(tree, folder, path, text)
    return path, text


def _parse_times(text: str) -> dict[str, Any]:
    """Return the start that somebody typed, and the length if they told the end; what cannot be read stays."""
    try:
        start, length = times.parse_time_range(text)
    except ValueError:
        return {"time": text}
    return {"time": start} | ({"duration": length} if length else {})


def find_next_number(folders: Iterable[str]) -> int:
    """Return the number after the highest in use."""
    return 1 + max((number for name in folders if (number := parse_folder_number(name)) is not None), default=0)


def build_folder_name(number: int, title: str, fallback: str) -> str:
    """Return ``NN-slug``; where a title has nothing to make a slug of, the fallback tells the session from others."""
    return f"{number:02}-{build_slug(title, f'session-{fallback}'.rstrip('-'))}"


def validate_session_file(tree: Tree, folder: str, path: str, text: str) -> None:
    """Raise Invalid if a session's file would not be valid among the others; their problems do not count."""
    whole = replace(tree, contents={**tree.contents, path: text.encode()}, listings={**tree.listings, folder: {}})
    try:
        catalogue.read_catalogue(whole)
    except Invalid as invalid:
        if problems := [
            each for each in invalid.problems if each.file in {path, SessionPath(folder).directory, SESSIONS}
        ]:
            raise Invalid(problems) from None


def has_schema(tree: Tree) -> bool:
    """Tell whether the repository holds the schema itself, as the project's own does."""
    return "schema/session.schema.json" in tree.contents


_TO_TOP = {SchemaName.SESSION: "../../", SchemaName.GROUP: ""}


def render_commented_yaml(
    data: Mapping[str, Any], name: SchemaName = SchemaName.SESSION, *, has_schema: bool = False
) -> str:
    """Return the text of a session.yml, or of the ``group``'s file, with comments on what else it may hold."""
    of = schema.load_schema(name).document
    address = f"{_TO_TOP[name]}schema/{name}.schema.json" if has_schema else of["$id"]
    parts = [f"# yaml-language-server: $schema={address}\n", yaml_codec.dump_yaml(dict(data)) if data else ""]
    for key, about in of["properties"].items():
        if key not in data:
            example = yaml_codec.dump_yaml({key: about["examples"][0]})
            parts.append(f"\n# {about['description']}\n" + "".join(f"# {line}\n" for line in example.splitlines()))
    return "".join(parts)
