"""A workflow's file is read as GitHub reads it, whatever way its author chose to write it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import ROOT
from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import WORKFLOW_PATH
from readingroom.setup.workflow_file import PERMISSIONS, Step, read_workflow

if TYPE_CHECKING:
    from readingroom.setup.workflow_file import Workflow

JOBS = "jobs:\n  one:\n    runs-on: ubuntu-latest\n"


def of(text: str) -> Workflow:
    return read_workflow(WORKFLOW_PATH, text.encode())


def test_this_repositorys_own_workflow_is_read_whole() -> None:
    found = read_workflow(WORKFLOW_PATH, (ROOT / WORKFLOW_PATH).read_bytes())
    assert list(found.events) == ["push", "schedule", "workflow_dispatch", "issues", "pull_request", "merge_group"]
    assert found.events["pull_request"]["types"] == ("opened", "synchronize", "closed", "reopened")
    assert list(found.jobs) == ["pages", "site", "deploy", "propose", "sweep", "settle", "check"]
    assert found.jobs["check"].permissions == {"contents": "read", "pull-requests": "read"}
    checkout, own = found.jobs["propose"].steps
    assert (checkout.action, checkout.inputs["persist-credentials"]) == ("actions/checkout", "false")
    assert (own.uses, own.is_ours) == ("./", True)


@pytest.mark.parametrize("on", ["on: push", "on: [push]", "on:\n  push:\n", "on: {push: {paths: [a]}}", "'on': [push]"])
def test_events_may_be_written_in_any_way(on: str) -> None:
    assert list(of(f"{on}\n{JOBS}").events) == ["push"]


@pytest.mark.parametrize(
    ("workflow", "job", "granted"),
    [
        ("", "", None),
        ("permissions: {}", "", {}),
        ("permissions: {contents: read}", "", {"contents": "read"}),
        ("permissions: {contents: read}", "permissions: {issues: write}", {"issues": "write"}),
        ("permissions: {contents: read}", "permissions: {}", {}),
        ("", "permissions: {issues: none, contents: write}", {"contents": "write"}),
        ("permissions: read-all", "", dict.fromkeys(PERMISSIONS, "read")),
        ("", "permissions: write-all", dict.fromkeys(PERMISSIONS, "write")),
    ],
)
def test_what_a_job_grants_takes_the_place_of_what_the_workflow_grants(
    workflow: str, job: str, granted: dict[str, str] | None
) -> None:
    assert of(f"on: push\n{workflow}\n{JOBS}    {job}\n").jobs["one"].permissions == granted


def test_steps_that_use_no_action_are_passed_over() -> None:
    steps = "    steps:\n    - run: ls\n    - text\n    - uses: a/b@v1\n      with: {x: '${{y}}', z: [1]}\n"
    (step,) = of(f"on: push\n{JOBS}{steps}").jobs["one"].steps
    assert step == Step("a/b", "v1", {"x": "${{ y }}", "z": ""})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a workflow"),
        ("- a", "is not a workflow"),
        ("on: push", "is not a workflow"),
        ("on: push\njobs: {a: 1}", "is not a workflow"),
        ("on: push\njobs: {", "cannot be read as YAML"),
        ("on: push\njobs: &a {b: *c}", "cannot be read as YAML"),
        ("on: " + "[" * 40 + "]" * 40, "levels deep"),
        ("<<<<<<< a\non: push\n", "merge conflict"),
    ],
)
def test_what_is_no_workflow_is_reported(text: str, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        of(text)


def test_a_value_that_holds_itself_is_read() -> None:
    assert list(of("on: push\njobs: &a {b: *a, c: {steps: &b [*b]}}").jobs) == ["b", "c"]


def test_aliases_of_aliases_take_no_time() -> None:
    lines = ["x0: &x0 [a, a]", *(f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}]" for n in range(1, 60))]
    assert list(of("\n".join(lines) + f"\non: *x1\n{JOBS}").events) == []


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_workflow_or_a_problem(content: bytes) -> None:
    with suppress(Invalid):
        read_workflow(WORKFLOW_PATH, content)
