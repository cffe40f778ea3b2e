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
from readingroom.cli.options import FAULT, NOT_DONE, OK, TO_MEND, examples
from readingroom.io import console

REPORT = "This is a fault in readingroom. Please report it with the lines above: https://github.com/readingroom/readingroom/issues"


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: readingroom init. Documentation: docs/ in the project's repository.",
)
@click.version_option(__version__, prog_name="readingroom")
def cli() -> None:
    """Keep a reading group's schedule, archive and session pages from small files."""


@cli.command(
    epilog=examples(
        'eval "$(readingroom completion bash)"',
        "readingroom completion fish > ~/.config/fish/completions/readingroom.fish",
    )
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes readingroom's commands in a shell."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    click.echo(kind(cli, {}, "readingroom", "_READINGROOM_COMPLETE").source())


for command in (
    init.init,
    pages.build,
    pages.check,
    pages.show,
    site.site,
    serve.serve,
    sessions.new,
    sessions.move,
    sessions.cancel,
    sessions.postpone,
    sessions.swap,
    form.form,
    import_.import_,
    propose.propose,
    run.run,
    doctor.doctor,
):
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command line, and end with one of its exit codes."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    gc.disable()  # a run is short and makes few cycles; collecting takes a fifth of a large build
    sys.exit(_run())


def _run() -> int:
    try:
        return cli.main(standalone_mode=False) or OK
    except click.ClickException as error:
        error.show()
        return NOT_DONE
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; every file is whole.", err=True)
    except BrokenPipeError:
        # Whoever read it has gone: do not fail again when Python flushes at exit.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        place = error.filename2 or error.filename
        click.echo(f"Cannot go on: {error.strerror or error}{f': {place}' if place else ''}", err=True)
    except Exception as error:  # noqa: BLE001 -- the last net
        return _failed(error)
    return NOT_DONE


def _failed(error: Exception) -> int:
    """Tell the problems of an input; or, of a fault, all there is to know, and ask for a report."""
    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415

    if isinstance(error, Invalid):
        console.tell(error.problems)
        click.echo(f"{console.counted(len(error.problems), 'problem')}; nothing was written.", err=True)
        return TO_MEND
    import traceback  # noqa: PLC0415

    traceback.print_exception(error)
    click.echo(REPORT, err=True)
    return FAULT
