"""What GitHub holds of issues, pull requests, comments and commits, and the labels and branches that are the action's.

These are plain values: nothing here sends a request.
"""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

MAX_BODY = 65_536  # characters that GitHub accepts for an issue, a pull request or a comment
PAGES_BRANCH = "readingroom/pages"
STATUS_CONTEXT = "readingroom"  # of the status of the action's own pull requests; others have a check of this name

ISSUE_BRANCH = "readingroom/issue-"  # what the branches of all proposals start with


class Label(StrEnum):
    """The labels that the action puts on issues and pull requests; GitHub creates each when it is first needed."""

    SESSION = "session"  # a proposal: its issue and its pull request
    NEEDS_CHANGES = "needs changes"  # an issue whose submitter is asked something
    PROBLEMS = "readingroom"  # the issue that reports problems in the files


class CommitState(StrEnum):
    """The states of a commit's status that the action sets."""

    SUCCESS = "success"
    FAILURE = "failure"


def format_issue_branch(number: int) -> str:
    """Return the name of the branch of an issue's proposal."""
    return f"{ISSUE_BRANCH}{number}"


def parse_issue_branch(branch: str) -> int:
    """Return the number of the issue whose proposal a branch holds, or 0."""
    match = re.fullmatch(f"{ISSUE_BRANCH}([1-9][0-9]{{0,9}})", branch)
    return int(match[1]) if match else 0


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue; ``has_write_access`` says whether its author may write to the repository.

    ``created`` and ``updated`` are when it was opened and last changed, None if that is not known.
    """

    number: int
    title: str = ""
    body: str = ""
    is_open: bool = True
    labels: frozenset[str] = frozenset()
    comments: int = 0
    is_locked: bool = False
    author: str = ""
    has_write_access: bool = False
    created: dt.datetime | None = None
    updated: dt.datetime | None = None


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
    """A comment; ``has_write_access`` says whether a program wrote it, or someone who may write to the repository."""

    id: int
    body: str
    has_write_access: bool
    is_by_program: bool


@dataclass(frozen=True, slots=True)
class ProblemIssue:
    """An issue of the action's own, which reports problems."""

    number: int
    body: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit; ``parents`` are the names of those it follows, where it was fetched by its own name."""

    id: str
    tree: str
    message: str
    parents: tuple[str, ...] = ()
