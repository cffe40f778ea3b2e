"""The names of months and weekdays in the languages of the vocabulary, as CLDR has them and as people spell them."""

import difflib
import re
import unicodedata
from collections import defaultdict
from functools import cache

from babel import Locale

from readingroom.core.date_format import Width
from readingroom.parsing.vocabulary import load_vocabulary, strip_accents

_CHINESE = "一二三四五六日"
_WEEKDAY = re.compile(r"[^\W\d_]+(?:-feira)?")
_IN_BRACKETS = re.compile(r"[(（]\s*(\S)\s*[)）]")
MIN_TYPO = 5  # letters; a shorter word is near to too many others
# In parentheses one sign is enough: 6月4日(火), 6월 4일 (화).
WEEKDAY_SIGNS = {
    sign: day for signs in ("月火水木金土日", "월화수목금토일", _CHINESE) for day, sign in enumerate(signs)
}


@cache
def get_month_numbers() -> dict[str, int]:
    """Return the numbers of the months by every name that names one alone, in small letters."""
    return _collect_names("months", "months")


@cache
def get_weekday_numbers() -> dict[str, int]:
    """Return the weekdays, Monday as 0, by every name that names one alone and no month."""
    named = _collect_names("weekdays", "days")
    known = {name: day for name, day in named.items() if name not in get_month_numbers()}
    for day, sign in enumerate(_CHINESE):
        known |= {f"{word}{sign}": day for word in ("周", "星期", "礼拜", "週")}
    return known


def _collect_names(section: str, attribute: str) -> dict[str, int]:
    """Return the names of two letters or more, full and abbreviated, with and without their accents."""
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    for language in load_vocabulary()["dates"]["languages"]:
        names = list(load_vocabulary()["dates"][section].get(language, {}).items())
        forms = getattr(Locale.parse(language), attribute)
        for context in ("format", "stand-alone"):
            for width in (Width.WIDE, Width.ABBREVIATED):
                names += [(name.casefold().rstrip("."), number) for number, name in forms[context][width].items()]
        for name, number in names:
            for spelt in {name, strip_accents(name)}:
                if len(spelt) > 1 and not spelt[0].isdigit():
                    numbers[spelt].add(number)
    return {name: min(several) for name, several in numbers.items() if len(several) == 1}


@cache
def build_weekday_pattern() -> str:
    """Return the pattern of a weekday's name in letters, longest first."""
    names = [name for name in get_weekday_numbers() if not _is_cjk(name)]
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


def _is_cjk(text: str) -> bool:
    return any(letter >= "\u3000" for letter in text)


def find_month(name: str) -> int:
    """Return the number of the month that a name is, or 0."""
    return get_month_numbers().get(unicodedata.normalize("NFC", name.casefold()), 0)


@cache
def guess_month(word: str) -> int:
    """Return the month that a misspelt name means, or 0 if it is near to none."""
    folded = word.casefold()
    if len(folded) < MIN_TYPO or folded in get_weekday_numbers():
        return 0
    known = [name for name in get_month_numbers() if len(name) >= MIN_TYPO - 1 and not _is_cjk(name)]
    close = difflib.get_close_matches(folded, known, n=5, cutoff=0.8)
    close.sort(key=lambda name: sorted(name) != sorted(folded))  # letters that changed places are the likeliest slip
    return get_month_numbers()[close[0]] if close else 0


def find_weekday(text: str) -> int | None:
    """Return the weekday that a text names, if it names one and only one."""
    folded = unicodedata.normalize("NFC", text.casefold())
    known = get_weekday_numbers()
    found = {known[word] for word in _WEEKDAY.findall(folded) if word in known}
    if not folded.isascii():  # some languages put no spaces between words
        found |= {day for name, day in known.items() if name in folded and _is_cjk(name)}
        found = found or {WEEKDAY_SIGNS[sign] for sign in _IN_BRACKETS.findall(text) if sign in WEEKDAY_SIGNS}
    return found.pop() if len(found) == 1 else None
