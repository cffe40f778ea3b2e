"""What should become of an issue: the one place that decides, from the state that GitHub holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from readingroom.core.models import parse_folder_number
from readingroom.core.text_file import normalize_line_ends, normalize_typed_text
from readingroom.proposals import form_answers
from readingroom.proposals.pull_request import (
    ProposalContext,
    ProposalDraft,
    PullHeader,
    build_proposal_draft,
    compute_text_digest,
    normalize_login,
)
from readingroom.proposals.records import (
    MAX_BODY,
    Commit,
    Issue,
    Label,
    PullRequest,
    format_issue_branch,
    parse_issue_branch,
)
from readingroom.text import escape, secrets

if TYPE_CHECKING:
    from readingroom.proposals.form_answers import Question

MAX_OPEN = 10  # proposals of one author without write access
MAX_SHOWN_QUESTIONS = 20  # in one comment


class ProposalState(StrEnum):
    """What became of an issue, as the comment on it says."""

    NONE = "none"  # it is not a proposal, or was closed before it became one
    QUESTIONS = "questions"  # the submitter should change something
    SECRET = "secret"  # noqa: S105 -- it contains what looks like one
    TOO_MANY = "too-many"  # its author has too many open proposals
    OPEN = "open"  # there is a pull request
    BRANCH_ONLY = "branch-only"  # there is a branch, but the workflow may not open a pull request
    CHANGED = "changed"  # somebody else has committed to the branch, and it differs from what the issue says
    CLOSED = "closed"  # somebody closed the pull request
    WITHDRAWN = "withdrawn"  # the issue was closed
    MERGED = "merged"  # the session is in the schedule


# The submitter is asked to change something.
ASKING_STATES = frozenset({ProposalState.QUESTIONS, ProposalState.SECRET})
# Somebody has to do something before there is a pull request.
WAITING_STATES = ASKING_STATES | {ProposalState.TOO_MANY, ProposalState.BRANCH_ONLY}
# What becomes of an issue does not change until somebody reopens its pull request.
END_STATES = frozenset({ProposalState.CLOSED, ProposalState.MERGED})
# The pull request was closed when the comment was last written.
_CLOSED_STATES = frozenset({ProposalState.CLOSED, ProposalState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class CommentHeader:
    """The hidden first line of the comment on an issue: what became of the issue, and its pull request, if any.

    Without an open pull request, whose header has it, ``answered`` is the digest of what was answered.
    """

    state: str
    pull: int = 0
    answered: str = ""

    def __str__(self) -> str:
        pull = f" pull={self.pull}" if self.pull else ""
        answered = f" answered={self.answered}" if self.answered else ""
        return f"<!-- readingroom-proposal state={self.state}{pull}{answered} -->"

    @classmethod
    def parse_body(cls, body: str) -> "CommentHeader | None":
        """Return the header of a comment, or None if it has none."""
        match = _COMMENT_HEADER.match(body)
        return cls(match[1], int(match[2] or 0), match[3] or "") if match else None


_COMMENT_HEADER = re.compile(
    r"<!-- readingroom-proposal state=([a-z-]+)(?: pull=([0-9]+))?(?: answered=([0-9a-f]+))? -->"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What GitHub holds of an issue: all open pull requests, and the issue's own one, open or not.

    ``head`` is the newest commit of its own pull request, if that is open; ``reported_state`` is the one that the
    comment on the issue reports, empty if there is no comment. ``folders`` are the sessions' folders that the default
    branch has by now, if they were looked up.
    """

    issue: Issue
    pulls: tuple[PullRequest, ...] = ()
    pull: PullRequest | None = None
    head: Commit | None = None
    reported_state: str = ""
    folders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should become of an issue, with a draft if there is something to ask or to propose."""

    state: ProposalState
    draft: ProposalDraft | None = None


def decide_wanted(context: ProposalContext, seen: Seen) -> Wanted:
    """Return what should become of an issue."""
    if not is_proposal(context, seen):
        return Wanted(ProposalState.NONE)
    if state := _find_end_state(seen) or _find_blocking_state(seen):
        return Wanted(state)
    draft = build_proposal_draft(context, seen.issue, choose_number(context, seen))
    return Wanted(ProposalState.QUESTIONS if draft.questions else ProposalState.OPEN, draft)


def _find_end_state(seen: Seen) -> ProposalState | None:
    """Return how a proposal has ended, regardless of the issue's text; None if it has not."""
    pull = seen.pull
    if pull and pull.is_merged:
        return ProposalState.MERGED
    # A run that closes the pull request says so in its header. Otherwise a person has decided to close it, and closing
    # and reopening the issue does not undo that.
    if pull and not pull.is_open and not PullHeader.parse_body(pull.body).is_withdrawn:
        return ProposalState.CLOSED
    if not seen.issue.is_open:
        return ProposalState.WITHDRAWN if pull or seen.reported_state else ProposalState.NONE
    return None


