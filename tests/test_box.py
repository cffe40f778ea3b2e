"""GitHub in a box: what the other tests stand on."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import github
import pytest
import requests
from github import Auth, GithubException, InputGitTreeElement
from github.Repository import Repository

from box import BOT, REPOSITORY, Box, bare, check
from box.bridge import Bridge
from box.contract import KNOWN
from box.proxy import Exchange
from box.workflow import Ended, Workflow, evaluated, holds
from box.world import Request

FILES = {
    "README.md": b"# A group\n",
    "sessions/01-a/session.yml": "title: Ωmega\n".encode(),
    "logo.png": b"\x89PNG\xff",
}
ALL = {"contents": "write", "issues": "write", "pull_requests": "write", "statuses": "write"}
BRANCH = "readingroom/issue-1"


@pytest.fixture
def box() -> Iterator[Box]:
    with Box(FILES) as made:
        yield made


def client(box: Box, token: str | None = None, **options: Any) -> Repository:
    """Return the repository as PyGithub has it; asked for nothing yet, and trying nothing twice."""
    auth = Auth.Token(token or box.token(**ALL))
    calm = {"retry": None, "timeout": 5, "seconds_between_requests": 0, "seconds_between_writes": 0}
    found = github.Github(base_url=box.url, auth=auth, **{**calm, **options})
    return Repository(found.requester, {}, {"url": f"/repos/{REPOSITORY}"}, completed=False)


def propose(repo: Repository, files: dict[str, str], branch: str = BRANCH) -> int:
    """Open a pull request with one commit through the Git data API."""
    base = repo.get_git_commit(repo.get_git_ref("heads/main").object.sha)
    entries = [InputGitTreeElement(path, "100644", "blob", content=text) for path, text in files.items()]
    commit = repo.create_git_commit("Propose", repo.create_git_tree(entries, base.tree), [base])
    repo.create_git_ref(f"refs/heads/{branch}", commit.sha)
    return repo.create_pull(base="main", head=branch, title="A session", body="Closes #1").number


def test_a_box_holds_the_given_files_and_nothing_else(box: Box) -> None:
    assert box.tree() == FILES
    texts = {"README.md": "# A group\n", "sessions/01-a/session.yml": "title: Ωmega\n", "logo.png": "\\x89PNG\\xff"}
    assert box.state() == {"branches": {"main": texts}, "pulls": [], "issues": [], "labels": {}, "statuses": {}}
    assert box.exchanges == []


def test_a_box_removes_everything_it_made() -> None:
    with Box(FILES) as box:
        folder, token = box.folder, box.token(issues="write")
        box.open_issue("A", "B")
        client(box).get_git_ref("heads/main")
        box.faults.add(500)
    assert not folder.exists()
    with Box({"README.md": b"x"}) as other:
        assert other.tree() == {"README.md": b"x"}
        assert (other.state()["issues"], other.exchanges, other.faults.all) == ([], [], [])
        with pytest.raises(GithubException, match="Bad credentials"):
            client(other, token).get_git_ref("heads/main")


def test_people_write_issues_and_commits_and_the_state_shows_them(box: Box) -> None:
    event = box.open_issue("A", "B", ["session"], user="guest")
    assert (event["action"], event["issue"]["number"], event["sender"]["login"]) == ("opened", 1, "guest")
    assert (event["repository"]["full_name"], event["issue"]["user"]["login"]) == (REPOSITORY, "guest")
    assert box.edit_issue(1, body="C")["changes"] == {"body": {"from": "B"}}
    assert box.close_issue(1, reason="not_planned")["issue"]["state_reason"] == "not_planned"
    assert box.reopen_issue(1)["issue"]["state"] == "open"
    box.commit("topic", {"README.md": None, "new.txt": b"x"})
    state = box.state()
    assert state["issues"][0] | {"body": "C", "labels": ["session"], "state": "open"} == state["issues"][0]
    assert sorted(state["branches"]["topic"]) == ["logo.png", "new.txt", "sessions/01-a/session.yml"]


def test_a_token_does_what_it_was_minted_for_and_no_more(box: Box) -> None:
    permissions = {key: value for key, value in ALL.items() if key != "pull_requests"}
    with pytest.raises(GithubException, match="Resource not accessible by integration") as caught:
        propose(client(box, box.token(**permissions)), {"x": "y"})
    assert caught.value.status == 403
    assert BRANCH in box.state()["branches"]
    with pytest.raises(GithubException, match="Bad credentials"):
        client(box, "ghp_nobody").get_git_ref("heads/main")


@pytest.mark.parametrize("status", [403, 409, 422, 500, 502])
@pytest.mark.parametrize("after", [False, True])
def test_a_status_is_answered_instead(box: Box, status: int, after: bool) -> None:  # noqa: FBT001
    repo = client(box)
    box.faults.add(status, method="POST", at=2, after=after)
    repo.create_label("one", "ff0000")
    with pytest.raises(GithubException) as caught:
        repo.create_label("two", "ff0000")
    repo.create_label("three", "ff0000")
    assert caught.value.status == status
    assert sorted(box.state()["labels"]) == sorted(["one", "three", *(["two"] if after else [])])
    assert [each.fault for each in box.exchanges] == ["", f"{status} after" if after else str(status), ""]


@pytest.mark.parametrize("after", [False, True])
def test_a_connection_ends_without_an_answer(box: Box, after: bool) -> None:  # noqa: FBT001
    called: list[int] = []
    box.faults.add("drop", path="/labels$", after=after, then=lambda: called.append(len(box.state()["labels"])))
    with pytest.raises(requests.ConnectionError):
        client(box).create_label("one", "ff0000")
    assert called == [int(after)] == [len(box.state()["labels"])]
    assert [str(each) for each in box.exchanges] == [f"POST /repos/{REPOSITORY}/labels → 0"]


def test_a_rate_limit_says_how_long_to_wait_and_clients_wait(box: Box) -> None:
    box.faults.add(403, retry_after=1)
    before = time.monotonic()
    client(box, retry=github.GithubRetry(total=2)).get_git_ref("heads/main")
    assert time.monotonic() - before >= 1
    assert [each.status for each in box.exchanges] == [403, 200]


def test_a_refusal_with_words_of_its_own_is_no_rate_limit(box: Box) -> None:
    box.faults.add(
        403, method="POST", path="/pulls$", message="GitHub Actions is not permitted to create pull requests."
    )
    with pytest.raises(GithubException, match="not permitted"):
        propose(client(box), {"x": "y"})
    assert "Retry-After" not in box.exchanges[-1].headers


def test_what_a_proposal_asks_and_gets_is_what_github_describes(box: Box) -> None:
    box.open_issue("A", "B")
    repo = client(box)
    number = propose(repo, {"sessions/02-b/session.yml": "title: B\n"})
    pull, issue = repo.get_pull(number), repo.get_issue(1)
    pull.add_to_labels("session")
    issue.create_comment("See the proposal").edit("See the proposal again")
    repo.get_commit(pull.head.sha).create_status("success", description="Valid", context="readingroom")
    assert repo.get_commit(pull.head.sha).get_combined_status().state == "success"
    assert [each.number for each in repo.get_pulls(head=f"octo:{BRANCH}", state="all")] == [number]
    assert not list(repo.get_git_matching_refs("heads/none"))
    pull.edit(state="closed")
    repo.get_git_ref(f"heads/{BRANCH}").delete()
    assert all(KNOWN.values())


def test_a_box_reports_at_its_end_what_github_does_not_describe() -> None:
    with pytest.raises(AssertionError, match=f"GET /repos/{REPOSITORY}/nothing: GitHub describes no such request"):
        ask_for_nothing()


def test_a_box_does_not_stand_before_what_went_wrong_in_it() -> None:
    with pytest.raises(KeyError):
        ask_for_nothing(KeyError())


def ask_for_nothing(error: Exception | None = None) -> None:
    with Box(FILES) as box:
        requests.get(f"{box.url}/repos/{REPOSITORY}/nothing", timeout=5)
        if error:
            raise error


def asked(method: str, path: str, data: Any = None, status: int = 200, answer: Any = None) -> Exchange:
    return Exchange(Request(method, f"/repos/{REPOSITORY}{path}", data, ""), status, answer, {})


@pytest.mark.parametrize(
    ("exchange", "line"),
    [
        (asked("GET", "/nothing"), "GET /repos/octo/group/nothing: GitHub describes no such request"),
        (asked("GET", "/pulls?head=a&stat=open", answer=[]), "?stat: GitHub describes no such parameter"),
        (asked("GET", "/pulls?state=new", answer=[]), "?state=new: not what GitHub describes"),
        (asked("POST", "/git/refs", {"ref": "refs/heads/a"}, 409), 'body: "sha" is a required property'),
        (asked("POST", "/issues", {"title": "A", "labls": []}, 503), "body/labls: GitHub describes no such key"),
        (asked("POST", "/issues", {"title": "A"}, 202), "→ 202: GitHub describes no such status"),
        (asked("DELETE", "/git/refs/heads/a/b", None, 204, {}), "→ 204: GitHub describes no body"),
        (asked("GET", "/git/ref/heads/a/b", answer={"ref": 1}), '→ 200/ref: 1 is not of type "string"'),
    ],
)
def test_a_wrong_request_or_answer_is_reported(exchange: Exchange, line: str) -> None:
    assert any(line in each for each in check([exchange])), check([exchange])


def test_commit_statuses_need_their_permission_and_a_commit(box: Box) -> None:
    repo = client(box)
    sha = repo.get_git_ref("heads/main").object.sha
    repo.get_commit(sha).create_status("pending", context="a")
    repo.get_commit(sha).create_status("success", context="a", description="Done")
    assert box.state()["statuses"] == {"main": {"a": ("success", "Done")}}
    of_commit = requests.get(f"{box.url}/repos/{REPOSITORY}/commits/{sha}/statuses", timeout=5).json()
    assert [each["state"] for each in of_commit] == ["success", "pending"]
    with pytest.raises(GithubException, match="not accessible"):
        client(box, box.token(contents="write")).get_commit(sha).create_status("success")
    unknown = f"{box.url}/repos/{REPOSITORY}/statuses/{'0' * 40}"
    assert requests.post(unknown, json={"state": "success"}, timeout=5).status_code == 403


def test_pull_requests_that_cannot_be_are_refused(box: Box) -> None:
    repo = client(box)
    propose(repo, {"x": "y"})
    repo.create_git_ref("refs/heads/empty", repo.get_git_ref("heads/main").object.sha)
    for head, message in ((BRANCH, "already exists for octo:"), ("empty", "No commits between"), ("none", "invalid")):
        with pytest.raises(GithubException, match=message) as caught:
            repo.create_pull(base="main", head=head, title="A", body="")
        assert caught.value.status == 422
    assert sorted(box.state()["branches"]) == ["empty", "main", BRANCH]


def test_a_pull_request_follows_its_branch_until_it_is_closed(box: Box) -> None:
    repo = client(box)
    number = propose(repo, {"x": "y"})
    moved = box.commit(BRANCH, {"x": b"z"})
    assert repo.get_pull(number).head.sha == moved == next(iter(repo.get_pulls())).head.sha
    repo.get_git_ref(f"heads/{BRANCH}").delete()
    assert (repo.get_pull(number).state, repo.get_pull(number).head.sha) == ("closed", moved)
    with pytest.raises(GithubException, match="has been deleted"):
        repo.get_pull(number).edit(state="open")
    main = repo.get_git_ref("heads/main").object.sha
    reference = repo.create_git_ref(f"refs/heads/{BRANCH}", main)
    with pytest.raises(GithubException, match="force-pushed or recreated"):
        repo.get_pull(number).edit(state="open")
    reference.edit(moved)
    repo.get_pull(number).edit(state="open")
    assert box.state()["pulls"][0]["state"] == "open"


def test_references_that_are_not_there_cannot_be_changed(box: Box) -> None:
    reference = client(box).get_git_ref("heads/main")
    missing = reference.url.replace("main", "none")
    token = {"Authorization": f"Bearer {box.owner_token}"}
    assert "/git/refs/heads/" in missing
    assert requests.delete(missing, headers=token, timeout=5).status_code == 422


def test_proposals_are_merged_as_git_does_and_close_their_issue(box: Box) -> None:
    box.open_issue("A", "B")
    repo = client(box)
    first, second = propose(repo, {"a": "1"}), propose(repo, {"b": "2"}, "readingroom/issue-2")
    box.merge(first)
    assert box.merge(second)["pull_request"]["merged"] is True
    assert box.tree() == FILES | {"a": b"1", "b": b"2"}
    assert box.state()["issues"][0]["state"] == "closed"
    assert [each["merged"] for each in box.state()["pulls"]] == [True, True]


def test_a_conflict_is_a_conflict() -> None:
    assert bare.merge({"a": b"1\n"}, {"a": b"1\n", "b": b"2"}, {"ü c": b"3"}) == {"b": b"2", "ü c": b"3"}
    with pytest.raises(bare.Conflict, match="CONFLICT"):
        bare.merge({"a": b"1\n"}, {"a": b"2\n"}, {"a": b"3\n"})


def workflow(folder: Path, on: str, steps: str = "- run: echo", more: str = "") -> Path:
    path = folder / "workflow.yml"
    job = "jobs:\n  one:\n    runs-on: ubuntu-latest\n    permissions:\n      issues: write\n"
    job += f"    steps:\n{_deeper(steps)}"
    path.write_text(f"on:\n{_deeper(on)}\npermissions: {{}}\n{more}\n{job}\n", encoding="utf-8")
    return path


def _deeper(text: str) -> str:
    return "\n".join(f"      {line}" for line in text.splitlines())


@pytest.mark.parametrize(
    ("on", "event", "payload", "reason"),
    [
        ("issues:", "issues", {"action": "labeled"}, ""),
        ("issues:", "push", {"ref": "refs/heads/main"}, "event"),
        ("issues: {types: [opened]}", "issues", {"action": "opened"}, ""),
        ("issues: {types: [opened]}", "issues", {"action": "edited"}, "types"),
        ("pull_request:", "pull_request", {"action": "closed"}, "types"),
        ("push: {branches: [main, 'v*']}", "push", {"ref": "refs/heads/v1"}, ""),
        ("push: {branches: [main, 'v*']}", "push", {"ref": "refs/heads/v1/x"}, "branches"),
        ("push: {branches: ['**', '!readingroom/**']}", "push", {"ref": f"refs/heads/{BRANCH}"}, "branches"),
        ("push: {branches-ignore: ['readingroom/**']}", "push", {"ref": f"refs/heads/{BRANCH}"}, "branches"),
        ("push: {paths: ['sessions/**']}", "push", {"ref": "refs/heads/main"}, ""),
        ("push: {paths: ['docs/*.md']}", "push", {"ref": "refs/heads/main"}, "paths"),
        ("push: {paths-ignore: ['sessions/**']}", "push", {"ref": "refs/heads/main"}, "paths"),
    ],
)
def test_events_are_filtered_as_github_does(
    tmp_path: Path, on: str, event: str, payload: dict[str, str], reason: str
) -> None:
    def changed() -> list[str]:
        return ["sessions/01-a/session.yml"]

    assert Workflow(workflow(tmp_path, on)).refuses(event, payload, changed) == reason


def test_names_of_groups_are_evaluated() -> None:
    values = {"github": {"event": {"issue": {"number": 3}}, "ref": ""}}
    assert evaluated("a-${{ github.ref || github.event.issue.number }}-${{ 'x' }}", values) == "a-3-x"
    with pytest.raises(NotImplementedError):
        evaluated("${{ format('{0}', 1) }}", values)


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("true", True),
        ("github.event_name == 'push' && github.ref_name == github.event.default", True),
        ("github.event_name == 'issues' || (!github.none && startsWith(github.ref_name, 'ma'))", True),
        ("startsWith(github.none, 'x') || github.event_name != 'push'", False),
    ],
)
def test_conditions_of_jobs_are_evaluated(condition: str, wanted: bool) -> None:  # noqa: FBT001
    github = {"event_name": "push", "ref_name": "main", "event": {"default": "main"}}
    assert holds(condition, {"github": github}) is wanted
    with pytest.raises(NotImplementedError):
        holds(f"{condition} + 1", {"github": github})


def test_a_job_that_is_skipped_takes_nobodys_place_in_a_group(tmp_path: Path) -> None:
    job = {"if": "github.event_name == 'push'", "runs-on": "ubuntu-latest", "concurrency": "one", "steps": []}
    path = tmp_path / "one.yml"
    path.write_text(json.dumps({"on": ["push", "issues"], "jobs": {"pages": job}}), encoding="utf-8")
    groups = [unit.group for event in ("push", "issues") for unit in Workflow(path).units({"event_name": event})]
    assert groups == ["one", ""]


ACTION = """
name: Greet
description: Greet
inputs:
  token: {description: A token}
