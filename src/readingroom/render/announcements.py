"""What readers have been told of each session: calendars and feeds need to know what changed since, and when.

It is kept in a generated file, so that the same files give the same calendar on any day and on any machine.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from operator import gt
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.models import Group, Session, Status
from readingroom.core.tree import ANNOUNCED_PATH, Tree
from readingroom.store import generated
from readingroom.store.catalogue import Catalogue
from readingroom.text.escape import normalize_line


class SessionRevision(NamedTuple):
    """What was last told of a session; ``announced`` and ``modified`` are moments in UTC such as 2024-01-15T00:00:00Z.

    ``start`` is local, with or without a time, and ``before`` is where it was before it was last moved; ``duration`` is
    in minutes, 0 without a time. ``sequence`` counts how often start, duration, status or room changed; ``rest`` stands
    for all else that readers see.
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

    @property
    def is_moved(self) -> bool:
        """Whether it has another start than one that was told before."""
        return bool(self.before and self.start and self.before != self.start)


@dataclass(frozen=True, slots=True)
class RevisionLog:
    """What was told of each folder in the time zone ``zone``; ``id`` stands for the group whatever it is called."""

    id: str = ""
    zone: str = ""
    told: Mapping[str, SessionRevision] = field(default_factory=dict)


def read_revisions(tree: Tree) -> RevisionLog:
    """Return what the file tells, nothing if there is none; raise Invalid if it is not as ``written`` writes it."""
    if ANNOUNCED_PATH not in tree.contents:
        return RevisionLog()
    content = tree.contents[ANNOUNCED_PATH]
    if conflict := _CONFLICT.search(content):
        location = Location(ANNOUNCED_PATH, content.count(b"\n", 0, conflict.start()) + 1)
        message = "holds the markers of a merge conflict."
        raise Invalid([Diagnostic(location, Code.FILE_MERGE_CONFLICT, message, _CONFLICT_HINT)])
    head, line, body = content.partition(b"\n")
    try:
        return _build_revision_log(json.loads(body.decode() if line and head.startswith(b"#") else b"{}"))
    except json.JSONDecodeError as error:
        raise _refuse_content(error.lineno + 1) from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _refuse_content(0) from None


def _refuse_content(line: int) -> Invalid:
    message = "is not as readingroom wrote it."
    return Invalid([Diagnostic(Location(ANNOUNCED_PATH, line), Code.ANNOUNCED_INVALID, message, _RESTORE_HINT)])


_CONFLICT = re.compile(rb"^<{7} ", re.MULTILINE)
_CONFLICT_HINT = (
    "Take either side whole, such as that of the main branch, and run readingroom "
    "build: git checkout --ours sessions/announced.yml takes the one you merge into, --theirs the other."
)
_RESTORE_HINT = (
    "Restore its last version: git log sessions/announced.yml lists all. "
    "Only if there is none, remove it: calendars then take every session for a new one."
)


def _build_revision_log(data: Mapping[str, Any]) -> RevisionLog:
    told = {folder: _build_revision(about) for folder, about in data["sessions"].items()}
    if told:
        _validate_columns(*map(list, zip(*told.values(), strict=True)))
    if not isinstance(data["zone"], str):
        raise TypeError
    return RevisionLog(str(UUID(data["id"])), data["zone"], told)


def _build_revision(about: Mapping[str, Any]) -> SessionRevision:
    return SessionRevision(**about) if "modified" in about else SessionRevision(**about, modified=about["announced"])


def _validate_columns(*columns: list[Any]) -> None:
    """Raise ValueError or TypeError if the values of all lines are none of ours: by columns, which hold few values."""
    if any({*map(type, column)} != {kind} for column, kind in zip(columns, _FIELD_TYPES, strict=True)):
        raise TypeError
    of = dict(zip(SessionRevision._fields, columns, strict=True))
    for key, most in (("sequence", _MAX_SEQUENCE), ("duration", _MINUTES_PER_DAY)):
        if min(of[key]) < 0 or max(of[key]) > most:
            raise ValueError
    if not {*of["status"]} <= _STATUSES or any(map(gt, of["announced"], of["modified"])):
        raise ValueError
    for moment in {*of["announced"], *of["modified"]}:
        if not _FIRST <= moment <= _LAST or _format_timestamp(dt.datetime.fromisoformat(moment)) != moment:
            raise ValueError
    for start in {*of["start"], *of["before"]} - {""}:
        dt.datetime.fromisoformat(start)


_FIELD_TYPES = tuple(SessionRevision.__annotations__.values())
_STATUSES = frozenset(map(str, Status))
_MAX_SEQUENCE = 2**31 - 2  # RFC 5545, 3.3.8
_FIRST, _LAST = "1970-01-01T00:00:00Z", "9998-12-31T23:59:59Z"
_MINUTES_PER_DAY = 1440


