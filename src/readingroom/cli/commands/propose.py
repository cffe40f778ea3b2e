"""The command propose."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.github_context import GitHubContext, check_repository_root
from readingroom.cli.github_options import add_access_options, event_option
from readingroom.cli.jobs.proposal import run_proposal
from readingroom.cli.options import format_examples, root_option
from readingroom.github.client import parse_issue
from readingroom.io import console
from readingroom.proposals import decision
from readingroom.proposals.decision import WAITING_STATES, ProposalState
from readingroom.proposals.events import EventName
from readingroom.proposals.pull_request import ProposalContext
from readingroom.proposals.records import Issue, format_issue_branch


@click.command("propose", epilog=format_examples("readingroom propose --event event.json --dry-run"))
@root_option
@event_option
@add_access_options
@click.option(
    "--dry-run", is_flag=True, help="Send nothing to GitHub; print the branch, the files and the pull request."
)
def run_command(root: Path, event: str | None, *, dry_run: bool, **access: str) -> None:
    """Turn a proposal from the issue form into a pull request.

    If the answers are not sufficient, a comment on the issue says what to change.
    """
    context = GitHubContext.create_from_event(event, access)
    if "issue" not in context.payload:
        raise click.UsageError("The event is not about an issue. Give the payload of an issues event with --event.")
    check_repository_root(root)
    if dry_run:
        sys.exit(_preview_proposal(context.build_proposal_context(root), context.payload))
    result = run_proposal(context, root, context.get_event_request(EventName.ISSUES))
    sys.exit(ExitCode.NEEDS_FIX if result.state in WAITING_STATES else ExitCode.OK)


def _preview_proposal(context: ProposalContext, payload: Mapping[str, Any]) -> ExitCode:
    """Print what would become of an issue for which nothing was done before."""
    seen = decision.Seen(_read_issue(payload["issue"]))
    wanted = decision.decide_wanted(context, seen)
    click.echo(f"issue {seen.issue.number}: {wanted.state}")
    if wanted.state == ProposalState.OPEN and wanted.draft:
        click.echo(f"branch {format_issue_branch(seen.issue.number)}")
        for path, text in (wanted.draft.files or {}).items():
            _print_lines(f"\n=== {path}\n{text}")
        _print_lines(f"=== pull request: {wanted.draft.title}\n{wanted.draft.body}")
    if wanted.state != ProposalState.NONE:
        _print_lines(f"=== comment\n{decision.render_comment(context, wanted, seen)}")
    return ExitCode.NEEDS_FIX if wanted.state in WAITING_STATES else ExitCode.OK


def _read_issue(data: Any) -> Issue:
    try:
        issue = parse_issue(data)
        for key, kind in (("number", int), ("title", str), ("body", str), ("author", str)):
            if not isinstance(value := getattr(issue, key), kind):
                raise TypeError(f"{key} is {value!r}")  # noqa: TRY301 -- reported like the errors of parse_issue
        if issue.created and not 1970 <= issue.created.year <= 2999:
            raise ValueError(f"it was opened in {issue.created.year}")  # noqa: TRY301
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"it lacks {error}" if isinstance(error, KeyError) else error
        raise click.UsageError(
            f"The event's issue cannot be read ({reason}). Give the payload as GitHub sends it."
        ) from error
    return issue


def _print_lines(text: str) -> None:
    for line in text.split("\n"):
        click.echo(console.escape_control_characters(line))
