"""The action, as a workflow in a group's repository runs it: on events of a GitHub in a box, by a real runner."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from box import Box, check
from box.bridge import Bridge
from box.workflow import Workflow
from groups import ROOT, built, read
from groups import run as command_line
from proposals import ASKED, body, filled, group
from readingroom import form
from readingroom.files import FORM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from box.runner import Run

NAME = "readingroom/readingroom@v1"
WORKFLOW = ROOT / ".github/workflows/readingroom.yml"
# How this machine reaches the registry that packages come from.
_WAY_OUT = ("PIP_", "UV_", "SSL_", "REQUESTS_", "HTTP", "NO_PROXY")


@pytest.fixture(scope="session")
def action(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what a release of the action holds: the files that Git knows."""
    folder = tmp_path_factory.mktemp("action")
    for name in subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True).split(
        "\n"
    ):
        if name and (ROOT / name).is_file() and not name.startswith(("tests/", "sessions/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder


@pytest.fixture(scope="session")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    found = {key: value for key, value in os.environ.items() if key.upper().startswith(_WAY_OUT)}
    return {**found, "RUNNER_TOOL_CACHE": str(tmp_path_factory.mktemp("tools"))}


@pytest.fixture
def box() -> Iterator[Box]:
    # What lies in the group's folder must not be imported in place of a package.
    with Box({**group(), "yaml.py": b"raise SystemExit('imported')\n"}) as made:
        yield made
        assert check(made.exchanges) == []


def users_workflow() -> str:
    """Return this repository's own workflow as a group would have it."""
    text = WORKFLOW.read_text("utf-8")
    assert text.count("uses: ./ ") == 3
    return on_the_spot(text).replace("uses: ./ ", f"uses: {NAME} ")


def on_the_spot(workflow: str) -> str:
    """Return a workflow without the line that makes act fetch files instead of taking those of the bridge."""
    return re.sub(r"\n *ref: [^\n]*default_branch[^\n]*", "", workflow)


def write(folder: Path, workflow: str) -> Path:
    path = folder / "readingroom.yml"
    path.write_text(workflow, encoding="utf-8")
    return path


@pytest.fixture
def bridge(box: Box, action: Path, env: dict[str, str], tmp_path: Path) -> Iterator[Bridge]:
    with Bridge(box, write(tmp_path, users_workflow()), {NAME: action}, env) as made:
        yield made


def last(bridge: Bridge) -> Run:
    """Return the last run, once all have ended."""
    ended = bridge.settle()
    return next(each for each in reversed(ended) if each.result != "skipped")


def test_a_form_that_was_filled_in_becomes_a_pull_request(box: Box, bridge: Bridge) -> None:
    box.open_issue("A session", body(), user="guest")
    run = last(bridge)
    assert (run.result, run.annotations) == ("success", [])
    told = {name: value for name, value in run.outputs.items() if value and "/" not in name}
    assert told == {"1.state": "open", "1.pull-request": "2", "1.folder": "02-retentive-networks"}
    assert run.summaries == ["Proposal: open, pull request #2\n"]
    assert box.state()["pulls"][0]["title"] == "2024-02-05: Retentive Networks"
    # What the action itself does starts no run.
    assert {each.refused for each in bridge.deliveries[1:]} == {"own token"}


def test_a_proposal_to_a_group_that_init_made_becomes_a_page(action: Path, env: dict[str, str], tmp_path: Path) -> None:
    root = tmp_path / "quiet-readers"
    root.mkdir()
    done = command_line(root, "init", "--name", "Quiet Readers", "--time-zone", "Europe/London")
    assert done.returncode == 0, done.stderr
    made = read(root)
    workflow = made[".github/workflows/readingroom.yml"].decode()
    (name,) = set(re.findall(r"uses: (readingroom/\S+)", workflow))
    issue = filled(form.read(FORM, made[FORM]), ASKED)
    with Box(made) as box, Bridge(box, write(tmp_path, on_the_spot(workflow)), {name: action}, env) as bridge:
        box.open_issue("A session", issue, user="guest")
        assert last(bridge).outputs["1.state"] == "open"
        box.merge(2)
        bridge.settle()
        # The push that the box tells of a merge names no path; the organiser's own push does.
        box.commit("main", {"sessions/01-our-first-session/session.yml": None})
        assert last(bridge).outputs["1.state"] == "committed"
        found = box.tree()
    assert b"Retentive Networks" in found["README.md"]
    assert b"Our first session" not in found["README.md"]
    assert "sessions/02-retentive-networks/README.md" in found


def test_an_issue_is_followed_through_its_life(box: Box, bridge: Bridge) -> None:
    steps = [
        (lambda: box.open_issue("A session", body(date="nowhen")), "questions"),
        (lambda: box.edit_issue(1, body=body()), "open"),
        (lambda: box.close_issue(1), "withdrawn"),
        (lambda: box.reopen_issue(1), "open"),
        (lambda: box.close_pull(2), "closed"),
    ]
    for step, state in steps:
        step()
        run = last(bridge)
        assert (run.result, run.outputs["1.state"]) == ("success", state), run.log


def test_the_events_of_an_issue_and_of_its_pull_request_queue_on_each_other() -> None:
    issue = {"event": {"issue": {"number": 7}}}
    pull = {"head_ref": "readingroom/issue-7", "event": {"pull_request": {"number": 8}}}
    groups = [
        {unit.jobs[0].name: unit.group for unit in Workflow(WORKFLOW).units(context)}["propose"]
        for context in (issue, pull)
    ]
    assert groups == ["readingroom/issue-7"] * 2


def test_a_bug_report_is_left_alone(box: Box, bridge: Bridge) -> None:
    box.open_issue("A bug", "It does not work.", user="guest")
    run = last(bridge)
    assert (run.result, run.outputs["1.state"]) == ("success", "none")
    assert box.state()["issues"][0]["comments"] == []


def test_a_missing_right_names_the_setting(box: Box, action: Path, env: dict[str, str], tmp_path: Path) -> None:
    lacking = re.sub(r"\n *pull-requests: write[^\n]*", "", users_workflow())
    with Bridge(box, write(tmp_path, lacking), {NAME: action}, env) as bridge:
        box.open_issue("A session", body(), user="guest")
        run = last(bridge)
    assert (run.result, run.outputs["1.state"]) == ("failure", "by hand")
    assert [each["level"] for each in run.annotations] == ["warning"]
    assert "Allow GitHub Actions to create and approve pull requests" in run.summaries[0]
    assert "readingroom/issue-1" in box.state()["branches"]


def test_a_root_that_is_no_group_ends_with_a_problem(action: Path, env: dict[str, str], tmp_path: Path) -> None:
    with (
        Box({"README.md": b"# Nothing\n"}) as box,
        Bridge(box, write(tmp_path, users_workflow()), {NAME: action}, env) as bridge,
    ):
        box.open_issue("A session", body(), user="guest")
        run = last(bridge)
    assert run.result == "failure"
    assert "readingroom.yml: is missing." in run.log


GPT = {"sessions/02-gpt/session.yml": b"title: Gpt\ndate: 2024-01-22\n"}


def test_a_push_makes_the_pages_right_and_its_own_commit_starts_nothing(box: Box, bridge: Bridge) -> None:
    box.commit("main", GPT)
    run = last(bridge)
    assert (run.job, run.result, run.outputs["1.state"]) == ("pages", "success", "committed"), run.log
    assert int(run.outputs["1.changed"]) >= 3
    found = box.tree()
    assert built(found, dt.datetime.now(dt.UTC).date()) == found
    assert [str(each) for each in bridge.deliveries if each.event == "push"] == ["push", "push: own token"]


def test_a_push_of_what_is_invalid_is_annotated_and_told(box: Box, bridge: Bridge) -> None:
    box.commit("main", {"sessions/02-gpt/session.yml": b"titel: Gpt\n"})
    run = last(bridge)
    assert (run.job, run.result) == ("pages", "failure")
    (annotation,) = run.annotations
    assert annotation | {"level": "error", "file": "sessions/02-gpt/session.yml", "line": "1"} == annotation
    assert [each["title"] for each in box.state()["issues"]] == ["The schedule's files have problems"]


def test_pages_may_be_laid_out_for_a_step_that_follows(
    box: Box, action: Path, env: dict[str, str], tmp_path: Path
) -> None:
    steps = (
        f"- id: r\n        uses: {NAME}\n        with: {{publish: none}}\n"
        '      - run: ls "$PAGES/sessions/02-gpt"\n        env: {PAGES: "${{ steps.r.outputs.pages }}"}'
    )
    workflow = re.sub(f"- uses: {NAME}.*", steps, users_workflow(), count=1)
    with Bridge(box, write(tmp_path, workflow), {NAME: action}, env) as bridge:
        before = box.tree() | GPT
        box.commit("main", GPT)
        run = last(bridge)
    assert (run.result, run.outputs.get("r.state")) == ("success", "written"), run.log
    assert "README.md\n" in run.log
    assert box.tree() == before


def test_a_pull_request_is_checked_with_a_token_that_may_only_read(box: Box, bridge: Bridge) -> None:
    box.commit("topic", GPT)
    box.emulator.do("POST", "/pulls", {"title": "x", "head": "topic", "base": "main"})
    run = last(bridge)
    assert (run.job, run.result) == ("check", "success"), run.log
    assert [each.request.method for each in box.exchanges] == ["GET"] * len(box.exchanges)
