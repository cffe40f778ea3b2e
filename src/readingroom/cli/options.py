"""The options that several commands share, and their types."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

import click


class OutputFormat(StrEnum):
    """What a command prints its results in."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    MARKDOWN = "markdown"
    SARIF = "sarif"


class _DateType(click.ParamType[dt.date]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        with suppress(ValueError):
            day = dt.date.fromisoformat(str(value))
            if str(day) == value:
                return day
        return self.fail(f"{value!r} is not a date. Expected: YYYY-MM-DD, for example 2024-01-15.", param, ctx)


DATE = _DateType()

root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    envvar="READINGROOM_ROOT",
    help="The folder of the group's repository; by default the current folder.",
)
today_option = click.option(
    "--today",
    type=DATE,
    envvar="READINGROOM_TODAY",
    help="The date to use as today; by default the current date in the group's time zone.",
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Write nothing; show what would change.")


def create_format_option(
    *formats: OutputFormat, description: str = "text for people, json for programs."
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option ``--format``, whose first format is the default; its value is called ``output_format``."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(formats, case_sensitive=False),
        default=formats[0],
        help=description,
    )


def format_examples(*lines: str) -> str:
    """Return the end of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
