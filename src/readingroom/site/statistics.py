"""A group's history in numbers: sessions per term, kinds, most read sites, and how often people lead."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from readingroom.core.models import Session
from readingroom.site.people import LeadDirectory, LeadProfile, rank_leads
from readingroom.text import plain
from readingroom.text.phrases import shorten_text

TERMS = ("Spring", "Summer", "Autumn")  # January to April, May to August, September to December
MAX_BARS = 12  # of a plot
MAX_TERMS = 150  # a longer history shows only the terms that had sessions

# Other names of the same sites.
_ALIASES = {
    "youtu.be": "youtube.com",
    "m.youtube.com": "youtube.com",
    "dx.doi.org": "doi.org",
    "export.arxiv.org": "arxiv.org",
}

# In pixels, whatever the width of the page; horizontal lengths are in percent of the width.
ROW_HEIGHT = 44
COLUMNS_HEIGHT = 160
MAX_COLUMN_WIDTH = 14
MAX_NAMED_COLUMNS = 4  # more do not fit on a phone with a word below each
MAX_TICK_LABELS = 8  # that fit next to each other on a phone
MAX_COLUMNS_WITH_VALUES = 11  # more do not have their values above them
MAX_LABEL = 40

LeadCounts = Sequence[tuple[LeadProfile, int]]


class Bar(NamedTuple):
    """One value of a plot: ``start`` is the distance of a row from the top, or of a column from the left.

    ``length`` is proportional to the value, and ``middle`` is the middle of a column. If there is room, ``mark`` is
    shown below a column, ``below`` on the next line, and ``value_mark`` above the column.
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
    """A plot and its numbers: ``name`` is an id within the page, ``head`` has the headers of the table's columns."""

    name: str
    title: str
    head: tuple[str, str]
    bars: tuple[Bar, ...]
    height: int
    width: float = 0


LabelledValues = Sequence[tuple[str, int]]


class Statistics(NamedTuple):
    """The numbers of the sessions that were held, from the date ``first`` to ``last``.

    ``share`` is the percentage that the ``few`` most active people have led, where each lead of a session counts.
    """

    held: int
    first: dt.date | None
    last: dt.date | None
    people: int
    items: int
    few: int
    share: int
    plots: tuple[Plot, ...]


