"""The options of the commands that talk to GitHub."""

from collections.abc import Callable
from typing import Any

import click

from readingroom.github.urls import API_URL

event_option = click.option(
    "--event",
    type=click.Path(dir_okay=False),
    envvar="GITHUB_EVENT_PATH",
    help="The file with the event's payload; in a workflow, GitHub provides it.",
)
_ACCESS_OPTIONS = (
    click.option(
        "--token",
        envvar=["READINGROOM_TOKEN", "GITHUB_TOKEN"],
        default="",
        help="The token for GitHub; safer in the environment variable READINGROOM_TOKEN.",
    ),
    click.option(
        "--repository",
        envvar="GITHUB_REPOSITORY",
        default="",
        help="The repository as owner/name, if it is not known otherwise.",
    ),
    click.option(
        "--api-url",
        envvar="GITHUB_API_URL",
        default=API_URL,
        show_default=True,
        help="The address of GitHub's API.",
    ),
)


def add_access_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options ``token``, ``repository`` and ``api_url``."""
    for option in reversed(_ACCESS_OPTIONS):
        command = option(command)
    return command
