"""The words that pages are read by, from vocabulary.toml."""

import re
import tomllib
from functools import cache
from typing import Any

from readingroom import assets


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(assets.vocabulary().read_text("utf-8"))


def columns() -> dict[str, list[str]]:
    """Return for each role the words of heads and labels that name it, without blanks and in lower case."""
    return dict(_tables()["columns"])


@cache
def weak() -> dict[str, frozenset[str]]:
    """Return for each role the words that name it only where nothing else does."""
    return {role: frozenset(several) for role, several in _tables()["weak"].items()}


@cache
def heads(name: str) -> tuple[str, ...]:
    """Return the parts of a kind that heads of several words are put together with."""
    return tuple(_tables()["heads"][name])


@cache
def alternatives(name: str) -> str:
    """Return the expressions of a kind as one, each an alternative."""
    return "|".join(_tables()["instead"][name])


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return the expressions of a kind as one pattern, whatever the case."""
    return re.compile(f"(?:{alternatives(name)})", re.IGNORECASE)


@cache
def topics() -> frozenset[str]:
    """Return words and signs that hardly stand in a name."""
    return frozenset([*_tables()["names"]["topics"], *_tables()["names"]["topic_signs"]])


@cache
def families() -> frozenset[str]:
    """Return the signs that family names begin with, in scripts that have no capital letters."""
    return frozenset(_tables()["names"]["families"])
