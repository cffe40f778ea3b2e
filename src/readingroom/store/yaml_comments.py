"""The comments of YAML files: those that switch warnings off, and those that cut a value off."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import yaml
from yaml.events import ScalarEvent

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Location
from readingroom.core.text_file import decode_file
from readingroom.text import characters

if TYPE_CHECKING:
    from yaml.error import Mark

# What ends in a comment that switches warnings off, such as ``# readingroom: ignore session-clash``, with its codes.
_IGNORE_COMMENT = re.compile(r"[^#]*#[ \t]*readingroom:[ \t]*ignore[ \t]+([^#]*)")


def check_truncated_values(file: str, content: bytes) -> list[Diagnostic]:
    """Return the values that end at a space and a number sign: ``title: a # b`` means "a"."""
    text = decode_file(file, content).text
    lines = characters.split_yaml_lines(text)
    diagnostics = []
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, ScalarEvent) and event.implicit[0]:
            end: Any = event.end_mark
            rest = lines[end.line][end.column :]
            comment = rest.strip()
            if comment.startswith("#") and not rest.startswith("#") and not _IGNORE_COMMENT.match(comment):
                message = f'"{comment}" is read as a comment.'
                hint = "If it belongs to the text, put the text in quotes."
                diagnostics.append(Diagnostic(Location(file, end.line + 1), Code.YAML_CUT_VALUE, message, hint))
    return diagnostics


def iter_ignored_codes(text: str) -> Iterator[tuple[str, int]]:
    """Yield the codes of comments, not of similar text within a value, which may come from a proposal."""
    for first, part in _iter_parts_between_values(text):
        for line, piece in enumerate(characters.split_yaml_lines(part), first):
            if comment := _IGNORE_COMMENT.match(piece):
                yield from ((code, line) for code in re.split(r"[,\s]+", comment[1].strip()) if code)


def _iter_parts_between_values(text: str) -> Iterator[tuple[int, str]]:
    """Yield each part of a text outside of keys and values, with the line, from 1, where it starts."""
    line, index = 1, 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.ScalarEvent):
            start, end = cast("Mark", event.start_mark), cast("Mark", event.end_mark)
            part = text[index : start.index]
            if event.style in {"|", ">"}:  # the text begins in the next line
                part += characters.split_yaml_lines(text[start.index : end.index])[0]
            yield line, part
            line, index = end.line + 1, end.index
    yield line, text[index:]
