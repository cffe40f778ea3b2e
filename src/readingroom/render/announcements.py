"""What was announced of each session: calendars and feeds need to know what has changed since, and when.

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
from readingroom.core.models import Session, Status
from readingroom.core.tree import ANNOUNCED_PATH, Tree
from readingroom.store import generated
from readingroom.store.catalogue import Catalogue
from readingroom.text.escape import normalize_line


class SessionRevision(NamedTuple):
    """What was last announced of a session.

    ``announced`` and ``modified`` are moments in UTC such as 2024-01-15T00:00:00Z. ``start`` is local, with or without
    a time, and ``before`` is the start before the session was last moved; ``duration`` is in minutes, 0 without a time.
    ``sequence`` counts how often start, duration, status or room changed; ``rest`` is a digest of all else that readers
    see.
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
        """Whether it was announced with another start before."""
        return bool(self.before and self.start and self.before != self.start)


@dataclass(frozen=True, slots=True)
class RevisionLog:
    """The revision of each folder in the time zone ``zone``; ``id`` stands for the group, whatever it is called."""

    id: str = ""
    zone: str = ""
    revisions: Mapping[str, SessionRevision] = field(default_factory=dict)


def read_revisions(tree: Tree) -> RevisionLog:
    """Return the revisions of announced.yml, none without the file.

    Raises Invalid if the file is not as ``render_revisions`` writes it.
    """
    if ANNOUNCED_PATH not in tree.contents:
        return RevisionLog()
    content = tree.contents[ANNOUNCED_PATH]
    if conflict := re.search(rb"^<{7} ", content, re.MULTILINE):
        location = Location(ANNOUNCED_PATH, content.count(b"\n", 0, conflict.start()) + 1)
        message = "holds the markers of a merge conflict."
        raise Invalid([Diagnostic(location, Code.FILE_MERGE_CONFLICT, message, _CONFLICT_HINT)])
    banner, line_end, body = content.partition(b"\n")
    try:
        return _build_revision_log(json.loads(body.decode() if line_end and banner.startswith(b"#") else b"{}"))
    except json.JSONDecodeError as error:
        raise _refuse_content(error.lineno + 1) from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _refuse_content(0) from None


def _refuse_content(line: int) -> Invalid:
    message = "is not as readingroom wrote it."
    return Invalid([Diagnostic(Location(ANNOUNCED_PATH, line), Code.ANNOUNCED_INVALID, message, _RESTORE_HINT)])


_CONFLICT_HINT = (
    "Take either side whole, such as that of the main branch, and run readingroom "
    "build: git checkout --ours sessions/announced.yml takes the one you merge into, --theirs the other."
)
_RESTORE_HINT = (
    "Restore its last version: git log sessions/announced.yml lists all. "
    "Only if there is none, remove it: calendars then take every session for a new one."
)


def _build_revision_log(data: Mapping[str, Any]) -> RevisionLog:
    revisions = {
        folder: SessionRevision(**{"modified": values["announced"], **values})
        for folder, values in data["sessions"].items()
    }
    if revisions:
        _validate_columns(*map(list, zip(*revisions.values(), strict=True)))
    if not isinstance(data["zone"], str):
        raise TypeError
    return RevisionLog(str(UUID(data["id"])), data["zone"], revisions)


def _validate_columns(*columns: list[Any]) -> None:
    """Raise ValueError or TypeError if a value is out of range: by columns, which hold few different values."""
    if any({*map(type, column)} != {kind} for column, kind in zip(columns, _FIELD_TYPES, strict=True)):
        raise TypeError
    values = dict(zip(SessionRevision._fields, columns, strict=True))
    for key, most in (("sequence", _MAX_SEQUENCE), ("duration", _MINUTES_PER_DAY)):
        if min(values[key]) < 0 or max(values[key]) > most:
            raise ValueError
    if not {*values["status"]} <= _STATUSES or any(map(gt, values["announced"], values["modified"])):
        raise ValueError
    for moment in {*values["announced"], *values["modified"]}:
        if not _FIRST <= moment <= _LAST or _format_timestamp(dt.datetime.fromisoformat(moment)) != moment:
            raise ValueError
    for start in {*values["start"], *values["before"]} - {""}:
        dt.datetime.fromisoformat(start)


_FIELD_TYPES = tuple(SessionRevision.__annotations__.values())
_STATUSES = frozenset(map(str, Status))
_MAX_SEQUENCE = 2**31 - 2  # RFC 5545, 3.3.8
_FIRST, _LAST = "1970-01-01T00:00:00Z", "9998-12-31T23:59:59Z"
_MINUTES_PER_DAY = 1440


