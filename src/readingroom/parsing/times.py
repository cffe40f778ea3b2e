"""A time of the day as people type it, with or without its end: ``14:00``, ``2.30 pm``, ``11-1pm``, ``noon``.

Where one end has no am or pm, the half of the day that makes a session of a few hours is meant; an ambiguous time is
refused with a proposal, and one in another zone than the group's with the group's zone.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from zoneinfo import ZoneInfo

from readingroom.parsing.vocabulary import build_word_pattern, join_expressions, load_vocabulary
from readingroom.text.phrases import normalize_whitespace, shorten_text

MAX_LENGTH = 100  # of a text that may be a time or a day
_MAX_MENTION = 4_096  # of a text that may contain a time
_HALF_A_DAY = 12 * 60
_DAY = 2 * _HALF_A_DAY
_FEW_HOURS = 8 * 60
_FIRST_MORNING_HOUR = 8  # in a proposal, an earlier hour is one of the afternoon
_EXPECTED = "Expected: a time of the day such as 14:00, or 14:00-15:30."


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time in a longer text: its start as HH:MM, minutes, the zone after it as typed, and where all of it is."""

    start: str
    duration: int | None
    zone: str
    span: tuple[int, int]


def parse_time_range(text: str, time_zone: str = "", day: dt.date | None = None) -> tuple[str, int | None]:
    """Return when a session starts and its duration in minutes, None if the text has no end.

    ``time_zone`` is the group's, which the text may name. Raises ValueError with a sentence that says what is expected,
    and with a proposal if there is one.
    """
    text = normalize_whitespace(text)
    zone = re.search(rf"(?<=[\w.]){_build_zone_pattern().pattern}\Z", text)
    matches = _match_hours(text[: zone.start()] if zone else text)
    ranges = _list_ranges(matches)
    if zone and matches and not (time_zone and _is_own_zone(zone["zone"], time_zone, day)):
        start = ranges[0][0] if len(ranges) == 1 else None
        raise ValueError(_format_zone_refusal(text, zone["zone"], start, time_zone, day))
    if len(ranges) == 1:
        start, duration = ranges[0]
        return format_minutes(start), duration
    proposal = f" Is it {times}?" if (times := _propose(matches)) else ""
    raise ValueError(f'found "{shorten_text(text, 40)}". {_EXPECTED}{proposal}')


def _match_hours(text: str) -> list[re.Match[str]]:
    """Return the start and the end of a text that is nothing but a time; an empty list for any other text."""
    text = unicodedata.normalize("NFKC", text[:MAX_LENGTH]).casefold()
    text = _build_noon_pattern().sub(lambda found: "12:00" if found["noon"] else "0:00", text)
    parts = _build_to_pattern().split(text)
    matches = [found for part in parts if (found := _build_hour_pattern().fullmatch(part))]
    return matches if len(matches) == len(parts) <= 2 else []


def _list_ranges(matches: Sequence[re.Match[str]]) -> list[tuple[int, int | None]]:
    """Return the starts in minutes since midnight, each with a duration, that a typed time may mean."""
    has_halves = any(match["half"] for match in matches)
    has_word = any(match["word"] for match in matches)
    candidates = [_list_candidate_minutes(match, has_halves=has_halves, has_word=has_word) for match in matches]
    if len(candidates) < 2:
        return [(start, None) for each in candidates for start in each]
    longest = _FEW_HOURS if max(map(len, candidates)) > 1 else _DAY
    durations = {(start, _compute_duration(start, end)) for start, end in product(*candidates)}
    return sorted(each for each in durations if 0 < each[1] <= longest)


def _list_candidate_minutes(match: re.Match[str], *, has_halves: bool, has_word: bool) -> list[int]:
    """Return the minutes since midnight that a time may mean: in both halves if only the other end has am or pm."""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    is_whole = not match["half"] and (match["minute"] is not None or has_word)
    if minute > 59:
        return []
    times = {hour * 60 + minute} if is_whole and hour < 24 else set()
    if has_halves and 1 <= hour <= 12:
        halves = [match["half"]] if match["half"] else ["am", "pm"]
        times |= {hour % 12 * 60 + minute + (_HALF_A_DAY if half.startswith("p") else 0) for half in halves}
    return sorted(times)


def _compute_duration(start: int, end: int) -> int:
    """Return the minutes from start to end; 0 if a session past midnight would take more than a few hours."""
    if end > start:
        return end - start
    duration = (end - start) % _DAY
    return duration if duration <= _FEW_HOURS else 0


def _propose(matches: Sequence[re.Match[str]]) -> str:
    """Return the likeliest reading of an unclear time, such as 14:00-15:00 for 2-3; empty if there is none."""
    times = [(int(match["hour"]), int(match["minute"] or 0)) for match in matches]
    if any(match["half"] for match in matches) or any(hour > 23 or minute > 59 for hour, minute in times):
        return ""
    starts = [(hour + 12 if hour < _FIRST_MORNING_HOUR else hour) * 60 + minute for hour, minute in times]
    is_session = len(starts) < 2 or 0 < starts[1] - starts[0] <= _FEW_HOURS
    return "-".join(map(format_minutes, starts)) if is_session else ""


