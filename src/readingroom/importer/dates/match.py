"""Dates in texts, in the languages and forms that people write them in; a missing part stays missing."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from readingroom.importer.dates import month_names
from readingroom.importer.dates import patterns as dates_patterns

FIRST_YEAR, LAST_YEAR = 1970, 2099
MAX_TEXT = 300  # letters; a day that is further on is part of a sentence
DAY_FIRST, MONTH_FIRST, YEAR_FIRST = ORDERS = ("day-first", "month-first", "year-first")


class DateMatch(NamedTuple):
    """A date in a text, and where it is; a part that the text lacks is 0.

    If the order of its numbers is not clear, ``orders`` are those that it may have; ``day``, ``month`` and ``year`` are
    the first, second and last number. ``until`` is the text of further days, ``doubt`` says what is misspelt. The
    column decides two cases: a year that may be a second day (its text is ``second``), and dots (``is_dotted``).
    """

    start: int
    end: int
    year: int = 0
    month: int = 0
    day: int = 0
    orders: frozenset[str] = frozenset()
    weekday: int | None = None
    until: str = ""
    doubt: str = ""
    second: str = ""
    is_dotted: bool = False

    @property
    def is_open(self) -> bool:
        return bool(self.orders)

    def apply_order(self, order: str) -> "DateMatch":
        """Return it with year, month and day in one of the orders."""
        if not self.orders:
            return self
        year, month, day = self.year, self.month, self.day
        if order == YEAR_FIRST and year:
            year, day = _expand_year(day), year % 100
        elif order != DAY_FIRST:
            month, day = day, month
        return self._replace(year=year, month=month, day=day, orders=frozenset())

    def list_possible_days(self) -> set[tuple[int, int]]:
        """Return the month and day in each order that the numbers may have."""
        return {(each.month, each.day) for each in map(self.apply_order, self.orders or ("",))}

    def is_on_weekday(self, year: int) -> bool:
        """Return whether the day has its weekday in a year."""
        day = self.build_date(year)
        return day is not None and day.weekday() == self.weekday

    def build_date(self, year: int) -> dt.date | None:
        """Return the day in a year, if there is one."""
        try:
            return dt.date(year, self.month, self.day)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a line of a page, and the text around it."""

    line: int
    text: str
    found: DateMatch


@lru_cache(maxsize=50_000)
def find_date(text: str) -> DateMatch | None:
    """Return the first date in a text, or None; digits and signs of full width count as plain ones."""
    iso = (start := _ISO.match(text)) and _build_date_match(start)
    if iso and iso.end == len(text):
        return iso
    plain = _normalize_width(text[:MAX_TEXT])
    if not _MAY_TELL.search(plain):
        return None
    best = iso or (_find_date_at(plain, 0) if plain[:1].isdigit() else None)
    if best is None or not best.year:
        best = _choose_first_match(list(_iter_date_matches(plain)))
    if best is None:
        return None
    joined = _join_further_dates(plain, best)
    sign = _SIGN.match(plain, best.end) if joined.end > best.end else None
    around = f"{plain[: best.start]} {sign[0] if sign else ''} {plain[joined.end :]}"
    return joined._replace(weekday=month_names.find_weekday(around[:_NEAR]))


def has_second_date(text: str) -> bool:
    """Return whether another day is somewhere after the first of a text; 10.30 is an hour there."""
    first = find_date(text)
    rest = text[first.end :] if first else ""
    other = find_date(rest)
    return other is not None and bool(other.year or not other.is_open or "/" in rest[other.start : other.end])


_MAY_TELL = re.compile("[0-9月]")
# No other form fits where this one does and nothing after it may be a part of a day.
_ISO = re.compile("(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?=[: ,]* [^\\W0-9]|:?\\Z)")
_NEAR = 40
_SIGN = re.compile(r"\s?\(\s?\w{1,12}\.?\s?\)")


def _choose_first_match(found: list[DateMatch]) -> DateMatch | None:
    """Return the day that starts first; of two that overlap, such as in "mar. 4 juin 2024", the one with a year."""
    best = min(found, key=lambda each: (each.start, -each.end), default=None)
    if best is None or best.year:
        return best
    longer = [each for each in found if each.year and best.start <= each.start < best.end < each.end]
    return longer[0] if longer else best


