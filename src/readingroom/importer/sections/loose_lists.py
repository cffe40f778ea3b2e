"""Lists that paragraphs at the page's edge stand in: they belong to the item above, as its writer meant it."""

from collections.abc import Iterator, Sequence

from readingroom.importer.blocks.page import Block, TextBlock
from readingroom.importer.dates import terms
from readingroom.importer.sections import lists
from readingroom.importer.sections.date_position import DatePositions
from readingroom.importer.sections.labelled import DateLabels
from readingroom.importer.session import labels as session_labels
from readingroom.importer.vocabulary import fields, words

LineMessage = tuple[int, str]

KEPT_MESSAGE = (
    "stands below the last item of a list and was kept as a part of the session in line {line}, as below its other "
    "items. If it is none, put a heading above it."
)
_LEFT_MESSAGE = "stands between the items of a list and was not imported. Indent it, if it belongs to the item above."


_MOST = 500  # parts of a list


def is_list_block(block: Block) -> bool:
    return isinstance(block, TextBlock) and (block.is_item or block.depth > 0)


def has_dated_items(blocks: Sequence[Block], place: int, marks: DatePositions) -> bool:
    """Tell whether two items of a list or more begin with a full day: they are no part of a session above."""
    days = 0
    for at in range(place, len(blocks)):
        block = blocks[at]
        if not isinstance(block, TextBlock) or not is_list_block(block) or days > 1:
            break
        mark = marks.get_position(block) if block.is_item else None
        days += mark is not None and not mark.is_vague and mark.is_line_start(is_item=True)
    return days > 1


def find_list_end(
    blocks: Sequence[Block], place: int, marks: DatePositions, labels: DateLabels, settled: set[int]
) -> tuple[int, int, list[LineMessage]]:
    """Return where a list ends, the line of the paragraphs below its last item that it holds, and what to tell.

    Paragraphs between its items belong to it where they stand below half of the items with days or more; those below
    its last item do if there are no more than below the others, and they begin alike. ``settled`` keeps where the
    parts of lists begin that do not hold together.
    """
    segments = list(_iter_list_segments(blocks, place, marks, labels, most=1 if place in settled else _MOST))
    first = segments[0][0]
    gaps = [blocks[start:stop] for start, stop in segments[:-1]]
    if not gaps:
        return first, 0, []
    last = segments[-1][0]
    days = sum(_is_dated_item(block, marks) for block in blocks[place:last])
    if 2 * len(gaps) < days:
        settled.update(stop for _, stop in segments)
        told = [
            (gap[0].line, f'"{_format_gap(gap)}" {_LEFT_MESSAGE}') for gap in gaps if not _is_list_introduction(gap[-1])
        ]
        return first, 0, told
    below = blocks[last : segments[-1][1]]
    if len(gaps) < days - 1 or not below or not _matches_gaps(below, gaps):
        return last, 0, []
    most = max(map(len, gaps))
    return min(last + most, segments[-1][1]), below[0].line, []


def _iter_list_segments(
    blocks: Sequence[Block], place: int, marks: DatePositions, labels: DateLabels, most: int
) -> Iterator[tuple[int, int]]:
    """Yield where each part of a list ends, and where the paragraphs below it do."""
    for _ in range(most):
        start = place
        while start < len(blocks) and is_list_block(blocks[start]):
            start += 1
        stop = start
        while stop < len(blocks) and _is_plain_paragraph(blocks, stop, marks, labels):
            stop += 1
        yield start, stop
        is_list = stop < len(blocks) and is_list_block(blocks[stop]) and stop > start
        if not is_list or not _is_dated_item(blocks[stop], marks) or _is_list_introduction(blocks[stop - 1]):
            return
        place = stop


def _is_plain_paragraph(blocks: Sequence[Block], place: int, marks: DatePositions, labels: DateLabels) -> bool:
    block = blocks[place]
    if (
        not isinstance(block, TextBlock)
        or block.is_item
        or marks.is_session_start(block)
        or labels.find_date_label_end(place)
    ):
        return False
    return not terms.is_term_label(block.words.text) and not lists.find_month_template(block.words)


def _is_list_introduction(block: Block) -> bool:
    """Tell whether a paragraph leads on to the list below it."""
    return isinstance(block, TextBlock) and block.words.text.endswith((":", "："))


def _is_dated_item(block: Block, marks: DatePositions) -> bool:
    if not isinstance(block, TextBlock) or not block.is_item:
        return False
    mark = marks.get_position(block)
    return mark is not None and mark.is_line_start(is_item=True) and not mark.is_vague


def _matches_gaps(below: Sequence[Block], gaps: Sequence[Sequence[Block]]) -> bool:
    """Tell whether paragraphs begin as those of the other items do, and say nothing of the group."""
    if any(isinstance(block, TextBlock) and _CLOSING.matches_text(block.words.text) for block in below):
        return False
    label = _find_label_role(below[0])
    return any(_find_label_role(gap[0]) == label for gap in gaps)


_CLOSING = words.ExpressionMatcher(words.get_expressions("closing"))


def _find_label_role(block: Block) -> str:
    if not isinstance(block, TextBlock):
        return ""
    return fields.find_role(
        next((name for name, _ in session_labels.parse_label_block(block.words.runs)), ""), session_labels.MAX_WORDS
    )


def _format_gap(gap: Sequence[Block]) -> str:
    return gap[0].words.text[:60] if isinstance(gap[0], TextBlock) else ""
