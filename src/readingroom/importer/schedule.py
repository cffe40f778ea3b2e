"""The sessions read from pages, and what is reported about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.importer.answers import Answers
from readingroom.importer.dates.resolve import DateEvidence
from readingroom.importer.page.blocks import LineMessage, Table
from readingroom.importer.page.document import Document
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.shelves import UndatedUse
from readingroom.importer.tables import CandidateGroup


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the organiser says about tables and series, by their numbers, 0 for all, and about lists without days."""

    answers: Mapping[int, Answers] = field(default_factory=dict)
    undated: UndatedUse | None = None

    def get_answers(self, number: int) -> Answers:
        """Return what is said about the series with a number."""
        return self.answers.get(number, Answers()).merge_answers(self.answers.get(0, Answers()))


@dataclass(frozen=True, slots=True)
class Series:
    """A table, or the lines with days of one form; ``number`` counts all of the pages from 1, whatever is read of them.

    ``lines`` are those from the first of its sessions to the last; ``group`` is empty where no session was read;
    ``evidence`` is None where it has no day. What readingroom made has the number 0.
    """

    number: int
    page: str
    lines: range
    group: CandidateGroup
    answers: Answers
    evidence: DateEvidence | None = None

    @property
    def is_table(self) -> bool:
        return self.group.width > 0

    @property
    def place(self) -> str:
        """What it is, and where: a name for messages."""
        return f"{'table' if self.is_table else 'series'} {self.number} ({self.page}:{self.lines.start})"


@dataclass
class Schedule:
    """The sessions of pages in their order; ``joined`` are the rows that sections belong to, with these sections."""

    pages: Sequence[Document]
    entries: list[Candidate] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    joined: list[tuple[Candidate, Candidate]] = field(default_factory=list)
    tables: list[tuple[Document, Table]] = field(default_factory=list)
    shelves: list[Candidate] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    numbered: int = 0
    ideas: list[Candidate] = field(default_factory=list)

    def report(self, code: Code, page: str, messages: Iterable[LineMessage], hint: str = "") -> None:
        self.diagnostics += [Diagnostic(Location(page, line), code, message, hint) for line, message in messages]
