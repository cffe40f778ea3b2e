"""The command init: a folder becomes a group's repository."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from readingroom.cli.options import NEEDS_FIX, OK, format_examples, root_option, today_option
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from readingroom.core.diagnostics import Finding
    from readingroom.core.tree import Tree
    from readingroom.setup.environment import LocalEnvironment
    from readingroom.setup.init import InitOptions, InitPlan


@click.command(
    epilog=format_examples(
        "readingroom init",
        'readingroom init --name "Robots in Disguise" --time-zone Europe/London --day Monday --time 11:00',
        'readingroom init --readme "after: About us" --dry-run',
    ),
)
@root_option
@click.option("--name", help="The group's name; needed where there is neither a readingroom.yml nor a terminal.")
@click.option("--time-zone", help="The time zone of all dates, such as Europe/London; needed where the name is.")
@click.option("--day", help="The usual day of the week, in English.")
@click.option("--time", help="The usual time, as HH:MM.")
@click.option("--room", help="The usual room.")
@click.option("--repository", help="The repository's address on GitHub; by default that of Git's remote origin.")
@click.option(
    "--publish",
    type=click.Choice(["commit", "pull-request"]),
    help="How the action brings the pages to the default branch: by a commit (the default), or by a pull request.",
)
@click.option(
    "--readme",
    "place",
    metavar="WHERE",
    help="Where a README that has no regions gets them: top (before its first section), bottom (the default), none, "
    'or "after: Some heading" (behind the section of that heading).',
)
@click.option("--force", is_flag=True, help="Replace readingroom.yml, the workflow and the form where they differ.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change.")
@today_option
def init_command(root: "Path", today: "dt.date | None", *, force: bool, dry_run: bool, **given: Any) -> None:
    """Set up a group's repository: its readingroom.yml, workflow, form, README and a first session.

    On a terminal it asks for what no option says. What is there is kept: a README is added to, and a file that
    differs from what would be written is left and named. Running it again does no harm.
    """
    from readingroom.io import cache, disk  # noqa: PLC0415
    from readingroom.setup import environment  # noqa: PLC0415
    from readingroom.setup import init as setup_init  # noqa: PLC0415

    found, here = disk.read_tree(root, also=(setup_init.GITIGNORE,)), environment.detect_environment(root)
    wish = _collect_init_options(found, root, here, given)
    if force:
        wish = replace(wish, to_replace=frozenset(setup_init.REPLACEABLE))

    def build_plan(wish: "InitOptions") -> "InitPlan":
        return setup_init.plan_init(found, wish, cache.make_clock(today))

    made = build_plan(wish)
    if sys.stdin.isatty() and not dry_run:
        made = _ask_replacements(made, wish, build_plan)
    console.print_diagnostics([*made.findings, *_check_folder(made, found, here), *made.left])
    if dry_run:
        console.print_diff(disk.iter_diff(found, made.changes))
    else:
        disk.write_files(root, made.changes)
        _print_next_steps(made)
    sys.exit(NEEDS_FIX if made.left else OK)


def _collect_init_options(
    found: "Tree", root: "Path", here: "LocalEnvironment", given: dict[str, Any]
) -> "InitOptions":
    """Return what the options say, and on a terminal the answers to what they do not say."""
    from readingroom.core.tree import CONFIGURATION  # noqa: PLC0415
    from readingroom.render import region_placement  # noqa: PLC0415
    from readingroom.setup import init as setup_init  # noqa: PLC0415

    place, publish = given.pop("place"), given.pop("publish")
    if place and not region_placement.is_insertion_point(place):
        raise click.UsageError(f'--readme: found "{place}". Wanted: {_PLACES}.')
    group = {key: value for key, value in given.items() if value}
    if "repository" in group:
        group["repository"] = setup_init.normalize_github_url(group["repository"]) or group["repository"]
    if CONFIGURATION not in found.contents | found.unread:
        group |= _ask_group_values(
            group, {"name": setup_init.guess_group_name(root.resolve().name), "time_zone": here.time_zone}
        )
    if not place:
        place = _ask_placement(found) if sys.stdin.isatty() and setup_init.needs_readme_regions(found) else "bottom"
    origin = next(filter(None, map(setup_init.normalize_github_url, here.remotes)), "")
    return setup_init.InitOptions(group, origin, publish or "", place, here.commit, here.is_release)


_PLACES = 'top, bottom, none, or "after: Some heading"'


def _ask_group_values(given: dict[str, str], known: dict[str, str]) -> dict[str, str]:
    """Ask for what a new group needs; where nothing was said, for what it usually has too."""
    from readingroom.setup import init as setup_init  # noqa: PLC0415

    lacking = [key for key in ("name", "time_zone") if key not in given]
    if not sys.stdin.isatty():
        if lacking:
            options = " and ".join(f"--{key.replace('_', '-')}" for key in lacking)
            raise click.UsageError(
                f"There is no readingroom.yml yet, and no terminal to ask on. Give {options}, for example: "
                'readingroom init --name "Robots in Disguise" --time-zone Europe/London'
            )
        return {}
    keys = lacking if given else [*lacking, "day", "time", "room"]
    offered = {**{key: value for key, value in known.items() if value}, "day": "Monday"}
    return console.ask_group(keys, offered, setup_init.find_config_error)


def _ask_placement(found: "Tree") -> str:
    from readingroom.render import region_placement  # noqa: PLC0415
    from readingroom.setup import init as setup_init  # noqa: PLC0415

    def find_error(place: str) -> str:
        return (
            setup_init.find_placement_error(found, place)
            if region_placement.is_insertion_point(place)
            else f"Wanted: {_PLACES}."
        )

    return console.ask_until_valid(f"Where in README.md do the sessions go: {_PLACES}", "bottom", find_error)


def _ask_replacements(made: "InitPlan", wish: "InitOptions", plan: "Callable[[InitOptions], InitPlan]") -> "InitPlan":
    """Return the plan with those files replaced too of which that is agreed."""
    from readingroom.setup import init as setup_init  # noqa: PLC0415

    differing = [each.file for each in made.left if each.file in setup_init.REPLACEABLE]
    agreed = {file for file in differing if click.confirm(f"{file} differs from what init writes. Replace it?")}
    return plan(replace(wish, to_replace=wish.to_replace | agreed)) if agreed else made


def _check_folder(made: "InitPlan", found: "Tree", here: "LocalEnvironment") -> "Iterator[Finding]":
    """Yield what is worth telling of where the folder lies and what lies in it."""
    from readingroom.core.diagnostics import Finding  # noqa: PLC0415
    from readingroom.core.tree import README  # noqa: PLC0415

    if here.below:
        yield Finding(".github", 0, "", _BELOW)
    if README in made.changes and README not in found.contents:
        for name in here.readmes:
            yield Finding(name, 0, "", _HIDDEN)


_BELOW = (
    "is not at the top of the Git repository, where alone GitHub looks for workflows and forms. Run init at the top, "
    "or make a repository of this folder."
)
_HIDDEN = (
    "is not what GitHub shows first once README.md is there. Move its text into README.md, outside of the regions."
)


def _print_next_steps(made: "InitPlan") -> None:
    from readingroom.github.repository_settings import CREATE_PULLS  # noqa: PLC0415

    if not made.changes:
        if not made.left:
            click.echo("The group is set up already: nothing to do.")
        return
    console.print_changes(made.changes)
    settings = f" ({made.group.repository}/settings/actions)" if made.group.repository else ""
    session = next(
        (path for path in made.changes if path.endswith("/session.yml") and path.startswith("sessions/")), ""
    )
    click.echo("\nNext:")
    if session:
        click.echo(f"- Make {session} your own, then run: readingroom build")
    click.echo("- Commit everything, and push it to the default branch on GitHub.")
    click.echo(f"- In the repository's settings on GitHub{settings}, Actions, General, tick")
    click.echo(f'  "{CREATE_PULLS}".')
    click.echo("- Run: readingroom doctor")
