"""Two changes that are each valid are valid together, in whatever order somebody merges them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from box import Box
from groups import TODAY, built, files, outcome, outline, tree
from proposals import body, forge, group, settle
from readingroom.core.diagnostics import Invalid
from readingroom.github.pages_sync import Publisher
from readingroom.store.catalogue import read_catalogue

if TYPE_CHECKING:
    from groups import Files

Changes = dict[str, bytes | None]

SITE = {"site": {"url": "https://example.org/group", "logo": "art/logo.png"}}
BASE = files(
    {"01-a": {"title": "A", "kind": "Talk"}, "02-b": {"title": "B"}},
    {"sessions/02-b/slides.pdf": b"%PDF", "art/logo.png": b"\x89PNG"},
    kinds=["Talk", "Paper"],
)


def configuration(**group: object) -> Changes:
    return {"readingroom.yml": files({}, **group)["readingroom.yml"]}


PAIRS: dict[str, tuple[Changes, Changes, list[str]]] = {
    "one number for two sessions": (
        {"sessions/03-c/session.yml": b"title: C\n"},
        {"sessions/03-d/session.yml": b"title: D\n"},
        ["sessions/03-d [folder-number-duplicate]"],
    ),
    "a session of a kind that goes": (
        {"sessions/03-c/session.yml": b"title: C\nkind: Paper\n"},
        configuration(kinds=["Talk"]),
        ["sessions/03-c/session.yml:2 [session-kind-unknown] kind"],
    ),
    "a session that continues one that goes": (
        {"sessions/03-c/session.yml": b"title: C\ncontinues: 01-a\n"},
        {"sessions/01-a/session.yml": None},
        ["sessions/03-c/session.yml:2 [session-continues-invalid] continues"],
    ),
    "sessions that continue each other": (
        {"sessions/01-a/session.yml": b"title: A\ncontinues: 02-b\n"},
        {"sessions/02-b/session.yml": b"title: B\ncontinues: 01-a\n"},
        [
            "sessions/01-a/session.yml:2 [session-continues-invalid] continues",
            "sessions/02-b/session.yml:2 [session-continues-invalid] continues",
        ],
    ),
    "slides for a session that goes": (
        {"sessions/01-a/slides.pdf": b"%PDF"},
        {"sessions/01-a/session.yml": None},
        ["sessions/01-a [folder-without-session]"],
    ),
    "a logo that goes": (
        configuration(kinds=["Talk", "Paper"], **SITE),
        {"art/logo.png": None},
        ["readingroom.yml:8 [logo-unusable] site.logo"],
    ),
}


def changed(base: Files, *changes: Changes) -> Files:
    after: dict[str, bytes | None] = dict(base)
    for each in changes:
        after |= each
    return {path: content for path, content in after.items() if content is not None}


def read_with_pictures(made: Files) -> list[str]:
    """Return the findings of a build; a picture is only there if its file is."""
    found = tree(made)
    for path in found.pictures.keys() - made.keys():
        del found.pictures[path]
    return outline(read_catalogue(found).findings)


@pytest.mark.parametrize("name", PAIRS)
def test_what_two_valid_changes_give_together_is_a_warning(name: str) -> None:
    one, two, findings = PAIRS[name]
    assert read_with_pictures(changed(BASE, one)) == read_with_pictures(changed(BASE, two)) == []
    assert read_with_pictures(changed(BASE, one, two)) == findings
    assert outcome(built(changed(BASE, one, two))).changes == {}


def test_names_that_a_disk_without_case_cannot_hold_stop_the_pages() -> None:
    both = files({"03-c": {"title": "C"}, "03-C": {"title": "D"}})
    with pytest.raises(Invalid) as stopped:
        outcome(both)
    assert outline(stopped.value.problems) == ["sessions/03-c [folder-name-clash]"]


def test_a_link_that_leads_to_no_session_is_left_out_of_the_pages() -> None:
    sessions = {"01-a": {"title": "A", "continues": "02-b"}, "02-b": {"title": "B", "continues": "01-a"}}
    made = built(files({**sessions, "03-c": {"title": "C", "date": "2024-01-08", "continues": "04-d"}}))
    pages = b"".join(content for path, content in made.items() if path.endswith(".md"))
    assert b"04-d" not in pages
    assert b"Shares its material" not in pages


def test_a_proposal_that_is_merged_next_to_a_session_of_its_number_leaves_the_pages_right() -> None:
    with Box(group()) as box:
        box.open_issue("A session", body(), user="guest")
        assert settle(box, 1).folder == "02-retentive-networks"
        box.commit("main", {"sessions/02-pushed/session.yml": b"title: Pushed\ndate: 2024-02-12\n"})
        box.merge(2)
        result = Publisher(forge(box), "main", tree(dict(box.files)), lambda _: TODAY).publish("commit")
        assert outline(result.outcome.findings) == ["sessions/02-retentive-networks [folder-number-duplicate]"]
        assert built(box.tree()) == box.tree()


def test_a_proposal_that_is_merged_after_its_kind_was_removed_leaves_the_pages_right() -> None:
    with Box(group()) as box:
        box.open_issue("A session", body(kind="Technical"), user="guest")
        settle(box, 1)
        settings = box.tree()["readingroom.yml"].replace(b"- Technical\n", b"")
        box.commit("main", {"readingroom.yml": settings})
        box.merge(2)
        result = Publisher(forge(box), "main", tree(dict(box.files)), lambda _: TODAY).publish("commit")
        assert [each.code for each in result.outcome.findings] == ["session-kind-unknown"]
        assert built(box.tree()) == box.tree()
