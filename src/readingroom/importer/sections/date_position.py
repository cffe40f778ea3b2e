"""Where the day of a heading, an item or a paragraph is: read once, and asked about in several ways."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from readingroom.importer.blocks.page import Block, Heading, TextBlock
from readingroom.importer.dates import match, month_names
from readingroom.importer.dates.match import DateMatch
from readingroom.importer.inline import slicing
from readingroom.importer.inline.slicing import Spans
from readingroom.importer.inline.spans import InlineText, Span
from readingroom.importer.session import date_time
from readingroom.importer.session import labels as session_labels
from readingroom.importer.vocabulary import fields

_NO_DAY = re.compile(
    r"\b(?:updated?|modified|edited|aktualisiert|stand|mise à jour|actualizad[oa]|atualizad[oa]|since|seit|from|ab"
    r"|starting|version|v[0-9])\b|更新|업데이트",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:\A|\s)(?:until|till|before|after|by|bis|vor|nach|jusqu.?au?|avant|après|hasta|antes del?|después del?|até)"
    r"(?:\s(?:the|zum|dem|den|le|el|ao?|o))?\s\Z",
    re.IGNORECASE,
)
MAX_LINE = 150
_FAR = 40
_BEFORE_ITEM = 14
_IS_HOUR = re.compile(r"[:hm]|uhr", re.IGNORECASE)
_BEGINS = frozenset(["", *",;(|–—-@·/"])


@dataclass(frozen=True, slots=True)
class DatePosition:
    """The first date of a line, and the line; for a short one, other lines decide ``is_sure`` and ``is_part``."""

    words: InlineText
    text: str
    found: DateMatch
    is_sure: bool = False
    is_part: bool = False

    @property
    def is_vague(self) -> bool:
        """Return whether it may be another thing than a day, such as 5/9 or 3.4."""
        return self.found.is_open and not self.found.year and not self.is_sure

    @property
    def is_likely(self) -> bool:
        """Return whether it is a day, or at least no fraction of what follows it, such as 2/3 of us."""
        return not self.is_vague or not self.text[self.found.end :].lstrip(" .")[:1].islower()

    @property
    def is_no_session(self) -> bool:
        """Return whether the words before it say that it is no session's, such as "Last updated"."""
        return _NO_DAY.search(self.text[: self.found.start]) is not None

    @property
    def is_within_sentence(self) -> bool:
        """Return whether words such as "until" lead on to it, and the sentence goes on after it."""
        before, after = self.text[: self.found.start], self.text[self.found.end :].lstrip(" ,.")
        return _UNTIL.search(before) is not None and after[:1].islower()

    def is_heading_date(self) -> bool:
        """Return whether a heading is that of a session's day."""
        found = self.found
        if self.is_no_session or (found.until and not found.year) or self.is_within_sentence:
            return False
        if self.is_vague and self.text[: found.start].strip(" ([-–:,"):
            return False
        return found.start <= _FAR or found.end >= len(self.text.rstrip(" )]")) - 12

    def is_line_start(self, *, is_item: bool) -> bool:
        """Return whether a line begins with its day: a paragraph only where more than that says so."""
        text, found = self.text, self.found
        if self.is_part or found.start > 2 * _FAR or (self.is_vague and not is_item):
            return False
        start = found.start - self._measure_leading_hour(found.start)
        before = text[:start].strip(" ([*_\t-–—")
        if len(before) > _BEFORE_ITEM or _NO_DAY.search(before) or (before and not is_weekday_or_number(before)):
            return False
        end = self._find_bracket_end()
        after, strong = text[end:].lstrip(" ."), bool(self.words.runs) and self.words.runs[0].strong
        is_sure = end > found.end or "/" in text[:end] or text[found.end - 1] == "." or strong
        if self.is_vague and not is_sure and after[:1] not in {":", "：", "-", "–", "—", ")", "|", ""}:
            return False
        return (
            is_item
            or self.is_sure
            or self._is_bold()
            or self._is_emphasised()
            or self._has_separator_after(after)
            or self._is_dated_line(after)
        )

    def _is_bold(self) -> bool:
        near = self.text[: self.found.end + 12]
        return any(run.strong and run.text.strip() in near for run in self.words.runs if run.text.strip())

    def _is_emphasised(self) -> bool:
        """Return whether a line begins with its day in italics or bold."""
        found = _EMPHASIS.match(self.words.source)
        return found is not None and self.text[: self.found.end].strip(" .") in found[2] and bool(self.found.year)

    def _has_separator_after(self, after: str) -> bool:
        return after[:1] in {":", "：", "–", "—", "|"} and self.words.runs[0].url == ""

    def _is_dated_line(self, after: str) -> bool:
        """Return whether a plain line is a full day and a few words that are no sentence going on."""
        if len(self.text) > MAX_LINE or "\n" in self.words.source:
            return False
        if not self.found.year and not self._has_weekday_and_hour():
            return False
        return not after[:1].islower() and not self.text.rstrip().endswith(".")

    def _has_weekday_and_hour(self) -> bool:
        """Return whether an hour follows a day in words with its weekday, as in Wed Nov 27 3pm."""
        time = _AROUND.match(self.text, self.found.end)
        is_full = self.found.weekday is not None and not self.found.is_open
        return is_full and time is not None and bool(date_time.find_hours(time[0])[0])

    def is_line_end(self) -> bool:
        """Return whether a line ends with its day, after a mark or in brackets."""
        start, end = self.find_bounds()
        before = self.text[:start].rstrip()
        is_behind_mark = before[-1:] in set(",(–—-|:·[/;") or (before[-1:] == "." and self.found.year > 0)
        is_apart = is_behind_mark or self._measure_leading_hour(self.found.start) > 0
        return is_apart and not self.text[end:].strip(" .)]") and not self.is_vague

    def _find_bracket_end(self) -> int:
        sign = _SIGN_OF_DAY.match(self.text, self.found.end)
        return sign.end() if sign and is_weekday_or_number(sign[0].strip(". ")) else self.found.end

    def find_bounds(self) -> tuple[int, int]:
        """Return where the day starts and ends, with a weekday before it or in brackets after it, and a time."""
        start, end = self.found.start, self._find_bracket_end()
        if (last := _LAST_WORD.search(self.text[max(start - _FAR, 0) : start])) and month_names.find_weekday(
            last[1]
        ) is not None:
            start += last.start(1) - min(start, _FAR)
        if _NUMBER.fullmatch(self.text[:start].strip(" ([,-–—")):
            start = 0
        if (time := _AROUND.match(self.text, end)) and date_time.find_hours(time[0])[0]:
            end = time.end()
        return start - self._measure_leading_hour(start), end

    def _measure_leading_hour(self, end: int) -> int:
        """Return the length of an hour before a day that begins a part of the line; "Genesis 12:10" has none."""
        start = max(end - _FAR, 0)
        found = _HOUR_BEFORE.search(self.text[start:end])
        if not found or not date_time.find_hours(found["time"])[0] or not _IS_HOUR.search(found["time"]):
            return 0
        place = start + found.start()
        before = self.text[:place].rstrip()
        return end - place if before[-1:] in _BEGINS or place in self._list_span_starts() else 0

    def _list_span_starts(self) -> set[int]:
        """Return where the parts of the line start that are set apart, such as in italics."""
        return set(accumulate(len(run.text) for run in self.words.runs))

    def slice_date(self) -> InlineText:
        """Return the part of the line that gives the day, with the time and the brackets around it."""
        return InlineText(self.words.line, slicing.slice_spans(self.words.runs, *self.find_bounds()))

    def slice_rest(self) -> Spans:
        """Return what is next to the day."""
        start, end = self.find_bounds()
        runs = self.words.runs
        before = slicing.strip_spans(slicing.slice_spans(runs, 0, start), after=" \n([（:：–—-,，|")
        after = slicing.strip_spans(slicing.slice_spans(runs, end), " \n)]）:：–—-,，|.·")
        if not slicing.get_visible_text(before):
            return after
        return (*before, Span(" "), *after) if slicing.get_visible_text(after) else before

    def find_last_date(self) -> "DatePosition":
        """Return the last of several days in a line, such as the one after the date of a paper."""
        mark = self
        for _ in range(_MOST_DAYS):
            end = mark.found.end
            found = match.find_date(" " * end + mark.text[end:]) if any(map(str.isdigit, mark.text[end:])) else None
            if found is None:
                break
            mark = replace(mark, found=found)
        return mark


