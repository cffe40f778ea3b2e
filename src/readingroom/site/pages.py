"""The website: every HTML page, their style and their scripts."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from readingroom.core.models import Session, Site, Status, get_sort_key, is_past
from readingroom.core.tree import Files
from readingroom.render.neighbours import Neighbours
from readingroom.render.templates import Templates
from readingroom.site import calendar_links, paths, resource_files
from readingroom.site.overview_pages import IndexPages, PendingPage
from readingroom.site.page_layout import NavigationLink, build_page_frame
from readingroom.site.people import LeadDirectory, LeadProfile
from readingroom.site.resource_files import CopyMap
from readingroom.site.sharing import head_tags, images, schema_org
from readingroom.store.catalogue import Catalogue
from readingroom.store.revisions import RevisionLog

PAGES_PER_JOB = 250
HOME = "../"

SiteJob = Callable[[], Files]


def iter_page_jobs(
    catalogue: Catalogue, templates: Templates, today: dt.date, announced: RevisionLog
) -> Iterator[SiteJob]:
    """Yield the jobs that render all pages; each returns some of them by their paths."""
    people = LeadDirectory(catalogue.sessions, announced)
    templates.prepare_templates("site-session.html.j2", "site-lead.html.j2", "site-list.html.j2")
    renderer = _PageRenderer(catalogue, templates, today, people, announced)
    yield from (partial(renderer.render_session_pages, part) for part in _split_into_parts(catalogue.sessions))
    yield from (partial(renderer.render_lead_pages, part) for part in _split_into_parts(people.all))
    for page in IndexPages(catalogue, templates, today, people, announced).iter_pages():
        yield partial(_render_pending_page, page)


def _split_into_parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + PAGES_PER_JOB] for start in range(0, len(items), PAGES_PER_JOB))


def _render_pending_page(page: PendingPage) -> Files:
    path, render = page
    return {path: render()}


def collect_copies(catalogue: Catalogue, announced: RevisionLog) -> CopyMap:
    """Return all copies of files of the repository, as paths of the site to paths of the repository."""
    copies: CopyMap = {}
    for session in catalogue.sessions:
        copies |= resource_files.map_copies(session)
    for before, session in paths.iter_former_sessions(catalogue.sessions, announced):
        copies |= resource_files.map_copies(session, shown_as=before)
    if logo := paths.get_logo_path(catalogue.group):
        copies[logo] = (catalogue.group.site or Site()).logo
    return copies


def render_redirects(catalogue: Catalogue, templates: Templates, announced: RevisionLog, files: Files) -> Files:
    """Return a file for each earlier address of one of the site's files: a page that leads there, or a copy.

    What has an address now keeps it, also where a disk makes no difference between small and capital letters.
    """
    taken = {path.casefold() for path in files}
    redirects: Files = {}
    for old, new in paths.map_moved_paths(catalogue.sessions, announced).items():
        if new not in files or old.casefold() in taken:
            continue
        redirects[old] = files[new] if not new.endswith(".html") else _render_redirect(catalogue, templates, old, new)
        taken.add(old.casefold())
    return redirects


def _render_redirect(catalogue: Catalogue, templates: Templates, old: str, new: str) -> bytes:
    target = paths.build_relative_url(new, old)
    canonical = paths.build_absolute_url(catalogue.group, new)
    text = templates.render_template("site-moved.html.j2", home=HOME, target=target, canonical=canonical)
    return text.encode()


class _PageRenderer:
    """Renders a page for each session and for each person."""

    def __init__(
        self, catalogue: Catalogue, templates: Templates, today: dt.date, people: LeadDirectory, announced: RevisionLog
    ) -> None:
        self.group = catalogue.group
        self.templates = templates
        self.day = today
        self.people = people
        self.announced = announced
        self.neighbours = Neighbours(catalogue.sessions)
        self.drawn = images.map_session_images(catalogue).keys()
        self.frame = build_page_frame(self.group, templates, HOME, NavigationLink.NONE)

    def render_session_pages(self, sessions: Sequence[Session]) -> Files:
        return {
            paths.get_page_path(session): self.frame.wrap_page(
                head_tags.summarize_session(session, self.group, _get_page_title(session), self.drawn),
                self._render_session(session),
            )
            for session in sessions
        }

    def render_lead_pages(self, leads: Sequence[LeadProfile]) -> Files:
        return {
            lead.path: self.frame.wrap_page(head_tags.summarize_lead(lead, self.group), self._render_lead(lead))
            for lead in leads
        }

    def _render_session(self, session: Session) -> str:
        neighbours = self.neighbours
        is_ahead = session.takes_place and session.date is not None and session.date >= self.day
        return self.templates.render_template(
            "site-session.html.j2",
            home=HOME,
            title=_get_page_title(session),
            session=session,
            is_past=is_past(session, self.day),
            data=self._render_json_ld(session),
            leads=self.people.list_session_leads(session),
            found=list(resource_files.iter_resource_links(self.group, session)) if session.resources else [],
            event=paths.get_event_path(session) if is_ahead else "",
            calendars=calendar_links.build_event_links(self.group, session) if is_ahead else [],
            before=neighbours.before.get(session.folder),
            after=neighbours.after.get(session.folder),
            parts=neighbours.parts.get(session.folder, ()),
            continued=neighbours.folders.get(session.continues),
        )

    def _render_json_ld(self, session: Session) -> Markup:
        """Return a session's description for search engines as JSON within a page, or an empty text."""
        revision = self.announced.revisions.get(session.folder)
        own = paths.get_session_image_path(session)
        image = own if own in self.drawn else paths.SHARE_IMAGE
        event = schema_org.build_event_json_ld(session, self.group, revision, image=image)
        return Markup(schema_org.encode_json_for_script(event) if event else "")  # noqa: S704 -- no < or & is in it

    def _render_lead(self, lead: LeadProfile) -> str:
        path = paths.get_lead_calendar_path(lead.path)
        return self.templates.render_template(
            "site-lead.html.j2",
            home=HOME,
            lead=lead,
            sessions=sorted(lead.sessions, key=get_sort_key, reverse=True),
            led=self.people.list_session_leads,
            calendar=path,
            webcal=calendar_links.build_webcal_url(self.group, path),
        )


def _get_page_title(session: Session) -> str:
    return "Free slot" if session.status == Status.OPEN else session.name
