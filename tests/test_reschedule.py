"""Sessions are moved, cancelled, postponed and swapped by changing their files in place."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from groups import built, files, outline, read, region, run, tree, write
from readingroom.core.diagnostics import Invalid
from readingroom.edit import reschedule

if TYPE_CHECKING:
    from pathlib import Path

    from readingroom.edit.reschedule import ScheduleChange

BERT, GPT = "sessions/01-bert/session.yml", "sessions/02-gpt/session.yml"
SESSIONS = {
    "01-bert": {"title": "Bert", "date": "2024-01-22", "time": "10:00", "room": "Enigma"},
    "02-gpt": {"title": "Gpt", "date": "2024-01-29"},
    "shelf": {"title": "More"},
}
DAY = dt.date(2024, 2, 5)


def group(**changes: Any) -> dict[str, bytes]:
    return files({**SESSIONS, **changes}, day="Monday")


def texts(change: ScheduleChange) -> dict[str, str]:
    return {path: content.decode() for path, content in change.files.items()}


def with_comments() -> dict[str, bytes]:
    return group() | {GPT: b"# ours\r\ntitle:  'Gpt'\r\ndate: 2024-01-29 # at last\r\n"}


def test_a_moved_session_has_another_date_and_nothing_else_changes() -> None:
    change = reschedule.move_session(tree(with_comments()), "02-gpt", DAY, {})
    assert texts(change) == {GPT: "# ours\r\ntitle:  'Gpt'\r\ndate: 2024-02-05 # at last\r\n"}
    assert change.descriptions == [f"{GPT}: date 2024-02-05 (was 2024-01-29)"]
    assert change.findings == []


def test_a_session_moves_to_another_time_and_room() -> None:
    change = reschedule.move_session(tree(group()), "1", DAY, {"time": "14:00", "room": "Cipher"})
    assert change.descriptions == [
        f"{BERT}: date 2024-02-05 (was 2024-01-22), time 14:00 (was 10:00), room Cipher (was Enigma)"
    ]


@pytest.mark.parametrize("status", ["cancelled", "postponed", "proposed"])
def test_what_was_set_aside_takes_place_again_once_it_is_moved(status: str) -> None:
    found = group(**{"02-gpt": {"title": "Gpt", "date": "2024-01-29", "status": status}})
    assert "status" not in texts(reschedule.move_session(tree(found), "2", DAY, {}))[GPT]


@pytest.mark.parametrize("status", ["tbc", "open"])
def test_what_is_not_certain_stays_so_when_it_is_moved(status: str) -> None:
    found = group(**{"02-gpt": {"title": "Gpt", "date": "2024-01-29", "status": status}})
    assert f"status: {status}" in texts(reschedule.move_session(tree(found), "2", DAY, {}))[GPT]


def test_a_move_reports_a_clash_and_an_unusual_day() -> None:
    (clash,) = reschedule.move_session(tree(group()), "2", dt.date(2024, 1, 22), {}).findings
    (unusual,) = reschedule.move_session(tree(group()), "2", dt.date(2024, 1, 23), {}).findings
    assert outline([clash, unusual]) == [f"{GPT} [session-review]"] * 2
    assert [each for each in ("Bert (sessions/01-bert)", "2024-01-22") if each not in clash.message] == []
    assert [each for each in ("2024-01-23", "Tuesday", "Monday") if each not in unusual.message] == []


def test_a_cancelled_session_stays_on_its_date_struck_out() -> None:
    found = group()
    change = reschedule.cancel_session(tree(found), "02")
    assert change.descriptions == [f"{GPT}: status cancelled"]
    assert "~~[Gpt](sessions/02-gpt/README.md)~~ (cancelled)" in region(built(found | change.files), "upcoming")


@pytest.mark.parametrize(("keeps", "when"), [(True, "2024-01-29"), (False, "TBC")])
def test_a_postponed_session_looks_for_a_date(keeps: bool, when: str) -> None:  # noqa: FBT001
    found = group()
    made = built(found | reschedule.postpone_session(tree(found), "2", keeps_date=keeps).files)
    row = next(line for line in region(made, "upcoming").split("\n") if "Gpt" in line)
    assert row.startswith(f"| {when} | [Gpt](sessions/02-gpt/README.md) (postponed)")


def test_sessions_are_swapped_with_their_times_and_rooms() -> None:
    found = group()
    change = reschedule.swap_sessions(tree(found), "1", "2", keeps_rooms=False)
    assert change.descriptions == [
        f"{BERT}: date 2024-01-29 (was 2024-01-22), no time any more (was 10:00), no room any more (was Enigma)",
        f"{GPT}: date 2024-01-22 (was 2024-01-29), time 10:00, room Enigma",
    ]
    again = reschedule.swap_sessions(tree(found | change.files), "2", "1", keeps_rooms=False)
    assert reschedule.swap_sessions(tree(found | again.files), "1", "2", keeps_rooms=False).files == change.files
    kept = texts(reschedule.swap_sessions(tree(found), "1", "2", keeps_rooms=True))
    assert ("room: Enigma" in kept[BERT], "room" in kept[GPT]) == (True, False)


@pytest.mark.parametrize(
    ("typed", "time"), [("9:00", "09:00"), ("2.30 pm", "14:30"), ("14:00", "14:00"), ("9h", "09:00")]
)
def test_a_time_may_be_typed_in_any_clear_way(typed: str, time: str) -> None:
    made = texts(reschedule.move_session(tree(group()), "1", DAY, {"time": typed}))[BERT]
    assert yaml.load(made, yaml.BaseLoader)["time"] == time  # noqa: S506 -- makes texts alone


def test_an_empty_time_or_room_is_taken_out() -> None:
    change = reschedule.move_session(tree(group()), "1", dt.date(2024, 1, 22), {"time": "", "room": ""})
    assert change.descriptions == [f"{BERT}: no time any more (was 10:00), no room any more (was Enigma)"]
    assert b"time" not in change.files[BERT]
    assert b"room" not in change.files[BERT]
    again = group() | change.files
    assert reschedule.move_session(tree(again), "1", dt.date(2024, 1, 22), {"time": "", "room": ""}).files == {}


@pytest.mark.parametrize("typed", ["11", "soon", "11-1pm", "24:00", "9" * 500])
def test_a_time_that_is_no_clear_start_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        reschedule.move_session(tree(group()), "1", DAY, {"time": typed})
    (problem,) = caught.value.problems
    assert outline([problem]) == [f"{BERT} [time-invalid] time"]
    assert (f'found "{typed[:30]}' in problem.message, "such as 14:00" in problem.text) == (True, True)


@pytest.mark.parametrize(
    "other", [{"title": "Gpt", "status": "proposed"}, {"title": "Gpt", "status": "postponed"}, {"title": "Gpt"}]
)
@pytest.mark.parametrize("words", [("1", "2"), ("2", "1")])
def test_a_session_without_a_date_is_not_swapped(other: dict[str, Any], words: tuple[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        reschedule.swap_sessions(tree(group(**{"02-gpt": other})), *words, keeps_rooms=False)
    (problem,) = caught.value.problems
    assert outline([problem]) == [f"{GPT} [session-change-refused]"]
    assert "readingroom move" in problem.hint


def test_what_is_so_already_changes_nothing() -> None:
    assert reschedule.move_session(tree(group()), "2", dt.date(2024, 1, 29), {}).files == {}
    found = group(**{"02-gpt": {"title": "Gpt", "date": "2024-01-29", "status": "cancelled"}})
    assert reschedule.cancel_session(tree(found), "2").files == {}


@pytest.mark.parametrize(
    "word", ["02-gpt", "2", "02", "0002", "02-g", "02-GPT", "sessions/02-gpt", "sessions/02-gpt/", GPT, f"./{GPT}"]
)
def test_a_session_is_found_by(word: str) -> None:
    assert reschedule.resolve_session_folder(tree(group()), word) == "02-gpt"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("02-gtp", 'Did you mean "02-gpt"?'),
        ("0", "01-bert or 02-gpt"),
        ("7", "Expected: a folder's name, or its number."),
        ("", "Expected:"),
        ("../02-gpt", 'Did you mean "02-gpt"?'),
        ("٢", "Expected:"),
        ("9" * 5000, "Expected:"),
    ],
)
def test_a_session_that_is_not_there_is_reported(word: str, hint: str) -> None:
    with pytest.raises(Invalid) as caught:
        reschedule.resolve_session_folder(tree(group()), word)
    (problem,) = caught.value.problems
    assert outline([problem]) == ["sessions [session-not-found]"]
    assert (f'found "{word[:30]}' in problem.message, hint in problem.hint) == (True, True)


def test_a_session_is_not_swapped_with_itself() -> None:
    with pytest.raises(Invalid) as caught:
        reschedule.swap_sessions(tree(group()), "1", "01-bert", keeps_rooms=False)
    assert outline(caught.value.problems) == [f"{BERT} [session-change-refused]"]


def test_what_would_be_wrong_is_reported_and_problems_of_other_files_prevent_nothing() -> None:
    with pytest.raises(Invalid) as caught:
        reschedule.cancel_session(tree(group()), "shelf")
    assert outline(caught.value.problems) == ["sessions/shelf/session.yml:2 [session-date-missing] status"]
    with pytest.raises(Invalid) as caught:
        reschedule.move_session(tree(group()), "1", DAY, {"time": "25:00"})
    assert outline(caught.value.problems) == [f"{BERT} [time-invalid] time"]
    broken = group() | {BERT: b"titel: x\n"}
    assert reschedule.cancel_session(tree(broken), "2").descriptions == [f"{GPT}: status cancelled"]


CHANGES = {
    "move": lambda made: reschedule.move_session(made, "2", DAY, {}),
    "cancel": lambda made: reschedule.cancel_session(made, "2"),
    "postpone": lambda made: reschedule.postpone_session(made, "2", keeps_date=True),
    "swap": lambda made: reschedule.swap_sessions(made, "1", "2", keeps_rooms=False),
}


@pytest.mark.parametrize("content", [b"- a\n", b"hello\n", b"[]\n", b"'5'\n"])
@pytest.mark.parametrize("command", CHANGES)
def test_a_file_without_keys_is_reported_as_a_check_does(command: str, content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        CHANGES[command](tree(group() | {GPT: content}))
    assert outline(caught.value.problems) == [f"{GPT}:1 [value-invalid]"]


@pytest.mark.parametrize("content", [b"", b"# ours\n", b"{}\n"])
def test_a_cancelled_session_without_any_keys_is_reported(content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        CHANGES["cancel"](tree(group() | {GPT: content}))
    assert {each.file for each in caught.value.problems} == {GPT}


def test_a_move_corrects_a_wrong_date() -> None:
    wrong = group() | {GPT: b"title: Gpt\ndate: 2024-02-30\n"}
    assert texts(reschedule.move_session(tree(wrong), "2", DAY, {}))[GPT] == "title: Gpt\ndate: 2024-02-05\n"


# From a terminal


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, with_comments())


def test_the_commands_write_the_file_and_say_what_to_do_next(root: Path) -> None:
    steps = (("move", "2", "2024-02-05"), ("cancel", "2"), ("postpone", "2"), ("move", "2", "2024-01-29"))
    for step in steps:
        done = run(root, *step)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("Then run: readingroom build\n")
    assert read(root)[GPT] == b"# ours\r\ntitle:  'Gpt'\r\ndate: 2024-01-29\r\n# at last\r\n"


def test_a_dry_run_shows_the_lines_and_writes_nothing(root: Path) -> None:
    before = read(root)
    done = run(root, "swap", "1", "2", "--dry-run")
    assert (done.returncode, "-date: '2024-01-22'" in done.stdout, "+date: 2024-01-29" in done.stdout) == (
        0,
        True,
        True,
    )
    assert read(root) == before


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
@pytest.mark.parametrize("step", [("cancel", "2"), ("postpone", "2"), ("move", "2", "2024-02-05")], ids=" ".join)
def test_a_second_time_there_is_nothing_to_do(root: Path, step: tuple[str, ...], options: tuple[str, ...]) -> None:
    run(root, *step)
    assert run(root, *step, *options).stdout == "Nothing to do: that is already the case.\n"


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_swap_of_equal_slots_is_nothing_to_do(root: Path, options: tuple[str, ...]) -> None:
    write(root, group(**{"01-bert": {"title": "Bert", "date": "2024-01-29"}}))
    assert run(root, "swap", "1", "2", *options).stdout == "Nothing to do: that is already the case.\n"


def test_a_wrong_session_and_a_wrong_day_end_with_what_is_wanted(root: Path) -> None:
    before = read(root)
    assert (run(root, "cancel", "02-gtp").returncode, run(root, "move", "2", "2024-02-30").returncode) == (1, 2)
    ambiguous, timed = run(root, "move", "2", "05/02/2024"), run(root, "move", "2", "5 Feb 2024 at 4pm")
    assert "2024-05-02" in ambiguous.stderr
    assert "Write one of them." in ambiguous.stderr
    assert "Write it after --time." in timed.stderr
    done = run(root, "move", "2", "2024-02-05", "--room", "\x1b[2J")
    assert (done.returncode, "\x1b" in done.stderr) == (1, False)
    assert read(root) == before
