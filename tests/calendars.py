"""Calendars, feeds and data for tests: made from a few words, and read back."""

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping
from typing import Any

import feedparser
import icalendar

from groups import TODAY, Data, catalogue
from readingroom.core.tree import Files
from readingroom.render import announcements
from readingroom.site import calendar
from readingroom.store.catalogue import Catalogue
from readingroom.store.revisions import RevisionLog

URL = "https://example.org/group"
_PROPERTIES = """BEGIN END VERSION PRODID CALSCALE NAME X-WR-CALNAME X-WR-TIMEZONE REFRESH-INTERVAL
X-PUBLISHED-TTL X-WR-CALDESC COLOR X-APPLE-CALENDAR-COLOR SOURCE
TZID TZNAME TZOFFSETFROM TZOFFSETTO RRULE DTSTART DTEND UID DTSTAMP CREATED LAST-MODIFIED SEQUENCE
SUMMARY STATUS TRANSP LOCATION DESCRIPTION CATEGORIES URL"""
PROPERTIES = frozenset(_PROPERTIES.split())  # all that calendars without an alarm hold
FOLDED = re.compile(rb"\r\n[ \t]")


def announced(known: Catalogue, today: dt.date = TODAY, before: RevisionLog | None = None) -> RevisionLog:
    return announcements.update_revisions(before or RevisionLog(), known, today)


def calendars(sessions: Mapping[str, Data], **group: Any) -> Files:
    """Return the calendars of a group with these sessions."""
    known = catalogue(sessions, **group)
    return calendar.render_calendars(known, announced(known), TODAY)


def events(content: bytes) -> list[icalendar.Event]:
    """Return the events of a calendar, as icalendar reads them."""
    return icalendar.Calendar.from_ical(content.decode()).walk("VEVENT")


def event(about: Data, **group: Any) -> icalendar.Event:
    (found,) = events(calendars({"01-bert": about}, **group)["calendar-all.ics"])
    return found


def entries(content: bytes) -> list[Any]:
    """Return the entries of a feed, as feedparser reads them; a feed that is not valid is none."""
    found = feedparser.parse(content)
    assert not found.bozo, found.get("bozo_exception")
    return list(found.entries)


def cells(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a table for spreadsheets, by the names of the columns."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def lines(content: bytes) -> list[str]:
    """Return the content lines of a calendar, unfolded."""
    return FOLDED.sub(b"", content).decode().removesuffix("\r\n").split("\r\n")
