"""The job of the action that builds the pages: on the default branch, or in a folder."""

import datetime as dt
from pathlib import Path

import click

from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.github_client import describe_fix, translate_github_errors
from readingroom.cli.github_context import GitHubContext
from readingroom.core.diagnostics import Invalid
from readingroom.github import problem_issue
from readingroom.github.git_tree import CommitListing
from readingroom.github.pages_sync import ProtectedBranch, Publisher, PublishResult, PublishState
from readingroom.io import actions_log, cache, disk, git_index, group_id
from readingroom.proposals.events import PublishMode
from readingroom.render import build
from readingroom.text.phrases import format_count


def publish_pages(
    context: GitHubContext, root: Path, today: dt.date | None, mode: PublishMode, *, force: bool = False
) -> ExitCode:
    """Bring the default branch's pages up to date; return the exit code.

    With ``force``, generated text that was edited manually is replaced.
    """
    client = context.create_client()
    branch = context.payload.get("repository", {}).get("default_branch")
    if not branch:
        with translate_github_errors():
            branch = client.fetch_default_branch()
    listing = CommitListing(git_index.read_index(root))
    new_id = group_id.create_group_id()
    publisher = Publisher(client, branch, disk.read_tree(root), cache.make_clock(today), listing, force, new_id)
    try:
        with translate_github_errors():
            result = publisher.publish(mode)
    except Invalid as invalid:
        _report_problems(invalid)
        _warn_of_refusal(problem_issue.report_problems(client, invalid.problems), "the errors")
        return ExitCode.NEEDS_FIX
    except ProtectedBranch as error:
        raise click.ClickException(
            f"The branch {branch} does not accept a commit from this workflow ({error}). {_PROTECTED}"
        ) from error
    refusal = problem_issue.report_problems(client, [], result.outcome.kept)
    _warn_of_refusal(refusal if result.outcome.kept else "", "the manual edits")
    return _report_result(result)


def write_pages(root: Path, today: dt.date | None, *, force: bool = False) -> ExitCode:
    """Update the pages in a folder only, and copy all of them to where a later step finds them."""
    tree = disk.read_tree(root)
    try:
        outcome = build.build_pages(tree, cache.make_clock(today), force=force)
    except Invalid as invalid:
        _report_problems(invalid)
        return ExitCode.NEEDS_FIX
    disk.write_files(root, outcome.changes)
    if folder := actions_log.create_job_folder("readingroom-pages"):
        disk.write_files(folder, build.collect_generated_files(tree, outcome))
        actions_log.set_outputs({"pages": str(folder)})
    return _report_result(PublishResult(PublishState.WRITTEN if outcome.changes else PublishState.NOTHING, outcome))


def _warn_of_refusal(refusal: str, what: str) -> None:
    if refusal:
        title = f"readingroom could not report {what} in an issue"
        click.echo(actions_log.format_warning(title, f"{refusal}. {_NOT_REPORTED}"))


def _report_problems(invalid: Invalid) -> None:
    reason = f"{format_count(len(invalid.problems), 'error')}: the pages stay as they are."
    actions_log.report_diagnostics(invalid.problems, reason)


def _report_result(result: PublishResult) -> ExitCode:
    """Report what became of the pages, in the log and to later steps; return the exit code."""
    kept = result.outcome.kept
    actions_log.report_diagnostics([*result.outcome.findings, *kept])
    if refusal := result.status_refusal:
        message = f"GitHub refused ({refusal}). {describe_fix(refusal, 'write')}"
        click.echo(actions_log.format_warning("The pull request of the pages has no status", message))
    changed = len(result.outcome.changes)
    site = result.outcome.catalogue.group.site
    actions_log.set_outputs(
        {
            "state": result.state,
            "has-site": "true" if site and site.url else "",
            "changed": str(changed),
            "commit": result.commit,
            "pull-request": str(result.pull or ""),
        }
    )
    message = {
        PublishState.NOTHING: "Every page is up to date.",
        PublishState.KEPT: _KEPT,
        PublishState.CLOSED: _CLOSED.format(result.pull),
    }.get(result.state, f"{format_count(changed, 'file')} {result.state}.")
    if kept:
        edited = f"{format_count(len(kept), 'generated text')} edited manually and left unchanged."
        message = f"{message} {edited}" if changed else edited
    actions_log.add_summary(message)
    click.echo(message)
    return ExitCode.NEEDS_FIX if kept or result.state == PublishState.KEPT else ExitCode.OK


_NOT_REPORTED = (
    "Errors and manual edits are also reported in an issue: give the job issues: write, and enable issues in the "
    "settings."
)
_PROTECTED = "Set the action's input publish to pull-request, or let the workflow's App pass the rule."
_CLOSED = (
    "The pull request of these pages, #{}, was closed, so it stays closed until they change. "
    "To publish them, reopen it."
)
_KEPT = (
    "The branch readingroom/pages holds commits by somebody else, so it was left unchanged. "
    "Merge its pull request, or delete the branch."
)
