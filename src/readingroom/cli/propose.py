"""The command propose: an issue becomes a pull request."""

import sys
from typing import TYPE_CHECKING, Any

import click

from readingroom.cli.github_context import Hub, access_options, check_top, event_option, talking
from readingroom.cli.options import OK, TO_MEND, examples, root_option
from readingroom.io import console

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from readingroom.github.proposal_sync import Result
    from readingroom.proposals.events import Intention
    from readingroom.proposals.pull_request import Setting

TO_CHANGE = frozenset({"questions", "secret", "too-many", "by-hand"})  # states that somebody has to do something about


@click.command(epilog=examples("readingroom propose --event event.json --dry-run"))
@root_option
@event_option
@access_options
@click.option("--dry-run", is_flag=True, help="Send nothing; print the branch, the files and the pull request.")
def propose(root: "Path", *, dry_run: bool, **given: Any) -> None:
    """Make a pull request of an issue that was filled in with the form, or say on the issue what to change."""
    hub = Hub.of(given["event"], given)
    if "issue" not in hub.payload:
        raise click.UsageError("The event is about no issue. Give the payload of an issues event with --event.")
    check_top(root)
    if dry_run:
        sys.exit(_shown(hub.setting(root), hub.payload))
    result = settled(hub, root, hub.intention("issues"))
    sys.exit(TO_MEND if result.state in TO_CHANGE else OK)


def settled(hub: Hub, root: "Path", asked: "Intention") -> "Result":
    """Return what became of the issue that an event asks about, and print it."""
    from readingroom.github import proposal_sync  # noqa: PLC0415

    setting, forge = hub.setting(root), hub.forge()
    with talking():
        result = proposal_sync.settle(forge, setting, asked.issue, is_gone=asked.is_gone)
    pull = f", pull request {result.pull}" if result.pull else ""
    click.echo(f"issue {asked.issue}: {result.state}{pull}")
    for question in result.questions:
        click.echo(console.printable(f"  {question.label}: {question.message}"))
    return result


def _shown(setting: "Setting", payload: "Mapping[str, Any]") -> int:
    """Print what would become of an issue for which nothing was done before."""
    from readingroom.github.client import issue_from  # noqa: PLC0415
    from readingroom.proposals import decision, pull_request  # noqa: PLC0415
    from readingroom.proposals.decision import State  # noqa: PLC0415

    try:
        seen = decision.Seen(issue_from(payload["issue"]))
    except (KeyError, TypeError) as error:
        raise click.UsageError(f"The event's issue lacks {error}. Give the payload as GitHub sends it.") from error
    wanted = decision.decide(setting, seen)
    click.echo(f"issue {seen.issue.number}: {wanted.state}")
    if wanted.state == State.OPEN and wanted.draft:
        click.echo(f"branch {pull_request.BRANCH}{seen.issue.number}")
        for path, text in (wanted.draft.files or {}).items():
            _show(f"\n=== {path}\n{text}")
        _show(f"=== pull request: {wanted.draft.title}\n{wanted.draft.body}")
    if wanted.state != State.NONE:
        _show(f"=== comment\n{decision.answer(setting, wanted, seen)}")
    return TO_MEND if wanted.state in TO_CHANGE else OK


def _show(text: str) -> None:
    for line in text.split("\n"):
        click.echo(console.printable(line))
