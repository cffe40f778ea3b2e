"""What a reviewer should know about one session, compared with all others."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from readingroom.core.models import WEEKDAYS, Session, Status
from readingroom.store.catalogue import Catalogue
from readingroom.text.matching import normalize_text
from readingroom.text.references import derive_paper_key

_MAX_TIME_AHEAD = dt.timedelta(days=366)


def check_session(catalogue: Catalogue, folder: str, proposed: dt.datetime | None) -> list[str]:
    """Return a sentence for everything about a session that may not be intended.

    ``proposed`` is when the session was proposed, None if that is not known.
    """
    session, others = _split_off_session(catalogue, folder)
    distance = _check_distance(session, proposed.astimezone(ZoneInfo(catalogue.group.time_zone))) if proposed else ()
    slides = [] if session.has_slides else ["There are no slides yet."]
    return [*distance, *check_session_date(catalogue, folder), *_check_repeated_papers(session, others), *slides]


def _check_distance(session: Session, proposed: dt.datetime) -> Iterator[str]:
    """Yield that a day was past when it was proposed, or more than a year away: a slip of one digit."""
    day = proposed.date()
    if session.date and session.date < day:
        yield f"{session.date} is past: the session was proposed on {day}."
    elif session.date and session.date - day > _MAX_TIME_AHEAD:
        yield f"{session.date} is more than a year away: the session was proposed on {day}."


def check_session_date(catalogue: Catalogue, folder: str) -> list[str]:
    """Return a sentence for everything about a session's date, time and room that may not be intended."""
    session, others = _split_off_session(catalogue, folder)
    clashes = list(_check_date_clashes(session, others))
    if not session.date or catalogue.group.usual_weekday in {None, session.date.weekday()}:
        return clashes
    weekday = WEEKDAYS[session.date.weekday()]
    return [f"{session.date} is a {weekday}; the group meets on {catalogue.group.day}s.", *clashes]


def _split_off_session(catalogue: Catalogue, folder: str) -> tuple[Session, list[Session]]:
    """Return a session and all others."""
    session = next(each for each in catalogue.sessions if each.folder == folder)
    return session, [each for each in catalogue.sessions if each.folder != folder]


def _check_date_clashes(session: Session, others: list[Session]) -> Iterator[str]:
    leads = {normalize_text(lead.name) for lead in session.leads}
    for other in others:
        if not session.date or other.date != session.date:
            continue
        if other.status == Status.OPEN:
            yield f"{other.date} is the day of the free slot {other.path}, which is then no longer offered."
        if not other.takes_place:
            continue
        parts = [f"takes place on {other.date} too"]
        if session.time == other.time:
            parts.append("at the same time")
        if session.room and normalize_text(session.room) == normalize_text(other.room):
            parts.append(f"in the same room ({other.room})")
        if shared := [lead.name for lead in other.leads if normalize_text(lead.name) in leads]:
            parts.append(f"with the same lead ({', '.join(shared)})")
        yield f"{other.headline} ({other.path}) {', '.join(parts)}."


def _check_repeated_papers(session: Session, others: list[Session]) -> Iterator[str]:
    """Yield the papers that another session has too, whatever form their addresses take."""
    titles = {derive_paper_key(url): title or url for title, url in _iter_papers(session)}
    for other in others:
        for paper in dict.fromkeys(derive_paper_key(url) for _, url in _iter_papers(other)):
            if paper in titles:
                day = f" on {other.date}" if other.date else ""
                yield f"{titles[paper]} is in the material of {other.name} ({other.path}){day} too."


def _iter_papers(session: Session) -> Iterator[tuple[str, str]]:
    for section in session.material:
        yield from ((item.title, item.url) for item in section.items if item.url)
