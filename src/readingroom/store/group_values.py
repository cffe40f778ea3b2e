"""The values of ``readingroom.yml`` that its schema cannot judge: the time zone, the locale and the date format."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from babel.localedata import locale_identifiers

from readingroom.core import date_format
from readingroom.core.codes import Code
from readingroom.core.diagnostics import Finding
from readingroom.core.models import Group
from readingroom.text import matching

_ZONE_HINT = "Expected: a time zone as region and city, for example Europe/London or America/New_York."
_LOCALE_HINT = "Expected: a language and a country such as en_GB, de_DE, fr_FR."
_PATTERN_HINT = "Expected: a pattern with a day and a month such as dd/MM/yy or d MMMM yyyy."
# Files of the system, not places; "posix/…" and "right/…" repeat all others, the latter with leap seconds.
_NO_PLACE = re.compile("localtime|Factory|posixrules|(?:posix|right)/.*")
_MEANT = {"Y": "y", "u": "y", "D": "d", "m": "M", "L": "M", "e": "E", "c": "E"}
_DATE_LETTERS = frozenset("GyMLdEec")


def check_group_values(group: Group) -> Iterator[tuple[str, Finding]]:
    """Yield the key of each value that cannot be used, and what is wrong with it."""
    yield from _check_time_zone(group.time_zone)
    locale = list(_check_locale(group.locale))
    yield from locale or _check_date_format(group.date_format, group.locale)


def _check_time_zone(name: str) -> Iterator[tuple[str, Finding]]:
    try:
        is_known = bool(ZoneInfo(name)) and not _NO_PLACE.fullmatch(name)
    except (KeyError, OSError, ValueError):
        is_known = False
    if not is_known:
        hint = _suggest(name, filter(lambda each: "/" in each or each == "UTC", available_timezones()), _ZONE_HINT)
        yield "time_zone", Finding(Code.TIME_ZONE_UNKNOWN, f'found "{name}", which is not known.', hint)


def _check_locale(name: str) -> Iterator[tuple[str, Finding]]:
    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        named = {language.casefold(): code for code, language in Locale("en").languages.items()}
        spelt = named.get(name.casefold(), name.replace("-", "_"))
        hint = _suggest(spelt, locale_identifiers(), _LOCALE_HINT)
        yield "locale", Finding(Code.LOCALE_UNKNOWN, f'found "{name}", which is not known.', hint)


def _suggest(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return a hint with the known name that is closest to another, at its end too: "London" is Europe/London."""
    names = sorted(known)
    last = [each for each in names if each.rpartition("/")[2].casefold() == name.casefold()]
    return matching.suggest_word(name, last if len(last) == 1 else names, otherwise)


def _check_date_format(pattern: str, locale: str) -> Iterator[tuple[str, Finding]]:
    other = _list_letters(pattern) - _DATE_LETTERS
    if not other and _distinguishes_days(pattern, locale):
        return
    message = f'found "{pattern}", which does not distinguish one day from another.'
    if other:
        named = " and ".join(f'"{each}" ({_LETTERS.get(each, "no part of a date")})' for each in sorted(other))
        message = f'found "{pattern}" with {named}.'
    meant = re.sub(r"'[^']*'|[A-Za-z]", lambda found: _MEANT.get(found[0], found[0]), pattern)
    is_usable = meant != pattern and _list_letters(meant) <= _DATE_LETTERS and _distinguishes_days(meant, locale)
    hint = f'Did you mean "{meant}"?' if is_usable else _PATTERN_HINT
    yield "date_format", Finding(Code.DATE_FORMAT_INVALID, message, hint)


_LETTERS = {
    "Y": "the year that a week belongs to",
    "D": "the day of the year",
    "w": "the week of the year",
    "W": "the week of the month",
    "F": "the week of the month",
    "g": "a count of days",
    "m": "minutes",
}


def _list_letters(pattern: str) -> set[str]:
    return {each for each in date_format.strip_pattern_literals(pattern) if each.isascii() and each.isalpha()}


def _distinguishes_days(pattern: str, locale: str) -> bool:
    """Return whether a pattern shows the day and the month; 2 January and 2 April 2024 are both a Tuesday."""
    dates = [dt.date(2024, month, day) for month, day in ((1, 2), (1, 3), (4, 2))]
    try:
        return len({date_format.format_date(date, pattern, locale) for date in dates}) == len(dates)
    except (AttributeError, KeyError, ValueError):
        return False
