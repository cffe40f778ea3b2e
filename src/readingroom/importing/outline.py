"""The sessions of a page that stand in no table: a heading, an item or a paragraph for each, with what is below it."""

import re
from collections.abc import Iterator, Sequence

from readingroom.importing import cutting, dates, lines, moment, names, reading, tables
from readingroom.importing.cutting import Runs
from readingroom.importing.entry import ITEM, PARAGRAPH, SECTION, Entry
from readingroom.importing.page import Block, Heading, Page, Table, Text
from readingroom.importing.tables import Gathered
from readingroom.importing.words import Run, Words, squeezed

_NO_DAY = re.compile(
    r"\b(?:updated?|aktualisiert|stand|mise à jour|since|seit|from|ab|starting|version|v[0-9])\b|更新", re.IGNORECASE
)
_FAR = 40
_BEFORE_ITEM = 14


def is_dated(words: Words) -> bool:
    """Tell whether a heading is that of a session's day."""
    text = cutting.raw(words.runs)
    found = dates.read(text)
    if found is None or _NO_DAY.search(text[: found.start]) or (found.until and not found.year):
        return False
    if found.is_open and not found.year and text[: found.start].strip(" ([-–:,"):
        return False
    return found.start <= _FAR or found.end >= len(text.rstrip(" )]")) - 12


def read(page: Page, taken: set[int]) -> tuple[list[Gathered], list[Block]]:
    """Return the groups of sessions outside of tables, and the blocks that belong to none.

    ``taken`` holds the lines of the tables that are schedules.
    """
    walker = _Walker(page, taken)
    walker.walk()
    groups = [lines.settled(drafts, skipped) for drafts, skipped in (walker.sections, *walker.lists, walker.paragraphs)]
    return [group for group in groups if group.entries or group.skipped], walker.left


class _Walker:
    """Goes through a page's blocks and cuts them into sessions."""

    def __init__(self, page: Page, taken: set[int]) -> None:
        self.page, self.taken = page, taken
        self.sections: tuple[list[lines.Draft], list[tuple[int, str]]] = ([], [])
        self.paragraphs: tuple[list[lines.Draft], list[tuple[int, str]]] = ([], [])
        self.lists: list[tuple[list[lines.Draft], list[tuple[int, str]]]] = []
        self.left: list[Block] = []

    def walk(self) -> None:
        blocks, place, heading = self.page.blocks, 0, ""
        while place < len(blocks):
            block = blocks[place]
            if isinstance(block, Heading):
                end = self.section_end(place)
                if is_dated(block.words) and not any(
                    b.line in self.taken for b in blocks[place:end] if isinstance(b, Table)
                ):
                    self.section(blocks[place:end])
                    place = end
                    continue
                heading = block.words.whole
                self.left.append(block)
            elif isinstance(block, Text) and block.is_item and not tables.is_other(heading):
                place = self.listed(place)
                continue
            elif isinstance(block, Text) and not block.is_item and _starts_with_day(block.words, is_item=False):
                place = self.paragraph(place)
                continue
            else:
                self.left.append(block)
            place += 1

    def section_end(self, place: int) -> int:
        """Return where the section of a heading ends: at the next of its level or above, or the next with a day."""
        blocks = self.page.blocks
        first = blocks[place]
        level = first.level if isinstance(first, Heading) else 0
        for end in range(place + 1, len(blocks)):
            block = blocks[end]
            is_title = end == place + 1 and isinstance(block, Heading) and block.level > level
            if isinstance(block, Heading) and not is_title and (block.level <= level or is_dated(block.words)):
                return end
        return len(blocks)

    def section(self, blocks: Sequence[Block]) -> None:
        heading, *below = blocks
        if not isinstance(heading, Heading):
            return
        words = heading.words
        entry = Entry(self.page.path, heading.line, SECTION, under=squeezed(words.whole))
        moment.take_day(entry, _only_day(words))
        rest = _beside_day(words)
        if below and isinstance(below[0], Heading) and not cutting.text(rest):
            rest = below[0].words.runs
            below = below[1:]
        elif below and _is_line(below[0]) and not _says_more(rest):
            rest = below[0].words.runs  # type: ignore[union-attr]
            below = below[1:]
        draft = lines.Draft(entry, rest)
        self.sections[0].append(draft)
        _fill(draft, below)
        for block in below:
            if isinstance(block, Table):
                self.sections[1].append(
                    (block.line, "the table within a session's section is not imported. It stays on the page.")
                )

    def listed(self, place: int) -> int:
        """Take a list: each item with a day is a session, what is further in belongs to it."""
        blocks = self.page.blocks
        end = place
        while end < len(blocks) and _is_listed(blocks[end]):
            end += 1
        part = [block for block in blocks[place:end] if isinstance(block, Text)]
        dated = [block for block in part if block.is_item and _starts_with_day(block.words, is_item=True)]
        if not dated:
            self.left += part
            return end
        depth = min(block.depth for block in dated)
        group: tuple[list[lines.Draft], list[tuple[int, str]]] = ([], [])
        for item, below in _by_depth(part, depth):
            if _starts_with_day(item.words, is_item=True):
                group[0].append(self.draft(item, below, ITEM))
            else:
                said = f'the item "{item.words.whole[:60]}" has no day that can be read. Add one.'
                group[1].append((item.line, said))
        self.lists.append(group)
        return end

    def paragraph(self, place: int) -> int:
        """Take a paragraph that begins with a day, and what stands below it up to the next."""
        blocks = self.page.blocks
        end = place + 1
        while end < len(blocks):
            block = blocks[end]
            is_next = isinstance(block, Text) and not block.is_item and _starts_with_day(block.words, is_item=False)
            if isinstance(block, Heading | Table) or is_next:
                break
            end += 1
        first = blocks[place]
        if isinstance(first, Text):
            self.paragraphs[0].append(self.draft(first, blocks[place + 1 : end], PARAGRAPH))
        return end

    def draft(self, block: Text, below: Sequence[Block], shape: str) -> lines.Draft:
        entry = Entry(self.page.path, block.line, shape)
        moment.take_day(entry, _only_day(block.words))
        draft = lines.Draft(entry, _beside_day(block.words))
        _fill(draft, below, block.depth)
        return draft


