"""A folder that a site is written into, and that holds nothing of anybody else's."""

import json
import os
import shutil
import stat
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from readingroom.io import safe_open
from readingroom.io.parallel import map_parallel

# The paths of all files that were written there, as JSON.
MANIFEST = ".readingroom"


class OutputFolderError(Exception):
    """The folder holds what readingroom did not write; the text says what, and how to mend it."""


_OTHER = "for the site, with --out or in readingroom.yml."
_FIX = f"Move it away, or name another folder {_OTHER}"


def read_manifest(folder: Path, below: Path | None = None) -> list[str]:
    """Return the paths of the files that an earlier run wrote; raise Foreign if the folder holds others' alone.

    No folder on the way from ``below`` to the site's may be a link, the site's own included.
    """
    for place in _list_path_folders(folder, below):
        _check_folder(place)
    content = _read_regular_file(folder / MANIFEST)
    if content is None:
        if not is_missing_or_empty(folder):
            raise OutputFolderError(
                f"{folder} holds files that readingroom did not write. Name a folder of its own {_OTHER}"
            )
        return []
    try:
        paths = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise OutputFolderError(f"{folder / MANIFEST} cannot be read. {_FIX}") from error
    if not isinstance(paths, list) or any(not isinstance(path, str) or _is_unsafe_path(path) for path in paths):
        raise OutputFolderError(f"{folder / MANIFEST} names what readingroom never writes. {_FIX}")
    return paths


def _list_path_folders(folder: Path, below: Path | None) -> list[Path]:
    """Return the folders between two, the last one included; that alone if it is not below the other."""
    whole, top = Path(os.path.abspath(folder)), Path(os.path.abspath(below or folder.parent))
    between = [each for each in whole.parents if each != top and each.is_relative_to(top)]
    return [*reversed(between), whole]


def _check_folder(place: Path) -> None:
    about = _get_file_stat(place)
    if about and not stat.S_ISDIR(about.st_mode):
        raise OutputFolderError(f"{place} is {_describe_file_type(about)}, no folder. {_FIX}")


def _get_file_stat(place: Path) -> os.stat_result | None:
    """Return what a path itself is, whatever a link there leads to, or None if nothing is there."""
    try:
        return place.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputFolderError(f"{place} cannot be used ({error.strerror}). {_FIX}") from error


def _describe_file_type(about: os.stat_result) -> str:
    if stat.S_ISLNK(about.st_mode):
        return "a link"
    if stat.S_ISDIR(about.st_mode):
        return "a folder"
    return "a file" if stat.S_ISREG(about.st_mode) else "a special file"


def _check_paths(folder: Path, paths: Iterable[str]) -> None:
    """Raise Foreign if a path leads through what is no folder, or ends at what is no file."""
    met = {""}
    for path in paths:
        for place in accumulate(path.split("/")[:-1], "{}/{}".format):
            if place not in met:
                _check_folder(folder / place)
                met.add(place)
        about = _get_file_stat(folder / path)
        if about and not stat.S_ISREG(about.st_mode):
            raise OutputFolderError(f"{folder / path} is {_describe_file_type(about)}, no file. {_FIX}")


def is_missing_or_empty(folder: Path) -> bool:
    """Tell whether a folder is missing or empty."""
    if not folder.is_dir():
        return True
    with os.scandir(folder) as entries:
        return next(entries, None) is None


def _is_unsafe_path(path: str) -> bool:
    return "\\" in path or not {"", ".", ".."}.isdisjoint(path.split("/"))


def write_new_site(folder: Path, files: Mapping[str, bytes], copies: Mapping[str, Path]) -> None:
    """Write a whole site into a folder that is missing or empty: readers of it meet all of the site, or nothing."""
    beside = folder.parent / f"{MANIFEST}-{os.getpid()}"
    beside.mkdir(parents=True)
    try:
        for place in sorted({os.path.dirname(path) for path in (*files, *copies)}):
            (beside / place).mkdir(parents=True, exist_ok=True)
        map_parallel(
            partial(_write_chunk, os.fspath(beside)), [*files.items(), (MANIFEST, _dump_manifest([*files, *copies]))]
        )
        copy_files(beside, copies)
        with suppress(FileNotFoundError):
            folder.rmdir()
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write_chunk(top: str, files: Sequence[tuple[str, bytes]]) -> None:
    for path, content in files:
        with open(f"{top}/{path}", "wb") as file:
            file.write(content)


