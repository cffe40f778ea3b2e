"""Where each file of the site is, and how one page of it leads to another: relative, so that any folder will do."""

import posixpath
from collections.abc import Iterable

from readingroom.core.models import Group, Session
from readingroom.text import escape
from readingroom.text.slug import build_slug

INDEX = "index.html"
LEADS = "leads.html"
STATISTICS = "statistics.html"
CALENDAR = "calendar.ics"
FEED = "feed.xml"
DATA = "sessions.json"
DATA_SCHEMA = "sessions.schema.json"
SPREADSHEET = "sessions.csv"
SITEMAP = "sitemap.xml"
UPCOMING = "upcoming.html"
SHELVES = "material.html"
STYLE = "site.css"
SCRIPT = "site.js"
SEARCH = "search.js"
ICON = "icon.svg"
# Without it GitHub Pages runs Jekyll over the site: https://docs.github.com/pages
NO_JEKYLL = ".nojekyll"


def get_page_path(session: Session) -> str:
    return f"sessions/{session.folder}.html"


def get_event_path(session: Session) -> str:
    """Return where the calendar file of one session is."""
    return f"sessions/{session.folder}.ics"


def get_resource_path(session: Session, name: str) -> str:
    """Return where a file of a session's folder is."""
    return f"sessions/{session.folder}/{name}"


def get_year_path(number: int) -> str:
    """Return where the list of a year's sessions is."""
    return f"years/{number}.html"


def get_lead_path(name: str) -> str:
    """Return where the page of a person is, by the name of its file."""
    return f"leads/{name}.html"


def get_logo_path(group: Group) -> str:
    """Return where the copy of the group's logo is, or an empty text if it has none."""
    return f"logo{posixpath.splitext(group.site.logo)[1]}" if group.site and group.site.logo else ""


def build_relative_url(target: str, start: str) -> str:
    """Return the way from one file of the site to another, percent-encoded."""
    return escape.encode_path(posixpath.relpath(target, posixpath.dirname(start) or "."))


def build_absolute_url(group: Group, path: str) -> str:
    """Return a file's whole address, or an empty text if the site's address is not known."""
    return f"{group.site.url}/{escape.encode_path(path)}" if group.site and group.site.url else ""


def assign_file_names(titles: Iterable[str], stand_in: str) -> dict[str, str]:
    """Return for each title a name for its file: letters, digits and hyphens, none twice, by the titles' order."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for title in titles:
        if title in found:
            continue
        base = build_slug(title, stand_in)
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        found[title] = name
    return found
