"""The command build."""

import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readingroom.cli import site_output
from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.options import format_examples, root_option, today_option
from readingroom.core.tree import Files, Tree
from readingroom.io import cache, console, disk, group_id, parallel, session_reader

if TYPE_CHECKING:
    from readingroom.render.build import BuildResult, DateClock


@click.command(
    "build",
    epilog=format_examples("readingroom build", "readingroom build --check", "readingroom build --today 2024-01-15"),
)
@root_option
@today_option
@click.option("--check", is_flag=True, help="Write nothing; show what would change, and exit with 1 if anything would.")
@click.option("--force", is_flag=True, help="Replace generated text that was edited manually.")
@click.option(
    "--keep-ids",
    is_flag=True,
    help="If there is no sessions/announced.yml yet, keep the identities of events and feed entries under which the "
    "command site alone has published them.",
)
def run_command(root: Path, today: dt.date | None, *, check: bool, force: bool, keep_ids: bool) -> None:
    """Update the generated pages from the session files.

    Only changed files are written. A generated page or region that was edited manually is reported and kept, unless
    --force is given. If readingroom.yml names a folder for the site, the site is updated too; --check looks at the
    pages only.
    """
    group_cache, tree = cache.open_cache(root), disk.read_tree(root)
    if not force and (unchanged := group_cache.find_unchanged_build(tree, today)):
        console.print_diagnostics(unchanged.findings)
        click.echo("Every page is up to date.")
        if unchanged.makes_site and not check:
            site_output.write_site(root, tree, group_cache, today)
        return
    new_id = "" if keep_ids else group_id.draw_group_id()
    outcome = _build_pages(tree, cache.make_clock(today), new_id, force=force)
    console.print_diagnostics([*outcome.findings, *outcome.kept])
    if check:
        console.print_diff(disk.iter_diff(tree, outcome.changes))
        sys.exit(ExitCode.NEEDS_FIX if outcome.changes or outcome.kept else ExitCode.OK)
    write_site = None
    if outcome.catalogue.group.makes_site:  # built before anything is written, since its templates may be wrong
        after = replace(tree, contents=_apply_changes(tree, outcome))
        write_site = site_output.prepare_site(root, after, group_cache, today)
    if len(outcome.changes) > console.PROGRESS_THRESHOLD:
        console.print_progress(tree, "Writing")
    disk.write_files(root, outcome.changes)
    if not outcome.kept:
        group_cache.store_build(tree, outcome)
    if outcome.changes or not outcome.kept:
        console.print_changes(outcome.changes)
    if write_site:
        write_site()
    sys.exit(ExitCode.NEEDS_FIX if outcome.kept else ExitCode.OK)


def _apply_changes(tree: Tree, outcome: "BuildResult") -> Files:
    contents = {**tree.contents, **outcome.changes}
    return {path: content for path, content in contents.items() if content is not None}


def _build_pages(tree: Tree, clock: "DateClock", new_id: str, *, force: bool) -> "BuildResult":
    reader = session_reader.BackgroundReader(tree, renders_form=True)
    # 50 ms that a build without changes does not need, and during which other processes read sessions.
    from readingroom.render import build, templates  # noqa: PLC0415

    if not tree.list_own_templates():
        templates.compile_page_templates()
    console.print_progress(tree, "Rendering")
    return build.build_pages(
        tree,
        clock,
        new_id=new_id,
        force=force,
        workers=build.Workers(reader.read_all, reader.render_form, parallel.map_parallel, parallel.start_task),
    )
