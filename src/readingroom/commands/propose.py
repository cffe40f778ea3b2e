"""The command propose: an issue becomes a pull request."""

import sys
from typing import TYPE_CHECKING, Any

import click

from readingroom import console
from readingroom.commands.hub import Hub, access_options, event_option, talking
from readingroom.commands.options import OK, TO_MEND, examples, root_option

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from readingroom.conversation import Result
    from readingroom.pull_request import Setting
    from readingroom.workflow import Intention


@click.command(epilog=examples("readingroom propose --event event.json --dry-run"))
@root_option
@event_option
@access_options
@click.option("--dry-run", is_flag=True, help="Send nothing; print the branch, the files and the pull request.")
def propose(root: "Path", *, dry_run: bool, **given: Any) -> None:
    """Make a pull request of an issue that was filled in with the form, or say on the issue what to change."""
    from readingroom import workflow  # noqa: PLC0415

    hub = Hub.of(given["event"], given)
    if "issue" not in hub.payload:
        raise click.UsageError("The event is about no issue. Give the payload of an issues event with --event.")
    if dry_run:
        sys.exit(_shown(hub.setting(root), hub.payload))
    result = settled(hub, root, workflow.intention("issues", hub.payload))
    sys.exit(TO_MEND if result.state in {"questions", "secret", "by hand"} else OK)


def settled(hub: Hub, root: "Path", asked: "Intention") -> "Result":
    """Return what became of the issue that an event asks about, and print it."""
    import time  # noqa: PLC0415

    from readingroom import conversation  # noqa: PLC0415

    setting, forge = hub.setting(root), hub.forge()
    with talking():
        result = conversation.settle(forge, setting, asked.issue, time.sleep, is_gone=asked.is_gone)
    pull = f", pull request {result.pull}" if result.pull else ""
    click.echo(f"issue {asked.issue}: {result.state}{pull}")
    for question in result.questions:
        click.echo(console.printable(f"  {question.label}: {question.message}"))
    return result


def _shown(setting: "Setting", payload: "Mapping[str, Any]") -> int:
    """Print what a proposal would become."""
    from readingroom import pull_request  # noqa: PLC0415
    from readingroom.forge import issue_of  # noqa: PLC0415

    try:
        issue = issue_of(payload["issue"])
    except (KeyError, TypeError) as error:
        raise click.UsageError(f"The event's issue lacks {error}. Give the payload as GitHub sends it.") from error
    number = 1 + max([0, *map(pull_request.number_of, setting.tree.listings)])
    made = pull_request.drafted(setting, issue.number, issue.body, number)
    for question in made.questions:
        click.echo(console.printable(f"{question.label}: {question.message}"))
    if made.questions:
        return TO_MEND
    click.echo(f"branch {pull_request.BRANCH}{issue.number}")
    for path, text in (made.files or {}).items():
        _show(f"\n=== {path}\n{text}")
    _show(f"=== pull request: {made.title}\n{made.body}")
    return OK


def _show(text: str) -> None:
    for line in text.split("\n"):
        click.echo(console.printable(line))
