"""Bring the pages of the default branch up to date, by a commit or by one pull request.

A commit is made from the files of the branch's newest commit and always follows it. If the branch moves in the
meantime, the pages are built again from the files that it has then. A second run changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b

from readingroom.core.diagnostics import Invalid
from readingroom.core.text_file import TextFile
from readingroom.core.tree import ANNOUNCED_PATH, README, GitFile, Tree
from readingroom.github import git_tree
from readingroom.github.client import TRUNCATED_STATUS, Client
from readingroom.github.git_tree import CommitListing
from readingroom.github.managed_branch import MAX_ATTEMPTS, BranchState, ManagedBranch, Trailers, TrailerValues
from readingroom.github.transport import InterruptedRequest, RefusedRequest, retry_interrupted
from readingroom.proposals.events import PublishMode
from readingroom.proposals.records import MAX_BODY, PAGES_BRANCH, STATUS_CONTEXT, Commit, CommitState, PullRequest
from readingroom.render import build
from readingroom.render.build import BuildResult, DateClock
from readingroom.store import generated, revisions

_TRAILERS = Trailers("Readingroom-Pages: {digest} in {tree} from {base}")
_SUBJECT = "Update the pages"


class ProtectedBranch(Exception):
    """The branch accepts no commit from this workflow; the text is GitHub's own."""


class PublishState(StrEnum):
    """What a run has done to bring the pages up to date."""

    NOTHING = "nothing"  # they were up to date
    WRITTEN = "written"  # to a folder, and not published
    COMMITTED = "committed"
    PROPOSED = "proposed"  # there is a pull request
    CLOSED = "closed"  # a person has closed the pull request of the same pages
    KEPT = "kept"  # the pull request's branch holds somebody else's commits


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What became of the pages, with the name of the new commit and the number of the pull request, if any.

    ``status_refusal`` is why the pull request got no status.
    """

    state: PublishState
    outcome: BuildResult
    commit: str = ""
    pull: int = 0
    status_refusal: RefusedRequest | None = None


PageChanges = Mapping[str, bytes | None]


def list_tree_entries(client: Client, tree: str, listing: CommitListing) -> Iterable[GitFile]:
    """Return every file of a tree: from the checkout's own listing if that is of the tree, else from GitHub.

    A list that GitHub truncates is put together from the folders in which tree and checkout differ.
    """
    if listing.matches_tree(tree):
        return listing.entries
    try:
        return client.fetch_entries(tree)
    except RefusedRequest as refused:
        if refused.status != TRUNCATED_STATUS or not listing.entries:
            raise
    return listing.iter_tree_entries(tree, client.fetch_folder)


def fetch_record(client: Client, head: Commit) -> bytes | None:
    """Return a commit's announced.yml, or None if it has none that can be read; works for any size."""
    folder, _, name = ANNOUNCED_PATH.partition("/")
    trees = [each.id for each in client.fetch_folder(head.tree) if each.path == folder]
    records = [each.id for tree in trees for each in client.fetch_folder(tree) if each.path == name]
    content = client.fetch_blob(records[0]) if records else None
    return content if content and _is_readable_record(content) else None


def fetch_pending_record(client: Client) -> bytes | None:
    """Return the announced.yml on the branch of the pages' pull request, or None; for a default branch without it.

    What is built before that is merged must not be announced as something else each day.
    """
    head = client.find_head(PAGES_BRANCH)
    return fetch_record(client, head) if head else None


def _is_readable_record(content: bytes) -> bool:
    try:
        return bool(revisions.read_revisions(Tree({ANNOUNCED_PATH: content})).id)
    except Invalid:
        return False


