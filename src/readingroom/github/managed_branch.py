"""A branch that only the action commits to; a commit of anybody else is never overwritten.

Each of the action's commits ends in trailers: lines that record what the commit holds, and its tree. A commit whose
trailers name another tree than its own was changed by somebody else, for example by a rebase.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from readingroom.github.client import Client
from readingroom.github.transport import InterruptedRequest, RefusedRequest
from readingroom.proposals.records import Commit, PullRequest

MAX_ATTEMPTS = 5
# What GitHub answers where a rule keeps a branch from being deleted.
_RULE_STATUSES = frozenset({403, 409, 422})

TrailerValues = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trailers:
    """The last lines of the action's commit messages; ``template`` has values in braces, ``{tree}`` among them."""

    template: str

    def create_commit(
        self, client: Client, tree: str, subject: str, values: TrailerValues, parents: tuple[Commit, ...]
    ) -> Commit:
        message = f"{subject}\n\n{self.template.format(tree=tree, **values)}\n"
        return client.create_commit(tree, message, *parents)

    def parse_commit(self, commit: Commit) -> dict[str, str] | None:
        """Return what a commit of the action records, or None for a commit of somebody else."""
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>\\S+)", re.escape(self.template))
        match = re.search(f"^{pattern}$", commit.message, re.MULTILINE)
        return match.groupdict() if match and match["tree"] == commit.tree else None


class BranchState(NamedTuple):
    """The newest commit of a branch: whether it is the action's, and whether this run has put it there."""

    head: Commit
    is_own: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class ManagedBranch:
    """One branch of the action's; ``accept`` may return what a commit without its trailers is known to hold."""

    client: Client
    name: str
    trailers: Trailers
    accept: Callable[[Commit], dict[str, str] | None] = field(default=lambda _: None)

    def parse_commit(self, commit: Commit) -> dict[str, str] | None:
        """Return what the action put into a commit, or None if anybody else has committed to the branch."""
        return self.trailers.parse_commit(commit) or self.accept(commit)

    def sync(
        self,
        head: Commit | None,
        wanted: TrailerValues,
        create_commit: Callable[[Commit | None, TrailerValues], Commit],
    ) -> BranchState:
        """Bring the branch from ``head`` (None: it is not there) to a commit that records the intended values.

        ``create_commit`` gets the head that the new commit has to follow, and what the head records. The branch is
        never moved by force. If somebody else moves it at the same time, their commit is looked at as the head was.
        """
        for attempt in range(MAX_ATTEMPTS):
            recorded = self.parse_commit(head) if head else {}
            if head and (recorded is None or wanted.items() <= recorded.items()):
                return BranchState(head, is_own=recorded is not None, is_new=False)
            commit = create_commit(head, recorded or {})
            head = self._move(head, commit)
            if head and head.id == commit.id:
                return BranchState(commit, is_own=True, is_new=True)
            self.client.wait_before_retry(attempt, f"the branch {self.name} was moved at the same time")
        raise InterruptedRequest(f"the branch {self.name} was moved {MAX_ATTEMPTS} times")

    def _move(self, head: Commit | None, commit: Commit) -> Commit | None:
        """Create the branch at a commit, or move it there from its head; return the head that it has then."""
        if head is None:
            return commit if self.client.create_branch(self.name, commit) else self.client.find_head(self.name)
        try:
            self.client.move_branch(self.name, commit)
        except RefusedRequest:
            current = self.client.find_head(self.name)
            if current and current.id == head.id:  # it was not refused because somebody moved the branch
                raise
            return current
        return commit

    def delete(self, kept_head: str = "") -> bool:
        """Delete the branch; return False if it is left because it holds a commit of somebody else.

        From a pull request GitHub can restore a branch: the head of one may be given as ``kept_head``, whoever
        committed it. A branch that a rule protects is left too, and used again when it is needed.
        """
        head = self.client.find_head(self.name)
        if head is None:
            return True
        if head.id != kept_head and self.parse_commit(head) is None:
            return False
        try:
            self.client.delete_branch(self.name)
        except RefusedRequest as refused:
            if refused.status not in _RULE_STATUSES:
                raise
        return True

    def open_pull(self, base: str, title: str, body: str) -> PullRequest:
        """Open a pull request from the branch, unless another run has just done so."""
        try:
            return self.client.open_pull(self.name, base, title, body)
        except RefusedRequest as refused:
            pull = self.client.find_pull_by_branch(self.name) if refused.status == 422 else None
            if pull is None or not pull.is_open:
                raise
            return pull
