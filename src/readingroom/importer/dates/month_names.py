"""The names of months and weekdays, and the numbers in signs, in the languages that pages are read in."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from readingroom.parsing import cldr
from readingroom.parsing.vocabulary import load_vocabulary

_CONTEXTS = ("format", "stand-alone")
_CHINESE = "一二三四五六日"
# The year before the first of each era, in Japan and of the Republic of China.
ERAS: dict[str, int] = load_vocabulary()["dates"]["eras"]
MIN_TYPO = 5  # letters; a shorter word is near to too many others
_MIN_LIKENESS = 0.8  # of a misspelt name: twice the letters that it shares with the right one, in parts of all of both


@cache
def get_month_numbers() -> dict[str, int]:
    """Return the numbers of the months by every name that names one alone; CJK months are numbers."""
    return _select_unique_names(
        each
        for language in load_vocabulary()["dates"]["languages"]
        for each in cldr.iter_month_names(language, _CONTEXTS)
    )


@cache
def get_weekday_numbers() -> dict[str, int]:
    """Return the weekdays, Monday as 0, by every name of two letters or more that names one alone."""
    named = _select_unique_names(
        each
        for language in load_vocabulary()["dates"]["languages"]
        for each in cldr.iter_weekday_names(language, _CONTEXTS)
    )
    known = {name: day for name, day in named.items() if name not in get_month_numbers()}
    for day, sign in enumerate(_CHINESE):
        known |= {f"周{sign}": day, f"星期{sign}": day, f"礼拜{sign}": day, f"週{sign}": day}
    return {**known, **load_vocabulary()["dates"]["weekdays"]["zh"]}


# In parentheses one sign is enough: 6月4日(火), 6월 4일 (화).
WEEKDAY_SIGNS = {
    sign: day for signs in ("月火水木金土日", "월화수목금토일", _CHINESE) for day, sign in enumerate(signs)
}


def _select_unique_names(pairs: Iterator[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, set[int]] = {}
    for name, number in pairs:
        if len(name) > 1 and not name[0].isdigit():
            found.setdefault(name, set()).add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}


@cache
def build_weekday_pattern() -> str:
    """Return the pattern of a weekday's name."""
    return _join_alternatives(name for name in get_weekday_numbers() if not _is_cjk(name))


def _join_alternatives(names: Iterable[str]) -> str:
    spelt = {form for name in names for form in (name, unicodedata.normalize("NFD", name))}
    return "|".join(re.escape(name) for name in sorted(spelt, key=len, reverse=True))


def find_month(name: str) -> int:
    """Return the number of the month that a name is, or 0."""
    return get_month_numbers().get(unicodedata.normalize("NFC", name.casefold()), 0)


def _is_cjk(text: str) -> bool:
    return any(letter >= "\u3000" for letter in text)


@cache
def guess_month(word: str) -> tuple[int, str]:
    """Return the month that a misspelt name means, and how it is spelt; (0, "") if it is near to none."""
    folded = word.casefold()
    if len(folded) < MIN_TYPO or folded in get_weekday_numbers():
        return 0, ""
    close = difflib.get_close_matches(folded, _list_names_like(folded), n=5, cutoff=_MIN_LIKENESS)
    close.sort(key=lambda name: sorted(name) != sorted(folded))  # letters that changed places are the likeliest slip
    return (get_month_numbers()[close[0]], close[0].capitalize()) if close else (0, "")


def _list_names_like(word: str) -> list[str]:
    """Return the names of months that share enough letters with a word to be meant by it."""
    letters, length = set(word), len(word)
    return [
        name
        for name, own in _get_letters_of_months().items()
        if 2 * (length - len(letters - own)) >= (needed := _MIN_LIKENESS * (length + len(name)))
        and 2 * (len(name) - len(own - letters)) >= needed
    ]


@cache
def _get_letters_of_months() -> dict[str, set[str]]:
    return {name: set(name) for name in get_month_numbers() if len(name) >= MIN_TYPO - 1 and not _is_cjk(name)}


@cache
def _get_cjk_weekdays() -> dict[str, int]:
    """Return the weekdays in languages that put no spaces between words."""
    return {name: day for name, day in get_weekday_numbers().items() if _is_cjk(name)}


def find_weekday(text: str) -> int | None:
    """Return the weekday that a text names, if it names one and only one."""
    folded = unicodedata.normalize("NFC", text.casefold())
    found = {
        get_weekday_numbers()[word]
        for word in re.findall(r"[^\W\d_]+(?:-feira)?", folded)
        if word in get_weekday_numbers()
    }
    if not folded.isascii():
        found |= {day for name, day in _get_cjk_weekdays().items() if name in folded}
    if not found:
        found = {WEEKDAY_SIGNS[sign] for sign in re.findall(r"[(（]\s*(\S)\s*[)）]", text) if sign in WEEKDAY_SIGNS}
    return found.pop() if len(found) == 1 else None


def convert_era_year(era: str, text: str) -> int:
    """Return the year that a number within an era means, or 0 if the era is not known."""
    before = ERAS.get(era.upper(), 0)
    return before + (1 if text == "元" else parse_number(text)) if before else 0


_ONES = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}


def parse_number(text: str) -> int:
    """Return a number of one or two digits, or of the signs up to 三十一; of a year, 二〇二三."""
    if text.isascii():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if ten:
        return 10 * _ONES.get(tens, 1) + _ONES.get(ones, 0)
    return int("".join(str(_ONES.get(sign, 0)) for sign in text))
