"""Regular files, opened without following a link and without waiting for a pipe."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

# O_NONBLOCK: opening a named pipe must not wait for a writer. Windows has neither flag.
NO_FOLLOW_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NotRegularFile(OSError):
    """The path is that of a folder, a pipe or a device."""


def open_regular_file(path: Path) -> BinaryIO:
    """Open a regular file for reading; raise NotRegularFile for anything else, and another OSError for a link."""
    descriptor = os.open(path, os.O_RDONLY | NO_FOLLOW_FLAGS)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise NotRegularFile(errno.EINVAL, "is not a regular file", os.fspath(path))
