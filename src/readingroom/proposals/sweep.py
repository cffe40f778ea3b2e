"""Which issues need a run although no event asks for one: their answer is missing, or the repository has changed.

A run is lost when GitHub was down or drops an event, and what a run decided is out of date when the default branch
changes. The lists that GitHub returns with a few requests show both: the answer to each issue records what it depended
on. Nothing is written here; each issue that is due gets a run of its own.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from readingroom.proposals import decision
from readingroom.proposals.decision import ASKING_STATES, END_STATES, CommentHeader, ProposalState, Seen
from readingroom.proposals.pull_request import ProposalContext, PullHeader
from readingroom.proposals.records import Issue, Label, PullRequest, parse_issue_branch

WATCHED = dt.timedelta(days=30)  # how long after its last change an issue without a label of the action is looked at
MAX_DUE = 20  # issues that get a run at once
_LABELS = frozenset({Label.SESSION, Label.NEEDS_CHANGES})


@dataclass(frozen=True, slots=True)
class Sweep:
    """The numbers of the issues that get a run now, and how many others are due too."""

    due: tuple[int, ...] = ()
    left: int = 0


@dataclass(frozen=True, slots=True)
class OpenProposals:
    """Every open issue and pull request of a repository, as GitHub lists them."""

    issues: tuple[Issue, ...]
    pulls: tuple[PullRequest, ...]
    by_issue: Mapping[int, PullRequest] = field(init=False)

    def __post_init__(self) -> None:
        own = {parse_issue_branch(each.branch): each for each in self.pulls if PullHeader.parse_body(each.body).folder}
        object.__setattr__(self, "by_issue", {number: pull for number, pull in own.items() if number})

    def list_waiting(self, context: ProposalContext, today: dt.date) -> list[Issue]:
        """Return the proposals without a pull request, unless nobody has touched them for long."""
        return [
            each
            for each in self.issues
            if each.number not in self.by_issue
            and _is_watched(each, today)
            and decision.is_proposal(context, Seen(each))
        ]

    def iter_due_pulls(self, context: ProposalContext) -> Iterator[int]:
        """Yield the issues whose open pull request is not what it should be, or should not be open."""
        issues = {each.number: each for each in self.issues}
        for number, pull in self.by_issue.items():
            seen = Seen(issues[number], self.pulls, pull) if number in issues else None
            if seen is None or PullHeader.parse_body(pull.body).answered != _compute_digest(context, seen, pull.head):
                yield number

    def is_due(self, context: ProposalContext, issue: Issue, answer: CommentHeader | None) -> bool:
        """Return whether the answer to a proposal without a pull request is missing or out of date."""
        if answer is None or answer.state in END_STATES:
            return answer is None
        last_pull = _build_withdrawn_pull(answer.pull) if answer.pull else None
        seen = Seen(issue, self.pulls, last_pull, reported_state=answer.state)
        return answer.answered != _compute_digest(context, seen)

    def is_locked_due(self, context: ProposalContext, issue: Issue, last_pull: PullRequest | None) -> bool:
        """Return whether a locked proposal lacks a pull request or its label; nothing can change its comment."""
        state = decision.decide_wanted(context, Seen(issue, self.pulls, last_pull)).state
        return state == ProposalState.OPEN or (state in ASKING_STATES) != (Label.NEEDS_CHANGES in issue.labels)

    def iter_abandoned(self, branches: Iterable[str]) -> Iterator[str]:
        """Yield the branches of proposals that belong neither to an open issue nor to an open pull request."""
        used = {each.number for each in self.issues} | {parse_issue_branch(each.branch) for each in self.pulls}
        yield from (each for each in branches if (number := parse_issue_branch(each)) and number not in used)


def _build_withdrawn_pull(number: int) -> PullRequest:
    """Return the closed pull request of a proposal that was taken up again, as far as it matters."""
    body = str(PullHeader("0", is_withdrawn=True))
    return PullRequest(number, "", "", "", body, is_open=False, is_merged=False, labels=frozenset())


def _is_watched(issue: Issue, today: dt.date) -> bool:
    return bool(issue.labels & _LABELS) or issue.updated is None or today - issue.updated.date() <= WATCHED


def _compute_digest(context: ProposalContext, seen: Seen, head: str = "") -> str:
    return decision.compute_answer_digest(context, seen, decision.decide_wanted(context, seen), head)


def choose_due(numbers: Iterable[int], turn: int) -> Sweep:
    """Return which issues get a run now; ``turn`` is another number each day.

    With it all get their turn, even if those that come first fail every time.
    """
    due = sorted(set(numbers))
    start = turn * MAX_DUE % len(due) if len(due) > MAX_DUE else 0
    chosen = (due[start:] + due[:start])[:MAX_DUE]
    return Sweep(tuple(chosen), len(due) - len(chosen))
