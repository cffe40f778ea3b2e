"""The day and the hour of a session, as a cell or a line gives them."""

import re

from readingroom.core.models import Status
from readingroom.importer.dates import match, month_names
from readingroom.importer.dates.match import DateMention
from readingroom.importer.inline import slicing
from readingroom.importer.inline.spans import InlineText, squeeze_spaces
from readingroom.importer.session import status
from readingroom.importer.session.entry import OFF_DAY, ImportedSession
from readingroom.parsing import times as hours_of_day
from readingroom.text.excerpt import shorten_text

HOUR = r"[0-9]{1,2}(?:[:.h][0-9]{2})?\s?(?:[ap]\.?m\.?|(?:uhr|hrs?|hs|hod|horas?|heures?|h)(?![^\W\d_])\.?)?"
_HOURS = re.compile(rf"{HOUR}\s*(?:(?:--?|–|—|to|bis|à)\s*(?:{HOUR})?)?", re.IGNORECASE)
_TO = re.compile(r"--| to |bis|à", re.IGNORECASE)
_WORD = re.compile(r"\s?(?:uhr|hrs?|hs|hod|horas?|heures?)\b\.?", re.IGNORECASE)


def find_hours(text: str) -> tuple[str, int | None, str]:
    """Return the first time of a text, its duration, and the text of both; empty if there is none."""
    for found in _HOURS.finditer(text):
        hours = found[0].strip()
        plain = _WORD.sub("h", _TO.sub("-", hours))
        if not re.search(r"[:h]|[ap]\.?m|[0-9]\.[0-9]{2}", plain, re.IGNORECASE):
            continue
        try:
            time, duration = hours_of_day.parse_time_range(plain)
        except ValueError:
            continue
        return time, duration, hours
    return "", None, ""


def fill_session_day(entry: ImportedSession, cell: InlineText) -> bool:
    """Take the day of a cell or a line, with the time and the link next to it; return whether there is one."""
    text = slicing.get_unstruck_text(cell.runs)
    found = match.find_date(text)
    if found is None:
        return False
    entry.stamp = DateMention(cell.line, squeeze_spaces(text), found)
    rest = f"{text[: found.start]} {text[found.end :]}"
    time, duration, hours = find_hours(rest)
    if time:
        entry.time, entry.duration = entry.time or time, entry.duration or duration
        rest = rest.replace(hours, " ")
    if cell.is_struck:
        entry.status = entry.status or Status.CANCELLED
    for link in cell.links:
        if link.url.startswith("#"):
            entry.anchor = link.url[1:]
        else:
            label = "" if link.text.strip() in text[found.start : found.end] else squeeze_spaces(link.text)
            entry.add_resource(label or "Link", link.url)
    is_range = bool(found.until) or match.has_second_date(entry.stamp.text)  # reported with the day itself
    if not is_range and (other := match.find_date(text[found.end :])) and not other.is_open:
        shown = squeeze_spaces(text[found.end + other.start :])[:60]
        entry.remarks.append((cell.line, f'"{shown}" is next to the date: only the first day became a session.'))
    found_status, _ = status.split_status(rest.strip(" ()[],;:-–"))
    if found_status in {Status.CANCELLED, Status.POSTPONED, OFF_DAY}:
        entry.status = entry.status or found_status
    elif not is_range and (left := _find_unread_text(rest)) and not any(left in link.text for link in cell.links):
        entry.remarks.append((cell.line, f'"{shorten_text(left)}" is next to the date and was not imported.'))
    return True


_IGNORED = re.compile(
    r"week|session|meeting|semaine|woche|semana|第|周|回|[^\W\d_]{1,3}\.?|gmt|utc|bst|cest|cet|est|edt|pst|pdt|uhr|am|pm|noon|\([月火水木金土日월화수목금토일一二三四五六日]\)",
    re.IGNORECASE,
)


def _find_unread_text(rest: str) -> str:
    """Return what is next to a day and is neither a weekday nor a zone."""
    words = re.findall(r"[^\W\d_]+(?:-feira)?", rest)
    left = [
        word
        for word in words
        if word.casefold() not in month_names.get_weekday_numbers() and not _IGNORED.fullmatch(word)
    ]
    return squeeze_spaces(rest).strip(" ,;:()[]-–—|") if left and month_names.find_weekday(rest) is None else ""
