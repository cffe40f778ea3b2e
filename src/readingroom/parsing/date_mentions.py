"""Dates in a line, in every reading that their text allows; the series of a page decides between readings."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from readingroom.parsing import month_names
from readingroom.parsing.vocabulary import join_expressions


class Order(StrEnum):
    """What the numbers of a date start with."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
    YEAR_FIRST = "year-first"


class Reading(NamedTuple):
    """A day as a text may mean it; ``year`` is 0 where the text has none, ``order`` is set where it may be another."""

    year: int
    month: int
    day: int
    order: Order | None = None

    def build_date(self, year: int = 0) -> dt.date | None:
        try:
            return dt.date(self.year or year, self.month, self.day)
        except ValueError:
            return None


class DateMention(NamedTuple):
    """A date, or the first of several, in a text, from ``start`` to before ``end``.

    ``has_further`` says that more days follow the first, and ``is_weak`` that two numbers alone may be something else;
    ``misspelt`` is the word that was taken for a month.
    """

    start: int
    end: int
    text: str
    readings: tuple[Reading, ...]
    weekday: int | None = None
    is_weak: bool = False
    misspelt: str = ""
    has_further: bool = False

    def names_several_days(self, day: dt.date | None) -> bool:
        """Return whether more days follow the first, given the day that was read: 24 is one in March 5, 24."""
        is_year = day is not None and day.year == self.readings[0].year
        return self.has_further or (bool(self.readings[0].year) and not self.readings[-1].year and not is_year)

    @property
    def has_year(self) -> bool:
        return all(reading.year for reading in self.readings)


FIRST_YEAR, LAST_YEAR = 1970, 2099
_MAX_TEXT = 2_000
_NEAR = 24  # letters around a date in which its weekday is
_ORDINAL = rf"(?:\s?(?:{join_expressions('dates', 'ordinal')})(?![^\W\d_])|\.(?!\d)|[eoa](?![^\W\d_]))?"
_GAP = rf"(?:[\s.,]|(?<!\s)[-/](?!\s)|\b(?:{join_expressions('dates', 'between')})\b){{0,6}}"
_CLOCK = r"(?:[ap]\.?m\b|h(?:rs?|s|od|oras?|eures?)?(?![^\W\d_])|uhr|:[0-9]|時|时|点|點|시)"
_TO = rf"(?:\s{{0,3}}[-–—−~～→]{{1,2}}\s{{0,3}}|\s{{1,3}}(?:{join_expressions('dates', 'to')})\s{{1,3}})"
_AND = rf"(?:\s{{0,3}}[&+、・和と및]\s{{0,3}}|,?\s{{1,3}}(?:{join_expressions('dates', 'and')})\s{{1,3}})"
_ENDS = rf"(?![0-9]|[:.h/][0-9]|\s?{_CLOCK}|\s?[-–]\s?[0-9]{{1,2}}\s?{_CLOCK})"
_DAY = rf"[0-9]{{1,2}}{_ORDINAL}"
_LIST = rf"(?:{_TO}|{_AND}|\s?,\s{{0,2}}|\s?/\s?)"
_YEAR_LONG = r"(?:19|20)[0-9]{2}(?![0-9])"
_NO_YEAR = rf"[0-9]|\s?{_CLOCK}|[./][0-9]|\s?[-–]\s?[0-9]"
_YEAR_SHORT = rf"(?:(?<=-)[0-9]{{2}}(?!{_NO_YEAR})|[0-9]{{2}}(?!{_NO_YEAR}|\s{{0,2}}[^\s()\[\],;|:：–—.-]))"
_YEAR = rf"(?P<year>{_YEAR_LONG}|['’][0-9]{{2}}(?![0-9])|20[0-9](?![0-9])|{_YEAR_SHORT})"
_WORD = r"(?<![^\W\d_])(?P<name>[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]){1,12})(?![^\W\d_])\.?"


