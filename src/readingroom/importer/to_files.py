"""A schedule to session files: their folders, what is new beside the sessions that are there, and what differs."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from readingroom.core.diagnostics import Finding, Invalid, Problem
from readingroom.core.models import Group, number_of
from readingroom.core.tree import Files, Tree
from readingroom.edit import new_session
from readingroom.importer import lint, similarity, to_data
from readingroom.importer.schedule import Schedule
from readingroom.importer.session.entry import NONE, NOT_IMPORTED, Data, Entry
from readingroom.store import catalogue, schema, yaml_codec
from readingroom.text import escape

_FOLDER_IN_URL = re.compile(r"/(?:blob|tree)/[^/]+/(?:[^/]+/)*?sessions/([0-9]+-[A-Za-z0-9-]+)/")


@dataclass
class Import:
    """What an import does: the new files, the entries that each is made from, and what is told."""

    files: Files = field(default_factory=dict)
    data: dict[str, Data] = field(default_factory=dict)
    folders: dict[int, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    known: int = 0


def made(read: Schedule, tree: Tree, group: Group, repository: str, *, today: dt.date | None = None) -> Import:
    """Return the session files for what the pages have and the tree does not."""
    result = Import()
    everything = [*read.entries, *read.shelves, *(entry for pair in read.joined for entry in pair)]
    to_data.tell_kinds(list({id(entry): entry for entry in everything}.values()), group)
    existing, result.problems = _existing(tree)
    known = _Known(existing, read.entries, today)
    converter = to_data.Converter(group, repository)
    new: list[Entry] = []
    for entry in [*_in_order(read.entries), *read.shelves]:
        if entry.status == NONE:
            reason = f'"{entry.title[:60]}" is a day without a session.'
            result.findings.append(Finding(entry.page, entry.line, NOT_IMPORTED, reason))
            continue
        if entry.day is None and entry.stamp is not None:
            result.findings.append(
                Finding(
                    entry.page,
                    entry.line,
                    NOT_IMPORTED,
                    f'"{(entry.heading or entry.stamp.text)[:60]}" has no certain day.',
                )
            )
            continue
        if folder := known.folder(entry):
            result.folders[id(entry)] = folder
            result.known += 1
            result.findings += _differences(entry, folder, existing[folder], converter)
            continue
        new.append(entry)
    result.folders |= _Names(tree, existing).of(new, {id(entry) for entry in read.shelves})
    lint.link_parts(read, result.folders)
    for entry in new:
        _add(result, entry, converter, tree)
    result.findings += converter.findings
    return result


def _add(result: Import, entry: Entry, converter: to_data.Converter, tree: Tree) -> None:
    folder = result.folders[id(entry)]
    if entry.continues and entry.continues not in {*result.folders.values()}:
        entry.continues = ""
    data = converter.data(entry)
    path = f"sessions/{folder}/session.yml"
    of = schema.load("session")
    if not of.accepts(data):
        problems = of.problems(entry.page, data, lambda _: entry.line)
        result.problems += [Problem(entry.page, entry.line, each.where, each.message) for each in problems]
        return
    text = written(data, has_schema=new_session.has_schema(tree))
    if len(text.encode()) > yaml_codec.MAX_BYTES:
        message = (
            f"gives a session file of {len(text.encode())} bytes; at most {yaml_codec.MAX_BYTES} are read. Shorten it."
        )
        result.problems.append(Problem(entry.page, entry.line, "", message))
        return
    result.data[path] = data
    result.files[path] = text.encode()


def written(data: Data, *, has_schema: bool) -> str:
    """Return a session file as a person would write it: the line for editors, then the data."""
    of = schema.load("session").document
    address = "../../schema/session.schema.json" if has_schema else of["$id"]
    return f"# yaml-language-server: $schema={address}\n{yaml_codec.write(data) if data else ''}"


def _in_order(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries by their days, those without one last; those of a day in the order of the pages."""
    return sorted(entries, key=lambda entry: (entry.day is None, str(entry.day or ""), entry.time))


