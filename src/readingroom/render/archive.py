"""The archive: what the group has done, on one page, or on one for each year where GitHub would cut it."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from readingroom.core import date_format
from readingroom.core.models import ArchiveOrder, Session, list_previous, list_shelves
from readingroom.core.tree import ChunkRunner, Files
from readingroom.render.templates import Templates
from readingroom.store import generated
from readingroom.store.catalogue import Catalogue
from readingroom.text import escape

ARCHIVE_PATH = "sessions/README.md"
ARCHIVE_SOURCE = "the session.yml of each session"

# GitHub shows the first 512 kB of a Markdown file and the first 1,000 entries of a folder.
MAX_BYTES = 500_000
MAX_ENTRIES = 1_000


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """A session in the archive: the anchor its row links to (or none), and its headings and material below."""

    session: Session
    heading: str
    title: str
    anchor: str
    material: str

    @property
    def has_section(self) -> bool:
        return bool(self.material or self.session.continues)


@dataclass(frozen=True, slots=True)
class YearPage:
    """A page of a divided archive, as the index lists it."""

    title: str
    file: str
    count: int


class ArchiveRenderer:
    """Writes the archive's pages; ``material`` maps each folder to its abstract and material as Markdown."""

    def __init__(self, catalogue: Catalogue, templates: Templates, material: Mapping[str, str]) -> None:
        self.group = catalogue.group
        self.sessions = catalogue.sessions
        self.templates = templates
        self.material = material

    def render_archive(self, today: dt.date, share: ChunkRunner) -> Files:
        shown = list_previous(self.sessions, today)
        if self.group.order == ArchiveOrder.NEWEST_FIRST:
            shown.reverse()
        kept = list_shelves(self.sessions)
        whole = self._render_whole_archive("Previous sessions", shown, kept)
        if whole is not None:
            return {ARCHIVE_PATH: generated.add_page_banner(whole, ARCHIVE_SOURCE)}
        by_year = [list(of_year) for _, of_year in groupby(shown, key=_get_year)]
        pages = [page for part in share(self._render_years, by_year, least=1) for page in part]
        years = [YearPage(title, file, count) for title, file, count, _ in pages]
        index = self._render_page("Previous sessions", (), kept, years)
        return {
            ARCHIVE_PATH: generated.add_page_banner(index, ARCHIVE_SOURCE),
            **{f"sessions/{file}": generated.add_page_banner(text, ARCHIVE_SOURCE) for _, file, _, text in pages},
        }

    def _render_years(self, years: Sequence[Sequence[Session]]) -> list[tuple[str, str, int, str]]:
        """Return the pages of some years: each one's title, file, number of sessions and text."""
        found = []
        for sessions in years:
            year = _get_year(sessions[0])
            for number, (part, text) in enumerate(
                split_into_pages(
                    sessions, partial(self._render_page, f"Sessions of {year}"), self._compute_min_page_size
                ),
                1,
            ):
                title, file = (
                    (f"{year}, part {number}", f"{year}-{number}.md") if number > 1 else (f"{year}", f"{year}.md")
                )
                found.append((title, file, len(part), text))
        return found

    def _render_whole_archive(self, title: str, sessions: Sequence[Session], kept: Sequence[Session]) -> str | None:
        """Return the page, or None if it would pass the limits; a count of its least size spares rendering most."""
        return render_within_limits(
            sessions,
            lambda shown: self._render_page(title, shown, kept),
            lambda shown: self._compute_min_page_size((*shown, *kept)),
        )

    def _compute_min_page_size(self, sessions: Sequence[Session]) -> int:
        return sum(_compute_min_row_size(each) + len(self.material[each.folder]) for each in sessions)

    def _render_page(
        self, title: str, sessions: Sequence[Session], kept: Sequence[Session] = (), years: Sequence[YearPage] = ()
    ) -> str:
        material_title = "Material for sessions"
        entries = self._build_entries((title, material_title), (*sessions, *kept))
        return self.templates.render_template(
            "archive.md.j2",
            title=title,
            material_title=material_title,
            entries=entries[: len(sessions)],
            sections=[entry for entry in entries if entry.has_section],
            years=years,
        )

    def _build_entries(self, before: Sequence[str], sessions: Sequence[Session]) -> list[ArchiveEntry]:
        """Return the entries, with anchors counted over every heading of the page in order."""
        headings = list(before)
        shown = []
        for each in sessions:
            title = each.name
            heading = (
                date_format.format_date(each.date, self.group.date_format, self.group.locale) if each.date else title
            )
            has_section = bool(self.material[each.folder] or each.continues)
            shown.append((each, heading, title, len(headings) if has_section else -1))
            if has_section:
                headings += [heading, title] if each.date else [heading]
        # Two headings may get one anchor, such as "May 1", "May 1" and "May 1-1": no row links to that.
        anchors = escape.build_unique_anchors(headings)
        times = Counter(anchors)
        anchors = [anchor if times[anchor] == 1 else "" for anchor in anchors]
        return [
            ArchiveEntry(each, heading, title, anchors[place] if place >= 0 else "", self.material[each.folder])
            for each, heading, title, place in shown
        ]


RenderSessions = Callable[[Sequence[Session]], str]


def render_within_limits(
    sessions: Sequence[Session], page: RenderSessions, least: Callable[[Sequence[Session]], int]
) -> str | None:
    """Return a page of sessions, or None if GitHub would cut it; ``least``, a bound of its size, spares most tries."""
    if len(sessions) > MAX_ENTRIES or least(sessions) > MAX_BYTES:
        return None
    text = page(sessions)
    return text if len(text.encode()) <= MAX_BYTES else None


def split_into_pages(
    sessions: Sequence[Session], page: RenderSessions, least: Callable[[Sequence[Session]], int]
) -> Iterator[tuple[Sequence[Session], str]]:
    """Yield the parts of the sessions, halved until each fits on a page, with their pages."""
    text = render_within_limits(sessions, page, least)
    if text is None and len(sessions) > 1:
        middle = len(sessions) // 2
        yield from split_into_pages(sessions[:middle], page, least)
        yield from split_into_pages(sessions[middle:], page, least)
    else:
        yield sessions, page(sessions) if text is None else text


def compute_min_table_size(sessions: Sequence[Session]) -> int:
    """Return what the rows of sessions take at the least, in bytes."""
    return sum(map(_compute_min_row_size, sessions))


def _get_year(session: Session) -> int:
    return session.date.year if session.date else 0


def _compute_min_row_size(session: Session) -> int:
    """Return what a session's row takes at the least, whatever the template: its facts."""
    links = sum(len(each.url) for each in session.resources if each.label)
    return (
        len(session.folder) + len(session.headline) + links + sum(len(each.name + each.url) for each in session.leads)
    )
