"""How the action starts on a bare runner."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from groups import ROOT

if TYPE_CHECKING:
    from pathlib import Path

START = ROOT / "tools/start.py"


def start(tools: Path, *options: str, folder: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    known = {"PATH": os.environ["PATH"], "HOME": str(tools), "RUNNER_TOOL_CACHE": str(tools), **env}
    command = [sys.executable, START, *options]
    return subprocess.run(command, env=known, cwd=folder, capture_output=True, text=True, check=False)


def test_nothing_that_a_stranger_put_into_the_repository_runs_or_steers_the_start(tmp_path: Path) -> None:
    theirs, tools = tmp_path / "theirs", tmp_path / "tools"
    (theirs / "pip").mkdir(parents=True)
    for name in ("pip/__init__.py", "pip/__main__.py", "subprocess.py", "click.py", "sitecustomize.py"):
        (theirs / name).write_text("raise SystemExit('a stranger ran')\n", "utf-8")
    (theirs / "uv.toml").write_text("this is no TOML", "utf-8")
    settings = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_"))}
    home = os.environ["HOME"]  # where pip's and uv's own settings may be
    done = start(tools, "--version", folder=theirs, **{**settings, "HOME": home})
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("readingroom, version ")
    (made,) = tools.iterdir()
    assert (made / "ready").is_file()


def test_without_a_registry_it_says_so_and_leaves_no_half_made_environment(tmp_path: Path) -> None:
    done = start(tmp_path, "--version", PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
    assert done.returncode == 1
    assert done.stderr.endswith(
        "readingroom's packages could not be installed; the lines above say why. Run the job again.\n"
    )
    assert "Traceback" not in done.stderr
    assert [path for path in tmp_path.iterdir() if path.name.startswith("readingroom-")] == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    nowhere = str(tmp_path / "file" / "below")
    done = start(tmp_path, "--version", HOME=nowhere, RUNNER_TOOL_CACHE=nowhere, RUNNER_TEMP=nowhere)
    assert done.returncode == 1
    assert done.stderr.startswith("readingroom needs a folder for its packages")


def test_an_old_python_is_told(tmp_path: Path) -> None:
    program = f"import runpy, sys; sys.version_info = (3, 10); runpy.run_path({str(START)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "readingroom needs Python 3.11 or newer as python3 on the runner.\n")


def test_what_is_installed_is_only_what_the_lock_holds_by_its_hash() -> None:
    for name in ("runtime.txt", "uv.txt"):
        lines = (ROOT / "requirements" / name).read_text("utf-8").replace("\\\n", " ").strip().split("\n")
        assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []
