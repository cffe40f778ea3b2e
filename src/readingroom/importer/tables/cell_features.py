"""What the cells of a column look like: counts, links, names, words."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from readingroom.importer.inline.spans import InlineText
from readingroom.importer.people import names
from readingroom.importer.session import status, title
from readingroom.importer.vocabulary import fields
from readingroom.importer.vocabulary.fields import DATE, NUMBER, TITLE

_NUMBER = re.compile(r"(?:[^\W\d_]{1,10}\.?\s?)?#?[0-9]{1,3}[.)]?")
_SHORT = 12
_EMOJI = re.compile(r":[a-z0-9_+-]{1,40}:")
_LETTERS = re.compile(r"[^\W\d_]{2,}|[\u3040-\uffdc]")
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{2,}(?![^\W_])|[\u3040-\uffdc]")


def has_word(cell: InlineText) -> bool:
    """Return whether a cell says anything but signs, emoji and names such as 19c4ff."""
    return _WORD.search(_EMOJI.sub(" ", cell.whole)) is not None


def has_counted_noun(cell: InlineText) -> bool:
    """Return whether a short cell names what is counted, as in "Chapter 2", and no mere week or session."""
    words = _LETTERS.findall(cell.whole)
    return any(
        fields.find_role(word) not in {NUMBER, TITLE, DATE} and not status.is_meeting_name(word) for word in words
    )


def is_number_cell(cell: InlineText) -> bool:
    return len(cell.whole) < _SHORT * 2 and _NUMBER.fullmatch(cell.whole) is not None


def is_row_numbering(cells: Sequence[InlineText]) -> bool:
    """Return whether cells only count the rows, up or down by one."""
    numbers = [int(cell.whole) for cell in cells if re.fullmatch(r"[0-9]{1,3}", cell.whole, re.ASCII)]
    steps = {after - before for before, after in pairwise(numbers)}
    return 1 < len(numbers) == sum(bool(cell.whole) for cell in cells) and steps in ({1}, {-1})


def is_short_link_cell(cell: InlineText) -> bool:
    return bool(cell.links) and len(cell.text) < _SHORT


def is_bare_link_cell(cell: InlineText) -> bool:
    """Return whether a cell is a link that says what it leads to, and names nothing."""
    return bool(cell.links) and (title.is_generic_link_text(cell.text) or cell.text.startswith(("http", "www.")))


def is_name_or_placeholder(cell: InlineText) -> bool:
    return names.is_person_name(cell.text) or names.is_placeholder(cell.text)


def has_leading_name(cell: InlineText) -> bool:
    first = re.split(r"[(（,;、，/&]", cell.text[:200], maxsplit=1)[0]
    return names.is_person_name(first.strip()) or names.is_placeholder(cell.text)


def is_people_cell(cell: InlineText) -> bool:
    """Return whether a cell can hardly be anything but people: each has two names or three, or a few signs."""
    several = [
        each for each in re.split(r"\s*[,;&/、，]\s*|\s+(?:and|und|et|y|e|i|och|og)\s+", cell.text[:200]) if each
    ]
    return bool(several) and all(map(_is_full_name, several))


def _is_full_name(text: str) -> bool:
    if not names.is_person_name(text) or names.has_topic_word(text):
        return False
    bare = text.replace(" ", "")
    return len(bare) < 5 if bare[0] >= "\u3040" else 1 < len(text.split()) < 4


def has_content(cell: InlineText) -> bool:
    return bool(cell.whole or cell.links)


def compute_share(cells: Sequence[InlineText], holds: Callable[[InlineText], bool]) -> float:
    filled = [cell for cell in cells if cell.whole]
    return sum(1 for cell in filled if holds(cell)) / len(filled) if filled else 0.0


def compute_mean_length(cells: Iterable[InlineText]) -> float:
    lengths = [len(cell.whole) for cell in cells if cell.whole]
    return sum(lengths) / len(lengths) if lengths else 0.0
