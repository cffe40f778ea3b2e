"""The command init."""

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.options import dry_run_option, format_examples, root_option, today_option
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.core.tree import CONFIGURATION, Tree
from readingroom.github import urls
from readingroom.github.repository_settings import describe_create_pulls_setting
from readingroom.io import cache, console, disk, group_id
from readingroom.proposals.events import PublishMode
from readingroom.render import region_placement
from readingroom.setup import environment, init
from readingroom.setup.environment import LocalEnvironment
from readingroom.setup.init import InitOptions, InitPlan


@click.command(
    "init",
    epilog=format_examples(
        "readingroom init",
        'readingroom init --name "Robots in Disguise" --time-zone Europe/London --day Monday --time 11:00',
        'readingroom init --readme "after: About us" --dry-run',
    ),
)
@root_option
@click.option(
    "--name", help="The group's name; required if there is neither a readingroom.yml nor a terminal to ask on."
)
@click.option("--time-zone", help="The time zone of all dates, such as Europe/London; required if the name is.")
@click.option("--day", help="The usual day of the week, in English.")
@click.option("--time", help="The usual time, as HH:MM.")
@click.option("--room", help="The usual room.")
@click.option("--repository", help="The repository's address on GitHub; by default that of the Git remote origin.")
@click.option(
    "--publish",
    type=click.Choice([PublishMode.COMMIT.value, PublishMode.PULL_REQUEST.value]),
    help="How the action updates the pages on the default branch: by a commit (the default) or by a pull request.",
)
@click.option(
    "--readme",
    "place",
    metavar="WHERE",
    help="Where to add the regions to a README.md without any: top (before its first section), bottom (the default), "
    'none, or "after: Some heading" (after the section with that heading).',
)
@click.option("--force", is_flag=True, help="Replace readingroom.yml, the workflow and the form if they differ.")
@dry_run_option
@today_option
def run_command(root: Path, today: dt.date | None, *, force: bool, dry_run: bool, **given: Any) -> None:
    """Set up the repository of a reading group.

    Writes readingroom.yml, the workflow, the issue form, README.md and a first session. On a terminal it asks for what
    no option says. Existing files are kept: a README.md is added to, and a file that differs from what init would write
    is reported and left as it is. It is safe to run init again.
    """
    tree, local = disk.read_tree(root, also=(init.GITIGNORE,)), environment.detect_environment(root)
    options = _collect_init_options(tree, root, local, given)
    if force:
        options = replace(options, to_replace=frozenset(init.REPLACEABLE))

    new_id = group_id.draw_group_id()

    def build_plan(options: InitOptions) -> InitPlan:
        return init.plan_init(tree, options, cache.make_clock(today), new_id)

    plan = build_plan(options)
    if sys.stdin.isatty() and not dry_run:
        plan = _ask_replacements(plan, options, build_plan)
    console.print_diagnostics([*plan.findings, *_check_folder(local), *plan.kept])
    if dry_run:
        console.print_diff(disk.iter_diff(tree, plan.changes))
    else:
        disk.write_files(root, plan.changes)
        _print_next_steps(plan)
    sys.exit(ExitCode.NEEDS_FIX if plan.kept else ExitCode.OK)


def _collect_init_options(tree: Tree, root: Path, local: LocalEnvironment, given: dict[str, Any]) -> InitOptions:
    """Return the options, and on a terminal the answers to questions about those that are missing."""
    place, publish = given.pop("place"), given.pop("publish")
    if place and not region_placement.is_insertion_point(place):
        raise click.UsageError(f'--readme: found "{place}". Expected: {_PLACES}.')
    group = {key: value for key, value in given.items() if value}
    if "repository" in group:
        group["repository"] = urls.normalize_github_url(group["repository"]) or group["repository"]
    if CONFIGURATION not in tree.contents | tree.unread:
        group |= _ask_group_values(
            group, {"name": init.guess_group_name(root.resolve().name), "time_zone": local.time_zone}
        )
    if not place:
        place = _ask_placement(tree) if sys.stdin.isatty() and init.needs_readme_regions(tree) else "bottom"
    origin = next(filter(None, map(urls.normalize_github_url, local.remotes)), "")
    return InitOptions(group, origin, PublishMode(publish) if publish else None, place, local.commit, local.is_release)


_PLACES = 'top, bottom, none, or "after: Some heading"'


def _ask_group_values(given: dict[str, str], guessed: dict[str, str]) -> dict[str, str]:
    """Ask for what a new group needs, and if no option was given, also for its usual values."""
    missing = [key for key in ("name", "time_zone") if key not in given]
    if not sys.stdin.isatty():
        if missing:
            names = " and ".join(f"--{key.replace('_', '-')}" for key in missing)
            raise click.UsageError(
                f"There is no readingroom.yml yet, and no terminal to ask on. Give {names}, for example: "
                'readingroom init --name "Robots in Disguise" --time-zone Europe/London'
            )
        return {}
    keys = missing if given else [*missing, "day", "time", "room"]
    defaults = {**{key: value for key, value in guessed.items() if value}, "day": "Monday"}
    return console.ask_group(keys, defaults, init.find_config_error)


def _ask_placement(tree: Tree) -> str:
    def find_error(place: str) -> str:
        return (
            init.find_placement_error(tree, place)
            if region_placement.is_insertion_point(place)
            else f"Expected: {_PLACES}."
        )

    return console.ask_until_valid(f"Where in README.md do the sessions go: {_PLACES}", "bottom", find_error)


def _ask_replacements(plan: InitPlan, options: InitOptions, build_plan: Callable[[InitOptions], InitPlan]) -> InitPlan:
    """Return the plan that also replaces the files whose replacement the user confirms."""
    differing = [each.file for each in plan.kept if each.file in init.REPLACEABLE]
    agreed = {file for file in differing if click.confirm(f"{file} differs from what init writes. Replace it?")}
    return build_plan(replace(options, to_replace=options.to_replace | agreed)) if agreed else plan


def _check_folder(local: LocalEnvironment) -> Iterator[Diagnostic]:
    """Yield a warning if GitHub would not find what is written."""
    if local.prefix:
        yield Diagnostic(Location(".github"), Code.SETUP_FOLDER_UNSUITABLE, *_NESTED)


_NESTED = (
    f"is not at the top of the Git repository. {environment.TOP_LEVEL_ONLY}.",
    "Run init at the top, or make this folder a repository of its own.",
)


def _print_next_steps(plan: InitPlan) -> None:
    if not plan.changes:
        if not plan.kept:
            click.echo("The group is set up already: nothing to do.")
        return
    console.print_changes(plan.changes)
    session = next(
        (path for path in plan.changes if path.endswith("/session.yml") and path.startswith("sessions/")), ""
    )
    click.echo("\nNext:")
    if session:
        click.echo(f"- Edit {session}, then run: readingroom build")
    click.echo("- Commit everything, and push it to the default branch on GitHub.")
    click.echo("- In the repository on GitHub, select the setting")
    click.echo(f"  {describe_create_pulls_setting(plan.group.repository)}.")
    click.echo("- Run: readingroom doctor")
