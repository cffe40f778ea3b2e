"""Who leads a session: the people that a text names, and where in the lines of a series such texts are."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import NamedTuple, TypeVar

from readingroom.importer.page.rich_text import Mark, Range, RichText
from readingroom.parsing.names import has_topic_word, is_affiliation, is_cjk_name, is_institution, is_person_name
from readingroom.parsing.people import ParsedPerson, has_separator, is_handle
from readingroom.parsing.vocabulary import join_expressions, load_vocabulary

T = TypeVar("T")
_COMMA = re.compile(r"\s*,\s*")
_BRACKET = re.compile(r"\s*[(（\[](?P<said>[^()（）\[\]]*)[)）\]]")
_EDGES = " ,.;:：-–—*_?!~|•()@"
MAX_TEXT = 400


class People(NamedTuple):
    """The people in a text, the links that lead to none of them, and what is doubtful about who is meant."""

    leads: tuple[ParsedPerson, ...] = ()
    links: tuple[Range, ...] = ()
    doubts: tuple[str, ...] = ()


def read_people(text: RichText) -> People:
    """Return the people that a text names; a longer one than 400 characters names none."""
    if len(text.text) > MAX_TEXT:
        return People((), tuple(text.links))
    found = text.people
    leads = {_get_key(each, found.people): each for each in reversed(found.people) if each.name}
    urls = {lead.url for lead in leads.values()}
    return People(tuple(reversed(leads.values())), tuple(x for x in text.links if x.url not in urls), found.doubts)


def _get_key(person: ParsedPerson, people: Iterable[ParsedPerson]) -> tuple[str, str]:
    """Return what distinguishes a person from the others: the name, and for two of one name also the affiliation."""
    places = {each.affiliation for each in people if each.name == person.name} - {""}
    return person.name, person.affiliation if len(places) > 1 else ""


def read_names(text: RichText) -> tuple[ParsedPerson, ...]:
    """Return the people of a text that is only a list of names, or nobody."""
    bare = _BRACKET.sub("", text.text).strip(_EDGES)
    if not bare or len(bare) > 150:
        return ()
    if is_handle(text.text.strip(" ,.")):
        return read_people(text).leads
    pieces = filter(None, (piece.strip(_EDGES) for piece in _COMMA.split(bare)))
    if not all(is_person_name(each) or has_separator(each) or is_affiliation(each) for each in pieces):
        return ()
    leads = read_people(text).leads
    return leads if all(is_name(lead.name) for lead in leads) else ()


def is_name(text: str) -> bool:
    parts = text.split()
    has_acronym = any(len(part) > 2 and part.isupper() and part.isascii() for part in parts) and not text.isupper()
    if has_acronym or (any(sign >= "\u3040" for sign in text) and re.search("[A-Za-z]", text)):
        return False
    return is_person_name(text) and not has_topic_word(text) and not is_institution(text)


def _is_full_name(name: str) -> bool:
    return len(name.split()) > 1 or is_cjk_name(name)


def has_full_name(leads: Iterable[ParsedPerson]) -> bool:
    return any(_is_full_name(lead.name) for lead in leads)


def count_names(texts: Sequence[RichText]) -> float:
    """Return the share of texts that are lists of names."""
    return sum(map(bool, map(read_names, texts))) / len(texts) if texts else 0.0


Span = tuple[int, int]


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


class Parts(NamedTuple):
    """The people of a line and what is left of it."""

    leads: tuple[ParsedPerson, ...]
    who: RichText
    title: RichText


_GUEST = re.compile(rf"\s*(?:{join_expressions('people', 'guest')})\s*[:：-]\s*", re.IGNORECASE)
_CERTAIN = (Split.WORDS, Split.BOLD, Split.COLON, Split.END_BY, Split.BRACKET, Split.ALL, Split.END_BRACKET)
_OPEN, _CLOSE = r"《「『«“„\"", r"[》」』»”“\"]"
_DASHES = r"(?:\s+[-–—|]{1,2}\s+|\s*—\s*)"


# Without these signs there is no such split; to look for one takes a tenth of the time of the patterns.
_SIGNS = {
    Split.COLON: re.compile("[:：]"),
    Split.DASH: re.compile("[-–—|]"),
    Split.END_DASH: re.compile("[-–—|]"),
    Split.COMMA: re.compile("[,;，]"),
    Split.END_COMMA: re.compile("[,;，]"),
    Split.END_BRACKET: re.compile(r"[(（\[]"),
}


@cache
def _build_patterns(split: Split) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a split, each with the people and the title."""
    presents, before, about = (join_expressions("people", name) for name in ("presents", "talk_by", "about"))
    led_by, family = join_expressions("people", "led_by", "by"), load_vocabulary()["people"]["family"]
    patterns: dict[Split, tuple[str, ...]] = {
        Split.COLON: (r"(?P<who>.+?)(?:\s*[:：]\s+|：|\s*:(?=\S)(?!//))(?P<title>.+)",),
        Split.DASH: (rf"(?P<who>.+?){_DASHES}(?P<title>.+)",),
        Split.COMMA: (r"(?P<who>.+?)\s*[,;，]\s*(?P<title>.+)",),
        Split.END_DASH: (rf"(?P<title>.+){_DASHES}(?P<who>.+)",),
        Split.END_COMMA: (r"(?P<title>.+)\s*[,;，]\s*(?P<who>.+)",),
        Split.END_BRACKET: (r"(?P<title>.+)[(（\[](?P<who>[^()（）\[\]]{2,80})[)）\]]\W*",),
        Split.BRACKET: (r"[(\[](?P<who>[^()\[\]]{2,60})[)\]]\s*[:,–-]?\s*(?P<title>\S.*)",),
        Split.END_BY: (
            rf"(?P<title>.*?[^\s,(\[–—-])[\s,(\[–—-]+(?:{led_by})\s+(?P<who>[^()\[\]]{{2,80}}(?:\([^()]*\))?)[)\]]?\s*",
        ),
        Split.WORDS: (
            rf"\s?(?P<who>[^,:：–—|\"]{{2,60}}?)\s(?:{presents})(?-i:(?![a-zß-ÿ]))\s?(?P<title>\S.*)",
            rf"\s?(?:{before})\s?(?P<who>[^:：–—|\"]{{2,60}}?)\s(?:{about})\s(?P<title>\S.*)",
            rf"(?=[^{_OPEN}]{{2,83}}[{_OPEN}])\s?(?P<who>[^{_OPEN}]{{2,80}}?)\s?[,:：，–—-]?\s?(?P<title>[{_OPEN}].+{_CLOSE}(?:[\s.,;(（\[|–—-].*|vor\b.*)?)",
            rf"\s?(?P<who>[^:：–—|\"()]{{4,60}}?)\s(?-i:{about})\s(?P<title>\S.*)",
            rf"\s?(?P<who>[{family}][\u3400-\ud7a3]{{1,2}})(?:\s?[：:，,、]\s?|\s[–—-]\s|\s)(?P<title>\S.*)",
        ),
    }
    return tuple(re.compile(each, re.IGNORECASE | re.DOTALL) for each in patterns.get(split, ()))


