"""What the core and the rim hand each other: a repository's files as values."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from readingroom.core.session_path import SessionPath

CONFIGURATION = "readingroom.yml"
README = "README.md"

# Where GitHub looks for the form that proposals are made with.
FORM_PATH = ".github/ISSUE_TEMPLATE/session.yml"
# Where it looks for the workflow that runs the action.
WORKFLOW_PATH = ".github/workflows/readingroom.yml"
# What calendars and feeds have been told of each session so far.
ANNOUNCED_PATH = "sessions/announced.yml"
# The files beside those of sessions, their pages and templates that are read.
KNOWN_PATHS = (CONFIGURATION, README, "schema/session.schema.json", FORM_PATH, WORKFLOW_PATH, ANNOUNCED_PATH)

MAX_FILE_BYTES = 2 * 1024 * 1024  # of a file that is read; those that are only listed may be larger
MAX_ANNOUNCED_BYTES = 32 * 1024 * 1024  # 10,000 sessions take 2 MB of it

FOLDER_SIZE = -1  # of a folder, in a listing of files and their sizes

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Tree:
    """What a group's repository holds, as far as readingroom reads it; paths are relative and use ``/``.

    ``contents`` has the bytes of the text files; ``listings`` has, for each folder in sessions/, the size in
    bytes of every other file in it (FOLDER_SIZE for a folder); ``unread`` has the paths that are not read, and why.
    ``pictures`` has the paths there are of those that the group's file may name as its logo, and what keeps each from
    being one: an empty text if it is a regular file that no link leads to.
    """

    contents: dict[str, bytes] = field(default_factory=dict)
    listings: dict[str, dict[str, int]] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)

    def list_session_folders(self) -> list[str]:
        """Return the names of the folders that have a session.yml, sorted."""
        return [folder for folder in sorted(self.listings) if SessionPath(folder).file in self.contents]

    def list_session_files(self) -> list[tuple[str, bytes]]:
        """Return path and bytes of every session's own file, in the order of their folders' names."""
        paths = [SessionPath(folder).file for folder in self.list_session_folders()]
        return [(path, self.contents[path]) for path in paths]

    def list_own_templates(self) -> dict[str, bytes]:
        """Return the bytes of the group's own templates by their names."""
        return {
            path.removeprefix("templates/"): content for path, content in self.contents.items() if path.endswith(".j2")
        }


@dataclass(frozen=True, slots=True)
class GitFile:
    """A file of a commit: its mode as Git writes it, the name of its content, and its size in bytes."""

    path: str
    mode: str
    id: str
    size: int


_WORD = re.compile(rb"[A-Za-z0-9/_.-]+")
_PICTURES = (b".png", b".jpg", b".jpeg", b".webp", b".svg")
_MOST_WORD, _MOST_PICTURES = 200, 100


def find_picture_paths(configuration: bytes) -> list[str]:
    """Return whatever in a group's file may be the path of a picture: the rim looks for it without reading YAML."""
    if b"logo" not in configuration:
        return []
    words = {word for word in _WORD.findall(configuration) if word.endswith(_PICTURES) and len(word) <= _MOST_WORD}
    paths = sorted(word.decode() for word in words if {b"", b".", b".."}.isdisjoint(word.split(b"/")))
    return paths[:_MOST_PICTURES]


def get_size_limit(path: str) -> int:
    """Return how many bytes a file may have to be read."""
    return MAX_ANNOUNCED_BYTES if path == ANNOUNCED_PATH else MAX_FILE_BYTES


class ChunkRunner(Protocol):
    """Does work on items in parts of ``least`` items or more, maybe several at once; returns what each part gave."""

    def __call__(self, work: Callable[[Sequence[Any]], Any], items: Sequence[Any], least: int = ...) -> list[Any]: ...


def run_in_one_chunk(work: Callable[[Sequence[Any]], Any], items: Sequence[Any], least: int = 0) -> list[Any]:  # noqa: ARG001
    """Do all of the work here, as one part."""
    return [work(items)]
