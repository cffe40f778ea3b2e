"""The commands show and list."""

import datetime as dt
from pathlib import Path

import click

from readingroom.cli.options import OutputFormat, create_format_option, format_examples, root_option, today_option
from readingroom.io import cache, console, disk
from readingroom.render import overview
from readingroom.store import catalogue


@click.command("show", epilog=format_examples("readingroom show", "readingroom show --all --format json"))
@root_option
@today_option
@click.option("--all", "shows_all", is_flag=True, help="Look at all sessions, not only the last ten that took place.")
@create_format_option(OutputFormat.TEXT, OutputFormat.JSON)
def run_command(root: Path, today: dt.date | None, output_format: OutputFormat, *, shows_all: bool) -> None:
    """Show what comes next, and which of the last ten sessions lack slides or reading."""
    group_catalogue = catalogue.read_catalogue(disk.read_tree(root))
    day = today or cache.get_today(group_catalogue.group.time_zone)
    view = overview.build_overview(group_catalogue, day, shows_all=shows_all)
    if output_format is OutputFormat.JSON:
        console.print_json(view)
    else:
        for line in overview.iter_overview_lines(view):
            click.echo(console.escape_control_characters(line))


@click.command("list", epilog=format_examples("readingroom list", "readingroom list --format json"))
@root_option
@create_format_option(OutputFormat.TEXT, OutputFormat.JSON)
def run_list(root: Path, output_format: OutputFormat) -> None:
    """List every session by date, then those without one."""
    sessions = overview.list_sessions(catalogue.read_catalogue(disk.read_tree(root)))
    if output_format is OutputFormat.JSON:
        console.print_json(sessions)
    else:
        for session in sessions:
            click.echo(console.escape_control_characters(overview.format_session_line(session)))
