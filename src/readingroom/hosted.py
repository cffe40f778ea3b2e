"""The commands that talk to GitHub: from a terminal, and as the step of a workflow."""

import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from readingroom import console
from readingroom.options import OK, TO_MEND, examples, root_option, today_option

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from readingroom.conversation import Result
    from readingroom.forge import Commit, Forge
    from readingroom.publication import Result as Published
    from readingroom.pull_request import Setting
    from readingroom.workflow import Intention

_event = click.option(
    "--event",
    type=click.Path(dir_okay=False),
    envvar="GITHUB_EVENT_PATH",
    help="The file with the event's payload; in a workflow that which GitHub wrote.",
)
_name = click.option(
    "--event-name",
    envvar="GITHUB_EVENT_NAME",
    default="",
    help="The event's name; in a workflow that which GitHub tells.",
)
_token = click.option(
    "--token",
    envvar=["READINGROOM_TOKEN", "GITHUB_TOKEN"],
    default="",
    help="The token for GitHub; better left to the environment.",
)
_repository = click.option(
    "--repository", envvar="GITHUB_REPOSITORY", default="", help="owner/name, where the event does not tell it."
)
_api = click.option(
    "--api-url", envvar="GITHUB_API_URL", default="https://api.github.com", show_default=True, help="GitHub's API."
)


@click.command(epilog=examples("readingroom propose --event event.json --dry-run"))
@root_option
@_event
@_token
@_repository
@_api
@click.option("--dry-run", is_flag=True, help="Send nothing; print the branch, the files and the pull request.")
def propose(root: "Path", *, dry_run: bool, **hub: Any) -> None:
    """Make a pull request of an issue that was filled in with the form, or say on the issue what to change."""
    from readingroom import workflow  # noqa: PLC0415

    payload = _payload(hub["event"])
    if "issue" not in payload:
        raise click.UsageError("The event is about no issue. Give the payload of an issues event with --event.")
    setting = _setting(root, payload)
    if dry_run:
        sys.exit(_shown(setting, payload))
    result = _settled(setting, payload, workflow.intention("issues", payload), hub)
    sys.exit(TO_MEND if result.state in {"questions", "secret", "by hand"} else OK)


