"""Where the words of a cell part people: at signs and small words, at commas, and between links."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import Span
from readingroom.importer.people.names import PARTICLES
from readingroom.importer.people.tokens import is_profile_link_text

_ANDS = ("and", "und", "et", "avec", "con", "with", "mit", "com", "plus")
AND = re.compile(
    rf"(?:\A|(?<=\s))(?:{'|'.join(_ANDS)}|w/|w\.)(?=\s)|\s?&(?:amp;)?\s?|[와과](?=\s)"
    r"|(?<=[\u4e00-\u9fff\u30a0-\u30ff々ん])と(?=\S)",
    re.IGNORECASE,
)
SIGN = re.compile(r"[;；、，／\n]|(?<![0-9])/|/(?![0-9])|(?<![\u30a0-\u30ff])・|・(?![\u30a0-\u30ff])|\s[+|•·]\s")
_MORE = r"(?:co(?!\w)\.?|(?:others|friends|colleagues|andere|autres|otros|más|outros)(?!\w))"
OTHERS = re.compile(
    r"(?:,\s?)?(?<!\w)(?:et\.?\s?al(?!\w)\.?|u\. ?a\.(?!\w)|等人?(?=\Z|[\s,;，；、])"
    rf"|(?:and|und|et|y|e)\s{_MORE})|\s?[&+]\s?{_MORE}",
    re.IGNORECASE,
)
# A letter may be within a name, as in "Ramón y Cajal": it parts names of two words alone.
_LETTER = re.compile(r"(?<=\s)[ye](?=\s)")
_SEPARATOR = re.compile(f"(?P<others>{OTHERS.pattern})|(?P<and>{AND.pattern})|(?P<sign>{SIGN.pattern})", re.IGNORECASE)


_BRACKET = re.compile(r"[(\[（]")
# No person ends or begins next to another word of plain letters.
_PARTING = frozenset([*_ANDS, "y", "e", "at", "from", "by", "par", "por"])


def contains_separator(text: str) -> bool:
    """Return whether a text has something that may separate people, or a person from a remark."""
    words = text.lower().split()
    return not "".join(words).isalnum() or not text.isascii() or not _PARTING.isdisjoint(words)


_TO_MARK = re.compile(r"[A-Z][\w '’-]*")


def has_leading_prose(text: str) -> bool:
    """Return whether other words than those of names are in a text up to its first mark: it is no list of people."""
    found = _TO_MARK.match(text)
    return found is not None and any(map(_is_plain_word, found[0].split()))


def _is_plain_word(word: str) -> bool:
    """Return whether a word is neither a part of a name nor parts one from what follows."""
    return (word[0].isdigit() or word[0].islower()) and word not in _PARTING and word not in PARTICLES


class PeopleSegment(NamedTuple):
    """The runs of one or several people, and what parts them from those before: its kind and how it is typed."""

    by: str
    typed: str
    runs: tuple[Span, ...]


def compute_bracket_depths(text: str) -> list[int]:
    """Return how many brackets are open at each letter; one that never closes opens none."""
    if not _BRACKET.search(text):
        return [0] * (len(text) + 1)
    closing, wanted = [0] * (len(text) + 1), 0
    for place in range(len(text) - 1, -1, -1):
        wanted += (text[place] in ")]）") - (text[place] in "([（" and wanted > 0)
        closing[place] = wanted
    depth, found = 0, []
    for place, letter in enumerate(text):
        depth += (letter in "([（" and closing[place + 1] > 0) - (letter in ")]）" and depth > 0)
        found.append(depth)
    return [*found, 0]


def split_people(runs: Spans) -> list[PeopleSegment]:
    """Return the parts of a cell between signs, words such as "and", and links that are side by side."""
    text = "".join(run.text for run in runs)
    inside = compute_bracket_depths(text)
    linked = _list_link_flags(runs)
    gaps = [
        (found.start(), found.end(), str(found.lastgroup))
        for found in _SEPARATOR.finditer(text)
        if _is_people_separator(found) and not inside[found.start()] and not linked[found.start()]
    ]
    gaps += [(place, place, "sign") for place in _iter_gaps_between_links(runs)]
    gaps += [(*found.span(), "letter") for found in _LETTER.finditer(text) if not inside[found.start()]]
    gaps = _drop_letter_gaps(text, sorted(gaps))
    pieces = slicing.split_spans(runs, [gap[:2] for gap in gaps])
    typed = [("", ""), *((by, text[first:last].strip()) for first, last, by in gaps)]
    return [PeopleSegment(*each, piece) for each, piece in zip(typed, pieces, strict=True)]


def _is_people_separator(found: re.Match[str]) -> bool:
    """Return whether a separator is one as it is typed: a small word with a capital is a name, as in "Mit Patel"."""
    word = found[0].strip()
    return (
        found.lastgroup != "and" or not word.isalpha() or word.islower() or word in {"AND", "UND"} or not word.isascii()
    )


def _list_link_flags(runs: Spans) -> list[bool]:
    return [bool(run.url) for run in runs for _ in run.text] + [False]


def _iter_gaps_between_links(runs: Spans) -> Iterator[int]:
    """Yield the places where a link begins right after another one, or with a space between them."""
    place, end, url = 0, -1, ""
    for run in runs:
        if run.url:
            if url and run.url != url and end == place and not is_profile_link_text(run.text):
                yield place
            url, end = run.url, place + len(run.text)
        elif not run.text.strip() and end == place:
            end += len(run.text)
        place += len(run.text)


def _drop_letter_gaps(text: str, gaps: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return the gaps without single letters that are between other things than names of two words."""
    edges = [0, *(edge for gap in gaps for edge in gap[:2]), len(text)]
    sides = [text[first:last] for first, last in zip(edges[::2], edges[1::2], strict=True)]
    return [
        gap
        for gap, (before, after) in zip(gaps, pairwise(sides), strict=True)
        if gap[2] != "letter" or _is_between_names(before, after)
    ]


def _is_between_names(before: str, after: str) -> bool:
    """Return whether a letter between two texts parts two names of two words, or the last of several names of one."""
    head, comma, last = before.rpartition(",")
    sizes = len(last.split()), len(after.partition(",")[0].split())
    return min(sizes) > 1 or (bool(comma) and bool(head.strip()) and sizes == (1, 1))


def split_at_commas(runs: Spans) -> list[tuple[Span, ...]]:
    """Return the runs between commas, those in brackets and in links left alone."""
    text = "".join(run.text for run in runs)
    if "," not in text and "，" not in text:
        return [tuple(runs)]
    inside, linked = compute_bracket_depths(text), _list_link_flags(runs)
    places = [place for place, letter in enumerate(text) if letter in ",，" and not inside[place] and not linked[place]]
    return slicing.split_spans(runs, [(place, place + 1) for place in places])
