"""What an organiser asks most: what is next, who leads it, and what is missing."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from readingroom.core.models import Session, Status, find_next_session, list_previous, list_upcoming
from readingroom.store.catalogue import Catalogue


def build_overview(catalogue: Catalogue, today: dt.date) -> dict[str, Any]:
    """Return the next session, what is upcoming, and the sessions without slides or reading, as plain data."""
    upcoming = list_upcoming(catalogue.sessions, today)
    planned = [session for session in upcoming if session.takes_place]
    held = [session for session in list_previous(catalogue.sessions, today) if session.takes_place]
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
    yield f"Next: {_format_session_line(soonest)}" if soonest else "Next: no session is planned yet."
    for title, key in (
        ("Upcoming", "upcoming"),
        ("Held without slides", "without_slides"),
        ("Without reading", "without_reading"),
    ):
        if sessions := overview[key]:
            yield ""
            yield f"{title} ({len(sessions)}):"
            yield from (f"  {_format_session_line(session)}" for session in sessions)


def _format_session_line(session: Mapping[str, Any]) -> str:
    start = " ".join(part for part in (session["date"] or "no date", session["time"]) if part)
    status = "" if session["status"] == Status.CONFIRMED else f" [{session['status']}]"
    leads = ", ".join(session["leads"]) or "no lead yet"
    return f"{start}  {session['title'] or 'TBC'}{status}, {leads}  (sessions/{session['folder']})"
