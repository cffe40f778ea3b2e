"""The command check."""

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.options import OutputFormat, create_format_option, format_examples, root_option, today_option
from readingroom.core.diagnostics import Finding, Invalid, Problem
from readingroom.io import actions_log, cache, console, disk
from readingroom.render import build
from readingroom.store import catalogue, lint


@click.command(
    "check",
    epilog=format_examples("readingroom check", "readingroom check --findings", "readingroom check --format json"),
)
@root_option
@create_format_option(
    OutputFormat.TEXT,
    OutputFormat.JSON,
    OutputFormat.GITHUB,
    description="text for people, json for programs, github for annotations in a workflow's log.",
)
@click.option(
    "--findings",
    "is_thorough",
    is_flag=True,
    help="Also report what readingroom import would: malformed links, papers listed twice, unusual days, and so on.",
)
@today_option
def run_command(root: Path, output_format: OutputFormat, today: dt.date | None, *, is_thorough: bool) -> None:
    """Check every file and report all errors; nothing is written."""
    tree, clock = disk.read_tree(root), cache.make_clock(today)
    problems: list[Problem] = []
    remarks: list[Finding] = []
    try:
        console.print_progress(tree, "Checking")
        remarks = build.check_group(tree, clock)
        if is_thorough:
            group_catalogue = catalogue.read_catalogue(tree)
            remarks = sorted(
                [*remarks, *lint.lint_sessions(group_catalogue, tree, clock(group_catalogue.group.time_zone))]
            )
        if any(path.endswith(".j2") for path in tree.contents):
            # 15 ms that only a group with templates of its own needs.
            from readingroom.proposals import template_check  # noqa: PLC0415

            template_check.check_group_templates(tree, clock)
    except Invalid as invalid:
        problems = invalid.problems
    _print_check_result(output_format, problems, remarks, len(tree.list_session_files()))
    sys.exit(ExitCode.NEEDS_FIX if problems else ExitCode.OK)


def _print_check_result(
    output_format: OutputFormat, problems: Sequence[Problem], remarks: Sequence[Finding], sessions: int
) -> None:
    """Print the results of a check for people, for programs or for a workflow's log."""
    if output_format is OutputFormat.JSON:
        console.print_json(
            {"problems": [each._asdict() for each in problems], "findings": [each._asdict() for each in remarks]}
        )
    elif output_format is OutputFormat.GITHUB:
        for each in (*problems, *remarks):
            click.echo(actions_log.format_annotation(each))
    else:
        console.print_diagnostics([*problems, *remarks])
        click.echo(
            f"{console.format_count(sessions, 'session')}, {console.format_count(len(problems), 'problem')}.",
            err=bool(problems),
        )
