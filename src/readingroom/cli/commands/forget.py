"""The command forget."""

from pathlib import Path

import click

from readingroom.cli.options import dry_run_option, format_examples, root_option
from readingroom.cli.schedule_change import apply_change
from readingroom.edit import forgetting
from readingroom.io import disk


@click.command("forget", epilog=format_examples("readingroom forget 21-retentive-networks"))
@click.argument("folder")
@root_option
@dry_run_option
def run_command(folder: str, root: Path, *, dry_run: bool) -> None:
    """Forget what was announced of a session whose FOLDER was removed.

    For somebody who asks to be removed. Its line in sessions/announced.yml goes, and with it the cancelled event in
    calendars. Git keeps what was committed before.
    """
    tree = disk.read_tree(root)
    apply_change(root, tree, forgetting.forget_session(tree, folder), dry_run=dry_run)
