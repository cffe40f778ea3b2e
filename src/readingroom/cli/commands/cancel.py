"""The command cancel."""

from pathlib import Path

import click

from readingroom.cli.options import dry_run_option, format_examples, root_option
from readingroom.cli.schedule_change import apply_change, session_argument
from readingroom.edit import reschedule
from readingroom.io import disk


@click.command("cancel", epilog=format_examples("readingroom cancel 21"))
@session_argument
@root_option
@dry_run_option
def run_command(session: str, root: Path, *, dry_run: bool) -> None:
    """Cancel a SESSION.

    SESSION is the name or the number of its folder. It stays in the schedule, struck through. Nothing else in its file
    changes.
    """
    tree = disk.read_tree(root)
    apply_change(root, tree, reschedule.cancel_session(tree, session), dry_run=dry_run)
