"""Warnings that are switched off: in readingroom.yml for the group, in a session file for itself.

The latter by a comment such as ``# readingroom: ignore session-clash``, in its own line or at the end of one, with
commas or spaces between several codes. Private data is accepted only by a comment on its own line.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location, read_rules
from readingroom.core.models import Group
from readingroom.core.session_path import SessionPath
from readingroom.core.text_file import decode_file
from readingroom.core.tree import CONFIGURATION, Tree
from readingroom.text.matching import suggest_word

LinesByCode = Mapping[str, Sequence[int]]


class IgnoredCodes(NamedTuple):
    """The codes that are ignored, with their lines: in the whole group, and by comments in one file."""

    everywhere: LinesByCode
    by_file: Mapping[str, LinesByCode]

    def __bool__(self) -> bool:
        return bool(self.everywhere or self.by_file)

    def list_entries(self) -> list[tuple[str, str]]:
        """Return each file that ignores something, with the code."""
        own = [(file, code) for file, codes in sorted(self.by_file.items()) for code in codes]
        return [*((CONFIGURATION, code) for code in self.everywhere), *own]


def read_ignored_codes(tree: Tree, group: Group) -> IgnoredCodes:
    """Return the codes of the group's ``ignore``, and those of the comments of each file."""
    known = [(CONFIGURATION, tree.contents[CONFIGURATION]), *tree.list_session_files()]
    files = [(file, content) for file, content in known if b"readingroom:" in content]
    if not group.ignore and not files:
        return IgnoredCodes({}, {})
    # 8 ms for PyYAML, which the build of a group that ignores nothing does not need.
    from readingroom.store import yaml_codec, yaml_comments  # noqa: PLC0415

    everywhere: defaultdict[str, list[int]] = defaultdict(list)
    if group.ignore:
        lines = yaml_codec.map_lines(decode_file(CONFIGURATION, tree.contents[CONFIGURATION]).text)
        for index, code in enumerate(group.ignore):
            everywhere[code].append(lines.get(("ignore", index), 1))
    by_file: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for file, content in files:
        for code, line in yaml_comments.iter_ignored_codes(decode_file(file, content).text):
            by_file[file][code].append(line)
    return IgnoredCodes(everywhere, by_file)


def drop_ignored(diagnostics: Iterable[Diagnostic], ignored: IgnoredCodes) -> Iterator[Diagnostic]:
    """Yield the diagnostics that are to be reported."""
    for each in diagnostics:
        own = ignored.by_file.get(_get_session_file(each.file), {})
        is_ignored = each.rule.is_ignorable and (each.code in ignored.everywhere or each.code in own)
        is_accepted = each.rule.is_acceptable and each.line in own.get(each.code, ())
        if not is_ignored and not is_accepted:
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
    acceptable = [code.value for code, rule in read_rules().items() if rule.is_acceptable]
    sources = [(CONFIGURATION, ignored.everywhere, ignorable)]
    sources += [(file, codes, [*ignorable, *acceptable]) for file, codes in ignored.by_file.items()]
    for file, codes, allowed in sources:
        for code in codes.keys() - {*allowed}:
            for line in codes[code]:
                yield Diagnostic(Location(file, line, key="ignore"), *_describe_invalid_code(code, allowed))


def _describe_invalid_code(code: str, allowed: list[str]) -> Finding:
    if code in read_rules():
        return Finding(Code.IGNORE_INVALID, f'"{code}" is always reported.', "Remove it.")
    hint = suggest_word(code, allowed, "docs/diagnostics.md lists the codes.")
    return Finding(Code.IGNORE_INVALID, f'there is no warning "{code}" that could be ignored.', hint)
