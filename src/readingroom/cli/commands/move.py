"""The command move."""

import datetime as dt
from pathlib import Path

import click

from readingroom.cli.options import DATE, dry_run_option, format_examples, root_option
from readingroom.cli.schedule_change import apply_change, session_argument
from readingroom.edit import reschedule
from readingroom.io import disk


@click.command(
    "move",
    epilog=format_examples(
        "readingroom move 21 2024-01-22",
        "readingroom move 21-retentive-networks 2024-01-22 --time 14:00",
        'readingroom move 21 2024-01-22 --time ""',
    ),
)
@session_argument
@click.argument("date", type=DATE)
@click.option("--time", help='The new time, if that changes too; "" for the group\'s usual time.')
@click.option("--room", help='The new room, if that changes too; "" for none.')
@root_option
@dry_run_option
def run_command(session: str, date: dt.date, root: Path, *, dry_run: bool, **changed: str | None) -> None:
    """Move a SESSION to another DATE.

    SESSION is the name or the number of its folder. Nothing else in its file changes. A session that was cancelled,
    postponed or proposed takes place again. An empty --time or --room is removed from the file: the group's usual time
    applies again, and no room is shown.
    """
    tree = disk.read_tree(root)
    changes = {key: value for key, value in changed.items() if value is not None}
    apply_change(root, tree, reschedule.move_session(tree, session, date, changes), dry_run=dry_run)
