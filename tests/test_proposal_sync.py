"""An issue, its branch, its pull request and its comment, on GitHub in a box."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
import pytest
import yaml

from box import BOT, REPOSITORY, Box
from groups import built
from proposals import PERMISSIONS, body, forge, group, setting, settle
from readingroom.cli.github_client import translate_github_errors
from readingroom.github import proposal_sync, transport
from readingroom.github.client import Client
from readingroom.github.transport import MAX_SECONDS, DeadlineExceeded, InterruptedRequest, RefusedRequest
from readingroom.proposals import decision
from readingroom.proposals.decision import MAX_OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readingroom.proposals.pull_request import ProposalContext

FILE = "sessions/02-retentive-networks/session.yml"
BRANCH = "readingroom/issue-1"


@pytest.fixture
def box() -> Iterator[Box]:
    with Box(group()) as made:
        yield made


def proposed(box: Box, **changes: Any) -> None:
    box.open_issue("A session", body(**changes), user="guest")
    assert settle(box, 1).state == "open"


def comment(box: Box, number: int = 1) -> str:
    """Return the one comment on an issue."""
    (found,) = box.state()["issues"][number - 1]["comments"]
    assert found["user"] == BOT
    return str(found["body"])


def pulls(box: Box, state: str = "open") -> list[dict[str, Any]]:
    return [each for each in box.state()["pulls"] if each["state"] == state]


def data(box: Box, branch: str = BRANCH, file: str = FILE) -> dict[str, Any]:
    return dict(yaml.safe_load(box.tree(branch)[file]))


def writes(box: Box, since: int) -> list[str]:
    return [str(each) for each in box.exchanges[since:] if each.request.method != "GET"]


def test_a_new_proposal_becomes_a_branch_a_pull_request_and_a_comment(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    result = settle(box, 1)
    assert (result.state, result.pull, result.folder) == ("open", 2, "02-retentive-networks")
    assert set(box.tree(BRANCH)) - set(box.tree()) == {FILE}
    assert {path: text for path, text in box.tree(BRANCH).items() if path != FILE} == box.tree()
    assert data(box)["leads"] == [{"name": "Ed Gunn", "url": "https://github.com/egunn-turing"}]
    (pull,) = pulls(box)
    assert (pull["title"], pull["head"], pull["base"]) == ("2024-02-05: Retentive Networks", BRANCH, "main")
    assert (pull["labels"], pull["user"]) == (["session"], BOT)
    assert pull["body"].endswith("\nCloses #1\n")
    assert "| 05/02/24 | [Technical: Retentive Networks](https://github.com/octo/group/blob/" in pull["body"]
    assert box.state()["statuses"][BRANCH] == {"readingroom": ("success", "The session is valid")}
    assert "pull request #2" in comment(box)


def test_a_new_proposal_takes_few_requests_and_a_change_of_nothing_fewer(box: Box) -> None:
    proposed(box)
    assert len(box.exchanges) <= 17
    before, state = len(box.exchanges), box.state()
    box.edit_issue(1, title="Another title of the issue")
    assert settle(box, 1).state == "open"
    assert len(box.exchanges) - before <= 6
    assert writes(box, before) == []
    assert box.state()["pulls"] == state["pulls"]


def test_a_wrong_proposal_is_asked_for_a_change_and_corrected_by_editing(box: Box) -> None:
    box.open_issue("A session", body(date="5 Feb", leads=""), user="guest")
    result = settle(box, 1)
    assert (result.state, [each.label for each in result.questions]) == ("questions", ["Date", "Leads"])
    assert 'found "5 Feb". Expected: a day with its year' in comment(box)
    assert "**Leads** has no answer, and needs one." in comment(box)
    assert box.state()["issues"][0]["labels"] == ["needs changes"]
    assert (pulls(box), set(box.state()["branches"])) == ([], {"main"})
    box.edit_issue(1, body=body(), user="guest")
    assert settle(box, 1).state == "open"
    assert "needs changes" not in box.state()["issues"][0]["labels"]
    assert "pull request #2" in comment(box)


def test_an_edit_is_followed_by_the_branch_and_the_pull_request(box: Box) -> None:
    proposed(box)
    box.edit_issue(1, body=body(title="Retention, again", date="2024-02-12"), user="guest")
    assert settle(box, 1).pull == 2
    assert set(box.tree(BRANCH)) - set(box.tree()) == {"sessions/02-retention-again/session.yml"}
    (pull,) = pulls(box)
    assert pull["title"] == "2024-02-12: Retention, again"


def test_an_edit_that_is_wrong_keeps_the_branch_and_fails_its_status(box: Box) -> None:
    proposed(box)
    box.edit_issue(1, body=body(date="nowhen"))
    assert settle(box, 1).state == "questions"
    assert data(box)["title"] == "Retentive Networks"
    assert box.state()["statuses"][BRANCH]["readingroom"][0] == "failure"
    box.edit_issue(1, body=body())
    assert settle(box, 1).state == "open"
    assert box.state()["statuses"][BRANCH]["readingroom"][0] == "success"


def test_a_reviewers_commit_is_left_alone_and_the_difference_reported(box: Box) -> None:
    proposed(box)
    mine = b"title: Retention, as reviewed\ndate: 2024-02-05\n"
    head = box.commit(BRANCH, {FILE: mine})
    box.edit_issue(1, body=body(date="2024-02-12"))
    assert settle(box, 1).state == "changed"
    assert (box.repository.branches()[BRANCH], box.tree(BRANCH)[FILE]) == (head, mine)
    assert "\n```diff\n" in comment(box)
    assert "\n-title: Retention, as reviewed\n" in comment(box)
    assert "\n+date: 2024-02-12\n" in comment(box)
    assert "@" not in re.sub(r"@@[^\n]*@@", "", comment(box))


def test_a_reviewer_who_changed_something_else_of_the_branch_is_left_alone_too(box: Box) -> None:
    proposed(box)
    head = box.commit(BRANCH, {"sessions/02-retentive-networks/slides.pdf": b"%PDF"})
    assert settle(box, 1).state == "open"
    assert box.repository.branches()[BRANCH] == head


def test_closing_the_issue_closes_the_pull_request_and_reopening_takes_it_up(box: Box) -> None:
    proposed(box)
    box.close_issue(1)
    assert settle(box, 1).state == "withdrawn"
    (pull,) = pulls(box, "closed")
    assert pull["body"].split("\n")[1] == "Closed because issue #1 was closed."
    assert set(box.state()["branches"]) == {"main"}
    box.reopen_issue(1)
    assert settle(box, 1).state == "open"
    (pull,) = pulls(box)
    assert (pull["number"], pull["body"].startswith("<!-- readingroom-proposal folder=")) == (2, True)
    assert data(box)["title"] == "Retentive Networks"


def test_a_closed_issue_that_never_became_anything_stays_as_it_is(box: Box) -> None:
    box.open_issue("A session", body())
    box.close_issue(1)
    before = len(box.exchanges)
    assert settle(box, 1).state == "none"
    assert writes(box, before) == []


def test_closing_the_pull_request_is_reported_on_the_issue(box: Box) -> None:
    proposed(box)
    box.close_pull(2)
    assert settle(box, 1).state == "closed"
    assert "Pull request #2 was closed without merging." in comment(box)
    before = len(box.exchanges)
    box.edit_issue(1, body=body(title="Please"))
    assert settle(box, 1).state == "closed"
    assert writes(box, before) == []


def test_a_merged_proposal_is_reported_and_its_branch_removed(box: Box) -> None:
    proposed(box)
    box.merge(2)
    assert settle(box, 1).state == "merged"
    assert "was merged" in comment(box)
    assert set(box.state()["branches"]) == {"main"}
    assert FILE in box.tree()


def test_two_proposals_are_merged_one_after_the_other_without_a_conflict(box: Box) -> None:
    for title in ("Retention", "Attention"):
        number = box.open_issue(title, body(title=title))["issue"]["number"]
        assert settle(box, number).state == "open"
    for pull in pulls(box):
        box.merge(pull["number"])
    folders = {path.split("/")[1] for path in box.tree() if path.endswith("/session.yml")} - {"ISSUE_TEMPLATE"}
    assert folders == {"01-bert", "02-retention", "03-attention"}
    assert "Attention" in built(box.tree())["sessions/03-attention/README.md"].decode()


def test_an_issue_that_is_no_proposal_is_not_touched(box: Box) -> None:
    box.open_issue("A bug", "### Steps\n\nStart it.\n\n### Title\n\nnone", user="guest")
    assert settle(box, 1).state == "none"
    assert writes(box, 0) == []


@pytest.mark.parametrize("text", [None, "", "# x", "### Title"])
def test_an_issue_with_the_label_and_without_the_form_is_asked_to_fill_it_in(box: Box, text: str | None) -> None:
    box.open_issue("A session", text, ["session"], user="guest")
    assert settle(box, 1).state == "questions"
    assert "### Title" in comment(box) or "Date" in comment(box)


def test_a_strangers_comment_with_the_marker_is_not_taken_for_ours(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    mark = "<!-- readingroom-proposal state=open pull=1 -->\nhello"
    box.emulator.do("POST", "/issues/1/comments", {"body": mark}, "guest")
    assert settle(box, 1).state == "open"
    theirs, ours = box.state()["issues"][0]["comments"]
    assert (theirs["body"], ours["user"]) == (mark, BOT)


def test_a_branch_of_a_fork_with_our_name_is_not_ours() -> None:
    pull = {"number": 9, "title": "", "state": "open", "labels": []}
    theirs = {"ref": BRANCH, "sha": "0" * 40, "repo": {"full_name": "guest/group"}}
    gone = {"ref": BRANCH, "sha": "0" * 40, "repo": None}
    with Box(group()) as box:
        way = forge(box)
        assert [way._parse_pull({**pull, "head": head}).branch for head in (theirs, gone)] == ["", ""]  # noqa: SLF001


def test_a_token_that_somebody_typed_is_repeated_nowhere(box: Box) -> None:
    secret = f"ghp_{'a1B2' * 9}"
    box.open_issue("A session", body(anything_else=f"my token: {secret}"), user="guest")
    assert settle(box, 1).state == "secret"
    assert "revoke it" in comment(box)
    assert secret not in "".join(str(each.request.data) for each in box.exchanges)
    assert pulls(box) == []


# Rights


@pytest.mark.parametrize("missing", PERMISSIONS)
def test_a_missing_permission_ends_clearly(missing: str) -> None:
    with Box(group()) as box:
        box.open_issue("A session", body(), user="guest")
        way = forge(box, {key: value for key, value in PERMISSIONS.items() if key != missing})
        if missing == "pull_requests":
            result = settle(box, 1, way)
            assert (result.state, result.pull) == ("branch-only", 0)
            assert (BRANCH in box.state()["branches"], pulls(box)) == (True, [])
            assert "https://github.com/octo/group/compare/main...readingroom/issue-1?expand=1&title=" in comment(box)
        else:
            with pytest.raises(RefusedRequest, match="Resource not accessible by integration"):
                settle(box, 1, way)
        assert settle(box, 1).state == "open"
        assert len(pulls(box)) == 1
        assert "pull request #2" in comment(box)


def test_a_pull_request_that_was_opened_manually_is_taken_over(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    way = forge(box, {key: value for key, value in PERMISSIONS.items() if key != "pull_requests"})
    assert settle(box, 1, way).state == "branch-only"
    manual = {"title": "x", "body": "Closes #1", "head": BRANCH, "base": "main"}
    box.emulator.do("POST", "/pulls", manual)
    assert settle(box, 1).pull == 2
    (pull,) = pulls(box)
    assert pull["title"] == "2024-02-05: Retentive Networks"


# At the same time


def test_two_runs_at_once_for_one_issue_end_in_one_pull_request() -> None:
    for _ in range(5):
        with Box(group()) as box:
            box.open_issue("A session", body(), user="guest")
            with ThreadPoolExecutor() as pool:
                assert {each.result().state for each in [pool.submit(settle, box, 1) for _ in range(2)]} == {"open"}
            assert len(pulls(box)) == 1
            comment(box)
            before = len(box.exchanges)
            assert settle(box, 1).state == "open"
            assert writes(box, before) == []


def test_twenty_issues_at_once_end_in_a_pull_request_each_with_its_own_number(box: Box) -> None:
    numbers = [box.open_issue("A session", body(title=f"Talk {each}"))["issue"]["number"] for each in range(20)]
    with ThreadPoolExecutor(20) as pool:
        ended = [each.result() for each in [pool.submit(settle, box, number) for number in numbers]]
    assert {each.state for each in ended} == {"open"}
    assert len({each.pull for each in ended}) == 20
    marked = [re.search(r"folder=(\d+)", pull["body"]) for pull in pulls(box)]
    assert sorted(int(each[1]) for each in marked if each) == list(range(2, 22))
    for number in numbers:
        comment(box, number)


# Patience


class Clock:
    """A time that passes when somebody waits, and by a second with every look."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        self.now += 1
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds
        self.waited.append(seconds)


