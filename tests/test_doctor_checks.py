"""The checks of a group's files: for each thing one case where it is right, and cases where it is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from groups import ROOT, TODAY, files, tree
from proposals import CONFIGURATION, group
from readingroom.core.tree import ANNOUNCED_PATH, FORM_PATH, WORKFLOW_PATH, Tree
from readingroom.setup import doctor
from readingroom.setup.doctor import ProgramInfo

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from readingroom.setup.check_result import CheckResult

RELEASE = (ROOT / "workflow/readingroom.yml").read_bytes()
PROGRAM = ProgramInfo("1.2.3", (3, 12, 1), RELEASE)
UNKEPT = RELEASE.replace(b"        id: pages\n", b"        id: pages\n        with: {publish: none}\n")
RIGHT = {**group(), WORKFLOW_PATH: RELEASE}
NAMES = [
    "folder",
    "files",
    "markers",
    "pages",
    "edits",
    "record",
    "form",
    "workflow",
    "events",
    "permissions",
    "action",
    "checkout",
]
SESSION = "sessions/01-bert/session.yml"


def checks(
    changes: Mapping[str, bytes | None], program: ProgramInfo = PROGRAM, lfs_paths: Collection[str] = ()
) -> list[CheckResult]:
    """Return the checks of a group that is right but for some files; None removes one."""
    found = {**RIGHT, **changes}
    kept = {path: content for path, content in found.items() if content is not None}
    return doctor.check_local_files(tree(kept), lambda _: TODAY, program, lfs_paths=lfs_paths)


def bad(found: list[CheckResult]) -> dict[str, str]:
    return {each.name: each.state for each in found if each.state != "ok"}


def messages(found: list[CheckResult], name: str) -> str:
    return "\n".join(each.message for each in found if each.name == name)


def test_a_group_that_is_right_gets_one_line_for_each_thing() -> None:
    found = checks({})
    assert [(each.name, each.state) for each in found] == [(name, "ok") for name in [*NAMES, "versions"]]
    assert messages(found, "files") == "readingroom.yml and 1 session are valid."
    assert messages(found, "markers") == "README.md has the regions next, previous, upcoming."
    assert messages(found, "versions") == "readingroom 1.2.3 on Python 3.12.1."


LATER = {"pages": "unknown", "edits": "unknown", "record": "unknown"}
CASES: dict[str, tuple[Mapping[str, bytes | None], dict[str, str], str, str]] = {
    "a session that is wrong": (
        {SESSION: b"titel: x\n"}, {"files": "failed", **LATER}, "files",
        f"1 error in {SESSION}: run readingroom check, which lists them.",
    ),
    "no readingroom.yml": ({"readingroom.yml": None}, {"files": "failed", **LATER, "form": "unknown"}, "files",
        "1 error in readingroom.yml"),
    "markers that are wrong": (
        {"README.md": b"<!-- readingroom:begin nxt -->\n"}, {"files": "failed", "markers": "failed", **LATER},
        "markers", "README.md:1: error [region-marker-invalid] ",
    ),
    "no markers": (
        {"README.md": b"# Mine\n"}, {"markers": "warning"}, "markers", "<!-- readingroom:begin upcoming -->",
    ),
    "no README": ({"README.md": None}, {"pages": "warning"}, "markers", "readingroom build writes one"),
    "a page that is old": ({SESSION: b"title: GPT\ndate: 2024-01-22\n"}, {"pages": "warning"}, "pages",
        "Not up to date: README.md, sessions/01-bert/README.md, sessions/README.md, sessions/announced.yml; "),
    "a page that was edited manually": (
        {"sessions/01-bert/README.md": RIGHT["sessions/01-bert/README.md"] + b"Mine.\n"}, {"edits": "failed"},
        "edits", f"Make the change in {SESSION}",
    ),
    "a region that was edited manually": (
        {"README.md": RIGHT["README.md"].replace(b"No session is planned", b"Nothing is planned")},
        {"edits": "failed"}, "edits", "README.md",
    ),
    "no form": ({FORM_PATH: None}, {"form": "warning"}, "form", "readingroom build writes it"),
    "a form that is none": ({FORM_PATH: b"name: x\n"}, {"form": "failed"}, "form", "is not an issue form"),
    "a form that is old": (
        {"readingroom.yml": files({}, **{**CONFIGURATION, "kinds": ["Talk"]})["readingroom.yml"]}, {"form": "warning"},
        "form", "readingroom build or the action updates it",
    ),
    "a form that was edited manually": (
        {FORM_PATH: RIGHT[FORM_PATH].replace(b"Title", b"Your title")}, {"form": "failed"}, "form", "build --force",
    ),
    "no record where none is kept": (
        {ANNOUNCED_PATH: None, WORKFLOW_PATH: UNKEPT}, {"pages": "warning", "record": "warning"}, "record",
        "does not exist, so events and feed entries follow the group's name",
    ),
    "no record without the job that keeps it": (
        {ANNOUNCED_PATH: None, WORKFLOW_PATH: RELEASE.replace(b"\n  pages:", b"\n  other:")},
        {"pages": "warning", "record": "warning", "permissions": "warning"}, "record", "readingroom build",
    ),
    "a record that is old where none is kept": (
        {SESSION: b"title: GPT\ndate: 2024-01-22\n", WORKFLOW_PATH: UNKEPT},
        {"pages": "warning", "record": "warning"}, "record", "No job of the workflow commits it",
    ),
    "no record yet": ({ANNOUNCED_PATH: None}, {"pages": "warning"}, "record", "on its next run"),
    "no workflow": ({WORKFLOW_PATH: None}, {"workflow": "failed"}, "workflow", f"There is no {WORKFLOW_PATH}"),
    "a workflow with a hole": (
        {WORKFLOW_PATH: RELEASE.replace(b"statuses: write", b"# statuses: write")}, {"permissions": "failed"},
        "permissions", "The job propose lacks statuses: write",
    ),
}  # fmt: skip


def test_a_group_in_a_larger_repository_is_reported() -> None:
    found = checks({}, ProgramInfo("1.2.3", (3, 12, 1), RELEASE, prefix="groups/ours/"))
    assert bad(found) == {"folder": "failed"}
    assert messages(found, "folder").startswith(
        "The group is in groups/ours/ of a larger repository. GitHub only finds"
    )


@pytest.mark.parametrize(("changes", "states", "name", "message"), CASES.values(), ids=CASES)
def test_what_is_not_right_says_what_to_change(
    changes: Mapping[str, bytes | None], states: dict[str, str], name: str, message: str
) -> None:
    found = checks(changes)
    assert bad(found) == states, found
    assert message in messages(found, name), messages(found, name)


SITE = {
    "readingroom.yml": RIGHT["readingroom.yml"] + b"site: {url: 'https://example.org/x'}\n",
    "sessions/01-bert/slides.pdf": b"x",
}


def test_files_that_git_lfs_keeps_and_the_workflow_does_not_fetch_are_reported() -> None:
    slides = "sessions/01-bert/slides.pdf"
    assert f"Git LFS keeps 1 file, such as {slides}" in messages(checks(SITE, lfs_paths=[slides]), "checkout")
    assert "lfs: true" not in messages(checks(SITE), "checkout")
    inputs = (b"persist-credentials: false\n", b"persist-credentials: false\n          lfs: true\n")
    fetched = {**SITE, WORKFLOW_PATH: RELEASE.replace(*inputs)}
    without_site = {**SITE, "readingroom.yml": RIGHT["readingroom.yml"]}
    for changes in (fetched, without_site):
        assert "lfs: true" not in messages(checks(changes, lfs_paths=[slides]), "checkout")


def test_a_pointer_of_git_lfs_is_reported_without_its_rule() -> None:
    made = tree({**RIGHT, **SITE})
    made.pointers.add("sessions/01-bert/slides.pdf")
    found = doctor.check_local_files(made, lambda _: TODAY, PROGRAM)
    assert "Git LFS keeps 1 file, such as sessions/01-bert/slides.pdf" in messages(found, "checkout")


def test_line_ends_of_windows_make_no_difference() -> None:
    found = checks({FORM_PATH: RIGHT[FORM_PATH].replace(b"\n", b"\r\n")})
    assert bad(found) == {}


def test_a_workflow_that_is_a_link_is_reported() -> None:
    made = tree({path: content for path, content in RIGHT.items() if path != WORKFLOW_PATH})
    linked = Tree(made.contents, made.listings, {WORKFLOW_PATH: "is not a regular file"})
    found = doctor.check_local_files(linked, lambda _: TODAY, PROGRAM)
    assert bad(found) == {"files": "failed", **LATER, "workflow": "failed"}


def test_many_problems_are_counted_and_some_of_their_files_named() -> None:
    found = checks({f"sessions/{number}-x/session.yml": b"titel: x\n" for number in range(10, 18)})
    assert re.match(r"8 errors in (sessions/1\d-x/session.yml, ){4}\S+ and 3 more: ", messages(found, "files"))


@pytest.mark.parametrize(("python", "state"), [((3, 10, 9), "failed"), ((3, 11, 0), "ok"), ((4, 0, 0), "ok")])
def test_python_must_be_new_enough(python: tuple[int, int, int], state: str) -> None:
    assert checks({}, ProgramInfo("1.2.3", python, RELEASE))[-1].state == state


def test_a_group_without_pages_needs_a_build_alone() -> None:
    bare = {path: None for path in RIGHT if path.endswith(".md") or path == FORM_PATH}
    found = checks(bare)
    assert bad(found) == {"pages": "warning", "form": "warning"}
