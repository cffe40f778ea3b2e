"""The command for the people who attend: site, and what of it others use."""

import sys
from typing import TYPE_CHECKING

import click

from readingroom import console
from readingroom.commands.options import OK, TO_MEND, examples, root_option, today_option

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.files import Tree
    from readingroom.memo import Memo
    from readingroom.problems import Finding
    from readingroom.site.whole import Made

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

    from readingroom import memo, tree  # noqa: PLC0415

    console.tell(written(root, tree.read(root), memo.of(root), today, Path(out) if out else None))
    sys.exit(OK)


def written(
    root: "Path", found: "Tree", known: "Memo", today: "dt.date | None", out: "Path | None" = None
) -> "list[Finding]":
    """Write the site of a group's files and say so; return what is worth telling of them.

    Raises Invalid with the problems of the group's files, and click's error if the folder holds others' files.
    """
    from readingroom import output  # noqa: PLC0415

    try:
        return _written(root, found, known, today, out)
    except output.Foreign as error:
        raise click.ClickException(str(error)) from error


def _written(
    root: "Path", found: "Tree", known: "Memo", today: "dt.date | None", out: "Path | None"
) -> "list[Finding]":
    from readingroom import output, tree, watching  # noqa: PLC0415
    from readingroom.memo import SettledSite  # noqa: PLC0415

    asked = str(out.absolute()) if out else ""
    settled = known.site(found, today, asked)
    if settled and watching.seal(settled.places) == settled.seal:
        click.echo(_RIGHT)
        return settled.findings
    made = made_of(found, known, today)
    folder = out or root / ((made.group.site and made.group.site.folder) or DEFAULT)
    copies = {path: root / source for path, source in made.copies.items()}
    before = output.listed(folder, root)
    if output.is_new(folder):
        output.lay(folder, made.files, copies)
        changed = len(made.files) + len(copies)
    else:
        changes = output.changes(folder, before, made.files, copies)
        tree.write(folder, changes.first)
        tree.write(folder, changes.files)
        output.copy(folder, changes.copies)
        tree.write(folder, changes.last)
        changed = changes.number
    places = [str(each.absolute()) for each in (folder, *copies.values())]
    known.settle_site(found, made, asked, SettledSite(places, watching.seal(places), made.findings))
    click.echo(
        f"{console.counted(changed, 'file')} of the site changed. Open {folder / 'index.html'}." if changed else _RIGHT
    )
    return made.findings


_RIGHT = "The site is right: nothing to do."


def laid(root: "Path", today: "dt.date | None") -> int:
    """Write the site where a step that follows finds it, as the action does; return the exit code."""
    from readingroom import actions, memo, tree  # noqa: PLC0415
    from readingroom.problems import Invalid  # noqa: PLC0415

    folder = actions.new_folder("readingroom-site")
    try:
        for finding in written(root, tree.read(root), memo.of(root), today, folder):
            click.echo(actions.annotation(finding))
    except Invalid as invalid:
        for problem in invalid.problems:
            click.echo(actions.annotation(problem))
        return TO_MEND
    if folder:
        actions.set_outputs({"site": str(folder)})
    return OK


def made_of(found: "Tree", known: "Memo", today: "dt.date | None") -> "Made":
    """Return the site of a group's files, and say so where that takes long."""
    from readingroom import memo, workers  # noqa: PLC0415

    known.start_reading(found)
    from readingroom.site import whole  # noqa: PLC0415 -- imports what takes as long as reading 500 sessions

    console.say_step(found, "Rendering")
    return whole.made(
        found,
        memo.clock(today),
        read_all=known.read_files,
        share=workers.share,
        cache=known.compiled_templates(),
    )
