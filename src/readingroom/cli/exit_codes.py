"""How a command can end."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended.

    0 everything is in order; 1 something needs a fix (an error in a file, an outdated page, a page that was edited
    manually); 2 the command could not run (a wrong option, an unreadable folder, an interruption); 3 a bug in
    readingroom itself.
    """

    OK = 0
    NEEDS_FIX = 1
    CANNOT_RUN = 2
    INTERNAL_ERROR = 3
