"""The files of a checked-out commit, from Git's index: GitHub then need not list them.

https://git-scm.com/docs/index-format
"""

import struct
from pathlib import Path

from readingroom.core.tree import GitFile

_HEADER = struct.Struct(">4sII")
_ENTRY = struct.Struct(">10I20sH")  # times, device, inode, mode, owners and size; the blob's hash; flags
_STAGE, _MORE_FLAGS = 0x3000, 0x4000
_EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
_SUBMODULE_MODE = 0o160000


def read_index(root: Path) -> list[GitFile]:
    """Return the files of the commit that was checked out into a folder, in the order of their paths.

    The list is empty if there is no index, or one that only Git itself can read. The index may be of another commit, or
    hold staged changes: the caller must compare the hash of the whole tree.
    """
    try:
        return _parse_index((root / ".git" / "index").read_bytes())
    except (OSError, ValueError, struct.error):
        return []


def _parse_index(data: bytes) -> list[GitFile]:
    signature, version, count = _HEADER.unpack_from(data)
    if signature != b"DIRC" or version not in {2, 3}:
        return []
    entries = []
    start = _HEADER.size
    for _ in range(count):
        *file_stat, blob, flags = _ENTRY.unpack_from(data, start)
        mode, size, name = file_stat[6], file_stat[9], blob.hex()
        if flags & _STAGE or (not size and name != _EMPTY_BLOB and mode != _SUBMODULE_MODE):
            return []  # during a merge, or an entry that Git has not refreshed since a change
        path = start + _ENTRY.size + (2 if flags & _MORE_FLAGS else 0)
        end = data.index(b"\0", path)
        entries.append(GitFile(data[path:end].decode(), f"{mode:o}", name, size))
        start += (end - start + 8) // 8 * 8  # one to eight zero bytes follow
    return entries