def _existing(tree: Tree) -> tuple[dict[str, Data], list[Problem]]:
    """Return the data of the sessions that are there, and the problems of those that cannot be read.

    A session that cannot be read may be one of the page's, so nothing is written beside it.
    """
    files = tree.sessions()
    found: dict[str, Data] = {}
    problems: list[Problem] = []
    for (path, _), data in zip(files, catalogue.read_files(schema.load("session"), files), strict=True):
        if isinstance(data, Invalid):
            problems += data.problems
        else:
            found[path.split("/")[1]] = data
    return found, problems


_FAR = dt.timedelta(days=60)  # sessions are moved by weeks, and recur each term


class _Known:
    """The sessions that are there, found by their folder, their day or their title."""

    def __init__(self, existing: Mapping[str, Data], entries: Sequence[Entry], today: dt.date | None) -> None:
        self.existing = existing
        self.on_page = {(str(entry.day), _folded(entry.title)) for entry in entries if entry.day}
        self.start = today
        self.of_day: defaultdict[str, list[str]] = defaultdict(list)
        self.of_title: defaultdict[str, list[str]] = defaultdict(list)
        for folder, data in existing.items():
            self.of_day[data.get("date", "")].append(folder)
            self.of_title[_folded(data.get("title", ""))].append(folder)

    def folder(self, entry: Entry) -> str:
        """Return the folder that has an entry's session already, or an empty text."""
        if entry.folder in self.existing:
            return entry.folder
        of_day = self.of_day[str(entry.day)] if entry.day else []
        same = [folder for folder in of_day if _folded(self.existing[folder].get("title", "")) == _folded(entry.title)]
        near = same or of_day[: similarity.MAX_OF_DAY]
        best = max(near, key=lambda folder: _likeness(entry, self.existing[folder]), default="")
        if best and _likeness(entry, self.existing[best]) >= similarity.SAME:
            return best
        if of_day:
            return ""
        return self.of_other_day(entry) if entry.title else self.untitled(entry)

    def of_other_day(self, entry: Entry) -> str:
        """Return the folder of a session of the same title and leads on another day, or of a shelf of that title."""
        names = [lead.name for lead in entry.leads]
        for folder in self.of_title[_folded(entry.title)]:
            data = self.existing[folder]
            is_shelf = not (entry.day or "date" in data)
            is_same = names == [each.get("name") for each in data.get("leads", ())]
            if is_shelf or (is_same and not self.recurs(entry, data)):
                return folder
        return ""

    def recurs(self, entry: Entry, data: Data) -> bool:
        """Tell whether a session of the same title on another day is one of its own, rather than one that moved."""
        if entry.day is None or "date" not in data:
            return False
        before = dt.date.fromisoformat(data["date"])
        is_past = self.start is not None and before < self.start
        is_listed = (data["date"], _folded(entry.title)) in self.on_page
        return is_past or is_listed or abs(entry.day - before) > _FAR

    def untitled(self, entry: Entry) -> str:
        """Return the folder without day and title that shares most links with an entry that has neither."""
        if entry.day:
            return ""
        links = set(_addresses(entry.material))
        alike = [folder for folder in self.of_title[""] if "date" not in self.existing[folder]]
        return max(alike, key=lambda folder: len(links & {*_addresses(self.existing[folder])}), default="")


def _folded(title: str) -> str:
    return " ".join(escape.one_line(title).casefold().split())


def _likeness(entry: Entry, data: Data) -> float:
    """Return how sure it is that an entry and a session of one day are the same."""
    title = data.get("title", "")
    if not entry.title and not title:
        return 1.0
    if not entry.title or not title:
        if entry.status == data.get("status") == "open":
            return 1.0  # a free slot, which is shown without its title
        names = {_folded(lead.get("name", "")) for lead in data.get("leads", ())}
        is_led = bool(names & {_folded(lead.name) for lead in entry.leads})
        return 0.8 if is_led or not entry.leads or not names else 0.0
    return similarity.alike(entry.title, title)


