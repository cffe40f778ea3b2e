"""Who speaks and about what, in one line: found by what the lines of the whole series have in common."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache

from readingroom.importer.page.rich_text import Mark, RichText
from readingroom.importer.records import people
from readingroom.importer.vocabulary import sentences
from readingroom.importer.vocabulary import status as status_words
from readingroom.parsing.vocabulary import join_expressions

Parts = tuple[RichText, RichText]  # the people and the title


class Split(Enum):
    """Where in a line the people are, in words for the organiser."""

    NONE = "no place for people that most of its lines share, so only names that are certain are people"
    ALL = "people next to the day, and nothing else"
    COLON = "people before a colon"
    DASH = "people before a dash"
    COMMA = "people before a comma"
    BOLD = "people in bold"
    WORDS = 'people before words such as "presents"'
    END_BRACKET = "people in brackets at the end"
    END_DASH = "people after the last dash"
    END_COMMA = "people after the last comma"
    END_BY = 'people after "by" at the end'
    BRACKET = "people in brackets at the start"


@dataclass(frozen=True, slots=True)
class Shape:
    """How the lines of a series are built: where the people are, or whether the first line below names them."""

    split: Split = Split.NONE
    has_people_line: bool = False


_DASHES = r"(?:\s+[-–—|]{1,2}\s+|\s*—\s*)"
# Each with the people and the title; brackets are masked, so that signs in them do not count.
_PATTERNS = {
    Split.COLON: re.compile(r"(?P<who>.+?)(?:\s*[:：]\s+|：|\s*:(?=\S)(?!//))(?P<title>.+)", re.DOTALL),
    Split.DASH: re.compile(rf"(?P<who>.+?){_DASHES}(?P<title>.+)", re.DOTALL),
    Split.COMMA: re.compile(r"(?P<who>.+?)\s*[,;，]\s*(?P<title>.+)", re.DOTALL),
    Split.END_DASH: re.compile(rf"(?P<title>.+){_DASHES}(?P<who>.+)", re.DOTALL),
    Split.END_COMMA: re.compile(r"(?P<title>.+)\s*[,;，]\s*(?P<who>.+)", re.DOTALL),
}
_BRACKETS = {
    Split.END_BRACKET: re.compile(r"(?P<title>.+)[(（\[](?P<who>[^()（）\[\]]{2,80})[)）\]]\W*", re.DOTALL),
    Split.BRACKET: re.compile(r"[(\[](?P<who>[^()\[\]]{2,60})[)\]]\s*[:,–-]?\s*(?P<title>\S.*)", re.DOTALL),
}
_SUGGESTED = re.compile(rf"\b(?:{join_expressions('people', 'suggested')})\s*\Z", re.IGNORECASE)
_GUEST = re.compile(rf"\s*(?:{join_expressions('people', 'guest')})\s*[:：-]\s*", re.IGNORECASE)
_CERTAIN = (Split.WORDS, Split.BOLD, Split.COLON, Split.END_BY, Split.BRACKET, Split.ALL, Split.END_BRACKET)


def find_shape(lines: Iterable[RichText], *, has_people_line: bool) -> Shape:
    """Return the split that serves most of the lines of a series that have a day, given without it."""
    said: dict[Split, list[str]] = defaultdict(list)
    scores: Counter[Split] = Counter()
    total = 0
    for line in lines:
        if not line.text or status_words.parse_status(line.text).status:
            continue
        total += 1
        for split in Split:
            if (parts := _split(split, line)) and (leads := people.read_names(parts[0])):
                scores[split] += 10 if people.has_full_name(leads) else 6
                said[split].append(parts[0].text)
    for split in list(scores):
        if _are_titles(split, scores[split], said[split]) or (split is Split.ALL and has_people_line):
            del scores[split]
    best = max(scores, key=lambda each: (scores[each], -list(Split).index(each)), default=Split.NONE)
    return Shape(best if total and 5 * len(said[best]) >= 2 * total else Split.NONE, has_people_line)


def _are_titles(split: Split, score: int, said: list[str]) -> bool:
    """Return whether words that may be first names are rather titles: unlike names, they never recur."""
    may_be = split in {Split.ALL, Split.COMMA, Split.COLON, Split.DASH}
    return may_be and score < 8 * len(said) and len(set(said)) in {1, len(said)}


def split_people(text: RichText, shape: Shape) -> tuple[RichText | None, RichText]:
    """Return the people of a line, if it names any, and its title."""
    if parts := split_by_shape(text, shape):
        return parts
    text = _strip_guest(text)
    for split in _CERTAIN:
        parts = None if split is Split.ALL and shape.has_people_line else _split(split, text)
        if parts and _is_certain(split, *parts):
            return parts
    return None, text


def split_by_shape(text: RichText, shape: Shape) -> Parts | None:
    """Return the people and the title of a line that is built as its series is."""
    parts = _split(shape.split, text)
    return parts if parts and people.looks_like_people(parts[0]) else None


def _strip_guest(text: RichText) -> RichText:
    found = _GUEST.match(text.text)
    return text.slice(found.end()) if found else text


def _is_certain(split: Split, who: RichText, title: RichText) -> bool:
    leads = people.read_names(who)
    if not leads or split in {Split.WORDS, Split.END_BY}:
        return bool(leads)
    is_full = people.are_full_names(leads, who)
    if split is Split.ALL:
        return is_full and not who.links and len(leads) <= 4 and not re.search(r"\s[-–—]\s", who.text)
    return is_full and bool(title.text)


def _split(split: Split, text: RichText) -> Parts | None:
    """Return the people and the title of a line, if it has this split."""
    if split is Split.NONE:
        return None
    if splitter := _SPLITTERS.get(split):
        return splitter(text)
    if split in _BRACKETS:
        return _split_match(text, _BRACKETS[split].fullmatch(text.text))
    return _split_match(text, _PATTERNS[split].fullmatch(people.mask_brackets(text.text)))


def _take_all(text: RichText) -> Parts | None:
    return (text, RichText("", text.line)) if len(text.text.split()) <= 12 else None


def _split_match(text: RichText, found: re.Match[str] | None) -> Parts | None:
    """Return the parts that a pattern finds, unless it divides a link."""
    if not found or any(link.start < found.start(part) < link.end for link in text.links for part in ("who", "title")):
        return None
    return _strip_guest(text.slice(*found.span("who"))), text.slice(*found.span("title"))


def _split_by(text: RichText) -> Parts | None:
    """Return the people after "by"; next to the link of a paper they are its authors, unless they have links too."""
    parts = _split_match(text, _build_by_pattern().fullmatch(text.text))
    if not parts or _SUGGESTED.search(parts[1].text):
        return None
    who, title = parts
    is_paper = bool(title.links) and not who.links and title.links[0].end >= len(title.text) - 2
    return None if is_paper else parts


@cache
def _build_by_pattern() -> re.Pattern[str]:
    led_by = join_expressions("people", "led_by", "by")
    who = r"(?P<who>[^()\[\]]{2,80}(?:\([^()]*\))?)"
    title = r"(?P<title>.*?[^\s,(\[–—-])"
    return re.compile(rf"{title}[\s,(\[–—-]+(?:{led_by})\s+{who}[)\]]?\s*", re.IGNORECASE | re.DOTALL)


def _split_bold(text: RichText) -> Parts | None:
    bold = next(text.iter_marked(Mark.STRONG), None)
    if bold is None or bold.start > 3:
        return None
    after = text.slice(bold.end).strip(":：,;–—-.")
    return (text.slice(bold.start, bold.end).strip(":：,"), after) if after.text else None


def _split_words(text: RichText) -> Parts | None:
    found = sentences.find_speaker(text.text, _are_names)
    if not found:
        return None
    start, end, title = found
    return text.slice(start, end), text.slice(title).strip("()")


def _are_names(text: str) -> bool:
    return people.looks_like_people(RichText(text.strip()))


_SPLITTERS: Mapping[Split, Callable[[RichText], Parts | None]] = {
    Split.ALL: _take_all,
    Split.BOLD: _split_bold,
    Split.WORDS: _split_words,
    Split.END_BY: _split_by,
}
