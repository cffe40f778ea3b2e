"""All files of a group to its catalogue, or to every problem at once."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Invalid, Location
from readingroom.core.models import Group, Session, Status, build_session, parse_folder_number
from readingroom.core.session_path import SESSIONS, SessionPath, is_portable_name
from readingroom.core.text_file import decode_file
from readingroom.core.tree import (
    CONFIGURATION,
    MAX_BLOB_BYTES,
    README,
    Tree,
    find_picture_paths,
    find_similar_session_file,
)
from readingroom.store import generated, group_values
from readingroom.store.schema import Schema, SchemaName, load_schema
from readingroom.text.matching import normalize_text, suggest_word

MAX_FOLDER_NAME = 80
_FOLDER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")

FileReader = Callable[[Schema, Sequence[tuple[str, bytes]]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A group and its sessions, in the order of their folders' names.

    ``findings`` are the warnings of the rules that look across files. What they are about is left out: a link to
    nowhere of ``continues``, or a logo that cannot be used.
    """

    group: Group
    sessions: tuple[Session, ...]
    findings: tuple[Diagnostic, ...] = ()


def read_valid_files(schema: Schema, files: Iterable[tuple[str, bytes]]) -> Iterator[Any]:
    """Yield for each file its plain, valid data, or the Invalid with its problems."""
    # 10 ms with PyYAML, which a build whose files other processes read does not need.
    from readingroom.store.data_file import read_valid_file  # noqa: PLC0415

    for file, content in files:
        try:
            yield read_valid_file(schema, file, content)
        except Invalid as invalid:
            yield invalid


def read_catalogue(tree: Tree, read_all: FileReader = read_valid_files) -> Catalogue:
    """Return the catalogue of a group's files, or raise Invalid with every problem of every file.

    Two changes that are each valid must be valid together, whoever merges them: a rule that compares files gives a
    finding and no problem. The exception are names that a disk without case cannot hold at the same time.
    """
    group, problems = _read_group_or_default(tree, read_all)
    problems += _check_unread_files(tree)
    problems += [each for each in _check_large_blobs(tree) if each.code == Code.BLOB_TOO_LARGE]
    problems += _check_folder_names(tree)
    problems += _check_readme(tree)
    sessions = []
    files = read_all(load_schema(SchemaName.SESSION), tree.list_session_files())
    for folder, data in zip(tree.list_session_folders(), files, strict=True):
        if isinstance(data, Invalid):
            problems += data.problems
        else:
            sessions.append(build_session(folder, data, group, tree.listings[folder], tree.pointers))
    if problems:
        raise Invalid(problems)
    return _compare_files(tree, group, sessions)


def _compare_files(tree: Tree, group: Group, sessions: Iterable[Session]) -> Catalogue:
    """Return the catalogue of valid files with the findings of the rules that look across them."""
    sessions = tuple(sessions)
    logo = [*_check_logo(tree, group)]
    if group.site and logo:
        group = replace(group, site=replace(group.site, logo=""))
    empty, continues = [*_check_empty_sessions(sessions)], [*_check_continues(tree, sessions)]
    wrong = {each.file for each in continues}
    if wrong:
        sessions = tuple([each._replace(continues="") if each.file in wrong else each for each in sessions])
    taken = _find_taken_slots(sessions)
    if taken:
        sessions = tuple([each._replace(is_taken=each.folder in taken) for each in sessions])
    findings = (
        *_check_large_blobs(tree),
        *logo,
        *_check_other_readmes(tree),
        *_check_folders(tree),
        *empty,
        *_check_kinds(tree, sessions, group.kinds),
        *continues,
        *_check_taken_slots(tree, sessions, taken),
    )
    return Catalogue(group, sessions, findings)


def _check_unread_files(tree: Tree) -> Iterator[Diagnostic]:
    for path, reason in tree.unread.items():
        if path in tree.too_large:
            yield Diagnostic(Location(path), *Finding.from_rule(Code.FILE_TOO_LARGE, f"{reason}."))
        else:
            yield Diagnostic(Location(path), Code.FILE_UNREADABLE, f"{reason}.", "Replace or remove it.")


def _check_large_blobs(tree: Tree) -> Iterator[Diagnostic]:
    """Yield the files that GitHub refuses, and those of which it warns."""
    for path, size in sorted(tree.large_blobs.items()):
        message = f"has {size / 2**20:.0f} MiB."
        code = Code.BLOB_TOO_LARGE if size > MAX_BLOB_BYTES else Code.BLOB_LARGE
        yield Diagnostic(Location(path), *Finding.from_rule(code, message))


