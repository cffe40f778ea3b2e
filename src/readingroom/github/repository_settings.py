"""What a repository's settings on GitHub say, as plain values; whatever could not be seen says why.

The methods ``of`` read GitHub's answers: https://docs.github.com/rest
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

CREATE_PULLS = "Allow GitHub Actions to create and approve pull requests"  # what the box to tick says


@dataclass(frozen=True, slots=True)
class UnavailableSetting:
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

    @classmethod
    def parse_response(cls, data: Mapping[str, Any]) -> "Repository":
        is_closed = data["archived"] or data["disabled"]
        names = (data["full_name"], data["html_url"], data["default_branch"])
        return cls(*names, data["private"], is_closed, data["has_issues"], data["has_pages"])


@dataclass(frozen=True, slots=True)
class ActionsPolicy:
    """Which actions may run: "all", "local_only" (the owner's own) or "selected", by what follows."""

    is_enabled: bool
    allowed: str
    by_commit_only: bool = False
    github_owned: bool = False
    verified: bool = False
    patterns: tuple[str, ...] = ()

    @classmethod
    def parse_response(cls, data: Mapping[str, Any]) -> "ActionsPolicy":
        return cls(bool(data["enabled"]), data.get("allowed_actions") or "all", bool(data.get("sha_pinning_required")))

    def merge_selected(self, data: Mapping[str, Any]) -> "ActionsPolicy":
        """Return the policy with what it selects."""
        github, verified = bool(data.get("github_owned_allowed")), bool(data.get("verified_allowed"))
        patterns = tuple(map(str, data.get("patterns_allowed") or ()))
        return replace(self, github_owned=github, verified=verified, patterns=patterns)


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """A run of a workflow; ``conclusion`` is empty while it goes on."""

    event: str
    conclusion: str
    url: str

    @classmethod
    def parse_response(cls, data: Mapping[str, Any]) -> "WorkflowRun":
        return cls(str(data["event"]), data["conclusion"] or "", str(data["html_url"]))


def parse_protection_rules(data: Mapping[str, Any]) -> frozenset[str]:
    """Return what a branch's protection of the older kind asks for, in the words of rules."""
    asked = {
        "pull_request": data.get("required_pull_request_reviews"),
        "required_status_checks": data.get("required_status_checks"),
        "update": data.get("restrictions") or (data.get("lock_branch") or {}).get("enabled"),
    }
    return frozenset(kind for kind, value in asked.items() if value)


_NOT_ASKED = UnavailableSetting()


@dataclass(frozen=True, slots=True)
class PagesSite:
    """A site on GitHub Pages: its address, and whether a workflow brings it, or else a branch; none has no address."""

    url: str = ""
    is_by_workflow: bool = False


@dataclass(frozen=True, slots=True)
class RepositorySettings:
    """A repository's settings, as far as they concern the action.

    ``rules``, ``branch_rules`` and ``pages_rules`` are the kinds of the rules for the default branch, for those of
    proposals and for that of the pages; ``protection`` has the kinds of an older branch protection, in the words of
    rules. ``site`` is what GitHub Pages publish, ``state`` the workflow's and ``last_run`` its last run, None if there
    was none; ``interrupted`` says why GitHub gave no answer to the rest.
    """

    repository: Repository | UnavailableSetting = _NOT_ASKED
    policy: ActionsPolicy | UnavailableSetting = _NOT_ASKED
    may_open_pulls: bool | UnavailableSetting = _NOT_ASKED
    protection: frozenset[str] | UnavailableSetting = _NOT_ASKED
    rules: frozenset[str] | UnavailableSetting = _NOT_ASKED
    branch_rules: frozenset[str] | UnavailableSetting = _NOT_ASKED
    pages_rules: frozenset[str] | UnavailableSetting = _NOT_ASKED
    labels: frozenset[str] | UnavailableSetting = _NOT_ASKED
    site: PagesSite | UnavailableSetting = _NOT_ASKED
    state: str | UnavailableSetting = _NOT_ASKED
    last_run: WorkflowRun | UnavailableSetting | None = _NOT_ASKED
    interrupted: str = ""


_REMOTE = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^@/]*@)?([A-Za-z0-9.-]+)(?::[0-9]+)?/|(?:[^@/:]*@)?([A-Za-z0-9.-]+):/?)"
    r"([A-Za-z0-9._-]+/[A-Za-z0-9._-]+?)(?:\.git)?/?"
)
REPOSITORY_NAME = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")


def parse_remote_url(url: str) -> tuple[str, str]:
    """Return the host and the owner/name that an address of a repository has, or two empty texts."""
    found = _REMOTE.fullmatch(url.strip())
    return ((found[1] or found[2]).casefold(), found[3]) if found else ("", "")
