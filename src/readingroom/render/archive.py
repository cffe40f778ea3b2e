"""The archive: what the group has done, on one page, or on one for each year where GitHub would cut it."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from readingroom.core import date_format
from readingroom.core.models import ArchiveOrder, Session, list_previous, list_shelves
from readingroom.core.tree import Files
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
    """A session in the archive: the anchor that its row links to (empty if none), its headings and its material."""

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
    """Renders the archive's pages; ``material`` maps each folder to its abstract and material as Markdown."""

    def __init__(self, catalogue: Catalogue, templates: Templates, material: Mapping[str, str]) -> None:
        self.group = catalogue.group
        self.sessions = catalogue.sessions
        self.templates = templates
        self.material = material

    def render_archive(self, today: dt.date) -> Files:
        title = "Previous sessions"
        previous = list_previous(self.sessions, today)
        if self.group.order == ArchiveOrder.NEWEST_FIRST:
            previous.reverse()
        shelves = list_shelves(self.sessions)
        texts: dict[str, str] = {}
        index = _render_within_limits(
            previous,
            lambda sessions: self._render_page(title, sessions, shelves),
            lambda sessions: self._compute_min_page_size((*sessions, *shelves)),
        )
        if index is None:
            by_year = [list(sessions) for _, sessions in groupby(previous, key=_get_year)]
            pages = self._render_years(by_year)
            texts = {file: text for _, file, _, text in pages}
            index = self._render_page(title, (), shelves, [YearPage(*page[:3]) for page in pages])
        files = {ARCHIVE_PATH: index, **{f"sessions/{file}": text for file, text in texts.items()}}
        return {path: generated.add_page_banner(text, ARCHIVE_SOURCE) for path, text in files.items()}

    def _render_years(self, years: Sequence[Sequence[Session]]) -> list[tuple[str, str, int, str]]:
        """Return the pages of some years: each one's title, file, number of sessions and text."""
        pages = []
        for sessions in years:
            year = _get_year(sessions[0])
            render = partial(self._render_page, f"Sessions of {year}")
            for number, (part, text) in enumerate(split_into_pages(sessions, render, self._compute_min_page_size), 1):
                title, name = (f"{year}, part {number}", f"{year}-{number}") if number > 1 else (f"{year}", f"{year}")
                pages.append((title, f"{name}.md", len(part), text))
        return pages

    def _compute_min_page_size(self, sessions: Sequence[Session]) -> int:
        return sum(_compute_min_row_size(each) + len(self.material[each.folder]) for each in sessions)

    def _render_page(
        self, title: str, sessions: Sequence[Session], shelves: Sequence[Session] = (), years: Sequence[YearPage] = ()
    ) -> str:
        material_title = "Material for sessions"
        entries = self._build_entries((title, material_title), (*sessions, *shelves))
        return self.templates.render_template(
            "archive.md.j2",
            title=title,
            material_title=material_title,
            entries=entries[: len(sessions)],
            sections=[entry for entry in entries if entry.has_section],
            years=years,
        )

    def _build_entries(self, first_headings: Sequence[str], sessions: Sequence[Session]) -> list[ArchiveEntry]:
        """Return the entries, with anchors counted over every heading of the page in order."""
        headings = list(first_headings)
        positions = {}
        for session in sessions:
            if self.material[session.folder] or session.continues:
                positions[session.folder] = len(headings)
                headings += [self._format_heading(session), session.name] if session.date else [session.name]
        anchors = escape.build_unique_anchors(headings)
        # Two headings may get one anchor, such as "May 1", "May 1" and "May 1-1": no row links to that.
        counts = Counter(anchors)
        linked = {folder: anchors[position] for folder, position in positions.items() if counts[anchors[position]] == 1}
        return [
            ArchiveEntry(
                session,
                self._format_heading(session),
                session.name,
                linked.get(session.folder, ""),
                self.material[session.folder],
            )
            for session in sessions
        ]

    def _format_heading(self, session: Session) -> str:
        if session.date is None:
            return session.name
        return date_format.format_date(session.date, self.group.date_format, self.group.locale)


PageRenderer = Callable[[Sequence[Session]], str]
SizeEstimate = Callable[[Sequence[Session]], int]


def _render_within_limits(sessions: Sequence[Session], render: PageRenderer, estimate_size: SizeEstimate) -> str | None:
    """Return a page of sessions, or None if GitHub would cut it.

    ``estimate_size`` returns a lower bound of the page's size, which mostly saves rendering a page that is too large.
    """
    if len(sessions) > MAX_ENTRIES or estimate_size(sessions) > MAX_BYTES:
        return None
    text = render(sessions)
    return text if len(text.encode()) <= MAX_BYTES else None


def split_into_pages(
    sessions: Sequence[Session], render: PageRenderer, estimate_size: SizeEstimate
) -> Iterator[tuple[Sequence[Session], str]]:
    """Yield the parts of the sessions, halved until each fits on a page, with their pages."""
    text = _render_within_limits(sessions, render, estimate_size)
    if text is None and len(sessions) > 1:
        middle = len(sessions) // 2
        yield from split_into_pages(sessions[:middle], render, estimate_size)
        yield from split_into_pages(sessions[middle:], render, estimate_size)
    else:
        yield sessions, render(sessions) if text is None else text


def compute_min_table_size(sessions: Sequence[Session]) -> int:
    """Return how many bytes the rows of sessions take at least."""
    return sum(map(_compute_min_row_size, sessions))


def _get_year(session: Session) -> int:
    return session.date.year if session.date else 0


def _compute_min_row_size(session: Session) -> int:
    """Return how many bytes a session's row takes at least, whatever the template."""
    links = sum(len(resource.url) for resource in session.resources if resource.label)
    leads = sum(len(lead.name + lead.url) for lead in session.leads)
    return len(session.folder) + len(session.headline) + links + leads
