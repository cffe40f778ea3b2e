"""The action, as a workflow in a group's repository runs it: on events of a GitHub in a box, by a real runner."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
import yaml

from acting import NAME, WORKFLOW, on_the_spot, users_workflow, workflow_of_pages, workflow_of_site, write
from box import Box
from box.bridge import Bridge
from box.server import Refused
from box.workflow import Workflow
from flows import publish
from groups import built, read, reported
from groups import run as command_line
from groups import write as put
from proposals import ASKED, body, filled, group, settle
from readingroom.core.tree import FORM_PATH
from readingroom.store import form_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from box.runner import Run


@pytest.fixture
def box() -> Iterator[Box]:
    # What lies in the group's folder must not be imported in place of a package.
    with Box({**group(), "yaml.py": b"raise SystemExit('imported')\n"}) as made:
        yield made


@pytest.fixture
def bridge(box: Box, action: Path, env: dict[str, str], tmp_path: Path) -> Iterator[Bridge]:
    with Bridge(box, write(tmp_path, users_workflow()), {NAME: action}, env) as made:
        yield made


@pytest.fixture
def pages_bridge(box: Box, action: Path, env: dict[str, str], tmp_path: Path) -> Iterator[Bridge]:
    """Return a bridge whose workflow has the job of the pages alone."""
    with Bridge(box, write(tmp_path, workflow_of_pages()), {NAME: action}, env) as made:
        yield made


def last(bridge: Bridge, job: str = "") -> Run:
    """Return the last run, of one job or of any, once all have ended."""
    ended = bridge.settle()
    return next(each for each in reversed(ended) if each.result != "skipped" and job in {"", each.job})


def test_a_form_that_was_filled_in_becomes_a_pull_request(box: Box, bridge: Bridge) -> None:
    box.open_issue("A session", body(), user="guest")
    run = last(bridge)
    assert (run.result, run.annotations) == ("success", [])
    outputs = {name: value for name, value in run.outputs.items() if value and "/" not in name}
    assert outputs == {"1.state": "open", "1.pull-request": "2", "1.folder": "02-retentive-networks"}
    assert run.summaries == ["Proposal: open, pull request #2\n"]
    assert box.state()["pulls"][0]["title"] == "2024-02-05: Retentive Networks"
    # What the action itself does starts no run, or one that waits until a person approves it.
    assert {each.refused for each in bridge.deliveries[1:]} == {"own token", "approval"}


OWN_README = """# Quiet Readers

We read one paper a week, and talk about it over tea.

## Upcoming sessions

