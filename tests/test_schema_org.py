"""A session as schema.org's Event: what search engines get of it, in a script that no title can leave."""

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given

from groups import TODAY, catalogue, catalogue_of, groups
from readingroom.core.models import Status
from readingroom.render import announcements
from readingroom.site.sharing import schema_org
from readingroom.store.revisions import RevisionLog, SessionRevision
from strategies import LINES

BERT: dict[str, Any] = {"title": "Bert", "date": "2024-07-22", "time": "11:00", "room": "Enigma", "kind": "Talk",
                        "leads": [{"name": "Ada", "url": "https://example.org/ada", "affiliation": "A"}]}  # fmt: skip
URL = "https://example.org/group"
PAGE = f"{URL}/sessions/01-bert.html"


def event(about: dict[str, Any], revision: SessionRevision | None = None, **group: Any) -> dict[str, Any]:
    known = catalogue({"01-bert": about}, **group)
    return schema_org.build_event_json_ld(known.sessions[0], known.group, revision)


def moved(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the event of a session that was another before."""
    old, new = catalogue({"01-bert": before}), catalogue({"01-bert": after})
    first = announcements.update_revisions(RevisionLog(), old, TODAY)
    second = announcements.update_revisions(first, new, TODAY + dt.timedelta(1))
    return schema_org.build_event_json_ld(new.sessions[0], new.group, second.revisions["01-bert"])


def test_an_event_says_when_where_and_by_whom() -> None:
    assert event(BERT, site={"url": f"{URL}/"}) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Talk: Bert",
        "startDate": "2024-07-22T11:00:00+01:00",
        "endDate": "2024-07-22T12:00:00+01:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": "Enigma", "address": "Enigma, Robots in Disguise"},
        "description": "Robots in Disguise: 2024-07-22, 11:00 (Europe/London) · Enigma · Ada.",
        "image": [f"{URL}/share.png"],
        "performer": [
            {
                "@type": "Person",
                "name": "Ada",
                "url": "https://example.org/ada",
                "affiliation": {"@type": "Organization", "name": "A"},
            }
        ],
        "organizer": {"@type": "Organization", "name": "Robots in Disguise", "url": f"{URL}/"},
        "url": f"{URL}/sessions/01-bert.html",
    }


def test_a_session_without_a_time_is_on_its_day() -> None:
    found = event({"date": "2024-07-22"})
    assert (found["startDate"], "endDate" in found, "image" in found, "url" in found) == (
        "2024-07-22",
        False,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("room", "mode", "location"),
    [
        ("", "Offline", ["Robots in Disguise"]),
        ("Enigma", "Offline", ["Enigma, Robots in Disguise"]),
        ("Room 2.01, Zoombinis House", "Offline", ["Room 2.01, Zoombinis House, Robots in Disguise"]),
        ("Zoom", "Online", [PAGE]),
        ("online only", "Online", [PAGE]),
        ("オンライン", "Online", [PAGE]),
        ("Zoom: https://zoom.example/j/1?pwd=x", "Online", ["https://zoom.example/j/1?pwd=x"]),
        ("https://meet.example/abc", "Online", ["https://meet.example/abc"]),
        ("MS Teams (link by e-mail), meeting 123 456", "Online", [PAGE]),
        ("Enigma and Zoom", "Mixed", ["Enigma and Zoom, Robots in Disguise", PAGE]),
        ("Enigma (hybrid)", "Mixed", ["Enigma (hybrid), Robots in Disguise", PAGE]),
        ("B12 / https://meet.example/abc", "Mixed", ["B12 / https://meet.example/abc, Robots in Disguise",
                                                     "https://meet.example/abc"]),
    ],
)  # fmt: skip
def test_where_an_event_is_has_an_address_or_a_link(room: str, mode: str, location: list[str]) -> None:
    found = event({**BERT, "room": room} if room else {"date": "2024-07-22"}, site={"url": URL})
    assert found["eventAttendanceMode"] == f"https://schema.org/{mode}EventAttendanceMode"
    places = found["location"] if isinstance(found["location"], list) else [found["location"]]
    assert [each.get("address") or each["url"] for each in places] == location


def test_the_groups_venue_is_the_address_of_its_rooms() -> None:
    venue = "The Alan Turing Institute, 96 Euston Road, London"
    assert event(BERT, venue=venue)["location"] == {
        "@type": "Place",
        "name": "Enigma",
        "address": f"Enigma, {venue}",
    }
    assert event({"date": "2024-07-22"}, venue=venue)["location"]["address"] == venue


def test_an_event_on_the_web_without_any_address_is_a_place() -> None:
    assert event({**BERT, "room": "Zoom"})["location"]["@type"] == "Place"


def test_the_abstract_describes_an_event_and_else_what_is_read() -> None:
    reading = {**BERT, "material": [{"items": [{"title": "A paper"}, {"url": "https://example.org"}]}]}
    assert event(reading)["description"] == "Reading: A paper."
    assert event({**reading, "abstract": "On *masks*\nand more"})["description"] == "On masks and more"


@given(groups())
def test_every_event_has_what_search_engines_require(found: dict[str, bytes]) -> None:
    """The rules are those of https://developers.google.com/search/docs/appearance/structured-data/event."""
    known = catalogue_of(found)
    for session in known.sessions:
        about = schema_org.build_event_json_ld(session, known.group, None)
        if not about:
            continue
        assert {"name", "startDate", "location", "eventAttendanceMode", "eventStatus", "description"} <= about.keys()
        assert about["description"].strip()
        for place in about["location"] if isinstance(about["location"], list) else [about["location"]]:
            required = ("name", "address") if place["@type"] == "Place" else ("url",)
            assert all(place[key].strip() for key in required)


def test_a_moved_session_says_where_it_was() -> None:
    found = moved(BERT, {**BERT, "date": "2024-12-02"})
    assert found["eventStatus"] == "https://schema.org/EventRescheduled"
    assert found["previousStartDate"] == "2024-07-22T11:00:00+01:00"


@pytest.mark.parametrize(
    ("status", "said"), [("cancelled", "EventCancelled"), ("postponed", "EventPostponed"), ("tbc", "EventScheduled")]
)
def test_what_does_not_take_place_is_marked_even_if_it_was_moved(status: str, said: str) -> None:
    assert moved(BERT, {**BERT, "status": status})["eventStatus"] == f"https://schema.org/{said}"
    if status != "tbc":
        assert moved(BERT, {**BERT, "status": status, "time": "12:00"})["eventStatus"].endswith(said)


@pytest.mark.parametrize("about", [{"title": "Shelf"}, {"title": "x", "status": "proposed"}])
def test_what_has_no_day_is_no_event(about: dict[str, Any]) -> None:
    assert event(about) == {}


def test_a_free_slot_is_no_event() -> None:
    assert event({**BERT, "status": Status.OPEN.value}) == {}


def test_a_session_on_the_last_evening_of_all_has_no_end() -> None:
    assert "endDate" not in event({**BERT, "date": "9999-12-31", "time": "23:30"})


@given(LINES)
def test_no_title_leaves_its_script_or_changes(title: str) -> None:
    found = event({**BERT, "title": title})
    script = schema_org.encode_json_for_script(found)
    assert not set(script) & set("<>&\u2028\u2029")
    assert json.loads(script) == found


def test_an_address_that_may_not_be_followed_is_left_out() -> None:
    known = catalogue({"01-bert": BERT})
    lead = known.sessions[0].leads[0]._replace(url="javascript:alert(1)")
    found = schema_org.build_event_json_ld(known.sessions[0]._replace(leads=(lead,)), known.group, None)
    assert "url" not in found["performer"][0]
