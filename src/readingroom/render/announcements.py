"""What was announced of each session: calendars and feeds need to know what has changed since, and when.

It is kept in a generated file, so that the same files give the same calendar on any day and on any machine.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.core.models import Group, Session, Status
from readingroom.core.session_path import SessionPath
from readingroom.core.tree import ANNOUNCED_PATH, Tree
from readingroom.render import renames
from readingroom.store import generated
from readingroom.store.addresses import Owner
from readingroom.store.catalogue import Catalogue
from readingroom.store.leads import identify_leads
from readingroom.store.revisions import (
    FIRST_MOMENT,
    LAST_MOMENT,
    RevisionLog,
    SessionRevision,
    format_timestamp,
)
from readingroom.text import plain
from readingroom.text.escape import normalize_line


def choose_group_id(tree: Tree, catalogue: Catalogue, new_id: str) -> str:
    """Return the id for a group that has no record: a new one, or that under which its site may be published already.

    A session's page without a record was built by a release that kept one only for groups with a site's address.
    """
    pages = (tree.contents.get(SessionPath(session.folder).page, b"") for session in catalogue.sessions)
    return "" if any(map(generated.has_banner, pages)) else new_id


def check_record(tree: Tree) -> list[Diagnostic]:
    """Return what it means for readers if there are sessions but no record of what was announced of them."""
    if ANNOUNCED_PATH in tree.contents or not tree.list_session_folders():
        return []
    return [Diagnostic(Location(ANNOUNCED_PATH), Code.ANNOUNCED_MISSING, NO_RECORD, NO_RECORD_HINT)]


NO_RECORD = (
    "does not exist, so events and feed entries follow the group's name and repository, and all count as changed every "
    "day."
)
NO_RECORD_HINT = "Run readingroom build and commit the file; add --keep-ids if people subscribe to the site already."


def update_revisions(before: RevisionLog, catalogue: Catalogue, today: dt.date, new_id: str = "") -> RevisionLog:
    """Return the revisions once the catalogue is announced as it is today.

    No revision is ever lost, and no moment goes back: what was announced stays so. A group without an id gets
    ``new_id``, or if that is empty one that is derived from its name and repository.
    """
    group = catalogue.group
    moment = _compute_day_start(today, group.time_zone)
    is_shifted = partial(_has_utc_offset_changed, before.zone or group.time_zone, group.time_zone)
    latest = {
        each.folder: _build_first_revision(each, moment) for each in catalogue.sessions if each.status != Status.SHELF
    }
    folders = {session.folder for session in catalogue.sessions}
    before = renames.move_revisions(before, latest, folders, moment)
    revisions = dict(before.revisions)
    uids = renames.choose_uids(revisions, folders)
    for session in catalogue.sessions:
        folder = session.folder
        old, new = revisions.get(folder), latest.get(folder)
        if old and new:
            revisions[folder] = _update_revision(session, new, old, moment, is_shifted)
        elif new and session.date:
            revisions[folder] = new._replace(uid=uids.get(folder, ""))
    for folder, old in before.revisions.items():
        if folder not in latest:
            revisions[folder] = _withdraw_revision(old, moment, is_removed=folder not in folders)
    if before.zone not in {"", group.time_zone}:
        revisions = {folder: _keep_zone(each, before.zone) for folder, each in revisions.items()}
    group_id = before.id or new_id or _derive_group_id(group)
    log = replace(before, id=group_id, zone=group.time_zone, revisions=revisions)
    return _assign_addresses(log, before, catalogue)


def _withdraw_revision(old: SessionRevision, moment: str, *, is_removed: bool) -> SessionRevision:
    """Return the revision of a session that is gone or has become a shelf: its event is cancelled, without its text."""
    if not old.is_event and not (is_removed and old.withdrawn and old.rest):
        return old
    withdrawn = old.announce_change(moment, is_event_changed=old.is_event)._replace(
        rest="", digests="", room="", changed=("status",)
    )
    if not old.is_event:
        return withdrawn
    return withdrawn._replace(status=Status.CANCELLED.value, withdrawn=old.start, end=_compute_end(old))


def _compute_end(revision: SessionRevision) -> str:
    """Return the end of a session by its own clock."""
    if "T" not in revision.start:
        return revision.start
    try:
        end = dt.datetime.fromisoformat(revision.start) + dt.timedelta(minutes=revision.duration)
    except OverflowError:
        return revision.start
    return end.isoformat(timespec="minutes")


def _keep_zone(revision: SessionRevision, zone: str) -> SessionRevision:
    """Return a revision whose event was withdrawn with the zone in which it was announced."""
    return revision._replace(zone=zone) if revision.withdrawn and not revision.zone else revision


def list_announced_kinds(catalogue: Catalogue) -> list[str]:
    """Return the kinds that have a calendar and a feed, each as one line."""
    hidden = {Status.OPEN, Status.SHELF}
    return sorted({plain.clean_line(each.kind) for each in catalogue.sessions if each.status not in hidden} - {""})


def _assign_addresses(log: RevisionLog, before: RevisionLog, catalogue: Catalogue) -> RevisionLog:
    """Return the log with an address for each kind that calendars show, and for each person."""
    leads = identify_leads(catalogue.sessions).all
    kinds = list_announced_kinds(catalogue)
    old = before.revisions
    changed = [
        (each, old[each.folder])
        for each in catalogue.sessions
        if each.folder in old and old[each.folder].rest != log.revisions[each.folder].rest
    ]
    names = {key for lead in leads for key in lead.keys}
    former = renames.find_former_names((before.kinds, before.people), changed, (kinds, names))
    kind_owners = [Owner(kind, (kind,), former.kinds.get(kind, ())) for kind in kinds]
    lead_owners = [
        Owner(lead.name, lead.keys, tuple(name for key in lead.keys for name in former.people.get(key, ())))
        for lead in leads
    ]
    return replace(
        log,
        kinds=before.kinds.assign_addresses(kind_owners, "kind"),
        people=before.people.assign_addresses(lead_owners, "person"),
    )


def _derive_group_id(group: Group) -> str:
    """Return the id of a group of which nothing is recorded; sites are published with it, so it must stay as it is."""
    return str(uuid5(NAMESPACE_URL, f"{group.repository}\n{group.name}"))


def _compute_day_start(today: dt.date, zone: str) -> str:
    """Return when a day begins in a time zone, or the first or last moment that ``read_revisions`` accepts."""
    try:
        moment = format_timestamp(dt.datetime.combine(today, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC))
    except OverflowError:
        moment = FIRST_MOMENT if today.year == dt.MINYEAR else LAST_MOMENT
    return min(max(moment, FIRST_MOMENT), LAST_MOMENT)


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
    session: Session, new: SessionRevision, old: SessionRevision, moment: str, is_shifted: Callable[[str], bool]
) -> SessionRevision:
    """Return the revision ``old`` once a session is announced as it is now, which is ``new``."""
    old = _recover_event(old, session)
    zone_shifts = is_shifted(new.start)
    is_rescheduled = any(getattr(new, key) != getattr(old, key) for key in _SLOT_KEYS) or zone_shifts
    if not is_rescheduled and new.rest == old.rest:
        if new.is_event and old.withdrawn:  # an earlier release, which does not know the key, gave it a date again
            old = old._replace(withdrawn="", end="", zone="")
        return old if new.digests == old.digests else old._replace(digests=new.digests)
    changes = _list_changes(session, new, old, zone_shifts=zone_shifts)
    announced = old.announce_change(moment, *changes, is_event_changed=is_rescheduled)
    kept = {key: getattr(announced, key) for key in _KEPT_KEYS}
    return _keep_former_event(new, old)._replace(**kept)


_KEPT_KEYS = ("announced", "modified", "sequence", "changed", "addresses", "uid")


def _recover_event(old: SessionRevision, session: Session) -> SessionRevision:
    """Return a revision with when its event was; earlier releases left that out for a session that lost its date."""
    if old.digests or old.start or old.withdrawn or not old.before:
        return old
    former = old._replace(start=old.before, duration=session.duration)
    return old._replace(withdrawn=former.start, end=_compute_end(former))


_SLOT_KEYS = ("start", "duration", "status", "room")


def _keep_former_event(new: SessionRevision, old: SessionRevision) -> SessionRevision:
    """Return the new revision with when its event was before: it was moved, or is withdrawn from calendars."""
    former = old.withdrawn or old.start
    # A time that is announced after the day moves nothing.
    keeps_start = not former or new.start == former or _adds_time(new.start, former)
    new = new._replace(before=old.before if keeps_start else former)
    if new.is_event:
        return new if old.withdrawn else new._replace(zone=old.zone)
    if old.is_event:
        return new._replace(withdrawn=old.start, end=_compute_end(old))
    return new._replace(withdrawn=old.withdrawn, end=old.end, zone=old.zone)


def _adds_time(new: str, old: str) -> bool:
    return bool(old) and new.startswith(f"{old}T")


def _list_changes(session: Session, new: SessionRevision, old: SessionRevision, *, zone_shifts: bool) -> list[str]:
    """Return the names of what differs, as announced.yml keeps them for the feed."""
    names = []
    if new.start != old.start:
        names.append("time" if _adds_time(new.start, old.start) else "start")
    elif zone_shifts:
        names.append("zone")
    if new.duration != old.duration and new.duration and old.duration:
        names.append("duration")
    names += [key for key in ("status", "room") if getattr(new, key) != getattr(old, key)]
    return names + _list_content_changes(session, new.digests, old.digests) if new.rest != old.rest else names


def _list_content_changes(session: Session, new: str, old: str) -> list[str]:
    """Return the names of the parts that differ, and of resources that were added; nothing if that is not known."""
    ours, theirs = (_split_digests(each) for each in (new, old))
    if not theirs:
        return []
    names = [key for key, one, other in zip(renames.CONTENT_KEYS, ours, theirs, strict=False) if one != other]
    count = len(renames.CONTENT_KEYS)
    before = theirs[count:]
    pairs = zip(session.resources, ours[count:], strict=True)
    added = [each.label for each, digest in pairs if digest not in before]
    if len(session.resources) == len(before) + len(added):
        names += dict.fromkeys(f"resources.{label}" if label.isalpha() else "resources" for label in added)
    else:
        names.append("resources")
    return names


def _split_digests(text: str) -> list[str]:
    length = renames.DIGEST_LENGTH
    return [text[start : start + length] for start in range(0, len(text), length)]


def _build_first_revision(session: Session, moment: str) -> SessionRevision:
    """Return the revision of a session that was never announced."""
    start, duration = f"{session.date or ''}", 0
    if start and session.time:
        start, duration = f"{start}T{session.time}", session.duration
    room = normalize_line(session.room)
    room = room if room.isprintable() else "".join(filter(str.isprintable, room))
    rest, digests = renames.compute_digests(session)
    return SessionRevision(moment, moment, start, rest, 0, duration, str(session.status), room, digests=digests)


def matches_revisions(actual: RevisionLog, expected: RevisionLog) -> bool:
    """Return whether revisions are the expected ones, made on the same day or on an earlier one."""
    if replace(actual, revisions={}) != replace(expected, revisions={}):
        return False
    if actual.revisions.keys() != expected.revisions.keys():
        return False
    return all(_matches_revision(each, expected.revisions[folder]) for folder, each in actual.revisions.items())


def _matches_revision(actual: SessionRevision, expected: SessionRevision) -> bool:
    is_earlier = actual.announced <= expected.announced and actual.modified <= expected.modified
    # Several builds name several changes.
    return is_earlier and actual == expected._replace(
        announced=actual.announced, modified=actual.modified, changed=actual.changed
    )
