"""A group and its sessions, made from valid files."""

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from readingroom.core.resource_names import (
    LABELS,
    derive_file_label,
    derive_link_label,
    derive_link_name,
    find_word_label,
    is_unnamed_link,
)
from readingroom.core.session_path import SessionPath
from readingroom.core.tree import FOLDER_SIZE
from readingroom.core.urls import get_last_part, strip_query


class Status(StrEnum):
    """How certain a session is; without one and without a date, a folder is a shelf of material."""

    CONFIRMED = "confirmed"
    TBC = "tbc"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    OPEN = "open"
    PROPOSED = "proposed"
    SHELF = "shelf"


class ArchiveOrder(StrEnum):
    """Which sessions of the archive come first."""

    NEWEST_FIRST = "newest-first"
    OLDEST_FIRST = "oldest-first"


TAKES_PLACE = frozenset({Status.CONFIRMED, Status.TBC})
# Shown next to the title of a session that is not certain to take place.
REMARKS = {
    Status.CANCELLED: "cancelled",
    Status.POSTPONED: "postponed",
    Status.TBC: "to be confirmed",
    Status.PROPOSED: "looks for a date",
}


class Person(NamedTuple):
    name: str
    url: str = ""
    affiliation: str = ""

    @property
    def label(self) -> str:
        """The name, with the affiliation in parentheses where there is one."""
        return f"{self.name} ({self.affiliation})" if self.affiliation else self.name


class Item(NamedTuple):
    """Something to read, watch or try; ``depth`` counts the items above it that it belongs to."""

    title: str
    url: str
    note: str
    depth: int


class Section(NamedTuple):
    """A part of the material; ``items`` holds nested items right after the item they belong to."""

    heading: str
    note: str
    items: tuple[Item, ...]


class Resource(NamedTuple):
    """What a session left: a link (without a size), or a file or folder next to its session.yml.

    ``url`` is a link's address or a file's name, ``size`` is in bytes and FOLDER_SIZE for a folder, ``label`` is its
    name in tables, or empty if they leave it out. ``is_pointer`` says that the file's content is not there: Git LFS
    keeps it.
    """

    title: str
    url: str
    label: str
    size: int | None = None
    is_pointer: bool = False

    @property
    def name(self) -> str:
        """How a session's page calls it: the title, after the label that tables use if the title does not say that."""
        is_said = self.label.casefold() in self.title.casefold() or self.label == find_word_label(self.title)
        return self.title if is_said else f"{self.label}: {self.title}"

    @property
    def is_link(self) -> bool:
        return self.size is None

    @property
    def is_folder(self) -> bool:
        return self.size == FOLDER_SIZE


class Session(NamedTuple):
    """One folder of sessions/; without its own ``time`` and ``duration`` (minutes), it has the group's.

    ``is_taken`` is true for a free slot on a day on which a session takes place: nobody is offered it any more.
    """

    folder: str
    number: int | None
    title: str
    date: dt.date | None
    time: str
    duration: int
    status: Status
    kind: str
    room: str
    leads: tuple[Person, ...]
    abstract: str
    material: tuple[Section, ...]
    resources: tuple[Resource, ...]
    continues: str
    is_taken: bool = False

    @property
    def name(self) -> str:
        """The title; where it is not known yet, who leads the session, or TBC."""
        return self.title or build_placeholder_title([lead.name for lead in self.leads])

    @property
    def headline(self) -> str:
        """The kind, if there is one, and the name, as a table's row shows them."""
        return f"{self.kind}: {self.name}" if self.kind else self.name

    @property
    def file(self) -> str:
        return SessionPath(self.folder).file

    @property
    def path(self) -> str:
        return SessionPath(self.folder).directory

    @property
    def takes_place(self) -> bool:
        return self.status in TAKES_PLACE

    @property
    def is_event(self) -> bool:
        """Whether calendars show it: it has a date and is not a free slot."""
        return self.date is not None and self.status != Status.OPEN

    @property
    def remark(self) -> str:
        """The words after the title, such as ``to be confirmed``; mostly empty."""
        return REMARKS.get(self.status, "")

    @property
    def marks(self) -> str:
        """What there is to read and to look at, such as ``Reading, slides, recording``; it may be empty."""
        has_reading = any(item.url for section in self.material for item in section.items)
        labels = {"Slides" if _is_slides(resource) else resource.label for resource in self.resources}
        labels = {"Recording" if label == "Video" else label for label in labels}
        words = [*(["reading"] if has_reading else []), *(label.lower() for label in LABELS if label in labels)]
        return ", ".join(words).capitalize()

    @property
    def has_slides(self) -> bool:
        """Whether a resource is labelled as slides, or has no label of its own and the file type of slides."""
        return any(map(_is_slides, self.resources))


def build_placeholder_title(names: Sequence[str]) -> str:
    """Return what a session without a title is called, by the names of its leads."""
    if not names:
        return "TBC"
    return f"Talk by {' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))}"


@dataclass(frozen=True, slots=True)
class Site:
    """How a group's site looks and where it is; ``url`` has no slash at the end, ``alarm`` is in minutes, or 0."""

    url: str = ""
    folder: str = ""
    colour: str = "#1d5a8a"
    logo: str = ""
    text: str = ""
    alarm: int = 0

    @classmethod
    def build_from_data(cls, data: Mapping[str, Any]) -> "Site":
        return cls(**{**data, "url": data.get("url", "").rstrip("/")})


