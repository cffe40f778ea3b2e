"""Calendars, feeds and data for tests: made from a few words, and read back."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import icalendar

from groups import TODAY, Data, catalogue
from readingroom import announcements
from readingroom.announcements import Announcements
from readingroom.catalogue import Catalogue
from readingroom.files import Files
from readingroom.site import calendar

URL = "https://example.org/group"
FOLDED = re.compile(rb"\r\n[ \t]")


def announced(known: Catalogue, today: dt.date = TODAY, before: Announcements | None = None) -> Announcements:
    return announcements.updated(before or Announcements(), known, today)


def calendars(sessions: Mapping[str, Data], **group: Any) -> Files:
    """Return the calendars of a group with these sessions."""
    known = catalogue(sessions, **group)
    return calendar.files(known, announced(known))


def events(content: bytes) -> list[icalendar.Event]:
    """Return the events of a calendar, as icalendar reads them."""
    return icalendar.Calendar.from_ical(content.decode()).walk("VEVENT")


def event(about: Data, **group: Any) -> icalendar.Event:
    (found,) = events(calendars({"01-bert": about}, **group)["calendar.ics"])
    return found


def lines(content: bytes) -> list[str]:
    """Return the content lines of a calendar, unfolded."""
    return FOLDED.sub(b"", content).decode().removesuffix("\r\n").split("\r\n")
