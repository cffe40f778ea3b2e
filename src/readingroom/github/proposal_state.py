"""What GitHub holds of an issue, looked up anew on every run."""

import re

from readingroom.github.client import Client
from readingroom.github.transport import RefusedRequest
from readingroom.proposals.decision import Seen
from readingroom.proposals.pull_request import BRANCH_PREFIX
from readingroom.proposals.records import Comment, Issue

_COMMENT_HEADER = re.compile(r"<!-- readingroom-proposal state=([a-z-]+)(?: pull=([0-9]+))? -->")


def fetch_state(forge: Client, number: int, *, is_gone: bool = False) -> tuple[Comment | None, Seen]:
    """Return our comment on an issue, and all there is to see of it."""
    issue = _build_gone_issue(number) if is_gone else _fetch_issue(forge, number)
    pulls = tuple(forge.fetch_open_pulls())
    comment = _find_own_comment(forge.fetch_comments(number)) if issue.comments else None
    told = _COMMENT_HEADER.match(comment.body) if comment else None
    branch = f"{BRANCH_PREFIX}{number}"
    pull = next((each for each in pulls if each.branch == branch), None)
    if pull is None and told and told[2]:
        pull = forge.fetch_pull(int(told[2]))
    elif pull is None and told is None and not issue.is_untouched:  # the comment that told of it may be gone
        pull = forge.find_pull_by_branch(branch)
    head = forge.fetch_commit(pull.head) if pull and pull.is_open else None
    return comment, Seen(issue, pulls, pull, head, told[1] if told else "")


def _fetch_issue(forge: Client, number: int) -> Issue:
    try:
        issue = forge.fetch_issue(number)
    except RefusedRequest as refused:
        if refused.status != 410 or "deleted" not in str(refused):
            raise
        return _build_gone_issue(number)
    return (
        issue if issue.number == number else _build_gone_issue(number)
    )  # a transferred one answers with its new number


def _build_gone_issue(number: int) -> Issue:
    return Issue(number, is_open=False, is_locked=True)


def _find_own_comment(comments: list[Comment]) -> Comment | None:
    """Return the comment that tells of the proposal: a program's, or else that of a person whose token was used."""
    ours = [each for each in comments if is_own_comment(each)]
    return min(ours, key=lambda each: (not each.is_by_program, each.id), default=None)


def is_own_comment(comment: Comment) -> bool:
    return comment.has_a_say and _COMMENT_HEADER.match(comment.body) is not None
