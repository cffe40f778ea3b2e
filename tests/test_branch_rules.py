"""Rules for branches: what a rule refuses on the GitHub in a box, and what ``doctor`` says of it, agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from box import Box
from box.server import Refused
from flows import EDITED, GPT, SESSION, publish, sweep
from groups import ROOT, tree
from proposals import body, group, settle
from readingroom.cli.github_client import translate_github_errors
from readingroom.core.tree import WORKFLOW_PATH
from readingroom.github import fetch_settings
from readingroom.github.client import Client
from readingroom.github.pages_sync import ProtectedBranch
from readingroom.setup import doctor
from readingroom.setup.doctor import ProgramInfo

if TYPE_CHECKING:
    from collections.abc import Callable

RELEASE = (ROOT / "workflow/readingroom.yml").read_bytes()
USES = b"readingroom/readingroom@v1\n"
PROPOSED = RELEASE.replace(USES, USES + b"        with: {publish: pull-request}\n", 1)
RIGHTS = {"administration": "read", "actions": "read", "contents": "read", "issues": "read", "pages": "read"}
KINDS = (
    *("creation", "update", "deletion", "non_fast_forward"),
    *("pull_request", "required_status_checks", "required_linear_history", "required_signatures"),
    *("merge_queue", "required_deployments", "workflows"),
)


def follow_proposal(box: Box) -> None:
    """Let a proposal be opened, edited, judged again and closed."""
    box.open_issue("A session", body(), user="guest")
    settle(box, 1)
    box.edit_issue(1, "guest", body=EDITED)
    settle(box, 1)
    box.commit("main", {SESSION: GPT})
    sweep(box)
    box.close_issue(1, "guest")
    settle(box, 1)
    assert "readingroom/issue-1" not in box.state()["branches"], "a branch that nobody needs is left"


def publish_commit(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    publish(box)


def propose_pages(box: Box) -> None:
    """Let the pages' pull request be opened, brought up to date twice and closed."""
    for title in (b"Gpt", b"GPT-2"):
        box.commit("main", {SESSION: b"title: %s\ndate: 2024-01-22\n" % title})
        publish(box, "pull-request")
    box.commit("main", {SESSION: None})
    publish(box, "pull-request")
    assert "readingroom/pages" not in box.state()["branches"], "a branch that nobody needs is left"


def is_refused(box: Box, flow: Callable[[Box], None]) -> bool:
    """Return whether a flow ends with the message that a rule is in the way, or leaves a branch."""
    try:
        with translate_github_errors():
            flow(box)
    except ProtectedBranch:
        return True
    except click.ClickException as ended:
        assert "A rule for branches is in the way" in ended.message  # noqa: PT017 -- one of several ends
        return True
    except AssertionError as left:
        assert "a branch that nobody needs is left" in str(left)  # noqa: PT017 -- one of several ends
        return True
    return False


def has_warning(box: Box, workflow: bytes, name: str) -> bool:
    settings = fetch_settings.fetch_settings(Client(box.url, "octo/group", box.token(**RIGHTS)), "readingroom.yml")
    found = doctor.check_remote_settings(
        settings, tree({**group(), WORKFLOW_PATH: workflow}), ProgramInfo("1.2.3", (3, 12, 1), RELEASE), "main"
    )
    return any(each.name == name and each.state != "ok" for each in found)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("branch", "flow", "workflow", "name"),
    [
        ("main", publish_commit, RELEASE, "protection"),
        ("readingroom/issue-", follow_proposal, RELEASE, "branches"),
        ("readingroom/pages", propose_pages, PROPOSED, "branches"),
    ],
)
def test_doctor_warns_of_a_rule_if_and_only_if_it_refuses_what_the_action_does(
    kind: str, branch: str, flow: Callable[[Box], None], workflow: bytes, name: str
) -> None:
    with Box(group()) as box:
        box.world.settings.rules = {branch: [kind]}
        assert has_warning(box, workflow, name) == is_refused(box, flow)


@pytest.mark.parametrize("kind", ["pull_request", "required_status_checks", "merge_queue"])
def test_a_rule_that_refuses_the_commit_of_the_pages_lets_their_pull_request_be_merged(kind: str) -> None:
    with Box(group()) as box:
        box.world.settings.rules = {"main": [kind]}
        box.commit("main", {SESSION: GPT})
        with pytest.raises(ProtectedBranch):
            publish(box)
        box.merge(publish(box, "pull-request").pull)
        assert publish(box, "pull-request").state == "nothing"


def test_a_proposal_that_is_not_valid_any_more_cannot_be_merged_where_the_check_is_required() -> None:
    with Box(group()) as box:
        box.world.settings.rules = {"main": ["required_status_checks"]}
        box.open_issue("A session", body(), user="guest")
        settle(box, 1)
        box.commit("readingroom/issue-1", {"sessions/02-retentive-networks/session.yml": b"titel: Mine\n"})
        settle(box, 1)
        with pytest.raises(Refused, match="is expected"):
            box.merge(2)
        box.commit("readingroom/issue-1", {"sessions/02-retentive-networks/session.yml": b"title: Mine\n"})
        settle(box, 1)
        box.merge(2)
