"""The import as a whole: from pages to session files and a report."""

import datetime as dt
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location, Severity
from readingroom.core.models import Group
from readingroom.core.text_file import decode_file
from readingroom.core.tree import CONFIGURATION, README, Files, Tree
from readingroom.importer import lint, replace_tables, session_data, session_files
from readingroom.importer.page import document
from readingroom.importer.read_schedule import NO_SESSION, read_schedule
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.schedule import ImportOptions, Series
from readingroom.importer.vocabulary.status import OFF_DAY
from readingroom.store import catalogue

MAX_BYTES = 8 * 1024 * 1024
_TO_CONVERT = frozenset({".org", ".rst", ".tex", ".textile", ".typ", ".docx", ".odt", ".rtf"})


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an import: the new files, the sessions as the pages have them, and the diagnostics.

    ``known`` counts the sessions that exist already; ``readme`` is the new README.md, if one of the pages is it and has
    tables of sessions; ``series`` are the tables of the pages, and the lines that have days.
    """

    files: Files
    entries: Sequence[Candidate]
    diagnostics: Sequence[Diagnostic]
    known: int
    readme: bytes | None = None
    series: Sequence[Series] = ()

    @property
    def problems(self) -> list[Diagnostic]:
        """The errors, because of which nothing is written."""
        return [each for each in self.diagnostics if each.severity is Severity.ERROR]

    @property
    def left(self) -> list[Diagnostic]:
        """Every row, item and table that is no session, with its reason."""
        return [each for each in self.diagnostics if each.code == Code.IMPORT_SKIPPED]

    @property
    def findings(self) -> list[Diagnostic]:
        """What is worth a look."""
        others = (each for each in self.diagnostics if each.code != Code.IMPORT_SKIPPED)
        return [each for each in others if each.severity is not Severity.ERROR]

    def list_session_records(self) -> list[dict[str, object]]:
        return list(session_data.iter_session_records(self.entries))


def import_pages(
    contents: Mapping[str, bytes],
    tree: Tree,
    options: ImportOptions,
    repository: str = "",
    today: dt.date | None = None,
) -> ImportResult:
    """Import pages, given by path, into a tree; raise Invalid if one cannot be read."""
    group = read_group_or_default(tree)
    read = read_schedule(_parse_pages(contents), options, today)
    made = session_files.build_session_files(read, tree, group, repository, today=today)
    readme = None
    if today and README in contents and any(page.path == README for page, _ in read.tables):
        readme, kept_tables = replace_tables.replace_tables_with_regions(README, contents[README], read, today)
        read.diagnostics += kept_tables
    read.diagnostics += lint.check_import(read, made.data, options, group, today=today)
    is_shelved = options.undated is not None and read.shelves
    if all(entry.status == OFF_DAY for entry in read.entries) and not is_shelved:
        hint = "Import the page that has them; if its columns were not recognised, name them: --columns date=1,title=2."
        for path in contents:
            read.report(Code.IMPORT_NOTHING_FOUND, path, [(1, NO_SESSION)], hint)
    entries = sorted(read.entries, key=lambda entry: (list(contents).index(entry.page), entry.line))
    return ImportResult(made.files, entries, sorted(set(read.diagnostics)), made.known, readme, read.series)


def _parse_pages(contents: Mapping[str, bytes]) -> list[document.Document]:
    pages, problems = [], []
    for path, content in contents.items():
        suffix = PurePath(path).suffix
        if len(content) > MAX_BYTES:
            message = f"has {len(content)} bytes; at most {MAX_BYTES} are read."
            problems.append(Diagnostic(Location(path), Code.FILE_TOO_LARGE, message, "Divide it."))
        elif suffix.lower() in _TO_CONVERT:
            to = shlex.quote(PurePath(path).with_suffix(".md").as_posix())
            message = f"is not read: it is {suffix}, not Markdown, HTML, YAML, JSON or CSV."
            hint = f"Convert it, and import that: pandoc -t gfm {shlex.quote(path)} -o {to}"
            problems.append(Diagnostic(Location(path), Code.IMPORT_PAGE_FORMAT, message, hint))
        else:
            try:
                pages.append(document.parse_document(path, decode_file(path, content).text))
            except Invalid as invalid:
                problems += invalid.problems
    if problems:
        raise Invalid(problems)
    return pages


def read_group_or_default(tree: Tree) -> Group:
    """Return the group, or a stand-in for one that has no readingroom.yml yet."""
    return catalogue.read_group(tree) if CONFIGURATION in tree.contents else Group("", "UTC")
