"""The format of announced.yml, in which a group keeps what was announced of each session: docs/announced.md.

A later release may add keys; they are kept. It raises the version only if an earlier one could no longer read the file.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from operator import gt
from typing import Any, NamedTuple
from uuid import UUID

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.models import Status
from readingroom.core.tree import ANNOUNCED_PATH, Tree
from readingroom.store import generated
from readingroom.store.addresses import ADDRESS, AddressBook
from readingroom.store.catalogue import is_folder_name
from readingroom.store.schema import SchemaName, format_key_path, load_schema

VERSION = 1
MAX_DEPTH = 32


class SessionRevision(NamedTuple):
    """What was last announced of a session.

    ``announced`` and ``modified`` are moments in UTC such as 2024-01-15T00:00:00Z. ``start`` is local, with or without
    a time, and ``before`` is the start before the session was last moved; ``duration`` is in minutes, 0 without a time.
    ``sequence`` counts how often start, duration, status or room changed; ``rest`` is a digest of all else that readers
    see, and ``digests`` are short ones of its parts. ``changed`` names what changed when it was last modified.

    ``withdrawn`` is the start that its event had when calendars last showed it, if they should show it no longer, and
    ``end`` its end, in ``zone`` if not in the group's. ``addresses`` are earlier names of the folder, oldest first, and
    ``uid`` is the name by which its event and its entry in feeds are known, if not by the folder's.
    """

    announced: str
    modified: str
    start: str
    rest: str
    sequence: int = 0
    duration: int = 0
    status: str = Status.CONFIRMED.value
    room: str = ""
    before: str = ""
    zone: str = ""
    end: str = ""
    withdrawn: str = ""
    digests: str = ""
    changed: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    uid: str = ""

    @property
    def is_event(self) -> bool:
        """Whether calendars show it: it has a date, is no free slot, and was not withdrawn."""
        return bool(self.start) and self.status not in {Status.OPEN, Status.SHELF} and not self.withdrawn

    def announce_change(self, moment: str, *names: str, is_event_changed: bool) -> "SessionRevision":
        """Return the revision once changes with these names are announced, on top of those that nobody has seen yet."""
        is_unseen = self.announced < self.modified and moment <= self.modified
        return self._replace(
            modified=max(moment, _add_second(self.modified)),
            sequence=min(self.sequence + is_event_changed, MAX_SEQUENCE),
            changed=tuple(dict.fromkeys((*(self.changed if is_unseen else ()), *names))),
        )

    @property
    def is_moved(self) -> bool:
        """Whether it was announced with another start before."""
        return bool(self.before and self.start and self.before != self.start)


@dataclass(frozen=True, slots=True)
class RevisionLog:
    """The revision of each folder in the time zone ``zone``; ``id`` stands for the group, whatever it is called.

    ``kinds`` and ``people`` are the addresses of their files on the site.
    ``extras`` are the keys of the file that this release does not use, ``session_extras`` those of each folder's line.
    """

    id: str = ""
    zone: str = ""
    revisions: Mapping[str, SessionRevision] = field(default_factory=dict)
    kinds: AddressBook = field(default_factory=AddressBook)
    people: AddressBook = field(default_factory=AddressBook)
    extras: Mapping[str, Any] = field(default_factory=dict)
    session_extras: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_revisions(tree: Tree) -> RevisionLog:
    """Return the revisions of announced.yml, none without the file.

    Raises Invalid if the file is of a later version or not valid.
    """
    if ANNOUNCED_PATH not in tree.contents:
        return RevisionLog()
    content = tree.contents[ANNOUNCED_PATH]
    if conflict := re.search(rb"^<{7} ", content, re.MULTILINE):
        location = Location(ANNOUNCED_PATH, content.count(b"\n", 0, conflict.start()) + 1)
        message = "holds the markers of a merge conflict."
        raise Invalid([Diagnostic(location, Code.FILE_MERGE_CONFLICT, message, _CONFLICT_HINT)])
    data = _parse_content(content)
    _check_version(data, content)
    if b"\\u" in content and not _is_storable(data):  # the file that is written has no escapes
        raise Invalid(_describe_unstorable(data, content))
    try:
        return _build_revision_log(data)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Invalid(_describe_errors(data, content)) from None


def _parse_content(content: bytes) -> Any:
    banner, line_end, body = content.partition(b"\n")
    if not line_end or not banner.startswith(b"#"):
        raise Invalid([_build_diagnostic(1, "has no first line that says what made it.")])
    try:
        return json.loads(body.decode())
    except json.JSONDecodeError as error:
        raise Invalid([_build_diagnostic(error.lineno + 1, f"is not valid JSON ({error.msg}).")]) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, len(banner) + 1 + error.start) + 1
        raise Invalid([_build_diagnostic(line, "is not valid UTF-8.")]) from None
    except (ValueError, RecursionError):
        raise Invalid([_build_diagnostic(0, "holds lists or numbers without end.")]) from None


def _build_diagnostic(line: int, message: str, key: str = "") -> Diagnostic:
    return Diagnostic(Location(ANNOUNCED_PATH, line, key=key), Code.ANNOUNCED_INVALID, message, _RESTORE_HINT)


_CONFLICT_HINT = (
    "Take either side whole, such as that of the main branch, and run readingroom "
    "build: git checkout --ours sessions/announced.yml takes the one you merge into, --theirs the other."
)
_RESTORE_HINT = (
    "Restore its last version: git log sessions/announced.yml lists all. "
    "Only if there is none, remove it: calendars then take every session for a new one."
)


def _check_version(data: Any, content: bytes) -> None:
    version = data.get("version") if isinstance(data, dict) else None
    if type(version) is int and version > VERSION:
        location = Location(ANNOUNCED_PATH, _find_line(content, ("version",)), key="version")
        message = (
            f"found {version}, the version of a later release. This one reads {VERSION}, and leaves the file as it is."
        )
        raise Invalid([Diagnostic(location, Code.ANNOUNCED_NEWER, message, _UPGRADE_HINT)])


_UPGRADE_HINT = (
    "Use the release that wrote the file, or a later one: on your computer and in the workflow. "
    "git log sessions/announced.yml says who committed it."
)


def _build_revision_log(data: Mapping[str, Any]) -> RevisionLog:
    """Return the log; raise ValueError, TypeError, KeyError or AttributeError for one that is not valid."""
    records = data["sessions"]
    if not all(map(is_folder_name, records)):
        raise ValueError
    session_extras = {
        folder: {key: record[key] for key in record if key not in _DEFAULTS}
        for folder, record in records.items()
        if record.keys() - _DEFAULTS.keys()
    }
    revisions = {folder: _build_revision(record, session_extras.get(folder, {})) for folder, record in records.items()}
    if revisions:
        _validate_columns(*map(list, zip(*revisions.values(), strict=True)))
    version = data.get("version", VERSION)
    if not isinstance(data["zone"], str) or type(version) is not int or version != VERSION:
        raise TypeError
    extras = {key: data[key] for key in data if key not in _TOP_KEYS}
    if (extras or session_extras) and not (_is_storable(data) and load_schema(SchemaName.ANNOUNCED).is_valid(data)):
        raise ValueError
    kinds, people = (_build_address_book(data.get(key, {})) for key in ("kinds", "people"))
    return RevisionLog(str(UUID(data["id"])), data["zone"], revisions, kinds, people, extras, session_extras)


def _build_address_book(data: Mapping[str, Any]) -> AddressBook:
    """Return the addresses; raise ValueError or TypeError for one that is no name of a file, or for other owners."""
    owners = {address: tuple(keys) for address, keys in data.items() if isinstance(keys, list)}
    if len(owners) < len(data) or not all(map(ADDRESS.fullmatch, owners)):
        raise ValueError
    if any(not keys or {*map(type, keys)} != {str} for keys in owners.values()):
        raise TypeError
    return AddressBook(owners)


def _is_storable(value: Any, depth: int = 0) -> bool:
    """Return whether a value is text that UTF-8 has, and not nested so deep that a recursive parser would crash."""
    if isinstance(value, str):
        return not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, dict):
        return depth < MAX_DEPTH and all(_is_storable(each, depth + 1) for pair in value.items() for each in pair)
    if isinstance(value, list):
        return depth < MAX_DEPTH and all(_is_storable(each, depth + 1) for each in value)
    return True


def _build_revision(record: Mapping[str, Any], extras: Mapping[str, Any]) -> SessionRevision:
    known = {key: value for key, value in record.items() if key not in extras} if extras else record
    for key in _LISTS & known.keys():
        known = {**known, key: _read_names(known[key])}
    return SessionRevision(**{"modified": record["announced"], **known})


def _read_names(names: Any) -> tuple[str, ...]:
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise TypeError
    return tuple(names)


_LISTS = frozenset({"changed", "addresses"})
_TOP_KEYS = frozenset({"version", "id", "zone", "kinds", "people", "sessions"})
_DEFAULTS: Mapping[str, Any] = {**dict.fromkeys(SessionRevision._fields), **SessionRevision._field_defaults}


def _validate_columns(*columns: list[Any]) -> None:
    """Raise ValueError or TypeError if a value is out of range: by columns, which hold few different values.

    The schema says the same; it describes errors, and takes ten times as long.
    """
    if any({*map(type, column)} != {kind} for column, kind in zip(columns, _FIELD_TYPES, strict=True)):
        raise TypeError
    values = dict(zip(SessionRevision._fields, columns, strict=True))
    for key, most in (("sequence", MAX_SEQUENCE), ("duration", _MINUTES_PER_DAY)):
        if min(values[key]) < 0 or max(values[key]) > most:
            raise ValueError
    if not all(map(_UID.fullmatch, {*values["uid"]} - {""})):
        raise ValueError
    if not {*values["status"]} <= _STATUSES or any(map(gt, values["announced"], values["modified"])):
        raise ValueError
    for moment in {*values["announced"], *values["modified"]}:
        if not _is_moment(moment):
            raise ValueError
    for start in {*chain.from_iterable(values[key] for key in _STARTS)} - {""}:
        dt.datetime.fromisoformat(start)


_FIELD_TYPES = tuple(tuple if key in _LISTS else kind for key, kind in SessionRevision.__annotations__.items())
_STATUSES = frozenset(map(str, Status))
_UID = re.compile("[A-Za-z0-9-]{1,100}")
MAX_SEQUENCE = 2**31 - 2  # RFC 5545, 3.3.8
FIRST_MOMENT, LAST_MOMENT = "1970-01-01T00:00:00Z", "9998-12-31T23:59:59Z"
_MINUTES_PER_DAY = 1440


def _is_moment(text: str) -> bool:
    """Return whether a text is a moment of the file; raise ValueError for one that is not even a date."""
    return FIRST_MOMENT <= text <= LAST_MOMENT and format_timestamp(dt.datetime.fromisoformat(text)) == text


def format_timestamp(moment: dt.datetime) -> str:
    """Return a moment in UTC as the file has it, such as 2024-01-15T00:00:00Z."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _add_second(moment: str) -> str:
    return min(format_timestamp(dt.datetime.fromisoformat(moment) + dt.timedelta(seconds=1)), LAST_MOMENT)


