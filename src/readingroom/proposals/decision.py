"""What should become of an issue: the one place that decides, from what was seen of it on GitHub."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from readingroom.core.models import parse_folder_number
from readingroom.core.tree import Tree
from readingroom.proposals import form_answers, labels
from readingroom.proposals.pull_request import (
    BRANCH_PREFIX,
    ProposalContext,
    ProposalDraft,
    PullHeader,
    build_proposal_draft,
    parse_issue_number,
)
from readingroom.proposals.records import MAX_BODY, Commit, Issue, PullRequest
from readingroom.store.form_schema import Field
from readingroom.text import escape, secrets

if TYPE_CHECKING:
    from readingroom.proposals.form_answers import Question

MOST_OPEN = 10  # proposals of one author who may not write to the repository
MAX_SHOWN = 20  # questions in one comment


class ProposalState(StrEnum):
    """What became of an issue, as the comment on it says."""

    NONE = "none"  # it is no proposal, or was closed before it became one
    QUESTIONS = "questions"  # the submitter should change something
    SECRET = "secret"  # noqa: S105 -- it holds what looks like one
    TOO_MANY = "too-many"  # its author has too many open proposals
    OPEN = "open"  # there is a pull request
    BY_HAND = "by-hand"  # there is a branch, and the workflow may open no pull request
    CHANGED = "changed"  # somebody else has committed to the branch, and the issue says something else
    CLOSED = "closed"  # somebody closed the pull request
    WITHDRAWN = "withdrawn"  # the issue was closed
    MERGED = "merged"  # the session is in the schedule


ASKING_STATES = frozenset({ProposalState.QUESTIONS, ProposalState.SECRET})  # of the submitter, to change something


@dataclass(frozen=True, slots=True)
class Seen:
    """What GitHub holds of an issue: the open pull requests, its own, open or not, and what our comment says.

    ``head`` is the newest commit of its own pull request, while that is open.
    """

    issue: Issue
    pulls: tuple[PullRequest, ...] = ()
    pull: PullRequest | None = None
    head: Commit | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should become of it; a draft where there is something to ask or to propose."""

    state: ProposalState
    draft: ProposalDraft | None = None


def decide_wanted(setting: ProposalContext, seen: Seen) -> Wanted:
    """Return what should become of an issue."""
    if not _is_proposal(setting, seen):
        return Wanted(ProposalState.NONE)
    if state := _find_end_state(seen) or _find_blocking_state(seen):
        return Wanted(state)
    made = build_proposal_draft(setting, seen.issue, choose_number(setting, seen))
    return Wanted(ProposalState.QUESTIONS if made.questions else ProposalState.OPEN, made)


def _find_end_state(seen: Seen) -> ProposalState | None:
    """Return how a proposal has ended, whatever it says."""
    pull = seen.pull
    if pull and pull.is_merged:
        return ProposalState.MERGED
    # Our own closing leaves a mark. Without it, somebody decided, which closing and reopening the issue does not undo.
    if pull and not pull.is_open and not PullHeader.parse_body(pull.body).is_withdrawn:
        return ProposalState.CLOSED
    if not seen.issue.is_open:
        return ProposalState.WITHDRAWN if pull or seen.said else ProposalState.NONE
    return None


def _find_blocking_state(seen: Seen) -> ProposalState | None:
    """Return why a proposal is not read."""
    if secrets.contains_secret(f"{seen.issue.title}\n{seen.issue.body}"):
        return ProposalState.SECRET
    return ProposalState.TOO_MANY if seen.pull is None and _has_too_many(seen) else None


def _is_proposal(setting: ProposalContext, seen: Seen) -> bool:
    known = bool(seen.said) or seen.pull is not None or labels.SESSION in seen.issue.labels
    return known or form_answers.matches_form(setting.form, seen.issue.body)


def _has_too_many(seen: Seen) -> bool:
    author = seen.issue.author
    theirs = [
        each for each in _iter_other_proposals(seen) if author and PullHeader.parse_body(each.body).author == author
    ]
    return not seen.issue.has_a_say and len(theirs) >= MOST_OPEN


def _iter_other_proposals(seen: Seen) -> Iterator[PullRequest]:
    """Yield the open pull requests of other issues, in the order they were opened."""
    for pull in sorted(seen.pulls, key=lambda each: each.number):
        if parse_issue_number(pull.branch) and pull.branch != f"{BRANCH_PREFIX}{seen.issue.number}":
            yield pull


def get_claimed_number(pull: PullRequest | None) -> int:
    """Return the session's number that a pull request adds, or 0."""
    return parse_folder_number(PullHeader.parse_body(pull.body).folder) or 0 if pull else 0


def _collect_used_numbers(setting: ProposalContext) -> set[int]:
    return {0, *(parse_folder_number(folder) or 0 for folder in setting.tree.listings)}


