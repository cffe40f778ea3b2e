"""The command rename."""

import datetime as dt
from pathlib import Path

import click

from readingroom.cli.options import dry_run_option, format_examples, root_option, today_option
from readingroom.cli.schedule_change import session_argument
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.session_path import SessionPath
from readingroom.edit.rename_session import Renaming, rename_session
from readingroom.io import cache, console, disk


@click.command(
    "rename", epilog=format_examples("readingroom rename 21", "readingroom rename 21 21-retentive-networks-revisited")
)
@session_argument
@click.argument("name", default="")
@root_option
@today_option
@dry_run_option
def run_command(session: str, name: str, root: Path, today: dt.date | None, *, dry_run: bool) -> None:
    """Give the folder of a SESSION another NAME.

    Without a NAME, it is made from the session's title. The session keeps its number unless NAME begins with another
    one. Its event in calendars stays the same one, the site leads from the old address to the new one, and sessions
    that continue it name the new folder.
    """
    tree = disk.read_tree(root)
    renaming = rename_session(tree, session, name)
    if renaming.new == renaming.old:
        click.echo("Nothing to do: that is already the case.")
        return
    console.print_diagnostics(_check_renaming(renaming, today))
    click.echo(f"{SessionPath(renaming.old).directory} becomes {SessionPath(renaming.new).directory}")
    if dry_run:
        console.print_diff(disk.iter_diff(tree, renaming.files))
        return
    # In this order a run that was interrupted is completed by the next one.
    disk.write_files(root, renaming.files)
    disk.rename_folder(root, SessionPath(renaming.old).directory, SessionPath(renaming.new).directory)
    click.echo("Then run: readingroom build")


def _check_renaming(renaming: Renaming, today: dt.date | None) -> list[Diagnostic]:
    """Return the warnings about the session under its new name.

    Raises Invalid if the next build would take it for another one, since too much of it has changed.
    """
    from readingroom.render import announcements, build  # noqa: PLC0415 -- 50 ms that a wrong name does not need

    catalogue, log = build.read_catalogue_and_revisions(renaming.tree)
    before = log.revisions.get(renaming.old)
    if before and (before.is_event or before.rest):
        day = today or cache.get_today(catalogue.group.time_zone)
        revision = announcements.update_revisions(log, catalogue, day).revisions.get(renaming.new)
        if revision is None or renaming.old not in revision.addresses:
            message = "would not be recognised as the session that was announced."
            hint = "Run readingroom build first, or keep the number."
            location = Location(SessionPath(renaming.old).directory)
            raise Invalid([Diagnostic(location, Code.SESSION_CHANGE_REFUSED, message, hint)])
    path = SessionPath(renaming.new).directory
    return [each for each in catalogue.findings if path in f"{each.file} {each.message}"]
