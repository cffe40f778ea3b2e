"""The job of the action that turns an issue into a pull request."""

from pathlib import Path

import click

from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.github_client import translate_github_errors
from readingroom.cli.github_context import GitHubContext
from readingroom.github import proposal_sync
from readingroom.github.proposal_sync import ProposalResult
from readingroom.github.repository_settings import describe_create_pulls_setting
from readingroom.io import actions_log, console
from readingroom.proposals.decision import ProposalState
from readingroom.proposals.events import EventRequest


def run_proposal(context: GitHubContext, root: Path, request: EventRequest) -> ProposalResult:
    """Return what became of the issue that an event asks about, and print it."""
    proposal, client = context.build_proposal_context(root), context.create_client()
    with translate_github_errors():
        result = proposal_sync.reconcile_issue(client, proposal, request.issue, is_gone=request.is_gone)
    pull = f", pull request {result.pull}" if result.pull else ""
    click.echo(f"issue {request.issue}: {result.state}{pull}")
    for question in result.questions:
        click.echo(console.escape_control_characters(f"  {question.label}: {question.message}"))
    return result


def run_proposal_job(context: GitHubContext, root: Path, request: EventRequest) -> ExitCode:
    """Do what an event asks for about an issue, and report it to later steps; return the exit code."""
    with translate_github_errors("read"):
        context = context.with_repository(context.create_client())
    result = run_proposal(context, root, request)
    outputs = {"state": result.state, "pull-request": str(result.pull or ""), "folder": result.folder}
    actions_log.set_outputs(outputs)
    if result.state == ProposalState.BRANCH_ONLY:
        message = f"{_NOT_PERMITTED} {describe_create_pulls_setting()}."
        actions_log.add_summary(message)
        click.echo(actions_log.format_warning("readingroom may not open pull requests", message))
        return ExitCode.NEEDS_FIX
    actions_log.add_summary(f"Proposal: {result.state}" + (f", pull request #{result.pull}" if result.pull else ""))
    return ExitCode.OK


_NOT_PERMITTED = (
    "The branch exists, but the workflow may not create pull requests. Give the job pull-requests: write, and select"
)