_MOST_DAYS = 5


def find_date_position(words: InlineText) -> DatePosition | None:
    """Return the day that a line gives, or None."""
    text = slicing.get_unstruck_text(words.runs)
    found = match.find_date(text)
    return DatePosition(words, text, found) if found else None


class DatePositions:
    """The days of blocks and of their labels, each read once; the blocks must outlive it."""

    def __init__(self) -> None:
        self.days: dict[int, DatePosition | None] = {}
        self.labels: dict[int, InlineText | None] = {}
        self.opening: dict[int, bool] = {}

    def get_position(self, block: Heading | TextBlock) -> DatePosition | None:
        """Return the day of a block."""
        if id(block) not in self.days:
            self.days[id(block)] = find_date_position(block.words)
        return self.days[id(block)]

    def get_label_value(self, block: TextBlock) -> InlineText | None:
        """Return the value of a block's label of a day."""
        if id(block) not in self.labels:
            self.labels[id(block)] = find_date_label_value(block.words)
        return self.labels[id(block)]

    def is_session_start(self, block: Block) -> bool:
        """Return whether a paragraph begins with a session's day."""
        if not isinstance(block, TextBlock) or block.is_item:
            return False
        if id(block) not in self.opening:
            self.opening[id(block)] = (mark := self.get_position(block)) is not None and mark.is_line_start(
                is_item=False
            )
        return self.opening[id(block)]


def is_weekday_or_number(text: str) -> bool:
    """Return whether a text before a day is a weekday or a number."""
    return month_names.find_weekday(text) is not None or _NUMBER.fullmatch(text) is not None


def find_date_label_value(words: InlineText) -> InlineText | None:
    """Return the value of the label Date, or one that means it, in the lines of a block, if it is a day."""
    if not any(":" in run.text or "：" in run.text or run.strong for run in words.runs):
        return None
    for line in session_labels.split_label_lines(words.runs):
        name, rest = session_labels.split_label(line)
        if name and fields.find_role(name, session_labels.MAX_WORDS) == fields.DATE:
            value = find_date_position(InlineText(words.line, tuple(rest)))
            if value and (value.is_line_start(is_item=True) or (value.found.start <= _FAR and not value.is_vague)):
                return value.words
    return None


def iter_lines(words: InlineText) -> Iterator[InlineText]:
    """Yield each line of a block of several with its own number, where the page's source gives it."""
    rows = words.source.split("\n")
    each = slicing.split_lines(words.runs)
    if len(rows) != len(each):
        rows = [""] * len(each)
    for number, (row, runs) in enumerate(zip(rows, each, strict=True)):
        yield InlineText(words.line + (number if row else 0), tuple(runs), row)


def iter_session_parts(block: TextBlock, *, is_term: bool = False) -> Iterator[TextBlock]:
    """Yield a block, or its lines from each that begins a session to the next, if several do.

    Below the heading of a term, short days such as 2/5 begin one.
    """
    if not any("\n" in run.text for run in block.words.runs):
        yield block
        return
    each = list(iter_lines(block.words))
    if not each:
        return  # nothing but line breaks
    marks = [find_date_position(line) for line in each]
    starts = [place for place, mark in enumerate(marks) if mark and mark.is_line_start(is_item=True) and mark.is_likely]
    if not starts or (not is_term and all(mark.is_vague for place in starts if (mark := marks[place]))):
        starts = _find_label_starts(each)
    if len(starts) < 2:
        yield block
        return
    for start, end in pairwise(sorted({0, *starts, len(each)})):
        yield replace(block, line=each[start].line, words=_join_text_lines(each[start:end]), number=0)


def _find_label_starts(each: Sequence[InlineText]) -> list[int]:
    """Return which lines begin with the label of the first, if there is a day among the labels after each of these."""
    first, _ = session_labels.split_label(each[0].runs)
    if not first or not any(first in slicing.get_raw_text(line.runs) for line in each[1:]):
        return []
    labels = [session_labels.split_label(line.runs)[0].casefold() for line in each]
    starts = [place for place, label in enumerate(labels) if label and label == labels[0]]
    days = [place for place, line in enumerate(each) if labels[place] and find_date_label_value(line)]
    is_each = len(starts) == len(days) > 1 and all(
        start <= day < end for start, day, end in zip(starts, days, [*starts[1:], len(each)], strict=True)
    )
    return starts if is_each else []


def _join_text_lines(part: Sequence[InlineText]) -> InlineText:
    runs = [run for line in part for run in (Span("\n"), *line.runs)][1:]
    source = "\n".join(line.source for line in part) if all(line.source for line in part) else ""
    return InlineText(part[0].line, tuple(runs), source)


_EMPHASIS = re.compile(r"\s{0,3}([*_]{1,3})(?=[^\s*_])([^*_\n]{4,60})\1")
_NUMBER = re.compile(r"(?:\w+ )?#?\d{1,3}[.:)]?|제?\s?\d{1,3}\s?(?:주차|회차|주|회|차)|第\s?\d{1,3}\s?[周週回次]")
_LAST_WORD = re.compile(r"([^\W\d_]{1,20}(?:-feira)?)[.,\s(\[–—-]*\Z")
_TIME = rf"{date_time.HOUR}(?:\s?(?:--?|–)\s?{date_time.HOUR})?"
_AROUND = re.compile(
    rf"\s?[,|]?\s?(?:[(（]\s?{_TIME}\s?[)）]|(?:at |um |à |às |a las )?{_TIME}(?:\s?\))?)", re.IGNORECASE
)
_HOUR_BEFORE = re.compile(rf"(?P<time>(?<![\w.:]){_TIME})[,|]?\s{{1,3}}(?:(?:on|am|le|el)\s)?\Z", re.IGNORECASE)
_SIGN_OF_DAY = re.compile(r"\.?\s*[(（]\s*\w{1,12}\.?\s*[)）]")
