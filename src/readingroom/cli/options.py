"""What the commands' options share, and the exit codes."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

OK, NEEDS_FIX, CANNOT_RUN, INTERNAL_ERROR = range(4)


class DateType(click.ParamType["dt.date"]):
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


class _FolderType(click.Path):
    """A folder that exists, as a Path; pathlib is imported when a command runs."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "Path":
        from pathlib import Path  # noqa: PLC0415

        return Path(str(super().convert(value, param, ctx)))


root_option = click.option(
    "--root",
    type=_FolderType(exists=True, file_okay=False),
    default=".",
    envvar="READINGROOM_ROOT",
    help="The folder of the group's repository, at whose top the group lies; by default this folder.",
)
today_option = click.option(
    "--today",
    type=DateType(),
    envvar="READINGROOM_TODAY",
    help="The day to take for today's; by default that in the group's time zone.",
)


def format_examples(*lines: str) -> str:
    """Return the end of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
