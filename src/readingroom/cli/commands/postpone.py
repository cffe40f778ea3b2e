"""The command postpone."""

from pathlib import Path

import click

from readingroom.cli.options import dry_run_option, format_examples, root_option
from readingroom.cli.schedule_change import apply_change, session_argument
from readingroom.edit import reschedule
from readingroom.io import disk


@click.command("postpone", epilog=format_examples("readingroom postpone 21", "readingroom postpone 21 --keep-date"))
@session_argument
@click.option("--keep-date", is_flag=True, help="Show it on its old date, as postponed, until that date has passed.")
@root_option
@dry_run_option
def run_command(session: str, root: Path, *, keep_date: bool, dry_run: bool) -> None:
    """Postpone a SESSION to a date that is not known yet.

    SESSION is the name or the number of its folder. It is listed last, without a date, until readingroom move gives it
    one; calendars show it as cancelled on its old date. Nothing else in its file changes.
    """
    tree = disk.read_tree(root)
    apply_change(root, tree, reschedule.postpone_session(tree, session, keeps_date=keep_date), dry_run=dry_run)
