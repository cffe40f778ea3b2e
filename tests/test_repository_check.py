"""A repository's settings, read from a GitHub in a box: what is well, what to change, and what a token may not see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from box import BOT, REPOSITORY, Box, check
from box.world import Settings as Set
from groups import ROOT, files, tree
from proposals import group
from readingroom.core.tree import WORKFLOW_PATH
from readingroom.github import fetch_settings
from readingroom.github.client import Client
from readingroom.github.repository_settings import ActionsPolicy, Repository, RepositorySettings, UnavailableSetting
from readingroom.github.transport import RETRY_DELAYS
from readingroom.setup import doctor, repository_check
from readingroom.setup.doctor import ProgramInfo
from readingroom.setup.workflow_file import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readingroom.setup.check_result import CheckResult

RELEASE = (ROOT / "workflow/readingroom.yml").read_bytes()
PROGRAM = ProgramInfo("1.2.3", (3, 12, 1), RELEASE)
USES = b"readingroom/readingroom@v1"
RIGHTS = {"administration": "read", "actions": "read", "contents": "read", "issues": "read", "pages": "read"}
NAMES = [
    "repository", "issues", "branch", "actions", "policy", "pull-requests", "protection", "branches", "labels", "site",
    "state", "last-run",
]  # fmt: skip
PUBLISH = RELEASE.replace(USES + b"\n", USES + b"\n        with: {publish: pull-request}\n", 1)
TOKEN = b"{token: '${{ steps.app.outputs.token }}'}"
APP_FOR_PAGES = RELEASE.replace(USES + b"\n", USES + b"\n        with: " + TOKEN + b"\n", 1)
OTHERS, PROPOSE = APP_FOR_PAGES.split(b"\n  propose:\n")
APP = OTHERS + b"\n  propose:\n" + PROPOSE.replace(USES + b"\n", USES + b"\n        with: " + TOKEN + b"\n", 1)
APP_PUBLISH = APP_FOR_PAGES.replace(TOKEN, TOKEN[:-1] + b", publish: pull-request}", 1)
PAGES_ALONE = RELEASE.partition(b"\n  propose:\n")[0]
SITE = "https://octo.github.io/group"


@pytest.fixture(scope="module")
def shared() -> Iterator[Box]:
    with Box(group()) as made:
        yield made


@pytest.fixture
def box(shared: Box) -> Iterator[Box]:
    shared.world.settings = Set()
    shared.exchanges.clear()
    yield shared
    assert check(shared.exchanges) == []


def checks(
    box: Box, token: str = "", workflow: bytes = RELEASE, branch: str = "main", **site: str
) -> list[CheckResult]:
    forge = Client(box.url, REPOSITORY, token or box.token(**RIGHTS), pause=lambda _: None)
    found_settings = fetch_settings.fetch_settings(forge, "readingroom.yml")
    found = files({}, {WORKFLOW_PATH: workflow}, **({"site": site} if site else {}))
    return doctor.check_remote_settings(found_settings, tree(found), PROGRAM, branch)


def bad(found: list[CheckResult]) -> dict[str, str]:
    return {each.name: each.state for each in found if each.state != "ok"}


def get_message(found: list[CheckResult], name: str) -> str:
    return "\n".join(each.message for each in found if each.name == name)


@pytest.mark.parametrize("private", [False, True])
def test_settings_that_are_right_get_one_line_each_with_a_token_that_may_only_read(box: Box, private: bool) -> None:  # noqa: FBT001
    box.world.settings = Set(is_private=private)
    found = checks(box)
    assert [(each.name, each.state) for each in found] == [(name, "ok") for name in NAMES]
    assert {each.request.method for each in box.exchanges} == {"GET"}
    assert len(box.exchanges) == 10


CASES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "Actions are off": ({"is_enabled": False}, "actions", "failed", "Settings → Actions → General (http"),
    "only the owner's actions": ({"allowed": "local_only"}, "policy", "failed", "actions/checkout@"),
    "only GitHub's actions": (
        {"allowed": "selected", "selected": {"github_owned_allowed": True}}, "policy", "failed",
        "readingroom/readingroom@v1 may not run",
    ),
    "the action is blocked": (
        {"allowed": "selected", "selected": {"patterns_allowed": ["*", "!readingroom/*"]}}, "policy", "failed",
        "readingroom/readingroom@v1 may not run",
    ),
    "makers must be verified": (
        {"allowed": "selected", "selected": {"github_owned_allowed": True, "verified_allowed": True}}, "policy",
        "unknown", "only if its owner is verified",
    ),
    "only commits may be used": (
        {"by_commit_only": True}, "policy", "failed", "write the commit after the @ of readingroom/readingroom@v1"
    ),
    "no pull requests": (
        {"may_open_pulls": False}, "pull-requests", "failed",
        'select "Allow GitHub Actions to create and approve pull requests" in Settings → Actions → General (http',
    ),
    "pull requests are asked for": (
        {"rules": {"main": ["deletion", "pull_request"]}}, "protection", "failed",
        "The rules of main (pull_request) block the commit of the pages: add publish: pull-request",
    ),
    "checks are asked for": ({"rules": {"main": ["required_status_checks"]}}, "protection", "failed", "an App bypass"),
    "branches may not be made": (
        {"rules": {"readingroom/": ["creation"]}}, "branches", "failed", "exclude readingroom/** from them"
    ),
    "branches may not go": (
        {"rules": {"readingroom/issue-": ["deletion"]}}, "branches", "failed", "Rules (deletion) block the action"
    ),
    "branches move on after checks alone": (
        {"rules": {"readingroom/issue-": ["required_status_checks"]}}, "branches", "failed", "exclude readingroom/**"
    ),
    "60 quiet days": (
        {"state": "disabled_inactivity"}, "state", "failed",
        "inactive for 60 days: choose Enable workflow at Actions → readingroom (http",
    ),
    "switched off": ({"state": "disabled_manually"}, "state", "failed", "Somebody disabled the workflow"),
    "a fork": ({"state": "disabled_fork"}, "state", "failed", "because this repository is a fork"),
    "deleted": ({"state": "deleted"}, "state", "failed", "push it again"),
    "never pushed": ({"state": "", "last_run": None}, "state", "failed", f"{WORKFLOW_PATH} is not on GitHub"),
    "the last run failed": ({"last_run": "failure"}, "last-run", "warning", "ended with failure: see https://"),
}  # fmt: skip


@pytest.mark.parametrize(("settings", "name", "state", "message"), CASES.values(), ids=CASES)
def test_a_setting_that_is_not_right_says_where_to_change_it(
    box: Box, settings: dict[str, Any], name: str, state: str, message: str
) -> None:
    box.world.settings = Set(**settings)
    found = checks(box)
    assert bad(found) == {name: state}
    assert message in get_message(found, name), get_message(found, name)


FINE: dict[str, tuple[dict[str, Any], str, str]] = {
    "all may run that are named": (
        {"allowed": "selected", "selected": {"patterns_allowed": ["Actions/*", "readingroom/*"]}},
        "policy",
        "may run.",
    ),
    "rules that are in nobody's way": ({"rules": {"main": ["deletion", "non_fast_forward"]}}, "protection", "No rule"),
    "a site": ({"site": "https://octo.github.io/group"}, "site", "publishes https://octo.github.io/group."),
    "no run yet": ({"last_run": None}, "last-run", "There was no run yet."),
    "a run that goes on": ({"last_run": ""}, "last-run", "for the event schedule, has not ended yet."),
    "a run that was cancelled": ({"last_run": "cancelled"}, "last-run", "ended with cancelled."),
}  # fmt: skip


@pytest.mark.parametrize(("settings", "name", "message"), FINE.values(), ids=FINE)
def test_what_is_as_good_is_ok(box: Box, settings: dict[str, Any], name: str, message: str) -> None:
    box.world.settings = Set(**settings)
    found = checks(box)
    assert bad(found) == {}
    assert message in get_message(found, name), get_message(found, name)


@pytest.mark.parametrize(
    ("settings", "wanted", "state", "message"),
    [
        ({"site": f"{SITE}/"}, SITE, "ok", "from the workflow"),
        ({}, SITE, "failed", 'is disabled: choose "GitHub Actions" as the source at Settings → Pages (http'),
        ({"site": SITE, "source": "legacy"}, SITE, "failed", 'publishes a branch: choose "GitHub Actions"'),
        ({"site": SITE}, "https://example.org", "warning", "readingroom.yml says https://example.org: correct one"),
    ],
)
def test_a_site_is_published_where_the_group_says(
    box: Box, settings: dict[str, Any], wanted: str, state: str, message: str
) -> None:
    box.world.settings = Set(**settings)
    (found,) = (each for each in checks(box, url=wanted) if each.name == "site")
    assert (found.state, message in found.message) == (state, True), found.message


def test_a_site_that_the_workflow_does_not_publish_needs_no_github_pages(box: Box) -> None:
    text = RELEASE.partition(b"\n  site:\n")[0] + b"\n  propose:\n" + RELEASE.partition(b"\n  propose:\n")[2]
    assert get_message(checks(box, workflow=text, url="https://example.org"), "site") == (
        "GitHub Pages is disabled, and not needed."
    )


@pytest.mark.parametrize(
    ("workflow", "settings", "states"),
    [
        (PUBLISH, {"rules": {"main": ["pull_request"]}}, {}),
        (PUBLISH, {"rules": {"readingroom/": ["non_fast_forward"]}}, {}),
        (PUBLISH, {"rules": {"readingroom/pages": ["deletion"]}}, {"branches": "failed"}),
        (PUBLISH, {"rules": {"readingroom/pages": ["required_linear_history"]}}, {"branches": "failed"}),
        (PUBLISH, {"rules": {"readingroom/pages": ["required_status_checks"]}}, {"branches": "failed"}),
        (PUBLISH, {"rules": {"readingroom/issue-": ["required_linear_history"]}}, {}),
        (RELEASE, {"rules": {"readingroom/pages": ["creation", "deletion", "required_linear_history"]}}, {}),
        (APP_PUBLISH, {"rules": {"readingroom/pages": ["deletion"]}}, {"branches": "warning"}),
        (APP, {"rules": {"main": ["pull_request"]}}, {"protection": "warning"}),
        (APP, {"rules": {"": ["creation"]}}, {"branches": "warning"}),
        (APP, {"may_open_pulls": False}, {}),
        (APP_FOR_PAGES, {"may_open_pulls": False}, {"pull-requests": "failed"}),
        (APP_FOR_PAGES, {"rules": {"": ["creation"]}}, {"branches": "failed"}),
        (PAGES_ALONE, {"rules": {"": ["creation"]}}, {"branches": "warning"}),
        (PAGES_ALONE, {"may_open_pulls": False}, {"pull-requests": "warning"}),
        (b"", {"may_open_pulls": False}, {"pull-requests": "failed"}),
    ],
)
def test_what_a_setting_means_depends_on_the_workflow(
    box: Box, workflow: bytes, settings: dict[str, Any], states: dict[str, str]
) -> None:
    box.world.settings = Set(**settings)
    assert bad(checks(box, workflow=workflow)) == states


def test_labels_are_reported_and_those_that_are_missing_are_made_when_needed(box: Box) -> None:
    assert get_message(checks(box), "labels") == "Created when they are needed: session, needs changes, readingroom."
    box.emulator.do("POST", "/labels", {"name": "Session", "color": "ededed"})
    assert get_message(checks(box), "labels") == "Created when they are needed: needs changes, readingroom."
    box.emulator.do("POST", "/labels", {"name": "needs changes", "color": "ededed"})
    box.emulator.do("POST", "/labels", {"name": "readingroom", "color": "ededed"})
    assert get_message(checks(box), "labels") == "The labels session, needs changes and readingroom exist."


@pytest.mark.parametrize(("branch", "states"), [("main", {}), ("", {}), ("topic", {"branch": "warning"})])
def test_the_branch_that_is_checked_out_is_the_default_one(box: Box, branch: str, states: dict[str, str]) -> None:
    assert bad(checks(box, branch=branch)) == states


# What the emulator itself keeps


def test_an_older_protection_counts_as_rules_do() -> None:
    asked = {"required_pull_request_reviews": {"required_approving_review_count": 1}, "enforce_admins": True}
    nothing = {"required_status_checks": None, "restrictions": None}
    with Box(group()) as box:
        box.emulator.do("PUT", "/branches/main/protection", {**asked, **nothing})
        found = checks(box)
        assert bad(found) == {"protection": "failed"}
        assert "The rules of main (pull_request)" in get_message(found, "protection")
        assert bad(checks(box, workflow=PUBLISH)) == {}
        lacking = checks(box, box.token(contents="read"))
        assert "Contents: read and Administration: read" in get_message(lacking, "protection")
        box.faults.add(404, path="/protection$", message="Branch not protected")
        assert bad(checks(box)) == {}  # but by rules alone


@pytest.mark.parametrize(
    ("change", "name", "where"),
    [({"archived": True}, "repository", "Danger Zone"), ({"has_issues": False}, "issues", "Settings → General")],
)
def test_a_repository_that_takes_nothing_is_reported(change: dict[str, bool], name: str, where: str) -> None:
    with Box(group()) as box:
        box.emulator.do("PATCH", "", change)
        found = checks(box)
        assert bad(found) == {name: "failed"}
        assert where in get_message(found, name)


# What a token may not see


@pytest.mark.parametrize(
    ("right", "names", "public"),
    [
        ("administration", {"actions", "pull-requests"}, {"actions", "pull-requests"}),
        ("actions", {"state", "last-run"}, set()),
        ("contents", {"protection"}, set()),
        ("issues", {"labels"}, set()),
        ("pages", {"site"}, set()),
    ],
)
def test_a_right_that_the_token_lacks_is_named_with_where_to_look_instead(
    box: Box, right: str, names: set[str], public: set[str]
) -> None:
    for private, unknown in ((True, names), (False, public)):
        box.world.settings = Set(is_private=private, site="https://octo.github.io/group")
        found = checks(box, box.token(**{key: value for key, value in RIGHTS.items() if key != right}))
        assert bad(found) == dict.fromkeys(unknown, "unknown")
        for name in unknown:
            assert f"{right.capitalize()}: read" in get_message(found, name)
            assert "look at" in get_message(found, name)
            assert box.url in get_message(found, name)


def test_somebody_who_may_write_and_not_administer_sees_the_rest(box: Box) -> None:
    found = checks(box, "ghp_organiser".ljust(40, "0"))
    assert bad(found) == {"actions": "unknown", "pull-requests": "unknown"}
    assert (BOT in str(found), "Traceback" in str(found)) == (False, False)


def test_a_plan_without_rules_has_none(box: Box) -> None:
    box.faults.add(403, path="/rules/", message="Upgrade to GitHub Pro or make this repository public.")
    assert bad(checks(box)) == {}


# Faults


@pytest.mark.parametrize(
    ("status", "name", "state", "message"),
    [
        (401, "settings", "unknown", "The token is not valid, or has expired"),
        (403, "settings", "unknown", "does not show the repository to this token"),
        (404, "repository", "failed", "There is no such repository on GitHub, or the token may not see it"),
    ],
)
def test_a_repository_that_is_not_shown_is_the_one_thing_reported(
    box: Box, status: int, name: str, state: str, message: str
) -> None:
    box.faults.add(status, message="No")
    (found,) = checks(box)
    assert (found.name, found.state, message in found.message) == (name, state, True), found
    assert len(box.exchanges) == 1


@pytest.mark.parametrize("at", range(1, 11))
def test_a_refusal_of_any_request_leaves_the_others(box: Box, at: int) -> None:
    box.faults.add(403, at=at, message="Resource not accessible by integration")
    assert set(bad(checks(box)).values()) == {"unknown"}
    assert len(box.exchanges) == (1 if at == 1 else 10)


def test_once_there_is_no_answer_the_rest_is_not_asked_for(box: Box) -> None:
    for _ in range(1 + len(RETRY_DELAYS)):
        box.faults.add(502, at=5)
    found = checks(box)
    assert bad(found) == {"settings": "unknown"}
    assert "GitHub gave no answer (GET /rules/branches/main: " in get_message(found, "settings")
    assert [each.name for each in found[:6]] == NAMES[:6]
    assert len(box.exchanges) == 5 + len(RETRY_DELAYS)


# Without a box


@pytest.mark.parametrize(
    ("uses", "pattern", "fits"),
    [
        ("readingroom/readingroom@v1", "readingroom/*", True),
        ("readingroom/readingroom@v1", "ReadingRoom/readingroom@v1", True),
        ("readingroom/readingroom@v1", "*/readingroom@*", True),
        ("readingroom/readingroom@v1", "readingroom/readingroom@v2", False),
        ("readingroom/readingroom@v1", "readingroom/readingroom", False),
        ("actions/checkout@v1", "read.*", False),
    ],
)
def test_a_pattern_names_actions(uses: str, pattern: str, fits: bool) -> None:  # noqa: FBT001
    action, _, version = uses.partition("@")
    policy = ActionsPolicy(is_enabled=True, allowed="selected", patterns=(pattern,))
    assert repository_check._is_action_allowed(Step(action, version, {}), policy, "octo") is fits  # noqa: SLF001 -- a rule of its own


def test_what_was_not_asked_for_is_unseen() -> None:
    about = Repository("o/r", "https://github.com/o/r", "main", False, False, True, False)
    found = RepositorySettings(about, interrupted="GET /pages: 503")
    assert {found.policy, found.labels, found.state} == {UnavailableSetting()}
