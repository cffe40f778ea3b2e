"""What the search looks through: a row of each session, in a script that a page loads on first use."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from readingroom.core import date_format
from readingroom.core.models import REMARKS, Group, Session, Status, get_sort_key
from readingroom.site import description
from readingroom.site.people import LeadDirectory
from readingroom.text.characters import SCRIPT_LINE_BREAKS
from readingroom.text.html import clean_value


def render_search_script(group: Group, sessions: Iterable[Session], people: LeadDirectory) -> str:
    """Return a script that assigns the sessions, latest first, to a variable: a page on a disk may not read JSON.

    Each row holds folder, title, date, the date as the group writes it, status, the index of its kind in ``kinds``,
    those of its leads in ``leads``, the titles of its material, and in lines what else is searched: room, affiliations,
    resources and abstract; then, as far as a row shows them, its time, and the indexes of its room in ``rooms`` and of
    its marks in ``marks``. Each of ``leads`` is a name as the session's file has it, and the other spellings of that
    person.
    """
    kinds, leads, rooms, marks = (_TextNumbers() for _ in range(4))
    rows = [
        [
            *_iter_session_fields(group, session),
            kinds.assign_number(clean_value(session.kind)),
            [leads.assign_number(names) for names in _iter_lead_names(people, session)],
            " · ".join(_iter_item_titles(session)),
            "\n".join(dict.fromkeys(filter(None, _iter_other_texts(session)))),
            session.time if session.date and session.time != group.time else "",
            rooms.assign_number(clean_value(session.room) if session.room != group.room else ""),
            marks.assign_number(session.marks),
        ]
        for session in sorted(sessions, key=get_sort_key, reverse=True)
        if session.status != Status.OPEN
    ]
    data = {
        "remarks": {status.value: words.capitalize() for status, words in REMARKS.items()},
        "kinds": list(kinds.numbers),
        "leads": list(leads.numbers),
        "rooms": list(rooms.numbers),
        "marks": list(marks.numbers),
        "rows": rows,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in SCRIPT_LINE_BREAKS:
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"window.readingroomSessions = {text};\n"


def _iter_session_fields(group: Group, session: Session) -> Iterator[Any]:
    yield session.folder
    yield clean_value(session.name)
    yield session.date.isoformat() if session.date else ""
    yield clean_value(date_format.format_date(session.date, group.date_format, group.locale)) if session.date else ""
    yield "" if session.status == Status.CONFIRMED else session.status.value


def _iter_lead_names(people: LeadDirectory, session: Session) -> Iterator[tuple[str, ...]]:
    for lead, profile in zip(people.list_session_leads(session), people.list_profiles(session), strict=True):
        yield lead.name, *(name for name in (profile.name, *profile.spellings) if name != lead.name)


def _iter_item_titles(session: Session) -> Iterator[str]:
    for section in session.material:
        yield from filter(None, [clean_value(item.title) for item in section.items])


def _iter_other_texts(session: Session) -> Iterator[str]:
    yield clean_value(session.room)
    yield from (clean_value(lead.affiliation) for lead in session.leads)
    for resource in session.resources:
        yield clean_value(resource.title)
        yield clean_value(resource.label)
    yield description.render_line(session.abstract)


class _TextNumbers:
    """Numbers texts, or several as one, in the order in which they come, from 0; an empty text is -1."""

    def __init__(self) -> None:
        self.numbers: dict[str | tuple[str, ...], int] = {}

    def assign_number(self, text: str | tuple[str, ...]) -> int:
        return self.numbers.setdefault(text, len(self.numbers)) if text else -1
