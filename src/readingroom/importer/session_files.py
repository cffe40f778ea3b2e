"""Session files from a schedule: their folders, which sessions are new, and what differs from existing ones."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from readingroom.core.codes import Code
from readingroom.core.diagnostics import Diagnostic, Invalid, Location
from readingroom.core.models import Group, Status, parse_folder_number
from readingroom.core.session_path import SessionPath
from readingroom.core.tree import Files, Tree
from readingroom.edit import new_session
from readingroom.importer import merge, session_data
from readingroom.importer.records.candidate import Candidate, SessionData
from readingroom.importer.schedule import Schedule
from readingroom.importer.vocabulary.status import OFF_DAY
from readingroom.store import catalogue, schema, yaml_codec
from readingroom.text import escape
from readingroom.text.matching import normalize_text
from readingroom.text.phrases import shorten_text

_FOLDER_IN_URL = re.compile(r"/(?:blob|tree)/[^/]+/(?:[^/]+/)*?sessions/([0-9]+-[A-Za-z0-9-]+)/")
_MAX_MOVE = dt.timedelta(days=60)  # sessions are moved by weeks, and recur each term
_LEFT_AS_IT_IS = "The file is left as it is."


@dataclass
class ImportedSessions:
    """The new session files of an import, the data of all sessions by their entries' identity, and how many exist."""

    files: Files = field(default_factory=dict)
    data: dict[int, SessionData] = field(default_factory=dict)
    known: int = 0


def build_session_files(
    read: Schedule, tree: Tree, group: Group, repository: str, *, today: dt.date | None = None
) -> ImportedSessions:
    """Return the session files of the sessions that the pages have and the tree has not; report into the schedule."""
    made = ImportedSessions()
    session_data.extract_kinds(read, group)
    existing = _read_existing_sessions(tree, read)
    known = _ExistingSessions(existing, read.entries, today)
    entries = [*_iter_sessions(read), *read.shelves]
    folders = [known.find_folder(entry) for entry in entries]
    _FolderNamer(tree, existing).assign_folders(entries, folders, {id(entry) for entry in read.shelves})
    merge.connect_shared_material(read)
    taken = {entry.folder for entry in entries}
    for entry, folder in zip(entries, folders, strict=True):
        entry.continues = entry.continues if entry.continues in taken else ""
        data, findings = session_data.convert_entry(entry, group, repository)
        made.data[id(entry)] = data
        if folder:
            made.known += 1
            read.diagnostics += _check_differences(entry, data, existing[folder])
            continue
        read.diagnostics += findings
        text = new_session.render_yaml(data, has_schema=new_session.has_schema(tree))
        if problems := _check_session_file(entry, data, text):
            read.diagnostics += problems
        else:
            made.files[SessionPath(entry.folder).file] = text.encode()
    return made


def _check_session_file(entry: Candidate, data: SessionData, text: str) -> list[Diagnostic]:
    of = schema.load_schema(schema.SchemaName.SESSION)
    if not of.is_valid(data):
        return of.check_data(entry.page, data, lambda _: entry.line)
    if (size := len(text.encode())) <= yaml_codec.MAX_BYTES:
        return []
    message = f"gives a session file of {size} bytes; at most {yaml_codec.MAX_BYTES} are read."
    return [Diagnostic(Location(entry.page, entry.line), Code.FILE_TOO_LARGE, message, "Shorten it.")]


def _iter_sessions(read: Schedule) -> Iterator[Candidate]:
    """Yield the entries that are sessions, by day and time, those without a day last; report the others."""
    for entry in sorted(read.entries, key=lambda entry: (entry.day is None, str(entry.day or ""), entry.time)):
        reason = ""
        if entry.status == OFF_DAY:
            reason = f'"{shorten_text(entry.title)}" is a day without a session.'
        elif entry.day is None and entry.mention is not None:
            reason = f'"{shorten_text(entry.heading or entry.mention.text)}" has no certain day.'
        if reason:
            read.report(Code.IMPORT_SKIPPED, entry.page, [(entry.line, reason)])
        else:
            yield entry


def _read_existing_sessions(tree: Tree, read: Schedule) -> dict[str, SessionData]:
    """Return the data of the existing sessions; one that cannot be read is an error, as it may be one of the pages'."""
    found: dict[str, SessionData] = {}
    files = catalogue.read_valid_files(schema.load_schema(schema.SchemaName.SESSION), tree.list_session_files())
    for folder, data in zip(tree.list_session_folders(), files, strict=True):
        if isinstance(data, Invalid):
            read.diagnostics += data.problems
        else:
            found[folder] = data
    return found


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
        if of_day:
            same = {*self.of_title[_normalize_title(entry.title)]}.intersection(of_day)
            near = [name for name in of_day if name in same] or of_day[: merge.MAX_OF_DAY]
            likely = {name: _compute_session_similarity(entry, self.existing[name]) for name in near}
            best = max(likely, key=likely.__getitem__)
            return best if likely[best] >= merge.MIN_SIMILARITY else ""
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
        return is_past or is_listed or abs(entry.day - before) > _MAX_MOVE

    def find_untitled_folder(self, entry: Candidate) -> str:
        """Return the folder without day and title that shares most links with an entry that has neither."""
        links = set(merge.iter_urls(entry.material))
        alike = [] if entry.day else [name for name in self.of_title[""] if "date" not in self.existing[name]]
        return max(alike, key=lambda name: len(links & {*merge.iter_urls(self.existing[name])}), default="")


