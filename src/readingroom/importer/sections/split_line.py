"""The line beside a day: who leads and what it is about, split as most lines of its group can be."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from readingroom.importer.blocks.page import Block
from readingroom.importer.dates import patterns
from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Runs
from readingroom.importer.inline.spans import Run, Words, squeezed
from readingroom.importer.people import in_line, in_sentence
from readingroom.importer.people import names as people_names
from readingroom.importer.people.in_sentence import Span
from readingroom.importer.session import body, date_time, status, title
from readingroom.importer.session.entry import ROW, Entry
from readingroom.importer.tables.rows import Gathered
from readingroom.importer.vocabulary import fields


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
        self.text = slicing.raw(runs)

    @cached_property
    def is_open(self) -> bool:
        """Whether it is still to be split, and speaks of a session; asked before it is split."""
        text = slicing.text(self.runs)
        return bool(text) and not self.entry.leads and not self.entry.title and not status.of(text)[0]

    @cached_property
    def said(self) -> Span | None:
        """Where its words say that people and a title are."""
        return in_sentence.head(self.text, in_line.are_names)

    @cached_property
    def head(self) -> Span | None:
        """Where people and a title are, if it begins with people."""
        return self.said or in_line.head(self.text) or in_line.linked_head(self.runs)

    @cached_property
    def on(self) -> Span | None:
        """Where people and a title are in "Ann Lee on rings", which "Random Walks on Groups" is not."""
        return in_sentence.on(self.text, in_line.are_names)

    @cached_property
    def end(self) -> int:
        return in_line.end_of(self.runs)

    @property
    def ways(self) -> set[str]:
        """How it may be split: a lead before its title, or in some way behind it."""
        ways = set[str]()
        if self.head or people_names.has_family_name(self.text.strip()):
            ways.add("first")
        elif self.on:
            ways.add("on")
        found = in_line.tail(self.text, self.end)
        if found and not (self.head and people_names.has_family_name(self.text[self.head[0] : self.head[1]].strip())):
            ways.add(found[0])
        return ways

    def opening(self, ways: frozenset[str]) -> Span | None:
        """Return where the people are that it begins with, if its group's lines do so or its words say so."""
        return (self.head if "first" in ways else self.said) or (self.on if "on" in ways else None)

    def tail(self, ways: frozenset[str]) -> re.Match[str] | None:
        """Return where people end it, if its group's lines end with people or its words say so."""
        found = in_line.tail(self.text, self.end, ways - _OPENING_WAYS)
        if found is None:
            return None
        way, place = found
        quoted = self.text[: place.start()].rstrip(" ,").endswith(tuple('»”“"」》』'))
        is_said = way == "led" or (way == "by" and quoted)
        return place if is_said or (ways and not ways & _OPENING_WAYS) else None


_OPENING_WAYS = frozenset({"first", "on"})


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
    if kinds["on"] < 2 or kinds["on"] * 2 < len(lines):
        del kinds["on"]
    opening = sum(kinds[way] for way in _OPENING_WAYS)
    closing = kinds.total() - opening
    if not kinds or max(opening, closing) * 2 < len(lines):
        return frozenset()
    return frozenset(kinds) & _OPENING_WAYS if opening > closing else frozenset(kinds) - _OPENING_WAYS


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
    if head := line.opening(ways) if ways & _OPENING_WAYS else None:
        return Words(number, slicing.cut(runs, *head[:2])), Words(number, slicing.cut(runs, head[2]))
    if ways and not ways & _OPENING_WAYS and (found := line.tail(ways)):
        names = slicing.cut(runs, found.start("name"), found.end("name"))
        return Words(number, names), Words(number, tuple(_take_tail(line, found)))
    return None


