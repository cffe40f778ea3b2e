"""Which issues need a run although no event asks for one: their answer is missing, or the repository has changed.

A run is lost when GitHub was down or drops an event, and what a run decided is out of date when the default branch
changes. The lists that GitHub returns with a few requests show both: the answer to each issue records what it depended
on. Nothing is written here; each issue that is due gets a run of its own.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from readingroom.proposals import decision
from readingroom.proposals.decision import ASKING_STATES, END_STATES, CommentHeader, ProposalState, Seen, Wanted
from readingroom.proposals.pull_request import ProposalContext, PullHeader
from readingroom.proposals.records import Issue, Label, PullRequest, parse_issue_branch

WATCHED = dt.timedelta(days=30)  # how long after its last change an issue without a label of the action is looked at
MAX_WRITES = 20  # of all the runs that one sweep starts
# The most that one run writes: one that may commit to a branch, and any other; and how much more where an earlier run
# has left a branch without a pull request, which it finds only when it tries to create it.
COMMIT_WRITES, REPORT_WRITES, RETRY_WRITES = 10, 5, 4
_LABELS = frozenset({Label.SESSION, Label.NEEDS_CHANGES})

T = TypeVar("T")


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

    def iter_due_pulls(self, context: ProposalContext) -> Iterator[tuple[int, int]]:
        """Yield the issues whose open pull request is not what it should be, or should not be open.

        Each comes with the most writes of its run, as those of the other methods do.
        """
        issues = {each.number: each for each in self.issues}
        for number, pull in self.by_issue.items():
            if number not in issues:
                yield number, REPORT_WRITES
                continue
            seen = Seen(issues[number], self.pulls, pull)
            wanted = decision.decide_wanted(context, seen)
            digest = decision.compute_answer_digest(context, seen, wanted, pull.head)
            if PullHeader.parse_body(pull.body).answered != digest:
                yield number, count_writes(wanted)

    def count_due_writes(self, context: ProposalContext, issue: Issue, answer: CommentHeader | None) -> int:
        """Return 0 if the answer to a proposal without a pull request is up to date."""
        if answer is None or answer.state in END_STATES:
            return 0 if answer else COMMIT_WRITES
        last_pull = _build_withdrawn_pull(answer.pull) if answer.pull else None
        seen = Seen(issue, self.pulls, last_pull, reported_state=answer.state)
        wanted = decision.decide_wanted(context, seen)
        is_current = answer.answered == decision.compute_answer_digest(context, seen, wanted, "")
        return 0 if is_current else count_writes(wanted)

    def decide_locked(self, context: ProposalContext, issue: Issue, last_pull: PullRequest | None) -> Wanted | None:
        """Return what should become of a locked proposal if it lacks a pull request or its label, else None.

        Nothing can change its comment.
        """
        wanted = decision.decide_wanted(context, Seen(issue, self.pulls, last_pull))
        is_asking = wanted.state in ASKING_STATES
        is_due = wanted.state == ProposalState.OPEN or is_asking != (Label.NEEDS_CHANGES in issue.labels)
        return wanted if is_due else None

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


def count_writes(wanted: Wanted) -> int:
    """Return the most writes of a run that brings an issue to what it should become."""
    return COMMIT_WRITES if wanted.state == ProposalState.OPEN else REPORT_WRITES


def choose_due(writes: Mapping[int, int], turn: int) -> Sweep:
    """Return which issues get a run now, by the most writes of each: together at most MAX_WRITES."""
    chosen: list[int] = []
    left = MAX_WRITES
    for number in rotate(sorted(writes), turn, 1):
        if writes[number] <= left:
            left -= writes[number]
            chosen.append(number)
    return Sweep(tuple(sorted(chosen)), len(writes) - len(chosen))


def rotate(items: Sequence[T], turn: int, step: int) -> Sequence[T]:
    """Return items in an order in which others come first at each ``turn``, which is another number each day.

    If ``step`` of them are looked at, all get their turn, even if those that come first fail every time.
    """
    start = turn * step % len(items) if items else 0
    return [*items[start:], *items[:start]]
