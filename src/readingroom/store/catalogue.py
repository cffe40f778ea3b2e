"""All files of a group to its catalogue: the group and all its sessions, or every problem at once."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from readingroom.core import date_format
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Finding, Invalid, Location
from readingroom.core.models import Group, Session, Status, build_session, parse_folder_number
from readingroom.core.session_path import SESSIONS, SessionPath
from readingroom.core.tree import CONFIGURATION, README, Tree, find_picture_paths
from readingroom.store import generated, schema, yaml_codec
from readingroom.text.matching import normalize_text, suggest_word

MAX_FOLDER_NAME = 80
_FOLDER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
# Names that Windows keeps for devices: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)

FileReader = Callable[[schema.Schema, Sequence[tuple[str, bytes]]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A group and its sessions, in the order of their folders' names."""

    group: Group
    sessions: tuple[Session, ...]


def read_valid_file(of: schema.Schema, file: str, content: bytes) -> Any:
    """Return the plain, valid data of one file; raise Invalid with its problems."""
    data = yaml_codec.read_yaml(file, content, integers=of.integers)
    if data is None:
        data = {}
    if of.is_valid(data):
        return data
    places = yaml_codec.map_lines(yaml_codec.decode_text(file, content))
    raise Invalid(of.check_data(file, data, lambda path: _find_nearest_line(places, path)))


def _find_nearest_line(places: Mapping[tuple[str | int, ...], int], path: tuple[str | int, ...]) -> int:
    while path and path not in places:
        path = path[:-1]
    return places.get(path, 1)


def read_valid_files(of: schema.Schema, files: Iterable[tuple[str, bytes]]) -> Iterator[Any]:
    """Yield for each file its plain, valid data, or the Invalid with its problems."""
    for file, content in files:
        try:
            yield read_valid_file(of, file, content)
        except Invalid as invalid:
            yield invalid


def read_catalogue(tree: Tree, read_all: FileReader = read_valid_files) -> Catalogue:
    """Return the catalogue of a group's files, or raise Invalid with every problem of every file."""
    group, problems = _read_group_or_default(tree)
    problems += [
        Diagnostic(Location(path), Code.FILE_UNREADABLE, f"{reason}.", "Replace or remove it.")
        for path, reason in tree.unread.items()
    ]
    problems += _check_folder_names(tree)
    problems += _check_readme(tree)
    problems += _check_logo(tree, group)
    sessions = []
    read = read_all(schema.load_schema(schema.SchemaName.SESSION), tree.list_session_files())
    for folder, data in zip(tree.list_session_folders(), read, strict=True):
        if isinstance(data, Invalid):
            problems += data.problems
        else:
            sessions.append(build_session(folder, data, group, tree.listings[folder]))
    problems += _check_sessions(tree, sessions, group)
    if problems:
        raise Invalid(problems)
    return Catalogue(group, tuple(sessions))


def read_group(tree: Tree) -> Group:
    """Return the group alone; raise Invalid if its file is missing or wrong."""
    group, problems = _read_group_or_default(tree)
    if problems:
        raise Invalid(problems)
    return group


def _read_group_or_default(tree: Tree) -> tuple[Group, list[Diagnostic]]:
    """Return the group, or a stand-in and the errors, so that the sessions' errors are reported in the same run."""
    stand_in = Group("", "UTC")
    if CONFIGURATION not in tree.contents:
        hint = (
            "Run readingroom init, or create it with two lines: name: the group's name, and time_zone: Europe/London."
        )
        missing = Diagnostic(Location(CONFIGURATION), Code.GROUP_FILE_MISSING, "is missing.", hint)
        return stand_in, [] if CONFIGURATION in tree.unread else [missing]
    content = tree.contents[CONFIGURATION]
    try:
        group = Group.build_from_data(
            read_valid_file(schema.load_schema(schema.SchemaName.GROUP), CONFIGURATION, content)
        )
    except Invalid as invalid:
        return stand_in, invalid.problems
    found = [*_check_time_zone(group.time_zone), *date_format.check_date_format(group.date_format, group.locale)]
    return group, [_locate_finding(CONFIGURATION, content, key, finding) for key, finding in found]


def _locate_finding(file: str, content: bytes, key: str, finding: Finding) -> Diagnostic:
    """Return a diagnostic at the line of a key, which may be one of a group of keys such as ``site.logo``."""
    line = yaml_codec.find_key_line(file, content, *key.split("."))
    return Diagnostic(Location(file, line, key=key), *finding)


def _check_time_zone(name: str) -> Iterator[tuple[str, Finding]]:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        expected = "Expected: a time zone as region and city, for example Europe/London or America/New_York."
        yield "time_zone", Finding(Code.TIME_ZONE_UNKNOWN, f'found "{name}", which is not known.', expected)


def _check_readme(tree: Tree) -> list[Diagnostic]:
    try:
        generated.parse_regions(README, yaml_codec.decode_text(README, tree.contents.get(README, b"")))
    except Invalid as invalid:
        return invalid.problems
    return []


