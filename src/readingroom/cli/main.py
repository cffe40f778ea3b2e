"""The command line: the table of all commands, and how a run ends.

A new command is a module in cli/commands and a row of ``COMMANDS``.
"""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NoReturn

import click
from click.exceptions import Exit

from readingroom import __version__
from readingroom.cli.exit_codes import ExitCode
from readingroom.text.phrases import format_count

BUG_REPORT_HINT = "This is a bug in readingroom. Please report it with the lines above: https://github.com/readingroom/readingroom/issues"

# The module in cli/commands, with a function other than run_command after a colon, and the first sentence of the
# command's help, which the help of the group shows: the module is imported when the command is called, and not before.
COMMANDS = {
    "init": ("init", "Set up the repository of a reading group."),
    "import": ("import_", "Turn the schedules on hand-written PAGES into session files."),
    "build": ("build", "Update the generated pages from the session files."),
    "check": ("check", "Check every file and report all errors; nothing is written."),
    "show": ("show", "Show what comes next, and which of the last ten sessions lack slides or reading."),
    "list": ("show:run_list", "List every session by date, then those without one."),
    "site": ("site", "Write the calendar, the feed, the data and the web pages."),
    "serve": ("serve", "Preview the site on this machine and update it on every change."),
    "new": ("new", "Write the session.yml of a new session."),
    "move": ("move", "Move a SESSION to another DATE."),
    "cancel": ("cancel", "Cancel a SESSION."),
    "postpone": ("postpone", "Postpone a SESSION to a date that is not known yet."),
    "swap": ("swap", "Swap the dates, times and rooms of SESSION and OTHER."),
    "rename": ("rename", "Give the folder of a SESSION another NAME."),
    "forget": ("forget", "Forget what was announced of a session whose FOLDER was removed."),
    "form": ("form", "Print the issue form for proposals."),
    "propose": ("propose", "Turn a proposal from the issue form into a pull request."),
    "run": ("run", "Do what a workflow's event asks for: the step of the action."),
    "doctor": ("doctor", "Check whether the action can do its work."),
    "completion": ("completion", "Print the script that completes commands in a shell."),
}


class LazyCommand(click.Command):
    """A command that is not imported yet: its name and a line of help, which the group's help and completion show."""


class LazyGroup(click.Group):
    """A group that imports a command when it is called."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, load_command(command.name or "") if isinstance(command, LazyCommand) else command, rest

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _end_on_closed_output():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _end_on_closed_output():
            return super().invoke(ctx)


@contextmanager
def _end_on_closed_output() -> Iterator[None]:
    """End with CANNOT_RUN if the program that reads the output has ended; click would end with 1, a file to fix."""
    try:
        yield
    except BrokenPipeError:
        # Python flushes both at exit, and must not fail again.
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        raise Exit(ExitCode.CANNOT_RUN) from None


def load_command(name: str) -> click.Command:
    """Import a command of the table."""
    module, _, function = COMMANDS[name][0].partition(":")
    command: click.Command = getattr(import_module(f"readingroom.cli.commands.{module}"), function or "run_command")
    return command


@click.group(
    "readingroom",
    cls=LazyGroup,
    commands=[LazyCommand(name, short_help=summary) for name, (_, summary) in COMMANDS.items()],
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: readingroom init. Documentation: docs/ in the project's repository.",
)
@click.version_option(__version__, prog_name="readingroom")
def dispatch_command() -> None:
    """Keep a reading group's schedule, archive and session pages from small files."""


def main() -> NoReturn:
    """Run the command line, and end with one of its exit codes."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    gc.disable()  # a run is short and makes few cycles; collecting takes a fifth of a large build
    try:
        sys.exit(_run_cli())
    except SystemExit as end:  # whose traceback keeps what the command holds
        _leave(end.code)


def _leave(code: object) -> NoReturn:
    """End the process without freeing every object first: that takes a twentieth of a large build."""
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError:
        code = ExitCode.CANNOT_RUN
    os._exit(code if isinstance(code, int) else bool(code))


def _measure_width() -> int:
    """Return the width for help texts as click would, without shutil, whose import takes a twentieth of --help."""
    try:
        columns = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):  # no terminal
        columns = MAX_WIDTH
    return max(min(columns, MAX_WIDTH) - 2, 50)


MAX_WIDTH = 80


def _run_cli() -> int:
    try:
        return dispatch_command.main(standalone_mode=False, terminal_width=_measure_width()) or ExitCode.OK
    except click.ClickException as error:
        error.show()
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; every file is either unchanged or complete.", err=True)
    except OSError as error:
        path = error.filename2 or error.filename
        click.echo(f"Cannot continue: {error.strerror or error}{f': {path}' if path else ''}", err=True)
    except Exception as error:  # noqa: BLE001 -- the last net
        return _report_exception(error)
    return ExitCode.CANNOT_RUN


def _report_exception(error: Exception) -> ExitCode:
    """Print the errors of an input; or the traceback of a bug, and ask for a report."""
    # 2 ms that a run without a failure does not need.
    import traceback  # noqa: PLC0415

    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415
    from readingroom.io import console  # noqa: PLC0415

    if isinstance(error, Invalid):
        console.print_diagnostics(error.problems)
        click.echo(f"{format_count(len(error.problems), 'error')}; nothing was written.", err=True)
        return ExitCode.NEEDS_FIX
    traceback.print_exception(error)
    click.echo(BUG_REPORT_HINT, err=True)
    return ExitCode.INTERNAL_ERROR
