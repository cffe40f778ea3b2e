"""What Git says about a folder on this machine."""

import os
from collections.abc import Iterable
from pathlib import Path

GIT_TIMEOUT = 10  # seconds for one answer of Git's, which only reads a file or two


def try_git(
    folder: Path, *arguments: str, searches_parents: bool = True, timeout: float = GIT_TIMEOUT, given: str = ""
) -> str | None:
    """Return what Git prints about a folder, or None if it fails; it never asks for a name or a password.

    It reads what is ``given`` from its standard input.
    """
    import subprocess  # noqa: PLC0415 -- 5 ms that a folder outside Git does not need

    # Git's hooks set these, and then it would use another folder.
    env = {name: value for name, value in os.environ.items() if name not in {"GIT_DIR", "GIT_WORK_TREE"}}
    env["GIT_TERMINAL_PROMPT"] = "0"
    if not searches_parents:
        env["GIT_CEILING_DIRECTORIES"] = str(folder.resolve().parent)
    command = ["git", "-C", os.fspath(folder), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 -- the arguments are constants
            command, env=env, input=os.fsencode(given), capture_output=True, timeout=timeout, check=False
        )
    except (OSError, subprocess.TimeoutExpired):  # Git may not be installed
        return None
    return done.stdout.decode("utf-8", "replace").removesuffix("\n") if done.returncode == 0 else None


def is_in_repository(folder: Path) -> bool:
    """Return whether a folder is part of a checkout."""
    top = folder.resolve()
    return any((each / ".git").exists() for each in (top, *top.parents))


def list_ignored_paths(folder: Path, below: str) -> frozenset[str]:
    """Return the files and folders below a path that ``.gitignore`` names and Git does not hold; none without Git."""
    # The monitor is a program that the repository's settings name; it would only save time.
    options = ("-c", "core.fsmonitor=false", "ls-files", "--others", "--ignored", "--exclude-standard", "--directory")
    listed = (try_git(folder, *options, "-z", "--", below) or "") if is_in_repository(folder) else ""
    return frozenset(path.rstrip("/") for path in listed.split("\0") if path)


def list_lfs_paths(folder: Path, paths: Iterable[str]) -> frozenset[str]:
    """Return which files Git LFS keeps by the repository's ``.gitattributes``, in any folder; none without Git."""
    if not is_in_repository(folder):
        return frozenset()
    fields = (try_git(folder, "check-attr", "-z", "--stdin", "filter", given="\0".join(paths)) or "").split("\0")
    return frozenset(path for path, value in zip(fields[::3], fields[2::3], strict=False) if value == "lfs")
