"""The default branch is kept right: by a commit, or by one pull request."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import generate
from box import BOT, Box
from box.mirror import Mirror
from box.workflow import holds
from flows import GPT, SESSION, publish
from groups import ROOT, TODAY, built, region, tree
from proposals import PERMISSIONS, forge, group
from readingroom.core.diagnostics import Invalid
from readingroom.github import problem_issue
from readingroom.github.git_tree import CommitListing
from readingroom.github.pages_sync import PAGES_BRANCH, ProtectedBranch, Publisher
from readingroom.github.transport import RefusedRequest
from readingroom.io import git_index
from readingroom.io.disk import read_tree
from readingroom.proposals.records import STATUS_CONTEXT
from readingroom.store import yaml_codec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from groups import Files
    from readingroom.github.pages_sync import PublishResult

WRONG = b"titel: Gpt\n"


@pytest.fixture
def box() -> Iterator[Box]:
    with Box(group()) as made:
        yield made


def commits(box: Box) -> int:
    return len(box.emulator.get("/commits?per_page=100"))


def is_right(box: Box, branch: str = "main", today: dt.date = TODAY) -> bool:
    found = box.tree(branch)
    return built(found, today) == found


def notices(box: Box, state: str) -> list[dict[str, Any]]:
    return [each for each in box.state()["issues"] if each["state"] == state]


def test_a_push_makes_the_pages_by_one_commit_and_the_next_run_none(box: Box) -> None:
    pushed = box.commit("main", {SESSION: GPT})
    before = commits(box)
    result = publish(box)
    assert (result.state, commits(box) - before, is_right(box)) == ("committed", 1, True)
    made = box.emulator.get(f"/commits/{result.commit}")
    assert (made["parents"][0]["sha"], made["author"]["login"]) == (pushed, BOT)
    assert made["commit"]["message"].startswith("Update the pages\n\nReadingroom-Pages: ")
    asked = len(box.exchanges)
    assert publish(box).state == "nothing"
    assert (commits(box) - before, len(box.exchanges) - asked <= 8) == (1, True)


def test_only_what_changed_is_uploaded(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    publish(box)
    (sent,) = [each.request.data["tree"] for each in box.exchanges if each.request.url.endswith("/git/trees")]
    pages = {"README.md", "sessions/01-bert/README.md", "sessions/02-gpt/README.md"}
    assert {each["path"] for each in sent} == {*pages, "sessions/announced.yml"}
    assert len(box.exchanges) <= 8


def test_a_page_that_is_no_longer_needed_is_removed(box: Box) -> None:
    box.commit("main", {"sessions/01-bert/session.yml": None})
    assert publish(box).state == "committed"
    assert "sessions/01-bert/README.md" not in box.tree()


def test_a_day_passes_and_a_session_has_moved(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    publish(box)
    assert "Gpt" in region(box.tree(), "upcoming")
    assert publish(box, today=dt.date(2024, 1, 23)).state == "committed"
    assert ("Gpt" in region(box.tree(), "upcoming"), "Gpt" in region(box.tree(), "previous")) == (False, True)


def test_a_branch_that_moves_on_is_read_and_rendered_again(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    more = {"sessions/03-t5/session.yml": b"title: T5\ndate: 2024-01-29\n"}
    way, moved = forge(box), iter([True])
    make = way.create_commit

    def new_commit(*words: Any) -> Any:
        if next(moved, False):
            box.commit("main", more)
        return make(*words)

    way.create_commit = new_commit  # type: ignore[method-assign]
    assert publish(box, way=way).state == "committed"
    assert "T5" in region(box.tree(), "upcoming")
    assert is_right(box)


def test_two_pushes_at_once_end_in_the_right_pages(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    with ThreadPoolExecutor(4) as pool:
        ended = [each.result() for each in [pool.submit(publish, box) for _ in range(4)]]
    assert {each.state for each in ended} <= {"committed", "nothing"}
    assert is_right(box)
    assert commits(box) == 3


def test_invalid_files_leave_the_pages(box: Box) -> None:
    box.commit("main", {SESSION: WRONG})
    before = box.tree()
    with pytest.raises(Invalid, match="titel"):
        publish(box)
    assert box.tree() == before


# A pull request


def test_one_pull_request_is_kept_up_to_date_and_closed_when_nothing_is_left(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    result = publish(box, "pull-request")
    assert (result.state, is_right(box), is_right(box, PAGES_BRANCH)) == ("proposed", False, True)
    box.commit("main", {"sessions/03-t5/session.yml": b"title: T5\ndate: 2024-01-29\n"})
    assert publish(box, "pull-request").pull == result.pull
    assert is_right(box, PAGES_BRANCH)
    assert "T5" in region(box.tree(PAGES_BRANCH), "upcoming")
    asked = len(box.exchanges)
    publish(box, "pull-request")
    assert [str(each) for each in box.exchanges[asked:] if each.request.method in {"PATCH", "DELETE"}] == []
    box.merge(result.pull)
    assert publish(box, "pull-request").state == "nothing"
    assert (is_right(box), set(box.state()["branches"])) == (True, {"main"})
    assert len(box.state()["pulls"]) == 1


def test_a_pull_request_that_is_not_needed_any_more_is_closed(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    publish(box, "pull-request")
    box.commit("main", {SESSION: None})
    assert publish(box, "pull-request").state == "nothing"
    assert [each["state"] for each in box.state()["pulls"]] == ["closed"]


def test_somebodys_commit_on_the_pull_requests_branch_is_left_alone(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    publish(box, "pull-request")
    head = box.commit(PAGES_BRANCH, {"README.md": b"# Mine\n"})
    box.commit("main", {SESSION: GPT.replace(b"Gpt", b"GPT-2")})
    assert publish(box, "pull-request").state == "kept"
    assert box.repository.branches()[PAGES_BRANCH] == head


def test_somebodys_commit_outlives_the_need_for_the_pull_request(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    publish(box, "pull-request")
    head = box.commit(PAGES_BRANCH, {"README.md": b"# Mine\n"})
    box.commit("main", {SESSION: None})
    assert publish(box, "pull-request").state == "nothing"
    assert box.repository.branches()[PAGES_BRANCH] == head
    assert [each["state"] for each in box.state()["pulls"]] == ["open"]


def test_a_pull_request_that_is_right_gets_no_new_commit(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    first = publish(box, "pull-request")
    asked = len(box.exchanges)
    assert publish(box, "pull-request").commit == first.commit
    assert [str(each) for each in box.exchanges[asked:] if each.request.url.endswith("/git/commits")] == []


def test_a_commit_that_comes_between_a_look_at_the_branch_and_its_move_is_not_lost(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    publish(box, "pull-request")
    box.commit("main", {SESSION: GPT.replace(b"Gpt", b"GPT-2")})
    way, pushed = forge(box), list[str]()
    make = way.create_commit

    def new_commit(*words: Any) -> Any:
        if not pushed:
            pushed.append(box.commit(PAGES_BRANCH, {"README.md": b"# Mine\n"}))
        return make(*words)

    way.create_commit = new_commit  # type: ignore[method-assign]
    assert publish(box, "pull-request", way).state == "kept"
    assert [box.repository.branches()[PAGES_BRANCH]] == pushed


def test_the_pull_requests_branch_only_ever_moves_forward(box: Box) -> None:
    heads = []
    for title in (b"Gpt", b"GPT-2", b"GPT-3"):
        box.commit("main", {SESSION: GPT.replace(b"Gpt", title)})
        heads.append(publish(box, "pull-request").commit)
    heads.append(publish(box, "pull-request", today=dt.date(2024, 1, 23)).commit)
    parents = [[each["sha"] for each in box.emulator.get(f"/git/commits/{head}")["parents"]] for head in heads]
    main = box.repository.branches()["main"]
    assert [each[0] for each in parents[1:]] == heads[:-1]
    assert [len(each) for each in parents] == [1, 2, 2, 1]
    assert parents[2][1] == main
    assert is_right(box, PAGES_BRANCH, dt.date(2024, 1, 23))


CHANGE = {SESSION: GPT.replace(b"Gpt", b"GPT-2")}


def test_a_pull_request_that_a_person_closed_stays_closed_until_the_pages_change(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    first = publish(box, "pull-request").pull
    box.close_pull(first)
    box.commit("main", {"LICENSE": b"Free\n"})
    for _ in range(2):
        result = publish(box, "pull-request")
        assert (result.state, result.pull) == ("closed", first)
    assert [each["state"] for each in box.state()["pulls"]] == ["closed"]
    box.commit("main", CHANGE)
    result = publish(box, "pull-request")
    assert (result.state, result.pull > first, is_right(box, PAGES_BRANCH)) == ("proposed", True, True)
    assert [each["state"] for each in box.state()["pulls"]] == ["closed", "open"]


def test_what_is_announced_today_opens_no_pull_request_that_was_closed_yesterday(box: Box) -> None:
    changes = {"readingroom.yml": box.files["readingroom.yml"] + b"site:\n  url: https://example.org\n", SESSION: GPT}
    box.commit("main", changes)
    box.close_pull(publish(box, "pull-request").pull)
    assert publish(box, "pull-request", today=TODAY + dt.timedelta(1)).state == "closed"
    box.commit("main", {SESSION: GPT + b"room: Enigma\n"})
    assert publish(box, "pull-request", today=TODAY + dt.timedelta(1)).state == "proposed"
    assert is_right(box, PAGES_BRANCH, TODAY + dt.timedelta(1))


def test_a_pull_request_that_was_closed_and_its_branch_deleted_stays_closed(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    first = publish(box, "pull-request").pull
    box.close_pull(first)
    box.emulator.do("DELETE", f"/git/refs/heads/{PAGES_BRANCH}")
    assert publish(box, "pull-request").state == "closed"
    box.commit("main", CHANGE)
    assert publish(box, "pull-request").state == "proposed"


def test_a_pull_request_that_was_opened_again_is_kept_up_to_date_again(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    first = publish(box, "pull-request").pull
    box.close_pull(first)
    publish(box, "pull-request")
    box.emulator.do("PATCH", f"/pulls/{first}", {"state": "open"})
    box.commit("main", CHANGE)
    result = publish(box, "pull-request")
    assert (result.state, result.pull, is_right(box, PAGES_BRANCH)) == ("proposed", first, True)


def test_pages_that_were_right_in_the_meantime_are_proposed_again(box: Box) -> None:
    for closed_by_hand in (False, True):
        box.commit("main", {SESSION: GPT})
        result = publish(box, "pull-request")
        assert result.state == "proposed"
        if closed_by_hand:
            box.close_pull(result.pull)
        box.commit("main", {SESSION: None})
        assert publish(box, "pull-request").state == "nothing"
    box.commit("main", {SESSION: GPT})
    assert publish(box, "pull-request").state == "proposed"
    assert [each["state"] for each in box.state()["pulls"]] == ["closed", "closed", "open"]


def test_two_runs_at_once_open_one_pull_request(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    with ThreadPoolExecutor(4) as pool:
        ended = [each.result() for each in [pool.submit(publish, box, "pull-request") for _ in range(4)]]
    assert {(each.state, each.pull) for each in ended} == {("proposed", 1)}
    assert ([each["state"] for each in box.state()["pulls"]], is_right(box, PAGES_BRANCH)) == (["open"], True)


def test_a_branch_that_a_merge_left_is_used_again(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    box.merge(publish(box, "pull-request").pull)
    box.commit("main", CHANGE)
    result = publish(box, "pull-request")
    assert (result.state, is_right(box, PAGES_BRANCH)) == ("proposed", True)
    box.merge(result.pull)
    assert (publish(box, "pull-request").state, is_right(box)) == ("nothing", True)


def test_a_commit_that_comes_just_before_the_branch_goes_stays_in_the_pull_request(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    number = publish(box, "pull-request").pull
    box.commit("main", {SESSION: None})
    way, pushed = forge(box), list[str]()
    find = way.find_head

    def find_head(branch: str) -> Any:
        found = find(branch)
        pushed.append(box.commit(PAGES_BRANCH, {"README.md": b"# Mine\n"}))
        return found

    way.find_head = find_head  # type: ignore[method-assign]
    publish(box, "pull-request", way)
    pull = box.emulator.call("GET", f"/repos/octo/group/pulls/{number}").data
    assert (pull["state"], forge(box).fetch_pull(number).head) == ("closed", pushed[0])


# Large groups


NEW = {"sessions/9999-new/session.yml": b"title: New\ndate: 2026-01-05\n"}
LATE = dt.date(2026, 1, 1)


@pytest.fixture(scope="module")
def large() -> Files:
    """Return a group of 300 sessions with their pages, a file beside one of them, and what is not the group's."""
    made = {
        f"sessions/{name}/session.yml": yaml_codec.dump_yaml(data).encode()
        for name, data in generate.sessions(300).items()
    }
    others = {"sessions/001.txt": b"x", "docs/a/b.txt": b"x", f"{min(made)[:-11]}slides.pdf": b"%PDF \xff"}
    own = {"readingroom.yml": (ROOT / "readingroom.yml").read_bytes(), "README.md": generate.README.encode()}
    return built({**own, **made, **others}, LATE)


