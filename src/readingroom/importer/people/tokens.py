"""What is between two commas of a cell of leads: a person, a degree, a place of work, or part of a name."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from readingroom.importer.people import names
from readingroom.importer.people.names import HANDLE, PARTICLES
from readingroom.importer.vocabulary import fields

AFFILIATION_SEPARATOR = re.compile(r"\s(?:[-–—]{1,2}|@|at|from)\s|\s@(?=\S)")


class PersonToken(NamedTuple):
    """What is between two commas: its words, the link of the person, and the words of that link."""

    text: str
    url: str = ""
    label: str = ""

    @property
    def kind(self) -> str:
        """Tell what a piece may be: a degree, a person, a word that may be one, a place of work, or other."""
        text = self.text[: find_trailing_bracket(self.text)].rstrip() or self.text
        if names.is_degree_or_position(text):
            return "degree"
        if self.url or HANDLE.fullmatch(text):
            return "person"
        if names.is_institution(text):
            return "place"
        if not names.is_person_name(text):
            return "person" if names.is_person_name(AFFILIATION_SEPARATOR.split(text, maxsplit=1)[0]) else "other"
        return "person" if len(text.split()) > 1 or not text.isascii() else "word"


_INITIALS = re.compile(r"(?:[^\W\d_]\.[\s-]?){1,3}")
_GIVEN = re.compile(r"[^\W\d_]{2,30}(?:\s[^\W\d_]\.){1,2}")


def _is_reversed_name(pieces: Sequence[PersonToken]) -> bool:
    """Return whether two pieces have the shape of a family name and a given one: Smith, Bob."""
    if len(pieces) != 2 or any(piece.url for piece in pieces) or not names.is_person_name(pieces[0].text):
        return False
    *before, _ = pieces[0].text.split()
    return set(map(str.casefold, before)) <= PARTICLES and (pieces[1].kind == "word" or is_given_name(pieces[1].text))


def is_given_name(text: str) -> bool:
    return _INITIALS.fullmatch(text) is not None or _GIVEN.fullmatch(text) is not None


def has_reversed_names(several: Sequence[Sequence[PersonToken]]) -> bool:
    """Return whether all names of a cell surely have the family name first."""
    are_so = bool(several) and all(map(_is_reversed_name, several))
    return are_so and (len(several) > 1 or is_given_name(several[0][1].text))


def is_list_of_people(pieces: Sequence[PersonToken]) -> bool:
    """Return whether commas part people, rather than a person and what belongs to that person."""
    kinds = [piece.kind for piece in pieces]
    if len(kinds) < 2 or not set(kinds) <= {"person", "word"}:
        return len(kinds) < 2
    is_link_of_word = bool(pieces[0].url) and len(pieces[0].text.split()) == 1
    alternate = len(kinds) % 2 == 0 and set(kinds[::2]) == {"person"} and set(kinds[1::2]) == {"word"}
    return is_link_of_word or not alternate


def find_trailing_bracket(text: str) -> int | None:
    """Return where the bracket opens that closes a text."""
    if not text.endswith((")", "）", "]")):
        return None
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] in ")）]") - (text[place] in "(（[")
        if not depth:
            return place
    return None


def is_profile_link_text(label: str) -> bool:
    """Return whether the words of a link name nobody: they say what it leads to."""
    is_site = fields.normalize_label(label) in _SITES
    return is_site or fields.find_role(label) in {fields.RESOURCE, fields.READING}


_SITES = frozenset(
    ["web", "website", "homepage", "home", "site", "page", "profile", "github", "twitter", "x", "linkedin", "scholar",
     "googlescholar", "orcid", "link", "url", "mastodon", "bluesky", "webseite", "profil"]
)  # fmt: skip
