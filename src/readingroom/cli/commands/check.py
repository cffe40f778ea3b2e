"""The command check."""

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.options import OutputFormat, create_format_option, format_examples, root_option, today_option
from readingroom.core.diagnostics import Diagnostic, Invalid, Severity
from readingroom.io import actions_log, cache, console, disk, sarif
from readingroom.render import announcements, build
from readingroom.store import catalogue, lint_sessions
from readingroom.text.phrases import format_count


@click.command(
    "check",
    epilog=format_examples("readingroom check", "readingroom check --findings", "readingroom check --format json"),
)
@root_option
@create_format_option(
    OutputFormat.TEXT,
    OutputFormat.JSON,
    OutputFormat.GITHUB,
    OutputFormat.SARIF,
    description="text for people, json for programs, github for annotations of a workflow, sarif for code scanning.",
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
    errors: list[Diagnostic] = []
    warnings: list[Diagnostic] = []
    try:
        console.print_progress(tree, "Checking")
        warnings = sorted([*build.check_group(tree, clock), *announcements.check_record(tree)])
        if is_thorough:
            group_catalogue = catalogue.read_catalogue(tree)
            day = clock(group_catalogue.group.time_zone)
            warnings = sorted([*warnings, *lint_sessions.lint_sessions(group_catalogue, tree, day)])
        if tree.list_own_templates():
            # 15 ms that only a group with templates of its own needs.
            from readingroom.proposals import template_check  # noqa: PLC0415

            template_check.check_group_templates(tree, clock)
    except Invalid as invalid:
        errors = invalid.problems
    _print_result(output_format, errors, warnings, len(tree.list_session_files()))
    sys.exit(ExitCode.NEEDS_FIX if errors else ExitCode.OK)


def _print_result(
    output_format: OutputFormat, errors: Sequence[Diagnostic], warnings: Sequence[Diagnostic], sessions: int
) -> None:
    """Print the results of a check for people, for programs, for a workflow's log or for code scanning."""
    diagnostics = [*errors, *warnings]
    match output_format:
        case OutputFormat.JSON:
            console.print_json({"diagnostics": [each.to_record() for each in diagnostics]})
        case OutputFormat.SARIF:
            console.print_json(sarif.build_sarif_log(diagnostics))
        case OutputFormat.GITHUB:
            actions_log.report_diagnostics(diagnostics)
        case _:
            console.print_diagnostics(diagnostics)
            number = sum(each.severity is Severity.WARNING for each in warnings)
            counts = ((sessions, "session"), (len(errors), "error"), (number, "warning"))
            click.echo(", ".join(format_count(*each) for each in counts) + ".", err=bool(errors))
