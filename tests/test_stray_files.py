"""What lies in a session's folder and is no resource: stray files, what Git ignores, and what GitHub refuses."""

import os
import subprocess
from pathlib import Path

import pytest

from groups import TODAY, built, files, outline, run, tree, write
from readingroom.core.diagnostics import Invalid
from readingroom.core.stray_files import drop_latex_products, is_stray_name
from readingroom.core.tree import LARGE_BLOB_BYTES, MAX_BLOB_BYTES, GitFile, Tree
from readingroom.github import git_tree
from readingroom.io import disk
from readingroom.site import build as site
from readingroom.store import catalogue, lint

SESSION = {"title": "A", "date": "2024-01-08"}
ENV = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 200000000\n"


def git(root: Path, *command: str) -> str:
    return subprocess.run(["git", *command], cwd=root, env=ENV, capture_output=True, check=True).stdout.decode()


def listed(root: Path) -> list[GitFile]:
    """Return what Git holds once all files but those that it ignores are added."""
    git(root, "add", "--all")
    lines = git(root, "ls-tree", "-r", "-l", "-z", git(root, "write-tree").strip()).split("\0")
    found = [line.partition("\t") for line in lines if line]
    parts = [(path, about.split()) for about, _, path in found]
    return [GitFile(path, mode, name, int(size)) for path, (mode, _, name, size) in parts]


def repository(root: Path, made: dict[str, str | bytes]) -> Path:
    write(root, {**files({"01-a": SESSION}), **made})
    git(root, "init", "--quiet")
    return root


def fetched(root: Path, name: str) -> bytes:
    return subprocess.run(["git", "cat-file", "blob", name], cwd=root, env=ENV, capture_output=True, check=True).stdout


# Stray files

LEFTOVERS = ("~$slides.pptx", "notes.txt~", "#notes.txt#", "Thumbs.db", "desktop.ini", "talk.mp4.crdownload")


def test_what_office_and_editors_leave_while_one_works_is_on_no_page(tmp_path: Path) -> None:
    names = ("slides.pptx", *LEFTOVERS)
    made = files({"01-a": SESSION}, {f"sessions/01-a/{name}": b"x" for name in names}, site={"folder": "_site"})
    root = write(tmp_path, made)
    assert run(root, "build", "--today", str(TODAY)).returncode == 0
    pages = [path for path in root.rglob("*") if path.suffix in {".md", ".html", ".json", ".ics", ".xml"}]
    assert [(path.name, name) for path in pages for name in LEFTOVERS if name in path.read_text("utf-8")] == []
    assert [path.name for path in (root / "_site/sessions/01-a").iterdir()] == ["slides.pptx"]
    assert "slides.pptx" in (root / "sessions/01-a/README.md").read_text("utf-8")


@pytest.mark.parametrize(
    "name",
    [*LEFTOVERS, "THUMBS.DB", "ehthumbs.db", "x.part", "x.partial", "x.tmp", "x.pdf.bak", "x.orig", "__pycache__",
     "node_modules", "__MACOSX", "x.pyc", "talk.aux", "talk.synctex.gz", "talk.nav", "talk.snm", "talk.fdb_latexmk",
     "talk.run.xml", "talk.bbl", "_minted-talk", "Icon\r"],
)  # fmt: skip
def test_programs_leave_these_names(name: str) -> None:
    assert is_stray_name(name)


@pytest.mark.parametrize(
    "name",
    ["slides.pdf", "talk.tex", "refs.bib", "notes.md", "training.log", "results.out", "part.pdf", "tmp", "a~b.pdf",
     "#1 talk.pdf", "C#.pdf", "bak.zip", "node_modules.pdf", "aux.pdf", "template.docx", "$x.pdf", "code"],
)  # fmt: skip
def test_people_give_these_names(name: str) -> None:
    assert not is_stray_name(name)


