"""What a table or a section is about: sessions, or something else."""

from collections.abc import Sequence

from readingroom.importer.blocks.page import Table
from readingroom.importer.tables import column_roles
from readingroom.importer.vocabulary import fields, words
from readingroom.importer.vocabulary.fields import DATE, KIND, LEAD, READING, TITLE


def is_unrelated_heading(heading: str) -> bool:
    """Return whether what is below a heading is about something else than sessions."""
    return any(words.build_expression_pattern(name).search(heading) for name in ("other", "perhaps_other"))


def format_table_heads(table: Table) -> str:
    return f'"{" | ".join(cell.whole for cell in table.head.cells if cell.whole)[:60]}"'


def find_schedule_error(table: Table, roles: list[str], heading: str) -> str:
    """Return why a table is no schedule, or an empty text."""
    if _is_transposed(table):
        return "it is transposed, and its rows have no date that can be read, or no topic and no lead"
    if DATE not in roles:
        return "no column has dates"
    if not set(roles) & {TITLE, LEAD, READING, KIND}:
        return "no column is a topic or a lead"
    heads = [cell.whole for cell in table.head.cells]
    if _is_unrelated_table(heads, roles, heading):
        return "it is about something else than sessions"
    return ""


def _is_transposed(table: Table) -> bool:
    """Return whether the first cells of all rows say what is next to them, a day among that."""
    labels = [fields.find_role(row.cells[0].whole) for row in (table.head, *table.rows) if row.cells[0].whole]
    return all(labels) and DATE in labels and len(set(labels)) == len(labels) > 1


def _is_unrelated_table(heads: Sequence[str], roles: Sequence[str], heading: str) -> bool:
    """Return whether a table is about something else: heads of leads or titles count more than others."""
    if _find_column_by_head(heads, roles, LEAD) >= 0:
        return False
    title = _find_column_by_head(heads, roles, TITLE)
    if title >= 0:
        named_first = heads[: min(title, roles.index(DATE))]
        return any(map(words.build_expression_pattern("other").search, [*named_first, heading]))
    return is_unrelated_heading(heading) or any(
        is_unrelated_heading(head) for head in heads if not column_roles.is_foreign_date_head(head)
    )


def _find_column_by_head(heads: Sequence[str], roles: Sequence[str], role: str) -> int:
    """Return the first column of a role whose head alone says so, or -1."""
    for number, (name, each) in enumerate(zip(heads, roles, strict=True)):
        head = fields.parse_label_role(name)
        is_named = each == role == head.role and not head.is_weak
        if is_named and not column_roles.is_foreign_date_head(name):
            return number
    return -1
