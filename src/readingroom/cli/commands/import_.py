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
from readingroom.core.tree import README, Files, Tree
from readingroom.importer import report
from readingroom.importer.import_pages import ImportResult, import_pages, read_group_or_default
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
    options = ImportOptions(collect_answers(given), given["undated"])
    contents = _read_pages(pages, root)
    lines = [_locate_line(contents, *each) for each in given["lines"]]
    day = today or cache.get_today(read_group_or_default(tree).time_zone)
    result = import_pages(contents, tree, options, given["repository"], day)
    if lines:
        _print_explanations(result, lines, given["output_format"])
        sys.exit(ExitCode.OK)
    is_json = given["output_format"] is OutputFormat.JSON
    if is_json:
        console.print_json(result.list_session_records())
    else:
        import_report.print_sessions(result)
    import_report.print_findings(result, given["findings_format"], to_stderr=is_json)
    if not is_json:
        files = _list_changes(result, tree, with_readme=readme)
        _write_files(root, tree, files, is_asked=not given["yes"], dry_run=dry_run)
        _print_summary(result, files, written=not dry_run)
        _print_readme_advice(result, tree, contents, readme=readme)
        others = {"--undated": options.undated, "--root": root if root != Path() else None, "--today": today}
        others["--repository"] = given["repository"]
        _print_repetition(pages, result, options, others, readme=readme)
    sys.exit(ExitCode.NEEDS_FIX if result.problems else ExitCode.OK)


def _write_files(root: Path, tree: Tree, files: Files, *, is_asked: bool, dry_run: bool) -> None:
    """Write the files, on a terminal after asking whether the sessions were read correctly; or show what differs."""
    if dry_run:
        console.print_diff(disk.iter_diff(tree, files))
    elif files and is_asked and sys.stdin.isatty() and not click.confirm(_QUESTION, default=True):
        for line in import_report.describe_corrections():
            click.echo(line)
        sys.exit(ExitCode.NEEDS_FIX)
    else:
        disk.write_files(root, files)


_QUESTION = "Were these sessions read correctly?"


def _print_repetition(
    pages: Sequence[str], result: ImportResult, options: ImportOptions, others: Mapping[str, object], *, readme: bool
) -> None:
    """Print the command that gives all answers and decisions at once, if there are any, with its other options."""
    answers = format_answers(report.collect_decisions(result.series, options))
    if answers and not result.problems:
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
    reasons = [
        (page, line, list(report.explain_line(result.series, result.diagnostics, page, line))) for page, line in lines
    ]
    if output_format is OutputFormat.JSON:
        console.print_json([{"file": page, "line": line, "reasons": several} for page, line, several in reasons])
        return
    for page, line, several in reasons:
        for each in several:
            click.echo(console.escape_control_characters(f"{page}:{line}: {each}"))


def _list_changes(result: ImportResult, tree: Tree, *, with_readme: bool) -> Files:
    """Return the files to write, by path: none if there are errors."""
    if result.problems:
        return {}
    if with_readme and result.readme and result.readme != tree.contents.get(README):
        return {**result.files, README: result.readme}
    return result.files


def _print_readme_advice(result: ImportResult, tree: Tree, pages: Mapping[str, bytes], *, readme: bool) -> None:
    """Print why --readme does nothing and what to do instead, or what it would do."""
    if not readme and result.readme not in {None, tree.contents.get(README)}:
        click.echo("Use --readme to replace the tables of sessions in README.md with regions.")
    elif readme and README not in pages:
        click.echo("--readme changes README.md only, and README.md is not among the pages. Add it to them.")
    elif readme and result.readme is None:
        click.echo(
            "README.md has no table of sessions that --readme could replace. Remove the list of sessions yourself, "
            "and run readingroom init, which adds regions where you choose."
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


def _print_summary(result: ImportResult, files: Files, *, written: bool) -> None:
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
