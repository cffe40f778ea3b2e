"""Which other sessions the page of a session links to."""

from groups import catalogue
from readingroom.render.neighbours import Neighbours

NEAR = Neighbours(
    catalogue(
        {
            "01-a": {"date": "2024-01-08", "time": "11:00"},
            "02-b": {"date": "2024-01-01", "continues": "01-a"},
            "03-open": {"date": "2024-01-02", "status": "open"},
            "04-c": {"date": "2024-01-08", "time": "14:00", "continues": "01-a"},
            "05-undated": {"status": "proposed"},
        }
    ).sessions
)


def test_sessions_follow_each_other_by_day_and_time_without_free_slots_and_without_those_that_have_no_day() -> None:
    assert {folder: later.folder for folder, later in NEAR.after.items()} == {"02-b": "01-a", "01-a": "04-c"}
    assert {folder: earlier.folder for folder, earlier in NEAR.before.items()} == {"01-a": "02-b", "04-c": "01-a"}


def test_parts_are_those_that_continue_a_session_in_the_order_of_their_days() -> None:
    assert [part.folder for part in NEAR.parts["01-a"]] == ["02-b", "04-c"]
