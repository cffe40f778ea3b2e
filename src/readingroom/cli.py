"""The commands. Each is a screen long; what it needs is imported when it runs, so that --help is quick.

Exit codes: 0 all is well; 1 something is to be mended (a problem, a stale page, a hand edit); 2 the command could
not be carried out (a wrong option, an unreadable folder, an interruption); 3 a fault in readingroom itself.
"""

import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

import click

from readingroom import __version__

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from readingroom.files import Tree
    from readingroom.problems import Finding, Problem, Remark

OK, TO_MEND, NOT_DONE, FAULT = range(4)
MANY, SHOWN = 1000, 20
REPORT = "This is a fault in readingroom. Please report it with the lines above: https://github.com/readingroom/readingroom/issues"


class _Day(click.ParamType["dt.date"]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "dt.date":
        import datetime as dt  # noqa: PLC0415

        if isinstance(value, dt.date):
            return value
        with suppress(ValueError):
            day = dt.date.fromisoformat(str(value))
            if str(day) == value:
                return day
        return self.fail(f"{value!r} is not a date. Wanted: YYYY-MM-DD, for example 2024-01-15.", param, ctx)


class _Folder(click.Path):
    """A folder that exists, as a Path; pathlib is imported when a command runs."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "Path":
        from pathlib import Path  # noqa: PLC0415

        return Path(str(super().convert(value, param, ctx)))


_root = click.option(
    "--root",
    type=_Folder(exists=True, file_okay=False),
    default=".",
    help="The group's repository; by default this folder.",
)
_today = click.option("--today", type=_Day(), help="The day to build for; by default today in the group's time zone.")


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: readingroom new, then readingroom build. Documentation: docs/ in the project's repository.",
)
@click.version_option(__version__, prog_name="readingroom")
def cli() -> None:
    """Keep a reading group's schedule, archive and session pages from small files."""


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


@cli.command(
    epilog=_examples("readingroom build", "readingroom build --check", "readingroom build --today 2024-01-15"),
)
@_root
@_today
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
        _tell(told)
        click.echo("Every page is right: nothing to do.")
        return
    known.start_reading(found)
    from readingroom import build as job  # noqa: PLC0415 -- takes as long as reading 500 sessions

    _say_step(found, "Rendering")
    outcome = job.build(
        found,
        lambda zone: today or memo.now(zone),
        force=force,
        read_all=known.read_files,
        share=workers.share,
        cache=known.compiled_templates(),
    )
    _tell([*outcome.findings, *outcome.kept])
    if check:
        for line in tree.difference(found, outcome.changes):
            click.secho(_printable(line), fg={"+": "green", "-": "red"}.get(line[:1]))
        sys.exit(TO_MEND if outcome.changes or outcome.kept else OK)
    if len(outcome.changes) > MANY:
        _say_step(found, "Writing")
    tree.write(root, outcome.changes)
    if not outcome.kept:
        known.settle(found, outcome)
    if outcome.changes or not outcome.kept:
        _say_changes(outcome.changes)
    sys.exit(TO_MEND if outcome.kept else OK)


@cli.command(epilog=_examples("readingroom check", "readingroom check --format json"))
@_root
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

    from readingroom import catalogue, findings, tree  # noqa: PLC0415
    from readingroom.problems import Invalid  # noqa: PLC0415

    found = tree.read(root)
    problems: list[Problem] = []
    remarks: list[Finding] = []
    try:
        _say_step(found, "Checking")
        known = catalogue.read(found)
        remarks = findings.of(known, found)
    except Invalid as invalid:
        problems = invalid.problems
    if form == "json":
        _print_json({"problems": [asdict(each) for each in problems], "findings": [asdict(each) for each in remarks]})
    elif form == "github":
        from readingroom import actions  # noqa: PLC0415

        for each in (*problems, *remarks):
            click.echo(actions.annotation(each))
    else:
        _tell([*problems, *remarks])
        click.echo(
            f"{_counted(len(found.listings), 'session')}, {_counted(len(problems), 'problem')}.", err=bool(problems)
        )
    sys.exit(TO_MEND if problems else OK)


@cli.command(
    epilog=_examples(
        "readingroom new",
        'readingroom new --title "Retentive Networks" --date 2024-01-15 --lead "Ed Gunn, https://github.com/egunn-turing"',
    ),
)
@_root
@click.option("--title", help="What the session is about.")
@click.option("--date", help="The day, as YYYY-MM-DD.")
@click.option("--time", help="When it starts, as HH:MM, if not at the group's usual time.")
@click.option("--kind", help="The kind of session.")
@click.option("--room", help="Where it takes place; by default the group's usual room.")
@click.option("--status", help="confirmed (the default), tbc, postponed, cancelled, open or proposed.")
@click.option("--lead", "leads", multiple=True, help='Who leads it, as "Name" or "Name, https://..."; may be repeated.')
@click.option("--today", type=_Day(), help="The day to count from; by default today in the group's time zone.")
def new(root: "Path", today: "dt.date | None", **given: Any) -> None:
    """Write the session.yml of a new session, with comments that explain what else it may hold.

    Without options, on a terminal, it asks.
    """
    from readingroom import catalogue, draft, memo, tree  # noqa: PLC0415

    found = tree.read(root)
    group = catalogue.read_group(found)
    if sys.stdin.isatty() and not any(given.values()):
        given = _asked(draft.defaults(found, group, today or memo.now(group.time_zone)), group.kinds)
    path, text = draft.session(found, group, given)
    tree.create(root, path, text)
    click.echo(f"Wrote {path}. Look it over, then run: readingroom build")


def _asked(default: "Mapping[str, str]", kinds: "Sequence[str]") -> dict[str, Any]:
    """Ask for the parts of a session; Enter takes what is offered."""
    answers: dict[str, Any] = {"title": click.prompt("Title (Enter: not known yet)", default="", show_default=False)}
    answers["date"] = click.prompt("Date", default=default["date"])
    answers["kind"] = click.prompt(f"Kind ({', '.join(kinds)})" if kinds else "Kind", default="", show_default=False)
    answers["room"] = click.prompt("Room", default=default["room"])
    answers["leads"] = []
    while lead := click.prompt(
        'Lead, as "Name" or "Name, https://..." (Enter: no more)', default="", show_default=False
    ):
        answers["leads"].append(lead)
    return answers


@cli.command(epilog=_examples("readingroom show", "readingroom show --json"))
@_root
@_today
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def show(root: "Path", today: "dt.date | None", *, as_json: bool) -> None:
    """Show what is next and who leads it, and which sessions lack slides or reading."""
    from readingroom import catalogue, memo, overview, tree  # noqa: PLC0415

    known = catalogue.read(tree.read(root))
    view = overview.of(known, today or memo.now(known.group.time_zone))
    if as_json:
        _print_json(view)
    else:
        for line in overview.lines(view):
            click.echo(_printable(line))


@cli.command(
    epilog=_examples(
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


def _say_step(found: "Tree", step: str) -> None:
    """Tell someone who watches what is being done, where it takes long enough to wonder."""
    if len(found.listings) > MANY and sys.stderr.isatty():
        click.echo(f"{step} {_counted(len(found.listings), 'session')} ...", err=True)


def _say_changes(changes: "Mapping[str, str | None]") -> None:
    if not changes:
        click.echo("Every page is right: nothing to do.")
        return
    for path in sorted(changes)[:SHOWN]:
        click.echo(f"{'removed' if changes[path] is None else 'wrote  '} {path}")
    if len(changes) > SHOWN:
        click.echo(f"... and {len(changes) - SHOWN} more.")
    click.echo(f"{_counted(len(changes), 'file')} changed. Look at README.md and sessions/README.md.")


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _tell(remarks: "Iterable[Remark]") -> None:
    from readingroom.problems import Problem  # noqa: PLC0415

    for each in remarks:
        problem = isinstance(each, Problem)
        label = click.style("problem" if problem else "finding", fg="red" if problem else "yellow", bold=True)
        click.echo(f"{label}: {_printable(str(each))}", err=True)


def _printable(text: str) -> str:
    """Return a text as one line without control characters, which could steer a terminal or a workflow's log."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _print_json(value: Any) -> None:
    import json  # noqa: PLC0415

    click.echo(json.dumps(value, indent=2, default=str))


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
        click.echo(
            f"Cannot go on: {error.strerror or error}{f': {error.filename}' if error.filename else ''}", err=True
        )
    except Exception as error:  # noqa: BLE001 -- the last net
        return _failed(error)
    return NOT_DONE


def _failed(error: Exception) -> int:
    """Tell the problems of an input; or, of a fault, all there is to know, and ask for a report."""
    from readingroom.problems import Invalid  # noqa: PLC0415

    if isinstance(error, Invalid):
        _tell(error.problems)
        click.echo(f"{_counted(len(error.problems), 'problem')}; nothing was written.", err=True)
        return TO_MEND
    import traceback  # noqa: PLC0415

    traceback.print_exception(error)
    click.echo(REPORT, err=True)
    return FAULT