| Date | Paper | Who |
| --- | --- | --- |
| 05/02/24 | [Attention](#attention) | Ada |

## Material

### Attention

- [The paper](https://example.org/attention)
"""


def init_group(root: Path, *options: str) -> dict[str, bytes]:
    """Return the files of a group that init has set up, after doctor has found nothing to change."""
    root.mkdir(exist_ok=True)
    done = command_line(root, "init", "--name", "Quiet Readers", "--time-zone", "Europe/London", *options)
    assert done.returncode == 0, done.stderr
    seen = command_line(root, "doctor", env={"READINGROOM_TOKEN": "", "GITHUB_TOKEN": ""})
    assert (seen.returncode, "\nwarning" in seen.stdout) == (0, False), seen.stdout
    return read(root)


def fill_in(made: dict[str, bytes]) -> str:
    return filled(form_schema.read_form(FORM_PATH, made[FORM_PATH]), ASKED)


def test_a_proposal_to_a_group_that_init_made_becomes_a_page(action: Path, env: dict[str, str], tmp_path: Path) -> None:
    root = put(tmp_path / "quiet-readers", {"README.md": OWN_README})
    made = init_group(root, "--readme", "after: Upcoming sessions")
    workflow = made[".github/workflows/readingroom.yml"].decode()
    (name,) = set(re.findall(r"uses: (readingroom/\S+)", workflow))
    with Box(made) as box, Bridge(box, write(tmp_path, on_the_spot(workflow)), {name: action}, env) as bridge:
        box.open_issue("A session", fill_in(made), user="guest")
        run = last(bridge)
        assert run.outputs.get("1.state") == "open", run
        box.merge(2)
        assert "committed" in pages_jobs(bridge)
        found = box.tree()
    readme = found["README.md"].decode()
    assert "Retentive Networks" in readme
    assert [line for line in OWN_README.splitlines() if line not in readme.splitlines()] == []
    assert "sessions/02-retentive-networks/README.md" in found


def test_a_proposal_to_a_group_in_an_empty_folder_becomes_a_page(tmp_path: Path) -> None:
    made = init_group(tmp_path / "quiet-readers")
    with Box(made) as box:
        box.open_issue("A session", fill_in(made), user="guest")
        assert settle(box, 1).state == "open"
        box.merge(2)
        assert publish(box).state == "committed"
        assert "Retentive Networks" in box.tree()["README.md"].decode()


def test_an_issue_is_followed_through_its_life(box: Box, bridge: Bridge) -> None:
    steps = [
        (lambda: box.open_issue("A session", body(date="nowhen")), "questions"),
        (lambda: box.edit_issue(1, body=body()), "open"),
        (lambda: box.close_pull(2), "closed"),
    ]
    for step, state in steps:
        step()
        run = last(bridge, "propose")
        assert (run.result, run.outputs["1.state"]) == ("success", state), run.log
    assert last(bridge, "check").result == "success"


def test_the_events_of_an_issue_and_of_its_pull_request_queue_on_each_other(tmp_path: Path) -> None:
    here = {"number": 8, "head": {"repo": {"full_name": "octo/group"}}}
    issue = {"event_name": "issues", "event": {"issue": {"number": 7}}}
    pull = {"event_name": "pull_request", "head_ref": "readingroom/issue-7", "event": {"pull_request": here}}
    workflow = Workflow(write(tmp_path, on_the_spot(WORKFLOW.read_text("utf-8"))))
    groups = [
        {unit.jobs[0].name: unit.group for unit in workflow.units(context | {"repository": "octo/group"})}["propose"]
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
    assert (run.result, run.outputs["1.state"]) == ("failure", "branch-only")
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
    assert reported(run.log) == ["readingroom.yml: error [group-file-missing]"]


GPT = {"sessions/02-gpt/session.yml": b"title: Gpt\ndate: 2024-01-22\n"}


def test_a_push_makes_the_pages_right_and_its_own_commit_starts_nothing(box: Box, pages_bridge: Bridge) -> None:
    box.commit("main", GPT)
    run = last(pages_bridge, "pages")
    assert (run.job, run.result, run.outputs["pages.state"]) == ("pages", "success", "committed"), run.log
    assert int(run.outputs["pages.changed"]) >= 3
    found = box.tree()
    assert built(found, dt.datetime.now(dt.UTC).date()) == found
    assert [str(each) for each in pages_bridge.deliveries if each.event == "push"] == ["push", "push: own token"]


def pages_jobs(bridge: Bridge) -> list[str]:
    """Return how each run of the job of the pages ended, once all have."""
    return [each.outputs.get("pages.state", each.result) for each in bridge.settle() if each.job == "pages"]


def test_with_an_apps_token_the_actions_own_commit_starts_a_run_that_finds_nothing_to_do(
    box: Box, action: Path, env: dict[str, str], tmp_path: Path
) -> None:
    before = len(box.emulator.get("/commits"))
    with Bridge(box, write(tmp_path, workflow_of_pages()), {NAME: action}, env, is_app=True) as bridge:
        box.commit("main", GPT)
        assert pages_jobs(bridge) == ["committed", "nothing"]
    assert len(box.emulator.get("/commits")) - before == 2
    assert [str(each) for each in bridge.deliveries] == ["push", "push"]


def test_with_an_apps_token_the_pages_pull_request_is_checked_and_starts_no_further_run(
    box: Box, action: Path, env: dict[str, str], tmp_path: Path
) -> None:
    workflow = write(tmp_path, users_workflow(publish="pull-request"))
    with Bridge(box, workflow, {NAME: action}, env, is_app=True) as bridge:
        for title in ("Gpt", "GPT-2"):
            box.commit("main", {"sessions/02-gpt/session.yml": f"title: {title}\ndate: 2024-01-22\n".encode()})
            pages_jobs(bridge)
        assert [each for each in pages_jobs(bridge) if each != "skipped"] == ["proposed", "proposed"]
        assert {each.result for each in bridge.runs if each.job == "check"} == {"skipped", "success"}
        assert "push" in {each.event for each in bridge.runs if each.result == "skipped" and each.job == "pages"}
        box.merge(1)
        assert [each for each in pages_jobs(bridge) if each != "skipped"] == ["proposed", "proposed", "nothing"]
    found = box.tree()
    assert built(found, dt.datetime.now(dt.UTC).date()) == found
    assert [each["merged"] for each in box.state()["pulls"]] == [True]


@pytest.mark.parametrize("is_queued", [True, False])
def test_two_pushes_at_once_end_in_the_right_pages(
    box: Box, action: Path, env: dict[str, str], tmp_path: Path, *, is_queued: bool
) -> None:
    queue = "    concurrency:\n      group: readingroom-pages\n      cancel-in-progress: false\n"
    text = workflow_of_pages()
    assert queue in text
    workflow = write(tmp_path, text if is_queued else text.replace(queue, ""))
    with Bridge(box, workflow, {NAME: action}, env) as bridge:
        box.commit("main", GPT)
        box.commit("main", {"sessions/03-t5/session.yml": b"title: T5\ndate: 2024-01-29\n"})
        assert set(pages_jobs(bridge)) <= {"committed", "nothing"}, bridge.runs
    found = box.tree()
    assert built(found, dt.datetime.now(dt.UTC).date()) == found
    assert {len(each["parents"]) for each in box.emulator.get("/commits")} == {0, 1}


def test_a_push_of_what_is_invalid_is_annotated_and_reported(box: Box, pages_bridge: Bridge) -> None:
    box.commit("main", {"sessions/02-gpt/session.yml": b"titel: Gpt\n"})
    run = last(pages_bridge, "pages")
    assert (run.job, run.result) == ("pages", "failure")
    (annotation,) = run.annotations
    assert annotation | {"level": "error", "file": "sessions/02-gpt/session.yml", "line": "1"} == annotation
    assert [each["title"] for each in box.state()["issues"]] == ["The schedule's files have errors"]


def test_pages_may_be_laid_out_for_a_step_that_follows(
    box: Box, action: Path, env: dict[str, str], tmp_path: Path
) -> None:
    steps = (
        f"- id: r\n        uses: {NAME}\n        with: {{publish: none}}\n"
        '      - run: ls "$PAGES/sessions/02-gpt"\n        env: {PAGES: "${{ steps.r.outputs.pages }}"}'
    )
    workflow = re.sub(f"- uses: {NAME}.*", steps, workflow_of_pages(), count=1)
    with Bridge(box, write(tmp_path, workflow), {NAME: action}, env) as bridge:
        before = box.tree() | GPT
        box.commit("main", GPT)
        run = last(bridge, "pages")
    assert (run.result, run.outputs.get("r.state")) == ("success", "written"), run.log
    assert "README.md\n" in run.log
    assert box.tree() == before


def test_the_site_is_made_for_the_step_that_uploads_it(
    box: Box, action: Path, env: dict[str, str], tmp_path: Path
) -> None:
    upload = tmp_path / "upload"
    put(upload, {"action.yml": UPLOAD})
    actions = {NAME: action, UPLOADER: upload}
    with Bridge(box, write(tmp_path, workflow_of_site()), actions, env) as bridge:
        box.commit("main", GPT)
        run = last(bridge)
    assert (run.result, run.annotations) == ("success", []), run.log
    assert {"index.html", "calendar.ics", "02-gpt.html"} <= set(run.log.split())


UPLOADER = re.findall(r"actions/upload-pages-artifact@\w+", WORKFLOW.read_text("utf-8"))[0]
UPLOAD = """
inputs: {path: {}}
runs:
  using: composite
  steps:
    - run: ls "$FOLDER" "$FOLDER/sessions"
      shell: bash
      env: {FOLDER: "${{ inputs.path }}"}
"""


def test_the_site_is_made_where_its_address_is_known(box: Box, pages_bridge: Bridge) -> None:
    jobs = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]
    assert jobs["pages"]["outputs"] == {"has-site": "${{ steps.pages.outputs.has-site }}"}
    assert (jobs["site"]["needs"], jobs["deploy"]["needs"]) == ("pages", "site")
    # Without cancelled(), a job is skipped after a failure of any that it waits for, directly or not.
    assert jobs["site"]["if"] == "${{ !cancelled() && needs.pages.outputs.has-site == 'true' }}"
    assert jobs["deploy"]["if"] == "${{ !cancelled() && needs.site.result == 'success' }}"
    for site, expected in (("site: {url: 'https://example.org/x'}\n", "true"), ("", "")):
        box.commit("main", {"readingroom.yml": group()["readingroom.yml"] + site.encode()})
        assert last(pages_bridge, "pages").outputs.get("pages.has-site", "") == expected


def test_a_pull_request_is_checked_with_a_token_that_may_only_read(box: Box, bridge: Bridge) -> None:
    box.commit("topic", GPT)
    box.emulator.do("POST", "/pulls", {"title": "x", "head": "topic", "base": "main"})
    run = last(bridge)
    assert (run.job, run.result) == ("check", "success"), run.log
    written = [str(each) for each in box.exchanges if each.request.method != "GET" and each.status != 403]
    assert written == []


def test_a_rule_that_requires_the_check_lets_through_what_is_right_and_nothing_else(box: Box, bridge: Bridge) -> None:
    box.world.settings.rules = {"main": ["required_status_checks"]}
    box.commit("topic", {"sessions/02-gpt/session.yml": b"titel: Gpt\n"})
    pull = box.emulator.do("POST", "/pulls", {"title": "x", "head": "topic", "base": "main"})["number"]
    assert last(bridge, "check").result == "failure"
    with pytest.raises(Refused, match='"readingroom" is expected'):
        box.merge(pull)
    box.close_pull(pull)
    bridge.settle()  # its check may end after that of the next
    box.commit("topic", GPT)
    pull = box.emulator.do("POST", "/pulls", {"title": "x", "head": "topic", "base": "main"})["number"]
    assert last(bridge, "check").result == "success"
    box.merge(pull)


def test_a_proposals_checks_run_once_a_person_approves_them_and_change_nothing(box: Box, bridge: Bridge) -> None:
    box.world.settings.rules = {"main": ["required_status_checks"]}
    box.open_issue("A session", body(), user="guest")
    assert last(bridge, "propose").result == "success"
    assert [str(each) for each in bridge.deliveries if each.refused == "approval"] == ["pull_request opened: approval"]
    before = box.state()
    bridge.approve()
    assert {run.job: run.result for run in bridge.settle() if run.event == "pull_request"} == {
        "check": "success",
        "pages": "skipped",
        "propose": "success",
        "settle": "skipped",
        "sweep": "skipped",
    }
    assert box.state() == before
    box.merge(2)


# What no event asks for


def settled(bridge: Bridge) -> list[str]:
    """Return how each run of the job that answers again ended, once all have."""
    return [each.result for each in bridge.settle() if each.job == "settle" and each.result != "skipped"]


def test_a_proposal_whose_number_an_organiser_pushes_has_another_once_the_push_has_run(
    box: Box, bridge: Bridge
) -> None:
    box.open_issue("A session", body(), user="guest")
    assert last(bridge).outputs["1.folder"] == "02-retentive-networks"
    box.commit("main", GPT)
    assert settled(bridge) == ["success"]
    run = last(bridge, "sweep")
    assert (run.outputs["sweep.issues"], run.summaries) == ("[1]", ["1 proposal to answer again: #1.\n"])
    assert "sessions/03-retentive-networks/session.yml" in box.tree("readingroom/issue-1")
    assert box.state()["statuses"]["readingroom/issue-1"] == {"readingroom": ("success", "The session is valid")}


def test_issues_whose_events_were_lost_are_answered_by_the_daily_run(box: Box, bridge: Bridge) -> None:
    bridge.drops = 2
    for title in ("Retention", "Attention"):
        box.open_issue("A session", body(title=title), user="guest")
    assert bridge.settle() == []
    bridge.start("schedule")
    assert settled(bridge) == ["success"] * 2
    assert sorted(each["title"] for each in box.state()["pulls"]) == ["2024-02-05: Attention", "2024-02-05: Retention"]
    bridge.start("schedule")
    assert len(settled(bridge)) == 2
    assert last(bridge, "sweep").summaries == ["Every proposal has its answer.\n"]
