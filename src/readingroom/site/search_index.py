"""What the search looks through: one line of facts for each session, as a script that a page loads on first use."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from readingroom.core import date_format
from readingroom.core.models import REMARKS, Group, Session, Status, in_order
from readingroom.site.people import Lead, People
from readingroom.text.html import line

VARIABLE = "readingroomSessions"
# JSON may hold these as they are, JavaScript before 2019 not: https://github.com/tc39/proposal-json-superset
_BREAKS = {"\u2028": "\\u2028", "\u2029": "\\u2029"}


def script(group: Group, sessions: Iterable[Session], people: People) -> str:
    """Return a script that gives a variable the sessions, latest first; a file of JSON no page on a disk may read.

    Each row holds folder, title, day, the day as the group writes it, status, the place of its kind among ``kinds``,
    those of its leads among ``leads``, and the titles of what is read. Of ``leads`` each is a name as it is shown, and
    its other spellings.
    """
    kinds, leads = _Places(), _Places()
    found = sorted((each for each in sessions if each.status != Status.OPEN), key=in_order, reverse=True)
    rows = [
        [
            *_facts(group, each),
            kinds.of(line(each.kind)),
            [leads.of(lead.path) for lead in people.led(each)],
            " · ".join(_reading(each)),
        ]
        for each in found
    ]
    remarks = {status.value: words.capitalize() for status, words in REMARKS.items()}
    by_path = {lead.path: lead for lead in people.all}
    names = [_spellings(by_path[path]) for path in leads.known]
    data = {"remarks": remarks, "kinds": list(kinds.known), "leads": names, "rows": rows}
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _BREAKS.items():
        written = written.replace(character, escape)
    return f"window.{VARIABLE} = {written};\n"


def _facts(group: Group, session: Session) -> Iterator[Any]:
    yield session.folder
    yield line(session.name)
    yield session.date.isoformat() if session.date else ""
    yield line(date_format.written(session.date, group.date_format, group.locale)) if session.date else ""
    yield "" if session.status == Status.CONFIRMED else session.status.value


def _reading(session: Session) -> Iterator[str]:
    for section in session.material:
        yield from filter(None, [line(item.title) for item in section.items])


def _spellings(lead: Lead) -> tuple[str, ...]:
    return (line(lead.name), *map(line, lead.spellings))


class _Places:
    """Numbers texts in the order in which they come; nothing is -1."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def of(self, text: str) -> int:
        return self.known.setdefault(text, len(self.known)) if text else -1
