"""The pages, on the default branch or below a folder, as the action makes them right."""

from typing import TYPE_CHECKING

import click

from readingroom import console
from readingroom.commands.hub import Hub, talking
from readingroom.commands.options import OK, TO_MEND

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.problems import Invalid
    from readingroom.publication import Result


def published(hub: Hub, root: "Path", today: "dt.date | None", mode: str) -> int:
    """Bring the default branch's pages up to date; return the exit code."""
    import time  # noqa: PLC0415

    from readingroom import actions, checkout, memo, notice, tree  # noqa: PLC0415
    from readingroom.problems import Invalid  # noqa: PLC0415
    from readingroom.publication import Protected, Publisher  # noqa: PLC0415
    from readingroom.snapshot import Listing  # noqa: PLC0415

    forge = hub.forge()
    branch = hub.payload.get("repository", {}).get("default_branch")
    if not branch:
        with talking():
            branch = forge.default_branch()
    listing = Listing(checkout.listed(root))
    publisher = Publisher(forge, branch, tree.read(root), memo.clock(today), time.sleep, listing)
    try:
        with talking():
            result = publisher.publish(mode)
    except Invalid as invalid:
        _tell(invalid)
        if untold := notice.tell(forge, invalid.problems):
            click.echo(actions.warning("readingroom could not tell the organisers", f"{untold}. {_UNTOLD}"))
        return TO_MEND
    except Protected as error:
        raise click.ClickException(
            f"The branch {branch} takes no commit from this workflow ({error}). {_PROTECTED}"
        ) from error
    notice.tell(forge, [])
    return _report(result)


def rendered(root: "Path", today: "dt.date | None") -> int:
    """Make the pages right below a folder alone, and lay all of them where a step that follows finds them."""
    from readingroom import actions, build, memo, tree  # noqa: PLC0415
    from readingroom.problems import Invalid  # noqa: PLC0415
    from readingroom.publication import Result  # noqa: PLC0415

    found = tree.read(root)
    try:
        outcome = build.build(found, memo.clock(today))
    except Invalid as invalid:
        _tell(invalid)
        return TO_MEND
    tree.write(root, outcome.changes)
    if folder := actions.new_folder("readingroom-pages"):
        tree.write(folder, build.generated_files(found, outcome))
        actions.set_outputs({"pages": str(folder)})
    return _report(Result("written" if outcome.changes else "nothing", outcome))


def _tell(invalid: "Invalid") -> None:
    from readingroom import actions  # noqa: PLC0415

    for problem in invalid.problems:
        click.echo(actions.annotation(problem))
    actions.add_summary(f"{console.counted(len(invalid.problems), 'problem')}: the pages stay as they are.")


def _report(result: "Result") -> int:
    """Say what became of the pages, here and to the steps that follow; return the exit code."""
    from readingroom import actions  # noqa: PLC0415
    from readingroom.problems import Problem  # noqa: PLC0415

    kept = [Problem(each.file, each.line, each.where, each.message) for each in result.outcome.kept]
    for remark in (*result.outcome.findings, *kept):
        click.echo(actions.annotation(remark))
    changed = len(result.outcome.changes)
    site = result.outcome.catalogue.group.site
    actions.set_outputs(
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
    actions.add_summary(told)
    click.echo(told)
    return TO_MEND if kept or result.state == "kept" else OK


_UNTOLD = "Problems are told in an issue too: give the job issues: write, and switch issues on in the settings."
_PROTECTED = "Set the action's input publish to pull-request, or let the workflow's App pass the rule."
_KEPT = (
    "The branch readingroom/pages holds commits of somebody else, so it is left as it is. "
    "Merge its pull request, or delete the branch."
)
