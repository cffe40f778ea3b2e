"""The leads of all sessions with the addresses of their pages."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from readingroom.core.models import Session
from readingroom.site import paths
from readingroom.store.leads import IdentifiedLead, identify_leads
from readingroom.store.revisions import RevisionLog
from readingroom.text import plain


class LeadProfile(NamedTuple):
    """A person who leads sessions, and the path of the person's page."""

    name: str
    url: str
    affiliation: str
    path: str
    sessions: tuple[Session, ...]
    spellings: tuple[str, ...]


class LeadLink(NamedTuple):
    """A lead as the session's file has it, and the path of the person's page."""

    name: str
    url: str
    affiliation: str
    path: str


class LeadDirectory:
    """The leads of all sessions by name, each once."""

    def __init__(self, sessions: Iterable[Session], announced: RevisionLog) -> None:
        index = identify_leads(sessions)
        names = announced.people.map_current()
        profiles = {lead.keys: _build_profile(lead, paths.get_lead_path(names[lead.keys])) for lead in index.all}
        self.all = list(profiles.values())
        self._profiles = {person: profiles[lead.keys] for person, lead in index.by_entry.items()}

    def list_session_leads(self, session: Session) -> list[LeadLink]:
        """Return who leads a session, as its file names them."""
        return [
            LeadLink(plain.clean_name(person.name), person.url, person.affiliation, self._profiles[person].path)
            for person in dict.fromkeys(session.leads)
        ]

    def list_profiles(self, session: Session) -> list[LeadProfile]:
        """Return the profiles of who leads a session, in the same order."""
        return [self._profiles[person] for person in dict.fromkeys(session.leads)]


def _build_profile(lead: IdentifiedLead, path: str) -> LeadProfile:
    return LeadProfile(lead.name, lead.url, lead.affiliation, path, lead.sessions, lead.spellings)


def rank_leads(people: LeadDirectory, folders: AbstractSet[str]) -> list[tuple[LeadProfile, int]]:
    """Return who has led how many of the sessions in the folders, the most active first."""
    counts = [(lead, sum(session.folder in folders for session in lead.sessions)) for lead in people.all]
    return sorted([entry for entry in counts if entry[1]], key=lambda entry: (-entry[1], entry[0].name.casefold()))
