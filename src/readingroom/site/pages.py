"""The web page: sessions to every HTML page, its style and its scripts."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from readingroom.core.models import Session, Site, Status, get_sort_key
from readingroom.core.tree import Files
from readingroom.render.announcements import RevisionLog
from readingroom.render.neighbours import Neighbours
from readingroom.render.templates import Templates
from readingroom.site import calendar_links, page_layout, paths, resource_files, schema_org
from readingroom.site.overview_pages import IndexPages, PendingPage
from readingroom.site.people import LeadDirectory, LeadProfile
from readingroom.site.resource_files import CopyMap
from readingroom.store.catalogue import Catalogue

PAGES_PER_JOB = 250  # pages that are written in one go
HOME = "../"

SiteJob = Callable[[], Files]


def iter_page_jobs(
    catalogue: Catalogue, templates: Templates, today: dt.date, announced: RevisionLog
) -> Iterator[SiteJob]:
    """Yield what there is to do for all pages; each work returns some of them by their paths."""
    people = LeadDirectory(catalogue.sessions)
    templates.prepare_web_templates("site-session.html.j2", "site-lead.html.j2", "site-list.html.j2")
    pages = _PageRenderer(catalogue, templates, today, people, announced)
    yield from (partial(pages.render_session_pages, part) for part in _split_into_parts(catalogue.sessions))
    yield from (partial(pages.render_lead_pages, part) for part in _split_into_parts(people.all))
    yield from (
        partial(_render_pending_page, page) for page in IndexPages(catalogue, templates, today, people).iter_pages()
    )


def _split_into_parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + PAGES_PER_JOB] for start in range(0, len(items), PAGES_PER_JOB))


def _render_pending_page(page: PendingPage) -> Files:
    path, write = page
    return {path: write()}


def collect_copies(catalogue: Catalogue) -> CopyMap:
    """Return which files of the repository have a copy where."""
    found: CopyMap = {}
    for each in catalogue.sessions:
        if each.resources:
            found |= resource_files.map_copies(each)
    if logo := paths.get_logo_path(catalogue.group):
        found[logo] = (catalogue.group.site or Site()).logo
    return found


class _PageRenderer:
    """Writes a page for each session and for each person."""

    def __init__(
        self, catalogue: Catalogue, templates: Templates, today: dt.date, people: LeadDirectory, announced: RevisionLog
    ) -> None:
        self.group = catalogue.group
        self.templates = templates
        self.day = today
        self.people = people
        self.announced = announced
        self.neighbours = Neighbours(catalogue.sessions)
        self.frame = page_layout.build_page_frame(self.group, templates, HOME)

    def render_session_pages(self, sessions: Sequence[Session]) -> Files:
        around = self.frame.wrap_page
        return {
            paths.get_page_path(each): around(get_page_title(each), self._render_session(each)) for each in sessions
        }

    def render_lead_pages(self, leads: Sequence[LeadProfile]) -> Files:
        return {each.path: self.frame.wrap_page(each.name, self._render_lead(each)) for each in leads}

    def _render_session(self, session: Session) -> str:
        near = self.neighbours
        is_ahead = session.takes_place and session.date is not None and session.date >= self.day
        return self.templates.render_template(
            "site-session.html.j2",
            home=HOME,
            title=get_page_title(session),
            session=session,
            data=self._render_json_ld(session),
            leads=self.people.list_session_leads(session),
            found=list(resource_files.iter_resource_links(self.group, session)) if session.resources else [],
            event=paths.get_event_path(session) if is_ahead else "",
            calendars=calendar_links.build_event_links(self.group, session) if is_ahead else [],
            before=near.before.get(session.folder),
            after=near.after.get(session.folder),
            parts=near.parts.get(session.folder, ()),
            continued=near.folders.get(session.continues),
        )

    def _render_json_ld(self, session: Session) -> Markup:
        """Return what search engines are told of a session, as JSON that can stand within a page; maybe nothing."""
        event = schema_org.build_event_json_ld(session, self.group, self.announced.revisions.get(session.folder))
        return Markup(schema_org.encode_json_for_script(event) if event else "")  # noqa: S704 -- no < or & is in it

    def _render_lead(self, lead: LeadProfile) -> str:
        sessions = sorted(lead.sessions, key=get_sort_key, reverse=True)
        return self.templates.render_template(
            "site-lead.html.j2", home=HOME, lead=lead, sessions=sessions, led=self.people.list_session_leads
        )


def get_page_title(session: Session) -> str:
    return "Free slot" if session.status == Status.OPEN else session.name
