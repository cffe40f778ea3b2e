"""A commit's files are read as a checkout of them would be."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from groups import files, groups, write
from readingroom.core.tree import MAX_FILE_BYTES, GitFile, Tree
from readingroom.github import git_tree
from readingroom.io import disk

if TYPE_CHECKING:
    from pathlib import Path

    from groups import Files

ENV = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
UNUSUAL = {
    "readingroom.yml": b"name: x\n",
    "templates/.hidden.j2": b"x",
    "templates/next.md.j2": b"x",
    "templates/below/next.md.j2": b"x",
    "sessions/README.md": b"x",
    "sessions/.hidden/session.yml": b"x",
    "sessions/notes.txt": b"x",
    "sessions/01-x/session.yml": b"title: x\n",
    "sessions/01-x/README.md": b"x",
    "sessions/01-x/.hidden": b"x",
    "sessions/01-x/slides.pdf": b"%PDF \xff",
    "sessions/01-x/code/a.py": b"x",
    "sessions/02-y/only.pdf": b"",
    "sessions/03.md/session.yml": b"x",
    "sessions/03.md/notes.md": b"x",
    "schema/session.schema.json": b"{}",
    "other/session.yml": b"x",
    ".github/ISSUE_TEMPLATE/session.yml": b"x",
    ".github/workflows/readingroom.yml": b"x",
    ".github/workflows/other.yml": b"x",
    ".gitignore": b"x",
}
# What stands in the way: folders with the names of files, and files with those of folders.
IN_THE_WAY = (
    "README.md/notes.txt",
    "README.md/.hidden",
    "readingroom.yml/README.md",
    "schema/session.schema.json/x",
    "templates/next.md.j2/notes.txt",
    "sessions/01-x/README.md/notes.txt",
    "sessions/01-x/session.yml/.hidden/x",
    "sessions/09-only/README.md/notes.txt",
    ".github/workflows/readingroom.yml/x",
    ".github",
    ".github/workflows",
    ".github/ISSUE_TEMPLATE",
    "schema",
    "templates",
    "sessions",
)
LINKS = (
    *("sessions/03-z", "sessions/01-x/slides.pdf", "sessions/01-x/session.yml", "README.md", "templates"),
    *(".github", ".github/workflows", ".github/ISSUE_TEMPLATE", "schema", "sessions/x.md"),
)
HIDDEN_LINKS = ("sessions/.latest", "sessions/01-x/.latest", "sessions/01-x/code/.latest", ".latest", "sessions/.x/y")


def beside(path: str) -> Files:
    """Return the unusual files that can lie beside what has a path."""
    return {
        name: content
        for name, content in UNUSUAL.items()
        if not f"{name}/".startswith(f"{path}/") and not path.startswith(f"{name}/")
    }


def git(root: Path, *command: str) -> str:
    return subprocess.run(["git", *command], cwd=root, env=ENV, capture_output=True, check=True).stdout.decode()


def listed(root: Path) -> list[GitFile]:
    """Return what real Git lists of a folder's files."""
    git(root, "init", "--quiet")
    git(root, "add", "--all", "--force")
    lines = git(root, "ls-tree", "-r", "-l", "-z", git(root, "write-tree").strip()).split("\0")
    found = [line.partition("\t") for line in lines if line]
    return [GitFile(path, *_parts(about)) for about, _, path in found]


def folder(root: Path, tree: str) -> list[GitFile]:
    """Return what real Git lists directly in a tree."""
    lines = git(root, "ls-tree", "-l", "-z", tree).split("\0")
    found = [line.partition("\t") for line in lines if line]
    return [GitFile(path, *_parts(about)) for about, _, path in found]


def _parts(about: str) -> tuple[str, str, int]:
    mode, _, name, size = about.split()
    return mode, name, 0 if size == "-" else int(size)


def fetched(root: Path, name: str) -> bytes:
    return subprocess.run(["git", "cat-file", "blob", name], cwd=root, env=ENV, capture_output=True, check=True).stdout


def test_unusual_files_are_read_as_from_disk(tmp_path: Path) -> None:
    write(tmp_path, UNUSUAL)
    found = git_tree.build_tree(listed(tmp_path), Tree(), lambda name: fetched(tmp_path, name))
    assert found == disk.read_tree(tmp_path)


LOGO_PATHS = ("logo.png", "art/logo.png", "art/deep/logo.svg", "art")


@pytest.mark.parametrize("path", LOGO_PATHS)
@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_a_logo_is_found_as_on_disk(tmp_path: Path, path: str, kind: str) -> None:
    write(tmp_path, {"readingroom.yml": b"site: {logo: art/deep/logo.svg} # logo.png art/logo.png gone.png\n"})
    write(tmp_path / "elsewhere", {"logo.png": b"x", "deep/logo.svg": b"x"})
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    if kind == "link":
        (tmp_path / path).symlink_to(tmp_path / "elsewhere")
    else:
        write(tmp_path, {path if kind == "file" else f"{path}/x": b"x"})
    found = git_tree.build_tree(listed(tmp_path), Tree(), lambda name: fetched(tmp_path, name))
    assert found.pictures == disk.read_tree(tmp_path).pictures
    if path != "art":
        assert found.pictures == {
            path: {"file": "", "link": f"{path} is a link", "folder": f"{path} is a folder"}[kind]
        }


