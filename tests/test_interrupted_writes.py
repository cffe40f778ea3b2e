"""Commands that are killed at a write, or whose disk is full: nothing is half written, and nothing is left over."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from groups import ROOT, files, run, write

if TYPE_CHECKING:
    from pathlib import Path

# Ends the process at the n-th change of the disk, as a kill would; the changes are those that Python's audit events
# name: https://docs.python.org/3/library/audit_events.html
KILLED = """
import os, sys
left, folder = int(sys.argv.pop(1)), sys.argv.pop(1)
CHANGES = {"os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.utime", "shutil.copyfile"}
def count(event, arguments):
    global left
    is_write = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    is_path = bool(arguments) and isinstance(arguments[0], (str, bytes, os.PathLike))
    if (is_write or event in CHANGES) and is_path and os.path.abspath(os.fsdecode(arguments[0])).startswith(folder):
        left -= 1
        if left < 0:
            os._exit(9)
sys.addaudithook(count)
from readingroom.cli.main import main
main()
"""
NEW = ("new", "--title", "Gpt", "--date", "2027-02-08")
BUILD = ("build", "--today", "2027-01-15")
SITE = ("site", "--today", "2027-01-15")
SESSION = {"title": "Bert", "date": "2027-02-01"}


@pytest.fixture
def group(tmp_path: Path) -> Path:
    return fill(tmp_path / "group")


def fill(folder: Path) -> Path:
    return write(folder, files({"01-bert": SESSION}, {"sessions/01-bert/slides.pdf": b"%PDF-1.7 slides"}))


def run_until(changes: int, folder: Path, command: tuple[str, ...], home: Path) -> int:
    """Run a command in a folder until it has changed the disk so many times; return its exit code."""
    line = [sys.executable, "-c", KILLED, str(changes), str(folder), *command]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(line, cwd=folder, env=env, capture_output=True, check=False).returncode


def read_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("changes", range(5))
def test_a_new_session_is_written_whole_or_not_at_all(tmp_path: Path, changes: int) -> None:
    expected = fill(tmp_path / "expected")
    assert run(expected, *NEW).returncode == 0
    before, after = read_files(fill(tmp_path / "group")), read_files(expected)
    added = (after.keys() - before.keys()).pop()
    group = tmp_path / "group"
    if run_until(changes, group, NEW, tmp_path) == 9:
        assert read_files(group).get(added, after[added]) == after[added]
        if added not in read_files(group):
            assert run(group, *NEW).returncode == 0
    assert run(group, *BUILD).returncode == 0
    assert [path for path in read_files(group) if ".readingroom-" in path] == []


@pytest.mark.parametrize("changes", [1, 7, 41])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_site_is_right_after_the_next_run_and_nothing_else_is_there(
    tmp_path: Path, changes: int, *, is_first: bool
) -> None:
    group, expected = fill(tmp_path / "group"), fill(tmp_path / "expected")
    if not is_first:
        assert run(group, *SITE).returncode == 0
    for folder in (group, expected):
        write(folder, {"sessions/01-bert/session.yml": "title: Bert, again\ndate: 2027-02-01\n"})
        write(folder, {"sessions/01-bert/notes.pdf": b"%PDF-1.7 notes"})
    assert run(expected, *SITE).returncode == 0
    run_until(changes, group, SITE, tmp_path)
    assert run(group, *SITE).returncode == 0
    found, wanted = read_files(group), read_files(expected)
    assert sorted(found) == sorted(wanted)
    manifest = "_site/.readingroom"
    assert json.loads(found[manifest]) == json.loads(wanted[manifest])


def test_two_first_runs_at_once_both_end_well(tmp_path: Path) -> None:
    group = fill(tmp_path / "group")
    line = [sys.executable, "-m", "readingroom", *SITE]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    runs = [subprocess.Popen(line, cwd=group, env=env, stdout=-1, stderr=-1) for _ in range(4)]
    ended = [(*run.communicate(timeout=60), run.returncode) for run in runs]
    assert [code for *_, code in ended] == [0] * 4, ended
    assert [path.name for path in group.iterdir() if path.name.startswith(".readingroom")] == []


@pytest.mark.parametrize("command", [NEW, BUILD, SITE])
def test_a_full_disk_leaves_everything_as_it_was(group: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    """A limit of no bytes for each file stands for the disk: every write fails."""
    before = read_files(group)
    script = f'ulimit -f 0; exec {sys.executable} -m readingroom "$@"'
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        ["bash", "-c", script, "bash", *command], cwd=group, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode not in {0, 3}, done
    assert "Traceback" not in done.stderr
    assert read_files(group) == before
    assert [path for path in group.rglob("*") if path.is_dir() and not any(path.iterdir())] == []
