"""What was announced of somebody who asks to be removed: it goes, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from groups import TODAY, built, files, outline, read, reported, run, tree, write
from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import ANNOUNCED_PATH
from readingroom.edit.forgetting import forget_session
from readingroom.store import generated
from readingroom.store.revisions import read_revisions

if TYPE_CHECKING:
    from pathlib import Path

GPT = {"title": "Gpt", "date": "2024-01-29"}
BOTH = built(files({"01-ada-lovelace": {"title": "Engines", "date": "2024-01-22"}, "02-gpt": GPT}, site={}))
GONE = {path: text for path, text in BOTH.items() if "01-ada" not in path}


def test_a_removed_session_is_forgotten_for_good(tmp_path: Path) -> None:
    root = write(tmp_path, built(GONE, TODAY + dt.timedelta(1)))
    assert b"01-ada-lovelace" in read(root)[ANNOUNCED_PATH]
    assert run(root, "forget", "01-ada-lovelace", "--dry-run").stdout.count("01-ada-lovelace") > 0
    assert b"01-ada-lovelace" in read(root)[ANNOUNCED_PATH]
    done = run(root, "forget", "01-ada-lovelace")
    assert (done.returncode, done.stderr) == (0, "")
    after = built(read(root), TODAY + dt.timedelta(2))
    assert generated.is_intact(after[ANNOUNCED_PATH])
    assert read_revisions(tree(after)).revisions == {"02-gpt": read_revisions(tree(BOTH)).revisions["02-gpt"]}
    assert not [path for path, text in after.items() if b"ada-lovelace" in text]


@pytest.mark.parametrize(
    ("made", "folder", "place"),
    [
        (BOTH, "01-ada-lovelace", "sessions/01-ada-lovelace [session-change-refused]"),
        (GONE, "01-ada", f"{ANNOUNCED_PATH} [session-not-found]"),
        ({}, "01-ada-lovelace", f"{ANNOUNCED_PATH} [session-not-found]"),
        (
            {**GONE, ANNOUNCED_PATH: BOTH[ANNOUNCED_PATH].replace(b"2024-01-15", b"2024-01-14")},
            "01-ada-lovelace",
            f"{ANNOUNCED_PATH} [session-change-refused]",
        ),
    ],
)
def test_what_cannot_be_forgotten_is_refused(made: dict[str, bytes], folder: str, place: str) -> None:
    with pytest.raises(Invalid) as caught:
        forget_session(tree(made), folder)
    assert outline(caught.value.problems) == [place]


def test_the_command_names_the_folder_that_may_be_meant(tmp_path: Path) -> None:
    done = run(write(tmp_path, GONE), "forget", "01-ada-lovelaec")
    assert (done.returncode, reported(done.stderr)) == (1, [f"{ANNOUNCED_PATH}: error [session-not-found]"])
    assert "01-ada-lovelace" in done.stderr