@pytest.fixture
def grown(large: Files) -> Iterator[Box]:
    with Box(large) as made:
        yield made


def from_a_checkout(box: Box, folder: Path) -> Callable[[str], PublishResult]:
    """Return what a job does that has just checked the repository out with Git."""
    mirror = Mirror(folder / "main.git", box.repository)
    mirror.follow()
    mirror.checkout(folder / "group")
    local, listing = read_tree(folder / "group"), CommitListing(git_index.read_index(folder / "group"))
    way = forge(box)
    return lambda mode: Publisher(way, "main", local, lambda _: LATE, listing=listing).publish(mode)


def requests(box: Box, work: Callable[[], object]) -> list[str]:
    before = len(box.exchanges)
    work()
    return [str(each) for each in box.exchanges[before:]]


@pytest.mark.parametrize("mode", ["commit", "pull-request"])
def test_one_session_of_many_takes_few_requests_and_only_what_changed_is_uploaded(
    grown: Box, tmp_path: Path, mode: str
) -> None:
    grown.commit("main", NEW)
    asked = requests(grown, lambda: from_a_checkout(grown, tmp_path / "first")(mode))
    assert len(asked) <= 8, asked
    (sent,) = [each.request.data["tree"] for each in grown.exchanges if each.request.url.endswith("/git/trees")]
    assert "sessions/9999-new/README.md" in {each["path"] for each in sent}
    assert len(sent) <= 5  # two pages, the README, the page of all that is upcoming; no archive
    grown.commit("main", {path: content.replace(b"New", b"Newer") for path, content in NEW.items()})
    asked = requests(grown, lambda: from_a_checkout(grown, tmp_path / "second")(mode))
    assert len(asked) <= 8, asked
    assert (
        built(grown.tree("main" if mode == "commit" else PAGES_BRANCH), LATE).items()
        <= grown.tree("main" if mode == "commit" else PAGES_BRANCH).items()
    )


