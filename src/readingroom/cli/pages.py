"""The commands that make and look at pages: build, check and show."""

import sys
from typing import TYPE_CHECKING

import click

from readingroom.cli import site
from readingroom.cli.options import OK, TO_MEND, examples, root_option, today_option
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from readingroom.core.diagnostics import Finding, Problem
    from readingroom.core.tree import Tree
    from readingroom.io.cache import Memo
    from readingroom.render.build import Outcome, Today


@click.command(
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
    as it is unless --force is given. Where readingroom.yml names a folder for the site, that is made too; --check
    looks at the pages alone.
    """
    from readingroom.io import cache, disk  # noqa: PLC0415

    known, found = cache.of(root), disk.read(root)
    if not force and (settled := known.settled(found, today)):
        console.tell(settled.findings)
        click.echo("Every page is right: nothing to do.")
        if settled.makes_site and not check:
            site.written(root, found, known, today)
        return
    outcome = _built(found, known, cache.clock(today), force=force)
    console.tell([*outcome.findings, *outcome.kept])
    if check:
        console.say_difference(disk.difference(found, outcome.changes))
        sys.exit(TO_MEND if outcome.changes or outcome.kept else OK)
    if len(outcome.changes) > console.MANY:
        console.say_step(found, "Writing")
    disk.write(root, outcome.changes)
    if not outcome.kept:
        known.settle(found, outcome)
    if outcome.changes or not outcome.kept:
        console.say_changes(outcome.changes)
    if outcome.catalogue.group.makes_site:
        site.written(root, disk.read(root), cache.of(root), today)
    sys.exit(TO_MEND if outcome.kept else OK)


def _built(found: "Tree", known: "Memo", clock: "Today", *, force: bool) -> "Outcome":
    known.start_reading(found)
    from readingroom.io import parallel  # noqa: PLC0415
    from readingroom.render import build as job  # noqa: PLC0415 -- takes as long as reading 500 sessions

    console.say_step(found, "Rendering")
    return job.build(
        found,
        clock,
        force=force,
        read_all=known.read_files,
        share=parallel.share,
        cache=known.compiled_templates(),
    )


@click.command(epilog=examples("readingroom check", "readingroom check --findings", "readingroom check --format json"))
@root_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="text for people, json for programs, github for annotations in a workflow's log.",
)
@click.option(
    "--findings",
    "is_thorough",
    is_flag=True,
    help="Tell also what readingroom import would: odd links, papers read twice, days off the usual one, and so on.",
)
@today_option
def check(root: "Path", form: str, today: "dt.date | None", *, is_thorough: bool) -> None:
    """Validate every file, and tell every problem at once; nothing is written."""
    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415
    from readingroom.io import cache, disk  # noqa: PLC0415
    from readingroom.render import build as job  # noqa: PLC0415

    found, clock = disk.read(root), cache.clock(today)
    problems: list[Problem] = []
    remarks: list[Finding] = []
    try:
        console.say_step(found, "Checking")
        remarks = job.check(found, clock)
        if is_thorough:
            from readingroom.store import catalogue, lint  # noqa: PLC0415

            known = catalogue.read(found)
            remarks = sorted([*remarks, *lint.beside(known, found, clock(known.group.time_zone))])
        if any(path.endswith(".j2") for path in found.contents):
            from readingroom.proposals import template_check  # noqa: PLC0415

            template_check.templates(found, clock)
    except Invalid as invalid:
        problems = invalid.problems
    _say_checked(form, problems, remarks, len(found.sessions()))
    sys.exit(TO_MEND if problems else OK)


def _say_checked(form: str, problems: "Sequence[Problem]", remarks: "Sequence[Finding]", sessions: int) -> None:
    """Say what a check has found, for people, for programs or for a workflow's log."""
    if form == "json":
        console.print_json(
            {"problems": [each._asdict() for each in problems], "findings": [each._asdict() for each in remarks]}
        )
    elif form == "github":
        from readingroom.io import actions_log  # noqa: PLC0415

        for each in (*problems, *remarks):
            click.echo(actions_log.annotation(each))
    else:
        console.tell([*problems, *remarks])
        click.echo(
            f"{console.counted(sessions, 'session')}, {console.counted(len(problems), 'problem')}.",
            err=bool(problems),
        )


@click.command(epilog=examples("readingroom show", "readingroom show --json"))
@root_option
@today_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def show(root: "Path", today: "dt.date | None", *, as_json: bool) -> None:
    """Show what is next and who leads it, and which sessions lack slides or reading."""
    from readingroom.io import cache, disk  # noqa: PLC0415
    from readingroom.render import overview  # noqa: PLC0415
    from readingroom.store import catalogue  # noqa: PLC0415

    known = catalogue.read(disk.read(root))
    view = overview.of(known, today or cache.now(known.group.time_zone))
    if as_json:
        console.print_json(view)
    else:
        for line in overview.lines(view):
            click.echo(console.printable(line))
