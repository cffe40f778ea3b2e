"""A new session's folder and its session.yml, which explains itself."""

import datetime as dt
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from groups import TODAY, built, files, outline, tree
from readingroom.core.diagnostics import Invalid
from readingroom.core.models import Group, Session
from readingroom.core.tree import Tree
from readingroom.edit import new_session
from readingroom.store import catalogue, schema
from strategies import LINES

GROUP = Group("Robots", "Europe/London")


def drafted(given: dict[str, Any], sessions: dict[str, Any] | None = None, **group: Any) -> tuple[str, str]:
    found = tree(files(sessions or {}, **group))
    new = new_session.build_session_file(found, catalogue.read_group(found), given)
    return new.path, new.text


def read_back(path: str, text: str) -> Session:
    """Return the session that a draft makes, read as any other."""
    found = tree({**files({}), path: text.encode()})
    (session,) = catalogue.read_catalogue(found).sessions
    return session


def test_a_draft_is_a_valid_session_with_what_was_given() -> None:
    given = {
        "title": "Retentive Networks",
        "date": "2024-02-05",
        "time": "14:30",
        "kind": "Technical",
        "room": "Enigma",
        "status": "tbc",
        "leads": ["Ed Gunn, https://github.com/egunn-turing", "Ada Lovelace"],
    }
    path, text = drafted(given)
    session = read_back(path, text)
    assert path == "sessions/01-retentive-networks/session.yml"
    assert (session.title, str(session.date), session.time) == ("Retentive Networks", "2024-02-05", "14:30")
    assert (session.kind, session.room, session.status) == ("Technical", "Enigma", "tbc")
    assert [(who.name, who.url) for who in session.leads] == [
        ("Ed Gunn", "https://github.com/egunn-turing"),
        ("Ada Lovelace", ""),
    ]


@pytest.mark.parametrize(
    ("leads", "message"),
    [
        (["Ann Lee, Bob Ray"], 'Is "Ann Lee, Bob Ray" two people? Write each on a line of its own.'),
        (["Ann Lee", "TBC"], 'found "TBC". Expected: a name, such as Ada Lovelace.'),
    ],
)
def test_leads_that_are_not_clear_are_refused(leads: list[str], message: str) -> None:
    with pytest.raises(Invalid) as caught:
        drafted({"title": "Gpt", "date": "2024-02-05", "leads": leads})
    assert [problem.message for problem in caught.value.problems] == [message]


def test_people_and_the_day_may_be_typed_in_any_clear_form() -> None:
    session = read_back(*drafted({"title": "Gpt", "date": "Mon 5 Feb 2024", "leads": ["Ann Lee & Bob Ray", "Cy @cy"]}))
    assert (session.date, [who.name for who in session.leads]) == (dt.date(2024, 2, 5), ["Ann Lee", "Bob Ray", "Cy"])


def test_a_draft_has_the_groups_usual_room() -> None:
    path, text = drafted({"date": "2024-02-05"}, room="Enigma")
    assert read_back(path, text).room == "Enigma"


def test_a_draft_without_a_date_is_proposed_so_that_the_schedule_lists_it() -> None:
    path, text = drafted({"title": "Gpt"})
    assert read_back(path, text).status == "proposed"
    assert "Gpt" in built({**files({}), path: text.encode()})["README.md"].decode()


@pytest.mark.parametrize(
    ("key", "typed", "message"),
    [
        ("date", "5/6/2024", 'found "5/6/2024". Expected: the day'),
        ("date", "2024-02-30", "There is no such day."),
        ("time", "25:00", 'found "25:00". Expected: when the session starts'),
        ("kind", "Party", 'found "Party", which is not among the kinds in readingroom.yml. Expected: Talk.'),
        ("leads", "TBC", "Expected: a name"),
        ("title", "x" * 400, "Shorten it to 300 characters."),
        ("date", "5 June 2024", ""),
        ("time", "2pm-3pm", ""),
        ("kind", "Talk", ""),
    ],
)
def test_a_value_is_checked_as_it_is_typed(key: str, typed: str, message: str) -> None:
    found = files({}, kinds=["Talk"])["readingroom.yml"]
    group = Group("Robots", "Europe/London", kinds=("Talk",))
    error = new_session.find_value_error(found, group, key, typed)
    assert message in error
    assert bool(message) == bool(error)


