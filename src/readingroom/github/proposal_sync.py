"""One issue, one branch, one pull request, one comment: fetched from GitHub, and brought to what they should be.

Every run fetches the whole state and writes only what differs, so that a run may be interrupted anywhere and started
again.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass, replace

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Invalid
from readingroom.core.models import parse_folder_number
from readingroom.core.session_path import SESSIONS, SessionPath
from readingroom.edit import new_session
from readingroom.github.client import Client, is_same_text
from readingroom.github.managed_branch import BranchState, ManagedBranch, Trailers, TrailerValues
from readingroom.github.managed_text import find_comment, sync_comment
from readingroom.github.transport import RefusedRequest, retry_interrupted
from readingroom.proposals import decision
from readingroom.proposals.decision import ASKING_STATES, END_STATES, CommentHeader, ProposalState, Seen, Wanted
from readingroom.proposals.form_answers import Question
from readingroom.proposals.pull_request import ProposalContext, ProposalDraft, PullHeader, build_proposal_draft
from readingroom.proposals.records import (
    MAX_BODY,
    STATUS_CONTEXT,
    Comment,
    Commit,
    CommitState,
    Issue,
    Label,
    PullRequest,
    format_issue_branch,
)

MAX_STATUS = 140  # characters of a commit status's description
MAX_NUMBERS = 30  # attempts to find a number that no other proposal has
# What GitHub answers for a branch at a commit whose workflow files are not those of the default branch, since they were
# upgraded there: that takes a permission that no job's token can have.
_OLD_WORKFLOW_STATUS = 403
TRAILERS = Trailers("Readingroom-Folder: {folder}\nReadingroom-Content: {digest} in {tree}")


@dataclass(frozen=True, slots=True)
class ProposalResult:
    """What became of an issue, with its pull request and folder, if any."""

    state: ProposalState
    pull: int = 0
    folder: str = ""
    questions: tuple[Question, ...] = ()


def reconcile_issue(client: Client, context: ProposalContext, number: int, *, is_gone: bool = False) -> ProposalResult:
    """Bring branch, pull request, labels and comment to what an issue asks for; start again after a lost answer.

    An issue that ``is_gone``, because it was deleted or transferred, counts as closed and gets no comment.
    """

    def reconcile_once() -> ProposalResult:
        comment, seen = fetch_state(client, number, is_gone=is_gone)
        return _IssueReconciler(client, context, seen, comment).apply_wanted(decision.decide_wanted(context, seen))

    return retry_interrupted(reconcile_once, lambda seconds: client.wait_before_retry(seconds, "GitHub gave no answer"))


def fetch_state(client: Client, number: int, *, is_gone: bool = False) -> tuple[Comment | None, Seen]:
    """Return the action's comment on an issue, and everything that decides what becomes of the issue."""
    issue = _build_gone_issue(number) if is_gone else _fetch_issue(client, number)
    pulls = tuple(client.fetch_open_pulls())
    comment = find_comment(client.fetch_comments(number), CommentHeader.parse_body) if issue.comments else None
    header = CommentHeader.parse_body(comment.body) if comment else None
    pull = _fetch_issue_pull(client, format_issue_branch(number), pulls, header)
    head = client.fetch_commit(pull.head) if pull and pull.is_open else None
    if pull and head and not PullHeader.parse_body(pull.body).folder:
        if recorded := TRAILERS.parse_commit(head):
            pull = replace(pull, body=decision.restore_header(pull.body, recorded["folder"], issue.author))
        else:
            pull, head = None, None  # a person's own, from a branch that only has the name of a proposal's
    return comment, Seen(issue, pulls, pull, head, header.state if header else "")


def _fetch_issue_pull(
    client: Client, branch: str, pulls: tuple[PullRequest, ...], header: CommentHeader | None
) -> PullRequest | None:
    """Return the last pull request from a branch, open or not.

    The comment need not name it: it may have been deleted or, on a locked issue, never have been written. It may also
    name one that GitHub does not list yet.
    """
    if pull := next((each for each in pulls if each.branch == branch), None):
        return pull
    pull, named = client.find_pull_by_branch(branch), header.pull if header else 0
    return client.fetch_pull(named) if named > (pull.number if pull else 0) else pull


