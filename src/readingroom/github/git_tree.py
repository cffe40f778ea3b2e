"""A commit's files as a tree: Git's list of them, with the contents that are available locally or fetched."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha1
from itertools import accumulate

from readingroom.core.session_path import SessionPath
from readingroom.core.stray_files import drop_latex_products, is_stray_name
from readingroom.core.text_file import normalize_line_ends
from readingroom.core.tree import (
    FOLDER_SIZE,
    KNOWN_PATHS,
    LARGE_BLOB_BYTES,
    MAX_POINTER_BYTES,
    GitFile,
    Tree,
    find_picture_paths,
    has_similar_path,
    read_pointer_size,
)
from readingroom.render.templates import is_size_stable

_FOLDER = "040000"
_NOT_READ = {"120000": "is a link", "160000": "is a Git repository of its own"}
# The files that are read; all others in a session's folder are only listed.
_FILES = (
    rf"{'|'.join(map(re.escape, KNOWN_PATHS))}|templates/(?!\.)[^/]+\.j2"
    r"|sessions/(?!\.)[^/]+/(?:session\.yml|README\.md)"
)
_READ = re.compile(rf"{_FILES}|sessions/(?!\.)[^/]+\.md")
_BELOW_READ = re.compile(f"({_FILES})/")  # a folder sessions/x.md counts as one of a session
# The folders that they are in, without those of sessions.
_ENTERED = {"templates", "sessions", *(path[: end.start()] for path in KNOWN_PATHS for end in re.finditer("/", path))}
_VISIBLE_IN_SESSIONS = re.compile(r"sessions(?:/(?!\.)[^/]+){1,2}")


def compute_blob_id(content: bytes) -> str:
    """Return the name of a content in Git."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


class CommitListing:
    """A list of all files of a commit in the order of their paths, with the name in Git of each folder's tree."""

    def __init__(self, entries: Sequence[GitFile] = ()) -> None:
        self.entries = entries
        self._paths = [each.path for each in entries]
        self._trees = _compute_tree_ids(entries)

    def iter_tree_entries(
        self, tree: str, fetch: Callable[[str], Iterable[GitFile]], folder: str = ""
    ) -> Iterator[GitFile]:
        """Yield the files of a tree that is a later or earlier state of a folder in this list.

        Folders that are the same here need no request; for others ``fetch`` lists the files and folders at their top.
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
        start, end = (bisect_left(self._paths, f"{folder}{letter}") for letter in "/0")  # 0 is the character after /
        return self.entries[start:end]


def _compute_tree_ids(entries: Iterable[GitFile]) -> dict[str, str]:
    """Return the name in Git of each folder's tree; that of the top has an empty path.

    https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
    """
    within: dict[str, list[tuple[bytes, bytes]]] = {"": []}
    for each in entries:
        folder, _, name = each.path.rpartition("/")
        parent = folder
        while parent not in within:
            within[parent] = []
            parent = parent.rpartition("/")[0]
        within[folder].append((name.encode(), f"{each.mode} {name}\0".encode() + bytes.fromhex(each.id)))
    trees = {}
    for folder in sorted(within, key=lambda path: path.count("/") + bool(path), reverse=True):
        body = b"".join(line for _, line in sorted(within[folder]))
        digest = sha1(b"tree %d\0" % len(body) + body, usedforsecurity=False)
        trees[folder] = digest.hexdigest()
        if folder:
            parent, _, name = folder.rpartition("/")
            within[parent].append((f"{name}/".encode(), f"40000 {name}\0".encode() + digest.digest()))
    return trees


def build_tree(
    entries: Iterable[GitFile], local: Tree, fetch: Callable[[str], bytes], checked_out: Iterable[GitFile] = ()
) -> Tree:
    """Return the tree that a checkout of the entries would give; only contents that ``local`` lacks are fetched.

    ``checked_out`` are the files of the commit that ``local`` was read from.
    """
    available = {compute_blob_id(content): content for content in _iter_committed_forms(local.contents.values())}
    sizes = _map_local_sizes(local, checked_out)
    tree, modes = Tree(), {}
    for each in entries:
        modes[each.path] = each.mode
        folder, _, below = each.path.removeprefix("sessions/").partition("/")
        is_in_session = (
            each.path.startswith("sessions/")
            and bool(below)
            and not folder.startswith(".")
            and not is_stray_name(folder)
        )
        if is_in_session:
            tree.listings.setdefault(folder, {})
        if _is_stray_path(each.path):
            continue
        if parent := _BELOW_READ.match(each.path):
            tree.unread[parent[1]] = "is not a regular file"
        elif _READ.fullmatch(each.path):
            _add_content(tree, each, available, fetch)
        elif each.path in _ENTERED or (each.mode in _NOT_READ and _VISIBLE_IN_SESSIONS.fullmatch(each.path)):
            tree.unread[each.path] = _NOT_READ.get(each.mode, "is not a folder")
        elif is_in_session and not below.startswith("."):
            _add_listing_entry(tree, each, sizes, fetch)
    tree.similar.update(filter(has_similar_path, modes))
    tree.listings.update({folder: drop_latex_products(listing) for folder, listing in tree.listings.items()})
    for path in find_picture_paths(tree.contents.get(KNOWN_PATHS[0], b"")):
        if (error := _find_picture_error(modes, path)) is not None:
            tree.pictures[path] = error
    return tree


def _add_listing_entry(tree: Tree, file: GitFile, sizes: Mapping[str, int], fetch: Callable[[str], bytes]) -> None:
    """Add a file of a session's folder to its listing, or the folder that it is in."""
    _, folder, name, *below = file.path.split("/")
    tree.listings[folder][name] = FOLDER_SIZE if below else _get_size(file, sizes, fetch)
    if not below and file.size > LARGE_BLOB_BYTES:
        tree.large_blobs[file.path] = file.size