def test_a_list_that_github_cuts_is_not_needed_after_a_checkout_and_completed_after_a_later_push(
    grown: Box, tmp_path: Path
) -> None:
    grown.world.most_listed = 100
    grown.commit("main", NEW)
    publish_it = from_a_checkout(grown, tmp_path)
    assert [each for each in requests(grown, lambda: publish_it("commit")) if "/git/trees/" in each] == []
    slides = {"sessions/9998-more/slides.pdf": b"%PDF \xff", "docs/a/b.txt": b"y"}
    grown.commit("main", {"sessions/9998-more/session.yml": b"title: More\ndate: 2026-01-12\n", **slides})
    asked = requests(grown, lambda: publish_it("commit"))
    assert built(grown.tree(), LATE) == grown.tree()
    # The cut list, and then the top, two levels of docs/, sessions/, and the two folders in it that are new.
    assert len([each for each in asked if each.startswith("GET") and "/git/trees/" in each]) <= 1 + 6 + 3
    assert grown.tree()["sessions/9998-more/README.md"].count(b"slides.pdf") >= 1


def test_a_list_that_github_cuts_is_refused_where_there_is_no_checkout(grown: Box) -> None:
    grown.world.most_listed = 100
    grown.commit("main", NEW)
    before = grown.tree()
    with pytest.raises(RefusedRequest, match="the list is truncated") as caught:
        publish(grown, today=LATE)
    assert (caught.value.status, grown.tree()) == (413, before)


