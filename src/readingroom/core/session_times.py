"""When a session starts and ends, as moments in the group's time zone."""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

from readingroom.core.models import Session


def compute_session_start(session: Session, zone: str) -> dt.datetime | None:
    """Return when a session starts, or None if it has no day or no time.

    A time that clocks skip has the offset before the gap, and one that they show twice is the first of the two, as in
    RFC 5545, section 3.3.5.
    """
    if session.date is None or not session.time:
        return None
    return dt.datetime.combine(session.date, dt.time.fromisoformat(session.time), get_zone(zone))


def compute_session_end(session: Session, zone: str) -> dt.datetime | None:
    """Return when a session ends: its duration after its start, even if clocks change in between."""
    start = compute_session_start(session, zone)
    if start is None:
        return None
    try:
        return (start.astimezone(dt.UTC) + dt.timedelta(minutes=session.duration)).astimezone(start.tzinfo)
    except OverflowError:
        return None  # after the last day of the year 9999


def format_iso_datetime(moment: dt.datetime) -> str:
    """Return a moment with its offset, such as 2024-01-15T11:00:00+00:00."""
    return moment.isoformat(timespec="seconds")


def format_local_start(text: str, zone: str) -> str:
    """Return a local start as format_iso_datetime writes it; a day without a time stays as it is."""
    return format_iso_datetime(dt.datetime.fromisoformat(text).replace(tzinfo=get_zone(zone))) if "T" in text else text


def is_skipped_or_repeated(moment: dt.datetime) -> bool:
    """Return whether clocks skip a local time, or show it twice (PEP 495)."""
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def is_skipped(moment: dt.datetime) -> bool:
    """Return whether clocks skip a local time."""
    return moment.astimezone(dt.UTC).astimezone(moment.tzinfo).replace(tzinfo=None) != moment.replace(tzinfo=None)


def find_zone(name: str) -> ZoneInfo | None:
    """Return a time zone by a name that may be any text."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return None


def format_html_start(session: Session, zone: str) -> str:
    """Return when a session with a date starts, as an HTML time element has it: a moment, or a day without a time."""
    return _format_html_moment(compute_session_start(session, zone)) or f"{session.date}"


def format_html_end(session: Session, zone: str) -> str:
    """Return when a session with a date ends, in the form of format_html_start; nothing after the year 9999."""
    return _format_html_moment(compute_session_end(session, zone)) if session.time else f"{session.date}"


def _format_html_moment(moment: dt.datetime | None) -> str:
    if moment is None:
        return ""
    # An offset of HTML has no seconds, and those of the zones had until about 1900.
    is_whole = not (moment.utcoffset() or dt.timedelta()) % dt.timedelta(minutes=1)
    return (moment if is_whole else moment.replace(tzinfo=None)).isoformat(timespec="minutes")


@cache
def get_zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
