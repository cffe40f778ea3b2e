"""What GitHub holds of an issue, looked up anew on every run."""

import re

from readingroom.github.client import Forge
from readingroom.github.transport import Refused
from readingroom.proposals.decision import Seen
from readingroom.proposals.pull_request import BRANCH
from readingroom.proposals.records import Comment, Issue

_SAID = re.compile(r"<!-- readingroom-proposal state=([a-z-]+)(?: pull=([0-9]+))? -->")


def look(forge: Forge, number: int, *, is_gone: bool = False) -> tuple[Comment | None, Seen]:
    """Return our comment on an issue, and all there is to see of it."""
    issue = _gone(number) if is_gone else _found(forge, number)
    pulls = tuple(forge.open_pulls())
    comment = _our_comment(forge.comments(number)) if issue.comments else None
    told = _SAID.match(comment.body) if comment else None
    branch = f"{BRANCH}{number}"
    pull = next((each for each in pulls if each.branch == branch), None)
    if pull is None and told and told[2]:
        pull = forge.pull(int(told[2]))
    elif pull is None and told is None and not issue.is_untouched:  # the comment that told of it may be gone
        pull = forge.pull_from(branch)
    head = forge.commit(pull.head) if pull and pull.is_open else None
    return comment, Seen(issue, pulls, pull, head, told[1] if told else "")


def _found(forge: Forge, number: int) -> Issue:
    try:
        issue = forge.issue(number)
    except Refused as refused:
        if refused.status != 410 or "deleted" not in str(refused):
            raise
        return _gone(number)
    return issue if issue.number == number else _gone(number)  # a transferred one answers with its new number


def _gone(number: int) -> Issue:
    return Issue(number, is_open=False, is_locked=True)


def _our_comment(comments: list[Comment]) -> Comment | None:
    """Return the comment that tells of the proposal: a program's, or else that of a person whose token was used."""
    ours = [each for each in comments if is_ours(each)]
    return min(ours, key=lambda each: (not each.is_by_program, each.id), default=None)


def is_ours(comment: Comment) -> bool:
    return comment.has_a_say and _SAID.match(comment.body) is not None
