"""What a reviewer should know of one session beside all the others."""

from collections.abc import Iterator

from readingroom.core.models import WEEKDAYS, Session
from readingroom.store.catalogue import Catalogue
from readingroom.text import references
from readingroom.text.matching import normalize_text


def check_session(catalogue: Catalogue, folder: str) -> list[str]:
    """Return a sentence for everything about a session that may not be meant."""
    session, others = _split_off_session(catalogue, folder)
    found = [*check_session_date(catalogue, folder), *_check_repeated_papers(session, others)]
    if not session.has_slides:
        found.append("There are no slides yet.")
    return found


def check_session_date(catalogue: Catalogue, folder: str) -> list[str]:
    """Return a sentence for everything about a session's date, time and room that may not be meant."""
    session, others = _split_off_session(catalogue, folder)
    usual = catalogue.group.usual_weekday
    found = []
    if session.date and usual not in {None, session.date.weekday()}:
        found.append(
            f"{session.date} is a {WEEKDAYS[session.date.weekday()]}; the group meets on {catalogue.group.day}s."
        )
    return [*found, *_check_date_clashes(session, others)]


def _split_off_session(catalogue: Catalogue, folder: str) -> tuple[Session, list[Session]]:
    """Return a session, and all others."""
    session = next(each for each in catalogue.sessions if each.folder == folder)
    return session, [each for each in catalogue.sessions if each.folder != folder]


def _check_date_clashes(session: Session, others: list[Session]) -> Iterator[str]:
    leads = {normalize_text(each.name) for each in session.leads}
    for each in others:
        if not session.date or each.date != session.date or not each.takes_place:
            continue
        parts = [f"takes place on {each.date} too"]
        if session.time == each.time:
            parts.append("at the same time")
        if session.room and normalize_text(session.room) == normalize_text(each.room):
            parts.append(f"in the same room ({each.room})")
        if same := [person.name for person in each.leads if normalize_text(person.name) in leads]:
            parts.append(f"with the same lead ({', '.join(same)})")
        yield f"{each.headline} (sessions/{each.folder}) {', '.join(parts)}."


def _check_repeated_papers(session: Session, others: list[Session]) -> Iterator[str]:
    """Yield the papers that another session has read, whatever form their addresses take."""
    ours = {references.derive_paper_key(url): title or url for title, url in _iter_papers(session)}
    for each in others:
        for url in dict.fromkeys(references.derive_paper_key(url) for _, url in _iter_papers(each)):
            if url in ours:
                day = f" on {each.date}" if each.date else ""
                yield f"{ours[url]} is in the material of {each.name} (sessions/{each.folder}){day} too."


def _iter_papers(session: Session) -> Iterator[tuple[str, str]]:
    for section in session.material:
        yield from ((item.title, item.url) for item in section.items if item.url)
