"""Data of plain values as lines of YAML: what PyYAML's emitter writes, in a small part of its time."""

import re
from collections.abc import Iterator
from typing import Any


class NotPlainError(Exception):
    """Raised where only the emitter knows how to write a value."""


# How values begin that the emitter writes as they are, or between quotes.
_BARE = re.compile(r"[A-Za-z(]|[^\x00-\x7f]|[0-9][^ ]* |[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_QUOTED = re.compile(r"[A-Za-z(\[\"'@&*#!|%{}>`]|[^\x00-\x7f]|[0-9][^ ]* ")
_RESERVED_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def dump_lines(data: Any) -> Iterator[str]:
    """Yield the lines of a mapping of plain values, as the emitter would write them; raise NotPlain at any other."""
    if not isinstance(data, dict):
        raise NotPlainError
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(key, str):
            yield f"{key}:"
            for each in value:
                first, *rest = dump_lines(each) if each else [""]
                if not first:
                    raise NotPlainError
                yield f"  - {first}"
                yield from (f"    {line}" for line in rest)
        else:
            yield f"{_dump_scalar(key)}: {_dump_scalar(value)}"


def _dump_scalar(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or value.casefold() in _RESERVED_WORDS:
        raise NotPlainError
    if not value.isprintable() or value.endswith(" "):
        raise NotPlainError
    if _BARE.match(value) and not (": " in value or " #" in value or value.endswith(":")):
        return value
    if _QUOTED.match(value):
        return "'" + value.replace("'", "''") + "'"
    raise NotPlainError
