"""What a column of a table, or a label such as "Presenter:", is about, given by its words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from readingroom.parsing.vocabulary import fold_word, get_roles_by_word, get_words, join_expressions, load_vocabulary

DATE, TITLE, LEAD, ROOM, TIME, KIND, STATUS = "date", "title", "lead", "room", "time", "kind", "status"
READING, RESOURCE, ABSTRACT, NUMBER, AUTHORS, VENUE, OTHER = (
    "reading", "resource", "abstract", "number", "authors", "venue", "other",
)  # fmt: skip
ROLES = (
    DATE, TITLE, LEAD, ROOM, TIME, KIND, STATUS, READING, RESOURCE, ABSTRACT, NUMBER, AUTHORS, VENUE, OTHER,
)  # fmt: skip
_WIDER_ROLES = {
    **dict.fromkeys(("slides", "recording", "code", "notes", "material"), RESOURCE), "link": READING,
}  # fmt: skip
SINGLE = frozenset({DATE, TITLE, TIME, STATUS, ABSTRACT})


@cache
def _get_roles_by_word() -> dict[str, str]:
    return {word: _WIDER_ROLES.get(role, role) for word, role in get_roles_by_word().items()}


_PART = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class LabelRole:
    """What a head or a label names: its role, whether only weak words say so, and all that it joins by an "and"."""

    role: str = ""
    is_weak: bool = False
    joined: tuple[str, ...] = ()


def find_role(label: str, most: int = 5) -> str:
    """Return what a head or a label names, or nothing."""
    return parse_label_role(label, most).role


@lru_cache(maxsize=50_000)
def parse_label_role(label: str, most: int = 5) -> LabelRole:
    """Return what a head or a label names: the whole of it, or the words of it that say so."""
    if not label or len(label) > 60:
        return LabelRole()
    bare = re.sub(r"\([^()]*\)", "", label) if "(" in label else label
    for whole in map(fold_word, (label, bare) if bare != label else (label,)):
        if role := _get_roles_by_word().get(whole):
            return LabelRole(role, whole in _get_weak_words(role))
    parts = _split_words(bare)
    is_unknown = label.isascii() and _get_roles_by_word().keys().isdisjoint(parts)
    if is_unknown or not parts or len(parts) > most:
        return LabelRole()
    if _get_roles_by_word().get(parts[0]) == DATE:
        return LabelRole(DATE)
    several = [_parse_label_words(_split_words(piece)) for piece in _build_join_pattern().split(bare)]
    named = [each for each in several if each.role]
    if len(named) < 2:
        return named[0] if named else _parse_cjk_label(fold_word(bare))
    roles = tuple(each.role for each in named)
    return LabelRole(next((role for role in (TITLE, LEAD) if role in roles), roles[-1]), False, roles)


def _split_words(text: str) -> list[str]:
    return [fold_word(part) for part in _PART.findall(text)]


def _get_weak_words(role: str) -> frozenset[str]:
    """Return the words that name a role only where nothing else does."""
    return get_words("weak", role) if role in load_vocabulary()["weak"] else frozenset()


@cache
def _build_join_pattern() -> re.Pattern[str]:
    return re.compile(join_expressions("heads", "joins"), re.IGNORECASE)


def _parse_label_words(parts: Sequence[str]) -> LabelRole:
    """Return what a few words name: the last of those before an "of" that says more than "name"; else any of them."""
    ends = [number for number, part in enumerate(parts) if number and part in load_vocabulary()["heads"]["of"]]
    first = ends[0] if ends else len(parts)
    weak = LabelRole()
    for several in (parts[:first], parts[first:]):
        for part in reversed(several):
            role = _get_roles_by_word().get(part, "")
            if role == OTHER and len(parts) > 1:
                if any(_get_roles_by_word().get(each) == LEAD for each in parts):  # such as "Speaker's affiliation"
                    return LabelRole(role)
                continue
            if role and part not in _get_weak_words(role):
                return LabelRole(role)
            weak = weak if weak.role else LabelRole(role, is_weak=True)
    return weak if weak.role else LabelRole()


def _parse_cjk_label(word: str) -> LabelRole:
    """Return what a head in signs without spaces names by its end, such as 主讲人姓名, or else by its start.

    Its start alone says little: 발표내용 is what is presented, though 발표 is who does.
    """
    if word.isascii():
        return LabelRole()
    weak = get_words("weak")
    names = [name for name in _get_roles_by_word() if not name.isascii() and len(name) > 1]
    first = max((name for name in names if word.startswith(name)), key=len, default="")
    last = max((name for name in names if word.endswith(name)), key=len, default="")
    if last and (last not in weak or not first or first in weak) and _get_roles_by_word().get(first) != DATE:
        return LabelRole(_get_roles_by_word()[last], last in weak)
    if role := next((role for role in (LEAD, TITLE) if word.endswith(tuple(load_vocabulary()["heads"][role]))), ""):
        return LabelRole(role)
    return LabelRole(_get_roles_by_word()[first], is_weak=True) if first else LabelRole()


def parse_columns_option(text: str) -> Iterator[tuple[int, str]]:
    """Yield number, from 0, and role of each column in a text such as ``date=1,title=2``, or raise ValueError."""
    taken: dict[int, str] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, number = part.partition("=")
        role = name.strip().casefold()
        if role not in ROLES or not (number.strip().isascii() and number.strip().isdigit()) or not int(number):
            names_of_roles = ", ".join(ROLES)
            message = f'found "{part}". Expected: a name and a number such as date=1; the names are {names_of_roles}.'
            raise ValueError(message)
        if role in SINGLE and role in taken.values():
            message = f"found two columns for {role}. Expected: one of them."
            raise ValueError(message)
        if int(number) in taken:
            message = f"found two names for the column {int(number)}. Expected: one of them."
            raise ValueError(message)
        taken[int(number)] = role
        yield int(number) - 1, role
