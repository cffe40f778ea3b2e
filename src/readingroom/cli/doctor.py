"""The command doctor: what is in order, and what to change where."""

import sys
from typing import TYPE_CHECKING, Any

import click

from readingroom.cli.github_context import GitHubContext, add_access_options
from readingroom.cli.options import NEEDS_FIX, OK, format_examples, root_option, today_option
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from readingroom.core.tree import Tree
    from readingroom.setup.check import CheckResult
    from readingroom.setup.doctor import ProgramInfo

_COLOURS = {"ok": "green", "warning": "yellow", "failed": "red", "unknown": "cyan"}
_PUBLIC_API_URL = "https://api.github.com"


@click.command("doctor", epilog=format_examples("readingroom doctor", "readingroom doctor --json"))
@root_option
@today_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@add_access_options
def run_doctor_command(root: "Path", today: "dt.date | None", *, as_json: bool, **given: Any) -> None:
    """Tell whether the action can do its work: each line says ok, or what to change and where.

    Looks at the files and the workflow here and, with a token, at the repository's settings on GitHub. Exits with 1 if
    the action would fail.
    """
    from dataclasses import asdict  # noqa: PLC0415

    from readingroom.io import cache, disk, parallel  # noqa: PLC0415
    from readingroom.setup import doctor as setup_doctor  # noqa: PLC0415

    _validate_access_options(given)
    found, program = disk.read_tree(root), _build_program_info(root)
    console.print_progress(found, "Looking at")
    checks = setup_doctor.check_local_files(found, cache.make_clock(today), program, parallel.map_parallel)
    checks += _check_remote_settings(root, found, program, given)
    if as_json:
        console.print_json([asdict(each) for each in checks])
    else:
        _print_results(checks)
    sys.exit(NEEDS_FIX if any(each.state == "failed" for each in checks) else OK)


def _validate_access_options(access: "dict[str, str]") -> None:
    from readingroom.github import repository_settings  # noqa: PLC0415

    if access["repository"] and not repository_settings.REPOSITORY_NAME.fullmatch(access["repository"]):
        raise click.UsageError(f"{access['repository']!r} is no repository. Wanted: owner/name.")
    if not access["api_url"].startswith(("https://", "http://")):
        raise click.UsageError(
            f"{access['api_url']!r} is no address of GitHub's API. Wanted: {_PUBLIC_API_URL}, for example."
        )


def _build_program_info(root: "Path") -> "ProgramInfo":
    from readingroom import __version__  # noqa: PLC0415
    from readingroom.setup import environment, init  # noqa: PLC0415
    from readingroom.setup.doctor import ProgramInfo  # noqa: PLC0415

    workflow = init.render_workflow(
        environment.get_program_commit(), is_release=environment.is_release_commit()
    ).encode()
    is_checkout = (root / "action.yml").is_file()
    return ProgramInfo(
        __version__, sys.version_info[:3], workflow, is_checkout, environment.get_repository_prefix(root)
    )


def _check_remote_settings(
    root: "Path", found: "Tree", program: "ProgramInfo", access: "dict[str, str]"
) -> "list[CheckResult]":
    """Return what GitHub tells, or that one check that says why it was not asked."""
    from readingroom.core.tree import WORKFLOW_PATH  # noqa: PLC0415
    from readingroom.github import fetch_settings  # noqa: PLC0415
    from readingroom.setup import doctor as setup_doctor  # noqa: PLC0415
    from readingroom.setup import environment  # noqa: PLC0415
    from readingroom.setup.check import UNKNOWN, CheckResult  # noqa: PLC0415

    if not access["token"]:
        return [CheckResult("settings", UNKNOWN, _UNASKED)]
    repository = access["repository"] or _resolve_repository(root, found, access["api_url"])
    if not repository:
        return [CheckResult("settings", UNKNOWN, _NO_REPOSITORY)]
    forge = GitHubContext(access["token"], repository, access["api_url"], {}).create_client()
    told = fetch_settings.fetch_settings(forge, WORKFLOW_PATH.rpartition("/")[2])
    return setup_doctor.check_remote_settings(told, found, program, environment.get_current_branch(root))


_UNASKED = (
    "Give a token to look at the repository's settings: set READINGROOM_TOKEN to one that may read Actions, "
    "Administration, Contents, Issues and Pages."
)
_NO_REPOSITORY = (
    "Which repository on GitHub this is cannot be told: give --repository owner/name, or set repository in "
    "readingroom.yml."
)


def _resolve_repository(root: "Path", found: "Tree", api_url: str) -> str:
    """Return owner/name of the group's repository: as its file says, or as it was cloned."""
    from readingroom.core.diagnostics import Invalid  # noqa: PLC0415
    from readingroom.github import repository_settings  # noqa: PLC0415
    from readingroom.setup import environment  # noqa: PLC0415
    from readingroom.store import catalogue  # noqa: PLC0415

    try:
        said = catalogue.read_group(found).repository
    except Invalid:
        said = ""
    host, name = repository_settings.parse_remote_url(said or environment.get_origin_url(root))
    # Another server's repository of the same name is another repository.
    return name if host in {"github.com", "ssh.github.com"} or api_url.rstrip("/") != _PUBLIC_API_URL else ""


def _print_results(checks: "list[CheckResult]") -> None:
    width = max(len(state) for state in _COLOURS)
    for each in checks:
        label = click.style(each.state.ljust(width), fg=_COLOURS[each.state], bold=True)
        click.echo(f"{label} {console.escape_control_characters(f'{each.name}: {each.message}')}")
    told = [(state, sum(each.state == state for each in checks)) for state in _COLOURS]
    click.echo(", ".join(f"{number} {state}" for state, number in told if number) + ".")
