"""The default branch, kept right: its pages made anew and committed, or put into one pull request.

A commit is made from the files of the branch's newest commit and only ever follows it. Where the branch has moved on in
the meantime, the pages are made again from what it holds then. Done again, a run changes nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from readingroom.core.text_file import TextFile
from readingroom.core.tree import ANNOUNCED_PATH, README, GitFile, Tree
from readingroom.github import git_tree
from readingroom.github.client import TRUNCATED_STATUS, Client
from readingroom.github.git_tree import CommitListing
from readingroom.github.transport import InterruptedRequest, RefusedRequest, retry_interrupted
from readingroom.proposals.records import MAX_BODY, Commit, PullRequest
from readingroom.render import announcements, build
from readingroom.render.build import BuildResult, DateClock
from readingroom.store import generated

PAGES_BRANCH = "readingroom/pages"
MAX_ATTEMPTS = 5
_TRAILERS = re.compile(r"^Readingroom-Pages: ([0-9a-f]+) in ([0-9a-f]+) from ([0-9a-f]+)$", re.MULTILINE)
_SUBJECT = "Update the pages"


class ProtectedBranch(Exception):
    """The branch takes no commit from this workflow; the text is GitHub's own."""


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What a run did: "nothing", "committed", "proposed", "closed" or "kept".

    Closed: a person has closed the pull request of these very pages; kept: its branch holds somebody else's commits.
    ``commit`` is the new commit's name and ``pull`` the pull request's number, where there is one.
    """

    state: str
    outcome: BuildResult
    commit: str = ""
    pull: int = 0


PageChanges = Mapping[str, bytes | None]


def list_tree_entries(forge: Client, tree: str, listing: CommitListing) -> Iterable[GitFile]:
    """Return every file of a tree: the checkout's own list if it is of that, else GitHub's.

    A list that GitHub cuts is put together from the folders in which tree and checkout differ.
    """
    if listing.matches_tree(tree):
        return listing.entries
    try:
        return forge.fetch_entries(tree)
    except RefusedRequest as refused:
        if refused.status != TRUNCATED_STATUS or not listing.entries:
            raise
    return listing.iter_tree_entries(tree, forge.fetch_folder)


@dataclass(slots=True)
class Publisher:
    """One repository's default branch; ``local`` and ``listing`` are of a checkout of it, which may be an older one."""

    forge: Client
    branch: str
    local: Tree
    day: DateClock
    pause: Callable[[float], None] = field(default=lambda _: None)
    listing: CommitListing = field(default_factory=CommitListing)

    def publish(self, mode: str) -> PublishResult:
        """Make the pages of the branch right by a commit or by a pull request.

        Raises:
            Invalid: the branch's files have problems.
            Protected: the branch takes no commit from this workflow.
        """
        return retry_interrupted(self._publish_commit if mode == "commit" else self._publish_pull, self.pause)

    def _build_pages(self, head: Commit) -> BuildResult:
        files = list_tree_entries(self.forge, head.tree, self.listing)
        return build.build_pages(git_tree.build_tree(files, self.local, self.forge.fetch_blob), self.day)

    def _create_commit(self, head: Commit, changes: PageChanges, *parents: Commit) -> Commit:
        """Return a new commit of the files of ``head`` with these changes, which follows its parents."""
        texts = {path: None if content is None else content.decode() for path, content in changes.items()}
        tree = self.forge.create_tree(head, texts)
        message = f"{_SUBJECT}\n\nReadingroom-Pages: {_compute_digest(changes)} in {tree} from {head.id}\n"
        return self.forge.create_commit(tree, message, *parents)

    def _publish_commit(self) -> PublishResult:
        head = self.forge.fetch_head(self.branch)
        for turn in range(MAX_ATTEMPTS):
            outcome = self._build_pages(head)
            if not outcome.changes:
                return PublishResult("nothing", outcome)
            new = self._create_commit(head, outcome.changes, head)
            try:
                self.forge.move_branch(self.branch, new)
            except RefusedRequest as refused:
                now = self.forge.fetch_head(self.branch)
                if now.id == new.id:
                    return PublishResult("committed", outcome, new.id)
                if now.id == head.id:
                    raise ProtectedBranch(str(refused)) from refused
                head = now
                self.pause(turn)
                continue
            return PublishResult("committed", outcome, new.id)
        raise InterruptedRequest(f"the branch {self.branch} moved on {MAX_ATTEMPTS} times")

    def _publish_pull(self) -> PublishResult:
        """Bring the one pull request to what the branch lacks, or close it if that is nothing."""
        head = self.forge.fetch_head(self.branch)
        outcome = self._build_pages(head)
        pull = self.forge.find_pull_by_branch(PAGES_BRANCH)
        if not outcome.changes:
            self._withdraw_pull(pull, head)
            return PublishResult("nothing", outcome)
        if pull and not pull.is_open:
            if self._is_declined(pull, outcome.changes):
                return PublishResult("closed", outcome, pull=pull.number)
            pull = None
        new = self._sync_branch(head, outcome.changes, self.forge.find_head(PAGES_BRANCH) if pull else None)
        if new is None:
            return PublishResult("kept", outcome, pull=pull.number if pull else 0)
        return PublishResult("proposed", outcome, new.id, pull.number if pull else self._open_pull())

    def _withdraw_pull(self, pull: PullRequest | None, head: Commit) -> None:
        """Take branch and pull request back, unless somebody else has committed to the branch.

        The branch goes first. That closes an open pull request, from which GitHub restores the branch as it was at
        that moment: a commit that came after the look at it is not lost. Without an open one nothing keeps it, and
        look and removal are two requests in a row.
        """
        there = self.forge.find_head(PAGES_BRANCH)
        if there and not (_find_trailers(there) or self._find_merged_trailers(head, there)):
            return
        if there:
            self._delete_branch()
        if pull and not pull.is_merged and not pull.body.startswith(_NOT_NEEDED):
            self.forge.edit_pull(pull.number, state="closed", body=f"{_NOT_NEEDED}\n\n{pull.body}"[:MAX_BODY])

    def _delete_branch(self) -> None:
        """Remove the branch; one that a rule keeps is left, and taken up again when there is something to propose."""
        try:
            self.forge.delete_branch(PAGES_BRANCH)
        except RefusedRequest as refused:
            if refused.status not in {403, 409, 422}:
                raise

    def _is_declined(self, pull: PullRequest, changes: PageChanges) -> bool:
        """Tell whether a person has closed the pull request when it held these very pages: that is a decision.

        It holds until the pages change, as bots that update dependencies do it, or until the pull request is reopened.
        """
        if pull.is_merged or pull.body.startswith(_NOT_NEEDED):
            return False
        ours = _find_trailers(self.forge.fetch_commit(pull.head))
        return ours is not None and ours[0] == _compute_digest(changes)

    def _sync_branch(self, head: Commit, changes: PageChanges, there: Commit | None) -> Commit | None:
        """Bring the pull request's branch to the pages; return its head, or None if it holds somebody else's commit.

        Never by force, for somebody may commit between a look at the branch and its move: what was proposed before
        stays a parent, and GitHub refuses the move if that is not the head any more.
        """
        digest = _compute_digest(changes)
        for turn in range(MAX_ATTEMPTS):
            parents = [head]
            if there:
                ours = _find_trailers(there) or self._find_merged_trailers(head, there)
                if ours is None or ours == (digest, head.id):
                    return there if ours else None
                parents = [there] if ours[1] == head.id else [there, head]
            new = self._create_commit(head, changes, *parents)
            if self._set_branch(new, there):
                return new
            there = self.forge.find_head(PAGES_BRANCH)
            self.pause(turn)
        raise InterruptedRequest(f"the branch {PAGES_BRANCH} moved on {MAX_ATTEMPTS} times")

    def _find_merged_trailers(self, head: Commit, there: Commit) -> tuple[str, str] | None:
        """Return what our own commit holds, if a branch is that one merged with the default branch and no more.

        GitHub's button "Update branch" makes such a merge. Whatever else a person did in it stays in the history.
        """
        parents = self.forge.fetch_commit(there.id).parents
        ours = _find_trailers(self.forge.fetch_commit(parents[0])) if len(parents) == 2 else None
        return (ours[0], parents[1]) if ours and self.forge.is_descendant(head.id, parents[1]) else None

    def _set_branch(self, new: Commit, there: Commit | None) -> bool:
        """Make the pull request's branch, or move it on; return False if it is not where it was any more."""
        if there is None:
            return self.forge.create_branch(PAGES_BRANCH, new)
        try:
            self.forge.move_branch(PAGES_BRANCH, new)
        except RefusedRequest:
            now = self.forge.find_head(PAGES_BRANCH)
            if now and now.id == there.id:
                raise
            return False
        return True

    def _open_pull(self) -> int:
        """Open the pull request, unless another run has done so; return its number."""
        try:
            return self.forge.open_pull(PAGES_BRANCH, self.branch, _SUBJECT, _PULL_BODY).number
        except RefusedRequest as refused:
            pull = self.forge.find_pull_by_branch(PAGES_BRANCH) if refused.status == 422 else None
            if pull is None or not pull.is_open:
                raise
            return pull.number


