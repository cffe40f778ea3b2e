"""A session as schema.org's Event: what search engines are told of it, in a script that no title can leave."""

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given

from groups import TODAY, catalogue
from readingroom.core.models import Status
from readingroom.render import announcements
from readingroom.site import schema_org
from readingroom.store.revisions import RevisionLog, SessionRevision
from strategies import LINES

BERT: dict[str, Any] = {"title": "Bert", "date": "2024-07-22", "time": "11:00", "room": "Enigma", "kind": "Talk",
                        "leads": [{"name": "Ada", "url": "https://example.org/ada", "affiliation": "A"}]}  # fmt: skip
URL = "https://example.org/group"


def event(about: dict[str, Any], told: SessionRevision | None = None, **group: Any) -> dict[str, Any]:
    known = catalogue({"01-bert": about}, **group)
    return schema_org.build_event_json_ld(known.sessions[0], known.group, told)


def moved(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the event of a session that was another before."""
    old, new = catalogue({"01-bert": before}), catalogue({"01-bert": after})
    first = announcements.update_revisions(RevisionLog(), old, TODAY)
    second = announcements.update_revisions(first, new, TODAY + dt.timedelta(1))
    return schema_org.build_event_json_ld(new.sessions[0], new.group, second.revisions["01-bert"])


def test_an_event_tells_when_where_and_by_whom() -> None:
    assert event(BERT, site={"url": f"{URL}/"}) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Talk: Bert",
        "startDate": "2024-07-22T11:00:00+01:00",
        "endDate": "2024-07-22T12:00:00+01:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "location": {"@type": "Place", "name": "Enigma"},
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
    assert (found["startDate"], "endDate" in found, "location" in found, "url" in found) == (
        "2024-07-22",
        False,
        False,
        False,
    )


def test_a_moved_session_tells_where_it_was() -> None:
    found = moved(BERT, {**BERT, "date": "2024-12-02"})
    assert found["eventStatus"] == "https://schema.org/EventRescheduled"
    assert found["previousStartDate"] == "2024-07-22T11:00:00+01:00"


@pytest.mark.parametrize(
    ("status", "said"), [("cancelled", "EventCancelled"), ("postponed", "EventPostponed"), ("tbc", "EventScheduled")]
)
def test_what_does_not_take_place_is_told_so_even_if_it_was_moved(status: str, said: str) -> None:
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
