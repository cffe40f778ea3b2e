"""The command swap."""

from pathlib import Path

import click

from readingroom.cli.options import dry_run_option, format_examples, root_option
from readingroom.cli.schedule_change import apply_change, session_argument
from readingroom.edit import reschedule
from readingroom.io import disk


@click.command("swap", epilog=format_examples("readingroom swap 21 22", "readingroom swap 21 22 --keep-rooms"))
@session_argument
@click.argument("other")
@click.option("--keep-rooms", is_flag=True, help="Let each session keep its room.")
@root_option
@dry_run_option
def run_command(session: str, other: str, root: Path, *, keep_rooms: bool, dry_run: bool) -> None:
    """Swap the dates, times and rooms of SESSION and OTHER.

    Each is the name or the number of a session's folder. Nothing else in their files changes.
    """
    tree = disk.read_tree(root)
    apply_change(root, tree, reschedule.swap_sessions(tree, session, other, keeps_rooms=keep_rooms), dry_run=dry_run)
