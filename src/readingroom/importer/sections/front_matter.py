"""The front matter of a page: the session that the page is about, or a list of sessions."""

import datetime as dt
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from readingroom.core.diagnostics import Invalid
from readingroom.importer.blocks.page import Heading, Page
from readingroom.importer.inline import spans
from readingroom.importer.session import body, date_time
from readingroom.importer.session.entry import ITEM, PAGE, Entry
from readingroom.importer.tables.rows import Gathered
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import DATE, TITLE
from readingroom.store import yaml_codec

Data = dict[str, Any]

_OF_THE_PAGE = frozenset({"date", "layout", "permalink"})
FIRST = 2  # the line below the first fence


def values(page: Page) -> tuple[Data, list[tuple[int, str]]]:
    """Return the data of a page's front matter, or nothing, and in which line and why it cannot be read."""
    if not page.front.strip():
        return {}, []
    if is_toml(page):
        return _of_toml(page.front), []
    try:
        data = yaml_codec.read(page.path, page.front.encode("utf-8", "replace"))
    except Invalid as invalid:
        problem = invalid.problems[0]
        return {}, [(max(problem.line, 1) + FIRST - 1, f"the front matter cannot be read: {problem.message}")]
    return (data, []) if isinstance(data, dict) else ({}, [])


def is_toml(page: Page) -> bool:
    """Tell whether a page's front matter is meant to be TOML."""
    return page.text.startswith("+++")


MAX_TOML = 100_000


def _of_toml(front: str) -> Data:
    """Return the data of front matter in TOML; what is none, such as that of Franklin, holds no session."""
    try:
        data = tomllib.loads(front[:MAX_TOML])
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    return {key: _with_days_as_text(value) for key, value in data.items()}


def _with_days_as_text(value: object) -> object:
    """Return a value as front matter in YAML would have it: days are text there."""
    if isinstance(value, list):
        return [
            {key: _with_days_as_text(of) for key, of in each.items()} if isinstance(each, dict) else each
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


def _lines(page: Page) -> Mapping[tuple[str | int, ...], int]:
    """Return the lines in which the items of lists begin."""
    if not is_toml(page):
        return yaml_codec.lines(page.front)
    found: dict[tuple[str | int, ...], int] = {}
    counts = Counter[str]()
    for number, row in enumerate(page.front.split("\n"), 1):
        if item := _TABLE.match(row):
            found[item[1], counts[item[1]]] = number
            counts[item[1]] += 1
    return found


def session(page: Page, data: Data) -> Entry | None:
    """Return the session that a page is about whose front matter has a date and a title."""
    date, title = data.get("date"), data.get("title")
    if not isinstance(date, str) or not isinstance(title, str):
        return None
    entry = Entry(page.path, 1, PAGE)
    if not date_time.take_day(entry, spans.read(date, 1)):
        return None
    _take(entry, {key: value for key, value in data.items() if key not in _OF_THE_PAGE and fields.role_of(key)}, 1)
    blocks = [block for block in page.blocks if not (isinstance(block, Heading) and block.level == 1)]
    body.Reader(entry).read(blocks)
    return entry


def listed(page: Page, data: Data) -> Iterator[Gathered]:
    """Yield the sessions of each list of the front matter whose items have a day."""
    if not any(_is_list(value) for value in data.values()):
        return
    lines = _lines(page)
    for key, several in data.items():
        if not _is_list(several):
            continue
        made = Gathered()
        for number, item in enumerate(several):
            if isinstance(item, dict):
                _read(page, item, lines.get((key, number), 1) + FIRST - 1, made)
        yield made


def _is_list(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) and _day_key(item) for item in value)


def _day_key(item: Mapping[str, object]) -> str:
    return next((key for key, value in item.items() if fields.role_of(key) == DATE and isinstance(value, str)), "")


def _read(page: Page, item: Data, line: int, made: Gathered) -> None:
    entry = Entry(page.path, line, ITEM)
    day = _day_key(item)
    if not day or not date_time.take_day(entry, spans.read(item[day], line)):
        made.skipped.append((line, f'"{_text(item)[:60]}" has no day that can be read. Add one.'))
        return
    _take(entry, {key: value for key, value in item.items() if key != day}, line)
    if entry.is_empty:
        made.skipped.append((line, "has a day and nothing else, so it is no session."))
    else:
        made.entries.append(entry)


def _take(entry: Entry, data: Data, line: int) -> None:
    """Put values into an entry by what their keys name: the title first, for links take their names from it."""
    roles = {key: fields.role_of(key) or fields.OTHER for key in data}
    for key in sorted(data, key=lambda key: roles[key] != TITLE):
        shown = spans.read(_text(data[key]), line)
        body.take_value(entry, roles[key], key.replace("_", " "), shown)


def _text(value: object) -> str:
    """Return a value as a line of Markdown: a mapping with an address is a link."""
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if not isinstance(value, dict):
        return spans.squeezed(str(value))
    url = value.get("url") or value.get("link") or value.get("href")
    others = [_text(each) for each in value.values() if each is not url]
    return f"[{', '.join(others) or url}]({url})" if isinstance(url, str) else ", ".join(others)