_SAMPLE = 30  # records say how a series is built as well as thousands do


def take_sample(lines: Sequence[T]) -> Sequence[T]:
    """Return at most 30 of the lines of a series, spread over all of it."""
    return [lines[n * len(lines) // _SAMPLE] for n in range(_SAMPLE)] if len(lines) > _SAMPLE else lines


def find_shape(lines: Sequence[RichText], *, has_people_line: bool) -> Shape:
    """Return the split that serves most of the lines of a series that have a day, given without it."""
    said: dict[Split, list[str]] = defaultdict(list)
    scores, total = Counter[Split](), 0
    for line in map(_strip_guest, take_sample(lines)):
        if not line.text or line.status.status:
            continue
        total += 1
        for split in Split:
            if parts := split_people(line, split):
                scores[split] += 10 if has_full_name(parts.leads) else 6
                said[split].append(parts.who.text)
    for split in list(scores):
        if _are_titles(split, scores[split], said[split]) or (split is Split.ALL and has_people_line):
            del scores[split]
    best = max(scores, key=lambda each: (scores[each], -list(Split).index(each)), default=Split.NONE)
    return Shape(best if total and 5 * len(said[best]) >= 2 * total else Split.NONE, has_people_line)


def _are_titles(split: Split, score: int, said: list[str]) -> bool:
    """Return whether words that may be first names are rather titles: unlike names, they never recur."""
    may_be = split in {Split.ALL, Split.COMMA, Split.COLON, Split.DASH}
    return may_be and score < 8 * len(said) and len(set(said)) in {1, len(said)}


def find_people(text: RichText, shape: Shape, certain: Sequence[Split] = _CERTAIN) -> Parts | None:
    """Return the people of a line that is built as its series is, or where some splits make them certain."""
    text = _strip_guest(text)
    splits = (split for split in certain if not (split is Split.ALL and shape.has_people_line))
    found = (parts for split in splits if (parts := split_people(text, split)) and _is_certain(split, parts))
    return split_people(text, shape.split) or next(found, None)


def _strip_guest(text: RichText) -> RichText:
    found = _GUEST.match(text.text)
    return text.slice(found.end()) if found else text


def _is_certain(split: Split, parts: Parts) -> bool:
    """Return whether a line surely names these people: each in full, with a place only where its words say so."""
    leads, who = parts.leads, parts.who
    if split in {Split.WORDS, Split.END_BY}:
        return True
    places = [lead.affiliation for lead in leads if lead.affiliation and f"({lead.affiliation}" not in who.text]
    is_full = all(_is_full_name(lead.name) for lead in leads) and all(map(is_affiliation, places))
    if split is Split.ALL:
        return is_full and not who.links and len(leads) <= 4 and not re.search(r"\s[-–—]\s", who.text)
    return is_full and bool(parts.title.text)


_SUGGESTED = re.compile(rf"\b(?:{join_expressions('people', 'suggested')})\s*\Z", re.IGNORECASE)
_TITLE_EDGES = {Split.BOLD: ":：,;–—-.", Split.WORDS: "()"}


def split_people(text: RichText, split: Split) -> Parts | None:
    """Return the people and the title of a line, if it has this split and names people there."""
    for who_span, title_span in _iter_spans(text, split):
        who = text.slice(*who_span)
        if not (leads := read_names(who)):
            continue
        title = text.slice(*title_span).strip(_TITLE_EDGES.get(split, ""))
        # Next to the link of a paper people are its authors, unless they have links too.
        is_paper = bool(title.links) and not who.links and title.links[0].end >= len(title.text) - 2
        is_other = split is Split.END_BY and (is_paper or _SUGGESTED.search(title.text))
        if not is_other and (title.text or split is not Split.BOLD):
            return Parts(leads, who, title)
    return None


def _iter_spans(text: RichText, split: Split) -> Iterator[tuple[Span, Span]]:
    """Yield where people and title may be in a line that has this split."""
    size = len(text.text)
    if split is Split.ALL and len(text.text.split()) <= 12:
        yield (0, size), (size, size)
    bold = next(text.iter_marked(Mark.STRONG), None) if split is Split.BOLD else None
    if bold and bold.start <= 3:
        yield bold[:2], (bold.end, size)
    is_bracketed = split in {Split.WORDS, Split.END_BY, Split.BRACKET, Split.END_BRACKET}
    said = text.text if is_bracketed else _BRACKET.sub(lambda found: "_" * len(found[0]), text.text)
    if (sign := _SIGNS.get(split)) and not sign.search(said):
        return
    for pattern in _build_patterns(split):
        found = pattern.fullmatch(said)
        if found and not any(x.start < found.start(part) < x.end for x in text.links for part in ("who", "title")):
            yield found.span("who"), found.span("title")