def test_a_draft_explains_every_key_that_it_does_not_hold() -> None:
    _, text = drafted({"title": "Bert", "date": "2024-02-05"})
    lines = text.splitlines()
    for key, about in schema.load_schema("session").document["properties"].items():
        if key not in {"title", "date"}:
            assert f"# {about['description']}" in lines
            assert any(line.startswith(f"# {key}:") for line in lines)


def test_the_examples_in_a_draft_are_valid_once_the_comment_signs_are_gone() -> None:
    path, text = drafted({"title": "Bert", "date": "2024-02-05"})
    descriptions = {
        f"# {about['description']}" for about in schema.load_schema("session").document["properties"].values()
    }
    examples = [line.removeprefix("# ") for line in text.splitlines()[1:] if line not in descriptions]
    with_all = "\n".join(line for line in examples if not line.startswith("continues"))
    assert set(yaml.safe_load(with_all)) == set(schema.load_schema("session").document["properties"]) - {"continues"}
    assert read_back(path, with_all).title == "Bert"


def test_a_draft_names_the_schema_of_the_repository_if_it_has_one() -> None:
    found = tree(files({}, {"schema/session.schema.json": "{}"}))
    text = new_session.build_session_file(found, GROUP, {"date": "2024-02-05"}).text
    assert text.splitlines()[0] == "# yaml-language-server: $schema=../../schema/session.schema.json"
    text = new_session.build_session_file(tree(files({})), GROUP, {"date": "2024-02-05"}).text
    assert text.splitlines()[0].startswith("# yaml-language-server: $schema=https://")


@pytest.mark.parametrize(
    ("typed", "time", "duration"),
    [("9:00", "09:00", 60), ("2.30 pm", "14:30", 60), ("14:00-15:30", "14:00", 90)],
)
def test_a_time_may_be_typed_in_any_clear_way(typed: str, time: str, duration: int) -> None:
    session = read_back(*drafted({"date": "2024-02-05", "time": typed}))
    assert (session.time, session.duration) == (time, duration)


@pytest.mark.parametrize(
    ("given", "file", "problem"),
    [
        ({"date": "2024-02-30"}, "session-2024-02-30", "2 [date-invalid] date"),
        ({"date": "5 February"}, "session-5-february", "2 [date-invalid] date"),
        ({"time": "25:00", "date": "2024-02-05"}, "session-2024-02-05", "3 [time-invalid] time"),
        ({"status": "maybe", "date": "2024-02-05"}, "session-2024-02-05", "3 [value-invalid] status"),
        ({"status": "cancelled"}, "session", "2 [session-date-missing] status"),
        (
            {"date": "2024-02-05", "leads": ["Ada, javascript://x"]},
            "session-2024-02-05",
            "5 [link-invalid] leads[0].url",
        ),
        ({"title": "x" * 301, "date": "2024-02-05"}, "x" * 60, "2 [value-too-long] title"),
    ],
)
def test_a_draft_that_would_not_be_valid_is_refused(given: dict[str, Any], file: str, problem: str) -> None:
    with pytest.raises(Invalid) as caught:
        drafted(given, kinds=["Technical", "Discussion"])
    assert outline(caught.value.problems) == [f"sessions/01-{file}/session.yml:{problem}"]


def test_a_draft_of_a_kind_that_the_group_does_not_name_is_written_with_a_warning() -> None:
    found = tree(files({}, kinds=["Technical", "Discussion"]))
    new = new_session.build_session_file(found, catalogue.read_group(found), {"title": "Gpt", "kind": "Talk"})
    assert outline(new.findings) == ["sessions/01-gpt/session.yml:4 [session-kind-unknown] kind"]


def test_a_warning_that_the_group_has_switched_off_is_not_given_for_a_draft() -> None:
    found = tree(files({}, kinds=["Technical", "Discussion"], ignore=["session-kind-unknown"]))
    new = new_session.build_session_file(found, catalogue.read_group(found), {"title": "Gpt", "kind": "Talk"})
    assert new.findings == []


