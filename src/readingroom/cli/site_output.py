"""The site in a folder: what build, site, serve and the action share."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readingroom.core.diagnostics import Diagnostic
from readingroom.core.tree import Tree
from readingroom.io import cache, console, disk, file_watch, parallel, session_reader, site_folder
from readingroom.io.cache import Cache, CachedSite
from readingroom.text.phrases import format_count

if TYPE_CHECKING:
    from readingroom.site.build import BuiltSite

DEFAULT_FOLDER = "_site"


def write_site(
    root: Path, tree: Tree, group_cache: Cache, today: dt.date | None, out: Path | None = None
) -> list[Diagnostic]:
    """Write the site of a group's files and print what changed; return the findings about them.

    Raises Invalid with the errors in the group's files, and ClickException if the folder holds other files.
    """
    try:
        return _write_changed_site(root, tree, group_cache, today, out)
    except site_folder.OutputFolderError as error:
        raise click.ClickException(str(error)) from error


def _write_changed_site(
    root: Path, tree: Tree, group_cache: Cache, today: dt.date | None, out: Path | None
) -> list[Diagnostic]:
    out_path = str(out.absolute()) if out else ""
    unchanged = group_cache.find_unchanged_site(tree, today, out_path)
    if unchanged and file_watch.compute_fingerprint(unchanged.paths) == unchanged.fingerprint:
        click.echo(_UP_TO_DATE)
        return unchanged.findings
    site = build_site(tree, today)
    folder = out or root / ((site.group.site and site.group.site.folder) or DEFAULT_FOLDER)
    copies = {path: root / source for path, source in site.copies.items()}
    before = site_folder.read_manifest(folder, root)
    if site_folder.is_missing_or_empty(folder):
        site_folder.write_new_site(folder, site.files, copies)
        changed = len(site.files) + len(copies)
    else:
        changes = site_folder.plan_site_update(folder, before, site.files, copies)
        disk.write_files(folder, changes.first)
        disk.write_files(folder, changes.files)
        site_folder.copy_files(folder, changes.copies)
        disk.write_files(folder, changes.last)
        changed = changes.number
    paths = [str(path.absolute()) for path in (folder, *copies.values())]
    written = CachedSite(paths, file_watch.compute_fingerprint(paths), site.findings)
    group_cache.store_site(tree, site, out_path, written)
    click.echo(
        f"{format_count(changed, 'file')} of the site changed. Open {folder / 'index.html'}."
        if changed
        else _UP_TO_DATE
    )
    return site.findings


_UP_TO_DATE = "The site is up to date."


def build_site(tree: Tree, today: dt.date | None) -> "BuiltSite":
    """Return the site of a group's files; report progress where that takes long."""
    read_all = session_reader.start_reading_sessions(tree)
    # 80 ms that an unchanged site does not need, and during which other processes read sessions.
    from readingroom.site import build  # noqa: PLC0415

    console.print_progress(tree, "Rendering")
    return build.build_site(tree, cache.make_clock(today), read_all=read_all, share=parallel.map_parallel)
