"""The default branch, kept right: its pages made anew and committed, or put into one pull request.

A commit is made from the files of the branch's newest commit and only ever follows it. Where the branch has moved on in
the meantime, the pages are made again from what it holds then. Done again, a run changes nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from readingroom.core.tree import ANNOUNCED, Entry, Tree
from readingroom.github import git_tree
from readingroom.github.client import CUT, Forge
from readingroom.github.git_tree import Listing
from readingroom.github.transport import Interrupted, Refused, patiently
from readingroom.proposals.records import MAX_BODY, Commit, Pull
from readingroom.render import announcements, build
from readingroom.render.build import Outcome, Today
from readingroom.store import generated
from readingroom.store.catalogue import README

BRANCH = "readingroom/pages"
MOST_TURNS = 5
_OURS = re.compile(r"^Readingroom-Pages: ([0-9a-f]+) in ([0-9a-f]+) from ([0-9a-f]+)$", re.MULTILINE)
_SUBJECT = "Update the pages"


class Protected(Exception):
    """The branch takes no commit from this workflow; the text is GitHub's own."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did: "nothing", "committed", "proposed", "closed" or "kept".

    Closed: a person has closed the pull request of these very pages; kept: its branch holds somebody else's commits.
    ``commit`` is the new commit's name and ``pull`` the pull request's number, where there is one.
    """

    state: str
    outcome: Outcome
    commit: str = ""
    pull: int = 0


Changes = Mapping[str, bytes | None]


def entries(forge: Forge, tree: str, listing: Listing) -> Iterable[Entry]:
    """Return every file of a tree: the checkout's own list if it is of that, else GitHub's.

    A list that GitHub cuts is put together from the folders in which tree and checkout differ.
    """
    if listing.is_of(tree):
        return listing.entries
    try:
        return forge.entries(tree)
    except Refused as refused:
        if refused.status != CUT or not listing.entries:
            raise
    return listing.of(tree, forge.folder)


@dataclass(slots=True)
class Publisher:
    """One repository's default branch; ``local`` and ``listing`` are of a checkout of it, which may be an older one."""

    forge: Forge
    branch: str
    local: Tree
    day: Today
    pause: Callable[[float], None] = field(default=lambda _: None)
    listing: Listing = field(default_factory=Listing)

    def publish(self, mode: str) -> Result:
        """Make the pages of the branch right by a commit or by a pull request.

        Raises:
            Invalid: the branch's files have problems.
            Protected: the branch takes no commit from this workflow.
        """
        return patiently(self._committed if mode == "commit" else self._proposed, self.pause)

    def _built(self, head: Commit) -> Outcome:
        files = entries(self.forge, head.tree, self.listing)
        return build.build(git_tree.of(files, self.local, self.forge.blob), self.day)

    def _commit(self, head: Commit, changes: Changes, *parents: Commit) -> Commit:
        """Return a new commit of the files of ``head`` with these changes, which follows its parents."""
        texts = {path: None if content is None else content.decode() for path, content in changes.items()}
        tree = self.forge.tree(head, texts)
        message = f"{_SUBJECT}\n\nReadingroom-Pages: {_digest(changes)} in {tree} from {head.id}\n"
        return self.forge.new_commit(tree, message, *parents)

    def _committed(self) -> Result:
        head = self.forge.head(self.branch)
        for turn in range(MOST_TURNS):
            outcome = self._built(head)
            if not outcome.changes:
                return Result("nothing", outcome)
            new = self._commit(head, outcome.changes, head)
            try:
                self.forge.move_branch(self.branch, new)
            except Refused as refused:
                now = self.forge.head(self.branch)
                if now.id == new.id:
                    return Result("committed", outcome, new.id)
                if now.id == head.id:
                    raise Protected(str(refused)) from refused
                head = now
                self.pause(turn)
                continue
            return Result("committed", outcome, new.id)
        raise Interrupted(f"the branch {self.branch} moved on {MOST_TURNS} times")

    def _proposed(self) -> Result:
        """Bring the one pull request to what the branch lacks, or close it if that is nothing."""
        head = self.forge.head(self.branch)
        outcome = self._built(head)
        pull = self.forge.pull_from(BRANCH)
        if not outcome.changes:
            self._withdraw(pull, head)
            return Result("nothing", outcome)
        if pull and not pull.is_open:
            if self._is_declined(pull, outcome.changes):
                return Result("closed", outcome, pull=pull.number)
            pull = None
        new = self._advance(head, outcome.changes, self.forge.find_head(BRANCH) if pull else None)
        if new is None:
            return Result("kept", outcome, pull=pull.number if pull else 0)
        return Result("proposed", outcome, new.id, pull.number if pull else self._open())

    def _withdraw(self, pull: Pull | None, head: Commit) -> None:
        """Take branch and pull request back, unless somebody else has committed to the branch.

        The branch goes first. That closes an open pull request, from which GitHub restores the branch as it was at
        that moment: a commit that came after the look at it is not lost. Without an open one nothing keeps it, and
        look and removal are two requests in a row.
        """
        there = self.forge.find_head(BRANCH)
        if there and not (_ours(there) or self._updated(head, there)):
            return
        if there:
            self._remove()
        if pull and not pull.is_merged and not pull.body.startswith(_NOT_NEEDED):
            self.forge.edit_pull(pull.number, state="closed", body=f"{_NOT_NEEDED}\n\n{pull.body}"[:MAX_BODY])

    def _remove(self) -> None:
        """Remove the branch; one that a rule keeps is left, and taken up again when there is something to propose."""
        try:
            self.forge.delete_branch(BRANCH)
        except Refused as refused:
            if refused.status not in {403, 409, 422}:
                raise

    def _is_declined(self, pull: Pull, changes: Changes) -> bool:
        """Tell whether a person has closed the pull request when it held these very pages: that is a decision.

        It holds until the pages change, as bots that update dependencies do it, or until the pull request is reopened.
        """
        if pull.is_merged or pull.body.startswith(_NOT_NEEDED):
            return False
        ours = _ours(self.forge.commit(pull.head))
        return ours is not None and ours[0] == _digest(changes)

    def _advance(self, head: Commit, changes: Changes, there: Commit | None) -> Commit | None:
        """Bring the pull request's branch to the pages; return its head, or None if it holds somebody else's commit.

        Never by force, for somebody may commit between a look at the branch and its move: what was proposed before
        stays a parent, and GitHub refuses the move if that is not the head any more.
        """
        digest = _digest(changes)
        for turn in range(MOST_TURNS):
            parents = [head]
            if there:
                ours = _ours(there) or self._updated(head, there)
                if ours is None or ours == (digest, head.id):
                    return there if ours else None
                parents = [there] if ours[1] == head.id else [there, head]
            new = self._commit(head, changes, *parents)
            if self._put(new, there):
                return new
            there = self.forge.find_head(BRANCH)
            self.pause(turn)
        raise Interrupted(f"the branch {BRANCH} moved on {MOST_TURNS} times")

    def _updated(self, head: Commit, there: Commit) -> tuple[str, str] | None:
        """Return what our own commit holds, if a branch is that one merged with the default branch and no more.

        GitHub's button "Update branch" makes such a merge. Whatever else a person did in it stays in the history.
        """
        parents = self.forge.commit(there.id).parents
        ours = _ours(self.forge.commit(parents[0])) if len(parents) == 2 else None
        return (ours[0], parents[1]) if ours and self.forge.follows(head.id, parents[1]) else None

    def _put(self, new: Commit, there: Commit | None) -> bool:
        """Make the pull request's branch, or move it on; return False if it is not where it was any more."""
        if there is None:
            return self.forge.create_branch(BRANCH, new)
        try:
            self.forge.move_branch(BRANCH, new)
        except Refused:
            now = self.forge.find_head(BRANCH)
            if now and now.id == there.id:
                raise
            return False
        return True

    def _open(self) -> int:
        """Open the pull request, unless another run has done so; return its number."""
        try:
            return self.forge.open_pull(BRANCH, self.branch, _SUBJECT, _PULL).number
        except Refused as refused:
            pull = self.forge.pull_from(BRANCH) if refused.status == 422 else None
            if pull is None or not pull.is_open:
                raise
            return pull.number


_PULL = (
    "The pages that readingroom makes from the session files. Merge it to publish them; it is kept up to date. "
    "If you close it, it stays closed until the pages change."
)
_NOT_NEEDED = "This is not needed any more: every page is right without it."


def _ours(commit: Commit) -> tuple[str, str] | None:
    """Return what a commit of this program holds: its pages' digest, and the commit that they were made from.

    None: somebody else has made it what it is.
    """
    found = _OURS.search(commit.message)
    return (found[1], found[3]) if found and found[2] == commit.tree else None


def _digest(changes: Changes) -> str:
    """Return what stands for the pages alone, whatever the day; of the README its regions, for the rest is not ours."""
    pages = {path: None if content is None else _lasting(path, content) for path, content in changes.items()}
    return blake2b(repr(sorted(pages.items(), key=lambda each: each[0])).encode(), digest_size=8).hexdigest()


def _lasting(path: str, content: bytes) -> object:
    if path == README:
        return _regions(content)
    return announcements.lasting(content) if path == ANNOUNCED else content


def _regions(content: bytes) -> list[tuple[str, str]]:
    return [(each.name, each.digest) for each in generated.regions(README, content.decode("utf-8-sig"))]
