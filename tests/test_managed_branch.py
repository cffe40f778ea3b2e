"""A branch that only the action commits to: what it does when somebody else commits, or a rule is in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from box import Box
from groups import files
from proposals import forge
from readingroom.github.managed_branch import MAX_ATTEMPTS, ManagedBranch, Trailers
from readingroom.github.transport import InterruptedRequest, RefusedRequest
from readingroom.proposals.records import Commit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readingroom.github.client import Client
    from readingroom.github.managed_branch import BranchState, TrailerValues

NAME = "readingroom/test"
TRAILERS = Trailers("Readingroom-Test: {digest} in {tree} of {name}")


@pytest.fixture
def box() -> Iterator[Box]:
    with Box(files({})) as made:
        yield made


def sync(client: Client, digest: str) -> BranchState:
    """Bring the branch from the head that it has to a commit that records a digest."""

    def create_commit(head: Commit | None, _recorded: TrailerValues) -> Commit:
        parent = head or client.fetch_head("main")
        tree = client.create_tree(parent, {"digest.txt": digest})
        return TRAILERS.create_commit(client, tree, "Test", {"digest": digest, "name": "x"}, (parent,))

    return ManagedBranch(client, NAME, TRAILERS).sync(client.find_head(NAME), {"digest": digest}, create_commit)


def head(box: Box) -> str | None:
    branches: dict[str, str] = box.repository.branches()
    return branches.get(NAME)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (
            "Readingroom-Folder: {folder}\nReadingroom-Content: {digest} in {tree}",
            "Propose session 2 from issue 1\n\nReadingroom-Folder: 02-x\nReadingroom-Content: 0123abcd in beef\n",
        ),
        (
            "Readingroom-Pages: {digest} in {tree} from {base}",
            "Update the pages\n\nReadingroom-Pages: 0123abcd in beef from cafe\n",
        ),
    ],
)
def test_trailers_of_earlier_releases_are_recognised(template: str, message: str) -> None:
    recorded = Trailers(template).parse_commit(Commit("a", "beef", message))
    assert recorded is not None
    assert (recorded["digest"], recorded["tree"]) == ("0123abcd", "beef")
    assert Trailers(template).parse_commit(Commit("a", "other", message)) is None
    assert Trailers(template).parse_commit(Commit("a", "beef", "Change files")) is None


def test_a_branch_is_created_moved_forward_and_left_alone_when_it_is_right(box: Box) -> None:
    first, second = sync(forge(box), "1"), sync(forge(box), "2")
    assert (first.is_new, second.is_new, head(box)) == (True, True, second.head.id)
    assert box.emulator.get(f"/git/commits/{second.head.id}")["parents"][0]["sha"] == first.head.id
    third = sync(forge(box), "2")
    assert (third.is_own, third.is_new, third.head.id) == (True, False, second.head.id)


def test_a_branch_that_exists_already_is_moved_from_the_head_that_it_has(box: Box) -> None:
    first = sync(forge(box), "1")
    client = forge(box)
    client.find_head = hide_first(client.find_head)  # type: ignore[method-assign]
    second = sync(client, "2")
    assert box.emulator.get(f"/git/commits/{second.head.id}")["parents"][0]["sha"] == first.head.id


def hide_first(find_head: Any) -> Any:
    """Return the function as it would be if the branch were created just after the first look at it."""
    calls: list[str] = []

    def find(branch: str) -> Commit | None:
        calls.append(branch)
        return None if len(calls) == 1 else find_head(branch)

    return find


def test_a_commit_of_somebody_else_is_neither_overwritten_nor_deleted(box: Box) -> None:
    sync(forge(box), "1")
    mine = box.commit(NAME, {"mine.txt": b"x"})
    state = sync(forge(box), "2")
    assert (state.is_own, state.is_new, state.head.id, head(box)) == (False, False, mine, mine)
    assert ManagedBranch(forge(box), NAME, TRAILERS).delete() is False
    assert head(box) == mine


def test_a_commit_that_a_pull_request_keeps_does_not_keep_the_branch(box: Box) -> None:
    sync(forge(box), "1")
    mine = box.commit(NAME, {"mine.txt": b"x"})
    assert ManagedBranch(forge(box), NAME, TRAILERS).delete(kept_head=mine) is True
    assert head(box) is None
    assert ManagedBranch(forge(box), NAME, TRAILERS).delete() is True  # it is deleted already


@pytest.mark.parametrize("status", [403, 409, 422])
def test_a_refused_move_is_an_error_if_nobody_has_moved_the_branch(box: Box, status: int) -> None:
    first = sync(forge(box), "1")
    box.faults.add(status, method="PATCH", message="No")
    with pytest.raises(RefusedRequest, match="No"):
        sync(forge(box), "2")
    assert head(box) == first.head.id


@pytest.mark.parametrize("status", [403, 404, 409, 422])
def test_a_refused_move_is_tried_again_if_the_branch_has_moved_whatever_the_status(box: Box, status: int) -> None:
    sync(forge(box), "1")
    client = forge(box)
    move = client.move_branch
    moved: list[str] = []

    def move_branch(branch: str, commit: Commit) -> None:
        if not moved:
            moved.append(sync(forge(box), "between").head.id)
            raise RefusedRequest(status, "No")
        move(branch, commit)

    client.move_branch = move_branch  # type: ignore[method-assign]
    state = sync(client, "2")
    assert (state.is_new, head(box)) == (True, state.head.id)
    assert [box.emulator.get(f"/git/commits/{state.head.id}")["parents"][0]["sha"]] == moved


def test_a_branch_that_moves_all_the_time_is_given_up(box: Box) -> None:
    sync(forge(box), "0")
    client = forge(box)
    numbers = iter(range(100))

    def move_branch(_branch: str, _commit: Commit) -> None:
        sync(forge(box), f"between-{next(numbers)}")
        raise RefusedRequest(422, "Update is not a fast forward")

    client.move_branch = move_branch  # type: ignore[method-assign]
    with pytest.raises(InterruptedRequest, match=f"was moved {MAX_ATTEMPTS} times"):
        sync(client, "2")
    assert next(numbers) == MAX_ATTEMPTS


@pytest.mark.parametrize("status", [403, 409, 422])
def test_a_rule_that_keeps_a_branch_does_not_stop_the_run(box: Box, status: int) -> None:
    first = sync(forge(box), "1")
    box.faults.add(status, method="DELETE", message="Cannot delete this branch")
    assert ManagedBranch(forge(box), NAME, TRAILERS).delete() is True
    assert head(box) == first.head.id
    assert sync(forge(box), "2").is_new


def test_a_pull_request_that_another_run_has_opened_is_taken_and_a_closed_one_is_not(box: Box) -> None:
    sync(forge(box), "1")
    branch = ManagedBranch(forge(box), NAME, TRAILERS)
    first = branch.open_pull("main", "Title", "Text")
    assert branch.open_pull("main", "Another", "Text") == first
    box.close_pull(first.number)
    box.faults.add(422, method="POST", path="/pulls$", message="Validation Failed")
    with pytest.raises(RefusedRequest, match="Validation Failed"):
        branch.open_pull("main", "Title", "Text")
