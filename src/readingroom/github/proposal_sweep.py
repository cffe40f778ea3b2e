"""Finds the issues that need a run although no event asks for one, with as few requests as possible."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from readingroom.github.client import Client
from readingroom.github.managed_text import find_comment
from readingroom.github.proposal_sync import TRAILERS
from readingroom.github.transport import RefusedRequest
from readingroom.proposals import sweep
from readingroom.proposals.decision import CommentHeader, ProposalState, Wanted
from readingroom.proposals.pull_request import ProposalContext, PullHeader
from readingroom.proposals.records import (
    ISSUE_BRANCH,
    STATUS_CONTEXT,
    Comment,
    CommitState,
    Issue,
    format_issue_branch,
    parse_issue_branch,
)
from readingroom.proposals.sweep import OpenProposals, Sweep

MAX_LOOKUPS = 20  # issues, and branches, that are asked about one by one


def find_due_issues(client: Client, context: ProposalContext, today: dt.date) -> Sweep:
    """Return the issues that are due.

    That takes a request for every 100 open issues and pull requests and one for the branches. If a proposal has no pull
    request, it takes one for every 100 comments, one for each of MAX_LOOKUPS issues whose answer is not among these,
    and up to three for each locked issue; and two for each of MAX_LOOKUPS branches that nothing open belongs to.
    """
    found = OpenProposals(tuple(client.fetch_open_issues()), tuple(client.fetch_open_pulls()))
    heads = client.fetch_branch_heads(ISSUE_BRANCH)
    waiting, turn = found.list_waiting(context, today), today.toordinal()
    without_pull = {
        **dict(_iter_due_issues(client, context, found, [each for each in waiting if not each.is_locked], turn)),
        **dict(_iter_due_locked(client, context, found, [each for each in waiting if each.is_locked], heads)),
    }
    left = {number for number in without_pull if format_issue_branch(number) in heads}
    due = {
        **dict(found.iter_due_pulls(context)),
        **{number: writes + sweep.RETRY_WRITES * (number in left) for number, writes in without_pull.items()},
        **dict.fromkeys(_iter_abandoned(client, found, heads, turn), sweep.REPORT_WRITES),
    }
    return sweep.choose_due(due, turn)


def _iter_due_issues(
    client: Client, context: ProposalContext, found: OpenProposals, waiting: list[Issue], turn: int
) -> Iterator[tuple[int, int]]:
    """Yield those of the proposals without a pull request whose answer is missing or out of date."""
    answers, unknown = _fetch_answers(client, waiting, turn)
    for each in waiting:
        if each.number in unknown:
            continue
        if writes := found.count_due_writes(context, each, answers.get(each.number)):
            yield each.number, writes


def _fetch_answers(client: Client, waiting: list[Issue], turn: int) -> tuple[dict[int, CommentHeader], set[int]]:
    """Return the headers of the comments on issues, as far as there are, and the issues that must wait for a turn."""
    opened = [each.created for each in waiting if each.created]
    comments, is_complete = client.fetch_comments_since(min(opened)) if opened else ({}, True)
    headers = _parse_headers(comments)
    if is_complete:
        return headers, set()
    missing = [each.number for each in waiting if each.number not in headers and each.comments]
    missing = [*sweep.rotate(missing, turn, MAX_LOOKUPS)]
    headers |= _parse_headers({number: client.fetch_comments(number) for number in missing[:MAX_LOOKUPS]})
    return headers, {*missing[MAX_LOOKUPS:]}


def _parse_headers(comments: Mapping[int, Iterable[Comment]]) -> dict[int, CommentHeader]:
    """Return the header of the action's comment on each issue that has one."""
    own = {number: find_comment(listed, CommentHeader.parse_body) for number, listed in comments.items()}
    headers = {number: CommentHeader.parse_body(comment.body) for number, comment in own.items() if comment}
    return {number: header for number, header in headers.items() if header}


def _iter_due_locked(
    client: Client, context: ProposalContext, found: OpenProposals, waiting: list[Issue], heads: Mapping[str, str]
) -> Iterator[tuple[int, int]]:
    """Yield those of the locked proposals that lack a pull request or a label, unless no run can change that."""
    for each in waiting:
        branch = format_issue_branch(each.number)
        wanted = found.decide_locked(context, each, client.find_pull_by_branch(branch))
        if wanted and not (branch in heads and _is_pull_impossible(client, heads[branch], wanted)):
            yield each.number, sweep.count_writes(wanted)


def _is_pull_impossible(client: Client, head: str, wanted: Wanted) -> bool:
    """Return whether a branch has somebody else's commit, or its status says that it cannot have a pull request."""
    if wanted.state != ProposalState.OPEN or wanted.draft is None:
        return False
    recorded = TRAILERS.parse_commit(client.fetch_commit(head))
    if recorded is None:
        return True
    try:
        is_refused = client.fetch_status(head, STATUS_CONTEXT) == CommitState.FAILURE
    except RefusedRequest:  # the job of an earlier release's workflow may not read it in a private repository
        return False
    return is_refused and recorded["digest"] == wanted.draft.digest


def _iter_abandoned(client: Client, found: OpenProposals, heads: Mapping[str, str], turn: int) -> Iterator[int]:
    """Yield the numbers of the issues that have left a branch from which nothing would be lost."""
    for branch in islice(sweep.rotate([*found.iter_abandoned(heads)], turn, MAX_LOOKUPS), MAX_LOOKUPS):
        if _is_kept_elsewhere(client, branch, heads[branch]):
            yield parse_issue_branch(branch)


def _is_kept_elsewhere(client: Client, branch: str, head: str) -> bool:
    """Return whether a branch holds a commit of the action, or just what its proposal's pull request had at its end."""
    if TRAILERS.parse_commit(client.fetch_commit(head)) is not None:
        return True
    pull = client.find_pull_by_branch(branch)
    return pull is not None and pull.head == head and bool(PullHeader.parse_body(pull.body).folder)