@cache
def _build_word_patterns() -> tuple[re.Pattern[str], ...]:
    weekday = rf"(?:(?:{month_names.build_weekday_pattern()})\b\.?,?\s)?"
    article = rf"(?:(?:{join_expressions('dates', 'before')})\s)?"
    before = rf"(?P<day>[0-9]{{1,2}}){_ORDINAL}(?:{_LIST}{article}{weekday}{_DAY}){{0,6}}"
    further = rf"(?:(?:{_TO}|{_AND}|\s?/\s?|,\s?){_DAY}{_ENDS}){{0,6}}"
    return tuple(
        re.compile(each, re.IGNORECASE)
        for each in (
            rf"(?<![0-9])(?P<year>[0-9]{{4}})[\s./-]{{1,3}}{_WORD}{_GAP}(?P<day>[0-9]{{1,2}}){_ORDINAL}(?![0-9])",
            rf"(?<![0-9.:/]){before}{_GAP}{_WORD}(?:{_GAP}{_YEAR})?",
            rf"{_WORD}{_GAP}(?P<day>[0-9]{{1,2}})(?!:?[0-9]|\s?{_CLOCK}){_ORDINAL}{further}(?:{_GAP}{_YEAR})?",
        )
    )


_SIGNS = re.compile(
    r"(?:(?<!\w)(?P<year>[0-9]{2}|[0-9]{4})\s?[年년]\s?|(?<![0-9年년]))(?P<month>[0-9]{1,2})\s?[月월]\s?"
    r"(?P<day>[0-9]{1,2})\s?[日號号일]?(?P<further>(?:\(\w\))?[、・及と]\s?[0-9]{1,2}[日일])?"
)
_ISO = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})\s?(?P<mark>[-–—/.])\s?(?P<month>[0-9]{1,2})\s?(?P=mark)\s?(?P<day>[0-9]{1,2})(?![0-9])"
)
_COMPACT = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01])(?![0-9])"
)
_RANGE = re.compile(  # 2.-4.8.2021, 3. - 5.9., 3-5/8/2022
    rf"(?<![\w.:/-])(?P<day>[0-9]{{1,2}})(?P<further>(?:\.?{_LIST}[0-9]{{1,2}}){{1,6}})(?P<mark>\.|/)\s?(?P<month>[0-9]{{1,2}})"
    r"(?:\.|(?<=/[0-9])/|(?<=/[0-9]{2})/)(?P<year>\s?(?:19|20)[0-9]{2}|[0-9]{2})?(?![0-9]|:[0-9])"
)
_THREE = re.compile(
    r"(?<![0-9A-Za-z.])(?P<first>[0-9]{1,2})\s?(?P<mark>[-/.])\s?(?P<second>[0-9]{1,2})\s?(?P=mark)\s?"
    rf"(?P<last>(?:19|20)[0-9]{{2}}|[0-9]{{1,2}})(?![0-9]|\s?{_CLOCK}|[-/.][0-9])"
)
_TWO = re.compile(
    r"(?<![\w.:,$€£/-])(?P<first>[0-9]{1,2})(?P<mark>[/.-])(?:(?<=\.)\s)?(?P<second>[0-9]{1,2})(?P<closed>\.(?![0-9]))?(?![0-9%\w]|:[0-9]|/[0-9]|-[0-9]{1,2}(?![/0-9])|\.[0-9])"
)
# In "#5 May" the number counts; in "# 5 May" it is the day of a heading or a comment.
_COUNTED = re.compile(rf"(?:[:.h]|\b(?:{join_expressions('dates', 'counted')})[\s.:#]*|#)\Z", re.IGNORECASE)
_LAST_WORD = re.compile(r"(?P<word>[A-Za-z]+)\.?\s?\Z")
_SECOND = re.compile(r"[^\W\d_]\.?\s[0-9]{1,2}[a-z]{0,2},\s?([0-9]{2})\Z")
_PART = re.compile(rf"\s+(?:{join_expressions('dates', 'part_of')})\b")
_DASHES = dict.fromkeys(map(ord, "‐‑‒−"), "-")
_DIGITS = re.compile("[0-9]+")
_MARK = re.compile(r"\s?[-/.]")  # after the first of two or three numbers
_ONE_DAY = re.compile("(?<![0-9])[0-9]{1,2}(?![0-9])")
_WORD_START = re.compile(r"(?<![^\W\d_])[^\W\d_]")
_MAX_BEFORE = 40  # letters: a month's name, a dot and six parts of a gap
_JOINT = re.compile(
    rf"\s?(?:\(\s?\w{{1,12}}\.?\s?\))?(?:{_TO}|{_AND}|\s?[,;/]?\s{{0,3}}|\n)(?:[^\W\d_]{{2,12}}\.?,?\s)?", re.IGNORECASE
)


