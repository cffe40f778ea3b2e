"""The forms of dates as patterns; the groups of a match are the parts of a date."""

import re
from functools import cache

from readingroom.importer.dates import month_names
from readingroom.parsing import cldr
from readingroom.text.characters import ACCENTS

_ORDINAL = rf"(?:\s?(?:{'|'.join(cldr.ORDINALS)}|\.)|[eoa](?![^\W\d_]))?"
# A dash or a stroke between spaces parts two days, or a day and an hour.
_GAP = r"(?:[\s.,]|(?<!\s)[-/](?!\s)|\bof\b|\bthe\b|\bde\b|\bdel\b|\bdu\b|\ble\b){0,7}"
# Two bare digits are a year only where nothing follows that would make them an hour, a number or another day.
_NO_HOUR = r"(?=\s*(?:\Z|[()\[\],;|\n]|:\s|[-–—]\s*(?![0-9\s])))"
# Any word: which of them are months is decided by their list, and by how near one is to it.
_MONTH = rf"(?<![^\W\d_])(?P<name>(?:[^\W\d_][{ACCENTS}]?){{3,12}})(?![^\W\d_])\.?"
_CLOCK = r"(?:[ap]\.?m\b|h(?:rs?|s|od|oras?|eures?)?(?![^\W\d_])|uhr|:[0-9]|時|时|点|點|시)"
_YEAR = (
    r"(?P<year>['’][0-9]{2}(?![0-9])|[0-9]{3,4}(?![0-9])"
    rf"|(?<=-)[0-9]{{2}}(?![0-9]|\s?{_CLOCK})|[0-9]{{2}}{_NO_HOUR})"
)
_DAY = r"(?P<day>[0-9]{1,2})"
# What a number must not go on with to be another day: it is an hour, a number or a date of its own.
_ENDS = rf"(?![0-9]|[:.h/][0-9]|\s?{_CLOCK}|\s?[-–]\s?[0-9]{{1,2}}\s?{_CLOCK})"
_SP = r"\s{0,3}"
_TO = rf"(?:{_SP}[-–—~→]{_SP}|\s{{1,3}}(?:to|bis|à|a|al|au|até|hasta|tot)\s{{1,3}}(?:le\s)?)"
_AND = (
    rf"(?:{_SP},?\s?[&+]{_SP}|\s?[、・和と및]\s?"
    r"|,?\s{1,3}(?:and|or|und|oder|u\.|et|ou|y|o|e|ed|en)\s{1,3}(?:le\s)?)"
)
_COMMA, _STROKE = rf"(?:\s?[,;]{_SP})", rf"(?:{_SP}/{_SP})"
_ANY = rf"(?:{_TO}|{_AND}|{_COMMA}|{_STROKE})"
_NUMBER = rf"[0-9]{{1,2}}{_ORDINAL}"
_FURTHER_BEHIND = (
    rf"(?P<until>(?:{_COMMA}{_NUMBER}{_ENDS}){{0,5}}(?:{_TO}|{_AND}|{_STROKE}){_NUMBER}{_ENDS}"
    rf"|(?:{_COMMA}{_NUMBER}{_ENDS}){{2,6}}"
    # March 7, 14, 2020 and March 7, 9
    rf"|{_COMMA}{_NUMBER}(?=[\s,]{{1,3}}(?:19|20)[0-9]{{2}}(?![0-9]))|{_COMMA}[0-9]{_ENDS}{_NO_HOUR})"
)
_SIGNS = r"[〇零○一二三四五六七八九十]"
_MONTH_AND_DAY_IN_SIGNS = (
    rf"(?P<month>[0-9]{{1,2}}|{_SIGNS}{{1,2}})\s?[月월]\s?(?P<day>[0-9]{{1,2}}|{_SIGNS}{{1,3}})\s?[日號号일]?"
)
_ERAS = "|".join(month_names.ERAS)
# No sign before the numbers may be dropped: an era's, or that of a year which cannot be read.
_YEAR_IN_SIGNS = rf"(?<![0-9])(?P<year>[0-9]{{4}}|(?<![A-Z])[0-9]{{1,3}}|{_SIGNS}{{4}})\s?[年년]\s?"
_IN_SIGNS = (
    # 2024年3月8日, 24年3月8日, 112年3月8日, 3月8日
    rf"(?:{_YEAR_IN_SIGNS}|(?<![0-9十年년])(?<![年년]\s)){_MONTH_AND_DAY_IN_SIGNS}",
    # 令和5年4月14日, 民國112年3月8日, H30年4月14日
    rf"(?P<era>{_ERAS}|(?<![^\W_])[A-Z])\s?(?P<year>[0-9]{{1,3}}|元|{_SIGNS}{{1,3}})\s?年\s?{_MONTH_AND_DAY_IN_SIGNS}",
)
# R5.4.14; R5.4.1 may be a version where more is next to it
_OF_ERA = (
    rf"(?<![^\W_])(?P<era>{_ERAS})(?P<year>[0-9]{{1,2}}|元)(?P<mark>[./-])(?P<month>[0-9]{{1,2}})(?P=mark)"
    r"(?P<day>[0-9]{2}|[0-9](?=\s*(?:[(（]\w[)）]\s*)?\Z))(?![0-9]|[./-][0-9])"
)
_COMPACT = r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01])(?![0-9])"
_MARK, _TWO, _FOUR = r"\s?(?P<mark>[-/.])\s?", r"[0-9]{1,2}", r"[0-9]{4}"
_CLOSED = r"(?P<closed>(?P=mark))?(?![0-9%\w]|:[0-9]|[./-][0-9])"
_TO_ALIKE = rf"(?=\s?[-–—~]\s?{_TWO}(?P=mark){_TWO}(?P=mark)?(?![0-9:]))"  # 7/20-7/22/2022
_IN_NUMBERS = (
    # 2024-08-12
    rf"(?<![0-9])(?P<year>{_FOUR})\s?(?P<mark>[-–—/.])\s?(?P<month>{_TWO})\s?(?P=mark)\s?(?P<day>{_TWO})(?![0-9])",
    # 2.-4.3., 3. - 5.8.2022, 2., 9. und 16.3.
    rf"(?<![\w.:/-]){_DAY}(?P<until>(?:\.?{_ANY}{_TWO}){{1,6}})\.\s?(?P<month>{_TWO})\.(?P<year>\s?{_FOUR}|[0-9]{{2}})?(?![0-9]|:[0-9])",
    # 3-5/8/2022
    rf"(?<![\w.:/-]){_DAY}(?P<until>{_TO}{_TWO})/(?P<month>{_TWO})/(?P<year>{_FOUR}|[0-9]{{2}})(?![\w/-])",
    # 8/3-5/2022
    rf"(?<![\w.:/-])(?P<month>{_TWO})/{_DAY}(?P<until>{_TO}{_TWO})/(?P<year>{_FOUR})(?![\w/-])",
    # 17. 5.
    rf"(?<![\w.:/-]){_DAY}\.\s(?P<month>{_TWO})\.(?!\s?[0-9])",
    # 12/08/24
    rf"(?<![0-9.])(?<!\b[A-Z])(?P<first>{_TWO}){_MARK}(?P<second>{_TWO})\s?(?P=mark)\s?(?P<last>{_FOUR}|{_TWO})(?![0-9]|\s?{_CLOCK})",
    # 12/08
    rf"(?<![\w.:,$€£])(?P<first>{_TWO})(?P<mark>[/.-])(?P<second>{_TWO})(?:{_CLOSED}|{_TO_ALIKE})",
    _OF_ERA,
)


