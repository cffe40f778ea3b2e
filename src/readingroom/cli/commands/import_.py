"""The command import."""

import datetime as dt
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.import_answers import add_answer_options, collect_answers
from readingroom.cli.options import (
    OutputFormat,
    create_format_option,
    dry_run_option,
    format_examples,
    root_option,
    today_option,
)
from readingroom.core.tree import README
from readingroom.importer import lint, run
from readingroom.importer.answers import Answers
from readingroom.importer.run import ImportResult
from readingroom.importer.schedule import ImportOptions
from readingroom.io import cache, console, disk
from readingroom.text.phrases import format_count

if TYPE_CHECKING:
    from readingroom.core.diagnostics import Diagnostic


class _RepositoryUrlType(click.ParamType[str]):
    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value or re.fullmatch(r"https?://[^/\s]+/\S+", value):
            return str(value)
        if re.fullmatch(r"[\w-]{1,39}/[\w.-]{1,100}", value):
            return f"https://github.com/{value}"
        return self.fail(f"found {value!r}. Expected: an address such as https://github.com/OWNER/NAME.", param, ctx)


@click.command(
    "import",
    epilog=format_examples(
        "readingroom import README.md PREVIOUS.md --dry-run",
        "readingroom import README.md PREVIOUS.md --date-order day-first --readme",
        "readingroom import README.md --year 2023 --columns 2:date=1,title=3,lead=2 --title 3:below",
    ),
)
@click.argument("pages", nargs=-1, required=True, type=click.Path(dir_okay=False))
@root_option
@add_answer_options
@click.option(
    "--repository",
    type=_RepositoryUrlType(),
    default="",
    help="The repository of the pages, for links to its files: https://github.com/OWNER/NAME.",
)
@click.option("--readme", is_flag=True, help="Replace the tables of sessions in README.md with regions.")
@dry_run_option
@create_format_option(
    OutputFormat.TEXT,
    OutputFormat.JSON,
    description="text says what is done; json prints the sessions as they are on the pages, and writes nothing.",
)
@click.option(
    "--findings-format",
    type=click.Choice([OutputFormat.TEXT, OutputFormat.JSON, OutputFormat.MARKDOWN], case_sensitive=False),
    default=OutputFormat.TEXT,
    help="The format of errors, warnings and lines that are not imported.",
)
@today_option
def run_command(
    pages: Sequence[str], root: Path, today: dt.date | None, *, readme: bool, dry_run: bool, **given: Any
) -> None:
    """Turn the schedules on hand-written PAGES into session files.

    Errors in the pages are reported, and nothing is lost silently: every row and item that is not a session is listed
    with its line and the reason. Existing sessions are not changed. Nothing is written with --dry-run.

    Options with [N:] answer for all tables and series of the pages, or for the one with the number N, as the command
    prints it: --title 3:below. They may be given several times.
    """
    tree = disk.read_tree(root)
    options = _build_options(given)
    contents = _read_pages(pages, root)
    day = today or cache.get_today(run.read_group_or_default(tree).time_zone)
    result = run.run_import(contents, tree, options, given["repository"], day)
    exit_code = ExitCode.NEEDS_FIX if result.problems else ExitCode.OK
    if given["output_format"] is OutputFormat.JSON:
        console.print_json(result.list_session_records())
        _print_diagnostics(result, given["findings_format"], to_stderr=True)
        sys.exit(exit_code)
    _print_diagnostics(result, given["findings_format"], to_stderr=False)
    is_readme_changed = result.readme not in {None, tree.contents.get(README)}
    files = _list_changes(result, with_readme=readme and is_readme_changed)
    if dry_run:
        console.print_diff(disk.iter_diff(tree, files))
    else:
        disk.write_files(root, files)
    _print_summary(result, files, written=not dry_run)
    if readme and result.readme is None:
        click.echo(_describe_missing_regions(contents))
    if is_readme_changed and not readme:
        click.echo("Use --readme to replace the tables of sessions in README.md with regions.")
    sys.exit(exit_code)


def _build_options(given: Mapping[str, Any]) -> ImportOptions:
    answers = collect_answers(given)
    common = answers.pop(0, Answers())
    return ImportOptions(common.dates, common.columns, common.title, common.lead, answers)


def _list_changes(result: ImportResult, *, with_readme: bool) -> Mapping[str, bytes | None]:
    """Return the files to write, by path: none if there are errors."""
    if result.problems:
        return {}
    return {**result.files, README: result.readme} if with_readme else result.files


def _describe_missing_regions(pages: Mapping[str, bytes]) -> str:
    """Return why --readme does nothing, and what to do instead."""
    if README not in pages:
        return "--readme changes README.md only, and README.md is not among the pages. Add it to them."
    return (
        "README.md has no table of sessions that --readme could replace. Remove the list of sessions yourself, and run "
        "readingroom init, which adds regions where you choose."
    )


def _read_pages(pages: Sequence[str], root: Path) -> Mapping[str, bytes]:
    """Return the bytes of the pages by path; a path is relative to the repository's top if the page is below it."""
    top, contents = root.resolve(), {}
    for name in pages:
        path = Path(name).resolve()
        if path.exists() and not path.is_file():
            raise click.UsageError(f"{name} is not a file. Give the page's Markdown file.")
        relative = path.relative_to(top).as_posix() if path.is_relative_to(top) else name
        contents[relative] = path.read_bytes()
    return contents


def _print_diagnostics(result: ImportResult, output_format: OutputFormat, *, to_stderr: bool) -> None:
    """Print errors, warnings and lines that are not imported; to stderr if stdout has the sessions."""
    diagnostics: list[Diagnostic] = [*result.problems, *result.findings, *result.left]
    if output_format is OutputFormat.TEXT:
        console.print_diagnostics(diagnostics)
    elif output_format is OutputFormat.JSON:
        record = {"diagnostics": [each.to_record() for each in diagnostics]}
        click.echo(json.dumps(record, indent=2), err=to_stderr)
    else:
        click.echo(lint.render_import_report(result.problems, result.findings, result.left), err=to_stderr)


def _print_summary(result: ImportResult, files: Mapping[str, bytes | None], *, written: bool) -> None:
    """Print how many sessions there are, and what to do next."""
    new = len(result.files)
    counts = [
        f"{format_count(new, 'session')} new",
        f"{result.known} already there",
        f"{format_count(len(result.left), 'line')} not imported",
    ]
    click.echo(", ".join(counts) + ".")
    if result.problems:
        click.echo(f"{format_count(len(result.problems), 'error')}; nothing was written.", err=True)
    elif not written:
        click.echo("Nothing was written. Leave out --dry-run to write the files.")
    elif files:
        click.echo("Wrote sessions/. Review the files, then run: readingroom build")
    else:
        click.echo("Nothing to do: every session is already there.")
