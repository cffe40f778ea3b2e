"""What no event starts a run for is found later: lost events and edits, and a default branch that has changed."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from box import Box
from flows import sweep
from groups import built, outline, run, tree, write
from proposals import PERMISSIONS, body, forge, group, setting, settle
from readingroom.github import proposal_sweep
from readingroom.github.transport import DeadlineExceeded, InterruptedRequest
from readingroom.proposals.sweep import COMMIT_WRITES, MAX_WRITES, REPORT_WRITES, Sweep, choose_due
from readingroom.store.catalogue import read_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "sessions/02-retentive-networks/session.yml"
BRANCH = "readingroom/issue-1"
READ = {"contents": "read", "issues": "read", "pull_requests": "read", "statuses": "read"}
PUSHED: dict[str, bytes | None] = {"sessions/02-pushed/session.yml": b"title: Pushed\ndate: 2024-02-12\n"}


@pytest.fixture
def box() -> Iterator[Box]:
    with Box(group()) as made:
        yield made


def found(box: Box) -> Sweep:
    """Return what the job of the sweep finds, with a token that may only read."""
    return proposal_sweep.find_due_issues(forge(box, READ), setting(box), dt.datetime.now(dt.UTC).date())


def proposed(box: Box, **changes: Any) -> None:
    number = box.open_issue("A session", body(**changes), user="guest")["issue"]["number"]
    assert settle(box, number).state == "open"


def folders(box: Box) -> list[str]:
    """Return the folders that the branches of the proposals add."""
    known = set(box.tree())
    added = {path for name in box.repository.branches() if name != "main" for path in {*box.tree(name)} - known}
    return sorted(path.split("/")[1] for path in added if path.endswith("/session.yml"))


def status(box: Box, branch: str = BRANCH) -> tuple[str, str]:
    found: tuple[str, str] = box.state()["statuses"][branch]["readingroom"]
    return found


def comment(box: Box, number: int = 1) -> str:
    (found,) = next(each for each in box.state()["issues"] if each["number"] == number)["comments"]
    return str(found["body"])


def writes(box: Box, since: int = 0) -> list[str]:
    return [str(each) for each in box.exchanges[since:] if each.request.method != "GET"]


def heads(box: Box) -> dict[str, str]:
    return {name: sha for name, sha in box.repository.branches().items() if name != "main"}


# Nothing is due


def test_what_has_its_answer_costs_three_requests_and_gets_no_run(box: Box) -> None:
    for number in range(3):
        proposed(box, title=f"Talk {number}")
    box.open_issue("A bug", "It is broken.", user="guest")
    before = len(box.exchanges)
    assert found(box) == Sweep()
    assert [each.request.tail for each in box.exchanges[before:]] == [
        "/issues",
        "/pulls",
        "/git/matching-refs/heads/readingroom/issue-",
    ]


def test_questions_that_are_waited_for_cost_a_request_more(box: Box) -> None:
    box.open_issue("A session", body(date="nowhen"), user="guest")
    box.open_issue("A session", body(leads=""), user="guest")
    for number in (1, 2):
        assert settle(box, number).state == "questions"
    before = len(box.exchanges)
    assert found(box) == Sweep()
    assert len(box.exchanges) - before == 4


def test_an_answer_that_is_older_than_the_newest_comments_is_found(box: Box) -> None:
    box.open_issue("A session", body(date="some Monday"), user="guest")
    settle(box, 1)
    busy = box.open_issue("A long talk", "Hello")["issue"]["number"]
    for number in range(500):
        box.emulator.do("POST", f"/issues/{busy}/comments", {"body": f"Comment {number}"})
    assert found(box) == Sweep()
    box.emulator.do("POST", "/issues/1/comments", {"body": "A comment that is newer than the answer"}, "guest")
    assert found(box) == Sweep()


@pytest.mark.parametrize(
    "end", ["closed", "merged", "withdrawn", "branch-only", "too-many", "locked", "somebody's commit"]
)
def test_an_answer_of_any_kind_is_found_again(box: Box, end: str) -> None:
    if end == "too-many":
        for number in range(10):
            proposed(box, title=f"Talk {number}")
        last = box.open_issue("A session", body(), user="guest")["issue"]["number"]
        assert settle(box, last).state == "too-many"
    elif end == "branch-only":
        box.open_issue("A session", body(), user="guest")
        settle(box, 1, forge(box, {**PERMISSIONS, "pull_requests": "read"}))
    elif end == "locked":
        box.open_issue("A session", body(date="nowhen"), user="guest")
        box.emulator.do("PUT", "/issues/1/lock", {"lock_reason": "resolved"})
        settle(box, 1)
    else:
        proposed(box)
        if end == "closed":
            box.close_pull(2)
        elif end == "merged":
            box.merge(2)
        elif end == "withdrawn":
            box.close_issue(1)
        else:
            box.commit(BRANCH, {FILE: b"title: Mine\ndate: 2024-02-05\n"})
        settle(box, 1)
    assert found(box) == Sweep()


def test_a_proposal_that_was_taken_up_again_with_a_question_is_not_due(box: Box) -> None:
    proposed(box)
    box.close_issue(1)
    settle(box, 1)
    box.edit_issue(1, body=body(date="nowhen"))
    box.reopen_issue(1)
    assert sweep(box) == (1,)
    assert "**Date**" in comment(box)
    assert found(box) == Sweep()


def test_a_locked_issue_whose_pull_request_was_closed_is_not_due(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    box.emulator.do("PUT", "/issues/1/lock", {"lock_reason": "resolved"})
    assert sweep(box) == (1,)
    assert found(box) == Sweep()
    box.close_pull(2)
    assert sweep(box) == ()


def is_retried(box: Box) -> bool:
    """Return whether the next sweep starts a run for the first issue, after one run without the right to open it."""
    settle(box, 1, forge(box, {**PERMISSIONS, "pull_requests": "read"}))
    return bool(found(box).due)


def test_a_locked_issue_whose_pull_request_cannot_be_opened_is_reported_once(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    box.emulator.do("PUT", "/issues/1/lock", {"lock_reason": "resolved"})
    for text in (body(), body(title="Retention")):
        box.edit_issue(1, body=text)
        assert found(box).due == (1,)
        assert not is_retried(box)
    assert status(box) == ("failure", "The workflow could not open a pull request for this branch: open it yourself")
    box.emulator.do("POST", "/pulls", {"title": "x", "body": "Closes #1", "head": BRANCH, "base": "main"})
    settle(box, 1)
    assert (status(box)[0], found(box)) == ("success", Sweep())


def test_a_sweep_that_may_not_read_statuses_finds_everything_else(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    box.emulator.do("PUT", "/issues/1/lock", {"lock_reason": "resolved"})
    assert not is_retried(box)
    box.open_issue("A session", body(), user="guest")
    box.faults.add(403, path="/status$", message="Resource not accessible by integration")
    seen = found(box)
    assert len(seen.due) + seen.left == 2


def test_a_locked_issue_whose_branch_is_somebodys_is_not_tried_again(box: Box) -> None:
    head = box.commit(BRANCH, {FILE: b"title: Mine\ndate: 2024-02-05\n"})
    box.open_issue("A session", body(), user="guest")
    box.emulator.do("PUT", "/issues/1/lock", {"lock_reason": "resolved"})
    assert found(box) == Sweep()
    box.edit_issue(1, body=body(date="nowhen"))
    assert sweep(box) == (1,)
    assert box.state()["issues"][0]["labels"] == ["needs changes"]
    assert (heads(box), found(box)) == ({BRANCH: head}, Sweep())


def test_a_locked_issue_is_tried_again_where_nothing_shows_that_it_was(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    box.emulator.do("PUT", "/issues/1/lock", {"lock_reason": "resolved"})
    way = forge(box)
    way.open_pull = lambda *_: (_ for _ in ()).throw(DeadlineExceeded("killed"))  # type: ignore[assignment,misc]
    with pytest.raises(InterruptedRequest):
        settle(box, 1, way)
    assert BRANCH in heads(box)
    assert sweep(box) == (1,)
    assert [each["state"] for each in box.state()["pulls"]] == ["open"]


# A run was lost


def test_a_proposal_whose_event_was_lost_is_answered(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    assert sweep(box) == (1,)
    assert "pull request #2" in comment(box)
    assert found(box) == Sweep()


def test_an_edit_whose_event_was_lost_is_followed(box: Box) -> None:
    proposed(box)
    box.edit_issue(1, body=body(title="Retention"), user="guest")
    assert sweep(box) == (1,)
    assert folders(box) == ["02-retention"]
    assert found(box) == Sweep()


def test_an_answer_to_a_question_whose_event_was_lost_is_followed(box: Box) -> None:
    box.open_issue("A session", body(date="nowhen"), user="guest")
    settle(box, 1)
    box.edit_issue(1, body=body(), user="guest")
    assert sweep(box) == (1,)
    assert "pull request #2" in comment(box)


def test_a_commit_on_a_branch_whose_event_was_lost_gets_its_status(box: Box) -> None:
    proposed(box)
    box.commit(BRANCH, {FILE: b"title: Mine\ndate: 2024-02-05\n"})
    assert sweep(box) == (1,)
    assert status(box) == ("success", "The session is valid")
    assert found(box) == Sweep()


@pytest.mark.parametrize("kind", ["closed", "reopened", "merged"])
def test_an_end_whose_event_was_lost_is_followed(box: Box, kind: str) -> None:
    proposed(box)
    if kind == "merged":
        box.merge(2)
    else:
        box.close_issue(1)
    if kind == "reopened":
        settle(box, 1)
        box.reopen_issue(1)
    assert sweep(box) == (1,)
    words = {"closed": "The issue was closed", "reopened": "pull request #2", "merged": "was merged"}
    assert words[kind] in comment(box)
    assert (BRANCH in box.repository.branches()) == (kind == "reopened")
    assert found(box) == Sweep()


def test_whatever_request_a_run_ends_at_the_rest_is_done_later(box: Box) -> None:
    at = 1
    while True:
        number = box.open_issue("A session", body(title=f"Talk {at}"), user="octo")["issue"]["number"]
        way, sent = forge(box), len(box.exchanges)
        way._send_request = ending(way._send_request, at)  # type: ignore[method-assign]  # noqa: SLF001
        try:
            settle(box, number, way)
        except InterruptedRequest:
            assert len(box.exchanges) - sent < at
        else:
            break
        assert sweep(box) == (number,)
        assert found(box) == Sweep()
        at += 1
    assert at > 12


def ending(send: Any, at: int) -> Any:
    """Return a way to send requests that ends before one of them."""
    numbers = iter(range(1, 1000))

    def send_or_end(*words: Any) -> Any:
        if next(numbers) >= at:
            raise InterruptedRequest("ended")
        return send(*words)

    return send_or_end


def test_issues_that_met_the_rate_limit_are_all_answered(box: Box) -> None:
    numbers = [box.open_issue("A session", body(title=f"Talk {each}"))["issue"]["number"] for each in range(10)]
    box.world.remaining = 60
    for number in numbers:
        with suppress(InterruptedRequest):
            settle(box, number)
    assert 0 < len(heads(box)) < 10
    box.world.remaining = None
    while sweep(box):
        pass
    assert [each["state"] for each in box.state()["pulls"]] == ["open"] * 10
    assert len({each[:2] for each in folders(box)}) == 10
    for number in numbers:
        assert "pull request #" in comment(box, number)
    assert found(box) == Sweep()


def test_what_a_run_could_not_do_while_github_was_down_is_done_later(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    box.world.is_down = True
    with pytest.raises(InterruptedRequest):
        settle(box, 1)
    box.world.is_down = False
    assert sweep(box) == (1,)
    assert folders(box) == ["02-retentive-networks"]


# The default branch changes while a proposal is open


def test_a_proposal_gives_way_to_a_session_that_an_organiser_pushes(box: Box) -> None:
    proposed(box)
    box.commit("main", PUSHED)
    assert sweep(box) == (1,)
    assert folders(box) == ["03-retentive-networks"]
    assert status(box) == ("success", "The session is valid")
    assert found(box) == Sweep()
    box.merge(2)
    assert outline(read_catalogue(tree(box.tree())).findings) == []


def test_two_proposals_with_one_number_do_not_stay_so(box: Box) -> None:
    for title in ("Retention", "Attention"):
        proposed(box, title=title)
    pull = box.emulator.get("/pulls/4")
    box.emulator.do("PATCH", "/pulls/4", {"body": pull["body"].replace("folder=03-", "folder=02-", 1)})
    assert sweep(box) == (3,)
    claimed = [each["body"].partition("folder=")[2][:2] for each in box.state()["pulls"]]
    assert claimed == ["02", "03"]
    assert found(box) == Sweep()


def test_a_proposal_of_a_kind_that_is_removed_turns_red_and_its_submitter_is_asked(box: Box) -> None:
    proposed(box)
    before = heads(box)
    settings = box.tree()["readingroom.yml"].replace(b"- Technical\n", b"")
    box.commit("main", {"readingroom.yml": settings})
    assert sweep(box) == (1,)
    assert status(box) == ("failure", "The issue needs another answer: Kind. See the comment there")
    assert "**Kind**" in comment(box)
    assert (heads(box), found(box)) == (before, Sweep())
    box.edit_issue(1, body=body(kind="Discussion"), user="guest")
    settle(box, 1)
    assert status(box)[0] == "success"
    assert found(box) == Sweep()


def test_a_pull_request_whose_text_an_organiser_replaced_is_found_again(box: Box) -> None:
    proposed(box, kind="Discussion")
    settings = box.tree()["readingroom.yml"]
    for text in (settings.replace(b"- Discussion\n", b""), settings):
        box.emulator.do("PATCH", "/pulls/2", {"body": "Looks good"})
        box.commit("main", {"readingroom.yml": text})
        assert sweep(box) == (1,)
        assert found(box) == Sweep()
    (pull,) = box.state()["pulls"]
    assert pull["body"].startswith("<!-- readingroom-proposal folder=02-retentive-networks title=")
    assert " author=guest " in pull["body"].partition("\n")[0]
    assert (folders(box), status(box)[0]) == (["02-retentive-networks"], "success")


def test_a_branch_with_somebodys_commit_turns_red_and_says_what_to_do(box: Box) -> None:
    proposed(box)
    head = box.commit(BRANCH, {FILE: b"title: Mine\ndate: 2024-02-05\n"})
    settle(box, 1)
    box.commit("main", PUSHED)
    assert sweep(box) == (1,)
    words = "The number of sessions/02-retentive-networks is taken: rename the folder to 03-..."
    assert status(box) == ("failure", words)
    assert (heads(box), found(box)) == ({BRANCH: head}, Sweep())
    moved = FILE.replace("02-", "03-")
    box.commit(BRANCH, {FILE: None, moved: b"title: Mine\ndate: 2024-02-05\n"})
    assert sweep(box) == (1,)
    assert (status(box)[0], found(box)) == ("success", Sweep())


def test_a_kind_that_somebody_else_wrote_into_a_branch_is_judged_too(box: Box) -> None:
    proposed(box, kind="Discussion")
    box.commit(BRANCH, {FILE: b"title: Mine\ndate: 2024-02-05\nkind: Technical\n"})
    settle(box, 1)
    assert status(box)[0] == "success"
    settings = box.tree()["readingroom.yml"].replace(b"- Technical\n", b"")
    box.commit("main", {"readingroom.yml": settings})
    assert sweep(box) == (1,)
    assert status(box)[0] == "failure"
    assert "Technical" in status(box)[1]
    assert found(box) == Sweep()


def test_a_session_that_does_not_concern_a_proposal_starts_no_run(box: Box) -> None:
    proposed(box)
    session = {"sessions/07-other/session.yml": b"title: Other\ndate: 2024-02-05\n"}
    box.commit("main", session)
    assert found(box) == Sweep()
    box.commit("main", {path: text for path, text in built(box.tree()).items() if box.tree().get(path) != text})
    assert found(box) == Sweep()


# What is looked at


def test_an_issue_that_nobody_touched_for_years_stays_as_it_is(box: Box) -> None:
    box.open_issue("A session", body(), user="guest")
    box.world.touched = {1: "2019-05-01"}
    assert sweep(box) == ()
    assert box.state()["issues"][0]["comments"] == []
    box.emulator.do("POST", "/issues/1/labels", {"labels": ["session"]})
    assert sweep(box) == (1,)


def test_a_proposal_of_an_earlier_release_is_looked_at_once_and_its_branch_stays(box: Box) -> None:
    box.world.touched = {1: "2019-05-01"}
    proposed(box)
    pull = box.emulator.get("/pulls/2")
    answered = pull["body"].partition(" answered=")[2][:16]
    box.emulator.do("PATCH", "/pulls/2", {"body": pull["body"].replace(f" answered={answered}", "", 1)})
    before = heads(box)
    sent = len(box.exchanges)
    assert sweep(box) == (1,)
    assert [each.partition("/repos/octo/group")[2] for each in writes(box, sent)] == ["/pulls/2 → 200"]
    assert (heads(box), found(box)) == (before, Sweep())


def test_an_issue_that_lists_do_not_have_yet_is_found_the_next_time(box: Box) -> None:
    proposed(box)
    box.open_issue("A session", body(title="Attention"), user="guest")
    box.world.lags = True
    assert sweep(box) == ()
    box.world.lags = False
    assert sweep(box) == (3,)


def test_a_pull_request_that_lists_do_not_have_yet_is_opened_once(box: Box) -> None:
    proposed(box)
    box.world.lags = True
    sweep(box)
    box.world.lags = False
    assert len(box.state()["pulls"]) == 1
    assert found(box) == Sweep()


@pytest.mark.parametrize(
    ("writes", "due", "left"),
    [
        ({}, (), 0),
        ({3: COMMIT_WRITES}, (3,), 0),
        ({3: COMMIT_WRITES, 1: COMMIT_WRITES}, (1, 3), 0),
        (dict.fromkeys(range(1, 6), COMMIT_WRITES), (1, 2), 3),
        (dict.fromkeys(range(1, 6), REPORT_WRITES), (1, 2, 3, 4), 1),
        ({1: REPORT_WRITES, 2: COMMIT_WRITES, 3: REPORT_WRITES, 4: REPORT_WRITES}, (1, 2, 3), 1),
    ],
)
def test_the_runs_of_one_sweep_write_no_more_than_a_number_of_times(
    writes: dict[int, int], due: tuple[int, ...], left: int
) -> None:
    assert choose_due(writes, 0) == Sweep(due, left)


def test_a_backlog_is_answered_in_sweeps_of_few_writes(box: Box) -> None:
    """Lost events, edits of proposals that an upgrade or a question came before, and a kind that is removed."""
    for number in range(4):
        proposed(box, title=f"Talk {number}", kind="Discussion")
    box.edit_issue(1, body=body(date="nowhen"))
    settle(box, 1)
    box.commit("main", {".github/workflows/readingroom.yml": b"name: readingroom\n"})
    for number in (1, 3):
        box.edit_issue(number, body=body(title="Another talk"))
    settings = box.tree()["readingroom.yml"].replace(b"- Discussion\n", b"")
    box.commit("main", {"readingroom.yml": settings})
    for number in range(3):
        box.open_issue("A session", body(title=f"Lost talk {number}"), user="guest")
    counts = []
    while True:
        before = len(box.exchanges)
        if not sweep(box):
            break
        sent = [each for each in box.exchanges[before:] if each.request.method != "GET" and each.status < 300]
        counts.append(len(sent))
    assert max(counts) <= MAX_WRITES
    assert [bool(each["comments"]) for each in box.state()["issues"]] == [True] * 7


def test_the_summary_says_how_many_are_left_for_the_next_run(box: Box, tmp_path: Path) -> None:
    for number in range(4):
        box.open_issue("A session", body(title=f"Talk {number}"), user="guest")
    root = write(tmp_path / "group", box.tree())
    event = write(tmp_path, {"event.json": json.dumps({"repository": box.emulator.get("")})}) / "event.json"
    env = {"READINGROOM_TOKEN": box.token(**READ), "GITHUB_API_URL": box.url, "GITHUB_EVENT_NAME": "schedule"}
    env |= {"GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    done = run(root, "run", "--command", "sweep", "--event", str(event), env=env)
    assert done.returncode == 0, done.stderr
    numbers = json.loads((tmp_path / "output").read_text("utf-8").splitlines()[1])
    assert len(numbers) == 2
    summary = (tmp_path / "summary").read_text("utf-8")
    assert summary.startswith("2 proposals to answer again: #")
    assert summary.endswith("2 others will have theirs in the next run.\n")


@pytest.mark.parametrize("writes", [COMMIT_WRITES, REPORT_WRITES])
def test_each_issue_has_its_turn_even_if_the_first_ones_fail_every_time(writes: int) -> None:
    numbers = dict.fromkeys(range(1, 62), writes)
    seen = {number for turn in range(len(numbers)) for number in choose_due(numbers, turn).due}
    assert seen == {*numbers}


# Branches that are left


def test_a_branch_whose_issue_and_pull_request_are_gone_is_deleted(box: Box) -> None:
    proposed(box)
    box.close_pull(2)
    box.close_issue(1)
    assert BRANCH in box.repository.branches()
    assert sweep(box) == (1,)
    assert heads(box) == {}
    assert found(box) == Sweep()


@pytest.mark.parametrize("end", ["merged", "closed"])
def test_a_branch_with_somebodys_commit_is_deleted_if_its_pull_request_keeps_that(box: Box, end: str) -> None:
    proposed(box)
    box.commit(BRANCH, {FILE: b"title: Mine\ndate: 2024-02-05\n"})
    if end == "merged":
        box.merge(2)
    else:
        box.close_pull(2)
        box.close_issue(1)
    assert sweep(box) == (1,)
    assert f"was {end}" in comment(box)
    assert (heads(box), found(box)) == ({}, Sweep())


def test_a_branch_that_was_restored_after_the_merge_is_deleted_but_no_commit_of_a_person(box: Box) -> None:
    proposed(box)
    head = heads(box)[BRANCH]
    box.merge(2)
    settle(box, 1)
    box.emulator.do("POST", "/git/refs", {"ref": f"refs/heads/{BRANCH}", "sha": head})
    assert sweep(box) == (1,)
    assert heads(box) == {}
    box.emulator.do("POST", "/git/refs", {"ref": f"refs/heads/{BRANCH}", "sha": head})
    later = box.commit(BRANCH, {"later": b"x"})
    assert sweep(box) == ()
    assert heads(box) == {BRANCH: later}


def test_a_persons_branch_with_the_name_of_a_proposals_is_left_alone(box: Box) -> None:
    head = box.commit("readingroom/issue-99", {"README.md": b"# Mine\n"})
    assert sweep(box) == ()
    assert heads(box) == {"readingroom/issue-99": head}
