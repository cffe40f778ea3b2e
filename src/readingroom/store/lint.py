"""Warnings about files that are valid, but perhaps not as intended."""

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from readingroom.core import package_files, session_times
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Location
from readingroom.core.models import Session, Status
from readingroom.core.session_path import SessionPath, is_portable_name
from readingroom.core.text_file import decode_file
from readingroom.core.tree import CONFIGURATION, Tree
from readingroom.store import ignores, lint_texts
from readingroom.store.catalogue import Catalogue
from readingroom.text.matching import suggest_word


def lint_catalogue(catalogue: Catalogue, tree: Tree) -> list[Diagnostic]:
    """Return the warnings that are not switched off, in the order of files and lines."""
    sessions = catalogue.sessions
    diagnostics = [
        *catalogue.findings,
        *_check_time_clashes(sessions, tree),
        *_check_unlisted_sessions(sessions, tree),
        *_check_unclear_times(catalogue, tree),
        *_check_unused_templates(tree),
        *_check_file_names(tree),
    ]
    for file in (CONFIGURATION, *(session.file for session in sessions)):
        content = tree.contents[file]
        if b" #" in content or b"\t#" in content:
            diagnostics += _check_truncated_values(file, content)
        if b"\\" in content or not content.isascii():
            diagnostics += _check_suspicious_letters(file, decode_file(file, content).text)
    ignored = ignores.read_ignored_codes(tree, catalogue.group)
    return sorted([*ignores.drop_ignored(diagnostics, ignored), *ignores.check_ignored_codes(ignored)])


def _check_truncated_values(file: str, content: bytes) -> list[Diagnostic]:
    # 8 ms for PyYAML, which the build of files without such a comment does not need.
    from readingroom.store import yaml_comments  # noqa: PLC0415

    return yaml_comments.check_truncated_values(file, content)


def _build_diagnostic(session: Session, tree: Tree, key: str, code: Code, message: str) -> Diagnostic:
    from readingroom.store import yaml_codec  # noqa: PLC0415 -- likewise

    line = yaml_codec.find_key_line(session.file, tree.contents[session.file], key)
    return Diagnostic(Location(session.file, line, key=key), *Finding.from_rule(code, message))


def _check_unused_templates(tree: Tree) -> Iterator[Diagnostic]:
    """Yield the group's own templates that neither a page nor another of them uses."""
    own, builtin = tree.list_own_templates(), package_files.read_builtin_templates()
    for name in own.keys() - builtin.keys():
        if not any(name.encode() in content for other, content in own.items() if other != name):
            hint = suggest_word(name, builtin, f"Expected: {', '.join(builtin)}.")
            yield Diagnostic(Location(f"templates/{name}"), Code.TEMPLATE_UNUSED, "is used by no page.", hint)


def _check_file_names(tree: Tree) -> Iterator[Diagnostic]:
    """Yield the files next to session files that a checkout on Windows or macOS lacks or confuses."""
    for folder, listing in tree.listings.items():
        known: dict[str, str] = {}
        for name in sorted(listing):
            twin = known.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
            message = f"differs from {twin} only in case or in the encoding of accents." if twin != name else ""
            if not is_portable_name(name):
                message = "has a name that Windows cannot hold."
            if message:
                location = Location(f"{SessionPath(folder).directory}/{name}")
                yield Diagnostic(location, *Finding.from_rule(Code.FILE_NAME_UNPORTABLE, message))


def _check_time_clashes(sessions: Iterable[Session], tree: Tree) -> Iterator[Diagnostic]:
    """Yield the sessions that take place at the date and time of another."""
    by_start: defaultdict[tuple[dt.date, str], list[Session]] = defaultdict(list)
    for session in sessions:
        if session.date and session.takes_place:
            by_start[session.date, session.time].append(session)
    for (date, time), (first, *others) in by_start.items():
        for session in others:
            start = f"{date} at {time}, at the same time" if time else f"{date}, on the same day"
            message = f"takes place on {start} as {first.path}."
            yield _build_diagnostic(session, tree, "date", Code.SESSION_CLASH, message)


def _check_unlisted_sessions(sessions: Iterable[Session], tree: Tree) -> Iterator[Diagnostic]:
    """Yield the sessions with leads that count as shelves."""
    for session in sessions:
        if session.leads and session.status == Status.SHELF:
            message = "is given, but the session has neither date nor status, so no list of sessions shows it."
            yield _build_diagnostic(session, tree, "leads", Code.SESSION_UNLISTED, message)


def _check_unclear_times(catalogue: Catalogue, tree: Tree) -> Iterator[Diagnostic]:
    """Yield the times that clocks skip when summer time begins, and those that they show twice when it ends."""
    zone = catalogue.group.time_zone
    for session in catalogue.sessions:
        # Clocks change at night; checking the sessions of the day too would double the cost of this module.
        start = session_times.compute_session_start(session, zone) if session.time < "05:00" else None
        if start is None or start.year in {dt.MINYEAR, dt.MAXYEAR} or not session_times.is_skipped_or_repeated(start):
            continue  # in UTC those years may be outside the range of dates
        code, what = Code.SESSION_TIME_REPEATED, "occurs twice on {} in {}: the clock is set back"
        if session_times.is_skipped(start):
            code, what = Code.SESSION_TIME_SKIPPED, "does not exist on {} in {}: the clock skips it"
        message = f"{session.time} {what.format(session.date, zone)}."
        yield _build_diagnostic(session, tree, "time", code, message)


def _check_suspicious_letters(file: str, text: str) -> Iterator[Diagnostic]:
    """Yield what is suspicious about the letters of each line, as they are typed or as escapes of YAML."""
    for number, line in enumerate(text.split("\n"), 1):
        typed = _ESCAPE.sub(_replace_escape, line) if "\\" in line else line
        for finding in lint_texts.check_letters(typed):
            yield Diagnostic(Location(file, number), *finding)


def _replace_escape(found: re.Match[str]) -> str:
    return chr(int(found["code"], 16)) if found["code"] else found[0]  # an escaped backslash


# https://yaml.org/spec/1.2.2/#57-escaped-characters
_ESCAPE = re.compile(
    r"\\\\|\\[xuU](?P<code>(?<=x)[0-9A-Fa-f]{2}|(?<=u)[0-9A-Fa-f]{4}|(?<=U)00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})"
)