def compute_statistics(sessions: Iterable[Session], people: LeadDirectory, today: dt.date) -> Statistics:
    """Return the statistics of the sessions until today, except those that did not take place."""
    held = [session for session in sessions if session.takes_place and session.date and session.date <= today]
    days = [session.date for session in held if session.date]
    counts = rank_leads(people, {session.folder for session in held})
    few = max(1, len(counts) // 5)
    total = sum(count for _, count in counts)
    return Statistics(
        len(held),
        min(days, default=None),
        max(days, default=None),
        len(counts),
        sum(len(section.items) for session in held for section in session.material),
        few,
        round(100 * sum(count for _, count in counts[:few]) / total) if total else 0,
        tuple(plot for plot in _iter_plots(held, counts) if plot.bars),
    )


def _iter_plots(held: Sequence[Session], counts: LeadCounts) -> Iterator[Plot]:
    terms = _count_sessions_per_term(held)
    years = [label.rpartition(" ")[2] for label, _ in terms]
    yield build_column_plot("terms", "Sessions per term", ("Term", "Sessions"), terms, years)
    kinds = Counter(plain.clean_line(session.kind) for session in held if session.kind)
    yield build_row_plot("kinds", "Kinds of session", ("Kind", "Sessions"), _pick_top_counts(kinds))
    yield build_row_plot("hosts", "Most read sites", ("Site", "Items"), _pick_top_counts(Counter(_iter_hosts(held))))
    leads = [(plain.clean_name(lead.name), count) for lead, count in counts[:MAX_BARS]]
    yield build_row_plot("leads", "Most active leads", ("Lead", "Sessions"), leads)
    people = _count_people_by_sessions(counts)
    yield build_column_plot("balance", "How often people lead", ("Sessions led", "People"), people)


def _count_sessions_per_term(held: Iterable[Session]) -> list[tuple[str, int]]:
    """Return how many sessions each term had, including terms without any between the first and the last."""
    counts = Counter(session.date.year * 3 + (session.date.month - 1) // 4 for session in held if session.date)
    if not counts:
        return []
    every_term = range(min(counts), max(counts) + 1)
    terms = every_term if len(every_term) <= MAX_TERMS else sorted(counts)
    return [(f"{TERMS[term % 3]} {term // 3}", counts[term]) for term in terms]


def _iter_hosts(held: Iterable[Session]) -> Iterator[str]:
    for session in held:
        for section in session.material:
            hosts = (_parse_host("/".join(item.url.split("/", 3)[:3])) for item in section.items if item.url)
            yield from filter(None, hosts)


@lru_cache(maxsize=10_000)
def _parse_host(url: str) -> str:
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return _ALIASES.get(host, host)


def _pick_top_counts(counts: "Counter[str]") -> list[tuple[str, int]]:
    """Return the greatest counts; equal ones are sorted by name."""
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:MAX_BARS]


def _count_people_by_sessions(counts: LeadCounts) -> list[tuple[str, int]]:
    """Return how many people have led one session, two, and so on; ten or more count as one."""
    people = Counter(min(count, 10) for _, count in counts)
    return [("10 or more" if n == 10 else str(n), people[n]) for n in range(1, max(people, default=0) + 1)]


def build_row_plot(name: str, title: str, head: tuple[str, str], values: LabelledValues) -> Plot:
    """Return a plot of horizontal bars, each below its label."""
    most = _get_max_value(values)
    bars = (
        Bar(shorten_text(label, MAX_LABEL), value, number * ROW_HEIGHT, round(100 * value / most, 2))
        for number, (label, value) in enumerate(values)
    )
    return Plot(name, title, head, tuple(bars), len(values) * ROW_HEIGHT)


def build_column_plot(
    name: str, title: str, head: tuple[str, str], values: LabelledValues, marks: Sequence[str] = ()
) -> Plot:
    """Return a plot of vertical bars over the whole width.

    As many of the marks as fit on a phone are shown below the columns. If there are few columns and each label is a
    word and its mark, the word is shown too.
    """
    most, step = _get_max_value(values), 100 / max(1, len(values))
    width = min(MAX_COLUMN_WIDTH, step * 0.8)
    has_words = bool(marks) and len(values) <= MAX_NAMED_COLUMNS
    tick_labels = _select_tick_labels(marks or [label for label, _ in values])
    bars = (
        Bar(
            label,
            value,
            round((number + 0.5) * step - width / 2, 3),
            round(COLUMNS_HEIGHT * value / most, 2),
            label.partition(" ")[0] if has_words else tick_labels[number],
            str(value) if value and len(values) <= MAX_COLUMNS_WITH_VALUES else "",
            tick_labels[number] if has_words else "",
            round((number + 0.5) * step, 3),
        )
        for number, (label, value) in enumerate(values)
    )
    return Plot(name, title, head, tuple(bars), COLUMNS_HEIGHT, round(width, 3))


def _get_max_value(values: LabelledValues) -> int:
    return max((value for _, value in values), default=0) or 1


def _select_tick_labels(marks: Sequence[str]) -> list[str]:
    """Return the marks without repetitions and without those too near to a later one, as empty texts."""
    selected: list[int] = []
    for number in reversed(range(len(marks))):
        is_new = bool(marks[number]) and (not number or marks[number - 1] != marks[number])
        if is_new and (not selected or (selected[-1] - number) * MAX_TICK_LABELS >= len(marks)):
            selected.append(number)
    return [mark if number in selected else "" for number, mark in enumerate(marks)]
