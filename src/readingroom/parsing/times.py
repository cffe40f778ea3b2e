"""A time of the day as people type it, with or without its end: ``14:00``, ``2.30 pm``, ``11-1pm``.

Where one end has no am or pm, the half of the day that makes a session of a few hours is meant; an ambiguous time is
refused.
"""

import re

from readingroom.text.excerpt import shorten_text
from readingroom.text.phrases import normalize_whitespace

MAX_LENGTH = 100  # of a text that may be a time or a day
_HOUR = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2})?)? ?(am|pm|a\.m\.|p\.m\.)?(?: ?h| o'clock| uhr)?")
_TO = re.compile(r" ?(?:-|–|—|to|until) ?")
_HALF_A_DAY = 12 * 60
_DAY = 2 * _HALF_A_DAY
_FEW_HOURS = 8 * 60


def parse_time_range(text: str) -> tuple[str, int | None]:
    """Return when a session starts and its duration in minutes, None if the text has no end.

    Raises ValueError with a sentence that says what is expected.
    """
    text = normalize_whitespace(text)
    parts = _TO.split(text.casefold()) if len(text) <= MAX_LENGTH else []
    matches = [match for part in parts if (match := _HOUR.fullmatch(part))]
    has_halves = any(match[3] for match in matches)
    candidates = [_list_candidate_minutes(match, has_halves=has_halves) for match in matches]
    if len(matches) == len(parts) == 1 and len(candidates[0]) == 1:
        return format_minutes(candidates[0][0]), None
    if len(matches) == len(parts) == 2:
        longest = _FEW_HOURS if max(map(len, candidates)) > 1 else _DAY
        ranges = {
            (start, duration)
            for start in candidates[0]
            for end in candidates[1]
            if 0 < (duration := _compute_duration(start, end)) <= longest
        }
        if len(ranges) == 1:
            ((start, duration),) = ranges
            return format_minutes(start), duration
    message = f'found "{shorten_text(text, 40)}". Expected: a time of the day such as 14:00, or 14:00-15:30.'
    raise ValueError(message)


def _list_candidate_minutes(match: re.Match[str], *, has_halves: bool) -> list[int]:
    """Return the minutes since midnight that a time may mean: in both halves if only the other end has am or pm."""
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3] or ""
    is_whole = match[2] is not None or "h" in match[0]
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
    """Return the minutes from start to end; 0 if a session past midnight would take more than a few hours."""
    if end > start:
        return end - start
    duration = (end - start) % _DAY
    return duration if duration <= _FEW_HOURS else 0


def format_minutes(minutes: int) -> str:
    """Return minutes after midnight as a time, HH:MM."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
