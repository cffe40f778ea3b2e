"""The pages, on the default branch or below a folder, as the action makes them right."""

from typing import TYPE_CHECKING

import click

from readingroom.cli.github_context import Hub, talking
from readingroom.cli.options import OK, TO_MEND
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.core.diagnostics import Invalid
    from readingroom.github.pages_sync import Result


def published(hub: Hub, root: "Path", today: "dt.date | None", mode: str) -> int:
    """Bring the default branch's pages up to date; return the exit code."""
    import time  # noqa: PLC0415

    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415
    from readingroom.github import problem_issue  # noqa: PLC0415
    from readingroom.github.git_tree import Listing  # noqa: PLC0415
    from readingroom.github.pages_sync import Protected, Publisher  # noqa: PLC0415
    from readingroom.io import actions_log, cache, disk, git_index  # noqa: PLC0415

    forge = hub.forge()
    branch = hub.payload.get("repository", {}).get("default_branch")
    if not branch:
        with talking():
            branch = forge.default_branch()
    listing = Listing(git_index.listed(root))
    publisher = Publisher(forge, branch, disk.read(root), cache.clock(today), time.sleep, listing)
    try:
        with talking():
            result = publisher.publish(mode)
    except Invalid as invalid:
        _tell(invalid)
        if untold := problem_issue.tell(forge, invalid.problems):
            click.echo(actions_log.warning("readingroom could not tell the organisers", f"{untold}. {_UNTOLD}"))
        return TO_MEND
    except Protected as error:
        raise click.ClickException(
            f"The branch {branch} takes no commit from this workflow ({error}). {_PROTECTED}"
        ) from error
    problem_issue.tell(forge, [])
    return _report(result)


def rendered(root: "Path", today: "dt.date | None") -> int:
    """Make the pages right below a folder alone, and lay all of them where a step that follows finds them."""
    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415
    from readingroom.github.pages_sync import Result  # noqa: PLC0415
    from readingroom.io import actions_log, cache, disk  # noqa: PLC0415
    from readingroom.render import build  # noqa: PLC0415

    found = disk.read(root)
    try:
        outcome = build.build(found, cache.clock(today))
    except Invalid as invalid:
        _tell(invalid)
        return TO_MEND
    disk.write(root, outcome.changes)
    if folder := actions_log.new_folder("readingroom-pages"):
        disk.write(folder, build.generated_files(found, outcome))
        actions_log.set_outputs({"pages": str(folder)})
    return _report(Result("written" if outcome.changes else "nothing", outcome))


def _tell(invalid: "Invalid") -> None:
    from readingroom.io import actions_log  # noqa: PLC0415

    for problem in invalid.problems:
        click.echo(actions_log.annotation(problem))
    actions_log.add_summary(f"{console.counted(len(invalid.problems), 'problem')}: the pages stay as they are.")


def _report(result: "Result") -> int:
    """Say what became of the pages, here and to the steps that follow; return the exit code."""
    from readingroom.core.diagnostics import Problem  # noqa: PLC0415
    from readingroom.io import actions_log  # noqa: PLC0415

    kept = [Problem(each.file, each.line, each.where, each.message) for each in result.outcome.kept]
    for remark in (*result.outcome.findings, *kept):
        click.echo(actions_log.annotation(remark))
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
    told = {
        "nothing": "Every page is right: nothing to do.",
        "kept": _KEPT,
        "closed": f"The pull request of these pages, #{result.pull}, was closed, so it stays closed until they change. "
        "To publish them, reopen it.",
    }.get(result.state, f"{console.counted(changed, 'file')} {result.state}.")
    if kept:
        told = told if changed else ""
        told = f"{told} {console.counted(len(kept), 'generated text')} changed by hand: left as it is.".strip()
    actions_log.add_summary(told)
    click.echo(told)
    return TO_MEND if kept or result.state == "kept" else OK


_UNTOLD = "Problems are told in an issue too: give the job issues: write, and switch issues on in the settings."
_PROTECTED = "Set the action's input publish to pull-request, or let the workflow's App pass the rule."
_KEPT = (
    "The branch readingroom/pages holds commits of somebody else, so it is left as it is. "
    "Merge its pull request, or delete the branch."
)
