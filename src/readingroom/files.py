"""What the core and the rim hand each other: a repository's files as values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

# Where GitHub looks for the form that proposals are made with.
FORM = ".github/ISSUE_TEMPLATE/session.yml"
# Where it looks for the workflow that runs the action.
WORKFLOW = ".github/workflows/readingroom.yml"
# What calendars and feeds have been told of each session so far.
ANNOUNCED = "sessions/announced.yml"
# The files beside those of sessions, their pages and templates that are read.
KNOWN = ("readingroom.yml", "README.md", "schema/session.schema.json", FORM, WORKFLOW, ANNOUNCED)

MAX_FILE_BYTES = 2 * 1024 * 1024  # of a file that is read; those that are only listed may be larger
MAX_ANNOUNCED_BYTES = 32 * 1024 * 1024  # 10,000 sessions take 2 MB of it

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Tree:
    """What a group's repository holds, as far as readingroom reads it; paths are relative and use ``/``.

    ``contents`` has the bytes of the text files; ``listings`` has, for each folder in sessions/, the size in
    bytes of every other file in it (-1 for a folder); ``unread`` has the paths that are not read, and why.
    """

    contents: dict[str, bytes] = field(default_factory=dict)
    listings: dict[str, dict[str, int]] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)

    def sessions(self) -> list[tuple[str, bytes]]:
        """Return path and bytes of every session's own file, in the order of their folders' names."""
        paths = (f"sessions/{folder}/session.yml" for folder in sorted(self.listings))
        return [(path, self.contents[path]) for path in paths if path in self.contents]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a commit: its mode as Git writes it, the name of its content, and its size in bytes."""

    path: str
    mode: str
    id: str
    size: int


def most_bytes(path: str) -> int:
    """Return how many bytes a file may have to be read."""
    return MAX_ANNOUNCED_BYTES if path == ANNOUNCED else MAX_FILE_BYTES


class Share(Protocol):
    """Does work on items in parts of ``least`` items or more, maybe several at once; returns what each part gave."""

    def __call__(self, work: Callable[[Sequence[Any]], Any], items: Sequence[Any], least: int = ...) -> list[Any]: ...


def in_turn(work: Callable[[Sequence[Any]], Any], items: Sequence[Any], least: int = 0) -> list[Any]:  # noqa: ARG001
    """Do all of the work here, as one part."""
    return [work(items)]