def find_dates(text: str) -> tuple[DateMention, ...]:
    """Return the dates in a text in their order, without those that only continue another one."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_DASHES)
    if not _DIGITS.search(plain):
        return ()
    plain = plain[:_MAX_TEXT] if len(plain) == len(text) else text[:_MAX_TEXT]
    kept: list[DateMention] = []
    for found in _iter_mentions(plain):
        overlapping = [each for each in kept if each.start < found.end and found.start < each.end]
        if not overlapping:
            kept.append(found)
        elif len(overlapping) == 1 and _is_other_reading(overlapping[0], found):
            kept.remove(overlapping[0])
            kept.append(_join_readings(overlapping[0], found))
    if not kept:
        return ()
    kept.sort(key=lambda each: each.start)
    return tuple(each._replace(weekday=_find_weekday(plain, each)) for each in _join_further(plain, kept))


def _is_other_reading(one: DateMention, other: DateMention) -> bool:
    """Return whether a text has two readings that share a month's name: 1. Aug 26."""
    orders = {each.readings[0].order for each in (one, other)}
    months = {reading.month for each in (one, other) for reading in each.readings}
    are_in_words = all(any(map(str.isalpha, each.text)) for each in (one, other))
    return len(months) == 1 and are_in_words and orders == {Order.DAY_FIRST, Order.MONTH_FIRST}


def _join_readings(one: DateMention, other: DateMention) -> DateMention:
    if re.search(r"[0-9]{4}\Z", other.text) and not re.search("[0-9]{4}", one.text):
        return other
    known = {reading[:3] for reading in one.readings}
    readings = (*one.readings, *(each for each in other.readings if each[:3] not in known))
    return one._replace(start=min(one.start, other.start), end=max(one.end, other.end), readings=readings)


def _iter_mentions(text: str) -> Iterator[DateMention]:
    """Yield dates, the most certain patterns first, each where its first number or word may be."""
    numbers = [found.span() for found in _DIGITS.finditer(text)]
    days, years, compact = ([start for start, end in numbers if end - start in sizes] for sizes in ((1, 2), (4,), (8,)))
    marked = [start for start, end in numbers if end - start in (1, 2) and _MARK.match(text, end)]
    gaps = ((max(end, day - _MAX_BEFORE), day) for end, day in pairwise([0, *days]))
    words = [start for gap in gaps for start in [word.start() for word in _WORD_START.finditer(text, *gap)][-4:]]
    year_first, day_first, month_first = _build_word_patterns()
    readers = (
        ([] if text.isascii() else [start for start, _ in numbers], _SIGNS, _read_numbers),
        (years, _ISO, _read_numbers),
        (compact, _COMPACT, _read_numbers),
        (days if "/" in text or "." in text else [], _RANGE, _read_numbers),
        (years, year_first, _read_word),
        (days, day_first, _read_word),
        (words, month_first, _read_word),
        (marked, _THREE, _read_three),
        (marked, _TWO, _read_two),
    )
    certain: list[DateMention] = []  # with the year in front: nothing within them is another date
    for starts, pattern, read in readers:
        end = 0
        for start in starts:
            if start < end or any(each.start <= start < each.end for each in certain):
                continue
            if (found := pattern.match(text, start)) and (mention := read(found)):
                yield mention
                certain += [mention] if read is _read_numbers and pattern is not _RANGE else []
                end = max(found.end(), start + 1)


def _build(found: re.Match[str], readings: Sequence[Reading], *, is_weak: bool = False) -> DateMention | None:
    valid = tuple(
        each
        for each in readings
        if (not each.year or FIRST_YEAR <= each.year <= LAST_YEAR) and 1 <= each.month <= 12 and 1 <= each.day <= 31
    )
    text = found[0].rstrip(" ,")
    return DateMention(found.start(), found.start() + len(text), text, valid, is_weak=is_weak) if valid else None


def _read_numbers(found: re.Match[str]) -> DateMention | None:
    named = found.groupdict()
    made = _build(found, [Reading(_expand_year(named["year"] or ""), int(named["month"]), int(named["day"]))])
    return made._replace(has_further=bool(named.get("further"))) if made else None


