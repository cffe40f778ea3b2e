"""What a group has done, in numbers: sessions per term, kinds, what is read most, and how leads are shared out."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from readingroom.core.models import Session
from readingroom.site import people as people_of
from readingroom.site.people import LeadDirectory, LeadProfile
from readingroom.text import plain

TERMS = ("Spring", "Summer", "Autumn")  # January to April, May to August, September to December
MAX_BARS = 12  # of what a plot shows
MAX_TERMS = 150  # a longer time is told by the terms that had sessions


# Other names of the same sites.
_ALIASES = {
    "youtu.be": "youtube.com",
    "m.youtube.com": "youtube.com",
    "dx.doi.org": "doi.org",
    "export.arxiv.org": "arxiv.org",
}

# In pixels, which no width of the page changes; what lies across is in per cent of the width.
ROW_HEIGHT = 44
COLUMNS_HEIGHT = 160
MAX_COLUMN_WIDTH = 14
MAX_NAMED_COLUMNS = 4  # of columns that a phone has room for with a word below each
MAX_TICK_LABELS = 8
MAX_COLUMNS_WITH_VALUES = 11  # of columns that have their values above them
MAX_LABEL = 40

LeadCounts = Sequence[tuple[LeadProfile, int]]


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


LabelledValues = Sequence[tuple[str, int]]


class Statistics(NamedTuple):
    """The numbers of the sessions that were held: ``first`` and ``last`` are their days, ``share`` is in per cent.

    ``share`` is what the ``few`` most active people have led, each of a session's leads counted.
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
    """Return the statistics of the sessions before today and today that were not called off."""
    held = [each for each in sessions if each.takes_place and each.date and each.date <= today]
    days = sorted(each.date for each in held if each.date)
    counts = people_of.rank_leads(people, {each.folder for each in held})
    few = max(1, len(counts) // 5)
    total = sum(count for _, count in counts)
    hosts = Counter(_iter_hosts(held))
    return Statistics(
        len(held),
        days[0] if days else None,
        days[-1] if days else None,
        len(counts),
        sum(len(section.items) for each in held for section in each.material),
        few,
        round(100 * sum(count for _, count in counts[:few]) / total) if total else 0,
        tuple(each for each in _iter_plots(held, hosts, counts) if each.bars),
    )


def _iter_plots(held: Sequence[Session], hosts: "Counter[str]", counts: LeadCounts) -> Iterator[Plot]:
    terms = _count_sessions_per_term(held)
    years = [label.rpartition(" ")[2] for label, _ in terms]
    yield build_column_plot("terms", "Sessions per term", ("Term", "Sessions"), terms, years)
    kinds = Counter(plain.clean_line(each.kind) for each in held if each.kind)
    yield build_row_plot("kinds", "Kinds of session", ("Kind", "Sessions"), _pick_top_counts(kinds))
    yield build_row_plot("hosts", "Most read sites", ("Site", "Items"), _pick_top_counts(hosts))
    leads = [(plain.clean_name(lead.name), count) for lead, count in counts[:MAX_BARS]]
    yield build_row_plot("leads", "Most active leads", ("Lead", "Sessions"), leads)
    yield build_column_plot(
        "balance", "How often people lead", ("Sessions led", "People"), _count_people_by_sessions(counts)
    )


def _count_sessions_per_term(held: Iterable[Session]) -> list[tuple[str, int]]:
    """Return how many sessions each term had, those between the first and the last without any too."""
    counts = Counter(each.date.year * 3 + (each.date.month - 1) // 4 for each in held if each.date)
    if not counts:
        return []
    every = range(min(counts), max(counts) + 1)
    shown = every if len(every) <= MAX_TERMS else sorted(counts)
    return [(f"{TERMS[term % 3]} {term // 3}", counts[term]) for term in shown]


def _iter_hosts(held: Iterable[Session]) -> Iterator[str]:
    for each in held:
        for section in each.material:
            yield from filter(
                None, [_parse_host("/".join(item.url.split("/", 3)[:3])) for item in section.items if item.url]
            )


@lru_cache(maxsize=10_000)
def _parse_host(url: str) -> str:
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return _ALIASES.get(host, host)


def _pick_top_counts(counts: "Counter[str]") -> list[tuple[str, int]]:
    """Return the greatest counts, by name where they are equal."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MAX_BARS]


def _count_people_by_sessions(counts: LeadCounts) -> list[tuple[str, int]]:
    """Return how many people have led one session, two, and so on; ten or more count as one."""
    found = Counter(min(count, 10) for _, count in counts)
    return [("10 or more" if n == 10 else str(n), found[n]) for n in range(1, max(found, default=0) + 1)]


def build_row_plot(name: str, title: str, head: tuple[str, str], values: LabelledValues) -> Plot:
    """Return a plot of lying bars, one below the other, each under its label."""
    most = _get_max_value(values)
    bars = (
        Bar(_truncate_label(label), value, number * ROW_HEIGHT, round(100 * value / most, 2))
        for number, (label, value) in enumerate(values)
    )
    return Plot(name, title, head, tuple(bars), len(values) * ROW_HEIGHT)


def build_column_plot(
    name: str, title: str, head: tuple[str, str], values: LabelledValues, marks: Sequence[str] = ()
) -> Plot:
    """Return a plot of standing bars side by side, over the whole width.

    Some of the marks stand below, as many as a phone has room for. Where there are few columns and each label is a
    word and its mark, the word stands there too.
    """
    most, each = _get_max_value(values), 100 / max(1, len(values))
    width = min(MAX_COLUMN_WIDTH, each * 0.8)
    has_words = bool(marks) and len(values) <= MAX_NAMED_COLUMNS
    shown = _select_tick_labels(marks or [label for label, _ in values])
    bars = (
        Bar(
            label,
            value,
            round((number + 0.5) * each - width / 2, 3),
            round(COLUMNS_HEIGHT * value / most, 2),
            label.partition(" ")[0] if has_words else shown[number],
            str(value) if value and len(values) <= MAX_COLUMNS_WITH_VALUES else "",
            shown[number] if has_words else "",
            round((number + 0.5) * each, 3),
        )
        for number, (label, value) in enumerate(values)
    )
    return Plot(name, title, head, tuple(bars), COLUMNS_HEIGHT, round(width, 3))


def _get_max_value(values: LabelledValues) -> int:
    return max((value for _, value in values), default=0) or 1


def _truncate_label(label: str) -> str:
    return label if len(label) <= MAX_LABEL else f"{label[: MAX_LABEL - 1]}…"


def _select_tick_labels(marks: Iterable[str]) -> list[str]:
    """Return the marks with each in a row of the same told once, and of the rest every second, third or so."""
    found = list(marks)
    places = [number for number, mark in enumerate(found) if mark and (not number or found[number - 1] != mark)]
    step = -(-len(places) // MAX_TICK_LABELS) or 1
    kept = set(places[::step])
    return [mark if number in kept else "" for number, mark in enumerate(found)]