def test_a_log_of_latex_is_stray_and_any_other_is_not() -> None:
    names = ("Talk.tex", "talk.log", "talk.toc", "talk.pdf", "training.log", "talk.log.txt")
    assert list(drop_latex_products(dict.fromkeys(names, 1))) == [
        "Talk.tex",
        "talk.pdf",
        "training.log",
        "talk.log.txt",
    ]
    assert list(drop_latex_products({"talk.log": 1})) == ["talk.log"]


@pytest.mark.parametrize("path", ["__pycache__/x.pyc", "node_modules/x/y.js", "01-a~/session.yml", "01-a.bak/x.pdf"])
def test_a_stray_folder_next_to_the_sessions_is_no_session(path: str) -> None:
    made = tree(files({"01-a": SESSION}, {f"sessions/{path}": b"x"}))
    assert outline(lint.lint_catalogue(catalogue.read_catalogue(made), made)) == []


def test_a_folder_with_nothing_but_stray_files_needs_no_session_file(tmp_path: Path) -> None:
    root = write(tmp_path, files({"01-a": SESSION}, {"sessions/02-b/Thumbs.db": b"x"}))
    assert run(root, "check").stdout.endswith("0 warnings.\n")


STRAY: dict[str, str | bytes] = {
    "sessions/01-a/talk.tex": b"x", "sessions/01-a/talk.log": b"x", "sessions/01-a/talk.pdf": b"x",
    "sessions/01-a/~$talk.pptx": b"x", "sessions/01-a/__pycache__/x.pyc": b"x", "sessions/01-a/session.yml~": b"x",
    "sessions/__pycache__/x.pyc": b"x", "sessions/02-b/Thumbs.db": b"x",
}  # fmt: skip


def test_stray_files_that_were_committed_are_left_out_as_on_disk(tmp_path: Path) -> None:
    root = repository(tmp_path, STRAY)
    found = git_tree.build_tree(listed(root), Tree(), lambda name: fetched(root, name))
    assert found == disk.read_tree(root)
    assert found.listings == {"01-a": {"talk.tex": 1, "talk.pdf": 1}, "02-b": {}}


# What Git ignores


@pytest.mark.parametrize(
    "place", [".gitignore", "sessions/.gitignore", "sessions/01-a/.gitignore", ".git/info/exclude"]
)
def test_what_git_ignores_is_no_resource(tmp_path: Path, place: str) -> None:
    made = {"sessions/01-a/draft.pdf": b"x", "sessions/01-a/kept-draft.pdf": b"x", "sessions/01-a/data/x.csv": b"x"}
    root = repository(tmp_path, dict(made))
    write(root, {place: "*draft.pdf\n!kept-draft.pdf\ndata/\n"})
    assert disk.read_tree(root).listings == {"01-a": {"kept-draft.pdf": 1}}
    committed = git_tree.build_tree(listed(root), Tree(), lambda name: fetched(root, name))
    assert committed.listings == {"01-a": {"kept-draft.pdf": 1}}


def test_what_git_holds_is_a_resource_although_it_is_ignored(tmp_path: Path) -> None:
    root = repository(tmp_path, {".gitignore": "*.pdf\n", "sessions/01-a/slides.pdf": b"x"})
    git(root, "add", "--force", "sessions/01-a/slides.pdf")
    assert disk.read_tree(root).listings == {"01-a": {"slides.pdf": 1}}


def test_a_session_that_git_ignores_is_on_no_page(tmp_path: Path) -> None:
    root = repository(tmp_path, {".gitignore": "/sessions/09-*\n", "sessions/09-draft/session.yml": "title: Draft\n"})
    assert list(disk.read_tree(root).listings) == ["01-a"]


@pytest.mark.parametrize("ignored", ["sessions/", "*"])
def test_a_group_in_a_folder_that_git_ignores_is_read_nevertheless(tmp_path: Path, ignored: str) -> None:
    root = repository(tmp_path, {".gitignore": f"{ignored}\n", "sessions/01-a/slides.pdf": b"x"})
    assert disk.read_tree(root).listings == {"01-a": {"slides.pdf": 1}}