def read_group(tree: Tree) -> Group:
    """Return the group alone; raise Invalid if its file is missing or wrong."""
    group, problems = _read_group_or_default(tree)
    if problems:
        raise Invalid(problems)
    return group


def _read_group_or_default(tree: Tree, read_all: FileReader = read_valid_files) -> tuple[Group, list[Diagnostic]]:
    """Return the group, or a default one with the errors, so that the sessions' errors are reported in the same run."""
    default = Group("", "UTC")
    if CONFIGURATION not in tree.contents:
        hint = (
            "Run readingroom init, or create it with two lines: name: the group's name, and time_zone: Europe/London."
        )
        if similar := next((path for path in sorted(tree.similar) if path.casefold().startswith("readingroom.")), ""):
            hint = f"Rename {similar} to {CONFIGURATION}."
        missing = Diagnostic(Location(CONFIGURATION), Code.GROUP_FILE_MISSING, "is missing.", hint)
        return default, [] if CONFIGURATION in tree.unread else [missing]
    content = tree.contents[CONFIGURATION]
    (data,) = read_all(load_schema(SchemaName.GROUP), [(CONFIGURATION, content)])
    if isinstance(data, Invalid):
        return default, data.problems
    group = Group.build_from_data(data)
    findings = group_values.check_group_values(group)
    return group, [_locate_finding(CONFIGURATION, content, key, finding) for key, finding in findings]


def _locate_finding(file: str, content: bytes, key: str, finding: Finding) -> Diagnostic:
    """Return a diagnostic at the line of a key, which may be a nested one such as ``site.logo``."""
    from readingroom.store import yaml_codec  # noqa: PLC0415 -- as above

    line = yaml_codec.find_key_line(file, content, *key.split("."))
    return Diagnostic(Location(file, line, key=key), *finding)


def _check_readme(tree: Tree) -> list[Diagnostic]:
    twins = [path for path in sorted(tree.similar) if path.casefold() == README.casefold()]
    if twins:
        rule = Code.README_NAME_INVALID
        return [Diagnostic(Location(path), *Finding.from_rule(rule, f"is not {README}.")) for path in twins]
    try:
        generated.parse_regions(README, decode_file(README, tree.contents.get(README, b"")).text)
    except Invalid as invalid:
        return invalid.problems
    return []


def _check_other_readmes(tree: Tree) -> Iterator[Diagnostic]:
    """Yield the READMEs that GitHub shows instead of README.md, or shows until that exists."""
    for path in sorted(tree.similar):
        if PurePosixPath(path).stem.casefold() != "readme" or path.casefold() == README.casefold():
            continue
        if path.startswith(".github/"):
            message = f"is shown by GitHub instead of {README}, in which readingroom writes."
        elif README not in tree.contents:
            message = f"is the README so far, but readingroom writes {README}, and GitHub shows only one."
        else:
            continue
        yield Diagnostic(Location(path), *Finding.from_rule(Code.README_HIDDEN, message))


def _check_logo(tree: Tree, group: Group) -> Iterator[Diagnostic]:
    path = group.site.logo if group.site else ""
    reason = tree.pictures.get(path, "there is no such file")
    if path and reason:
        content = tree.contents[CONFIGURATION]
        if path not in find_picture_paths(content):
            reason = "it cannot be looked up: a path must be on one line, without escapes, // and /./"
        finding = Finding(Code.LOGO_UNUSABLE, f'found "{path}", but {reason}.', _LOGO_HINT)
        yield _locate_finding(CONFIGURATION, content, "site.logo", finding)


_LOGO_HINT = (
    "Expected: the path of a PNG, JPEG, WebP or SVG file in the repository, such as art/logo.png. No link is followed."
)


def is_folder_name(name: str) -> bool:
    """Return whether a name may be that of a session's folder."""
    return bool(_FOLDER.fullmatch(name)) and is_portable_name(name) and len(name) <= MAX_FOLDER_NAME


def _check_folder_names(tree: Tree) -> Iterator[Diagnostic]:
    """Yield the folders whose names are wrong in links or on some systems, or are the same on some disks."""
    names: dict[str, str] = {}
    for folder in sorted(tree.listings):
        location = Location(SessionPath(folder).directory)
        if not is_folder_name(folder):
            yield Diagnostic(location, Code.FOLDER_NAME_INVALID, "is not a name for a session's folder.", _NAME_HINT)
        if (twin := names.setdefault(normalize_text(folder), folder)) != folder:
            message = f"differs from {SESSIONS}/{twin} only in case."
            yield Diagnostic(location, *Finding.from_rule(Code.FOLDER_NAME_CLASH, message))


