"""The default branch, kept right: its pages made anew and committed, or put into one pull request.

A commit is made from the files of the branch's newest commit and only ever follows it. Where the branch has moved on in
the meantime, the pages are made again from what it holds then. Done again, a run changes nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from readingroom import build, markdown, snapshot
from readingroom.build import Outcome, Today
from readingroom.files import Tree
from readingroom.forge import Forge, Interrupted, Refused, is_same, patiently
from readingroom.problems import Invalid, Problem
from readingroom.records import Commit

BRANCH = "readingroom/pages"
MOST_TURNS = 5
_MARK = "<!-- readingroom-invalid -->"
_OURS = re.compile(r"^Readingroom-Pages: ([0-9a-f]+) from ([0-9a-f]+)$", re.MULTILINE)
_TITLE = "The schedule's files have problems"
_SUBJECT = "Update the pages"


class Protected(Exception):
    """The branch takes no commit from this workflow; the text is GitHub's own."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did: "nothing", "committed", "proposed", "kept" (somebody else's commits are on the branch).

    ``commit`` is the new commit's name and ``pull`` the pull request's number, where there is one.
    """

    state: str
    outcome: Outcome
    commit: str = ""
    pull: int = 0


@dataclass(slots=True)
class Publisher:
    """One repository's default branch; ``local`` is a checkout of it, which may be an older one."""

    forge: Forge
    branch: str
    local: Tree
    day: Today
    pause: Callable[[float], None] = field(default=lambda _: None)
    untold: str = field(default="", init=False)  # why GitHub did not let the organisers be told of problems

    def publish(self, mode: str) -> Result:
        """Make the pages of the branch right by a commit or by a pull request.

        Raises:
            Invalid: the branch's files have problems; an issue tells them.
            Protected: the branch takes no commit from this workflow.
        """
        return patiently(lambda: self._published(mode), self.pause)

    def _published(self, mode: str) -> Result:
        try:
            result = self._committed() if mode == "commit" else self._proposed()
        except Invalid as invalid:
            self._tell(invalid.problems)
            raise
        self._tell([])
        return result

    def _tell(self, problems: list[Problem]) -> None:
        """Tell the organisers, where that is allowed: the pages and the run's own annotations do not depend on it."""
        try:
            self._notify(problems)
        except Refused as refused:
            self.untold = str(refused)

    def _built(self, head: Commit) -> Outcome:
        return build.build(snapshot.of(self.forge.entries(head.tree), self.local, self.forge.blob), self.day)

    def _tree(self, head: Commit, changes: Mapping[str, bytes | None]) -> str:
        texts = {path: None if content is None else content.decode() for path, content in changes.items()}
        return self.forge.tree(head, texts)

    def _commit(self, head: Commit, tree: str) -> Commit:
        return self.forge.new_commit(head, tree, f"{_SUBJECT}\n\nReadingroom-Pages: {tree} from {head.id}\n")

    def _committed(self) -> Result:
        head = self.forge.head(self.branch)
        for turn in range(MOST_TURNS):
            outcome = self._built(head)
            if not outcome.changes:
                return Result("nothing", outcome)
            new = self._commit(head, self._tree(head, outcome.changes))
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
        found = self.forge.pull_from(BRANCH)
        pull = found if found and found.is_open else None
        there = self.forge.find_head(BRANCH)
        ours = _ours(there) if there else None
        if there and ours is None:
            return Result("kept" if outcome.changes else "nothing", outcome, pull=pull.number if pull else 0)
        if not outcome.changes:
            if pull:
                self.forge.edit_pull(pull.number, state="closed")
            if there:
                self.forge.delete_branch(BRANCH)
            return Result("nothing", outcome)
        tree = self._tree(head, outcome.changes)
        if there and ours == (tree, head.id):
            new = there
        elif there:
            new = self._commit(head, tree)
            self.forge.move_branch(BRANCH, new, force=True)
        else:
            new = self._commit(head, tree)
            self.forge.create_branch(BRANCH, new)
        if pull is None:
            try:
                pull = self.forge.open_pull(BRANCH, self.branch, _SUBJECT, _PULL)
            except Refused as refused:
                pull = self.forge.pull_from(BRANCH) if refused.status == 422 else None
                if pull is None or not pull.is_open:
                    raise
        return Result("proposed", outcome, new.id, pull.number)

    def _notify(self, problems: list[Problem]) -> None:
        """Bring the one issue to what the organisers should know, or close it when that is nothing."""
        ours = next((each for each in self.forge.notices(_LABEL) if each.body.startswith(_MARK)), None)
        if not problems:
            if ours:
                self.forge.edit_issue(ours.number, state="closed")
            return
        body = f"{_MARK}\n{_INTRODUCTION}\n\n{markdown.listed([str(each) for each in problems])}\n"
        if ours is None:
            self.forge.open_issue(_TITLE, body, _LABEL)
        elif not is_same(ours.body, body):
            self.forge.edit_issue(ours.number, body=body)


_LABEL = "readingroom"
_INTRODUCTION = (
    "The pages stay as they are until this is mended. This issue is kept up to date, and closed when all is well."
)
_PULL = "The pages that readingroom makes from the session files. Merge it to publish them; it is kept up to date."


def _ours(commit: Commit) -> tuple[str, str] | None:
    """Return the tree and the parent of a commit of this program, unless somebody else has made it what it is."""
    found = _OURS.search(commit.message)
    return (found[1], found[2]) if found and found[1] == commit.tree else None
