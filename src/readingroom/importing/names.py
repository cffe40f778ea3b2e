"""The names of months and weekdays in the languages that pages are read in, from Unicode's CLDR by way of babel."""

import difflib
import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "zh", "ja", "ko")
_ALSO = {"sept": 9, "set": 9, "jän": 1, "jänner": 1, "feber": 2, "maerz": 3, "mrz": 3}
_ALSO_DAYS = {"tues": 1, "wednes": 2, "thur": 3, "thurs": 3, "星期天": 6, "礼拜天": 6, "周天": 6}
_CHINESE = "一二三四五六日"
MIN_TYPO = 5  # letters; a shorter word is near to too many others


@cache
def months() -> dict[str, int]:
    """Return the numbers of the months by every name that names one alone; CJK months are numbers."""
    return {**_unique(_names("months")), **_ALSO}


@cache
def weekdays() -> dict[str, int]:
    """Return the weekdays, Monday as 0, by every name of two letters or more that names one alone."""
    known = {name: day for name, day in _unique(_names("days")).items() if name not in months()}
    for day, sign in enumerate(_CHINESE):
        known |= {f"周{sign}": day, f"星期{sign}": day, f"礼拜{sign}": day, f"週{sign}": day}
    return {**known, **_ALSO_DAYS}


# In parentheses one sign is enough: 6月4日(火), 6월 4일 (화).
SIGNS = {sign: day for signs in ("月火水木金土日", "월화수목금토일", _CHINESE) for day, sign in enumerate(signs)}


def _names(what: str) -> Iterator[tuple[str, int]]:
    for language in LANGUAGES:
        for names in (getattr(Locale.parse(language), what)[form] for form in ("format", "stand-alone")):
            for width in ("wide", "abbreviated"):
                for number, name in names[width].items():
                    folded = name.casefold().rstrip(".")
                    if len(folded) > 1 and not folded[0].isdigit():
                        yield folded, number


def _unique(pairs: Iterator[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, set[int]] = {}
    for name, number in pairs:
        found.setdefault(name, set()).add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}


@cache
def month_pattern() -> str:
    """Return the pattern of a month's name."""
    return "|".join(re.escape(name) for name in sorted(months(), key=len, reverse=True) if not _is_cjk(name))


def _is_cjk(text: str) -> bool:
    return any(letter >= "\u3000" for letter in text)


@cache
def near_month(word: str) -> tuple[int, str]:
    """Return the month that a misspelt name means, and how it is spelt; (0, "") if it is near to none."""
    folded = word.casefold()
    if len(folded) < MIN_TYPO or folded in weekdays():
        return 0, ""
    known = [name for name in months() if len(name) >= MIN_TYPO - 1 and not _is_cjk(name)]
    close = difflib.get_close_matches(folded, known, n=1, cutoff=0.8)
    return (months()[close[0]], close[0].capitalize()) if close else (0, "")


@cache
def _weekdays_in_signs() -> dict[str, int]:
    """Return the weekdays in languages that put no blanks between words."""
    return {name: day for name, day in weekdays().items() if _is_cjk(name)}


def weekday(text: str) -> int | None:
    """Return the weekday that a text names, if it names one and only one."""
    folded = text.casefold()
    found = {weekdays()[word] for word in re.findall(r"[^\W\d_]+(?:-feira)?", folded) if word in weekdays()}
    found |= {day for name, day in _weekdays_in_signs().items() if name in folded}
    if not found:
        found = {SIGNS[sign] for sign in re.findall(r"[(（]\s*(\S)\s*[)）]", text) if sign in SIGNS}
    return found.pop() if len(found) == 1 else None
