"""The front matter of a page: lists of sessions, or the session that the page is about."""

from collections.abc import Iterator

import yaml

from readingroom.importer.page import data_files
from readingroom.importer.page.blocks import Kind, Line, LineMessage, Table
from readingroom.importer.page.document import Document
from readingroom.importer.page.rich_text import RichText
from readingroom.importer.records import body, fields
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.speakers import Shape
from readingroom.importer.vocabulary import roles
from readingroom.parsing.date_mentions import find_dates

_PAGE_KEYS = frozenset({"date", "layout", "permalink", "title"})
_FIRST_LINE = 2


def find_lists(page: Document) -> list[Table]:
    """Return each list of entries as a table."""
    return [table for table in data_files.read_records("front.yml", f"\n{page.front}") if isinstance(table, Table)]


def check_syntax(page: Document) -> Iterator[LineMessage]:
    """Yield where and why front matter in YAML cannot be read."""
    if page.front and not page.text.startswith("+++"):
        try:
            yaml.compose(page.front, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line if error.problem_mark else 0
            yield line + _FIRST_LINE, f"the front matter cannot be read: {error.problem}. Correct it, or remove it."
        except yaml.YAMLError:
            yield _FIRST_LINE, "the front matter cannot be read. Correct it, or remove it."


def read_page_session(page: Document) -> Candidate | None:
    """Return the session that a page is about whose front matter has a date and a title."""
    values = _read_values(page)
    dates = find_dates(values.get("date", ""))
    if not dates or not values.get("title"):
        return None
    entry = Candidate(page.path, 1, mention=dates[0])
    fields.set_time(entry, values["date"][dates[0].end :])
    fields.set_title(entry, RichText(values["title"], 1))
    for key, value in values.items():
        if key not in _PAGE_KEYS and (role := roles.find_role(key)):
            fields.set_labelled(entry, role, data_files.build_text(value, 1), key)
    blocks = [
        block
        for block in page.blocks
        if not (isinstance(block, Line) and block.kind is Kind.HEADING and block.level == 1)
    ]
    body.read_body(entry, blocks, Shape())
    return entry


def _read_values(page: Document) -> dict[str, str]:
    try:
        root = yaml.compose(page.front, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return {}
    if not isinstance(root, yaml.MappingNode):
        return {}
    return {str(key.value): data_files.flatten(value) for key, value in root.value}
