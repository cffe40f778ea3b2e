"""The command show."""

import datetime as dt
from pathlib import Path

import click

from readingroom.cli.options import OutputFormat, create_format_option, format_examples, root_option, today_option
from readingroom.io import cache, console, disk
from readingroom.render import overview
from readingroom.store import catalogue


@click.command("show", epilog=format_examples("readingroom show", "readingroom show --format json"))
@root_option
@today_option
@create_format_option(OutputFormat.TEXT, OutputFormat.JSON)
def run_command(root: Path, today: dt.date | None, output_format: OutputFormat) -> None:
    """Show what comes next, and which sessions lack slides or reading."""
    group_catalogue = catalogue.read_catalogue(disk.read_tree(root))
    view = overview.build_overview(group_catalogue, today or cache.get_today(group_catalogue.group.time_zone))
    if output_format is OutputFormat.JSON:
        console.print_json(view)
    else:
        for line in overview.iter_overview_lines(view):
            click.echo(console.escape_control_characters(line))
