"""The command that shows the site while one writes: serve."""

from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING

import click

from readingroom.cli.options import examples, root_option, today_option
from readingroom.cli.site import made_of
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.io.file_watch import Seals
    from readingroom.io.preview_server import Shown

_PAUSE = 0.5


@click.command(epilog=examples("readingroom serve", "readingroom serve --port 8080"))
@root_option
@today_option
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, help="The port; 0 takes a free one.")
def serve(root: "Path", today: "dt.date | None", port: int) -> None:
    """Show the site on this machine, and make it anew when a file changes.

    Nothing is written. Pages that are open load themselves again. Ctrl-C ends it.
    """
    import time  # noqa: PLC0415

    from readingroom.io import file_watch, preview_server  # noqa: PLC0415

    shown = preview_server.Shown()
    seen = _look(root, shown)  # before the first build: what changes during it is not lost
    _show(root, today, shown)
    seen = {**_look(root, shown), **seen}
    with suppress(KeyboardInterrupt), ExitStack() as stack:
        try:
            found = stack.enter_context(preview_server.serving(shown, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} cannot be used ({error.strerror}). Name another with --port."
            ) from error
        click.echo(f"The site is at http://localhost:{found}/ until you press Ctrl-C.")
        file_watch.watch(
            seen, partial(_look, root, shown), partial(time.sleep, _PAUSE), partial(show_again, root, today, shown)
        )


def _look(root: "Path", shown: "Shown") -> "Seals":
    """Return the seals of all that a site is made of: the group's files, and whatever else the last one copied."""
    from readingroom.io import file_watch  # noqa: PLC0415

    folders = [root / name for name in ("readingroom.yml", "sessions", "templates")]
    others = [each for each in shown.copies.values() if not each.is_relative_to(root / "sessions")]
    return file_watch.seals([*folders, *others])


def _show(root: "Path", today: "dt.date | None", shown: "Shown") -> None:
    from readingroom.io import cache, disk  # noqa: PLC0415

    found = disk.read(root)
    made = made_of(found, cache.of(root), today)
    console.tell(made.findings)
    shown.show(made.files, {path: root / source for path, source in made.copies.items()})


def show_again(root: "Path", today: "dt.date | None", shown: "Shown") -> None:
    """Show the site as the files are now; where they have problems, tell them and keep the site as it was."""
    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415

    try:
        _show(root, today, shown)
    except Invalid as invalid:
        console.tell(invalid.problems)
    except OSError as error:
        click.echo(f"{error.filename} cannot be read ({error.strerror}).", err=True)
    else:
        click.echo("The site was made anew.")
        return
    click.echo("The site stays as it was until this is mended.", err=True)