@click.command(epilog=examples("readingroom run --command check"))
@click.option(
    "--command",
    type=click.Choice(["auto", "build", "check", "propose"]),
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
@_event
@_name
@_token
@_repository
@_api
@click.pass_context
def run(ctx: click.Context, /, command: str, publish: str, root: "Path", today: "dt.date | None", **hub: Any) -> None:
    """Do what a workflow's event asks for: the step of the action.

    An issue becomes a pull request, a pull request is checked, and anything else builds the pages.
    """
    from readingroom import cli, workflow  # noqa: PLC0415

    payload = _payload(hub["event"])
    asked = workflow.intention(hub["event_name"], payload)
    command = asked.command if command == "auto" else command
    if command == "build" and publish != "none":
        sys.exit(_published(root, today, payload, publish, hub))
    if command == "build":
        ctx.invoke(cli.build, root=root, today=today)
    elif command == "check" and "pull_request" in payload and hub["token"]:
        sys.exit(_inspected(root, today, payload, hub))
    elif command == "check":
        ctx.invoke(cli.check, root=root, form="github")
    elif command == "propose" and asked.issue:
        result = _settled(_setting(root, payload), payload, asked, hub)
        _report(result)
        sys.exit(TO_MEND if result.state == "by hand" else OK)
    else:
        click.echo("This event asks for nothing." + (_TARGET if hub["event_name"] == "pull_request_target" else ""))


_TARGET = (
    " For a pull request's check use the event pull_request: this one hands a write token to what a stranger sent."
)


def _payload(event: str | None) -> "dict[str, Any]":
    from pathlib import Path  # noqa: PLC0415

    from readingroom import actions  # noqa: PLC0415

    if not event:
        raise click.UsageError("There is no event. Give the file with its payload with --event.")
    try:
        return actions.event(Path(event))
    except (ValueError, TypeError) as error:
        raise click.UsageError(f"{event} does not hold an event's payload in JSON: {error}.") from error


def _setting(root: "Path", payload: "Mapping[str, Any]") -> "Setting":
    from readingroom import tree  # noqa: PLC0415
    from readingroom.pull_request import Setting  # noqa: PLC0415

    try:
        web, branch, _ = (payload["repository"][key] for key in ("html_url", "default_branch", "full_name"))
    except (KeyError, TypeError) as error:
        raise click.UsageError(
            "The event does not say what its repository is. Give the payload as GitHub sends it."
        ) from error
    return Setting.of(tree.read(root), web, branch)


def _settled(
    setting: "Setting", payload: "Mapping[str, Any]", asked: "Intention", hub: "Mapping[str, Any]"
) -> "Result":
    import time  # noqa: PLC0415

    from readingroom import conversation  # noqa: PLC0415

    forge = _forge(payload, hub)
    with _talking():
        result = conversation.settle(forge, setting, asked.issue, time.sleep, is_gone=asked.is_gone)
    pull = f", pull request {result.pull}" if result.pull else ""
    click.echo(f"issue {asked.issue}: {result.state}{pull}")
    for question in result.questions:
        click.echo(console.printable(f"  {question.label}: {question.message}"))
    return result


def _published(
    root: "Path", today: "dt.date | None", payload: "Mapping[str, Any]", mode: str, hub: "Mapping[str, Any]"
) -> int:
    """Bring the default branch's pages up to date; return the exit code."""
    import time  # noqa: PLC0415

    from readingroom import actions, memo, tree  # noqa: PLC0415
    from readingroom.problems import Invalid  # noqa: PLC0415
    from readingroom.publication import Protected, Publisher  # noqa: PLC0415

    forge = _forge(payload, hub)
    branch = payload.get("repository", {}).get("default_branch") or forge.default_branch()
    publisher = Publisher(forge, branch, tree.read(root), lambda zone: today or memo.now(zone), time.sleep)
    try:
        with _talking():
            result = publisher.publish(mode)
    except Invalid as invalid:
        for problem in invalid.problems:
            click.echo(actions.annotation(problem))
        _warn_untold(publisher.untold)
        actions.add_summary(f"{console.counted(len(invalid.problems), 'problem')}: the pages stay as they are.")
        return TO_MEND
    except Protected as error:
        raise click.ClickException(
            f"The branch {branch} takes no commit from this workflow ({error}). {_PROTECTED}"
        ) from error
    _warn_untold(publisher.untold)
    return _report_pages(result)


def _report_pages(result: "Published") -> int:
    """Say what became of the pages, here and to the steps that follow; return the exit code."""
    from readingroom import actions  # noqa: PLC0415

    for remark in (*result.outcome.findings, *result.outcome.kept):
        click.echo(actions.annotation(remark))
    changed = len(result.outcome.changes)
    actions.set_outputs(
        {
            "state": result.state,
            "changed": str(changed),
            "commit": result.commit,
            "pull-request": str(result.pull or ""),
        }
    )
    told = {"nothing": "Every page is right: nothing to do.", "kept": _KEPT}.get(
        result.state, f"{console.counted(changed, 'file')} {result.state}."
    )
    actions.add_summary(told)
    click.echo(told)
    return TO_MEND if result.outcome.kept or result.state == "kept" else OK


def _warn_untold(refusal: str) -> None:
    from readingroom import actions  # noqa: PLC0415

    if refusal:
        click.echo(actions.warning("readingroom may not tell the organisers", f"{refusal}. {_UNTOLD}"))


_UNTOLD = "Problems are told in an issue: give the job issues: write, and switch issues on in the settings."


def _inspected(root: "Path", today: "dt.date | None", payload: "Mapping[str, Any]", hub: "Mapping[str, Any]") -> int:
    """Tell what the pull request that was checked out does; its templates get bounded time and memory."""
    from readingroom import actions, inspection, memo, snapshot, tree, workers  # noqa: PLC0415

    after, forge = tree.read(root), _forge(payload, hub)
    with _talking():
        base = _base(forge, payload)
        before = snapshot.of(forge.entries(base.tree), after, forge.blob)
    workers.limit(seconds=MAX_SECONDS, memory=MAX_MEMORY)
    found = inspection.of(before, after, lambda zone: today or memo.now(zone))
    for remark in (*found.problems, *found.findings):
        click.echo(actions.annotation(remark))
    actions.add_summary(found.summary)
    click.echo(f"{console.counted(len(found.problems), 'problem')}.")
    return TO_MEND if found.problems else OK


def _base(forge: "Forge", payload: "Mapping[str, Any]") -> "Commit":
    """Return the commit that a pull request is compared with: the one it is merged into by the commit that is checked.

    The event's own is where the base branch stood earlier.
    """
    from readingroom import actions  # noqa: PLC0415
    from readingroom.forge import Refused  # noqa: PLC0415

    base = payload["pull_request"]["base"]["sha"]
    if checked := actions.commit():
        with suppress(Refused):
            parents = forge.commit(checked).parents
            base = parents[0] if len(parents) == 2 else base
    return forge.commit(base)


MAX_SECONDS, MAX_MEMORY = 120, 2 * 1024**3  # of a pull request's check, whose templates may be anybody's

_PROTECTED = "Set the action's input publish to pull-request, or let the workflow's App pass the rule."
_KEPT = (
    "The branch readingroom/pages holds commits of somebody else, so it is left as it is. "
    "Merge its pull request, or delete the branch."
)


def _forge(payload: "Mapping[str, Any]", hub: "Mapping[str, Any]") -> "Forge":
    from readingroom.forge import Forge  # noqa: PLC0415

    if not hub["token"]:
        raise click.UsageError("There is no token. Set READINGROOM_TOKEN, or give it with --token.")
    repository = payload.get("repository", {}).get("full_name") or hub["repository"]
    if not repository:
        raise click.UsageError("The event does not say what its repository is. Set GITHUB_REPOSITORY to owner/name.")
    return Forge(hub["api_url"], repository, hub["token"])


@contextmanager
def _talking() -> "Iterator[None]":
    """Tell what GitHub refused, and what to do then."""
    from readingroom.forge import Interrupted, Refused  # noqa: PLC0415

    try:
        yield
    except Interrupted as error:
        raise click.ClickException(f"GitHub gave no answer ({error}). Run it again: nothing is done twice.") from error
    except Refused as error:
        raise click.ClickException(f"GitHub refused ({error}). {_MENDING.get(error.status, '')}".strip()) from error


_MENDING = {
    401: "The token is not valid, or no longer.",
    403: (
        "The token may not do this, or the repository is archived. The job needs: permissions: contents: write, "
        "issues: write, pull-requests: write, statuses: write."
    ),
    404: "There is no such repository, issue or branch, or the token may not see it.",
    409: "The repository is empty, or somebody changed it at the same time. Run it again.",
    410: "Issues are switched off in this repository, or this issue was deleted.",
}


def _report(result: "Result") -> None:
    from readingroom import actions  # noqa: PLC0415

    outputs = {"state": result.state, "pull-request": str(result.pull or ""), "folder": result.folder}
    actions.set_outputs(outputs)
    if result.state == "by hand":
        actions.add_summary(_NOT_PERMITTED)
        click.echo(actions.warning("readingroom may not open pull requests", _NOT_PERMITTED))
    else:
        actions.add_summary(f"Proposal: {result.state}" + (f", pull request #{result.pull}" if result.pull else ""))


_NOT_PERMITTED = (
    "The branch is there, but the workflow may not create pull requests. Give the job pull-requests: write, and tick "
    '"Allow GitHub Actions to create and approve pull requests" in Settings, Actions, General.'
)


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
