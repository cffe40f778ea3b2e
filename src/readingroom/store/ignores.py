"""Warnings that are switched off: in readingroom.yml for the group, in a session file for itself.

The latter by a comment such as ``# readingroom: ignore session-clash``, in its own line or at the end of one, with
commas or spaces between several codes.
"""

from collections.abc import Iterable, Iterator, Mapping

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location, read_rules
from readingroom.core.models import Group
from readingroom.core.session_path import SessionPath
from readingroom.core.text_file import decode_file
from readingroom.core.tree import CONFIGURATION, Tree
from readingroom.text.matching import suggest_word

IgnoredCodes = Mapping[str, Mapping[str, int]]


def read_ignored_codes(tree: Tree, group: Group) -> IgnoredCodes:
    """Return for each file the codes that it ignores, with their lines; those of readingroom.yml hold for all files."""
    files = [(file, content) for file, content in tree.list_session_files() if b"readingroom:" in content]
    if not group.ignore and not files:
        return {}
    # 8 ms for PyYAML, which the build of a group that ignores nothing does not need.
    from readingroom.store import yaml_codec, yaml_comments  # noqa: PLC0415

    ignored: dict[str, Mapping[str, int]] = {}
    if group.ignore:
        lines = yaml_codec.map_lines(decode_file(CONFIGURATION, tree.contents[CONFIGURATION]).text)
        ignored[CONFIGURATION] = {code: lines.get(("ignore", index), 1) for index, code in enumerate(group.ignore)}
    for file, content in files:
        ignored[file] = dict(yaml_comments.iter_ignored_codes(decode_file(file, content).text))
    return ignored


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
