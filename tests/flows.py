"""What happens on GitHub before a run of the action, and what that run ends in when one of its requests fails."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from box import Box
from faults import FAULTS, Killed
from groups import TODAY, tree
from proposals import PERMISSIONS, body, forge, group, setting, settle
from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import CONFIGURATION, WORKFLOW_PATH
from readingroom.github import problem_issue, proposal_sweep
from readingroom.github.pages_sync import PAGES_BRANCH, ProtectedBranch, Publisher
from readingroom.github.transport import InterruptedRequest, RefusedRequest

if TYPE_CHECKING:
    from readingroom.github.client import Client
    from readingroom.github.pages_sync import PublishResult

Step = Callable[[Box], object]

EDITED = body(title="Retentive Networks, again", date="2024-02-12")
SECRET = body(anything_else=f"ghp_{'a1B2' * 9}")
OWN_PULL = {"title": "x", "body": "Closes #1", "head": "readingroom/issue-1", "base": "main"}
INCOMPLETE = body(date="some Monday", leads="")
NEW_WORKFLOW = {WORKFLOW_PATH: b"name: readingroom\n"}
OWN_SESSION = {"sessions/02-retentive-networks/session.yml": b"title: Mine\n"}

SESSION = "sessions/02-gpt/session.yml"
GPT = b"title: Gpt\ndate: 2024-01-22\n"
GPT_2 = b"title: GPT-2\ndate: 2024-01-22\n"
INVALID = b"titel: Gpt\n"


@dataclass(frozen=True, slots=True)
class Flow:
    """The steps before a run, and the run itself."""

    steps: tuple[Step, ...]
    run: Callable[[Box, Client], object]

    def prepare(self, box: Box) -> None:
        for step in self.steps:
            step(box)


def publish(box: Box, mode: str = "commit", way: Client | None = None, today: dt.date = TODAY) -> PublishResult:
    """Do what a job would do that checked out the repository's first commit."""
    way = way or forge(box)
    try:
        result = Publisher(way, "main", tree(dict(box.files)), lambda _: today).publish(mode)
    except Invalid as invalid:
        problem_issue.report_problems(way, invalid.problems)
        raise
    problem_issue.report_problems(way, [])
    return result


def sweep(box: Box, way: Client | None = None) -> tuple[int, ...]:
    """Do what the workflow does after a push and once a day; return the issues that got a run."""
    today = dt.datetime.now(dt.UTC).date()
    due = proposal_sweep.find_due_issues(way or forge(box), setting(box), today).due
    for number in due:
        settle(box, number, way)
    return due


def _answer(*steps: Step, text: str = body()) -> Flow:
    return Flow((_open(text), *steps), lambda box, way: settle(box, 1, way))


def _commit(*steps: Step) -> Flow:
    return Flow(steps, lambda box, way: _publish_valid(box, "commit", way))


def _propose_pages(*steps: Step) -> Flow:
    return Flow(steps, lambda box, way: _publish_valid(box, "pull-request", way))


def _publish_valid(box: Box, mode: str, way: Client | None = None) -> None:
    with suppress(Invalid):
        publish(box, mode, way)


def _open(text: str = body()) -> Step:
    return lambda box: box.open_issue("A", text, user="guest")


def _settle(box: Box) -> None:
    settle(box, 1)


def _settle_without_pulls(box: Box) -> None:
    settle(box, 1, forge(box, {**PERMISSIONS, "pull_requests": "read"}))


def _edit(text: str) -> Step:
    return lambda box: box.edit_issue(1, body=text)


def _push(files: dict[str, bytes | None], branch: str = "main") -> Step:
    return lambda box: box.commit(branch, files)


def _close_pull(number: int) -> Step:
    return lambda box: box.close_pull(number)


def _close(box: Box) -> None:
    box.close_issue(1)


def _reopen(box: Box) -> None:
    box.reopen_issue(1)


def _remove_kinds(box: Box) -> None:
    text = box.tree()[CONFIGURATION].replace(b"- Technical\n", b"")
    box.commit("main", {CONFIGURATION: text})


def _propose(box: Box) -> None:
    publish(box, "pull-request")


