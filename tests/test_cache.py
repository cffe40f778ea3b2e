"""What earlier builds learned saves time, and never changes what comes out."""

import datetime as dt
import marshal
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from groups import READING, TODAY, built, files, read, run, write
from readingroom.io import cache as io_cache
from readingroom.io import disk

DAY = ("--today", str(TODAY))
GROUP = files(
    {
        "01-bert": {"title": "Bert", "date": "2024-01-08", "material": READING},
        "02-gpt": {"title": "Gpt # 2", "date": "2024-01-15"},
    },
    {"sessions/02-gpt/slides.pdf": "x", "templates/next.md.j2": "x"},
)
PAGE = "sessions/01-bert/README.md"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "group", GROUP)


@pytest.fixture
def settled(root: Path, cache: Path) -> Path:
    """Return a group that has been built, and whose build is remembered."""
    assert run(root, "build", *DAY, env={"XDG_CACHE_HOME": str(cache)}).returncode == 0
    assert is_settled(root, cache)
    return root


def is_settled(root: Path, cache: Path, today: dt.date = TODAY) -> bool:
    (folder,) = {path.parent for path in cache.rglob("state")}
    return io_cache.Cache(folder).find_unchanged_build(disk.read_tree(root), today) is not None


def test_a_build_with_a_memo_gives_what_one_without_gives(root: Path, cache: Path) -> None:
    expected = GROUP
    for day in ("2024-01-08", "2024-01-15", "2024-01-16"):
        expected = built(expected, dt.date.fromisoformat(day))
        for _ in range(2):
            assert run(root, "build", "--today", day, env={"XDG_CACHE_HOME": str(cache)}).returncode == 0
            assert read(root) == expected


def test_the_memo_lies_outside_of_the_repository(settled: Path) -> None:
    assert set(read(settled)) == set(built(GROUP))