def patient(box: Box, clock: Clock) -> Client:
    return Client(box.url, REPOSITORY, box.token(**PERMISSIONS), pause=clock.pause, clock=clock)


@pytest.mark.parametrize("path", ["/issues/1$", "/pulls$", "/comments$"])
def test_a_rate_limit_is_waited_for_as_long_as_it_says(box: Box, path: str) -> None:
    clock = Clock()
    box.open_issue("A session", body())
    box.faults.add(403, path=path, retry_after=20)
    assert settle(box, 1, patient(box, clock)).state == "open"
    assert clock.waited == [20]


def test_a_secondary_rate_limit_that_many_proposals_meet_is_waited_for_and_does_nothing_twice(box: Box) -> None:
    clock = Clock()

    def wait(seconds: float) -> None:
        clock.pause(seconds)
        box.world.creations = 5  # GitHub accepts more

    box.world.creations = 5
    for each in range(3):
        way = Client(box.url, REPOSITORY, box.token(**PERMISSIONS), pause=wait, clock=clock)
        assert settle(box, opened(box, f"Talk {each}"), way).state == "open"
    assert set(clock.waited) == {60}
    assert folders(box) == ["02-talk-0", "03-talk-1", "04-talk-2"]
    assert [len(each["comments"]) for each in box.state()["issues"]] == [1, 1, 1]