def _check_folders(tree: Tree) -> Iterator[Diagnostic]:
    """Yield the folders that have no session.yml, or the number of another."""
    numbers: dict[int, str] = {}
    for folder in sorted(tree.listings):
        session = SessionPath(folder)
        location = Location(session.directory)
        if session.file not in tree.contents and not _is_exempt_folder(tree, session):
            finding = Finding.from_rule(Code.FOLDER_WITHOUT_SESSION, "has no session.yml.")
            if similar := find_similar_session_file(tree.listings[folder]):
                finding = finding._replace(hint=f"Rename {similar} to session.yml.")
            yield Diagnostic(location, *finding)
        number = parse_folder_number(folder)
        if number is not None and (other := numbers.setdefault(number, folder)) != folder:
            message = f"has the number of {SESSIONS}/{other}."
            yield Diagnostic(location, *Finding.from_rule(Code.FOLDER_NUMBER_DUPLICATE, message))


def _is_exempt_folder(tree: Tree, session: SessionPath) -> bool:
    """Return whether a folder needs no session.yml: it is reported already, or contains only a generated page."""
    page = tree.contents.get(session.page)
    is_empty = not tree.listings[session.folder] and (page is None or generated.has_banner(page))
    return is_empty or session.file in tree.unread


_NAME_HINT = (
    "Rename it to a number and a few words such as 21-retentive-networks: "
    f"letters, digits and hyphens, at most {MAX_FOLDER_NAME}."
)


def _locate_session_finding(tree: Tree, session: Session, key: str, finding: Finding) -> Diagnostic:
    return _locate_finding(session.file, tree.contents[session.file], key, finding)


def _check_empty_sessions(sessions: Iterable[Session]) -> Iterator[Diagnostic]:
    """Yield the session files without anything that a page shows; files next to them do not count."""
    for each in sessions:
        values = (each.title, each.kind, each.room, each.leads, each.abstract, each.material, each.continues)
        if each.status == Status.SHELF and not any(values) and not any(link.is_link for link in each.resources):
            message = "says nothing about the session."
            yield Diagnostic(Location(each.file), *Finding.from_rule(Code.SESSION_EMPTY, message))


def _check_kinds(tree: Tree, sessions: Iterable[Session], kinds: Sequence[str]) -> Iterator[Diagnostic]:
    for each in sessions:
        if finding := _check_kind(each.kind, kinds):
            yield _locate_session_finding(tree, each, "kind", finding)


def _check_continues(tree: Tree, sessions: Iterable[Session]) -> Iterator[Diagnostic]:
    continued = {each.folder: each.continues for each in sessions}
    for each in sessions:
        if each.continues and (finding := _check_target(each.folder, continued)):
            yield _locate_session_finding(tree, each, "continues", finding)


def _find_taken_slots(sessions: Iterable[Session]) -> dict[str, str]:
    """Return the folders of the free slots on a day on which a session takes place, each with that session's folder."""
    by_day = {each.date: each.folder for each in sessions if each.takes_place}
    return {each.folder: by_day[each.date] for each in sessions if each.status == Status.OPEN and each.date in by_day}


def _check_taken_slots(tree: Tree, sessions: Iterable[Session], taken: Mapping[str, str]) -> Iterator[Diagnostic]:
    for each in sessions:
        if each.folder in taken:
            message = f"is not offered any more: {SESSIONS}/{taken[each.folder]} takes place on {each.date}."
            yield _locate_session_finding(tree, each, "status", Finding.from_rule(Code.SLOT_TAKEN, message))


def _check_kind(kind: str, kinds: Sequence[str]) -> Finding | None:
    if not kind or not kinds or kind in kinds or kind.split() in map(str.split, kinds):
        return None
    message = f'found "{kind}", which is not among the kinds in {CONFIGURATION}.'
    hint = suggest_word(kind, kinds, f"Expected: {', '.join(kinds)}.")
    return Finding(Code.SESSION_KIND_UNKNOWN, message, hint)


def _check_target(folder: str, continued: Mapping[str, str]) -> Finding | None:
    """Return what is wrong with the session that another continues: it does not exist, or is continued by itself."""
    target = continued[folder]
    if target not in continued:
        hint = suggest_word(target, continued, f"Expected: the name of a folder in {SESSIONS}/.")
        message = f'found "{target}", which is not a session in {SESSIONS}/.'
        return Finding(Code.SESSION_CONTINUES_INVALID, message, hint)
    current, visited = target, set()
    while current and current not in visited:
        if current == folder:
            hint = "Remove one of the lines that say continues."
            return Finding(Code.SESSION_CONTINUES_INVALID, f'found "{target}", which leads back here.', hint)
        visited.add(current)
        current = continued.get(current, "")
    return None
