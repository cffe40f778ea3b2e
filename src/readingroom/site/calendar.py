r"""Sessions as iCalendar (RFC 5545): a calendar of all, one for each kind, and a file for each session.

The lines of an event are assembled here: icalendar takes a millisecond for each event, ten seconds for 10,000 sessions
instead of one, and it reads "C:\New" as two lines.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from icalendar import Calendar

from readingroom.core import session_times
from readingroom.core.models import Group, Session, Status, get_sort_key
from readingroom.core.tree import Files
from readingroom.site import description, paths, vtimezone
from readingroom.store.catalogue import Catalogue
from readingroom.store.revisions import RevisionLog, SessionRevision
from readingroom.text import plain

_REFRESH = "PT6H"
_STATUSES = {Status.CONFIRMED: "CONFIRMED", Status.CANCELLED: "CANCELLED", Status.POSTPONED: "CANCELLED"}
_MAX_OCTETS = 75  # RFC 5545, 3.1


class _RenderedEvent(NamedTuple):
    session: Session
    content: bytes


def render_calendars(catalogue: Catalogue, announced: RevisionLog) -> Files:
    """Return every calendar by its path."""
    group = catalogue.group
    dated = sorted((each for each in catalogue.sessions if each.is_event), key=get_sort_key)
    events = [_RenderedEvent(each, _render_event(each, group, announced)) for each in dated]
    name = plain.clean_name(group.name)
    files = {paths.CALENDAR: _render_calendar(events, group, name)}
    for kind, path in map_kind_calendars(catalogue, announced).items():
        events_of_kind = [each for each in events if plain.clean_line(each.session.kind) == kind]
        files[path] = _render_calendar(events_of_kind, group, f"{name}: {kind}")
    return files | {paths.get_event_path(each.session): _render_calendar([each], group, name) for each in events}


def map_kind_calendars(catalogue: Catalogue, announced: RevisionLog) -> dict[str, str]:
    """Return the path of the calendar of each kind, by the kind as one line."""
    kinds = {plain.clean_line(each.kind) for each in catalogue.sessions if each.is_event} - {""}
    names = announced.kinds.map_current()
    return {kind: paths.get_kind_path(names[(kind,)]) for kind in sorted(kinds)}


def _render_calendar(events: Sequence[_RenderedEvent], group: Group, name: str) -> bytes:
    years = [session.date.year for session, _ in events if session.date and _is_zoned(session)]
    if not events:
        years = [vtimezone.FIRST_YEAR]  # a calendar must hold a component (RFC 5545, 3.6)
    zone = vtimezone.render_vtimezone(group.time_zone, min(years), max(years)) if years else b""
    begin, end = _render_envelope(name, group.time_zone)
    return b"".join([begin, zone, *(each.content for each in events), end])


@lru_cache(maxsize=1_000)
def _render_envelope(name: str, zone: str) -> tuple[bytes, bytes]:
    """Return the lines before and after the components of a calendar."""
    calendar = Calendar()
    # No METHOD: with one, each event would need an organizer's address (RFC 5546, 3.2.1).
    for key, value in (("PRODID", "-//readingroom//readingroom//EN"), ("VERSION", "2.0"), ("CALSCALE", "GREGORIAN")):
        calendar.add(key, value)
    begin, end, rest = calendar.to_ical().partition(b"END:VCALENDAR")
    properties = (
        _render_text_property("NAME", name),
        _render_text_property("X-WR-CALNAME", name),
        f"X-WR-TIMEZONE:{zone}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}",
        f"X-PUBLISHED-TTL:{_REFRESH}",
    )
    return begin + b"".join(map(fold_line, properties)), end + rest


def _render_event(session: Session, group: Group, announced: RevisionLog) -> bytes:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{session.folder}@{announced.id}",
        *_iter_revision_lines(announced.revisions[session.folder]),
        *_iter_time_lines(session, group.time_zone),
        *_iter_detail_lines(session, group),
        *_list_alarm_lines(session, group),
        "END:VEVENT",
    ]
    return b"".join(map(fold_line, lines))


def _iter_revision_lines(revision: SessionRevision) -> Iterator[str]:
    modified = _strip_separators(revision.modified)
    yield f"DTSTAMP:{modified}"
    yield f"CREATED:{_strip_separators(revision.announced)}"
    yield f"LAST-MODIFIED:{modified}"
    yield f"SEQUENCE:{revision.sequence}"


def _strip_separators(moment: str) -> str:
    return moment.replace("-", "").replace(":", "")


def _is_zoned(session: Session) -> bool:
    return bool(session.date and session.time and vtimezone.FIRST_YEAR <= session.date.year <= vtimezone.LAST_YEAR)


def _iter_time_lines(session: Session, zone: str) -> Iterator[str]:
    """Yield start and duration; the duration is in true minutes, whatever the clock does in between."""
    day = _strip_separators(str(session.date))
    if _is_zoned(session):
        yield f"DTSTART;TZID={zone}:{day}T{_strip_separators(session.time)}00"
        yield f"DURATION:PT{session.duration}M"
    elif moment := _format_utc_start(session, zone):
        yield f"DTSTART:{_strip_separators(moment)}"
        yield f"DURATION:PT{session.duration}M"
    else:
        yield f"DTSTART;VALUE=DATE:{day}"


def _format_utc_start(session: Session, zone: str) -> str:
    """Return when a session of a year without known rules starts; an empty text if UTC has no such time."""
    start = session_times.compute_session_start(session, zone)
    try:
        return f"{start.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}".rjust(20, "0") if start else ""
    except OverflowError:
        return ""


def _iter_detail_lines(session: Session, group: Group) -> Iterator[str]:
    yield _render_text_property("SUMMARY", description.format_headline(session))
    yield f"STATUS:{_STATUSES.get(session.status, 'TENTATIVE')}"
    yield f"TRANSP:{'OPAQUE' if session.takes_place else 'TRANSPARENT'}"
    if room := plain.clean_line(session.room):
        yield _render_text_property("LOCATION", room)
    if text := description.render_description(session, group):
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
