"""The status that a title expresses: a free slot, a holiday, a session that is cancelled or postponed."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from readingroom.core.models import Status
from readingroom.parsing.names import is_nobody
from readingroom.parsing.vocabulary import build_expression_pattern, get_expressions, join_expressions

OFF_DAY = "none"  # a holiday, or a week off: a date at which nothing is
MAX_NONE, MAX_TITLE = 100, 500  # letters of a text that says that nothing is, and of one that has any status


def _join(*names: str) -> str:
    return f"(?:{join_expressions('status', *names)})"


_CANCELLED, _POSTPONED, _MEETING, _HOLIDAY, _REASON = map(
    _join, ("cancelled", "postponed", "meeting", "holiday", "reason")
)
_IS = rf"(?:{_join('is')}\s)?"
_NOW = rf"(?:\s?{_join('today')})?\W{{0,9}}"
_BEFORE = rf"\W{{0,9}}(?:{_join('today')},?\s?)?"
# Every title is held against these three, in lower case: that takes half the time of patterns that ignore it.
_PLAIN = re.compile(
    rf"{_BEFORE}(?:(?:{_join('the')}\s)?{_MEETING}\s?{_IS})?"
    rf"(?:(?P<{Status.CANCELLED}>{_CANCELLED})|(?P<{Status.POSTPONED}>{_POSTPONED})){_NOW}"
    rf"|\W{{0,9}}(?P<{Status.OPEN}>{_join('open')}){_NOW}(?:propose a session\W{{0,9}})?"
)
_NO_MEETING = re.compile(
    rf"{_BEFORE}(?:(?:{_join('there')} )?{_join('no')}\s?{_MEETING}|{_MEETING}\s?{_join('no_after')}"
    rf"|{_join('none')}){_NOW}"
)
_OFF = re.compile(
    rf"{_BEFORE}{_HOLIDAY}(?:\s(?:holidays?|break|week|weekend))?{_NOW}"
    r"|(?:[^\W\d_]+\s){1,3}(?:break|holidays?|recess|vacations?)"
    rf"|{_HOLIDAY}\s(?:{_join('until')}\b.*|[0-9]{{1,2}}[./][0-9. /–-].*)"
)
_CLAUSE = re.compile(rf"(.{{4,40}}?)\s{_REASON}.*")
_ASIDE = re.compile(rf"\s+[-–—]+\s+|\s?[:：,，;；/&+()（）\[\]]\s?|\s(?:{join_expressions('dates', 'and')})\s")
_BRACKET_AT_END = re.compile(r"(?P<rest>[^()（）\[\]]+)[(（\[](?P<said>[^()（）\[\]]+)[)）\]]")
_OURS = {"to be confirmed": Status.TBC, "looks for a date": Status.PROPOSED}
_WORD = rf"(?P<word>{_CANCELLED}|{_POSTPONED}"
_IN_BRACKETS = re.compile(
    rf"[(\[]\s?{_WORD}|{'|'.join(_OURS)})(?P<reason>[\s:,;–-]{{1,3}}{_REASON}[^()\[\]]{{0,100}})?\s?[)\]]",
    re.IGNORECASE,
)
_AT_START = re.compile(
    rf"\W{{0,9}}{_WORD})(?P<mark>\s?[:：;,–—)\]]+\s?|\s?-+\s|\s(?=[(\[])|\s)(?P<rest>\S.*)", re.IGNORECASE
)
_AT_END = re.compile(rf"(?P<rest>.*\S)\s?(?:[:;,–—]+|\s-+|!)\s?{_IS}{_WORD}){_NOW}", re.IGNORECASE)
_BARE_END = re.compile(
    rf"(?P<rest>.*(?<!\w)(?P<last>[^\s]+))\s(?P<word>{_join('bare_end')})(?P<reason>\s{_REASON}.*)?\W{{0,9}}",
    re.IGNORECASE,
)
_REASONS = re.compile(rf"\W{{0,9}}{_REASON}.*|[(\[（][^()\[\]（）]*[)\]）]|[0-9\s./-]+", re.IGNORECASE)
_UNKNOWN = re.compile(rf"(?:{_join('title')}s?\s?[:-]?\s?)?(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
# Every title is searched for a mark: one that begins with any word has another of the marks in it.
_MARKS = (each for each in get_expressions("status", "cancelled", "postponed") if not each.startswith(r"\w"))
_MARK = re.compile("|".join([*_MARKS, *_OURS]))


class StatusMatch(NamedTuple):
    """The status that a text gives, the title that is left of it, and the reason that is next to the status."""

    status: str
    title: str
    reason: str = ""


def split_status(text: str) -> tuple[str, str]:
    """Return the status that a title gives and what is left of it: ("", the text) for one that is a title."""
    return parse_status(text)[:2]


def parse_status(text: str) -> StatusMatch:
    """Return the status that a title expresses."""
    text = " ".join(text.split())
    plain = StatusMatch("", text)
    if not text or len(text) > MAX_TITLE:
        return plain
    if is_unknown_title(text):
        return StatusMatch(Status.TBC, "")
    if len(text) <= MAX_NONE and (found := _parse_whole_text(text)):
        return found
    return next(_iter_marked(text), plain) if _MARK.search(text.lower()) else plain


def _parse_whole_text(text: str) -> StatusMatch | None:
    """Return the status of a short text that names no session, with the remark next to it."""
    if said := _match_plain(text):
        return StatusMatch(said, "")
    lower = text.lower()
    bracket = _BRACKET_AT_END.fullmatch(text) if text[-1] in ")）]" else None
    is_generic = bracket and build_expression_pattern("status", "generic").fullmatch(bracket["said"])
    clause = _CLAUSE.fullmatch(lower) if _NO_MEETING.match(lower) else None
    says_nothing_is = _is_off(lower) or (clause is not None and _NO_MEETING.fullmatch(clause[1]) is not None)
    parts = [part for part in map(str.strip, _ASIDE.split(text)) if part]
    if says_nothing_is or is_generic or (len(parts) > 1 and _has_off_part(text, parts)):
        return StatusMatch(OFF_DAY, text)
    if bracket and (said := _match_plain(bracket["rest"].strip())):
        return StatusMatch(said, "", bracket["said"].strip())
    if len(parts) > 1 and " " in parts[0] and _match_plain(parts[0]) == Status.OPEN:
        return StatusMatch(Status.OPEN, "", _ASIDE.split(text, maxsplit=1)[1].strip())
    return None


def _match_plain(text: str) -> str:
    """Return the status that a text gives that says nothing else, or nothing."""
    found = _PLAIN.fullmatch(text.lower())
    return str(found.lastgroup) if found else ""


def _is_off(lower: str) -> bool:
    return bool(_NO_MEETING.fullmatch(lower) or _OFF.fullmatch(lower))


def _has_off_part(text: str, parts: list[str]) -> bool:
    """Return whether the first or last part of a text says so, or the first is a holiday with little next to it."""
    if any(_NO_MEETING.fullmatch(part.lower()) for part in (parts[0], parts[-1])):
        return True
    if not _OFF.fullmatch(parts[0].lower()):
        return False
    rest = [part for part in parts[1:] if not _OFF.fullmatch(part.lower())]
    after = text[len(parts[0]) :].lstrip()
    is_short = sum(len(part.split()) for part in rest) <= 2 and after.startswith((":", "-", "–", "—"))
    goes_on = build_expression_pattern("status", "goes_on").match
    return is_short or after.startswith(("(", "（", "[")) or all(map(goes_on, rest))


def _iter_marked(text: str) -> Iterator[StatusMatch]:
    """Yield what the marks of a status next to a title give."""
    if found := _IN_BRACKETS.search(text):
        yield _build_match(found["word"], f"{text[: found.start()]} {text[found.end() :]}", found["reason"] or "")
    if (found := _AT_START.fullmatch(text)) and _is_prefix(found):
        yield _build_match(found["word"], found["rest"])
    if found := _AT_END.fullmatch(text):
        yield _build_match(found["word"], found["rest"])
    if (found := _BARE_END.fullmatch(text)) and not (
        build_expression_pattern("status", "auxiliary").fullmatch(found["last"])
        or build_expression_pattern("status", "article").match(found["rest"])
    ):
        yield _build_match(found["word"], found["rest"], found["reason"] or "")


def _is_prefix(found: re.Match[str]) -> bool:
    """Return whether a word at the start of a text marks it, and is not the first of a title."""
    word, rest = found["word"], found["rest"]
    is_loud = word.isupper() and not rest.isupper()
    return bool(found["mark"].strip() or _REASONS.fullmatch(rest) or is_loud or "\u3040" < word < "\uac00")


def _build_match(word: str, rest: str, reason: str = "") -> StatusMatch:
    rest = " ".join(rest.split()).strip(" ,;:–—-")
    head, colon, tail = rest.partition(": ")
    if colon and _REASONS.fullmatch(head):
        rest, reason = tail, f"{head} {reason}"
    elif _REASONS.fullmatch(rest) or _OFF.fullmatch(rest.lower()):
        rest, reason = "", f"{rest} {reason}"
    if re.fullmatch(_MEETING, rest, re.IGNORECASE):
        rest = ""
    is_postponed = re.fullmatch(_POSTPONED, word, re.IGNORECASE)
    named = _OURS.get(word.casefold(), Status.POSTPONED if is_postponed else Status.CANCELLED)
    return StatusMatch(named, rest, reason.strip(" ()[],;:–-"))


def is_unknown_title(text: str) -> bool:
    """Return whether a title only says that it is not known yet: TBC, Title TBC, 题目待定."""
    found = _UNKNOWN.fullmatch(text.strip())
    return found is not None and bool(found["rest"]) and is_nobody(found["rest"]) and not _match_plain(found["rest"])


_VERSION = re.compile(
    r"[\[(]?(?:version |release |v\.? ?)?[0-9]{1,4}(?:\.[0-9]{1,4}){1,3}"
    r"(?:[.+-]?(?:a|b|rc|alpha|beta|dev|post)[.-]?[0-9]{0,3})?[\])]?"
    r"|[\[(]?(?:version|release|v) ?[0-9]{1,4}[\])]?",
    re.IGNORECASE,
)


def is_version_number(text: str) -> bool:
    """Return whether a title is a version's number and nothing else, as above the changes of a program."""
    return _VERSION.fullmatch(text.strip()) is not None
