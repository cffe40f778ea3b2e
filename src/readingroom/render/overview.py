"""What an organiser asks most: what is next, who leads it, and what is missing."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from readingroom.core.models import Session, Status, find_next_session, get_sort_key, list_previous, list_upcoming
from readingroom.store.catalogue import Catalogue

RECENT = 10


def build_overview(catalogue: Catalogue, today: dt.date, *, shows_all: bool = False) -> dict[str, Any]:
    """Return the next session, what is upcoming, and the sessions without slides or reading, as plain data.

    Of the sessions that took place, only the last RECENT count, unless ``shows_all``.
    """
    upcoming = list_upcoming(catalogue.sessions, today)
    planned = [session for session in upcoming if session.takes_place]
    held = [session for session in list_previous(catalogue.sessions, today) if session.takes_place]
    held = held if shows_all else held[-RECENT:]
    soonest = find_next_session(upcoming)
    return {
        "group": catalogue.group.name,
        "today": str(today),
        "next": _build_session_summary(soonest) if soonest else None,
        "upcoming": [_build_session_summary(each) for each in upcoming],
        "without_slides": [_build_session_summary(each) for each in held if not each.has_slides],
        "without_reading": [
            _build_session_summary(each) for each in (*held, *planned) if not each.material and not each.continues
        ],
    }


def list_sessions(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return every session as plain data, by date, then those without one."""
    return [_build_session_summary(each) for each in sorted(catalogue.sessions, key=get_sort_key)]


def _build_session_summary(session: Session) -> dict[str, Any]:
    return {
        "folder": session.folder,
        "title": session.title,
        "date": str(session.date) if session.date else None,
        "time": session.time or None,
        "status": str(session.status),
        "kind": session.kind or None,
        "room": session.room or None,
        "leads": [person.name for person in session.leads],
    }


def iter_overview_lines(overview: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of an overview for people to read."""
    yield f"{overview['group']}, {overview['today']}"
    soonest = overview["next"]
    yield f"Next: {format_session_line(soonest)}" if soonest else "Next: no session is planned yet."
    for title, key in (
        ("Upcoming", "upcoming"),
        ("Held without slides", "without_slides"),
        ("Without reading", "without_reading"),
    ):
        if sessions := overview[key]:
            yield ""
            yield f"{title} ({len(sessions)}):"
            yield from (f"  {format_session_line(session)}" for session in sessions)


def format_session_line(session: Mapping[str, Any]) -> str:
    """Return a session's line for people to read."""
    start = " ".join(part for part in (session["date"] or "no date", session["time"]) if part)
    status = "" if session["status"] == Status.CONFIRMED else f" [{session['status']}]"
    leads = ", ".join(session["leads"]) or "no lead yet"
    return f"{start}  {session['title'] or 'TBC'}{status}, {leads}  (sessions/{session['folder']})"
