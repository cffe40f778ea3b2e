"""Plots as plain values: where each bar is, for a template to draw as SVG."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

# In pixels, which no width of the page changes; what lies across is in per cent of the width.
ROW = 44
COLUMNS = 160
WIDEST = 14
MOST_NAMED = 4  # of columns that a phone has room for with a word below each
MOST_MARKS = 8
MOST_VALUES = 11  # of columns that have their values above them
MAX_LABEL = 40


class Bar(NamedTuple):
    """One value of a plot. Of a row, ``start`` is where it is from the top; of a column, from the left.

    ``length`` is its share of the greatest value, and ``middle`` is that of a column. Where there is room, ``mark``
    stands below a column, ``below`` on the next line, and ``value_mark`` above the column.
    """

    label: str
    value: int
    start: float
    length: float
    mark: str = ""
    value_mark: str = ""
    below: str = ""
    middle: float = 0


class Plot(NamedTuple):
    """A plot and its numbers: ``name`` is for links within the page, ``head`` are the heads of the table's columns."""

    name: str
    title: str
    head: tuple[str, str]
    bars: tuple[Bar, ...]
    height: int
    width: float = 0


Values = Sequence[tuple[str, int]]


def rows(name: str, title: str, head: tuple[str, str], values: Values) -> Plot:
    """Return a plot of lying bars, one below the other, each under its label."""
    most = _most(values)
    bars = (
        Bar(_cut(label), value, number * ROW, round(100 * value / most, 2))
        for number, (label, value) in enumerate(values)
    )
    return Plot(name, title, head, tuple(bars), len(values) * ROW)


def columns(name: str, title: str, head: tuple[str, str], values: Values, marks: Sequence[str] = ()) -> Plot:
    """Return a plot of standing bars side by side, over the whole width.

    Some of the marks stand below, as many as a phone has room for. Where there are few columns and each label is a
    word and its mark, the word stands there too.
    """
    most, each = _most(values), 100 / max(1, len(values))
    width = min(WIDEST, each * 0.8)
    has_words = bool(marks) and len(values) <= MOST_NAMED
    shown = _thinned(marks or [label for label, _ in values])
    bars = (
        Bar(
            label,
            value,
            round((number + 0.5) * each - width / 2, 3),
            round(COLUMNS * value / most, 2),
            label.partition(" ")[0] if has_words else shown[number],
            str(value) if value and len(values) <= MOST_VALUES else "",
            shown[number] if has_words else "",
            round((number + 0.5) * each, 3),
        )
        for number, (label, value) in enumerate(values)
    )
    return Plot(name, title, head, tuple(bars), COLUMNS, round(width, 3))


def _most(values: Values) -> int:
    return max((value for _, value in values), default=0) or 1


def _cut(label: str) -> str:
    return label if len(label) <= MAX_LABEL else f"{label[: MAX_LABEL - 1]}…"


def _thinned(marks: Iterable[str]) -> list[str]:
    """Return the marks with each in a row of the same told once, and of the rest every second, third or so."""
    found = list(marks)
    places = [number for number, mark in enumerate(found) if mark and (not number or found[number - 1] != mark)]
    step = -(-len(places) // MOST_MARKS) or 1
    kept = set(places[::step])
    return [mark if number in kept else "" for number, mark in enumerate(found)]
