"""The pages that lead to the sessions and tell of all of them, and what pages load."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from readingroom.core.models import Session, Site, in_order, previous, shelves, soonest, upcoming
from readingroom.render.archive import Year
from readingroom.render.templates import Templates
from readingroom.site import calendar, calendar_links, page_layout, search_index, statistics, theme, urls
from readingroom.site.people import People
from readingroom.store.catalogue import Catalogue
from readingroom.text.html import line

Page = tuple[str, Callable[[], bytes]]


class Contents:
    """Writes each of those pages when it is asked for."""

    def __init__(self, catalogue: Catalogue, templates: Templates, today: dt.date, people: People) -> None:
        self.group = catalogue.group
        self.by_kind = calendar.kinds(catalogue)
        self.sessions = catalogue.sessions
        self.templates = templates
        self.day = today
        self.people = people
        self.ahead = upcoming(catalogue.sessions, today)
        self.kept = shelves(catalogue.sessions)
        self.by_year: defaultdict[int, list[Session]] = defaultdict(list)
        for each in catalogue.sessions:
            if each.date:
                self.by_year[each.date.year].append(each)

    def pages(self) -> Iterator[Page]:
        """Yield the path of each page and what writes it."""
        yield urls.INDEX, self._index
        for year in self.by_year:
            yield urls.year(year), lambda year=year: self._year(year)  # type: ignore[misc]
        if len(self.ahead) > self.group.upcoming:
            yield urls.UPCOMING, lambda: self._list("Upcoming sessions", self.ahead, is_ahead=True)
        if self.kept:
            yield urls.SHELVES, lambda: self._list("More material", self.kept)
        yield urls.STATISTICS, self._statistics
        yield urls.LEADS, self._leads
        yield urls.STYLE, lambda: self.templates.text("site.css.j2", look=self._look()).encode()
        yield urls.ICON, lambda: self.templates.text("site-icon.svg.j2", look=self._look()).encode()
        yield urls.SCRIPT, lambda: self.templates.text("site.js.j2").encode()
        yield urls.SEARCH, lambda: search_index.script(self.group, self.sessions, self.people).encode()
        yield urls.NO_JEKYLL, lambda: b""

    def _framed(self, title: str, main: str, *, home: str = "", here: str = "") -> bytes:
        return page_layout.of(self.group, self.templates, home, here).around(title, main)

    def _index(self) -> bytes:
        first = soonest(self.ahead)
        others = [each for each in self.ahead if each is not first]
        main = self.templates.text(
            "site-index.html.j2",
            soonest=first,
            countdown=countdown(first.date, self.day) if first and first.date else "",
            leads=self.people.led(first) if first else [],
            led=self.people.led,
            subscriptions=calendar_links.of_group(self.group),
            event=urls.event(first) if first else "",
            calendars=calendar_links.of_session(self.group, first) if first else [],
            ahead=others[: self.group.upcoming],
            more=max(0, len(others) - self.group.upcoming),
            latest=previous(self.sessions, self.day)[: -self.group.previous - 1 : -1],
            years=[Year(str(year), urls.year(year), len(of)) for year, of in sorted(self.by_year.items())[::-1]],
            kinds=sorted({line(each.kind) for each in self.sessions if each.kind}),
            by_kind=self.by_kind,
            has_shelves=bool(self.kept),
        )
        return self._framed(self.group.name, main, here="index")

    def _year(self, year: int) -> bytes:
        sessions = sorted(self.by_year[year], key=in_order, reverse=self.group.order == "newest-first")
        return self._list(f"Sessions of {'the year ' * (year < 1000)}{year}", sessions, home="../")

    def _list(self, title: str, sessions: Sequence[Session], *, home: str = "", is_ahead: bool = False) -> bytes:
        main = self.templates.text(
            "site-list.html.j2", home=home, title=title, sessions=sessions, led=self.people.led, is_ahead=is_ahead
        )
        return self._framed(title, main, home=home)

    def _statistics(self) -> bytes:
        numbers = statistics.of(self.sessions, self.people, self.day)
        main = self.templates.text("site-statistics.html.j2", statistics=numbers)
        return self._framed("Statistics", main, here="statistics")

    def _leads(self) -> bytes:
        main = self.templates.text("site-leads.html.j2", leads=self.people.all)
        return self._framed("People", main, here="leads")

    def _look(self) -> theme.Look:
        return theme.of((self.group.site or Site()).colour)


def countdown(day: dt.date, today: dt.date) -> str:
    """Return in words how far off a day is."""
    days = (day - today).days
    if days < 2:
        return ("today", "tomorrow")[days]
    if days < 14:
        return f"in {days} days"
    return f"in {days // 7} weeks" if days < 70 else f"in {days // 30} months"
