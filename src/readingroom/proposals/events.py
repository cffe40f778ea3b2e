"""What a workflow's event asks for: the one place that decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readingroom.proposals.pull_request import parse_issue_number

_GONE_ACTIONS = frozenset({"deleted", "transferred"})
_PROPOSING_ACTIONS = frozenset({"opened", "edited", "reopened", "closed"}) | _GONE_ACTIONS


@dataclass(frozen=True, slots=True)
class EventRequest:
    """A command, and for a proposal its issue's number and whether it is gone; no command: there is nothing to do."""

    command: str
    issue: int = 0
    is_gone: bool = False


def parse_event(name: str, event: Mapping[str, Any]) -> EventRequest:
    """Return what an event asks for, by its name (``GITHUB_EVENT_NAME``) and payload."""
    if name == "issues":
        asks = event.get("action") in _PROPOSING_ACTIONS and "pull_request" not in event["issue"]
        return EventRequest("propose" if asks else "", event["issue"]["number"], event.get("action") in _GONE_ACTIONS)
    if name == "pull_request":
        pull = event["pull_request"]
        here = (pull["head"].get("repo") or {}).get("full_name") == event["repository"]["full_name"]
        issue = parse_issue_number(pull["head"]["ref"]) if here else 0
        if issue:
            return EventRequest("propose", issue)
        return EventRequest("" if event.get("action") == "closed" else "check")
    if name == "pull_request_target":
        return EventRequest("")
    if name == "push" and event.get("ref") != f"refs/heads/{event['repository']['default_branch']}":
        return EventRequest("")
    return EventRequest("build")
