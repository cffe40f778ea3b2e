"""Headings, items, summaries and paragraphs with a date to records: a day is an anchor, and records repeat.

A line whose date is at its start, at its end, alone or after a label is an anchor. Anchors of one kind, level and
place are a series; a record goes from its anchor, or from the heading or item that holds only this anchor, to the next.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from itertools import pairwise

from readingroom.core.models import Status
from readingroom.importer import unread_dates
from readingroom.importer.answers import Answers, LeadPlace
from readingroom.importer.dates.resolve import YearHint
from readingroom.importer.dates.year_hints import NO_YEAR
from readingroom.importer.page.blocks import Block, Kind, Line, Table
from readingroom.importer.page.document import Document
from readingroom.importer.page.rich_text import RichText
from readingroom.importer.records import body, fields, people, texts
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.people import Shape, Split
from readingroom.importer.tables import CandidateGroup
from readingroom.importer.vocabulary import status
from readingroom.importer.vocabulary.roles import Role
from readingroom.parsing import month_names
from readingroom.parsing.date_mentions import DateMention
from readingroom.parsing.times import TimeMention, find_time
from readingroom.parsing.vocabulary import build_expression_pattern, join_expressions


class DatePlace(Enum):
    """Where in its line a date is."""

    START = "start"
    END = "end"
    ALONE = "alone"
    LABEL = "label"


Signature = tuple[Kind, int]
Bounds = tuple[int, int]  # the places of the first block and of the one after the last


@dataclass(frozen=True)
class Anchor:
    """A date that may open a record: its block and its place there, and what else its line says."""

    place: int
    line: Line
    mention: DateMention
    where: DatePlace
    rest: RichText
    time: TimeMention | None = None
    room: str = ""

    @property
    def signature(self) -> Signature:
        return (self.line.kind, self.line.level)


@dataclass(frozen=True)
class Record:
    """The blocks of one session; ``anchor`` has its date."""

    anchor: Anchor
    start: int
    end: int


# The date in its line.

_BEFORE = re.compile(
    rf"(?:[\W_]|\d{{1,3}}\s?[주週周회回第]차?|\b(?:{join_expressions('dates', 'before')})\b"
    rf"|\b(?:{join_expressions('dates', 'unit')})\s?[.:#-]?\s?#?\d{{1,3}}\b(?:\s?/\s?\d{{1,3}})?"
    r"|#\s?\d{1,4}|\d{1,3}[.)]\s|[^\W\d_]{2,12}\.?(?=,?\s*\Z))*",
    re.IGNORECASE,
)
_LABEL_BEFORE = re.compile(
    r"\W*(?P<label>[^\W\d_][^:：\n]{0,30}?)\s*[:：]\s*(?:\W|[^\W\d_]{2,12}(?:-feira)?\.?,?\s)*\Z"
)
_SIGNS = re.compile(r"[\s.,;:：|•·!*_~)）\]–—-]*")
_BRACKET = re.compile(r"[(（\[](?P<said>[^()（）\[\]]{1,60})[)）\]]")
_ROOM = re.compile(rf"(?:{join_expressions('headings', 'room')})\b", re.IGNORECASE)
_SHORT_ROOM = re.compile(r"[A-Z][A-Z0-9 .-]{1,8}")
_ZONE = re.compile(r"[A-Z]{2,5}\b|\([A-Z]{2,5}\)")
_LAST_WEEKDAY = re.compile(r"[\s,(（]+(?P<word>[^\W\d_]{2,12})\.?,?\s*\Z")
_FRAGMENT = re.compile(rf"(?:[^\W\d_]+\s){{0,3}}(?:{join_expressions('common', 'joint')})\Z", re.IGNORECASE)


def _find_anchor(place: int, line: Line, *, has_year: bool) -> Anchor | None:
    """Return the first or last date of a line if it may open a record, and not in the middle of a sentence."""
    dates = [each for each in line.text.dates if not each.is_weak or each.weekday is not None or has_year]
    for mention in dict.fromkeys((dates[0], dates[-1])) if dates else ():
        anchor = _place_date(place, line, mention)
        is_start = anchor is not None and anchor.where is DatePlace.START and line.kind is Kind.PARAGRAPH
        if anchor and not (is_start and re.match(r" [a-zß-ÿ]", line.text.text[mention.end :])):
            is_other = line.kind is not Kind.HEADING and len(line.text.text) < 120 and NO_YEAR.search(line.text.text)
            return None if is_other else anchor
    return None


def _place_date(place: int, line: Line, mention: DateMention) -> Anchor | None:
    text = line.text
    before = text.text[: mention.start]
    rest, time, room = _read_after(text.slice(mention.end))
    label = _LABEL_BEFORE.fullmatch(before) if len(before) <= 40 else None
    if label and texts.find_label_role(label["label"]) in {Role.DATE, Role.TIME}:
        is_bound = build_expression_pattern("dates", "bound").search(label["label"])
        return None if is_bound else Anchor(place, line, mention, DatePlace.LABEL, rest, time, room)
    if len(before) <= 40 and _BEFORE.fullmatch(before):
        is_alone = not (re.search(r"\w", rest.text) or rest.links) or texts.is_place(rest)
        where = DatePlace.ALONE if is_alone else DatePlace.START
        return Anchor(place, line, mention, where, rest, time, room)
    if re.search(r"\w", rest.mask(rest.links)):
        return None
    last = _LAST_WEEKDAY.search(before)
    is_weekday = last is not None and month_names.find_weekday(last["word"]) is not None
    head = before[: last.start()] if last and is_weekday else before
    rest = text.slice(0, len(head.rstrip("(（[,;:–—-•|*_ ")))
    return Anchor(place, line, mention, DatePlace.END, rest, time, room)


def _read_after(text: RichText) -> tuple[RichText, TimeMention | None, str]:
    """Return what follows a day without the weekday, the time and the room next to it; and the two."""
    time, room = None, ""
    for _ in range(5):
        signs = _SIGNS.match(text.text)
        text = text.slice(signs.end() if signs else 0)
        bracket = _BRACKET.match(text.text)
        said = bracket["said"] if bracket else text.text[:40]
        clock = find_time(said)
        if bracket:
            left = said.strip()
            if clock:
                left = _ZONE.sub("", said[: clock.span[0]] + said[clock.span[1] :], count=1).strip(" ,;|")
            is_day = month_names.find_weekday(f"({left})") is not None
            is_room = bool(left) and not (is_day or any(x.start < bracket.end() for x in text.links))
            is_room = is_room and (clock is not None or _is_room(left, has_time=time is not None))
            if not (clock or is_day or is_room):
                break
            room = room or (left if is_room else "")
        elif not clock or time or len(said[: clock.span[0]].strip(" ,;|@–—-")) > 3 or clock.span[0] > 4:
            break
        time = time or clock
        text = text.slice(bracket.end() if bracket else clock.span[1] if clock else 0)
    return text, time, room


def _is_room(text: str, *, has_time: bool) -> bool:
    """Return whether words in brackets are a room, next to a time also one of a few capitals."""
    is_named = _ROOM.match(text) is not None or texts.names_where(text)
    return is_named or (has_time and _SHORT_ROOM.fullmatch(text) is not None)


# The records of a page.


def find_series(document: Document, hints: Mapping[int, YearHint | None]) -> list[list[Record]]:
    """Return the records of each series of sessions that are no rows of tables, by their first lines."""
    return sorted(_RecordFinder(document.blocks, hints).find(), key=lambda records: records[0].start)


def list_lines(document: Document, series: Sequence[Sequence[Record]]) -> set[int]:
    """Return the places of the lines that the records of series hold."""
    places = {place for records in series for each in records for place in range(each.start, each.end)}
    return {place for place in places if isinstance(document.blocks[place], Line)}


_ORDER = (Kind.HEADING, Kind.SUMMARY, Kind.TERM, Kind.PARAGRAPH, Kind.ITEM)
_HEADS = (Kind.HEADING, Kind.SUMMARY)


class _RecordFinder:
    """Finds the records of the series that recur, outer ones before those within them."""

    def __init__(self, blocks: Sequence[Block], hints: Mapping[int, YearHint | None]) -> None:
        self.blocks = blocks
        self.bounds: dict[object, Bounds] = {}  # of the item, card or folded section of a path, and of a paragraph
        self.ends = _list_ends(blocks)
        self.anchors: list[Anchor] = []
        for place, block in enumerate(blocks):
            paths: list[object] = [block.path[:depth] for depth in range(1, len(block.path) + 1)]
            for key in [*paths, block.block] if isinstance(block, Line) else paths:
                self.bounds[key] = (self.bounds.get(key, (place, 0))[0], place + 1)
            if isinstance(block, Line) and block.kind in _ORDER:
                has_year = block.kind is not Kind.HEADING and hints.get(place) is not None
                self.anchors += filter(None, [_find_anchor(place, block, has_year=has_year)])
        self.places = [each.place for each in self.anchors]

    def find(self) -> Iterator[list[Record]]:
        """Yield the records of each series."""
        series: dict[Signature, list[Anchor]] = defaultdict(list)
        taken = set[int]()
        for anchor in self.anchors:
            series[anchor.signature].append(anchor)
        for signature in sorted(series, key=lambda each: (_ORDER.index(each[0]), each[1])):
            free = [x for x in series[signature] if not (x.place in taken or self.ends_prose(x))]
            free = _drop_part_numbers([each for each in free if not self.is_container(each)])
            if len(free) > 1 or (free and _is_alone(free[0], is_first=not taken)):
                made = list(self.bound_records(free))
                taken.update(place for each in made for place in range(each.start, each.end))
                yield made

    def ends_prose(self, anchor: Anchor) -> bool:
        """Return whether a day alone in a line ends a paragraph of several lines."""
        before = self.blocks[anchor.place - 1] if anchor.place and anchor.line.is_soft else None
        return isinstance(before, Line) and before.block == anchor.line.block and "\n" in before.source

    def is_container(self, anchor: Anchor) -> bool:
        """Return whether a heading or an item with a date holds several sessions with days of their own."""
        end = self.find_end(anchor.place, anchor.line) if anchor.line.kind in {*_HEADS, Kind.ITEM} else anchor.place
        first, last = (bisect_left(self.places, place) for place in (anchor.place + 1, end))
        inner = Counter(each.signature for each in self.anchors[first:last] if each.where is not DatePlace.END)
        return any(count > 1 for count in inner.values())

    def find_end(self, place: int, line: Line) -> int:
        """Return the place after what is below a heading, in an item or a folded section, or after a paragraph."""
        if line.kind in {Kind.SUMMARY, Kind.ITEM}:
            return self.bounds[line.path][1] if line.path else place + 1
        return self.ends[place]

    def bound_records(self, anchors: Sequence[Anchor]) -> Iterator[Record]:
        """Yield the records that anchors open: the unit that holds only its anchor, or what follows it."""
        bounds = [self.find_unit(each) or self.find_block(each) for each in anchors]
        for anchor, (start, end), after in zip(anchors, bounds, [*bounds[1:], None], strict=True):
            yield Record(anchor, start, max(min(end, after[0] if after else end), anchor.place + 1))

    def find_block(self, anchor: Anchor) -> Bounds:
        """Return where what a date opens starts and ends: the paragraph or item that it closes, or what follows."""
        start, end = self.bounds[anchor.line.block]
        if anchor.where is DatePlace.START or start == anchor.place:
            return anchor.place, self.find_end(anchor.place, anchor.line)
        return start, end

    def find_unit(self, anchor: Anchor) -> Bounds | None:
        """Return where the unit starts and ends that holds this date of its series and no other, None if there is none.

        It is an item, a card, a folded section, or what is below a heading; the largest one counts.
        """
        line, best = anchor.line, None
        if anchor.where not in {DatePlace.ALONE, DatePlace.LABEL}:
            return None
        for depth in range(len(line.path), 0, -1):
            start, end = self.bounds[line.path[:depth]]
            if self.count_anchors(start, end) > 1:
                break
            best = (start, end) if end - start > 1 else best
        level = line.level if line.kind is Kind.HEADING else 9
        low = max(bisect_left(self.places, anchor.place) - 1, -1)
        for place in range(anchor.place - 1, self.places[low] if low >= 0 else -1, -1):
            block = self.blocks[place]
            if isinstance(block, Table):
                break
            is_above = block.kind in _HEADS and block.level < level and line.path[: len(block.path)] == block.path
            if is_above and not build_expression_pattern("headings", "group").search(block.text.text):
                end = self.find_end(place, block)
                return (place, end) if anchor.place < end and self.count_anchors(place, end) == 1 else best
        return best

    def count_anchors(self, start: int, end: int) -> int:
        return bisect_left(self.places, end) - bisect_left(self.places, start)


def _list_ends(blocks: Sequence[Block]) -> list[int]:
    """Return for each block the place after what is below it: up to the next heading or rule that ends it."""
    ends, stop, above = list[int](), len(blocks), {0: len(blocks)}  # places of the next heads by level, of rules by 0
    for place in range(len(blocks) - 1, -1, -1):
        block = blocks[place]
        kind, level = (None, 0) if isinstance(block, Table) else (block.kind, block.level)
        ends.append(min(each for own, each in above.items() if own <= level) if kind is Kind.HEADING else stop)
        stop = place if kind in {None, Kind.RULE, *_HEADS} else stop
        above |= {level: place} if kind in {Kind.HEADING, Kind.RULE} else {}
    return ends[::-1]


def _drop_part_numbers(anchors: list[Anchor]) -> list[Anchor]:
    """Return the anchors without the numbers of parts, which rise one by one: 3.1, 3.2, 4.1."""
    parts = [x for x in anchors if x.mention.weekday is None and re.fullmatch(r"\d{1,2}\.\d{1,2}\.?", x.mention.text)]
    pairs = [tuple(map(int, re.findall("[0-9]+", each.mention.text))) for each in parts]
    rises = [two in {(one[0], one[1] + 1), (one[0] + 1, 1)} for one, two in pairwise(pairs)]
    return [each for each in anchors if each not in parts] if rises and all(rises) else anchors


def _is_alone(anchor: Anchor, *, is_first: bool) -> bool:
    """Return whether the only anchor of its form is hardly anything else than a session."""
    kind, is_end = anchor.line.kind, anchor.where is DatePlace.END
    if kind in {*_HEADS, Kind.TERM}:
        return not is_end or anchor.mention.has_year
    is_soft = anchor.line.is_soft and kind is Kind.PARAGRAPH
    is_bound = anchor.where is not DatePlace.START or is_first
    return not is_end and not is_soft and is_bound and anchor.mention.readings[0].year > 0


# The sessions of a series.


def read_series(
    document: Document, records: Sequence[Record], hints: Mapping[int, YearHint | None], answers: Answers
) -> CandidateGroup:
    """Return the sessions of one series."""
    blocks = document.blocks
    sample = people.take_sample(records)
    firsts = [blocks[each.anchor.place + 1] for each in sample if each.anchor.place + 1 < each.end]
    has_people_line = 2 * sum(map(body.names_people, firsts)) > len(sample)
    shape = people.find_shape([each.anchor.rest for each in sample], has_people_line=has_people_line)
    group = CandidateGroup(shape=shape, answers=answers)
    for each in records:
        below = [block for place, block in enumerate(blocks[each.start : each.end], each.start)]
        entry = _start_entry(document.path, each, below, hints.get(each.anchor.place))
        del below[each.anchor.place - each.start]
        _read_record(entry, each, below, group)
        group.candidates.append(entry)
    return group


def _start_entry(page: str, record: Record, held: Sequence[Block], hint: YearHint | None) -> Candidate:
    """Return a session with what is next to its day, given the blocks of its record."""
    anchor, head, last = record.anchor, held[0], held[-1]
    line = head if isinstance(head, Line) else anchor.line
    is_section = line is head and line.kind in _HEADS
    entry = Candidate(page, line.line, is_section=is_section, mention=anchor.mention, hint=hint, room=anchor.room)
    entry.under = line.text.text
    entry.last_line = last.end - 1 if isinstance(last, Table) else last.line
    if anchor.time:
        entry.time, entry.duration = anchor.time.start, anchor.time.duration
    if status.parse_status(entry.room).status in {Status.CANCELLED, Status.POSTPONED}:
        fields.add_status(entry, RichText(entry.room))
        entry.room = ""
    return entry


def _read_record(entry: Candidate, record: Record, below: list[Block], group: CandidateGroup) -> None:
    """Read the line of the day or the heading of its unit, then what is next to the day, then what is below."""
    anchor, shape, answers = record.anchor, group.shape, group.answers
    is_unit = record.start < anchor.place
    head = below.pop(0) if is_unit and (entry.is_section or answers.has_places) else None
    lines = [block for block in below if isinstance(block, Line)]
    is_fragment = _FRAGMENT.fullmatch(anchor.rest.text) and not anchor.line.text.links
    line = head.text if isinstance(head, Line) else anchor.line.text if is_fragment and not is_unit else anchor.rest
    if answers.has_places:
        kept = [each for each in lines if each.kind in _ORDER]
        left = fields.read_by_answers(entry, [line, *(each.text for each in kept)], answers, shape)
        lines = [each._replace(text=text) for each, text in zip(kept, left, strict=True) if text.text or text.links]
        below = [*lines, *(block for block in below if isinstance(block, Table))]
        shape = Shape(Split.NONE, shape.has_people_line and answers.lead is None)
    elif head:
        labels = [label for each in lines if (label := texts.split_label(each.text))]
        has_lead = any(label.role is Role.LEAD and not label.is_weak for label in labels)
        if not any(label.is_entitled() for label in labels):
            _read_line(entry, texts.strip_count(line), None if has_lead else Shape())
    elif not is_unit and below and texts.is_place(line):
        entry.room = texts.PLACE.sub("", line.text, count=1).strip("[] ")
    elif not is_unit:
        _read_line(entry, line, shape)
    if is_unit:
        _read_rest(entry, anchor, shape)
    body.read_body(entry, below, shape)
    if answers.lead is LeadPlace.NONE:
        fields.drop_leads(entry)
    unread_dates.check_record(entry, anchor.line, anchor.mention, lines)


def _read_rest(entry: Candidate, anchor: Anchor, shape: Shape) -> None:
    """Read what is next to a date within a unit: labels, the people before it, or the place after it."""
    if anchor.where is DatePlace.LABEL:
        for role, part in texts.split_inline_labels(anchor.rest)[1]:
            fields.add_part(entry, role, part)
    elif anchor.where is DatePlace.END:
        _read_line(entry, anchor.rest, shape)
    else:
        entry.room = entry.room or anchor.rest.text


def _read_line(entry: Candidate, text: RichText, shape: Shape | None) -> None:
    text, room = texts.cut_room(text)
    entry.room = entry.room or room
    fields.add_headline(entry, text, partial(people.find_people, shape=shape) if shape else None)
