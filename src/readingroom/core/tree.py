"""A repository's files as values, independent of the disk."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from readingroom.core.session_path import SessionPath

CONFIGURATION = "readingroom.yml"
README = "README.md"

# Where GitHub looks for the issue form and for the workflow.
FORM_PATH = ".github/ISSUE_TEMPLATE/session.yml"
WORKFLOW_PATH = ".github/workflows/readingroom.yml"
# The record of what calendars and feeds have announced of each session.
ANNOUNCED_PATH = "sessions/announced.yml"
# The files that are read in addition to sessions, their pages and templates.
KNOWN_PATHS = (CONFIGURATION, README, "schema/session.schema.json", FORM_PATH, WORKFLOW_PATH, ANNOUNCED_PATH)

MAX_FILE_BYTES = 2 * 1024 * 1024  # per file that is read; those that are only listed may be larger
MAX_ANNOUNCED_BYTES = 32 * 1024 * 1024  # 10,000 sessions take 2 MB of it

# https://docs.github.com/repositories/working-with-files/managing-large-files/about-large-files-on-github
MAX_BLOB_BYTES = 100 * 1024 * 1024  # GitHub refuses a push of more
LARGE_BLOB_BYTES = 50 * 1024 * 1024  # GitHub warns of more

FOLDER_SIZE = -1  # of a folder, in a listing of files and their sizes

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a group's repository that readingroom reads or lists; paths are relative and use ``/``.

    ``contents``: the bytes of each text file. ``listings``: for each folder in sessions/, the size in bytes of every
    other file in it (FOLDER_SIZE for a folder). ``unread``: the paths that are not read, and why; of ``too_large``
    it is the size. ``pointers``: the files whose content Git LFS keeps elsewhere and the checkout lacks; their
    size is that content's. ``large_blobs``: the sizes of files next to session files that Git itself holds and of which
    GitHub warns. ``pictures``: the existing paths that the group's file may name as its logo, each with what makes it
    unusable, empty if nothing does. ``similar``: the paths that are no known file and have nearly the name of README.md
    or of the group's file.
    """

    contents: dict[str, bytes] = field(default_factory=dict)
    listings: dict[str, dict[str, int]] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    too_large: set[str] = field(default_factory=set)
    pointers: set[str] = field(default_factory=set)
    similar: set[str] = field(default_factory=set)
    large_blobs: dict[str, int] = field(default_factory=dict)

    def check_size(self, path: str, size: int) -> bool:
        """Return whether a file of this size is read; if not, record it as too large."""
        limit = MAX_ANNOUNCED_BYTES if path == ANNOUNCED_PATH else MAX_FILE_BYTES
        if size > limit:
            self.unread[path] = f"has {size} bytes; at most {limit} are read"
            self.too_large.add(path)
        return size <= limit

    def list_session_folders(self) -> list[str]:
        """Return the names of the folders that have a session.yml, sorted."""
        return [folder for folder in sorted(self.listings) if SessionPath(folder).file in self.contents]

    def list_session_files(self) -> list[tuple[str, bytes]]:
        """Return path and bytes of every session file, in the order of their folders' names."""
        paths = (SessionPath(folder).file for folder in sorted(self.listings))
        return [(path, self.contents[path]) for path in paths if path in self.contents]

    def map_listed_sizes(self) -> dict[str, int]:
        """Return the size of each file in a session's folder that is only listed, by its path."""
        return {
            f"sessions/{folder}/{name}": size
            for folder, listing in self.listings.items()
            for name, size in listing.items()
            if size != FOLDER_SIZE
        }

    def list_own_templates(self) -> dict[str, bytes]:
        """Return the bytes of the group's own templates by name."""
        return {
            path.removeprefix("templates/"): content for path, content in self.contents.items() if path.endswith(".j2")
        }


# Where GitHub looks for a README: https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-readmes
README_FOLDERS = ("", ".github", "docs")
_SIMILAR = re.compile(
    r"(?:(?:\.github|docs)/)?readme(?:\.[a-z]{1,10})?|readingroom\.(?:ya?ml|json)(?:\.txt)?", re.IGNORECASE
)
_SIMILAR_SESSION = re.compile(r"sessions?\.(?:ya?ml|json)(?:\.txt)?", re.IGNORECASE)


def has_similar_path(path: str) -> bool:
    """Return whether a path has nearly the name of README.md or of the group's file, and is neither."""
    return path not in KNOWN_PATHS and _SIMILAR.fullmatch(path) is not None


def find_similar_session_file(listing: Iterable[str]) -> str:
    """Return the file of a session's folder that has nearly the name session.yml, or an empty text."""
    return next((name for name in sorted(listing) if _SIMILAR_SESSION.fullmatch(name)), "")


MAX_POINTER_BYTES = 1024
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/[^\r\n]+\r?\n(?:[a-z0-9.-]+ [^\n]*\n)*?size ([0-9]{1,18})\r?\n"
)


def read_pointer_size(content: bytes) -> int | None:
    """Return the size of the file that a Git LFS pointer stands for; None for any other content.

    https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
    """
    match = _POINTER.match(content) if len(content) <= MAX_POINTER_BYTES else None
    return int(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class GitFile:
    """A file of a commit: its mode as Git writes it, the digest of its content, and its size in bytes."""

    path: str
    mode: str
    id: str
    size: int


_WORD = re.compile(rb"[A-Za-z0-9/_.-]+")
_PICTURE_SUFFIXES = (b".png", b".jpg", b".jpeg", b".webp", b".svg")
_MAX_PATH_LENGTH, _MAX_PICTURES = 200, 100


def find_picture_paths(configuration: bytes) -> list[str]:
    """Return what may be paths of pictures in a group's file, to be looked up before its YAML is parsed."""
    if b"logo" not in configuration:
        return []
    words = {
        word
        for word in _WORD.findall(configuration)
        if word.endswith(_PICTURE_SUFFIXES) and len(word) <= _MAX_PATH_LENGTH
    }
    paths = sorted(word.decode() for word in words if {b"", b".", b".."}.isdisjoint(word.split(b"/")))
    return paths[:_MAX_PICTURES]


class ChunkRunner(Protocol):
    """Does work on items in chunks of ``least`` items or more, maybe several at once; returns each chunk's result."""

    def __call__(self, work: Callable[[Sequence[Any]], Any], items: Sequence[Any], least: int = ...) -> list[Any]: ...


class TaskStarter(Protocol):
    """Starts a task, maybe in another process, and returns a function that waits for its result, plain data.

    ``size`` is the number of sessions: that of a small group may not be worth a process.
    """

    def __call__(self, work: Callable[[], Any], size: int) -> Callable[[], Any]: ...


def postpone_task(work: Callable[[], Any], size: int) -> Callable[[], Any]:  # noqa: ARG001
    """Leave a task to this process, until its result is needed."""
    return work


def run_in_one_chunk(work: Callable[[Sequence[Any]], Any], items: Sequence[Any], least: int = 0) -> list[Any]:  # noqa: ARG001
    """Do all of the work in this process, as one chunk."""
    return [work(items)]