def test_a_folder_of_sessions_that_is_a_link_stops_a_draft() -> None:
    found = tree(files({}))
    found.unread["sessions"] = "is a link"
    with pytest.raises(Invalid) as caught:
        new_session.build_session_file(found, catalogue.read_group(found), {"title": "Gpt", "date": "2024-02-05"})
    assert outline(caught.value.problems) == ["sessions [file-unreadable]"]


def test_problems_of_other_sessions_do_not_stop_a_draft() -> None:
    path, _ = drafted({"title": "Gpt", "date": "2024-02-05"}, {"01-bert": {"titel": "Bert"}})
    assert path == "sessions/02-gpt/session.yml"


@given(LINES, LINES, st.sampled_from(["Ada Lovelace", " Ann-Marie O’Neil ", "Santiago Ramón y Cajal", "李明"]))
def test_whatever_is_typed_is_read_back_as_it_was_typed(title: str, room: str, name: str) -> None:
    path, text = drafted({"title": title, "room": room, "date": "2024-02-05", "leads": [name]})
    session = read_back(path, text)
    assert (session.title, session.room) == (title, room)
    assert [who.name for who in session.leads] == [name.strip()]
    assert catalogue.read_catalogue(tree({**files({}), path: text.encode()})).sessions


@given(LINES)
def test_the_folder_of_a_title_is_a_name_that_every_system_takes(title: str) -> None:
    path, text = drafted({"title": title, "date": "2024-02-05"})
    folder = path.split("/")[1]
    assert folder.isascii()
    assert folder == folder.lower()
    assert len(folder) <= catalogue.MAX_FOLDER_NAME
    assert "sessions/README.md" in built({**files({}), path: text.encode()})


@pytest.mark.parametrize(
    ("folders", "title", "name"),
    [
        ([], "Bert", "01-bert"),
        (["01-a", "12-b", "shelf"], "Bert", "13-bert"),
        (["99-a"], "Bert", "100-bert"),
        (["007-a"], "Bert", "08-bert"),
        ([], "", "01-session-2024-02-05"),
        ([], "???", "01-session-2024-02-05"),
        ([], "Größe & 量子", "01-grosse-liang-zi"),
        ([], "../../etc/passwd", "01-etc-passwd"),
        ([], "CON", "01-con"),
        ([], "-rf .git", "01-rf-git"),
        ([], "word " * 40, "01-" + "-".join(["word"] * 12)),
    ],
)
def test_a_folders_name_is_the_next_number_and_the_title(folders: list[str], title: str, name: str) -> None:
    assert new_session.build_folder_name(new_session.find_next_number(folders), title, "2024-02-05") == name


def offered(found: Tree, **group: Any) -> str:
    return new_session.suggest_session_defaults(found, Group("Robots", "Europe/London", **group), TODAY)["date"]


def test_the_next_usual_day_that_is_free_is_offered() -> None:
    taken = {"01-a": {"date": "2024-01-22"}, "02-b": {"date": "2024-01-29", "status": "open"}, "03-c": {"titel": "x"}}
    assert offered(tree(files({})), day="Monday") == "2024-01-22"
    assert offered(tree(files(taken)), day="Monday") == "2024-02-05"
    assert offered(tree(files({})), day="Sunday") == "2024-01-21"


def test_tomorrow_is_offered_where_there_is_no_usual_day() -> None:
    assert offered(tree(files({}))) == str(TODAY + dt.timedelta(1))


def test_the_usual_room_is_offered() -> None:
    assert (
        new_session.suggest_session_defaults(tree(files({})), Group("Robots", "UTC", room="Enigma"), TODAY)["room"]
        == "Enigma"
    )


def test_a_file_that_cannot_be_read_takes_no_day() -> None:
    broken = tree(
        {**files({}), "sessions/01-a/session.yml": b"date: 2024-01-22\n\tx", "sessions/02-b/session.yml": b"- x"}
    )
    assert offered(broken, day="Monday") == "2024-01-22"
