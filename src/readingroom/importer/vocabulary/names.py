"""Who leads a session, and what a few words may be: a name, a degree, a place of work, or a placeholder for a name."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from readingroom.importer.vocabulary.matcher import ExpressionMatcher
from readingroom.parsing.vocabulary import build_expression_pattern, get_expressions, join_expressions, load_vocabulary


@dataclass(frozen=True, slots=True)
class ImportedLead:
    """A person as a page names them; ``url`` is as it is there, though it may lead nowhere."""

    name: str
    url: str = ""
    affiliation: str = ""

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.affiliation})" if self.affiliation else self.name


MAX_NAME, MAX_CELL, MAX_PEOPLE = 60, 1_000, 50
HANDLE = re.compile(r"(?<![\w.])@([A-Za-z0-9](?:-?[A-Za-z0-9]){0,38})(?![\w.@])")
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_DEGREE = re.compile(
    r"(?:ph\.?\s?d|m\.?\s?d|m\.?\s?sc|b\.?\s?sc|dr|prof|m\.?a|m\.?p\.?h|jr|sr|r\.?n|m\.?s|b\.?a)\.?", re.IGNORECASE
)
PARTICLES = frozenset(
    ["de", "da", "di", "du", "del", "della", "dos", "das", "la", "le", "van", "von", "der", "den", "ten", "ter", "zu",
     "zur", "bin", "ibn", "al", "el", "y", "e"]
)  # fmt: skip
_NOT_IN_NAMES = re.compile(r"[?!:;\"“”„«»「」『』《》：=<>{}@/]")
_BRACKETED = re.compile(r"\([^()]*\)")


def is_placeholder(text: str) -> bool:
    """Return whether a text represents what is not known yet."""
    text = text.strip()
    return not text or (len(text) <= MAX_CELL and _is_unknown_person(text.strip("()[]*_ ").strip()))


def _is_unknown_person(text: str) -> bool:
    unknown = build_expression_pattern("people", "placeholder")
    first, _, rest = text.partition(" ")
    is_after_role = bool(rest) and first.rstrip(".:").casefold() in _get_role_words()
    return unknown.fullmatch(text) is not None or (is_after_role and unknown.fullmatch(rest) is not None)


@cache
def _get_role_words() -> frozenset[str]:
    """Return the words that may precede a placeholder for a name: "Speaker TBA", "Prof. N. N."."""
    return frozenset([*load_vocabulary()["roles"]["lead"], "prof", "dr"]).difference(load_vocabulary()["weak"]["lead"])


@lru_cache(maxsize=50_000)
def is_person_name(text: str) -> bool:
    """Return whether a text looks like one person's name: a few words that start like one, or a few CJK signs."""
    if len(text) > MAX_CELL:
        return False
    text = _BRACKETED.sub("", text).strip()
    if not text or len(text) > MAX_NAME or any(letter.isdigit() for letter in text) or _NOT_IN_NAMES.search(text):
        return False
    if _has_institution_word(text) or _DEGREE.fullmatch(text):
        return False
    if any(letter >= "\u3040" for letter in text):
        return len(text.replace(" ", "").replace("・", "")) <= (16 if "・" in text else 8)
    parts = text.replace(".", ". ").split()
    if len(parts) > 5:
        return False
    return all(part[0].isupper() or part[0] in "'’" or part.casefold() in PARTICLES for part in parts)


def is_cjk_name(text: str) -> bool:
    """Return whether a text is surely a name in Chinese or Korean: a family name and one sign or two."""
    return (
        1 < len(text) < 4
        and text[0] in load_vocabulary()["people"]["family"]
        and all("\u3400" <= sign <= "\ud7a3" for sign in text)
    )


def has_topic_word(text: str) -> bool:
    """Return whether words that look like a name hold one that names have not, such as "Deep Learning"."""
    if is_cjk_name(text):
        return False
    words = text.casefold().split() if text.isascii() else [*text.casefold().split(), *text]
    return any(word in _get_topics() for word in words)


@cache
def _get_topics() -> frozenset[str]:
    """Return the words and signs that are hardly ever part of a name."""
    return frozenset([*load_vocabulary()["people"]["topic"], *load_vocabulary()["people"]["topic_sign"]])


def is_degree_or_position(text: str) -> bool:
    """Return whether a text is what somebody is: PhD, Assistant Professor, Engineer at a place."""
    return _DEGREE.fullmatch(text) is not None or _build_position_pattern().fullmatch(text) is not None


@cache
def _build_position_pattern() -> re.Pattern[str]:
    where = r"(?:,?\s(?:of|in|at|@|for|für|am|an|bei|de|en|em|à|di|da|del)\s.{1,80})?"
    return re.compile(rf"(?:{join_expressions('people', 'position')}){where}", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def is_institution(text: str) -> bool:
    """Return whether a text is a place of work: it has the word of one, or is a short form such as MIT."""
    is_short = text.isascii() and text.isalpha() and text.isupper() and len(text) > 1
    return is_short or (len(text) <= MAX_CELL and _has_institution_word(text))


@cache
def _get_institution_matcher() -> ExpressionMatcher:
    return ExpressionMatcher(get_expressions("people", "institution"))


def _has_institution_word(text: str) -> bool:
    is_named = _get_institution_matcher().matches_text(text)
    return is_named or any(each in load_vocabulary()["people"]["acronym"] for each in _CAPITALS.findall(text))


_CAPITALS = re.compile(r"\b[A-Z]{2,5}\b")
