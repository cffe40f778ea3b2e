"""The line next to a day: who leads and what it is about, split as most lines of its group can be."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from readingroom.importer.blocks.page import Block
from readingroom.importer.dates import patterns
from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import InlineText, Span, squeeze_spaces
from readingroom.importer.people import in_line, in_sentence
from readingroom.importer.people import names as people_names
from readingroom.importer.people.in_sentence import SpeakerSplit
from readingroom.importer.session import body, date_time, status, title
from readingroom.importer.session.entry import ROW, ImportedSession
from readingroom.importer.tables.rows import EntryGroup
from readingroom.importer.vocabulary import fields


@dataclass
class DraftEntry:
    """An entry that is not split yet into title and leads: the runs that are next to its day, and what is below."""

    entry: ImportedSession
    rest: Spans
    below: Sequence[Block] = ()
    depth: int = 0
    source: str = ""


class _SessionLine:
    """The text next to a day, and what follows from it, computed once."""

    def __init__(self, entry: ImportedSession, runs: Spans) -> None:
        self.entry, self.runs = entry, runs
        self.text = slicing.get_raw_text(runs)

    @cached_property
    def is_open(self) -> bool:
        """Whether it is still to be split, and speaks of a session; asked before it is split."""
        text = slicing.get_visible_text(self.runs)
        return bool(text) and not self.entry.leads and not self.entry.title and not status.split_status(text)[0]

    @cached_property
    def stated_split(self) -> SpeakerSplit | None:
        """Where its words say that people and a title are."""
        return in_sentence.find_speaker(self.text, in_line.is_only_names)

    @cached_property
    def leading_split(self) -> SpeakerSplit | None:
        """Where people and a title are, if it begins with people."""
        return (
            self.stated_split or in_line.find_leading_people(self.text) or in_line.find_leading_linked_person(self.runs)
        )

    @cached_property
    def on_topic_split(self) -> SpeakerSplit | None:
        """Where people and a title are in "Ann Lee on rings", which "Random Walks on Groups" is not."""
        return in_sentence.find_speaker_on_topic(self.text, in_line.is_only_names)

    @cached_property
    def end(self) -> int:
        return in_line.find_text_end(self.runs)

    @property
    def split_ways(self) -> set[str]:
        """How it may be split: a lead before its title, or in some way after it."""
        ways = set[str]()
        if self.leading_split or people_names.is_cjk_name(self.text.strip()):
            ways.add("first")
        elif self.on_topic_split:
            ways.add("on")
        found = in_line.find_trailing_people(self.text, self.end)
        if found and not (
            self.leading_split
            and people_names.is_cjk_name(self.text[self.leading_split[0] : self.leading_split[1]].strip())
        ):
            ways.add(found[0])
        return ways

    def find_opening_split(self, ways: frozenset[str]) -> SpeakerSplit | None:
        """Return where the people are that it begins with, if its group's lines do so or its words say so."""
        return (self.leading_split if "first" in ways else self.stated_split) or (
            self.on_topic_split if "on" in ways else None
        )

    def find_tail_match(self, ways: frozenset[str]) -> re.Match[str] | None:
        """Return where people end it, if its group's lines end with people or its words say so."""
        found = in_line.find_trailing_people(self.text, self.end, ways - _OPENING_WAYS)
        if found is None:
            return None
        way, place = found
        quoted = self.text[: place.start()].rstrip(" ,").endswith(tuple('»”“"」》』'))
        is_said = way == "led" or (way == "by" and quoted)
        return place if is_said or (ways and not ways & _OPENING_WAYS) else None


_OPENING_WAYS = frozenset({"first", "on"})


def split_draft_entries(drafts: Sequence[DraftEntry], skipped: Sequence[tuple[int, str]]) -> EntryGroup:
    """Return the entries of a group, the lines next to their days split as most of the group's can be."""
    lines = [_SessionLine(draft.entry, _extract_time_and_room(draft)) for draft in drafts]
    ways = _find_common_ways([line for line in lines if line.is_open])
    made = EntryGroup(skipped=list(skipped))
    for draft, line in zip(drafts, lines, strict=True):
        _fill_entry_from_line(line, ways)
        if line.entry.is_empty:
            source = squeeze_spaces(draft.source.replace("*", ""))[:60]
            message = f'"{source}" has a day and nothing else, so it is no session.'
            made.skipped.append((line.entry.line, message))
        else:
            made.entries.append(line.entry)
    return made


def _find_common_ways(lines: Sequence[_SessionLine]) -> frozenset[str]:
    """Return the ways in which most lines can be split, none if there are no such ways."""
    kinds = Counter(way for line in lines for way in line.split_ways)
    if kinds["on"] < 2 or kinds["on"] * 2 < len(lines):
        del kinds["on"]
    opening = sum(kinds[way] for way in _OPENING_WAYS)
    closing = kinds.total() - opening
    if not kinds or max(opening, closing) * 2 < len(lines):
        return frozenset()
    return frozenset(kinds) & _OPENING_WAYS if opening > closing else frozenset(kinds) - _OPENING_WAYS


_MOST = 0.7


def split_people_and_titles(
    cells: Sequence[InlineText], *, is_said: bool
) -> list[tuple[InlineText, InlineText] | None]:
    """Return the people and the title of each cell that has both: of any where the head says so, else of nearly all."""
    lines = [_SessionLine(ImportedSession("", cell.line, ROW), cell.runs) for cell in cells]
    several = [line for line in lines if line.is_open]
    ways = _find_common_ways(several)
    if not is_said:
        colons = sum(":" in line.text and line.leading_split is not None for line in several)
        ways = frozenset({"first"}) if len(several) > 1 and colons > _MOST * len(several) else frozenset()
    return [_split_cell(line, ways) if line.is_open else None for line in lines]


