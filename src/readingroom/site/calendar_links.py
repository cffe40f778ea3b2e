"""Links that put one session, or all of them, into a calendar on the web."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlencode

from readingroom.core import session_times
from readingroom.core.models import Group, Session
from readingroom.site import urls
from readingroom.text.html import line

MAX_DETAILS = 500  # an address has an end


class Link(NamedTuple):
    label: str
    url: str


def of_session(group: Group, session: Session) -> list[Link]:
    """Return links to the common calendars, each with a session filled in; it must have a date."""
    when = _when(group, session)
    if when is None:
        return []
    title, room, details = line(session.headline), line(session.room), _details(group, session)
    google = {
        "action": "TEMPLATE",
        "text": title,
        "dates": when.google,
        "ctz": group.time_zone,
        "location": room,
        "details": details,
    }
    microsoft = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        **when.microsoft,
        "location": room,
        "body": details,
    }
    yahoo = {"v": "60", "title": title, **when.yahoo, "in_loc": room, "desc": details}
    return [
        Link("Google", _address("https://calendar.google.com/calendar/render", google)),
        Link("Outlook.com", _address("https://outlook.live.com/calendar/0/action/compose", microsoft)),
        Link("Office 365", _address("https://outlook.office.com/calendar/0/action/compose", microsoft)),
        Link("Yahoo", _address("https://calendar.yahoo.com/", yahoo)),
    ]


def of_group(group: Group) -> list[Link]:
    """Return links that subscribe to the group's calendar; there are none while the site's address is not known."""
    calendar = urls.absolute(group, urls.CALENDAR)
    if not calendar:
        return []
    webcal = f"webcal://{calendar.partition('://')[2]}"
    microsoft = {"url": calendar, "name": line(group.name)}
    return [
        Link("Calendar app", webcal),
        Link("Google", _address("https://calendar.google.com/calendar/r", {"cid": webcal})),
        Link("Outlook.com", _address("https://outlook.live.com/calendar/0/addfromweb", microsoft)),
        Link("Office 365", _address("https://outlook.office.com/calendar/0/addfromweb", microsoft)),
    ]


class _When(NamedTuple):
    """When a session starts and ends, as each calendar wants it."""

    google: str
    microsoft: dict[str, str]
    yahoo: dict[str, str]


def _when(group: Group, session: Session) -> _When | None:
    """Return when a session with a date is, or nothing if it ends beyond the last day of all."""
    if not session.time:
        return _whole_day(session.date or dt.date.max)
    start, end = session_times.start(session, group.time_zone), session_times.end(session, group.time_zone)
    if start is None or end is None:
        return None
    first, last = start.astimezone(dt.UTC), end.astimezone(dt.UTC)
    return _When(
        f"{first:%Y%m%dT%H%M%SZ}/{last:%Y%m%dT%H%M%SZ}",
        {"startdt": f"{first:%Y-%m-%dT%H:%M:%SZ}", "enddt": f"{last:%Y-%m-%dT%H:%M:%SZ}"},
        {"st": f"{first:%Y%m%dT%H%M%SZ}", "et": f"{last:%Y%m%dT%H%M%SZ}"},
    )


def _whole_day(day: dt.date) -> _When | None:
    if day == dt.date.max:
        return None
    return _When(
        f"{day:%Y%m%d}/{day + dt.timedelta(days=1):%Y%m%d}",
        {"startdt": day.isoformat(), "enddt": day.isoformat(), "allday": "true"},
        {"st": f"{day:%Y%m%d}", "dur": "allday"},
    )


def _details(group: Group, session: Session) -> str:
    page = urls.absolute(group, urls.page(session))
    leads = ", ".join([line(lead.name) for lead in session.leads])
    return " – ".join(filter(None, [f"Led by {leads}"[:MAX_DETAILS] if leads else "", page]))


def _address(start: str, values: Mapping[str, str]) -> str:
    given = {key: value for key, value in values.items() if value}
    return f"{start}?{urlencode(given, quote_via=quote, safe='/')}"
