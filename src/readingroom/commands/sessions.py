"""The commands that write and change session files."""

import sys
from typing import TYPE_CHECKING, Any

import click

from readingroom import console
from readingroom.commands.options import examples, root_option, today_option

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


@click.command(
    epilog=examples(
        "readingroom new",
        'readingroom new --title "Retentive Networks" --date 2024-01-15 --lead "Ed Gunn, https://github.com/egunn-turing"',
    ),
)
@root_option
@click.option("--title", help="What the session is about.")
@click.option("--date", help="The day, as YYYY-MM-DD.")
@click.option("--time", help="When it starts, as HH:MM, if not at the group's usual time.")
@click.option("--kind", help="The kind of session.")
@click.option("--room", help="Where it takes place; by default the group's usual room.")
@click.option("--status", help="confirmed (the default), tbc, postponed, cancelled, open or proposed.")
@click.option("--lead", "leads", multiple=True, help='Who leads it, as "Name" or "Name, https://..."; may be repeated.')
@today_option
def new(root: "Path", today: "dt.date | None", **given: Any) -> None:
    """Write the session.yml of a new session, with comments that explain what else it may hold.

    Without options, on a terminal, it asks.
    """
    from readingroom import catalogue, draft, memo, tree  # noqa: PLC0415

    found = tree.read(root)
    group = catalogue.read_group(found)
    if sys.stdin.isatty() and not any(given.values()):
        given = console.asked(draft.defaults(found, group, today or memo.now(group.time_zone)), group.kinds)
    path, text = draft.session(found, group, given)
    tree.create(root, path, text)
    click.echo(f"Wrote {path}. Look it over, then run: readingroom build")
