"""Warnings that are switched off: in readingroom.yml for the group, in a session file for itself.

The latter by a comment such as ``# readingroom: ignore session-clash``, in its own line or at the end of one, with
commas or spaces between several codes. Private data is accepted only by a comment on its own line.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location, read_rules
from readingroom.core.models import Group
from readingroom.core.session_path import SessionPath
from readingroom.core.text_file import decode_file
from readingroom.core.tree import CONFIGURATION, Tree
from readingroom.text.matching import suggest_word

IgnoredCodes = Mapping[str, Mapping[str, Sequence[int]]]


def read_ignored_codes(tree: Tree, group: Group) -> IgnoredCodes:
    """Return for each file the codes that it ignores, with their lines; those of its ``ignore`` hold for all files."""
    known = [(CONFIGURATION, tree.contents[CONFIGURATION]), *tree.list_session_files()]
    files = [(file, content) for file, content in known if b"readingroom:" in content]
    if not group.ignore and not files:
        return {}
    # 8 ms for PyYAML, which the build of a group that ignores nothing does not need.
    from readingroom.store import yaml_codec, yaml_comments  # noqa: PLC0415

    ignored: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    if group.ignore:
        lines = yaml_codec.map_lines(decode_file(CONFIGURATION, tree.contents[CONFIGURATION]).text)
        for index, code in enumerate(group.ignore):
            ignored[CONFIGURATION][code].append(lines.get(("ignore", index), 1))
    for file, content in files:
        for code, line in yaml_comments.iter_ignored_codes(decode_file(file, content).text):
            ignored[file][code].append(line)
    return ignored


def drop_ignored(diagnostics: Iterable[Diagnostic], ignored: IgnoredCodes) -> Iterator[Diagnostic]:
    """Yield the diagnostics that are to be reported."""
    everywhere = ignored.get(CONFIGURATION, {})
    for each in diagnostics:
        own = ignored.get(_get_session_file(each.file), {})
        is_ignored = each.rule.is_ignorable and (each.code in everywhere or each.code in own)
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
    for file, codes in ignored.items():
        for code, lines in codes.items():
            if code not in ignorable and (code not in acceptable or file == CONFIGURATION):
                yield Diagnostic(Location(file, lines[0], key="ignore"), *_describe_invalid_code(code, ignorable))


def _describe_invalid_code(code: str, ignorable: list[str]) -> Finding:
    if code in read_rules():
        return Finding(Code.IGNORE_INVALID, f'"{code}" is always reported.', "Remove it.")
    hint = suggest_word(code, ignorable, "docs/diagnostics.md lists the codes.")
    return Finding(Code.IGNORE_INVALID, f'there is no warning "{code}" that could be ignored.', hint)