def _check_logo(tree: Tree, group: Group) -> Iterator[Diagnostic]:
    path = group.site.logo if group.site else ""
    wrong = tree.pictures.get(path, "there is no such file")
    if path and wrong:
        content = tree.contents[CONFIGURATION]
        if path not in find_picture_paths(content):
            wrong = "it cannot be looked up: a path stands on one line, without escapes, // and /./"
        message = f'found "{path}", but {wrong}.'
        finding = Finding(Code.LOGO_UNUSABLE, message, _LOGO_HINT)
        yield _locate_finding(CONFIGURATION, content, "site.logo", finding)


_LOGO_HINT = (
    "Expected: the path of a PNG, JPEG, WebP or SVG file in the repository, such as art/logo.png. No link is followed."
)


def _check_folder_names(tree: Tree) -> Iterator[Diagnostic]:
    """Folder names become links, and checkouts on every system: letters, digits and hyphens, none twice."""
    numbers: dict[int, str] = {}
    names: dict[str, str] = {}
    for folder in sorted(tree.listings):
        session = SessionPath(folder)
        location = Location(session.directory)
        if not _FOLDER.fullmatch(folder) or _RESERVED.fullmatch(folder) or len(folder) > MAX_FOLDER_NAME:
            yield Diagnostic(location, Code.FOLDER_NAME_INVALID, "is not a name for a session's folder.", _NAME_HINT)
        if session.file not in tree.contents and not _is_exempt_folder(tree, session):
            yield Diagnostic(location, Code.FOLDER_WITHOUT_SESSION, "has no session.yml.", _NO_SESSION_HINT)
        if (twin := names.setdefault(normalize_text(folder), folder)) != folder:
            message = f"differs from {SESSIONS}/{twin} in case alone."
            yield Diagnostic(location, Code.FOLDER_NAME_CLASH, message, "Rename one of the two.")
        number = parse_folder_number(folder)
        if number is not None and (other := numbers.setdefault(number, folder)) != folder:
            message = f"has the number of {SESSIONS}/{other}."
            yield Diagnostic(location, Code.FOLDER_NUMBER_DUPLICATE, message, "Give one of the two another number.")


def _is_exempt_folder(tree: Tree, session: SessionPath) -> bool:
    """Tell whether a folder needs no session.yml: it is reported already, or nothing but our own page is left."""
    page = tree.contents.get(session.page)
    is_empty = not tree.listings[session.folder] and (page is None or generated.has_banner(page))
    return is_empty or session.file in tree.unread


_NO_SESSION_HINT = "Add one (readingroom new writes it), or remove the folder."
_NAME_HINT = (
    "Rename it to a number and a few words such as 21-retentive-networks: "
    f"letters, digits and hyphens, at most {MAX_FOLDER_NAME}."
)


def _check_sessions(tree: Tree, sessions: Sequence[Session], group: Group) -> Iterator[Diagnostic]:
    continued = {each.folder: each.continues for each in sessions}
    for each in sessions:
        for key, finding in (
            ("status", _check_status(each)),
            ("kind", _check_kind(each.kind, group.kinds)),
            ("continues", _check_continues(each.folder, continued, tree.listings)),
        ):
            if finding:
                yield _locate_finding(each.file, tree.contents[each.file], key, finding)


_WITHOUT_DATE = frozenset({Status.SHELF, Status.PROPOSED, Status.POSTPONED})


def _check_status(session: Session) -> Finding | None:
    if session.date or session.status in _WITHOUT_DATE:
        return None
    hint = "Add the line date: YYYY-MM-DD, or make the status proposed."
    return Finding(Code.SESSION_DATE_MISSING, f'is "{session.status}" but there is no date.', hint)


def _check_kind(kind: str, kinds: Sequence[str]) -> Finding | None:
    if not kind or not kinds or kind in kinds or kind.split() in map(str.split, kinds):
        return None
    message = f'found "{kind}", which is not among the kinds in {CONFIGURATION}.'
    hint = suggest_word(kind, kinds, f"Known are: {', '.join(kinds)}.")
    return Finding(Code.SESSION_KIND_UNKNOWN, message, hint)


def _check_continues(folder: str, continued: Mapping[str, str], folders: Iterable[str]) -> Finding | None:
    target = continued[folder]
    if not target:
        return None
    if target not in folders:
        hint = suggest_word(target, folders, f"Expected: the name of a folder in {SESSIONS}/.")
        message = f'found "{target}", which is not a folder in {SESSIONS}/.'
        return Finding(Code.SESSION_CONTINUES_INVALID, message, hint)
    here, met = target, set()
    while here and here not in met:
        if here == folder:
            hint = "Remove one of the lines that say continues."
            return Finding(Code.SESSION_CONTINUES_INVALID, f'found "{target}", which leads back here.', hint)
        met.add(here)
        here = continued.get(here, "")
    return None
