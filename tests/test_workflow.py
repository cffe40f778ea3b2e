"""Which event asks for what."""

from typing import Any

import pytest

from readingroom.proposals.events import Intention, intention

ISSUE = {"number": 7}
REPOSITORY = {"repository": {"default_branch": "main"}}


def pull(action: str, branch: str = "readingroom/issue-7", repo: Any = "octo/group") -> dict[str, Any]:
    head = {"ref": branch, "repo": repo and {"full_name": repo}}
    return {"action": action, "pull_request": {"head": head}, "repository": {"full_name": "octo/group"}}


@pytest.mark.parametrize(
    ("name", "event", "asked"),
    [
        ("issues", {"action": "opened", "issue": ISSUE}, Intention("propose", 7)),
        ("issues", {"action": "edited", "issue": ISSUE}, Intention("propose", 7)),
        ("issues", {"action": "closed", "issue": ISSUE}, Intention("propose", 7)),
        ("issues", {"action": "reopened", "issue": ISSUE}, Intention("propose", 7)),
        ("issues", {"action": "transferred", "issue": ISSUE}, Intention("propose", 7, is_gone=True)),
        ("issues", {"action": "deleted", "issue": ISSUE}, Intention("propose", 7, is_gone=True)),
        ("issues", {"action": "labeled", "issue": ISSUE}, Intention("", 7)),
        ("issues", {"action": "edited", "issue": {**ISSUE, "pull_request": {}}}, Intention("", 7)),
        ("pull_request", pull("closed"), Intention("propose", 7)),
        ("pull_request", pull("reopened"), Intention("propose", 7)),
        ("pull_request", pull("closed", "topic"), Intention("")),
        ("pull_request", pull("closed", "readingroom/issue-7x"), Intention("")),
        ("pull_request", pull("closed", repo="guest/group"), Intention("")),
        ("pull_request", pull("closed", repo=None), Intention("")),
        ("pull_request", pull("opened"), Intention("propose", 7)),
        ("pull_request", pull("synchronize"), Intention("propose", 7)),
        ("pull_request", pull("opened", "topic"), Intention("check")),
        ("pull_request", pull("synchronize", repo="guest/group"), Intention("check")),
        ("pull_request_target", pull("synchronize", repo="guest/group"), Intention("")),
        ("push", {"ref": "refs/heads/main", **REPOSITORY}, Intention("build")),
        ("push", {"ref": "refs/heads/topic", **REPOSITORY}, Intention("")),
        ("push", {"ref": "refs/tags/main", **REPOSITORY}, Intention("")),
        ("schedule", {}, Intention("build")),
        ("workflow_dispatch", {}, Intention("build")),
        ("", {}, Intention("build")),
    ],
)
def test_an_event_asks_for(name: str, event: dict[str, Any], asked: Intention) -> None:
    assert intention(name, event) == asked