@given(groups())
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_group_is_read_as_from_disk_and_nothing_is_fetched_that_is_at_hand(
    tmp_path_factory: pytest.TempPathFactory, made: Files
) -> None:
    root = write(tmp_path_factory.mktemp("group"), made)
    local = disk.read_tree(root)
    asked: list[str] = []
    found = git_tree.build_tree(listed(root), local, lambda name: asked.append(name) or b"")  # type: ignore[func-returns-value]
    assert (found, asked) == (local, [])


@pytest.mark.parametrize("path", IN_THE_WAY)
def test_what_stands_in_the_way_is_reported_as_from_disk(tmp_path: Path, path: str) -> None:
    write(tmp_path, {**beside(path), path: b"x"})
    found = git_tree.build_tree(listed(tmp_path), Tree(), lambda name: fetched(tmp_path, name))
    assert found == disk.read_tree(tmp_path)
    assert len(found.unread) == 1


def test_a_file_that_is_too_large_is_reported_as_from_disk(tmp_path: Path) -> None:
    write(tmp_path, {**UNUSUAL, "README.md": b"x" * (MAX_FILE_BYTES + 1)})
    found = git_tree.build_tree(listed(tmp_path), Tree(), lambda name: fetched(tmp_path, name))
    assert found == disk.read_tree(tmp_path)
    assert found.too_large == {"README.md"}


@pytest.mark.parametrize("path", HIDDEN_LINKS)
def test_hidden_links_are_no_matter(tmp_path: Path, path: str) -> None:
    write(tmp_path, UNUSUAL)
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).symlink_to("/etc/passwd")
    found = git_tree.build_tree(listed(tmp_path), Tree(), lambda name: fetched(tmp_path, name))
    assert found == disk.read_tree(tmp_path)
    assert found.unread == {}


def test_a_checkout_with_other_line_ends_holds_what_was_committed(tmp_path: Path) -> None:
    made = write(tmp_path, dict.fromkeys(("readingroom.yml", "sessions/01-x/session.yml"), b"a: 1\nb: 2\n"))
    local = disk.read_tree(write(tmp_path / "local", dict.fromkeys(disk.read_tree(made).contents, b"a: 1\r\nb: 2\r\n")))
    found = git_tree.build_tree(listed(made), local, lambda _: pytest.fail("fetched"))
    assert found.contents == {"readingroom.yml": b"a: 1\nb: 2\n", "sessions/01-x/session.yml": b"a: 1\nb: 2\n"}


@pytest.mark.parametrize("path", LINKS)
def test_links_are_reported_and_not_followed(tmp_path: Path, path: str) -> None:
    write(tmp_path, beside(path))
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).symlink_to("/etc")
    found = git_tree.build_tree(listed(tmp_path), Tree(), lambda name: fetched(tmp_path, name))
    assert found.unread.keys() == disk.read_tree(tmp_path).unread.keys() == {path}


def test_a_repository_within_is_reported() -> None:
    entries = [GitFile("sessions/01-x", "160000", "0" * 40, 0), GitFile("readingroom.yml", "100644", "1" * 40, 3)]
    found = git_tree.build_tree(entries, Tree(), lambda _: b"x")
    assert found.unread == {"sessions/01-x": "is a Git repository of its own"}


def test_a_file_that_is_too_large_is_not_fetched() -> None:
    entries = [GitFile("README.md", "100644", "1" * 40, 3_000_000)]
    assert git_tree.build_tree(entries, Tree(), lambda _: pytest.fail("fetched")).unread.keys() == {"README.md"}


def test_names_of_contents_are_gits_own(tmp_path: Path) -> None:
    write(tmp_path, files({"01-x": {"title": "Ω"}}))
    for each in listed(tmp_path):
        assert git_tree.compute_blob_id((tmp_path / each.path).read_bytes()) == each.id


# Lists that are put together


def test_the_name_of_a_list_is_that_of_gits_tree(tmp_path: Path) -> None:
    write(tmp_path, {**UNUSUAL, "sessions/01-x.txt": b"x", "sessions/01-x-y/session.yml": b"x", "sessions/01": b"x"})
    (tmp_path / "link").symlink_to("README.md")
    listing = git_tree.CommitListing(listed(tmp_path))
    assert listing.matches_tree(git(tmp_path, "write-tree").strip())
    assert not git_tree.CommitListing(listing.entries[1:]).matches_tree(git(tmp_path, "write-tree").strip())
    assert git_tree.CommitListing().matches_tree("4b825dc642cb6eb9a060e54bf8d69288fbee4904")  # Git's name for nothing


@given(groups(), groups())
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_list_is_completed_by_asking_for_changed_folders_alone(
    tmp_path_factory: pytest.TempPathFactory, before: Files, after: Files
) -> None:
    root = tmp_path_factory.mktemp("group")
    listing = git_tree.CommitListing(listed(write(root, before)))
    for path in before:
        (root / path).unlink()
    wanted = listed(write(root, after))
    asked: list[str] = []

    def fetch(tree: str) -> list[GitFile]:
        asked.append(tree)
        return folder(root, tree)

    tree = git(root, "write-tree").strip()
    assert list(listing.iter_tree_entries(tree, fetch)) == wanted
    changed = {path for path, _ in {*before.items()} ^ {*after.items()}}
    folders = {"/".join(path.split("/")[:depth]) for path in changed for depth in range(path.count("/") + 1)}
    assert len(asked) <= len(folders)
