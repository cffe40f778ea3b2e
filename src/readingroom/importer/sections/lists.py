"""The items of a list that are sessions, whichever way its day stands in each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from readingroom.importer.blocks.page import Text
from readingroom.importer.dates import match
from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Runs
from readingroom.importer.inline.spans import Run, Words
from readingroom.importer.sections.date_position import Daymark, Marks

LEAST_AT_END = 2


@dataclass(frozen=True, slots=True)
class Start:
    """What an item begins a session with: the words of its day, none if a label below tells it, and the rest."""

    day: Words | None
    rest: Runs


@dataclass
class Listing:
    """A list's sessions, each with what is below it, and its items that are none."""

    sessions: list[tuple[Text, list[Text], Start]] = field(default_factory=list)
    others: list[tuple[Text, list[Text]]] = field(default_factory=list)


def read(part: Sequence[Text], month: str, marks: Marks) -> Listing:
    """Return the sessions of a list below a heading that names a month, or none if ``month`` is empty."""
    starts = _opening(part, marks, month)
    depths = [block.depth for block in part if id(block) in starts] or [b.depth for b in part if b.is_item]
    groups = list(_by_depth(part, min(depths, default=0)))
    last = {id(item): mark.last() for item, _ in groups if (mark := marks.of(item))}
    closing = {item: mark for item, mark in last.items() if mark.closes()}
    if not starts and len(closing) < max(LEAST_AT_END, len(groups) / 2):
        closing = {}
    made = Listing()
    for item, below in groups:
        start = starts.get(id(item)) or _labelled(item, below, marks) or _closing(closing.get(id(item)))
        if start:
            made.sessions.append((item, below, start))
        else:
            made.others.append((item, below))
    return made


def _opening(part: Sequence[Text], marks: Marks, month: str) -> dict[int, Start]:
    """Return the items that begin with a day, or with a number below the name of a month."""
    starts: dict[int, Start] = {}
    months = [(-1, month)]
    for block in part:
        if not block.is_item:
            continue
        if (mark := marks.of(block)) and mark.opens(is_item=True):
            starts[id(block)] = Start(mark.day(), mark.beside())
            continue
        while len(months) > 1 and months[-1][0] >= block.depth:
            months.pop()
        if found := month_of(block.words):
            months.append((block.depth, found))
        elif months[-1][1] and (start := _numbered(block, months[-1][1])):
            starts[id(block)] = start
    return starts


def _labelled(item: Text, below: Sequence[Text], marks: Marks) -> Start | None:
    is_told = any(marks.label(block) for block in (item, *below))
    return Start(None, item.words.runs) if is_told else None


def _closing(mark: Daymark | None) -> Start | None:
    return Start(mark.day(), mark.beside()) if mark else None


_MONTH = re.compile(
    r"[^\W\d_]{3,12}\.?,?(?:\s(?:of\s|de\s)?[0-9]{4})?|[0-9]{4}[-/.][0-9]{1,2}|(?:[0-9]{4}年\s?)?[0-9]{1,2}月"
)
_NUMBER = re.compile(
    r"\s*(?:[^\W\d_]{2,10}\.?,?\s)?(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.|日|일)?\s*(?:[:：|]|[-–—]\s|[(（]\w{1,10}[)）]\s*[:：-]?)\s*(?=\S)",
    re.IGNORECASE,
)


def month_of(words: Words) -> str:
    """Return where a line that is the name of a month puts a day's number, such as "{} March 2024", or nothing."""
    text = words.text.strip(" :")
    if len(text) > 24 or not _MONTH.fullmatch(text):
        return ""
    for form in ("{day} {text}", "{text}{day}日", "{text}-{day:02}"):
        shown = form.format(day=1, text=text)
        found = match.read(shown)
        if found and (found.start, found.end, found.until, found.odd, found.day) == (0, len(shown), "", "", 1):
            return form.replace("{text}", text)
    return ""


def _numbered(block: Text, month: str) -> Start | None:
    if 1 <= block.number <= 31:
        return Start(Words(block.line, (Run(month.format(day=block.number)),)), block.words.runs)
    found = _NUMBER.match(slicing.raw(block.words.runs))
    if not found or not 1 <= int(found["day"]) <= 31:
        return None
    day = Words(block.line, (Run(month.format(day=int(found["day"]))),))
    return Start(day, slicing.cut(block.words.runs, found.end()))


def _by_depth(part: Sequence[Text], depth: int) -> Iterator[tuple[Text, list[Text]]]:
    """Yield each item of a depth, or above the first of these, with what is below it."""
    item: Text | None = None
    below: list[Text] = []
    for block in part:
        if item is None or (block.is_item and block.depth <= max(depth, item.depth)):
            if item:
                yield item, below
            item, below = block, []
        else:
            below.append(block)
    if item:
        yield item, below
