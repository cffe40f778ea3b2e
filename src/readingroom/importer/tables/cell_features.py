"""What the cells of a column look like: counts, links, names, words."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from readingroom.importer.inline.spans import Words
from readingroom.importer.people import names
from readingroom.importer.session import status, title
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import DATE, NUMBER, TITLE

_NUMBER = re.compile(r"(?:[^\W\d_]{1,10}\.?\s?)?#?[0-9]{1,3}[.)]?")
_BETWEEN = re.compile(r"\s?[,;&/、，]\s?|\s(?:and|und|et|y|e|i|och|og)\s")
_SHORT = 12
_EMOJI = re.compile(r":[a-z0-9_+-]{1,40}:")
_LETTERS = re.compile(r"[^\W\d_]{2,}|[\u3040-\uffdc]")
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{2,}(?![^\W_])|[\u3040-\uffdc]")


def has_word(cell: Words) -> bool:
    """Tell whether a cell says anything but signs, emoji and names such as 19c4ff."""
    return _WORD.search(_EMOJI.sub(" ", cell.whole)) is not None


def names_more(cell: Words) -> bool:
    """Tell whether a short cell names what is counted, as in "Chapter 2", and no mere week or session."""
    words = _LETTERS.findall(cell.whole)
    return any(fields.role_of(word) not in {NUMBER, TITLE, DATE} and not status.is_meeting(word) for word in words)


def is_number(cell: Words) -> bool:
    return len(cell.whole) < _SHORT * 2 and _NUMBER.fullmatch(cell.whole) is not None


def are_counted(cells: Sequence[Words]) -> bool:
    """Tell whether cells only count the rows, up or down by one."""
    told = [int(cell.whole) for cell in cells if re.fullmatch(r"[0-9]{1,3}", cell.whole, re.ASCII)]
    steps = {after - before for before, after in pairwise(told)}
    return 1 < len(told) == sum(bool(cell.whole) for cell in cells) and steps in ({1}, {-1})


def is_short_link(cell: Words) -> bool:
    return bool(cell.links) and len(cell.text) < _SHORT


def is_only_link(cell: Words) -> bool:
    """Tell whether a cell is a link that says what it leads to, and names nothing."""
    return bool(cell.links) and (title.says_only_what(cell.text) or cell.text.startswith(("http", "www.")))


def may_be_names(cell: Words) -> bool:
    return names.is_name(cell.text) or names.is_placeholder(cell.text)


def begins_with_name(cell: Words) -> bool:
    first = re.split(r"[(（,;、，/&]", cell.text[:200], maxsplit=1)[0]
    return names.is_name(first.strip()) or names.is_placeholder(cell.text)


def is_person(cell: Words) -> bool:
    """Tell whether a cell can hardly be anything but people: each has two names or three, or a few signs."""
    several = [
        each for each in re.split(r"\s*[,;&/、，]\s*|\s+(?:and|und|et|y|e|i|och|og)\s+", cell.text[:200]) if each
    ]
    return bool(several) and all(map(_is_full_name, several))


def _is_full_name(text: str) -> bool:
    if not names.is_name(text) or names.is_topic(text):
        return False
    bare = text.replace(" ", "")
    return len(bare) < 5 if bare[0] >= "\u3040" else 1 < len(text.split()) < 4


def says(cell: Words) -> bool:
    return bool(cell.whole or cell.links)


def share(cells: Sequence[Words], holds: Callable[[Words], bool]) -> float:
    filled = [cell for cell in cells if cell.whole]
    return sum(1 for cell in filled if holds(cell)) / len(filled) if filled else 0.0


def length(cells: Iterable[Words]) -> float:
    lengths = [len(cell.whole) for cell in cells if cell.whole]
    return sum(lengths) / len(lengths) if lengths else 0.0
