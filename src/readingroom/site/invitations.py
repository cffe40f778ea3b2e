"""Links that put one session, or all of them, into a calendar on the web."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from readingroom.session import Group, Session
from readingroom.site import addresses
from readingroom.site.prose import line

MAX_DETAILS = 500  # an address has an end


class Link(NamedTuple):
    label: str
    url: str


def of_session(group: Group, session: Session) -> list[Link]:
    """Return links to the common calendars, each with a session filled in; it must have a date."""
    try:
        when = _Moments(group, session)
    except OverflowError:  # the last day that Python knows has no day after it
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
    calendar = addresses.absolute(group, addresses.CALENDAR)
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


class _Moments:
    """When a session starts and ends, as each calendar wants it; without a time it takes the day."""

    def __init__(self, group: Group, session: Session) -> None:
        day = session.date or dt.date.min
        if not session.time:
            after = day + dt.timedelta(days=1)
            self.google = f"{day:%Y%m%d}/{after:%Y%m%d}"
            self.microsoft = {"startdt": day.isoformat(), "enddt": day.isoformat(), "allday": "true"}
            self.yahoo = {"st": f"{day:%Y%m%d}", "dur": "allday"}
            return
        # In UTC, since minutes are added to a moment and not to what a clock shows.
        zone = ZoneInfo(group.time_zone)
        start = dt.datetime.combine(day, dt.time.fromisoformat(session.time), zone).astimezone(dt.UTC)
        end = start + dt.timedelta(minutes=session.duration)
        self.google = f"{start:%Y%m%dT%H%M%SZ}/{end:%Y%m%dT%H%M%SZ}"
        self.microsoft = {"startdt": f"{start:%Y-%m-%dT%H:%M:%SZ}", "enddt": f"{end:%Y-%m-%dT%H:%M:%SZ}"}
        self.yahoo = {"st": f"{start:%Y%m%dT%H%M%SZ}", "et": f"{end:%Y%m%dT%H%M%SZ}"}


def _details(group: Group, session: Session) -> str:
    page = addresses.absolute(group, addresses.page(session))
    leads = ", ".join([line(lead.name) for lead in session.leads])
    return " – ".join(filter(None, [f"Led by {leads}"[:MAX_DETAILS] if leads else "", page]))


def _address(start: str, values: Mapping[str, str]) -> str:
    given = {key: value for key, value in values.items() if value}
    return f"{start}?{urlencode(given, quote_via=quote, safe='/')}"