def _normalize_title(title: str) -> str:
    return normalize_text(escape.normalize_line(title))


def _compute_session_similarity(entry: Candidate, data: SessionData) -> float:
    """Return how likely an entry and an existing session of one day are the same, from 0 to 1."""
    title = data.get("title", "")
    if entry.title and title:
        return merge.compute_similarity(entry.title, title)
    is_free = entry.status == data.get("status") == Status.OPEN  # a free slot, which is shown without its title
    if is_free or not (entry.title or title):
        return 1.0
    names = [{_normalize_title(lead.name) for lead in entry.leads}, set(map(_normalize_title, _list_leads(data)))]
    return 0.8 if not all(names) or names[0] & names[1] else 0.0


def _list_leads(data: SessionData) -> list[str]:
    return [lead.get("name", "") for lead in data.get("leads", ())]


def _check_differences(entry: Candidate, wanted: SessionData, data: SessionData) -> Iterator[Diagnostic]:
    """Yield how a page's session differs from the existing file, which is left as it is."""
    file = SessionPath(entry.folder).file
    location = Location(entry.page, entry.line)
    values = {key: (wanted.get(key), data.get(key)) for key in ("title", "date", "time", "kind", "room", "status")}
    values["leads"] = (", ".join(_list_leads(wanted)), ", ".join(_list_leads(data)))
    for key, (new, old) in values.items():
        if new and new != old:
            said = f'"{old}"' if old else "none"
            message = f'the page has {key} "{new}", {file} has {said}.'
            move = f" Run: readingroom move {entry.folder} {new}, if the page is right." if key == "date" else ""
            yield Diagnostic(location, Code.IMPORT_PAGE_DIFFERS, message, f"{_LEFT_AS_IT_IS}{move}")
    known = set(merge.iter_urls(data))
    for url in dict.fromkeys(merge.iter_urls([wanted.get("material", []), wanted.get("resources", [])])):
        if url not in known:
            message = f"the page links to {url}, which {file} does not have."
            yield Diagnostic(location, Code.IMPORT_PAGE_DIFFERS, message, "Add it there, if it belongs there.")


class _FolderNamer:
    """Names the new folders: as a page's links have them, or by the next number and the title."""

    def __init__(self, tree: Tree, existing: Mapping[str, SessionData]) -> None:
        self.names = {name.casefold() for name in existing}
        self.numbers = {number for name in existing if (number := parse_folder_number(name)) is not None}
        self.next_number = new_session.find_next_number(tree.listings)

    def assign_folders(self, entries: Sequence[Candidate], known: Sequence[str], shelves: set[int]) -> None:
        """Give each entry its folder, the known one if it has one; names in links come first."""
        linked = [folder or self.reserve_linked_folder(entry) for entry, folder in zip(entries, known, strict=True)]
        for entry, folder in zip(entries, linked, strict=True):
            entry.folder = folder or self.choose_folder_name(entry, is_shelf=id(entry) in shelves)

    def choose_folder_name(self, entry: Candidate, *, is_shelf: bool) -> str:
        title = entry.title or entry.heading or "".join(lead.name for lead in entry.leads[:1])
        name = new_session.build_folder_name(self.next_number, title, "" if is_shelf else str(entry.day or ""))
        if is_shelf:
            name = name.partition("-")[2]
            if parse_folder_number(name) is not None:  # which would be taken for a session's
                name = f"shelf-{name}"
            while name.casefold() in self.names:
                name += "-more"
        return self.reserve_folder_name(name)

    def reserve_folder_name(self, name: str) -> str:
        self.names.add(name.casefold())
        if (number := parse_folder_number(name)) is not None:
            self.numbers.add(number)
            self.next_number = max(self.next_number, number + 1)
        return name

    def reserve_linked_folder(self, entry: Candidate) -> str:
        """Return the free folder of sessions/ that the entry is from or its files are in, if there is one."""
        found = (match for each in entry.resources if (match := _FOLDER_IN_URL.search(unquote(each["url"]))))
        linked = [entry.folder] if entry.folder else sorted({match[1].lower() for match in found}, reverse=True)
        free = (
            name
            for name in linked
            if name.casefold() not in self.names and parse_folder_number(name) not in self.numbers
        )
        return self.reserve_folder_name(name) if (name := next(free, "")) else ""
