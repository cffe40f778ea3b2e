"""What the search looks through: one line of facts for each session, as a script that a page loads on first use."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from readingroom.core import date_format
from readingroom.core.models import REMARKS, Group, Session, Status, get_sort_key
from readingroom.site.people import LeadDirectory, LeadProfile
from readingroom.text.characters import SCRIPT_LINE_BREAKS
from readingroom.text.html import clean_value

VARIABLE = "readingroomSessions"


def render_search_script(group: Group, sessions: Iterable[Session], people: LeadDirectory) -> str:
    """Return a script that gives a variable the sessions, latest first; a file of JSON no page on a disk may read.

    Each row holds folder, title, day, the day as the group writes it, status, the place of its kind among ``kinds``,
    those of its leads among ``leads``, and the titles of what is read. Of ``leads`` each is a name as it is shown, and
    its other spellings.
    """
    kinds, leads = _TextNumbers(), _TextNumbers()
    found = sorted((each for each in sessions if each.status != Status.OPEN), key=get_sort_key, reverse=True)
    rows = [
        [
            *_iter_session_fields(group, each),
            kinds.assign_number(clean_value(each.kind)),
            [leads.assign_number(lead.path) for lead in people.list_session_leads(each)],
            " · ".join(_iter_reading_titles(each)),
        ]
        for each in found
    ]
    remarks = {status.value: words.capitalize() for status, words in REMARKS.items()}
    by_path = {lead.path: lead for lead in people.all}
    names = [_list_spellings(by_path[path]) for path in leads.known]
    data = {"remarks": remarks, "kinds": list(kinds.known), "leads": names, "rows": rows}
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in SCRIPT_LINE_BREAKS:
        written = written.replace(character, f"\\u{ord(character):04x}")
    return f"window.{VARIABLE} = {written};\n"


def _iter_session_fields(group: Group, session: Session) -> Iterator[Any]:
    yield session.folder
    yield clean_value(session.name)
    yield session.date.isoformat() if session.date else ""
    yield clean_value(date_format.format_date(session.date, group.date_format, group.locale)) if session.date else ""
    yield "" if session.status == Status.CONFIRMED else session.status.value


def _iter_reading_titles(session: Session) -> Iterator[str]:
    for section in session.material:
        yield from filter(None, [clean_value(item.title) for item in section.items])


def _list_spellings(lead: LeadProfile) -> tuple[str, ...]:
    return (clean_value(lead.name), *map(clean_value, lead.spellings))


class _TextNumbers:
    """Numbers texts in the order in which they come; nothing is -1."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def assign_number(self, text: str) -> int:
        return self.known.setdefault(text, len(self.known)) if text else -1
