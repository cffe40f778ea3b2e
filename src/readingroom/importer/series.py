"""Headings, items, summaries and paragraphs with a date to records: a day is an anchor, and records repeat.

A line whose date stands at its start, at its end, alone or after a label is an anchor. Anchors of one kind, level and
place are a series; a record goes from its anchor, or from the heading or item that holds only this anchor, to the next.
"""

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

from readingroom.core.models import Status
from readingroom.importer import day_line, unread_dates
from readingroom.importer.answers import Answers, LeadPlace
from readingroom.importer.dates.resolve import YearHint
from readingroom.importer.dates.year_hints import NO_YEAR
from readingroom.importer.day_line import DayLine
from readingroom.importer.page.blocks import BOLD_LEVEL, Block, Kind, Line, Table
from readingroom.importer.page.document import Document
from readingroom.importer.page.rich_text import RichText, join_texts
from readingroom.importer.records import body, fields, places, speakers, titles
from readingroom.importer.records.candidate import Candidate
from readingroom.importer.records.speakers import Shape
from readingroom.importer.tables import CandidateGroup
from readingroom.importer.vocabulary import roles, status
from readingroom.parsing.date_mentions import DateMention, find_dates
from readingroom.parsing.vocabulary import build_expression_pattern, join_expressions


class DatePlace(Enum):
    """Where in its line a date stands."""

    START = "start"
    END = "end"
    ALONE = "alone"
    LABEL = "label"


@dataclass(frozen=True)
class Anchor:
    """A date that may open a record: its block, its place, and the rest of its line."""

    place: int
    line: Line
    where: DatePlace
    mention: DateMention
    rest_of_line: DayLine

    @property
    def rest(self) -> RichText:
        """What the line says besides its date, its time and its room."""
        return self.rest_of_line.rest

    @property
    def signature(self) -> tuple[Kind, int]:
        return (self.line.kind, self.line.level)


@dataclass(frozen=True)
class Record:
    """The blocks of one session: ``head`` is the line that opens it, ``anchor`` has its date."""

    anchor: Anchor
    start: int
    end: int


_BEFORE = re.compile(
    rf"(?:[\W_]|\d{{1,3}}\s?[주週周회回第]차?|\b(?:{join_expressions('dates', 'before')})\b"
    rf"|\b(?:{join_expressions('dates', 'unit')})\s?[.:#-]?\s?#?\d{{1,3}}\b(?:\s?/\s?\d{{1,3}})?"
    r"|#\s?\d{1,4}|\d{1,3}[.)]\s|[^\W\d_]{2,12}\.?(?=,?\s*\Z))*",
    re.IGNORECASE,
)
_LABEL_BEFORE = re.compile(
    r"\W*(?P<label>[^\W\d_][^:：\n]{0,30}?)\s*[:：]\s*(?:\W|[^\W\d_]{2,12}(?:-feira)?\.?,?\s)*\Z"
)
_BOUND = re.compile(rf"\b(?:{join_expressions('dates', 'bound')})\b", re.IGNORECASE)


def find_series(document: Document, hints: Mapping[int, YearHint | None]) -> list[list[Record]]:
    """Return the records of each series of sessions that are no rows of tables, by their first lines."""
    by_signature: dict[tuple[Kind, int], list[Record]] = defaultdict(list)
    for each in _choose_records(document.blocks, list(_iter_anchors(document.blocks, hints))):
        by_signature[each.anchor.signature].append(each)
    return list(by_signature.values())


def list_lines(document: Document, series: Sequence[Sequence[Record]]) -> set[int]:
    """Return the places of the lines that the records of series hold."""
    places = {place for records in series for each in records for place in range(each.start, each.end)}
    return {place for place in places if isinstance(document.blocks[place], Line)}


def read_series(
    document: Document, records: Sequence[Record], hints: Mapping[int, YearHint | None], answers: Answers
) -> CandidateGroup:
    """Return the sessions of one series."""
    blocks = document.blocks
    first_lines = [blocks[each.anchor.place + 1] for each in records if each.anchor.place + 1 < each.end]
    named = [line for line in first_lines if _names_people(line)]
    shape = speakers.find_shape([each.anchor.rest for each in records], has_people_line=2 * len(named) > len(records))
    group = CandidateGroup(shape=shape, answers=answers)
    for each in records:
        group.candidates.append(_read_record(document.path, blocks, each, hints.get(each.anchor.place), group))
    return group


