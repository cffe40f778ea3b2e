"""What pages hold: the sessions that are read from them, and what is to report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from readingroom.core.diagnostics import Finding, Problem
from readingroom.importer.blocks.page import Page, Table
from readingroom.importer.dates.resolve import Asked
from readingroom.importer.session.entry import Entry


@dataclass(frozen=True, slots=True)
class Options:
    """What the organiser said about the pages: the order of days and months, a year, the columns by their numbers."""

    asked: Asked = field(default_factory=Asked)
    columns: Mapping[int, str] = field(default_factory=dict)


@dataclass
class Schedule:
    """What pages tell: the sessions in their order, what asks for an answer, and what is worth telling.

    ``skipped`` has every row, item and table that is no session, with the reason.
    """

    pages: Sequence[Page]
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    skipped: list[Finding] = field(default_factory=list)
    joined: list[tuple[Entry, Entry]] = field(default_factory=list)
    tables: list[tuple[Page, Table]] = field(default_factory=list)
    shelves: list[Entry] = field(default_factory=list)

    def tell(self, page: str, line: int, message: str) -> None:
        self.findings.append(Finding(page, line, "", message))
