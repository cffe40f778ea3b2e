"""The command serve."""

import datetime as dt
import time
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

import click

from readingroom.cli.options import format_examples, root_option, today_option
from readingroom.cli.site_output import build_site
from readingroom.core.diagnostics import Invalid
from readingroom.io import cache, console, disk, file_watch, preview_server
from readingroom.io.file_watch import Fingerprints
from readingroom.io.preview_server import ServedSite

_POLL_SECONDS = 0.5


@click.command("serve", epilog=format_examples("readingroom serve", "readingroom serve --port 8080"))
@root_option
@today_option
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, help="The port; 0 takes any free one.")
def run_command(root: Path, today: dt.date | None, port: int) -> None:
    """Preview the site on this machine and update it on every change.

    Nothing is written. Open pages reload by themselves. Press Ctrl-C to stop.
    """
    served = ServedSite()
    seen = _compute_fingerprints(root, served)  # before the first build: what changes during it is not lost
    _update_site(root, today, served)
    seen = {**_compute_fingerprints(root, served), **seen}
    with suppress(KeyboardInterrupt), ExitStack() as stack:
        try:
            actual_port = stack.enter_context(preview_server.serve_site(served, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} cannot be used ({error.strerror}). Choose another with --port."
            ) from error
        click.echo(f"The site is at http://localhost:{actual_port}/ until you press Ctrl-C.")
        file_watch.watch_files(
            seen,
            partial(_compute_fingerprints, root, served),
            partial(time.sleep, _POLL_SECONDS),
            partial(update_site_on_change, root, today, served),
        )


def _compute_fingerprints(root: Path, served: ServedSite) -> Fingerprints:
    """Return the fingerprints of all that a site is built from: the group's files, and others that were copied."""
    folders = [root / name for name in ("readingroom.yml", "sessions", "templates")]
    others = [path for path in served.copies.values() if not path.is_relative_to(root / "sessions")]
    return file_watch.collect_fingerprints([*folders, *others])


def _update_site(root: Path, today: dt.date | None, served: ServedSite) -> None:
    site = build_site(disk.read_tree(root), today, cache.open_cache(root))
    console.print_diagnostics(site.findings)
    served.update_files(site.files, {path: root / source for path, source in site.copies.items()})


def update_site_on_change(root: Path, today: dt.date | None, served: ServedSite) -> None:
    """Serve the site of the files as they are now; if they have problems, report these and keep the site as it was."""
    try:
        _update_site(root, today, served)
    except Invalid as invalid:
        console.print_diagnostics(invalid.problems)
    except OSError as error:
        click.echo(f"{error.filename} cannot be read ({error.strerror}).", err=True)
    else:
        click.echo("The site was updated.")
        return
    click.echo("The site stays as it was until this is fixed.", err=True)
