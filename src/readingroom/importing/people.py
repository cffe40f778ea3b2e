"""Who leads a session, as a cell or a line names them, and what stands there instead of a name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from readingroom.importing import vocabulary
from readingroom.importing.words import Run, Words, squeezed


@dataclass(frozen=True, slots=True)
class Lead:
    """A person as a page names them; ``url`` is as it stands there, though it may lead nowhere."""

    name: str
    url: str = ""
    affiliation: str = ""

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.affiliation})" if self.affiliation else self.name


@dataclass
class Leads:
    """The people of a cell, and what is unclear of them."""

    people: list[Lead] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


def is_placeholder(text: str) -> bool:
    """Tell whether a text stands for what is not known yet."""
    return (
        not text.strip() or vocabulary.pattern("unknown").fullmatch(text.strip().strip("()[]*_ ").strip()) is not None
    )


_AND = re.compile(
    r"\s?(?:[;、，；/\n・]|\s[+|•·]\s|&amp;|&|(?<!\w)(?:and|und|et|y|e|con|with|mit|avec|com|plus)(?!\w)"
    r"|(?<=\S)[와과](?=\s)|と(?=\S))\s?",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"(?:ph\.?\s?d|m\.?\s?d|m\.?\s?sc|b\.?\s?sc|dr|prof|m\.?a|m\.?p\.?h|jr|sr|r\.?n|m\.?s|b\.?a)\.?", re.IGNORECASE
)
_PARTICLES = frozenset(
    ["de", "da", "di", "du", "del", "della", "dos", "das", "la", "le", "van", "von", "der", "den", "ten", "ter", "zu",
     "zur", "bin", "ibn", "al", "el", "y", "e"]
)  # fmt: skip
MAX_NAME = 60


def is_name(text: str) -> bool:
    """Tell whether a text looks like one person's name: a few words that start like one, or a few CJK signs."""
    text = re.sub(r"\([^()]*\)", "", text).strip()
    if (
        not text
        or len(text) > MAX_NAME
        or any(letter.isdigit() for letter in text)
        or re.search(r"[?!:;\"“”=<>{}@/]", text)
    ):
        return False
    if vocabulary.pattern("institution").search(text) or _DEGREE.fullmatch(text):
        return False
    if any(letter >= "\u3040" for letter in text):
        return len(text.replace(" ", "")) <= 8
    parts = text.replace(".", ". ").split()
    if len(parts) > 5:
        return False
    return all(part[0].isupper() or part[0] in "'’" or part.casefold() in _PARTICLES for part in parts)


def read(cell: Words) -> Leads:
    """Return the people that a cell names; who is struck out is not among them."""
    found = Leads()
    if is_placeholder(cell.text):
        return found
    for part in _parts([run for run in cell.runs if not run.struck and not run.image]):
        _take(part, found)
    return found


