"""How the action starts on a bare runner."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

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


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    nowhere = str(tmp_path / "file" / "below")
    done = start(tmp_path, "--version", HOME=nowhere, RUNNER_TOOL_CACHE=nowhere, RUNNER_TEMP=nowhere)
    assert done.returncode == 1
    assert done.stderr.startswith("readingroom needs a folder for its packages")


@pytest.mark.parametrize("version", ["2.7", "3.5", "3.10"])
def test_an_old_python_is_reported(tmp_path: Path, version: str) -> None:
    found = tuple(map(int, version.split(".")))
    program = f"import runpy, sys; sys.version_info = {found}; runpy.run_path({str(START)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    message = f"readingroom needs Python 3.11 or newer as python3 on the runner, and found Python {version}.\n"
    assert (done.returncode, done.stderr) == (1, message)


def test_an_old_python_can_read_what_starts() -> None:
    """It reads the whole file before it runs the first line, and knows neither annotations nor f-strings."""
    nodes = [*ast.walk(ast.parse(START.read_text("ascii"), feature_version=(3, 4)))]
    assert not [each for each in nodes if isinstance(each, (ast.JoinedStr, ast.AnnAssign, ast.FunctionDef))]


def test_settings_of_the_machine_that_install_elsewhere_are_no_hindrance(tmp_path: Path) -> None:
    known = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_"))}
    elsewhere = {"PIP_USER": "1", "PIP_REQUIRE_VIRTUALENV": "1", "UV_SYSTEM_PYTHON": "1", "PIP_PREFIX": str(tmp_path)}
    done = start(tmp_path, "--version", **{**known, "HOME": os.environ["HOME"], **elsewhere})
    assert done.returncode == 0, done.stderr


def bootstrapped(program: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a program that knows the module ``bootstrap``."""
    whole = {**os.environ, "PYTHONPATH": str(START.parent), **env}
    command = [sys.executable, "-c", f"import bootstrap, os, sys; {program}"]
    return subprocess.run(command, env=whole, capture_output=True, text=True, check=False)


def test_what_installs_packages_does_not_see_the_jobs_tokens() -> None:
    show = "bootstrap._run('.', sys.executable, '-c', 'import os; print(sorted(os.environ))')"
    secret = dict.fromkeys(("READINGROOM_TOKEN", "GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "SECRET"), "x")
    done = bootstrapped(show, **secret, PIP_INDEX_URL="https://example.org", https_proxy="http://proxy")
    names = set(ast.literal_eval(done.stdout))
    assert names & secret.keys() == set()
    assert {"PIP_INDEX_URL", "https_proxy", "PATH"} <= names


def test_where_a_process_cannot_become_another_its_exit_code_is_passed_on() -> None:
    done = bootstrapped("sys.exit(bootstrap.run_to_end([sys.executable, '-c', 'raise SystemExit(7)']))")
    assert done.returncode == 7


def test_what_is_installed_is_only_what_the_lock_holds_by_its_hash() -> None:
    for name in ("runtime.txt", "uv.txt"):
        lines = (ROOT / "requirements" / name).read_text("utf-8").replace("\\\n", " ").strip().split("\n")
        assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []
