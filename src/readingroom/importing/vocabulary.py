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
def alternatives(name: str) -> str:
    """Return the expressions of a kind as one, each an alternative."""
    return "|".join(_tables()["instead"][name])


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return the expressions of a kind as one pattern, whatever the case."""
    return re.compile(f"(?:{alternatives(name)})", re.IGNORECASE)
