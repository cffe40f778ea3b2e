"""Fetch a repository's settings with a token that may not see all of them.

This is not part of ``repository_settings``, which is used without a connection to GitHub too.
"""

from collections.abc import Callable
from typing import Any

from readingroom.github.client import Client
from readingroom.github.repository_settings import PagesSite, Repository, RepositorySettings, UnavailableSetting
from readingroom.github.transport import InterruptedRequest, RefusedRequest
from readingroom.proposals.records import PAGES_BRANCH, format_issue_branch

_RULES = frozenset({"protection", "rules", "branch_rules", "pages_rules"})
_NO_RULES = "Upgrade to"  # GitHub's message where the plan of a private repository has no rules


def fetch_settings(client: Client, workflow: str) -> RepositorySettings:
    """Return the settings of the client's repository; ``workflow`` is the name of the workflow's file."""
    settings = _fetch_fields({"repository": client.fetch_repository})
    if not isinstance(settings.repository, Repository):
        return settings
    return _fetch_fields(_list_requests(client, settings.repository, workflow), settings.repository)


def _list_requests(client: Client, repository: Repository, workflow: str) -> dict[str, Callable[[], Any]]:
    """Return the request for each field of the settings."""
    branch = repository.default_branch
    return {
        "policy": client.fetch_policy,
        "may_create_pulls": client.is_pull_creation_allowed,
        "protection": lambda: client.fetch_protection_rules(branch),
        "rules": lambda: client.fetch_rules(branch),
        "branch_rules": lambda: client.fetch_rules(format_issue_branch(1)),
        "pages_rules": lambda: client.fetch_rules(PAGES_BRANCH),
        "labels": client.fetch_labels,
        "site": client.fetch_pages_site if repository.has_site else PagesSite,
        "state": lambda: client.fetch_workflow_state(workflow),
        "last_run": lambda: client.fetch_last_run(workflow),
    }


def _fetch_fields(requests: dict[str, Callable[[], Any]], repository: Repository | None = None) -> RepositorySettings:
    """Return the settings with the answers to requests; the first that gets no answer is the last that is sent."""
    fields: dict[str, Any] = {"repository": repository} if repository else {}
    for name, send in requests.items():
        try:
            fields[name] = send()
        except RefusedRequest as refused:
            has_none = name in _RULES and _NO_RULES in str(refused)
            fields[name] = frozenset() if has_none else UnavailableSetting(refused.status, str(refused))
        except InterruptedRequest as error:
            return RepositorySettings(**fields, interrupted=str(error))
    return RepositorySettings(**fields)
