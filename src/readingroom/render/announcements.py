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

from readingroom.core.diagnostics import Invalid, Problem
from readingroom.core.models import Group, Session, Status
from readingroom.core.tree import ANNOUNCED, Tree
from readingroom.store import generated
from readingroom.store.catalogue import Catalogue
from readingroom.text.escape import one_line


class Told(NamedTuple):
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
    status: str = "confirmed"
    room: str = ""
    before: str = ""

    @property
    def is_moved(self) -> bool:
        """Whether it has another start than one that was told before."""
        return bool(self.before and self.start and self.before != self.start)


@dataclass(frozen=True, slots=True)
class Announcements:
    """What was told of each folder in the time zone ``zone``; ``id`` stands for the group whatever it is called."""

    id: str = ""
    zone: str = ""
    told: Mapping[str, Told] = field(default_factory=dict)


def read(tree: Tree) -> Announcements:
    """Return what the file tells, nothing if there is none; raise Invalid if it is not as ``written`` writes it."""
    if ANNOUNCED not in tree.contents:
        return Announcements()
    content = tree.contents[ANNOUNCED]
    if conflict := _CONFLICT.search(content):
        raise Invalid([Problem(ANNOUNCED, content.count(b"\n", 0, conflict.start()) + 1, "", _IN_CONFLICT)])
    head, line, body = content.partition(b"\n")
    try:
        return _of(json.loads(body.decode() if line and head.startswith(b"#") else b"{}"))
    except json.JSONDecodeError as error:
        raise Invalid([Problem(ANNOUNCED, error.lineno + 1, "", _NOT_OURS)]) from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Invalid([Problem(ANNOUNCED, 0, "", _NOT_OURS)]) from None


_CONFLICT = re.compile(rb"^<{7} ", re.MULTILINE)
_IN_CONFLICT = (
    "holds the marks of a merge conflict. Take either side whole, such as that of the main branch, and run readingroom "
    "build: git checkout --ours sessions/announced.yml takes the one you merge into, --theirs the other."
)
_NOT_OURS = (
    "is not as readingroom wrote it. Bring its last version back: git log sessions/announced.yml lists all. "
    "Only if there is none, remove it: calendars then take every session for a new one."
)


def _of(data: Mapping[str, Any]) -> Announcements:
    told = {folder: _line(about) for folder, about in data["sessions"].items()}
    if told:
        _judge(*map(list, zip(*told.values(), strict=True)))
    if not isinstance(data["zone"], str):
        raise TypeError
    return Announcements(str(UUID(data["id"])), data["zone"], told)


def _line(about: Mapping[str, Any]) -> Told:
    return Told(**about) if "modified" in about else Told(**about, modified=about["announced"])


def _judge(*columns: list[Any]) -> None:
    """Raise ValueError or TypeError if the values of all lines are none of ours: by columns, which hold few values."""
    if any({*map(type, column)} != {kind} for column, kind in zip(columns, _KINDS, strict=True)):
        raise TypeError
    of = dict(zip(Told._fields, columns, strict=True))
    for key, most in (("sequence", _MOST), ("duration", _DAY)):
        if min(of[key]) < 0 or max(of[key]) > most:
            raise ValueError
    if not {*of["status"]} <= _STATUSES or any(map(gt, of["announced"], of["modified"])):
        raise ValueError
    for moment in {*of["announced"], *of["modified"]}:
        if not _FIRST <= moment <= _LAST or _text(dt.datetime.fromisoformat(moment)) != moment:
            raise ValueError
    for start in {*of["start"], *of["before"]} - {""}:
        dt.datetime.fromisoformat(start)


_KINDS = tuple(Told.__annotations__.values())
_STATUSES = frozenset(map(str, Status))
_MOST = 2**31 - 2  # RFC 5545, 3.3.8
_FIRST, _LAST = "1970-01-01T00:00:00Z", "9998-12-31T23:59:59Z"
_DAY = 1440