def _fetch_issue(client: Client, number: int) -> Issue:
    try:
        issue = client.fetch_issue(number)
    except RefusedRequest as refused:
        is_deleted = refused.status == 410 and "deleted" in str(refused)
        if not is_deleted and not (refused.status == 404 and _is_unreachable(client, number)):
            raise
        return _build_gone_issue(number)
    # For an issue that was transferred, the answer has its new number.
    return issue if issue.number == number else _build_gone_issue(number)


def _is_unreachable(client: Client, number: int) -> bool:
    """Return whether an issue of which a branch has the name is not there, by a second answer: the first may be wrong.

    It was transferred to where the token may not follow, or a person gave a branch the name of a proposal's.
    """
    if client.find_head(format_issue_branch(number)) is None:
        return False
    try:
        client.fetch_comments(number)
    except RefusedRequest as refused:
        return refused.status == 404
    return False


def _build_gone_issue(number: int) -> Issue:
    return Issue(number, is_open=False, is_locked=True)


class _IssueReconciler:
    """The requests that bring an issue from the state that was fetched to the one it should have."""

    def __init__(self, client: Client, context: ProposalContext, seen: Seen, comment: Comment | None) -> None:
        self.client, self.context, self.seen, self.comment = client, context, seen, comment
        self.decided = Wanted(ProposalState.NONE)
        self.branch = ManagedBranch(client, format_issue_branch(seen.issue.number), TRAILERS)

    def apply_wanted(self, wanted: Wanted) -> ProposalResult:
        """Return what became of the issue, after everything has been written."""
        self.decided = wanted
        result = self._apply_state(wanted)
        self._record_answer()
        return result

    def _apply_state(self, wanted: Wanted) -> ProposalResult:
        if self.seen.issue.is_open:
            self._take_back_withdrawal()
        if wanted.state == ProposalState.OPEN and wanted.draft:
            return self._sync_draft(wanted.draft)
        if wanted.state == ProposalState.WITHDRAWN:
            self._close_pull()
        is_none = wanted.state == ProposalState.NONE
        result = ProposalResult(ProposalState.NONE) if is_none else self._report_state(wanted)
        if wanted.state in ASKING_STATES and self.seen.head:
            self._judge_branch(wanted, self.seen.head)
        self._delete_unused_branch(wanted.state)
        return result

    def _delete_unused_branch(self, state: ProposalState) -> None:
        """Delete the branch of an issue that is done, after everything else: until then, a lost run is found by it."""
        is_closed = state in {ProposalState.NONE, ProposalState.CLOSED} and not self.seen.issue.is_open
        if is_closed or state in {ProposalState.MERGED, ProposalState.WITHDRAWN}:
            self.branch.delete(kept_head=self.seen.pull.head if self.seen.pull else "")

    def _judge_branch(self, wanted: Wanted, head: Commit) -> None:
        """Set the status of a pull request whose issue has to be edited; somebody else's commit is judged by itself."""
        if self._is_own(head):
            self._set_status(head.id, CommitState.FAILURE, _describe_questions(wanted))
        else:
            self._judge_session(head, *self._fetch_changed_session("", head))

    def _record_answer(self) -> None:
        """Record in the pull request, after everything else, what was answered."""
        pull = self.seen.pull
        if self.seen.issue.is_open and pull and pull.is_open:
            body = decision.render_body_with_header(pull.body, answered=self._compute_digest())
            if not is_same_text(body, pull.body):
                self._set_pull(self.client.edit_pull(pull.number, body=body))

    def _is_recorded_in_comment(self, wanted: Wanted) -> bool:
        pull = self.seen.pull
        return wanted.state not in END_STATES and not (pull and pull.is_open)

    def _compute_digest(self) -> str:
        head = self.seen.head.id if self.seen.pull and self.seen.pull.is_open and self.seen.head else ""
        return decision.compute_answer_digest(self.context, self.seen, self.decided, head)

    def _is_own(self, head: Commit) -> bool:
        return self.branch.parse_commit(head) is not None

    def _take_back_withdrawal(self) -> None:
        """Remove the mark of a withdrawal from a pull request that is open again: a person may close it later."""
        pull = self.seen.pull
        if pull and pull.is_open and PullHeader.parse_body(pull.body).is_withdrawn:
            self._set_pull(self.client.edit_pull(pull.number, body=decision.render_reopened_body(pull.body)))

    def _close_pull(self) -> None:
        pull = self.seen.pull
        if pull and pull.is_open:
            body = decision.render_withdrawn_body(self.seen.issue.number, pull.body)
            self._set_pull(self.client.edit_pull(pull.number, state="closed", body=body))

    def _sync_draft(self, draft: ProposalDraft) -> ProposalResult:
        """Bring branch, pull request and labels to what the draft says, with a number that no other proposal has."""
        is_number_known = decision.has_known_number(self.seen)
        if self.seen.pull and not self.seen.pull.is_open:
            self._reopen_pull(self.seen.pull)
        is_new = self.seen.pull is None
        for _ in range(MAX_NUMBERS):
            is_number_known = is_number_known and decision.get_claimed_number(self.seen.pull) == draft.number
            branch = self._sync_branch(draft)
            if not branch.is_own:
                return self._follow_changed_branch(draft, branch.head)
            if not self._sync_pull(draft):
                if self.seen.issue.is_locked:  # the sweep, which finds no comment, would try again each day
                    self._set_status(branch.head.id, CommitState.FAILURE, _NO_PULL)
                return self._report_state(Wanted(ProposalState.BRANCH_ONLY, draft))
            number = draft.number if is_number_known else self._choose_number(draft, is_new=is_new)
            if number == draft.number:
                break
            draft = build_proposal_draft(self.context, self.seen.issue, number)
        result = self._report_state(Wanted(ProposalState.OPEN, draft))
        self._set_status(branch.head.id, CommitState.SUCCESS, _VALID, is_new=branch.is_new)
        return result

    def _choose_number(self, draft: ProposalDraft, *, is_new: bool) -> int:
        """Return the number of the proposal among all that are open by now, and the sessions that were merged."""
        pulls = tuple(self.client.fetch_open_pulls())
        self.seen = replace(self.seen, pulls=pulls, folders=self._fetch_folders())
        if is_new:
            return decision.choose_number_once_opened(self.context, self.seen, draft.number)
        return decision.choose_number(self.context, self.seen, has_moved=True)

    def _fetch_folders(self) -> frozenset[str]:
        """Return the names in sessions/ on the default branch, which may have moved since the checkout."""
        top = self.client.fetch_folder(self.client.fetch_head(self.context.default_branch).tree)
        sessions = next((each.id for each in top if each.path == SESSIONS), "")
        return frozenset(each.path for each in self.client.fetch_folder(sessions)) if sessions else frozenset()

    def _set_pull(self, pull: PullRequest | None) -> None:
        self.seen = replace(self.seen, pull=pull)

    def _reopen_pull(self, pull: PullRequest) -> None:
        """Restore the branch, and reopen the pull request; one that cannot be reopened gets a successor."""
        try:
            self.client.create_branch(self.branch.name, Commit(pull.head, "", ""))
        except RefusedRequest as refused:
            if refused.status != _OLD_WORKFLOW_STATUS:
                raise
            self._set_pull(self._open_successor(pull))
            return
        try:
            body = decision.render_reopened_body(pull.body)
            self._set_pull(self.client.edit_pull(pull.number, state="open", body=body))
        except RefusedRequest as refused:
            if "state" not in refused.fields:
                raise
            self._set_pull(None)

    def _open_successor(self, pull: PullRequest) -> PullRequest | None:
        """Open a pull request with the sessions that somebody else's commit adds; return None if there are none."""
        head = self.client.fetch_commit(pull.head)
        entries = () if self._is_own(head) else self.client.fetch_entries(head.tree)
        files = {each.path: each for each in entries if self._is_in_new_session(each.path)}
        if not files:
            return None
        base = self.client.fetch_head(self.context.default_branch)
        tree = self.client.create_tree(base, files)
        commit = self.client.create_commit(tree, f"Restore the files of pull request {pull.number}", base)
        self.client.create_branch(self.branch.name, commit)
        body = decision.render_reopened_body(pull.body)
        return self.branch.open_pull(self.context.default_branch, pull.title, body)

    def _is_in_new_session(self, path: str) -> bool:
        session = SessionPath.parse(path)
        return session is not None and path != session.directory and session.folder not in self.context.tree.listings

    def _sync_branch(self, draft: ProposalDraft) -> BranchState:
        """Bring the branch to the draft's files."""
        head = None
        if pull := self.seen.pull:
            head = self.seen.head or self.client.fetch_commit(pull.head)
        try:
            state = self.branch.sync(head, {"digest": draft.digest}, self._make_commit(draft))
        except RefusedRequest as refused:
            head = head or self.client.find_head(self.branch.name)  # a run ended before there was a pull request
            if refused.status != _OLD_WORKFLOW_STATUS or head is None:
                raise
            state = self.branch.sync(head, {"digest": draft.digest}, self._make_merge(draft))
        self.seen = replace(self.seen, head=state.head)
        return state

    def _make_commit(self, draft: ProposalDraft) -> Callable[[Commit | None, TrailerValues], Commit]:
        def create_commit(head: Commit | None, recorded: TrailerValues) -> Commit:
            removed = {SessionPath(recorded["folder"]).file: None} if head else {}
            parent = head or self.client.fetch_head(self.context.default_branch)
            tree = self.client.create_tree(parent, {**removed, **(draft.files or {})})
            return self._create_commit(draft, tree, parent)

        return create_commit

    def _make_merge(self, draft: ProposalDraft) -> Callable[[Commit | None, TrailerValues], Commit]:
        """Return a function that merges the branch with the default branch, whose workflow files it then has."""

        def create_commit(head: Commit | None, _: TrailerValues) -> Commit:
            base = self.client.fetch_head(self.context.default_branch)
            tree = self.client.create_tree(base, draft.files or {})
            return self._create_commit(draft, tree, *([head] if head else []), base)

        return create_commit

    def _create_commit(self, draft: ProposalDraft, tree: str, *parents: Commit) -> Commit:
        subject = f"Propose session {draft.number} from issue {self.seen.issue.number}"
        values = {"folder": draft.folder, "digest": draft.digest}
        return TRAILERS.create_commit(self.client, tree, subject, values, parents)

    def _follow_changed_branch(self, draft: ProposalDraft, head: Commit) -> ProposalResult:
        """Leave a branch with somebody else's commits as it is, and report how it differs from the draft."""
        folder, text = self._fetch_changed_session(draft.folder, head)
        draft = build_proposal_draft(self.context, self.seen.issue, parse_folder_number(folder) or draft.number)
        draft = replace(draft, body=decision.render_body_with_header(draft.body, answered="", folder=folder))
        wanted = next(text or "" for text in (draft.files or {}).values())
        path = SessionPath(folder).file
        lines = [*difflib.unified_diff(_strip_comments(text), _strip_comments(wanted), path, path, lineterm="")]
        difference = "\n".join(lines)
        if not lines and self._sync_pull(draft):
            result = self._report_state(Wanted(ProposalState.OPEN, draft))
        else:
            state = ProposalState.CHANGED if lines else ProposalState.BRANCH_ONLY
            result = self._report_state(Wanted(state, draft), difference if len(difference) <= MAX_BODY // 2 else "")
        self._judge_session(head, folder, text)
        return result

    def _judge_session(self, head: Commit, folder: str, text: str) -> None:
        """Set the status of a session that somebody else has changed, and record its folder: its number is taken."""
        if not (pull := self.seen.pull):
            return
        body = decision.render_body_with_header(pull.body, answered="", folder=folder)
        if PullHeader.parse_body(body).folder != PullHeader.parse_body(pull.body).folder:
            self._set_pull(self.client.edit_pull(pull.number, body=body))
        error = self._find_taken_number(folder) or _find_session_error(self.context, folder, text)
        self._set_status(head.id, CommitState.FAILURE if error else CommitState.SUCCESS, error or _VALID)

    def _find_taken_number(self, folder: str) -> str:
        """Return what to do if the number of a folder is taken, or an empty text."""
        if not decision.is_number_taken(self.context, self.seen):
            return ""
        number = decision.choose_number(self.context, self.seen)
        return f"The number of {SessionPath(folder).directory} is taken: rename the folder to {number:02}-..."

    def _fetch_changed_session(self, folder: str, head: Commit) -> tuple[str, str]:
        """Return the folder that a branch adds, and the text of its session file; the folder may be renamed."""
        folder = (PullHeader.parse_body(self.seen.pull.body).folder if self.seen.pull else "") or folder
        text = self.client.fetch_text(SessionPath(folder).file, head.id)
        if text is None:
            paths = [each.path.split("/") for each in self.client.fetch_entries(head.tree)]
            added = [path[1] for path in paths if path[0] == "sessions" and path[2:] == ["session.yml"]]
            added = [each for each in added if each not in self.context.tree.listings]
            if len(added) == 1:
                folder, text = added[0], self.client.fetch_text(SessionPath(added[0]).file, head.id)
        return folder, text or ""

    def _sync_pull(self, draft: ProposalDraft) -> bool:
        """Open the pull request or update its text; return False if the workflow may not open any."""
        try:
            pull = self.seen.pull or self.branch.open_pull(self.context.default_branch, draft.title, draft.body)
        except RefusedRequest as refused:
            if refused.status != 403 or self.seen.pull:
                raise
            return False
        title, body = decision.choose_title(draft, pull), decision.merge_body(draft, pull.body)
        current = decision.render_body_with_header(pull.body, answered="")
        if pull.title != title or not is_same_text(current, body):
            pull = self.client.edit_pull(pull.number, title=title, body=body)
        self._set_pull(pull)
        if Label.SESSION not in pull.labels:
            self.client.add_label(pull.number, Label.SESSION)
        return True

    def _report_state(self, wanted: Wanted, difference: str = "") -> ProposalResult:
        """Say in the comment what became of the issue, and by a label whether something is to be changed."""
        issue, pull = self.seen.issue, self.seen.pull.number if self.seen.pull else 0
        is_asking = wanted.state in ASKING_STATES
        if is_asking != (Label.NEEDS_CHANGES in issue.labels):
            change = self.client.add_label if is_asking else self.client.remove_label
            change(issue.number, Label.NEEDS_CHANGES)
        if not issue.is_locked:  # GitHub accepts no comments of workflows there
            answered = self._compute_digest() if issue.is_open and self._is_recorded_in_comment(wanted) else ""
            body = decision.render_comment(self.context, wanted, self.seen, difference, answered=answered)
            sync_comment(self.client, issue.number, self.comment, body, CommentHeader.parse_body)
        draft = wanted.draft
        return ProposalResult(wanted.state, pull, draft.folder if draft else "", draft.questions if draft else ())

    def _set_status(self, head: str, state: CommitState, description: str, *, is_new: bool = False) -> None:
        if is_new or self.client.fetch_status(head, STATUS_CONTEXT) != state:
            self.client.set_status(head, STATUS_CONTEXT, state, description[:MAX_STATUS])


_VALID = "The session is valid"
_NO_PULL = "The workflow could not open a pull request for this branch: open it yourself"


def _describe_questions(wanted: Wanted) -> str:
    """Return what the status of a proposal says whose submitter is asked something."""
    labels = [each.label for each in wanted.draft.questions if each.label] if wanted.draft else []
    what = f": {', '.join(dict.fromkeys(labels))}" if labels else ""
    return f"The issue needs another answer{what}. See the comment there"


def _strip_comments(text: str) -> list[str]:
    """Return the lines of a session file without comments and empty lines."""
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _find_session_error(context: ProposalContext, folder: str, text: str) -> str:
    """Return what is wrong with a session file that somebody else has changed, or an empty text."""
    try:
        findings = new_session.validate_session_file(context.tree, folder, SessionPath(folder).file, text)
    except Invalid as invalid:
        return str(invalid.problems[0])
    return next((str(each) for each in findings if each.code in _ACROSS_FILES), "")


# What only the comparison with other files shows: the pages are written all the same, but a proposal can still change.
_ACROSS_FILES = frozenset({Code.SESSION_KIND_UNKNOWN, Code.SESSION_CONTINUES_INVALID})
