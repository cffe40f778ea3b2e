"""A command that is forked from a process that is warm does what one does that starts from nothing."""

import os
import subprocess
from pathlib import Path

import pytest

from groups import command, files, read, run, write
from warm import warm


@pytest.mark.parametrize(
    "arguments",
    [("--version",), ("show",), ("check",), ("nonsense",), ("build", "--today", "tomorrow"), ("check", "--root", "x")],
)
def test_a_command_ends_and_prints_as_one_that_starts_from_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write(tmp_path, files({"01-bert": {"titel": "Bert"}}))
    cold = subprocess.run(command(*arguments), cwd=tmp_path, capture_output=True, text=True, check=False)
    warm = run(tmp_path, *arguments)
    assert (warm.returncode, warm.stdout, warm.stderr) == (cold.returncode, cold.stdout, cold.stderr)


def test_nothing_of_one_command_is_left_for_the_next(tmp_path: Path) -> None:
    one, two = (write(tmp_path / name, files({"01-bert": {"title": name, "date": "2024-01-08"}})) for name in "ab")
    for root in (one, two, one):
        assert run(root, "build", "--today", "2024-01-15").returncode == 0
        assert f"# {root.name}\n" in read(root)["sessions/01-bert/README.md"].decode()
    assert run(one, "build", env={"READINGROOM_TODAY": "x"}).returncode == 2
    assert run(one, "build").returncode == 0


def test_a_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    code, _, _ = warm().run(write(tmp_path, files({})), ["serve", "--port", "0"], os.environ, 1)
    assert code < 0
