"""A repository's settings, asked for one after the other with a token that may not see all of them."""

from collections.abc import Callable
from typing import Any

from readingroom.github import pages_sync
from readingroom.github.client import Forge
from readingroom.github.repository_settings import Published, Repository, Settings, Unseen
from readingroom.github.transport import Interrupted, Refused
from readingroom.proposals.pull_request import BRANCH

_RULES = frozenset({"protection", "rules", "branch_rules", "pages_rules"})
_NO_RULES = "Upgrade to"  # what GitHub says where the plan of a private repository has no rules


def of(forge: Forge, workflow: str) -> Settings:
    """Return what the settings say; ``workflow`` is the name of the workflow's file."""
    found = _asked({"repository": forge.settings})
    if not isinstance(found.repository, Repository):
        return found
    return _asked(_questions(forge, found.repository, workflow), found.repository)


def _questions(forge: Forge, about: Repository, workflow: str) -> dict[str, Callable[[], Any]]:
    branch = about.default_branch
    return {
        "policy": forge.policy,
        "may_open_pulls": forge.may_open_pulls,
        "protection": lambda: forge.protection(branch),
        "rules": lambda: forge.rules(branch),
        "branch_rules": lambda: forge.rules(f"{BRANCH}1"),
        "pages_rules": lambda: forge.rules(pages_sync.BRANCH),
        "labels": forge.labels,
        "site": forge.site if about.has_site else Published,
        "state": lambda: forge.workflow_state(workflow),
        "last_run": lambda: forge.last_run(workflow),
    }


def _asked(questions: dict[str, Callable[[], Any]], repository: Repository | None = None) -> Settings:
    """Return the answers; once there was none, nothing more is asked."""
    found: dict[str, Any] = {"repository": repository} if repository else {}
    for name, ask in questions.items():
        try:
            found[name] = ask()
        except Refused as refused:
            has_none = name in _RULES and _NO_RULES in str(refused)
            found[name] = frozenset() if has_none else Unseen(refused.status, str(refused))
        except Interrupted as error:
            return Settings(**found, interrupted=str(error))
    return Settings(**found)
