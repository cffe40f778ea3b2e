"""The lines of a text area, and the links in them that are nearly right."""

import re
from collections.abc import Iterator

from readingroom.text import links

SEPARATORS = " \t–—-:,;|"


_BULLET = re.compile(r"( *)(?:[-*+•]|[0-9]{1,3}[.)])[ ]+(.*)")
_BOX = re.compile(r"\A\[[ xX]\] +")
_URL = r"<?(https?://[^\s()<>\[\]]{1,2000}(?:\([^\s()<>\[\]]{0,500}\)[^\s()<>\[\]]{0,500})?)>?"
_SPACE_IN_LINK = re.compile(rf"\[([^\[\]]{{1,500}})\] {{1,3}}\(\s?{_URL}\s?\)")
_SWAPPED_BRACKETS = re.compile(rf"\(([^()\[\]]{{1,500}})\) ?\[\s?{_URL}\s?\](?!\()")


def iter_lines(text: str) -> Iterator[tuple[int, bool, str]]:
    """Yield the indent of each line that has text, whether it has a bullet, and the text without the bullet."""
    for line in text.expandtabs(4).splitlines():
        match = _BULLET.fullmatch(line.rstrip())
        indent, content = (len(match[1]), match[2]) if match else (len(line) - len(line.lstrip(" ")), line)
        if content := _BOX.sub("", content.strip()):
            yield indent, match is not None, repair_links(content)


def repair_links(line: str) -> str:
    """Return a line with ``[Ann] (https://…)`` and ``(Ann)[https://…]`` written as the links that are meant."""
    if "://" not in line or len(line) > links.MAX_LINE:
        return line
    return _SWAPPED_BRACKETS.sub(r"[\1](\2)", _SPACE_IN_LINK.sub(r"[\1](\2)", line))


def strip_enclosing(before: str, after: str) -> tuple[str, str]:
    """Return the text before and after a link without emphasis or brackets that enclose only the link."""
    for left, right in (("***", "***"), ("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("(", ")"), ("[", "]")):
        if before.endswith(left) and after.startswith(right):
            return before[: -len(left)], after[len(right) :]
    return before, after
