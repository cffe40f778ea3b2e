"""The command new."""

import datetime as dt
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from readingroom.cli.options import format_examples, root_option, today_option
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.tree import CONFIGURATION
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

    Comments in the file explain what else it may hold. Without options, on a terminal, it asks for the details. A
    session without a date is proposed. The number of its folder follows those of all sessions, and of the open
    proposals in the repository that yours was cloned from, if Git can read them.
    """
    tree = disk.read_tree(root)
    group = catalogue.read_group(tree)
    if sys.stdin.isatty() and not any(details.values()):
        defaults = new_session.suggest_session_defaults(tree, group, today or cache.get_today(group.time_zone))
        find_error = partial(new_session.find_value_error, tree.contents[CONFIGURATION], group)
        details = console.ask_session(defaults, group.kinds, find_error)
    proposed = proposed_folders.fetch_proposed_folders(root)
    try:
        path, text, findings = new_session.build_session_file(tree, group, details, proposed or ())
    except Invalid as invalid:
        raise Invalid(
            [each if each.file in tree.contents else _name_option(each) for each in invalid.problems]
        ) from None
    disk.create_file(root, path, text)
    console.print_diagnostics(findings)
    if proposed is None:
        click.echo(_UNKNOWN, err=True)
    click.echo(f"Wrote {path}. Review it, then run: readingroom build")
    if not details.get("date") and not details.get("status"):
        click.echo(
            "It has no date yet, so its status is proposed, and the schedule lists it as a session without a date."
        )


def _name_option(problem: Diagnostic) -> Diagnostic:
    """Return a problem of the file that was not written with the option that it comes from as its place."""
    key = new_session.get_typed_key(problem)
    return problem._replace(location=Location(f"--{'lead' if key == 'leads' else key}")) if key else problem


_UNKNOWN = (
    "Git could not read the branches of open proposals from origin, so one of them may have the same number. "
    "When you push the session, that proposal gets another one."
)
