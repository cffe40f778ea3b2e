"""Warnings that are switched off: in readingroom.yml for the group, in a session file for itself.

The latter by a comment such as ``# readingroom: ignore session-clash``, in its own line or at the end of one, with
commas or spaces between several codes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, cast

import yaml

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location, read_rules
from readingroom.core.models import Group
from readingroom.core.session_path import SessionPath
from readingroom.core.tree import CONFIGURATION, Tree
from readingroom.store import yaml_codec
from readingroom.text import characters
from readingroom.text.matching import suggest_word

if TYPE_CHECKING:
    from yaml.error import Mark

IgnoredCodes = Mapping[str, Mapping[str, int]]


def read_ignored_codes(tree: Tree, group: Group) -> IgnoredCodes:
    """Return for each file the codes that it ignores, with their lines; those of readingroom.yml hold for all files."""
    ignored: dict[str, Mapping[str, int]] = {}
    if group.ignore:
        lines = yaml_codec.map_lines(yaml_codec.decode_text(CONFIGURATION, tree.contents[CONFIGURATION]))
        ignored[CONFIGURATION] = {code: lines.get(("ignore", index), 1) for index, code in enumerate(group.ignore)}
    for file, content in tree.list_session_files():
        if b"readingroom:" in content:
            ignored[file] = dict(_iter_comment_codes(yaml_codec.decode_text(file, content)))
    return ignored


def _iter_comment_codes(text: str) -> Iterator[tuple[str, int]]:
    """Yield the codes of comments, not of similar text within a value, which may come from a proposal."""
    for first, part in _iter_parts_between_values(text):
        for line, piece in enumerate(characters.split_yaml_lines(part), first):
            if comment := yaml_codec.IGNORE_COMMENT.match(piece):
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


def drop_ignored(diagnostics: Iterable[Diagnostic], ignored: IgnoredCodes) -> Iterator[Diagnostic]:
    """Yield the diagnostics that are to be reported."""
    everywhere = ignored.get(CONFIGURATION, {})
    for each in diagnostics:
        own = ignored.get(_get_session_file(each.file), {})
        if not each.rule.is_ignorable or (each.code not in everywhere and each.code not in own):
            yield each


def _get_session_file(path: str) -> str:
    """Return the file whose comments concern a path: for a session's folder its session file."""
    session = SessionPath.parse(path)
    return session.file if session and path == session.directory else path


def check_ignored_codes(ignored: IgnoredCodes) -> Iterator[Diagnostic]:
    """Yield the codes that do not exist or may not be ignored."""
    if not ignored:
        return  # without the 4 ms to read the rules
    ignorable = [code.value for code, rule in read_rules().items() if rule.is_ignorable]
    for file, codes in ignored.items():
        for code, line in codes.items():
            if code not in ignorable:
                yield Diagnostic(Location(file, line, key="ignore"), *_describe_invalid_code(code, ignorable))


def _describe_invalid_code(code: str, ignorable: list[str]) -> Finding:
    if code in read_rules():
        return Finding(Code.IGNORE_INVALID, f'"{code}" is always reported.', "Remove it.")
    hint = suggest_word(code, ignorable, "docs/diagnostics.md lists the codes.")
    return Finding(Code.IGNORE_INVALID, f'there is no warning "{code}" that could be ignored.', hint)
