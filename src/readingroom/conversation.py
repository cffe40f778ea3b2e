"""One issue, one branch, one pull request, one comment: what each should be, and made so.

Everything is looked up anew on every run and only what differs is written, so that a run may be cut off anywhere and
done again. The branch only ever moves forward from this program's own commit: nobody else's commit is overwritten.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from readingroom import answers, markdown, proposal
from readingroom.forge import Comment, Commit, Forge, Issue, Pull, Refused, is_same, patiently
from readingroom.proposal import Question
from readingroom.pull_request import BRANCH, MAX_BODY, Draft, Setting, drafted, folder_mark, issue_of, number_of

LABEL = "session"
NEEDS_CHANGES = "needs changes"
CONTEXT = "readingroom"
MOST_TURNS = 30
_SAID = re.compile(r"<!-- readingroom-proposal state=([a-z-]+)(?: pull=([0-9]+))? -->")
_FOLDER = re.compile(r"<!-- readingroom-proposal folder=([A-Za-z0-9-]+) -->")
_OURS = re.compile(r"^Readingroom-Folder: (\S+)\nReadingroom-Content: ([0-9a-f]+) in ([0-9a-f]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an issue: a state as in the comment's template, and its pull request and folder, if any."""

    state: str
    pull: int = 0
    folder: str = ""
    questions: tuple[Question, ...] = ()


def settle(
    forge: Forge, setting: Setting, number: int, pause: Callable[[float], None], *, is_gone: bool = False
) -> Result:
    """Bring branch, pull request, labels and comment to what an issue says; start over where an answer was lost.

    An issue that ``is_gone``, for it was deleted or transferred, is taken for a closed one that cannot be answered.
    """
    return patiently(lambda: Conversation(forge, setting, number, is_gone=is_gone).settled(), pause)