@dataclass(slots=True)
class Publisher:
    """One repository's default branch; ``local`` and ``listing`` are of a checkout of it, which may be outdated.

    If it ``is_forced``, generated text that was edited manually is replaced. ``new_id`` is that of ``build_pages``.
    """

    client: Client
    branch: str
    local: Tree
    day: DateClock
    listing: CommitListing = field(default_factory=CommitListing)
    is_forced: bool = False
    new_id: str = ""

    def publish(self, mode: PublishMode) -> PublishResult:
        """Bring the branch's pages up to date by a commit or by a pull request.

        Raises:
            Invalid: the branch's files have errors.
            ProtectedBranch: the branch accepts no commit from this workflow.
        """
        work = self._publish_commit if mode == PublishMode.COMMIT else self._publish_pull
        return retry_interrupted(work, lambda seconds: self.client.wait_before_retry(seconds, "GitHub gave no answer"))

    def _read_tree(self, head: Commit) -> Tree:
        files = list_tree_entries(self.client, head.tree, self.listing)
        return git_tree.build_tree(files, self.local, self.client.fetch_blob, self.listing.entries)

    def _build_pull_pages(self, head: Commit, pull: PullRequest | None) -> BuildResult:
        """Return the pages for the pull request: without a record on the branch they continue the one that it adds.

        Also if a person has closed it, since another id would be another proposal.
        """
        tree = self._read_tree(head)
        record = None
        if pull and not pull.is_merged and ANNOUNCED_PATH not in tree.contents:
            pages_head = self.client.find_head(PAGES_BRANCH) or self.client.fetch_commit(pull.head)
            record = fetch_record(self.client, pages_head)
        if record is None:
            return self._build_pages(tree)
        result = self._build_pages(replace(tree, contents={**tree.contents, ANNOUNCED_PATH: record}))
        return replace(result, changes={ANNOUNCED_PATH: record, **result.changes})

    def _build_pages(self, tree: Tree) -> BuildResult:
        return build.build_pages(tree, self.day, new_id=self.new_id, force=self.is_forced)

    def _create_commit(self, head: Commit, changes: PageChanges, *parents: Commit) -> Commit:
        """Return a new commit that follows its parents: the files of ``head`` with these changes."""
        texts = {path: None if content is None else content.decode() for path, content in changes.items()}
        tree = self.client.create_tree(head, texts)
        return _TRAILERS.create_commit(self.client, tree, _SUBJECT, _build_trailer_values(head, changes), parents)

    def _publish_commit(self) -> PublishResult:
        head = self.client.fetch_head(self.branch)
        for attempt in range(MAX_ATTEMPTS):
            outcome = self._build_pages(self._read_tree(head))
            if not outcome.changes:
                return PublishResult(PublishState.NOTHING, outcome)
            commit = self._create_commit(head, outcome.changes, head)
            try:
                self.client.move_branch(self.branch, commit)
            except RefusedRequest as refused:
                current = self.client.fetch_head(self.branch)
                if current.id == head.id:
                    raise ProtectedBranch(str(refused)) from refused
                if current.id != commit.id:
                    head = current
                    self.client.wait_before_retry(attempt, f"the branch {self.branch} was moved at the same time")
                    continue
            return PublishResult(PublishState.COMMITTED, outcome, commit.id)
        raise InterruptedRequest(f"the branch {self.branch} was moved {MAX_ATTEMPTS} times")

    def _publish_pull(self) -> PublishResult:
        """Bring the one pull request to what the branch lacks, or close it if that is nothing."""
        head = self.client.fetch_head(self.branch)
        pull = self.client.find_pull_by_branch(PAGES_BRANCH)
        outcome = self._build_pull_pages(head, pull)
        managed = ManagedBranch(self.client, PAGES_BRANCH, _TRAILERS, lambda commit: self._parse_merge(head, commit))
        if not outcome.changes:
            self._withdraw_pull(managed, pull)
            return PublishResult(PublishState.NOTHING, outcome)
        if pull and not pull.is_open:
            if self._is_declined(pull, outcome.changes):
                return PublishResult(PublishState.CLOSED, outcome, pull=pull.number)
            pull = None
        state = managed.sync(
            self.client.find_head(PAGES_BRANCH) if pull else None,
            _build_trailer_values(head, outcome.changes),
            lambda previous, recorded: self._create_next_commit(head, outcome.changes, previous, recorded),
        )
        if not state.is_own:
            return PublishResult(PublishState.KEPT, outcome, pull=pull.number if pull else 0)
        number = pull.number if pull else managed.open_pull(self.branch, _SUBJECT, _PULL_BODY).number
        return PublishResult(PublishState.PROPOSED, outcome, state.head.id, number, self._set_status(state))

    def _set_status(self, state: BranchState) -> RefusedRequest | None:
        """Give the pages a status, which rules may require: no other check looks at them. Return GitHub's refusal."""
        try:
            if state.is_new or self.client.fetch_status(state.head.id, STATUS_CONTEXT) != CommitState.SUCCESS:
                self.client.set_status(state.head.id, STATUS_CONTEXT, CommitState.SUCCESS, _VALID)
        except RefusedRequest as refused:
            return refused
        return None

    def _create_next_commit(
        self, head: Commit, changes: PageChanges, previous: Commit | None, recorded: TrailerValues
    ) -> Commit:
        """Return the pages' commit after the previous one, a merge if the default branch has moved since that."""
        if previous is None:
            return self._create_commit(head, changes, head)
        return self._create_commit(head, changes, previous, *(() if recorded["base"] == head.id else (head,)))

    def _withdraw_pull(self, managed: ManagedBranch, pull: PullRequest | None) -> None:
        """Delete the branch and close the pull request, unless somebody else has committed to the branch.

        The branch is deleted first. That closes an open pull request, from which GitHub restores the branch as it was
        at that moment: a commit that was pushed just before is not lost. Without an open one nothing keeps it, and the
        requests that look at the branch and delete it follow each other directly.
        """
        if managed.delete() and pull and not pull.is_merged and not pull.body.startswith(_NOT_NEEDED):
            self.client.edit_pull(pull.number, state="closed", body=f"{_NOT_NEEDED}\n\n{pull.body}"[:MAX_BODY])

    def _is_declined(self, pull: PullRequest, changes: PageChanges) -> bool:
        """Return whether a person has closed the pull request when it held the same pages: that is a decision.

        It holds until the pages change, as with bots that update dependencies, or until the pull request is reopened.
        """
        if pull.is_merged or pull.body.startswith(_NOT_NEEDED):
            return False
        recorded = _TRAILERS.parse_commit(self.client.fetch_commit(pull.head))
        return recorded is not None and recorded["digest"] == _compute_digest(changes)

    def _parse_merge(self, head: Commit, commit: Commit) -> dict[str, str] | None:
        """Return what the action's commit records if a commit merges it with the default branch, else None.

        GitHub's button "Update branch" creates such a merge. Whatever else a person did in it stays in the history.
        """
        parents = self.client.fetch_commit(commit.id).parents
        recorded = _TRAILERS.parse_commit(self.client.fetch_commit(parents[0])) if len(parents) == 2 else None
        is_merge = recorded is not None and self.client.is_descendant(head.id, parents[1])
        return {**recorded, "base": parents[1]} if recorded and is_merge else None


_VALID = "The files are valid, and these are their pages"
_PULL_BODY = (
    "The pages that readingroom generates from the session files. Merge it to publish them; it is kept up to date. "
    "If you close it, it stays closed until the pages change."
)
# A pull request that starts with this was closed by a run. Earlier ones did so too: the wording has to stay.
_NOT_NEEDED = "This is not needed any more: every page is right without it."


def _build_trailer_values(head: Commit, changes: PageChanges) -> dict[str, str]:
    return {"digest": _compute_digest(changes), "base": head.id}


def _compute_digest(changes: PageChanges) -> str:
    """Return a digest of the pages that is the same every day; of the README it covers only the regions."""
    pages = {
        path: None if content is None else _extract_stable_part(path, content) for path, content in changes.items()
    }
    return blake2b(repr(sorted(pages.items(), key=lambda each: each[0])).encode(), digest_size=8).hexdigest()


def _extract_stable_part(path: str, content: bytes) -> object:
    if path == README:
        return _list_region_digests(content)
    return revisions.strip_timestamps(content) if path == ANNOUNCED_PATH else content


def _list_region_digests(content: bytes) -> list[tuple[str, str]]:
    return [(each.name, each.digest) for each in generated.parse_regions(README, TextFile.decode(content).text)]
