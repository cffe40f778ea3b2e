"""When a session starts and ends, as moments in the group's time zone."""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

from readingroom.core.models import Session


def compute_session_start(session: Session, zone: str) -> dt.datetime | None:
    """Return when a session starts, or None if it has no day or no time.

    A time that the clock skips is counted from the offset before the gap, and one that it shows twice is the first of
    the two, as RFC 5545 has it in section 3.3.5.
    """
    if session.date is None or not session.time:
        return None
    return dt.datetime.combine(session.date, dt.time.fromisoformat(session.time), get_zone(zone))


def compute_session_end(session: Session, zone: str) -> dt.datetime | None:
    """Return when a session ends: so many true minutes after its start, whatever the clock does in between."""
    begins = compute_session_start(session, zone)
    if begins is None:
        return None
    try:
        return (begins.astimezone(dt.UTC) + dt.timedelta(minutes=session.duration)).astimezone(begins.tzinfo)
    except OverflowError:
        return None  # beyond the last day of the year 9999


def format_iso_datetime(moment: dt.datetime) -> str:
    """Return a moment with its offset, as 2024-01-15T11:00:00+00:00."""
    return moment.isoformat(timespec="seconds")


def format_local_start(text: str, zone: str) -> str:
    """Return a local start, with or without a time, as ``told`` would: a day stays one."""
    return format_iso_datetime(dt.datetime.fromisoformat(text).replace(tzinfo=get_zone(zone))) if "T" in text else text


@cache
def get_zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
