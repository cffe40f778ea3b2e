"""The sessions read from pages, and what is reported about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.importer.dates.resolve import DateOptions
from readingroom.importer.page.blocks import Table
from readingroom.importer.page.document import Document
from readingroom.importer.records.candidate import Candidate


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the organiser says about the pages: order and year of dates, and the columns by number, from 0."""

    dates: DateOptions = field(default_factory=DateOptions)
    columns: Mapping[int, str] = field(default_factory=dict)


@dataclass
class Schedule:
    """The sessions of pages in their order, with errors (``problems``) and warnings (``findings``).

    ``skipped`` has every row, item and table that is no session, with the reason.
    """

    pages: Sequence[Document]
    entries: list[Candidate] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)
    skipped: list[Diagnostic] = field(default_factory=list)
    joined: list[tuple[Candidate, Candidate]] = field(default_factory=list)
    tables: list[tuple[Document, Table]] = field(default_factory=list)
    shelves: list[Candidate] = field(default_factory=list)

    def add_warning(self, code: Code, page: str, line: int, message: str) -> None:
        self.findings.append(Diagnostic(Location(page, line), code, message))

    def add_skipped(self, page: str, line: int, reason: str) -> None:
        self.skipped.append(Diagnostic(Location(page, line), Code.IMPORT_SKIPPED, reason))
