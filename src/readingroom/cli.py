"""The commands. Each is a screen long; what it needs is imported when it runs, so that --help is quick.

Exit codes: 0 all is well; 1 something is to be mended (a problem, a stale page, a hand edit); 2 the command could
not be carried out (a wrong option, an unreadable folder, an interruption); 3 a fault in readingroom itself.
"""

import gc
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from readingroom import __version__, console, hosted
from readingroom.options import FAULT, NOT_DONE, OK, TO_MEND, examples, root_option, today_option

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path
    from typing import BinaryIO

    from readingroom.problems import Finding, Problem

REPORT = "This is a fault in readingroom. Please report it with the lines above: https://github.com/readingroom/readingroom/issues"


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: readingroom new, then readingroom build. Documentation: docs/ in the project's repository.",
)
@click.version_option(__version__, prog_name="readingroom")
def cli() -> None:
    """Keep a reading group's schedule, archive and session pages from small files."""


@cli.command(
    epilog=examples("readingroom build", "readingroom build --check", "readingroom build --today 2024-01-15"),
)
@root_option
@today_option
@click.option(
    "--check", is_flag=True, help="Change nothing; show what would change, and exit with 1 if anything would."
)
@click.option("--force", is_flag=True, help="Replace generated text that was changed by hand.")
def build(root: "Path", today: "dt.date | None", *, check: bool, force: bool) -> None:
    """Write every page that the session files call for.

    Only what changed is written. A generated page or region that was changed by hand is reported, and left
    as it is unless --force is given.
    """
    from readingroom import memo, tree, workers  # noqa: PLC0415

    known, found = memo.of(root), tree.read(root)
    if not force and (told := known.settled(found, today)) is not None:
        console.tell(told)
        click.echo("Every page is right: nothing to do.")
        return
    known.start_reading(found)
    from readingroom import build as job  # noqa: PLC0415 -- takes as long as reading 500 sessions

    console.say_step(found, "Rendering")
    outcome = job.build(
        found,
        lambda zone: today or memo.now(zone),
        force=force,
        read_all=known.read_files,
        share=workers.share,
        cache=known.compiled_templates(),
    )
    console.tell([*outcome.findings, *outcome.kept])
    if check:
        for line in tree.difference(found, outcome.changes):
            click.secho(console.printable(line), fg={"+": "green", "-": "red"}.get(line[:1]))
        sys.exit(TO_MEND if outcome.changes or outcome.kept else OK)
    if len(outcome.changes) > console.MANY:
        console.say_step(found, "Writing")
    tree.write(root, outcome.changes)
    if not outcome.kept:
        known.settle(found, outcome)
    if outcome.changes or not outcome.kept:
        console.say_changes(outcome.changes)
    sys.exit(TO_MEND if outcome.kept else OK)


@cli.command(epilog=examples("readingroom check", "readingroom check --format json"))
@root_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="text for people, json for programs, github for annotations in a workflow's log.",
)
def check(root: "Path", form: str) -> None:
    """Validate every file, and tell every problem at once; nothing is written."""
    from dataclasses import asdict  # noqa: PLC0415

    from readingroom import build as job  # noqa: PLC0415
    from readingroom import memo, tree  # noqa: PLC0415
    from readingroom.problems import Invalid  # noqa: PLC0415

    found = tree.read(root)
    problems: list[Problem] = []
    remarks: list[Finding] = []
    try:
        console.say_step(found, "Checking")
        remarks = job.check(found, memo.now)
    except Invalid as invalid:
        problems = invalid.problems
    if form == "json":
        console.print_json(
            {"problems": [asdict(each) for each in problems], "findings": [asdict(each) for each in remarks]}
        )
    elif form == "github":
        from readingroom import actions  # noqa: PLC0415

        for each in (*problems, *remarks):
            click.echo(actions.annotation(each))
    else:
        console.tell([*problems, *remarks])
        sessions = len(found.sessions())
        click.echo(
            f"{console.counted(sessions, 'session')}, {console.counted(len(problems), 'problem')}.",
            err=bool(problems),
        )
    sys.exit(TO_MEND if problems else OK)


