"""What a column of a table, or a label such as "Presenter:", is about, told by its words."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from readingroom.importer.vocabulary import words

DATE, TITLE, LEAD, ROOM, TIME, KIND, STATUS = "date", "title", "lead", "room", "time", "kind", "status"
READING, RESOURCE, ABSTRACT, NUMBER, AUTHORS, VENUE, OTHER = (
    "reading", "resource", "abstract", "number", "authors", "venue", "other",
)  # fmt: skip
ROLES = (
    DATE, TITLE, LEAD, ROOM, TIME, KIND, STATUS, READING, RESOURCE, ABSTRACT, NUMBER, AUTHORS, VENUE, OTHER,
)  # fmt: skip
SINGLE = frozenset({DATE, TITLE, TIME, STATUS, ABSTRACT})


@cache
def _known() -> dict[str, str]:
    known: dict[str, str] = {}
    for role, several in words.columns().items():
        for word in several:
            known.setdefault(word, role)
    return known


def folded(text: str) -> str:
    """Return a head or a label as it is compared: without symbols, blanks and case."""
    if text.isascii():
        return text.lower().translate(_SYMBOLS)
    return "".join(
        letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum() or letter == "#"
    )


_SYMBOLS = {code: None for code in range(128) if not (chr(code).isalnum() or chr(code) == "#")}
_PART = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Head:
    """What a head or a label names: its role, whether only weak words say so, and all that it joins by an "and"."""

    role: str = ""
    is_weak: bool = False
    joined: tuple[str, ...] = ()


def role_of(label: str, most: int = 5) -> str:
    """Return what a head or a label names, or nothing."""
    return head_of(label, most).role


@lru_cache(maxsize=50_000)
def head_of(label: str, most: int = 5) -> Head:
    """Return what a head or a label names: the whole of it, or the words of it that say so."""
    if not label or len(label) > 60:
        return Head()
    bare = re.sub(r"\([^()]*\)", "", label) if "(" in label else label
    for whole in map(folded, (label, bare) if bare != label else (label,)):
        if role := _known().get(whole):
            return Head(role, whole in words.weak().get(role, ()))
    parts = [part.casefold() for part in _PART.findall(bare)]
    is_unknown = label.isascii() and _known().keys().isdisjoint(parts)
    if is_unknown or not parts or len(parts) > most:
        return Head()
    if _known().get(parts[0]) == DATE:
        return Head(DATE)
    several = [_of_words(_PART.findall(piece.casefold())) for piece in _joins().split(bare)]
    named = [each for each in several if each.role]
    if len(named) < 2:
        return named[0] if named else _of_start(folded(bare))
    roles = tuple(each.role for each in named)
    return Head(next((role for role in (TITLE, LEAD) if role in roles), roles[-1]), False, roles)


@cache
def _joins() -> re.Pattern[str]:
    return re.compile("|".join(words.heads("joins")), re.IGNORECASE)


def _of_words(parts: Sequence[str]) -> Head:
    """Return what a few words name: the last of those before an "of" that says more than "name"; else any of them."""
    ends = [number for number, part in enumerate(parts) if number and part in words.heads("of")]
    first = ends[0] if ends else len(parts)
    weak = Head()
    for several in (parts[:first], parts[first:]):
        for part in reversed(several):
            role = _known().get(part, "")
            if role == OTHER and len(parts) > 1:
                if any(_known().get(each) == LEAD for each in parts):  # such as "Speaker's affiliation"
                    return Head(role)
                continue
            if role and part not in words.weak().get(role, ()):
                return Head(role)
            weak = weak if weak.role else Head(role, is_weak=True)
    return weak if weak.role else Head()


def _of_start(word: str) -> Head:
    """Return what a head in signs without blanks names by its end, such as 主讲人姓名, or else by its start.

    Its start alone says little: 발표내용 is what is presented, though 발표 is who does.
    """
    if word.isascii():
        return Head()
    weak = frozenset[str]().union(*words.weak().values())
    names = [name for name in _known() if not name.isascii() and len(name) > 1]
    first = max((name for name in names if word.startswith(name)), key=len, default="")
    last = max((name for name in names if word.endswith(name)), key=len, default="")
    if last and (last not in weak or not first or first in weak) and _known().get(first) != DATE:
        return Head(_known()[last], last in weak)
    if role := next((role for role in (LEAD, TITLE) if word.endswith(tuple(words.heads(role)))), ""):
        return Head(role)
    return Head(_known()[first], is_weak=True) if first else Head()
