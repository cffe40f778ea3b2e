"""The files of a folder on disk: read, compare, write."""

import errno
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import accumulate
from pathlib import Path

from readingroom.core.session_path import SessionPath
from readingroom.core.stray_files import drop_latex_products, is_stray_name
from readingroom.core.tree import (
    ANNOUNCED_PATH,
    CONFIGURATION,
    FOLDER_SIZE,
    KNOWN_PATHS,
    LARGE_BLOB_BYTES,
    MAX_POINTER_BYTES,
    README_FOLDERS,
    Tree,
    find_picture_paths,
    has_similar_path,
    read_pointer_size,
)
from readingroom.io.git_command import list_ignored_paths, list_lfs_paths
from readingroom.io.parallel import map_parallel
from readingroom.io.safe_open import NO_FOLLOW_FLAGS, open_regular_file

MAX_FOLDERS = 100_000
TEMPORARY_PREFIX = ".readingroom-"


def read_tree(root: Path, also: Sequence[str] = ()) -> Tree:
    """Read the files that readingroom knows below a folder, and those at ``also``; links are not followed."""
    tree = Tree()
    top = os.fspath(root)
    for name in (*KNOWN_PATHS, *also):
        if _is_reachable(tree, top, os.path.dirname(name)):
            _read_file(tree, top, name)
    tree.similar.update(_iter_similar_files(top))
    for path in find_picture_paths(tree.contents.get(CONFIGURATION, b"")):
        if (error := _find_picture_error(top, path)) is not None:
            tree.pictures[path] = error
    for entry in _list_entries(tree, top, "templates"):
        if entry.name.endswith(".j2"):
            _read_file(tree, top, f"templates/{entry.name}")
    ignored = list_ignored_paths(root, "sessions")
    folders = [each for each in _list_session_folders(tree, top) if f"sessions/{each}" not in ignored]
    if len(folders) > MAX_FOLDERS:
        tree.unread["sessions"] = f"holds {len(folders)} folders; at most {MAX_FOLDERS} are read"
        return tree
    for contents, listings, unread, *paths in map_parallel(partial(_read_session_folders, top), folders):
        tree.contents.update(contents)
        tree.listings.update(listings)
        tree.unread.update(unread)
        tree.too_large.update(paths[0])
        tree.pointers.update(paths[1])
    _drop_ignored_files(tree, ignored)
    _add_large_blobs(tree, root)
    return tree


def _iter_similar_files(top: str) -> Iterator[str]:
    """Yield the paths of files that have nearly the name of a known one."""
    for folder in README_FOLDERS:
        with suppress(OSError):
            names = [] if os.path.islink(f"{top}/{folder}".rstrip("/")) else os.listdir(f"{top}/{folder}")
            yield from filter(has_similar_path, (f"{folder}/{name}".lstrip("/") for name in names))


def _drop_ignored_files(tree: Tree, ignored: Iterable[str]) -> None:
    """Remove the files that Git ignores; the action, which works on a commit, has none of them either."""
    for path in ignored:
        session = SessionPath.parse(path)
        if session and session.folder in tree.listings:
            tree.listings[session.folder].pop(path.removeprefix(f"{session.directory}/"), None)


def _add_large_blobs(tree: Tree, root: Path) -> None:
    sizes = tree.map_listed_sizes()
    large = {path: size for path, size in sizes.items() if size > LARGE_BLOB_BYTES and path not in tree.pointers}
    if large:
        kept_elsewhere = list_lfs_paths(root, large)
        tree.large_blobs.update({path: size for path, size in large.items() if path not in kept_elsewhere})


def _find_picture_error(top: str, path: str) -> str | None:
    """Return why a path is not a regular file, an empty text if it is one, and None if there is nothing."""
    for parent in accumulate(path.split("/"), "{}/{}".format):
        try:
            mode = os.lstat(f"{top}/{parent}").st_mode
        except OSError:
            return None
        if stat.S_ISLNK(mode):
            return f"{parent} is a link"
        if parent != path and not stat.S_ISDIR(mode):
            return None
    if stat.S_ISDIR(mode):
        return f"{path} is a folder"
    if not stat.S_ISREG(mode):
        return f"{path} is a special file"
    return "" if _read_pointer_size(f"{top}/{path}") is None else f"{path} is a Git LFS pointer in this checkout"


