"""Where each file of the site is, and how its pages link to each other: relatively, so that any folder will do."""

import posixpath
from collections.abc import Iterator, Sequence

from readingroom.core.models import Group, Session
from readingroom.store.catalogue import is_folder_name
from readingroom.store.revisions import RevisionLog
from readingroom.text import escape

INDEX = "index.html"
NOT_FOUND = "404.html"
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
CONTENT_STYLE = "content.css"
PAGE_SCRIPT = "page.js"
SCRIPT = "site.js"
SEARCH = "search.js"
FINDER = "finder.js"
ICON = "icon.svg"
TOUCH_ICON = "touch-icon.png"
SHARE_IMAGE = "share.png"
ROBOTS = "robots.txt"
# Without it GitHub Pages runs Jekyll over the site: https://docs.github.com/pages
NO_JEKYLL = ".nojekyll"


def get_page_path(session: Session) -> str:
    return f"{session.path}.html"


def get_session_image_path(session: Session) -> str:
    """Return the path of the image that is shown with a link to a session's page."""
    return f"sessions/{session.folder}.png"


def get_event_path(session: Session) -> str:
    """Return the path of the calendar file of one session."""
    return f"{session.path}.ics"


def get_kind_path(name: str) -> str:
    """Return the path of the calendar of a kind, by the name of its file."""
    return f"calendars/{name}.ics"


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


def map_moved_paths(sessions: Sequence[Session], announced: RevisionLog) -> dict[str, str]:
    """Return the earlier path of each file whose session, kind or person was renamed, with the one that it has now."""
    moved = {get_kind_path(old): get_kind_path(new) for old, new in announced.kinds.iter_moved()}
    moved |= {get_kind_feed_path(old): get_kind_feed_path(new) for old, new in [*moved.items()]}
    pages = {get_lead_path(old): get_lead_path(new) for old, new in announced.people.iter_moved()}
    moved |= pages | {get_lead_calendar_path(old): get_lead_calendar_path(new) for old, new in pages.items()}
    for before, session in iter_former_sessions(sessions, announced):
        moved |= {get_path(before): get_path(session) for get_path in _SESSION_PATHS}
    return moved


_SESSION_PATHS = (get_page_path, get_event_path, get_session_image_path)


def iter_former_sessions(sessions: Sequence[Session], announced: RevisionLog) -> Iterator[tuple[Session, Session]]:
    """Yield each session that was renamed as if it were in its earlier folder, and as it is.

    Some disks would take a folder for another one whose name differs in case alone.
    """
    present = {session.folder.casefold() for session in sessions}
    for session in sessions:
        revision = announced.revisions.get(session.folder)
        for old in filter(is_folder_name, revision.addresses if revision else ()):
            if old.casefold() not in present:
                yield session._replace(folder=old), session
