"""The web page: sessions to every HTML page, its style and its scripts."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from readingroom.core.models import Session, Site, Status, in_order
from readingroom.core.tree import Files
from readingroom.render.announcements import Announcements
from readingroom.render.templates import Templates
from readingroom.site import calendar_links, page_layout, resource_files, schema_org, urls
from readingroom.site.overview_pages import Contents, Page
from readingroom.site.people import Lead, People
from readingroom.site.resource_files import Copies
from readingroom.store.catalogue import Catalogue
from readingroom.store.neighbours import Neighbours

PART = 250  # pages that are written in one go
HOME = "../"

Work = Callable[[], Files]


def works(catalogue: Catalogue, templates: Templates, today: dt.date, announced: Announcements) -> Iterator[Work]:
    """Yield what there is to do for all pages; each work returns some of them by their paths."""
    people = People(catalogue.sessions)
    templates.prepare("site-session.html.j2", "site-lead.html.j2", "site-list.html.j2")
    pages = _Pages(catalogue, templates, today, people, announced)
    yield from (partial(pages.of_sessions, part) for part in _parts(catalogue.sessions))
    yield from (partial(pages.of_people, part) for part in _parts(people.all))
    yield from (partial(_written, page) for page in Contents(catalogue, templates, today, people).pages())


def _parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + PART] for start in range(0, len(items), PART))


def _written(page: Page) -> Files:
    path, write = page
    return {path: write()}


def copied(catalogue: Catalogue) -> Copies:
    """Return which files of the repository have a copy where."""
    found: Copies = {}
    for each in catalogue.sessions:
        if each.resources:
            found |= resource_files.of(each)
    if logo := urls.logo(catalogue.group):
        found[logo] = (catalogue.group.site or Site()).logo
    return found


class _Pages:
    """Writes a page for each session and for each person."""

    def __init__(
        self, catalogue: Catalogue, templates: Templates, today: dt.date, people: People, announced: Announcements
    ) -> None:
        self.group = catalogue.group
        self.templates = templates
        self.day = today
        self.people = people
        self.announced = announced
        self.neighbours = Neighbours(catalogue.sessions)
        self.frame = page_layout.of(self.group, templates, HOME)

    def of_sessions(self, sessions: Sequence[Session]) -> Files:
        around = self.frame.around
        return {urls.page(each): around(title_of(each), self._session(each)) for each in sessions}

    def of_people(self, leads: Sequence[Lead]) -> Files:
        return {each.path: self.frame.around(each.name, self._lead(each)) for each in leads}

    def _session(self, session: Session) -> str:
        near = self.neighbours
        is_ahead = session.takes_place and session.date is not None and session.date >= self.day
        return self.templates.text(
            "site-session.html.j2",
            home=HOME,
            title=title_of(session),
            session=session,
            data=self._data(session),
            leads=self.people.led(session),
            found=list(resource_files.found(self.group, session)) if session.resources else [],
            event=urls.event(session) if is_ahead else "",
            calendars=calendar_links.of_session(self.group, session) if is_ahead else [],
            before=near.before.get(session.folder),
            after=near.after.get(session.folder),
            parts=near.parts.get(session.folder, ()),
            continued=near.folders.get(session.continues),
        )

    def _data(self, session: Session) -> Markup:
        """Return what search engines are told of a session, as JSON that can stand within a page; maybe nothing."""
        event = schema_org.of(session, self.group, self.announced.told.get(session.folder))
        return Markup(schema_org.as_script(event) if event else "")  # noqa: S704 -- no < or & is in it

    def _lead(self, lead: Lead) -> str:
        sessions = sorted(lead.sessions, key=in_order, reverse=True)
        return self.templates.text("site-lead.html.j2", home=HOME, lead=lead, sessions=sessions, led=self.people.led)


def title_of(session: Session) -> str:
    return "Free slot" if session.status == Status.OPEN else session.name
