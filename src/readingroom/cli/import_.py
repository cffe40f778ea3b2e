"""The command import: hand-written pages become session files."""

import sys
from typing import TYPE_CHECKING, Any

import click

from readingroom.cli.options import NEEDS_FIX, OK, format_examples, root_option, today_option
from readingroom.io import console

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from readingroom.core.diagnostics import Remark
    from readingroom.importer.run import ImportResult


class _ColumnsType(click.ParamType[Any]):
    name = "NAME=N,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from readingroom.importer.tables import rows  # noqa: PLC0415

        if isinstance(value, dict):
            return value
        try:
            return dict(rows.parse_columns_option(str(value)))
        except ValueError as error:
            return self.fail(str(error), param, ctx)


class _RepositoryUrlType(click.ParamType[str]):
    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        import re  # noqa: PLC0415

        if not value or re.fullmatch(r"https?://[^/\s]+/\S+", value):
            return str(value)
        if re.fullmatch(r"[\w-]{1,39}/[\w.-]{1,100}", value):
            return f"https://github.com/{value}"
        return self.fail(f"found {value!r}. Wanted: an address such as https://github.com/OWNER/NAME.", param, ctx)


@click.command(
    "import",
    epilog=format_examples(
        "readingroom import README.md PREVIOUS.md --dry-run",
        "readingroom import README.md PREVIOUS.md --date-order day-first --readme",
        "readingroom import README.md --year 2023 --columns date=1,title=3,lead=2",
    ),
)
@click.argument("pages", nargs=-1, required=True, type=click.Path(dir_okay=False))
@root_option
@click.option(
    "--columns",
    type=_ColumnsType(),
    default="",
    help="What columns are, where their heads do not tell: date=1,title=2.",
)
@click.option(
    "--date-order",
    type=click.Choice(["day-first", "month-first", "year-first"]),
    help="How to read 05/09/2024 or 05/09/24, where no other date tells.",
)
@click.option("--year", type=click.IntRange(1970, 2099), help="The year of the first date that has none.")
@click.option(
    "--repository",
    type=_RepositoryUrlType(),
    default="",
    help="Where the pages' own files are: https://github.com/OWNER/NAME.",
)
@click.option("--readme", is_flag=True, help="Put regions in place of the tables in README.md.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would be written.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text",
    help="text tells what is done; json prints the sessions as the pages have them, and writes nothing.",
)  # fmt: skip
@click.option(
    "--findings-format",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="How findings are printed.",
)
@today_option
def import_command(pages: "Sequence[str]", root: "Path", today: "dt.date | None", **given: Any) -> None:
    """Make session files of the schedules on hand-written PAGES, and say what is wrong with the pages.

    Nothing is lost silently: every row and item that is no session is listed with its line and the reason. Sessions
    that are there already stay as they are. Ask for nothing to be written with --dry-run.
    """
    from readingroom.importer import run  # noqa: PLC0415
    from readingroom.importer.dates.resolve import DateOptions  # noqa: PLC0415
    from readingroom.importer.schedule import ImportOptions  # noqa: PLC0415
    from readingroom.io import cache, disk  # noqa: PLC0415

    found = disk.read_tree(root)
    options = ImportOptions(DateOptions(given["date_order"] or "", given["year"] or 0), given["columns"])
    contents = _read_pages(pages, root)
    result = run.run_import(
        contents,
        found,
        options,
        given["repository"],
        today or cache.get_today(run.read_group_or_default(found).time_zone),
    )
    if given["form"] == "json":
        console.print_json(result.list_session_records())
        _print_diagnostics(result, given["findings_format"], is_beside=True)
        sys.exit(NEEDS_FIX if result.problems else OK)
    _print_diagnostics(result, given["findings_format"], is_beside=False)
    files: dict[str, bytes | None] = {**result.files}
    if (
        result.readme is not None
        and (given["readme"] or given["dry_run"])
        and result.readme != found.contents.get("README.md")
    ):
        files["README.md"] = result.readme
    if given["dry_run"]:
        console.print_diff(disk.iter_diff(found, files))
    elif not result.problems:
        disk.write_files(root, files)
    _print_summary(result, files, written=not given["dry_run"])
    if given["readme"] and result.readme is None:
        click.echo(_describe_missing_regions(contents))
    if result.readme not in {None, found.contents.get("README.md")} and not (given["readme"] or given["dry_run"]):
        click.echo("With --readme, README.md gets regions in place of its tables.")
    sys.exit(NEEDS_FIX if result.problems else OK)


def _describe_missing_regions(pages: "Mapping[str, bytes]") -> str:
    """Return why --readme does nothing, and what to do instead."""
    if "README.md" not in pages:
        return "--readme changes README.md alone, and README.md is not among the pages. Name it beside them."
    return (
        "README.md has no table of sessions, so --readme puts no region in its place. Remove the list of sessions by "
        "hand, and run readingroom init, which puts regions where you say."
    )


def _read_pages(pages: "Sequence[str]", root: "Path") -> "Mapping[str, bytes]":
    """Return the bytes of the pages by their paths, as seen from the repository's top where they are below it."""
    from pathlib import Path  # noqa: PLC0415

    top, found = root.resolve(), {}
    for name in pages:
        path = Path(name).resolve()
        if path.exists() and not path.is_file():
            raise click.UsageError(f"{name} is no file. Give the page's Markdown file.")
        shown = path.relative_to(top).as_posix() if path.is_relative_to(top) else name
        found[shown] = path.read_bytes()
    return found


def _print_diagnostics(result: "ImportResult", form: str, *, is_beside: bool) -> None:
    """Print problems, findings and what is left out, to stderr where stdout has the sessions."""
    remarks: list[Remark] = [*result.problems, *result.findings, *result.left]
    if form == "text":
        console.print_diagnostics(remarks)
    elif form == "json":
        import json  # noqa: PLC0415

        parts = {"problems": result.problems, "findings": result.findings, "left": result.left}
        told = {name: [each._asdict() for each in several] for name, several in parts.items()}
        click.echo(json.dumps(told, indent=2), err=is_beside)
    else:
        from readingroom.importer import lint  # noqa: PLC0415

        click.echo(lint.render_import_report(result.problems, result.findings, result.left), err=is_beside)


def _print_summary(result: "ImportResult", files: "Mapping[str, bytes | None]", *, written: bool) -> None:
    """Say how many sessions there are, and what to do next."""
    new = len(result.files)
    counts = [
        f"{console.format_count(new, 'session')} new",
        f"{result.known} already there",
        f"{len(result.left)} lines not imported",
    ]
    click.echo(", ".join(counts) + ".")
    if result.problems:
        click.echo(f"{console.format_count(len(result.problems), 'problem')}; nothing was written.", err=True)
    elif not written:
        click.echo("Nothing was written. Leave out --dry-run to write it.")
    elif files:
        click.echo("Wrote sessions/. Look it over, then run: readingroom build")
    else:
        click.echo("It is so already: nothing to do.")
