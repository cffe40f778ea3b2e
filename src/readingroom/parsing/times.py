"""A time of the day as people type it, with or without its end: ``14:00``, ``2.30 pm``, ``11-1pm``.

Where one end has no am or pm, the only one that makes a session of a few hours is meant; if there is none, the time
is refused.
"""

import re

from readingroom.text.excerpt import shorten_text

MAX_LENGTH = 100  # of what is taken for a time, or for a day
_HOUR = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2})?)? ?(am|pm|a\.m\.|p\.m\.)?(?: ?h| o'clock| uhr)?")
_TO = re.compile(r" ?(?:-|–|—|to|until) ?")
_HALF_A_DAY = 12 * 60
_DAY = 2 * _HALF_A_DAY
_FEW_HOURS = 8 * 60


def parse_time_range(text: str) -> tuple[str, int | None]:
    """Return when a session starts and how many minutes it takes, if its end is told.

    Raises ValueError with a sentence that says what is wanted.
    """
    text = " ".join(text.split())
    parts = _TO.split(text.casefold()) if len(text) <= MAX_LENGTH else []
    found = [each for part in parts if (each := _HOUR.fullmatch(part))]
    has_halves = any(each[3] for each in found)
    readings = [_list_candidate_minutes(each, has_halves=has_halves) for each in found]
    if len(found) == len(parts) == 1 and len(readings[0]) == 1:
        return format_minutes(readings[0][0]), None
    if len(found) == len(parts) == 2:
        most = _FEW_HOURS if max(map(len, readings)) > 1 else _DAY
        ways = {
            (start, length) for start in readings[0] for end in readings[1] if (length := _compute_duration(start, end))
        }
        ways = {(start, length) for start, length in ways if length <= most}
        if len(ways) == 1:
            ((start, length),) = ways
            return format_minutes(start), length
    message = f'found "{shorten_text(text, 40)}". Expected: a time of the day such as 14:00, or 14:00-15:30.'
    raise ValueError(message)


def _list_candidate_minutes(found: re.Match[str], *, has_halves: bool) -> list[int]:
    """Return the minutes since midnight that a time may mean: of both halves, where the other end alone has a mark."""
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3] or ""
    is_whole = found[2] is not None or "h" in found[0]
    if minute > 59:
        return []
    if not half and not has_halves:
        return [hour * 60 + minute] if hour < 24 and is_whole else []
    halves = [half] if half else ["am", "pm"]
    times = [hour % 12 * 60 + minute + (_HALF_A_DAY if each.startswith("p") else 0) for each in halves]
    if not 1 <= hour <= 12:
        times = []
    if not half and is_whole and hour < 24:
        times.append(hour * 60 + minute)
    return sorted(set(times))


def _compute_duration(start: int, end: int) -> int:
    """Return the minutes from start to end, or 0 if that is no session: it ends on its day, or a few hours later."""
    if end > start:
        return end - start
    length = (end - start) % _DAY
    return length if length <= _FEW_HOURS else 0


def format_minutes(minutes: int) -> str:
    """Return the time of the day that is so many minutes after midnight, as HH:MM."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
