"""The event that a command handles, and how it reaches GitHub."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readingroom.io import actions_log, disk
from readingroom.proposals import events, template_check
from readingroom.proposals.events import EventRequest
from readingroom.proposals.pull_request import ProposalContext
from readingroom.setup import environment

if TYPE_CHECKING:
    from readingroom.github.client import Client


@dataclass(frozen=True, slots=True)
class GitHubContext:
    """How GitHub is reached, and the payload of the event that a command handles, if there is one."""

    token: str
    repository: str
    api_url: str
    payload: Mapping[str, Any]

    @classmethod
    def create_from_event(cls, event: str | None, access: Mapping[str, str]) -> "GitHubContext":
        """Return the context that the options' values describe; ``event`` is a file that must hold a payload."""
        payload = _read_payload(event)
        repository = payload.get("repository")
        name = repository.get("full_name") if isinstance(repository, Mapping) else ""
        return cls(access["token"], name or access["repository"], access["api_url"], payload)

    def create_client(self) -> "Client":
        # 0.1 s that the site and a check of the files do not need.
        from readingroom.cli import github_client  # noqa: PLC0415

        return github_client.create_client(self.token, self.repository, self.api_url)

    def get_event_request(self, event_name: str) -> EventRequest:
        """Return what the event asks for."""
        try:
            return events.parse_event(event_name, self.payload)
        except (KeyError, TypeError, AttributeError) as error:
            raise click.UsageError(
                f"The payload is not that of the event {event_name}: {error}. Give it as GitHub sends it."
            ) from error

    def with_repository(self, client: "Client") -> "GitHubContext":
        """Return the context with what a payload says of its repository; that of a schedule may say nothing."""
        if "repository" in self.payload:
            return self
        found = client.fetch_repository()
        about = {"html_url": found.web, "default_branch": found.default_branch, "full_name": found.name}
        return replace(self, payload={**self.payload, "repository": about})

    def build_proposal_context(self, root: Path) -> ProposalContext:
        """Return what proposals to the event's repository have in common; ``root`` is a checkout of it."""
        try:
            web, branch, _ = (self.payload["repository"][key] for key in ("html_url", "default_branch", "full_name"))
        except (KeyError, TypeError) as error:
            raise click.UsageError(
                "The event does not name its repository. Give the payload as GitHub sends it."
            ) from error
        tree = disk.read_tree(root)
        template_check.check_comment_templates(tree)
        return ProposalContext.build_from_tree(tree, web, branch)


def check_repository_root(root: Path) -> None:
    """Refuse a folder below the top of its Git repository: a repository's paths on GitHub start at its top."""
    if prefix := environment.get_repository_prefix(root):
        raise click.UsageError(
            f"{environment.describe_nested_folder(prefix)} In a workflow, set root to the folder that an earlier step "
            "checked the repository out into."
        )


def _read_payload(event: str | None) -> dict[str, Any]:
    if not event:
        raise click.UsageError("There is no event. Give the file with its payload with --event.")
    try:
        return actions_log.read_event(Path(event))
    except (ValueError, TypeError) as error:
        raise click.UsageError(f"{event} does not hold an event's payload in JSON: {error}.") from error