@pytest.mark.parametrize("path", ["/issues/1$", "/git/trees$", "/comments$"])
def test_a_rate_limit_that_is_too_long_ends_the_run_at_once_and_says_how_long(box: Box, path: str) -> None:
    clock = Clock()
    box.open_issue("A session", body())
    box.faults.add(403, path=path, retry_after=3600)
    with pytest.raises(InterruptedRequest, match="GitHub asks to wait 60 minutes"):
        settle(box, 1, patient(box, clock))
    assert clock.waited == []
    assert settle(box, 1).state == "open"
    assert len(pulls(box)) == 1


@pytest.mark.parametrize("kind", [502, 403, "drop"])
def test_a_server_that_fails_for_ever_is_given_up_in_bounded_time(box: Box, kind: Any) -> None:
    clock = Clock()
    box.open_issue("A session", body())
    for _ in range(300):
        box.faults.add(kind, retry_after=3)
    with pytest.raises(InterruptedRequest):
        settle(box, 1, patient(box, clock))
    assert clock.now < MAX_SECONDS + 20


def test_a_server_that_fails_now_and_then_is_given_up_in_bounded_time_too(box: Box) -> None:
    clock = Clock()
    box.open_issue("A session", body())
    for at in range(1, 200):
        for _ in range(3):
            box.faults.add(403, at=at, retry_after=50)
    with pytest.raises(InterruptedRequest):
        settle(box, 1, patient(box, clock))
    assert clock.now < MAX_SECONDS + 20


