"""The data of a site: valid by its schema, and nothing in it that a program would mistake."""

import datetime as dt
import json
import random
from typing import Any

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from calendars import URL, announced
from groups import DAYS, READING, ROOT, TODAY, Files, catalogue, files, groups, tree
from readingroom.site import json_data
from readingroom.store import catalogue as reading
from readingroom.store.catalogue import Catalogue
from strategies import LINES, SESSIONS

SCHEMA = json.loads((ROOT / "schema/sessions.schema.json").read_text("utf-8"))
JUDGE = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker(["date"]))
BERT: dict[str, Any] = {"title": "Bert", "date": "2024-07-22", "time": "11:00"}


def made(known: Catalogue, today: dt.date = TODAY) -> Any:
    return json.loads(json_data.render_json_files(known, announced(known, today))["sessions.json"])


def test_a_session_is_described_with_all_that_is_known() -> None:
    about = {
        **BERT,
        "kind": "Talk",
        "room": "Enigma",
        "leads": [{"name": "Ada", "affiliation": "Cambridge"}],
        "abstract": "How *it* works.",
        "material": READING,
        "resources": [{"title": "Slides", "url": "https://example.org/?a=1&copy=2;3"}],
    }
    found = made(catalogue({"01-bert": about}, site={"url": URL}, repository="https://github.com/example/group"))
    assert found["group"] == {
        "name": "Robots in Disguise",
        "time_zone": "Europe/London",
        "url": f"{URL}/",
        "repository": "https://github.com/example/group",
    }
    assert found["sessions"] == [
        {
            "folder": "01-bert",
            "number": 1,
            "title": "Bert",
            "status": "confirmed",
            "kind": "Talk",
            "date": "2024-07-22",
            "time": "11:00",
            "start": "2024-07-22T11:00:00+01:00",
            "end": "2024-07-22T12:00:00+01:00",
            "duration": 60,
            "room": "Enigma",
            "leads": [{"name": "Ada", "affiliation": "Cambridge"}],
            "abstract": "How *it* works.",
            "material": READING,
            "resources": [{"title": "Slides", "label": "Slides", "url": "https://example.org/?a=1&copy=2;3"}],
            "page": "sessions/01-bert.html",
            "url": f"{URL}/sessions/01-bert.html",
            "sequence": 0,
            "announced": "2024-01-15T00:00:00Z",
            "modified": "2024-01-15T00:00:00Z",
        }
    ]


def of_file(**group: Any) -> list[dict[str, Any]]:
    """Return the resources of a session with a folder and a file beside it."""
    beside = {"sessions/01-bert/code/x.py": "x", "sessions/01-bert/my slides.pdf": "x"}
    known = reading.read_catalogue(tree(files({"01-bert": BERT}, beside, **group)))
    found: list[dict[str, Any]] = made(known)["sessions"][0]["resources"]
    return found


def test_a_file_is_found_on_the_site_or_in_the_repository() -> None:
    home = "https://github.com/example/group"
    folder, file = of_file(site={"url": URL}, repository=home)
    assert folder == {
        "title": "code",
        "url": f"{home}/tree/HEAD/sessions/01-bert/code",
        "file": "sessions/01-bert/code",
    }
    assert file["url"] == f"{URL}/sessions/01-bert/my%20slides.pdf"
    assert of_file(repository=home)[1]["url"] == f"{home}/blob/HEAD/sessions/01-bert/my%20slides.pdf"
    assert of_file()[1] == {"title": "my slides.pdf", "label": "Slides", "file": "sessions/01-bert/my slides.pdf"}


def test_sessions_come_by_date_and_shelves_do_not_come() -> None:
    known = catalogue(
        {
            "01-a": {"title": "Shelf"},
            "02-b": {"title": "x", "status": "proposed"},
            "03-c": {**BERT, "date": "2024-02-05"},
            "04-d": BERT,
            "05-e": {**BERT, "date": "2024-01-01", "status": "open"},
        }
    )
    assert [each["folder"] for each in made(known)["sessions"]] == ["05-e", "03-c", "04-d", "02-b"]


def test_each_session_has_a_line() -> None:
    known = catalogue({f"0{n}-x": BERT for n in range(3)})
    lines = json_data.render_json_files(known, announced(known))["sessions.json"].decode().splitlines()
    assert [json.loads(line.rstrip(","))["folder"] for line in lines[1:-1]] == ["00-x", "01-x", "02-x"]


def test_the_schema_is_there_too() -> None:
    known = catalogue({})
    assert json.loads(json_data.render_json_files(known, announced(known))["sessions.schema.json"]) == SCHEMA


@given(SESSIONS, LINES)
def test_the_data_of_any_session_is_valid(about: dict[str, Any], name: str) -> None:
    if "date" not in about:
        about = {**about, "status": "proposed"}
    found = made(catalogue({"01-bert": about}, name=name, site={"url": URL}))
    assert [each.message for each in JUDGE.iter_errors(found)] == []


@given(groups(), DAYS, st.randoms(use_true_random=False))
def test_data_is_valid_and_the_order_in_which_files_are_found_does_not_matter(
    group: Files, today: dt.date, chance: random.Random
) -> None:
    shuffled = list(group.items())
    chance.shuffle(shuffled)
    one, other = (reading.read_catalogue(tree(each)) for each in (group, dict(shuffled)))
    assert json_data.render_json_files(one, announced(one, today)) == json_data.render_json_files(
        other, announced(other, today)
    )
    assert [each.message for each in JUDGE.iter_errors(made(one, today))] == []
