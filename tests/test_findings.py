"""What an organiser is told of files that are valid."""

from __future__ import annotations

from typing import Any

import pytest

from groups import files, tree
from readingroom.store import catalogue, lint

CUT = "is read as a comment. If it belongs to the text, put the text in quotes."


def told(sessions: dict[str, dict[str, Any] | str], **group: Any) -> list[str]:
    """Return what is found; a session is its data, or its text as it was typed."""
    typed = {f"sessions/{folder}/session.yml": each for folder, each in sessions.items() if isinstance(each, str)}
    found = tree(
        files({folder: each if isinstance(each, dict) else {} for folder, each in sessions.items()}, typed, **group)
    )
    return [str(each) for each in lint.lint_catalogue(catalogue.read_catalogue(found), found)]


def test_an_ordinary_group_has_nothing_to_tell() -> None:
    assert told({"01-x": {"title": "BERT", "date": "2024-01-15"}, "02-y": {"title": "GPT", "date": "2024-01-22"}}) == []


def test_two_sessions_at_one_date_and_time_are_told_once() -> None:
    day = {"date": "2024-01-15"}
    assert told({"01-x": day, "02-y": day, "03-z": {**day, "time": "15:00"}}, time="11:00") == [
        (
            "sessions/02-y/session.yml:1: date: takes place on 2024-01-15 at 11:00, like sessions/01-x. "
            "Move one of the two, if that is wrong."
        )
    ]


@pytest.mark.parametrize("status", ["cancelled", "postponed", "open", "proposed"])
def test_what_does_not_take_place_clashes_with_nothing(status: str) -> None:
    assert told({"01-x": {"date": "2024-01-15"}, "02-y": {"date": "2024-01-15", "status": status}}) == []


def test_a_session_that_no_list_shows_is_told() -> None:
    leads = {"title": "BERT", "leads": [{"name": "Ada"}]}
    message = (
        "is given, but neither date nor status, so that no list of sessions shows this one. "
        "Add a date, or the line status: proposed until there is one."
    )
    assert told({"01-x": leads}) == [f"sessions/01-x/session.yml:2: leads: {message}"]
    assert told({"01-x": {**leads, "status": "proposed"}, "02-y": {**leads, "date": "2024-01-15"}}) == []
    assert told({"shelf": {"title": "Reading"}}) == []


@pytest.mark.parametrize(
    ("zone", "date", "time", "skipped"),
    [
        ("Europe/London", "2024-03-31", "01:30", True),
        ("Europe/London", "2024-03-31", "02:00", False),
        ("Europe/London", "2024-10-27", "01:30", False),
        ("America/New_York", "2024-03-10", "02:30", True),
        ("America/New_York", "2024-03-31", "01:30", False),
        ("UTC", "2024-03-31", "01:30", False),
    ],
)
def test_a_time_that_the_clock_skips_is_told(zone: str, date: str, time: str, *, skipped: bool) -> None:
    said = f"{time} does not exist on {date} in {zone}: the clock skips it. Choose another time."
    found = told({"01-x": {"date": date, "time": time}}, time_zone=zone)
    assert found == ([f"sessions/01-x/session.yml:2: time: {said}"] if skipped else [])


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_the_first_and_the_last_year_have_no_neighbours(date: str, zone: str) -> None:
    assert told({"01-x": {"date": date, "time": "00:30"}}, time_zone=zone) == []


def test_a_value_that_a_comment_cuts_is_told() -> None:
    assert told({"01-x": "title: Attention # is all you need\n"}) == [
        f'sessions/01-x/session.yml:1: "# is all you need" {CUT}'
    ]


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        ("\u202e", "202E"),
        ("\u200b", "200B"),
        ("\ufeff", "FEFF"),
        ("\u00ad", "00AD"),
        ("\u061c", "061C"),
        ("\U000e0041", "E0041"),
    ],
)
def test_an_invisible_character_is_told_by_its_code(letter: str, code: str) -> None:
    (said,) = told({"01-x": f"date: 2024-01-15\ntitle: Atten{letter}tion\n"})
    assert said.startswith(
        f"sessions/01-x/session.yml:2: holds the invisible character U+{code}, which pages leave out"
    )


def test_an_emoji_made_of_several_is_not_told() -> None:
    assert told({"01-x": "title: 👩‍💻 主持💂‍♂️\n"}) == []


@pytest.mark.parametrize("word", ["Аda", "pаper", "αttention", "Κate"])
def test_a_word_that_mixes_alphabets_is_told(word: str) -> None:
    (said,) = told({"01-x": f"title: by {word}\n"})
    assert f'1: the word "{word}" mixes ' in said
    assert said.endswith("letters. Type it again in one alphabet.")


@pytest.mark.parametrize("title", ["Ада Лавлейс", "α-synuclein in café", "Ångström 量子 テスト", "x² and ½", "Straße"])
def test_a_word_in_one_alphabet_is_not_told(title: str) -> None:
    assert told({"01-x": f"title: {title}\n"}) == []


def test_findings_stand_in_the_order_of_files_and_lines() -> None:
    said = told({"02-y": "title: a # b\ndate: 2024-01-15\n", "01-x": "date: 2024-01-15 # Monday\ntitle: a\u200bb\n"})
    assert [each.split(":")[:2] for each in said] == [
        ["sessions/01-x/session.yml", "1"],
        ["sessions/01-x/session.yml", "2"],
        ["sessions/02-y/session.yml", "1"],
        ["sessions/02-y/session.yml", "2"],
    ]
