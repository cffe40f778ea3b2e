"""The command run: the step of the action."""

import sys
from typing import TYPE_CHECKING, Any

import click

from readingroom.cli import pages
from readingroom.cli.github_context import Hub, access_options, box_to_tick, check_top, event_option
from readingroom.cli.options import OK, TO_MEND, examples, root_option, today_option
from readingroom.cli.propose import settled
from readingroom.cli.publish import published, rendered
from readingroom.cli.pull_check import inspected
from readingroom.cli.site import laid

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.github.proposal_sync import Result


@click.command(epilog=examples("readingroom run --command check"))
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
@access_options
@click.pass_context
def run(ctx: click.Context, /, command: str, publish: str, root: "Path", today: "dt.date | None", **given: Any) -> None:
    """Do what a workflow's event asks for: the step of the action.

    An issue becomes a pull request, a pull request is checked, and anything else builds the pages. The site is made
    where that is asked for.
    """
    hub = Hub.of(given["event"], given)
    asked = hub.intention(given["event_name"])
    command = asked.command if command == "auto" else command
    if command == "site":
        sys.exit(laid(root, today))
    if publish != "none" or command != "build":
        check_top(root)
    if command == "build":
        sys.exit(rendered(root, today) if publish == "none" else published(hub, root, today, publish))
    if command == "check" and "pull_request" in hub.payload and hub.token:
        sys.exit(inspected(hub, root, today))
    elif command == "check":
        ctx.invoke(pages.check, root=root, form="github")
    elif command == "propose" and asked.issue:
        result = settled(hub, root, asked)
        _report(result)
        sys.exit(TO_MEND if result.state == "by-hand" else OK)
    else:
        from readingroom.setup.workflow_check import TARGET  # noqa: PLC0415

        is_target = given["event_name"] == "pull_request_target"
        click.echo("This event asks for nothing." + (f" {TARGET}" if is_target else ""))


def _report(result: "Result") -> None:
    from readingroom.io import actions_log  # noqa: PLC0415

    outputs = {"state": result.state, "pull-request": str(result.pull or ""), "folder": result.folder}
    actions_log.set_outputs(outputs)
    if result.state == "by-hand":
        told = f"{_NOT_PERMITTED} {box_to_tick()}."
        actions_log.add_summary(told)
        click.echo(actions_log.warning("readingroom may not open pull requests", told))
    else:
        actions_log.add_summary(f"Proposal: {result.state}" + (f", pull request #{result.pull}" if result.pull else ""))


_NOT_PERMITTED = (
    "The branch is there, but the workflow may not create pull requests. Give the job pull-requests: write, and tick"
)
