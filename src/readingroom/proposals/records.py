"""What GitHub knows of issues, pull requests, comments and commits, as plain values."""

from dataclasses import dataclass

MAX_BODY = 65_536  # characters that GitHub takes for an issue, a pull request or a comment


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue; ``has_a_say`` tells whether its author may write to the repository.

    ``is_untouched`` tells that nothing has happened to it since it was opened.
    """

    number: int
    title: str = ""
    body: str = ""
    is_open: bool = True
    labels: frozenset[str] = frozenset()
    comments: int = 0
    is_locked: bool = False
    author: str = ""
    has_a_say: bool = False
    is_untouched: bool = False


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request; ``branch`` is empty where it comes from another repository, ``head`` is its newest commit."""

    number: int
    branch: str
    head: str
    title: str
    body: str
    is_open: bool
    is_merged: bool
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; ``has_a_say`` tells whether someone who may write to the repository wrote it, or a program."""

    id: int
    body: str
    has_a_say: bool
    is_by_program: bool


@dataclass(frozen=True, slots=True)
class NoticeIssue:
    """An issue of the program's own."""

    number: int
    body: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit; ``parents`` are the names of those it follows, where it was read by its own name."""

    id: str
    tree: str
    message: str
    parents: tuple[str, ...] = ()