def _differences(entry: Entry, folder: str, data: Data, converter: to_data.Converter) -> Iterator[Finding]:
    """Yield what a page says otherwise than the file that is there; the file is left as it is."""
    kept, converter.findings = converter.findings, []
    wanted = converter.data(entry)
    converter.findings = kept
    file = f"sessions/{folder}/session.yml"
    for key in ("title", "date", "time", "kind", "room", "status"):
        if key in wanted and wanted[key] != data.get(key):
            if key == "status" or key not in data:
                said = f'the page has {key} "{wanted[key]}", {file} has {_shown(data.get(key))}'
            else:
                said = f'the page has {key} "{wanted[key]}", {file} has "{data[key]}"'
            mend = f" Run: readingroom move {folder} {wanted[key]}, if the page is right." if key == "date" else ""
            yield Finding(entry.page, entry.line, "", f"{said}. The file is left as it is.{mend}")
    yield from _different_people(entry, file, wanted, data)
    known = set(_addresses(data))
    for url in dict.fromkeys(
        _addresses({"material": wanted.get("material", []), "resources": wanted.get("resources", [])})
    ):
        if url not in known:
            yield Finding(
                entry.page,
                entry.line,
                "",
                f"the page links to {url}, which {file} does not have. Add it there, if it belongs there.",
            )


def _different_people(entry: Entry, file: str, wanted: Data, data: Data) -> Iterator[Finding]:
    names = [[lead["name"] for lead in each.get("leads", ())] for each in (wanted, data)]
    if names[0] and names[0] != names[1]:
        told = [", ".join(each) or "none" for each in names]
        yield Finding(
            entry.page,
            entry.line,
            "",
            f"the page has the leads {told[0]}, {file} has {told[1]}. The file is left as it is.",
        )


def _shown(value: object) -> str:
    return f'"{value}"' if value else "none"


def _addresses(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if "url" in value:
            yield str(value["url"])
        for below in value.values():
            yield from _addresses(below)
    elif isinstance(value, list):
        for below in value:
            yield from _addresses(below)


class _Names:
    """Gives folders their names: the one that a page's links tell, or the next number and the title."""

    def __init__(self, tree: Tree, existing: Mapping[str, Data]) -> None:
        self.taken = set(existing)
        self.folded = {name.casefold() for name in existing}
        self.numbers = {number for name in existing if (number := number_of(name)) is not None}
        self.last = max((number for name in tree.listings if (number := number_of(name)) is not None), default=0)

    def of(self, entries: Sequence[Entry], shelves: Collection[int]) -> dict[int, str]:
        """Return the folder of each entry by its identity; names that links tell are given first."""
        found = {}
        for entry in entries:
            name = entry.folder or self.linked(entry)
            if name and name.casefold() not in self.folded and number_of(name) not in self.numbers:
                found[id(entry)] = self.take(name)
        for entry in entries:
            if id(entry) not in found:
                found[id(entry)] = self.new(entry, is_shelf=id(entry) in shelves)
        return found

    def new(self, entry: Entry, *, is_shelf: bool) -> str:
        title = entry.title or entry.heading or "".join(lead.name for lead in entry.leads[:1])
        if not is_shelf:
            return self.take(new_session.folder_name(self.last + 1, title, str(entry.day or "")))
        name = new_session.folder_name(0, title, "").partition("-")[2]
        if number_of(name) is not None:  # which would be taken for a session's
            name = f"shelf-{name}"
        while name.casefold() in self.folded:
            name += "-more"
        return self.take(name)

    def take(self, name: str) -> str:
        self.taken.add(name)
        self.folded.add(name.casefold())
        if (number := number_of(name)) is not None:
            self.numbers.add(number)
            self.last = max(self.last, number)
        return name

    def linked(self, entry: Entry) -> str:
        """Return the folder of sessions/ in which the session's files are, if there is one."""
        found = {match[1].lower() for each in entry.resources if (match := _FOLDER_IN_URL.search(unquote(each["url"])))}
        free = sorted(name for name in found if name not in self.taken and number_of(name) not in self.numbers)
        return free[-1] if free else ""
