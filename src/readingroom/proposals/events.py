"""What a workflow's event asks for, and what the action's inputs may be: the one place that decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from readingroom.proposals.records import parse_issue_branch


class EventName(StrEnum):
    """The events that a workflow may be started by, as far as the action knows them."""

    ISSUES = "issues"
    PULL_REQUEST = "pull_request"
    PULL_REQUEST_TARGET = "pull_request_target"
    MERGE_GROUP = "merge_group"
    PUSH = "push"
    SCHEDULE = "schedule"
    WORKFLOW_DISPATCH = "workflow_dispatch"


class ActionCommand(StrEnum):
    """What the action can be asked to do."""

    BUILD = "build"
    SITE = "site"
    CHECK = "check"
    PROPOSE = "propose"
    SWEEP = "sweep"


class PublishMode(StrEnum):
    """How the pages get to the default branch."""

    COMMIT = "commit"
    PULL_REQUEST = "pull-request"
    NONE = "none"  # they are only written to a folder


_GONE_ACTIONS = frozenset({"deleted", "transferred"})
_PROPOSING_ACTIONS = frozenset({"opened", "edited", "reopened", "closed"}) | _GONE_ACTIONS


@dataclass(frozen=True, slots=True)
class EventRequest:
    """What an event asks for (None: nothing); for a proposal the issue's number, and whether the issue is gone."""

    command: ActionCommand | None
    issue: int = 0
    is_gone: bool = False


def parse_event(name: str, event: Mapping[str, Any]) -> EventRequest:
    """Return what an event asks for, by its name (``GITHUB_EVENT_NAME``) and payload."""
    if name == EventName.ISSUES:
        action, is_pull = event.get("action"), "pull_request" in event["issue"]
        command = ActionCommand.PROPOSE if action in _PROPOSING_ACTIONS and not is_pull else None
        return EventRequest(command, event["issue"]["number"], action in _GONE_ACTIONS)
    if name == EventName.PULL_REQUEST:
        pull = event["pull_request"]
        is_local = (pull["head"].get("repo") or {}).get("full_name") == event["repository"]["full_name"]
        if issue := parse_issue_branch(pull["head"]["ref"]) if is_local else 0:
            return EventRequest(ActionCommand.PROPOSE, issue)
        return EventRequest(None if event.get("action") == "closed" else ActionCommand.CHECK)
    if name == EventName.PULL_REQUEST_TARGET:
        return EventRequest(None)
    if name == EventName.PUSH and event.get("ref") != f"refs/heads/{event['repository']['default_branch']}":
        return EventRequest(None)
    return EventRequest(ActionCommand.CHECK if name == EventName.MERGE_GROUP else ActionCommand.BUILD)
