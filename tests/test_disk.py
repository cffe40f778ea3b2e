"""A folder on disk: read without following links, and written so that every file is whole at any moment."""

import errno
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import Files, files, read, reported, run, stamps, tree, write
from readingroom.core.tree import ANNOUNCED_PATH, MAX_FILE_BYTES, WORKFLOW_PATH
from readingroom.io import disk

BERT = {"01-bert": {"title": "Bert", "date": "2024-01-08"}}
SESSION = "sessions/01-bert/session.yml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, files(BERT, {"README.md": "# A\n"}))


def test_reading_gives_the_bytes_of_text_files_and_the_sizes_of_the_others(tmp_path: Path) -> None:
    made = files(
        BERT,
        {
            "README.md": "# A\r\n",
            "sessions/01-bert/slides.pdf": b"12345",
            "sessions/01-bert/README.md": "# Bert\n",
            "sessions/README.md": "# All\n",
            "templates/session.md.j2": "x",
        },
    )
    found = disk.read_tree(write(tmp_path, made))
    assert found == tree(made)
    assert found.listings == {"01-bert": {"slides.pdf": 5}}


def test_the_workflow_is_read_and_other_files_where_they_are_asked_for(root: Path) -> None:
    write(root, {WORKFLOW_PATH: "on: push\n", ".gitignore": ".venv/\n"})
    assert disk.read_tree(root).contents[WORKFLOW_PATH] == b"on: push\n"
    assert ".gitignore" not in disk.read_tree(root).contents
    assert disk.read_tree(root, also=[".gitignore"]).contents[".gitignore"] == b".venv/\n"


@pytest.mark.parametrize("path", [".github", ".github/workflows"])
def test_a_file_where_a_folder_is_needed_is_reported(root: Path, path: str) -> None:
    write(root, {path: "x"})
    assert disk.read_tree(root).unread == {path: "is not a folder"}


@pytest.mark.parametrize("command", [("build",), ("init", "--name", "X", "--time-zone", "UTC")])
@pytest.mark.parametrize("path", [".github", ".github/ISSUE_TEMPLATE", ".github/workflows", "schema", "templates"])
def test_nothing_is_read_or_written_through_a_linked_folder(
    root: Path, tmp_path_factory: pytest.TempPathFactory, path: str, command: tuple[str, ...]
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    for name in ("session.schema.json", "ISSUE_TEMPLATE/session.yml", "workflows/readingroom.yml", "session.yml"):
        write(outside, {name: "secret"})
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).symlink_to(outside)
    before = read(root), read(outside)
    assert disk.read_tree(root).unread == {path: "is a link"}
    refused = run(root, *command)
    assert (refused.returncode, reported(refused.stderr)) == (1, [f"{path}: error [file-unreadable]"])
    assert "is a link" in refused.stderr
    assert "secret" not in refused.stderr
    assert (read(root), read(outside)) == before


def test_a_folder_beside_a_session_is_listed_as_one(root: Path) -> None:
    write(root, {"sessions/01-bert/code/run.py": "1"})
    assert disk.read_tree(root).listings == {"01-bert": {"code": -1}}


def test_hidden_files_are_not_resources(root: Path) -> None:
    write(root, {"sessions/01-bert/.DS_Store": "1", "sessions/.readingroom-12": "1", ".readingroom-12": "1"})
    assert disk.read_tree(root).listings == {"01-bert": {}}


def test_an_empty_folder_has_nothing_to_read(tmp_path: Path) -> None:
    assert disk.read_tree(tmp_path).contents == {}


@pytest.mark.parametrize(
    "path", [SESSION, "README.md", "readingroom.yml", "sessions/01-bert/slides.pdf", "sessions/x", "sessions"]
)
def test_links_are_not_followed(root: Path, tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    secret = tmp_path_factory.mktemp("outside") / "secret"
    secret.write_text("title: secret\n")
    if path == "sessions":
        (root / path).rename(root / "elsewhere")
        (root / path).symlink_to(root / "elsewhere")
    else:
        (root / path).unlink(missing_ok=True)
        (root / path).symlink_to(secret)
    found = disk.read_tree(root)
    assert "link" in found.unread[path]
    assert path not in found.contents
    assert b"secret" not in b"".join(found.contents.values())


@pytest.mark.parametrize("path", [SESSION, "README.md", "sessions/01-bert/slides.pdf"])
def test_a_named_pipe_is_reported_and_not_waited_for(root: Path, path: str) -> None:
    (root / path).unlink(missing_ok=True)
    os.mkfifo(root / path)
    assert path in disk.read_tree(root).unread


@pytest.mark.parametrize("path", [SESSION, "README.md"])
def test_a_folder_where_a_file_is_wanted_is_reported(root: Path, path: str) -> None:
    (root / path).unlink()
    (root / path).mkdir()
    assert path in disk.read_tree(root).unread


def test_a_file_where_the_sessions_should_be_is_reported(tmp_path: Path) -> None:
    write(tmp_path, {"sessions": "x"})
    assert disk.read_tree(tmp_path).unread == {"sessions": "is not a folder"}


def test_a_file_of_more_than_two_megabytes_is_reported_and_not_read(root: Path) -> None:
    write(root, {"README.md": b"x" * (MAX_FILE_BYTES + 1)})
    assert "README.md" in disk.read_tree(root).unread
    assert "README.md" not in disk.read_tree(root).contents


@pytest.mark.parametrize("path", ["readingroom.yml", "README.md", SESSION, "sessions/01-bert/README.md"])
def test_a_file_that_is_too_large_is_reported_as_such(root: Path, path: str) -> None:
    write(root, {path: b"x" * (MAX_FILE_BYTES + 1)})
    refused = run(root, "check")
    assert (refused.returncode, reported(refused.stderr)) == (1, [f"{path}: error [file-too-large]"])
    assert "has 2097153 bytes; at most 2097152 are read. Shorten it" in refused.stderr


def test_what_was_announced_of_many_sessions_is_read_though_it_is_larger(root: Path) -> None:
    write(root, {ANNOUNCED_PATH: b"x" * (MAX_FILE_BYTES + 1)})
    assert ANNOUNCED_PATH in disk.read_tree(root).contents


@given(
    st.dictionaries(st.sampled_from(["README.md", "sessions/README.md", "sessions/2023.md"]), st.binary(max_size=50))
)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, texts: dict[str, bytes]) -> None:
    root = write(tmp_path_factory.mktemp("group"), files({}, {"sessions/keep": ""}))
    disk.write_files(root, texts)
    read_back = disk.read_tree(root).contents
    assert {path: read_back[path] for path in texts} == texts


def test_writing_touches_no_other_file(root: Path) -> None:
    before = stamps(root)
    disk.write_files(root, {"README.md": b"# B\n"})
    after = stamps(root)
    assert {path for path in after if after[path] != before.get(path)} == {"README.md"}
    assert (root / "README.md").read_text() == "# B\n"


def test_writing_leaves_no_file_of_its_own(root: Path) -> None:
    before = set(read(root))
    disk.write_files(root, {"README.md": b"# B\n", "sessions/README.md": b"# All\n"})
    assert set(read(root)) == before | {"sessions/README.md"}


def test_a_file_whose_text_is_none_is_removed(root: Path) -> None:
    disk.write_files(root, {"README.md": None})
    assert not (root / "README.md").exists()


def test_a_file_to_be_removed_may_be_gone_already(root: Path) -> None:
    disk.write_files(root, {"sessions/2020.md": None, "README.md": b"# B\n"})
    assert (root / "README.md").read_text() == "# B\n"


def test_writing_keeps_the_permissions_of_a_file(root: Path) -> None:
    (root / "README.md").chmod(0o755)
    disk.write_files(root, {"README.md": b"# B\n"})
    assert (root / "README.md").stat().st_mode & 0o777 == 0o755


def test_line_ends_are_written_as_they_are_given(root: Path) -> None:
    disk.write_files(root, {"README.md": b"# B\r\nx\n"})
    assert (root / "README.md").read_bytes() == b"# B\r\nx\n"


def test_a_write_that_fails_leaves_the_files_before_it_whole_and_nothing_else(root: Path) -> None:
    before = read(root)
    with pytest.raises(OSError, match=r"session\.yml"):
        disk.write_files(root, {"README.md": b"# B\n", f"{SESSION}/README.md": b"x", "sessions/README.md": b"# All\n"})
    assert read(root) == {**before, "README.md": b"# B\n"}


