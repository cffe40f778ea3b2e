"""The paths of a session's folder and its files."""

from typing import NamedTuple

SESSIONS = "sessions"
SESSION_FILE = "session.yml"


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
