"""The warnings about files that are valid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from groups import files, outline, tree
from readingroom.store import catalogue, lint

if TYPE_CHECKING:
    from readingroom.core.diagnostics import Diagnostic


def warnings(sessions: dict[str, dict[str, Any] | str], **group: Any) -> list[Diagnostic]:
    """Return what is found; a session is its data, or its text as it was typed."""
    typed = {f"sessions/{folder}/session.yml": each for folder, each in sessions.items() if isinstance(each, str)}
    found = tree(
        files({folder: each if isinstance(each, dict) else {} for folder, each in sessions.items()}, typed, **group)
    )
    return lint.lint_catalogue(catalogue.read_catalogue(found), found)


def test_an_ordinary_group_has_no_warnings() -> None:
    bert, gpt = {"title": "BERT", "date": "2024-01-15"}, {"title": "GPT", "date": "2024-01-22"}
    assert warnings({"01-x": bert, "02-y": gpt}) == []


def test_two_sessions_at_one_date_and_time_are_reported_once() -> None:
    day = {"date": "2024-01-15"}
    (found,) = warnings({"01-x": day, "02-y": day, "03-z": {**day, "time": "15:00"}}, time="11:00")
    assert outline([found]) == ["sessions/02-y/session.yml:1 [session-clash] date"]
    assert [each for each in ("2024-01-15 at 11:00", "sessions/01-x") if each not in found.message] == []


@pytest.mark.parametrize("status", ["cancelled", "postponed", "open", "proposed"])
def test_what_does_not_take_place_clashes_with_nothing(status: str) -> None:
    found = warnings({"01-x": {"date": "2024-01-15"}, "02-y": {"date": "2024-01-15", "status": status}})
    assert "session-clash" not in {each.code for each in found}


def test_a_session_that_no_list_shows_is_reported() -> None:
    leads = {"title": "BERT", "leads": [{"name": "Ada"}]}
    assert outline(warnings({"01-x": leads})) == ["sessions/01-x/session.yml:2 [session-unlisted] leads"]
    assert warnings({"01-x": {**leads, "status": "proposed"}, "02-y": {**leads, "date": "2024-01-15"}}) == []
    assert warnings({"shelf": {"title": "Reading"}}) == []


@pytest.mark.parametrize("text", ["", "# later\n", "{}\n", "null\n", "title:\nleads: []\n", "duration: 60\n"])
def test_an_empty_session_file_is_reported(text: str) -> None:
    assert outline(warnings({"01-x": text})) == ["sessions/01-x/session.yml [session-empty]"]


@pytest.mark.parametrize(
    "text", ["room: x", "status: proposed", "date: 2024-01-15", "abstract: x", "time: 10:00\nkind: x"]
)
def test_a_session_file_with_a_value_is_not_empty(text: str) -> None:
    assert "session-empty" not in {each.code for each in warnings({"01-x": text})}


@pytest.mark.parametrize(
    ("zone", "date", "time", "what"),
    [
        ("Europe/London", "2024-03-31", "01:30", "skipped"),
        ("Europe/London", "2024-03-31", "02:00", ""),
        ("Europe/London", "2024-10-27", "00:30", ""),
        ("Europe/London", "2024-10-27", "01:30", "repeated"),
        ("Europe/London", "2024-10-27", "02:00", ""),
        ("America/New_York", "2024-03-10", "02:30", "skipped"),
        ("America/New_York", "2024-11-03", "01:00", "repeated"),
        ("America/New_York", "2024-03-31", "01:30", ""),
        ("UTC", "2024-03-31", "01:30", ""),
    ],
)
def test_a_time_that_the_clock_skips_or_shows_twice_is_reported(zone: str, date: str, time: str, what: str) -> None:
    found = warnings({"01-x": {"date": date, "time": time}}, time_zone=zone)
    assert outline(found) == ([f"sessions/01-x/session.yml:2 [session-time-{what}] time"] if what else [])
    assert all(data in each.message for each in found for data in (zone, date, time))


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_the_first_and_the_last_year_have_no_neighbours(date: str, zone: str) -> None:
    assert warnings({"01-x": {"date": date, "time": "00:30"}}, time_zone=zone) == []


def test_a_value_that_a_comment_cuts_is_reported() -> None:
    (found,) = warnings({"01-x": "title: Attention # is all you need\n"})
    assert outline([found]) == ["sessions/01-x/session.yml:1 [yaml-cut-value]"]
    assert '"# is all you need"' in found.message


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
def test_an_invisible_character_is_reported_by_its_code(letter: str, code: str) -> None:
    (found,) = warnings({"01-x": f"date: 2024-01-15\ntitle: Atten{letter}tion\n"})
    assert outline([found]) == ["sessions/01-x/session.yml:2 [text-invisible-character]"]
    assert f"U+{code}," in found.message


@pytest.mark.parametrize(
    ("escaped", "code"),
    [("\\u202e", "202E"), ("\\U0000200B", "200B"), ("\\xAD", "00AD"), ("\\uFEFF", "FEFF"), ("\\U000E0041", "E0041")],
)
def test_an_invisible_character_is_reported_where_it_is_escaped(escaped: str, code: str) -> None:
    (found,) = warnings({"01-x": f'date: 2024-01-15\ntitle: "Atten{escaped}tion"\n'})
    assert outline([found]) == ["sessions/01-x/session.yml:2 [text-invisible-character]"]
    assert f"U+{code}," in found.message


def test_letters_of_another_alphabet_are_reported_where_they_are_escaped() -> None:
    (found,) = warnings({"01-x": 'title: "by \\u0410da"\n'})
    assert outline([found]) == ["sessions/01-x/session.yml:1 [text-mixed-alphabets]"]


@pytest.mark.parametrize("text", [r'"C:\\u200bx"', r"$\nu + \xi$", r"C:\Users\Ada", '"caf\\u00e9"', "'\\U99999999'"])
def test_other_backslashes_are_not_reported(text: str) -> None:
    assert warnings({"01-x": f"title: {text}\n"}) == []


def test_an_emoji_made_of_several_is_not_reported() -> None:
    assert warnings({"01-x": "title: 👩‍💻 主持💂‍♂️\n"}) == []


@pytest.mark.parametrize("word", ["Аda", "pаper", "αttention", "Κate"])
def test_a_word_that_mixes_alphabets_is_reported(word: str) -> None:
    (found,) = warnings({"01-x": f"title: by {word}\n"})
    assert outline([found]) == ["sessions/01-x/session.yml:1 [text-mixed-alphabets]"]
    assert f'"{word}"' in found.message


@pytest.mark.parametrize("title", ["Ада Лавлейс", "α-synuclein in café", "Ångström 量子 テスト", "x² and ½", "Straße"])
def test_a_word_in_one_alphabet_is_not_reported(title: str) -> None:
    assert warnings({"01-x": f"title: {title}\n"}) == []


def test_findings_stand_in_the_order_of_files_and_lines() -> None:
    found = warnings(
        {"02-y": "title: a # b\ndate: 2024-01-15\n", "01-x": "date: 2024-01-15 # Monday\ntitle: a\u200bb\n"}
    )
    assert outline(found) == [
        "sessions/01-x/session.yml:1 [yaml-cut-value]",
        "sessions/01-x/session.yml:2 [text-invisible-character]",
        "sessions/02-y/session.yml:1 [yaml-cut-value]",
        "sessions/02-y/session.yml:2 [session-clash] date",
    ]


@pytest.mark.parametrize(
    ("names", "reported"),
    [
        (["Slides.pdf", "slides.pdf"], "slides.pdf"),
        (["caf\u00e9.pdf", "cafe\u0301.pdf"], "caf\u00e9.pdf"),
        (["stra\u00dfe.md", "STRASSE.md"], "stra\u00dfe.md"),
        (["con.txt"], "con.txt"),
        (["a:b.pdf"], "a:b.pdf"),
        (["slides.pdf."], "slides.pdf."),
        (["notes "], "notes "),
        (["console.txt", "a b.pdf", "a  b.pdf", "\u91cf\u5b50.pdf"], ""),
    ],
)
def test_a_file_that_not_every_system_can_hold_is_reported(names: list[str], reported: str) -> None:
    found = tree(files({"01-x": {"title": "A"}}, {f"sessions/01-x/{name}": b"x" for name in names}))
    report = [str(each.file) for each in lint.lint_catalogue(catalogue.read_catalogue(found), found)]
    assert report == [f"sessions/01-x/{reported}"] * bool(reported)


@pytest.mark.parametrize("name", ["Robots # 1 group", "C# and F # friends"])
def test_a_groups_name_that_a_comment_cuts_off_is_reported(name: str) -> None:
    found = tree(files({}, {"readingroom.yml": f"name: {name}\ntime_zone: Europe/London\n"}))
    assert outline(lint.lint_catalogue(catalogue.read_catalogue(found), found)) == [
        "readingroom.yml:1 [yaml-cut-value]"
    ]