outputs:
  number: {description: A number, value: "${{ steps.greet.outputs.number }}"}
runs:
  using: composite
  steps:
    - id: greet
      shell: python3 {0}
      env: {TOKEN: "${{ inputs.token }}"}
      run: |
        import json, os, urllib.request
        event = json.load(open(os.environ["GITHUB_EVENT_PATH"]))
        url = f"{os.environ['GITHUB_API_URL']}/repos/octo/group/issues/{event['issue']['number']}/comments"
        headers = {"Authorization": "Bearer " + os.environ["TOKEN"]}
        request = urllib.request.Request(url, json.dumps({"body": "Hello"}).encode(), headers)
        print("answered", urllib.request.urlopen(request).status)
        print("::notice file=a.yml,line=3::See%0Athis")
        open(os.environ["GITHUB_STEP_SUMMARY"], "a").write("# Greeted")
        open(os.environ["GITHUB_OUTPUT"], "a").write("number=5")
"""
STEPS = """
- uses: actions/checkout@v4
- id: greet
  uses: octo/greet@v1
  with: {token: "${{ github.token }}"}
- run: cat README.md; echo "$SOME $GITHUB_SHA"; env | grep -c HYPOTHESIS_MARK || exit 3
"""


def test_an_event_runs_the_workflow_once_and_what_it_does_starts_nothing(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYPOTHESIS_MARK", "must not reach a step")
    (tmp_path / "action.yml").write_text(ACTION, encoding="utf-8")
    file = workflow(tmp_path, "issues: {types: [opened]}\nissue_comment:", STEPS)
    with Bridge(box, file, {"octo/greet@v1": tmp_path}, {"SOME": "more"}) as bridge:
        box.open_issue("A", "B", user="guest")
        box.edit_issue(1, title="C")
        (run,) = bridge.settle()
    assert [str(each) for each in bridge.deliveries] == [
        "issues opened",
        "issues edited: types",
        "issue_comment created: own token",
    ]
    assert (run.job, run.event, run.result, run.exit_code) == ("one", "issues", "failure", 1)
    assert run.annotations == [{"level": "notice", "message": "See\nthis", "file": "a.yml", "line": "3"}]
    assert (run.summaries, run.outputs["greet.number"]) == (["# Greeted"], "5")
    sha = box.repository.branches()["main"]
    assert all(text in run.log for text in ("answered 201", "# A group", f"more {sha}", "0\n"))
    assert box.state()["issues"][0]["comments"] == [{"user": BOT, "body": "Hello"}]


def test_an_event_that_nobody_signed_starts_nothing(box: Box, tmp_path: Path) -> None:
    with Bridge(box, workflow(tmp_path, "issues:")) as bridge:
        bridge.receive("issues", json.dumps({"action": "opened", "sender": {"login": "octo"}}).encode(), "sha256=0")
        assert bridge.settle() == []
    assert [each.refused for each in bridge.deliveries] == ["signature"]


@pytest.mark.parametrize(
    ("queue", "expected"), [("single", ["cancelled", "success", "success"]), ("max", ["success"] * 3)]
)
def test_runs_of_a_group_wait_for_each_other(box: Box, tmp_path: Path, queue: str, expected: list[str]) -> None:
    more = f"concurrency:\n  group: all-${{{{ github.event_name }}}}\n  queue: {queue}"
    steps = f"- run: |\n    set -e; mkdir {tmp_path}/busy; sleep 0.5; rmdir {tmp_path}/busy"
    with Bridge(box, workflow(tmp_path, "issues:", steps, more)) as bridge:
        threads = [threading.Thread(target=box.open_issue, args=(str(each), "")) for each in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(run.result for run in bridge.settle()) == expected


def test_a_job_gets_a_token_with_its_own_permissions(box: Box, tmp_path: Path) -> None:
    request = 'curl -s -o /dev/null -w "%{http_code}\\n" -H "Authorization: Bearer ${{ github.token }}"'
    sent = {"labels": '{"name":"x"}', "git/blobs": '{"content":"x"}'}
    steps = "\n".join(
        f"- run: {request} -d '{data}' $GITHUB_API_URL/repos/octo/group/{path}" for path, data in sent.items()
    )
    with Bridge(box, workflow(tmp_path, "issues:", steps.replace("- run: ", "- run: |\n    "))) as bridge:
        box.open_issue("A", "")
        assert bridge.settle()[0].log == "201\n403\n"


NEEDING = """
on: [push, issues]
permissions: {}
jobs:
  list:
    if: github.event_name == 'issues'
    runs-on: ubuntu-latest
    outputs: {numbers: "${{ steps.list.outputs.numbers }}"}
    steps:
      - id: list
        run: echo "numbers=[3, 5]" >> "$GITHUB_OUTPUT"
  each:
    needs: list
    if: needs.list.outputs.numbers != '[]'
    runs-on: ubuntu-latest
    strategy: {max-parallel: 1, matrix: {number: "${{ fromJSON(needs.list.outputs.numbers) }}"}}
    concurrency: {group: "number-${{ matrix.number }}"}
    steps:
      - run: echo "at ${{ matrix.number }}"
  last:
    needs: [list, each]
    if: ${{ !cancelled() && needs.each.result == 'success' }}
    runs-on: ubuntu-latest
    steps:
      - run: echo end
