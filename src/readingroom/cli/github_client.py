"""The client of GitHub that the options ask for, and what to do when GitHub refuses a request."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click

from readingroom.github.client import Client
from readingroom.github.repository_settings import describe_create_pulls_setting
from readingroom.github.transport import InterruptedRequest, RefusedRequest


def create_client(token: str, repository: str, api_url: str) -> Client:
    if not token:
        raise click.UsageError("There is no token. Set READINGROOM_TOKEN, or give it with --token.")
    if not repository:
        raise click.UsageError("The event does not name its repository. Set GITHUB_REPOSITORY to owner/name.")
    return Client(api_url, repository, token)


@contextmanager
def translate_github_errors(access: str = "write") -> Iterator[None]:
    """Report what GitHub refused and how to fix it; ``access`` is the permission that the job should have."""
    try:
        yield
    except InterruptedRequest as error:
        raise click.ClickException(f"GitHub gave no answer ({error}). Run it again: nothing is done twice.") from error
    except RefusedRequest as error:
        raise click.ClickException(f"GitHub refused ({error}). {describe_fix(error, access)}".strip()) from error


def describe_fix(refused: RefusedRequest, access: str) -> str:
    """Return what to do about a refusal, or an empty text."""
    if "base" in refused.fields:
        return _FIXES[301]
    if refused.status == 422 and re.search("rule violations|protected branch", str(refused), re.IGNORECASE):
        return _RULE_FIX
    if refused.status != 403:
        return _FIXES.get(refused.status, "")
    if "not permitted to create" in str(refused):
        return f"Select {describe_create_pulls_setting()}."
    if not refused.permission:
        return "The token lacks the permission, or the repository is archived."
    wanted = f'In the workflow, the job needs the permission "{refused.permission}: {access}".'
    return f"{wanted} If it has it, the repository is archived, or one of its rules forbids this."


_RULE_FIX = (
    "A rule for branches is in the way: in Settings → Rules (or Branches), let it leave out readingroom/**, where the "
    "action creates, moves and deletes its branches."
)
_FIXES = {
    301: (
        "The repository or its default branch was renamed after this run's event, and running it again would use the "
        "old name. Start a new run: close and reopen the issue, or choose Run workflow in the tab Actions."
    ),
    401: "The token is not valid, or has expired.",
    404: "There is no such repository, issue or branch, or the token has no access to it.",
    409: "The repository is empty, or somebody changed it at the same time. Run it again.",
    410: "Issues are disabled in this repository, or this issue was deleted.",
    413: (
        "GitHub lists at most 100,000 files at once, or 7 MB of names, and this repository has more. Check it out with "
        "actions/checkout in an earlier step: then the list is not needed."
    ),
}
