"""What is next to a day in its line: a weekday, a time, a room; and the rest, which is about the session."""

import re
from typing import NamedTuple

from readingroom.importer.page.rich_text import RichText
from readingroom.parsing import month_names
from readingroom.parsing.times import find_time
from readingroom.parsing.vocabulary import build_expression_pattern, join_expressions


class DayLine(NamedTuple):
    """A line without its day: when and where the session is, and the rest."""

    rest: RichText
    time: str = ""
    duration: int | None = None
    room: str = ""


_SIGNS = re.compile(r"[\s.,;:：|•·!*_~)）\]–—-]+")
_BRACKET = re.compile(r"[(（\[](?P<said>[^()（）\[\]]{1,60})[)）\]]")
_ROOM = re.compile(rf"(?:{join_expressions('headings', 'room')})\b", re.IGNORECASE)
_SHORT_ROOM = re.compile(r"[A-Z][A-Z0-9 .-]{1,8}")
_ZONE = re.compile(r"[A-Z]{2,5}\b|\([A-Z]{2,5}\)")
_LAST_WEEKDAY = re.compile(r"[\s,(（]+(?P<word>[^\W\d_]{2,12})\.?,?\s*\Z")


def read_after(text: RichText) -> DayLine:
    """Return what follows a day."""
    time, duration, room = "", None, ""
    for _ in range(5):
        if signs := _SIGNS.match(text.text):
            text = text.slice(signs.end())
        found = _BRACKET.match(text.text)
        if found:
            inner = find_time(found["said"])
            left = found["said"][: inner.span[0]] + found["said"][inner.span[1] :] if inner else found["said"]
            left = _ZONE.sub("", left, count=1).strip(" ,;|") if inner else left.strip()
            is_day = month_names.find_weekday(f"({left})") is not None
            is_link = any(link.start < found.end() for link in text.links)
            is_room = bool(left) and not is_day and not is_link and (inner is not None or _is_room(left, time))
            if not (inner or is_day or is_room):
                break
            time, duration = (inner.start, inner.duration) if inner and not time else (time, duration)
            room = room or (left if is_room else "")
            text = text.slice(found.end())
            continue
        clock = find_time(text.text[:40])
        if not clock or time or len(text.text[: clock.span[0]].strip(" ,;|@–—-")) > 3 or clock.span[0] > 4:
            break
        time, duration = clock.start, clock.duration
        text = text.slice(clock.span[1])
    return DayLine(text, time, duration, room)


def _is_room(text: str, time: str) -> bool:
    """Return whether words in brackets are a room, next to a time also one of a few capitals."""
    is_named = _ROOM.match(text) or build_expression_pattern("headings", "where").search(text)
    return bool(is_named or (time and _SHORT_ROOM.fullmatch(text)))


def read_before(text: RichText) -> DayLine:
    """Return what precedes a day at the end of a line."""
    last = _LAST_WEEKDAY.search(text.text)
    if last and month_names.find_weekday(last["word"]) is not None:
        text = text.slice(0, last.start())
    return DayLine(text.slice(0, len(text.text.rstrip("(（[,;:–—-•|*_ "))))


def is_nothing(rest: RichText) -> bool:
    """Return whether a line has nothing besides its day that is about the session."""
    return not re.search(r"\w", rest.text) and not rest.links
