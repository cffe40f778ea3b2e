"""Git's index says what a checkout holds, as Git itself would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import write
from readingroom.io import git_index
from test_git_tree import UNUSUAL, git, listed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, {**UNUSUAL, "sessions/01-x/Größe.txt": b"x", "a" * 200: b"x", "empty": b"", "run.sh": b"x"})


def test_an_index_lists_what_git_lists(root: Path) -> None:
    (root / "run.sh").chmod(0o755)
    (root / "link").symlink_to("empty")
    wanted = listed(root)
    found = git_index.read_index(root)
    assert [(each.path, each.mode, each.id) for each in found] == [(each.path, each.mode, each.id) for each in wanted]
    assert [each.size for each in found] == [(root / each.path).lstat().st_size for each in wanted]


def test_an_index_with_more_flags_lists_the_same(root: Path) -> None:
    wanted = listed(root)
    git(root, "update-index", "--skip-worktree", "empty")
    assert (root / ".git/index").read_bytes()[7] == 3  # the version that knows them
    assert [each.path for each in git_index.read_index(root)] == [each.path for each in wanted]


def test_an_index_of_another_version_lists_nothing(root: Path) -> None:
    listed(root)
    git(root, "update-index", "--index-version", "4")
    assert git_index.read_index(root) == []


def test_without_an_index_there_is_no_list(tmp_path: Path) -> None:
    assert git_index.read_index(tmp_path) == []
    write(tmp_path, {".git": b"gitdir: elsewhere\n"})
    assert git_index.read_index(tmp_path) == []


def test_a_file_that_changed_since_git_looked_at_it_leaves_no_list(root: Path) -> None:
    listed(root)
    write(root, {"empty": b"not any more"})
    assert git_index.read_index(root) != []
    name = git(root, "hash-object", "-w", "empty").strip()
    git(root, "update-index", "--cacheinfo", f"100644,{name},empty")
    assert git_index.read_index(root) == []


@given(st.sampled_from([b"", b"DIRC\0\0\0\x02\0\0\0\x02", b"DIRC\0\0\0\x03\xff\xff\xff\xff"]), st.binary(max_size=200))
def test_no_bytes_whatever_make_it_fail(tmp_path_factory: pytest.TempPathFactory, start: bytes, rest: bytes) -> None:
    folder = write(tmp_path_factory.mktemp("x"), {".git/index": start + rest})
    assert isinstance(git_index.read_index(folder), list)


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_an_index_that_was_cut_off_lists_nothing(root: Path, cut: int) -> None:
    listed(root)
    index = root / ".git/index"
    index.write_bytes(index.read_bytes()[:cut])
    assert git_index.read_index(root) == []