def choose_number(setting: ProposalContext, seen: Seen, *, has_moved: bool = False) -> int:
    """Return the number that a proposal keeps, or else the next one.

    It gives way to a session, and to a proposal that was opened before it. One that is opened again, or that
    ``has_moved`` to another number by this run, gives way to all: the others have settled, and nothing starts their
    runs.
    """
    own, used = get_claimed_number(seen.pull), _collect_used_numbers(setting)
    others = {pull.number: get_claimed_number(pull) for pull in _iter_other_proposals(seen)}
    earlier = seen.pull.number if seen.pull and has_known_number(seen) and not has_moved else None
    rivals = {wished for at, wished in others.items() if earlier is None or at < earlier}
    if own and own not in used | rivals:
        return own
    return 1 + max(used | set(others.values()))


def has_known_number(seen: Seen) -> bool:
    """Tell whether the pull request was open when our comment was written, and so its number is known to the others."""
    return (
        seen.pull is not None and seen.pull.is_open and seen.said not in {ProposalState.CLOSED, ProposalState.WITHDRAWN}
    )


def choose_number_once_opened(setting: ProposalContext, seen: Seen, drafted: int) -> int:
    """Return the number of a proposal whose pull request was just opened with the number ``drafted``.

    Several runs may choose the same number at the same time. GitHub numbers pull requests in the order they were
    opened, and whoever opened a later one sees all earlier ones. So each takes what those before it leave, and
    reckons with those that still have to make way: all runs come to the same numbers without waiting.
    """
    used = _collect_used_numbers(setting)
    for pull in _iter_other_proposals(seen):
        wished = get_claimed_number(pull)
        if wished and seen.pull and pull.number < seen.pull.number:
            used.add(1 + max(used) if wished in used else wished)
    return 1 + max(used) if drafted in used else drafted


def render_comment(setting: ProposalContext, wanted: Wanted, seen: Seen, difference: str = "") -> str:
    """Return the comment on an issue."""
    questions: tuple[Question, ...] = wanted.draft.questions if wanted.draft else ()
    pull = seen.pull.number if seen.pull else 0
    link = _build_compare_url(setting, seen, wanted.draft) if wanted.draft else ""
    text = setting.templates.render_template(
        "answer.md.j2",
        state=wanted.state.value,
        pull=pull,
        branch=f"{BRANCH_PREFIX}{seen.issue.number}",
        questions=questions[:MAX_SHOWN],
        more=max(0, len(questions) - MAX_SHOWN),
        difference=difference,
        fence=escape.build_fence(difference),
        link=link,
    )
    return f"{format_comment_header(wanted.state, pull)}\n{text.strip()}"


def check_comment_templates(tree: Tree) -> None:
    """Raise Invalid if a group's own template of a comment or a pull request fails: for a submitter it is too late."""
    if not any(f"templates/{name}" in tree.contents for name in ("answer.md.j2", "pull-request.md.j2", "parts.md.j2")):
        return
    setting = ProposalContext.build_from_tree(tree, "https://github.com", "main")
    parts = [f"### {field.label}\n\n{_build_sample_answer(field)}" for field in setting.form.fields]
    seen = Seen(Issue(1, body="\n\n".join(parts)))
    made = build_proposal_draft(setting, seen.issue, choose_number(setting, seen))
    for state in ProposalState:
        render_comment(setting, Wanted(state, made), seen)


def _build_sample_answer(field: Field) -> str:
    """Return an answer that any field of a form takes."""
    if field.type == "checkboxes":
        return "\n".join(f"- [X] {option}" for option in field.options)
    return field.options[0] if field.options else "12:00" if field.id == "time" else "2024-01-15"


def format_comment_header(state: ProposalState, pull: int) -> str:
    """Return the hidden first line of our comment."""
    return f"<!-- readingroom-proposal state={state.value}{f' pull={pull}' if pull else ''} -->"


def _build_compare_url(setting: ProposalContext, seen: Seen, draft: ProposalDraft) -> str:
    """Return the address that opens the pull request in a browser; its text follows with the next run."""
    body = f"{PullHeader(draft.folder)}\nCloses #{seen.issue.number}"
    text = urlencode({"expand": 1, "title": draft.title, "body": body})
    return f"{setting.web}/compare/{setting.default_branch}...{BRANCH_PREFIX}{seen.issue.number}?{text}"


def merge_body(draft: ProposalDraft, now: str) -> str:
    """Return the text of a pull request, with what a reviewer has ticked in the one that stands there now."""
    ticked = {line.replace("- [x]", "- [ ]", 1) for line in now.lower().splitlines() if line.startswith("- [x]")}
    lines = draft.body.split("\n")
    return "\n".join(line.replace("- [ ]", "- [x]", 1) if line.lower() in ticked else line for line in lines)


def choose_title(draft: ProposalDraft, pull: PullRequest) -> str:
    """Return the title of a pull request: a person's stays, until the issue asks for another than it did before."""
    return (
        pull.title if PullHeader.parse_body(pull.body).title == PullHeader.parse_body(draft.body).title else draft.title
    )


def render_withdrawn_body(issue: int, text: str) -> str:
    """Return the text of a pull request that is closed with its issue."""
    mark = PullHeader.parse_body(text)
    rest = text.partition("\n")[2] if mark.folder else text
    own = PullHeader(mark.folder or "0", mark.title, mark.author, is_withdrawn=True)
    return f"{own}\nClosed, since issue #{issue} was closed.\n\n{rest}"[:MAX_BODY]
