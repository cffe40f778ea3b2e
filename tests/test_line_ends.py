"""A page does not depend on how the working tree was checked out: line ends, and files that Git LFS keeps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from groups import README, TODAY, built, files, read, region, run, stamps, write
from readingroom.github import git_tree
from readingroom.io import disk, git_command, git_index
from readingroom.render import build
from test_git_tree import fetched, git, listed

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = b"%PDF" + b"x" * 12_345_674
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4665a5\nsize 12345678\n"
TALK = {"01-a": {"title": "A", "date": "2024-01-08"}}
SLIDES = "sessions/01-a/slides.pdf"
GROUP = {"repository": "https://github.com/octo/group", "site": {"url": "https://octo.example/group"}}
DAY = ("--today", str(TODAY))


def made(slides: bytes = CONTENT, **others: bytes | str) -> dict[str, bytes]:
    texts = {"README.md": README, "sessions/01-a/notes.txt": "a\nb\n" * 300, **others}
    return files(TALK, {**texts, SLIDES: slides}, **GROUP)


def clone_with_crlf(root: Path, target: Path) -> Path:
    """Clone a folder as Git for Windows does, where core.autocrlf is true by default."""
    listed(root)
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "x")
    git(root, "clone", "--quiet", "-c", "core.autocrlf=true", str(root), str(target))
    return target


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    root = write(tmp_path / "origin", made(b"%PDF\0"))
    assert run(root, "build", *DAY).returncode == 0
    return clone_with_crlf(root, tmp_path / "clone")


def test_a_checkout_with_crlf_is_up_to_date(clone: Path) -> None:
    assert b"\r\n" in (clone / "sessions/README.md").read_bytes()
    before = stamps(clone)
    assert run(clone, "build", "--check", *DAY).returncode == 0
    assert run(clone, "build", *DAY).returncode == 0
    assert stamps(clone) == before


def test_what_is_written_into_a_checkout_with_crlf_keeps_its_line_ends(clone: Path) -> None:
    session = clone / "sessions/01-a/session.yml"
    session.write_bytes(session.read_bytes().replace(b"title: A", b"title: B"))
    assert run(clone, "build", *DAY).returncode == 0
    pages = {path: text for path, text in read(clone).items() if path.endswith((".md", "announced.yml"))}
    assert [path for path, text in pages.items() if re.search(rb"(?<!\r)\n", text)] == []
    assert run(clone, "build", "--check", *DAY).returncode == 0


def test_a_size_that_line_ends_change_is_on_no_page() -> None:
    page = built(made())["sessions/01-a/README.md"].decode()
    assert "[notes.txt](notes.txt)\n" in page
    assert "[slides.pdf](slides.pdf) (12 MB)\n" in page


def test_a_pointer_of_git_lfs_has_the_size_of_what_it_stands_for(tmp_path: Path) -> None:
    root = write(tmp_path, made(POINTER))
    tree = disk.read_tree(root)
    assert tree.pointers == {SLIDES}
    pages = build.build_pages(tree, lambda _: TODAY).changes
    assert (pages["sessions/01-a/README.md"] or b"").decode() == built(made())["sessions/01-a/README.md"].decode()
    assert region({"README.md": pages["README.md"] or b""}, "previous") == region(built(made()), "previous")


@pytest.mark.parametrize("lfs", [True, False])
def test_the_action_gives_the_same_page_whether_its_checkout_fetched_the_files(tmp_path: Path, *, lfs: bool) -> None:
    root = write(tmp_path, made(POINTER))
    entries = listed(root)  # as GitHub lists them
    listing = git_index.read_index(root)
    if lfs:
        write(root, {SLIDES: CONTENT})
    local = disk.read_tree(root)
    asked: list[str] = []
    tree = git_tree.build_tree(entries, local, lambda name: asked.append(name) or b"", listing)  # type: ignore[func-returns-value]
    assert (tree.listings["01-a"]["slides.pdf"], asked) == (12_345_678, [])


def test_without_a_checkout_a_pointer_is_fetched_and_no_other_small_file(tmp_path: Path) -> None:
    root = write(tmp_path, made(POINTER))
    asked: list[str] = []

    def fetch(name: str) -> bytes:
        asked.append(name)
        return fetched(root, name)

    tree = git_tree.build_tree(listed(root), disk.read_tree(write(tmp_path / "other", files({}))), fetch)
    assert tree.listings["01-a"]["slides.pdf"] == 12_345_678
    assert tree.listings["01-a"]["notes.txt"] == 1200
    assert len(asked) == len({*asked}) == 4  # the configuration, the README, the session and the pointer


def test_a_site_has_no_copy_of_a_pointer_and_says_so(tmp_path: Path) -> None:
    root = write(tmp_path, made(POINTER))
    done = run(root, "site", "--out", "_site", *DAY)
    assert done.returncode == 0
    assert f"{SLIDES}: warning [file-not-fetched]" in done.stdout + done.stderr
    assert not (root / "_site" / SLIDES).exists()
    page = next(path for path in (root / "_site").rglob("*.html") if "01-a" in path.as_posix()).read_text("utf-8")
    assert "https://github.com/octo/group/blob/HEAD/sessions/01-a/slides.pdf" in page
    write(root, {SLIDES: CONTENT})
    assert run(root, "site", "--out", "_site", *DAY).returncode == 0
    assert (root / "_site" / SLIDES).read_bytes() == CONTENT


def test_a_logo_that_is_a_pointer_is_no_picture(tmp_path: Path) -> None:
    site = {"site": {"logo": "logo.png"}}
    root = write(tmp_path, files(TALK, {"logo.png": POINTER}, **site))
    assert "[logo-unusable]" in run(root, "check").stderr


@pytest.mark.parametrize(
    ("attributes", "nested", "is_kept"),
    [
        ("*.pdf filter=lfs diff=lfs merge=lfs -text\n", "", True),
        ("# slides\n\nsessions/** filter=lfs\n", "", True),
        ("*.pdf filter=lfs\n01-a/*.pdf -filter\n", "", True),
        ("*.pdf filter=lfs\nslides.pdf !filter\n", "", False),
        ("[attr]stored filter=lfs\n*.pdf stored\n", "", True),
        ("", "slides.pdf filter=lfs\n", True),
        ("*.pdf filter=lfs\n", "*.pdf -filter\n", False),
        ("*.png filter=lfs\n", "", False),
    ],
)
def test_the_doctor_knows_the_files_of_git_lfs_by_the_attributes_of_every_folder(
    tmp_path: Path, attributes: str, nested: str, *, is_kept: bool
) -> None:
    root = write(tmp_path, made(**{".gitattributes": attributes, "sessions/01-a/.gitattributes": nested}))
    git(root, "init", "--quiet")
    paths = disk.read_tree(root).map_listed_sizes()
    assert set(paths) == {SLIDES, "sessions/01-a/notes.txt"}
    assert (SLIDES in git_command.list_lfs_paths(root, paths)) is is_kept


@pytest.mark.parametrize(
    "content",
    [b"", b"size 5\n", b"version https://example.org/spec/v1\nsize 5\n", POINTER + b"x" * 1024, POINTER[:-2]],
)
def test_what_only_looks_like_a_pointer_is_a_file(tmp_path: Path, content: bytes) -> None:
    tree = disk.read_tree(write(tmp_path, made(content)))
    assert (tree.pointers, tree.listings["01-a"]["slides.pdf"]) == (set(), len(content))
