"""What import prints: its sessions as they were read, its findings by kind, and the line that repeats it."""

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

import click

from readingroom.core.codes import Code
from readingroom.importer import report
from readingroom.io import console
from readingroom.text import escape, mentions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readingroom.core.diagnostics import Diagnostic
    from readingroom.importer.import_pages import ImportResult


class FindingsFormat(StrEnum):
    """How findings are printed: some of each kind, all as text, or all for a program or an issue."""

    SUMMARY = "summary"
    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


# What may have been read wrongly: these are shown first, and each of them.
_DOUBTS = (
    Code.IMPORT_PAGE_EMPTY,
    Code.IMPORT_COLUMN_GUESSED,
    Code.IMPORT_DATE_ASSUMED,
    Code.IMPORT_LINE_UNCERTAIN,
)
_MAX_EXAMPLES = 3


def print_findings(result: "ImportResult", output_format: FindingsFormat, *, to_stderr: bool) -> None:
    """Print errors, warnings and lines that are not imported; to stderr if stdout has the sessions."""
    found = [*result.problems, *sorted(result.findings, key=_rank), *result.left]
    match output_format:
        case FindingsFormat.JSON:
            click.echo(json.dumps({"diagnostics": [each.to_record() for each in found]}, indent=2), err=to_stderr)
        case FindingsFormat.MARKDOWN:
            click.echo(_render_markdown(result), err=to_stderr)
        case FindingsFormat.TEXT:
            console.print_diagnostics(found)
        case _:
            _print_summary(result.problems, found[len(result.problems) :])


def _render_markdown(result: "ImportResult") -> str:
    """Return the report on pages as Markdown for an issue; it mentions nobody."""
    parts = []
    for title, several in (("Errors", result.problems), ("Warnings", result.findings), ("Not imported", result.left)):
        if several:
            lines = "\n".join(f"- {escape.escape_text(str(each), mentions.COMMENT)}" for each in several)
            parts.append(f"### {title}\n\n{lines}")
    return "\n\n".join(parts) or "Nothing was found."


def _rank(each: "Diagnostic") -> "tuple[int, Code, Diagnostic]":
    return (_DOUBTS.index(each.code) if each.code in _DOUBTS else len(_DOUBTS), each.code, each)


def _print_summary(problems: "Sequence[Diagnostic]", found: "Sequence[Diagnostic]") -> None:
    """Print all errors and doubts, and a few findings of each other kind with how many more there are."""
    console.print_diagnostics(problems)
    is_cut = False
    for code, several in groupby(found, key=lambda each: each.code):
        kind = list(several)
        most = len(kind) if code in _DOUBTS else _MAX_EXAMPLES
        console.print_diagnostics(kind[:most])
        if len(kind) > most:
            is_cut = True
            click.echo(f"... and {len(kind) - most} more [{code}]", err=True)
    if is_cut:
        click.echo("Add --findings-format text to list every finding.", err=True)


def print_sessions(result: "ImportResult") -> None:
    """Print three sessions of each table and series as they were read."""
    lines = list(report.render_preview(result.series))
    for line in [report.HEAD, *lines] if lines else []:
        click.echo(_indent(line))


def _indent(line: str) -> str:
    shown = console.escape_control_characters(line)
    return shown if line.startswith(" ") else click.style(shown, bold=True)


CORRECTIONS: Mapping[str, str] = {
    "--columns N:date=1,title=2,lead=3": "what the columns of table N hold",
    "--title N:below": "where titles are: below, beside, link or quoted",
    "--lead N:bold": "where people are: beside, bold, label or none",
    "--date-order N:day-first": "the order of the numbers in dates",
    "--year N:2023": "the year of the first date that has none",
    "--explain LINE": "why a line was read as it was",
}


def describe_corrections() -> Iterator[str]:
    """Yield the lines that say how to correct what was read wrongly."""
    yield "Nothing was written. Add one of these; N is the number above, and without it the answer is for all:"
    width = max(map(len, CORRECTIONS))
    yield from (f"  {option.ljust(width)}  {meaning}" for option, meaning in CORRECTIONS.items())
