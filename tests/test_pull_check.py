"""The check of a pull request, as the action's step runs it on a checkout, with GitHub in a box."""

from __future__ import annotations

import json
import os
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest

from box import BOT, Box
from groups import README, TODAY, files, run, tree, write
from proposals import body, group, settle
from readingroom.cli.jobs import pull_check
from readingroom.proposals import preview
from rendered import page, targets, text

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

GPT = {"sessions/02-gpt/session.yml": b"title: Gpt\ndate: 2024-01-22\n"}
SESSION = "sessions/01-bert/session.yml"


@pytest.fixture
def box() -> Iterator[Box]:
    with Box(group()) as made:
        yield made


def opened(box: Box, changes: dict[str, bytes | None], branch: str = "topic") -> dict[str, Any]:
    """Open a pull request with these changes and return its event."""
    box.commit(branch, changes)
    pull = box.emulator.do("POST", "/pulls", {"title": "x", "head": branch, "base": "main"})
    return {"action": "opened", "pull_request": pull, "repository": box.emulator.get("")}


def checked(
    box: Box, folder: Path, event: dict[str, Any], *, sha: str = "", **permissions: str
) -> subprocess.CompletedProcess[str]:
    """Check a pull request in a checkout of its branch, as the step does; its summary is in ``folder``."""
    root = write(folder / "group", box.tree(event["pull_request"]["head"]["ref"]))
    payload = write(folder, {"event.json": json.dumps(event)}) / "event.json"
    env = {
        "READINGROOM_TOKEN": box.token(**(permissions or {"contents": "read"})),
        "GITHUB_API_URL": box.url,
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_SHA": sha,
    }
    options = ("--event", str(payload), "--event-name", "pull_request", "--today", "2024-01-15")
    return run(root, "run", *options, env={**os.environ, **env})


def summary(folder: Path) -> str:
    return (folder / "summary.md").read_text("utf-8")


def comments(box: Box, number: int = 1) -> list[dict[str, str]]:
    return next(each for each in box.state()["pulls"] if each["number"] == number)["comments"]


def test_what_readers_will_see_is_in_the_summary(box: Box, tmp_path: Path) -> None:
    done = checked(box, tmp_path, opened(box, GPT))
    assert (done.returncode, done.stdout) == (0, "0 errors.\n"), done.stderr
    assert "| 2024-01-22 | [Gpt](" in summary(tmp_path).replace("22/01/24", "2024-01-22")
    assert comments(box) == []


def test_what_is_invalid_is_annotated_at_its_line(box: Box, tmp_path: Path) -> None:
    done = checked(box, tmp_path, opened(box, {SESSION: b"title: Bert\ndate: 2024-02-30\n"}))
    assert done.returncode == 1
    assert done.stdout.startswith(f"::error file={SESSION},line=2,title=date-invalid::date: ")
    assert done.stdout.count("::error ") == 1
    assert "2024-02-30" in summary(tmp_path)


def test_an_edit_of_a_generated_page_is_reported_with_the_file_to_edit(box: Box, tmp_path: Path) -> None:
    path = "sessions/01-bert/README.md"
    done = checked(box, tmp_path, opened(box, {path: box.tree()[path].replace(b"Bert", b"BERT")}))
    assert done.returncode == 1
    assert done.stdout.startswith(f"::error file={path},line=2,title=page-edit-refused::")
    assert f"Make the change in {SESSION}" in done.stdout


@pytest.mark.parametrize("changes", [GPT, {SESSION: b"titel: x\n"}])
def test_where_the_token_may_one_comment_says_the_same_and_follows(
    box: Box, tmp_path: Path, changes: dict[str, bytes | None]
) -> None:
    may = {"contents": "read", "pull_requests": "write"}
    event = opened(box, changes)
    for number in range(2):
        checked(box, tmp_path / str(number), event, **may)
    (comment,) = comments(box)
    assert (comment["user"], comment["body"].startswith(pull_check._COMMENT_MARKER)) == (BOT, True)  # noqa: SLF001
    box.commit("topic", {"sessions/03-t5/session.yml": b"title: T5\ndate: 2024-01-29\n"})
    checked(box, tmp_path / "more", event, **may)
    (now,) = comments(box)
    assert ("T5" in now["body"]) == (changes == GPT)


def test_a_strangers_copy_of_the_comment_is_not_taken_for_ours(box: Box, tmp_path: Path) -> None:
    event = opened(box, GPT)
    fake = f"{pull_check._COMMENT_MARKER}\nAll is well"  # noqa: SLF001
    box.emulator.do("POST", "/issues/1/comments", {"body": fake}, user="guest")
    checked(box, tmp_path, event, contents="read", pull_requests="write")
    assert [each["user"] for each in comments(box)] == ["guest", BOT]