def _read_word(found: re.Match[str]) -> DateMention | None:
    name, year = found["name"], found["year"] or ""
    month = month_names.find_month(name)
    misspelt = "" if month else name
    if misspelt:
        month = month_names.guess_month(name)
        if not month or (not year and len(name) < 7):
            return None
    order = Order.MONTH_FIRST if found.start("day") > found.start("name") else Order.DAY_FIRST
    if order is Order.DAY_FIRST and _COUNTED.search(found.string, 0, found.start("day")):
        return None
    readings = [Reading(_expand_year(year), month, int(found["day"]), order)]
    if not year and (second := _SECOND.search(found[0])):  # a year or a second day: March 5, 24
        readings.insert(0, Reading(2000 + int(second[1]), month, int(found["day"]), order))
    made = _build(found, readings)
    days = _ONE_DAY.findall(found.string, found.start(), found.start("year") if year else found.end())
    return made._replace(misspelt=misspelt, has_further=len(days) > 1 and len(readings) < 2) if made else None


def _read_three(found: re.Match[str]) -> DateMention | None:
    first, second, last = found["first"], found["second"], found["last"]
    if found["mark"] == "." and len(last) < 3 and _is_version(found):
        return None
    year = _expand_year(last)
    readings = []
    if len(last) > 1:
        readings = [Reading(year, int(second), int(first), Order.DAY_FIRST)]
        readings.append(Reading(year, int(first), int(second), Order.MONTH_FIRST))
    if len(last) < 3 and len(first) == 2:
        readings.append(Reading(2000 + int(first), int(second), int(last), Order.YEAR_FIRST))
    return _build(found, [each for each in readings if each.build_date()] or readings)


def _is_version(found: re.Match[str]) -> bool:
    """Return whether numbers with dots and a short last one are a version: next to a word, if not two digits each."""
    before = _LAST_WORD.search(found.string, max(0, found.start() - 16), found.start())
    if before and month_names.find_weekday(before["word"]) is None:
        return True
    is_padded = len(found["first"]) == len(found["second"]) == 2
    return not is_padded and re.match(r"\s[^\W\d_]", found.string[found.end() :]) is not None


def _read_two(found: re.Match[str]) -> DateMention | None:
    if _COUNTED.search(found.string, 0, found.start()) or _PART.match(found.string, found.end()):
        return None
    first, second = int(found["first"]), int(found["second"])
    readings = [Reading(0, second, first, Order.DAY_FIRST), Reading(0, first, second, Order.MONTH_FIRST)]
    if found["closed"] or " " in found[0]:
        readings = readings[:1]
    is_weak = not found["closed"] and found["mark"] != "/"
    return _build(found, [each for each in readings if each.build_date(2000)], is_weak=is_weak)


def _expand_year(digits: str) -> int:
    digits = digits.strip(" '’")
    if len(digits) not in {2, 4}:  # 208 lacks a digit
        return 0
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _join_further(text: str, mentions: Sequence[DateMention]) -> list[DateMention]:
    """Return the dates without those that end a range or continue a list; a year at its end is that of all."""
    made: list[DateMention] = []
    for mention in mentions:
        before = made[-1] if made else None
        if before is None or not _JOINT.fullmatch(text, before.end, mention.start):
            made.append(mention)
            continue
        if before.has_year and not mention.has_year and not any(map(str.isalpha, mention.text)):
            made.append(mention)  # 2023-05-04 10.30
            continue
        readings = before.readings
        if not before.has_year and mention.has_year:
            readings = tuple(_borrow_year(each, mention.readings) for each in before.readings)
            orders = {each.order for each in mention.readings}
            readings = tuple(r for r in readings if r.order is None or r.order in orders) or readings
        made[-1] = before._replace(
            end=mention.end,
            text=text[before.start : mention.end],
            readings=readings,
            is_weak=before.is_weak and mention.is_weak,
            has_further=True,
        )
    return made


def _borrow_year(reading: Reading, others: Sequence[Reading]) -> Reading:
    other = next((each for each in others if each.order == reading.order), others[0])
    return reading._replace(year=other.year - (reading.month > other.month))


_BEFORE = re.compile(
    rf"(?P<day>[^\W\d_]{{2,14}}(?:-feira)?)\.?[\s,(*_–—-]*(?:(?:{join_expressions('dates', 'before')})\s)?\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s*[(（]\s*[^\W\d_]{1,14}\.?\s*[)）]|[\s,]+[^\W\d_]{3,14}\.?(?=[^\w]|\Z)|\s*[周週星礼]\S{1,2}")


def _find_weekday(text: str, mention: DateMention) -> int | None:
    """Return the weekday next to a date."""
    before = _BEFORE.search(text, max(0, mention.start - _NEAR), mention.start)
    after = _AFTER.match(text, mention.end)
    for said in (before and before["day"], mention.text, after and after[0]):
        if said and (found := month_names.find_weekday(said)) is not None:
            return found
    return None