_PULL_BODY = (
    "The pages that readingroom makes from the session files. Merge it to publish them; it is kept up to date. "
    "If you close it, it stays closed until the pages change."
)
_NOT_NEEDED = "This is not needed any more: every page is right without it."


def _find_trailers(commit: Commit) -> tuple[str, str] | None:
    """Return what a commit of this program holds: its pages' digest, and the commit that they were made from.

    None: somebody else has made it what it is.
    """
    found = _TRAILERS.search(commit.message)
    return (found[1], found[3]) if found and found[2] == commit.tree else None


def _compute_digest(changes: PageChanges) -> str:
    """Return what stands for the pages alone, whatever the day; of the README its regions, for the rest is not ours."""
    pages = {
        path: None if content is None else _extract_stable_part(path, content) for path, content in changes.items()
    }
    return blake2b(repr(sorted(pages.items(), key=lambda each: each[0])).encode(), digest_size=8).hexdigest()


def _extract_stable_part(path: str, content: bytes) -> object:
    if path == README:
        return _list_region_digests(content)
    return announcements.strip_timestamps(content) if path == ANNOUNCED_PATH else content


def _list_region_digests(content: bytes) -> list[tuple[str, str]]:
    return [(each.name, each.digest) for each in generated.parse_regions(README, TextFile.decode(content).text)]