def _find_blocking_state(seen: Seen) -> ProposalState | None:
    """Return why a proposal is not read, or None."""
    if secrets.contains_secret(f"{seen.issue.title}\n{seen.issue.body}"):
        return ProposalState.SECRET
    return ProposalState.TOO_MANY if seen.pull is None and _has_too_many(seen) else None


def is_proposal(context: ProposalContext, seen: Seen) -> bool:
    """Return whether an issue is a proposal: by its label, by what was made of it before, or by its text."""
    is_known = bool(seen.reported_state) or seen.pull is not None or Label.SESSION in seen.issue.labels
    return is_known or form_answers.matches_form(context.form, seen.issue.body)


def _has_too_many(seen: Seen) -> bool:
    author = normalize_login(seen.issue.author)
    authors = [PullHeader.parse_body(each.body).author for each in _iter_other_proposals(seen)]
    return bool(author) and not seen.issue.has_write_access and authors.count(author) >= MAX_OPEN


def _iter_other_proposals(seen: Seen) -> Iterator[PullRequest]:
    """Yield the open pull requests of other issues, in the order they were opened."""
    for pull in sorted(seen.pulls, key=lambda each: each.number):
        if parse_issue_branch(pull.branch) not in {0, seen.issue.number}:
            yield pull


def get_claimed_number(pull: PullRequest | None) -> int:
    """Return the number of the session that a pull request adds, or 0."""
    return parse_folder_number(PullHeader.parse_body(pull.body).folder) or 0 if pull else 0


def _collect_used_numbers(context: ProposalContext, seen: Seen) -> set[int]:
    return {0, *(parse_folder_number(folder) or 0 for folder in seen.folders.union(context.tree.listings))}


def choose_number(context: ProposalContext, seen: Seen, *, has_moved: bool = False) -> int:
    """Return the number that a proposal claims, or the next free one if it cannot have that.

    Sessions and proposals that were opened before it have priority. If it is reopened, or this run ``has_moved`` it to
    another number, all other proposals have priority: they have chosen their numbers, and nothing starts their runs.
    """
    if seen.pull is None:
        return 1 + max(_collect_expected_numbers(context, seen))
    own, used = get_claimed_number(seen.pull), _collect_used_numbers(context, seen)
    others = {pull.number: get_claimed_number(pull) for pull in _iter_other_proposals(seen)}
    opened = seen.pull.number if has_known_number(seen) and not has_moved else None
    prior = {claimed for number, claimed in others.items() if opened is None or number < opened}
    if own and own not in used | prior:
        return own
    return 1 + max(used | set(others.values()))


def has_known_number(seen: Seen) -> bool:
    """Return whether the runs of other proposals know the number: the pull request was open when it was reported."""
    return seen.pull is not None and seen.pull.is_open and seen.reported_state not in _CLOSED_STATES


def choose_number_once_opened(context: ProposalContext, seen: Seen, drafted: int) -> int:
    """Return the number of a proposal whose pull request was just opened with the number ``drafted``.

    Several runs may choose the same number at the same time. GitHub numbers pull requests in the order they were
    opened, and the run that opened a later one sees all earlier ones: all agree without waiting.
    """
    used = _collect_expected_numbers(context, seen)
    return 1 + max(used) if drafted in used else drafted


def _collect_expected_numbers(context: ProposalContext, seen: Seen) -> set[int]:
    """Return the numbers that will be taken once the proposals opened earlier have changed theirs where they have to.

    They do so one after the other, and each takes the next.
    """
    used = _collect_used_numbers(context, seen)
    for pull in _iter_other_proposals(seen):
        claimed = get_claimed_number(pull)
        if claimed and (seen.pull is None or pull.number < seen.pull.number):
            used.add(1 + max(used) if claimed in used else claimed)
    return used


def is_number_taken(context: ProposalContext, seen: Seen) -> bool:
    """Return whether an open proposal cannot keep the number that it claims."""
    is_open = seen.pull is not None and seen.pull.is_open
    return is_open and choose_number(context, seen) != get_claimed_number(seen.pull)


