"""The job of the action that makes the site."""

import datetime as dt
from pathlib import Path

from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.site_output import write_site
from readingroom.core.diagnostics import Invalid
from readingroom.io import actions_log, cache, disk


def write_site_artifact(root: Path, today: dt.date | None) -> ExitCode:
    """Write the site to where a later step finds it; return the exit code."""
    folder = actions_log.create_job_folder("readingroom-site")
    try:
        findings = write_site(root, disk.read_tree(root), cache.open_cache(root), today, folder)
    except Invalid as invalid:
        actions_log.report_diagnostics(invalid.problems)
        return ExitCode.NEEDS_FIX
    actions_log.report_diagnostics(findings)
    if folder:
        actions_log.set_outputs({"site": str(folder)})
    return ExitCode.OK
