"""The command line: the group of all commands, and how it ends.

Exit codes: 0 all is well; 1 something is to be mended (a problem, a stale page, a hand edit); 2 the command could
not be carried out (a wrong option, an unreadable folder, an interruption); 3 a fault in readingroom itself.
"""

import gc
import os
import sys
from typing import NoReturn

import click

from readingroom import __version__
from readingroom.cli import doctor, form, import_, init, pages, propose, run, serve, sessions, site
from readingroom.cli.options import CANNOT_RUN, INTERNAL_ERROR, NEEDS_FIX, OK, format_examples
from readingroom.io import console

BUG_REPORT_HINT = "This is a fault in readingroom. Please report it with the lines above: https://github.com/readingroom/readingroom/issues"


@click.group(
    "readingroom",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: readingroom init. Documentation: docs/ in the project's repository.",
)
@click.version_option(__version__, prog_name="readingroom")
def dispatch_command() -> None:
    """Keep a reading group's schedule, archive and session pages from small files."""


@dispatch_command.command(
    "completion",
    epilog=format_examples(
        'eval "$(readingroom completion bash)"',
        "readingroom completion fish > ~/.config/fish/completions/readingroom.fish",
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def print_completion_command(shell: str) -> None:
    """Print the script that completes readingroom's commands in a shell."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    click.echo(kind(dispatch_command, {}, "readingroom", "_READINGROOM_COMPLETE").source())


for command in (
    init.init_command,
    pages.build_command,
    pages.check_command,
    pages.show_command,
    site.write_site_command,
    serve.serve_command,
    sessions.create_command,
    sessions.move_command,
    sessions.cancel_command,
    sessions.postpone_command,
    sessions.swap_command,
    form.print_form_command,
    import_.import_command,
    propose.propose_command,
    run.run_command,
    doctor.run_doctor_command,
):
    dispatch_command.add_command(command)


def main() -> NoReturn:
    """Run the command line, and end with one of its exit codes."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    gc.disable()  # a run is short and makes few cycles; collecting takes a fifth of a large build
    sys.exit(_run_cli())


def _run_cli() -> int:
    try:
        return dispatch_command.main(standalone_mode=False) or OK
    except click.ClickException as error:
        error.show()
        return CANNOT_RUN
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; every file is whole.", err=True)
    except BrokenPipeError:
        # Whoever read it has gone: do not fail again when Python flushes at exit.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        place = error.filename2 or error.filename
        click.echo(f"Cannot go on: {error.strerror or error}{f': {place}' if place else ''}", err=True)
    except Exception as error:  # noqa: BLE001 -- the last net
        return _report_exception(error)
    return CANNOT_RUN


def _report_exception(error: Exception) -> int:
    """Tell the problems of an input; or, of a fault, all there is to know, and ask for a report."""
    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415

    if isinstance(error, Invalid):
        console.print_diagnostics(error.problems)
        click.echo(f"{console.format_count(len(error.problems), 'problem')}; nothing was written.", err=True)
        return NEEDS_FIX
    import traceback  # noqa: PLC0415

    traceback.print_exception(error)
    click.echo(BUG_REPORT_HINT, err=True)
    return INTERNAL_ERROR
