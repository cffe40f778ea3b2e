"""The command for the people who attend: site, and what of it others use."""

import sys
from typing import TYPE_CHECKING

import click

from readingroom.cli.options import OK, TO_MEND, examples, root_option, today_option
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.core.diagnostics import Finding
    from readingroom.core.tree import Tree
    from readingroom.io.cache import Memo
    from readingroom.site.build import Made

DEFAULT = "_site"


@click.command(
    epilog=examples("readingroom site", "readingroom site --out public", "readingroom site --today 2024-01-15")
)
@root_option
@today_option
@click.option(
    "--out",
    type=click.Path(),
    help="The folder to write the site into; by default that of readingroom.yml, or else _site below the root.",
)
def site(root: "Path", today: "dt.date | None", out: str | None) -> None:
    """Write the calendar, the feed, the data and the web page.

    Only what changed is written, and what is no longer needed is removed. The folder must be one for the site alone:
    a folder with other files in it is refused.
    """
    from pathlib import Path  # noqa: PLC0415

    from readingroom.io import cache, disk  # noqa: PLC0415

    console.tell(written(root, disk.read(root), cache.of(root), today, Path(out) if out else None))
    sys.exit(OK)


def written(
    root: "Path", found: "Tree", known: "Memo", today: "dt.date | None", out: "Path | None" = None
) -> "list[Finding]":
    """Write the site of a group's files and say so; return what is worth telling of them.

    Raises Invalid with the problems of the group's files, and click's error if the folder holds others' files.
    """
    from readingroom.io import site_folder  # noqa: PLC0415

    try:
        return _written(root, found, known, today, out)
    except site_folder.Foreign as error:
        raise click.ClickException(str(error)) from error


def _written(
    root: "Path", found: "Tree", known: "Memo", today: "dt.date | None", out: "Path | None"
) -> "list[Finding]":
    from readingroom.io import disk, file_watch, site_folder  # noqa: PLC0415
    from readingroom.io.cache import SettledSite  # noqa: PLC0415

    asked = str(out.absolute()) if out else ""
    settled = known.site(found, today, asked)
    if settled and file_watch.seal(settled.places) == settled.seal:
        click.echo(_RIGHT)
        return settled.findings
    made = made_of(found, known, today)
    folder = out or root / ((made.group.site and made.group.site.folder) or DEFAULT)
    copies = {path: root / source for path, source in made.copies.items()}
    before = site_folder.listed(folder, root)
    if site_folder.is_new(folder):
        site_folder.lay(folder, made.files, copies)
        changed = len(made.files) + len(copies)
    else:
        changes = site_folder.changes(folder, before, made.files, copies)
        disk.write(folder, changes.first)
        disk.write(folder, changes.files)
        site_folder.copy(folder, changes.copies)
        disk.write(folder, changes.last)
        changed = changes.number
    places = [str(each.absolute()) for each in (folder, *copies.values())]
    known.settle_site(found, made, asked, SettledSite(places, file_watch.seal(places), made.findings))
    click.echo(
        f"{console.counted(changed, 'file')} of the site changed. Open {folder / 'index.html'}." if changed else _RIGHT
    )
    return made.findings


_RIGHT = "The site is right: nothing to do."


def laid(root: "Path", today: "dt.date | None") -> int:
    """Write the site where a step that follows finds it, as the action does; return the exit code."""
    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415
    from readingroom.io import actions_log, cache, disk  # noqa: PLC0415

    folder = actions_log.new_folder("readingroom-site")
    try:
        for finding in written(root, disk.read(root), cache.of(root), today, folder):
            click.echo(actions_log.annotation(finding))
    except Invalid as invalid:
        for problem in invalid.problems:
            click.echo(actions_log.annotation(problem))
        return TO_MEND
    if folder:
        actions_log.set_outputs({"site": str(folder)})
    return OK


def made_of(found: "Tree", known: "Memo", today: "dt.date | None") -> "Made":
    """Return the site of a group's files, and say so where that takes long."""
    from readingroom.io import cache, parallel  # noqa: PLC0415

    known.start_reading(found)
    from readingroom.site import build  # noqa: PLC0415 -- imports what takes as long as reading 500 sessions

    console.say_step(found, "Rendering")
    return build.made(
        found,
        cache.clock(today),
        read_all=known.read_files,
        share=parallel.share,
        cache=known.compiled_templates(),
    )