def _parts(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield the runs of each person, split where a word or a sign parts them; a link is never split."""
    part: list[Run] = []
    for run in runs:
        if run.url:
            if part and part[-1].url and part[-1].url != run.url:
                yield part
                part = []
            part.append(run)
            continue
        pieces = _split(run.text)
        for place, piece in enumerate(pieces):
            if place:
                yield part
                part = []
            part.append(run._replace(text=piece))
    yield part


def _split(text: str) -> list[str]:
    """Return a text without links, split where words such as "and" part people, but not within parentheses."""
    pieces, start = [], 0
    depths = _depths(text)
    for found in _AND.finditer(text):
        if found.end() > found.start() and not depths[found.start()]:
            pieces.append(text[start : found.start()])
            start = found.end()
    return [*pieces, text[start:]]


def _depths(text: str) -> list[int]:
    depth, found = 0, []
    for letter in text:
        depth += (letter in "([（") - (letter in ")]）" and depth > 0)
        found.append(depth)
    return [*found, 0]


def _take(part: Sequence[Run], found: Leads) -> None:
    """Add the people of a part, which commas may part further."""
    links = [run for run in part if run.url]
    if links:
        _take_linked(part, found)
        return
    text = squeezed("".join(run.text for run in part))
    pieces = [piece.strip() for piece in _at_commas(text) if piece.strip()]
    if len(pieces) > 1 and not _are_people(pieces):
        name, rest = pieces[0], ", ".join(pieces[1:])
        if all(
            vocabulary.pattern("institution").search(piece) or _DEGREE.fullmatch(piece) or piece.isupper()
            for piece in pieces[1:]
        ):
            _add(name, "", rest, found)
        else:
            found.unclear.append(text)
            _add(name if is_name(name) else text, "", rest if is_name(name) else "", found)
        return
    for piece in pieces:
        _add(piece, "", "", found)


def _are_people(pieces: Sequence[str]) -> bool:
    """Tell whether commas part people: each looks like a name, and a lone word beside a full name does not."""
    if not all(is_name(piece) for piece in pieces):
        return False
    if any(piece.isupper() and len(piece) > 1 for piece in pieces[1:]):
        return False
    lengths = {min(2, len(piece.split())) for piece in pieces if piece.isascii()}
    return len(pieces) > 2 or len(lengths) < 2


def _at_commas(text: str) -> list[str]:
    pieces, start = [], 0
    depths = _depths(text)
    for place, letter in enumerate(text):
        if letter in ",，" and not depths[place]:
            pieces.append(text[start:place])
            start = place + 1
    return [*pieces, text[start:]]


def _take_linked(part: Sequence[Run], found: Leads) -> None:
    """Add the people of links, with what stands behind each; what stands before the first is people without one."""
    names: list[tuple[str, str, str]] = []
    before = ""
    for run in part:
        if run.url:
            if names and not names[-1][2].strip() and names[-1][1] == run.url:
                names[-1] = (names[-1][0] + run.text, run.url, "")
            else:
                names.append((run.text, run.url, ""))
        elif names:
            names[-1] = (*names[-1][:2], names[-1][2] + run.text)
        else:
            before += run.text
    for piece in _at_commas(before):
        if is_name(piece.strip()) or _HANDLE.fullmatch(piece.strip()):
            _add(piece, "", "", found)
    for name, url, after in names:
        rest = [piece.strip() for piece in _at_commas(after) if piece.strip(" .|")]
        affiliation = rest[0] if rest and not after.lstrip().startswith(",") else ""
        others = rest[1:] if affiliation else rest
        if others and not all(is_name(piece) for piece in others):
            affiliation, others = ", ".join([*filter(None, [affiliation]), *others]), []
        _add(name, url, affiliation.strip("()（） "), found)
        for piece in others:
            _add(piece, "", "", found)


_PLACE = re.compile(r"(.+?)\s*[(（]([^()（）]+)[)）]")
_HANDLE = re.compile(r"@([A-Za-z0-9](?:-?[A-Za-z0-9]){0,38})")


def _add(name: str, url: str, affiliation: str, found: Leads) -> None:
    """Add a person; an affiliation in parentheses is not part of the name, nor is a count such as (4/4)."""
    name = squeezed(name).strip(" ,;|–—-:")
    if handle := _HANDLE.fullmatch(name):
        name, url = handle[1], url or f"https://github.com/{handle[1]}"
    if name.startswith("@") and not name.isascii():
        name = name[1:]
    if place := _PLACE.fullmatch(name):
        inner = place[2].strip()
        name = place[1].strip()
        if re.search(r"[^\W\d_]", inner) and not is_placeholder(inner):
            affiliation = ", ".join(filter(None, [inner, affiliation]))
    if name.startswith("?"):
        found.unclear.append(name)
        name = name.lstrip("? ")
    name = name.rstrip("*†‡ ") if not name.endswith(".") else name
    if name and not is_placeholder(name):
        found.people.append(Lead(name, url, squeezed(affiliation)))
