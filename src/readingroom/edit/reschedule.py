"""Sessions moved, cancelled, postponed and swapped: their files changed in place."""

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
from readingroom.store import catalogue, review, yaml_codec
from readingroom.text.excerpt import shorten_text
from readingroom.text.matching import suggest_word

# What belongs to the place in the programme, not to what is talked about there.
SLOT_KEYS = ("date", "time", "room")
_NOT_TAKING_PLACE = frozenset({Status.CANCELLED, Status.POSTPONED, Status.PROPOSED})


@dataclass(frozen=True, slots=True)
class ScheduleChange:
    """The files that a change makes, what it does to each session in words, and what an organiser should know then."""

    files: Files
    told: list[str]
    findings: list[Diagnostic]


def move_session(tree: Tree, word: str, date: dt.date, slot: Mapping[str, str]) -> ScheduleChange:
    """Return a session on another date; ``slot`` may hold another time and room, or an empty text to take one out.

    A session that was cancelled, postponed or proposed takes place again. Raises Invalid, as all here do, for a
    session that is not there, for a file that cannot be changed in place, and where the change would be wrong.
    """
    folder = resolve_session_folder(tree, word)
    values: dict[str, str | None] = {"date": str(date), **{key: value or None for key, value in slot.items()}}
    if typed := slot.get("time"):
        values["time"] = _parse_start(folder, typed)
    if _read_text_value(tree, folder, "status") in _NOT_TAKING_PLACE:
        values["status"] = None
    return _build_change(tree, {folder: values})


def _parse_start(folder: str, typed: str) -> str:
    try:
        start, length = times.parse_time_range(typed)
    except ValueError as error:
        raise _refuse_change(folder, str(error), "", "time") from None
    if length is not None:
        hint = "Give the start alone, such as 14:00. How long it takes stands in its file, as duration in minutes."
        raise _refuse_change(folder, f'found "{shorten_text(typed)}".', hint, "time")
    return start


def _refuse_change(folder: str, message: str, hint: str, key: str = "") -> Invalid:
    location = Location(SessionPath(folder).file, key=key)
    return Invalid([Diagnostic(location, Code.SESSION_CHANGE_REFUSED, message, hint)])


def cancel_session(tree: Tree, word: str) -> ScheduleChange:
    return _build_change(tree, {resolve_session_folder(tree, word): {"status": Status.CANCELLED.value}})


def postpone_session(tree: Tree, word: str, *, keeps_date: bool) -> ScheduleChange:
    """Return a session that looks for another date; it may keep the old one, for readers who have noted it."""
    values: dict[str, str | None] = {"status": Status.POSTPONED.value}
    return _build_change(tree, {resolve_session_folder(tree, word): values if keeps_date else {**values, "date": None}})


def swap_sessions(tree: Tree, one: str, other: str, *, keeps_rooms: bool) -> ScheduleChange:
    """Return two sessions, each on the date, at the time and in the room of the other."""
    folders = resolve_session_folder(tree, one), resolve_session_folder(tree, other)
    if folders[0] == folders[1]:
        raise _refuse_change(folders[0], "is named twice.", "Name two sessions.")
    for folder in folders:
        if not _read_text_value(tree, folder, "date"):
            raise _refuse_change(folder, "has no date to swap.", "Use readingroom move.")
    keys = SLOT_KEYS[:2] if keeps_rooms else SLOT_KEYS
    slots = [{key: _read_text_value(tree, folder, key) for key in keys} for folder in folders]
    return _build_change(tree, dict(zip(folders, reversed(slots), strict=True)))


def resolve_session_folder(tree: Tree, word: str) -> str:
    """Return the folder of the session that a word names: by its folder's name, or how that starts, or its number."""
    folders = tree.list_session_folders()
    name = word.replace("\\", "/").removeprefix("./").removeprefix(f"{SESSIONS}/").removesuffix(SESSION_FILE).strip("/")
    if name in folders:
        return name
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 10 else None
    fitting = [each for each in folders if number is not None and parse_folder_number(each) == number]
    fitting = fitting or [each for each in folders if name and each.casefold().startswith(name.casefold())]
    if len(fitting) == 1:
        return fitting[0]
    message = f'found "{shorten_text(word)}".'
    hint = _suggest_session(name, fitting, folders)
    raise Invalid([Diagnostic(Location(SESSIONS), Code.SESSION_NOT_FOUND, message, hint)])


def _suggest_session(name: str, fitting: Sequence[str], folders: Sequence[str]) -> str:
    if fitting:
        return f"That may be {' or '.join(fitting[:5])}. Give the whole name."
    hint = suggest_word(name, folders, "Expected: a folder's name, or its number.")
    return f"There is no such session. {hint}"


def _read_text_value(tree: Tree, folder: str, key: str) -> str | None:
    path = SessionPath(folder).file
    data = yaml_codec.read_yaml(path, tree.contents[path]) or {}
    value = data.get(key)
    return value if isinstance(value, str) else None


def _build_change(tree: Tree, wanted: Mapping[str, Mapping[str, str | None]]) -> ScheduleChange:
    files: Files = {}
    told, on_new_dates = [], []
    for folder, values in wanted.items():
        before = {key: _read_text_value(tree, folder, key) for key in values}
        new = {key: value for key, value in values.items() if value != before[key]}
        path = SessionPath(folder).file
        if new:
            files[path] = yaml_edit.update_yaml_values(path, tree.contents[path], new)
            told.append(
                f"{path}: {', '.join(_describe_value_change(key, before[key], value) for key, value in new.items())}"
            )
            on_new_dates += [folder] if new.keys() & {*SLOT_KEYS} else []
    return ScheduleChange(files, told, _check_changed_files(tree, files, on_new_dates))


def _describe_value_change(key: str, before: str | None, after: str | None) -> str:
    if after is None:
        return f"no {key} any more (was {before})"
    return f"{key} {after}" + (f" (was {before})" if before else "")


def _check_changed_files(tree: Tree, files: Files, folders: Sequence[str]) -> list[Diagnostic]:
    """Return what an organiser should know of the sessions' new dates; raise Invalid if a changed file would be wrong.

    Problems that other files have already do not stand in the way.
    """
    whole = replace(tree, contents={**tree.contents, **files})
    try:
        known = catalogue.read_catalogue(whole)
    except Invalid as invalid:
        if problems := [each for each in invalid.problems if each.file in files]:
            raise Invalid(problems) from None
        return []
    return [
        Diagnostic(Location(SessionPath(folder).file), Code.SESSION_REVIEW, each)
        for folder in folders
        for each in review.check_session_date(known, folder)
    ]