def test_a_build_that_is_remembered_reports_its_findings_again(root: Path, cache: Path) -> None:
    write(root, {"sessions/01-bert/session.yml": "title: a # b\ndate: 2024-01-08\n"})
    first, second = (run(root, "build", *DAY, env={"XDG_CACHE_HOME": str(cache)}) for _ in range(2))
    assert is_settled(root, cache)
    assert "sessions/01-bert/session.yml:1" in first.stderr
    assert second.stderr == first.stderr
    assert second.returncode == 0


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a group that has been built, and the folder in which that is remembered."""
    root, cache = write(tmp_path_factory.mktemp("group"), GROUP), tmp_path_factory.mktemp("cache")
    assert run(root, "build", *DAY, env={"XDG_CACHE_HOME": str(cache)}).returncode == 0
    return root, cache


CHANGES: dict[str, Callable[[Path], object]] = {
    "a session": lambda root: write(root, {"sessions/01-bert/session.yml": "title: Bart\ndate: 2024-01-08\n"}),
    "a session's bytes alone": lambda root: write(root, {"sessions/02-gpt/session.yml": "title: x\r\n"}),
    "the group": lambda root: write(root, {"readingroom.yml": "name: Other\ntime_zone: UTC\n"}),
    "the README": lambda root: write(root, {"README.md": "# Other\n"}),
    "a page edited manually": lambda root: write(root, {PAGE: (root / PAGE).read_bytes() + b"More.\n"}),
    "a page gone": lambda root: os.remove(root / PAGE),
    "a template": lambda root: write(root, {"templates/session.md.j2": "# Ours\n"}),
    "a template gone": lambda root: os.remove(root / "templates/next.md.j2"),
    "a session more": lambda root: write(root, {"sessions/03-new/session.yml": "date: 2024-01-22\n"}),
    "an empty folder more": lambda root: (root / "sessions/03-new").mkdir(),
    "a resource more": lambda root: write(root, {"sessions/01-bert/slides.pdf": "x"}),
    "a resource of another size": lambda root: write(root, {"sessions/02-gpt/slides.pdf": "xx"}),
    "a resource that is a folder": lambda root: [
        (root / "sessions/02-gpt/slides.pdf").unlink(),
        (root / "sessions/02-gpt/slides.pdf").mkdir(),
    ],
    "a resource renamed": lambda root: (root / "sessions/02-gpt/slides.pdf").rename(root / "sessions/02-gpt/talk.pdf"),
    "a link": lambda root: (root / "sessions/02-gpt/x").symlink_to("slides.pdf"),
    "a page more": lambda root: write(root, {"sessions/2020.md": "x"}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_memo_hides_no_change_of(
    built_once: tuple[Path, Path], tmp_path: Path, change: Callable[[Path], object]
) -> None:
    root, cache = built_once
    copy = shutil.copytree(root, tmp_path / "copy")
    assert is_settled(copy, cache)
    change(copy)
    assert not is_settled(copy, cache)


def test_a_memo_hides_no_change_of_the_day(built_once: tuple[Path, Path]) -> None:
    assert not is_settled(*built_once, TODAY + dt.timedelta(1))


def test_a_manual_edit_is_reported_by_every_build(settled: Path, cache: Path) -> None:
    write(settled, {PAGE: (settled / PAGE).read_bytes() + b"More.\n"})
    for _ in range(2):
        done = run(settled, "build", *DAY, env={"XDG_CACHE_HOME": str(cache)})
        assert PAGE in done.stderr
        assert done.returncode == 1


def test_a_problem_is_reported_by_every_build(settled: Path, cache: Path) -> None:
    write(settled, {"sessions/01-bert/session.yml": "titel: Bert\n"})
    for _ in range(2):
        assert run(settled, "build", *DAY, env={"XDG_CACHE_HOME": str(cache)}).returncode == 1


def test_a_build_that_only_checks_is_not_taken_for_one_that_wrote(root: Path, cache: Path) -> None:
    for _ in range(2):
        assert run(root, "build", "--check", *DAY, env={"XDG_CACHE_HOME": str(cache)}).returncode == 1


def test_two_groups_have_a_memo_each(settled: Path, cache: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other", {**GROUP, "sessions/01-bert/session.yml": b"title: Other\ndate: 2024-01-08\n"})
    assert run(other, "build", *DAY, env={"XDG_CACHE_HOME": str(cache)}).returncode == 0
    assert b"# Other" in (other / PAGE).read_bytes()
    assert b"# Bert" in (settled / PAGE).read_bytes()
    assert len(list(cache.rglob("state"))) == 2


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "half": lambda content: content[: len(content) // 2],
    "zeros": lambda content: bytes(len(content)),
    "text": lambda _: b"hello\n",
    "another value": lambda _: marshal.dumps([1, 2]),
    "an unusual table": lambda _: marshal.dumps({"zone": "Nowhere", "digest": 1, "findings": 5}),
    "other words": lambda content: (
        content.replace(b"Bert", b"Bart").replace(b"bert", b"bart").replace(b"Europe", b"Eurupa")
    ),
    "a byte less": lambda content: content[:-1],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_memo_is_not_believed_that_holds(settled: Path, cache: Path, damage: Callable[[bytes], bytes]) -> None:
    for path in cache.rglob("*"):
        if path.is_file():
            path.write_bytes(damage(path.read_bytes()))
    for name in (PAGE, "README.md", "sessions/README.md"):
        (settled / name).unlink()
    again = run(settled, "build", env={"XDG_CACHE_HOME": str(cache)})
    assert (again.returncode, again.stderr) == (0, "")
    assert run(settled, "build", *DAY, env={"XDG_CACHE_HOME": str(cache)}).returncode == 0
    assert read(settled) == built(GROUP)


@pytest.mark.parametrize("folder", ["/proc/readingroom", "/dev/null", "{root}/readingroom.yml"])
def test_a_build_needs_no_folder_for_its_memo(root: Path, folder: str) -> None:
    made = run(root, "build", *DAY, env={"XDG_CACHE_HOME": folder.format(root=root)})
    assert (made.returncode, made.stderr) == (0, "")
    assert read(root) == built(GROUP)


def test_a_build_needs_no_home(root: Path) -> None:
    made = run(root, "build", *DAY, env={"XDG_CACHE_HOME": "", "HOME": "/proc/nobody"})
    assert (made.returncode, made.stderr) == (0, "")
    assert read(root) == built(GROUP)


def test_files_in_the_memos_place_that_are_folders_are_no_hindrance(settled: Path, cache: Path) -> None:
    for path in list(cache.rglob("*")):
        if path.is_file():
            path.unlink()
            path.mkdir()
    assert run(settled, "build", *DAY, env={"XDG_CACHE_HOME": str(cache)}).returncode == 0