class Conversation:
    """The state of one issue, and the requests that bring it to what it should be."""

    def __init__(self, forge: Forge, setting: Setting, number: int, *, is_gone: bool) -> None:
        self.forge, self.setting = forge, setting
        self.branch = f"{BRANCH}{number}"
        self.issue = _gone(number) if is_gone else _found(forge, number)
        self.pulls = forge.open_pulls()
        self.ours = self._our_comment() if self.issue.comments else None
        said = _SAID.match(self.ours.body) if self.ours else None
        self.said = said[1] if said else ""
        self.pull = next((each for each in self.pulls if each.branch == self.branch), None)
        if self.pull is None and said and said[2]:
            self.pull = forge.pull(int(said[2]))
        elif self.pull is None and self.issue.is_locked:  # no comment tells of it
            self.pull = forge.pull_from(self.branch)

    def settled(self) -> Result:
        """Return what became of the issue, once it is so."""
        if not self._is_proposal():
            return Result("none")
        if self.pull and self.pull.is_merged:
            self.forge.delete_branch(self.branch)
            return self._tell("merged")
        if not self.issue.is_open:
            return self._withdraw()
        if self.pull and not self.pull.is_open:
            if self.said != "withdrawn":
                return self._tell("closed")
            self._reopen(self.pull)
        if proposal.holds_secret(f"{self.issue.title}\n{self.issue.body}"):
            return self._tell("secret")
        made = self._drafted(self._number())
        return self._ask(made) if made.questions else self._propose(made)

    def _is_proposal(self) -> bool:
        known = self.ours is not None or self.pull is not None or LABEL in self.issue.labels
        return known or answers.matches(self.setting.form, self.issue.body)

    def _drafted(self, number: int) -> Draft:
        return drafted(self.setting, self.issue.number, self.issue.body, number)

    def _withdraw(self) -> Result:
        if self.pull and self.pull.is_open:
            body = f"Closed, since issue #{self.issue.number} was closed.\n\n{self.pull.body}"
            self.forge.edit_pull(self.pull.number, state="closed", body=body[:MAX_BODY])
        elif self.said == "closed":  # by an organiser: the submitter's closing and reopening does not undo it
            return self._tell("closed")
        elif self.said not in {"open", "changed", "by-hand"}:
            return Result("none")
        if self.pull or self._is_branch_ours():  # GitHub keeps what a pull request held
            self.forge.delete_branch(self.branch)
        return self._tell("withdrawn")

    def _is_branch_ours(self) -> bool:
        head = self.forge.find_head(self.branch)
        return head is not None and _ours(head) is not None

    def _reopen(self, pull: Pull) -> None:
        """Bring back the branch where it was, and the pull request; one that cannot be reopened gets a successor."""
        self.forge.create_branch(self.branch, Commit(pull.head, "", ""))
        try:
            self.pull = self.forge.edit_pull(pull.number, state="open")
        except Refused as refused:
            if "state" not in refused.fields:
                raise
            self.pull = None

    def _ask(self, made: Draft) -> Result:
        self._label(self.issue.number, self.issue.labels, NEEDS_CHANGES)
        result = self._tell("questions", made)
        if self.pull:
            self._set_status(self.pull.head, "failure", "The issue's last change asks for an answer")
        return result

    def _propose(self, made: Draft) -> Result:
        """Bring branch, pull request and labels to what the draft says, under a number that is its own."""
        for _ in range(MOST_TURNS):
            head = self._push(made)
            if head is None:
                return self._tell("changed", made, difference=self._difference(made))
            if not self._open(made):
                return self._tell("by hand", made)
            number = self._own_number(made)
            if number == made.number:
                break
            made = self._drafted(number)
        if NEEDS_CHANGES in self.issue.labels:
            self.forge.remove_label(self.issue.number, NEEDS_CHANGES)
        result = self._tell("open", made)
        self._set_status(head or "", "success", "The session is valid")
        return result

    def _number(self) -> int:
        """Return the number that the proposal has, unless a session has it by now, or else the next one."""
        own = number_of(_folder_of(self.pull)) if self.pull else 0
        taken = {number_of(each) for each in self.setting.tree.listings}
        if own and own not in taken:
            return own
        return 1 + max([0, *taken, *(number_of(_folder_of(each)) for each in self.pulls if issue_of(each.branch))])

    def _own_number(self, made: Draft) -> int:
        """Return the draft's number, or another if a pull request that was opened before has it.

        Several runs may choose the same number at the same time. GitHub numbers pull requests in the order they were
        opened, and whoever opened a later one sees all earlier ones. So each takes what those before it leave, and
        reckons with those that still have to make way: all runs come to the same numbers without waiting.
        """
        if self.said == "open":
            return made.number
        self.pulls = self.forge.open_pulls()
        taken = {0, *(number_of(each) for each in self.setting.tree.listings)}
        for pull in sorted(self.pulls, key=lambda each: each.number):
            number = number_of(_folder_of(pull))
            if issue_of(pull.branch) and number:
                number = 1 + max(taken) if number in taken else number
                if pull.branch == self.branch:
                    return number
                taken.add(number)
        return made.number

    def _push(self, made: Draft) -> str | None:
        """Bring the branch to the draft's files; return its head, or None if somebody else has committed to it."""
        if self.pull:
            return self._advance(self.pull.head, made)
        commit = self._commit(self.forge.head(self.setting.default_branch), made, {})
        if self.forge.create_branch(self.branch, commit):
            return commit.id
        return self._advance(self.forge.head(self.branch).id, made)

    def _advance(self, head: str, made: Draft) -> str | None:
        commit = self.forge.commit(head)
        ours = _ours(commit)
        if ours is None:
            same = all(self.forge.text(path, head) == text for path, text in (made.files or {}).items())
            return head if same else None
        if ours[2] == made.digest:
            return head
        following = self._commit(commit, made, {f"sessions/{ours[1]}/session.yml": None})
        try:
            self.forge.move_branch(self.branch, following)
        except Refused as refused:
            now = self.forge.head(self.branch).id
            if refused.status != 422 or now == head:
                raise
            return self._advance(now, made)
        return following.id

    def _commit(self, parent: Commit, made: Draft, old: Mapping[str, str | None]) -> Commit:
        tree = self.forge.tree(parent, {**old, **(made.files or {})})
        subject = f"Propose session {made.number} from issue {self.issue.number}"
        message = f"{subject}\n\nReadingroom-Folder: {made.folder}\nReadingroom-Content: {made.digest} in {tree}\n"
        return self.forge.new_commit(tree, message, parent)

    def _open(self, made: Draft) -> bool:
        """Open the pull request or correct its text; return False if the workflow may not open any."""
        if self.pull is None:
            try:
                self.pull = self.forge.open_pull(self.branch, self.setting.default_branch, made.title, made.body)
            except Refused as refused:
                if refused.status == 403:
                    return False
                self.pull = self.forge.pull_from(self.branch) if refused.status == 422 else None
                if self.pull is None:
                    raise
        if self.pull.title != made.title or not is_same(self.pull.body, made.body):
            self.pull = self.forge.edit_pull(self.pull.number, title=made.title, body=made.body)
        self._label(self.pull.number, self.pull.labels, LABEL)
        return True

    def _difference(self, made: Draft) -> str:
        """Return what the branch's files lack and hold too much, or nothing if that is too long to read."""
        lines: list[str] = []
        for path, text in (made.files or {}).items():
            before = self.forge.text(path, self.branch) or ""
            lines += difflib.unified_diff(before.splitlines(), (text or "").splitlines(), path, path, lineterm="")
        text = "\n".join(lines)
        return text if len(text) <= MAX_BODY // 2 else ""

    def _label(self, number: int, labels: frozenset[str], label: str) -> None:
        if label not in labels:
            self.forge.add_label(number, label)

    def _set_status(self, head: str, state: str, description: str) -> None:
        if not self.said or self.forge.status(head, CONTEXT) != state:
            self.forge.set_status(head, CONTEXT, state, description)

    def _our_comment(self) -> Comment | None:
        """Return the one comment on the issue; a second one, of a run at the same time, is removed."""
        ours = [each for each in self.forge.comments(self.issue.number) if _is_ours(each)]
        for each in ours[1:]:
            self.forge.delete_comment(each.id)
        return ours[0] if ours else None

    def _tell(self, state: str, made: Draft | None = None, *, difference: str = "") -> Result:
        """Say in the one comment what became of the issue."""
        pull = self.pull.number if self.pull else 0
        questions = made.questions if made else ()
        text = self.setting.templates.text(
            "answer.md.j2",
            state=state,
            pull=pull,
            questions=questions,
            difference=difference,
            fence=markdown.fence(difference),
            link=self._link(made) if made else "",
        )
        mark = f"state={state.replace(' ', '-')}" + (f" pull={pull}" if pull else "")
        body = f"<!-- readingroom-proposal {mark} -->\n{text.strip()}"
        if self.issue.is_locked:
            pass  # GitHub lets no workflow comment there
        elif self.ours is None:
            self.forge.comment(self.issue.number, body)
            self._our_comment()
        elif not is_same(self.ours.body, body):
            self.forge.edit_comment(self.ours.id, body)
        return Result(state, pull, made.folder if made else "", questions)

    def _link(self, made: Draft) -> str:
        """Return the address that opens the pull request in a browser; its text follows with the next change."""
        text = {"expand": 1, "title": made.title, "body": f"{folder_mark(made.folder)}\nCloses #{self.issue.number}"}
        return f"{self.setting.web}/compare/{self.setting.default_branch}...{self.branch}?{urlencode(text)}"


def _found(forge: Forge, number: int) -> Issue:
    try:
        issue = forge.issue(number)
    except Refused as refused:
        if refused.status != 410 or "deleted" not in str(refused):
            raise
        return _gone(number)
    return issue if issue.number == number else _gone(number)  # a transferred one answers with its new number


def _gone(number: int) -> Issue:
    return Issue(number, "", "", is_open=False, labels=frozenset(), comments=0, is_locked=True)


def _ours(commit: Commit) -> re.Match[str] | None:
    """Return what a commit of this program says of itself, unless somebody else has made it what it is."""
    found = _OURS.search(commit.message)
    return found if found and found[3] == commit.tree else None


def _is_ours(comment: Comment) -> bool:
    return comment.has_a_say and _SAID.match(comment.body) is not None


def _folder_of(pull: Pull) -> str:
    found = _FOLDER.search(pull.body)
    return found[1] if found else ""