def _is_stray_path(path: str) -> bool:
    """Return whether a path is that of a stray file or folder in sessions/ or in a session's folder, or below one."""
    top, *names = path.split("/")
    return top == "sessions" and any(map(is_stray_name, names[:2]))


def _map_local_sizes(local: Tree, checked_out: Iterable[GitFile]) -> Mapping[str, int]:
    """Return the sizes of the files next to session files, by their names in Git; Git LFS may keep the content."""
    sizes = {}
    for each in checked_out:
        if (session := SessionPath.parse(each.path)) and session.folder in local.listings:
            size = local.listings[session.folder].get(each.path.removeprefix(f"{session.directory}/"))
            if size is not None:
                sizes[each.id] = size
    return sizes


def _get_size(file: GitFile, sizes: Mapping[str, int], fetch: Callable[[str], bytes]) -> int:
    """Return the size of a file, or of the one that it is a pointer to; only a size that pages show is looked up."""
    if (size := sizes.get(file.id)) is not None:
        return size
    if file.size > MAX_POINTER_BYTES or not is_size_stable(file.path):
        return file.size
    size = read_pointer_size(fetch(file.id))
    return file.size if size is None else size


def _find_picture_error(modes: Mapping[str, str], path: str) -> str | None:
    """Return the error that reading a picture from disk would give, empty for none; None if there is no picture."""
    for part in accumulate(path.split("/"), "{}/{}".format):
        if part in modes:
            if modes[part] in _NOT_READ:
                return f"{part} {_NOT_READ[modes[part]]}"
            return "" if part == path else None
    return f"{path} is a folder" if any(each.startswith(f"{path}/") for each in modes) else None


def _iter_committed_forms(contents: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each content, and the form in which Git may store it if the checkout has other line ends."""
    for content in contents:
        yield content
        if (committed := normalize_line_ends(content)) != content:
            yield committed


def _add_content(tree: Tree, entry: GitFile, available: Mapping[str, bytes], fetch: Callable[[str], bytes]) -> None:
    if entry.mode in _NOT_READ:
        tree.unread[entry.path] = "is not a regular file"
    elif tree.check_size(entry.path, entry.size):
        content = available.get(entry.id)
        tree.contents[entry.path] = fetch(entry.id) if content is None else content