def test_an_answer_that_comes_too_late_is_no_answer(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "TIMEOUT", 1)
    box.open_issue("A session", body())
    for method in ("GET", "POST"):
        box.faults.add("drop", method=method, after=True, then=lambda: time.sleep(1.5))
    assert settle(box, 1).state == "open"
    assert len(pulls(box)) == 1


# What somebody else decided or made stays


def test_an_organisers_closing_is_not_undone_by_closing_and_reopening_the_issue(box: Box) -> None:
    proposed(box)
    box.close_pull(2)
    assert settle(box, 1).state == "closed"
    box.close_issue(1)
    assert settle(box, 1).state == "closed"
    box.reopen_issue(1)
    assert settle(box, 1).state == "closed"
    assert pulls(box) == []


def test_a_locked_issues_closed_pull_request_is_not_opened_again(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    box.emulator.do("PUT", "/issues/1/lock", {"lock_reason": "resolved"})
    assert settle(box, 1).state == "open"
    box.close_pull(2)
    box.edit_issue(1, body=body(title="Please"))
    assert settle(box, 1).state == "closed"
    assert (pulls(box), len(box.state()["pulls"])) == ([], 1)


def test_a_branch_without_a_pull_request_that_holds_somebodys_commit_outlives_the_issue(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    way = forge(box, {key: value for key, value in PERMISSIONS.items() if key != "pull_requests"})
    assert settle(box, 1, way).state == "branch-only"
    head = box.commit(BRANCH, {FILE: b"title: Mine\ndate: 2024-02-05\n"})
    box.close_issue(1)
    assert settle(box, 1).state == "withdrawn"
    assert box.repository.branches()[BRANCH] == head


def test_without_the_right_to_set_a_status_the_submitter_is_answered_all_the_same(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    way = forge(box, {key: value for key, value in PERMISSIONS.items() if key != "statuses"})
    with pytest.raises(RefusedRequest, match="statuses"):
        settle(box, 1, way)
    assert "pull request #2" in comment(box)


def test_a_deleted_issue_withdraws_its_proposal_whatever_event_reports_it(box: Box) -> None:
    proposed(box)
    box.faults.add(410, path="/issues/1$", message="This issue was deleted")
    assert settle(box, 1).state == "withdrawn"
    assert [each["state"] for each in box.state()["pulls"]] == ["closed"]


def test_an_issue_that_was_transferred_out_of_reach_withdraws_its_proposal(box: Box) -> None:
    proposed(box)
    for _ in range(2):
        box.faults.add(404, path="/issues/1(/comments)?$", message="Not Found")
    assert settle(box, 1).state == "withdrawn"
    assert [each["state"] for each in box.state()["pulls"]] == ["closed"]


@pytest.mark.parametrize("has_own_commit", [False, True])
def test_one_wrong_answer_withdraws_nothing(box: Box, *, has_own_commit: bool) -> None:
    proposed(box)
    if has_own_commit:
        box.commit(BRANCH, {FILE: b"title: Mine\ndate: 2024-02-05\n"})
    box.faults.add(404, path="/issues/1$", message="Not Found")
    before = len(box.exchanges)
    with pytest.raises(RefusedRequest, match="Not Found"):
        settle(box, 1)
    assert writes(box, before) == []


def test_issues_that_are_switched_off_withdraw_nothing(box: Box) -> None:
    proposed(box)
    box.faults.add(410, path="/issues/1$", message="Issues are disabled for this repo")
    with pytest.raises(RefusedRequest, match="disabled"):
        settle(box, 1)
    assert [each["state"] for each in box.state()["pulls"]] == ["open"]


# Numbers


def folders(box: Box) -> list[str]:
    """Return the folders that the open pull requests add, in the order they were opened."""
    return [found[1] for pull in pulls(box) if (found := re.search(r"folder=(\S+)", pull["body"]))]


def opened(box: Box, title: str) -> int:
    number: int = box.open_issue(title, body(title=title), user="guest")["issue"]["number"]
    return number


def test_a_proposal_that_is_taken_up_again_gives_way_to_one_that_came_meanwhile(box: Box) -> None:
    proposed(box)
    box.close_issue(1)
    settle(box, 1)
    other = opened(box, "Other")
    settle(box, other)
    box.reopen_issue(1)
    settle(box, 1)
    assert folders(box) == ["03-retentive-networks", "02-other"]


def test_a_pull_request_that_is_opened_again_gives_way_to_one_that_came_meanwhile(box: Box) -> None:
    proposed(box)
    box.close_pull(2)
    settle(box, 1)
    settle(box, opened(box, "Other"))
    box.emulator.do("PATCH", "/pulls/2", {"state": "open"})
    settle(box, 1)
    assert folders(box) == ["03-retentive-networks", "02-other"]


def test_proposals_whose_numbers_were_taken_get_new_ones_that_differ(box: Box) -> None:
    first, second = opened(box, "A"), opened(box, "B")
    for number in (first, second):
        settle(box, number)
    box.commit("main", {f"sessions/{name}/session.yml": b"title: x\n" for name in ("02-x", "03-y")})
    seen = [proposal_sync.fetch_state(forge(box), number) for number in (first, second)]
    for comment_, state in seen:
        made = proposal_sync._IssueReconciler(forge(box), setting(box), state, comment_)  # noqa: SLF001
        made.apply_wanted(decision.decide_wanted(setting(box), state))
    assert len({each[:2] for each in folders(box)} | {"01", "02", "03"}) == 5


def test_proposals_without_a_pull_request_get_numbers_of_their_own_once_they_have_one(box: Box) -> None:
    way = forge(box, {key: value for key, value in PERMISSIONS.items() if key != "pull_requests"})
    numbers = [opened(box, "A"), opened(box, "B")]
    for number in numbers:
        assert settle(box, number, way).state == "branch-only"
        branch = f"readingroom/issue-{number}"
        manual = {"title": "x", "body": f"Closes #{number}", "head": branch, "base": "main"}
        box.emulator.do("POST", "/pulls", manual)
    for number in numbers:
        assert settle(box, number).state == "open"
    assert sorted(folders(box)) == ["02-a", "03-b"]


# What a person does to a proposal stays


def test_commits_after_the_merge_stay(box: Box) -> None:
    proposed(box)
    box.merge(2)
    head = box.commit(BRANCH, {"later": b"x"})
    for _ in range(2):
        assert settle(box, 1).state == "merged"
    assert box.repository.branches()[BRANCH] == head


def test_a_merged_proposal_is_left_alone_from_then_on(box: Box) -> None:
    proposed(box)
    box.merge(2)
    settle(box, 1)
    before = len(box.exchanges)
    box.edit_issue(1, body=body(title="Again"))
    assert settle(box, 1).state == "merged"
    assert writes(box, before) == []


def test_a_closing_by_an_organiser_counts_even_if_the_issue_is_closed_before_anybody_looks(box: Box) -> None:
    proposed(box)
    box.close_pull(2)
    box.close_issue(1)
    assert settle(box, 1).state == "closed"
    box.reopen_issue(1)
    assert settle(box, 1).state == "closed"
    assert pulls(box) == []


def test_a_withdrawal_that_was_cut_off_is_taken_up_again(box: Box) -> None:
    proposed(box)
    box.close_issue(1)
    box.faults.add("drop", method="DELETE")
    box.faults.add("drop", method="DELETE", at=2)
    way = forge(box)
    way.delete_branch = lambda _: (_ for _ in ()).throw(InterruptedRequest("killed"))  # type: ignore[assignment,misc]
    with pytest.raises(InterruptedRequest):
        settle(box, 1, way)
    box.reopen_issue(1)
    box.faults.all.clear()
    assert settle(box, 1).state == "open"
    assert len(pulls(box)) == 1


def test_a_locked_issue_that_is_closed_and_reopened_has_its_pull_request_again(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    box.emulator.do("PUT", "/issues/1/lock", {"lock_reason": "resolved"})
    settle(box, 1)
    box.close_issue(1)
    assert settle(box, 1).state == "withdrawn"
    box.reopen_issue(1)
    assert settle(box, 1).state == "open"
    assert (len(pulls(box)), len(box.state()["pulls"])) == (1, 1)


def test_ticks_and_a_reviewers_title_stay_while_the_issue_says_the_same(box: Box) -> None:
    proposed(box)
    text = pulls(box)[0]["body"].replace("- [ ] The lead knows", "- [x] The lead knows")
    box.emulator.do("PATCH", "/pulls/2", {"title": "Better", "body": text})
    before = len(box.exchanges)
    box.edit_issue(1, title="Another title of the issue")
    settle(box, 1)
    assert writes(box, before) == []
    box.edit_issue(1, body=body(time="14:00"))
    settle(box, 1)
    (pull,) = pulls(box)
    assert (pull["title"], "- [x] The lead knows" in pull["body"], "14:00" in pull["body"]) == ("Better", True, True)
    box.edit_issue(1, body=body(title="Retention"))
    settle(box, 1)
    (pull,) = pulls(box)
    assert (pull["title"], "- [x] The lead knows" in pull["body"]) == ("2024-02-05: Retention", True)


def test_a_reviewers_commit_is_judged_by_itself(box: Box) -> None:
    proposed(box)
    head = box.commit(BRANCH, {FILE: b"title: Reviewed\ndate: 2024-02-05\n"})
    box.edit_issue(1, body=body(date="nowhen"))
    assert settle(box, 1).state == "questions"
    assert box.state()["statuses"][BRANCH]["readingroom"] == ("success", "The session is valid")
    box.edit_issue(1, body=body())
    assert settle(box, 1).state == "changed"
    assert box.repository.branches()[BRANCH] == head
    assert box.state()["statuses"][BRANCH]["readingroom"] == ("success", "The session is valid")
    assert box.state()["issues"][0]["labels"] == []
    box.commit(BRANCH, {FILE: b"title: Reviewed\ndate: 2024-02-30\n"})
    assert settle(box, 1).state == "changed"
    assert box.state()["statuses"][BRANCH]["readingroom"][0] == "failure"


def test_the_difference_is_that_of_the_session_whatever_its_folder_is_called(box: Box) -> None:
    proposed(box)
    text = box.tree(BRANCH)[FILE]
    moved = FILE.replace("02-retentive-networks", "07-retention")
    box.commit(BRANCH, {FILE: None, moved: text + b"abstract: More\n"})
    box.edit_issue(1, body=body(title="Retention"))
    assert settle(box, 1).state == "changed"
    difference = comment(box).split("```diff")[1]
    assert "-title: Retentive Networks\n+title: Retention\n" in difference
    assert "-abstract: More\n" in difference
    assert ("+room" in difference, "#" in difference) == (False, False)


def test_a_folder_that_a_reviewer_renamed_is_no_difference(box: Box) -> None:
    proposed(box)
    moved = FILE.replace("02-retentive-networks", "07-retention")
    box.commit(BRANCH, {FILE: None, moved: box.tree(BRANCH)[FILE]})
    assert settle(box, 1).state == "open"
    assert moved in box.tree(BRANCH)


def test_a_branch_of_somebody_else_with_our_name_is_left_alone_and_reported(box: Box) -> None:
    head = box.commit(BRANCH, {"x": b"y"})
    box.open_issue("A session", body(), user="guest")
    assert settle(box, 1).state == "changed"
    assert "The branch readingroom/issue-1 has commits by somebody else" in comment(box)
    assert box.repository.branches()[BRANCH] == head


def test_a_persons_copy_of_our_comment_stays(box: Box) -> None:
    proposed(box)
    box.emulator.do("POST", "/issues/1/comments", {"body": f"{comment(box)}\n\nbring cake"}, "organiser")
    box.edit_issue(1, body=body(title="Retention"))
    settle(box, 1)
    assert ["bring cake" in each["body"] for each in box.state()["issues"][0]["comments"]] == [False, True]


def test_a_proposal_whose_comment_was_deleted_is_found_again(box: Box) -> None:
    proposed(box)
    box.close_pull(2)
    settle(box, 1)
    (found,) = box.emulator.get("/issues/1/comments")
    box.emulator.do("DELETE", f"/issues/comments/{found['id']}")
    box.edit_issue(1, body=body(title="Please"))
    assert settle(box, 1).state == "closed"
    assert len(box.state()["pulls"]) == 1


def test_a_closed_pull_request_is_not_taken_for_one_that_was_just_opened(box: Box) -> None:
    proposed(box)
    box.close_issue(1)
    settle(box, 1)
    box.reopen_issue(1)
    way = forge(box)
    edit = way.edit_pull

    def edit_pull(number: int, **changes: str) -> Any:
        if "state" in changes:
            raise RefusedRequest(422, "Validation Failed", frozenset({"state"}))
        return edit(number, **changes)

    way.edit_pull = edit_pull  # type: ignore[method-assign]
    box.faults.add(422, method="POST", path="/pulls$", message="Validation Failed")
    with pytest.raises(RefusedRequest, match="Validation Failed"):
        settle(box, 1, way)
    assert pulls(box) == []
    assert "The issue was closed" in comment(box)


def test_a_rule_that_keeps_a_branch_does_not_keep_the_submitter_from_an_answer(box: Box) -> None:
    proposed(box)
    box.close_issue(1)
    box.faults.add(422, method="DELETE", path="/git/refs/", message="Cannot delete this branch")
    assert settle(box, 1).state == "withdrawn"
    assert "The issue was closed" in comment(box)
    assert BRANCH in box.state()["branches"]
    box.reopen_issue(1)
    assert settle(box, 1).state == "open"
    assert len(pulls(box)) == 1


def test_a_branch_that_is_committed_to_while_a_run_moves_it_keeps_the_commit(box: Box) -> None:
    proposed(box)
    box.edit_issue(1, body=body(title="Retention"))
    way, pushed = forge(box), list[str]()
    make = way.create_commit

    def new_commit(*words: Any) -> Any:
        if not pushed:
            pushed.append(box.commit(BRANCH, {FILE: b"title: Mine\ndate: 2024-02-05\n"}))
        return make(*words)

    way.create_commit = new_commit  # type: ignore[method-assign]
    assert settle(box, 1, way).state == "changed"
    assert [box.repository.branches()[BRANCH]] == pushed


# What is left


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_branch_that_never_got_its_pull_request_goes_with_the_issue(box: Box, is_gone: bool) -> None:  # noqa: FBT001
    box.open_issue("A session", body(), user="guest")
    way = forge(box)
    way.open_pull = lambda *_: (_ for _ in ()).throw(DeadlineExceeded("killed"))  # type: ignore[assignment,misc]
    with pytest.raises(InterruptedRequest):
        settle(box, 1, way)
    assert BRANCH in box.state()["branches"]
    box.close_issue(1)
    assert proposal_sync.reconcile_issue(forge(box), setting(box), 1, is_gone=is_gone).state == "none"
    assert set(box.state()["branches"]) == {"main"}


@pytest.mark.parametrize("end", ["branch-only", "closed", "withdrawn"])
def test_the_label_goes_when_nothing_is_to_be_changed_any_more(box: Box, end: str) -> None:
    box.open_issue("A session", body(date="nowhen"), user="guest")
    settle(box, 1)
    assert box.state()["issues"][0]["labels"] == ["needs changes"]
    way = forge(box)
    if end == "branch-only":
        box.edit_issue(1, body=body())
        way = forge(box, {key: value for key, value in PERMISSIONS.items() if key != "pull_requests"})
    elif end == "withdrawn":
        box.close_issue(1)
    else:
        box.edit_issue(1, body=body())
        settle(box, 1)
        box.edit_issue(1, body=body(date="nowhen"))
        settle(box, 1)
        box.close_pull(2)
    assert settle(box, 1, way).state == end
    assert box.state()["issues"][0]["labels"] == []


def test_a_label_that_the_group_spells_otherwise_is_the_same_label(box: Box) -> None:
    for name in ("Session", "Needs Changes"):
        box.emulator.do("POST", "/labels", {"name": name, "color": "ededed"})
    box.open_issue("A session", body(date="nowhen"), ["Needs Changes"], user="guest")
    settle(box, 1)
    box.edit_issue(1, body=body())
    settle(box, 1)
    box.emulator.do("PUT", "/issues/2/labels", {"labels": ["Session"]})
    before = len(box.exchanges)
    box.edit_issue(1, title="Another title of the issue")
    settle(box, 1)
    assert writes(box, before) == []
    assert box.state()["issues"][0]["labels"] == []


def test_a_secret_in_an_open_proposal_fails_its_status_and_asks_for_a_change(box: Box) -> None:
    proposed(box)
    box.edit_issue(1, body=body(anything_else=f"ghp_{'a1B2' * 9}"))
    assert settle(box, 1).state == "secret"
    assert box.state()["statuses"][BRANCH]["readingroom"][0] == "failure"
    assert box.state()["issues"][0]["labels"] == ["needs changes"]


# Too many


def test_one_author_has_so_many_open_proposals_and_no_more(box: Box) -> None:
    for each in range(MAX_OPEN):
        assert settle(box, opened(box, f"Talk {each}")).state == "open"
    last = opened(box, "One more")
    assert settle(box, last).state == "too-many"
    (found,) = box.emulator.get(f"/issues/{last}/comments")
    assert "Too many of your earlier ones are still waiting" in found["body"]
    box.close_pull(MAX_OPEN)
    assert settle(box, last).state == "open"
    theirs = box.open_issue("A session", body(title="An organiser's"), user="octo")["issue"]["number"]
    assert settle(box, theirs).state == "open"


# A closed pull request stays closed, however it came to be


def test_a_pull_request_that_was_reopened_with_its_issue_and_then_closed_by_an_organiser_stays_closed(box: Box) -> None:
    proposed(box)
    box.commit(BRANCH, {FILE: b"title: Mine\ndate: 2024-02-05\n"})
    box.close_issue(1)
    assert settle(box, 1).state == "withdrawn"
    box.reopen_issue(1)
    assert settle(box, 1).state == "changed"
    assert "withdrawn" not in pulls(box)[0]["body"]
    assert "Closed because" not in pulls(box)[0]["body"]
    box.close_pull(2)
    assert settle(box, 1).state == "closed"
    assert pulls(box) == []


@pytest.mark.parametrize("text", [body(date="nowhen"), body(anything_else=f"ghp_{'a1B2' * 9}")])
def test_a_pull_request_that_a_person_reopened_while_its_issue_asks_something_stays_closed(box: Box, text: str) -> None:
    proposed(box)
    box.close_issue(1)
    settle(box, 1)
    box.edit_issue(1, body=text)
    box.reopen_issue(1)
    settle(box, 1)
    head = box.world.heads[2]
    box.emulator.do("POST", "/git/refs", {"ref": f"refs/heads/{BRANCH}", "sha": head})
    box.emulator.do("PATCH", "/pulls/2", {"state": "open"})
    settle(box, 1)
    box.close_pull(2)
    box.edit_issue(1, body=body())
    assert settle(box, 1).state == "closed"
    assert pulls(box) == []


def test_a_pull_request_of_an_issue_that_was_locked_before_the_first_comment_stays_closed(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    box.emulator.do("PUT", "/issues/1/lock", {"lock_reason": "resolved"})
    assert settle(box, 1).state == "open"
    box.close_pull(2)
    assert settle(box, 1).state == "closed"
    assert len(box.state()["pulls"]) == 1


def test_a_pull_request_that_came_after_the_last_comment_stays_closed(box: Box) -> None:
    box.open_issue("A session", body(date="nowhen"), user="guest")
    assert settle(box, 1).state == "questions"
    box.emulator.do("PUT", "/issues/1/lock", {"lock_reason": "resolved"})
    box.edit_issue(1, body=body())
    assert settle(box, 1).state == "open"
    box.close_pull(2)
    assert settle(box, 1).state == "closed"
    assert len(box.state()["pulls"]) == 1


# The workflow file was upgraded while a proposal was closed or open

WORKFLOW = ".github/workflows/readingroom.yml"


def upgraded(box: Box) -> None:
    box.commit("main", {WORKFLOW: b"name: readingroom\n"})


def test_reopening_after_an_upgrade_of_the_workflow_opens_a_successor(box: Box) -> None:
    proposed(box)
    box.close_issue(1)
    assert settle(box, 1).state == "withdrawn"
    upgraded(box)
    box.reopen_issue(1)
    assert settle(box, 1).pull == 3
    assert [each["number"] for each in pulls(box)] == [3]
    assert data(box)["title"] == "Retentive Networks"
    assert settle(box, 1).pull == 3


def test_reopening_after_an_upgrade_of_the_workflow_keeps_what_a_person_changed(box: Box) -> None:
    proposed(box)
    mine, slides = b"title: Mine\ndate: 2024-02-05\n", FILE.replace("session.yml", "slides.pdf")
    box.commit(BRANCH, {FILE: mine, slides: b"%PDF"})
    box.close_issue(1)
    assert settle(box, 1).state == "withdrawn"
    upgraded(box)
    box.reopen_issue(1)
    assert settle(box, 1).state == "changed"
    assert (box.tree(BRANCH)[FILE], box.tree(BRANCH)[slides]) == (mine, b"%PDF")
    assert [each["number"] for each in pulls(box)] == [3]


def test_an_edit_after_an_upgrade_of_the_workflow_is_followed(box: Box) -> None:
    proposed(box)
    upgraded(box)
    box.edit_issue(1, body=body(title="Retention"))
    assert settle(box, 1).pull == 2
    assert set(box.tree(BRANCH)) - set(box.tree()) == {"sessions/02-retention/session.yml"}
    box.edit_issue(1, body=body(title="Retention, again"))
    assert settle(box, 1).pull == 2
    assert set(box.tree(BRANCH)) - set(box.tree()) == {"sessions/02-retention-again/session.yml"}


def test_a_branch_without_a_pull_request_is_brought_to_an_edit_after_an_upgrade_of_the_workflow(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    assert settle(box, 1, forge(box, {**PERMISSIONS, "pull_requests": "read"})).state == "branch-only"
    upgraded(box)
    box.edit_issue(1, body=body(title="Retention"))
    assert settle(box, 1).state == "open"
    assert set(box.tree(BRANCH)) - set(box.tree()) == {"sessions/02-retention/session.yml"}


# The default branch moves while a run goes on


def test_a_number_that_was_merged_since_the_checkout_is_not_chosen(box: Box) -> None:
    context = setting(box)
    box.commit("main", {"sessions/02-pushed/session.yml": b"title: Pushed\n"})
    box.open_issue("A session", body(), user="guest")
    result = proposal_sync.reconcile_issue(forge(box), context, 1)
    assert result.folder == "03-retentive-networks"
    assert set(box.tree(BRANCH)) - set(box.tree()) == {"sessions/03-retentive-networks/session.yml"}
    assert folders(box) == ["03-retentive-networks"]


# Dead ends


def test_a_branch_whose_pull_request_was_closed_goes_with_its_issue(box: Box) -> None:
    proposed(box)
    box.close_pull(2)
    assert settle(box, 1).state == "closed"
    assert BRANCH in box.state()["branches"]
    box.close_issue(1)
    assert settle(box, 1).state == "closed"
    assert BRANCH not in box.state()["branches"]


@pytest.mark.parametrize("number", [1, 99])
def test_a_persons_branch_with_the_name_of_a_proposals_is_left_alone(box: Box, number: int) -> None:
    box.open_issue("A bug", "It is broken.", user="guest")
    branch = f"readingroom/issue-{number}"
    box.commit(branch, {"README.md": b"# Mine\n"})
    box.emulator.do("POST", "/pulls", {"title": "Mine", "body": "Hello", "head": branch, "base": "main"})
    before, state = len(box.exchanges), box.state()
    assert settle(box, number).state == "none"
    assert writes(box, before) == []
    assert box.state() == state


def refused(box: Box, way: Client | None = None, context: ProposalContext | None = None) -> str:
    """Return what a job prints when GitHub refuses what it does for the first issue."""
    with pytest.raises(click.ClickException) as ended, translate_github_errors():
        proposal_sync.reconcile_issue(way or forge(box), context or setting(box), 1)
    return ended.value.message


def test_a_rule_for_branches_is_named(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    box.world.settings.rules = {"readingroom/": ["creation"]}
    assert "let it leave out readingroom/**" in refused(box)


def test_a_default_branch_that_was_renamed_since_the_event_is_named(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    box.world.former = {f"/repos/{REPOSITORY}/branches/trunk": f"/repos/{REPOSITORY}/branches/main"}
    assert "default branch was renamed" in refused(box, context=replace(setting(box), default_branch="trunk"))


def test_a_repository_that_was_renamed_since_the_event_is_named_at_once(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    way = forge(box)
    way.repository = "octo/old"
    box.world.former = {"/repos/octo/old": f"/repos/{REPOSITORY}"}
    message = refused(box, way)
    assert "octo/old has another name now" in message
    assert "Start a new run" in message
    assert [each.status for each in box.exchanges] == [301, 200]
