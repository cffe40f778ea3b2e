"""Where each file of the site is, and how its pages link to each other: relatively, so that any folder will do."""

import posixpath
from collections.abc import Iterable
from itertools import count

from readingroom.core.models import Group, Session
from readingroom.text import escape
from readingroom.text.slug import build_slug

INDEX = "index.html"
LEADS = "leads.html"
STATISTICS = "statistics.html"
CALENDAR = "calendar.ics"
WHOLE_CALENDAR = "calendar-all.ics"
FEED = "feed.xml"
DATA = "sessions.json"
DATA_SCHEMA = "sessions.schema.json"
SPREADSHEET = "sessions.csv"
SITEMAP = "sitemap.xml"
UPCOMING = "upcoming.html"
SHELVES = "material.html"
STYLE = "site.css"
PAGE_SCRIPT = "page.js"
SCRIPT = "site.js"
SEARCH = "search.js"
ICON = "icon.svg"
# Without it GitHub Pages runs Jekyll over the site: https://docs.github.com/pages
NO_JEKYLL = ".nojekyll"


def get_page_path(session: Session) -> str:
    return f"sessions/{session.folder}.html"


def get_event_path(session: Session) -> str:
    """Return the path of the calendar file of one session."""
    return f"sessions/{session.folder}.ics"


def get_resource_path(session: Session, name: str) -> str:
    """Return the path of a file of a session's folder."""
    return f"sessions/{session.folder}/{name}"


def get_year_path(number: int) -> str:
    """Return the path of the list of a year's sessions."""
    return f"years/{number}.html"


def get_lead_path(name: str) -> str:
    """Return the path of the page of a person, by the name of its file."""
    return f"leads/{name}.html"


def get_kind_feed_path(calendar: str) -> str:
    """Return the path of the feed of a kind, by that of its calendar."""
    return f"feeds/{posixpath.basename(calendar).removesuffix('.ics')}.xml"


def get_lead_calendar_path(page: str) -> str:
    """Return the path of the calendar of a person, by that of the person's page."""
    return f"{page.removesuffix('.html')}.ics"


def get_logo_path(group: Group) -> str:
    """Return the path of the copy of the group's logo, or an empty text if it has none."""
    return f"logo{posixpath.splitext(group.site.logo)[1]}" if group.site and group.site.logo else ""


def build_relative_url(target: str, start: str) -> str:
    """Return the relative path from one file of the site to another, percent-encoded."""
    return escape.encode_path(posixpath.relpath(target, posixpath.dirname(start) or "."))


def build_absolute_url(group: Group, path: str) -> str:
    """Return a file's whole address, or an empty text if the site's address is not known."""
    return f"{group.site.url}/{escape.encode_path(path)}" if group.site and group.site.url else ""


def assign_file_names(titles: Iterable[str], stand_in: str) -> dict[str, str]:
    """Return a name for the file of each title: letters, digits and hyphens, none twice, in the titles' order."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for title in dict.fromkeys(titles):
        base = name = build_slug(title, stand_in)
        numbers = count(2)
        while name in taken:
            name = f"{base}-{next(numbers)}"
        taken.add(name)
        names[title] = name
    return names
