"""Session files from a schedule: their folders, which sessions are new, and what differs from existing ones."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.models import Group, Status, parse_folder_number
from readingroom.core.session_path import SessionPath
from readingroom.core.tree import Files, Tree
from readingroom.edit import new_session
from readingroom.importer import lint, merge, to_data
from readingroom.importer.records.candidate import OFF_DAY, Candidate, SessionData
from readingroom.importer.schedule import Schedule
from readingroom.store import catalogue, schema, yaml_codec
from readingroom.text import escape
from readingroom.text.excerpt import shorten_text

_FOLDER_IN_URL = re.compile(r"/(?:blob|tree)/[^/]+/(?:[^/]+/)*?sessions/([0-9]+-[A-Za-z0-9-]+)/")


@dataclass
class ImportedSessions:
    """The new session files of an import, the folders of the entries, and the diagnostics."""

    files: Files = field(default_factory=dict)
    data: dict[str, SessionData] = field(default_factory=dict)
    folders: dict[int, str] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    known: int = 0

    def add_skipped(self, entry: Candidate, reason: str) -> None:
        self.findings.append(Diagnostic(Location(entry.page, entry.line), Code.IMPORT_SKIPPED, reason))


def build_session_files(
    read: Schedule, tree: Tree, group: Group, repository: str, *, today: dt.date | None = None
) -> ImportedSessions:
    """Return the session files of the sessions that the pages have and the tree has not."""
    result = ImportedSessions()
    everything = [*read.entries, *read.shelves, *(entry for pair in read.joined for entry in pair)]
    to_data.extract_kinds(list({id(entry): entry for entry in everything}.values()), group)
    existing, result.problems = _read_existing_sessions(tree)
    known = _ExistingSessions(existing, read.entries, today)
    converter = to_data.EntryConverter(group, repository)
    new: list[Candidate] = []
    for entry in [*_sort_by_day(read.entries), *read.shelves]:
        if entry.status == OFF_DAY:
            result.add_skipped(entry, f'"{shorten_text(entry.title)}" is a day without a session.')
            continue
        if entry.day is None and entry.mention is not None:
            text = shorten_text(entry.heading or entry.mention.text)
            result.add_skipped(entry, f'"{text}" has no certain day.')
            continue
        if folder := known.find_folder(entry):
            result.folders[id(entry)] = folder
            result.known += 1
            result.findings += _check_differences(entry, folder, existing[folder], converter)
            continue
        new.append(entry)
    result.folders |= _FolderNamer(tree, existing).assign_folders(new, {id(entry) for entry in read.shelves})
    lint.connect_shared_material(read, result.folders)
    for entry in new:
        _add_session_file(result, entry, converter, tree)
    result.findings += converter.findings
    return result


def _add_session_file(
    result: ImportedSessions, entry: Candidate, converter: to_data.EntryConverter, tree: Tree
) -> None:
    folder = result.folders[id(entry)]
    if entry.continues and entry.continues not in {*result.folders.values()}:
        entry.continues = ""
    data = converter.convert_entry(entry)
    path = SessionPath(folder).file
    of = schema.load_schema(schema.SchemaName.SESSION)
    if not of.is_valid(data):
        result.problems += of.check_data(entry.page, data, lambda _: entry.line)
        return
    text = render_session_file(data, has_schema=new_session.has_schema(tree))
    if len(text.encode()) > yaml_codec.MAX_BYTES:
        message = f"gives a session file of {len(text.encode())} bytes; at most {yaml_codec.MAX_BYTES} are read."
        location = Location(entry.page, entry.line)
        result.problems.append(Diagnostic(location, Code.FILE_TOO_LARGE, message, "Shorten it."))
        return
    result.data[path] = data
    result.files[path] = text.encode()


def render_session_file(data: SessionData, *, has_schema: bool) -> str:
    """Return a session file as a person would write it: the line for editors, then the data."""
    of = schema.load_schema(schema.SchemaName.SESSION).document
    address = "../../schema/session.schema.json" if has_schema else of["$id"]
    return f"# yaml-language-server: $schema={address}\n{yaml_codec.dump_yaml(data) if data else ''}"


def _sort_by_day(entries: Sequence[Candidate]) -> list[Candidate]:
    """Return the entries by day and time, those without a day last; otherwise in the order of the pages."""
    return sorted(entries, key=lambda entry: (entry.day is None, str(entry.day or ""), entry.time))


def _read_existing_sessions(tree: Tree) -> tuple[dict[str, SessionData], list[Diagnostic]]:
    """Return the data of the existing sessions, and the errors of those that cannot be read.

    A session that cannot be read may be one of the page's, so nothing is written then.
    """
    found: dict[str, SessionData] = {}
    problems: list[Diagnostic] = []
    read = catalogue.read_valid_files(schema.load_schema(schema.SchemaName.SESSION), tree.list_session_files())
    for folder, data in zip(tree.list_session_folders(), read, strict=True):
        if isinstance(data, Invalid):
            problems += data.problems
        else:
            found[folder] = data
    return found, problems


_FAR = dt.timedelta(days=60)  # sessions are moved by weeks, and recur each term


class _ExistingSessions:
    """The existing sessions, found by their folder, their day or their title."""

    def __init__(
        self, existing: Mapping[str, SessionData], entries: Sequence[Candidate], today: dt.date | None
    ) -> None:
        self.existing = existing
        self.on_page = {(str(entry.day), _normalize_title(entry.title)) for entry in entries if entry.day}
        self.start = today
        self.of_day: defaultdict[str, list[str]] = defaultdict(list)
        self.of_title: defaultdict[str, list[str]] = defaultdict(list)
        for folder, data in existing.items():
            self.of_day[data.get("date", "")].append(folder)
            self.of_title[_normalize_title(data.get("title", ""))].append(folder)

    def find_folder(self, entry: Candidate) -> str:
        """Return the folder of the existing session of an entry, or an empty text."""
        if entry.folder in self.existing:
            return entry.folder
        of_day = self.of_day[str(entry.day)] if entry.day else []
        same = [
            folder
            for folder in of_day
            if _normalize_title(self.existing[folder].get("title", "")) == _normalize_title(entry.title)
        ]
        near = same or of_day[: merge.MAX_OF_DAY]
        best = max(near, key=lambda folder: _compute_session_similarity(entry, self.existing[folder]), default="")
        if best and _compute_session_similarity(entry, self.existing[best]) >= merge.MIN_SIMILARITY:
            return best
        if of_day:
            return ""
        return self.find_moved_folder(entry) if entry.title else self.find_untitled_folder(entry)

    def find_moved_folder(self, entry: Candidate) -> str:
        """Return the folder of a session of the same title and leads on another day, or of a shelf of that title."""
        names = [lead.name for lead in entry.leads]
        for folder in self.of_title[_normalize_title(entry.title)]:
            data = self.existing[folder]
            is_shelf = not (entry.day or "date" in data)
            is_same = names == [each.get("name") for each in data.get("leads", ())]
            if is_shelf or (is_same and not self.is_recurring(entry, data)):
                return folder
        return ""

    def is_recurring(self, entry: Candidate, data: SessionData) -> bool:
        """Return whether a session of the same title on another day is another one, rather than one that moved."""
        if entry.day is None or "date" not in data:
            return False
        before = dt.date.fromisoformat(data["date"])
        is_past = self.start is not None and before < self.start
        is_listed = (data["date"], _normalize_title(entry.title)) in self.on_page
        return is_past or is_listed or abs(entry.day - before) > _FAR

    def find_untitled_folder(self, entry: Candidate) -> str:
        """Return the folder without day and title that shares most links with an entry that has neither."""
        if entry.day:
            return ""
        links = set(merge.iter_urls(entry.material))
        alike = [folder for folder in self.of_title[""] if "date" not in self.existing[folder]]
        return max(alike, key=lambda folder: len(links & {*merge.iter_urls(self.existing[folder])}), default="")


def _normalize_title(title: str) -> str:
    return " ".join(escape.normalize_line(title).casefold().split())


def _compute_session_similarity(entry: Candidate, data: SessionData) -> float:
    """Return how likely an entry and an existing session of one day are the same, from 0 to 1."""
    title = data.get("title", "")
    if not entry.title and not title:
        return 1.0
    if not entry.title or not title:
        if entry.status == data.get("status") == Status.OPEN:
            return 1.0  # a free slot, which is shown without its title
        names = {_normalize_title(lead.get("name", "")) for lead in data.get("leads", ())}
        is_led = bool(names & {_normalize_title(lead.name) for lead in entry.leads})
        return 0.8 if is_led or not entry.leads or not names else 0.0
    return merge.compute_similarity(entry.title, title)


def _check_differences(
    entry: Candidate, folder: str, data: SessionData, converter: to_data.EntryConverter
) -> Iterator[Diagnostic]:
    """Yield how a page differs from the existing file, which is left as it is."""
    kept, converter.findings = converter.findings, []
    wanted = converter.convert_entry(entry)
    converter.findings = kept
    file = SessionPath(folder).file
    location = Location(entry.page, entry.line)
    for key in ("title", "date", "time", "kind", "room", "status"):
        if key in wanted and wanted[key] != data.get(key):
            message = f'the page has {key} "{wanted[key]}", {file} has {_format_value(data.get(key))}.'
            move = f" Run: readingroom move {folder} {wanted[key]}, if the page is right." if key == "date" else ""
            yield Diagnostic(location, Code.IMPORT_PAGE_DIFFERS, message, f"{_LEFT_AS_IT_IS}{move}")
    names = [[lead["name"] for lead in each.get("leads", ())] for each in (wanted, data)]
    if names[0] and names[0] != names[1]:
        on_page, in_file = (", ".join(each) or "none" for each in names)
        message = f"the page has the leads {on_page}, {file} has {in_file}."
        yield Diagnostic(location, Code.IMPORT_PAGE_DIFFERS, message, _LEFT_AS_IT_IS)
    known = set(merge.iter_urls(data))
    for url in dict.fromkeys(
        merge.iter_urls({"material": wanted.get("material", []), "resources": wanted.get("resources", [])})
    ):
        if url not in known:
            message = f"the page links to {url}, which {file} does not have."
            yield Diagnostic(location, Code.IMPORT_PAGE_DIFFERS, message, "Add it there, if it belongs there.")


_LEFT_AS_IT_IS = "The file is left as it is."


def _format_value(value: object) -> str:
    return f'"{value}"' if value else "none"


class _FolderNamer:
    """Names the new folders: as a page's links have them, or by the next number and the title."""

    def __init__(self, tree: Tree, existing: Mapping[str, SessionData]) -> None:
        self.taken = set(existing)
        self.folded = {name.casefold() for name in existing}
        self.numbers = {number for name in existing if (number := parse_folder_number(name)) is not None}
        self.last = max(
            (number for name in tree.listings if (number := parse_folder_number(name)) is not None), default=0
        )

    def assign_folders(self, entries: Sequence[Candidate], shelves: Collection[int]) -> dict[int, str]:
        """Return the folder of each entry by its identity; names in links come first."""
        found = {}
        for entry in entries:
            name = entry.folder or self.find_linked_folder(entry)
            if name and name.casefold() not in self.folded and parse_folder_number(name) not in self.numbers:
                found[id(entry)] = self.reserve_folder_name(name)
        for entry in entries:
            if id(entry) not in found:
                found[id(entry)] = self.choose_folder_name(entry, is_shelf=id(entry) in shelves)
        return found

    def choose_folder_name(self, entry: Candidate, *, is_shelf: bool) -> str:
        title = entry.title or entry.heading or "".join(lead.name for lead in entry.leads[:1])
        if not is_shelf:
            return self.reserve_folder_name(new_session.build_folder_name(self.last + 1, title, str(entry.day or "")))
        name = new_session.build_folder_name(0, title, "").partition("-")[2]
        if parse_folder_number(name) is not None:  # which would be taken for a session's
            name = f"shelf-{name}"
        while name.casefold() in self.folded:
            name += "-more"
        return self.reserve_folder_name(name)

    def reserve_folder_name(self, name: str) -> str:
        self.taken.add(name)
        self.folded.add(name.casefold())
        if (number := parse_folder_number(name)) is not None:
            self.numbers.add(number)
            self.last = max(self.last, number)
        return name

    def find_linked_folder(self, entry: Candidate) -> str:
        """Return the folder of sessions/ in which the session's files are, if there is one."""
        found = {match[1].lower() for each in entry.resources if (match := _FOLDER_IN_URL.search(unquote(each["url"])))}
        free = sorted(
            name for name in found if name not in self.taken and parse_folder_number(name) not in self.numbers
        )
        return free[-1] if free else ""
