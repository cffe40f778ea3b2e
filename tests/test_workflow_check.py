"""A group's workflow is held against this release's: what the action needs, and what it does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml

from groups import ROOT
from readingroom.core.tree import WORKFLOW_PATH
from readingroom.setup import workflow_check, workflow_file
from readingroom.setup.check_result import CheckState

if TYPE_CHECKING:
    from readingroom.setup.check_result import CheckResult

RELEASE = (ROOT / "workflow/readingroom.yml").read_text("utf-8")
USES = "readingroom/readingroom@v1"
NAMES = ["workflow", "events", "permissions", "action", "checkout"]


def checks(text: str | None, reason: str = "", *, is_checkout: bool = False) -> list[CheckResult]:
    content = None if text is None else text.encode()
    return workflow_check.check_workflow(content, reason, RELEASE.encode(), is_checkout=is_checkout)


def changed(before: str, after: str, count: int = 1) -> str:
    """Return the release's workflow with a text replaced, which is there; the first time only, or each."""
    assert before in RELEASE
    return RELEASE.replace(before, after, count)


def without(pattern: str, count: int = 1) -> str:
    text, number = re.subn(pattern, "", RELEASE, count=count)
    assert number
    return text


def bad(found: list[CheckResult]) -> list[tuple[str, str]]:
    return [(each.name, each.state) for each in found if each.state != "ok"]


def test_the_releases_own_workflow_is_right() -> None:
    found = checks(RELEASE)
    assert [(each.name, each.state) for each in found] == [(name, "ok") for name in NAMES]
    assert found[0].message == f"{WORKFLOW_PATH} can be read and is the same as in this release."


def test_a_workflow_with_a_step_of_ones_own_is_right_and_said_to_be_changed() -> None:
    found = checks(changed(f"- uses: {USES}\n", f"- uses: {USES}\n        with: {{today: 2024-01-15}}\n"))
    assert bad(found) == []
    assert found[0].message == f"{WORKFLOW_PATH} can be read, and has changes of your own."


@pytest.mark.parametrize(
    ("text", "reason", "message"),
    [
        (None, "", f"There is no {WORKFLOW_PATH}"),
        (None, "is not a regular file", "is not a regular file. Replace it with a file."),
        ("on: push", "", "is not a workflow"),
        ("on: [", "", "cannot be read as YAML"),
    ],
)
def test_a_workflow_that_cannot_be_read_is_the_one_thing_reported(text: str | None, reason: str, message: str) -> None:
    (found,) = checks(text, reason)
    assert (found.name, found.state, message in found.message) == ("workflow", "failed", True), found


JOB = r"(?ms)^  {}:\n.*?(?=^  \w+:\n|\Z)"
CHECKOUT = r"      - uses: actions/checkout.*\n(?:        .*\n)*"
CASES = {
    "no push": (without(r"  push:\n.*\n"), "events", "failed", "the pages are not updated after a push"),
    "no schedule": (without(r"  schedule:\n.*\n"), "events", "failed", "past sessions stay among the upcoming ones"),
    "no manual start": (without(r"  workflow_dispatch:\n(?:    .*\n)*"), "events", "warning", "start a run manually"),
    "no input force": (
        without(r"    inputs:\n(?:      .*\n)*"), "events", "warning", "leaves out the input force, with which a run",
    ),
    "another input": (changed("      force:", "      forced:"), "events", "warning", "add it to inputs"),
    "no issues": (without(r"  issues:\n.*\n"), "events", "failed", "proposals get no answer"),
    "no pull requests": (without(r"  pull_request:\n.*\n"), "events", "failed", "pull requests are not checked"),
    "fewer types": (changed(", edited, closed", ""), "events", "warning", "leaves out the types edited, closed"),
    "default types": (without(r"(?<=pull_request:\n)    types.*\n"), "events", "warning", "the types closed"),
    "fewer paths": (changed("readingroom.yml, ", ""), "events", "warning", "leaves out changes of readingroom.yml"),
    "a target": (changed("  issues:", "  pull_request_target:\n  issues:"), "events", "failed", "token that may write"),
    "no job propose": (without(JOB.format("propose")), "permissions", "warning", "has no job propose"),
    "a job that grants more": (
        changed("contents: read", "contents: write"), "permissions", "warning", "change that to contents: read",
    ),
    "a job that grants another": (
        changed("contents: read", "id-token: write\n      contents: read"), "permissions", "warning",
        "has id-token: write, more than it needs: remove that",
    ),
    "a tag of another version": (changed(USES, "readingroom/readingroom@v0", -1), "action", "warning", "to upgrade"),
    "a commit": (changed(USES, f"readingroom/readingroom@{'a' * 40}", -1), "action", "warning", "to upgrade"),
    "somebody's copy": (changed(USES, "guest/readingroom@v1", -1), "action", "warning", "guest/readingroom@v1"),
    "another action": (changed(USES, "guest/other@v1", -1), "action", "failed", "does not use the action"),
    "an action that is not here": (changed(USES, "./", -1), "action", "failed", "uses ./, which is not in"),
    "no checkout": (without(CHECKOUT, 0), "checkout", "failed", "the action finds no files"),
    "kept credentials": (changed("persist-credentials: false", "clean: true", -1), "checkout", "warning", "persist-"),
    "what a pull request holds": (without(r" *ref: .*\n", 0), "checkout", "warning", "ref: ${{ github.event"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "name", "state", "message"), CASES.values(), ids=CASES)
