"""Finds the issues that need a run although no event asks for one, with as few requests as possible."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from readingroom.github.client import Client
from readingroom.github.managed_text import find_comment
from readingroom.github.proposal_sync import TRAILERS
from readingroom.proposals import sweep
from readingroom.proposals.decision import CommentHeader
from readingroom.proposals.pull_request import ProposalContext, PullHeader
from readingroom.proposals.records import ISSUE_BRANCH, Issue, format_issue_branch, parse_issue_branch
from readingroom.proposals.sweep import MAX_DUE, OpenProposals, Sweep


def find_due_issues(client: Client, context: ProposalContext, today: dt.date) -> Sweep:
    """Return the issues that are due.

    That takes a request for every 100 open issues and pull requests and one for the branches. If a proposal has no pull
    request, it takes one for every 100 comments, one for each of MAX_DUE issues that have none among these, and one for
    each locked issue; and two for each of MAX_DUE branches that nothing open belongs to.
    """
    found = OpenProposals(tuple(client.fetch_open_issues()), tuple(client.fetch_open_pulls()))
    waiting = found.list_waiting(context, today)
    due = [
        *found.iter_due_pulls(context),
        *_iter_due_issues(client, context, found, waiting),
        *_iter_abandoned(client, found),
    ]
    return sweep.choose_due(due, today.toordinal())


def _iter_due_issues(
    client: Client, context: ProposalContext, found: OpenProposals, waiting: list[Issue]
) -> Iterator[int]:
    """Yield those of the proposals without a pull request whose answer is missing or out of date."""
    answers = _fetch_answers(client, [each for each in waiting if not each.is_locked])
    for each in waiting:
        if each.is_locked:
            last_pull = client.find_pull_by_branch(format_issue_branch(each.number))
            is_due = found.is_locked_due(context, each, last_pull)
        else:
            is_due = found.is_due(context, each, answers.get(each.number))
        if is_due:
            yield each.number


def _fetch_answers(client: Client, waiting: list[Issue]) -> dict[int, CommentHeader]:
    """Return the headers of the comments on issues, as far as there are."""
    opened = [each.created for each in waiting if each.created]
    comments, is_complete = client.fetch_comments_since(min(opened)) if opened else ({}, True)
    missing = [] if is_complete else [each.number for each in waiting if each.number not in comments]
    comments |= {number: client.fetch_comments(number) for number in missing[:MAX_DUE]}
    own = {number: find_comment(listed, CommentHeader.parse_body) for number, listed in comments.items()}
    headers = {number: CommentHeader.parse_body(comment.body) for number, comment in own.items() if comment}
    return {number: header for number, header in headers.items() if header}


def _iter_abandoned(client: Client, found: OpenProposals) -> Iterator[int]:
    """Yield the numbers of the issues that have left a branch from which nothing would be lost."""
    heads = client.fetch_branch_heads(ISSUE_BRANCH)
    for branch in islice(found.iter_abandoned(heads), MAX_DUE):
        if _is_kept_elsewhere(client, branch, heads[branch]):
            yield parse_issue_branch(branch)


def _is_kept_elsewhere(client: Client, branch: str, head: str) -> bool:
    """Return whether a branch holds a commit of the action, or just what its proposal's pull request had at its end."""
    if TRAILERS.parse_commit(client.fetch_commit(head)) is not None:
        return True
    pull = client.find_pull_by_branch(branch)
    return pull is not None and pull.head == head and bool(PullHeader.parse_body(pull.body).folder)
