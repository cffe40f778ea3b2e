"""What this machine knows about a group: its folder in Git, the time zone, and the commit of this program."""

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from readingroom import __version__
from readingroom.io.git_command import try_git

TOP_LEVEL_ONLY = "GitHub only finds workflows and forms at the top of a repository"
_PACKAGE = Path(__file__).parents[1]
_COMMIT_FILE = "commit.txt"  # hatch_build.py writes it into a package


@dataclass(frozen=True, slots=True)
class LocalEnvironment:
    """``prefix`` is the path from the top of the folder's Git repository, ``remotes`` are the addresses of its origin.

    ``commit`` is that of this program, which is a release's or not, and ``time_zone`` the machine's. What is not known
    is empty.
    """

    prefix: str
    remotes: tuple[str, ...]
    commit: str
    is_release: bool
    time_zone: str


def detect_environment(root: Path) -> LocalEnvironment:
    """Return what is known about a folder and this machine."""
    # Git may be configured to replace a part of an address on this machine: both forms are listed.
    remotes = (_run_git(root, "remote", "get-url", "origin"), _run_git(root, "config", "--get", "remote.origin.url"))
    return LocalEnvironment(
        get_repository_prefix(root), remotes, get_program_commit(), is_release_commit(), _detect_time_zone()
    )


def get_repository_prefix(root: Path) -> str:
    """Return the path to a folder from the top of its Git repository; empty at the top, and if there is none."""
    return _run_git(root, "rev-parse", "--show-prefix")


def describe_nested_folder(prefix: str) -> str:
    """Return why a group cannot be in a folder below the top of its Git repository."""
    return (
        f"The group is in {prefix.rstrip('/')}/ of a larger repository. {TOP_LEVEL_ONLY}, and the action reads and "
        "writes there: give the group a repository of its own."
    )


def get_origin_url(root: Path) -> str:
    """Return the address that a folder was cloned from; empty for a folder that is not a repository itself."""
    return _run_git(root, "config", "--get", "remote.origin.url", searches_parents=False)


def get_current_branch(root: Path) -> str:
    """Return the branch that is checked out; empty if there is none, as in a workflow."""
    return _run_git(root, "symbolic-ref", "--quiet", "--short", "HEAD", searches_parents=False)


def get_program_commit() -> str:
    """Return the commit of this program as 40 hexadecimal digits, or an empty text."""
    with suppress(OSError):
        return _parse_commit((_PACKAGE / _COMMIT_FILE).read_text("ascii").partition(" ")[0])
    prefix, _, name = _run_git(_PACKAGE.parents[1], "rev-parse", "--show-prefix", "HEAD").partition("\n")
    # With a prefix, it is the repository of something else, in which this program is installed.
    return "" if prefix else _parse_commit(name)


def is_release_commit() -> bool:
    """Return whether that commit has the tag of this version's release."""
    tag = f"v{__version__}"
    with suppress(OSError):
        return (_PACKAGE / _COMMIT_FILE).read_text("ascii").split()[1:] == [tag]
    return bool(get_program_commit()) and bool(
        _run_git(_PACKAGE.parents[1], "tag", "--points-at", "HEAD", "--list", tag)
    )


def _parse_commit(text: str) -> str:
    return text.strip() if is_commit_id(text.strip()) else ""


def is_commit_id(text: str) -> bool:
    """Return whether a text is the full ID of a Git commit."""
    return re.fullmatch("[0-9a-f]{40}", text) is not None


def _run_git(folder: Path, *arguments: str, searches_parents: bool = True) -> str:
    """Return what Git prints about a folder, or an empty text if it fails."""
    return try_git(folder, *arguments, searches_parents=searches_parents) or ""


def _detect_time_zone() -> str:
    """Return the machine's time zone by its IANA name."""
    from babel.dates import LOCALTZ  # noqa: PLC0415 -- needed where a group is set up

    name = str(LOCALTZ)
    with suppress(KeyError, OSError, ValueError):
        return ZoneInfo(name).key
    return ""
