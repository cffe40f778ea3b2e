"""What is found on a machine: of a folder by real Git, of its time zone, and which commit this program is of."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest

from groups import ROOT
from readingroom import __version__
from readingroom.setup import environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ENV = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}
PARTS = (
    "src",
    "fonts",
    "schema",
    "templates",
    "workflow",
    "pyproject.toml",
    "hatch_build.py",
    "README.md",
    "LICENSE",
    ".gitignore",
)
# What the program itself says of its commit, wherever it was imported from.
ASKED = (
    "from readingroom.setup import environment as e; "
    "print(e.__file__); print(e.get_program_commit()); print(e.is_release_commit())"
)


def git(root: Path, *command: str) -> str:
    done = subprocess.run(["git", *command], cwd=root, env=ENV, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "group"
    root.mkdir()
    git(root, "init", "--quiet")
    return root


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a checkout of this project and its commit."""
    root = tmp_path_factory.mktemp("checkout")
    for name in PARTS:
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, root / name)
    for command in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message", "x")):
        git(root, *command)
    return root, git(root, "rev-parse", "HEAD")


def get_commit(packages: Path, cwd: Path, env: Mapping[str, str] | None = None) -> tuple[str, str]:
    """Return where the program was found in a folder of packages, and its commit, which may be a release's."""
    known = {**os.environ, "PYTHONPATH": str(packages), **(env or {})}
    done = subprocess.run([sys.executable, "-c", ASKED], cwd=cwd, env=known, capture_output=True, text=True, check=True)
    place, commit, is_release = done.stdout.split("\n")[:3]
    return place, f"{commit} release" if is_release == "True" else commit


def built(root: Path, kind: str, into: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(into)]
    subprocess.run(command, cwd=root, env=ENV, capture_output=True, check=True)
    (made,) = into.iterdir()
    return made


def unpacked(wheel: Path, into: Path) -> Path:
    shutil.unpack_archive(wheel, into, "zip")
    return into


@pytest.mark.parametrize("address", ["git@github.com:me/group.git", "https://github.com/me/group"])
def test_the_remote_is_the_one_that_git_calls_origin(repository: Path, address: str) -> None:
    git(repository, "remote", "add", "upstream", "https://github.com/other/group")
    git(repository, "remote", "add", "origin", address)
    assert environment.detect_environment(repository).remotes == (address, address)


def test_an_address_that_git_rewrites_is_reported_as_it_was_and_as_it_is(repository: Path) -> None:
    git(repository, "remote", "add", "origin", "hub:me/group")
    git(repository, "config", "url.https://github.com/.insteadOf", "hub:")
    assert environment.detect_environment(repository).remotes == ("https://github.com/me/group", "hub:me/group")


def test_a_folder_below_the_top_of_a_repository_is_known(repository: Path) -> None:
    (repository / "groups/ours").mkdir(parents=True)
    assert environment.detect_environment(repository).prefix == ""
    assert environment.detect_environment(repository / "groups/ours").prefix == "groups/ours/"


def test_a_folder_without_git_has_neither(tmp_path: Path) -> None:
    found = environment.detect_environment(tmp_path)
    assert (found.prefix, found.remotes) == ("", ("", ""))


def test_a_machine_without_git_knows_neither(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    found = environment.detect_environment(repository)
    assert (found.prefix, found.remotes, found.commit) == ("", ("", ""), "")


def test_git_is_asked_of_the_folder_whatever_repository_a_hook_runs_in(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(repository, "remote", "add", "origin", "https://github.com/me/group")
    monkeypatch.setenv("GIT_DIR", str(ROOT / ".git"))
    assert environment.detect_environment(repository).remotes[0] == "https://github.com/me/group"


@pytest.mark.parametrize(
    ("zone", "known"), [("Asia/Tokyo", "Asia/Tokyo"), ("America/New_York", "America/New_York"), ("UTC", "UTC")]
)
def test_the_time_zone_is_the_machines(tmp_path: Path, zone: str, known: str) -> None:
    asked = (
        "import pathlib; from readingroom.setup import environment as e; "
        "print(e.detect_environment(pathlib.Path()).time_zone)"
    )
    env = {**os.environ, "TZ": zone}
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == known


def test_a_checkout_is_of_the_commit_that_is_checked_out(checkout: tuple[Path, str], tmp_path: Path) -> None:
    root, commit = checkout
    assert get_commit(root / "src", tmp_path) == (str(root / "src/readingroom/setup/environment.py"), commit)


def test_a_wheel_knows_the_commit_that_it_was_made_from(checkout: tuple[Path, str], tmp_path: Path) -> None:
    root, commit = checkout
    packages = unpacked(built(root, "wheel", tmp_path / "dist"), tmp_path / "packages")
    assert get_commit(packages, tmp_path)[1] == commit
    assert (packages / "readingroom/workflow/readingroom.yml").is_file()
    assert git(root, "status", "--porcelain") == ""


def test_a_wheel_made_of_a_source_release_knows_its_commit(checkout: tuple[Path, str], tmp_path: Path) -> None:
    root, commit = checkout
    with tarfile.open(built(root, "sdist", tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    packages = unpacked(built(source, "wheel", tmp_path / "dist"), tmp_path / "packages")
    assert get_commit(packages, tmp_path)[1] == commit


@pytest.mark.parametrize(("tag", "is_release"), [(f"v{__version__}", True), ("v0.0.1", False)])
def test_a_commit_is_a_releases_where_its_versions_tag_is_on_it(
    checkout: tuple[Path, str], tmp_path: Path, tag: str, *, is_release: bool
) -> None:
    shutil.copytree(checkout[0], tmp_path / "tagged")
    git(tmp_path / "tagged", "tag", tag)
    with tarfile.open(built(tmp_path / "tagged", "sdist", tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    packages = unpacked(built(source, "wheel", tmp_path / "dist"), tmp_path / "packages")
    wanted = f"{checkout[1]} release" if is_release else checkout[1]
    assert [get_commit(each, tmp_path)[1] for each in (tmp_path / "tagged/src", packages)] == [wanted] * 2


def test_a_copy_without_git_does_not_take_the_commit_of_the_repository_around_it(
    repository: Path, checkout: tuple[Path, str], tmp_path: Path
) -> None:
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "x")
    copy = repository / "copy"
    shutil.copytree(checkout[0], copy, ignore=shutil.ignore_patterns(".git", "__pycache__"))
    assert get_commit(copy / "src", tmp_path)[1] == ""
    installed = unpacked(built(copy, "wheel", tmp_path / "dist"), repository / ".venv/lib/python3/site-packages")
    assert not (installed / "readingroom/commit.txt").exists()
    assert get_commit(installed, repository) == (str(installed / "readingroom/setup/environment.py"), "")


def test_what_is_no_commit_is_not_taken_for_one(checkout: tuple[Path, str], tmp_path: Path) -> None:
    copy = tmp_path / "readingroom"
    shutil.copytree(checkout[0] / "src/readingroom", copy)
    (copy / "commit.txt").write_text("v1 # x\n")
    assert get_commit(tmp_path, tmp_path)[1] == ""
