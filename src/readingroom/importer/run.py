"""The import as a whole: from pages to session files and a report."""

import datetime as dt
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.models import Group
from readingroom.core.tree import CONFIGURATION, README, Files, Tree
from readingroom.importer import lint, replace_tables, to_data, to_files
from readingroom.importer import read as importer_read
from readingroom.importer.page import document
from readingroom.importer.records.candidate import OFF_DAY, Candidate
from readingroom.importer.report import preview
from readingroom.importer.schedule import ImportOptions, Schedule, Series
from readingroom.store import catalogue, yaml_codec

MAX_BYTES = 8 * 1024 * 1024
_TO_CONVERT = frozenset({".org", ".rst", ".tex", ".textile", ".typ", ".docx", ".odt", ".rtf"})

_HINT = "Import the page that has them; if its columns were not recognised, name them: --columns date=1,title=2."


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an import: the new files, the sessions as the pages have them, and the diagnostics.

    ``left`` lists every row, item and table that is no session, with its reason; ``known`` counts the sessions that
    exist already; ``readme`` is the new README.md, if one of the pages is it and has tables of sessions; ``series`` are
    the tables of the pages, and the lines that have days.
    """

    files: Files
    entries: Sequence[Candidate]
    problems: Sequence[Diagnostic]
    findings: Sequence[Diagnostic]
    left: Sequence[Diagnostic]
    known: int
    readme: bytes | None = None
    series: Sequence[Series] = ()

    def list_session_records(self) -> list[dict[str, object]]:
        return list(to_data.iter_session_records(self.entries))


def run_import(
    contents: Mapping[str, bytes],
    tree: Tree,
    options: ImportOptions,
    repository: str = "",
    today: dt.date | None = None,
) -> ImportResult:
    """Import pages, given by path, into a tree; raise Invalid if one cannot be read."""
    known = read_group_or_default(tree)
    read = importer_read.read_schedule(_read_pages(contents), options, today)
    result = to_files.build_session_files(read, tree, known, repository, today=today)
    warnings = [*lint.check_import(read, known, today), *result.findings, *_check_guessed_columns(read)]
    left = sorted({*read.skipped, *(each for each in warnings if each.code == Code.IMPORT_SKIPPED)})
    findings = sorted({each for each in warnings if each.code != Code.IMPORT_SKIPPED})
    made = None
    if today and README in contents and any(held.path == README for held, _ in read.tables):
        made, kept_tables = replace_tables.replace_tables_with_regions(README, contents[README], read, today)
        findings += kept_tables
    problems = sorted({*read.problems, *result.problems, *_check_options(read, options)})
    is_shelved = options.undated is not None and read.shelves
    if all(entry.status == OFF_DAY for entry in read.entries) and not is_shelved:
        problems += [
            Diagnostic(Location(path, 1), Code.IMPORT_NOTHING_FOUND, importer_read.NO_SESSION, _HINT)
            for path in contents
        ]
    entries = sorted(read.entries, key=lambda entry: (list(contents).index(entry.page), entry.line))
    return ImportResult(result.files, entries, problems, findings, left, result.known, made, read.series)


def _check_guessed_columns(read: Schedule) -> Iterator[Diagnostic]:
    """Yield the tables with columns whose heads do not say what they hold."""
    for each in read.series:
        if each.number and each.group.candidates and (guessed := preview.describe_guesses(each.group)):
            columns = ",".join(f"{role}={column + 1}" for column, role in sorted(each.group.roles.items()))
            message = f"in table {each.number}, the content suggests {guessed}."
            hint = f"If that is wrong, correct this: --columns {each.number}:{columns}"
            yield Diagnostic(Location(each.page, each.lines.start), Code.IMPORT_COLUMN_GUESSED, message, hint)


def _check_options(read: Schedule, options: ImportOptions) -> Iterator[Diagnostic]:
    """Yield the columns, tables and series that the options name and the pages have not."""
    widths = {each.number: each.group.width for each in read.series if each.number}
    location = Location(read.pages[0].path, 1)
    yield from _check_columns(location, options.columns, "", max(widths.values(), default=0))
    for number, answers in options.by_number.items():
        if number in widths:
            yield from _check_columns(location, answers.columns, f"{number}:", widths[number])
        else:
            message = f"an option answers for {number}, but the pages have no table or series with this number."
            hint = f"The numbers are 1 to {max(widths)}." if widths else "Leave the number out."
            yield Diagnostic(location, Code.IMPORT_SERIES_UNKNOWN, message, hint)


def _check_columns(location: Location, columns: Mapping[int, str], prefix: str, width: int) -> Iterator[Diagnostic]:
    for number, role in columns.items():
        if number >= width:
            which = f"{prefix.rstrip(':')} does not have: it" if prefix else "no table has: the widest"
            message = f"--columns {prefix}{role}={number + 1} names a column that {which} has {width}."
            yield Diagnostic(location, Code.IMPORT_COLUMN_UNKNOWN, message, "Count from 1, from the left.")


def _read_pages(contents: Mapping[str, bytes]) -> list[document.Document]:
    pages, problems = [], []
    for path, content in contents.items():
        if len(content) > MAX_BYTES:
            message = f"has {len(content)} bytes; at most {MAX_BYTES} are read."
            problems.append(Diagnostic(Location(path), Code.FILE_TOO_LARGE, message, "Divide it."))
            continue
        if PurePath(path).suffix.lower() in _TO_CONVERT:
            problems.append(Diagnostic(Location(path), Code.IMPORT_PAGE_FORMAT, *_describe_conversion(path)))
            continue
        try:
            pages.append(document.parse_document(path, yaml_codec.decode_text(path, content)))
        except Invalid as invalid:
            problems += invalid.problems
    if problems:
        raise Invalid(problems)
    return pages


def _describe_conversion(path: str) -> tuple[str, str]:
    """Return why a page in another format is not read, and the command that converts it."""
    to = shlex.quote(PurePath(path).with_suffix(".md").as_posix())
    message = f"is not read: it is {PurePath(path).suffix}, not Markdown, HTML, YAML, JSON or CSV."
    return message, f"Convert it, and import that: pandoc -t gfm {shlex.quote(path)} -o {to}"


def read_group_or_default(tree: Tree) -> Group:
    """Return the group, or a stand-in for one that has no readingroom.yml yet."""
    if CONFIGURATION not in tree.contents:
        return Group("", "UTC")
    return catalogue.read_group(tree)
