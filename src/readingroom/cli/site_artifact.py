"""The job of the action that makes the site."""

import datetime as dt
from pathlib import Path

import click

from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.site_output import write_site
from readingroom.core.diagnostics import Invalid
from readingroom.io import actions_log, cache, disk


def write_site_artifact(root: Path, today: dt.date | None) -> ExitCode:
    """Write the site to where a later step finds it; return the exit code."""
    folder = actions_log.create_job_folder("readingroom-site")
    try:
        for finding in write_site(root, disk.read_tree(root), cache.open_cache(root), today, folder):
            click.echo(actions_log.format_annotation(finding))
    except Invalid as invalid:
        for problem in invalid.problems:
            click.echo(actions_log.format_annotation(problem))
        return ExitCode.NEEDS_FIX
    if folder:
        actions_log.set_outputs({"site": str(folder)})
    return ExitCode.OK
