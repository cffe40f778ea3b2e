"""A commit's files as a tree: what Git lists of them, with the bytes that are at hand already."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha1
from itertools import accumulate

from readingroom.core.text_file import normalize_line_ends
from readingroom.core.tree import KNOWN_PATHS, GitFile, Tree, find_picture_paths, get_size_limit

_FOLDER = "040000"
_NOT_READ = {"120000": "is a link", "160000": "is a Git repository of its own"}
# The files that are read; whatever else lies in a session's folder is listed.
_FILES = (
    rf"{'|'.join(map(re.escape, KNOWN_PATHS))}|templates/(?!\.)[^/]+\.j2"
    r"|sessions/(?!\.)[^/]+/(?:session\.yml|README\.md)"
)
_READ = re.compile(rf"{_FILES}|sessions/(?!\.)[^/]+\.md")
_BELOW_READ = re.compile(f"({_FILES})/")  # a folder sessions/x.md counts as one of a session
# The folders that they lie in, but for those of sessions.
_ENTERED = {"templates", "sessions", *(path[: end.start()] for path in KNOWN_PATHS for end in re.finditer("/", path))}
_VISIBLE_IN_SESSIONS = re.compile(r"sessions(?:/(?!\.)[^/]+){1,2}")


def compute_blob_id(content: bytes) -> str:
    """Return Git's name for a content."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


class CommitListing:
    """A list of all files of a commit, in the order of their paths, with Git's name for the tree of each folder."""

    def __init__(self, entries: Sequence[GitFile] = ()) -> None:
        self.entries = entries
        self._paths = [each.path for each in entries]
        self._trees = _compute_tree_ids(entries)

    def iter_tree_entries(
        self, tree: str, fetch: Callable[[str], Iterable[GitFile]], folder: str = ""
    ) -> Iterator[GitFile]:
        """Yield the files of a tree that is a later or earlier state of a folder of this list.

        Of a folder that is the same here nothing is asked for; of any other ``fetch`` lists what lies in it directly.
        """
        if self._trees.get(folder) == tree:
            yield from self._list_folder(folder)
            return
        for each in fetch(tree):
            path = f"{folder}/{each.path}" if folder else each.path
            if each.mode == _FOLDER:
                yield from self.iter_tree_entries(each.id, fetch, path)
            else:
                yield replace(each, path=path)

    def matches_tree(self, tree: str) -> bool:
        return self._trees.get("") == tree

    def _list_folder(self, folder: str) -> Sequence[GitFile]:
        if not folder:
            return self.entries
        start, end = (bisect_left(self._paths, f"{folder}{letter}") for letter in "/0")  # 0 is what comes behind /
        return self.entries[start:end]


def _compute_tree_ids(entries: Iterable[GitFile]) -> dict[str, str]:
    """Return Git's name for the tree of each folder; that of the whole is under an empty text.

    https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
    """
    within: dict[str, list[tuple[bytes, bytes]]] = {"": []}
    for each in entries:
        folder, _, name = each.path.rpartition("/")
        above = folder
        while above not in within:
            within[above] = []
            above = above.rpartition("/")[0]
        within[folder].append((name.encode(), f"{each.mode} {name}\0".encode() + bytes.fromhex(each.id)))
    trees = {}
    for folder in sorted(within, key=lambda path: path.count("/") + bool(path), reverse=True):
        body = b"".join(line for _, line in sorted(within[folder]))
        found = sha1(b"tree %d\0" % len(body) + body, usedforsecurity=False)
        trees[folder] = found.hexdigest()
        if folder:
            above, _, name = folder.rpartition("/")
            within[above].append((f"{name}/".encode(), f"40000 {name}\0".encode() + found.digest()))
    return trees


def build_tree(entries: Iterable[GitFile], local: Tree, fetch: Callable[[str], bytes]) -> Tree:
    """Return what reading a checkout of the entries would give; only content that ``local`` lacks is fetched."""
    at_hand = {compute_blob_id(content): content for content in _iter_committed_forms(local.contents.values())}
    tree, modes = Tree(), {}
    for each in entries:
        modes[each.path] = each.mode
        folder, _, below = each.path.removeprefix("sessions/").partition("/")
        is_in_session = each.path.startswith("sessions/") and bool(below) and not folder.startswith(".")
        if is_in_session:
            tree.listings.setdefault(folder, {})
        if named := _BELOW_READ.match(each.path):
            tree.unread[named[1]] = "is not a regular file"
        elif _READ.fullmatch(each.path):
            _add_content(tree, each, at_hand, fetch)
        elif each.path in _ENTERED or (each.mode in _NOT_READ and _VISIBLE_IN_SESSIONS.fullmatch(each.path)):
            tree.unread[each.path] = _NOT_READ.get(each.mode, "is not a folder")
        elif is_in_session and not below.startswith("."):
            name, slash, _ = below.partition("/")
            tree.listings[folder][name] = -1 if slash else each.size
    for path in find_picture_paths(tree.contents.get(KNOWN_PATHS[0], b"")):
        if (wrong := _find_picture_error(modes, path)) is not None:
            tree.pictures[path] = wrong
    return tree


def _find_picture_error(modes: Mapping[str, str], path: str) -> str | None:
    """Return what reading from disk would tell of a picture."""
    for place in accumulate(path.split("/"), "{}/{}".format):
        if place in modes:
            if modes[place] in _NOT_READ:
                return f"{place} {_NOT_READ[modes[place]]}"
            return "" if place == path else None
    return f"{path} is a folder" if any(each.startswith(f"{path}/") for each in modes) else None


def _iter_committed_forms(contents: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each content, and as Git may hold it where a checkout was given other line ends."""
    for content in contents:
        yield content
        if (committed := normalize_line_ends(content)) != content:
            yield committed


def _add_content(tree: Tree, entry: GitFile, at_hand: Mapping[str, bytes], fetch: Callable[[str], bytes]) -> None:
    if entry.mode in _NOT_READ:
        tree.unread[entry.path] = "is not a regular file"
    elif entry.size > get_size_limit(entry.path):
        tree.unread[entry.path] = f"has {entry.size} bytes; at most {get_size_limit(entry.path)} are read"
    else:
        content = at_hand.get(entry.id)
        tree.contents[entry.path] = fetch(entry.id) if content is None else content
