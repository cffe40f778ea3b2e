"""One folder in tests/diagnostics for each code: a small group that shows it, and what is then reported.

``group/`` holds the files, ``make.json`` those that Git would not keep (its form is that of tests/cases),
``before/`` the state that a pull request changes into ``group/``, ``command.txt`` the command (by default a check),
and ``expected.txt`` the lines with the code. ``python tools/document_diagnostics.py`` writes the last.
"""

from __future__ import annotations

import datetime as dt
import shlex
import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from groups import run
from readingroom.io import disk
from readingroom.proposals import preview
from readingroom.setup import init
from test_cases import write

FOLDER = Path(__file__).parent / "diagnostics"
TODAY = dt.date(2027, 1, 15)
CHECK = f"check --findings --today {TODAY}"


def report(code: str) -> list[str]:
    """Return the lines that the case of a code leads to and that hold the code."""
    if code == "workflow-unpinned":  # what init says depends on the commit that this copy is of
        wish = init.InitOptions({})
        return [str(each) for known in (wish, replace(wish, commit="a" * 40)) for each in init.check_action_pin(known)]
    with TemporaryDirectory() as folder:
        root = write({"folder": FOLDER / code}, Path(folder, "group"))
        if (FOLDER / code / "before").is_dir():
            return _compare(code, root, Path(folder, "before"))
        command = FOLDER / code / "command.txt"
        done = run(root, *shlex.split(command.read_text("utf-8") if command.exists() else CHECK))
        return [line for line in (done.stderr + done.stdout).splitlines() if f"[{code}]" in line]


def _compare(code: str, root: Path, before: Path) -> list[str]:
    shutil.copytree(FOLDER / code / "before", before)
    shutil.copy(root / "readingroom.yml", before)
    found = preview.compare_trees(disk.read_tree(before), disk.read_tree(root), lambda _: TODAY)
    return [str(each) for each in (*found.problems, *found.findings) if each.code == code]


def read_expected(code: str) -> list[str]:
    """Return the lines that the case of a code must lead to."""
    return (FOLDER / code / "expected.txt").read_text("utf-8").splitlines()


def render_expected(code: str) -> str:
    """Return the text of expected.txt: the lines that the case of a code leads to now."""
    return "".join(f"{line}\n" for line in report(code))
