"""A session's folder gets another name: its event, its addresses and what refers to it stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from groups import TODAY, built, files, outline, read, run, tree, write
from readingroom.core.diagnostics import Invalid
from readingroom.edit.rename_session import rename_session

if TYPE_CHECKING:
    from pathlib import Path

SESSIONS = {
    "01-bert": {"title": "BERT revisited", "date": "2024-02-05"},
    "02-more": {"date": "2024-02-12", "continues": "01-bert"},
}
DAY = ("--today", str(TODAY))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, {**built(files(SESSIONS)), "sessions/01-bert/slides.pdf": b"%PDF"})


def test_a_renamed_session_keeps_its_files_its_event_and_the_sessions_that_continue_it(root: Path) -> None:
    event = read(root)["sessions/announced.yml"]
    done = run(root, "rename", "1", *DAY)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("sessions/01-bert becomes sessions/01-bert-revisited\n")
    assert (root / "sessions/01-bert-revisited/slides.pdf").read_bytes() == b"%PDF"
    assert not (root / "sessions/01-bert").exists()
    assert "continues: 01-bert-revisited\n" in (root / "sessions/02-more/session.yml").read_text()
    assert run(root, "build", *DAY).returncode == 0
    after = (root / "sessions/announced.yml").read_text()
    assert '"addresses": ["01-bert"]' in after
    assert '"uid": "01-bert"' in after
    assert after != event
    assert run(root, "check").returncode == 0


@pytest.mark.parametrize(
    ("name", "new"),
    [("", "01-bert-revisited"), ("gpt", "01-gpt"), ("07-gpt", "07-gpt"), ("01-bert", "01-bert")],
)
def test_the_number_stays_unless_another_is_given(name: str, new: str) -> None:
    assert rename_session(tree(files(SESSIONS)), "01-bert", name).new == new


@pytest.mark.parametrize(
    ("query", "name", "problem"),
    [
        ("01-bert", "a/b", "sessions/01-bert [folder-name-invalid]"),
        ("01-bert", "../x", "sessions/01-bert [folder-name-invalid]"),
        ("01-bert", "02-MORE", "sessions/01-bert [session-change-refused]"),
        ("02-more", "", "sessions/02-more [session-change-refused]"),
        ("03", "x", "sessions [session-not-found]"),
    ],
)
def test_a_name_that_no_folder_can_have_is_refused(query: str, name: str, problem: str) -> None:
    with pytest.raises(Invalid) as caught:
        rename_session(tree(files(SESSIONS)), query, name)
    assert outline(caught.value.problems) == [problem]


def test_a_session_that_the_next_build_would_not_recognise_is_built_first(root: Path) -> None:
    write(root, {"sessions/01-bert/session.yml": "title: Something else\ndate: 2024-03-04\n"})
    refused = run(root, "rename", "1", "05-new", *DAY)
    assert refused.returncode == 1
    assert "Run readingroom build first, or keep the number." in refused.stderr
    assert (root / "sessions/01-bert").is_dir()
    assert run(root, "build", *DAY).returncode == 0
    assert run(root, "rename", "1", "05-new", *DAY).returncode == 0


def test_a_renaming_can_be_looked_at_first(root: Path) -> None:
    before = read(root)
    shown = run(root, "rename", "1", *DAY, "--dry-run")
    assert "+continues: 01-bert-revisited" in shown.stdout
    assert read(root) == before
    assert run(root, "rename", "1", "01-bert").stdout == "Nothing to do: that is already the case.\n"


def test_a_session_that_continues_itself_stays_in_one_folder(root: Path) -> None:
    write(root, {"sessions/03-self/session.yml": "date: 2024-03-04\ncontinues: 03-self\n"})
    assert run(root, "rename", "3", "04-other", *DAY).returncode == 0
    assert not (root / "sessions/03-self").exists()
    assert "continues: 04-other" in (root / "sessions/04-other/session.yml").read_text()


def test_a_session_that_became_a_shelf_and_the_number_of_another_session(root: Path) -> None:
    write(root, {"sessions/01-bert/session.yml": "title: BERT\n"})
    assert run(root, "build", *DAY).returncode == 0
    renamed = run(root, "rename", "1", "02-bert", *DAY)
    assert renamed.returncode == 0
    assert "[folder-number-duplicate]" in renamed.stderr
