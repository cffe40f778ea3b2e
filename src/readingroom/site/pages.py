"""The web page: sessions to every HTML page, its style and its script."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from readingroom.archive import Year
from readingroom.catalogue import Catalogue
from readingroom.files import Files, Share, in_turn
from readingroom.neighbours import Neighbours
from readingroom.session import Group, Session, Site, Status, in_order, previous, shelves, upcoming
from readingroom.site import addresses, copies, invitations, look, search, statistics
from readingroom.site.copies import Copies
from readingroom.site.people import Lead, People
from readingroom.site.prose import line
from readingroom.templating import Templates

PEOPLE_AT_ONCE = 400  # what pays for a fork, of short pages


class Frame(NamedTuple):
    """What stands around every page: ``home`` is the way from the page to the site's folder, ``logo`` from there."""

    home: str
    logo: str
    subscriptions: tuple[invitations.Link, ...]


def files(
    catalogue: Catalogue, templates: Templates, today: dt.date, share: Share = in_turn
) -> tuple[Files, Copies]:
    """Return every page by its path, and which files of the repository have a copy where."""
    pages = Pages(catalogue, templates, today)
    made = {addresses.INDEX: pages.index(), **dict(pages.lists()), **dict(pages.beside())}
    for part in share(pages.of_sessions, catalogue.sessions):
        made |= part
    for part in share(pages.of_people, pages.people.all, least=PEOPLE_AT_ONCE):
        made |= part
    return made, _copies(catalogue)


def _copies(catalogue: Catalogue) -> Copies:
    found: Copies = {}
    for each in catalogue.sessions:
        found |= copies.of(each)
    if logo := addresses.logo(catalogue.group):
        found[logo] = (catalogue.group.site or Site()).logo
    return found


class Pages:
    """Writes the pages of one catalogue as of one day."""

    def __init__(self, catalogue: Catalogue, templates: Templates, today: dt.date) -> None:
        self.group = catalogue.group
        self.sessions = catalogue.sessions
        self.templates = templates
        self.today = today
        self.people = People(catalogue.sessions)
        self.ahead = upcoming(catalogue.sessions, today)
        self.neighbours = Neighbours(catalogue.sessions)
        logo, subscriptions = addresses.logo(self.group), tuple(invitations.of_group(self.group))
        self.top, self.below = (Frame(home, logo, subscriptions) for home in ("", "../"))

    def index(self) -> bytes:
        soonest = next((each for each in self.ahead if each.takes_place and each.date), None)
        others = [each for each in self.ahead if each is not soonest]
        return self.templates.text(
            "site-index.html.j2",
            frame=self.top,
            soonest=soonest,
            countdown=countdown(soonest.date, self.today) if soonest and soonest.date else "",
            leads=self.people.led(soonest) if soonest else [],
            event=addresses.event(soonest) if soonest else "",
            calendars=invitations.of_session(self.group, soonest) if soonest else [],
            ahead=others[: self.group.upcoming],
            more=max(0, len(others) - self.group.upcoming),
            latest=previous(self.sessions, self.today)[: -self.group.previous - 1 : -1],
            years=self._years(),
            kinds=sorted({line(each.kind) for each in self.sessions if each.kind}),
            has_shelves=bool(shelves(self.sessions)),
        ).encode()

    def lists(self) -> Iterator[tuple[str, bytes]]:
        """Yield the pages that list sessions: one a year, all that is upcoming if that is much, and the shelves."""
        by_year = _by_year(self.sessions)
        for year in self._years():
            sessions = sorted(by_year[int(year.title)], key=in_order, reverse=self.group.order == "newest-first")
            yield year.file, self._list(f"Sessions of {year.title}", sessions, self.below)
        if len(self.ahead) > self.group.upcoming:
            yield addresses.UPCOMING, self._list("Upcoming sessions", self.ahead, self.top)
        if kept := shelves(self.sessions):
            yield addresses.SHELVES, self._list("More material", kept, self.top)

    def beside(self) -> Iterator[tuple[str, bytes]]:
        """Yield the people, the statistics, and what pages load."""
        text = self.templates.text
        yield addresses.LEADS, text("site-leads.html.j2", frame=self.top, leads=self.people.all).encode()
        numbers = statistics.of(self.sessions, self.today)
        yield addresses.STATISTICS, text("site-statistics.html.j2", frame=self.top, statistics=numbers).encode()
        colours = look.of((self.group.site or Site()).colour)
        yield addresses.STYLE, text("site.css.j2", look=colours).encode()
        yield addresses.ICON, text("site-icon.svg.j2", look=colours).encode()
        yield addresses.SCRIPT, text("site.js.j2").encode()
        yield addresses.SEARCH, search.script(self.group, self.sessions).encode()
        yield addresses.NO_JEKYLL, b""

    def of_sessions(self, sessions: Sequence[Session]) -> Files:
        return {addresses.page(each): self._page(each) for each in sessions}

    def of_people(self, leads: Sequence[Lead]) -> Files:
        made = {}
        for each in leads:
            sessions = sorted(each.sessions, key=in_order, reverse=True)
            text = self.templates.text("site-lead.html.j2", frame=self.below, lead=each, sessions=sessions)
            made[each.path] = text.encode()
        return made

    def _page(self, session: Session) -> bytes:
        near = self.neighbours
        is_ahead = session.takes_place and session.date is not None and session.date >= self.today
        return self.templates.text(
            "site-session.html.j2",
            frame=self.below,
            session=session,
            leads=self.people.led(session),
            found=list(copies.found(self.group, session)) if session.resources else [],
            event=addresses.event(session) if is_ahead else "",
            calendars=invitations.of_session(self.group, session) if is_ahead else [],
            before=near.before.get(session.folder),
            after=near.after.get(session.folder),
            parts=near.parts.get(session.folder, ()),
            continued=near.folders.get(session.continues),
        ).encode()

    def _list(self, title: str, sessions: Sequence[Session], frame: Frame) -> bytes:
        return self.templates.text("site-list.html.j2", frame=frame, title=title, sessions=sessions).encode()

    def _years(self) -> list[Year]:
        by_year = _by_year(self.sessions)
        return [Year(str(year), addresses.year(year), len(by_year[year])) for year in sorted(by_year, reverse=True)]


def _by_year(sessions: Sequence[Session]) -> dict[int, list[Session]]:
    found: defaultdict[int, list[Session]] = defaultdict(list)
    for each in sessions:
        if each.date:
            found[each.date.year].append(each)
    return found


def countdown(day: dt.date, today: dt.date) -> str:
    """Return in words how far off a day is."""
    days = (day - today).days
    if days < 2:
        return ("today", "tomorrow")[days]
    if days < 14:
        return f"in {days} days"
    return f"in {days // 7} weeks" if days < 70 else f"in {days // 30} months"
