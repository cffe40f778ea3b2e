"""The command propose: an issue becomes a pull request."""

import sys
from typing import TYPE_CHECKING, Any

import click

from readingroom.cli.github_context import (
    GitHubContext,
    add_access_options,
    check_repository_root,
    event_option,
    translate_github_errors,
)
from readingroom.cli.options import NEEDS_FIX, OK, format_examples, root_option
from readingroom.io import console

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from readingroom.github.proposal_sync import ProposalResult
    from readingroom.proposals.events import EventRequest
    from readingroom.proposals.pull_request import ProposalContext

NEEDS_ACTION_STATES = frozenset(
    {"questions", "secret", "too-many", "by-hand"}
)  # states that somebody has to do something about


@click.command(epilog=format_examples("readingroom propose --event event.json --dry-run"))
@root_option
@event_option
@add_access_options
@click.option("--dry-run", is_flag=True, help="Send nothing; print the branch, the files and the pull request.")
def propose_command(root: "Path", *, dry_run: bool, **given: Any) -> None:
    """Make a pull request of an issue that was filled in with the form, or say on the issue what to change."""
    hub = GitHubContext.create_from_event(given["event"], given)
    if "issue" not in hub.payload:
        raise click.UsageError("The event is about no issue. Give the payload of an issues event with --event.")
    check_repository_root(root)
    if dry_run:
        sys.exit(_preview_proposal(hub.build_proposal_context(root), hub.payload))
    result = run_proposal(hub, root, hub.get_event_request("issues"))
    sys.exit(NEEDS_FIX if result.state in NEEDS_ACTION_STATES else OK)


def run_proposal(hub: GitHubContext, root: "Path", asked: "EventRequest") -> "ProposalResult":
    """Return what became of the issue that an event asks about, and print it."""
    from readingroom.github import proposal_sync  # noqa: PLC0415

    setting, forge = hub.build_proposal_context(root), hub.create_client()
    with translate_github_errors():
        result = proposal_sync.reconcile_issue(forge, setting, asked.issue, is_gone=asked.is_gone)
    pull = f", pull request {result.pull}" if result.pull else ""
    click.echo(f"issue {asked.issue}: {result.state}{pull}")
    for question in result.questions:
        click.echo(console.escape_control_characters(f"  {question.label}: {question.message}"))
    return result


def _preview_proposal(setting: "ProposalContext", payload: "Mapping[str, Any]") -> int:
    """Print what would become of an issue for which nothing was done before."""
    from readingroom.github.client import parse_issue  # noqa: PLC0415
    from readingroom.proposals import decision, pull_request  # noqa: PLC0415
    from readingroom.proposals.decision import ProposalState  # noqa: PLC0415

    try:
        seen = decision.Seen(parse_issue(payload["issue"]))
    except (KeyError, TypeError) as error:
        raise click.UsageError(f"The event's issue lacks {error}. Give the payload as GitHub sends it.") from error
    wanted = decision.decide_wanted(setting, seen)
    click.echo(f"issue {seen.issue.number}: {wanted.state}")
    if wanted.state == ProposalState.OPEN and wanted.draft:
        click.echo(f"branch {pull_request.BRANCH_PREFIX}{seen.issue.number}")
        for path, text in (wanted.draft.files or {}).items():
            _print_lines(f"\n=== {path}\n{text}")
        _print_lines(f"=== pull request: {wanted.draft.title}\n{wanted.draft.body}")
    if wanted.state != ProposalState.NONE:
        _print_lines(f"=== comment\n{decision.render_comment(setting, wanted, seen)}")
    return NEEDS_FIX if wanted.state in NEEDS_ACTION_STATES else OK


def _print_lines(text: str) -> None:
    for line in text.split("\n"):
        click.echo(console.escape_control_characters(line))