def _describe_errors(data: Any, content: bytes) -> list[Diagnostic]:
    """Return every error of data that is not valid, each with its line and key."""
    errors = load_schema(SchemaName.ANNOUNCED).check_data(ANNOUNCED_PATH, data, partial(_find_line, content))
    found = [_build_diagnostic(each.line, each.message, each.key) for each in errors] or [
        _build_diagnostic(_find_line(content, path), message, format_key_path(path))
        for path, message in _iter_moment_errors(data["sessions"])
    ]
    return found or _describe_unstorable(data, content)


def _describe_unstorable(data: Any, content: bytes) -> list[Diagnostic]:
    """Return the sessions and keys whose values cannot be written again, or that the file is wrong somewhere."""
    records = data.get("sessions") if isinstance(data, dict) else None
    items = records.items() if isinstance(records, dict) else ()
    found = [("sessions", folder) for folder, record in items if not _is_storable({folder: record})]
    return [
        _build_diagnostic(_find_line(content, path), _UNSTORABLE, format_key_path(path))
        for path in (each if _is_storable(each[1]) else each[:1] for each in found)
    ] or [_build_diagnostic(0, _UNSTORABLE)]


_UNSTORABLE = (
    "is not as readingroom wrote it: text that UTF-8 lacks, lists nested too deep, or numbers of another type."
)