MAX_LINE = 150


def _is_line(block: Block) -> bool:
    """Tell whether a paragraph is short enough to be a title, and ends like none."""
    if not isinstance(block, Text) or block.is_item:
        return False
    text = block.words.text
    return 0 < len(text) <= MAX_LINE and "\n" not in block.words.source and not text.endswith((":", ".", "："))


def _says_more(rest: Runs) -> bool:
    text = cutting.text(rest)
    return bool(text) and not _is_weekday(text)


def _fill(draft: lines.Draft, below: Sequence[Block], depth: int = 0) -> None:
    """Put what stands below a day into its entry; labelled lines may bring the title."""
    first, *others = cutting.lines(draft.rest) or [()]
    reader = reading.Reader(draft.entry, depth)
    unlabelled = [run for line in others if not reader.labelled(line, draft.entry.line) for run in (Run(" "), *line)]
    if reader.labelled(first, draft.entry.line):
        first = ()
    draft.rest = (*first, *unlabelled)
    reader.read(below)


def _is_listed(block: Block) -> bool:
    return isinstance(block, Text) and (block.is_item or block.depth > 0)


def _by_depth(part: Sequence[Text], depth: int) -> Iterator[tuple[Text, list[Text]]]:
    """Yield each item of a depth with what is below it."""
    item: Text | None = None
    below: list[Text] = []
    for block in part:
        if block.is_item and block.depth <= depth:
            if item:
                yield item, below
            item, below = block, []
        else:
            below.append(block)
    if item:
        yield item, below


def _starts_with_day(words: Words, *, is_item: bool) -> bool:
    """Tell whether a line begins with a day: a paragraph only if the day is bold, or all of it but a few words."""
    text = cutting.raw(words.runs)
    found = dates.read(text[: _FAR * 2])
    if found is None or (found.is_open and not found.year and not is_item):
        return False
    before = text[: found.start].strip(" ([*_\t-–—")
    if len(before) > _BEFORE_ITEM or _NO_DAY.search(before) or (before and not _is_weekday(before)):
        return False
    end = found.end
    if (sign := _SIGN_OF_DAY.match(text, end)) and _is_weekday(sign[0].strip()):
        end = sign.end()
    after = text[end:].lstrip(" .")
    is_sure = end > found.end or "/" in text[:end] or text[found.end - 1] == "." or words.runs[0].strong
    if found.is_open and not found.year and not is_sure and after[:1] not in {":", "-", "–", "—", ")", "|", ""}:
        return False
    if is_item:
        return True
    is_bold = any(run.strong and run.text.strip() in text[: found.end + 12] for run in words.runs if run.text.strip())
    return is_bold or (after[:1] in {":", "–", "—", "|"} and words.runs[0].url == "")


def _is_weekday(text: str) -> bool:
    return names.weekday(text) is not None or re.fullmatch(r"(?:\w+ )?#?\d{1,3}[.:)]?", text) is not None


def _only_day(words: Words) -> Words:
    """Return the part of a line that tells its day, with the time and the brackets around it."""
    start, end = _span(words.runs)
    return Words(words.line, cutting.cut(words.runs, start, end))


def _beside_day(words: Words) -> Runs:
    start, end = _span(words.runs)
    before = cutting.trimmed(cutting.cut(words.runs, 0, start), after=" \n([:–—-,|")
    after = cutting.trimmed(cutting.cut(words.runs, end), " \n)]:–—-,|.·")
    if not cutting.text(before):
        return after
    return (*before, Run(" "), *after) if cutting.text(after) else before


_HOUR = r"[0-9]{1,2}(?:[:.h][0-9]{2})?\s?(?:[ap]\.?m\.?|uhr|h)?"
_AROUND = re.compile(rf"\s?[,(|]?\s?(?:at |um |à |às |a las )?{_HOUR}(?:\s?[-–]\s?{_HOUR})?\)?", re.IGNORECASE)
_SIGN_OF_DAY = re.compile(r"\s*[(（]\s*\w{1,12}\.?\s*[)）]")


def _span(runs: Runs) -> tuple[int, int]:
    """Return where a line's day starts and ends, with a weekday before it or in brackets behind it, and a time."""
    text = cutting.raw(runs)
    found = dates.read(text)
    if found is None:
        return 0, 0
    start, end = found.start, found.end
    before = text[:start]
    if before.strip() and _is_weekday(before.strip(" ([,-–—")):
        start = 0
    if (sign := _SIGN_OF_DAY.match(text, end)) and _is_weekday(sign[0].strip()):
        end = sign.end()
    if (time := _AROUND.match(text, end)) and moment.hours(time[0])[0]:
        end = time.end()
    return start, end