WRITER = """
import sys
from pathlib import Path
from readingroom.io import disk
root, size = Path(sys.argv[1]), 300_000
pages = ("README.md", "sessions/README.md", "sessions/x/README.md")
print("ready", flush=True)
while True:
    for letter in (b"a", b"b"):
        disk.write_files(root, dict.fromkeys(pages, letter * size))
"""


def test_a_killed_run_leaves_every_file_whole_and_the_next_one_tidies_up(tmp_path: Path) -> None:
    pages = ["README.md", "sessions/README.md", "sessions/x/README.md"]
    write(tmp_path, {**files({"x": {}}), **dict.fromkeys(pages, "a" * 300_000)})
    known = set(read(tmp_path))
    chance, leftovers = random.Random(1), 0  # noqa: S311 -- when to kill
    while leftovers < 5:
        with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0, 0.03))
            writer.kill()
        after = read(tmp_path)
        assert {len(after[path]) for path in pages} == {300_000}
        assert {len(set(after[path])) for path in pages} == {1}
        assert disk.read_tree(tmp_path).listings == {"x": {}}
        leftovers += len(set(after) - known)
    disk.write_files(tmp_path, {"README.md": b"# A\n"})
    assert set(read(tmp_path)) == known


def test_what_a_killed_run_of_the_same_process_number_left_is_no_hindrance(root: Path) -> None:
    write(root, {f".readingroom-{os.getpid()}": "half a pa"})
    disk.write_files(root, {"README.md": b"# B\n"})
    assert (root / "README.md").read_text() == "# B\n"


def test_a_folder_that_is_empty_once_its_page_is_gone_is_removed(root: Path) -> None:
    write(root, {"sessions/02-y/README.md": "x"})
    disk.write_files(root, {"sessions/02-y/README.md": None})
    assert not (root / "sessions/02-y").exists()


def test_a_folder_with_the_name_of_a_killed_runs_file_is_no_hindrance(root: Path) -> None:
    (root / ".readingroom-99999999").mkdir()
    disk.write_files(root, {"README.md": b"# B\n"})
    assert (root / "README.md").read_text() == "# B\n"


def test_a_page_on_another_disk_is_replaced_whole(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true = os.replace

    def replace(source: str, target: str) -> None:
        if os.path.dirname(source) != os.path.dirname(target):
            raise OSError(errno.EXDEV, "Invalid cross-device link", source, None, target)
        true(source, target)

    monkeypatch.setattr(os, "replace", replace)
    before = set(read(root))
    disk.write_files(root, {"README.md": b"# B\n", "sessions/README.md": b"# All\n"})
    assert (root / "README.md").read_text() == "# B\n"
    assert (root / "sessions/README.md").read_text() == "# All\n"
    assert set(read(root)) == before | {"sessions/README.md"}


@pytest.mark.parametrize("path", [".readingroom-notes", ".readingroom-2024.md", ".readingroom-cache/notes"])
def test_hidden_files_of_other_people_stay(root: Path, path: str) -> None:
    write(root, {path: "mine"})
    disk.write_files(root, {"README.md": b"# B\n"})
    assert (root / path).read_text() == "mine"


def test_creating_makes_the_folders_above(root: Path) -> None:
    disk.create_file(root, "sessions/02-gpt/session.yml", "title: Gpt\n")
    assert (root / "sessions/02-gpt/session.yml").read_bytes() == b"title: Gpt\n"


def test_creating_never_replaces_a_file(root: Path) -> None:
    before = read(root)
    with pytest.raises(FileExistsError):
        disk.create_file(root, SESSION, "title: Gpt\n")
    assert read(root) == before


def difference(before: Files, after: dict[str, bytes | None]) -> list[str]:
    return list(disk.iter_diff(tree(before), after))


def test_difference_shows_removed_and_added_lines_of_each_file() -> None:
    shown = difference({"b.md": b"one\ntwo\n", "a.md": b"x\n"}, {"b.md": b"one\n2\n", "a.md": None})
    assert shown == ["--- a/a.md", "+++ b/a.md", "@@ -1 +0,0 @@", "-x",
                     "--- a/b.md", "+++ b/b.md", "@@ -1,2 +1,2 @@", " one", "-two", "+2"]  # fmt: skip


def test_difference_shows_a_new_file_as_added() -> None:
    assert difference({}, {"a.md": b"x\n"})[2:] == ["@@ -0,0 +1 @@", "+x"]
