"""Which files of a group Git LFS keeps: a checkout has only pointers to them unless it asks for the files.

The syntax: https://git-scm.com/docs/gitattributes
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from readingroom.core.tree import FOLDER_SIZE, Tree

GITATTRIBUTES = ".gitattributes"
_KEPT, _NOT_KEPT = "filter=lfs", frozenset({"-filter", "!filter"})


def list_lfs_files(tree: Tree) -> list[str]:
    """Return the paths of the files next to session files that Git LFS keeps, sorted.

    ``.gitattributes`` at the top names them, also where the checkout has fetched them.
    """
    rules = list(_iter_rules(tree.contents.get(GITATTRIBUTES, b"").decode("utf-8", "replace")))
    paths = (
        f"sessions/{folder}/{name}"
        for folder, listing in tree.listings.items()
        for name, size in listing.items()
        if size != FOLDER_SIZE
    )
    return sorted(path for path in paths if path in tree.pointers or _is_kept(path, rules))


def _iter_rules(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each pattern that is about a filter, and whether that is the one of Git LFS."""
    for line in text.splitlines():
        pattern, *attributes = line.split() or ["#"]
        filters = [each for each in attributes if each in _NOT_KEPT or each.startswith("filter=")]
        if filters and not pattern.startswith("#"):
            yield pattern, filters[-1] == _KEPT


def _is_kept(path: str, rules: list[tuple[str, bool]]) -> bool:
    """Return what the last pattern that matches says; one without a slash matches a name in any folder."""
    name = path.rpartition("/")[2]
    matching = (kept for pattern, kept in reversed(rules) if _matches(path if "/" in pattern else name, pattern))
    return next(matching, False)


def _matches(path: str, pattern: str) -> bool:
    return fnmatchcase(path, pattern.removeprefix("/").replace("**/", "*"))
