"""The command import."""

import datetime as dt
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import click

from readingroom.cli import import_report
from readingroom.cli.exit_codes import ExitCode
from readingroom.cli.import_answers import add_answer_options, collect_answers, format_answers
from readingroom.cli.import_report import FindingsFormat
from readingroom.cli.options import (
    OutputFormat,
    create_format_option,
    dry_run_option,
    format_examples,
    root_option,
    today_option,
)
from readingroom.core.tree import README
from readingroom.importer import run
from readingroom.importer.answers import Answers
from readingroom.importer.report import decisions, explain
from readingroom.importer.run import ImportResult
from readingroom.importer.schedule import ImportOptions
from readingroom.importer.shelves import UndatedUse
from readingroom.io import cache, console, disk
from readingroom.text.phrases import format_count


class _RepositoryUrlType(click.ParamType[str]):
    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value or re.fullmatch(r"https?://[^/\s]+/\S+", value):
            return str(value)
        if re.fullmatch(r"[\w-]{1,39}/[\w.-]{1,100}", value):
            return f"https://github.com/{value}"
        return self.fail(f"found {value!r}. Expected: an address such as https://github.com/OWNER/NAME.", param, ctx)


class _LineType(click.ParamType[tuple[str, int]]):
    name = "[PAGE:]LINE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        if isinstance(value, tuple):
            return value
        page, _, line = str(value).rpartition(":")
        if not re.fullmatch("[1-9][0-9]{0,8}", line):
            return self.fail(f"found {value!r}. Expected: a line such as 14 or README.md:14.", param, ctx)
        return page, int(line)


@click.command(
    "import",
    epilog=format_examples(
        "readingroom import README.md PREVIOUS.md --dry-run",
        "readingroom import README.md PREVIOUS.md --explain README.md:14",
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
@click.option(
    "--undated",
    type=click.Choice(list(UndatedUse), case_sensitive=False),
    help="Import lists of papers without days: each list as a shelf, or each paper as an idea for a session.",
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
    type=click.Choice(list(FindingsFormat), case_sensitive=False),
    default=FindingsFormat.SUMMARY,
    help="summary shows some findings of each kind; text, json and markdown list all.",
)
@click.option(
    "--explain",
    "lines",
    type=_LineType(),
    multiple=True,
    help="Say why a line became what it became, and write nothing.",
)
@click.option("--yes", is_flag=True, help="On a terminal, do not ask whether the sessions were read as they are meant.")
@today_option
def run_command(
    pages: Sequence[str], root: Path, today: dt.date | None, *, readme: bool, dry_run: bool, **given: Any
) -> None:
    """Turn the schedules on hand-written PAGES into session files.

    Errors in the pages are reported, and nothing is lost silently: every row and item that is not a session is listed
    with its line and the reason. Existing sessions are not changed. Nothing is written with --dry-run.

    Three sessions of each table and series are shown as they were read. Options with [N:] answer for all tables and
    series of the pages, or for the one with that number: --title 3:below. They may be given several times.
    """
    tree = disk.read_tree(root)
    options = build_options(given)
    contents = _read_pages(pages, root)
    lines = [_locate_line(contents, *each) for each in given["lines"]]
    day = today or cache.get_today(run.read_group_or_default(tree).time_zone)
    result = run.run_import(contents, tree, options, given["repository"], day)
    exit_code = ExitCode.NEEDS_FIX if result.problems else ExitCode.OK
    if lines:
        _print_explanations(result, lines, given["output_format"])
        sys.exit(ExitCode.OK)
    if given["output_format"] is OutputFormat.JSON:
        console.print_json(result.list_session_records())
        import_report.print_findings(result, given["findings_format"], to_stderr=True)
        sys.exit(exit_code)
    import_report.print_sessions(result)
    import_report.print_findings(result, given["findings_format"], to_stderr=False)
    is_readme_changed = result.readme not in {None, tree.contents.get(README)}
    files = _list_changes(result, with_readme=readme and is_readme_changed)
    if dry_run:
        console.print_diff(disk.iter_diff(tree, files))
    elif files and not given["yes"]:
        _ask_agreement()
    if not dry_run:
        disk.write_files(root, files)
    _print_summary(result, files, written=not dry_run)
    if readme and result.readme is None:
        click.echo(_describe_missing_regions(contents))
    if is_readme_changed and not readme:
        click.echo("Use --readme to replace the tables of sessions in README.md with regions.")
    if not result.problems:
        others = {
            "--undated": options.undated,
            "--root": root if root != Path() else None,
            "--today": today,
            "--repository": given["repository"],
        }
        _print_repetition(pages, result, options, others, readme=readme)
    sys.exit(exit_code)


def _ask_agreement() -> None:
    """Ask on a terminal whether the sessions were read as they are meant; if not, say what to do, and end."""
    if sys.stdin.isatty() and not click.confirm("Were these sessions read correctly?", default=True):
        for line in import_report.describe_corrections():
            click.echo(line)
        sys.exit(ExitCode.NEEDS_FIX)


def _print_repetition(
    pages: Sequence[str], result: ImportResult, options: ImportOptions, others: Mapping[str, object], *, readme: bool
) -> None:
    """Print the command that gives all answers and decisions at once, if there are any, with its other options."""
    answers = format_answers(decisions.collect_decisions(result.series, options))
    if answers:
        values = chain.from_iterable((name, str(value)) for name, value in others.items() if value)
        given = [*answers, *values, *(["--readme"] if readme else [])]
        is_like_option = any(page.startswith("-") for page in pages)
        arguments = [*given, "--", *pages] if is_like_option else [*pages, *given]
        command = shlex.join(["readingroom", "import", *arguments])
        click.echo(console.escape_control_characters(f"To repeat this import: {command}"))


def _locate_line(contents: Mapping[str, bytes], page: str, line: int) -> tuple[str, int]:
    """Return the page and the line to explain."""
    if not page and len(contents) > 1:
        raise click.UsageError(f"--explain {line}: there are several pages. Give PAGE:{line}.")
    page = page or next(iter(contents))
    if page not in contents:
        raise click.UsageError(f"--explain {page}:{line}: {page} is not among the pages: {', '.join(contents)}.")
    last = len(contents[page].splitlines())
    if line > last:
        raise click.UsageError(f"--explain {line}: {page} has {last} lines.")
    return page, line


def _print_explanations(result: ImportResult, lines: Sequence[tuple[str, int]], output_format: OutputFormat) -> None:
    """Print why lines became what they became."""
    reasons = [(page, line, list(explain.explain_line(result, page, line))) for page, line in lines]
    if output_format is OutputFormat.JSON:
        console.print_json([{"file": page, "line": line, "reasons": several} for page, line, several in reasons])
        return
    for page, line, several in reasons:
        for each in several:
            click.echo(console.escape_control_characters(f"{page}:{line}: {each}"))


def build_options(given: Mapping[str, Any]) -> ImportOptions:
    answers = collect_answers(given)
    common = answers.pop(0, Answers())
    return ImportOptions(common.dates, common.columns, common.title, common.lead, answers, given["undated"])


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
