"""The paths of a session's folder and its files."""

import re
from typing import NamedTuple

SESSIONS = "sessions"
SESSION_FILE = "session.yml"
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_NOT_ON_WINDOWS = re.compile(r'[\x00-\x1f<>:"/\\|?*]|[. ]\Z')


def is_portable_name(name: str) -> bool:
    """Return whether every system can hold a file or folder of a name."""
    return not _DEVICE.fullmatch(name) and not _NOT_ON_WINDOWS.search(name)


class SessionPath(NamedTuple):
    """A session's folder below sessions/, by its name such as ``21-retentive-networks``."""

    folder: str

    @classmethod
    def parse(cls, path: str) -> "SessionPath | None":
        """Return the first part of a path below sessions/ as a session's folder; None for any other path."""
        top, _, rest = path.partition("/")
        folder = rest.partition("/")[0]
        return cls(folder) if top == SESSIONS and folder else None

    @property
    def directory(self) -> str:
        return f"{SESSIONS}/{self.folder}"

    @property
    def file(self) -> str:
        """The session.yml, the only file in it that people write."""
        return f"{self.directory}/{SESSION_FILE}"

    @property
    def page(self) -> str:
        """The generated README.md."""
        return f"{self.directory}/README.md"