def _split_cell(line: _SessionLine, ways: frozenset[str]) -> tuple[InlineText, InlineText] | None:
    runs, number = line.runs, line.entry.line
    if head := line.find_opening_split(ways) if ways & _OPENING_WAYS else None:
        return InlineText(number, slicing.slice_spans(runs, *head[:2])), InlineText(
            number, slicing.slice_spans(runs, head[2])
        )
    if ways and not ways & _OPENING_WAYS and (found := line.find_tail_match(ways)):
        names = slicing.slice_spans(runs, found.start("name"), found.end("name"))
        return InlineText(number, names), InlineText(number, tuple(_extract_trailing_leads(line, found)))
    return None


_TIME = rf"(?P<time>{date_time.HOUR}(?:\s?(?:--?|–)\s?{date_time.HOUR})?)"
_TIME_SEPARATOR = r"\s?(?:[:：]|\s[–—-]\s)\s?(?=\S)"
_OPENING = re.compile(
    rf"\s?[@,]?\s?(?:at|um|à|às|a las)?\s?{_TIME}"
    rf"(?:,?\s(?:in|at|en|im)\s(?P<room>[^:：–—]{{1,30}}?))?{_TIME_SEPARATOR}",
    re.IGNORECASE,
)
_ZONE = r"(?:[A-Z]{2,3}T|UTC|GMT)(?:\s?[+-][0-9:]{1,5})?"
_BRACKET = re.compile(
    rf"\s?[(\[（]\s?(?:{_TIME}\s?(?:{_ZONE})?\s?(?:[,;|]\s?|\Z|(?=[)\]）])))?(?P<room>[^()\[\]（）:：]{{0,40}}?)"
    rf"(?:\s?[)\]）](?:{_TIME_SEPARATOR}|\s?\Z)|\Z)",
    re.IGNORECASE,
)


# Such as 3pm at EBI; Room 2, of which nothing is a title.
_ROOM_ALONE = re.compile(r"\s?(?:at|@|in|im|en|à|chez)\s?(?P<room>[A-Z0-9][^:：.()]{1,60})")
_FEW = 5


def _extract_time_and_room(draft: DraftEntry) -> Spans:
    """Take the hour that a line begins with, and the room after it or in brackets; return what is left."""
    text = slicing.get_raw_text(draft.rest)
    if (found := _BRACKET.match(text)) and _is_time_or_room(draft.entry, found):
        pass
    elif (found := _ROOM_ALONE.fullmatch(text)) and draft.entry.time and len(found["room"].split()) <= _FEW:
        draft.entry.room = draft.entry.room or found["room"].strip()
        return ()
    elif not (found := _OPENING.match(text)) or not date_time.find_hours(found["time"])[0]:
        return draft.rest
    if found["time"]:
        body.fill_time(draft.entry, found["time"])
    room = (found["room"] or "").strip()
    if found_status := status.split_status(room)[0]:
        draft.entry.status = draft.entry.status or found_status
    else:
        draft.entry.room = draft.entry.room or room
    return slicing.slice_spans(draft.rest, found.end())


def _is_time_or_room(entry: ImportedSession, found: re.Match[str]) -> bool:
    """Return whether brackets after a day hold an hour and a room, or one of them."""
    time, room = found["time"] or "", found["room"].strip()
    if (time and not date_time.find_hours(time)[0]) or not (time or room):
        return False
    if not room or title.is_room(room):
        return True
    if re.fullmatch(_ZONE, room, re.IGNORECASE) or patterns.COUNTED.search(room.rstrip("0123456789")):
        return False
    return bool(time or entry.time) and not (in_line.is_only_names(room) or fields.find_role(room))


def _fill_entry_from_line(line: _SessionLine, ways: frozenset[str]) -> None:
    """Put the line next to a day into its entry."""
    entry, runs = line.entry, line.runs
    if line.is_open:
        is_first = "first" in ways
        if head := line.find_opening_split(ways):
            body.add_leads(entry, InlineText(entry.line, slicing.slice_spans(runs, *head[:2])))
            runs = slicing.slice_spans(runs, head[2])
        elif is_first and in_line.is_full_name(squeeze_spaces(line.text)):
            body.add_leads(entry, InlineText(entry.line, tuple(runs)))
            runs = ()
        elif found := line.find_tail_match(ways):
            runs = _extract_trailing_leads(line, found)
    if not slicing.get_visible_text(runs) and not any(run.url or run.struck for run in runs):
        return
    if (
        entry.title
        and not entry.leads
        and (tail := in_line.find_trailing_people(line.text, in_line.find_text_end(runs)))
    ):
        _extract_trailing_leads(line, tail[1])
    if entry.title:
        body.fill_field(entry, fields.OTHER, "", InlineText(entry.line, tuple(runs)))
        return
    material, entry.material = entry.material, []
    title.fill_topic(entry, runs)
    entry.material += material


def _extract_trailing_leads(line: _SessionLine, found: re.Match[str]) -> Spans:
    """Take the people that a line ends with, and return its other runs."""
    entry, runs = line.entry, line.runs
    body.add_leads(entry, InlineText(entry.line, slicing.slice_spans(runs, found.start("name"), found.end("name"))))
    before, after = slicing.slice_spans(runs, 0, found.start()), slicing.slice_spans(runs, line.end)
    if found[0].count("(") > found[0].count(")"):  # the links after the people are in the same brackets
        after = tuple(run if run.url else run._replace(text=run.text.replace(")", "")) for run in after)
        after = tuple(each for run in after for each in ((Span(" ("), run, Span(") ")) if run.url else (run,)))
    closing = Span(")" if found[0].count("(") < found[0].count(")") else " ")
    return (*before, closing, *after)
