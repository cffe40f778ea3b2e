"""The folder that a site is written into, which must hold no other files."""

import errno
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

from readingroom.io import disk, safe_open
from readingroom.io.parallel import map_parallel

MANIFEST = ".readingroom"  # the paths of all files that were written there, as JSON


class OutputFolderError(Exception):
    """The folder holds what readingroom did not write; the message names it and how to fix that."""


_CHOOSE = "for the site, with --out or in readingroom.yml."
_FIX = f"Move it away, or name another folder {_CHOOSE}"


def read_manifest(folder: Path, top: Path | None = None) -> list[str]:
    """Return the paths of the files that an earlier run wrote; raise OutputFolderError if it wrote none of the files.

    No folder between ``top`` and the site's may be a link, and neither may the site's own.
    """
    for each in _list_path_folders(folder, top):
        _check_folder(each)
    content = _read_regular_file(folder / MANIFEST)
    if content is None:
        if not is_missing_or_empty(folder):
            raise OutputFolderError(
                f"{folder} holds files that readingroom did not write. Name a folder of its own {_CHOOSE}"
            )
        return []
    try:
        paths = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise OutputFolderError(f"{folder / MANIFEST} cannot be read. {_FIX}") from error
    if not isinstance(paths, list) or any(not isinstance(path, str) or _is_unsafe_path(path) for path in paths):
        raise OutputFolderError(f"{folder / MANIFEST} names what readingroom never writes. {_FIX}")
    return paths


def _list_path_folders(folder: Path, top: Path | None) -> list[Path]:
    """Return the folders below ``top`` down to ``folder``; only the latter if it is not below ``top``."""
    last, first = Path(os.path.abspath(folder)), Path(os.path.abspath(top or folder.parent))
    between = [each for each in last.parents if each != first and each.is_relative_to(first)]
    return [*reversed(between), last]


def _check_folder(path: Path) -> None:
    file_stat = _get_file_stat(path)
    if file_stat and not stat.S_ISDIR(file_stat.st_mode):
        raise OutputFolderError(f"{path} is {_describe_file_type(file_stat)}, not a folder. {_FIX}")


def _get_file_stat(path: Path) -> os.stat_result | None:
    """Return the type and size of a path, without following a link, or None if it does not exist."""
    try:
        return path.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputFolderError(f"{path} cannot be used ({error.strerror}). {_FIX}") from error


def _describe_file_type(file_stat: os.stat_result) -> str:
    if stat.S_ISLNK(file_stat.st_mode):
        return "a link"
    if stat.S_ISDIR(file_stat.st_mode):
        return "a folder"
    return "a file" if stat.S_ISREG(file_stat.st_mode) else "a special file"


def _check_paths(folder: Path, paths: Iterable[str]) -> None:
    """Raise OutputFolderError if a parent of a path is not a folder, or the path is not a regular file."""
    checked = set()
    for path in paths:
        for parent in accumulate(path.split("/")[:-1], "{}/{}".format):
            if parent not in checked:
                _check_folder(folder / parent)
                checked.add(parent)
        file_stat = _get_file_stat(folder / path)
        if file_stat and not stat.S_ISREG(file_stat.st_mode):
            raise OutputFolderError(f"{folder / path} is {_describe_file_type(file_stat)}, not a file. {_FIX}")


def is_missing_or_empty(folder: Path) -> bool:
    if not folder.is_dir():
        return True
    with os.scandir(folder) as entries:
        return next(entries, None) is None


def _is_unsafe_path(path: str) -> bool:
    return "\\" in path or not {"", ".", ".."}.isdisjoint(path.split("/"))


def write_new_site(folder: Path, files: Mapping[str, bytes], copies: Mapping[str, Path]) -> bool:
    """Write a site into a folder that is missing or empty; the folder appears only once it is complete.

    Return False if another process has been faster; its site stays.
    """
    disk.remove_abandoned_files(folder.parent)
    temporary = folder.parent / f"{disk.TEMPORARY_PREFIX}{os.getpid()}"
    temporary.mkdir(parents=True)
    try:
        for parent in sorted({os.path.dirname(path) for path in (*files, *copies)}):
            (temporary / parent).mkdir(parents=True, exist_ok=True)
        map_parallel(
            partial(_write_chunk, os.fspath(temporary)), [*files.items(), (MANIFEST, _dump_manifest([*files, *copies]))]
        )
        copy_files(temporary, copies)
        with suppress(FileNotFoundError):
            folder.rmdir()
        temporary.rename(folder)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
            raise
        return False
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return True