def test_a_workflow_that_differs_says_what_to_change(text: str, name: str, state: str, message: str) -> None:
    found = checks(text)
    assert set(bad(found)) == {(name, state)}
    assert any(message in each.message for each in found), found
    assert {each.state for each in found} <= set(CheckState)


def test_a_job_that_says_no_permissions_leaves_them_to_the_settings() -> None:
    text = re.sub(r"(?ms)^    permissions:\n(?:      .*?\n)+", "", RELEASE).replace("permissions: {}\n", "")
    found = checks(text)
    assert bad(found) == [("permissions", "warning")] * 7
    assert "so the repository's settings decide" in found[2].message


def test_an_event_that_no_job_is_left_for_is_not_missed() -> None:
    found = checks(re.sub(r"  issues:\n.*\n", "", without(JOB.format("propose"))))
    assert bad(found) == [("permissions", "warning")]


def test_the_actions_own_repository_may_use_what_it_checked_out() -> None:
    assert bad(checks(changed(USES, "./", -1), is_checkout=True)) == []
    assert bad(checks((ROOT / WORKFLOW_PATH).read_text("utf-8"), is_checkout=True)) == []


def test_blanks_in_an_expression_make_no_difference() -> None:
    text = changed("${{ github.event.repository.default_branch }}", "${{github.event.repository.default_branch}}", -1)
    assert bad(checks(text)) == []


# Permissions


def granted() -> list[tuple[str, str, str]]:
    """Return each job of the release with each permission that it grants."""
    jobs = yaml.safe_load(RELEASE)["jobs"]
    return [(name, key, level) for name, job in jobs.items() for key, level in job["permissions"].items()]


def test_what_each_permission_is_for_is_known_of_those_that_the_workflow_grants_and_of_no_other() -> None:
    known = [(job, permission) for job, rights in workflow_check.PERMISSION_REASONS.items() for permission in rights]
    assert known == [(job, permission) for job, permission, _ in granted()]
    for job, permission, _ in granted():
        right = workflow_check.PERMISSION_REASONS[job][permission]
        assert re.search(rf"{permission}: \w+ # {re.escape(right.purpose)}\n", RELEASE)


@pytest.mark.parametrize(("job", "permission", "level"), granted())
def test_a_permission_that_is_missing_is_named_with_its_job(job: str, permission: str, level: str) -> None:
    line = re.compile(rf"(?ms)(^  {job}:\n.*?)^ +{permission}: {level}[^\n]*\n")
    found = checks(line.sub(r"\1", RELEASE, count=1))
    if (job, permission) in {("pages", "pull-requests"), ("pages", "statuses")}:  # for publish: pull-request alone
        assert bad(found) == []
        return
    (result,) = [each for each in found if each.state != "ok"]
    is_warning = (job, permission) in {("pages", "issues"), ("sweep", "statuses"), ("check", "pull-requests")}
    assert result.state == ("warning" if is_warning else "failed")
    assert f"The job {job} lacks {permission}: {level}" in result.message


@pytest.mark.parametrize(
    ("mode", "lost", "expected"),
    [
        ("pull-request", r" *pull-requests: write.*\n", [("permissions", "failed")]),
        ("none", r" *pull-requests: write.*\n", []),
        ("commit", "write(?= # the commit)", [("permissions", "failed")]),
        ("${{ vars.PUBLISH }}", "write(?= # the commit)", [("permissions", "failed")]),
        ("none", "write(?= # the commit)", []),
    ],
)
def test_what_the_pages_need_depends_on_how_they_are_published(
    mode: str, lost: str, expected: list[tuple[str, str]]
) -> None:
    text = re.sub(lost, "read" if lost.startswith("write") else "", RELEASE, count=1)
    found = checks(text.replace(f"uses: {USES}\n", f"uses: {USES}\n        with:\n          publish: {mode}\n", 1))
    assert bad(found) == expected


def test_with_the_token_of_an_app_a_job_needs_itself_no_more_than_to_read() -> None:
    text = re.sub(r"      contents: write # the commit.*\n.*\n.*\n", "      contents: read\n", RELEASE)
    app = f"uses: {USES}\n        with: {{token: '${{{{ steps.app.outputs.token }}}}'}}\n"
    assert bad(checks(text.replace(f"uses: {USES}\n", app, 1))) == []
    assert bad(checks(text)) == [("permissions", "failed"), ("permissions", "warning")]


@pytest.mark.parametrize(
    ("token", "own"),
    [
        ("", False),
        ("${{ github.token }}", False),
        ("${{secrets.GITHUB_TOKEN}}", False),
        ("${{ steps.app.outputs.token }}", True),
    ],
)
def test_a_token_of_ones_own_is_noticed(token: str, own: bool) -> None:  # noqa: FBT001
    inputs = f"\n        with: {{token: '{token}'}}\n" if token else "\n"
    text = changed(f"uses: {USES}\n", f"uses: {USES}{inputs}")
    assert workflow_check.has_app_token(workflow_file.read_workflow(WORKFLOW_PATH, text.encode()), "pages") is own