def _format_timestamp(moment: dt.datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def update_revisions(before: RevisionLog, catalogue: Catalogue, today: dt.date) -> RevisionLog:
    """Return what readers have been told once they know the catalogue as it is today.

    A line is never lost, and a moment never goes back: what was told cannot be untold.
    """
    group = catalogue.group
    moment = _compute_day_start(today, group.time_zone)
    is_shifted = partial(_has_utc_offset_changed, before.zone or group.time_zone, group.time_zone)
    told = dict(before.told)
    for each in catalogue.sessions:
        old = told.get(each.folder)
        if each.status != Status.SHELF and (each.date or old):
            told[each.folder] = _update_revision(each, old, moment, is_shifted)
    return RevisionLog(before.id or _compute_group_id(group), group.time_zone, told)


def _compute_day_start(today: dt.date, zone: str) -> str:
    """Return when a day begins in a time zone, or the first or last moment that ``read`` takes."""
    try:
        moment = _format_timestamp(dt.datetime.combine(today, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC))
    except OverflowError:
        moment = _FIRST if today.year == dt.MINYEAR else _LAST
    return min(max(moment, _FIRST), _LAST)


def _add_second(moment: str) -> str:
    return min(_format_timestamp(dt.datetime.fromisoformat(moment) + dt.timedelta(seconds=1)), _LAST)


def _has_utc_offset_changed(old: str, new: str, start: str) -> bool:
    """Tell whether a local time is another moment in another time zone: one clock may have several names."""
    if old == new or "T" not in start:
        return False
    try:
        zones = ZoneInfo(old), ZoneInfo(new)
    except (KeyError, OSError, ValueError):  # what a file says may be anything
        return True
    local = dt.datetime.fromisoformat(start)
    one, other = (local.replace(tzinfo=zone).utcoffset() for zone in zones)
    return one != other


def _compute_group_id(group: Group) -> str:
    return str(uuid5(NAMESPACE_URL, f"{group.repository}\n{group.name}"))


def _update_revision(
    session: Session, old: SessionRevision | None, moment: str, is_shifted: Callable[[str], bool]
) -> SessionRevision:
    new = _build_first_revision(session, moment)
    if old is None:
        return new
    slot = ("start", "duration", "status", "room")
    is_moved = any(getattr(new, key) != getattr(old, key) for key in slot) or is_shifted(new.start)
    if not is_moved and new.rest == old.rest:
        return old
    # A time that is told after the day moves nothing.
    is_same = not old.start or new.start == old.start or new.start.startswith(f"{old.start}T")
    return new._replace(
        announced=old.announced,
        modified=max(moment, _add_second(old.modified)),
        sequence=min(old.sequence + is_moved, _MAX_SEQUENCE),
        before=old.before if is_same else old.start,
    )


def _build_first_revision(session: Session, moment: str) -> SessionRevision:
    """Return what a session tells that nothing was told of yet."""
    start, duration = f"{session.date or ''}", 0
    if start and session.time:
        start, duration = f"{start}T{session.time}", session.duration
    room = normalize_line(session.room)
    room = room if room.isprintable() else "".join(filter(str.isprintable, room))
    return SessionRevision(
        moment, moment, start, _compute_content_digest(session), 0, duration, str(session.status), room
    )


# A file's size is left out: it differs where Git gives a checkout other line ends.
_DIGESTED_FIELDS = ("title", "kind", "leads", "abstract", "material", "continues")


_encode_json = json.JSONEncoder(check_circular=False).encode


def _compute_content_digest(session: Session) -> str:
    shown = [getattr(session, key) for key in _DIGESTED_FIELDS] + [[each[:3] for each in session.resources]]
    return blake2b(_encode_json(shown).encode(), digest_size=6).hexdigest()


def render_revisions(announcements: RevisionLog) -> bytes:
    """Return the file: a line for each folder, in JSON, which is YAML too and ten times as quick to read."""
    dump = partial(json.dumps, ensure_ascii=False)
    lines = ",\n".join(
        f"{dump(folder)}: {dump(dict(_iter_stored_fields(told)))}"
        for folder, told in sorted(announcements.told.items())
    )
    head = f'{{"id": {dump(announcements.id)}, "zone": {dump(announcements.zone)}, "sessions": {{'
    return generated.add_yaml_banner(f"{head}\n{lines}\n}}}}", "every session.yml", "file")


def _iter_stored_fields(told: SessionRevision) -> Iterator[tuple[str, Any]]:
    """Yield what a line says; what goes without saying keeps 10,000 of them below two megabytes."""
    usual = {**SessionRevision._field_defaults, "modified": told.announced}
    return ((key, value) for key, value in told._asdict().items() if key not in usual or value != usual[key])


def matches_revisions(found: RevisionLog, wanted: RevisionLog) -> bool:
    """Tell whether what was found may be what is wanted, made on the same day or on an earlier one."""
    if (found.id, found.zone, found.told.keys()) != (wanted.id, wanted.zone, wanted.told.keys()):
        return False
    return all(_matches_revision(told, wanted.told[folder]) for folder, told in found.told.items())


def _matches_revision(found: SessionRevision, wanted: SessionRevision) -> bool:
    is_earlier = found.announced <= wanted.announced and found.modified <= wanted.modified
    return is_earlier and found == wanted._replace(announced=found.announced, modified=found.modified)


def strip_timestamps(content: bytes) -> bytes:
    """Return a file without what depends on the day on which it was made."""
    return _TIMESTAMPS.sub(b"", content.partition(b"\n")[2])


_TIMESTAMPS = re.compile(rb'"(?:announced|modified)": "[0-9TZ:-]{20}"')
