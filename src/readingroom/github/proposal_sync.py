"""One issue, one branch, one pull request, one comment: made what they should be.

Everything is looked up anew on every run and only what differs is written, so that a run may be cut off anywhere and
done again. The branch only ever moves forward from this program's own commit: nobody else's commit is overwritten.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from readingroom.core.diagnostics import Invalid
from readingroom.edit import new_session
from readingroom.github import proposal_state
from readingroom.github.client import Forge, is_same
from readingroom.github.transport import Refused, patiently
from readingroom.proposals import decision, labels
from readingroom.proposals.decision import ASKING, Seen, State, Wanted
from readingroom.proposals.form_answers import Question
from readingroom.proposals.pull_request import BRANCH, Draft, Mark, Setting, drafted
from readingroom.proposals.records import MAX_BODY, Comment, Commit, Pull

CONTEXT = "readingroom"
MAX_STATUS = 140  # characters of a commit status's description
MOST_TURNS = 30
_OURS = re.compile(r"^Readingroom-Folder: (\S+)\nReadingroom-Content: ([0-9a-f]+) in ([0-9a-f]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an issue, with its pull request and folder, if any."""

    state: State
    pull: int = 0
    folder: str = ""
    questions: tuple[Question, ...] = ()


def settle(forge: Forge, setting: Setting, number: int, *, is_gone: bool = False) -> Result:
    """Bring branch, pull request, labels and comment to what an issue says; start over where an answer was lost.

    An issue that ``is_gone``, for it was deleted or transferred, is taken for a closed one that cannot be answered.
    """

    def work() -> Result:
        comment, seen = proposal_state.look(forge, number, is_gone=is_gone)
        return _Settlement(forge, setting, seen, comment).reach(decision.decide(setting, seen))

    return patiently(work, lambda seconds: forge.wait(seconds, "GitHub gave no answer"))


