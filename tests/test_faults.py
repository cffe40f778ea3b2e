"""A proposal survives whatever goes wrong with any of its requests: done again, it ends as if nothing had."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from box import Box
from faults import FAULTS, Killed
from proposals import PERMISSIONS, body, forge, group, setting, settle
from readingroom.core.tree import WORKFLOW_PATH
from readingroom.github import proposal_sweep
from readingroom.github.transport import InterruptedRequest, RefusedRequest
from readingroom.proposals.sweep import Sweep

Step = Callable[[Box], Any]

EDITED = body(title="Retentive Networks, again", date="2024-02-12")
SECRET = body(anything_else=f"ghp_{'a1B2' * 9}")
BY_HAND = {"title": "x", "body": "Closes #1", "head": "readingroom/issue-1", "base": "main"}
WRONG = body(date="some Monday", leads="")


def settled(box: Box) -> None:
    settle(box, 1)


def state(box: Box) -> Any:
    """Return the state without the digests of answers, which depend on the names of commits."""
    return json.loads(re.sub(r" answered=[0-9a-f]{16}", " answered=...", json.dumps(box.state())))


# What happened before; the last word is then about the faults.
FLOWS: dict[str, tuple[Step, ...]] = {
    "new": (lambda box: box.open_issue("A", body(), user="guest"),),
    "edited": (
        lambda box: box.open_issue("A", body(), user="guest"),
        settled,
        lambda box: box.edit_issue(1, body=EDITED),
    ),
    "wrong": (lambda box: box.open_issue("A", WRONG, user="guest"),),
    "corrected": (
        lambda box: box.open_issue("A", WRONG, user="guest"),
        settled,
        lambda box: box.edit_issue(1, body=body()),
    ),
    "closed": (lambda box: box.open_issue("A", body()), settled, lambda box: box.close_issue(1)),
    "reopened": (
        lambda box: box.open_issue("A", body()),
        settled,
        lambda box: box.close_issue(1),
        settled,
        lambda box: box.reopen_issue(1),
    ),
    "committed to": (
        lambda box: box.open_issue("A", body()),
        settled,
        lambda box: box.commit("readingroom/issue-1", {"sessions/02-retentive-networks/session.yml": b"title: Mine\n"}),
        lambda box: box.edit_issue(1, body=EDITED),
    ),
    "pull request closed": (lambda box: box.open_issue("A", body()), settled, lambda box: box.close_pull(2)),
    "merged": (lambda box: box.open_issue("A", body()), settled, lambda box: box.merge(2)),
    "secret": (lambda box: box.open_issue("A", body()), settled, lambda box: box.edit_issue(1, body=SECRET)),
    "locked": (
        lambda box: box.open_issue("A", body()),
        lambda box: box.emulator.do("PUT", "/issues/1/lock", {"lock_reason": "resolved"}),
    ),
    "pull request opened again": (
        lambda box: box.open_issue("A", body()),
        settled,
        lambda box: box.close_pull(2),
        settled,
        lambda box: box.emulator.do("PATCH", "/pulls/2", {"state": "open"}),
    ),
    "edited after an upgrade": (
        lambda box: box.open_issue("A", body()),
        settled,
        lambda box: box.commit("main", {WORKFLOW_PATH: b"name: readingroom\n"}),
        lambda box: box.edit_issue(1, body=EDITED),
    ),
    "reopened after an upgrade": (
        lambda box: box.open_issue("A", body()),
        settled,
        lambda box: box.commit("readingroom/issue-1", {"sessions/02-retentive-networks/session.yml": b"title: Mine\n"}),
        lambda box: box.close_issue(1),
        settled,
        lambda box: box.commit("main", {WORKFLOW_PATH: b"name: readingroom\n"}),
        lambda box: box.reopen_issue(1),
    ),
    "pull request opened by hand": (
        lambda box: box.open_issue("A", body()),
        lambda box: settle(box, 1, forge(box, {**PERMISSIONS, "pull_requests": "read"})),
        lambda box: box.emulator.do("POST", "/pulls", BY_HAND),
    ),
}


def prepared(box: Box, steps: tuple[Step, ...]) -> Box:
    for step in steps:
        step(box)
    return box


@pytest.fixture(scope="module")
def undisturbed() -> Callable[[str], tuple[int, Any]]:
    """Return a function that tells how many requests a flow's last run takes, and what it ends in."""
    known: dict[str, tuple[int, Any]] = {}

    def told(flow: str) -> tuple[int, Any]:
        if flow not in known:
            with Box(group()) as box:
                prepared(box, FLOWS[flow])
                before = len(box.exchanges)
                settle(box, 1)
                known[flow] = len(box.exchanges) - before, state(box)
        return known[flow]

    return told


# All faults for what happens most; for the rest those that leave most behind.
_OFTEN = ("new", "edited", "closed", "reopened", "committed to")
_WORST = ("killed", "a connection dropped after")
PAIRS = [(flow, fault) for flow in FLOWS for fault in (FAULTS if flow in _OFTEN else _WORST)]


@pytest.mark.parametrize(("flow", "fault"), PAIRS)
def test_any_request_may_fail(flow: str, fault: str, undisturbed: Callable[[str], tuple[int, Any]]) -> None:
    requests, ended = undisturbed(flow)
    for at in range(1, requests + 1):
        with Box(group()) as box:
            prepared(box, FLOWS[flow])
            way = forge(box)
            FAULTS[fault](box, way, at)
            try:
                settle(box, 1, way)
            except (InterruptedRequest, RefusedRequest, Killed):
                box.faults.all.clear()
                settle(box, 1)
            else:
                box.faults.all.clear()  # it may take a request less than undisturbed
                settle(box, 1)
            assert proposal_sweep.find_due_issues(forge(box), setting(box), dt.date.max) == Sweep()
            assert state(box) == ended, "\n".join(map(str, box.exchanges))
