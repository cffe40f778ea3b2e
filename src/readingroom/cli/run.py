"""The command run: the step of the action."""

import sys
from typing import TYPE_CHECKING, Any

import click

from readingroom.cli import pages
from readingroom.cli.github_context import (
    GitHubContext,
    add_access_options,
    check_repository_root,
    describe_pull_request_setting,
    event_option,
)
from readingroom.cli.options import NEEDS_FIX, OK, format_examples, root_option, today_option
from readingroom.cli.propose import run_proposal
from readingroom.cli.publish import publish_pages, write_pages
from readingroom.cli.pull_check import check_pull_request
from readingroom.cli.site import write_site_artifact

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.github.proposal_sync import ProposalResult


@click.command(epilog=format_examples("readingroom run --command check"))
@click.option(
    "--command",
    type=click.Choice(["auto", "build", "site", "check", "propose"]),
    default="auto",
    envvar="READINGROOM_COMMAND",
    help="What to do; by default what the event asks for.",
)
@click.option(
    "--publish",
    type=click.Choice(["commit", "pull-request", "none"]),
    default="commit",
    envvar="READINGROOM_PUBLISH",
    help="How the pages get to the default branch; with none they are only written below --root.",
)
@root_option
@today_option
@event_option
@click.option(
    "--event-name",
    envvar="GITHUB_EVENT_NAME",
    default="",
    help="The event's name; in a workflow that which GitHub tells.",
)
@add_access_options
@click.pass_context
def run_command(
    ctx: click.Context, /, command: str, publish: str, root: "Path", today: "dt.date | None", **given: Any
) -> None:
    """Do what a workflow's event asks for: the step of the action.

    An issue becomes a pull request, a pull request is checked, and anything else builds the pages. The site is made
    where that is asked for.
    """
    hub = GitHubContext.create_from_event(given["event"], given)
    asked = hub.get_event_request(given["event_name"])
    command = asked.command if command == "auto" else command
    if command == "site":
        sys.exit(write_site_artifact(root, today))
    if publish != "none" or command != "build":
        check_repository_root(root)
    if command == "build":
        sys.exit(write_pages(root, today) if publish == "none" else publish_pages(hub, root, today, publish))
    if command == "check" and "pull_request" in hub.payload and hub.token:
        sys.exit(check_pull_request(hub, root, today))
    elif command == "check":
        ctx.invoke(pages.check_command, root=root, form="github")
    elif command == "propose" and asked.issue:
        result = run_proposal(hub, root, asked)
        _report_proposal(result)
        sys.exit(NEEDS_FIX if result.state == "by-hand" else OK)
    else:
        from readingroom.setup.workflow_check import TARGET_EVENT_WARNING  # noqa: PLC0415

        is_target = given["event_name"] == "pull_request_target"
        click.echo("This event asks for nothing." + (f" {TARGET_EVENT_WARNING}" if is_target else ""))


def _report_proposal(result: "ProposalResult") -> None:
    from readingroom.io import actions_log  # noqa: PLC0415

    outputs = {"state": result.state, "pull-request": str(result.pull or ""), "folder": result.folder}
    actions_log.set_outputs(outputs)
    if result.state == "by-hand":
        told = f"{_NOT_PERMITTED} {describe_pull_request_setting()}."
        actions_log.add_summary(told)
        click.echo(actions_log.format_warning("readingroom may not open pull requests", told))
    else:
        actions_log.add_summary(f"Proposal: {result.state}" + (f", pull request #{result.pull}" if result.pull else ""))


_NOT_PERMITTED = (
    "The branch is there, but the workflow may not create pull requests. Give the job pull-requests: write, and tick"
)