@cli.command(
    epilog=examples(
        "readingroom new",
        'readingroom new --title "Retentive Networks" --date 2024-01-15 --lead "Ed Gunn, https://github.com/egunn-turing"',
    ),
)
@root_option
@click.option("--title", help="What the session is about.")
@click.option("--date", help="The day, as YYYY-MM-DD.")
@click.option("--time", help="When it starts, as HH:MM, if not at the group's usual time.")
@click.option("--kind", help="The kind of session.")
@click.option("--room", help="Where it takes place; by default the group's usual room.")
@click.option("--status", help="confirmed (the default), tbc, postponed, cancelled, open or proposed.")
@click.option("--lead", "leads", multiple=True, help='Who leads it, as "Name" or "Name, https://..."; may be repeated.')
@today_option
def new(root: "Path", today: "dt.date | None", **given: Any) -> None:
    """Write the session.yml of a new session, with comments that explain what else it may hold.

    Without options, on a terminal, it asks.
    """
    from readingroom import catalogue, draft, memo, tree  # noqa: PLC0415

    found = tree.read(root)
    group = catalogue.read_group(found)
    if sys.stdin.isatty() and not any(given.values()):
        given = console.asked(draft.defaults(found, group, today or memo.now(group.time_zone)), group.kinds)
    path, text = draft.session(found, group, given)
    tree.create(root, path, text)
    click.echo(f"Wrote {path}. Look it over, then run: readingroom build")


@cli.command(epilog=examples("readingroom show", "readingroom show --json"))
@root_option
@today_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def show(root: "Path", today: "dt.date | None", *, as_json: bool) -> None:
    """Show what is next and who leads it, and which sessions lack slides or reading."""
    from readingroom import catalogue, memo, overview, tree  # noqa: PLC0415

    known = catalogue.read(tree.read(root))
    view = overview.of(known, today or memo.now(known.group.time_zone))
    if as_json:
        console.print_json(view)
    else:
        for line in overview.lines(view):
            click.echo(console.printable(line))


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


@cli.group(
    invoke_without_command=True,
    epilog=examples("readingroom form", "readingroom form parse --form .github/ISSUE_TEMPLATE/session.yml body.md"),
)
@root_option
@click.pass_context
def form(ctx: click.Context, /, root: "Path") -> None:
    """Print the issue form for proposals, which readingroom build writes into .github/ISSUE_TEMPLATE."""
    if ctx.invoked_subcommand is None:
        from readingroom import catalogue, tree  # noqa: PLC0415
        from readingroom import form as forms  # noqa: PLC0415

        click.echo(forms.written(catalogue.read_group(tree.read(root))), nl=False)


@form.command(epilog=examples("readingroom form parse --form .github/ISSUE_TEMPLATE/bug.yml body.md"))
@click.option(
    "--form", "file", type=click.File("rb"), required=True, help="The form's YAML file; any issue form will do."
)
@click.argument("body", type=click.File("rb"))
def parse(file: "BinaryIO", body: "BinaryIO") -> None:
    """Print the answers in the BODY of an issue as JSON: id, label, type, value and questions of each field."""
    from readingroom import answers  # noqa: PLC0415
    from readingroom import form as forms  # noqa: PLC0415

    known = forms.read(file.name, file.read())
    found = answers.parse(known, body.read().decode("utf-8", "replace"))
    console.print_json(answers.as_json(known, found))
    sys.exit(TO_MEND if found.questions else OK)


cli.add_command(hosted.propose)
cli.add_command(hosted.run)


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
    from readingroom.problems import Invalid  # noqa: PLC0415

    if isinstance(error, Invalid):
        console.tell(error.problems)
        click.echo(f"{console.counted(len(error.problems), 'problem')}; nothing was written.", err=True)
        return TO_MEND
    import traceback  # noqa: PLC0415

    traceback.print_exception(error)
    click.echo(REPORT, err=True)
    return FAULT
