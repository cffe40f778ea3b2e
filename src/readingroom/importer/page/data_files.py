"""Data files (YAML, JSON, CSV) as tables: a row for each entry of the list whose entries have the same keys."""

import csv
import io
import re
from collections.abc import Iterator

import yaml

from readingroom.importer.page.blocks import Block, Row, Table
from readingroom.importer.page.rich_text import RichText, link_addresses

SUFFIXES = (".yml", ".yaml", ".json", ".csv")
_MAX_NODE_DEPTH = 6


def read_records(path: str, text: str) -> list[Block]:
    """Return the lists of entries in a data file as tables; none if it cannot be read."""
    if path.lower().endswith(".csv"):
        return list(_read_csv(text))
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return []
    return list(_iter_tables(root, 0)) if root else []


def is_front_matter(text: str) -> bool:
    """Return whether a text is keys with values, or a list of such, in YAML; a few mistakes may be in it."""
    if not text.strip():
        return True
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return all(map(_LIKE_YAML.match, text.split("\n")))
    entries = root.value if isinstance(root, yaml.SequenceNode) else [root]
    return all(isinstance(each, yaml.MappingNode) for each in entries)


# A line of a mapping or a list, one that continues the line before, or none: not a paragraph, a heading or a table.
_LIKE_YAML = re.compile(r"[\w.\-'\"]+[ \t]*:|-[ \t]|[ \t]|#[^#]|[\]}]|$")


def _read_csv(text: str) -> Iterator[Block]:
    reader = csv.reader(io.StringIO(text))
    rows: list[Row] = []
    line = 1
    for cells in reader:
        rows.append(Row(line, tuple(build_text(cell, line) for cell in cells), is_head=not rows))
        line = reader.line_num + 1
    if len(rows) > 1:
        yield Table(1, line, tuple(rows))


def _iter_tables(node: yaml.Node, depth: int) -> Iterator[Table]:
    if depth > _MAX_NODE_DEPTH or isinstance(node, yaml.ScalarNode):
        return
    children = node.value if isinstance(node, yaml.SequenceNode) else [value for _, value in node.value]
    if children is node.value and children and all(isinstance(each, yaml.MappingNode) for each in children):
        yield _build_table(node)
        return
    for child in children:
        yield from _iter_tables(child, depth + 1)


def _build_table(node: yaml.Node) -> Table:
    entries = [
        (entry.start_mark.line + 1, {str(key.value): value for key, value in entry.value}) for entry in node.value
    ]
    keys = list(dict.fromkeys(key for _, values in entries for key in values))
    line = node.start_mark.line + 1
    rows = [Row(line, tuple(RichText(key.replace("_", " "), line) for key in keys), is_head=True)]
    for number, values in entries:
        texts = (flatten(values[key]) if key in values else "" for key in keys)
        rows.append(Row(number, tuple(build_text(text, number) for text in texts)))
    return Table(line, node.end_mark.line + 1, tuple(rows))


def flatten(node: yaml.Node) -> str:
    """Return a value as the text of a cell: entries of a list on lines of their own."""
    if isinstance(node, yaml.ScalarNode):
        return "" if node.tag.endswith(":null") else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return "\n".join(filter(None, map(flatten, node.value)))
    names = {str(key.value).casefold(): value for key, value in node.value}
    main = next((names[key] for key in ("name", "title", "label") if key in names), None)
    addresses = [names[key] for key in ("url", "link", "href", "website") if key in names]
    if main is not None:
        return " ".join(map(flatten, [main, *addresses[:1]]))
    return "\n".join(filter(None, map(flatten, names.values())))


def build_text(text: str, line: int) -> RichText:
    shown = "\n".join(" ".join(part.split()) for part in text.strip().split("\n") if part.strip())
    return RichText(shown, line, tuple(link_addresses(shown)))