def test_a_branch_that_was_brought_up_to_date_by_githubs_button_is_still_ours(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    first = publish(box, "pull-request")
    main = box.commit("main", {"sessions/03-t5/session.yml": b"title: T5\ndate: 2024-01-29\n"})
    merged = box.commit(PAGES_BRANCH, {"sessions/03-t5/session.yml": b"title: T5\ndate: 2024-01-29\n"})
    tree_of = box.emulator.get(f"/git/commits/{merged}")["tree"]["sha"]
    commit = {"message": f"Merge branch 'main' into {PAGES_BRANCH}", "tree": tree_of, "parents": [first.commit, main]}
    made = box.emulator.do("POST", "/git/commits", commit)["sha"]
    box.emulator.do("PATCH", f"/git/refs/heads/{PAGES_BRANCH}", {"sha": made, "force": True})
    assert publish(box, "pull-request").state == "proposed"
    assert is_right(box, PAGES_BRANCH)
    assert "T5" in region(box.tree(PAGES_BRANCH), "upcoming")
    assert publish(box, "pull-request").pull == first.pull


def test_a_rule_that_keeps_the_branch_does_not_stop_the_pages(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    first = publish(box, "pull-request")
    box.commit("main", {SESSION: None})
    box.faults.add(422, method="DELETE", message="Cannot delete this branch")
    assert publish(box, "pull-request").state == "nothing"
    assert PAGES_BRANCH in box.state()["branches"]
    box.commit("main", {SESSION: GPT})
    assert publish(box, "pull-request").pull > first.pull
    assert is_right(box, PAGES_BRANCH)


# Rights and faults


def test_a_protected_branch_says_which_way_to_choose(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    box.faults.add(
        422, method="PATCH", path="/git/refs/heads/main$", message="Changes must be made through a pull request."
    )
    with pytest.raises(ProtectedBranch, match="Changes must be made through a pull request"):
        publish(box)
    assert publish(box, "pull-request").state == "proposed"


def test_a_manual_edit_is_reported_with_what_to_do_in_the_browser_and_replaced_when_that_is_done(box: Box) -> None:
    edited = box.tree()["README.md"].replace(b"Bert", b"BERT")
    box.commit("main", {"README.md": edited})
    kept = publish(box).outcome.kept
    problem_issue.report_problems(forge(box), [], kept)
    (notice,) = notices(box, "open")
    assert (notice["title"], "region-edited" in notice["body"], "Run workflow" in notice["body"]) == (
        "Generated text was edited manually", True, True
    )  # fmt: skip
    forced = Publisher(forge(box), "main", tree(dict(box.files)), lambda _: TODAY, is_forced=True).publish("commit")
    assert (forced.state, forced.outcome.kept, is_right(box)) == ("committed", [], True)
    problem_issue.report_problems(forge(box), [], forced.outcome.kept)
    assert notices(box, "open") == []


def test_the_pull_request_of_the_pages_has_the_status_that_a_rule_can_require(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    for _ in range(2):
        publish(box, "pull-request")
        state, _text = box.state()["statuses"]["readingroom/pages"][STATUS_CONTEXT]
        assert state == "success"
    statuses = [each for each in box.exchanges if each.request.method == "POST" and "/statuses/" in each.request.url]
    assert len(statuses) == 1


def test_a_job_that_may_not_set_a_status_opens_the_pull_request_all_the_same(box: Box) -> None:
    box.commit("main", {SESSION: GPT})
    way = forge(box, {key: value for key, value in PERMISSIONS.items() if key != "statuses"})
    assert publish(box, "pull-request", way).state == "proposed"


def test_a_merge_queue_and_every_pull_request_have_the_check_of_the_same_name() -> None:
    jobs = yaml.safe_load((ROOT / "workflow/readingroom.yml").read_text("utf-8"))["jobs"]
    assert jobs["check"]["name"] == STATUS_CONTEXT
    for event in ("opened", "synchronize", "reopened", "closed"):
        assert holds(jobs["check"]["if"], {"github": {"event_name": "pull_request", "event": {"action": event}}})
    assert holds(jobs["check"]["if"], {"github": {"event_name": "merge_group"}})
