"""The other sessions that the page of a session links to."""

from collections.abc import Sequence
from itertools import pairwise

from readingroom.core.models import Session, Status, get_sort_key


class Neighbours:
    """The session before and after each one, those that continue it, and all of them, by folder.

    A free slot is no session's neighbour.
    """

    def __init__(self, sessions: Sequence[Session]) -> None:
        self.folders = {session.folder: session for session in sessions}
        dated = sorted((each for each in sessions if each.date and each.status != Status.OPEN), key=get_sort_key)
        self.before = {session.folder: earlier for earlier, session in pairwise(dated)}
        self.after = {session.folder: later for session, later in pairwise(dated)}
        self.parts: dict[str, list[Session]] = {}
        for session in dated:
            self.parts.setdefault(session.continues, []).append(session)
