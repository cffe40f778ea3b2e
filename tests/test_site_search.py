"""What the search looks through."""

import json
from typing import Any

from calendars import announced
from groups import catalogue
from readingroom.site import search_index
from readingroom.site.people import LeadDirectory


def data(*sessions: dict[str, Any]) -> dict[str, Any]:
    known = catalogue({f"{number}-x": each for number, each in enumerate(sessions)})
    people = LeadDirectory(known.sessions, announced(known))
    script = search_index.render_search_script(known.group, known.sessions, people)
    assert "\u2028" not in script
    found: dict[str, Any] = json.loads(script.removeprefix("window.readingroomSessions = ").removesuffix(";\n"))
    return found


def test_each_session_is_one_row_the_latest_first() -> None:
    paper = {"title": "A paper", "url": "https://example.org"}
    found = data(
        {"title": "Old", "date": "2023-01-02", "kind": "Talk", "leads": [{"name": "Ada"}], "status": "cancelled",
         "room": "Enigma", "time": "18:00"},
        {"title": "New", "date": "2024-01-08", "leads": [{"name": "Bob"}, {"name": "Ada"}],
         "material": [{"items": [paper, {"url": "https://example.org/x"}]}, {"items": [{"title": "Two"}]}]},
    )  # fmt: skip
    assert found == {
        "remarks": {
            "cancelled": "Cancelled",
            "postponed": "Postponed",
            "tbc": "To be confirmed",
            "proposed": "Looks for a date",
        },
        "kinds": ["Talk"],
        "leads": [["Bob"], ["Ada"]],
        "rooms": ["Enigma"],
        "marks": ["Reading"],
        "rows": [
            ["1-x", "New", "2024-01-08", "2024-01-08", "", -1, [0, 1], "A paper · Two", "", "", -1, 0],
            ["0-x", "Old", "2023-01-02", "2023-01-02", "cancelled", 0, [1], "", "Enigma", "18:00", 0, -1],
        ],
    }


def test_leads_are_named_as_their_file_does_and_found_by_every_spelling_of_the_person() -> None:
    link = "https://github.com/edgunn"
    found = data(
        {"date": "2024-01-01", "leads": [{"name": "Ed Gunn", "url": link}]},
        {"date": "2024-01-08", "leads": [{"name": "Edward Gunn", "url": link}]},
        {"date": "2024-01-15", "leads": [{"name": "Ed Gunn"}]},
    )
    assert found["leads"] == [["Ed Gunn", "Edward Gunn"], ["Edward Gunn", "Ed Gunn"]]
    assert [row[6] for row in found["rows"]] == [[0], [1], [0]]


def test_free_slots_are_not_found_and_shelves_are() -> None:
    rows = data({"date": "2024-02-05", "status": "open"}, {"title": "Odds"}, {"title": "Idea", "status": "proposed"})
    assert [row[:5] for row in rows["rows"]] == [["2-x", "Idea", "", "", "proposed"], ["1-x", "Odds", "", "", "shelf"]]


def test_what_reorders_or_breaks_a_line_is_not_in_it() -> None:
    (row,) = data({"title": "a\u202eb\u2028</script>", "date": "2024-01-08"})["rows"]
    assert row[1] == "ab </script>"


def test_room_affiliation_slides_and_abstract_are_searched_without_the_addresses_of_links() -> None:
    (row,) = data(
        {"title": "Bert", "date": "2024-01-08", "room": "Enigma", "leads": [{"name": "Ada", "affiliation": "Turing"}],
         "abstract": "About *masks*, see\n[the page](https://example.org/hidden).",
         "resources": [{"title": "My deck", "url": "https://example.org/d"}]},
    )["rows"]  # fmt: skip
    assert row[8] == "Enigma\nTuring\nMy deck\nAbout masks, see the page."
