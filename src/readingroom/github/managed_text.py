"""Comments and issues that are kept up to date: found again by a hidden header, their first line."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from readingroom.github.client import Client, is_same_text
from readingroom.proposals.records import Comment


class Text(Protocol):
    """What has been written on GitHub, such as a comment."""

    @property
    def body(self) -> str: ...


T = TypeVar("T", bound=Text)
ParseHeader = Callable[[str], object]  # returns something false for a body without the header


def sync_text(current: T | None, body: str, create: Callable[[str], object], edit: Callable[[T, str], object]) -> None:
    """Create a text that is not there yet, or edit one that says something else."""
    if current is None:
        create(body)
    elif not is_same_text(current.body, body):
        edit(current, body)


def sync_comment(client: Client, number: int, current: Comment | None, body: str, parse_header: ParseHeader) -> None:
    """Bring the action's one comment on an issue or pull request from its current state to a body with a header."""

    def add_comment(text: str) -> None:
        client.add_comment(number, text)
        _delete_duplicates(client, number, parse_header)

    sync_text(current, body, add_comment, lambda comment, text: client.edit_comment(comment.id, text))


def find_comment(comments: Iterable[Comment], parse_header: ParseHeader) -> Comment | None:
    """Return the action's comment: the first that a program wrote, or else the first of a person whose token it used.

    Anybody can copy the header, so that comments of people without write access do not count.
    """
    own = [each for each in comments if _has_header(each, parse_header)]
    return min(own, key=lambda each: (not each.is_by_program, each.id), default=None)


def _has_header(comment: Comment, parse_header: ParseHeader) -> bool:
    return comment.has_write_access and bool(parse_header(comment.body))


def _delete_duplicates(client: Client, number: int, parse_header: ParseHeader) -> None:
    """Delete the comments of runs at the same time; what a person wrote stays, even if it looks the same."""
    own = [each for each in client.fetch_comments(number) if _has_header(each, parse_header) and each.is_by_program]
    for each in own[1:]:
        client.delete_comment(each.id)
