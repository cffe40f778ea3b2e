"""Who speaks and about what, in one line: found by what the lines of the whole series have in common."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial

from readingroom.importer.page.rich_text import Mark, RichText
from readingroom.importer.records import people
from readingroom.importer.vocabulary import sentences
from readingroom.importer.vocabulary import status as status_words
from readingroom.parsing.names import has_topic_word, is_person_name
from readingroom.parsing.vocabulary import join_expressions

Parts = tuple[RichText, RichText]  # the people and the title


class Split(Enum):
    """Where in a line the people are: all of it, what is before or after a sign, in brackets, bold or a link."""

    NONE = "none"
    ALL = "all"
    COLON = "colon"
    DASH = "dash"
    COMMA = "comma"
    BOLD = "bold"
    WORDS = "words"
    END_BRACKET = "end-bracket"
    END_DASH = "end-dash"
    END_COMMA = "end-comma"
    END_BY = "end-by"
    BRACKET = "bracket"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Shape:
    """How the lines of a series are built: where the people are, or whether the first line below names them."""

    split: Split = Split.NONE
    has_people_line: bool = False


_COLON = re.compile(r"\s*[:：]\s+|：|\s*:(?=\S)(?!//)")
_DASH = re.compile(r"\s+[-–—|]{1,2}\s+|\s*—\s*")
_COMMA = re.compile(r"\s*[,;，]\s*")
_BRACKET = re.compile(r"\s*[(\[](?P<who>[^()\[\]]{2,60})[)\]]\s*[:,–-]?\s*(?=\S)")
_END_BRACKET = re.compile(r"[(（\[](?P<who>[^()（）\[\]]{2,80})[)）\]]\W*\Z")
_SUGGESTED = re.compile(rf"\b(?:{join_expressions('people', 'suggested')})\s*\Z", re.IGNORECASE)
_GUEST = re.compile(rf"\s*(?:{join_expressions('people', 'guest')})\s*[:：-]\s*", re.IGNORECASE)


def find_shape(lines: Iterable[RichText], *, has_people_line: bool) -> Shape:
    """Return the split that serves most of the lines of a series that have a day, given without it."""
    scores: Counter[Split] = Counter()
    said: dict[Split, list[str]] = defaultdict(list)
    total = 0
    for line in lines:
        if not line.text or status_words.parse_status(line.text).status:
            continue
        total += 1
        known: dict[RichText, int] = {}
        for split, split_line in _SPLITTERS.items():
            if not (parts := split_line(line)):
                continue
            if parts[0] not in known:
                leads = people.read_names(parts[0])
                known[parts[0]] = 10 if people.has_full_name(leads) else 6 if leads else 0
            if score := known[parts[0]]:
                scores[split] += score
                said[split].append(parts[0].text)
    for split in list(scores):
        if _are_titles(split, scores[split], said[split]) or (split is Split.ALL and has_people_line):
            del scores[split]
    order = list(Split)
    best = max(scores, key=lambda each: (scores[each], -order.index(each)), default=Split.NONE)
    is_usual = total > 0 and 5 * len(said[best]) >= 2 * total
    return Shape(best if is_usual else Split.NONE, has_people_line)


def _are_titles(split: Split, score: int, said: list[str]) -> bool:
    """Return whether words that may be first names are rather titles: unlike names, they never recur."""
    may_be = split in {Split.ALL, Split.COMMA, Split.COLON, Split.DASH, Split.LINK}
    different = len(set(said))
    return may_be and score < 8 * len(said) and (different == len(said) or different < 2)


_CERTAIN = (Split.WORDS, Split.BOLD, Split.COLON, Split.END_BY, Split.BRACKET, Split.ALL, Split.END_BRACKET)


def split_people(text: RichText, shape: Shape) -> tuple[RichText | None, RichText]:
    """Return the people of a line, if it names any, and its title."""
    if parts := split_by_shape(text, shape):
        return parts
    text = strip_guest(text)
    for split in _CERTAIN:
        parts = None if split is Split.ALL and shape.has_people_line else _SPLITTERS[split](text)
        if parts and _is_certain(split, *parts):
            return parts
    return None, text


def split_by_shape(text: RichText, shape: Shape) -> Parts | None:
    """Return the people and the title of a line that is built as its series is."""
    parts = _SPLITTERS[shape.split](text) if shape.split is not Split.NONE else None
    if not parts:
        return None
    may_be = shape.split in {Split.BOLD, Split.COLON} and _may_be_people(parts[0])
    return parts if may_be or people.looks_like_people(parts[0]) else None


def split_certainly_led(text: RichText) -> Parts | None:
    """Return the people after words such as "led by" at the end of a title."""
    parts = _split_by(text)
    return parts if parts and people.looks_like_people(parts[0]) else None


def speaks_in_words(text: RichText) -> bool:
    """Return whether a line says in words who speaks: "Ann will present Rings"."""
    return _split_words(text) is not None


def strip_guest(text: RichText) -> RichText:
    found = _GUEST.match(text.text)
    return text.slice(found.end()) if found else text


def _may_be_people(text: RichText) -> bool:
    parts = re.split(r"[,(&]", text.text)
    is_named = any(is_person_name(part.strip()) for part in parts)
    return len(text.text) <= 60 and is_named and not has_topic_word(text.text)


def _is_certain(split: Split, who: RichText, title: RichText) -> bool:
    leads = people.read_names(who)
    if not leads:
        return False
    if split in {Split.WORDS, Split.END_BY}:
        return True
    is_full = people.are_full_names(leads, who)
    if split is Split.ALL:
        is_list = len(leads) <= 4 and not re.search(r"\s[-–—]\s", who.text)
        return is_full and not who.links and is_list
    return is_full and bool(title.text)


def _take_all(text: RichText) -> Parts | None:
    return (text, RichText("", text.line)) if len(text.text.split()) <= 12 else None


def _split_first(pattern: re.Pattern[str], text: RichText) -> Parts | None:
    for found in pattern.finditer(people.mask_brackets(text.text)):
        if found.start() and not _is_in_link(text, found.start()):
            after = text.slice(found.end())
            return (strip_guest(text.slice(0, found.start())), after) if after.text else None
    return None


def _split_last(pattern: re.Pattern[str], text: RichText) -> Parts | None:
    several = list(pattern.finditer(people.mask_brackets(text.text)))
    found = several[-1] if several else None
    if found is None or not found.start() or _is_in_link(text, found.start()):
        return None
    who = strip_guest(text.slice(found.end()))
    return (who, text.slice(0, found.start())) if who.text else None


def _is_in_link(text: RichText, place: int) -> bool:
    link = text.find_link(place)
    return link is not None and link.start < place


def _split_end_bracket(text: RichText) -> Parts | None:
    return _split_match(text, _END_BRACKET.search(text.text))


def _split_match(text: RichText, found: re.Match[str] | None) -> Parts | None:
    if not found or not found.start():
        return None
    return text.slice(found.start("who"), found.end("who")), text.slice(0, found.start())


def _split_by(text: RichText) -> Parts | None:
    """Return the people after "by"; next to the link of a paper they are its authors, unless they have links too."""
    parts = _split_match(text, _build_by_pattern().search(text.text))
    if not parts or _SUGGESTED.search(parts[1].text):
        return None
    who, title = parts
    is_paper = bool(title.links) and not who.links and title.links[0].end >= len(title.text) - 2
    return None if is_paper else parts


@cache
def _build_by_pattern() -> re.Pattern[str]:
    led_by = join_expressions("people", "led_by", "by")
    who = r"(?P<who>[^()\[\]]{2,80}(?:\([^()]*\))?)"
    return re.compile(rf"(?<![\s,(\[–—-])[\s,(\[–—-]+(?:{led_by})\s+{who}[)\]]?\s*\Z", re.IGNORECASE)


def _split_bold(text: RichText) -> Parts | None:
    bold = next(text.iter_marked(Mark.STRONG), None)
    if bold is None or text.is_all(Mark.STRONG) or bold.start > 3:
        return None
    after = text.slice(bold.end).strip(":：,;–—-.")
    return (text.slice(bold.start, bold.end).strip(":：,"), after) if after.text else None


def _split_bracket(text: RichText) -> Parts | None:
    found = _BRACKET.match(text.text)
    return (text.slice(found.start("who"), found.end("who")), text.slice(found.end())) if found else None


def _split_link(text: RichText) -> Parts | None:
    first = text.links[0] if text.links else None
    if first is None or first.start or not re.search(r"\w", text.text[first.end :]):
        return None
    return text.slice(0, first.end), text.slice(first.end).strip(":,–-")


def _split_words(text: RichText) -> Parts | None:
    found = sentences.find_speaker(text.text, _are_names) or sentences.find_speaker_on_topic(text.text, _are_names)
    if not found:
        return None
    start, end, title = found
    return text.slice(start, end), text.slice(title).strip("()")


def _are_names(text: str) -> bool:
    return people.looks_like_people(RichText(text.strip()))


_SPLITTERS: Mapping[Split, Callable[[RichText], Parts | None]] = {
    Split.ALL: _take_all,
    Split.COLON: partial(_split_first, _COLON),
    Split.DASH: partial(_split_first, _DASH),
    Split.COMMA: partial(_split_first, _COMMA),
    Split.BOLD: _split_bold,
    Split.WORDS: _split_words,
    Split.END_BRACKET: _split_end_bracket,
    Split.END_DASH: partial(_split_last, _DASH),
    Split.END_COMMA: partial(_split_last, _COMMA),
    Split.END_BY: _split_by,
    Split.BRACKET: _split_bracket,
    Split.LINK: _split_link,
}
