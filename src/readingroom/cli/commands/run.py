"""The command run."""

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from readingroom.cli.commands import check
from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.github_context import GitHubContext, check_repository_root
from readingroom.cli.github_options import add_access_options, event_option
from readingroom.cli.jobs.site import write_site_artifact
from readingroom.cli.options import OutputFormat, format_examples, root_option, today_option
from readingroom.proposals.events import ActionCommand, EventName, EventRequest, PublishMode
from readingroom.setup.workflow_check import TARGET_EVENT_WARNING

_AUTO = "auto"


@click.command("run", epilog=format_examples("readingroom run --command check"))
@click.option(
    "--command",
    type=click.Choice([_AUTO, *(each.value for each in ActionCommand)]),
    default=_AUTO,
    envvar="READINGROOM_COMMAND",
    help="What to do; by default what the event asks for.",
)
@click.option(
    "--publish",
    type=click.Choice([each.value for each in PublishMode]),
    default=PublishMode.COMMIT.value,
    envvar="READINGROOM_PUBLISH",
    help="How the pages get to the default branch; none only writes them to the folder of --root.",
)
@root_option
@today_option
@click.option(
    "--force", is_flag=True, envvar="READINGROOM_FORCE", help="Replace generated text that was edited manually."
)
@click.option(
    "--issue",
    type=click.IntRange(min=1),
    envvar="READINGROOM_ISSUE",
    help="The issue that the command propose is about, by its number; by default the event's.",
)
@event_option
@click.option(
    "--event-name",
    envvar="GITHUB_EVENT_NAME",
    default="",
    help="The event's name; in a workflow, GitHub sets it.",
)
@add_access_options
@click.pass_context
def run_command(
    ctx: click.Context, /, command: str, publish: str, root: Path, today: dt.date | None, *, force: bool, **given: Any
) -> None:
    """Do what a workflow's event asks for: the step of the action.

    An issue becomes a pull request, a pull request is checked, and any other event builds the pages. The site is built
    with --command site; --command sweep lists the issues whose answer is missing or out of date, and --command propose
    with --issue answers one of them.
    """
    context = GitHubContext.create_from_event(given["event"], given)
    request = context.get_event_request(given["event_name"])
    if given["issue"]:
        request = EventRequest(ActionCommand.PROPOSE, given["issue"])
    chosen = request.command if command == _AUTO else ActionCommand(command)
    mode = PublishMode(publish)
    if chosen == ActionCommand.SITE:
        sys.exit(write_site_artifact(context, root, today))
    if mode != PublishMode.NONE or chosen != ActionCommand.BUILD:
        check_repository_root(root)
    if chosen == ActionCommand.BUILD:
        sys.exit(_update_pages(context, root, today, mode, force=force))
    if chosen == ActionCommand.CHECK and "pull_request" in context.payload and context.token:
        from readingroom.cli.jobs.pull_check import check_pull_request  # noqa: PLC0415

        sys.exit(check_pull_request(context, root, today))
    elif chosen == ActionCommand.SWEEP:
        from readingroom.cli.jobs.sweep import find_due_proposals  # noqa: PLC0415

        sys.exit(find_due_proposals(context, root, today))
    elif chosen == ActionCommand.CHECK:
        ctx.invoke(check.run_command, root=root, today=today, output_format=OutputFormat.GITHUB)
    elif chosen == ActionCommand.PROPOSE and request.issue:
        from readingroom.cli.jobs.proposal import run_proposal_job  # noqa: PLC0415

        sys.exit(run_proposal_job(context, root, request))
    else:
        is_target = given["event_name"] == EventName.PULL_REQUEST_TARGET
        click.echo("There is nothing to do for this event." + (f" {TARGET_EVENT_WARNING}" if is_target else ""))


def _update_pages(
    context: GitHubContext, root: Path, today: dt.date | None, mode: PublishMode, *, force: bool
) -> ExitCode:
    # 0.1 s, as for each job above that asks GitHub: only the job that the event needs is imported.
    from readingroom.cli.jobs import pages  # noqa: PLC0415

    if mode == PublishMode.NONE:
        return pages.write_pages(root, today, force=force)
    return pages.publish_pages(context, root, today, mode, force=force)