class _Settlement:
    """The requests that bring an issue, as it was seen, to what it should be."""

    def __init__(self, forge: Forge, setting: Setting, seen: Seen, comment: Comment | None) -> None:
        self.forge, self.setting, self.seen, self.comment = forge, setting, seen, comment
        self.branch = f"{BRANCH}{seen.issue.number}"

    def reach(self, wanted: Wanted) -> Result:
        """Return what became of the issue, once it is so."""
        match wanted.state:
            case State.OPEN if wanted.draft:
                return self._propose(wanted.draft)
            case State.NONE:
                if not self.seen.issue.is_open:
                    self._remove_branch()
                return Result(State.NONE)
            case State.MERGED:
                if self.seen.said != State.MERGED:
                    self._remove_branch()
            case State.WITHDRAWN:
                self._withdraw()
            case State.QUESTIONS | State.SECRET if self.seen.head and _ours(self.seen.head):
                result = self._tell(wanted)
                self._set_status(self.seen.head.id, "failure", "The issue's last change asks for an answer")
                return result
        return self._tell(wanted)

    def _withdraw(self) -> None:
        pull = self.seen.pull
        if pull and pull.is_open:
            self._pull(self.forge.edit_pull(
                pull.number, state="closed", body=decision.withdrawn(self.seen.issue.number, pull.body)
            ))  # fmt: skip
        self._remove_branch()

    def _remove_branch(self) -> None:
        """Remove the branch where a pull request keeps what it holds, or nobody else has committed to it."""
        head = self.forge.find_head(self.branch)
        if head and ((self.seen.pull and self.seen.pull.head == head.id) or _ours(head)):
            self.forge.delete_branch(self.branch)

    def _propose(self, made: Draft) -> Result:
        """Bring branch, pull request and labels to what the draft says, under a number that is its own."""
        is_settled = decision.is_settled(self.seen)
        if self.seen.pull and not self.seen.pull.is_open:
            self._reopen(self.seen.pull)
        is_new = self.seen.pull is None
        for _ in range(MOST_TURNS):
            is_settled = is_settled and decision.claim(self.seen.pull) == made.number
            head, is_pushed = self._push(made)
            if not _ours(head) and (result := self._compared(made, head)):
                return result
            if not self._present(made):
                return self._tell(Wanted(State.BY_HAND, made))
            number = made.number if is_settled else self._own_number(made, is_new=is_new)
            if number == made.number:
                break
            made = drafted(self.setting, self.seen.issue, number)
        result = self._tell(Wanted(State.OPEN, made))
        self._set_status(head.id, "success", "The session is valid", is_new=is_pushed)
        return result

    def _own_number(self, made: Draft, *, is_new: bool) -> int:
        """Return the number that is the proposal's own beside all that are open by now."""
        self.seen = replace(self.seen, pulls=tuple(self.forge.open_pulls()))
        if is_new:
            return decision.number_of_new(self.setting, self.seen, made.number)
        return decision.number(self.setting, self.seen, has_moved=True)

    def _pull(self, pull: Pull | None) -> None:
        self.seen = replace(self.seen, pull=pull)

    def _reopen(self, pull: Pull) -> None:
        """Bring back the branch where it was, and the pull request; one that cannot be reopened gets a successor."""
        self.forge.create_branch(self.branch, Commit(pull.head, "", ""))
        try:
            self._pull(self.forge.edit_pull(pull.number, state="open"))
        except Refused as refused:
            if "state" not in refused.fields:
                raise
            self._pull(None)

    def _push(self, made: Draft) -> tuple[Commit, bool]:
        """Bring the branch to the draft's files, unless somebody else has committed to it.

        Returns its newest commit, and whether this run made it.
        """
        pull, head = self.seen.pull, self.seen.head
        if pull:
            head, is_new = self._advance(head or self.forge.commit(pull.head), made)
        else:
            head = self._commit(self.forge.head(self.setting.default_branch), made, {})
            is_new = self.forge.create_branch(self.branch, head)
            if not is_new:
                head, is_new = self._advance(self.forge.head(self.branch), made)
        self.seen = replace(self.seen, head=head)
        return head, is_new

    def _advance(self, head: Commit, made: Draft) -> tuple[Commit, bool]:
        ours = _ours(head)
        if ours is None or ours[2] == made.digest:
            return head, False
        following = self._commit(head, made, {f"sessions/{ours[1]}/session.yml": None})
        try:
            self.forge.move_branch(self.branch, following)
        except Refused as refused:
            now = self.forge.head(self.branch)
            if refused.status != 422 or now.id == head.id:
                raise
            return self._advance(now, made)
        return following, True

    def _commit(self, parent: Commit, made: Draft, old: Mapping[str, str | None]) -> Commit:
        tree = self.forge.tree(parent, {**old, **(made.files or {})})
        subject = f"Propose session {made.number} from issue {self.seen.issue.number}"
        message = f"{subject}\n\nReadingroom-Folder: {made.folder}\nReadingroom-Content: {made.digest} in {tree}\n"
        return self.forge.new_commit(tree, message, parent)

    def _compared(self, made: Draft, head: Commit) -> Result | None:
        """Tell how a branch with somebody else's commits differs from the draft; nothing, if it does not."""
        folder, text = self._theirs(made, head)
        wanted = next(text or "" for text in (made.files or {}).values())
        path = f"sessions/{folder}/session.yml"
        lines = [*difflib.unified_diff(_said_in(text), _said_in(wanted), path, path, lineterm="")]
        if not lines:
            return None
        difference = "\n".join(lines)
        result = self._tell(Wanted(State.CHANGED, made), difference if len(difference) <= MAX_BODY // 2 else "")
        if self.seen.pull:
            problem = _problem(self.setting, folder, text)
            state = "failure" if problem else "success"
            self._set_status(head.id, state, problem or "The session is valid")
        return result

    def _theirs(self, made: Draft, head: Commit) -> tuple[str, str]:
        """Return the folder that a branch adds, and the text of its session file; the folder may be renamed."""
        folder = (Mark.of(self.seen.pull.body).folder if self.seen.pull else "") or made.folder
        text = self.forge.text(f"sessions/{folder}/session.yml", head.id)
        if text is None:
            paths = [each.path.split("/") for each in self.forge.entries(head.tree)]
            added = [path[1] for path in paths if path[0] == "sessions" and path[2:] == ["session.yml"]]
            added = [each for each in added if each not in self.setting.tree.listings]
            if len(added) == 1:
                folder, text = added[0], self.forge.text(f"sessions/{added[0]}/session.yml", head.id)
        return folder, text or ""

    def _present(self, made: Draft) -> bool:
        """Open the pull request or correct its text; return False if the workflow may not open any."""
        try:
            pull = self.seen.pull or self._opened(made)
        except Refused as refused:
            if refused.status != 403 or self.seen.pull:
                raise
            return False
        title, body = decision.title(made, pull), decision.body(made, pull.body)
        if pull.title != title or not is_same(pull.body, body):
            pull = self.forge.edit_pull(pull.number, title=title, body=body)
        self._pull(pull)
        if labels.SESSION not in pull.labels:
            self.forge.add_label(pull.number, labels.SESSION)
        return True

    def _opened(self, made: Draft) -> Pull:
        try:
            return self.forge.open_pull(self.branch, self.setting.default_branch, made.title, made.body)
        except Refused as refused:
            pull = self.forge.pull_from(self.branch) if refused.status == 422 else None
            if pull is None:
                raise
            return pull

    def _tell(self, wanted: Wanted, difference: str = "") -> Result:
        """Say in the one comment what became of the issue, and by a label whether something is to be changed."""
        issue, pull = self.seen.issue, self.seen.pull.number if self.seen.pull else 0
        body = decision.answer(self.setting, wanted, self.seen, difference)
        if issue.is_locked:
            pass  # GitHub lets no workflow comment there
        elif self.comment is None:
            self.forge.comment(issue.number, body)
            self._remove_twins()
        elif not is_same(self.comment.body, body):
            self.forge.edit_comment(self.comment.id, body)
        if (asks := wanted.state in ASKING) != (labels.NEEDS_CHANGES in issue.labels):
            change = self.forge.add_label if asks else self.forge.remove_label
            change(issue.number, labels.NEEDS_CHANGES)
        made = wanted.draft
        return Result(wanted.state, pull, made.folder if made else "", made.questions if made else ())

    def _remove_twins(self) -> None:
        """Remove a second comment, of a run at the same time; what a person wrote stays, whatever it looks like."""
        ours = [
            each
            for each in self.forge.comments(self.seen.issue.number)
            if proposal_state.is_ours(each) and each.is_by_program
        ]
        for each in ours[1:]:
            self.forge.delete_comment(each.id)

    def _set_status(self, head: str, state: str, description: str, *, is_new: bool = False) -> None:
        if is_new or self.forge.status(head, CONTEXT) != state:
            self.forge.set_status(head, CONTEXT, state, description[:MAX_STATUS])


def _ours(commit: Commit) -> re.Match[str] | None:
    """Return what a commit of this program says of itself, unless somebody else has made it what it is."""
    found = _OURS.search(commit.message)
    return found if found and found[3] == commit.tree else None


def _said_in(text: str) -> list[str]:
    """Return the lines of a session file that say something: without comments and blank lines."""
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _problem(setting: Setting, folder: str, text: str) -> str:
    """Return what is wrong with a session file that somebody else has changed, or an empty text."""
    try:
        new_session.check(setting.tree, folder, f"sessions/{folder}/session.yml", text)
    except Invalid as invalid:
        return str(invalid.problems[0])
    return ""
