"""The jobs of the workflow have no permission too many, and each one that is missing is named."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from box import Box
from box.workflow import Workflow
from groups import ROOT, run, write
from proposals import body, group

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

WORKFLOW = Workflow(ROOT / ".github/workflows/readingroom.yml")
GRANTED: dict[str, dict[str, str]] = {name: job["permissions"] for name, job in WORKFLOW.data["jobs"].items()}
# What each job does, as its step has it in the environment; the pages in both ways to publish them.
WORK = {
    "commit": ("pages", "push", {"READINGROOM_PUBLISH": "commit"}),
    "pull-request": ("pages", "push", {"READINGROOM_PUBLISH": "pull-request"}),
    "propose": ("propose", "issues", {}),
    "sweep": ("sweep", "schedule", {"READINGROOM_COMMAND": "sweep"}),
    "settle": ("settle", "schedule", {"READINGROOM_COMMAND": "propose", "READINGROOM_ISSUE": "1"}),
    "check": ("check", "pull_request", {"READINGROOM_COMMAND": "check"}),
}
GPT = {"sessions/02-gpt/session.yml": b"title: Gpt\ndate: 2024-01-22\n"}
# Without it the work is done all the same: nothing is missed, as long as there are no problems to report, and no locked
# issue.
NOT_ASKED_FOR = {
    *(("commit", "pull-requests"), ("commit", "issues"), ("commit", "statuses"), ("pull-request", "issues")),
    ("sweep", "statuses"),
}
# Without it the rest of the work is done.
NOT_FATAL = {("pull-request", "statuses"), ("check", "pull-requests")}


def done(
    box: Box, folder: Path, work: str, permissions: dict[str, str], pushed: dict[str, bytes] = GPT
) -> subprocess.CompletedProcess[str]:
    """Run a job's step in a private repository, where reading takes a permission too."""
    _, name, env = WORK[work]
    box.emulator.do("PATCH", "", {"private": True})
    payload: dict[str, Any] = {"repository": box.emulator.get("")}
    if name == "issues":
        payload = box.open_issue("A session", body(), user="organiser")
    elif name == "pull_request":
        box.commit("topic", GPT)
        pull = box.emulator.do("POST", "/pulls", {"title": "x", "head": "topic", "base": "main"})
        payload |= {"action": "opened", "pull_request": pull}
    elif name == "schedule":
        box.open_issue("A session", body(date="nowhen" if work == "sweep" else "2024-02-05"), user="organiser")
    else:
        box.commit("main", pushed)
        payload |= {"ref": "refs/heads/main"}
    root = write(folder / "group", box.tree("topic" if name == "pull_request" else "main"))
    event = write(folder, {"event.json": json.dumps(payload)}) / "event.json"
    given = {"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(event), "GITHUB_API_URL": box.url, "GITHUB_SHA": ""}
    return run(root, "run", env={**given, "READINGROOM_TOKEN": box.token(**permissions), **env})


def test_every_job_of_the_workflow_is_here() -> None:
    # The job of the site asks GitHub for its checkout alone; publishing it is GitHub's own action.
    assert {job for job, _, _ in WORK.values()} == set(GRANTED) - {"site", "deploy"}


@pytest.mark.parametrize("work", WORK)
def test_a_job_needs_no_more_than_its_permissions(work: str, tmp_path: Path) -> None:
    with Box(group()) as box:
        ended = done(box, tmp_path, work, GRANTED[WORK[work][0]])
        assert (ended.returncode, ended.stderr, "::warning" in ended.stdout) == (0, "", False)


@pytest.mark.parametrize(
    ("work", "missing"), [(work, missing) for work, (job, _, _) in WORK.items() for missing in GRANTED[job]]
)
def test_a_permission_that_is_missing_is_named(work: str, missing: str, tmp_path: Path) -> None:
    granted = GRANTED[WORK[work][0]]
    with Box(group()) as box:
        ended = done(box, tmp_path, work, {key: value for key, value in granted.items() if key != missing})
    output = ended.stdout + ended.stderr
    named = set(re.findall(r"\b((?:contents|issues|pull-requests|statuses): (?:read|write))\b", output))
    wanted = set() if (work, missing) in NOT_ASKED_FOR else {f"{missing}: {granted[missing]}"}
    assert (named, "Traceback" in output) == (wanted, False), output
    assert ended.returncode == (0 if (work, missing) in NOT_ASKED_FOR | NOT_FATAL else 2), output


def test_a_permission_that_keeps_the_organisers_from_being_informed_is_named_with_the_problems(tmp_path: Path) -> None:
    granted = {key: value for key, value in GRANTED["pages"].items() if key != "issues"}
    with Box(group()) as box:
        ended = done(box, tmp_path, "commit", granted, {"sessions/02-gpt/session.yml": b"titel: Gpt\n"})
    assert ended.returncode == 1
    assert "::error file=sessions/02-gpt/session.yml,line=1,title=key-unknown::titel: " in ended.stdout
    assert "::warning title=readingroom could not report the errors in an issue::" in ended.stdout
    assert "issues: write" in ended.stdout


def test_the_setting_that_keeps_workflows_from_opening_pull_requests_is_named(tmp_path: Path) -> None:
    words = "GitHub Actions is not permitted to create or approve pull requests."
    with Box(group()) as box:
        box.faults.add(403, method="POST", path="/pulls$", message=words)
        ended = done(box, tmp_path, "pull-request", GRANTED["pages"])
    assert ended.returncode == 2
    assert 'Select "Allow GitHub Actions to create and approve pull requests" in Settings' in ended.stderr
