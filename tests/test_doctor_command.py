"""The command doctor as people and programs use it: its lines, its JSON, its exit codes, and how it ends."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from box import REPOSITORY, Box
from groups import ROOT, TODAY, run, write
from proposals import group
from readingroom.core.tree import FORM_PATH, WORKFLOW_PATH
from readingroom.setup import environment, init
from readingroom.setup.check_result import CheckState
from test_cli import on_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OK, TO_FIX, NOT_DONE = 0, 1, 2
DAY = ("--today", str(TODAY))
RELEASE = init.render_workflow(environment.get_program_commit()).encode()
USES = re.findall(rb"readingroom/readingroom@\S+", RELEASE)[0]
TOKEN = {"READINGROOM_TOKEN": "ghp_nobody"}
NOWHERE = "http://127.0.0.1:9"
READS = {"administration": "read", "actions": "read", "contents": "read", "issues": "read", "pages": "read"}
LINE = re.compile(r"(ok     |warning|failed |unknown) [a-z-]+: .*\.")
UNKNOWN_REPOSITORY = re.compile(r"^unknown settings: .*--repository owner/name.*readingroom\.yml\.$", re.MULTILINE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a group in which all is right."""
    return write(tmp_path / "group", {**group(), WORKFLOW_PATH: RELEASE})