@dataclass(frozen=True)
class Group:
    """The group's readingroom.yml, with the schema's defaults filled in."""

    name: str
    time_zone: str
    repository: str = ""
    day: str = ""
    time: str = ""
    duration: int = 60
    room: str = ""
    rooms: tuple[str, ...] = ()
    venue: str = ""
    kinds: tuple[str, ...] = ()
    code_of_conduct: str = ""
    locale: str = "en_GB"
    date_format: str = "yyyy-MM-dd"
    order: ArchiveOrder = ArchiveOrder.NEWEST_FIRST
    upcoming: int = 20
    previous: int = 5
    ignore: tuple[str, ...] = ()
    site: Site | None = None

    @classmethod
    def build_from_data(cls, data: Mapping[str, Any]) -> "Group":
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        if "site" in values:
            values["site"] = Site.build_from_data(values["site"] or {})
        if "order" in values:
            values["order"] = ArchiveOrder(values["order"])
        return cls(**values)

    @cached_property
    def language(self) -> str:
        """The language as the web names it: https://www.rfc-editor.org/info/bcp47."""
        return self.locale.replace("_", "-")

    @property
    def makes_site(self) -> bool:
        """Whether a build makes the site too."""
        return self.site is not None and bool(self.site.folder)

    @cached_property
    def usual_weekday(self) -> int | None:
        """The usual day as ``date.weekday()`` counts: Monday is 0."""
        return WEEKDAYS.index(self.day) if self.day else None


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def strip_label(name: str) -> str:
    """Return the title of a resource from the name that a session's page has for it."""
    label, colon, title = name.partition(": ")
    return title if colon and Resource(title, "", derive_link_label(title)).name == name and label else name


def _is_slides(resource: Resource) -> bool:
    if resource.label in LABELS:
        return resource.label == "Slides"
    return derive_file_label(get_last_part(strip_query(resource.url))) == "Slides"


def build_session(
    folder: str, data: Mapping[str, Any], group: Group, files: Mapping[str, int], pointers: Container[str] = ()
) -> Session:
    """Return the session that valid data describes.

    ``files`` maps the other files' names to sizes in bytes, ``pointers`` has the paths of Git LFS's.
    """
    get = data.get
    date = dt.date.fromisoformat(data["date"]) if "date" in data else None
    return Session(
        folder,
        parse_folder_number(folder),
        get("title", ""),
        date,
        get("time", group.time),
        get("duration", group.duration),
        Status(get("status", Status.CONFIRMED if date else Status.SHELF)),
        get("kind", ""),
        get("room", ""),
        tuple([Person(**person) for person in get("leads", ())]),
        get("abstract", ""),
        tuple([_build_section(section) for section in get("material", ())]),
        tuple(_iter_resources(get("resources", ()), folder, files, pointers)),
        get("continues", ""),
    )


def parse_folder_number(folder: str) -> int | None:
    """Return the number that a folder's name starts with, if any."""
    first = folder.partition("-")[0]
    return int(first) if first.isascii() and first.isdigit() else None


def _build_section(data: Mapping[str, Any]) -> Section:
    return Section(data.get("heading", ""), data.get("note", ""), tuple(_flatten_items(data.get("items", ()), 0)))


def _flatten_items(items: Iterable[Mapping[str, Any]], depth: int) -> Iterator[Item]:
    for item in items:
        yield Item(item.get("title", ""), item.get("url", ""), item.get("note", ""), depth)
        if "items" in item:
            yield from _flatten_items(item["items"], depth + 1)


def _iter_resources(
    links: Iterable[Mapping[str, str]], folder: str, files: Mapping[str, int], pointers: Container[str]
) -> Iterator[Resource]:
    for link in links:
        title, url = link["title"], link["url"]
        if is_unnamed_link(title, url):
            title = derive_link_name(url)
        yield Resource(title, url, derive_link_label(title))
    for name in sorted(files, key=lambda name: (name.casefold(), name)):
        is_pointer = f"{SessionPath(folder).directory}/{name}" in pointers
        yield Resource(name, name, derive_file_label(name), files[name], is_pointer)


def list_upcoming(sessions: Iterable[Session], today: dt.date) -> list[Session]:
    """Return the sessions from today on, soonest first, then those without a date; no free slot that is taken."""
    listed = (each for each in sessions if each.status != Status.SHELF and not each.is_taken)
    upcoming = [each for each in listed if each.date is None or each.date >= today]
    return sorted(upcoming, key=lambda each: (each.date is None, each.date or today, each.time, each.folder))


def list_planned(upcoming: Iterable[Session]) -> list[Session]:
    """Return those of the upcoming sessions, in their order, that take place on a known day."""
    return [each for each in upcoming if each.takes_place and each.date]


def find_next_session(upcoming: Iterable[Session]) -> Session | None:
    """Return the first of the upcoming sessions, in their order, that takes place."""
    return next(iter(list_planned(upcoming)), None)


def list_previous(sessions: Iterable[Session], today: dt.date) -> list[Session]:
    """Return the sessions before today, oldest first, without free slots that nobody took."""
    previous = [each for each in sessions if each.date and each.date < today and each.status != Status.OPEN]
    return sorted(previous, key=get_sort_key)


def get_sort_key(session: Session) -> tuple[dt.date, str, str]:
    """Return the key that sorts sessions by date, time and folder."""
    return (session.date or dt.date.max, session.time, session.folder)


def is_past(session: Session, today: dt.date) -> bool:
    """Return whether a session was before today."""
    return session.date is not None and session.date < today


def list_shelves(sessions: Iterable[Session]) -> list[Session]:
    """Return the folders whose material belongs to no session, by name."""
    return sorted((each for each in sessions if each.status == Status.SHELF), key=lambda each: each.folder)
