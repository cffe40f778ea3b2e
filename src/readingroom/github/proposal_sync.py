"""One issue, one branch, one pull request, one comment: made what they should be.

Everything is looked up anew on every run and only what differs is written, so that a run may be cut off anywhere and
done again. The branch only ever moves forward from this program's own commit: nobody else's commit is overwritten.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from readingroom.core.diagnostics import Invalid
from readingroom.core.session_path import SessionPath
from readingroom.edit import new_session
from readingroom.github import proposal_state
from readingroom.github.client import Client, is_same_text
from readingroom.github.transport import RefusedRequest, retry_interrupted
from readingroom.proposals import decision, labels
from readingroom.proposals.decision import ASKING_STATES, ProposalState, Seen, Wanted
from readingroom.proposals.form_answers import Question
from readingroom.proposals.pull_request import (
    BRANCH_PREFIX,
    ProposalContext,
    ProposalDraft,
    PullHeader,
    build_proposal_draft,
)
from readingroom.proposals.records import MAX_BODY, Comment, Commit, PullRequest

STATUS_CONTEXT = "readingroom"
MAX_STATUS = 140  # characters of a commit status's description
MAX_ATTEMPTS = 30
_TRAILERS = re.compile(r"^Readingroom-Folder: (\S+)\nReadingroom-Content: ([0-9a-f]+) in ([0-9a-f]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ProposalResult:
    """What became of an issue, with its pull request and folder, if any."""

    state: ProposalState
    pull: int = 0
    folder: str = ""
    questions: tuple[Question, ...] = ()


def reconcile_issue(forge: Client, setting: ProposalContext, number: int, *, is_gone: bool = False) -> ProposalResult:
    """Bring branch, pull request, labels and comment to what an issue says; start over where an answer was lost.

    An issue that ``is_gone``, for it was deleted or transferred, is taken for a closed one that cannot be answered.
    """

    def reconcile_once() -> ProposalResult:
        comment, seen = proposal_state.fetch_state(forge, number, is_gone=is_gone)
        return _IssueReconciler(forge, setting, seen, comment).apply_wanted(decision.decide_wanted(setting, seen))

    return retry_interrupted(reconcile_once, lambda seconds: forge.wait_before_retry(seconds, "GitHub gave no answer"))


class _IssueReconciler:
    """The requests that bring an issue, as it was seen, to what it should be."""

    def __init__(self, forge: Client, setting: ProposalContext, seen: Seen, comment: Comment | None) -> None:
        self.forge, self.setting, self.seen, self.comment = forge, setting, seen, comment
        self.branch = f"{BRANCH_PREFIX}{seen.issue.number}"

    def apply_wanted(self, wanted: Wanted) -> ProposalResult:
        """Return what became of the issue, once it is so."""
        match wanted.state:
            case ProposalState.OPEN if wanted.draft:
                return self._sync_draft(wanted.draft)
            case ProposalState.NONE:
                if not self.seen.issue.is_open:
                    self._delete_branch()
                return ProposalResult(ProposalState.NONE)
            case ProposalState.MERGED:
                if self.seen.said != ProposalState.MERGED:
                    self._delete_branch()
            case ProposalState.WITHDRAWN:
                self._withdraw_proposal()
            case ProposalState.QUESTIONS | ProposalState.SECRET if self.seen.head and _find_trailers(self.seen.head):
                result = self._report_state(wanted)
                self._set_status(self.seen.head.id, "failure", "The issue's last change asks for an answer")
                return result
        return self._report_state(wanted)

    def _withdraw_proposal(self) -> None:
        pull = self.seen.pull
        if pull and pull.is_open:
            self._set_pull(self.forge.edit_pull(
                pull.number, state="closed", body=decision.render_withdrawn_body(self.seen.issue.number, pull.body)
            ))  # fmt: skip
        self._delete_branch()

    def _delete_branch(self) -> None:
        """Remove the branch where a pull request keeps what it holds, or nobody else has committed to it."""
        head = self.forge.find_head(self.branch)
        if head and ((self.seen.pull and self.seen.pull.head == head.id) or _find_trailers(head)):
            self.forge.delete_branch(self.branch)

    def _sync_draft(self, made: ProposalDraft) -> ProposalResult:
        """Bring branch, pull request and labels to what the draft says, under a number that is its own."""
        is_settled = decision.has_known_number(self.seen)
        if self.seen.pull and not self.seen.pull.is_open:
            self._reopen_pull(self.seen.pull)
        is_new = self.seen.pull is None
        for _ in range(MAX_ATTEMPTS):
            is_settled = is_settled and decision.get_claimed_number(self.seen.pull) == made.number
            head, is_pushed = self._sync_branch(made)
            if not _find_trailers(head) and (result := self._report_difference(made, head)):
                return result
            if not self._sync_pull(made):
                return self._report_state(Wanted(ProposalState.BY_HAND, made))
            number = made.number if is_settled else self._choose_number(made, is_new=is_new)
            if number == made.number:
                break
            made = build_proposal_draft(self.setting, self.seen.issue, number)
        result = self._report_state(Wanted(ProposalState.OPEN, made))
        self._set_status(head.id, "success", "The session is valid", is_new=is_pushed)
        return result

    def _choose_number(self, made: ProposalDraft, *, is_new: bool) -> int:
        """Return the number that is the proposal's own beside all that are open by now."""
        self.seen = replace(self.seen, pulls=tuple(self.forge.fetch_open_pulls()))
        if is_new:
            return decision.choose_number_once_opened(self.setting, self.seen, made.number)
        return decision.choose_number(self.setting, self.seen, has_moved=True)

    def _set_pull(self, pull: PullRequest | None) -> None:
        self.seen = replace(self.seen, pull=pull)

    def _reopen_pull(self, pull: PullRequest) -> None:
        """Bring back the branch where it was, and the pull request; one that cannot be reopened gets a successor."""
        self.forge.create_branch(self.branch, Commit(pull.head, "", ""))
        try:
            self._set_pull(self.forge.edit_pull(pull.number, state="open"))
        except RefusedRequest as refused:
            if "state" not in refused.fields:
                raise
            self._set_pull(None)

    def _sync_branch(self, made: ProposalDraft) -> tuple[Commit, bool]:
        """Bring the branch to the draft's files, unless somebody else has committed to it.

        Returns its newest commit, and whether this run made it.
        """
        pull, head = self.seen.pull, self.seen.head
        if pull:
            head, is_new = self._update_branch(head or self.forge.fetch_commit(pull.head), made)
        else:
            head = self._create_commit(self.forge.fetch_head(self.setting.default_branch), made, {})
            is_new = self.forge.create_branch(self.branch, head)
            if not is_new:
                head, is_new = self._update_branch(self.forge.fetch_head(self.branch), made)
        self.seen = replace(self.seen, head=head)
        return head, is_new

    def _update_branch(self, head: Commit, made: ProposalDraft) -> tuple[Commit, bool]:
        ours = _find_trailers(head)
        if ours is None or ours[2] == made.digest:
            return head, False
        following = self._create_commit(head, made, {SessionPath(ours[1]).file: None})
        try:
            self.forge.move_branch(self.branch, following)
        except RefusedRequest as refused:
            now = self.forge.fetch_head(self.branch)
            if refused.status != 422 or now.id == head.id:
                raise
            return self._update_branch(now, made)
        return following, True

    def _create_commit(self, parent: Commit, made: ProposalDraft, old: Mapping[str, str | None]) -> Commit:
        tree = self.forge.create_tree(parent, {**old, **(made.files or {})})
        subject = f"Propose session {made.number} from issue {self.seen.issue.number}"
        message = f"{subject}\n\nReadingroom-Folder: {made.folder}\nReadingroom-Content: {made.digest} in {tree}\n"
        return self.forge.create_commit(tree, message, parent)

    def _report_difference(self, made: ProposalDraft, head: Commit) -> ProposalResult | None:
        """Tell how a branch with somebody else's commits differs from the draft; nothing, if it does not."""
        folder, text = self._fetch_changed_session(made, head)
        wanted = next(text or "" for text in (made.files or {}).values())
        path = SessionPath(folder).file
        lines = [*difflib.unified_diff(_strip_comments(text), _strip_comments(wanted), path, path, lineterm="")]
        if not lines:
            return None
        difference = "\n".join(lines)
        result = self._report_state(
            Wanted(ProposalState.CHANGED, made), difference if len(difference) <= MAX_BODY // 2 else ""
        )
        if self.seen.pull:
            problem = _find_session_error(self.setting, folder, text)
            state = "failure" if problem else "success"
            self._set_status(head.id, state, problem or "The session is valid")
        return result

    def _fetch_changed_session(self, made: ProposalDraft, head: Commit) -> tuple[str, str]:
        """Return the folder that a branch adds, and the text of its session file; the folder may be renamed."""
        folder = (PullHeader.parse_body(self.seen.pull.body).folder if self.seen.pull else "") or made.folder
        text = self.forge.fetch_text(SessionPath(folder).file, head.id)
        if text is None:
            paths = [each.path.split("/") for each in self.forge.fetch_entries(head.tree)]
            added = [path[1] for path in paths if path[0] == "sessions" and path[2:] == ["session.yml"]]
            added = [each for each in added if each not in self.setting.tree.listings]
            if len(added) == 1:
                folder, text = added[0], self.forge.fetch_text(SessionPath(added[0]).file, head.id)
        return folder, text or ""

    def _sync_pull(self, made: ProposalDraft) -> bool:
        """Open the pull request or correct its text; return False if the workflow may not open any."""
        try:
            pull = self.seen.pull or self._open_pull(made)
        except RefusedRequest as refused:
            if refused.status != 403 or self.seen.pull:
                raise
            return False
        title, body = decision.choose_title(made, pull), decision.merge_body(made, pull.body)
        if pull.title != title or not is_same_text(pull.body, body):
            pull = self.forge.edit_pull(pull.number, title=title, body=body)
        self._set_pull(pull)
        if labels.SESSION not in pull.labels:
            self.forge.add_label(pull.number, labels.SESSION)
        return True

    def _open_pull(self, made: ProposalDraft) -> PullRequest:
        try:
            return self.forge.open_pull(self.branch, self.setting.default_branch, made.title, made.body)
        except RefusedRequest as refused:
            pull = self.forge.find_pull_by_branch(self.branch) if refused.status == 422 else None
            if pull is None:
                raise
            return pull

    def _report_state(self, wanted: Wanted, difference: str = "") -> ProposalResult:
        """Say in the one comment what became of the issue, and by a label whether something is to be changed."""
        issue, pull = self.seen.issue, self.seen.pull.number if self.seen.pull else 0
        body = decision.render_comment(self.setting, wanted, self.seen, difference)
        if issue.is_locked:
            pass  # GitHub lets no workflow comment there
        elif self.comment is None:
            self.forge.add_comment(issue.number, body)
            self._delete_duplicate_comments()
        elif not is_same_text(self.comment.body, body):
            self.forge.edit_comment(self.comment.id, body)
        if (asks := wanted.state in ASKING_STATES) != (labels.NEEDS_CHANGES in issue.labels):
            change = self.forge.add_label if asks else self.forge.remove_label
            change(issue.number, labels.NEEDS_CHANGES)
        made = wanted.draft
        return ProposalResult(wanted.state, pull, made.folder if made else "", made.questions if made else ())

    def _delete_duplicate_comments(self) -> None:
        """Remove a second comment, of a run at the same time; what a person wrote stays, whatever it looks like."""
        ours = [
            each
            for each in self.forge.fetch_comments(self.seen.issue.number)
            if proposal_state.is_own_comment(each) and each.is_by_program
        ]
        for each in ours[1:]:
            self.forge.delete_comment(each.id)

    def _set_status(self, head: str, state: str, description: str, *, is_new: bool = False) -> None:
        if is_new or self.forge.fetch_status(head, STATUS_CONTEXT) != state:
            self.forge.set_status(head, STATUS_CONTEXT, state, description[:MAX_STATUS])


def _find_trailers(commit: Commit) -> re.Match[str] | None:
    """Return what a commit of this program says of itself, unless somebody else has made it what it is."""
    found = _TRAILERS.search(commit.message)
    return found if found and found[3] == commit.tree else None


def _strip_comments(text: str) -> list[str]:
    """Return the lines of a session file that say something: without comments and blank lines."""
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _find_session_error(setting: ProposalContext, folder: str, text: str) -> str:
    """Return what is wrong with a session file that somebody else has changed, or an empty text."""
    try:
        new_session.validate_session_file(setting.tree, folder, SessionPath(folder).file, text)
    except Invalid as invalid:
        return str(invalid.problems[0])
    return ""
