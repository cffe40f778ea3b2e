"""A file is opened by what stands at its path, whatever a link there leads to."""

import os
from pathlib import Path

import pytest

from readingroom.io import safe_open


def test_a_regular_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with safe_open.open_regular_file(tmp_path / "file") as file:
        assert file.read() == b"x"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with pytest.raises(OSError, match="link"):
        safe_open.open_regular_file(tmp_path / "link")


def test_a_pipe_is_not_waited_for_and_a_folder_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(safe_open.NotRegularFile):
            safe_open.open_regular_file(tmp_path / name)
