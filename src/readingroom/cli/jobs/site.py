"""The job of the action that makes the site."""

import datetime as dt
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.github_context import GitHubContext
from readingroom.cli.site_output import write_site
from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import ANNOUNCED_PATH, Tree
from readingroom.io import actions_log, cache, disk


def write_site_artifact(context: GitHubContext, root: Path, today: dt.date | None) -> ExitCode:
    """Write the site to where a later step finds it; return the exit code."""
    folder = actions_log.create_job_folder("readingroom-site")
    try:
        findings = write_site(root, _read_tree(context, root), cache.open_cache(root), today, folder)
    except Invalid as invalid:
        actions_log.report_diagnostics(invalid.problems)
        return ExitCode.NEEDS_FIX
    actions_log.report_diagnostics(findings)
    if folder:
        actions_log.set_outputs({"site": str(folder)})
    return ExitCode.OK


def _read_tree(context: GitHubContext, root: Path) -> Tree:
    """Return the group's files; without a record of what was announced, with that of the pages' pull request.

    A token that may not read the repository's contents changes nothing.
    """
    tree = disk.read_tree(root)
    if ANNOUNCED_PATH in tree.contents or not (context.token and context.repository):
        return tree
    # 0.1 s that a group with a record does not need.
    from readingroom.cli.github_client import translate_github_errors  # noqa: PLC0415
    from readingroom.github.pages_sync import fetch_pending_record  # noqa: PLC0415
    from readingroom.github.transport import RefusedRequest  # noqa: PLC0415

    record = None
    with translate_github_errors(), suppress(RefusedRequest):
        record = fetch_pending_record(context.create_client())
    return replace(tree, contents={**tree.contents, ANNOUNCED_PATH: record}) if record else tree
