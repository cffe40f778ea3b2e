"""A comment is found again by its hidden header, edited when it says something else, and there only once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from box import BOT, Box
from groups import files
from proposals import forge
from readingroom.github.managed_text import find_comment, sync_comment
from readingroom.proposals.records import Comment

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = "<!-- readingroom-test -->"


@pytest.fixture
def box() -> Iterator[Box]:
    with Box(files({})) as made:
        made.open_issue("An issue", "", user="guest")
        yield made


def has_header(body: str) -> bool:
    return body.startswith(HEADER)


def sync(box: Box, text: str) -> list[tuple[str, str]]:
    """Bring the comment to a text; return who wrote which comment then."""
    client = forge(box)
    sync_comment(client, 1, find_comment(client.fetch_comments(1), has_header), f"{HEADER}\n{text}", has_header)
    return [(each["user"], each["body"].rpartition("\n")[2]) for each in box.state()["issues"][0]["comments"]]


def test_a_comment_is_added_edited_and_left_alone_when_it_says_the_same(box: Box) -> None:
    assert sync(box, "one") == [(BOT, "one")]
    assert sync(box, "two") == [(BOT, "two")]
    before = len(box.exchanges)
    assert sync(box, "two") == [(BOT, "two")]
    assert [each.request.method for each in box.exchanges[before:]] == ["GET"]


def test_the_comment_of_a_run_at_the_same_time_is_deleted_and_a_persons_copy_stays(box: Box) -> None:
    client = forge(box)
    client.add_comment(1, f"{HEADER}\nfirst")
    box.emulator.do("POST", "/issues/1/comments", {"body": f"{HEADER}\ncopy"}, "organiser")
    sync_comment(client, 1, None, f"{HEADER}\nsecond", has_header)
    assert sync(box, "third") == [(BOT, "third"), ("organiser", "copy")]


@pytest.mark.parametrize(
    ("comments", "number"),
    [
        ([], 0),
        ([Comment(1, "Hello", has_write_access=True, is_by_program=True)], 0),
        ([Comment(1, HEADER, has_write_access=False, is_by_program=False)], 0),
        ([Comment(1, HEADER, has_write_access=True, is_by_program=False)], 1),
        ([Comment(1, HEADER, True, False), Comment(3, HEADER, True, True), Comment(2, HEADER, True, True)], 2),
    ],
)
def test_the_first_comment_of_a_program_counts_and_else_that_of_somebody_with_write_access(
    comments: list[Comment], number: int
) -> None:
    found = find_comment(comments, has_header)
    assert (found.id if found else 0) == number
