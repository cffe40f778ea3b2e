"""The status that a title expresses: a free slot, a holiday, a session that is cancelled or postponed."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from readingroom.core.models import Status
from readingroom.importer.records.candidate import OFF_DAY
from readingroom.parsing.names import is_nobody
from readingroom.parsing.vocabulary import build_expression_pattern, get_expressions, join_expressions

_CANCELLED = join_expressions("status", "cancelled")
_POSTPONED = join_expressions("status", "postponed")
_OPEN = join_expressions("status", "open")
_NONE = join_expressions("status", "none")
_HOLIDAY = join_expressions("status", "holiday")
_BARE = join_expressions("status", "bare_end")
_MEETING = join_expressions("status", "meeting")
_REASON = join_expressions("status", "reason")
_TODAY = join_expressions("status", "today")
_TITLE = rf"(?:(?:{join_expressions('status', 'title')})s?\s?[:-]?\s?)?"
_THE = rf"(?:(?:{join_expressions('status', 'the')})\s)?"
_IS = rf"(?:(?:{join_expressions('status', 'is')})\s)?"
_NOW = rf"(?:\s?(?:{_TODAY}))?"
_BEFORE = rf"\W{{0,9}}(?:(?:{_TODAY}),?\s?)?"


# Every title is held against these four, in lower case: that takes half the time of patterns that ignore it.
_PLAIN = re.compile(
    rf"{_BEFORE}(?:{_THE}(?:{_MEETING})\s?{_IS})?"
    rf"(?:(?P<{Status.CANCELLED}>{_CANCELLED})|(?P<{Status.POSTPONED}>{_POSTPONED})){_NOW}\W{{0,9}}"
    rf"|\W{{0,9}}(?P<{Status.OPEN}>{_OPEN}){_NOW}\W{{0,9}}(?:propose a session\W{{0,9}})?"
)
_THERE = rf"(?:(?:{join_expressions('status', 'there')}) )?"
_NO = join_expressions("status", "no")
_NO_AFTER = join_expressions("status", "no_after")
_NO_MEETING = re.compile(
    rf"{_BEFORE}(?:{_THERE}(?:{_NO})\s?(?:{_MEETING})|(?:{_MEETING})\s?(?:{_NO_AFTER})|{_NONE}){_NOW}\W{{0,9}}"
)
_OFF = re.compile(
    rf"{_BEFORE}(?:{_HOLIDAY})(?:\s(?:holidays?|break|week|weekend))?{_NOW}\W{{0,9}}"
    r"|(?:[^\W\d_]+\s){1,3}(?:break|holidays?|recess|vacations?)"
    rf"|(?:{_HOLIDAY})\s(?:(?:{join_expressions('status', 'until')})\b.*|[0-9]{{1,2}}[./][0-9. /–-].*)"
)
_NO_MEETING_FOR = re.compile(rf"(?P<clause>.{{4,40}}?)\s(?:{_REASON}).*")

_BRACKET_AT_END = re.compile(r"(?P<rest>[^()（）\[\]]+)[(（\[](?P<said>[^()（）\[\]]+)[)）\]]")
_ASIDE = re.compile(rf"\s+[-–—]+\s+|\s?[:：,，;；/&+()（）\[\]]\s?|\s(?:{join_expressions('dates', 'and')})\s")
_GOES_ON = build_expression_pattern("status", "goes_on")
_BOTH = f"{_CANCELLED}|{_POSTPONED}"
_OURS = {"to be confirmed": Status.TBC, "looks for a date": Status.PROPOSED}
_AT_START = re.compile(
    rf"\W{{0,9}}(?P<word>{_BOTH})(?P<mark>\s?[:：;,–—)\]]+\s?|\s?-+\s|\s(?=[(\[])|\s)(?P<rest>\S.*)", re.IGNORECASE
)
_IN_BRACKETS = re.compile(
    rf"[(\[]\s?(?P<word>{_BOTH}|{'|'.join(_OURS)})"
    rf"(?P<reason>[\s:,;–-]{{1,3}}(?:{_REASON})[^()\[\]]{{0,100}})?\s?[)\]]",
    re.IGNORECASE,
)
_AT_END = re.compile(rf"(?P<rest>.*\S)\s?(?:[:;,–—]+|\s-+|!)\s?{_IS}(?P<word>{_BOTH}){_NOW}\W{{0,9}}", re.IGNORECASE)
_BARE_END = re.compile(
    rf"(?P<rest>.*(?<!\w)(?P<last>[^\s]+))\s(?P<word>{_BARE})(?P<reason>\s(?:{_REASON}).*)?\W{{0,9}}", re.IGNORECASE
)
_REASONS = re.compile(rf"\W{{0,9}}(?:{_REASON}).*|[(\[（][^()\[\]（）]*[)\]）]|[0-9\s./-]+", re.IGNORECASE)
_UNKNOWN = re.compile(rf"{_TITLE}(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_MARK = re.compile("|".join([*get_expressions("status", "cancelled", "postponed"), *_OURS]))
MAX_NONE = 100
MAX_TITLE = 500  # what is longer has no status


class StatusMatch(NamedTuple):
    """The status that a text gives, the title that is left of it, and the reason that is next to the status."""

    status: str
    title: str
    reason: str = ""


def split_status(text: str) -> tuple[str, str]:
    """Return the status that a title gives and what is left of it: ("", the text) for one that is a title."""
    return parse_status(text)[:2]


@lru_cache(maxsize=50_000)
def parse_status(text: str) -> StatusMatch:
    """Return the status that a title expresses."""
    text = " ".join(text.split())
    if not text or len(text) > MAX_TITLE:
        return StatusMatch("", text)
    if is_unknown_title(text):
        return StatusMatch(Status.TBC, "")
    if len(text) <= MAX_NONE and (status := _parse_whole_text(text)):
        return status
    plain = StatusMatch("", text)
    return next(_iter_marked_statuses(text), plain) if _MARK.search(text.lower()) else plain


def _parse_whole_text(text: str) -> StatusMatch | None:
    """Return the status of a short text that names no session, with the remark next to it."""
    if status := _match_plain_status(text):
        return StatusMatch(status, "")
    parts = [part for part in map(str.strip, _ASIDE.split(text)) if part]
    bracket = _BRACKET_AT_END.fullmatch(text)
    if _is_no_session(text) or _has_no_session_part(text, parts) or (bracket and _is_generic_remark(bracket["said"])):
        return StatusMatch(OFF_DAY, text)
    if bracket and (status := _match_plain_status(bracket["rest"].strip())):
        return StatusMatch(status, "", bracket["said"].strip())
    if len(parts) > 1 and " " in parts[0] and _match_plain_status(parts[0]) == Status.OPEN:
        return StatusMatch(Status.OPEN, "", _ASIDE.split(text, maxsplit=1)[1].strip())
    return None


def _match_plain_status(text: str) -> str:
    """Return the status that a text gives that says nothing else, or nothing."""
    found = _PLAIN.fullmatch(text.lower())
    return str(found.lastgroup) if found else ""


def _is_no_session(text: str) -> bool:
    """Return whether a text says that there is nothing: a holiday, or a clause that says so."""
    found = _NO_MEETING_FOR.fullmatch(text.lower())
    return _is_no_meeting(text) or _is_holiday(text) or (found is not None and _is_no_meeting(found["clause"]))


def _is_no_meeting(text: str) -> bool:
    return _NO_MEETING.fullmatch(text.lower()) is not None


def _is_holiday(text: str) -> bool:
    return _OFF.fullmatch(text.lower()) is not None


def _is_generic_remark(text: str) -> bool:
    return build_expression_pattern("status", "generic").fullmatch(text) is not None


def _has_no_session_part(text: str, parts: Sequence[str]) -> bool:
    """Return whether the first or last part of a text says so, or the first is a holiday with little next to it."""
    if len(parts) < 2:
        return False
    if _is_no_meeting(parts[0]) or _is_no_meeting(parts[-1]):
        return True
    if not _is_holiday(parts[0]):
        return False
    rest = [part for part in parts[1:] if not _is_holiday(part)]
    rest_of_text = text[len(parts[0]) :].lstrip()
    is_short = sum(len(part.split()) for part in rest) <= 2 and rest_of_text.startswith((":", "-", "–", "—"))
    return is_short or rest_of_text.startswith(("(", "（", "[")) or all(map(_GOES_ON.match, rest))


def _iter_marked_statuses(text: str) -> Iterator[StatusMatch]:
    """Yield what the marks of a status next to a title give."""
    if found := _IN_BRACKETS.search(text):
        left = f"{text[: found.start()]} {text[found.end() :]}"
        yield _build_status_match(found["word"], left, found["reason"] or "")
    if (found := _AT_START.fullmatch(text)) and _is_status_prefix(found):
        yield _build_status_match(found["word"], found["rest"])
    if found := _AT_END.fullmatch(text):
        yield _build_status_match(found["word"], found["rest"])
    if (found := _BARE_END.fullmatch(text)) and not _is_about_cancellation(found):
        yield _build_status_match(found["word"], found["rest"], found["reason"] or "")


def _is_status_prefix(found: re.Match[str]) -> bool:
    """Return whether a word at the start of a text marks it, and is not the first of a title."""
    if found["mark"].strip() or _REASONS.fullmatch(found["rest"]):
        return True
    word = found["word"]
    return (word.isupper() and not found["rest"].isupper()) or "\u3040" < word < "\uac00"


def _is_about_cancellation(found: re.Match[str]) -> bool:
    """Return whether a title that ends with a status speaks of something else that was cancelled."""
    return bool(
        build_expression_pattern("status", "auxiliary").fullmatch(found["last"])
        or build_expression_pattern("status", "article").match(found["rest"])
    )


def _build_status_match(word: str, rest: str, reason: str = "") -> StatusMatch:
    rest = " ".join(rest.split()).strip(" ,;:–—-")
    head, colon, tail = rest.partition(": ")
    if colon and _REASONS.fullmatch(head):
        rest, reason = tail, f"{head} {reason}"
    elif _REASONS.fullmatch(rest) or _is_holiday(rest):
        rest, reason = "", f"{rest} {reason}"
    if re.fullmatch(_MEETING, rest, re.IGNORECASE):
        rest = ""
    return StatusMatch(_get_status(word), rest, reason.strip(" ()[],;:–-"))


def _get_status(word: str) -> str:
    if ours := _OURS.get(word.casefold()):
        return ours
    return Status.POSTPONED if re.fullmatch(_POSTPONED, word, re.IGNORECASE) else Status.CANCELLED


def is_unknown_title(text: str) -> bool:
    """Return whether a title only says that it is not known yet: TBC, Title TBC, 题目待定."""
    found = _UNKNOWN.fullmatch(text.strip())
    rest = found["rest"] if found else text
    return bool(rest.strip()) and is_nobody(rest) and not _match_plain_status(rest)


_VERSION = re.compile(
    r"[\[(]?(?:version |release |v\.? ?)?[0-9]{1,4}(?:\.[0-9]{1,4}){1,3}"
    r"(?:[.+-]?(?:a|b|rc|alpha|beta|dev|post)[.-]?[0-9]{0,3})?[\])]?"
    r"|[\[(]?(?:version|release|v) ?[0-9]{1,4}[\])]?",
    re.IGNORECASE,
)


def is_version_number(text: str) -> bool:
    """Return whether a title is a version's number and nothing else, as above the changes of a program."""
    return _VERSION.fullmatch(text.strip()) is not None
