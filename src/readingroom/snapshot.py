"""A commit's files as a tree: what Git lists of them, with the bytes that are at hand already."""

import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha1

from readingroom.files import KNOWN, MAX_FILE_BYTES, Entry, Tree

_LINK, _REPOSITORY = "120000", "160000"
# The files that are read; whatever else lies in a session's folder is listed.
_READ = re.compile(
    rf"{'|'.join(map(re.escape, KNOWN))}|templates/(?!\.)[^/]+\.j2|sessions/(?!\.)[^/]+\.md"
    r"|sessions/(?!\.)[^/]+/(?:session\.yml|README\.md)"
)


def blob_id(content: bytes) -> str:
    """Return Git's name for a content."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def of(entries: Iterable[Entry], local: Tree, fetch: Callable[[str], bytes]) -> Tree:
    """Return what reading a checkout of the entries would give; only content that ``local`` lacks is fetched."""
    at_hand = {blob_id(content): content for content in local.contents.values()}
    tree = Tree()
    for each in entries:
        folder, _, below = each.path.removeprefix("sessions/").partition("/")
        is_in_session = each.path.startswith("sessions/") and bool(below) and not folder.startswith(".")
        if is_in_session:
            tree.listings.setdefault(folder, {})
        if _READ.fullmatch(each.path):
            _read(tree, each, at_hand, fetch)
        elif each.mode in {_LINK, _REPOSITORY} and re.fullmatch(r"templates|sessions(?:/[^/]+){0,2}", each.path):
            tree.unread[each.path] = "is a link" if each.mode == _LINK else "is a Git repository of its own"
        elif is_in_session and not below.startswith("."):
            name, slash, _ = below.partition("/")
            tree.listings[folder][name] = -1 if slash else each.size
    return tree


def _read(tree: Tree, entry: Entry, at_hand: Mapping[str, bytes], fetch: Callable[[str], bytes]) -> None:
    if entry.mode in {_LINK, _REPOSITORY}:
        tree.unread[entry.path] = "is not a regular file"
    elif entry.size > MAX_FILE_BYTES:
        tree.unread[entry.path] = f"has {entry.size} bytes; at most {MAX_FILE_BYTES} are read"
    else:
        content = at_hand.get(entry.id)
        tree.contents[entry.path] = fetch(entry.id) if content is None else content
