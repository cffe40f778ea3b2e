"""The id of a group that has none yet: the only thing in a build that is random."""

import os
import uuid


def draw_group_id() -> str:
    """Return a random id (RFC 9562, version 4).

    It is empty on a machine of continuous integration, where what a command writes is usually thrown away: another id
    each time would make readers' programs take every session for a new one.
    """
    return "" if os.environ.get("CI", "").lower() not in {"", "0", "false"} else create_group_id()


def create_group_id() -> str:
    """Return a random id for a group whose files are kept."""
    return str(uuid.uuid4())