def _names_people(block: Block) -> bool:
    return isinstance(block, Line) and block.kind is not Kind.ITEM and body.is_people_line(block)


def normalize_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return blocks with broken lines joined, and lines in bold alone as headings below all others."""
    joined = _join_soft_lines(blocks)
    counted = _find_counters(joined)
    return tuple(
        _raise_bold_line(block if place in counted else _prepend_number(block)) for place, block in enumerate(joined)
    )


def _prepend_number(block: Block) -> Block:
    """Return an item with its number, if that is a day which Markdown takes for the number of an item."""
    if not isinstance(block, Line) or not block.number:
        return block
    shift = len(block.number) + 1
    whole = f"{block.number} {block.text.text}"
    first = next(iter(find_dates(whole)), None)
    is_within = first is not None and first.end <= shift and block.number.count(".") < 3
    if first is None or first.start >= shift or is_within:
        return block
    whole, shift = whole[first.start :], shift - first.start
    ranges = tuple(each._replace(start=each.start + shift, end=each.end + shift) for each in block.text.ranges)
    return replace(block, text=replace(block.text, text=whole, ranges=ranges), number="")


def _raise_bold_line(block: Block) -> Block:
    if not isinstance(block, Line) or block.kind is not Kind.PARAGRAPH or not block.is_first:
        return block
    return replace(block, kind=Kind.HEADING, level=BOLD_LEVEL) if fields.is_all_bold(block.text) else block


def _join_soft_lines(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks with the lines joined that only the source breaks, unless the rest opens with a date or a label."""
    made: list[Block] = []
    for block in blocks:
        before = made[-1] if made else None
        if (
            isinstance(block, Line)
            and isinstance(before, Line)
            and block.is_soft
            and block.block == before.block
            and block.kind is not Kind.CODE
            and not _opens_line(block.text)
            and not (body.is_labelled(before.text) and body.is_labelled(block.text))
        ):
            source = f"{before.source}\n{block.source}" if before.source and block.source else ""
            made[-1] = replace(before, text=join_texts([before.text, block.text], " "), source=source)
        else:
            made.append(block)
    return made


def _opens_line(text: RichText) -> bool:
    first = next(iter(text.dates if len(text.text) <= 60 else find_dates(text.text[:60])), None)
    return (first is not None and first.start < 12) or fields.split_label(text) is not None


def _iter_anchors(blocks: Sequence[Block], hints: Mapping[int, YearHint | None]) -> Iterator[Anchor]:
    for place, block in enumerate(blocks):
        if not isinstance(block, Line) or block.kind in {Kind.CODE, Kind.RULE, Kind.SECTION}:
            continue
        has_year = block.kind is not Kind.HEADING and hints.get(place) is not None
        if anchor := _find_anchor(place, block, has_year=has_year):
            yield anchor


def _find_counters(blocks: Sequence[Block]) -> set[int]:
    """Return the places of items whose numbers only count: 1, 2, 3."""
    numbered = [
        (place, int(b.number[:-1]))
        for place, b in enumerate(blocks)
        if isinstance(b, Line) and re.fullmatch(r"[0-9]{1,4}\.", b.number)
    ]
    counted: set[int] = set()
    for (one, first), (two, second) in pairwise(numbered):
        if second == first + 1:
            counted |= {one, two}
    return counted


def _find_anchor(place: int, line: Line, *, has_year: bool) -> Anchor | None:
    text = line.text
    dates = [each for each in text.dates if not each.is_weak or each.weekday is not None or has_year]
    if not dates:
        return None
    for mention in dict.fromkeys((dates[0], dates[-1])):
        if found := _find_place(text, mention):
            after = text.text[mention.end :]
            is_prose = line.kind is Kind.PARAGRAPH and found[0] is DatePlace.START and re.match(r" [a-zß-ÿ]", after)
            if not is_prose:
                is_other = line.kind is not Kind.HEADING and len(text.text) < 120 and NO_YEAR.search(text.text)
                return None if is_other else Anchor(place, line, found[0], mention, found[1])
    return None