DatePatterns = tuple[tuple[re.Pattern[str], tuple[re.Pattern[str], ...]], ...]


@cache
def build_day_patterns() -> DatePatterns:
    """Return the forms of a day by what a text must hold that has one of them."""
    further = rf"(?P<until>(?:{_ANY}{_build_weekday_prefix()}{_NUMBER}){{1,6}})"
    in_words = (
        rf"(?<![0-9]){_DAY}(?!\s?\d){_ORDINAL}{further}?{_GAP}{_MONTH}(?:{_GAP}{_YEAR})?",
        rf"(?<![0-9])(?P<year>[0-9]{{4}}){_GAP}{_MONTH}{_GAP}{_DAY}{_ORDINAL}(?![0-9])",
        rf"{_MONTH}-{_DAY}-(?P<year>[0-9]{{4}}|[0-9]{{2}})(?![0-9])",
        rf"{_MONTH}{_GAP}{_DAY}(?!:?[0-9]|\s?{_CLOCK}){_ORDINAL}{_FURTHER_BEHIND}?(?:{_GAP}{_YEAR})?",
    )
    forms = {
        r"[0-9元]\s?[-–—/.]\s?[0-9]": _IN_NUMBERS,
        r"[0-9]{8}": (_COMPACT,),
        "[月월]": _IN_SIGNS,
        rf"[^\W\d_](?:[^\W\d_]|[{ACCENTS}]){{2}}": in_words,
    }
    return tuple((_build_pattern(needed), tuple(map(_build_pattern, several))) for needed, several in forms.items())


def _build_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@cache
def build_joint_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what is between two days, weekdays left out, and a bare number that may be the second."""
    sign = r"(?:\s?\(\s?\w{1,12}\.?\s?\))?"
    joint = rf"{sign}(?:(?P<to>{_TO})|(?P<and>{_AND})|(?P<loose>{_COMMA}|{_STROKE})){_build_weekday_prefix()}"
    bare = rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|日|号|일)?{_ENDS}(?!\w)"
    return _build_pattern(joint), _build_pattern(bare)


def _build_weekday_prefix() -> str:
    return rf"(?:(?:{month_names.build_weekday_pattern()})\b\.?,?\s)?"


# A number after one of these words counts something, and is no day: "Week 3, 5 March".
COUNTED = re.compile(
    r"(?:[:.h]|\b(?:weeks?|wk|sessions?|meetings?|lectures?|talks?|parts?|no|nr|days?|terms?|blocks?|rooms?|chapters?|ch"
    r"|wochen?|kw|sitzung|treffen|vorlesung|teil|kapitel|raum|semaine|séance|chapitre|salle|semana|sesión|sessão|aula"
    r"|capítulo|sala)[\s.:#]*|#\s?)\Z",
    re.IGNORECASE,
)
