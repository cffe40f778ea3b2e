"""The pages, on the default branch or below a folder, as the action makes them right."""

from typing import TYPE_CHECKING

import click

from readingroom.cli.github_context import GitHubContext, translate_github_errors
from readingroom.cli.options import NEEDS_FIX, OK
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.core.diagnostics import Invalid
    from readingroom.github.pages_sync import PublishResult


def publish_pages(hub: GitHubContext, root: "Path", today: "dt.date | None", mode: str) -> int:
    """Bring the default branch's pages up to date; return the exit code."""
    import time  # noqa: PLC0415

    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415
    from readingroom.github import problem_issue  # noqa: PLC0415
    from readingroom.github.git_tree import CommitListing  # noqa: PLC0415
    from readingroom.github.pages_sync import ProtectedBranch, Publisher  # noqa: PLC0415
    from readingroom.io import actions_log, cache, disk, git_index  # noqa: PLC0415

    forge = hub.create_client()
    branch = hub.payload.get("repository", {}).get("default_branch")
    if not branch:
        with translate_github_errors():
            branch = forge.fetch_default_branch()
    listing = CommitListing(git_index.read_index(root))
    publisher = Publisher(forge, branch, disk.read_tree(root), cache.make_clock(today), time.sleep, listing)
    try:
        with translate_github_errors():
            result = publisher.publish(mode)
    except Invalid as invalid:
        _report_problems(invalid)
        if untold := problem_issue.report_problems(forge, invalid.problems):
            click.echo(actions_log.format_warning("readingroom could not tell the organisers", f"{untold}. {_UNTOLD}"))
        return NEEDS_FIX
    except ProtectedBranch as error:
        raise click.ClickException(
            f"The branch {branch} takes no commit from this workflow ({error}). {_PROTECTED}"
        ) from error
    problem_issue.report_problems(forge, [])
    return _report_result(result)


def write_pages(root: "Path", today: "dt.date | None") -> int:
    """Make the pages right below a folder alone, and lay all of them where a step that follows finds them."""
    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415
    from readingroom.github.pages_sync import PublishResult  # noqa: PLC0415
    from readingroom.io import actions_log, cache, disk  # noqa: PLC0415
    from readingroom.render import build  # noqa: PLC0415

    found = disk.read_tree(root)
    try:
        outcome = build.build_pages(found, cache.make_clock(today))
    except Invalid as invalid:
        _report_problems(invalid)
        return NEEDS_FIX
    disk.write_files(root, outcome.changes)
    if folder := actions_log.create_job_folder("readingroom-pages"):
        disk.write_files(folder, build.collect_generated_files(found, outcome))
        actions_log.set_outputs({"pages": str(folder)})
    return _report_result(PublishResult("written" if outcome.changes else "nothing", outcome))


def _report_problems(invalid: "Invalid") -> None:
    from readingroom.io import actions_log  # noqa: PLC0415

    for problem in invalid.problems:
        click.echo(actions_log.format_annotation(problem))
    actions_log.add_summary(f"{console.format_count(len(invalid.problems), 'problem')}: the pages stay as they are.")


def _report_result(result: "PublishResult") -> int:
    """Say what became of the pages, here and to the steps that follow; return the exit code."""
    from readingroom.core.diagnostics import Problem  # noqa: PLC0415
    from readingroom.io import actions_log  # noqa: PLC0415

    kept = [Problem(each.file, each.line, each.where, each.message) for each in result.outcome.kept]
    for remark in (*result.outcome.findings, *kept):
        click.echo(actions_log.format_annotation(remark))
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
    }.get(result.state, f"{console.format_count(changed, 'file')} {result.state}.")
    if kept:
        told = told if changed else ""
        told = f"{told} {console.format_count(len(kept), 'generated text')} changed by hand: left as it is.".strip()
    actions_log.add_summary(told)
    click.echo(told)
    return NEEDS_FIX if kept or result.state == "kept" else OK


_UNTOLD = "Problems are told in an issue too: give the job issues: write, and switch issues on in the settings."
_PROTECTED = "Set the action's input publish to pull-request, or let the workflow's App pass the rule."
_KEPT = (
    "The branch readingroom/pages holds commits of somebody else, so it is left as it is. "
    "Merge its pull request, or delete the branch."
)