def _list_session_folders(tree: Tree, top: str) -> list[str]:
    """Return the names of the sessions' folders, and read the pages next to them."""
    folders = []
    for entry in _list_entries(tree, top, "sessions"):
        if is_stray_name(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            folders.append(entry.name)
        elif entry.is_symlink():
            tree.unread[f"sessions/{entry.name}"] = "is a link"
        elif entry.name.endswith(".md"):
            _read_file(tree, top, f"sessions/{entry.name}")
    return folders


def _read_session_folders(
    top: str, folders: Sequence[str]
) -> tuple[dict[str, bytes], dict[str, dict[str, int]], dict[str, str], set[str], set[str]]:
    tree = Tree()
    for folder in folders:
        path = f"sessions/{folder}"
        listing: dict[str, int] = {}
        with os.scandir(f"{top}/{path}") as entries:
            for entry in entries:
                if entry.name in _SESSION_FILES:
                    _read_file(tree, top, f"{path}/{entry.name}")
                elif entry.name == ".git":
                    tree.unread[path] = "is a Git repository of its own"
                elif not entry.name.startswith(".") and not is_stray_name(entry.name):
                    _add_listing_entry(tree, listing, entry, path)
        tree.listings[folder] = drop_latex_products(listing)
    return tree.contents, tree.listings, tree.unread, tree.too_large, tree.pointers


_SESSION_FILES = frozenset({"session.yml", "README.md"})


def _add_listing_entry(tree: Tree, listing: dict[str, int], entry: "os.DirEntry[str]", path: str) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in entry.name):
        tree.unread[f"{path}/{entry.name}"] = "has a name that is not UTF-8"
    elif entry.is_dir(follow_symlinks=False):
        listing[entry.name] = FOLDER_SIZE
    elif entry.is_file(follow_symlinks=False):
        size = entry.stat(follow_symlinks=False).st_size
        real_size = _read_pointer_size(entry.path) if size <= MAX_POINTER_BYTES else None
        if real_size is not None:
            tree.pointers.add(f"{path}/{entry.name}")
        listing[entry.name] = size if real_size is None else real_size
    else:
        tree.unread[f"{path}/{entry.name}"] = "is a link or a special file"


def _read_pointer_size(path: str) -> int | None:
    """Return the size of the file that a Git LFS pointer stands for, or None."""
    try:
        with open_regular_file(Path(path)) as file:
            return read_pointer_size(file.read(MAX_POINTER_BYTES + 1))
    except OSError:  # a file that is only listed need not be readable
        return None


def _list_entries(tree: Tree, top: str, folder: str) -> list["os.DirEntry[str]"]:
    """Return the visible entries of a folder by name; a folder that is missing is empty."""
    if not _is_reachable(tree, top, folder):
        return []
    try:
        with os.scandir(f"{top}/{folder}") as entries:
            return sorted((each for each in entries if not each.name.startswith(".")), key=lambda each: each.name)
    except FileNotFoundError:
        return []


def _is_reachable(tree: Tree, top: str, folder: str) -> bool:
    """Return whether the existing parts of a path are folders; record the first that is not as unread."""
    for path in accumulate(folder.split("/"), "{}/{}".format):
        full_path = f"{top}/{path}"
        is_link = os.path.islink(full_path)
        if is_link or (os.path.exists(full_path) and not os.path.isdir(full_path)):
            tree.unread[path] = "is a link" if is_link else "is not a folder"
            return False
    return True


def _read_file(tree: Tree, top: str, path: str) -> None:
    try:
        descriptor = os.open(f"{top}/{path}", os.O_RDONLY | NO_FOLLOW_FLAGS)
    except FileNotFoundError:
        return
    except OSError as error:
        is_link = error.errno == errno.ELOOP  # what O_NOFOLLOW makes of one
        tree.unread[path] = "is a link" if is_link else f"cannot be read ({error.strerror})"
        return
    try:
        file_stat = os.fstat(descriptor)
        if not stat.S_ISREG(file_stat.st_mode):
            tree.unread[path] = "is not a regular file"
        elif tree.check_size(path, file_stat.st_size):
            # A buffer of the file's size: one of the maximum size takes four times as long as the read itself.
            tree.contents[path] = os.read(descriptor, file_stat.st_size)
    finally:
        os.close(descriptor)


