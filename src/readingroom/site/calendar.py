r"""Sessions as iCalendar (RFC 5545): one calendar to subscribe to, one of everything, and one for each kind and person.

What people subscribe to is small enough for every program: it begins a year ago, and is shortened if need be.
The lines are assembled here: icalendar takes a millisecond for each event, ten seconds for 10,000 sessions instead of
one, and it reads "C:\New" as two lines.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from readingroom.core import session_times
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location
from readingroom.core.models import Group, Session, Site, Status
from readingroom.core.tree import Files
from readingroom.render import announcements
from readingroom.site import description, paths, theme, vtimezone
from readingroom.site.people import LeadDirectory
from readingroom.store.catalogue import Catalogue
from readingroom.store.revisions import RevisionLog, SessionRevision
from readingroom.text import plain

MAX_BYTES = 1_000_000  # Google Calendar reads no larger file: https://support.google.com/calendar/answer/37118
REMOVED_DAYS = 30
_REFRESH = "PT6H"
_OMITTED = "X-READINGROOM-OMITTED"
_OMITTED_LINE = re.compile(rf"^{_OMITTED}:([^\r]+)".encode(), re.MULTILINE)
_RESERVED_BYTES = 50_000  # for all lines but those of events
_STATUSES = {Status.CONFIRMED: "CONFIRMED", Status.CANCELLED: "CANCELLED", Status.POSTPONED: "CANCELLED"}
_MAX_OCTETS = 75  # RFC 5545, 3.1
REMOVED_TITLE = "Cancelled session"


class _EventTimes(NamedTuple):
    """When an event starts and ends: moments, or the first day and the day after the last; the end may be unknown.

    ``is_zoned`` says that the group's time zone describes both moments; others are given in UTC.
    """

    start: dt.date
    end: dt.date | None
    is_zoned: bool = False


@dataclass(frozen=True, slots=True)
class _Event:
    """An event of a session; without one, of a folder that is gone or has become something else."""

    uid: str
    session: Session | None
    revision: SessionRevision
    times: _EventTimes
    content: bytes = b""

    def render(self, group: Group, *, is_brief: bool = False) -> "_Event":
        """Return it with its VEVENT; a brief one has no description."""
        lines = [
            "BEGIN:VEVENT",
            *_iter_identity_lines(self.uid, self.revision),
            *_iter_time_lines(self.times, group.time_zone),
            *_iter_status_lines(self.session, is_withdrawn=bool(self.revision.withdrawn)),
            *(_iter_detail_lines(self.session, group, is_brief=is_brief) if self.session else ()),
            *(_list_alarm_lines(self.session, group) if self.session and not self.revision.withdrawn else ()),
            "END:VEVENT",
        ]
        return replace(self, content=b"".join(map(fold_line, lines)))


def render_calendars(catalogue: Catalogue, announced: RevisionLog, today: dt.date) -> Files:
    """Return every calendar by its path."""
    group = catalogue.group
    name = plain.clean_name(group.name)
    events = [each.render(group) for each in _list_events(catalogue, announced, today)]
    recent = _select_recent(events, today)
    files = {
        paths.CALENDAR: _render_subscription(recent, group, name, paths.CALENDAR),
        paths.WHOLE_CALENDAR: _render_calendar(events, group, _render_properties(group, name)),
    }
    for kind, path in map_kind_calendars(catalogue, announced).items():
        of_kind = [each for each in recent if each.session and plain.clean_line(each.session.kind) == kind]
        files[path] = _render_subscription(of_kind, group, f"{name}: {kind}", path)
    files |= _render_lead_calendars(catalogue, announced, events)
    begin = _render_properties(group, name)
    return files | {
        paths.get_event_path(each.session): _render_calendar([each], group, begin) for each in events if each.session
    }


def _render_lead_calendars(catalogue: Catalogue, announced: RevisionLog, events: Sequence[_Event]) -> Files:
    by_folder = {each.session.folder: each for each in events if each.session}
    files = {}
    for lead in LeadDirectory(catalogue.sessions, announced).all:
        theirs = [by_folder[session.folder] for session in lead.sessions if session.folder in by_folder]
        path = paths.get_lead_calendar_path(lead.path)
        title = f"{plain.clean_name(catalogue.group.name)}: {lead.name}"
        files[path] = _render_subscription(sorted(theirs, key=_get_event_key), catalogue.group, title, path)
    return files


def map_kind_calendars(catalogue: Catalogue, announced: RevisionLog) -> dict[str, str]:
    """Return the path of the calendar of each kind, by the kind as one line."""
    names = announced.kinds.map_current()
    return {kind: paths.get_kind_path(names[(kind,)]) for kind in announcements.list_announced_kinds(catalogue)}


def check_calendar_sizes(files: Files) -> Iterator[Diagnostic]:
    """Yield the calendars that are shortened because they would be too large."""
    for path, content in files.items():
        if path.endswith(".ics") and (omitted := _OMITTED_LINE.search(content[:_RESERVED_BYTES])):
            message = f"leaves out {omitted[1].decode()}, since it would be larger than 1 MB."
            yield Diagnostic(Location(path), *Finding.from_rule(Code.CALENDAR_SHORTENED, message))


def _list_events(catalogue: Catalogue, announced: RevisionLog, today: dt.date) -> list[_Event]:
    """Return the events of all sessions, and those that are cancelled since their session no longer has them."""
    sessions = {session.folder: session for session in catalogue.sessions}
    zone = catalogue.group.time_zone
    events = []
    for folder, revision in announced.revisions.items():
        session = sessions.get(folder)
        if session and session.is_event:
            times = _compute_event_times(session, zone)
        elif revision.withdrawn and (session or _is_recently_removed(revision, today)):
            times = _compute_withdrawn_times(revision, zone)
        else:
            continue
        has_text = session is not None and session.status not in {Status.OPEN, Status.SHELF}
        uid = f"{revision.uid or folder}@{announced.id}"
        events.append(_Event(uid, session if has_text else None, revision, times))
    return sorted(events, key=_get_event_key)


def _get_event_key(each: _Event) -> tuple[str, str]:
    start = each.revision.withdrawn or each.revision.start
    return start, each.uid


def _is_recently_removed(revision: SessionRevision, today: dt.date) -> bool:
    day = dt.date.fromisoformat(revision.withdrawn[:10])
    return (today - day).days <= REMOVED_DAYS


def _select_recent(events: Iterable[_Event], today: dt.date) -> list[_Event]:
    """Return the events of the last twelve months and all that are to come.

    One that was moved stays until its former day is as long ago, so that no cancellation is a disappearance.
    """
    first = today.replace(year=today.year - 1, day=min(today.day, 28)) if today.year > dt.MINYEAR else today
    return [
        each
        for each in events
        if max(each.revision.withdrawn, each.revision.start, each.revision.before) >= first.isoformat()
    ]


def _render_subscription(events: Sequence[_Event], group: Group, name: str, path: str) -> bytes:
    """Return a calendar that people subscribe to; a large one without descriptions, or even the far future."""
    begin = _render_properties(group, name, path)
    whole = _render_calendar(events, group, begin)
    if len(whole) <= MAX_BYTES:
        return whole
    brief = [each.render(group, is_brief=True) for each in events]
    count = _count_fitting(brief, MAX_BYTES - _RESERVED_BYTES)
    omitted = "descriptions"
    if count < len(brief):
        omitted += f" and what is after {brief[count - 1].times.start:%Y-%m-%d}"
    note = fold_line(f"{_OMITTED}:{omitted}")
    return _render_calendar(brief[:count], group, begin + note)


def _count_fitting(events: Iterable[_Event], size: int) -> int:
    """Return how many of the events, from the first on, fit into a number of bytes."""
    return sum(total <= size for total in accumulate(len(each.content) for each in events))


def _render_calendar(events: Sequence[_Event], group: Group, begin: bytes) -> bytes:
    zone = _render_zone(events, group.time_zone)
    return b"".join([begin, zone, *(each.content for each in events), b"END:VCALENDAR\r\n"])


def _render_zone(events: Sequence[_Event], zone: str) -> bytes:
    years = [moment.year for each in events if each.times.is_zoned for moment in each.times[:2] if moment]
    if not events:
        years = [vtimezone.FIRST_YEAR]  # a calendar must hold a component (RFC 5545, 3.6)
    return vtimezone.render_vtimezone(zone, min(years), max(years)) if years else b""


def _render_properties(group: Group, name: str, path: str = "") -> bytes:
    """Return the lines before the components of a calendar; one with a path is published for itself."""
    site = group.site or Site()
    about = plain.render_plain_text(site.text) or f"Sessions of {name}"
    lines = [
        "BEGIN:VCALENDAR",
        # No METHOD: with one, each event would need an organizer's address (RFC 5546, 3.2.1).
        "PRODID:-//readingroom//readingroom//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        *(_render_text_property(key, name) for key in ("NAME", "X-WR-CALNAME")),
        *(_render_text_property(key, about) for key in ("DESCRIPTION", "X-WR-CALDESC")),
        f"X-WR-TIMEZONE:{group.time_zone}",
        f"COLOR:{theme.find_colour_name(site.colour)}",
        f"X-APPLE-CALENDAR-COLOR:{site.colour}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}",
        f"X-PUBLISHED-TTL:{_REFRESH}",
    ]
    if home := paths.build_absolute_url(group, ""):
        lines.append(f"URL:{home}")
        lines += [f"SOURCE;VALUE=URI:{paths.build_absolute_url(group, path)}"] if path else []
    return b"".join(map(fold_line, lines))


def _compute_event_times(session: Session, zone: str) -> _EventTimes:
    """Return when a session with a date is; the day if UTC has no such time."""
    if start := session_times.compute_session_start(session, zone):
        return _build_times(start, session_times.compute_session_end(session, zone))
    day = session.date or dt.date.max
    return _build_day_times(day, day)


def _compute_withdrawn_times(revision: SessionRevision, zone: str) -> _EventTimes:
    """Return when an event was that was withdrawn."""
    first, last = revision.withdrawn, revision.end or revision.withdrawn
    if "T" not in first or "T" not in last:
        return _build_day_times(dt.date.fromisoformat(first[:10]), dt.date.fromisoformat(last[:10]))
    known = session_times.find_zone(revision.zone) or session_times.get_zone(zone)
    start, end = (dt.datetime.fromisoformat(each).replace(tzinfo=known) for each in (first, last))
    times = _build_times(start, end)
    return times._replace(is_zoned=times.is_zoned and known.key == zone)


def _build_day_times(first: dt.date, last: dt.date) -> _EventTimes:
    return _EventTimes(first, last + dt.timedelta(days=1) if last < dt.date.max else None)


def _build_times(start: dt.datetime, end: dt.datetime | None) -> _EventTimes:
    try:
        for moment in filter(None, (start, end)):
            moment.astimezone(dt.UTC)
    except OverflowError:
        return _build_day_times(start.date(), start.date())
    return _EventTimes(start, end, all(map(_is_described, (start, end))))


def _is_described(moment: dt.datetime | None) -> bool:
    """Return whether a zone's description says which moment a local time is: no clock skips it or shows it twice."""
    if moment is None:
        return True
    is_known = vtimezone.FIRST_YEAR <= moment.year <= vtimezone.LAST_YEAR
    return is_known and not session_times.is_skipped_or_repeated(moment)