def _dump_manifest(paths: Iterable[str]) -> bytes:
    return json.dumps(sorted(paths), indent=0).encode()


class SiteChanges(NamedTuple):
    """What a folder lacks: contents by path (None: to be removed), and the files to copy.

    Where other paths are listed then, a list of the old and the new ones goes ``first`` and the new one ``last``: what
    a run that was killed has left is known to the next.
    """

    first: dict[str, bytes]
    files: dict[str, bytes | None]
    copies: dict[str, Path]
    last: dict[str, bytes]

    @property
    def number(self) -> int:
        return len(self.files) + len(self.copies)


def plan_site_update(
    folder: Path, before: Iterable[str], files: Mapping[str, bytes], copies: Mapping[str, Path]
) -> SiteChanges:
    """Return what must be written so that a folder with an earlier site holds this one; nothing is written yet.

    A file that stands where one should go and that is in no list of ours raises Foreign, and so does a link.
    """
    ours, wanted = set(before), {*files, *copies}
    _check_paths(folder, [*files, *copies, *sorted(ours), MANIFEST])
    found: dict[str, bytes | None] = {}
    for path, content in files.items():
        old = _read_regular_file(folder / path)
        if old != content:
            _check_ownership(folder / path, is_ours=old is None or path in ours)
            found[path] = content
    differing = {path: source for path, source in copies.items() if not _is_same_file(source, folder / path)}
    for path in differing:
        _check_ownership(folder / path, is_ours=path in ours or _get_file_stat(folder / path) is None)
    found |= dict.fromkeys(sorted(ours - wanted))
    if ours == wanted:
        return SiteChanges({}, found, differing, {})
    return SiteChanges({MANIFEST: _dump_manifest(ours | wanted)}, found, differing, {MANIFEST: _dump_manifest(wanted)})


def _check_ownership(place: Path, *, is_ours: bool) -> None:
    if not is_ours:
        raise OutputFolderError(f"{place} was not written by readingroom. {_FIX}")


def _read_regular_file(path: Path) -> bytes | None:
    """Return the bytes of a regular file, None if there is none; raise Foreign for a link and whatever else."""
    try:
        with safe_open.open_regular_file(path) as file:
            return file.read()
    except FileNotFoundError:
        return None
    except safe_open.NotRegularFile:
        reason = "is no file"
    except OSError as error:
        reason = "is a link" if path.is_symlink() else f"cannot be read ({error.strerror})"
    raise OutputFolderError(f"{path} {reason}. {_FIX}")


def copy_files(folder: Path, copies: Mapping[str, Path]) -> None:
    """Copy files of the group into a site's folder."""
    for path, source in copies.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        _copy_file(source, folder / path)


def _copy_file(source: Path, target: Path) -> None:
    """Copy a regular file, never what a link leads to; the time goes with it, by which it is known again."""
    temporary = target.with_name(f"{MANIFEST}-{os.getpid()}")
    with safe_open.open_regular_file(source) as old:
        about = os.fstat(old.fileno())
        with suppress(FileNotFoundError):
            temporary.unlink()
        with temporary.open("xb") as new:  # a link of that name is not followed
            shutil.copyfileobj(old, new)
    os.utime(temporary, ns=(about.st_atime_ns, about.st_mtime_ns))
    temporary.replace(target)


def _is_same_file(source: Path, target: Path) -> bool:
    with suppress(FileNotFoundError):
        old, new = target.stat(follow_symlinks=False), source.stat(follow_symlinks=False)
        return (old.st_size, old.st_mtime_ns) == (new.st_size, new.st_mtime_ns)
    return False
