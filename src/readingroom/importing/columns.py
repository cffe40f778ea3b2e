"""What a column of a table, or a label such as "Presenter:", is about: told by its name and by what stands in it."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache

from readingroom.importing import dates, vocabulary
from readingroom.importing.page import Table
from readingroom.importing.words import Words

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
    for role, several in vocabulary.columns().items():
        for word in several:
            known.setdefault(word, role)
    return known


def folded(text: str) -> str:
    """Return a head or a label as it is compared: without symbols, blanks and case."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum() or letter == "#"
    )


_PART = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=20_000)
def role_of(label: str, most: int = 5) -> str:
    """Return what a head or a label names: the whole of it, or its last word that names any; or nothing."""
    if not label or len(label) > 60:
        return ""
    if role := _known().get(folded(label)):
        return role
    bare = re.sub(r"\([^()]*\)", "", label)
    if bare != label and (role := _known().get(folded(bare))):
        return role
    parts = [part.casefold() for part in _PART.findall(bare)]
    if not parts or len(parts) > most:
        return ""
    found = [role for part in parts if (role := _known().get(part))]
    if found and _known().get(parts[0]) == DATE:
        return DATE
    both = {TITLE, LEAD} <= set(found)  # such as "Title and speaker"
    return TITLE if both else found[-1] if found else _of_start(folded(bare))


def _of_start(word: str) -> str:
    """Return what a head in signs without blanks names by its start or its end, such as 主讲人姓名."""
    if word.isascii():
        return ""
    names = [name for name in _known() if not name.isascii() and len(name) > 1]
    near = [name for name in names if word.startswith(name) or word.endswith(name)]
    return _known()[max(near, key=len)] if near else ""


def roles(table: Table, asked: Mapping[int, str]) -> list[str]:
    """Return what each column of a table is; ``asked`` has those that the organiser named, by their number from 0."""
    heads = [cell.whole for cell in table.head.cells]
    columns = [[row.cells[number] for row in table.rows] for number in range(len(heads))]
    found = [asked.get(number) or role_of(head) for number, head in enumerate(heads)]
    if DATE not in found or not _is_of_dates(columns[found.index(DATE)]):
        _find_dates(found, columns, asked)
    for number, role in enumerate(found):
        if number not in asked:
            found[number] = _refined(role, columns[number], found, number)
    if TITLE not in found:
        _find_title(found, columns, asked)
    return [role or OTHER for role in found]


def _is_of_dates(cells: Sequence[Words]) -> bool:
    """Tell whether most of the cells that say something begin with a day, or near it."""
    filled = [cell for cell in cells if cell.whole]
    told = sum(1 for cell in filled if is_day(cell.whole))
    return told > 0 and told * 2 >= len(filled)


_BEFORE = 24


def is_day(text: str) -> bool:
    """Tell whether a cell is a day: it has one near its start and is not a sentence."""
    found = dates.read(text)
    return found is not None and found.start <= _BEFORE and len(text) - found.end <= _BEFORE * 2


def _find_dates(found: list[str], columns: Sequence[Sequence[Words]], asked: Mapping[int, str]) -> None:
    """Take the first column whose cells are days for the dates."""
    if DATE in asked.values():
        return
    for number, cells in enumerate(columns):
        if number not in asked and _is_of_dates(cells) and _share(cells, lambda cell: len(cell.whole) < 40) > 0.5:
            if DATE in found:
                found[found.index(DATE)] = ""
            found[number] = DATE
            return


def _share(cells: Sequence[Words], holds: Callable[[Words], bool]) -> float:
    filled = [cell for cell in cells if cell.whole]
    return sum(1 for cell in filled if holds(cell)) / len(filled) if filled else 0.0


_TIME = re.compile(r"[0-9]{1,2}\s?(?:[:.h]\s?[0-9]{2}|[ap]\.?m|h\b|uhr|時|시|点)", re.IGNORECASE)
_OF_PAPER = re.compile(r"['’][0-9]{2}\b|\b(?:19|20)[0-9]{2}\b")


def _refined(role: str, cells: Sequence[Words], found: Sequence[str], number: int) -> str:
    """Return a column's role, where what stands in it or the other columns say otherwise than its name."""
    if role in SINGLE and role in found[:number]:
        role = _second(role, cells)
    if role == DATE and _share(cells, lambda cell: bool(_TIME.search(cell.whole)) and not is_day(cell.whole)) > 0.5:
        return TIME
    if role == VENUE and _share(cells, lambda cell: bool(_OF_PAPER.search(cell.whole))) < 0.3 and ROOM not in found:
        return ROOM
    if (
        role == TITLE
        and _share(cells, lambda cell: bool(cell.links) and len(cell.text) < 12) > 0.6
        and _others(found, number, TITLE)
    ):
        return READING
    return role


def _second(role: str, cells: Sequence[Words]) -> str:
    """Return what a second column of a role that there is one of may be."""
    if role == TITLE:
        return READING if _share(cells, lambda cell: bool(cell.links)) > 0.3 else OTHER
    return OTHER


def _others(found: Sequence[str], number: int, role: str) -> bool:
    return any(each == role for place, each in enumerate(found) if place != number)


def _find_title(found: list[str], columns: Sequence[Sequence[Words]], asked: Mapping[int, str]) -> None:
    """Take for the title what a table without one has instead: what is read, the kind, or its longest texts."""
    for instead in (READING, KIND):
        if instead in found and found.index(instead) not in asked and _length(columns[found.index(instead)]) > 6:
            found[found.index(instead)] = TITLE
            return
    free = [number for number, role in enumerate(found) if not role]
    best = max(free, key=lambda number: _length(columns[number]), default=-1)
    if best >= 0 and _length(columns[best]) > 3:
        found[best] = TITLE


def _length(cells: Iterable[Words]) -> float:
    lengths = [len(cell.whole) for cell in cells if cell.whole]
    return sum(lengths) / len(lengths) if lengths else 0.0
