"""Who has led which sessions; one person may have several spellings or links."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

from readingroom.core.models import Person, Session
from readingroom.site import paths
from readingroom.text import plain

MAX_SPELLINGS = 4


class LeadProfile(NamedTuple):
    """A person who leads sessions.

    ``path`` is that of the person's page, ``sessions`` are in the order of folders, and ``spellings`` are other
    spellings of the name.
    """

    name: str
    url: str
    affiliation: str
    path: str
    sessions: tuple[Session, ...]
    spellings: tuple[str, ...]


class LeadDirectory:
    """The leads of all sessions by name, each once.

    Two entries are one person if they have the same name or the same link, as the lint rules assume too. A link that
    more than MAX_SPELLINGS names share is that of an institution.
    """

    def __init__(self, sessions: Iterable[Session]) -> None:
        self._parents: dict[str, str] = {}
        entries = [(person, session) for session in sessions for person in session.leads]
        names_by_link: defaultdict[str, set[str]] = defaultdict(set)
        for person, _ in entries:
            if person.url:
                names_by_link[_get_link_key(person)].add(_get_name_key(person.name))
        for link, names in names_by_link.items():
            if len(names) <= MAX_SPELLINGS:
                for name in names:
                    self._unite_keys(link, name)
        profiles = dict(self._iter_profiles(entries))
        self.all = list(profiles.values())
        # By the names as they are written: to normalize a name takes longer than all else that pages look up.
        self._profiles = {
            name: profiles[self._find_root(_get_name_key(name))] for name in {person.name for person, _ in entries}
        }

    def list_session_leads(self, session: Session) -> list[LeadProfile]:
        """Return who leads a session, each once."""
        profiles = [self._profiles[person.name] for person in session.leads]
        return list({profile.path: profile for profile in profiles}.values())

    def _iter_profiles(self, entries: Iterable[tuple[Person, Session]]) -> Iterator[tuple[str, LeadProfile]]:
        groups: defaultdict[str, list[tuple[Person, Session]]] = defaultdict(list)
        for person, session in entries:
            groups[self._find_root(_get_name_key(person.name))].append((person, session))
        people = {key: _merge_entries(group) for key, group in groups.items()}
        sorted_keys = sorted(people, key=lambda key: (people[key].name.casefold(), people[key].name, key))
        for key, file_name in paths.assign_file_names(sorted_keys, "person").items():
            person = people[key]
            sessions = {session.folder: session for _, session in groups[key]}
            spellings = sorted({entry.name for entry, _ in groups[key]} - {person.name})
            path = paths.get_lead_path(file_name)
            yield key, LeadProfile(*person, path, tuple(sessions.values()), tuple(spellings))

    def _find_root(self, key: str) -> str:
        """Return the key that stands for a person."""
        while (parent := self._parents.get(key, key)) != key:
            self._parents[key] = self._parents.get(parent, parent)
            key = parent
        return key

    def _unite_keys(self, one: str, two: str) -> None:
        # Names come before links, so that the key of a person is a name.
        first, second = sorted((self._find_root(one), self._find_root(two)), key=lambda key: (key.startswith(" "), key))
        self._parents[second] = self._parents[first] = first


@lru_cache(maxsize=10_000)
def _get_name_key(name: str) -> str:
    """Return the key of a name, whatever its case."""
    return plain.clean_line(name).casefold()


def _get_link_key(person: Person) -> str:
    """Return the key of a person's link; it starts with a space, so that it differs from that of any name."""
    return f" {person.url.rstrip('/')}"


def _merge_entries(entries: Iterable[tuple[Person, Session]]) -> Person:
    """Return the most used name and link, and the last affiliation."""
    people = [person for person, _ in sorted(entries, key=lambda entry: entry[1].folder)]
    affiliations = [person.affiliation for person in people if person.affiliation]
    return Person(
        _find_most_used(person.name for person in people),
        _find_most_used(person.url for person in people if person.url),
        affiliations[-1] if affiliations else "",
    )


def _find_most_used(values: Iterable[str]) -> str:
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value), default="")


def rank_leads(people: LeadDirectory, folders: AbstractSet[str]) -> list[tuple[LeadProfile, int]]:
    """Return who has led how many of the sessions in the folders, the most active first."""
    counts = [(lead, sum(session.folder in folders for session in lead.sessions)) for lead in people.all]
    return sorted([entry for entry in counts if entry[1]], key=lambda entry: (-entry[1], entry[0].name.casefold()))