def write_files(root: Path, files: Mapping[str, bytes | None]) -> None:
    """Write each content to its file, and remove the files whose content is None.

    Each file is replaced at once: even if the run is killed, it holds the old text or the new one. announced.yml is
    written first, since pages without it are taken for those of an earlier release.
    """
    remove_abandoned_files(root)
    first = [each for each in files.items() if each[0] == ANNOUNCED_PATH]
    if first:
        _write_chunk(os.fspath(root), first)
    others = [each for each in files.items() if each[0] != ANNOUNCED_PATH]
    map_parallel(partial(_write_chunk, os.fspath(root)), others)


def remove_abandoned_files(folder: Path) -> None:
    """Remove the temporary files and folders at the top of a folder that killed processes have left."""
    for temporary in folder.glob(f"{TEMPORARY_PREFIX}*"):
        process = temporary.name.removeprefix(TEMPORARY_PREFIX)
        if process.isascii() and process.isdigit() and not _is_process_running(int(process)):
            with suppress(OSError):
                if temporary.is_dir() and not temporary.is_symlink():
                    shutil.rmtree(temporary)
                else:
                    temporary.unlink()


def _is_process_running(process: int) -> bool:
    """Return whether the process that a temporary file is named for may still be running."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return process != os.getpid()


def _write_chunk(top: str, files: Sequence[tuple[str, bytes | None]]) -> None:
    temporary = f"{top}/{TEMPORARY_PREFIX}{os.getpid()}"
    _remove_if_exists(temporary)
    try:
        for path, content in files:
            target = f"{top}/{path}"
            if content is None:
                _remove_if_exists(target)
                with suppress(OSError):
                    os.rmdir(os.path.dirname(target))  # Git does not keep empty folders either
                continue
            with open(os.open(temporary, _CREATE_FLAGS, 0o666), "wb") as file:
                file.write(content)
            with suppress(FileNotFoundError):
                os.chmod(temporary, stat.S_IMODE(os.stat(target).st_mode))
            _replace_file(temporary, target)
    finally:
        _remove_if_exists(temporary)


_CREATE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def _remove_if_exists(path: str) -> None:
    with suppress(FileNotFoundError):
        os.remove(path)


def _replace_file(temporary: str, target: str) -> None:
    try:
        os.replace(temporary, target)
    except FileNotFoundError:  # the first build creates sessions/; checking before each file would double the time
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.replace(temporary, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        neighbour = f"{os.path.dirname(target)}/{os.path.basename(temporary)}"  # sessions/ may be another disk
        shutil.copy(temporary, neighbour)
        os.replace(neighbour, target)
        os.remove(temporary)


def rename_folder(root: Path, old: str, new: str) -> None:
    """Give a folder another path; raise FileExistsError if there is one already."""
    if os.path.lexists(root / new):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new)
    os.rename(root / old, root / new)


def create_file(root: Path, path: str, text: str) -> None:
    """Write a new file, at once and whole, and the folders above it; raise FileExistsError if it is there."""
    target, temporary = root / path, root / f"{TEMPORARY_PREFIX}{os.getpid()}"
    remove_abandoned_files(root)
    try:
        with open(os.open(temporary, _CREATE_FLAGS, 0o666), "wb") as file:
            file.write(text.encode())
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(temporary, target)
        except FileExistsError:
            raise
        except OSError as error:  # not every file system has links, and sessions/ may be another disk
            if os.path.lexists(target):
                raise FileExistsError(target) from error
            _replace_file(os.fspath(temporary), os.fspath(target))
    finally:
        _remove_if_exists(os.fspath(temporary))


def iter_diff(tree: Tree, files: Mapping[str, bytes | None]) -> Iterator[str]:
    """Yield the lines of a unified diff from what the tree holds to what the files should be."""
    from difflib import unified_diff  # noqa: PLC0415 -- only --check needs it

    for path, content in sorted(files.items()):
        before, after = (
            text.decode("utf-8", "backslashreplace").splitlines(keepends=True)
            for text in (tree.contents.get(path, b""), content or b"")
        )
        for line in unified_diff(before, after, f"a/{path}", f"b/{path}"):
            yield line.rstrip("\n")
