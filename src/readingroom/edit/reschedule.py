"""Sessions moved, cancelled, postponed and swapped, by editing their files in place."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.models import Status, parse_folder_number
from readingroom.core.session_path import SESSION_FILE, SESSIONS, SessionPath
from readingroom.core.tree import Files, Tree
from readingroom.edit import yaml_edit
from readingroom.parsing import times
from readingroom.store import catalogue, data_file, review, yaml_codec
from readingroom.store.schema import SchemaName, load_schema
from readingroom.text.matching import suggest_word
from readingroom.text.phrases import shorten_text

# The keys that say when and where a session is, not what it is about.
SCHEDULE_KEYS = ("date", "time", "room")
_NOT_TAKING_PLACE = frozenset({Status.CANCELLED, Status.POSTPONED, Status.PROPOSED})


@dataclass(frozen=True, slots=True)
class ScheduleChange:
    """The changed files, a description of each session's changes, and warnings for the organiser."""

    files: Files
    descriptions: list[str]
    findings: list[Diagnostic]


def move_session(tree: Tree, query: str, date: dt.date, given: Mapping[str, str]) -> ScheduleChange:
    """Return the change to another date; ``given`` may have another time and room, or empty texts to remove them.

    A session that was cancelled, postponed or proposed takes place again. Raises Invalid, as the other changes do, for
    an unknown session, a file that cannot be changed in place, and a change that makes it invalid.
    """
    folder = resolve_session_folder(tree, query)
    values: dict[str, str | None] = {"date": str(date), **{key: value or None for key, value in given.items()}}
    if typed := given.get("time"):
        values["time"] = _parse_start(folder, typed)
    if read_text_value(tree, folder, "status") in _NOT_TAKING_PLACE:
        values["status"] = None
    return _build_change(tree, {folder: values})


def _parse_start(folder: str, typed: str) -> str:
    try:
        start, duration = times.parse_time_range(typed)
    except ValueError as error:
        raise _refuse_time(folder, str(error), "") from None
    if duration is not None:
        hint = "Give only the start, such as 14:00. Its file has the duration in minutes."
        raise _refuse_time(folder, f'found "{shorten_text(typed)}".', hint)
    return start


def _refuse_time(folder: str, message: str, hint: str) -> Invalid:
    return Invalid([Diagnostic(Location(SessionPath(folder).file, key="time"), Code.TIME_INVALID, message, hint)])


def _refuse_change(folder: str, message: str, hint: str) -> Invalid:
    return Invalid([Diagnostic(Location(SessionPath(folder).file), Code.SESSION_CHANGE_REFUSED, message, hint)])


def cancel_session(tree: Tree, query: str) -> ScheduleChange:
    return _build_change(tree, {resolve_session_folder(tree, query): {"status": Status.CANCELLED.value}})


def postpone_session(tree: Tree, query: str, *, keeps_date: bool) -> ScheduleChange:
    """Return the change to postponed; the session may keep its old date, for readers who have noted it."""
    values: dict[str, str | None] = {"status": Status.POSTPONED.value}
    return _build_change(
        tree, {resolve_session_folder(tree, query): values if keeps_date else {**values, "date": None}}
    )


def swap_sessions(tree: Tree, one: str, other: str, *, keeps_rooms: bool) -> ScheduleChange:
    """Return the change that gives two sessions each other's date, time and room."""
    folders = resolve_session_folder(tree, one), resolve_session_folder(tree, other)
    if folders[0] == folders[1]:
        raise _refuse_change(folders[0], "is named twice.", "Name two sessions.")
    for folder in folders:
        if not read_text_value(tree, folder, "date"):
            raise _refuse_change(folder, "has no date to swap.", "Use readingroom move.")
    keys = SCHEDULE_KEYS[:2] if keeps_rooms else SCHEDULE_KEYS
    schedules = [{key: read_text_value(tree, folder, key) for key in keys} for folder in folders]
    return _build_change(tree, dict(zip(folders, reversed(schedules), strict=True)))


def resolve_session_folder(tree: Tree, query: str) -> str:
    """Return the folder of a session, given its name, the start of its name, or its number."""
    folders = tree.list_session_folders()
    name = (
        query.replace("\\", "/").removeprefix("./").removeprefix(f"{SESSIONS}/").removesuffix(SESSION_FILE).strip("/")
    )
    if name in folders:
        return name
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 10 else None
    matches = [folder for folder in folders if number is not None and parse_folder_number(folder) == number]
    matches = matches or [folder for folder in folders if name and folder.casefold().startswith(name.casefold())]
    if len(matches) == 1:
        return matches[0]
    hint = f"That may be {' or '.join(matches[:5])}. Give the whole name."
    if not matches:
        expected = suggest_word(name, folders, "Expected: a folder's name, or its number.")
        hint = f"There is no such session. {expected}"
    message = f'found "{shorten_text(query)}".'
    raise Invalid([Diagnostic(Location(SESSIONS), Code.SESSION_NOT_FOUND, message, hint)])


def read_text_value(tree: Tree, folder: str, key: str) -> str | None:
    """Return the text of a key, if it has one; other keys may be wrong, since the change may correct them."""
    path, schema = SessionPath(folder).file, load_schema(SchemaName.SESSION)
    data = yaml_codec.read_yaml(path, tree.contents[path], typed=schema.typed)
    if not isinstance(data, dict):
        data = data_file.read_valid_file(schema, path, tree.contents[path])
    value = data.get(key)
    return value if isinstance(value, str) else None


def _build_change(tree: Tree, values_by_folder: Mapping[str, Mapping[str, str | None]]) -> ScheduleChange:
    files: Files = {}
    descriptions, moved = [], []
    for folder, values in values_by_folder.items():
        before = {key: read_text_value(tree, folder, key) for key in values}
        new = {key: value for key, value in values.items() if value != before[key]}
        path = SessionPath(folder).file
        if new:
            files[path] = yaml_edit.update_yaml_values(path, tree.contents[path], new)
            changes = [_describe_value_change(key, before[key], value) for key, value in new.items()]
            descriptions.append(f"{path}: {', '.join(changes)}")
            moved += [folder] if new.keys() & {*SCHEDULE_KEYS} else []
    return ScheduleChange(files, descriptions, _check_changed_files(tree, files, moved))


def _describe_value_change(key: str, before: str | None, after: str | None) -> str:
    if after is None:
        return f"no {key} any more (was {before})"
    return f"{key} {after}" + (f" (was {before})" if before else "")


def _check_changed_files(tree: Tree, files: Files, folders: Sequence[str]) -> list[Diagnostic]:
    """Return warnings about the sessions' new dates; raise Invalid if a changed file would be wrong.

    Existing problems of other files do not prevent the change.
    """
    try:
        changed = catalogue.read_catalogue(replace(tree, contents={**tree.contents, **files}))
    except Invalid as invalid:
        if problems := [problem for problem in invalid.problems if problem.file in files]:
            raise Invalid(problems) from None
        return []
    return [
        Diagnostic(Location(SessionPath(folder).file), Code.SESSION_REVIEW, sentence)
        for folder in folders
        for sentence in review.check_session_date(changed, folder)
    ]
