"""A new session takes no number of an open proposal, where Git can read the proposals' branches."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from groups import files, read, run, write

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def git(root: Path, *command: str) -> str:
    return subprocess.run(
        ["git", *IDENTITY, *command], cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(root: Path, changes: dict[str, str], branch: str = "main") -> None:
    """Commit files to a branch that begins at the one that is checked out, and push it."""
    git(root, "checkout", "--quiet", "-B", branch)
    write(root, changes)
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "x")
    git(root, "push", "--quiet", "origin", branch)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a clone of a group's repository, with one session."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    git(tmp_path, "clone", "--quiet", "origin.git", "group")
    folder = tmp_path / "group"
    write(folder, files({"01-a": {"title": "A"}}))
    git(folder, "add", ".")
    commit(folder, {"README.md": "# A\n"})
    return folder


def propose(root: Path, issue: int, folder: str) -> None:
    commit(root, {f"sessions/{folder}/session.yml": "title: X\n"}, f"readingroom/issue-{issue}")
    git(root, "checkout", "--quiet", "main")


def new(root: Path) -> subprocess.CompletedProcess[str]:
    return run(root, "new", "--title", "Gpt", "--date", "2024-01-22")


def test_a_new_session_has_the_number_after_those_of_all_proposals(root: Path) -> None:
    propose(root, 7, "02-retention")
    propose(root, 9, "05-attention")
    before = {path for path in read(root) if path.startswith(".git/")}
    done = new(root)
    assert (done.returncode, done.stderr) == (0, "")
    assert "sessions/06-gpt/session.yml" in done.stdout
    assert {path for path in read(root) if path.startswith(".git/")} == before


def test_without_open_proposals_the_number_is_that_after_the_sessions(root: Path) -> None:
    done = new(root)
    assert (done.returncode, done.stderr) == (0, "")
    assert "sessions/02-gpt/session.yml" in done.stdout


def test_a_branch_of_another_name_does_not_count(root: Path) -> None:
    commit(root, {"sessions/09-x/session.yml": "title: X\n"}, "topic")
    git(root, "checkout", "--quiet", "main")
    assert "sessions/02-gpt/session.yml" in new(root).stdout


def test_a_repository_that_cannot_be_read_is_said_and_the_session_written(root: Path) -> None:
    git(root, "remote", "set-url", "origin", str(root / "nowhere"))
    done = new(root)
    assert done.returncode == 0
    assert done.stderr.startswith("Git could not read the branches of open proposals from origin")
    assert "sessions/02-gpt/session.yml" in read(root)


def test_a_group_that_was_not_cloned_from_anywhere_has_no_proposals(tmp_path: Path) -> None:
    done = new(write(tmp_path / "group", files({"01-a": {"title": "A"}})))
    assert (done.returncode, done.stderr) == (0, "")