def test_a_group_below_the_top_of_a_repository_is_read_with_its_rules(tmp_path: Path) -> None:
    root = repository(tmp_path / "group", {"sessions/01-a/slides.pdf": b"x", "sessions/01-a/draft.pdf": b"x"})
    (root / ".git").rename(tmp_path / ".git")
    write(tmp_path, {".gitignore": "draft.pdf\n"})
    assert disk.read_tree(root).listings == {"01-a": {"slides.pdf": 1}}


# What GitHub refuses


def test_a_file_that_github_refuses_is_an_error_and_one_of_which_it_warns_is_not() -> None:
    made = tree(files({"01-a": SESSION}))
    made.large_blobs.update({"sessions/01-a/a.mp4": MAX_BLOB_BYTES, "sessions/01-a/b.mp4": LARGE_BLOB_BYTES + 1})
    found = lint.lint_catalogue(catalogue.read_catalogue(made), made)
    assert outline(found) == ["sessions/01-a/a.mp4 [blob-large]", "sessions/01-a/b.mp4 [blob-large]"]
    made.large_blobs["sessions/01-a/a.mp4"] += 1
    with pytest.raises(Invalid) as caught:
        catalogue.read_catalogue(made)
    assert outline(caught.value.problems) == ["sessions/01-a/a.mp4 [blob-too-large]"]


@pytest.mark.parametrize(("more", "is_large"), [(0, False), (1, True)])
def test_size_counts_from_the_first_byte_above_the_limit(tmp_path: Path, more: int, *, is_large: bool) -> None:
    root = write(tmp_path, files({"01-a": SESSION}, {"sessions/01-a/talk.mp4": b""}))
    os.truncate(root / "sessions/01-a/talk.mp4", LARGE_BLOB_BYTES + more)
    assert bool(disk.read_tree(root).large_blobs) is is_large


@pytest.mark.parametrize(
    ("more", "is_large"),
    [
        ({}, True),
        ({".gitattributes": "*.mp4 filter=lfs diff=lfs merge=lfs -text\n"}, False),
        ({"sessions/01-a/.gitattributes": "talk.mp4 filter=lfs\n"}, False),
        ({".gitattributes": "*.mp4 filter=lfs\nsessions/** -filter\n"}, True),
        ({".gitignore": "*.mp4\n"}, False),
    ],
)
def test_files_in_git_lfs_and_files_that_are_ignored_do_not_count(
    tmp_path: Path, more: dict[str, str | bytes], *, is_large: bool
) -> None:
    root = repository(tmp_path, {**more, "sessions/01-a/talk.mp4": b""})
    os.truncate(root / "sessions/01-a/talk.mp4", MAX_BLOB_BYTES + 1)
    assert bool(disk.read_tree(root).large_blobs) is is_large


def test_a_pointer_to_a_large_file_does_not_count_in_a_checkout_nor_on_github(tmp_path: Path) -> None:
    root = repository(tmp_path, {"sessions/01-a/talk.mp4": LFS_POINTER})
    found = git_tree.build_tree(listed(root), Tree(), lambda name: fetched(root, name))
    assert found.listings == disk.read_tree(root).listings == {"01-a": {"talk.mp4": 200_000_000}}
    assert found.large_blobs == disk.read_tree(root).large_blobs == {}


def test_a_large_file_of_a_commit_is_known_by_the_size_that_git_lists() -> None:
    entries = [GitFile("sessions/01-a/talk.mp4", "100644", "0" * 40, LARGE_BLOB_BYTES + 1)]
    found = git_tree.build_tree(entries, Tree(), lambda _: b"")
    assert found.large_blobs == {"sessions/01-a/talk.mp4": LARGE_BLOB_BYTES + 1}


def test_a_group_without_stray_files_is_shown_as_before() -> None:
    made = built(files({"01-a": SESSION}, {"sessions/01-a/slides.pdf": b"x"}))
    assert site.build_site(tree(made), lambda _: TODAY).copies == {
        "sessions/01-a/slides.pdf": "sessions/01-a/slides.pdf"
    }
