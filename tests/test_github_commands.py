"""The commands that talk to GitHub: what they print, and how they end when something is missing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from box import REPOSITORY, Box
from groups import files, read, reported, run, write
from proposals import CONFIGURATION, PERMISSIONS, body, filled, group, settle
from readingroom.core.tree import FORM_PATH
from readingroom.store import form_schema

if TYPE_CHECKING:
    from pathlib import Path

NOWHERE = {"READINGROOM_TOKEN": "x", "GITHUB_API_URL": "http://127.0.0.1:9"}
REPO = {"full_name": REPOSITORY, "html_url": f"https://github.com/{REPOSITORY}", "default_branch": "main"}


def event(number: int = 1, text: str | None = None, action: str = "opened") -> dict[str, Any]:
    issue = {"number": number, "title": "A session", "body": body() if text is None else text, "state": "open"}
    return {"action": action, "issue": {**issue, "labels": [], "user": {"login": "guest"}}, "repository": REPO}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "group", group())


def propose(root: Path, payload: object, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
    path = root.parent / "event.json"
    path.write_text(payload if isinstance(payload, str) else json.dumps(payload), encoding="utf-8")
    return run(root, "propose", "--event", str(path), *options, env=env)


def test_a_dry_run_shows_the_branch_the_files_and_the_pull_request_and_sends_nothing(root: Path) -> None:
    before = read(root)
    done = propose(root, event(), "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    begin = "issue 1: open\nbranch readingroom/issue-1\n\n=== sessions/02-retentive-networks/session.yml\n"
    assert done.stdout.startswith(begin)
    assert "\ntitle: Retentive Networks\n" in done.stdout
    assert "\n=== pull request: 2024-02-05: Retentive Networks\n" in done.stdout
    assert "Closes #1\n\n=== comment\n<!-- readingroom-proposal state=open -->\nThank you" in done.stdout
    assert read(root) == before


def test_a_dry_run_of_a_wrong_proposal_shows_what_to_change(root: Path) -> None:
    done = propose(root, event(text=body(date="nowhen", leads="")), "--dry-run")
    assert done.returncode == 1
    assert done.stdout.startswith("issue 1: questions\n=== comment\n")
    assert '- **Date** found "nowhen". Expected: a day with its year, such as 2024-01-15' in done.stdout
    assert "- **Leads** has no answer, and needs one." in done.stdout


def test_a_dry_run_shows_nothing_of_what_it_would_not_propose(root: Path) -> None:
    secret = f"ghp_{'a1B2' * 9}"
    done = propose(root, event(text=body(anything_else=secret)), "--dry-run")
    assert (done.returncode, "issue 1: secret" in done.stdout, secret in done.stdout) == (1, True, False)
    assert propose(root, event(text="A bug"), "--dry-run").stdout == "issue 1: none\n"
    closed = event()
    closed["issue"]["state"] = "closed"
    assert propose(root, closed, "--dry-run").stdout == "issue 1: none\n"


@pytest.mark.parametrize("template", ["answer", "pull-request"])
def test_a_template_that_would_fail_is_reported_before_anything_is_made(root: Path, template: str) -> None:
    write(root, {f"templates/{template}.md.j2": "\n{{ nothing }}\n"})
    for done in (propose(root, event(), **NOWHERE), run(root, "check")):
        assert done.returncode == 1
        assert reported(done.stderr) == [f"templates/{template}.md.j2:2: error [template-failed]"]
        assert "'nothing' is undefined" in done.stderr


def test_control_characters_of_an_issue_do_not_reach_the_terminal(root: Path) -> None:
    done = propose(root, event(text=body(title="a\x1b[2Jb")), "--dry-run")
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    "command", ["::set-output name=x::1", "##[add-mask]e", "\n::stop-commands::x", "%0A::error::x"]
)
def test_no_text_of_an_issue_is_a_command_in_a_workflows_log(root: Path, command: str) -> None:
    for field in ("title", "date", "abstract", "leads", "anything_else"):
        lines = propose(root, event(text=body(**{field: command})), "--dry-run").stdout.split("\n")
        assert [line for line in lines if line.lstrip().startswith("::") or "##[" in line] == []


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ("{", "does not hold an event's payload in JSON"),
        ("[]", "does not hold an event's payload in JSON"),
        ("{}", "The event is not about an issue."),
        ({"issue": {"number": 1}}, "does not name its repository"),
        ({"issue": {}, "repository": REPO}, "The payload is not that of the event issues"),
        ({"issue": 5, "repository": REPO}, "The payload is not that of the event issues"),
        ({"issue": None, "repository": REPO}, "The payload is not that of the event issues"),
        ({"issue": {"number": 1}, "repository": 5}, "does not name its repository"),
        (event(), "There is no token."),
    ],
)
def test_an_event_that_cannot_be_used_is_reported(root: Path, payload: object, message: str) -> None:
    done = propose(root, payload)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("issue", "reason"),
    [
        ({"number": 1}, "(it lacks 'title')"),
        ("x", "("),
        (None, "("),
        (event()["issue"] | {"user": "x"}, "("),
        (event()["issue"] | {"user": {"login": 5}}, "(author is 5)"),
        (event()["issue"] | {"labels": [5]}, "("),
        (event()["issue"] | {"number": "x"}, "(number is 'x')"),
        (event()["issue"] | {"title": None}, "(title is None)"),
        (event()["issue"] | {"body": {"a": 1}}, "(body is {'a': 1})"),
    ],
)
def test_a_dry_run_needs_the_whole_issue(root: Path, issue: object, reason: str) -> None:
    done = propose(root, {"issue": issue, "repository": REPO}, "--dry-run")
    message = " ".join(done.stderr.split())
    assert (done.returncode, f"The event's issue cannot be read {reason}" in message) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("name", "payload"), [("issues", {}), ("pull_request", {"pull_request": {}}), ("push", {"ref": "refs/heads/main"})]
)
def test_a_payload_of_another_event_is_reported(root: Path, name: str, payload: dict[str, Any]) -> None:
    path = write(root.parent, {"event.json": json.dumps(payload)}) / "event.json"
    done = run(root, "run", "--event", str(path), "--event-name", name)
    assert (done.returncode, f"The payload is not that of the event {name}" in done.stderr) == (2, True), done.stderr


def test_no_event_and_a_missing_one_are_reported(root: Path) -> None:
    assert "There is no event." in run(root, "propose").stderr
    missing = run(root, "propose", "--event", "none.json")
    assert (missing.returncode, missing.stderr) == (2, "Cannot continue: No such file or directory: none.json\n")


@pytest.mark.parametrize(("day", "code"), [("2024-01-15", 1), ("2024-03-01", 0)])
def test_a_check_in_a_workflow_takes_the_day_it_is_given(root: Path, day: str, code: int) -> None:
    made = files(
        {"01-bert": {"title": "Bert", "date": "2024-02-05"}},
        {"templates/next.md.j2": "{{ session.titel if session }}\n"},
    )
    write(root, {**made, "event.json": json.dumps({"repository": REPO})})
    done = run(root, "run", "--command", "check", "--event", "event.json", "--today", day, env={"GITHUB_TOKEN": ""})
    assert (done.returncode, "titel" in done.stdout) == (code, code == 1), done.stdout + done.stderr


@pytest.mark.parametrize("command", ["build", "check", "propose"])
def test_a_group_below_the_top_of_its_repository_is_reported_before_anything_is_sent(root: Path, command: str) -> None:
    subprocess.run(["git", "init", "--quiet", str(root.parent)], check=True)
    write(root.parent, {"event.json": json.dumps(event())})
    given = ("--event", str(root.parent / "event.json"), "--event-name", "issues")
    for done in (run(root, "run", "--command", command, *given, env=NOWHERE), propose(root, event(), "--dry-run")):
        assert (done.returncode, done.stdout) == (2, "")
        assert "The group is in group/ of a larger repository." in done.stderr
    pages = run(root, "run", "--command", "build", "--publish", "none", *given, env=NOWHERE)
    assert pages.returncode == 0


def test_a_server_that_cannot_be_reached_is_reported(root: Path) -> None:
    done = propose(root, event(), **NOWHERE)
    assert done.returncode == 2
    assert "GitHub gave no answer (GET /issues/1: ConnectionError). Run it again: nothing is done twice." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_cannot_be_reached_for_the_default_branch_is_reported(root: Path) -> None:
    write(root.parent, {"event.json": "{}"})
    env = {**NOWHERE, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_EVENT_NAME": "schedule"}
    done = run(root, "run", "--event", str(root.parent / "event.json"), env=env)
    assert (done.returncode, "GitHub gave no answer" in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("answer", [b"[]", b"{}", b"<html></html>", b"null", b'{"number": 1}'])
@pytest.mark.parametrize("name", ["issues", "pull_request", "push"])
def test_an_answer_that_is_not_githubs_is_taken_for_none(root: Path, name: str, answer: bytes) -> None:
    class Nonsense(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    pull = {"number": 2, "head": {"ref": "topic", "repo": None}, "base": {"sha": "0" * 40}}
    payload = {"issues": event(), "pull_request": {"action": "opened", "pull_request": pull, "repository": REPO}}
    path = write(
        root.parent, {"event.json": json.dumps(payload.get(name, {"ref": "refs/heads/main", "repository": REPO}))}
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), Nonsense) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        env = {"READINGROOM_TOKEN": "x", "GITHUB_API_URL": f"http://127.0.0.1:{server.server_port}"}
        done = run(root, "run", "--event", str(path / "event.json"), "--event-name", name, env=env)
        server.shutdown()
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert "the answer is not in GitHub's format" in done.stderr


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "The token is not valid, or has expired."),
        (403, 'In the workflow, the job needs the permission "issues: write".'),
        (404, "There is no such repository, issue or branch"),
        (409, "The repository is empty, or somebody changed it"),
        (410, "Issues are disabled in this repository"),
        (413, "Check it out with actions/checkout in an earlier step"),
    ],
)
def test_what_github_refuses_ends_with_what_to_do(root: Path, status: int, message: str) -> None:
    with Box(group()) as box:
        box.faults.add(status, message="No")
        done = propose(root, event(), READINGROOM_TOKEN=box.token(**PERMISSIONS), GITHUB_API_URL=box.url)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr


def test_a_group_that_is_invalid_is_reported_before_anything_is_sent(tmp_path: Path) -> None:
    root = write(tmp_path / "group", files({}, {"readingroom.yml": "name: x\n"}))
    done = propose(root, event(), **NOWHERE)
    assert (done.returncode, reported(done.stderr)) == (1, ["readingroom.yml:1: error [key-missing]"])
    assert "time_zone" in done.stderr


def test_from_a_terminal_an_issue_becomes_a_pull_request_and_is_withdrawn_when_it_is_gone(root: Path) -> None:
    with Box(group()) as box:
        made = box.open_issue("A session", body(), user="guest")
        made["repository"] |= {"default_branch": "main"}
        env = {"READINGROOM_TOKEN": box.token(**PERMISSIONS), "GITHUB_API_URL": box.url}
        done = propose(root, made, **env)
        assert (done.returncode, done.stdout) == (0, "issue 1: open, pull request 2\n"), done.stderr
        gone = propose(root, {**made, "action": "transferred"}, **env)
        assert (gone.returncode, gone.stdout) == (0, "issue 1: withdrawn, pull request 2\n"), gone.stderr
        assert [each["state"] for each in box.state()["pulls"]] == ["closed"]
        assert set(box.state()["branches"]) == {"main"}


def test_a_locked_issue_gets_its_pull_request_and_no_comment(root: Path) -> None:
    with Box(group()) as box:
        made = box.open_issue("A session", body(), user="guest")
        box.emulator.do("PUT", "/issues/1/lock", {"lock_reason": "resolved"})
        env = {"READINGROOM_TOKEN": box.token(**PERMISSIONS), "GITHUB_API_URL": box.url}
        assert propose(root, made, **env).stdout == "issue 1: open, pull request 2\n"
        assert box.state()["issues"][0]["comments"] == []


def test_a_run_that_is_killed_is_taken_up_by_the_next(root: Path) -> None:
    with Box(group()) as box:
        made = box.open_issue("A session", body(), user="guest")
        path = write(root.parent, {"event.json": json.dumps(made)}) / "event.json"
        command = [sys.executable, "-m", "readingroom", "propose", "--root", str(root), "--event", str(path)]
        env = {"READINGROOM_TOKEN": box.token(**PERMISSIONS), "GITHUB_API_URL": box.url}
        processes: list[subprocess.Popen[bytes]] = []

        def kill() -> None:
            processes[0].kill()

        box.faults.add("drop", method="POST", path="/pulls$", after=True, then=kill)
        processes.append(subprocess.Popen(command, env=env))
        assert processes[0].wait(30) == -signal.SIGKILL
        assert settle(box, 1).state == "open"
        assert [each["state"] for each in box.state()["pulls"]] == ["open"]
        assert len(box.state()["issues"][0]["comments"]) == 1


@pytest.mark.parametrize("publish", ["commit", "pull-request"])
def test_a_run_into_a_protected_branch_says_which_way_to_choose(root: Path, publish: str) -> None:
    said = "Changes must be made through a pull request."
    with Box(group()) as box:
        box.commit("main", {"sessions/02-gpt/session.yml": b"title: Gpt\ndate: 2024-01-22\n"})
        box.faults.add(422, method="PATCH", path="/git/refs/heads/main$", message=said)
        path = write(root.parent, {"event.json": json.dumps({"repository": box.emulator.get("")})}) / "event.json"
        env = {"READINGROOM_TOKEN": box.token(**PERMISSIONS), "GITHUB_API_URL": box.url, "READINGROOM_PUBLISH": publish}
        done = run(root, "run", "--event", str(path), "--event-name", "schedule", "--today", "2024-01-15", env=env)
    if publish == "pull-request":
        assert (done.returncode, done.stderr) == (0, "")
        return
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "The branch main does not accept a commit from this workflow (" in done.stderr
    assert f"{said}). Set the action's input publish to pull-request, or let the workflow's App pass" in done.stderr


# Forms


def test_form_prints_what_build_writes(root: Path) -> None:
    assert run(root, "form").stdout == (root / FORM_PATH).read_text("utf-8")


def test_form_parse_prints_json_for_any_form(root: Path) -> None:
    other = "name: B\nbody:\n  - type: input\n    id: one\n    attributes: {label: One}\n"
    write(root, {"f.yml": other, "body.md": filled(form_schema.read_form("f.yml", other.encode()), {"one": "1"})})
    done = run(root, "form", "parse", "--form", str(root / "f.yml"), str(root / "body.md"))
    assert done.returncode == 0
    assert json.loads(done.stdout) == [{"id": "one", "label": "One", "type": "input", "value": "1", "questions": []}]


def test_form_parse_reports_questions_by_its_exit_code(root: Path) -> None:
    write(root, {"body.md": "### Title\n\nx\n"})
    done = run(root, "form", "parse", "--form", str(root / FORM_PATH), str(root / "body.md"))
    assert (done.returncode, done.stderr) == (1, "")
    assert run(root, "form", "parse", "--form", str(root / "readingroom.yml"), str(root / "body.md")).returncode == 1


def test_a_group_without_rooms_gets_a_form_too(tmp_path: Path) -> None:
    root = write(tmp_path, files({}, **{**CONFIGURATION, "rooms": [], "kinds": []}))
    assert run(root, "form").returncode == 0
