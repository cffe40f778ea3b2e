"""Links that put sessions into calendars on the web."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from groups import catalogue
from readingroom.site import calendar_links

URL = "https://example.org/group"


def links(group: dict[str, Any], **session: Any) -> dict[str, dict[str, str]]:
    known = catalogue({"01-x": {"title": "A & B #1", "date": "2024-01-15", **session}}, **group)
    found = calendar_links.build_event_links(known.group, known.sessions[0])
    return {
        link.label: {key: values[0] for key, values in parse_qs(urlsplit(link.url).query).items()} for link in found
    }


def test_a_session_is_filled_in_with_all_that_is_known() -> None:
    group = {"time": "11:00", "site": {"url": URL}}
    found = links(group, kind="Talk", room="Enigma", leads=[{"name": "Ada"}, {"name": "Bob"}], duration=90)
    details = f"Led by Ada, Bob – {URL}/sessions/01-x.html"
    assert found["Google"] == {
        "action": "TEMPLATE", "text": "Talk: A & B #1", "dates": "20240115T110000Z/20240115T123000Z",
        "ctz": "Europe/London", "location": "Enigma", "details": details,
    }  # fmt: skip
    assert found["Outlook.com"] == found["Office 365"]
    assert (found["Office 365"]["startdt"], found["Office 365"]["enddt"]) == (
        "2024-01-15T11:00:00Z",
        "2024-01-15T12:30:00Z",
    )
    assert (found["Yahoo"]["st"], found["Yahoo"]["et"], found["Yahoo"]["desc"]) == (
        "20240115T110000Z",
        "20240115T123000Z",
        details,
    )


@pytest.mark.parametrize(
    ("zone", "date", "time", "utc"),
    [
        ("Europe/London", "2024-07-15", "11:00", "20240715T100000Z/20240715T110000Z"),
        ("America/New_York", "2024-01-15", "20:30", "20240116T013000Z/20240116T023000Z"),
        ("Australia/Sydney", "2024-01-15", "09:00", "20240114T220000Z/20240114T230000Z"),
        ("Europe/London", "2024-10-27", "00:30", "20241026T233000Z/20241027T003000Z"),
    ],
)
def test_moments_are_those_of_the_groups_zone_whatever_the_season(zone: str, date: str, time: str, utc: str) -> None:
    assert links({"time_zone": zone}, date=date, time=time)["Google"]["dates"] == utc


def test_without_a_time_a_session_takes_the_day() -> None:
    found = links({})
    assert found["Google"]["dates"] == "20240115/20240116"
    assert found["Outlook.com"]["allday"] == "true"
    assert found["Yahoo"]["dur"] == "allday"


@pytest.mark.parametrize("time", [{}, {"time": "23:30"}])
def test_the_last_day_of_all_has_no_link(time: dict[str, str]) -> None:
    assert links(time, date="9999-12-31") == {}


def test_without_an_address_of_the_site_nothing_can_be_subscribed_to() -> None:
    assert calendar_links.build_subscription_links(catalogue({}).group) == []


def test_a_calendar_can_be_subscribed_to_where_the_site_is() -> None:
    found = {
        link.label: link.url for link in calendar_links.build_subscription_links(catalogue({}, site={"url": URL}).group)
    }
    assert found["Calendar app"] == "webcal://example.org/group/calendar.ics"
    assert parse_qs(urlsplit(found["Google"]).query) == {"cid": ["webcal://example.org/group/calendar.ics"]}
    assert parse_qs(urlsplit(found["Outlook.com"]).query)["url"] == [f"{URL}/calendar.ics"]
