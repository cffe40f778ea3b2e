"""Who leads a session, from a cell or a part of a line, as the form reads people."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from readingroom.importer.page.rich_text import Range, RichText
from readingroom.parsing.names import (
    has_topic_word,
    is_affiliation,
    is_cjk_name,
    is_institution,
    is_person_name,
)
from readingroom.parsing.people import ParsedPerson, has_separator, is_handle, parse_people

_COMMA = re.compile(r"\s*,\s*")
_BRACKET = re.compile(r"\s*[(（\[](?P<said>[^()（）\[\]]*)[)）\]]")
_EDGES = " ,.;:：-–—*_?!~|•()@"
MAX_TEXT = 400


@dataclass(frozen=True, slots=True)
class People:
    """The people in a text, the links that lead to none of them, and what is doubtful about who is meant."""

    leads: tuple[ParsedPerson, ...] = ()
    links: tuple[Range, ...] = ()
    doubts: tuple[str, ...] = ()


def read_people(text: RichText) -> People:
    """Return the people that a text names; a longer one than 400 characters names none."""
    if len(text.text) > MAX_TEXT:
        return People((), tuple(text.links))
    found = parse_people(text.render_markdown())
    leads = {_get_key(each, found.people): each for each in reversed(found.people) if each.name}
    urls = {lead.url for lead in leads.values()}
    rest = tuple(link for link in text.links if link.url not in urls)
    return People(tuple(reversed(leads.values())), rest, found.doubts)


def _get_key(person: ParsedPerson, people: Iterable[ParsedPerson]) -> tuple[str, str]:
    """Return what tells a person from the others: the name, and for namesakes of two places also the affiliation."""
    places = {each.affiliation for each in people if each.name == person.name} - {""}
    return person.name, person.affiliation if len(places) > 1 else ""


def mask_brackets(text: str) -> str:
    return _BRACKET.sub(lambda found: "_" * len(found[0]), text)


def read_names(text: RichText) -> tuple[ParsedPerson, ...]:
    """Return the people of a text that is only a list of names, or nobody."""
    bare = _BRACKET.sub("", text.text).strip(_EDGES)
    if not bare or len(bare) > 150:
        return ()
    if is_handle(text.text.strip(" ,.")):
        return read_people(text).leads
    pieces = filter(None, (piece.strip(_EDGES) for piece in _COMMA.split(bare)))
    if not all(is_person_name(each) or has_separator(each) or is_affiliation(each) for each in pieces):
        return ()
    leads = read_people(text).leads
    return leads if all(is_name(lead.name) for lead in leads) else ()


def looks_like_people(text: RichText) -> bool:
    """Return whether a text is only a list of names."""
    return bool(read_names(text))


def names_in_full(text: RichText) -> bool:
    """Return whether a text is only a list of names, one of them in full."""
    return has_full_name(read_names(text))


def has_full_name(leads: Iterable[ParsedPerson]) -> bool:
    return any(_is_full_name(lead.name) for lead in leads)


def are_full_names(leads: Sequence[ParsedPerson], text: RichText) -> bool:
    """Return whether a text surely names these people: each in full, with a place only where its words say so."""
    places = [lead.affiliation for lead in leads if lead.affiliation and f"({lead.affiliation}" not in text.text]
    return all(_is_full_name(lead.name) for lead in leads) and all(map(is_affiliation, places))


def _is_full_name(name: str) -> bool:
    return len(name.split()) > 1 or is_cjk_name(name)


def is_name(text: str) -> bool:
    parts = text.split()
    has_acronym = any(len(part) > 2 and part.isupper() and part.isascii() for part in parts) and not text.isupper()
    if has_acronym or (any(sign >= "\u3040" for sign in text) and re.search("[A-Za-z]", text)):
        return False
    return is_person_name(text) and not has_topic_word(text) and not is_institution(text)


def count_names(texts: Sequence[RichText]) -> float:
    """Return the share of texts that are lists of names."""
    said = [text for text in texts if text.text]
    return sum(map(looks_like_people, said)) / len(said) if said else 0.0
