"""What Git knows of a folder: where it was cloned from, and which branch is checked out."""

import os
import subprocess
from pathlib import Path

WITHIN = 10  # seconds for one answer; it reads a file or two


def origin(root: Path) -> str:
    """Return the address of the remote ``origin``, or an empty text."""
    return _told(root, "config", "--get", "remote.origin.url")


def branch(root: Path) -> str:
    """Return the branch that is checked out, or an empty text where that is none, such as in a workflow."""
    return _told(root, "symbolic-ref", "--quiet", "--short", "HEAD")


def _told(root: Path, *question: str) -> str:
    # A folder that is no repository is not asked for the one that it lies in.
    env = {**os.environ, "GIT_CEILING_DIRECTORIES": str(root.resolve().parent)}
    command = ["git", *question]
    try:
        done = subprocess.run(  # noqa: S603 -- our own words
            command, cwd=root, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=WITHIN, check=False
        )
    except (OSError, subprocess.TimeoutExpired):  # there may be no Git
        return ""
    return "" if done.returncode else done.stdout.decode("utf-8", "replace").strip()
