"""The line beside a day: who leads and what it is about, split as most lines of its group can be."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from readingroom.importing import columns, cutting, moment, parting, people, reading, roster, speech, status, topic
from readingroom.importing.cutting import Runs
from readingroom.importing.entry import ROW, Entry
from readingroom.importing.page import Block
from readingroom.importing.speech import Span
from readingroom.importing.tables import Gathered
from readingroom.importing.words import Run, Words, squeezed


@dataclass
class Draft:
    """An entry that is not split yet into title and leads: the runs that stand beside its day, and what is below."""

    entry: Entry
    rest: Runs
    below: Sequence[Block] = ()
    depth: int = 0
    source: str = ""


class _Line:
    """What stands beside a day, and what can be told of it, found out once."""

    def __init__(self, entry: Entry, runs: Runs) -> None:
        self.entry, self.runs = entry, runs
        self.text = cutting.raw(runs)

    @cached_property
    def is_open(self) -> bool:
        """Whether it is still to be split, and speaks of a session; asked before it is split."""
        text = cutting.text(self.runs)
        return bool(text) and not self.entry.leads and not self.entry.title and not status.of(text)[0]

    @cached_property
    def said(self) -> Span | None:
        """Where its words say that people and a title are."""
        return speech.head(self.text, are_names)

    @cached_property
    def head(self) -> Span | None:
        """Where people and a title are, if it begins with people."""
        return self.said or _head(self.text)

    @cached_property
    def end(self) -> int:
        return _end(self.runs)

    @property
    def ways(self) -> set[str]:
        """How it may be split: a lead before its title, or in some way behind it."""
        ways = set[str]()
        if self.head or people.has_family_name(self.text.strip()):
            ways.add("first")
        found = _tail(self.text, self.end)
        if found and not (self.head and people.has_family_name(self.text[self.head[0] : self.head[1]].strip())):
            ways.add(found[0])
        return ways

    def tail(self, ways: frozenset[str]) -> re.Match[str] | None:
        """Return where people end it, if its group's lines end with people or its words say so."""
        found = _tail(self.text, self.end, ways - {"first"})
        if found is None:
            return None
        way, place = found
        quoted = self.text[: place.start()].rstrip(" ,").endswith(tuple('»”“"」》』'))
        is_said = way == "led" or (way == "by" and quoted)
        return place if is_said or (ways and "first" not in ways) else None


def settled(drafts: Sequence[Draft], skipped: Sequence[tuple[int, str]]) -> Gathered:
    """Return the entries of a group, the lines beside their days split as most of the group's can be."""
    lines = [_Line(draft.entry, _without_opening(draft)) for draft in drafts]
    ways = _ways_of_most([line for line in lines if line.is_open])
    made = Gathered(skipped=list(skipped))
    for draft, line in zip(drafts, lines, strict=True):
        _split(line, ways)
        if line.entry.is_empty:
            said = f'"{squeezed(draft.source.replace("*", ""))[:60]}" has a day and nothing else, so it is no session.'
            made.skipped.append((line.entry.line, said))
        else:
            made.entries.append(line.entry)
    return made


def _ways_of_most(lines: Sequence[_Line]) -> frozenset[str]:
    """Return the ways in which most lines can be split, none if there are no such ways."""
    kinds = Counter(way for line in lines for way in line.ways)
    counts = kinds["first"], sum(count for kind, count in kinds.items() if kind != "first")
    most = max(counts)
    if not most or most * 2 < len(lines):
        return frozenset()
    return frozenset({"first"}) if counts[0] > counts[1] else frozenset(kinds) - {"first"}


_MOST = 0.7


def parted(cells: Sequence[Words], *, is_said: bool) -> list[tuple[Words, Words] | None]:
    """Return the people and the title of each cell that has both: of any where the head says so, else of nearly all."""
    lines = [_Line(Entry("", cell.line, ROW), cell.runs) for cell in cells]
    several = [line for line in lines if line.is_open]
    ways = _ways_of_most(several)
    if not is_said:
        colons = sum(":" in line.text and line.head is not None for line in several)
        ways = frozenset({"first"}) if len(several) > 1 and colons > _MOST * len(several) else frozenset()
    return [_parted(line, ways) if line.is_open else None for line in lines]


def _parted(line: _Line, ways: frozenset[str]) -> tuple[Words, Words] | None:
    runs, number = line.runs, line.entry.line
    if "first" in ways and (head := line.head):
        return Words(number, cutting.cut(runs, *head[:2])), Words(number, cutting.cut(runs, head[2]))
    if ways and "first" not in ways and (found := line.tail(ways)):
        names = cutting.cut(runs, found.start("name"), found.end("name"))
        return Words(number, names), Words(number, tuple(_take_tail(line, found)))
    return None


_HOUR = r"[0-9]{1,2}(?:[:.h][0-9]{2})?\s?(?:[ap]\.?m\.?|uhr|h)?"
_OPENING = re.compile(
    rf"\s?[@,]?\s?(?:at|um|à|às|a las)?\s?(?P<time>{_HOUR}(?:\s?[-–]\s?{_HOUR})?)"
    r"(?:,?\s(?:in|at|en|im)\s(?P<room>[^:：–—]{1,30}?))?\s?(?:[:：]|\s[–—-]\s)\s?(?=\S)",
    re.IGNORECASE,
)


def _without_opening(draft: Draft) -> Runs:
    """Take the hour that a line begins with, and the room behind it; return what is left."""
    found = _OPENING.match(cutting.raw(draft.rest))
    if not found or not moment.hours(found["time"])[0]:
        return draft.rest
    reading.take_time(draft.entry, found["time"])
    draft.entry.room = draft.entry.room or (found["room"] or "").strip()
    return cutting.cut(draft.rest, found.end())


