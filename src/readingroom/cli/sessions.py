"""The commands that write and change session files."""

import sys
from typing import TYPE_CHECKING, Any

import click

from readingroom.cli.options import DateType, format_examples, root_option, today_option
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.core.tree import Tree
    from readingroom.edit.reschedule import ScheduleChange


@click.command(
    "new",
    epilog=format_examples(
        "readingroom new",
        'readingroom new --title "Retentive Networks" --date 2024-01-15 --lead "Ed Gunn, https://github.com/egunn-turing"',
    ),
)
@root_option
@click.option("--title", help="What the session is about.")
@click.option("--date", help="The day, as YYYY-MM-DD.")
@click.option("--time", help="When it starts, and maybe ends, if not at the group's usual time: 14:00, or 14:00-15:30.")
@click.option("--kind", help="The kind of session.")
@click.option("--room", help="Where it takes place; by default the group's usual room.")
@click.option("--status", help="confirmed (the default), tbc, postponed, cancelled, open or proposed.")
@click.option("--lead", "leads", multiple=True, help='Who leads it, as "Name" or "Name, https://..."; may be repeated.')
@today_option
def create_command(root: "Path", today: "dt.date | None", **given: Any) -> None:
    """Write the session.yml of a new session, with comments that explain what else it may hold.

    Without options, on a terminal, it asks.
    """
    from readingroom.edit import new_session  # noqa: PLC0415
    from readingroom.io import cache, disk  # noqa: PLC0415
    from readingroom.store import catalogue  # noqa: PLC0415

    found = disk.read_tree(root)
    group = catalogue.read_group(found)
    if sys.stdin.isatty() and not any(given.values()):
        given = console.ask_session(
            new_session.suggest_session_defaults(found, group, today or cache.get_today(group.time_zone)), group.kinds
        )
    path, text = new_session.build_session_file(found, group, given)
    disk.create_file(root, path, text)
    click.echo(f"Wrote {path}. Look it over, then run: readingroom build")


_session = click.argument("session")
_dry_run = click.option("--dry-run", is_flag=True, help="Write nothing; show what would change.")


@click.command(
    epilog=format_examples(
        "readingroom move 21 2024-01-22",
        "readingroom move 21-retentive-networks 2024-01-22 --time 14:00",
        'readingroom move 21 2024-01-22 --time ""',
    )
)
@_session
@click.argument("date", type=DateType())
@click.option("--time", help='When it starts, if that changes too; "" for the group\'s usual time.')
@click.option("--room", help='Where it takes place, if that changes too; "" for none.')
@root_option
@_dry_run
def move_command(session: str, date: "dt.date", root: "Path", *, dry_run: bool, **slot: str | None) -> None:
    """Move a SESSION, by its folder's name or number, to another DATE.

    Nothing else in its file changes. One that was cancelled, postponed or proposed takes place again. An empty
    --time or --room is taken out of the file: then the group's usual time holds again, and no room is told.
    """
    from readingroom.edit import reschedule  # noqa: PLC0415
    from readingroom.io import disk  # noqa: PLC0415

    found = disk.read_tree(root)
    given = {key: value for key, value in slot.items() if value is not None}
    _apply_change(root, found, reschedule.move_session(found, session, date, given), dry_run=dry_run)


@click.command(epilog=format_examples("readingroom cancel 21"))
@_session
@root_option
@_dry_run
def cancel_command(session: str, root: "Path", *, dry_run: bool) -> None:
    """Cancel a SESSION: it stays in the schedule, struck out.

    Nothing else in its file changes.
    """
    from readingroom.edit import reschedule  # noqa: PLC0415
    from readingroom.io import disk  # noqa: PLC0415

    found = disk.read_tree(root)
    _apply_change(root, found, reschedule.cancel_session(found, session), dry_run=dry_run)


@click.command(epilog=format_examples("readingroom postpone 21", "readingroom postpone 21 --keep-date"))
@_session
@click.option("--keep-date", is_flag=True, help="Show it on the old date, as postponed, until that has passed.")
@root_option
@_dry_run
def postpone_command(session: str, root: "Path", *, keep_date: bool, dry_run: bool) -> None:
    """Postpone a SESSION: it is listed last, without a date, until readingroom move gives it another.

    Nothing else in its file changes.
    """
    from readingroom.edit import reschedule  # noqa: PLC0415
    from readingroom.io import disk  # noqa: PLC0415

    found = disk.read_tree(root)
    _apply_change(root, found, reschedule.postpone_session(found, session, keeps_date=keep_date), dry_run=dry_run)


@click.command(epilog=format_examples("readingroom swap 21 22", "readingroom swap 21 22 --keep-rooms"))
@_session
@click.argument("other")
@click.option("--keep-rooms", is_flag=True, help="Let each session keep its room.")
@root_option
@_dry_run
def swap_command(session: str, other: str, root: "Path", *, keep_rooms: bool, dry_run: bool) -> None:
    """Swap a SESSION with an OTHER: each takes the date, the time and the room of the other.

    Nothing else in their files changes.
    """
    from readingroom.edit import reschedule  # noqa: PLC0415
    from readingroom.io import disk  # noqa: PLC0415

    found = disk.read_tree(root)
    _apply_change(root, found, reschedule.swap_sessions(found, session, other, keeps_rooms=keep_rooms), dry_run=dry_run)


def _apply_change(root: "Path", found: "Tree", change: "ScheduleChange", *, dry_run: bool) -> None:
    """Write a change, or show it."""
    from readingroom.io import disk  # noqa: PLC0415

    console.print_diagnostics(change.findings)
    if dry_run:
        console.print_diff(disk.iter_diff(found, change.files))
        return
    disk.write_files(root, change.files)
    for line in change.told:
        click.echo(console.escape_control_characters(line))
    click.echo("Then run: readingroom build" if change.files else "It is so already: nothing to do.")
