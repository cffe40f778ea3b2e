"""The year, or the two years of a term, that a heading or a label such as "Fall 2022" or "WS 23/24" gives."""

import re
from dataclasses import dataclass
from functools import lru_cache

from readingroom.parsing.vocabulary import build_pattern, join_expressions

AUTUMN, APRIL = 8, 4
LAST_MONTH = 12  # up to it two numbers, such as Rings 11/12, are rather a day
MAX_LABEL = 40


@dataclass(frozen=True, slots=True)
class Term:
    """A year; ``second`` is that of a term such as 2019/20, whose first year begins in the month ``turn``."""

    year: int
    second: int = 0
    turn: int = AUTUMN

    def is_ambiguous_month(self, month: int) -> bool:
        """Return whether a month may be of either year: in summer, and in spring where some mean a single year."""
        return month < APRIL if self.turn == APRIL else AUTUMN - 1 <= month <= AUTUMN + 1


_SEASON = rf"(?:{join_expressions('dates', 'season')})"
_YEAR = r"(?:19[7-9]|20)[0-9]{2}"
_DIGITS = re.compile("[0-9]{2}")
BARE_YEAR = re.compile(rf"(?<![0-9])({_YEAR})(?![0-9])")
_SPAN = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*[-/–—~]\s*((?:19|20)?[0-9]{2})(?![0-9/-])")
_SHORT = re.compile(rf"\b{_SEASON}\s?['’]?([0-9]{{2}})(?![0-9./:-])", re.IGNORECASE)
_SHORT_SPAN = re.compile(r"\b[^\W\d_]{2,20}\s?['’]?([0-9]{2})\s?[/–-]\s?['’]?([0-9]{2})(?![0-9./:-])")
_OF_SIGNS = re.compile(rf"({_YEAR})\s?(年度|学年|學年)")
# What begins in a year and goes on is not of that year.
_OPEN = re.compile(rf"{_YEAR}\s*[-–—~]\s*(?:{join_expressions('dates', 'ongoing')}|[)\]]|\Z)", re.IGNORECASE)
# The year in such a text is that of something else.
NO_YEAR = re.compile(
    rf"{build_pattern('common', 'updated', 'founded', 'released').pattern}|©|\(c\)|版权|版權|著作権", re.IGNORECASE
)
_REST = r"(?:\s?[/–-]\s?(?:20)?[0-9]{2})?(?![0-9])(?!['’]s)"
_IN_PROSE = re.compile(
    rf"\b{_SEASON}(?:[\s-](?:{join_expressions('dates', 'term')}))?"
    rf"(?:\s(?:{join_expressions('common', 'joint')}))?,?[\s-]?"
    rf"(?:{_YEAR}|['’][0-9]{{2}}){_REST}|\bacademic year,?\s{_YEAR}{_REST}"
    rf"|(?<![0-9]){_YEAR}[\s-]{_SEASON}\b|(?<![0-9]){_YEAR}-[12](?![0-9./-])"
    rf"|(?<![0-9]){_YEAR}\s?[年년]?\s?(?:度|学年|學年|[（(]?\s?[春夏秋冬]|第?\s?[一二三上下12]\s?[学學]期|[前後]期|[12]\s?학기"
    r"|(?:봄|여름|가을|겨울)\s?학기)",
    re.IGNORECASE,
)
_MAY_BE_IN_PROSE = re.compile(rf"{_YEAR}|['’][0-9]{{2}}")
# The year in a sentence with such a word is a past one.
_PAST = build_pattern("dates", "past")
_SENTENCE = re.compile(r"[.!?]\s|[。！？\n]")
MAX_PROSE = 4000


def find_prose_term(text: str) -> Term | None:
    """Return the one term that sentences name as the current one, such as "For Fall 2024, we meet"."""
    if not _MAY_BE_IN_PROSE.search(text) or not _IN_PROSE.search(text, 0, MAX_PROSE):
        return None
    sentences = [each for each in _SENTENCE.split(text[:MAX_PROSE]) if not _PAST.search(each)]
    found = {term for each in sentences for match in _IN_PROSE.finditer(each) if (term := find_term(match[0]))}
    return found.pop() if len(found) == 1 and not NO_YEAR.search(text[:MAX_PROSE]) else None


@lru_cache(maxsize=50_000)  # several readers ask of one heading
def find_term(text: str) -> Term | None:
    """Return the term that a text names, if there is one and it is not that of something else."""
    found = _parse_term(text) if _DIGITS.search(text) else None
    return None if found is None or NO_YEAR.search(text) or _OPEN.search(text) else found


def _parse_term(text: str) -> Term | None:
    if (span := _SPAN.search(text)) and int(span[1][:2] + span[2][-2:]) == int(span[1]) + 1:
        return Term(int(span[1]), int(span[1]) + 1)
    if signs := _OF_SIGNS.search(text):
        return Term(int(signs[1]), int(signs[1]) + 1, APRIL if signs[2] == "年度" else AUTUMN)
    years = set(BARE_YEAR.findall(text))
    if years:
        return Term(int(years.pop())) if len(years) == 1 else None
    return _parse_short_term(text)


def _parse_short_term(text: str) -> Term | None:
    """Return the term whose years have two digits."""
    if (span := _SHORT_SPAN.search(text)) and int(span[2]) == int(span[1]) + 1 and int(span[1]) > LAST_MONTH:
        return Term(2000 + int(span[1]), 2000 + int(span[2]))
    found = _SHORT.search(text)
    return Term(2000 + int(found[1])) if found else None


def is_term_label(text: str) -> bool:
    """Return whether a text is hardly more than a term, such as "Spring term 2023"."""
    return len(text) <= MAX_LABEL and len(text.split()) <= 4 and find_term(text) is not None