def _iter_identity_lines(uid: str, revision: SessionRevision) -> Iterator[str]:
    modified = _strip_separators(revision.modified)
    yield f"UID:{uid}"
    yield f"DTSTAMP:{modified}"
    yield f"CREATED:{_strip_separators(revision.announced)}"
    yield f"LAST-MODIFIED:{modified}"
    yield f"SEQUENCE:{revision.sequence}"


def _strip_separators(moment: str) -> str:
    return moment.replace("-", "").replace(":", "")


def _iter_time_lines(times: _EventTimes, zone: str) -> Iterator[str]:
    for key, moment in (("DTSTART", times.start), ("DTEND", times.end)):
        if moment is None:
            continue
        if not isinstance(moment, dt.datetime):
            yield f"{key};VALUE=DATE:{_strip_separators(moment.isoformat())}"
        elif times.is_zoned:
            yield f"{key};TZID={zone}:{_strip_separators(moment.isoformat()[:19])}"
        else:
            yield f"{key}:{_strip_separators(moment.astimezone(dt.UTC).isoformat()[:19])}Z"


def _iter_status_lines(session: Session | None, *, is_withdrawn: bool) -> Iterator[str]:
    """Yield what an event is called, and whether it takes place; without a session nothing of the text is left."""
    title = description.format_headline(session) if session else REMOVED_TITLE
    status = _STATUSES.get(session.status, "TENTATIVE") if session and not is_withdrawn else "CANCELLED"
    takes_place = session is not None and session.takes_place and not is_withdrawn
    yield _render_text_property("SUMMARY", title)
    yield f"STATUS:{status}"
    yield f"TRANSP:{'OPAQUE' if takes_place else 'TRANSPARENT'}"


