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


def start(tools: Path, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
    known = {"PATH": os.environ["PATH"], "HOME": str(tools), "RUNNER_TOOL_CACHE": str(tools), **env}
    return subprocess.run([sys.executable, START, *options], env=known, capture_output=True, text=True, check=False)


def test_without_a_registry_it_says_so_and_leaves_no_half_made_environment(tmp_path: Path) -> None:
    done = start(tmp_path, "--version", PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
    assert done.returncode == 1
    assert done.stderr.endswith(
        "readingroom's packages could not be installed; the lines above say why. Run the job again.\n"
    )
    assert "Traceback" not in done.stderr
    assert [path for path in tmp_path.iterdir() if path.name.startswith("readingroom-")] == []


def test_what_is_installed_is_only_what_the_lock_holds_by_its_hash() -> None:
    for name in ("runtime.txt", "uv.txt"):
        lines = (ROOT / "requirements" / name).read_text("utf-8").replace("\\\n", " ").strip().split("\n")
        assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []
