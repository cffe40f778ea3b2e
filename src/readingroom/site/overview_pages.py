"""The pages about all sessions, and what pages load."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from readingroom.core.models import (
    ArchiveOrder,
    Session,
    Site,
    Status,
    get_sort_key,
    is_past,
    list_planned,
    list_previous,
    list_shelves,
    list_upcoming,
)
from readingroom.render.archive import YearPage
from readingroom.render.templates import Templates
from readingroom.site import calendar, calendar_links, paths, search_index, statistics, theme
from readingroom.site.calendar_links import CalendarLink
from readingroom.site.page_layout import NavigationLink, build_page_frame
from readingroom.site.people import LeadDirectory, LeadLink
from readingroom.site.sharing import head_tags
from readingroom.site.sharing.head_tags import PageSummary
from readingroom.store.catalogue import Catalogue
from readingroom.store.revisions import RevisionLog
from readingroom.text import plain
from readingroom.text.html import clean_value

PendingPage = tuple[str, Callable[[], bytes]]

_COMMENT = re.compile(r"// .*|/\*.*\*/")

MAX_PLANNED = 3  # the next session and those that follow it, until the site is built again
MAX_FREE_SLOTS = 5


class PlannedSession(NamedTuple):
    """A session as the index shows the next one; ``event`` is the path of its calendar file."""

    session: Session
    leads: Sequence[LeadLink]
    event: str
    calendars: Sequence[CalendarLink]


class IndexPages:
    """Renders each of those pages when it is asked for."""

    def __init__(
        self, catalogue: Catalogue, templates: Templates, today: dt.date, people: LeadDirectory, announced: RevisionLog
    ) -> None:
        self.group = catalogue.group
        self.kind_files = calendar_links.list_kind_files(self.group, calendar.map_kind_calendars(catalogue, announced))
        self.sessions = catalogue.sessions
        self.templates = templates
        self.day = today
        self.people = people
        self.palette = theme.build_palette((self.group.site or Site()).colour)
        self.upcoming = list_upcoming(catalogue.sessions, today)
        self.shelves = list_shelves(catalogue.sessions)
        self.by_year: defaultdict[int, list[Session]] = defaultdict(list)
        for session in catalogue.sessions:
            if session.date:
                self.by_year[session.date.year].append(session)

    def iter_pages(self) -> Iterator[PendingPage]:
        """Yield the path of each page and the function that renders it."""
        yield paths.INDEX, self._render_index
        for year in self.by_year:
            yield paths.get_year_path(year), partial(self._render_year, year)
        if len(self.upcoming) > self.group.upcoming:
            yield (
                paths.UPCOMING,
                partial(self._render_list, paths.UPCOMING, "Upcoming sessions", (), ahead=self.upcoming),
            )
        if self.shelves:
            yield paths.SHELVES, partial(self._render_list, paths.SHELVES, "More material", self.shelves)
        yield paths.STATISTICS, self._render_statistics
        yield paths.LEADS, self._render_leads
        yield paths.NOT_FOUND, self._render_not_found
        yield paths.STYLE, lambda: _strip_source(self.templates.render_template("site.css.j2", look=self.palette))
        yield paths.CONTENT_STYLE, lambda: _strip_source(self.templates.render_template("site-content.css.j2"))
        yield paths.ICON, lambda: self.templates.render_template("site-icon.svg.j2", look=self.palette).encode()
        yield paths.PAGE_SCRIPT, lambda: _strip_source(self.templates.render_template("site-page.js.j2"))
        yield paths.SCRIPT, lambda: _strip_source(self.templates.render_template("site.js.j2"))
        yield paths.FINDER, lambda: _strip_source(self.templates.render_template("site-finder.js.j2"))
        yield paths.SEARCH, lambda: search_index.render_search_script(self.group, self.sessions, self.people).encode()
        yield paths.NO_JEKYLL, lambda: b""

    def _wrap_page(
        self, summary: PageSummary, main: str, *, home: str = "", here: NavigationLink = NavigationLink.NONE
    ) -> bytes:
        has_address = bool(summary.path)
        frame = build_page_frame(self.group, self.templates, home, here, has_address=has_address)
        return frame.wrap_page(summary, main)

    def _render_index(self) -> bytes:
        planned = list_planned(self.upcoming)
        others = [session for session in self.upcoming if session not in planned[:1]]
        previous = list_previous(self.sessions, self.day)
        main = self.templates.render_template(
            "site-index.html.j2",
            planned=[self._build_planned_session(session) for session in planned[:MAX_PLANNED]],
            countdown=format_countdown(planned[0].date, self.day) if planned and planned[0].date else "",
            last_held=next((session for session in reversed(previous) if session.takes_place), None),
            slots=[session for session in self.upcoming if session.status == Status.OPEN and session.date][
                :MAX_FREE_SLOTS
            ],
            led=self.people.list_session_leads,
            subscriptions=calendar_links.build_subscription_links(self.group),
            ahead=[*planned[:1], *others[: self.group.upcoming]] if others else [],
            more=max(0, len(others) - self.group.upcoming),
            latest=previous[: -self.group.previous - 1 : -1],
            years=self._list_years(self.sessions),
            archive=self._list_years(previous),
            kinds=sorted({clean_value(session.kind) for session in self.sessions if session.kind}),
            by_kind=self.kind_files,
            has_shelves=bool(self.shelves),
        )
        return self._wrap_page(head_tags.summarize_index(self.group), main, here=NavigationLink.INDEX)

    def _build_planned_session(self, session: Session) -> PlannedSession:
        return PlannedSession(
            session,
            self.people.list_session_leads(session),
            paths.get_event_path(session),
            calendar_links.build_event_links(self.group, session),
        )

    def _list_years(self, sessions: Sequence[Session]) -> list[YearPage]:
        """Return the pages of the years of sessions, the latest first, with how many of the sessions are in each."""
        counts = Counter(session.date.year for session in sessions if session.date)
        return [YearPage(str(year), paths.get_year_path(year), counts[year]) for year in sorted(counts, reverse=True)]

    def _render_year(self, year: int) -> bytes:
        sessions = sorted(self.by_year[year], key=get_sort_key, reverse=self.group.order == ArchiveOrder.NEWEST_FIRST)
        return self._render_list(
            paths.get_year_path(year),
            f"Sessions of {'the year ' * (year < 1000)}{year}",
            [session for session in sessions if is_past(session, self.day)],
            ahead=[session for session in self.upcoming if session.date and session.date.year == year],
            home="../",
        )

    def _render_list(
        self, path: str, title: str, sessions: Sequence[Session], *, ahead: Sequence[Session] = (), home: str = ""
    ) -> bytes:
        main = self.templates.render_template(
            "site-list.html.j2",
            home=home,
            title=title,
            ahead=ahead,
            sessions=sessions,
            led=self.people.list_session_leads,
        )
        return self._wrap_page(head_tags.summarize_list(path, title, self.group, [*ahead, *sessions]), main, home=home)

    def _render_statistics(self) -> bytes:
        numbers = statistics.compute_statistics(self.sessions, self.people, self.day)
        main = self.templates.render_template("site-statistics.html.j2", statistics=numbers)
        summary = head_tags.summarize_list(paths.STATISTICS, "Statistics", self.group, self.sessions)
        return self._wrap_page(summary, main, here=NavigationLink.STATISTICS)

    def _render_leads(self) -> bytes:
        counts = Counter(lead.name for lead in self.people.all)
        namesakes = {name for name, count in counts.items() if count > 1}
        main = self.templates.render_template("site-leads.html.j2", leads=self.people.all, namesakes=namesakes)
        summary = head_tags.summarize_list(paths.LEADS, "People", self.group, self.sessions)
        return self._wrap_page(summary, main, here=NavigationLink.LEADS)

    def _render_not_found(self) -> bytes:
        """Return the page that a server shows in place of any missing one, so its links must not be relative."""
        url = self.group.site.url if self.group.site else ""
        home = f"{urlsplit(url).path}/" if url else ""
        main = self.templates.render_template("site-not-found.html.j2", home=home)
        summary = PageSummary(
            "Page not found", f"{plain.clean_name(self.group.name)}: there is no page at this address."
        )
        return self._wrap_page(summary, main, home=home)


def _strip_source(text: str) -> bytes:
    """Return a style or a script without indentation and comments on lines of their own: an eighth less to load."""
    lines = [line.strip() for line in text.split("\n")]
    return "\n".join(line for line in lines if line and not _COMMENT.fullmatch(line)).encode()


def format_countdown(day: dt.date, today: dt.date) -> str:
    """Return in words how long it is until a day."""
    days = (day - today).days
    if days < 2:
        return ("today", "tomorrow")[days]
    if days < 14:
        return f"in {days} days"
    return f"in {days // 7} weeks" if days < 70 else f"in {days // 30} months"