def compute_answer_digest(context: ProposalContext, seen: Seen, wanted: Wanted, head: str) -> str:
    """Return a digest of what the answer to an open issue depends on, as far as GitHub's lists show it.

    That are the issue's text, the branch's ``head``, what should become of the issue, with its questions, and whether
    its number is taken; and the group's kinds, for a session file that somebody else has changed. If the digest differs
    from the one that was recorded, the answer is missing or out of date. What a new release words differently does not
    count: every push to a branch dismisses its approvals.
    """
    questions = [(each.label, each.message) for each in wanted.draft.questions] if wanted.draft else []
    is_taken = is_number_taken(context, replace(seen, reported_state=""))
    body = normalize_typed_text(seen.issue.body)
    return compute_text_digest(repr((body, head, wanted.state.value, questions, is_taken, context.group.kinds)))


def render_comment(
    context: ProposalContext, wanted: Wanted, seen: Seen, difference: str = "", *, answered: str = ""
) -> str:
    """Return the comment on an issue."""
    questions: tuple[Question, ...] = wanted.draft.questions if wanted.draft else ()
    pull = seen.pull.number if seen.pull else 0
    link = _build_compare_url(context, seen, wanted.draft) if wanted.draft else ""
    text = context.templates.render_template(
        "answer.md.j2",
        state=wanted.state.value,
        pull=pull,
        branch=format_issue_branch(seen.issue.number),
        questions=questions[:MAX_SHOWN_QUESTIONS],
        private=wanted.draft.private if wanted.draft else (),
        more=max(0, len(questions) - MAX_SHOWN_QUESTIONS),
        difference=difference,
        fence=escape.build_fence(difference),
        link=link,
    )
    return f"{CommentHeader(wanted.state, pull, answered)}\n{text.strip()}"


def _build_compare_url(context: ProposalContext, seen: Seen, draft: ProposalDraft) -> str:
    """Return the address that opens the pull request in a browser; the next run completes its text."""
    body = f"{PullHeader(draft.folder)}\nCloses #{seen.issue.number}"
    query = urlencode({"expand": 1, "title": draft.title, "body": body})
    return f"{context.web}/compare/{context.default_branch}...{format_issue_branch(seen.issue.number)}?{query}"


def merge_body(draft: ProposalDraft, current: str) -> str:
    """Return the text of a pull request with the boxes ticked that a reviewer has ticked in its current text."""
    ticked = {line.replace("- [x]", "- [ ]", 1) for line in current.lower().splitlines() if line.startswith("- [x]")}
    lines = draft.body.split("\n")
    return "\n".join(line.replace("- [ ]", "- [x]", 1) if line.lower() in ticked else line for line in lines)


def choose_title(draft: ProposalDraft, pull: PullRequest) -> str:
    """Return the title of a pull request: a person's stays until the issue gives another than it did before."""
    is_same = PullHeader.parse_body(pull.body).title_digest == PullHeader.parse_body(draft.body).title_digest
    return pull.title if is_same else draft.title


def render_withdrawn_body(issue: int, text: str) -> str:
    """Return the text of a pull request that is closed with its issue."""
    header = PullHeader.parse_body(text)
    rest = text.partition("\n")[2] if header.folder else text
    new = PullHeader(header.folder or "0", header.title_digest, header.author, is_withdrawn=True)
    return f"{new}\n{_WITHDRAWN.format(issue)}{rest}"[:MAX_BODY]


_WITHDRAWN = "Closed because issue #{} was closed.\n\n"


def render_reopened_body(text: str) -> str:
    """Return the text of a pull request that was closed with its issue, and is open again."""
    header, rest = PullHeader.parse_body(text), normalize_line_ends(text).partition("\n")[2]
    closing = re.compile(re.escape(_WITHDRAWN).replace(r"\{\}", "[0-9]+"))
    header = replace(header, is_withdrawn=False, answered="")
    return f"{header}\n{closing.sub('', rest, count=1) if closing.match(rest) else rest}"


def render_body_with_header(text: str, *, answered: str, folder: str = "") -> str:
    """Return the text of a pull request with a header that records what was answered, and the folder if given."""
    header, rest = PullHeader.parse_body(text), normalize_line_ends(text).partition("\n")[2]
    return f"{replace(header, answered=answered, folder=folder or header.folder)}\n{rest}" if header.folder else text


def restore_header(text: str, folder: str, author: str) -> str:
    """Return the text of a proposal's pull request with the header that a person removed with the rest."""
    return f"{PullHeader(folder, author=normalize_login(author))}\n{text}"[:MAX_BODY]
