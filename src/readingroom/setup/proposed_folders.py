"""The folders that open proposals add, as Git knows them: the branches of the action in the repository on GitHub."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from readingroom.core.session_path import SESSIONS
from readingroom.io.git_command import try_git
from readingroom.proposals.records import ISSUE_BRANCH
from readingroom.setup.environment import get_origin_url

FETCH_TIMEOUT = 20  # seconds
_BRANCHES = f"refs/heads/{ISSUE_BRANCH}*"


def fetch_proposed_folders(root: Path) -> frozenset[str] | None:
    """Return the names of the folders in sessions/ of all proposals' branches; None if Git cannot read them.

    A folder that was not cloned from anywhere has no proposals. Where there are some, they are fetched into a
    repository of their own, which is deleted: the group's stays as it is.
    """
    address = get_origin_url(root)
    if not address:
        return frozenset()
    branches = try_git(root, "ls-remote", "--heads", "--", address, _BRANCHES, timeout=FETCH_TIMEOUT)
    if not branches:
        return None if branches is None else frozenset()
    with tempfile.TemporaryDirectory(prefix="readingroom-") as name:
        repository = Path(name)
        is_fetched = try_git(root, "init", "--quiet", "--bare", name) is not None and _fetch(root, repository, address)
        return frozenset(_iter_folders(repository)) if is_fetched else None


def _fetch(root: Path, repository: Path, address: str) -> bool:
    """Fetch the newest commits of all proposals, without the contents of files; return whether that succeeded."""
    folder = f"--git-dir={repository}"
    options = ("--quiet", "--no-tags", "--depth=1", "--filter=tree:2")
    if try_git(root, folder, "config", "remote.origin.url", address) is None:  # it may start from the group's folder
        return False
    refs = f"+{_BRANCHES}:refs/heads/*"
    return try_git(root, folder, "fetch", *options, "origin", refs, timeout=FETCH_TIMEOUT) is not None


def _iter_folders(repository: Path) -> Iterator[str]:
    for branch in (try_git(repository, "for-each-ref", "--format=%(objectname)") or "").split():
        listed = try_git(repository, "ls-tree", "-d", "-z", "--name-only", branch, f"{SESSIONS}/") or ""
        yield from (path.removeprefix(f"{SESSIONS}/") for path in listed.split("\0") if path)