def doctor(root: Path, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
    known = {"READINGROOM_TOKEN": "", "GITHUB_TOKEN": "", "GITHUB_REPOSITORY": "", **env}
    return run(root, "doctor", *DAY, *options, env=known)


def git(root: Path, *command: str) -> None:
    subprocess.run(["git", *command], cwd=root, check=True, capture_output=True)


def test_without_a_token_each_line_says_ok_and_the_last_but_one_what_to_give(root: Path) -> None:
    done = doctor(root)
    *lines, settings, last = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (OK, "")
    assert [line for line in lines if not LINE.fullmatch(line) or not line.startswith("ok ")] == []
    assert settings.startswith("unknown settings: Give a token to look at the repository's settings: ")
    assert last == "13 ok, 1 unknown."


def test_this_repository_itself_is_right() -> None:
    done = doctor(ROOT)
    assert (done.returncode, "failed" in done.stdout) == (OK, False), done.stdout


def test_a_group_below_the_top_of_a_repository_is_reported(root: Path) -> None:
    git(root.parent, "init", "--quiet")
    done = doctor(root)
    assert done.returncode == TO_FIX
    assert done.stdout.startswith("failed  folder: The group is in group/ of a larger repository. ")
    git(root, "init", "--quiet")
    assert doctor(root).returncode == OK


def test_files_of_git_lfs_are_known_by_the_attributes_of_a_folder_below(root: Path) -> None:
    site = group()["readingroom.yml"] + b"site: {url: 'https://example.org/x'}\n"
    folder = {"slides.pdf": b"x", ".gitattributes": b"*.pdf filter=lfs\n"}
    write(root, {"readingroom.yml": site, **{f"sessions/01-bert/{name}": text for name, text in folder.items()}})
    git(root, "init", "--quiet")
    assert "Git LFS keeps 1 file, such as sessions/01-bert/slides.pdf" in doctor(root).stdout


def test_a_warning_changes_no_exit_code_and_a_failure_does(root: Path) -> None:
    write(root, {"README.md": "# Mine\n"})
    done = doctor(root)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (OK, "12 ok, 1 warning, 1 unknown.")
    (root / WORKFLOW_PATH).unlink()
    done = doctor(root)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (TO_FIX, "7 ok, 1 warning, 1 failed, 1 unknown.")
    assert f"\nfailed  workflow: There is no {WORKFLOW_PATH}" in done.stdout


def test_json_is_a_list_of_names_states_and_messages(root: Path) -> None:
    (root / WORKFLOW_PATH).unlink()
    done = doctor(root, "--format", "json")
    found = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (TO_FIX, "")
    assert all(each.keys() == {"name", "state", "message"} for each in found)
    assert {each["state"] for each in found} == {"ok", "failed", "unknown"} <= set(CheckState)
    assert [each["name"] for each in found if each["state"] == "failed"] == ["workflow"]


def test_a_terminal_shows_colours(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("READINGROOM_TOKEN", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    code, seen = on_terminal(root, "doctor", *DAY)
    assert code == OK
    assert "\x1b[32m\x1b[1mok" in seen


def test_no_text_of_a_file_steers_the_terminal_or_a_workflows_log(root: Path) -> None:
    write(root, {WORKFLOW_PATH: RELEASE.replace(USES, b'"\\e[2J::error::x/readingroom@\\n::x::"')})
    done = doctor(root)
    assert "\x1b" not in done.stdout
    assert [line for line in done.stdout.splitlines() if line.startswith("::")] == []


def test_nothing_is_written(root: Path) -> None:
    write(root, {"sessions/01-bert/session.yml": "title: GPT\ndate: 2024-01-22\n"})
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    assert doctor(root).returncode == OK
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


# Compared with the action


REGION = "<!-- readingroom:begin upcoming -->"
RIGHT = {**group(), WORKFLOW_PATH: RELEASE}
PAGE = "sessions/01-bert/README.md"
STATES_OF_A_GROUP: dict[str, tuple[dict[str, bytes], int]] = {
    "nothing is wrong": ({}, OK),
    "a page that is old": ({"sessions/01-bert/session.yml": b"title: GPT\ndate: 2024-01-22\n"}, OK),
    "a README of one's own": ({"README.md": b"# Mine\n"}, OK),
    "a form of other rooms": ({"readingroom.yml": RIGHT["readingroom.yml"].replace(b"Ursula", b"Rosalind")}, OK),
    "a session that is wrong": ({"sessions/02-gpt/session.yml": b"titel: Gpt\n"}, TO_FIX),
    "a page that was edited manually": ({PAGE: RIGHT[PAGE] + b"Mine.\n"}, TO_FIX),
    "a region that was edited manually": (
        {"README.md": RIGHT["README.md"].replace(b"No session is planned", b"Nothing is planned")}, TO_FIX,
    ),
    "a form that was edited manually": ({FORM_PATH: RIGHT[FORM_PATH].replace(b"Title", b"Your title")}, TO_FIX),
    "a form that is none": ({FORM_PATH: b"name: x\n"}, TO_FIX),
    "markers that are wrong": ({"README.md": f"{REGION}\n".encode()}, TO_FIX),
}  # fmt: skip


def runs(root: Path, box: Box) -> subprocess.CompletedProcess[str]:
    """Do what the action's job of the pages does with a checkout of the default branch."""
    token = box.token(contents="write", issues="write")
    event = write(root.parent, {"event.json": json.dumps({"repository": box.emulator.get("")})}) / "event.json"
    env = {"READINGROOM_TOKEN": token, "GITHUB_API_URL": box.url, "GITHUB_EVENT_NAME": "schedule"}
    return run(root, "run", *DAY, "--event", str(event), env=env)


@pytest.mark.parametrize(("changes", "code"), STATES_OF_A_GROUP.values(), ids=STATES_OF_A_GROUP)
def test_the_doctor_fails_exactly_where_the_action_fails(root: Path, changes: dict[str, bytes], code: int) -> None:
    write(root, changes)
    with Box(RIGHT | changes) as box:
        checked, ran = doctor(root), runs(root, box)
    assert (checked.returncode, ran.returncode) == (code, code), (checked.stdout, ran.stdout, ran.stderr)


@pytest.mark.parametrize(
    ("name", "target", "code"),
    [
        ("sessions/02-gpt", "01-bert", TO_FIX),
        ("sessions/01-bert/slides.pdf", "../../README.md", TO_FIX),
        ("sessions/.hidden", "01-bert", OK),
        ("sessions/01-bert/.hidden", "../../README.md", OK),
    ],
)
def test_the_doctor_judges_a_link_as_the_action_does(root: Path, name: str, target: str, code: int) -> None:
    (root / name).symlink_to(target)
    with Box(RIGHT) as box:
        link(box, name, target)
        checked, ran = doctor(root), runs(root, box)
    assert (checked.returncode, ran.returncode) == (code, code), (checked.stdout, ran.stdout, ran.stderr)


def link(box: Box, name: str, target: str) -> None:
    """Let a person commit a symbolic link to the default branch."""
    parent = box.repository.branches()["main"]
    base = box.emulator.get(f"/git/commits/{parent}")["tree"]["sha"]
    entry = {"path": name, "mode": "120000", "type": "blob", "content": target}
    tree = box.emulator.do("POST", "/git/trees", {"base_tree": base, "tree": [entry]})["sha"]
    commit = {"message": "Add a link", "tree": tree, "parents": [parent]}
    sha = box.emulator.do("POST", "/git/commits", commit)["sha"]
    box.emulator.do("PATCH", "/git/refs/heads/main", {"sha": sha})


# With a token


def test_with_a_token_the_settings_are_checked_and_a_wrong_one_ends_with_one(root: Path) -> None:
    with Box(group()) as box:
        access = {"READINGROOM_TOKEN": box.token(**READS), "GITHUB_API_URL": box.url, "GITHUB_REPOSITORY": REPOSITORY}
        done = doctor(root, **access)
        assert (done.returncode, done.stderr, done.stdout.splitlines()[-1]) == (OK, "", "25 ok.")
        box.world.settings.may_open_pulls = False
        done = doctor(root, **access)
        assert done.returncode == TO_FIX
        assert '\nfailed  pull-requests: Workflows may not create pull requests: select "Allow GitHub' in done.stdout
        lacking = doctor(root, **{**access, "READINGROOM_TOKEN": box.token()})
        assert (lacking.returncode, lacking.stdout.splitlines()[-1]) == (OK, "22 ok, 2 unknown.")
        assert lacking.stderr == ""


@pytest.mark.parametrize(
    ("files", "remote"),
    [
        ({"readingroom.yml": b"repository: https://github.com/octo/group\n"}, "https://github.com/octo/other"),
        ({}, "https://github.com/octo/group.git"),
        ({}, "git@github.com:octo/group.git"),
    ],
)
def test_the_repository_is_the_one_of_the_file_or_that_which_was_cloned(
    root: Path, files: dict[str, bytes], remote: str
) -> None:
    for path, more in files.items():
        write(root, {path: (root / path).read_bytes() + more})
    git(root, "init", "--quiet", "--initial-branch", "topic")
    git(root, "remote", "add", "origin", remote)
    with Box(group()) as box:
        done = doctor(root, READINGROOM_TOKEN=box.token(**READS), GITHUB_API_URL=box.url)
        assert f"\nok      repository: {REPOSITORY} exists" in done.stdout, done.stdout
        assert "\nwarning branch: The branch topic is checked out, but" in done.stdout


@pytest.mark.parametrize("remote", ["", "https://gitlab.com/octo/group.git", "/srv/git/group.git"])
def test_an_unknown_repository_is_asked_for(root: Path, remote: str) -> None:
    git(root, "init", "--quiet")
    if remote:
        git(root, "remote", "add", "origin", remote)
    done = doctor(root, **TOKEN)
    assert done.returncode == OK
    assert UNKNOWN_REPOSITORY.search(done.stdout)


def test_the_repository_around_a_folder_is_not_taken_for_it(root: Path) -> None:
    git(root.parent, "init", "--quiet")
    git(root.parent, "remote", "add", "origin", "https://github.com/octo/group")
    assert UNKNOWN_REPOSITORY.search(doctor(root, **TOKEN).stdout)


# How it ends


def settings_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return the result for the settings, which comes after all those for the files."""
    lines = done.stdout.splitlines()
    assert lines[12].startswith("ok      versions: ")
    assert (done.stderr, len(lines)) == ("", 15)
    return lines[13]


def test_a_server_that_cannot_be_reached_leaves_the_results_for_the_files(root: Path) -> None:
    done = doctor(root, **TOKEN, GITHUB_API_URL=NOWHERE, GITHUB_REPOSITORY=REPOSITORY)
    assert settings_line(done).startswith("unknown settings: GitHub gave no answer (GET /: ConnectionError)")
    assert done.returncode == OK


def test_a_wrong_token_and_a_missing_repository_are_reported(root: Path) -> None:
    with Box(group()) as box:
        done = doctor(root, **TOKEN, GITHUB_API_URL=box.url, GITHUB_REPOSITORY=REPOSITORY)
        assert (done.returncode, "The token is not valid" in settings_line(done)) == (OK, True)
        done = doctor(root, READINGROOM_TOKEN=box.token(), GITHUB_API_URL=box.url, GITHUB_REPOSITORY="octo/none")
        assert (done.returncode, "There is no such repository on GitHub" in settings_line(done)) == (TO_FIX, True)


@contextmanager
def server(answer: bytes, status: int = 200) -> Iterator[str]:
    """Serve the same answer to every request; yield the server's address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Location", "http://example.invalid/")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    found = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=found.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{found.server_port}"
    finally:
        found.shutdown()
        found.server_close()


NONSENSE = {
    "a page": (b"<html>Welcome</html>", 200),
    "nothing": (b"", 200),
    "a list": (b"[]", 200),
    "null": (b"null", 200),
    "another object": (b'{"default_branch": "main"}', 200),
    "half of an object": (b'{"default_branch": ', 200),
    "bytes": (b"\xff\xfe", 200),
    "another place": (b"{}", 301),
    "a refusal that is no object": (b'["no"]', 418),
}


@pytest.mark.parametrize(("answer", "status"), NONSENSE.values(), ids=NONSENSE)
def test_a_server_that_answers_nonsense_is_reported(root: Path, answer: bytes, status: int) -> None:
    with server(answer, status) as url:
        done = doctor(root, **TOKEN, GITHUB_API_URL=url, GITHUB_REPOSITORY=REPOSITORY)
    assert settings_line(done).startswith("unknown settings: GitHub ")
    assert done.returncode == OK


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--repository", "octo", "Expected: owner/name"),
        ("--repository", "octo/../group", "Expected: owner/name"),
        ("--api-url", "github.example.org", "is not an address of GitHub's API"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(root: Path, option: str, value: str, message: str) -> None:
    done = doctor(root, "--token", "x", option, value)
    assert (done.returncode, message in done.stderr, done.stdout) == (NOT_DONE, True, "")


def test_without_git_the_repository_is_asked_for(root: Path, tmp_path: Path) -> None:
    done = doctor(root, **TOKEN, PATH=str(tmp_path))
    assert UNKNOWN_REPOSITORY.fullmatch(settings_line(done))
