"""The command doctor: what is in order, and what to change where."""

import sys
from typing import TYPE_CHECKING, Any

import click

from readingroom.cli.github_context import Hub, access_options
from readingroom.cli.options import OK, TO_MEND, examples, root_option, today_option
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.core.tree import Tree
    from readingroom.setup.check import Check
    from readingroom.setup.doctor import Program

_COLOURS = {"ok": "green", "warning": "yellow", "failed": "red", "unknown": "cyan"}
_PUBLIC = "https://api.github.com"


@click.command(epilog=examples("readingroom doctor", "readingroom doctor --json"))
@root_option
@today_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@access_options
def doctor(root: "Path", today: "dt.date | None", *, as_json: bool, **given: Any) -> None:
    """Tell whether the action can do its work: each line says ok, or what to change and where.

    Looks at the files and the workflow here and, with a token, at the repository's settings on GitHub. Exits with 1 if
    the action would fail.
    """
    from dataclasses import asdict  # noqa: PLC0415

    from readingroom.io import cache, disk, parallel  # noqa: PLC0415
    from readingroom.setup import doctor as setup_doctor  # noqa: PLC0415

    _check(given)
    found, program = disk.read(root), _program(root)
    console.say_step(found, "Looking at")
    checks = setup_doctor.local(found, cache.clock(today), program, parallel.share)
    checks += _remote(root, found, program, given)
    if as_json:
        console.print_json([asdict(each) for each in checks])
    else:
        _show(checks)
    sys.exit(TO_MEND if any(each.state == "failed" for each in checks) else OK)


def _check(access: "dict[str, str]") -> None:
    from readingroom.github import repository_settings  # noqa: PLC0415

    if access["repository"] and not repository_settings.NAME.fullmatch(access["repository"]):
        raise click.UsageError(f"{access['repository']!r} is no repository. Wanted: owner/name.")
    if not access["api_url"].startswith(("https://", "http://")):
        raise click.UsageError(f"{access['api_url']!r} is no address of GitHub's API. Wanted: {_PUBLIC}, for example.")


def _program(root: "Path") -> "Program":
    from readingroom import __version__  # noqa: PLC0415
    from readingroom.setup import environment, init  # noqa: PLC0415
    from readingroom.setup.doctor import Program  # noqa: PLC0415

    workflow = init.workflow(environment.commit(), is_release=environment.is_release()).encode()
    is_checkout = (root / "action.yml").is_file()
    return Program(__version__, sys.version_info[:3], workflow, is_checkout, environment.below(root))


def _remote(root: "Path", found: "Tree", program: "Program", access: "dict[str, str]") -> "list[Check]":
    """Return what GitHub tells, or that one check that says why it was not asked."""
    from readingroom.core.tree import WORKFLOW  # noqa: PLC0415
    from readingroom.github import fetch_settings  # noqa: PLC0415
    from readingroom.setup import doctor as setup_doctor  # noqa: PLC0415
    from readingroom.setup import environment  # noqa: PLC0415
    from readingroom.setup.check import UNKNOWN, Check  # noqa: PLC0415

    if not access["token"]:
        return [Check("settings", UNKNOWN, _UNASKED)]
    repository = access["repository"] or _repository(root, found, access["api_url"])
    if not repository:
        return [Check("settings", UNKNOWN, _NO_REPOSITORY)]
    forge = Hub(access["token"], repository, access["api_url"], {}).forge()
    told = fetch_settings.of(forge, WORKFLOW.rpartition("/")[2])
    return setup_doctor.remote(told, found, program, environment.branch(root))


_UNASKED = (
    "Give a token to look at the repository's settings: set READINGROOM_TOKEN to one that may read Actions, "
    "Administration, Contents, Issues and Pages."
)
_NO_REPOSITORY = (
    "Which repository on GitHub this is cannot be told: give --repository owner/name, or set repository in "
    "readingroom.yml."
)


def _repository(root: "Path", found: "Tree", api_url: str) -> str:
    """Return owner/name of the group's repository: as its file says, or as it was cloned."""
    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415
    from readingroom.github import repository_settings  # noqa: PLC0415
    from readingroom.setup import environment  # noqa: PLC0415
    from readingroom.store import catalogue  # noqa: PLC0415

    try:
        said = catalogue.read_group(found).repository
    except Invalid:
        said = ""
    host, name = repository_settings.place(said or environment.origin(root))
    # Another server's repository of the same name is another repository.
    return name if host in {"github.com", "ssh.github.com"} or api_url.rstrip("/") != _PUBLIC else ""


def _show(checks: "list[Check]") -> None:
    width = max(len(state) for state in _COLOURS)
    for each in checks:
        label = click.style(each.state.ljust(width), fg=_COLOURS[each.state], bold=True)
        click.echo(f"{label} {console.printable(f'{each.name}: {each.message}')}")
    told = [(state, sum(each.state == state for each in checks)) for state in _COLOURS]
    click.echo(", ".join(f"{number} {state}" for state, number in told if number) + ".")
