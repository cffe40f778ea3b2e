"""Who leads a session, from a cell or a part of a line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from readingroom.importer.page.rich_text import Range, RichText
from readingroom.importer.records.candidate import ImportedLead
from readingroom.importer.vocabulary import names, roles
from readingroom.parsing.names import is_degree, is_institution, is_person_name
from readingroom.parsing.vocabulary import build_expression_pattern

_CERTAIN = re.compile(r"\n|\s*[;；、，|•]\s*|\s+[-–—]\s+(?=[A-Z][\w.]+ [A-Z])")
_AND = re.compile(
    r"\s*[&＆+]\s*|,?\s+(?:and|und|et|y|e|en|og|och|i|with|mit|avec|con|com)\s+|\s?(?:和|与|및|と)\s?", re.IGNORECASE
)
_COMMA = re.compile(r"\s*,\s*")
_SLASH = re.compile(r"\s*/\s*")
_BRACKET = re.compile(r"\s*[(（\[](?P<said>[^()（）\[\]]*)[)）\]]")
_BRACKET_AT_END = re.compile(rf"{_BRACKET.pattern}(?=\W*(?:\Z|[(（\[])|\s*(?:@|https?:))")
_AT = re.compile(r"\s+(?:@|at|from|[-–—])\s+(?P<place>\S.*)", re.IGNORECASE)
_PREFIX = re.compile(
    r"(?:by|with|von|par|por|presented by|led by|speakers?|presenters?|leads?)\s*[:：]?\s+(?=\S)", re.IGNORECASE
)
_EDGES = " ,.;:：-–—*_?!~|•()@"
HANDLE = re.compile(r"(?<![\w.])@([A-Za-z0-9](?:-?[A-Za-z0-9]){0,38})(?![\w.@])")
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
MAX_PEOPLE = 30


@dataclass(frozen=True, slots=True)
class People:
    """The people in a text, and the links that lead to none of them."""

    leads: tuple[ImportedLead, ...] = ()
    links: tuple[Range, ...] = ()


def read_people(text: RichText) -> People:
    """Return the people that a text names."""
    if len(text.text) > 400:
        return People((), tuple(text.links))
    tokens: list[RichText] = []
    for part in _split_outside(text, _CERTAIN):
        tokens += _split_at_and(part)
    leads: list[ImportedLead] = []
    for token in tokens[:MAX_PEOPLE]:
        for lead in _read_token(token):
            if not any(each.name == lead.name for each in leads):
                leads.append(lead)
    urls = {lead.url for lead in leads}
    return People(tuple(leads), tuple(link for link in text.links if link.url not in urls))


def _split_outside(text: RichText, pattern: re.Pattern[str]) -> list[RichText]:
    """Return the parts between matches of a pattern that lie outside of brackets."""
    parts, start = [], 0
    for found in pattern.finditer(mask_brackets(text.text)):
        parts.append(text.slice(start, found.start()))
        start = found.end()
    return [part for part in [*parts, text.slice(start)] if part.text or part.links]


def mask_brackets(text: str) -> str:
    return _BRACKET.sub(lambda found: "_" * len(found[0]), text)


def _split_at_and(text: RichText) -> list[RichText]:
    """Return what a word for "and" divides, where each side may be a person."""
    outside = mask_brackets(text.text)
    if not _AND.search(outside):
        return [text]
    parts, start = [], 0
    for found in _AND.finditer(outside):
        is_sign = (
            not found[0].strip().isalpha()
            or found[0].strip().lower() in {"and", "und", "with", "mit"}
            or found[0].strip() >= "\u3000"
        )
        before, after = text.slice(start, found.start()), text.slice(found.end())
        is_full = all(len(each.text.split()) > 1 or each.links for each in (before, after))
        if is_sign or is_full:
            parts.append(before)
            start = found.end()
    return [*parts, text.slice(start)]


_CJK_NAME = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3]{2,4}")


def _is_cjk_list(text: str) -> bool:
    """Return whether words without Latin letters are names of people each: Korean ones hold no space."""
    parts = text.split()
    if len(parts) < 2 or not all(map(_CJK_NAME.fullmatch, parts)):
        return False
    return all("\uac00" <= part[0] <= "\ud7a3" or names.is_cjk_name(part) for part in parts)


def _read_token(text: RichText) -> list[ImportedLead]:
    if not text.links and _is_cjk_list(_BRACKET.sub("", text.text)):
        return [lead for part in text.split(re.compile(r"\s+")) if (lead := read_person(part))]
    pieces = _split_outside(text, _COMMA)
    if len(pieces) == 1:
        slashed = text.split(_SLASH)
        if (
            len(slashed) > 1
            and not re.search(r"\(\s*\d+\s*/", text.text)
            and all(is_person_name(each.text) for each in slashed)
        ):
            pieces = slashed
    leads: list[ImportedLead] = []
    for number, piece in enumerate(pieces):
        bare = _BRACKET.sub("", piece.text).strip(_EDGES)
        is_extra = is_degree(bare) or (is_institution(bare) and not piece.links)
        is_extra = is_extra or (number > 0 and len(pieces) == 2 and not is_person_name(bare) and not piece.links)
        if is_extra and leads:
            last = leads[-1]
            leads[-1] = ImportedLead(
                last.name, last.url, f"{last.affiliation}, {piece.text}" if last.affiliation else piece.text
            )
        elif lead := read_person(piece):
            leads.append(lead)
    return leads


def read_person(text: RichText) -> ImportedLead | None:
    """Return one person, or None for a placeholder or what is no name."""
    url = next((link.url for link in text.links if link.url and not link.url.startswith("#")), "")
    said, affiliation = text.text, ""
    if names.is_placeholder(said):
        return None
    if found := _PREFIX.match(said):
        said = said[found.end() :]
    for found in _BRACKET_AT_END.finditer(said):
        content = found["said"].strip()
        if content and not _is_remark(content) and re.search(r"[^\W\d_]", content):
            affiliation = affiliation or content
    said = _BRACKET_AT_END.sub(" ", said)
    said = re.sub(r"https?://\S+", "", said)
    if (without := EMAIL.sub(" ", said)) != said and re.search(r"\w", without):
        said = without
    if handle := HANDLE.search(said):
        said = (said[: handle.start()] + said[handle.end() :]).strip(_EDGES) or handle[1]
        url = url or f"https://github.com/{handle[1]}"
    if (found := _AT.search(said)) and is_person_name(said[: found.start()].strip(_EDGES)):
        affiliation = affiliation or found["place"].strip(_EDGES)
        said = said[: found.start()]
    name = " ".join(said.strip(_EDGES).split())
    name += "." if name.endswith((" Jr", " Sr")) else ""
    return None if _names_nobody(name) else ImportedLead(name, url, affiliation)


def _names_nobody(text: str) -> bool:
    """Return whether a text is a placeholder, everybody, or says what is done or read: Literature, Paper, arXiv."""
    if names.is_placeholder(text) or not re.search(r"[^\W\d_]", text) or len(text) > 80:
        return True
    if build_expression_pattern("people", "everyone").fullmatch(text):
        return True
    return len(text.split()) < 3 and _find_word_role(text) in {
        roles.READING,
        roles.RESOURCE,
        roles.ABSTRACT,
        roles.AUTHORS,
    }


def _find_word_role(text: str) -> str:
    found = roles.parse_label_role(text, 2)
    return "" if found.is_weak else found.role


def _is_remark(text: str) -> bool:
    role = roles.find_role(text)
    pronouns = re.fullmatch(r"(?:she|he|they|sie|er|elle|il)\s*/.*", text, re.IGNORECASE)
    return (
        bool(pronouns)
        or role in {roles.RESOURCE, roles.READING}
        or build_expression_pattern("people", "remark").fullmatch(text) is not None
    )


def looks_like_people(text: RichText) -> bool:
    """Return whether a text is only a list of names."""
    bare = _BRACKET.sub("", text.text).strip(_EDGES)
    if not bare or len(bare) > 150:
        return False
    if HANDLE.fullmatch(text.text.strip(" ,.")):
        return True
    pieces = [piece.strip(_EDGES) for piece in _COMMA.split(bare)]
    if any(not (is_person_name(p) or is_institution(p) or is_degree(p) or _AND.search(p)) for p in pieces if p):
        return False
    found = read_people(text).leads
    return bool(found) and all(is_name(lead.name) for lead in found)


def has_full_name(text: RichText) -> bool:
    return any(is_full_name(lead.name) for lead in read_people(text).leads)


def is_full_name(name: str) -> bool:
    return len(name.split()) > 1 or names.is_cjk_name(name)


def is_name(text: str) -> bool:
    parts = text.split()
    has_acronym = any(len(part) > 2 and part.isupper() and part.isascii() for part in parts) and not text.isupper()
    if has_acronym or (any(sign >= "\u3040" for sign in text) and re.search("[A-Za-z]", text)):
        return False
    return is_person_name(text) and not names.has_topic_word(text) and not is_institution(text)


def count_names(texts: Sequence[RichText]) -> float:
    """Return the share of texts that are lists of names."""
    said = [text for text in texts if text.text]
    return sum(map(looks_like_people, said)) / len(said) if said else 0.0
