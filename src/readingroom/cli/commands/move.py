"""The command move."""

import datetime as dt
from pathlib import Path

import click

from readingroom.cli.options import dry_run_option, format_examples, root_option
from readingroom.cli.schedule_change import apply_change, session_argument
from readingroom.core.models import Group
from readingroom.edit import reschedule
from readingroom.io import disk
from readingroom.parsing import dates
from readingroom.store import catalogue


@click.command(
    "move",
    epilog=format_examples(
        "readingroom move 21 2024-01-22",
        "readingroom move 21-retentive-networks 2024-01-22 --time 14:00",
        'readingroom move 21 2024-01-22 --time ""',
    ),
)
@session_argument
@click.argument("date")
@click.option("--time", help='The new time, if that changes too; "" for the group\'s usual time.')
@click.option("--room", help='The new room, if that changes too; "" for none.')
@root_option
@dry_run_option
def run_command(session: str, date: str, root: Path, *, dry_run: bool, **changed: str | None) -> None:
    """Move a SESSION to another DATE.

    SESSION is the name or the number of its folder; DATE has its year, as in 2024-01-15 or "15 January 2024".
    Nothing else in its file changes. A session that was cancelled, postponed or proposed takes place again. An empty
    --time or --room is removed from the file: the group's usual time applies again, and no room is shown.
    """
    tree = disk.read_tree(root)
    changes = {key: value for key, value in changed.items() if value is not None}
    day = _parse_date(date, catalogue.read_group(tree))
    apply_change(root, tree, reschedule.move_session(tree, session, day, changes), dry_run=dry_run)


def _parse_date(text: str, group: Group) -> dt.date:
    """Return the typed day; refuse one that may be two days."""
    try:
        day = dates.parse_day(text, group.date_format, group.locale)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="DATE") from None
    if day.time:
        raise click.BadParameter(f'found the time "{day.time}". Write it after --time.', param_hint="DATE")
    if day.other:
        message = f'found "{text}", which may be {day.date} or {day.other}. Write one of them.'
        raise click.BadParameter(message, param_hint="DATE")
    return day.date
