"""Where a line names people: before its title, or at its end."""

import re
from collections.abc import Iterable
from functools import lru_cache

from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import InlineText, Span, squeeze_spaces
from readingroom.importer.people import names, parse, split
from readingroom.importer.people.in_sentence import SpeakerSplit
from readingroom.importer.session import status
from readingroom.importer.vocabulary import fields


@lru_cache(maxsize=50_000)  # each line is asked in several ways
def is_full_name(text: str) -> bool:
    """Return whether a text is one person's name of two words or more, or a name on GitHub."""
    if re.fullmatch(r"@[A-Za-z0-9-]+", text):
        return True
    if status.is_meeting_name(text) or fields.find_role(text) or names.has_topic_word(text):
        return False
    size = len(re.sub(r"\([^()]*\)", "", text[: names.MAX_CELL]).split())
    return names.is_person_name(text) and (size > 1 or not text.isascii()) and size < 5


def is_only_names(text: str, *, is_loose: bool = False) -> bool:
    """Return whether a text names people and says nothing else; a word alone may be a name if that is enough."""
    if is_full_name(text):
        return True
    if not is_loose and (not split.contains_separator(text) or split.has_leading_prose(text)):
        return False  # as nearly all titles, of which to read people takes long
    found = parse.parse_leads(InlineText(0, (Span(text),)))
    each = names.is_person_name if is_loose else is_full_name
    return bool(found.people) and (is_loose or not found.unclear) and all(each(lead.name) for lead in found.people)


_FIRST = re.compile(r"\s{0,3}([^,:：，–—|]{2,60}?)\s{0,3}(?:(?:[,:|]|\s[–—-])\s+|[：，])(?=\S)")
_LAST = {
    "led": re.compile(
        r"\s?[,;(]\s?(?:led|presented|given|hosted|vorgestellt|geleitet|animée?|présentée?|presentad[oa]|apresentad[oa])"
        r"\s(?:by|von|par|por)\s(?P<name>[^–—|(),;]{2,60}?)\.?(?:\)\s*)?\Z"
    ),
    "dash": re.compile(r"\s[–—|/-]\s\s?(?P<name>[^–—|]{3,80}?)\s*\Z"),
    "by": re.compile(r",?\s(?:(?:presented|led|given)\s)?(?:by|par|por)\s\s?(?P<name>[^–—|]{3,80}?)\s*\Z"),
    "brackets": re.compile(r"\s\((?:by\s|lead:?\s)?\s?(?P<name>[^()–—|]{3,80}?)(?:\)\s*)?\Z"),
    "comma": re.compile(r",\s(?P<name>[^–—|()]{3,80}?)\.?\s*\Z"),
}


def find_trailing_people(text: str, end: int, loose: Iterable[str] = ()) -> tuple[str, re.Match[str]] | None:
    """Return in which way a line ends with people, and where; in a loose way a word that may be a name is enough."""
    for way, pattern in _LAST.items():
        if (found := pattern.search(text, 0, end)) and is_only_names(
            found["name"], is_loose=way == "led" or way in loose
        ):
            return way, found
    return None


_IN_FRONT = re.compile(r"\s?\((?P<name>[^()]{3,80})\)\s?[:–—-]?\s(?=\S)")


def find_leading_people(text: str) -> SpeakerSplit | None:
    """Return the position of people in brackets or before a mark, and that of the title after them."""
    if (found := _IN_FRONT.match(text)) and is_only_names(found["name"]):
        return found.start("name"), found.end("name"), found.end()
    found = _FIRST.match(text)
    if not found or not is_only_names(found[1]):
        return None
    place = _FIRST.match(text, found.end())
    if place and text[found.end(1) : found.end()].strip() == "," and names.is_institution(place[1]):
        return found.start(1), place.end(1), place.end()
    return found.start(1), found.end(1), found.end()


def find_leading_linked_person(runs: Spans) -> SpeakerSplit | None:
    """Return where a person's link is that precedes a title without a mark: "[Ann Lee](…) Rings"."""
    first, *others = [run for run in runs if run.text] or [Span("")]
    if not first.url or not others or others[0].url or not _is_person_link(first):
        return None
    found = _OF_TITLE.match(slicing.get_raw_text(others))
    return (0, len(first.text), len(first.text) + found.end()) if found else None


_OF_TITLE = re.compile(r"\s{1,3}(?=[\"“„«'‘]?[^\W_])(?![a-zß-öø-ÿ])")
_BEFORE_PERSON = re.compile(r"(?:[,(–—|&/+;-]|\b(?:by|par|por|and|und|et|y|e|with))\s{0,3}\Z", re.IGNORECASE)
_OF_PAPER = re.compile(
    r"arxiv|doi\.org|openreview|aclanthology|proceedings|biorxiv|\.(?:pdf|pptx?|ps)\b", re.IGNORECASE
)


def _is_person_link(run: Span) -> bool:
    """Return whether a link is named like a person and leads to no paper."""
    return is_full_name(squeeze_spaces(run.text)) and not _OF_PAPER.search(run.url)


def find_text_end(runs: Spans) -> int:
    """Return where the words of a line end: before the links in brackets or alone after them that are no person's."""
    place, end, text = 0, 0, slicing.get_raw_text(runs)
    for run in runs:
        start, place = place, place + len(run.text)
        if not run.url and run.text.strip(" ()[],;|·/"):
            end = place - (len(run.text) - len(run.text.rstrip(" ([,;|·/")))
        elif run.url and start and _BEFORE_PERSON.search(text, max(start - 12, 0), start) and _is_person_link(run):
            end = place
    return end if any(run.url for run in runs) and not (runs and runs[0].url and end == 0) else place
