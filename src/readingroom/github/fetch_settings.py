"""A repository's settings, asked for one after the other with a token that may not see all of them."""

from collections.abc import Callable
from typing import Any

from readingroom.github import pages_sync
from readingroom.github.client import Client
from readingroom.github.repository_settings import PagesSite, Repository, RepositorySettings, UnavailableSetting
from readingroom.github.transport import InterruptedRequest, RefusedRequest
from readingroom.proposals.pull_request import BRANCH_PREFIX

_RULES = frozenset({"protection", "rules", "branch_rules", "pages_rules"})
_NO_RULES = "Upgrade to"  # what GitHub says where the plan of a private repository has no rules


def fetch_settings(forge: Client, workflow: str) -> RepositorySettings:
    """Return what the settings say; ``workflow`` is the name of the workflow's file."""
    found = _fetch_answers({"repository": forge.fetch_repository})
    if not isinstance(found.repository, Repository):
        return found
    return _fetch_answers(_build_requests(forge, found.repository, workflow), found.repository)


def _build_requests(forge: Client, about: Repository, workflow: str) -> dict[str, Callable[[], Any]]:
    branch = about.default_branch
    return {
        "policy": forge.fetch_policy,
        "may_open_pulls": forge.is_pull_creation_allowed,
        "protection": lambda: forge.fetch_protection_rules(branch),
        "rules": lambda: forge.fetch_rules(branch),
        "branch_rules": lambda: forge.fetch_rules(f"{BRANCH_PREFIX}1"),
        "pages_rules": lambda: forge.fetch_rules(pages_sync.PAGES_BRANCH),
        "labels": forge.fetch_labels,
        "site": forge.fetch_pages_site if about.has_site else PagesSite,
        "state": lambda: forge.fetch_workflow_state(workflow),
        "last_run": lambda: forge.fetch_last_run(workflow),
    }


def _fetch_answers(questions: dict[str, Callable[[], Any]], repository: Repository | None = None) -> RepositorySettings:
    """Return the answers; once there was none, nothing more is asked."""
    found: dict[str, Any] = {"repository": repository} if repository else {}
    for name, ask in questions.items():
        try:
            found[name] = ask()
        except RefusedRequest as refused:
            has_none = name in _RULES and _NO_RULES in str(refused)
            found[name] = frozenset() if has_none else UnavailableSetting(refused.status, str(refused))
        except InterruptedRequest as error:
            return RepositorySettings(**found, interrupted=str(error))
    return RepositorySettings(**found)
