"""Links that add one session, or all of them, to a calendar on the web."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlencode

from readingroom.core import session_times
from readingroom.core.models import Group, Session
from readingroom.site import paths
from readingroom.text.html import clean_value

MAX_DETAILS = 500  # characters: addresses are limited in length


class CalendarLink(NamedTuple):
    label: str
    url: str


def build_event_links(group: Group, session: Session) -> list[CalendarLink]:
    """Return links to the common calendars, each with a session filled in, which must have a date."""
    times = _build_event_times(group, session)
    if times is None:
        return []
    title, room, details = clean_value(session.headline), clean_value(session.room), _format_details(group, session)
    google = {
        "action": "TEMPLATE",
        "text": title,
        "dates": times.google,
        "ctz": group.time_zone,
        "location": room,
        "details": details,
    }
    microsoft = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        **times.microsoft,
        "location": room,
        "body": details,
    }
    yahoo = {"v": "60", "title": title, **times.yahoo, "in_loc": room, "desc": details}
    return [
        CalendarLink("Google", _build_url("https://calendar.google.com/calendar/render", google)),
        CalendarLink("Outlook.com", _build_url("https://outlook.live.com/calendar/0/action/compose", microsoft)),
        CalendarLink("Office 365", _build_url("https://outlook.office.com/calendar/0/action/compose", microsoft)),
        CalendarLink("Yahoo", _build_url("https://calendar.yahoo.com/", yahoo)),
    ]


def build_subscription_links(group: Group) -> list[CalendarLink]:
    """Return links that subscribe to the group's calendar; none if the site's address is not known."""
    calendar = paths.build_absolute_url(group, paths.CALENDAR)
    if not calendar:
        return []
    webcal = build_webcal_url(group, paths.CALENDAR)
    microsoft = {"url": calendar, "name": clean_value(group.name)}
    return [
        CalendarLink("Calendar app", webcal),
        CalendarLink("Google", _build_url("https://calendar.google.com/calendar/r", {"cid": webcal})),
        CalendarLink("Outlook.com", _build_url("https://outlook.live.com/calendar/0/addfromweb", microsoft)),
        CalendarLink("Office 365", _build_url("https://outlook.office.com/calendar/0/addfromweb", microsoft)),
    ]


def build_webcal_url(group: Group, path: str) -> str:
    """Return the link that subscribes to a calendar with one click, or an empty text if its address is not known."""
    url = paths.build_absolute_url(group, path)
    return f"webcal://{url.partition('://')[2]}" if url else ""


class KindFiles(NamedTuple):
    """What readers can subscribe to of one kind; ``webcal`` is a link, or empty."""

    kind: str
    calendar: str
    feed: str
    webcal: str


def list_kind_files(group: Group, calendars: Mapping[str, str]) -> list[KindFiles]:
    """Return the files of each kind, by the paths of their calendars."""
    return [
        KindFiles(kind, path, paths.get_kind_feed_path(path), build_webcal_url(group, path))
        for kind, path in calendars.items()
    ]


class _EventTimes(NamedTuple):
    """When a session starts and ends, in the form that each calendar expects."""

    google: str
    microsoft: dict[str, str]
    yahoo: dict[str, str]


def _build_event_times(group: Group, session: Session) -> _EventTimes | None:
    """Return when a session with a date is, or None if it ends after the last possible day."""
    if not session.time:
        return _build_whole_day_times(session.date or dt.date.max)
    start = session_times.compute_session_start(session, group.time_zone)
    end = session_times.compute_session_end(session, group.time_zone)
    if start is None or end is None:
        return None
    start, end = start.astimezone(dt.UTC), end.astimezone(dt.UTC)
    return _EventTimes(
        f"{start:%Y%m%dT%H%M%SZ}/{end:%Y%m%dT%H%M%SZ}",
        {"startdt": f"{start:%Y-%m-%dT%H:%M:%SZ}", "enddt": f"{end:%Y-%m-%dT%H:%M:%SZ}"},
        {"st": f"{start:%Y%m%dT%H%M%SZ}", "et": f"{end:%Y%m%dT%H%M%SZ}"},
    )


def _build_whole_day_times(day: dt.date) -> _EventTimes | None:
    if day == dt.date.max:
        return None
    return _EventTimes(
        f"{day:%Y%m%d}/{day + dt.timedelta(days=1):%Y%m%d}",
        {"startdt": day.isoformat(), "enddt": day.isoformat(), "allday": "true"},
        {"st": f"{day:%Y%m%d}", "dur": "allday"},
    )


def _format_details(group: Group, session: Session) -> str:
    page = paths.build_absolute_url(group, paths.get_page_path(session))
    leads = ", ".join([clean_value(lead.name) for lead in session.leads])
    return " – ".join(filter(None, [f"Led by {leads}"[:MAX_DETAILS] if leads else "", page]))


def _build_url(address: str, parameters: Mapping[str, str]) -> str:
    query = {key: value for key, value in parameters.items() if value}
    return f"{address}?{urlencode(query, quote_via=quote, safe='/')}"