def _write_chunk(top: str, files: Sequence[tuple[str, bytes]]) -> None:
    for path, content in files:
        with open(f"{top}/{path}", "wb") as file:
            file.write(content)


def _dump_manifest(paths: Iterable[str]) -> bytes:
    return json.dumps(sorted(paths), indent=0).encode()


class SiteChanges(NamedTuple):
    """What must change in a folder: contents by path (None: to be removed), and the files to copy.

    If the manifest changes, one of the old and the new paths is written ``first`` and the new one ``last``: the next
    run then knows what a killed run left.
    """

    first: dict[str, bytes]
    files: dict[str, bytes | None]
    copies: dict[str, Path]
    last: dict[str, bytes]

    @property
    def number(self) -> int:
        return len(self.files) + len(self.copies)


def plan_site_update(
    folder: Path, manifest: Iterable[str], files: Mapping[str, bytes], copies: Mapping[str, Path]
) -> SiteChanges:
    """Return what must be written so that a folder with an earlier site holds this one; nothing is written yet.

    Raises OutputFolderError if a file to be replaced is not in the manifest, or is a link.
    """
    ours, wanted = set(manifest), {*files, *copies}
    _check_paths(folder, [*files, *copies, *sorted(ours), MANIFEST])
    changed: dict[str, bytes | None] = {}
    for path, content in files.items():
        old = _read_regular_file(folder / path)
        if old != content:
            _check_ownership(folder / path, is_ours=old is None or path in ours)
            changed[path] = content
    differing = {path: source for path, source in copies.items() if not _is_same_file(source, folder / path)}
    for path in differing:
        _check_ownership(folder / path, is_ours=path in ours or _get_file_stat(folder / path) is None)
    changed |= dict.fromkeys(sorted(ours - wanted))
    if ours == wanted:
        return SiteChanges({}, changed, differing, {})
    first, last = ({MANIFEST: _dump_manifest(listed)} for listed in (ours | wanted, wanted))
    return SiteChanges(first, changed, differing, last)


def _check_ownership(path: Path, *, is_ours: bool) -> None:
    if not is_ours:
        raise OutputFolderError(f"{path} was not written by readingroom. {_FIX}")


def _read_regular_file(path: Path) -> bytes | None:
    """Return the bytes of a regular file, None if there is none; raise OutputFolderError for anything else."""
    try:
        with safe_open.open_regular_file(path) as file:
            return file.read()
    except FileNotFoundError:
        return None
    except safe_open.NotRegularFile:
        reason = "is not a file"
    except OSError as error:
        reason = "is a link" if path.is_symlink() else f"cannot be read ({error.strerror})"
    raise OutputFolderError(f"{path} {reason}. {_FIX}")


def copy_files(folder: Path, copies: Mapping[str, Path]) -> None:
    """Copy files of the group into a site's folder."""
    for path, source in copies.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        _copy_file(source, folder / path, folder / f"{disk.TEMPORARY_PREFIX}{os.getpid()}")


def _copy_file(source: Path, target: Path, temporary: Path) -> None:
    """Copy a regular file with its time, by which a later run recognises it; links are not followed."""
    with safe_open.open_regular_file(source) as old:
        file_stat = os.fstat(old.fileno())
        with suppress(FileNotFoundError):
            temporary.unlink()
        with temporary.open("xb") as new:  # a link of that name is not followed
            shutil.copyfileobj(old, new)
    os.utime(temporary, ns=(file_stat.st_atime_ns, file_stat.st_mtime_ns))
    temporary.replace(target)


def _is_same_file(source: Path, target: Path) -> bool:
    with suppress(FileNotFoundError):
        old, new = target.stat(follow_symlinks=False), source.stat(follow_symlinks=False)
        return (old.st_size, old.st_mtime_ns) == (new.st_size, new.st_mtime_ns)
    return False
