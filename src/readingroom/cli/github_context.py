"""What the commands that talk to GitHub share: their options, the event, and what GitHub's refusals mean."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pathlib import Path

    from readingroom.github.client import Client
    from readingroom.github.transport import RefusedRequest
    from readingroom.proposals.events import EventRequest
    from readingroom.proposals.pull_request import ProposalContext

event_option = click.option(
    "--event",
    type=click.Path(dir_okay=False),
    envvar="GITHUB_EVENT_PATH",
    help="The file with the event's payload; in a workflow that which GitHub wrote.",
)
_ACCESS_OPTIONS = (
    click.option(
        "--token",
        envvar=["READINGROOM_TOKEN", "GITHUB_TOKEN"],
        default="",
        help="The token for GitHub; better left to the environment.",
    ),
    click.option(
        "--repository", envvar="GITHUB_REPOSITORY", default="", help="owner/name, where the event does not tell it."
    ),
    click.option(
        "--api-url", envvar="GITHUB_API_URL", default="https://api.github.com", show_default=True, help="GitHub's API."
    ),
)


def add_access_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how GitHub is reached; their values make a ``Hub``."""
    for option in reversed(_ACCESS_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class GitHubContext:
    """How GitHub is reached, and the payload of the event that something is done for, if there is one."""

    token: str
    repository: str
    api_url: str
    payload: Mapping[str, Any]

    @classmethod
    def create_from_event(cls, event: str | None, access: Mapping[str, str]) -> "GitHubContext":
        """Return the hub that the options' values describe; ``event`` is a file that must hold a payload."""
        payload = _read_payload(event)
        named = payload.get("repository")
        told = named.get("full_name") if isinstance(named, Mapping) else ""
        return cls(access["token"], told or access["repository"], access["api_url"], payload)

    def create_client(self) -> "Client":
        from readingroom.github.client import Client  # noqa: PLC0415

        if not self.token:
            raise click.UsageError("There is no token. Set READINGROOM_TOKEN, or give it with --token.")
        if not self.repository:
            raise click.UsageError(
                "The event does not say what its repository is. Set GITHUB_REPOSITORY to owner/name."
            )
        return Client(self.api_url, self.repository, self.token)

    def get_event_request(self, event_name: str) -> "EventRequest":
        """Return what the event asks for."""
        from readingroom.proposals import events  # noqa: PLC0415

        try:
            return events.parse_event(event_name, self.payload)
        except (KeyError, TypeError, AttributeError) as error:
            raise click.UsageError(
                f"The payload is not that of the event {event_name}: {error}. Give it as GitHub sends it."
            ) from error

    def build_proposal_context(self, root: "Path") -> "ProposalContext":
        """Return what proposals to the event's repository have in common; ``root`` is a checkout of it."""
        from readingroom.io import disk  # noqa: PLC0415
        from readingroom.proposals import decision  # noqa: PLC0415
        from readingroom.proposals.pull_request import ProposalContext  # noqa: PLC0415

        try:
            web, branch, _ = (self.payload["repository"][key] for key in ("html_url", "default_branch", "full_name"))
        except (KeyError, TypeError) as error:
            raise click.UsageError(
                "The event does not say what its repository is. Give the payload as GitHub sends it."
            ) from error
        found = disk.read_tree(root)
        decision.check_comment_templates(found)
        return ProposalContext.build_from_tree(found, web, branch)


def check_repository_root(root: "Path") -> None:
    """Refuse a folder below the top of its Git repository: a repository's paths on GitHub start at its top."""
    from readingroom.setup import environment  # noqa: PLC0415

    if below := environment.get_repository_prefix(root):
        raise click.UsageError(
            f"The folder of the group is {below.rstrip('/')}/ in its Git repository, and on GitHub its top would "
            "be read and written. Let root be the folder that a step before checked the repository out into; the group "
            "lies at its top."
        )


def _read_payload(event: str | None) -> "dict[str, Any]":
    from pathlib import Path  # noqa: PLC0415

    from readingroom.io import actions_log  # noqa: PLC0415

    if not event:
        raise click.UsageError("There is no event. Give the file with its payload with --event.")
    try:
        return actions_log.read_event(Path(event))
    except (ValueError, TypeError) as error:
        raise click.UsageError(f"{event} does not hold an event's payload in JSON: {error}.") from error


@contextmanager
def translate_github_errors(access: str = "write") -> Iterator[None]:
    """Tell what GitHub refused, and what to do then; ``access`` is what the job's permissions should say."""
    from readingroom.github.transport import InterruptedRequest, RefusedRequest  # noqa: PLC0415

    try:
        yield
    except InterruptedRequest as error:
        raise click.ClickException(f"GitHub gave no answer ({error}). Run it again: nothing is done twice.") from error
    except RefusedRequest as error:
        raise click.ClickException(f"GitHub refused ({error}). {_describe_fix(error, access)}".strip()) from error


def _describe_fix(refused: "RefusedRequest", access: str) -> str:
    """Return what to do about a refusal, or an empty text."""
    if refused.status != 403:
        return _FIXES.get(refused.status, "")
    if "not permitted to create" in str(refused):
        return f"Tick {describe_pull_request_setting()}."
    if not refused.permission:
        return "The token may not do this, or the repository is archived."
    wanted = f'In the workflow, the job needs the permission "{refused.permission}: {access}".'
    return f"{wanted} If it has it, the repository is archived, or one of its rules forbids this."


def describe_pull_request_setting() -> str:
    """Return what the box says that lets workflows create pull requests, and where it is."""
    from readingroom.github.repository_settings import CREATE_PULLS  # noqa: PLC0415 -- a tenth of what --help takes

    return f'"{CREATE_PULLS}" in Settings, Actions, General'


_FIXES = {
    401: "The token is not valid, or no longer.",
    404: "There is no such repository, issue or branch, or the token may not see it.",
    409: "The repository is empty, or somebody changed it at the same time. Run it again.",
    410: "Issues are switched off in this repository, or this issue was deleted.",
    413: (
        "GitHub lists at most 100,000 files at once, or 7 MB of names, and this repository has more. Check it out with "
        "actions/checkout in a step before this one: then the list is not needed."
    ),
}
