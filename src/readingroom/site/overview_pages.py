"""The pages about all sessions, and what pages load."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from urllib.parse import urlsplit

from readingroom.core.models import (
    ArchiveOrder,
    Session,
    Site,
    find_next_session,
    get_sort_key,
    list_previous,
    list_shelves,
    list_upcoming,
)
from readingroom.render.archive import YearPage
from readingroom.render.templates import Templates
from readingroom.site import calendar, calendar_links, paths, search_index, statistics, theme
from readingroom.site.page_layout import NavigationLink, build_page_frame
from readingroom.site.people import LeadDirectory
from readingroom.site.sharing import head_tags
from readingroom.site.sharing.head_tags import PageSummary
from readingroom.store.catalogue import Catalogue
from readingroom.store.revisions import RevisionLog
from readingroom.text import plain
from readingroom.text.html import clean_value

PendingPage = tuple[str, Callable[[], bytes]]


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
            yield paths.UPCOMING, partial(self._render_list, paths.UPCOMING, "Upcoming sessions", self.upcoming)
        if self.shelves:
            yield paths.SHELVES, partial(self._render_list, paths.SHELVES, "More material", self.shelves)
        yield paths.STATISTICS, self._render_statistics
        yield paths.LEADS, self._render_leads
        yield paths.NOT_FOUND, self._render_not_found
        yield paths.STYLE, lambda: self.templates.render_template("site.css.j2", look=self.palette).encode()
        yield paths.ICON, lambda: self.templates.render_template("site-icon.svg.j2", look=self.palette).encode()
        yield paths.SCRIPT, lambda: self.templates.render_template("site.js.j2").encode()
        yield paths.FINDER, lambda: self.templates.render_template("site-finder.js.j2").encode()
        yield paths.SEARCH, lambda: search_index.render_search_script(self.group, self.sessions, self.people).encode()
        yield paths.NO_JEKYLL, lambda: b""

    def _wrap_page(
        self, summary: PageSummary, main: str, *, home: str = "", here: NavigationLink = NavigationLink.NONE
    ) -> bytes:
        has_address = bool(summary.path)
        frame = build_page_frame(self.group, self.templates, home, here, has_address=has_address)
        return frame.wrap_page(summary, main)

    def _render_index(self) -> bytes:
        soonest = find_next_session(self.upcoming)
        others = [session for session in self.upcoming if session is not soonest]
        main = self.templates.render_template(
            "site-index.html.j2",
            soonest=soonest,
            countdown=format_countdown(soonest.date, self.day) if soonest and soonest.date else "",
            leads=self.people.list_session_leads(soonest) if soonest else [],
            led=self.people.list_session_leads,
            subscriptions=calendar_links.build_subscription_links(self.group),
            event=paths.get_event_path(soonest) if soonest else "",
            calendars=calendar_links.build_event_links(self.group, soonest) if soonest else [],
            ahead=others[: self.group.upcoming],
            more=max(0, len(others) - self.group.upcoming),
            latest=list_previous(self.sessions, self.day)[: -self.group.previous - 1 : -1],
            years=[
                YearPage(str(year), paths.get_year_path(year), len(sessions))
                for year, sessions in sorted(self.by_year.items(), reverse=True)
            ],
            kinds=sorted({clean_value(session.kind) for session in self.sessions if session.kind}),
            by_kind=self.kind_files,
            has_shelves=bool(self.shelves),
        )
        return self._wrap_page(head_tags.summarize_index(self.group), main, here=NavigationLink.INDEX)

    def _render_year(self, year: int) -> bytes:
        sessions = sorted(self.by_year[year], key=get_sort_key, reverse=self.group.order == ArchiveOrder.NEWEST_FIRST)
        title = f"Sessions of {'the year ' * (year < 1000)}{year}"
        return self._render_list(paths.get_year_path(year), title, sessions, home="../")

    def _render_list(self, path: str, title: str, sessions: Sequence[Session], *, home: str = "") -> bytes:
        main = self.templates.render_template(
            "site-list.html.j2",
            home=home,
            title=title,
            sessions=sessions,
            led=self.people.list_session_leads,
            is_ahead=path == paths.UPCOMING,
        )
        return self._wrap_page(head_tags.summarize_list(path, title, self.group, sessions), main, home=home)

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


def format_countdown(day: dt.date, today: dt.date) -> str:
    """Return in words how long it is until a day."""
    days = (day - today).days
    if days < 2:
        return ("today", "tomorrow")[days]
    if days < 14:
        return f"in {days} days"
    return f"in {days // 7} weeks" if days < 70 else f"in {days // 30} months"