_TIME = rf"(?P<time>{date_time.HOUR}(?:\s?(?:--?|–)\s?{date_time.HOUR})?)"
_MARK = r"\s?(?:[:：]|\s[–—-]\s)\s?(?=\S)"
_OPENING = re.compile(
    rf"\s?[@,]?\s?(?:at|um|à|às|a las)?\s?{_TIME}(?:,?\s(?:in|at|en|im)\s(?P<room>[^:：–—]{{1,30}}?))?{_MARK}",
    re.IGNORECASE,
)
_ZONE = r"(?:[A-Z]{2,3}T|UTC|GMT)(?:\s?[+-][0-9:]{1,5})?"
_BRACKET = re.compile(
    rf"\s?[(\[（]\s?(?:{_TIME}\s?(?:{_ZONE})?\s?(?:[,;|]\s?|\Z|(?=[)\]）])))?(?P<room>[^()\[\]（）:：]{{0,40}}?)"
    rf"(?:\s?[)\]）](?:{_MARK}|\s?\Z)|\Z)",
    re.IGNORECASE,
)


# Such as 3pm at EBI; Room 2, of which nothing is a title.
_PLACE = re.compile(r"\s?(?:at|@|in|im|en|à|chez)\s?(?P<room>[A-Z0-9][^:：.()]{1,60})")
_FEW = 5


def _without_opening(draft: Draft) -> Runs:
    """Take the hour that a line begins with, and the room behind it or in brackets; return what is left."""
    text = slicing.raw(draft.rest)
    if (found := _BRACKET.match(text)) and _is_place(draft.entry, found):
        pass
    elif (found := _PLACE.fullmatch(text)) and draft.entry.time and len(found["room"].split()) <= _FEW:
        draft.entry.room = draft.entry.room or found["room"].strip()
        return ()
    elif not (found := _OPENING.match(text)) or not date_time.hours(found["time"])[0]:
        return draft.rest
    if found["time"]:
        body.take_time(draft.entry, found["time"])
    room = (found["room"] or "").strip()
    if told := status.of(room)[0]:
        draft.entry.status = draft.entry.status or told
    else:
        draft.entry.room = draft.entry.room or room
    return slicing.cut(draft.rest, found.end())


def _is_place(entry: Entry, found: re.Match[str]) -> bool:
    """Tell whether brackets behind a day hold an hour and a room, or one of them."""
    time, room = found["time"] or "", found["room"].strip()
    if (time and not date_time.hours(time)[0]) or not (time or room):
        return False
    if not room or title.is_room(room):
        return True
    if re.fullmatch(_ZONE, room, re.IGNORECASE) or patterns.COUNTED.search(room.rstrip("0123456789")):
        return False
    return bool(time or entry.time) and not (in_line.are_names(room) or fields.role_of(room))


def _split(line: _Line, ways: frozenset[str]) -> None:
    """Put the line beside a day into its entry."""
    entry, runs = line.entry, line.runs
    if line.is_open:
        is_first = "first" in ways
        if head := line.opening(ways):
            body.take_leads(entry, Words(entry.line, slicing.cut(runs, *head[:2])))
            runs = slicing.cut(runs, head[2])
        elif is_first and in_line.is_full_name(squeezed(line.text)):
            body.take_leads(entry, Words(entry.line, tuple(runs)))
            runs = ()
        elif found := line.tail(ways):
            runs = _take_tail(line, found)
    if not slicing.text(runs) and not any(run.url or run.struck for run in runs):
        return
    if entry.title and not entry.leads and (tail := in_line.tail(line.text, in_line.end_of(runs))):
        _take_tail(line, tail[1])
    if entry.title:
        body.take_value(entry, fields.OTHER, "", Words(entry.line, tuple(runs)))
        return
    material, entry.material = entry.material, []
    title.take(entry, runs)
    entry.material += material


def _take_tail(line: _Line, found: re.Match[str]) -> Runs:
    """Take the people that a line ends with, and return its other runs."""
    entry, runs = line.entry, line.runs
    body.take_leads(entry, Words(entry.line, slicing.cut(runs, found.start("name"), found.end("name"))))
    before, behind = slicing.cut(runs, 0, found.start()), slicing.cut(runs, line.end)
    if found[0].count("(") > found[0].count(")"):  # the links behind the people stand in the same brackets
        behind = tuple(run if run.url else run._replace(text=run.text.replace(")", "")) for run in behind)
        behind = tuple(each for run in behind for each in ((Run(" ("), run, Run(") ")) if run.url else (run,)))
    closing = Run(")" if found[0].count("(") < found[0].count(")") else " ")
    return (*before, closing, *behind)