def _find_place(text: RichText, mention: DateMention) -> tuple[DatePlace, DayLine] | None:
    """Return where a date stands in its line, with the rest of it; None for one in the middle of a sentence."""
    before, after = text.text[: mention.start], text.slice(mention.end)
    tail = day_line.read_after(after)
    label = _LABEL_BEFORE.fullmatch(before) if len(before) <= 40 else None
    if label and fields.find_label_role(label["label"]) in {roles.DATE, roles.TIME}:
        return None if _BOUND.search(label["label"]) else (DatePlace.LABEL, tail)
    if len(before) <= 40 and _BEFORE.fullmatch(before):
        is_alone = day_line.is_nothing(tail.rest) or titles.is_place(tail.rest)
        return (DatePlace.ALONE if is_alone else DatePlace.START), tail
    if re.search(r"\w", tail.rest.mask(tail.rest.links)):
        return None
    head = day_line.read_before(text.slice(0, mention.start))
    return DatePlace.END, head._replace(
        time=head.time or tail.time, duration=head.duration or tail.duration, room=tail.room
    )


def _choose_records(blocks: Sequence[Block], anchors: Sequence[Anchor]) -> list[Record]:
    """Return the records of the series that recur, outer ones before those within them."""
    series: dict[tuple[Kind, int], list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        series[anchor.signature].append(anchor)
    records: list[Record] = []
    places = [each.place for each in anchors]
    taken = [False] * (len(blocks) + 1)
    for signature in sorted(series, key=_rank):
        free = [each for each in series[signature] if not taken[each.place] and not _ends_prose(blocks, each)]
        free = [each for each in free if not _is_container(blocks, each, anchors, places)]
        free = _drop_part_numbers(free)
        if not _recurs(signature, free, records):
            continue
        made = _bound_records(blocks, free, places)
        records += made
        for each in made:
            taken[each.start : each.end] = [True] * (each.end - each.start)
    return sorted(records, key=lambda each: each.start)


def _drop_part_numbers(anchors: Sequence[Anchor]) -> list[Anchor]:
    """Return the anchors without the numbers of parts, which rise one by one: 3.1, 3.2, 4.1."""
    undated = [each for each in anchors if each.mention.weekday is None]
    parts = [each for each in undated if re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}\.?", each.mention.text)]
    pairs = [tuple(map(int, re.findall("[0-9]+", each.mention.text))) for each in parts]
    rises = [two in {(one[0], one[1] + 1), (one[0] + 1, 1)} for one, two in pairwise(pairs)]
    return [each for each in anchors if each not in parts] if rises and all(rises) else list(anchors)


def _ends_prose(blocks: Sequence[Block], anchor: Anchor) -> bool:
    """Return whether a day alone in a line ends a paragraph of several lines."""
    before = blocks[anchor.place - 1] if anchor.place and anchor.line.is_soft else None
    return isinstance(before, Line) and before.block == anchor.line.block and "\n" in before.source


def _rank(signature: tuple[Kind, int]) -> tuple[int, int]:
    order = [Kind.HEADING, Kind.SUMMARY, Kind.TERM, Kind.PARAGRAPH, Kind.ITEM]
    return order.index(signature[0]), signature[1]


def _is_container(blocks: Sequence[Block], anchor: Anchor, anchors: Sequence[Anchor], places: Sequence[int]) -> bool:
    """Return whether a heading or an item with a date holds several sessions with days of their own."""
    if anchor.line.kind not in {Kind.HEADING, Kind.ITEM, Kind.SUMMARY}:
        return False
    first = bisect.bisect(places, anchor.place)
    last = bisect.bisect(places, _find_end(blocks, anchor.place, anchor.line, len(blocks)) - 1)
    inner = [each for each in anchors[first:last] if each.where is not DatePlace.END]
    counts = Counter(each.signature for each in inner)
    return any(count > 1 for count in counts.values())


def _recurs(signature: tuple[Kind, int], anchors: Sequence[Anchor], records: Sequence[Record]) -> bool:
    """Return whether anchors are a series: several of them, or a single one that is hardly anything else."""
    if len(anchors) != 1:
        return bool(anchors)
    only = anchors[0]
    if signature[0] in {Kind.HEADING, Kind.SUMMARY, Kind.TERM}:
        return only.where is not DatePlace.END or only.mention.has_year
    if only.line.is_soft and signature[0] is Kind.PARAGRAPH:
        return False
    is_bound = only.where is not DatePlace.START or not records
    return only.where is not DatePlace.END and is_bound and only.mention.readings[0].year > 0


def _find_end(blocks: Sequence[Block], place: int, line: Line, limit: int) -> int:
    """Return the place after what is below a heading, within an item or a folded section, or after a paragraph."""
    for number in range(place + 1, limit):
        block = blocks[number]
        if line.kind is Kind.HEADING:
            if isinstance(block, Line) and (
                block.kind is Kind.RULE or (block.kind is Kind.HEADING and block.level <= line.level)
            ):
                return number
        elif line.kind in {Kind.SUMMARY, Kind.ITEM}:
            if block.path[: len(line.path)] != line.path or not line.path:
                return number
        elif isinstance(block, Table) or block.kind in {Kind.HEADING, Kind.RULE, Kind.SUMMARY}:
            return number
    return limit


def _bound_records(blocks: Sequence[Block], anchors: Sequence[Anchor], places: Sequence[int]) -> list[Record]:
    """Return the records that anchors of one series open: the unit that holds only its anchor, or what follows it.

    ``places`` are those of all anchors.
    """
    units = [_find_unit(blocks, each, places) for each in anchors]
    starts = [unit[0] if unit else _find_block_start(blocks, each) for each, unit in zip(anchors, units, strict=True)]
    records = []
    for anchor, unit, start, limit in zip(anchors, units, starts, [*starts[1:], len(blocks)], strict=True):
        end = unit[1] if unit else _find_end(blocks, anchor.place, anchor.line, limit)
        if not unit and start < anchor.place:  # the day ends a paragraph
            within = (place for place in range(anchor.place + 1, end) if not _is_in_block(blocks[place], anchor.line))
            end = next(within, end)
        records.append(Record(anchor, start, max(min(end, limit), anchor.place + 1)))
    return records


def _find_block_start(blocks: Sequence[Block], anchor: Anchor) -> int:
    """Return the first line of the paragraph or item that a date after other lines is in."""
    place = anchor.place
    while anchor.where in {DatePlace.LABEL, DatePlace.ALONE, DatePlace.END} and place:
        before = blocks[place - 1]
        if not _is_in_block(before, anchor.line):
            break
        place -= 1
    return place


def _is_in_block(block: Block, line: Line) -> bool:
    return isinstance(block, Line) and block.block == line.block


def _find_unit(blocks: Sequence[Block], anchor: Anchor, places: Sequence[int]) -> tuple[int, int] | None:
    """Return where the unit starts and ends that holds this date of its series and no other, None if there is none.

    It is an item, a card, a folded section, or what is below a heading; the largest one counts.
    """
    if anchor.where not in {DatePlace.ALONE, DatePlace.LABEL}:
        return None
    best: tuple[int, int] | None = None
    for depth in range(len(anchor.line.path), 0, -1):
        inside = anchor.line.path[:depth]
        start = end = anchor.place
        while start and blocks[start - 1].path[:depth] == inside and isinstance(blocks[start - 1], Line):
            start -= 1
        while end < len(blocks) and blocks[end].path[:depth] == inside:
            end += 1
        if _count_between(places, start, end) > 1:
            break
        if start < anchor.place or end > anchor.place + 1:
            best = (start, end)
    level = anchor.line.level if anchor.line.kind is Kind.HEADING else 9
    for place in range(anchor.place - 1, -1, -1):
        block = blocks[place]
        if not isinstance(block, Line):
            break
        if (
            block.kind in {Kind.HEADING, Kind.SUMMARY}
            and block.level < level
            and not build_expression_pattern("headings", "group").search(block.text.text)
            and anchor.line.path[: len(block.path)] == block.path
        ):
            after = bisect.bisect(places, anchor.place)
            end = _find_end(blocks, place, block, places[after] + 1 if after < len(places) else len(blocks))
            is_one = anchor.place < end and _count_between(places, place, end) == 1
            return (place, end) if is_one else best
    return best


def _count_between(places: Sequence[int], start: int, end: int) -> int:
    return bisect.bisect_left(places, end) - bisect.bisect_left(places, start)


def _read_record(
    page: str, blocks: Sequence[Block], each: Record, hint: YearHint | None, group: CandidateGroup
) -> Candidate:
    anchor, shape = each.anchor, group.shape
    head = blocks[each.start]
    line = head.line if isinstance(head, Line) else anchor.line.line
    is_section = isinstance(head, Line) and head.kind in {Kind.HEADING, Kind.SUMMARY}
    entry = Candidate(page, line, is_section=is_section, mention=anchor.mention, hint=hint)
    entry.under = head.text.text if isinstance(head, Line) else ""
    last = blocks[each.end - 1]
    entry.last_line = last.end - 1 if isinstance(last, Table) else last.line
    near = anchor.rest_of_line
    entry.time, entry.duration, entry.room = near.time, near.duration, near.room
    if status.parse_status(entry.room).status in {Status.CANCELLED, Status.POSTPONED}:
        fields.set_status(entry, entry.room)
        entry.room = ""
    below = [block for place, block in enumerate(blocks[each.start : each.end], each.start) if place != anchor.place]
    if group.answers.has_places:
        below = _read_by_answers(entry, blocks, each, group)
        shape = replace(shape, has_people_line=shape.has_people_line and group.answers.lead is None)
    elif each.start == anchor.place:
        rest = anchor.line.text if _is_fragment(anchor.rest.text) and not anchor.line.text.links else anchor.rest
        if below and titles.is_place(rest):
            titles.read_place(entry, rest)
        else:
            titles.read_line(entry, rest, shape)
    else:
        if is_section and isinstance(head, Line):
            below = below[1:]
            titles.read_unit_head(entry, head.text, below)
        if anchor.rest.text:
            _read_rest(entry, anchor, shape)
    body.read_body(entry, below, shape)
    if group.answers.lead is LeadPlace.NONE:
        places.drop_leads(entry)
    unread_dates.check_line(entry, anchor.line, anchor.mention)
    unread_dates.check_within(entry, anchor.line, [block for block in below if isinstance(block, Line)])
    return entry


def _read_by_answers(entry: Candidate, blocks: Sequence[Block], each: Record, group: CandidateGroup) -> list[Block]:
    """Read title and people from where the organiser says they are; return the blocks that are still to be read."""
    anchor, head = each.anchor, blocks[each.start]
    is_unit = each.start != anchor.place and isinstance(head, Line)
    line = head.text if is_unit else anchor.rest  # type: ignore[union-attr]
    below = [blocks[place] for place in range(each.start + is_unit, each.end) if place != anchor.place]
    if is_unit:
        _read_rest(entry, anchor, Shape())
    return places.read_by_answers(entry, line, below, group.answers, group.shape)


def _read_rest(entry: Candidate, anchor: Anchor, shape: Shape) -> None:
    """Read what is next to a date within a unit: the people before it, or the place after it."""
    if anchor.where is DatePlace.LABEL:
        for role, part in titles.split_inline_labels(anchor.rest)[1]:
            fields.set_labelled(entry, role, part)
    elif anchor.where is DatePlace.END:
        titles.read_line(entry, anchor.rest, shape)
    else:
        entry.room = entry.room or anchor.rest.text


_FRAGMENT = re.compile(rf"(?:[^\W\d_]+\s){{0,3}}(?:{join_expressions('common', 'joint')})\Z", re.IGNORECASE)


def _is_fragment(text: str) -> bool:
    """Return whether the words before a date are no title without it: "Club du"."""
    return _FRAGMENT.fullmatch(text) is not None
