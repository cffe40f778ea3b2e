"""What move, cancel, postpone, swap and forget share: the argument SESSION, and writing or showing a change."""

from pathlib import Path

import click

from readingroom.core.tree import Tree
from readingroom.edit.reschedule import ScheduleChange
from readingroom.io import console, disk

session_argument = click.argument("session")


def apply_change(root: Path, tree: Tree, change: ScheduleChange, *, dry_run: bool) -> None:
    """Write a change, or show it."""
    console.print_diagnostics(change.findings)
    if not change.files:
        click.echo("Nothing to do: that is already the case.")
        return
    if dry_run:
        console.print_diff(disk.iter_diff(tree, change.files))
        return
    disk.write_files(root, change.files)
    for line in change.descriptions:
        click.echo(console.escape_control_characters(line))
    click.echo("Then run: readingroom build")
