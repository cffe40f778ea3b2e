"""A folder that a site is written into, and that holds nothing of anybody else's."""

import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path

from readingroom.workers import share

# The paths of all files that were written there, as JSON.
LIST = ".readingroom"


class Foreign(Exception):
    """The folder holds what readingroom did not write; the text says what."""


def listed(folder: Path) -> list[str]:
    """Return the paths of the files that an earlier run wrote; raise Foreign if the folder holds others' alone."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise Foreign(f"{folder} is no folder")
    try:
        paths = json.loads((folder / LIST).read_bytes())
    except FileNotFoundError:
        if not is_new(folder):
            raise Foreign(f"{folder} holds files that readingroom did not write") from None
        return []
    except (OSError, ValueError, RecursionError) as error:
        raise Foreign(f"{folder / LIST} cannot be read") from error
    if not isinstance(paths, list) or any(not isinstance(path, str) or _leads_out(path) for path in paths):
        raise Foreign(f"{folder / LIST} names what readingroom never writes")
    return paths


def is_new(folder: Path) -> bool:
    """Tell whether a folder is missing or empty."""
    if not folder.is_dir():
        return True
    with os.scandir(folder) as entries:
        return next(entries, None) is None


def _leads_out(path: str) -> bool:
    return "\\" in path or not {"", ".", ".."}.isdisjoint(path.split("/"))


def lay(folder: Path, files: Mapping[str, bytes], copies: Mapping[str, Path]) -> None:
    """Write a whole site into a folder that is missing or empty: readers of it meet all of the site, or nothing."""
    beside = folder.parent / f"{LIST}-{os.getpid()}"
    beside.mkdir(parents=True)
    try:
        for place in sorted({os.path.dirname(path) for path in (*files, *copies)}):
            (beside / place).mkdir(parents=True, exist_ok=True)
        share(partial(_lay_part, os.fspath(beside)), list(_with_list(files, copies).items()))
        for path, source in copies.items():
            _copy(source, beside / path)
        with suppress(FileNotFoundError):
            folder.rmdir()
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _lay_part(top: str, files: Sequence[tuple[str, bytes]]) -> None:
    for path, content in files:
        with open(f"{top}/{path}", "wb") as file:
            file.write(content)


def _with_list(files: Mapping[str, bytes], copies: Iterable[str]) -> dict[str, bytes]:
    return {**files, LIST: json.dumps(sorted({*files, *copies}), indent=0).encode()}


def changes(
    folder: Path, before: Iterable[str], files: Mapping[str, bytes], copies: Iterable[str]
) -> dict[str, bytes | None]:
    """Return what must be written (None: removed) so that a folder with an earlier site holds this one.

    A file that stands where one should go and that is in no list of ours raises Foreign.
    """
    ours = set(before)
    wanted = _with_list(files, copies)
    found: dict[str, bytes | None] = {}
    for path, content in wanted.items():
        old = _content(folder / path)
        if old is not None and path not in ours and path != LIST and old != content:
            raise Foreign(f"{folder / path} was not written by readingroom")
        if old != content:
            found[path] = content
    return found | dict.fromkeys(sorted(ours - wanted.keys() - set(copies)))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Foreign(f"{path} cannot be replaced ({error.strerror})") from error


def copy(folder: Path, copies: Mapping[str, Path]) -> list[str]:
    """Copy the files that differ; return their paths in the folder."""
    done = []
    for path, source in copies.items():
        if not _is_same(source, folder / path):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            _copy(source, folder / path)
            done.append(path)
    return done


def _copy(source: Path, target: Path) -> None:
    """Copy a regular file, never what a link leads to; the time goes with it, by which it is known again."""
    temporary = target.with_name(f"{LIST}-{os.getpid()}")
    with os.fdopen(os.open(source, os.O_RDONLY | _NOT_LINKED), "rb") as old:
        about = os.fstat(old.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise OSError(0, "is not a regular file", os.fspath(source))
        with temporary.open("wb") as new:
            shutil.copyfileobj(old, new)
    os.utime(temporary, ns=(about.st_atime_ns, about.st_mtime_ns))
    temporary.replace(target)


_NOT_LINKED = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _is_same(source: Path, target: Path) -> bool:
    with suppress(FileNotFoundError):
        old, new = target.stat(follow_symlinks=False), source.stat(follow_symlinks=False)
        return (old.st_size, old.st_mtime_ns) == (new.st_size, new.st_mtime_ns)
    return False


def seal(places: Iterable[str | Path]) -> bytes:
    """Return a digest of the names, sizes and times of files and of all files in folders.

    It changes when one of them is touched.
    """
    whole = blake2b(digest_size=16)
    for place in places:
        for path, about in _walk(os.fspath(place)):
            whole.update(f"{path}\0{about.st_size}\0{about.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return whole.digest()


def _walk(place: str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        entries = sorted(os.scandir(place), key=lambda each: each.name)
    except NotADirectoryError:
        yield place, os.stat(place, follow_symlinks=False)
        return
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path)
        else:
            yield entry.path, entry.stat(follow_symlinks=False)
