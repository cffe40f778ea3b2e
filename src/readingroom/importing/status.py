"""What stands in a schedule instead of a session: a free slot, a holiday, a session that is cancelled or put off."""

import re

from readingroom.importing import vocabulary
from readingroom.importing.entry import NONE
from readingroom.importing.people import is_placeholder
from readingroom.session import Status

_CANCELLED, _POSTPONED, _OPEN, _NONE = map(vocabulary.alternatives, ("cancelled", "postponed", "open", "none"))
_TBC = (
    r"(?:(?:title|topic|paper|speaker|detail|thema|titel|titre|sujet|título|titulo|tema|题目|タイトル|제목)s?"
    r"\s?[:-]?\s?)?"
)
_WHOLE = {
    Status.CANCELLED: re.compile(rf"\W*(?:{_CANCELLED})\W*", re.IGNORECASE),
    Status.POSTPONED: re.compile(rf"\W*(?:{_POSTPONED})\W*", re.IGNORECASE),
    Status.OPEN: re.compile(rf"\W*(?:{_OPEN})\W*(?:propose a session\W*)?", re.IGNORECASE),
    NONE: re.compile(rf"\W*(?:(?:{_NONE})(?:\s*[-–—:,/(&+]\s*|\s+(?:and|und|et|y|e)\s+)?)+\W*", re.IGNORECASE),
}
_AT_START = re.compile(
    rf"\W*(?P<word>{_CANCELLED}|{_POSTPONED})\s*(?:[:;,\-–—]+|[)\]]|\s)\s*(?P<rest>\S.*)", re.IGNORECASE
)
_IN_BRACKETS = re.compile(
    rf"[(\[]\s*(?P<word>{_CANCELLED}|{_POSTPONED}|to be confirmed|looks for a date)\s*[)\]]", re.IGNORECASE
)
_AT_END = re.compile(rf"(?P<rest>.*\S)\s*[:;,\-–—]+\s*(?P<word>{_CANCELLED}|{_POSTPONED})\W*", re.IGNORECASE)
_UNKNOWN = re.compile(rf"{_TBC}(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_OURS = {"to be confirmed": Status.TBC, "looks for a date": Status.PROPOSED}
_REASON = re.compile(r"\s[-–—]\s|\s?[:(（]")
MAX_NONE = 60
MAX_TITLE = 500  # what is longer tells no status


def of(text: str) -> tuple[str, str]:
    """Return the status that a title tells and what is left of it: ("", the text) for one that is a title."""
    text = text.strip()
    if not text or len(text) > MAX_TITLE:
        return "", text
    if is_unknown(text):
        return Status.TBC, ""
    if len(text) <= MAX_NONE:
        for status, pattern in _WHOLE.items():
            if pattern.fullmatch(text):
                return status, "" if status != NONE else text
        if _WHOLE[NONE].fullmatch(_REASON.split(text, maxsplit=1)[0]):
            return NONE, text
    for pattern in (_IN_BRACKETS, _AT_START, _AT_END):
        if found := pattern.search(text) if pattern is _IN_BRACKETS else pattern.fullmatch(text):
            rest = found.groupdict().get("rest") or f"{text[: found.start()]} {text[found.end() :]}"
            return _named(found["word"]), " ".join(rest.split())
    return "", text


def _named(word: str) -> str:
    if ours := _OURS.get(word.casefold()):
        return ours
    return Status.POSTPONED if re.fullmatch(_POSTPONED, word, re.IGNORECASE) else Status.CANCELLED


def is_unknown(text: str) -> bool:
    """Tell whether a title only says that it is not known yet: TBC, Title TBC, 题目待定."""
    found = _UNKNOWN.fullmatch(text.strip())
    rest = found["rest"] if found else text
    return bool(rest.strip()) and is_placeholder(rest) and not any(p.fullmatch(rest) for p in _WHOLE.values())