def _join_further_dates(text: str, found: DateMatch) -> DateMatch:
    """Return a day with the further ones that a range or a list joins to it, which may give its year."""
    joint, bare = dates_patterns.build_joint_patterns()
    last = found
    for _ in range(_MOST):
        if not (between := joint.match(text, found.end)):
            break
        other = _find_date_at(text, between.end())
        if other and other.orders != {YEAR_FIRST} and (not between["loose"] or _is_date_list(found, other)):
            found, last = _merge_date_matches(found, other, text[found.end : other.end]), other
            continue
        number = bare.match(text, between.end())
        if between["loose"] or not number or not last.day < int(number["day"]) <= 31:
            break
        found = found._replace(end=number.end(), until=f"{found.until}{text[found.end : number.end()]}".strip())
        last = last._replace(day=int(number["day"]))
    return found


_MOST = 12


def _is_date_list(found: DateMatch, other: DateMatch) -> bool:
    """Return whether a comma or a stroke joins two days: both are written out, or both alike in numbers."""
    return bool(other.year) or not other.is_open or (found.is_open and not found.year)


def _merge_date_matches(found: DateMatch, other: DateMatch, text: str) -> DateMatch:
    year = found.year
    if not year and other.year:
        orders = (found.orders - {YEAR_FIRST}) or {DAY_FIRST}
        ends = [(found.apply_order(order), other.apply_order(order)) for order in orders]
        wraps = all((one.month, one.day) > (two.month, two.day) for one, two in ends)
        year = other.year - wraps
        found = found._replace(orders=found.orders - {YEAR_FIRST})
    return found._replace(
        year=year, end=other.end, until=f"{found.until}{text}".strip(), doubt=found.doubt or other.doubt
    )


def _find_date_at(text: str, place: int) -> DateMatch | None:
    """Return the longest day that starts at a place."""
    matches = (
        pattern.match(text, place) for _, patterns in dates_patterns.build_day_patterns() for pattern in patterns
    )
    found = [each for match in matches if match and (each := _build_date_match(match))]
    return max(found, key=lambda each: each.end, default=None)


_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2212"), "-") | {0x2015: "—", 0x301C: "~"}


def _normalize_width(text: str) -> str:
    """Return a text of the same length with every digit and sign of full width as the plain one, and plain dashes."""
    if text.isascii():
        return text
    return "".join(map(_normalize_letter, text)).translate(_DASHES)


def _normalize_letter(letter: str) -> str:
    return unicodedata.normalize("NFKC", letter) if "\uff01" <= letter <= "\uff5e" or letter == "\u3000" else letter


def _iter_date_matches(text: str) -> Iterator[DateMatch]:
    for pattern in (
        each for needed, several in dates_patterns.build_day_patterns() if needed.search(text) for each in several
    ):
        match = pattern.search(text)
        while match:
            if found := _build_date_match(match):
                yield found
                break
            match = pattern.search(text, match.start() + 1)


def _build_date_match(match: re.Match[str]) -> DateMatch | None:
    parts = match.groupdict()
    if "first" in parts:
        return _build_numeric_match(match)
    year, doubt = _parse_year(parts.get("year") or "", parts.get("era") or "", is_in_signs="月" in match[0])
    if "name" in parts:
        month = month_names.find_month(match["name"])
        if not month:
            month, meant = month_names.guess_month(match["name"])
            doubt = f'"{match["name"]}" is read as {meant}' if month else ""
    else:
        month = month_names.parse_number(match["month"])
    day = month_names.parse_number(match["day"])
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    until = (parts.get("until") or "").strip()
    if until and not _is_day_list(match, day):
        return None
    second = "" if until else _find_second_day(match, day)
    return DateMatch(match.start(), match.end(), year, month, day, until=until, doubt=doubt, second=second)


def _find_second_day(match: re.Match[str], day: int) -> str:
    """Return the text of a bare year of two digits that may be a second day, as in March 24, 31."""
    digits = match.groupdict().get("year") or ""
    if "name" not in match.groupdict() or len(digits) != 2 or not day < int(digits) <= 31:
        return ""
    around = match.string[max(match.end("name"), match.end("day")) : match.end("year")]
    return around.strip() if "," in around else ""


