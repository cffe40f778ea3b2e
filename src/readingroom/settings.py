"""What a repository's settings on GitHub say, as plain values; whatever could not be seen says why."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something that GitHub did not show: its answer's status (0: there was none), and its words."""

    status: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as everybody who may read it sees it; ``web`` is its address."""

    name: str
    web: str
    default_branch: str
    is_private: bool
    is_archived: bool
    has_issues: bool
    has_site: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """Which actions may run: "all", "local_only" (the owner's own) or "selected", by what follows."""

    is_enabled: bool
    allowed: str
    by_commit_only: bool = False
    github_owned: bool = False
    verified: bool = False
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a workflow; ``conclusion`` is empty while it goes on."""

    event: str
    conclusion: str
    url: str


_NOT_ASKED = Unseen()


@dataclass(frozen=True, slots=True)
class Settings:
    """A repository's settings, as far as they concern the action.

    ``rules`` and ``branch_rules`` are the kinds of the rules for the default branch and for those that the action
    makes; ``protection`` has the kinds of an older branch protection, in the words of rules. ``site`` is its address,
    ``state`` the workflow's and ``last_run`` its last run, None if there was none; ``interrupted`` says why GitHub
    gave no answer to the rest.
    """

    repository: Repository | Unseen = _NOT_ASKED
    policy: Policy | Unseen = _NOT_ASKED
    may_open_pulls: bool | Unseen = _NOT_ASKED
    protection: frozenset[str] | Unseen = _NOT_ASKED
    rules: frozenset[str] | Unseen = _NOT_ASKED
    branch_rules: frozenset[str] | Unseen = _NOT_ASKED
    labels: frozenset[str] | Unseen = _NOT_ASKED
    site: str | Unseen = _NOT_ASKED
    state: str | Unseen = _NOT_ASKED
    last_run: Run | Unseen | None = _NOT_ASKED
    interrupted: str = ""


_REMOTE = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^@/]*@)?([A-Za-z0-9.-]+)(?::[0-9]+)?/|(?:[^@/:]*@)?([A-Za-z0-9.-]+):/?)"
    r"([A-Za-z0-9._-]+/[A-Za-z0-9._-]+?)(?:\.git)?/?"
)
NAME = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")


def place(url: str) -> tuple[str, str]:
    """Return the host and the owner/name that an address of a repository has, or two empty texts."""
    found = _REMOTE.fullmatch(url.strip())
    return ((found[1] or found[2]).casefold(), found[3]) if found else ("", "")