"""


def test_jobs_wait_for_those_they_need_and_run_once_for_each_value_of_a_matrix(box: Box, tmp_path: Path) -> None:
    (tmp_path / "workflow.yml").write_text(NEEDING, encoding="utf-8")
    with Bridge(box, tmp_path / "workflow.yml") as bridge:
        box.open_issue("A", "")
        runs = bridge.settle()
        assert [each.job for each in runs] == ["list", "each", "each", "last"]
        assert sorted(each.log for each in runs) == ["", "at 3\n", "at 5\n", "end\n"]
        box.commit("main", {"x": b"y"})
        assert {each.job: each.result for each in bridge.settle()[4:]} == dict.fromkeys(
            ("list", "each", "last"), "skipped"
        )


def test_a_job_waits_for_the_group_of_its_value(tmp_path: Path) -> None:
    (tmp_path / "workflow.yml").write_text(NEEDING, encoding="utf-8")
    ended = {"list": Ended("success", {"numbers": "[3, 5]"})}
    read = Workflow(tmp_path / "workflow.yml")
    assert read.following("list", ended) == ["each"]
    assert [each.group for each in read.units_of("each", {}, ended)] == ["number-3", "number-5"]
    assert read.units_of("each", {}, {"list": Ended("failure")}) == []


def test_an_event_that_github_loses_starts_nothing(box: Box, tmp_path: Path) -> None:
    with Bridge(box, workflow(tmp_path, "issues:")) as bridge:
        bridge.drops = 1
        box.open_issue("A", "")
        assert bridge.settle() == []
        box.edit_issue(1, title="B")
        assert [each.result for each in bridge.settle()] == ["success"]
    assert [each.refused for each in bridge.deliveries] == ["lost", ""]


def test_requests_are_refused_once_those_of_the_hour_are_used_up(box: Box) -> None:
    box.world.remaining = 1
    repo = client(box)
    repo.get_git_ref("heads/main")
    with pytest.raises(github.RateLimitExceededException):
        repo.get_git_ref("heads/main")
    assert box.exchanges[-1].headers["X-RateLimit-Remaining"] == "0"
    box.world.remaining = None
    repo.get_git_ref("heads/main")


def test_nothing_is_answered_while_github_is_down(box: Box) -> None:
    box.world.is_down = True
    with pytest.raises(GithubException) as caught:
        client(box).get_git_ref("heads/main")
    assert caught.value.status == 502
    box.open_issue("A", "B")
    box.world.is_down = False
    assert client(box).get_issue(1).title == "A"


def test_lists_have_pull_requests_among_the_issues_and_may_be_late(box: Box) -> None:
    box.open_issue("A", "B")
    repo = client(box)
    propose(repo, {"x": "y"})
    assert [(each.number, bool(each.pull_request)) for each in repo.get_issues()] == [(2, True), (1, False)]
    box.world.lags = True
    assert [each.number for each in repo.get_issues()] == [1]
    assert list(repo.get_pulls()) == []


def test_comments_of_all_issues_are_listed_by_their_last_change(box: Box) -> None:
    for number in (1, 2):
        box.open_issue("A", "B")
        box.emulator.do("POST", f"/issues/{number}/comments", {"body": str(number)})
    assert [each.body for each in client(box).get_issues_comments(sort="updated", direction="desc")] == ["2", "1"]
