"""The commands that make and look at pages: build, check and show."""

import sys
from typing import TYPE_CHECKING

import click

from readingroom.cli import site
from readingroom.cli.options import NEEDS_FIX, OK, format_examples, root_option, today_option
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from readingroom.core.diagnostics import Finding, Problem
    from readingroom.core.tree import Tree
    from readingroom.io.cache import Cache
    from readingroom.render.build import BuildResult, DateClock


@click.command(
    epilog=format_examples("readingroom build", "readingroom build --check", "readingroom build --today 2024-01-15"),
)
@root_option
@today_option
@click.option(
    "--check", is_flag=True, help="Change nothing; show what would change, and exit with 1 if anything would."
)
@click.option("--force", is_flag=True, help="Replace generated text that was changed by hand.")
def build_command(root: "Path", today: "dt.date | None", *, check: bool, force: bool) -> None:
    """Write every page that the session files call for.

    Only what changed is written. A generated page or region that was changed by hand is reported, and left
    as it is unless --force is given. Where readingroom.yml names a folder for the site, that is made too; --check
    looks at the pages alone.
    """
    from readingroom.io import cache, disk  # noqa: PLC0415

    known, found = cache.open_cache(root), disk.read_tree(root)
    if not force and (settled := known.find_unchanged_build(found, today)):
        console.print_diagnostics(settled.findings)
        click.echo("Every page is right: nothing to do.")
        if settled.makes_site and not check:
            site.write_site(root, found, known, today)
        return
    outcome = _build_pages(found, known, cache.make_clock(today), force=force)
    console.print_diagnostics([*outcome.findings, *outcome.kept])
    if check:
        console.print_diff(disk.iter_diff(found, outcome.changes))
        sys.exit(NEEDS_FIX if outcome.changes or outcome.kept else OK)
    if len(outcome.changes) > console.PROGRESS_THRESHOLD:
        console.print_progress(found, "Writing")
    disk.write_files(root, outcome.changes)
    if not outcome.kept:
        known.store_build(found, outcome)
    if outcome.changes or not outcome.kept:
        console.print_changes(outcome.changes)
    if outcome.catalogue.group.makes_site:
        site.write_site(root, disk.read_tree(root), cache.open_cache(root), today)
    sys.exit(NEEDS_FIX if outcome.kept else OK)


def _build_pages(found: "Tree", known: "Cache", clock: "DateClock", *, force: bool) -> "BuildResult":
    known.start_reading_sessions(found)
    from readingroom.io import parallel  # noqa: PLC0415
    from readingroom.render import build as job  # noqa: PLC0415 -- takes as long as reading 500 sessions

    console.print_progress(found, "Rendering")
    return job.build_pages(
        found,
        clock,
        force=force,
        read_all=known.read_files,
        share=parallel.map_parallel,
        cache=known.get_bytecode_cache(),
    )


@click.command(
    epilog=format_examples("readingroom check", "readingroom check --findings", "readingroom check --format json")
)
@root_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="text for people, json for programs, github for annotations in a workflow's log.",
)
@click.option(
    "--findings",
    "is_thorough",
    is_flag=True,
    help="Tell also what readingroom import would: odd links, papers read twice, days off the usual one, and so on.",
)
@today_option
def check_command(root: "Path", form: str, today: "dt.date | None", *, is_thorough: bool) -> None:
    """Validate every file, and tell every problem at once; nothing is written."""
    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415
    from readingroom.io import cache, disk  # noqa: PLC0415
    from readingroom.render import build as job  # noqa: PLC0415

    found, clock = disk.read_tree(root), cache.make_clock(today)
    problems: list[Problem] = []
    remarks: list[Finding] = []
    try:
        console.print_progress(found, "Checking")
        remarks = job.check_group(found, clock)
        if is_thorough:
            from readingroom.store import catalogue, lint  # noqa: PLC0415

            known = catalogue.read_catalogue(found)
            remarks = sorted([*remarks, *lint.lint_sessions(known, found, clock(known.group.time_zone))])
        if any(path.endswith(".j2") for path in found.contents):
            from readingroom.proposals import template_check  # noqa: PLC0415

            template_check.check_group_templates(found, clock)
    except Invalid as invalid:
        problems = invalid.problems
    _print_check_result(form, problems, remarks, len(found.list_session_files()))
    sys.exit(NEEDS_FIX if problems else OK)


def _print_check_result(form: str, problems: "Sequence[Problem]", remarks: "Sequence[Finding]", sessions: int) -> None:
    """Say what a check has found, for people, for programs or for a workflow's log."""
    if form == "json":
        console.print_json(
            {"problems": [each._asdict() for each in problems], "findings": [each._asdict() for each in remarks]}
        )
    elif form == "github":
        from readingroom.io import actions_log  # noqa: PLC0415

        for each in (*problems, *remarks):
            click.echo(actions_log.format_annotation(each))
    else:
        console.print_diagnostics([*problems, *remarks])
        click.echo(
            f"{console.format_count(sessions, 'session')}, {console.format_count(len(problems), 'problem')}.",
            err=bool(problems),
        )


@click.command(epilog=format_examples("readingroom show", "readingroom show --json"))
@root_option
@today_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def show_command(root: "Path", today: "dt.date | None", *, as_json: bool) -> None:
    """Show what is next and who leads it, and which sessions lack slides or reading."""
    from readingroom.io import cache, disk  # noqa: PLC0415
    from readingroom.render import overview  # noqa: PLC0415
    from readingroom.store import catalogue  # noqa: PLC0415

    known = catalogue.read_catalogue(disk.read_tree(root))
    view = overview.build_overview(known, today or cache.get_today(known.group.time_zone))
    if as_json:
        console.print_json(view)
    else:
        for line in overview.iter_overview_lines(view):
            click.echo(console.escape_control_characters(line))
