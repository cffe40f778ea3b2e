"""The command list."""

from pathlib import Path

import click

from readingroom.cli.options import OutputFormat, create_format_option, format_examples, root_option
from readingroom.io import console, disk
from readingroom.render import overview
from readingroom.store import catalogue


@click.command("list", epilog=format_examples("readingroom list", "readingroom list --format json"))
@root_option
@create_format_option(OutputFormat.TEXT, OutputFormat.JSON)
def run_command(root: Path, output_format: OutputFormat) -> None:
    """List every session by date, then those without one."""
    sessions = overview.list_sessions(catalogue.read_catalogue(disk.read_tree(root)))
    if output_format is OutputFormat.JSON:
        console.print_json(sessions)
    else:
        for session in sessions:
            click.echo(console.escape_control_characters(overview.format_session_line(session)))
