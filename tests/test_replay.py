"""A group's history, replayed: after every event the pages are right, and nobody has edited one manually.

The script's own default is 75 weeks, which take minutes; here it is six, and a list of five events through the action.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import history
import replay
from box import Box
from groups import ROOT, TODAY, built, files
from listed import wrong

if TYPE_CHECKING:
    from pathlib import Path

    from groups import Files

WEEKS = 6
PAGE = ROOT / "docs/replay.md"


def test_six_weeks_need_no_manual_edit() -> None:
    counts = replay.replayed(history.Drawer(1).events(WEEKS))
    assert counts["manual edits of generated pages"] == 0
    assert counts["of them: day"] == WEEKS * 7
    assert counts["commits of people"] == counts["events"] - WEEKS * 7
    assert counts["commits of pages"] > 0


def test_a_list_of_events_runs_through_the_action(action: Path, env: dict[str, str]) -> None:
    counts = replay.replayed_by(action, env, history.read(replay.EXAMPLE))
    assert (counts["events"], counts["commits of people"], counts["manual edits of generated pages"]) == (5, 4, 0)


def test_the_script_prints_the_counts_or_what_is_wrong(tmp_path: Path) -> None:
    for events, code, line in (
        ('[{"event": "day"}]', 0, "| manual edits of generated pages | 0 |"),
        ('[{"event": "dance"}]', 1, "[0]: found the event 'dance'."),
    ):
        (tmp_path / "events.json").write_text(events, encoding="utf-8")
        command = [sys.executable, ROOT / "tools/replay.py", "--events", tmp_path / "events.json"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert (done.returncode, line in done.stdout + done.stderr) == (code, True), done.stderr


# The events


def test_the_same_seed_draws_the_same() -> None:
    drawn = list(history.Drawer(7).events(WEEKS))
    assert drawn == list(history.Drawer(7).events(WEEKS)) != list(history.Drawer(8).events(WEEKS))


def test_as_many_events_are_drawn_as_the_history_had() -> None:
    kinds = [each.kind for each in history.Drawer(1).events(history.WEEKS)]
    assert {kind: kinds.count(kind) for kind in history.COUNTS} == history.COUNTS
    assert sum(history.COUNTS.values()) == 224 - history.ROWS
    assert kinds.count("day") == history.WEEKS * 7


def test_a_list_that_is_written_is_read_as_it_was() -> None:
    drawn = list(history.Drawer(1).events(8))
    text = json.dumps([{"event": each.kind, **each.about} for each in drawn])
    assert history.read(text) == drawn


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "Expecting property name"),
        ("{}", "does not hold a list of events"),
        ('["day"]', r"\[0\]: found the event None. Wanted: day, add,"),
        ('[{"event": "day"}, {"event": "dance"}]', r"\[1\]: found the event 'dance'. Wanted: day, add,"),
        ('[{"event": "cancel"}]', r"\[0\]: found \[\] for cancel. Wanted: \['folder'\]."),
    ],
)
def test_a_list_that_cannot_be_read_says_where_and_what_is_wanted(text: str, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        history.read(text)


def test_an_event_of_a_session_that_is_not_there_is_reported() -> None:
    with pytest.raises(ValueError, match="cancel 09-none: there is no such session"):
        history.changes({}, history.Event("cancel", {"folder": "09-none"}))


# What is looked at notices what is wrong


def test_a_manual_edit_is_counted(tmp_path: Path) -> None:
    with Box(replay.GROUP) as box:
        replayed = replay.Replay(box, replay.InProcess(box), tmp_path / "main.git")
        made = box.tree()["README.md"]
        box.commit("main", {"README.md": made + b"\nMore of ours.\n"})
        box.commit("main", {"README.md": made.replace(b"No session is planned yet.", b"Soon.")})
        box.commit("main", {"sessions/README.md": b"# Ours\n"})
        replayed.mirror.follow()
        assert replayed.counted()["manual edits of generated pages"] == 2


GROUP = built(
    files(
        {
            "01-a": {"title": "A", "date": "2024-01-08"},
            "02-b": {"title": "B", "date": "2024-01-22"},
            "03-slot": {"date": "2024-01-29", "status": "open"},
            "04-late": {"date": "2024-01-01", "status": "open"},
            "05-c": {"title": "C", "status": "proposed"},
        },
        date_format="dd/MM/yy",
    )
)


def test_a_group_as_it_is_built_is_right() -> None:
    assert wrong(GROUP, TODAY) == []


def without(made: Files, path: str) -> Files:
    return {each: content for each, content in made.items() if each != path}


def edited(made: Files, path: str, old: str, new: str) -> Files:
    changed = re.sub(old, new, made[path].decode(), flags=re.MULTILINE)
    assert changed != made[path].decode()
    return {**made, path: changed.encode()}


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (edited(GROUP, "README.md", r"^\|.*02-b.*\n", ""), "02-b is not upcoming"),
        (edited(GROUP, "README.md", r"^\|.*Free slot.*\n", ""), "free slot on 2024-01-29 is not upcoming"),
        (edited(GROUP, "README.md", r"^(\|.*05-c.*\n)", r"\1\1"), "05-c is upcoming, or twice so"),
        (edited(GROUP, "README.md", r"01-a/", "02-b/"), "README.md: the latest sessions are ['02-b']"),
        (edited(GROUP, "sessions/README.md", r"^\|.*01-a.*\n", ""), "01-a is not previous"),
        (edited(GROUP, "sessions/01-a/session.yml", "2024-01-08", "2024-03-08"), "01-a is not upcoming"),
        (without(GROUP, "sessions/02-b/README.md"), "README.md: sessions/02-b/README.md leads to no file"),
        (without(GROUP, "sessions/05-c/README.md"), "05-c has no page of its own, but []"),
        (without(GROUP, "sessions/01-a/session.yml"), "sessions/01-a/README.md is of no session"),
    ],
)
def test_what_is_wrong_is_noticed(made: Files, line: str) -> None:
    assert line in wrong(made, TODAY)


def test_a_day_that_passed_without_a_run_is_noticed() -> None:
    assert "02-b is not previous" in wrong(GROUP, TODAY + dt.timedelta(days=8))


# docs/replay.md


def test_the_page_shows_what_a_run_of_its_command_prints_and_the_list_that_runs_here() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([a-z: ]+) \| ([\d,]+) \|$", text, re.MULTILINE))
    assert rows["manual edits of generated pages"] == "0"
    assert {kind: int(rows[f"of them: {kind}"]) for kind in history.COUNTS} == history.COUNTS
    assert f"```json\n{replay.EXAMPLE.strip()}\n```" in text