def _is_day_list(match: re.Match[str], day: int) -> bool:
    """Return whether the numbers next to a day are further days: they rise, and no word such as "part" counts them."""
    if "name" in match.groupdict() and match.start("name") < match.start("day"):
        return True
    numbers = [day, *map(int, re.findall("[0-9]+", match["until"]))]
    if numbers != sorted(set(numbers)) or numbers[-1] > 31:
        return False
    return not dates_patterns.COUNTED.search(match.string[max(match.start() - _NEAR, 0) : match.start()])


def _build_numeric_match(match: re.Match[str]) -> DateMatch | None:
    """Return a day such as 12/08/24, with the orders that its numbers may have."""
    last = match.groupdict().get("last") or ""
    orders = frozenset(_iter_possible_orders(match, last))
    if not orders or (match[0].count(".") == 1 and match.string[match.end() :].startswith(":")):
        return None  # 3.2: Rings has the number of a section
    year, doubt = (2000 + int(last), "") if len(last) == 1 else _parse_year(last)
    is_dotted = match["mark"] == "." and last != "" and orders != {YEAR_FIRST}
    made = DateMatch(
        match.start(), match.end(), year, int(match["second"]), int(match["first"]), doubt=doubt, is_dotted=is_dotted
    )
    if match["mark"] == "." and DAY_FIRST in orders:  # which is first in every language, if it is no year
        if len(last) == 4:
            return made
        if match.groupdict().get("closed"):
            orders = frozenset({DAY_FIRST})
    return made._replace(orders=orders)


def _iter_possible_orders(match: re.Match[str], last: str) -> Iterator[str]:
    first, second = int(match["first"]), int(match["second"])
    if len(last) != 1 and 1 <= first <= 31 and 1 <= second <= 12:
        yield DAY_FIRST
    is_dotted = last and match["mark"] == "."
    if len(last) != 1 and 1 <= first <= 12 and 1 <= second <= 31 and (not is_dotted or _is_dotted_month_first(match)):
        yield MONTH_FIRST
        if not last:
            yield YEAR_FIRST  # the rest of a day without its year
    has_year = len(match["first"]) == 2 and len(last) in {1, 2} and not _is_section_number(match)
    if has_year and 1 <= second <= 12 and 1 <= int(last) <= 31:
        yield YEAR_FIRST


def _is_dotted_month_first(match: re.Match[str]) -> bool:
    """Return whether a day with dots can have nothing but the month first, and is no version's number or address."""
    if int(match["second"]) <= 12 or re.match(r"\.[0-9]", match.string[match.end() : match.end() + 2]):
        return False
    is_alone = not match.string[: match.start()].rstrip()[-1:].isalnum()
    return len(match["last"]) == 4 or (len(match["first"]) == len(match["second"]) == 2 and is_alone)


def _is_section_number(match: re.Match[str]) -> bool:
    """Return whether 22.3.1 may be that of a version or a section: a word is next to it."""
    if match["mark"] != "." or len(match["last"]) > 1 or " " in match[0]:
        return False
    before, after = match.string[: match.start()].rstrip(), match.string[match.end() :].lstrip()
    return before[-1:].isalpha() or after[:1].isalpha()


def _parse_year(digits: str, era: str = "", *, is_in_signs: bool = False) -> tuple[int, str]:
    """Return a year, or 0 and why it is none; three digits before signs are a year of the Republic of China."""
    digits = digits.strip("'’ ")
    if not digits:
        return 0, ""
    if is_in_signs and len(digits) == 3:
        era = era or "民國"
    number = 0 if era else month_names.parse_number(digits)
    year = month_names.convert_era_year(era, digits) if era else _expand_year(number) if len(digits) == 2 else number
    if FIRST_YEAR <= year <= LAST_YEAR:
        return year, ""
    return 0, f'"{era}{digits}" is not the year of a session'


def _expand_year(year: int) -> int:
    """Return the year that two digits mean."""
    return year + (1900 if year >= FIRST_YEAR % 100 else 2000)
