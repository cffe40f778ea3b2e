"""What a column of a table, or a label such as "Presenter:", is about, given by its words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from readingroom.parsing.vocabulary import fold_word, get_roles_by_word, get_words, join_expressions, load_vocabulary


class Role(StrEnum):
    """What a column or a labelled part of a page holds."""

    DATE = "date"
    TITLE = "title"
    LEAD = "lead"
    ROOM = "room"
    TIME = "time"
    KIND = "kind"
    STATUS = "status"
    READING = "reading"
    RESOURCE = "resource"
    ABSTRACT = "abstract"
    NUMBER = "number"
    AUTHORS = "authors"
    VENUE = "venue"
    OTHER = "other"


_WIDER = dict.fromkeys(("slides", "recording", "code", "notes", "material"), Role.RESOURCE) | {"link": Role.READING}
_SINGLE = frozenset({Role.DATE, Role.TITLE, Role.TIME, Role.STATUS, Role.ABSTRACT})
_PART = re.compile(r"[^\W\d_]+")


class LabelRole(NamedTuple):
    """What a head or a label names: its role, whether only weak words say so, and all that it joins by an "and"."""

    role: Role | None = None
    is_weak: bool = False
    joined: tuple[Role, ...] = ()


@cache
def _get_roles() -> Mapping[str, Role]:
    return {word: _WIDER.get(name) or Role(name) for word, name in get_roles_by_word().items()}


@cache
def _get_cjk_words() -> Sequence[str]:
    """Return the words in signs of which a longer head may be made, the longest first."""
    return sorted((word for word in _get_roles() if not word.isascii() and len(word) > 1), key=len, reverse=True)


@cache
def _build_join_pattern() -> re.Pattern[str]:
    return re.compile(join_expressions("heads", "joins"), re.IGNORECASE)


def find_role(label: str, most: int = 5) -> Role | None:
    """Return what a head or a label names, or nothing."""
    return parse_label(label, most).role


def parse_label(label: str, most: int = 5) -> LabelRole:
    """Return what a head or a label names: the whole of it, or the words of it that say so."""
    if not label or len(label) > 60:
        return LabelRole()
    bare = re.sub(r"\([^()]*\)", "", label) if "(" in label else label
    for whole in dict.fromkeys(map(fold_word, (label, bare))):
        if role := _get_roles().get(whole):
            return LabelRole(role, _is_weak(whole, role))
    words = _split_words(bare)
    is_unknown = label.isascii() and _get_roles().keys().isdisjoint(words)
    if is_unknown or not words or len(words) > most:
        return LabelRole()
    if _get_roles().get(words[0]) is Role.DATE:
        return LabelRole(Role.DATE)
    pieces = (_parse_words(_split_words(piece)) for piece in _build_join_pattern().split(bare))
    named = [(each.role, each) for each in pieces if each.role]
    if len(named) < 2:
        return named[0][1] if named else _parse_cjk(fold_word(bare))
    roles = tuple(role for role, _ in named)
    return LabelRole(next((role for role in (Role.TITLE, Role.LEAD) if role in roles), roles[-1]), joined=roles)


def _split_words(text: str) -> list[str]:
    return _PART.findall(text.lower()) if text.isascii() else [fold_word(part) for part in _PART.findall(text)]


def _is_weak(word: str, role: Role) -> bool:
    """Return whether a word names a role only where nothing else does."""
    return role in load_vocabulary()["weak"] and word in get_words("weak", role)


def _parse_words(words: Sequence[str]) -> LabelRole:
    """Return what a few words name: the last of those before an "of" that says more than "name"; else any of them."""
    first = next((n for n, word in enumerate(words) if n and word in load_vocabulary()["heads"]["of"]), len(words))
    weak = LabelRole()
    for word in (*reversed(words[:first]), *reversed(words[first:])):
        role = _get_roles().get(word)
        if role is Role.OTHER and len(words) > 1:
            if Role.LEAD in map(_get_roles().get, words):  # such as "Speaker's affiliation"
                return LabelRole(role)
        elif role and not _is_weak(word, role):
            return LabelRole(role)
        elif role and not weak.role:
            weak = LabelRole(role, is_weak=True)
    return weak


def _parse_cjk(word: str) -> LabelRole:
    """Return what a head in signs without spaces names by its end, such as 报告论文, or else by its start, weakly."""
    names = [name for name in _get_cjk_words() if word.endswith(name)]
    for role in (Role.LEAD, Role.TITLE):
        if not names and word.endswith(tuple(load_vocabulary()["heads"][role])):
            return LabelRole(role)
    first = next((name for name in names or _get_cjk_words() if names or word.startswith(name)), "")
    return LabelRole(_get_roles()[first], not names or first in get_words("weak")) if first else LabelRole()


def parse_columns_option(text: str) -> Iterator[tuple[int, Role]]:
    """Yield number, from 0, and role of each column in a text such as ``date=1,title=2``, or raise ValueError."""
    taken: dict[int, Role] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, number = (each.strip().casefold() for each in part.partition("="))
        if name not in set(Role) or not (number.isascii() and number.isdigit()) or not int(number):
            expected = f"a name and a number such as date=1; the names are {', '.join(Role)}"
            raise ValueError(f'found "{part}". Expected: {expected}.')
        role = Role(name)
        if role in _SINGLE and role in taken.values():
            raise ValueError(f"found two columns for {role}. Expected: one of them.")
        if int(number) in taken:
            raise ValueError(f"found two names for the column {int(number)}. Expected: one of them.")
        taken[int(number)] = role
        yield int(number) - 1, role
