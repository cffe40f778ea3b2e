"""What a group's rendered pages list, beside what its session files say: each read without the package's own code."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import yaml

from groups import region
from rendered import dead_links, headings, links, page, rows, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from xml.etree.ElementTree import Element

    from groups import Files

DATE_FORMAT = "%d/%m/%y"  # of this repository's readingroom.yml, whose groups these are
_NO_DATE_YET = {"proposed", "postponed"}


def wrong(made: Files, today: dt.date) -> list[str]:
    """Return a line for each dead link, for each session that is lost or stands in a wrong list, and for each page."""
    return [*dead_links(made), *_misplaced(made, today), *_pages(made)]


def _plans(made: Files) -> dict[str, Mapping[str, Any]]:
    """Return what the session files say, by their folders."""
    files = ((path, content) for path, content in made.items() if re.fullmatch(r"sessions/[^/]+/session\.yml", path))
    return {path.split("/")[1]: yaml.load(content, yaml.CBaseLoader) or {} for path, content in files}  # noqa: S506


def _misplaced(made: Files, today: dt.date) -> Iterator[str]:
    upcoming, previous = Counter[str](), Counter[str]()
    for folder, plan in _plans(made).items():
        date = dt.date.fromisoformat(plan["date"]) if "date" in plan else None
        is_open = plan.get("status") == "open"
        name = f"free slot on {date}" if is_open else folder
        if date is None:
            upcoming[name] += plan.get("status") in _NO_DATE_YET
        elif date >= today:
            upcoming[name] += 1
        elif not is_open:
            previous[name] += 1
    yield from _differences("upcoming", upcoming, _upcoming(made))
    yield from _differences("previous", previous, _archived(made))
    latest = _names(page(region(made, "previous")), "")
    if not set(latest) <= set(previous) or len(latest) != min(5, len(previous)):
        yield f"README.md: the latest sessions are {latest}"


def _differences(title: str, wanted: Counter[str], found: Iterable[str]) -> Iterator[str]:
    shown = Counter(found)
    yield from (f"{name} is not {title}" for name in (wanted - shown).elements())
    yield from (f"{name} is {title}, or twice so" for name in (shown - wanted).elements())


def _upcoming(made: Files) -> list[str]:
    """Return what the README lists as upcoming, or the pages that list all of it where the README has only a part."""
    whole = [path for path in made if re.fullmatch(r"sessions/upcoming(-\d+)?\.md", path)]
    if not whole:
        return _names(page(region(made, "upcoming")), "")
    return [name for path in whole for name in _names(page(made[path]), "sessions")]


def _archived(made: Files) -> list[str]:
    whole = [path for path in made if re.fullmatch(r"sessions/(README|\d+)\.md", path)]
    return [name for path in whole for name in _names(page(made[path]), "sessions")]


def _names(shown: Element, folder: str) -> list[str]:
    """Return the folder of each row's session, or the date of a free slot."""
    found = []
    for cells in rows(shown):
        _, target = next(iter(links(cells[1])), ("", ""))
        path = posixpath.normpath(posixpath.join(folder, unquote(target)))
        if match := re.fullmatch(r"sessions/([^/]+)/README\.md", path):
            found.append(match[1])
        else:
            date = dt.datetime.strptime(text(cells[0])[:8], DATE_FORMAT).date()  # noqa: DTZ007 -- a day, nowhere
            found.append(f"free slot on {date}")
    return found


def _pages(made: Files) -> Iterator[str]:
    """Yield the sessions whose page is missing or another's, and the pages that belong to no session."""
    plans = _plans(made)
    pages = {path.split("/")[1]: path for path in made if re.fullmatch(r"sessions/[^/]+/README\.md", path)}
    yield from (f"{pages[folder]} is of no session" for folder in pages.keys() - plans.keys())
    for folder, plan in plans.items():
        titles = [text(each) for each in headings(page(made[pages[folder]]))[:1]] if folder in pages else []
        if not titles or " ".join(plan.get("title", "").split()) not in titles[0]:
            yield f"{folder} has no page of its own, but {titles}"
