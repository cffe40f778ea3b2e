"""The command new."""

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from readingroom.cli.options import format_examples, root_option, today_option
from readingroom.edit import new_session
from readingroom.io import cache, console, disk
from readingroom.setup import proposed_folders
from readingroom.store import catalogue


@click.command(
    "new",
    epilog=format_examples(
        "readingroom new",
        'readingroom new --title "Retentive Networks" --date 2024-01-15 --lead "Ed Gunn, https://github.com/egunn-turing"',
    ),
)
@root_option
@click.option("--title", help="What the session is about.")
@click.option("--date", help="The date, as YYYY-MM-DD.")
@click.option("--time", help="The start, or start and end, if not the group's usual time: 14:00, or 14:00-15:30.")
@click.option("--kind", help="The kind of session.")
@click.option("--room", help="Where it takes place; by default the group's usual room.")
@click.option("--status", help="confirmed (the default), tbc, postponed, cancelled, open or proposed.")
@click.option("--lead", "leads", multiple=True, help='Who leads it, as "Name" or "Name, https://..."; can be repeated.')
@today_option
def run_command(root: Path, today: dt.date | None, **details: Any) -> None:
    """Write the session.yml of a new session.

    Comments in the file explain what else it may hold. Without options, on a terminal, it asks for the details. The
    number of its folder follows those of all sessions, and of the open proposals in the repository that yours was
    cloned from, if Git can read them.
    """
    tree = disk.read_tree(root)
    group = catalogue.read_group(tree)
    if sys.stdin.isatty() and not any(details.values()):
        details = console.ask_session(
            new_session.suggest_session_defaults(tree, group, today or cache.get_today(group.time_zone)), group.kinds
        )
    proposed = proposed_folders.fetch_proposed_folders(root)
    path, text, findings = new_session.build_session_file(tree, group, details, proposed or ())
    disk.create_file(root, path, text)
    console.print_diagnostics(findings)
    if proposed is None:
        click.echo(_UNKNOWN, err=True)
    click.echo(f"Wrote {path}. Review it, then run: readingroom build")


_UNKNOWN = (
    "Git could not read the branches of open proposals from origin, so one of them may have the same number. "
    "When you push the session, that proposal gets another one."
)
