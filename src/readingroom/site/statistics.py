"""What a group has done, in numbers: sessions per term, kinds, what is read most, and how leads are shared out."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from readingroom.core.models import Session
from readingroom.site import charts
from readingroom.site import people as people_of
from readingroom.site.charts import Plot
from readingroom.site.people import Lead, People
from readingroom.text import plain

TERMS = ("Spring", "Summer", "Autumn")  # January to April, May to August, September to December
MOST = 12  # of what a plot shows
MOST_TERMS = 150  # a longer time is told by the terms that had sessions


# Other names of the same sites.
_ALIASES = {
    "youtu.be": "youtube.com",
    "m.youtube.com": "youtube.com",
    "dx.doi.org": "doi.org",
    "export.arxiv.org": "arxiv.org",
}

Counts = Sequence[tuple[Lead, int]]


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


def of(sessions: Iterable[Session], people: People, today: dt.date) -> Statistics:
    """Return the statistics of the sessions before today and today that were not called off."""
    held = [each for each in sessions if each.takes_place and each.date and each.date <= today]
    days = sorted(each.date for each in held if each.date)
    counts = people_of.active(people, {each.folder for each in held})
    few = max(1, len(counts) // 5)
    total = sum(count for _, count in counts)
    hosts = Counter(_hosts(held))
    return Statistics(
        len(held),
        days[0] if days else None,
        days[-1] if days else None,
        len(counts),
        sum(len(section.items) for each in held for section in each.material),
        few,
        round(100 * sum(count for _, count in counts[:few]) / total) if total else 0,
        tuple(each for each in _plots(held, hosts, counts) if each.bars),
    )


def _plots(held: Sequence[Session], hosts: "Counter[str]", counts: Counts) -> Iterator[Plot]:
    terms = _terms(held)
    years = [label.rpartition(" ")[2] for label, _ in terms]
    yield charts.columns("terms", "Sessions per term", ("Term", "Sessions"), terms, years)
    kinds = Counter(plain.line(each.kind) for each in held if each.kind)
    yield charts.rows("kinds", "Kinds of session", ("Kind", "Sessions"), _greatest(kinds))
    yield charts.rows("hosts", "Most read sites", ("Site", "Items"), _greatest(hosts))
    leads = [(plain.name(lead.name), count) for lead, count in counts[:MOST]]
    yield charts.rows("leads", "Most active leads", ("Lead", "Sessions"), leads)
    yield charts.columns("balance", "How often people lead", ("Sessions led", "People"), _balance(counts))


def _terms(held: Iterable[Session]) -> list[tuple[str, int]]:
    """Return how many sessions each term had, those between the first and the last without any too."""
    counts = Counter(each.date.year * 3 + (each.date.month - 1) // 4 for each in held if each.date)
    if not counts:
        return []
    every = range(min(counts), max(counts) + 1)
    shown = every if len(every) <= MOST_TERMS else sorted(counts)
    return [(f"{TERMS[term % 3]} {term // 3}", counts[term]) for term in shown]


def _hosts(held: Iterable[Session]) -> Iterator[str]:
    for each in held:
        for section in each.material:
            yield from filter(None, [_host("/".join(item.url.split("/", 3)[:3])) for item in section.items if item.url])


@lru_cache(maxsize=10_000)
def _host(url: str) -> str:
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return _ALIASES.get(host, host)


def _greatest(counts: "Counter[str]") -> list[tuple[str, int]]:
    """Return the greatest counts, by name where they are equal."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MOST]


def _balance(counts: Counts) -> list[tuple[str, int]]:
    """Return how many people have led one session, two, and so on; ten or more count as one."""
    found = Counter(min(count, 10) for _, count in counts)
    return [("10 or more" if n == 10 else str(n), found[n]) for n in range(1, max(found, default=0) + 1)]
