"""Which other sessions the page of a session links to."""

from collections.abc import Sequence
from itertools import pairwise

from readingroom.core.models import Session, Status, get_sort_key


class Neighbours:
    """The sessions before and after each one, those that continue it, and all by their folders.

    A free slot that nobody took is nobody's neighbour.
    """

    def __init__(self, sessions: Sequence[Session]) -> None:
        self.folders = {each.folder: each for each in sessions}
        dated = sorted((each for each in sessions if each.date and each.status != Status.OPEN), key=get_sort_key)
        self.before = {each.folder: earlier for earlier, each in pairwise(dated)}
        self.after = {each.folder: later for each, later in pairwise(dated)}
        self.parts: dict[str, list[Session]] = {}
        for each in dated:
            self.parts.setdefault(each.continues, []).append(each)