_FIRST = re.compile(r"\s{0,3}([^,:：，–—|]{2,60}?)\s{0,3}(?:(?:[,:|]|\s[–—-])\s+|[：，])(?=\S)")
_LAST = {
    "led": re.compile(
        r"\s?[,;(]\s?(?:led|presented|given|hosted|vorgestellt|geleitet|animée?|présentée?|presentad[oa]|apresentad[oa])"
        r"\s(?:by|von|par|por)\s(?P<name>[^–—|(),;]{2,60}?)\.?(?:\)\s*)?\Z"
    ),
    "dash": re.compile(r"\s[–—|/-]\s\s?(?P<name>[^–—|]{3,80}?)\s*\Z"),
    "by": re.compile(r",?\s(?:(?:presented|led|given)\s)?(?:by|par|por)\s\s?(?P<name>[^–—|]{3,80}?)\s*\Z"),
    "brackets": re.compile(r"\s\((?:by\s|lead:?\s)?\s?(?P<name>[^()–—|]{3,80}?)(?:\)\s*)?\Z"),
    "comma": re.compile(r",\s(?P<name>[^–—|()]{3,80}?)\.?\s*\Z"),
}


def _tail(text: str, end: int, loose: Iterable[str] = ()) -> tuple[str, re.Match[str]] | None:
    """Return in which way a line ends with people, and where; in a loose way a word that may be a name is enough."""
    for way, pattern in _LAST.items():
        if (found := pattern.search(text, 0, end)) and are_names(found["name"], is_loose=way == "led" or way in loose):
            return way, found
    return None


def _head(text: str) -> Span | None:
    """Return where the people are that stand before a comma, a colon or a dash, and the title behind it."""
    found = _FIRST.match(text)
    if not found or not are_names(found[1]):
        return None
    place = _FIRST.match(text, found.end())
    if place and text[found.end(1) : found.end()].strip() == "," and people.is_place(place[1]):
        return found.start(1), place.end(1), place.end()
    return found.start(1), found.end(1), found.end()


def head_of(runs: Runs) -> Span | None:
    """Return where people and a title are in a line that begins with people."""
    return _head(cutting.raw(runs))


def _end(runs: Runs) -> int:
    """Return where the words of a line end: before the links that stand in brackets or alone behind them."""
    place, end = 0, 0
    for run in runs:
        place += len(run.text)
        if not run.url and run.text.strip(" ()[],;|·/"):
            end = place - (len(run.text) - len(run.text.rstrip(" ([,;|·/")))
    return end if any(run.url for run in runs) and not (runs and runs[0].url and end == 0) else place


def is_full_name(text: str) -> bool:
    if re.fullmatch(r"@[A-Za-z0-9-]+", text):
        return True
    if status.is_meeting(text) or columns.role_of(text) or people.is_topic(text):
        return False
    size = len(re.sub(r"\([^()]*\)", "", text[: people.MAX_CELL]).split())
    return people.is_name(text) and (size > 1 or not text.isascii()) and size < 5


def are_names(text: str, *, is_loose: bool = False) -> bool:
    """Tell whether a text names people and says nothing else; a word alone may be a name if that is enough."""
    if is_full_name(text):
        return True
    if not is_loose and not parting.may_part(text):
        return False  # as nearly all titles, of which to read people takes long
    found = roster.read(Words(0, (Run(text),)))
    each = people.is_name if is_loose else is_full_name
    return bool(found.people) and (is_loose or not found.unclear) and all(each(lead.name) for lead in found.people)


def _split(line: _Line, ways: frozenset[str]) -> None:
    """Put the line beside a day into its entry."""
    entry, runs = line.entry, line.runs
    if line.is_open:
        is_first = "first" in ways
        if head := line.head if is_first else line.said:
            reading.take_leads(entry, Words(entry.line, cutting.cut(runs, *head[:2])))
            runs = cutting.cut(runs, head[2])
        elif is_first and is_full_name(squeezed(line.text)):
            reading.take_leads(entry, Words(entry.line, tuple(runs)))
            runs = ()
        elif found := line.tail(ways):
            runs = _take_tail(line, found)
    if not cutting.text(runs) and not any(run.url or run.struck for run in runs):
        return
    if entry.title and not entry.leads and (tail := _tail(line.text, _end(runs))):
        _take_tail(line, tail[1])
    if entry.title:
        reading.take_value(entry, columns.OTHER, "", Words(entry.line, tuple(runs)))
        return
    material, entry.material = entry.material, []
    topic.take(entry, runs)
    entry.material += material


def _take_tail(line: _Line, found: re.Match[str]) -> Runs:
    """Take the people that a line ends with, and return its other runs."""
    entry, runs = line.entry, line.runs
    reading.take_leads(entry, Words(entry.line, cutting.cut(runs, found.start("name"), found.end("name"))))
    before, behind = cutting.cut(runs, 0, found.start()), cutting.cut(runs, line.end)
    if found[0].count("(") > found[0].count(")"):  # the links behind the people stand in the same brackets
        behind = tuple(run if run.url else run._replace(text=run.text.replace(")", "")) for run in behind)
        behind = tuple(each for run in behind for each in ((Run(" ("), run, Run(") ")) if run.url else (run,)))
    closing = Run(")" if found[0].count("(") < found[0].count(")") else " ")
    return (*before, closing, *behind)