def _text(moment: dt.datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def updated(before: Announcements, catalogue: Catalogue, today: dt.date) -> Announcements:
    """Return what readers have been told once they know the catalogue as it is today.

    A line is never lost, and a moment never goes back: what was told cannot be untold.
    """
    group = catalogue.group
    moment = _moment(today, group.time_zone)
    is_shifted = partial(_is_shifted, before.zone or group.time_zone, group.time_zone)
    told = dict(before.told)
    for each in catalogue.sessions:
        old = told.get(each.folder)
        if each.status != Status.SHELF and (each.date or old):
            told[each.folder] = _told(each, old, moment, is_shifted)
    return Announcements(before.id or _new_id(group), group.time_zone, told)


def _moment(today: dt.date, zone: str) -> str:
    """Return when a day begins in a time zone, or the first or last moment that ``read`` takes."""
    try:
        moment = _text(dt.datetime.combine(today, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC))
    except OverflowError:
        moment = _FIRST if today.year == dt.MINYEAR else _LAST
    return min(max(moment, _FIRST), _LAST)


def _later(moment: str) -> str:
    return min(_text(dt.datetime.fromisoformat(moment) + dt.timedelta(seconds=1)), _LAST)


def _is_shifted(old: str, new: str, start: str) -> bool:
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


def _new_id(group: Group) -> str:
    return str(uuid5(NAMESPACE_URL, f"{group.repository}\n{group.name}"))


def _told(session: Session, old: Told | None, moment: str, is_shifted: Callable[[str], bool]) -> Told:
    new = _seen(session, moment)
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
        modified=max(moment, _later(old.modified)),
        sequence=min(old.sequence + is_moved, _MOST),
        before=old.before if is_same else old.start,
    )


def _seen(session: Session, moment: str) -> Told:
    """Return what a session tells that nothing was told of yet."""
    start, duration = f"{session.date or ''}", 0
    if start and session.time:
        start, duration = f"{start}T{session.time}", session.duration
    room = one_line(session.room)
    room = room if room.isprintable() else "".join(filter(str.isprintable, room))
    return Told(moment, moment, start, _rest(session), 0, duration, str(session.status), room)


# A file's size is left out: it differs where Git gives a checkout other line ends.
_SHOWN = ("title", "kind", "leads", "abstract", "material", "continues")


_encoded = json.JSONEncoder(check_circular=False).encode


def _rest(session: Session) -> str:
    shown = [getattr(session, key) for key in _SHOWN] + [[each[:3] for each in session.resources]]
    return blake2b(_encoded(shown).encode(), digest_size=6).hexdigest()


def written(announcements: Announcements) -> bytes:
    """Return the file: a line for each folder, in JSON, which is YAML too and ten times as quick to read."""
    dump = partial(json.dumps, ensure_ascii=False)
    lines = ",\n".join(
        f"{dump(folder)}: {dump(dict(_kept(told)))}" for folder, told in sorted(announcements.told.items())
    )
    head = f'{{"id": {dump(announcements.id)}, "zone": {dump(announcements.zone)}, "sessions": {{'
    return generated.commented(f"{head}\n{lines}\n}}}}", "every session.yml", "file")


def _kept(told: Told) -> Iterator[tuple[str, Any]]:
    """Yield what a line says; what goes without saying keeps 10,000 of them below two megabytes."""
    usual = {**Told._field_defaults, "modified": told.announced}
    return ((key, value) for key, value in told._asdict().items() if key not in usual or value != usual[key])


def is_of(found: Announcements, wanted: Announcements) -> bool:
    """Tell whether what was found may be what is wanted, made on the same day or on an earlier one."""
    if (found.id, found.zone, found.told.keys()) != (wanted.id, wanted.zone, wanted.told.keys()):
        return False
    return all(_may_be(told, wanted.told[folder]) for folder, told in found.told.items())


def _may_be(found: Told, wanted: Told) -> bool:
    is_earlier = found.announced <= wanted.announced and found.modified <= wanted.modified
    return is_earlier and found == wanted._replace(announced=found.announced, modified=found.modified)


def lasting(content: bytes) -> bytes:
    """Return a file without what depends on the day on which it was made."""
    return _MOMENTS.sub(b"", content.partition(b"\n")[2])


_MOMENTS = re.compile(rb'"(?:announced|modified)": "[0-9TZ:-]{20}"')
