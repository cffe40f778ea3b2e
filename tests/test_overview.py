"""What is next and who leads it, and which sessions lack slides or reading."""

from collections.abc import Mapping
from typing import Any

from groups import READING, TODAY, Data, catalogue
from readingroom.render import overview

SLIDES = [{"title": "Slides", "url": "https://example.org/slides.pdf"}]


def view(sessions: Mapping[str, Data]) -> dict[str, Any]:
    return overview.build_overview(catalogue(sessions), TODAY)


def folders(view: dict[str, Any], key: str) -> list[str]:
    return [each["folder"] for each in view[key]]


def test_next_is_the_soonest_session_that_takes_place() -> None:
    following = view(
        {
            "01-a": {"date": "2024-01-16", "status": "cancelled"},
            "02-b": {"date": "2024-01-17", "status": "open"},
            "03-c": {"date": "2024-01-19"},
            "04-d": {"title": "D", "date": "2024-01-18", "time": "14:00", "leads": [{"name": "Ada"}, {"name": "Ed"}]},
        },
    )["next"]
    assert following == {
        "folder": "04-d",
        "title": "D",
        "date": "2024-01-18",
        "time": "14:00",
        "status": "confirmed",
        "kind": None,
        "room": None,
        "leads": ["Ada", "Ed"],
    }


def test_there_may_be_nothing_next() -> None:
    assert view({"01-a": {"date": "2024-01-14"}, "02-b": {"status": "proposed"}})["next"] is None


def test_upcoming_holds_everything_ahead_soonest_first() -> None:
    ahead = {
        "01-a": {"status": "proposed"},
        "02-b": {"date": "2024-02-01", "status": "cancelled"},
        "03-c": {"date": "2024-01-15"},
        "shelf": {},
    }
    assert folders(view(ahead), "upcoming") == ["03-c", "02-b", "01-a"]


def test_held_sessions_without_slides_are_listed() -> None:
    held = {
        "01-a": {"date": "2024-01-01"},
        "02-b": {"date": "2024-01-02", "resources": SLIDES},
        "03-c": {"date": "2024-01-03", "status": "cancelled"},
        "04-d": {"date": "2024-02-01"},
    }
    assert folders(view(held), "without_slides") == ["01-a"]


def test_sessions_without_reading_are_listed_unless_they_share_anothers() -> None:
    some = {
        "01-a": {"date": "2024-01-01", "material": READING},
        "02-b": {"date": "2024-01-02", "continues": "01-a"},
        "03-c": {"date": "2024-01-03"},
        "04-d": {"date": "2024-02-01"},
        "05-e": {"date": "2024-02-02", "status": "open"},
        "shelf": {},
    }
    assert folders(view(some), "without_reading") == ["03-c", "04-d"]


def test_lines_are_for_people() -> None:
    some = {
        "01-a": {"title": "A", "date": "2024-01-01", "material": READING},
        "02-b": {"date": "2024-02-01", "time": "14:00", "status": "tbc", "leads": [{"name": "Ada"}]},
        "03-c": {"title": "C", "status": "proposed", "material": READING},
    }
    assert list(overview.iter_overview_lines(view(some))) == [
        "Robots in Disguise, 2024-01-15",
        "Next: 2024-02-01 14:00  TBC [tbc], Ada  (sessions/02-b)",
        "",
        "Upcoming (2):",
        "  2024-02-01 14:00  TBC [tbc], Ada  (sessions/02-b)",
        "  no date  C [proposed], no lead yet  (sessions/03-c)",
        "",
        "Held without slides (1):",
        "  2024-01-01  A, no lead yet  (sessions/01-a)",
        "",
        "Without reading (1):",
        "  2024-02-01 14:00  TBC [tbc], Ada  (sessions/02-b)",
    ]


def test_lines_of_an_empty_group_say_that_nothing_is_planned() -> None:
    assert list(overview.iter_overview_lines(view({}))) == [
        "Robots in Disguise, 2024-01-15",
        "Next: no session is planned yet.",
    ]


def test_of_the_sessions_that_took_place_the_last_ten_count_unless_all_are_asked_for() -> None:
    some = {f"{n:02}-x": {"date": f"2024-01-{n:02}"} for n in range(1, 13)} | {
        "13-gone": {"date": "2024-01-13", "status": "cancelled"}
    }
    found = catalogue(some)
    recent = [f"{n:02}-x" for n in range(3, 13)]
    assert folders(overview.build_overview(found, TODAY), "without_slides") == recent
    assert folders(overview.build_overview(found, TODAY), "without_reading") == recent
    everything = overview.build_overview(found, TODAY, shows_all=True)
    assert folders(everything, "without_slides") == folders(everything, "without_reading") == ["01-x", "02-x", *recent]


def test_the_list_holds_every_session_by_date() -> None:
    some = {"01-a": {"status": "proposed"}, "02-b": {"date": "2024-02-01"}, "03-c": {"date": "2023-01-01"}, "shelf": {}}
    assert [each["folder"] for each in overview.list_sessions(catalogue(some))] == ["03-c", "02-b", "01-a", "shelf"]
