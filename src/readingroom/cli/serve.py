"""The command that shows the site while one writes: serve."""

from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING

import click

from readingroom.cli.options import format_examples, root_option, today_option
from readingroom.cli.site import build_cached_site
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.io.file_watch import Fingerprints
    from readingroom.io.preview_server import ServedSite

_POLL_SECONDS = 0.5


@click.command(epilog=format_examples("readingroom serve", "readingroom serve --port 8080"))
@root_option
@today_option
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, help="The port; 0 takes a free one.")
def serve_command(root: "Path", today: "dt.date | None", port: int) -> None:
    """Show the site on this machine, and make it anew when a file changes.

    Nothing is written. Pages that are open load themselves again. Ctrl-C ends it.
    """
    import time  # noqa: PLC0415

    from readingroom.io import file_watch, preview_server  # noqa: PLC0415

    shown = preview_server.ServedSite()
    seen = _compute_fingerprints(root, shown)  # before the first build: what changes during it is not lost
    _update_site(root, today, shown)
    seen = {**_compute_fingerprints(root, shown), **seen}
    with suppress(KeyboardInterrupt), ExitStack() as stack:
        try:
            found = stack.enter_context(preview_server.serve_site(shown, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} cannot be used ({error.strerror}). Name another with --port."
            ) from error
        click.echo(f"The site is at http://localhost:{found}/ until you press Ctrl-C.")
        file_watch.watch_files(
            seen,
            partial(_compute_fingerprints, root, shown),
            partial(time.sleep, _POLL_SECONDS),
            partial(update_site_on_change, root, today, shown),
        )


def _compute_fingerprints(root: "Path", shown: "ServedSite") -> "Fingerprints":
    """Return the seals of all that a site is made of: the group's files, and whatever else the last one copied."""
    from readingroom.io import file_watch  # noqa: PLC0415

    folders = [root / name for name in ("readingroom.yml", "sessions", "templates")]
    others = [each for each in shown.copies.values() if not each.is_relative_to(root / "sessions")]
    return file_watch.collect_fingerprints([*folders, *others])


def _update_site(root: "Path", today: "dt.date | None", shown: "ServedSite") -> None:
    from readingroom.io import cache, disk  # noqa: PLC0415

    found = disk.read_tree(root)
    made = build_cached_site(found, cache.open_cache(root), today)
    console.print_diagnostics(made.findings)
    shown.update_files(made.files, {path: root / source for path, source in made.copies.items()})


def update_site_on_change(root: "Path", today: "dt.date | None", shown: "ServedSite") -> None:
    """Show the site as the files are now; where they have problems, tell them and keep the site as it was."""
    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415

    try:
        _update_site(root, today, shown)
    except Invalid as invalid:
        console.print_diagnostics(invalid.problems)
    except OSError as error:
        click.echo(f"{error.filename} cannot be read ({error.strerror}).", err=True)
    else:
        click.echo("The site was made anew.")
        return
    click.echo("The site stays as it was until this is mended.", err=True)
