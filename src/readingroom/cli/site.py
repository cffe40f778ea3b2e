"""The command for the people who attend: site, and what of it others use."""

import sys
from typing import TYPE_CHECKING

import click

from readingroom.cli.options import NEEDS_FIX, OK, format_examples, root_option, today_option
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.core.diagnostics import Finding
    from readingroom.core.tree import Tree
    from readingroom.io.cache import Cache
    from readingroom.site.build import BuiltSite

DEFAULT_FOLDER = "_site"


@click.command(
    "site",
    epilog=format_examples("readingroom site", "readingroom site --out public", "readingroom site --today 2024-01-15"),
)
@root_option
@today_option
@click.option(
    "--out",
    type=click.Path(),
    help="The folder to write the site into; by default that of readingroom.yml, or else _site below the root.",
)
def write_site_command(root: "Path", today: "dt.date | None", out: str | None) -> None:
    """Write the calendar, the feed, the data and the web page.

    Only what changed is written, and what is no longer needed is removed. The folder must be one for the site alone:
    a folder with other files in it is refused.
    """
    from pathlib import Path  # noqa: PLC0415

    from readingroom.io import cache, disk  # noqa: PLC0415

    console.print_diagnostics(
        write_site(root, disk.read_tree(root), cache.open_cache(root), today, Path(out) if out else None)
    )
    sys.exit(OK)


def write_site(
    root: "Path", found: "Tree", known: "Cache", today: "dt.date | None", out: "Path | None" = None
) -> "list[Finding]":
    """Write the site of a group's files and say so; return what is worth telling of them.

    Raises Invalid with the problems of the group's files, and click's error if the folder holds others' files.
    """
    from readingroom.io import site_folder  # noqa: PLC0415

    try:
        return _write_changed_site(root, found, known, today, out)
    except site_folder.OutputFolderError as error:
        raise click.ClickException(str(error)) from error


def _write_changed_site(
    root: "Path", found: "Tree", known: "Cache", today: "dt.date | None", out: "Path | None"
) -> "list[Finding]":
    from readingroom.io import disk, file_watch, site_folder  # noqa: PLC0415
    from readingroom.io.cache import CachedSite  # noqa: PLC0415

    asked = str(out.absolute()) if out else ""
    settled = known.find_unchanged_site(found, today, asked)
    if settled and file_watch.compute_fingerprint(settled.places) == settled.seal:
        click.echo(_UP_TO_DATE)
        return settled.findings
    made = build_cached_site(found, known, today)
    folder = out or root / ((made.group.site and made.group.site.folder) or DEFAULT_FOLDER)
    copies = {path: root / source for path, source in made.copies.items()}
    before = site_folder.read_manifest(folder, root)
    if site_folder.is_missing_or_empty(folder):
        site_folder.write_new_site(folder, made.files, copies)
        changed = len(made.files) + len(copies)
    else:
        changes = site_folder.plan_site_update(folder, before, made.files, copies)
        disk.write_files(folder, changes.first)
        disk.write_files(folder, changes.files)
        site_folder.copy_files(folder, changes.copies)
        disk.write_files(folder, changes.last)
        changed = changes.number
    places = [str(each.absolute()) for each in (folder, *copies.values())]
    known.store_site(found, made, asked, CachedSite(places, file_watch.compute_fingerprint(places), made.findings))
    click.echo(
        f"{console.format_count(changed, 'file')} of the site changed. Open {folder / 'index.html'}."
        if changed
        else _UP_TO_DATE
    )
    return made.findings


_UP_TO_DATE = "The site is right: nothing to do."


def write_site_artifact(root: "Path", today: "dt.date | None") -> int:
    """Write the site where a step that follows finds it, as the action does; return the exit code."""
    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415
    from readingroom.io import actions_log, cache, disk  # noqa: PLC0415

    folder = actions_log.create_job_folder("readingroom-site")
    try:
        for finding in write_site(root, disk.read_tree(root), cache.open_cache(root), today, folder):
            click.echo(actions_log.format_annotation(finding))
    except Invalid as invalid:
        for problem in invalid.problems:
            click.echo(actions_log.format_annotation(problem))
        return NEEDS_FIX
    if folder:
        actions_log.set_outputs({"site": str(folder)})
    return OK


def build_cached_site(found: "Tree", known: "Cache", today: "dt.date | None") -> "BuiltSite":
    """Return the site of a group's files, and say so where that takes long."""
    from readingroom.io import cache, parallel  # noqa: PLC0415

    known.start_reading_sessions(found)
    from readingroom.site import build  # noqa: PLC0415 -- imports what takes as long as reading 500 sessions

    console.print_progress(found, "Rendering")
    return build.build_site(
        found,
        cache.make_clock(today),
        read_all=known.read_files,
        share=parallel.map_parallel,
        cache=known.get_bytecode_cache(),
    )
