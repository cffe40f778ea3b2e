"""Data of plain values as lines of YAML: what PyYAML's emitter writes, in a small part of its time."""

import re
from collections.abc import Iterator
from typing import Any


class NotPlain(Exception):
    """Raised where only the emitter knows how to write a value."""


# Values that the emitter writes as they are, or between quotes; it takes many times as long as these lines.
_SHOWN = re.compile("[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]+(?<! )")
_BARE_START = re.compile(r"[A-Za-z(\u00a1-\U0010ffff]|[0-9][^ ]* |[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_QUOTED_START = re.compile(r"[A-Za-z(\[\"'@&*#!|%{}>`\u00a1-\U0010ffff]|[0-9][^ ]* ")
_RESOLVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def lines(data: Any) -> Iterator[str]:
    """Yield the lines of a mapping of plain values, as the emitter would write them; raise NotPlain at any other."""
    if not isinstance(data, dict):
        raise NotPlain
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(key, str):
            yield f"{key}:"
            for each in value:
                first, *rest = lines(each) if each else [""]
                if not first:
                    raise NotPlain
                yield f"  - {first}"
                yield from (f"    {line}" for line in rest)
        else:
            yield f"{_scalar(key)}: {_scalar(value)}"


def _scalar(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or value.casefold() in _RESOLVED:
        raise NotPlain
    if not _SHOWN.fullmatch(value):
        raise NotPlain
    if ": " in value or " #" in value or value.endswith(":") or not _BARE_START.match(value):
        if not _QUOTED_START.match(value):
            raise NotPlain
        return "'" + value.replace("'", "''") + "'"
    return value
