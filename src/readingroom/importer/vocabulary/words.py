"""The words that pages are read by, from vocabulary.toml."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

from readingroom.core import resources


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(resources.vocabulary().read_text("utf-8"))


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
def expressions(name: str) -> tuple[str, ...]:
    """Return the expressions of a kind."""
    return tuple(_tables()["instead"][name])


@cache
def alternatives(name: str) -> str:
    """Return the expressions of a kind as one, each an alternative."""
    return "|".join(expressions(name))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return the expressions of a kind as one pattern, whatever the case."""
    return re.compile(f"(?:{alternatives(name)})", re.IGNORECASE)


class Sought:
    """Expressions that are looked for in texts of which hardly any has one.

    Most texts lack the letters that each expression needs, which is told in a tenth of the time.
    """

    def __init__(self, several: Iterable[str]) -> None:
        self.expressions = tuple(several)
        self.needed = tuple(dict.fromkeys(map(needed, self.expressions)))
        self.pattern = re.compile("|".join(self.expressions))

    def is_in(self, text: str) -> bool:
        """Tell whether a text has one of them, whatever its case."""
        lower = text.lower()
        return any(map(lower.__contains__, self.needed)) and self.pattern.search(lower) is not None


_NOT_NEEDED = re.compile(
    r"\\[a-zA-Z](?:[?*+]|\{[0-9,]+\})?"  # a class such as \w, or an edge
    r"|\((?:[^()]|\([^()]*\))*\)(?:[?*+]|\{[0-9,]+\})?"
    r"|\[[^\]]*\](?:[?*+]|\{[0-9,]+\})?"
    r"|[^()\[\]](?:[?*]|\{[0-9,]+\})"
    r"|[.+|]"
)


def needed(expression: str) -> str:
    """Return the longest run of letters that stands in every text which an expression matches."""
    return max(_NOT_NEEDED.split(expression), key=len)


@cache
def topics() -> frozenset[str]:
    """Return words and signs that hardly stand in a name."""
    return frozenset([*_tables()["names"]["topics"], *_tables()["names"]["topic_signs"]])


@cache
def families() -> frozenset[str]:
    """Return the signs that family names begin with, in scripts that have no capital letters."""
    return frozenset(_tables()["names"]["families"])


@cache
def acronyms() -> frozenset[str]:
    """Return short forms of institutions, in capital letters."""
    return frozenset(_tables()["names"]["acronyms"])