def _iter_detail_lines(session: Session, group: Group, *, is_brief: bool) -> Iterator[str]:
    if room := plain.clean_line(session.room):
        yield _render_text_property("LOCATION", room)
    if not is_brief and (text := description.render_description(session, group)):
        yield _render_text_property("DESCRIPTION", text)
    if kind := plain.clean_line(session.kind):
        yield _render_text_property("CATEGORIES", kind)
    if url := paths.build_absolute_url(group, paths.get_page_path(session)):
        yield f"URL:{url}"


def _list_alarm_lines(session: Session, group: Group) -> Iterable[str]:
    if not (group.site and group.site.alarm and session.time and session.takes_place):
        return ()
    return (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        _render_text_property("DESCRIPTION", description.format_headline(session)),
        f"TRIGGER:-PT{group.site.alarm}M",
        "END:VALARM",
    )


def _render_text_property(key: str, value: str) -> str:
    """Return a property's line; four replacements take a tenth of the time of one translation."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return f"{key}:{escaped}"


def fold_line(line: str) -> bytes:
    """Return a content line folded to at most 75 octets, without cutting a character or an escape."""
    octets = line.encode()
    parts, start, most = [], 0, _MAX_OCTETS
    while len(octets) - start > most:
        end = start + most
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        part = octets[start:end]
        end -= (len(part) - len(part.rstrip(b"\\"))) % 2
        parts.append(octets[start:end])
        start, most = end, _MAX_OCTETS - 1
    return b"\r\n ".join([*parts, octets[start:]]) + b"\r\n"
