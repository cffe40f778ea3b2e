"""All files of a group to its catalogue: the group and all its sessions, or every problem at once."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from readingroom.core import date_format
from readingroom.core.diagnostics import Invalid, Problem
from readingroom.core.models import Group, Session, Status, build_session, parse_folder_number
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
    problems += [Problem(path, 0, "", f"{reason}. Replace or remove it.") for path, reason in tree.unread.items()]
    problems += _check_folder_names(tree)
    problems += _check_readme(tree)
    problems += _check_logo(tree, group)
    files = tree.list_session_files()
    folders = [path.split("/")[1] for path, _ in files]
    sessions = []
    for folder, data in zip(folders, read_all(schema.load_schema(schema.SchemaName.SESSION), files), strict=True):
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


_NO_SESSION_MESSAGE = "has no session.yml. Add one (readingroom new writes it), or remove the folder."


def _read_group_or_default(tree: Tree) -> tuple[Group, list[Problem]]:
    """Return the group, or a stand-in and the problems, so that the sessions' problems are told in the same run."""
    stand_in = Group("", "UTC")
    if CONFIGURATION not in tree.contents:
        missing = (
            "is missing. Run readingroom init, or create it with two lines: name: the group's name, and "
            "time_zone: Europe/London."
        )
        return stand_in, [] if CONFIGURATION in tree.unread else [Problem(CONFIGURATION, 0, "", missing)]
    try:
        group = Group.build_from_data(
            read_valid_file(schema.load_schema(schema.SchemaName.GROUP), CONFIGURATION, tree.contents[CONFIGURATION])
        )
    except Invalid as invalid:
        return stand_in, invalid.problems
    problems = []
    if message := _find_time_zone_error(group.time_zone):
        problems.append(
            Problem(
                CONFIGURATION,
                yaml_codec.find_key_line(CONFIGURATION, tree.contents[CONFIGURATION], "time_zone"),
                "time_zone",
                message,
            )
        )
    for key, message in date_format.check_date_format(group.date_format, group.locale):
        problems.append(
            Problem(
                CONFIGURATION, yaml_codec.find_key_line(CONFIGURATION, tree.contents[CONFIGURATION], key), key, message
            )
        )
    return group, problems


def _find_time_zone_error(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return f'found "{name}". Wanted: an IANA time zone, for example Europe/London or America/New_York.'
    return ""


def _check_readme(tree: Tree) -> list[Problem]:
    try:
        generated.parse_regions(README, yaml_codec.decode_text(README, tree.contents.get(README, b"")))
    except Invalid as invalid:
        return invalid.problems
    return []


def _check_logo(tree: Tree, group: Group) -> Iterator[Problem]:
    path = group.site.logo if group.site else ""
    wrong = tree.pictures.get(path, "there is no such file")
    if path and wrong:
        content = tree.contents[CONFIGURATION]
        if path not in find_picture_paths(content):
            wrong = "it cannot be looked for: a path stands on one line, without escapes, // and /./"
        message = f'found "{path}", but {wrong}. {_LOGO_HINT}'
        yield Problem(
            CONFIGURATION, yaml_codec.find_key_line(CONFIGURATION, content, "site", "logo"), "site.logo", message
        )


_LOGO_HINT = (
    "Wanted: the path of a PNG, JPEG, WebP or SVG file in the repository, such as art/logo.png. No link is followed."
)


def _check_folder_names(tree: Tree) -> Iterator[Problem]:
    """Folder names become links, and checkouts on every system: letters, digits and hyphens, none twice."""
    numbers: dict[int, str] = {}
    names: dict[str, str] = {}
    for folder in sorted(tree.listings):
        place = f"sessions/{folder}"
        if not _FOLDER.fullmatch(folder) or _RESERVED.fullmatch(folder) or len(folder) > MAX_FOLDER_NAME:
            yield Problem(place, 0, "", _BAD_NAME_MESSAGE)
        if f"{place}/session.yml" not in tree.contents and not _is_exempt_folder(tree, folder):
            yield Problem(place, 0, "", _NO_SESSION_MESSAGE)
        if (twin := names.setdefault(normalize_text(folder), folder)) != folder:
            yield Problem(place, 0, "", f"differs from sessions/{twin} in case alone. Rename one of the two.")
        number = parse_folder_number(folder)
        if number is not None and (other := numbers.setdefault(number, folder)) != folder:
            yield Problem(place, 0, "", f"has the number of sessions/{other}. Give one of the two another number.")


def _is_exempt_folder(tree: Tree, folder: str) -> bool:
    """Tell whether a folder needs no session.yml: the problem is told already, or nothing but our own page is left."""
    page = tree.contents.get(f"sessions/{folder}/README.md")
    is_empty = not tree.listings[folder] and (page is None or generated.has_banner(page))
    return is_empty or f"sessions/{folder}/session.yml" in tree.unread


_BAD_NAME_MESSAGE = (
    "is not a name for a session's folder. Rename it to a number and a few words such as 21-retentive-networks: "
    f"letters, digits and hyphens, at most {MAX_FOLDER_NAME}."
)


def _check_sessions(tree: Tree, sessions: Sequence[Session], group: Group) -> Iterator[Problem]:
    continued = {each.folder: each.continues for each in sessions}
    for each in sessions:
        for key, message in (
            ("status", _find_status_error(each)),
            ("kind", _find_kind_error(each.kind, group.kinds)),
            ("continues", _find_continues_error(each.folder, continued, tree.listings)),
        ):
            if message:
                file = f"{each.path}/session.yml"
                yield Problem(file, yaml_codec.find_key_line(file, tree.contents[file], key), key, message)


_WITHOUT_DATE = frozenset({Status.SHELF, Status.PROPOSED, Status.POSTPONED})


def _find_status_error(session: Session) -> str:
    if session.date or session.status in _WITHOUT_DATE:
        return ""
    return f'is "{session.status}" but there is no date. Add the line date: YYYY-MM-DD, or make the status proposed.'


def _find_kind_error(kind: str, kinds: Sequence[str]) -> str:
    if not kind or not kinds or kind in kinds or kind.split() in map(str.split, kinds):
        return ""
    wanted = suggest_word(kind, kinds, f"Wanted: {', '.join(kinds)}.")
    return f'found "{kind}", which is not among the kinds in {CONFIGURATION}. {wanted}'


def _find_continues_error(folder: str, continued: Mapping[str, str], folders: Iterable[str]) -> str:
    target = continued[folder]
    if not target:
        return ""
    if target not in folders:
        hint = suggest_word(target, folders, "Wanted: the name of a folder in sessions/.")
        return f'found "{target}", which is not a folder in sessions/. {hint}'
    here, met = target, set()
    while here and here not in met:
        if here == folder:
            return f'found "{target}", which leads back here. Remove one of the lines that say continues.'
        met.add(here)
        here = continued.get(here, "")
    return ""
