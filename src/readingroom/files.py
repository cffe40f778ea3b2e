"""What the core and the rim hand each other: a repository's files as values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Files = dict[str, str]


@dataclass(frozen=True, slots=True)
class Tree:
    """What a group's repository holds, as far as readingroom reads it; paths are relative and use ``/``.

    ``contents`` has the bytes of the text files; ``listings`` has, for each folder in sessions/, the size in
    bytes of every other file in it (-1 for a folder); ``unread`` has the paths that are not read, and why.
    """

    contents: dict[str, bytes] = field(default_factory=dict)
    listings: dict[str, dict[str, int]] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)


Share = Callable[[Callable[[Sequence[Any]], Any], Sequence[Any]], list[Any]]


def in_turn(work: Callable[[Sequence[Any]], Any], items: Sequence[Any]) -> list[Any]:
    """Do all of the work here, as one part; a ``Share`` may do several parts at once."""
    return [work(items)]
