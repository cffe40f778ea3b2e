"""The words that pages are read by, from vocabulary.toml."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

from readingroom.core import resources


@cache
def _load_tables() -> dict[str, Any]:
    return tomllib.loads(resources.get_vocabulary_path().read_text("utf-8"))


def get_column_words() -> dict[str, list[str]]:
    """Return for each role the words of heads and labels that name it, without spaces and in lower case."""
    return dict(_load_tables()["columns"])


@cache
def get_weak_words() -> dict[str, frozenset[str]]:
    """Return for each role the words that name it only where nothing else does."""
    return {role: frozenset(several) for role, several in _load_tables()["weak"].items()}


@cache
def get_head_words(name: str) -> tuple[str, ...]:
    """Return the parts of a kind that heads of several words are put together with."""
    return tuple(_load_tables()["heads"][name])


@cache
def get_expressions(name: str) -> tuple[str, ...]:
    """Return the expressions of a kind."""
    return tuple(_load_tables()["instead"][name])


@cache
def join_expressions(name: str) -> str:
    """Return the expressions of a kind as one, each an alternative."""
    return "|".join(get_expressions(name))


@cache
def build_expression_pattern(name: str) -> re.Pattern[str]:
    """Return the expressions of a kind as one pattern, whatever the case."""
    return re.compile(f"(?:{join_expressions(name)})", re.IGNORECASE)


class ExpressionMatcher:
    """Expressions that are looked for in texts of which hardly any has one.

    Most texts lack the letters that each expression needs, which takes a tenth of the time to find out.
    """

    def __init__(self, several: Iterable[str]) -> None:
        self.expressions = tuple(several)
        self.needed = tuple(dict.fromkeys(map(extract_required_letters, self.expressions)))
        self.pattern = re.compile("|".join(self.expressions))

    def matches_text(self, text: str) -> bool:
        """Return whether a text has one of them, whatever its case."""
        lower = text.lower()
        return any(map(lower.__contains__, self.needed)) and self.pattern.search(lower) is not None


_NOT_NEEDED = re.compile(
    r"\\[a-zA-Z](?:[?*+]|\{[0-9,]+\})?"  # a class such as \w, or an edge
    r"|\((?:[^()]|\([^()]*\))*\)(?:[?*+]|\{[0-9,]+\})?"
    r"|\[[^\]]*\](?:[?*+]|\{[0-9,]+\})?"
    r"|[^()\[\]](?:[?*]|\{[0-9,]+\})"
    r"|[.+|]"
)


def extract_required_letters(expression: str) -> str:
    """Return the longest run of letters that is in every text which an expression matches."""
    return max(_NOT_NEEDED.split(expression), key=len)


@cache
def get_topic_words() -> frozenset[str]:
    """Return words and signs that are hardly ever part of a name."""
    return frozenset([*_load_tables()["names"]["topics"], *_load_tables()["names"]["topic_signs"]])


@cache
def get_family_name_signs() -> frozenset[str]:
    """Return the signs that family names begin with, in scripts that have no capital letters."""
    return frozenset(_load_tables()["names"]["families"])


@cache
def get_acronyms() -> frozenset[str]:
    """Return short forms of institutions, in capital letters."""
    return frozenset(_load_tables()["names"]["acronyms"])
