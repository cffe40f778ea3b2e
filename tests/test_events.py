"""Which event asks for what."""

from typing import Any

import pytest

from readingroom.proposals.events import EventRequest, parse_event

ISSUE = {"number": 7}
REPOSITORY = {"repository": {"default_branch": "main"}}


def pull(action: str, branch: str = "readingroom/issue-7", repo: Any = "octo/group") -> dict[str, Any]:
    head = {"ref": branch, "repo": repo and {"full_name": repo}}
    return {"action": action, "pull_request": {"head": head}, "repository": {"full_name": "octo/group"}}


@pytest.mark.parametrize(
    ("name", "event", "asked"),
    [
        ("issues", {"action": "opened", "issue": ISSUE}, EventRequest("propose", 7)),
        ("issues", {"action": "edited", "issue": ISSUE}, EventRequest("propose", 7)),
        ("issues", {"action": "closed", "issue": ISSUE}, EventRequest("propose", 7)),
        ("issues", {"action": "reopened", "issue": ISSUE}, EventRequest("propose", 7)),
        ("issues", {"action": "transferred", "issue": ISSUE}, EventRequest("propose", 7, is_gone=True)),
        ("issues", {"action": "deleted", "issue": ISSUE}, EventRequest("propose", 7, is_gone=True)),
        ("issues", {"action": "labeled", "issue": ISSUE}, EventRequest(None, 7)),
        ("issues", {"action": "edited", "issue": {**ISSUE, "pull_request": {}}}, EventRequest(None, 7)),
        ("pull_request", pull("closed"), EventRequest("propose", 7)),
        ("pull_request", pull("reopened"), EventRequest("propose", 7)),
        ("pull_request", pull("closed", "topic"), EventRequest(None)),
        ("pull_request", pull("closed", "readingroom/issue-7x"), EventRequest(None)),
        ("pull_request", pull("closed", repo="guest/group"), EventRequest(None)),
        ("pull_request", pull("closed", repo=None), EventRequest(None)),
        ("pull_request", pull("opened"), EventRequest("propose", 7)),
        ("pull_request", pull("synchronize"), EventRequest("propose", 7)),
        ("pull_request", pull("opened", "topic"), EventRequest("check")),
        ("pull_request", pull("synchronize", repo="guest/group"), EventRequest("check")),
        ("pull_request_target", pull("synchronize", repo="guest/group"), EventRequest(None)),
        ("push", {"ref": "refs/heads/main", **REPOSITORY}, EventRequest("build")),
        ("push", {"ref": "refs/heads/topic", **REPOSITORY}, EventRequest(None)),
        ("push", {"ref": "refs/tags/main", **REPOSITORY}, EventRequest(None)),
        ("schedule", {}, EventRequest("build")),
        ("workflow_dispatch", {}, EventRequest("build")),
        ("merge_group", {"action": "checks_requested"}, EventRequest("check")),
        ("", {}, EventRequest("build")),
    ],
)
def test_an_event_asks_for(name: str, event: dict[str, Any], asked: EventRequest) -> None:
    assert parse_event(name, event) == asked
