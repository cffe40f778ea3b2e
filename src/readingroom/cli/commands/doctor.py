"""The command doctor."""

import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from readingroom import __version__
from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.github_options import add_access_options
from readingroom.cli.options import OutputFormat, create_format_option, format_examples, root_option, today_option
from readingroom.core.diagnostics import Invalid
from readingroom.core.tree import WORKFLOW_PATH, Tree
from readingroom.github.urls import API_URL, REPOSITORY_NAME, get_repository_name
from readingroom.io import cache, console, disk, git_command, parallel
from readingroom.setup import doctor, environment, init
from readingroom.setup.check_result import CheckResult, CheckState
from readingroom.setup.doctor import ProgramInfo
from readingroom.store import catalogue

_COLOURS = {
    CheckState.OK: "green",
    CheckState.WARNING: "yellow",
    CheckState.FAILED: "red",
    CheckState.UNKNOWN: "cyan",
}


@click.command("doctor", epilog=format_examples("readingroom doctor", "readingroom doctor --format json"))
@root_option
@today_option
@create_format_option(OutputFormat.TEXT, OutputFormat.JSON)
@add_access_options
def run_command(root: Path, today: dt.date | None, output_format: OutputFormat, **access: str) -> None:
    """Check whether the action can do its work.

    Each line says ok, or what to change and where. Checks the files and the workflow in this folder and, with a token,
    the repository's settings on GitHub. Exits with 1 if the action would fail.
    """
    _validate_access_options(access)
    tree, program = disk.read_tree(root), _build_program_info(root)
    console.print_progress(tree, "Checking")
    lfs_paths = git_command.list_lfs_paths(root, tree.map_listed_sizes())
    checks = doctor.check_local_files(
        tree, cache.make_clock(today), program, parallel.map_parallel, lfs_paths=lfs_paths
    )
    checks += _check_remote_settings(root, tree, program, access)
    if output_format is OutputFormat.JSON:
        console.print_json([asdict(each) for each in checks])
    else:
        _print_results(checks)
    sys.exit(ExitCode.NEEDS_FIX if any(each.state == CheckState.FAILED for each in checks) else ExitCode.OK)


def _validate_access_options(access: Mapping[str, str]) -> None:
    if access["repository"] and not REPOSITORY_NAME.fullmatch(access["repository"]):
        raise click.UsageError(f"{access['repository']!r} is not a repository. Expected: owner/name.")
    if not access["api_url"].startswith(("https://", "http://")):
        raise click.UsageError(
            f"{access['api_url']!r} is not an address of GitHub's API. Expected: {API_URL}, for example."
        )


def _build_program_info(root: Path) -> ProgramInfo:
    workflow = init.render_workflow(
        environment.get_program_commit(), is_release=environment.is_release_commit()
    ).encode()
    is_checkout = (root / "action.yml").is_file()
    return ProgramInfo(
        __version__, sys.version_info[:3], workflow, is_checkout, environment.get_repository_prefix(root)
    )


def _check_remote_settings(
    root: Path, tree: Tree, program: ProgramInfo, access: Mapping[str, str]
) -> list[CheckResult]:
    """Return the checks of GitHub's answers, or the one check that says why GitHub was not asked."""
    if not access["token"]:
        return [CheckResult("settings", CheckState.UNKNOWN, _UNASKED)]
    repository = access["repository"] or _resolve_repository(root, tree, access["api_url"])
    if not repository:
        return [CheckResult("settings", CheckState.UNKNOWN, _NO_REPOSITORY)]
    # 0.1 s that a run without a token does not need.
    from readingroom.cli import github_client  # noqa: PLC0415
    from readingroom.github import fetch_settings  # noqa: PLC0415

    client = github_client.create_client(access["token"], repository, access["api_url"])
    settings = fetch_settings.fetch_settings(client, WORKFLOW_PATH.rpartition("/")[2])
    return doctor.check_remote_settings(settings, tree, program, environment.get_current_branch(root))


_UNASKED = (
    "Give a token to look at the repository's settings: set READINGROOM_TOKEN to one that may read Actions, "
    "Administration, Contents, Issues and Pages."
)
_NO_REPOSITORY = (
    "The repository on GitHub is not known: give --repository owner/name, or set repository in readingroom.yml."
)


def _resolve_repository(root: Path, tree: Tree, api_url: str) -> str:
    """Return owner/name of the group's repository: as readingroom.yml says, or as it was cloned."""
    try:
        configured = catalogue.read_group(tree).repository
    except Invalid:
        configured = ""
    return get_repository_name(configured or environment.get_origin_url(root), api_url)


def _print_results(checks: Sequence[CheckResult]) -> None:
    width = max(map(len, _COLOURS))
    for each in checks:
        label = click.style(each.state.ljust(width), fg=_COLOURS[each.state], bold=True)
        click.echo(f"{label} {console.escape_control_characters(f'{each.name}: {each.message}')}")
    counts = [(state, sum(each.state == state for each in checks)) for state in _COLOURS]
    click.echo(", ".join(f"{count} {state}" for state, count in counts if count) + ".")
