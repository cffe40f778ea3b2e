"""The front matter of a page: the session that the page is about, or a list of sessions."""

import datetime as dt
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from readingroom.core.diagnostics import Invalid
from readingroom.importer.blocks.page import Heading, SourcePage
from readingroom.importer.inline import spans
from readingroom.importer.inline.spans import LineMessage
from readingroom.importer.session import body, date_time
from readingroom.importer.session.entry import ITEM, PAGE, ImportedSession
from readingroom.importer.tables.rows import EntryGroup
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import DATE, TITLE
from readingroom.store import yaml_codec
from readingroom.text.excerpt import shorten_text

FrontMatter = dict[str, Any]

_PAGE_KEYS = frozenset({"date", "layout", "permalink"})
FIRST_LINE = 2  # the line below the first fence


def read_front_matter(page: SourcePage) -> tuple[FrontMatter, list[LineMessage]]:
    """Return the data of a page's front matter, or nothing, and in which line and why it cannot be read."""
    if not page.front.strip():
        return {}, []
    if is_toml(page):
        return _parse_toml(page.front), []
    try:
        data = yaml_codec.read_yaml(page.path, page.front.encode("utf-8", "replace"))
    except Invalid as invalid:
        problem = invalid.problems[0]
        return {}, [(max(problem.line, 1) + FIRST_LINE - 1, f"the front matter cannot be read: {problem.text}")]
    return (data, []) if isinstance(data, dict) else ({}, [])


def is_toml(page: SourcePage) -> bool:
    """Return whether a page's front matter is meant to be TOML."""
    return page.text.startswith("+++")


MAX_TOML = 100_000


def _parse_toml(front: str) -> FrontMatter:
    """Return the data of front matter in TOML; what is none, such as that of Franklin, holds no session."""
    try:
        data = tomllib.loads(front[:MAX_TOML])
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    return {key: _convert_dates_to_text(value) for key, value in data.items()}


def _convert_dates_to_text(value: object) -> object:
    """Return a value as front matter in YAML would have it: days are text there."""
    if isinstance(value, list):
        return [
            {key: _convert_dates_to_text(of) for key, of in each.items()} if isinstance(each, dict) else each
            for each in value
        ]
    return (
        value.isoformat(" ", "minutes")
        if isinstance(value, dt.datetime)
        else str(value)
        if isinstance(value, dt.date)
        else value
    )


_TABLE = re.compile(r"[ \t]*\[\[[ \t]*([\w-]{1,60})[ \t]*\]\]")


def _locate_list_items(page: SourcePage) -> Mapping[tuple[str | int, ...], int]:
    """Return the lines in which the items of lists begin."""
    if not is_toml(page):
        return yaml_codec.map_lines(page.front)
    found: dict[tuple[str | int, ...], int] = {}
    counts = Counter[str]()
    for number, row in enumerate(page.front.split("\n"), 1):
        if item := _TABLE.match(row):
            found[item[1], counts[item[1]]] = number
            counts[item[1]] += 1
    return found


def read_front_matter_session(page: SourcePage, data: FrontMatter) -> ImportedSession | None:
    """Return the session that a page is about whose front matter has a date and a title."""
    date, title = data.get("date"), data.get("title")
    if not isinstance(date, str) or not isinstance(title, str):
        return None
    entry = ImportedSession(page.path, 1, PAGE)
    if not date_time.fill_session_day(entry, spans.parse_inline(date, 1)):
        return None
    _fill_entry(
        entry, {key: value for key, value in data.items() if key not in _PAGE_KEYS and fields.find_role(key)}, 1
    )
    blocks = [block for block in page.blocks if not (isinstance(block, Heading) and block.level == 1)]
    body.SessionBodyReader(entry).read_blocks(blocks)
    return entry


def iter_front_matter_lists(page: SourcePage, data: FrontMatter) -> Iterator[EntryGroup]:
    """Yield the sessions of each list of the front matter whose items have a day."""
    if not any(_is_session_list(value) for value in data.values()):
        return
    lines = _locate_list_items(page)
    for key, several in data.items():
        if not _is_session_list(several):
            continue
        made = EntryGroup()
        for number, item in enumerate(several):
            if isinstance(item, dict):
                _read_list_item(page, item, lines.get((key, number), 1) + FIRST_LINE - 1, made)
        yield made


def _is_session_list(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) and _find_date_key(item) for item in value)


def _find_date_key(item: Mapping[str, object]) -> str:
    return next((key for key, value in item.items() if fields.find_role(key) == DATE and isinstance(value, str)), "")


def _read_list_item(page: SourcePage, item: FrontMatter, line: int, made: EntryGroup) -> None:
    entry = ImportedSession(page.path, line, ITEM)
    day = _find_date_key(item)
    if not day or not date_time.fill_session_day(entry, spans.parse_inline(item[day], line)):
        made.skipped.append((line, f'"{shorten_text(_render_value(item))}" has no day that can be read. Add one.'))
        return
    _fill_entry(entry, {key: value for key, value in item.items() if key != day}, line)
    if entry.is_empty:
        made.skipped.append((line, "has a day and nothing else, so it is no session."))
    else:
        made.entries.append(entry)


def _fill_entry(entry: ImportedSession, data: FrontMatter, line: int) -> None:
    """Put values into an entry by what their keys name: the title first, for links take their names from it."""
    roles = {key: fields.find_role(key) or fields.OTHER for key in data}
    for key in sorted(data, key=lambda key: roles[key] != TITLE):
        shown = spans.parse_inline(_render_value(data[key]), line)
        body.fill_field(entry, roles[key], key.replace("_", " "), shown)


def _render_value(value: object) -> str:
    """Return a value as a line of Markdown: a mapping with an address is a link."""
    if isinstance(value, list):
        return ", ".join(map(_render_value, value))
    if not isinstance(value, dict):
        return spans.squeeze_spaces(str(value))
    url = value.get("url") or value.get("link") or value.get("href")
    others = [_render_value(each) for each in value.values() if each is not url]
    return f"[{', '.join(others) or url}]({url})" if isinstance(url, str) else ", ".join(others)
