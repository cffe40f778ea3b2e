"""Who is who among the leads of all sessions: the only place that decides which entries are one person.

A session always shows the names that its own file has. Identity only decides which page a name links to.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from readingroom.core.models import Person, Session
from readingroom.text import plain
from readingroom.text.matching import normalize_text

MAX_SPELLINGS = 4  # of one person; a handle with more names is that of an institution
_HANDLE = re.compile(
    r"https?://(?:www\.)?(?:(?P<github>github)\.com/(?P<name>[a-z0-9][a-z0-9_-]*)"
    r"|orcid\.org/(?P<orcid>(?:[0-9]{4}-){3}[0-9]{3}[0-9x]))/?(?:[?#].*)?",
    re.IGNORECASE,
)

Entry = tuple[Session, Person]


class IdentifiedLead(NamedTuple):
    """A person who leads sessions, in the order of folders.

    ``name`` and ``url`` are the most used ones, ``affiliation`` holds all, the latest first. ``spellings`` are the
    other spellings of the name. ``keys`` are all names and handles, by which a later build knows the person again.
    """

    name: str
    url: str
    affiliation: str
    sessions: tuple[Session, ...]
    spellings: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeadIndex:
    """All people who lead sessions, by name, and the one that each entry of a session file stands for."""

    all: tuple[IdentifiedLead, ...]
    by_entry: Mapping[Person, IdentifiedLead]


@dataclass(eq=False, slots=True)
class _Cluster:
    """Entries that are one person, with their names, their handles and the folders of their sessions."""

    entries: list[Entry] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    handles: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)

    def add_entry(self, entry: Entry, name: str, handle: str) -> None:
        self.entries.append(entry)
        self.names.add(name)
        self.handles |= {handle} - {""}
        self.folders.add(entry[0].folder)

    def absorb(self, other: "_Cluster") -> None:
        self.entries += other.entries
        self.names |= other.names
        self.handles |= other.handles
        self.folders |= other.folders


def parse_handle(url: str) -> str:
    """Return the GitHub handle or the ORCID that an address names, such as ``github:ada``; empty for any other."""
    match = _HANDLE.fullmatch(url)
    if not match:
        return ""
    return (f"github:{match['name']}" if match["github"] else f"orcid:{match['orcid']}").lower()


def identify_leads(sessions: Iterable[Session]) -> LeadIndex:
    """Return who leads the sessions.

    Entries are one person if they have the same handle or the same name; two entries of one session never are. Any
    other link identifies nobody: a lab's page belongs to all of its members.
    """
    sessions = sorted(sessions, key=lambda session: session.folder)
    entries = [(session, person) for session in sessions for person in dict.fromkeys(session.leads)]
    names = {name: normalize_text(plain.clean_name(name)) for name in {person.name for _, person in entries}}
    handles = _choose_handles(entries, names)
    clusters: dict[str, _Cluster] = {}
    for entry in entries:
        name, handle = names[entry[1].name], handles[entry[1]]
        clusters.setdefault(handle or f" {name}", _Cluster()).add_entry(entry, name, handle)
    found = [_describe_lead(cluster) for cluster in _unite_namesakes(clusters.values())]
    found.sort(key=lambda each: (each[0].name.casefold(), each[0].name, each[0].keys))
    by_entry = {person: lead for lead, cluster in found for _, person in cluster.entries}
    return LeadIndex(tuple(lead for lead, _ in found), by_entry)


def _choose_handles(entries: Iterable[Entry], names: Mapping[str, str]) -> dict[Person, str]:
    """Return what identifies each entry besides its name: a handle, or where a session has two namesakes, the rest."""
    names_by_folder: defaultdict[str, list[str]] = defaultdict(list)
    for session, person in entries:
        names_by_folder[session.folder].append(names[person.name])
    several = [each for each in names_by_folder.values() if len(each) > 1]
    namesakes = {name for each in several if len({*each}) < len(each) for name in each if each.count(name) > 1}
    handles = {person: parse_handle(person.url) for _, person in entries}
    shared = _find_shared_handles(handles, several, names)
    for person, handle in handles.items():
        if not handle or handle in shared:
            name = names[person.name]
            rest = f"entry:{name}, {person.affiliation}, {person.url}"
            handles[person] = rest if name in namesakes else ""
    return handles


def _find_shared_handles(
    handles: Mapping[Person, str], names_of_sessions: Iterable[Iterable[str]], names: Mapping[str, str]
) -> set[str]:
    """Return the handles of several people: two of their names lead one session, or they have too many names."""
    names_by_handle: defaultdict[str, set[str]] = defaultdict(set)
    for person, handle in handles.items():
        if handle:
            names_by_handle[handle].add(names[person.name])
    several = {handle: found for handle, found in names_by_handle.items() if len(found) > 1}
    shared = {handle for handle, found in several.items() if len(found) > MAX_SPELLINGS}
    handles_by_name: defaultdict[str, set[str]] = defaultdict(set)
    for handle, found in several.items():
        for name in found:
            handles_by_name[name].add(handle)
    for each in names_of_sessions:
        counts = Counter(handle for name in {*each} for handle in handles_by_name.get(name, ()))
        shared |= {handle for handle, count in counts.items() if count > 1}
    return shared


def _unite_namesakes(clusters: Iterable[_Cluster]) -> Iterable[_Cluster]:
    """Return the clusters with those of one name united, unless their handles or sessions show several people."""
    by_name: defaultdict[str, dict[_Cluster, None]] = defaultdict(dict)
    for cluster in clusters:
        for name in cluster.names:
            by_name[name][cluster] = None
    kept = dict.fromkeys(clusters)
    for name in sorted(by_name):
        first, *others = by_name[name]
        if others and _is_one_person([first, *others]):
            for other in others:
                first.absorb(other)
                del kept[other]
                for each in other.names:
                    by_name[each] = {(first if cluster is other else cluster): None for cluster in by_name[each]}
    return kept


def _is_one_person(clusters: Iterable[_Cluster]) -> bool:
    """Return whether clusters have no session in common, and at most one handle of each site."""
    folders = [folder for cluster in clusters for folder in cluster.folders]
    sites = [handle.partition(":")[0] for cluster in clusters for handle in cluster.handles]
    return len(folders) == len(set(folders)) and len(sites) == len(set(sites))


def _describe_lead(cluster: _Cluster) -> tuple[IdentifiedLead, _Cluster]:
    people = [person for _, person in sorted(cluster.entries, key=lambda entry: entry[0].folder)]
    names = [plain.clean_name(person.name) for person in people]
    name, spellings = _find_most_used(names), {*names}
    affiliations = dict.fromkeys(person.affiliation for person in reversed(people) if person.affiliation)
    sessions = {session.folder: session for session, _ in cluster.entries}
    lead = IdentifiedLead(
        name,
        _find_most_used([person.url for person in people if person.url]),
        ", ".join(affiliations),
        tuple(sessions[folder] for folder in sorted(sessions)),
        tuple(sorted(spellings - {name})),
        (*sorted(spellings), *sorted(cluster.handles)),
    )
    return lead, cluster


def _find_most_used(values: Sequence[str]) -> str:
    if len({*values}) < 2:
        return values[0] if values else ""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value))
