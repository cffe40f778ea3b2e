"""Whether files on disk have been touched since somebody looked."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

Fingerprints = Mapping[str, bytes]


def compute_fingerprint(places: Iterable[str | Path]) -> bytes:
    """Return a digest of the names, sizes and times of files and of all files in folders.

    It changes when one of them is touched.
    """
    whole = blake2b(digest_size=16)
    for place in places:
        for path, about in _walk_files(os.fspath(place)):
            whole.update(f"{path}\0{about.st_size}\0{about.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return whole.digest()


def collect_fingerprints(places: Iterable[str | Path]) -> Fingerprints:
    """Return the seal of each place by itself."""
    return {os.fspath(place): compute_fingerprint([place]) for place in places}


def _walk_files(place: str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        entries = sorted(os.scandir(place), key=lambda each: each.name)
    except NotADirectoryError:
        yield place, os.stat(place, follow_symlinks=False)
        return
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk_files(entry.path)
            continue
        with suppress(FileNotFoundError):  # what is removed while one looks
            yield entry.path, entry.stat(follow_symlinks=False)


def watch_files(
    seen: Fingerprints, look: Callable[[], Fingerprints], pause: Callable[[], None], changed: Callable[[], None]
) -> None:
    """Call ``changed`` whenever a place has another seal than when one looked last, after a pause each time.

    A place that comes to be watched by a change is none itself. It goes on until something raises.
    """
    while True:
        pause()
        now = look()
        is_other = any(each != seen.get(place, each) for place, each in now.items())
        seen = now
        if is_other:
            changed()
            seen = {**look(), **now}
