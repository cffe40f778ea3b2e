"""What the machine tells of a group: Git's word on its folder, the time zone, and our own commit."""

import os
import re
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from readingroom import __version__

GIT_TIMEOUT = 10  # seconds for one answer of Git's; it reads a file or two
_PACKAGE = Path(__file__).parents[1]
_COMMIT_FILE = "commit.txt"  # hatch_build.py writes it into a package


@dataclass(frozen=True, slots=True)
class LocalEnvironment:
    """``below`` is the path from the top of the folder's Git repository, ``remotes`` the addresses of its origin.

    ``readmes`` are the names of its READMEs that are not README.md, ``commit`` is the one that this program is of,
    which ``is_release`` or not, and ``time_zone`` the machine's; what cannot be known is empty.
    """

    below: str
    remotes: tuple[str, ...]
    readmes: tuple[str, ...]
    commit: str
    is_release: bool
    time_zone: str


def detect_environment(root: Path) -> LocalEnvironment:
    """Return what is known of a folder and of this machine."""
    # Git may rewrite an address for this machine alone, and may have been given a short form of it: both are told.
    remotes = (_run_git(root, "remote", "get-url", "origin"), _run_git(root, "config", "--get", "remote.origin.url"))
    names = sorted(each for each in os.listdir(root) if re.fullmatch(r"readme(?:\.\w+)?", each, re.IGNORECASE))
    readmes = tuple(each for each in names if each != "README.md")
    return LocalEnvironment(
        get_repository_prefix(root), remotes, readmes, get_program_commit(), is_release_commit(), _detect_time_zone()
    )


def get_repository_prefix(root: Path) -> str:
    """Return the path to a folder from the top of its Git repository; empty at the top, and where there is none."""
    return _run_git(root, "rev-parse", "--show-prefix")


def get_origin_url(root: Path) -> str:
    """Return where a folder was cloned from, or an empty text; one that is no repository itself has no origin."""
    return _run_git(root, "config", "--get", "remote.origin.url", looks_above=False)


def get_current_branch(root: Path) -> str:
    """Return the branch that is checked out, or an empty text where that is none, such as in a workflow."""
    return _run_git(root, "symbolic-ref", "--quiet", "--short", "HEAD", looks_above=False)


def get_program_commit() -> str:
    """Return the commit that this program is of, as 40 hexadecimal digits, or an empty text."""
    with suppress(OSError):
        return _parse_commit((_PACKAGE / _COMMIT_FILE).read_text("ascii").partition(" ")[0])
    prefix, _, name = _run_git(_PACKAGE.parents[1], "rev-parse", "--show-prefix", "HEAD").partition("\n")
    return (
        "" if prefix else _parse_commit(name)
    )  # below its top, it is the repository that this program is installed in


def is_release_commit() -> bool:
    """Tell whether that commit is the one of this version's release: whether the version's tag is on it."""
    tag = f"v{__version__}"
    with suppress(OSError):
        return (_PACKAGE / _COMMIT_FILE).read_text("ascii").split()[1:] == [tag]
    return bool(get_program_commit()) and bool(
        _run_git(_PACKAGE.parents[1], "tag", "--points-at", "HEAD", "--list", tag)
    )


def _parse_commit(text: str) -> str:
    return text.strip() if re.fullmatch("[0-9a-f]{40}", text.strip()) else ""


def _run_git(folder: Path, *question: str, looks_above: bool = True) -> str:
    """Return what Git says of a folder, or an empty text where it says nothing."""
    # Git's own hooks set these, and then it would speak of another folder.
    env = {name: value for name, value in os.environ.items() if name not in {"GIT_DIR", "GIT_WORK_TREE"}}
    if not looks_above:
        env["GIT_CEILING_DIRECTORIES"] = str(folder.resolve().parent)
    command = ["git", "-C", os.fspath(folder), *question]
    try:
        done = subprocess.run(  # noqa: S603 -- words of our own
            command, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=GIT_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):  # there may be no Git
        return ""
    return done.stdout.decode("utf-8", "replace").removesuffix("\n") if done.returncode == 0 else ""


def _detect_time_zone() -> str:
    """Return the machine's time zone by its IANA name."""
    from babel.dates import LOCALTZ  # noqa: PLC0415 -- needed where a group is set up

    name = str(LOCALTZ)
    with suppress(KeyError, OSError, ValueError):
        return ZoneInfo(name).key
    return ""
