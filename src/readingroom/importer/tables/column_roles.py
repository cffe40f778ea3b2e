"""What the columns of a table are: given by their heads, and by what is in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from readingroom.importer.blocks.page import Table
from readingroom.importer.dates import match
from readingroom.importer.inline.spans import InlineText
from readingroom.importer.tables import cell_features
from readingroom.importer.vocabulary import fields, words
from readingroom.importer.vocabulary.fields import (
    ABSTRACT,
    DATE,
    KIND,
    LEAD,
    NUMBER,
    OTHER,
    READING,
    ROOM,
    SINGLE,
    TIME,
    TITLE,
    VENUE,
)


@dataclass
class TableLayout:
    """The role of each column, and in sentences which of them were guessed or not understood."""

    roles: list[str]
    messages: list[str] = field(default_factory=list)


def detect_layout(table: Table, given_roles: Mapping[int, str]) -> TableLayout:
    """Return what each column of a table is; ``given_roles`` are those of --columns, by number from 0."""
    return _LayoutDetector(table, given_roles).detect_roles()


class _LayoutDetector:
    """Finds the roles of a table's columns, one after the other."""

    def __init__(self, table: Table, given_roles: Mapping[int, str]) -> None:
        self.names = [cell.whole for cell in table.head.cells]
        self.columns = [[row.cells[number] for row in table.rows] for number in range(len(self.names))]
        self.heads = [fields.parse_label_role(name) for name in self.names]
        self.given_roles = given_roles
        self.found = [given_roles.get(number) or self.get_head_role(number) for number in range(len(self.names))]
        self.messages: list[str] = []

    def get_head_role(self, number: int) -> str:
        role = self.heads[number].role
        return OTHER if role in {"", DATE} and is_foreign_date_head(self.names[number]) else role

    def detect_roles(self) -> TableLayout:
        if DATE not in self.found or not _is_date_column(self.columns[self.found.index(DATE)]):
            self.find_date_column()
        self.resolve_title_columns()
        self.resolve_lead_columns()
        for number, role in enumerate(self.found):
            if number not in self.given_roles:
                self.found[number] = self.refine_role(role, number)
        if LEAD not in self.found:
            self.find_lead_column()
        if TITLE not in self.found:
            self.find_title_column()
        self.report_unknown_columns()
        return TableLayout([role or OTHER for role in self.found], self.messages)

    def list_columns_by_role(self, role: str) -> list[int]:
        """Return the columns of a role that the organiser did not name."""
        return [number for number, each in enumerate(self.found) if each == role and number not in self.given_roles]

    def is_given(self, role: str) -> bool:
        return role in (self.given_roles.get(number) for number in range(len(self.names)))

    def find_date_column(self) -> None:
        """Take the first column whose cells are days for the dates."""
        if self.is_given(DATE):
            return
        for number, cells in enumerate(self.columns):
            may_be = number not in self.given_roles and not is_foreign_date_head(self.names[number])
            if (
                may_be
                and _is_date_column(cells)
                and cell_features.compute_share(cells, lambda cell: len(cell.whole) < 40) > 0.5
            ):
                if DATE in self.found:
                    self.found[self.found.index(DATE)] = ""
                self.found[number] = DATE
                return

    def resolve_title_columns(self) -> None:
        """Keep one of several columns of titles: a "topic" beats a "name", and numbers are no titles at all."""
        titles = self.list_columns_by_role(TITLE)
        for number in self.list_columns_by_role(""):
            if cell_features.is_row_numbering(self.columns[number]):
                self.found[number] = NUMBER
        for number in titles:
            may_be = len(titles) > 1 or self.heads[number].is_weak
            if may_be and cell_features.compute_share(self.columns[number], cell_features.is_number_cell) > 0.7:
                self.found[number] = NUMBER
        several = self.list_columns_by_role(TITLE)
        if len(several) == 1 and LEAD not in self.found and self.is_people_column(several[0]):
            self.found[several[0]] = LEAD
            self.report_guess(several[0], LEAD, "its cells look like names")
        if len(several) < 2 and not (several and self.is_given(TITLE)):
            return
        best = -1 if self.is_given(TITLE) else min(several, key=self.rank_title_column)
        for number in several:
            if number != best:
                self.found[number] = self.choose_other_role(number)

    def is_people_column(self, number: int) -> bool:
        """Return whether a column has a head such as "Name", which may be that of people, and their names below it."""
        may_be = fields.normalize_label(self.names[number]) in words.get_weak_words()[LEAD]
        return may_be and cell_features.compute_share(self.columns[number], cell_features.is_people_cell) > 0.7

    def rank_title_column(self, number: int) -> tuple[bool, bool, bool]:
        """Return by what one column of titles is taken before another: the least is best."""
        cells = self.columns[number]
        return (
            cell_features.compute_share(cells, cell_features.is_bare_link_cell) > 0.6,
            self.heads[number].is_weak,
            cell_features.compute_share(cells, cell_features.is_short_link_cell) > 0.6
            and not self.is_in_numbered_series(number),
        )

    def is_in_numbered_series(self, number: int) -> bool:
        """Return whether a column is one of several that are counted: "Paper 1", "Paper 2"."""
        stem = re.sub(r"[\W\d_]", "", self.names[number])
        return sum(re.sub(r"[\W\d_]", "", self.names[other]) == stem for other in self.list_columns_by_role(TITLE)) > 1

    def choose_other_role(self, number: int) -> str:
        """Return what a second column of titles may be."""
        cells = self.columns[number]
        is_name = (
            self.heads[number].is_weak
            and cell_features.compute_share(cells, cell_features.is_name_or_placeholder) > 0.5
        )
        if is_name and not any(role == LEAD for role in self.found):
            return LEAD
        return READING if cell_features.compute_share(cells, lambda cell: bool(cell.links)) > 0.3 else OTHER

    def resolve_lead_columns(self) -> None:
        """Leave out who is called host or student, where another column says who leads."""
        several = self.list_columns_by_role(LEAD)
        strong = [number for number in several if not self.heads[number].is_weak]
        if strong or self.is_given(LEAD):
            for number in set(several) - set(strong):
                is_topic = (
                    self.has_weak_cjk_head(number)
                    and cell_features.compute_share(self.columns[number], cell_features.is_people_cell) < 0.5
                )
                self.found[number] = "" if is_topic else OTHER
            return
        for number in filter(self.has_weak_cjk_head, several):
            if cell_features.compute_share(self.columns[number], cell_features.has_leading_name) < 0.5:
                self.found[number] = ""

    def has_weak_cjk_head(self, number: int) -> bool:
        """Return whether a column's head is in signs and weak, so that it may give what is presented, not by whom."""
        return self.heads[number].is_weak and any("\u3040" <= letter < "\ufe00" for letter in self.names[number])

    def refine_role(self, role: str, number: int) -> str:
        """Return a column's role, where what is in it or the other columns say otherwise than its name."""
        cells = self.columns[number]
        if role in SINGLE and role in self.found[:number]:
            role = OTHER
        if (
            role == DATE
            and cell_features.compute_share(
                cells, lambda cell: bool(_TIME.search(cell.whole)) and not is_day_cell(cell.whole)
            )
            > 0.5
        ):
            return TIME
        if role == VENUE and cell_features.compute_share(cells, lambda cell: bool(_OF_PAPER.search(cell.whole))) < 0.3:
            return role if ROOM in self.found else ROOM
        return role

    def find_lead_column(self) -> None:
        """Take for the leads a column of names, if nothing is known of its head."""
        free = [
            number
            for number in self.list_columns_by_role("")
            if cell_features.compute_share(self.columns[number], cell_features.is_people_cell) > 0.7
        ]
        if len(free) == 1:
            self.found[free[0]] = LEAD
            self.report_guess(free[0], LEAD, "its cells look like names")

    def find_title_column(self) -> None:
        """Take for the title what a table without one has instead: what is read, the kind, or its longest texts."""
        counted = [number for number in self.list_columns_by_role(NUMBER) if self.heads[number].role == TITLE]
        named = [
            number
            for number in counted
            if cell_features.compute_share(self.columns[number], cell_features.has_counted_noun) > 0.5
        ]
        for number in (*named, *self.list_columns_by_role(READING), *self.list_columns_by_role(KIND)):
            if (
                cell_features.compute_mean_length(self.columns[number]) > 3
                and cell_features.compute_share(self.columns[number], cell_features.is_bare_link_cell) < 0.5
            ):
                self.found[number] = TITLE
                return
        if brief := next(
            (
                number
                for number in self.list_columns_by_role(ABSTRACT)
                if cell_features.compute_mean_length(self.columns[number]) < _BRIEF
            ),
            None,
        ):
            self.found[brief] = TITLE
            self.report_guess(brief, TITLE, "no other column has one")
            return
        free = [
            number
            for number in self.list_columns_by_role("")
            if cell_features.compute_share(self.columns[number], cell_features.has_word) > 0.5
        ]
        best = max(free, key=lambda number: cell_features.compute_mean_length(self.columns[number]), default=-1)
        if best >= 0 and cell_features.compute_mean_length(self.columns[best]) > 3:
            self.found[best] = TITLE
            self.report_guess(best, TITLE, "its cells are the longest")
        elif lettered := [
            number
            for number in counted
            if cell_features.compute_share(self.columns[number], cell_features.has_word) > 0.5
        ]:
            self.found[lettered[0]] = TITLE

    def report_guess(self, number: int, role: str, reason: str) -> None:
        name = f'"{self.names[number][:40]}"' if self.names[number] else str(number + 1)
        self.messages.append(
            f"the column {name} was taken for the {role}, for {reason}. "
            f"If it is something else, say so with --columns, such as other={number + 1}."
        )

    def report_unknown_columns(self) -> None:
        for number in self.list_columns_by_role(""):
            if not any(map(cell_features.has_content, self.columns[number])):
                continue
            if not self.names[number] and any(
                cell_features.has_word(cell) and not cell.links for cell in self.columns[number]
            ):
                self.messages.append(
                    f"the column {number + 1} has no head, so it became material of its sessions. "
                    f"If it is something else, say so with --columns, such as lead={number + 1}."
                )
            elif self.names[number]:
                self.messages.append(
                    f'the head "{self.names[number][:40]}" was not understood, so that column became material of its '
                    f"sessions. If it is something else, say so with --columns, such as lead={number + 1}."
                )


def is_foreign_date_head(name: str) -> bool:
    """Return whether a head names a day that is not the session's, such as "Date published"."""
    return words.build_expression_pattern("foreign").search(name) is not None


def _is_date_column(cells: Sequence[InlineText]) -> bool:
    """Return whether most of the cells that say something begin with a day, or near it."""
    filled = [cell for cell in cells if cell.whole]
    day_count = sum(1 for cell in filled if is_day_cell(cell.whole))
    return day_count > 0 and day_count * 2 >= len(filled)


_BEFORE = 24


def is_day_cell(text: str) -> bool:
    """Return whether a cell is a day: it has one near its start and is not a sentence."""
    found = match.find_date(text)
    return found is not None and found.start <= _BEFORE and len(text) - found.end <= _BEFORE * 2


_TIME = re.compile(r"[0-9]{1,2}\s?(?:[:.h]\s?[0-9]{2}|[ap]\.?m|h\b|uhr|時|시|点)", re.IGNORECASE)
_BRIEF = 120
_OF_PAPER = re.compile(r"['’][0-9]{2}\b|\b(?:19|20)[0-9]{2}\b")