def _format_timestamp(moment: dt.datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def update_revisions(before: RevisionLog, catalogue: Catalogue, today: dt.date) -> RevisionLog:
    """Return the revisions once the catalogue is announced as it is today.

    No revision is ever lost, and no moment goes back: what was announced stays so.
    """
    group = catalogue.group
    moment = _compute_day_start(today, group.time_zone)
    is_shifted = partial(_has_utc_offset_changed, before.zone or group.time_zone, group.time_zone)
    revisions = dict(before.revisions)
    for session in catalogue.sessions:
        old = revisions.get(session.folder)
        if session.status != Status.SHELF and (session.date or old):
            revisions[session.folder] = _update_revision(session, old, moment, is_shifted)
    group_id = before.id or str(uuid5(NAMESPACE_URL, f"{group.repository}\n{group.name}"))
    return RevisionLog(group_id, group.time_zone, revisions)


def _compute_day_start(today: dt.date, zone: str) -> str:
    """Return when a day begins in a time zone, or the first or last moment that ``read_revisions`` accepts."""
    try:
        moment = _format_timestamp(dt.datetime.combine(today, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC))
    except OverflowError:
        moment = _FIRST if today.year == dt.MINYEAR else _LAST
    return min(max(moment, _FIRST), _LAST)


def _add_second(moment: str) -> str:
    return min(_format_timestamp(dt.datetime.fromisoformat(moment) + dt.timedelta(seconds=1)), _LAST)


def _has_utc_offset_changed(old: str, new: str, start: str) -> bool:
    """Return whether a local time is another moment in another time zone: one clock may have several names."""
    if old == new or "T" not in start:
        return False
    try:
        zones = ZoneInfo(old), ZoneInfo(new)
    except (KeyError, OSError, ValueError):  # the file may name anything
        return True
    local = dt.datetime.fromisoformat(start)
    return len({local.replace(tzinfo=zone).utcoffset() for zone in zones}) > 1


def _update_revision(
    session: Session, old: SessionRevision | None, moment: str, is_shifted: Callable[[str], bool]
) -> SessionRevision:
    new = _build_first_revision(session, moment)
    if old is None:
        return new
    slot = ("start", "duration", "status", "room")
    is_rescheduled = any(getattr(new, key) != getattr(old, key) for key in slot) or is_shifted(new.start)
    if not is_rescheduled and new.rest == old.rest:
        return old
    # A time that is announced after the day moves nothing.
    keeps_start = not old.start or new.start == old.start or new.start.startswith(f"{old.start}T")
    return new._replace(
        announced=old.announced,
        modified=max(moment, _add_second(old.modified)),
        sequence=min(old.sequence + is_rescheduled, _MAX_SEQUENCE),
        before=old.before if keeps_start else old.start,
    )


def _build_first_revision(session: Session, moment: str) -> SessionRevision:
    """Return the revision of a session that was never announced."""
    start, duration = f"{session.date or ''}", 0
    if start and session.time:
        start, duration = f"{start}T{session.time}", session.duration
    room = normalize_line(session.room)
    room = room if room.isprintable() else "".join(filter(str.isprintable, room))
    return SessionRevision(
        moment, moment, start, _compute_content_digest(session), 0, duration, str(session.status), room
    )


_encode_json = json.JSONEncoder(check_circular=False).encode


def _compute_content_digest(session: Session) -> str:
    keys = ("title", "kind", "leads", "abstract", "material", "continues")
    # A file's size is left out: it differs where Git gives a checkout other line ends.
    content = [*(getattr(session, key) for key in keys), [resource[:3] for resource in session.resources]]
    return blake2b(_encode_json(content).encode(), digest_size=6).hexdigest()


def render_revisions(log: RevisionLog) -> bytes:
    """Return announced.yml: a line for each folder, in JSON, which is YAML too and ten times as quick to read."""
    dump = partial(json.dumps, ensure_ascii=False)
    lines = ",\n".join(
        f"{dump(folder)}: {dump(dict(_iter_stored_fields(revision)))}"
        for folder, revision in sorted(log.revisions.items())
    )
    head = f'{{"id": {dump(log.id)}, "zone": {dump(log.zone)}, "sessions": {{'
    return generated.add_yaml_banner(f"{head}\n{lines}\n}}}}", "every session.yml", "file")


def _iter_stored_fields(revision: SessionRevision) -> Iterator[tuple[str, Any]]:
    """Yield the fields that differ from their defaults: 10,000 sessions then take less than two megabytes."""
    defaults = {**SessionRevision._field_defaults, "modified": revision.announced}
    return ((key, value) for key, value in revision._asdict().items() if key not in defaults or value != defaults[key])


def matches_revisions(actual: RevisionLog, expected: RevisionLog) -> bool:
    """Return whether revisions are the expected ones, made on the same day or on an earlier one."""
    if (actual.id, actual.zone, actual.revisions.keys()) != (expected.id, expected.zone, expected.revisions.keys()):
        return False
    return all(_matches_revision(each, expected.revisions[folder]) for folder, each in actual.revisions.items())


def _matches_revision(actual: SessionRevision, expected: SessionRevision) -> bool:
    is_earlier = actual.announced <= expected.announced and actual.modified <= expected.modified
    return is_earlier and actual == expected._replace(announced=actual.announced, modified=actual.modified)


def strip_timestamps(content: bytes) -> bytes:
    """Return announced.yml without what depends on the day on which it was made."""
    return re.sub(rb'"(?:announced|modified)": "[0-9TZ:-]{20}"', b"", content.partition(b"\n")[2])
