"""The lines of a text area, and the links in them that are nearly right."""

import re
from collections.abc import Iterator
from functools import cache

from readingroom.text import links

SEPARATORS = " \t–—-:,;|"


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def iter_lines(text: str) -> Iterator[tuple[int, bool, str]]:
    """Yield the indent of each line that has text, whether it has a bullet, and the text without the bullet."""
    for line in text.expandtabs(4).splitlines():
        match = _compile(r"( *)(?:[-*+•]|[0-9]{1,3}[.)])[ ]+(.*)").fullmatch(line.rstrip())
        indent, content = (len(match[1]), match[2]) if match else (len(line) - len(line.lstrip(" ")), line)
        if content := _compile(r"\A\[[ xX]\] +").sub("", content.strip()):
            yield indent, match is not None, repair_links(content)


def repair_links(line: str) -> str:
    """Return a line with ``[Ann] (https://…)`` and ``(Ann)[https://…]`` written as the links that are meant."""
    if "://" not in line or len(line) > links.MAX_LINE:
        return line
    address = r"<?(https?://[^\s()<>\[\]]{1,2000}(?:\([^\s()<>\[\]]{0,500}\)[^\s()<>\[\]]{0,500})?)>?"
    line = _compile(rf"\[([^\[\]]{{1,500}})\] {{1,3}}\(\s?{address}\s?\)").sub(r"[\1](\2)", line)
    return _compile(rf"\(([^()\[\]]{{1,500}})\) ?\[\s?{address}\s?\](?!\()").sub(r"[\1](\2)", line)


def strip_enclosing(before: str, after: str) -> tuple[str, str]:
    """Return the text before and after a link without emphasis or brackets that enclose only the link."""
    for left, right in (("***", "***"), ("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("(", ")"), ("[", "]")):
        if before.endswith(left) and after.startswith(right):
            return before[: -len(left)], after[len(right) :]
    return before, after