def test_a_pull_request_is_compared_with_what_it_is_merged_into(box: Box, tmp_path: Path) -> None:
    """The event names the base as it was when the pull request was opened; the merge commit has moved on with it."""
    event = opened(box, GPT)
    topic = box.repository.branches()["topic"]
    changed = {SESSION: b"title: Bert, again\ndate: 2024-01-08\n"}
    main = box.commit("main", changed)
    made = box.emulator.get(f"/git/commits/{box.commit('topic', changed)}")["tree"]["sha"]
    merge = box.emulator.do("POST", "/git/commits", {"message": "x", "tree": made, "parents": [main, topic]})["sha"]
    checked(box, tmp_path, event, sha=merge)
    shown = [f"<summary>sessions/{folder}</summary>" in summary(tmp_path) for folder in ("02-gpt", "01-bert")]
    assert shown == [True, False]


def test_a_pull_request_that_changes_too_many_files_is_validated_without_a_comparison(box: Box, tmp_path: Path) -> None:
    many = {f"sessions/{number}-x/session.yml": b"title: X\n" for number in range(2, pull_check.MAX_FETCHED + 3)}
    box.commit("main", many)
    changes: dict[str, bytes | None] = dict.fromkeys(many, b"title: Y\n")
    before = len(box.exchanges)
    done = checked(box, tmp_path, opened(box, changes))
    assert (done.returncode, len(box.exchanges) - before < pull_check.MAX_FETCHED + 10) == (0, True), done.stderr
    assert "there is no preview of what readers will see" in summary(tmp_path)


def test_a_pull_request_that_changes_too_many_files_is_refused_if_one_is_invalid(box: Box, tmp_path: Path) -> None:
    changes: dict[str, bytes | None] = {
        f"sessions/{number}-x/session.yml": b"title: X\n" for number in range(2, pull_check.MAX_FETCHED + 3)
    }
    box.commit("main", changes)
    done = checked(box, tmp_path, opened(box, dict.fromkeys(changes, b"titel: X\n")))
    assert done.returncode == 1
    assert "[key-unknown]" in summary(tmp_path).replace("\\", "")


def test_every_warning_is_in_the_summary_though_github_shows_ten_at_their_lines(box: Box, tmp_path: Path) -> None:
    titles = [f"Talk {number} by Аda" for number in range(15)]
    changes: dict[str, bytes | None] = {
        f"sessions/{number:02}-x/session.yml": f"title: {title}\ndate: 2024-02-{number:02}\n".encode()
        for number, title in enumerate(titles, 2)
    }
    done = checked(box, tmp_path, opened(box, changes))
    assert done.stdout.count("::warning ") == 15
    shown = text(page(summary(tmp_path)))
    assert [path for path in changes if path not in shown] == []
    assert shown.count("[text-mixed-alphabets]") == 15


def test_links_in_the_summary_lead_to_the_files_of_the_pull_request(box: Box, tmp_path: Path) -> None:
    event = opened(box, {**GPT, "sessions/02-gpt/slides.pdf": b"%PDF"})
    checked(box, tmp_path, event)
    base = f"{event['repository']['html_url']}/blob/{event['pull_request']['head']['sha']}/sessions"
    found = targets(page(summary(tmp_path)))
    assert f"{base}/02-gpt/session.yml" in found
    assert f"{base}/02-gpt/slides.pdf" in found
    assert f"{base}/01-bert/README.md" in found
    assert [each for each in found if not each.startswith("http")] == []


def test_a_summary_is_as_long_as_github_takes_once_its_mentions_are_quiet() -> None:
    base = files({})
    talks = {f"{number:02}-x": {"title": "X", "abstract": "#1" * 9_900} for number in range(20)}
    after = files(talks, {"README.md": README})
    report = preview.compare_trees(tree(base), tree(after), lambda _: TODAY)
    assert len(report.summary.encode()) <= preview.MAX_SUMMARY
    assert "<summary>sessions/00-x</summary>" in report.summary
    assert report.summary.endswith("This changes more than can be shown here.")


def test_a_number_that_an_open_proposal_has_is_a_warning(box: Box, tmp_path: Path) -> None:
    box.open_issue("A session", body(), user="guest")
    assert settle(box, 1).folder == "02-retentive-networks"
    done = checked(box, tmp_path, opened(box, GPT))
    assert done.returncode == 0, done.stderr
    assert "::warning file=sessions/02-gpt,title=folder-number-duplicate::" in done.stdout
    assert "has the number that pull request 2 adds" in summary(tmp_path)


def test_templates_that_take_too_much_are_stopped(box: Box, tmp_path: Path) -> None:
    done = checked(box, tmp_path, opened(box, {"templates/session.md.j2": b"{{ 'x' * 10000000000 }}"}))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("::error file=templates/session.md.j2,line=1,title=template-failed::")
    assert "MemoryError" in done.stdout


def test_any_request_of_a_check_may_fail(box: Box, tmp_path: Path) -> None:
    kinds: Iterator[Any] = cycle([502, "drop", 403])
    event = opened(box, GPT)
    undisturbed = checked(box, tmp_path / "0", event)
    requests = len(box.exchanges)
    for at in range(1, requests + 1):
        box.faults.add(next(kinds), at=at, retry_after=0)
        done = checked(box, tmp_path / str(at), event)
        assert (done.returncode, done.stdout, done.stderr) == (0, undisturbed.stdout, "")
        assert summary(tmp_path / str(at)) == summary(tmp_path / "0")
        box.faults.all.clear()