_STARTS = ("start", "before", "end", "withdrawn")


def _iter_moment_errors(records: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the key and the error of days that do not exist, and of changes before the session was announced."""
    for folder, record in records.items():
        moments = [key for key in ("announced", "modified", *_STARTS) if record.get(key)]
        for key in moments:
            try:
                is_right = key in _STARTS or _is_moment(record[key])
                dt.datetime.fromisoformat(record[key])
            except ValueError:
                is_right = False
            if not is_right:
                yield ("sessions", folder, key), f"found {json.dumps(record[key])}. There is no such day."
        if record.get("modified", record["announced"]) < record["announced"]:
            yield ("sessions", folder, "modified"), "is earlier than announced."


def _find_line(content: bytes, path: Sequence[str | int]) -> int:
    """Return the line of a session, or of a key at the top, counted from 1; by default the first after the banner."""
    keys = [key for key in path if key != "sessions"][:1] or ["sessions"]
    quoted = f"{json.dumps(keys[0], ensure_ascii=False)}:".encode("utf-8", "replace")
    lines = content.split(b"\n")
    return next((number for number, line in enumerate(lines, 1) if number > 1 and quoted in line), 2)


def render_revisions(log: RevisionLog) -> bytes:
    """Return announced.yml: a line for each folder, in JSON, which is YAML too and ten times as quick to read."""
    dump = partial(json.dumps, ensure_ascii=False)
    lines = ",\n".join(
        f"{dump(folder)}: {dump({**dict(_iter_stored_fields(revision)), **log.session_extras.get(folder, {})})}"
        for folder, revision in sorted(log.revisions.items())
    )
    top = dump({"version": VERSION, "id": log.id, "zone": log.zone, **log.extras})
    books = [
        f',\n"{key}": {{\n'
        + ",\n".join(f"{dump(address)}: {dump(keys)}" for address, keys in book.owners.items())
        + "\n}"
        for key, book in (("kinds", log.kinds), ("people", log.people))
        if book.owners
    ]
    text = f'{top[:-1]}, "sessions": {{\n{lines}\n}}{"".join(books)}}}'
    return generated.add_yaml_banner(text, "every session.yml", "file")


def _iter_stored_fields(revision: SessionRevision) -> Iterator[tuple[str, Any]]:
    """Yield the fields that differ from their defaults: 10,000 sessions then take less than two megabytes."""
    defaults = {**SessionRevision._field_defaults, "modified": revision.announced}
    return ((key, value) for key, value in revision._asdict().items() if key not in defaults or value != defaults[key])


def strip_timestamps(content: bytes) -> bytes:
    """Return announced.yml without what depends on the day on which it was made."""
    return re.sub(rb'"(?:announced|modified)": "[0-9TZ:-]{20}"', b"", content.partition(b"\n")[2])