def format_minutes(minutes: int) -> str:
    """Return minutes after midnight as a time, HH:MM."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def find_time(text: str) -> TimeMention | None:
    """Return the first time in a text, with its end and zone: ``6:30 PM``, ``10h30-12h30``, ``13:00 UTC``."""
    return next(iter_times(text), None)


def iter_times(text: str) -> Iterator[TimeMention]:
    """Yield the times in a text that have a mark such as a colon, am or the word for hours."""
    text = text[:_MAX_MENTION].replace("：", ":")
    for found in _build_mention_pattern().finditer(text):
        if not _has_mark(found[0], is_whole=found["end"] is not None or found[0] == text.strip()):
            continue
        ranges = _list_ranges(_match_hours(re.sub(r"(:[0-9]{2}):[0-9]{2}(?:\.[0-9]+)?", r"\1", found["time"])))
        if len(ranges) == 1:
            zone = _build_zone_pattern().match(text, found.end())
            end = zone.end() if zone else found.end()
            start, duration = ranges[0]
            yield TimeMention(format_minutes(start), duration, zone["zone"] if zone else "", (found.start(), end))


def _has_mark(text: str, *, is_whole: bool) -> bool:
    """Return whether a text can be a time: 14.30 alone is one only where nothing else is, or with its end."""
    if is_whole and re.search(r"[0-9]\.[0-9]", text):
        return True
    return re.search(r"[:\w]", re.sub(r"[0-9]+\.[0-9]{2}(?![0-9])", "", text).strip("0123456789 -–—")) is not None


def get_zone_offset(zone: str) -> int | None:
    """Return the minutes east of UTC of a zone as typed, such as CEST or +02:00; None if it is not sure."""
    match = re.fullmatch(r"([A-Za-z]*)(?:([+−-])([0-9]{1,2}):?([0-9]{2})?)?", zone)
    east = load_vocabulary()["dates"]["zones"].get(match[1].upper() or "UTC") if match else None
    if match is None or not isinstance(east, int):
        return None
    minutes = int(match[3] or 0) * 60 + int(match[4] or 0)
    return east + (minutes if match[2] == "+" else -minutes)


def _is_own_zone(zone: str, time_zone: str, day: dt.date | None) -> bool:
    """Return whether a typed zone is the group's on a day, or in some part of the year if there is no day yet."""
    days = [day] if day else [dt.date(2024, 1, 1), dt.date(2024, 7, 1)]
    noon = dt.time(12, tzinfo=ZoneInfo(time_zone))
    return zone in {time_zone, *(dt.datetime.combine(each, noon).tzname() for each in days)}


def _format_zone_refusal(text: str, zone: str, start: int | None, time_zone: str, day: dt.date | None) -> str:
    """Return the sentence that refuses a time in another zone, with the time in the group's where that is sure."""
    offset = get_zone_offset(zone)
    expected = f"the time in {time_zone}, the group's time zone" if time_zone else "the group's time"
    message = f'found "{shorten_text(text, 40)}", a time in {zone}. Expected: {expected}, without a zone.'
    if offset is None or start is None or not day or not time_zone:
        return message
    moment = dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(minutes=start - offset)
    there = moment.astimezone(ZoneInfo(time_zone))
    on_day = "" if there.date() == day else f" on {there.date()}"
    return f"{message} Is it {there:%H:%M}{on_day}?"


@cache
def _build_hour_pattern() -> re.Pattern[str]:
    half = r"(?P<half>am|pm|a\.m\.?|p\.m\.?)?"
    word = rf"(?P<word> ?(?:{join_expressions('dates', 'hour')})\.?)?"
    hour = r"(?P<hour>[0-9]{1,2})(?:[:.h](?P<minute>[0-9]{2})|(?=h(?![a-z])))?"
    return re.compile(f"{hour} ?{half}{word}", re.ASCII)


@cache
def _build_to_pattern() -> re.Pattern[str]:
    return re.compile(rf" ?(?:--?|–|—|~|→| (?:{build_word_pattern('dates', 'to')})(?= )|(?<=[0-9])to(?=[0-9])) ?")


@cache
def _build_noon_pattern() -> re.Pattern[str]:
    noon, midnight = (build_word_pattern("dates", name) for name in ("noon", "midnight"))
    return re.compile(rf"(?:(?<=12 )|(?<!\w))(?:12 )?(?:(?P<noon>{noon})|{midnight})(?!\w)", re.IGNORECASE)


@cache
def _build_mention_pattern() -> re.Pattern[str]:
    word = join_expressions("dates", "hour")
    noon = build_word_pattern("dates", "noon", "midnight")
    hour = (
        rf"(?:[0-9]{{1,2}}(?:[:.h][0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]{{1,6}})?)?)?(?![0-9]|[:./][0-9])"
        rf"(?:\s?(?:[ap]\.?m\b\.?|(?:{word})(?![^\W\d_])\.?))?|(?<!\w)(?:{noon})(?!\w))"
    )
    to = rf"\s?(?:--?|–|—|~|→)\s?|\s(?:{build_word_pattern('dates', 'to')})\s"
    iso = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?![0-9:])"
    start = r"(?<![0-9.:/,+-])(?-i:(?<![A-SU-Za-z_]))"
    return re.compile(rf"{start}(?P<time>{iso}|{hour}(?:(?:{to})(?P<end>{hour}))?)", re.IGNORECASE)


@cache
def _build_zone_pattern() -> re.Pattern[str]:
    """Return a zone after a time: UTC, (CEST), UTC+2, +02:00, Europe/London."""
    names = "|".join(sorted(load_vocabulary()["dates"]["zones"].keys() - {"Z"}, key=len, reverse=True))
    offset = r"[+−-][0-9]{1,2}(?::?[0-9]{2})?"
    own = r"\+[0-9]{2}:[0-9]{2}|[+−-][0-9]{4}|(?<=:[0-9]{2}:[0-9]{2})[+−-][0-9]{2}:[0-9]{2}"
    zone = rf"(?:{names})(?:{offset})?|{own}|[A-Z][A-Za-z_]+/[A-Z][A-Za-z_]+"
    return re.compile(rf"\s{{0,2}}(?P<open>[(\[])?(?P<zone>{zone}|(?<=[0-9])Z)(?![\w/])(?(open)[)\]])")
