"""The front matter of a page: lists of sessions, or the session that the page is about."""

from collections.abc import Iterator

import yaml

from readingroom.importer.page import data_files
from readingroom.importer.page.blocks import Kind, Line, LineMessage, Table
from readingroom.importer.page.document import Document
from readingroom.importer.page.rich_text import RichText
from readingroom.importer.records import body, fields
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.people import Shape
from readingroom.importer.vocabulary.roles import find_role

_PAGE_KEYS = frozenset({"date", "layout", "permalink", "title"})
_FIRST_LINE = 2


def find_lists(page: Document) -> list[Table]:
    """Return each list of entries as a table."""
    return [table for table in data_files.read_records("front.yml", f"\n{page.front}") if isinstance(table, Table)]


def check_syntax(page: Document) -> Iterator[LineMessage]:
    """Yield where and why front matter in YAML cannot be read."""
    try:
        yaml.compose("" if page.text.startswith("+++") else page.front, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = f": {error.problem}" if isinstance(error, yaml.MarkedYAMLError) else ""
        message = f"the front matter cannot be read{why}. Correct it, or remove it."
        yield (mark.line if mark else 0) + _FIRST_LINE, message


def read_page_session(page: Document) -> Candidate | None:
    """Return the session that a page is about whose front matter has a date and a title."""
    try:
        root = yaml.compose(page.front, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return None
    pairs = root.value if isinstance(root, yaml.MappingNode) else ()
    values = {str(key.value): data_files.build_text(data_files.flatten(value), 1) for key, value in pairs}
    date, title = (values.get(key, RichText("")) for key in ("date", "title"))
    if not date.dates or not title.text:
        return None
    entry = Candidate(page.path, 1, mention=date.dates[0])
    fields.add_time(entry, RichText(date.text[date.dates[0].end :]))
    fields.set_title(entry, title)
    for key, value in values.items():
        if key not in _PAGE_KEYS and (role := find_role(key)):
            fields.add_part(entry, role, value, key)
    is_title = [isinstance(each, Line) and each.kind is Kind.HEADING and each.level == 1 for each in page.blocks]
    blocks = [block for block, is_left_out in zip(page.blocks, is_title, strict=True) if not is_left_out]
    body.read_body(entry, blocks, Shape())
    return entry