PROPOSALS: dict[str, Flow] = {
    "new": _answer(),
    "edited": _answer(_settle, _edit(EDITED)),
    "incomplete": _answer(text=INCOMPLETE),
    "completed": _answer(_settle, _edit(body()), text=INCOMPLETE),
    "closed": _answer(_settle, _close),
    "reopened": _answer(_settle, _close, _settle, _reopen),
    "committed to": _answer(_settle, _push(OWN_SESSION, "readingroom/issue-1"), _edit(EDITED)),
    "pull request closed": _answer(_settle, _close_pull(2)),
    "merged": _answer(_settle, lambda box: box.merge(2)),
    "secret": _answer(_settle, _edit(SECRET)),
    "locked": _answer(lambda box: box.emulator.do("PUT", "/issues/1/lock", {"lock_reason": "resolved"})),
    "pull request opened again": _answer(
        _settle, _close_pull(2), _settle, lambda box: box.emulator.do("PATCH", "/pulls/2", {"state": "open"})
    ),
    "edited after an upgrade": _answer(_settle, _push(NEW_WORKFLOW), _edit(EDITED)),
    "reopened after an upgrade": _answer(
        _settle, _push(OWN_SESSION, "readingroom/issue-1"), _close, _settle, _push(NEW_WORKFLOW), _reopen
    ),
    "pull request opened by a person": _answer(
        _settle_without_pulls, lambda box: box.emulator.do("POST", "/pulls", OWN_PULL)
    ),
}

PAGES: dict[str, Flow] = {
    "pages committed": _commit(_push({SESSION: GPT})),
    "pages proposed": _propose_pages(_push({SESSION: GPT})),
    "proposed pages updated": _propose_pages(_push({SESSION: GPT}), _propose, _push({SESSION: GPT_2})),
    "proposed pages not needed": _propose_pages(_push({SESSION: GPT}), _propose, _push({SESSION: None})),
    "proposed pages closed": _propose_pages(_push({SESSION: GPT}), _propose, _close_pull(1)),
    "proposed pages changed after they were closed": _propose_pages(
        _push({SESSION: GPT}), _propose, _close_pull(1), _push({SESSION: GPT_2})
    ),
    "proposed pages committed to": _propose_pages(
        _push({SESSION: GPT}), _propose, _push({"README.md": b"# Mine\n"}, PAGES_BRANCH), _push({SESSION: GPT_2})
    ),
    "invalid file": _commit(_push({SESSION: INVALID})),
    "invalid file fixed": _commit(
        _push({SESSION: INVALID}), lambda box: _publish_valid(box, "commit"), _push({SESSION: GPT})
    ),
}

SWEEPS: dict[str, Flow] = {
    "lost event": Flow((_open(),), sweep),
    "lost edit": Flow((_open(), _settle, _edit(EDITED)), sweep),
    "number taken": Flow((_open(), _settle, _push({"sessions/02-other/session.yml": GPT})), sweep),
    "kind removed": Flow((_open(), _settle, _remove_kinds), sweep),
    "issue closed": Flow((_open(), _settle, _close), sweep),
}

FLOWS = {**PROPOSALS, **SWEEPS, **PAGES}


def run_undisturbed(flow: Flow) -> tuple[list[str], Any]:
    """Return the methods of the requests that the flow's run sends, and the state of everything on GitHub after it."""
    with Box(group()) as box:
        flow.prepare(box)
        before = len(box.exchanges)
        flow.run(box, forge(box))
        methods = [each.request.method for each in box.exchanges[before:]]
        return methods, _read_state(box)


def run_with_fault(flow: Flow, fault: str, at: int) -> tuple[Any, str]:
    """Return the state after a run of which one request fails, from 1, and another run; and all requests for messages.

    The failing run may end without a result, but with no other exception than those that the action reports.
    """
    with Box(group()) as box:
        flow.prepare(box)
        way = forge(box)
        FAULTS[fault](box, way, at)
        with suppress(InterruptedRequest, RefusedRequest, ProtectedBranch, Killed):
            flow.run(box, way)
        box.faults.all.clear()
        flow.run(box, forge(box))
        return _read_state(box), "\n".join(map(str, box.exchanges))


def _read_state(box: Box) -> Any:
    """Return the state without the digests of answers, which depend on the names of commits; nothing may be due."""
    state = json.loads(re.sub(r" answered=[0-9a-f]{16}", " answered=...", json.dumps(box.state())))
    return {**state, "due": sweep(box)}
