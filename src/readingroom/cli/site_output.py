"""The site in a folder: what build, site, serve and the action share."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readingroom.core.diagnostics import Diagnostic
from readingroom.core.tree import ANNOUNCED_PATH, Tree
from readingroom.io import cache, console, disk, file_watch, parallel, session_reader, site_folder
from readingroom.io.cache import Cache, CachedSite
from readingroom.text.phrases import format_count

if TYPE_CHECKING:
    from readingroom.site.build import BuiltSite

DEFAULT_FOLDER = "_site"


def write_site(
    root: Path, tree: Tree, group_cache: Cache, today: dt.date | None, out: Path | None = None
) -> list[Diagnostic]:
    """Write the site of a group's files and print what changed; return the findings about them."""
    findings = prepare_site(root, tree, group_cache, today, out)()
    if ANNOUNCED_PATH in tree.contents:
        return findings
    from readingroom.render import announcements  # noqa: PLC0415 -- what an unchanged site does not need

    return sorted([*findings, *announcements.check_record(tree)])


def prepare_site(
    root: Path, tree: Tree, group_cache: Cache, today: dt.date | None, out: Path | None = None
) -> Callable[[], list[Diagnostic]]:
    """Build the site if it has changed; return a function that writes it, prints what changed, returns the findings.

    Raises Invalid with the errors in the group's files; the function raises ClickException if the folder holds other
    files.
    """
    unchanged = group_cache.find_unchanged_site(tree, today, _format_out(out))
    if unchanged and file_watch.compute_fingerprint(unchanged.paths) == unchanged.fingerprint:
        return partial(_report_unchanged_site, unchanged)
    return partial(_write_built_site, root, tree, group_cache, build_site(tree, today, group_cache), out)


def _format_out(out: Path | None) -> str:
    return str(out.absolute()) if out else ""


def _report_unchanged_site(unchanged: CachedSite) -> list[Diagnostic]:
    click.echo(_UP_TO_DATE)
    return unchanged.findings


def _write_built_site(
    root: Path, tree: Tree, group_cache: Cache, site: "BuiltSite", out: Path | None
) -> list[Diagnostic]:
    folder = out or root / ((site.group.site and site.group.site.folder) or DEFAULT_FOLDER)
    copies = {path: root / source for path, source in site.copies.items()}
    try:
        changed = _update_folder(folder, root, site, copies)
    except site_folder.OutputFolderError as error:
        raise click.ClickException(str(error)) from error
    paths = [str(path.absolute()) for path in (folder, *copies.values())]
    written = CachedSite(paths, file_watch.compute_fingerprint(paths), site.findings)
    group_cache.store_site(tree, site, _format_out(out), written)
    click.echo(
        f"{format_count(changed, 'file')} of the site changed. Open {folder / 'index.html'}."
        if changed
        else _UP_TO_DATE
    )
    return site.findings


def _update_folder(folder: Path, root: Path, site: "BuiltSite", copies: dict[str, Path]) -> int:
    """Write the site to its folder; return the number of files that changed."""
    before = site_folder.read_manifest(folder, root)
    if site_folder.is_missing_or_empty(folder):
        if site_folder.write_new_site(folder, site.files, copies):
            return len(site.files) + len(copies)
        before = site_folder.read_manifest(folder, root)
    changes = site_folder.plan_site_update(folder, before, site.files, copies)
    disk.write_files(folder, changes.first)
    disk.write_files(folder, changes.files)
    site_folder.copy_files(folder, changes.copies)
    disk.write_files(folder, changes.last)
    return changes.number


_UP_TO_DATE = "The site is up to date."


def build_site(tree: Tree, today: dt.date | None, group_cache: Cache) -> "BuiltSite":
    """Return the site of a group's files; report progress where that takes long."""
    reader = session_reader.BackgroundReader(tree)
    # 80 ms that an unchanged site does not need, and during which other processes read sessions.
    from readingroom.site import build  # noqa: PLC0415

    console.print_progress(tree, "Rendering")
    from readingroom.site.sharing import images  # noqa: PLC0415

    draw = partial(group_cache.draw_image, draw=images.draw_png)
    clock = cache.make_clock(today)
    site = build.build_site(tree, clock, read_all=reader.read_all, share=parallel.map_parallel, draw=draw)
    group_cache.drop_old_images()
    return site
