"""A repository's settings on GitHub as plain values; a setting that a token may not see says why.

The methods ``parse_response`` take GitHub's answers: https://docs.github.com/rest
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

CREATE_PULLS = "Allow GitHub Actions to create and approve pull requests"  # the label of the setting's checkbox


class AllowedActions(StrEnum):
    """Which actions may run in a repository's workflows."""

    ALL = "all"
    LOCAL_ONLY = "local_only"  # only the owner's own
    SELECTED = "selected"  # those that the policy lists


class RuleKind(StrEnum):
    """The kinds of branch rules that can be in the way of the action."""

    CREATION = "creation"
    DELETION = "deletion"
    MERGE_QUEUE = "merge_queue"
    PULL_REQUEST = "pull_request"
    REQUIRED_DEPLOYMENTS = "required_deployments"
    REQUIRED_LINEAR_HISTORY = "required_linear_history"
    REQUIRED_STATUS_CHECKS = "required_status_checks"
    UPDATE = "update"
    WORKFLOWS = "workflows"


@dataclass(frozen=True, slots=True)
class UnavailableSetting:
    """A setting that GitHub did not show: the status of its answer (0: there was none), and its message."""

    status: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Repository:
    """What everybody who may read a repository can see of it; ``web`` is its address."""

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
    """Which actions may run; the fields after ``by_commit_only`` list those that are selected."""

    is_enabled: bool
    allowed: AllowedActions
    by_commit_only: bool = False
    github_owned: bool = False
    verified: bool = False
    patterns: tuple[str, ...] = ()

    @classmethod
    def parse_response(cls, data: Mapping[str, Any]) -> "ActionsPolicy":
        allowed = AllowedActions(data.get("allowed_actions") or AllowedActions.ALL)
        return cls(bool(data["enabled"]), allowed, bool(data.get("sha_pinning_required")))

    def merge_selected(self, data: Mapping[str, Any]) -> "ActionsPolicy":
        """Return the policy with the actions that it selects."""
        github, verified = bool(data.get("github_owned_allowed")), bool(data.get("verified_allowed"))
        patterns = tuple(map(str, data.get("patterns_allowed") or ()))
        return replace(self, github_owned=github, verified=verified, patterns=patterns)


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """A run of a workflow; ``conclusion`` is empty until it ends."""

    event: str
    conclusion: str
    url: str

    @classmethod
    def parse_response(cls, data: Mapping[str, Any]) -> "WorkflowRun":
        return cls(str(data["event"]), data["conclusion"] or "", str(data["html_url"]))


def parse_protection_rules(data: Mapping[str, Any]) -> frozenset[str]:
    """Return what a classic branch protection requires, as kinds of rules."""
    required = {
        RuleKind.PULL_REQUEST: data.get("required_pull_request_reviews"),
        RuleKind.REQUIRED_STATUS_CHECKS: data.get("required_status_checks"),
        RuleKind.UPDATE: data.get("restrictions") or (data.get("lock_branch") or {}).get("enabled"),
    }
    return frozenset[str](kind for kind, value in required.items() if value)


_NOT_FETCHED = UnavailableSetting()


@dataclass(frozen=True, slots=True)
class PagesSite:
    """A site on GitHub Pages: its address (empty: there is none), and whether a workflow or a branch is its source."""

    url: str = ""
    is_by_workflow: bool = False


@dataclass(frozen=True, slots=True)
class RepositorySettings:
    """The settings of a repository that concern the action.

    ``rules``, ``branch_rules`` and ``pages_rules`` are the kinds of rules for the default branch, for the branches of
    proposals and for that of the pages; ``protection`` has what a classic branch protection requires, as kinds of
    rules. ``site`` is what GitHub Pages publishes, ``state`` the workflow's and ``last_run`` its last run (None: there
    was none); ``interrupted`` says why GitHub gave no answer to the rest.
    """

    repository: Repository | UnavailableSetting = _NOT_FETCHED
    policy: ActionsPolicy | UnavailableSetting = _NOT_FETCHED
    may_create_pulls: bool | UnavailableSetting = _NOT_FETCHED
    protection: frozenset[str] | UnavailableSetting = _NOT_FETCHED
    rules: frozenset[str] | UnavailableSetting = _NOT_FETCHED
    branch_rules: frozenset[str] | UnavailableSetting = _NOT_FETCHED
    pages_rules: frozenset[str] | UnavailableSetting = _NOT_FETCHED
    labels: frozenset[str] | UnavailableSetting = _NOT_FETCHED
    site: PagesSite | UnavailableSetting = _NOT_FETCHED
    state: str | UnavailableSetting = _NOT_FETCHED
    last_run: WorkflowRun | UnavailableSetting | None = _NOT_FETCHED
    interrupted: str = ""


def format_actions_settings(web: str = "") -> str:
    """Return where the settings of GitHub Actions are, with the address if that of the repository is given."""
    return f"Settings → Actions → General ({web}/settings/actions)" if web else "Settings → Actions → General"


def describe_create_pulls_setting(web: str = "") -> str:
    """Return the name and the page of the setting that lets workflows create pull requests."""
    return f'"{CREATE_PULLS}" in {format_actions_settings(web)}'
