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

    ``path`` is where the person's page is, ``sessions`` are in the order of folders, and ``spellings`` are the other
    ways in which the name is written.
    """

    name: str
    url: str
    affiliation: str
    path: str
    sessions: tuple[Session, ...]
    spellings: tuple[str, ...]


class LeadDirectory:
    """The leads of all sessions by name, each once.

    Two entries are one person if they have the same name or the same link, as the findings have it too. A link that
    more names share is that of a place where they work.
    """

    def __init__(self, sessions: Iterable[Session]) -> None:
        self._same: dict[str, str] = {}
        entries = [(person, each) for each in sessions for person in each.leads]
        names: defaultdict[str, set[str]] = defaultdict(set)
        for person, _ in entries:
            if person.url:
                names[_get_link_key(person)].add(_get_name_key(person.name))
        for link, several in names.items():
            if len(several) <= MAX_SPELLINGS:
                for name in several:
                    self._unite_keys(link, name)
        leads = dict(self._iter_profiles(entries))
        self.all = list(leads.values())
        # By the names as they are written: finding out who somebody is takes longer than all else that pages ask.
        self._leads = {
            name: leads[self._find_root(_get_name_key(name))] for name in {person.name for person, _ in entries}
        }

    def get_lead(self, person: Person) -> LeadProfile:
        return self._leads[person.name]

    def list_session_leads(self, session: Session) -> list[LeadProfile]:
        """Return who leads a session, each once."""
        if len(session.leads) < 2:  # as most have, and several pages tell it
            return [self.get_lead(person) for person in session.leads]
        found = [self.get_lead(person) for person in session.leads]
        return list({lead.path: lead for lead in found}.values())

    def _iter_profiles(self, entries: Iterable[tuple[Person, Session]]) -> Iterator[tuple[str, LeadProfile]]:
        several: defaultdict[str, list[tuple[Person, Session]]] = defaultdict(list)
        for person, session in entries:
            several[self._find_root(_get_name_key(person.name))].append((person, session))
        shown = {key: _merge_entries(found) for key, found in several.items()}
        in_turn = sorted(shown, key=lambda key: (shown[key].name.casefold(), shown[key].name, key))
        files = paths.assign_file_names(in_turn, "person")
        for key in in_turn:
            person = shown[key]
            sessions = {each.folder: each for _, each in several[key]}
            others = sorted({who.name for who, _ in several[key]} - {person.name})
            yield key, LeadProfile(*person, paths.get_lead_path(files[key]), tuple(sessions.values()), tuple(others))

    def _find_root(self, key: str) -> str:
        """Return the key that stands for a person."""
        while (earlier := self._same.get(key, key)) != key:
            self._same[key] = self._same.get(earlier, earlier)
            key = earlier
        return key

    def _unite_keys(self, one: str, two: str) -> None:
        first, second = sorted((self._find_root(one), self._find_root(two)), key=lambda key: (_is_link_key(key), key))
        self._same[second] = self._same[first] = first


@lru_cache(maxsize=10_000)
def _get_name_key(name: str) -> str:
    """Return the key of a name, whatever its case."""
    return plain.clean_line(name).casefold()


def _get_link_key(person: Person) -> str:
    """Return the key of a person's link, with a blank, so that no name is taken for one."""
    return f" {person.url.rstrip('/')}"


def _is_link_key(key: str) -> bool:
    return key.startswith(" ")


def _merge_entries(entries: Iterable[tuple[Person, Session]]) -> Person:
    """Return the name and the link that are most used, and the last affiliation."""
    found = [person for person, session in sorted(entries, key=lambda entry: entry[1].folder)]
    affiliations = [person.affiliation for person in found if person.affiliation]
    return Person(
        _find_most_used(person.name for person in found),
        _find_most_used(person.url for person in found if person.url),
        affiliations[-1] if affiliations else "",
    )


def _find_most_used(values: Iterable[str]) -> str:
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value), default="")


def rank_leads(people: LeadDirectory, held: AbstractSet[str]) -> list[tuple[LeadProfile, int]]:
    """Return who has led how many of the sessions whose folders are given, the most active first."""
    counted = [(lead, sum(each.folder in held for each in lead.sessions)) for lead in people.all]
    return sorted([each for each in counted if each[1]], key=lambda each: (-each[1], each[0].name.casefold()))
