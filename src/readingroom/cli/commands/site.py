"""The command site."""

import datetime as dt
from pathlib import Path

import click

from readingroom.cli.options import format_examples, root_option, today_option
from readingroom.cli.site_output import write_site
from readingroom.io import cache, console, disk


@click.command(
    "site",
    epilog=format_examples("readingroom site", "readingroom site --out public", "readingroom site --today 2024-01-15"),
)
@root_option
@today_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The folder for the site; by default the one in readingroom.yml, or else _site in the group's folder.",
)
def run_command(root: Path, today: dt.date | None, out: Path | None) -> None:
    """Write the calendar, the feed, the data and the web pages.

    Only changed files are written, and files that are no longer needed are removed. The folder must be for the site
    only: a folder with other files in it is refused.
    """
    console.print_diagnostics(write_site(root, disk.read_tree(root), cache.open_cache(root), today, out))
