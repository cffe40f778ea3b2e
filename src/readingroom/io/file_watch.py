"""Changes of files on disk, noticed by their names, sizes and times."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

Fingerprints = Mapping[str, bytes]


def compute_fingerprint(paths: Iterable[str | Path]) -> bytes:
    """Return a digest of the names, sizes and times of files and of all files in folders."""
    hasher = blake2b(digest_size=16)
    for top in paths:
        for path, file_stat in _walk_files(os.fspath(top)):
            hasher.update(f"{path}\0{file_stat.st_size}\0{file_stat.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return hasher.digest()


def collect_fingerprints(paths: Iterable[str | Path]) -> Fingerprints:
    """Return the fingerprint of each path."""
    return {os.fspath(path): compute_fingerprint([path]) for path in paths}


def _walk_files(path: str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        entries = sorted(os.scandir(path), key=lambda each: each.name)
    except NotADirectoryError:
        yield path, os.stat(path, follow_symlinks=False)
        return
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk_files(entry.path)
            continue
        with suppress(FileNotFoundError):  # removed in the meantime
            yield entry.path, entry.stat(follow_symlinks=False)


def watch_files(
    seen: Fingerprints, collect: Callable[[], Fingerprints], pause: Callable[[], None], update: Callable[[], None]
) -> None:
    """Call ``update`` whenever the fingerprint of a path has changed, with a pause before each look.

    A path that is watched only since the last update does not count as changed. Runs until something raises.
    """
    while True:
        pause()
        current = collect()
        has_changed = any(fingerprint != seen.get(path, fingerprint) for path, fingerprint in current.items())
        seen = current
        if has_changed:
            update()
            seen = {**collect(), **current}
