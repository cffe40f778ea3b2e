"""Two entries that may be one session: how alike they are, what differs, and what one adds to the other."""

import re
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher

from readingroom.importer.session.entry import ImportedSession, SessionData

MIN_SIMILARITY = 0.6
MAX_OF_DAY = 12  # sessions of one day that are compared with each other


def compute_similarity(one: str, two: str) -> float:
    """Return how alike two titles are, from 0 to 1, whatever their case and punctuation."""
    first, second = (" ".join(re.findall(r"\w+", text.casefold())) for text in (one, two))
    if not first or not second:
        return 1.0 if first == second else 0.5
    if first in second or second in first:
        return 0.95
    return SequenceMatcher(None, first[:200], second[:200]).ratio()


def merge_section(row: ImportedSession, section: ImportedSession) -> None:
    """Add to a row what its section says beyond it."""
    row.material += section.material
    row.abstract = row.abstract or section.abstract
    row.leads = row.leads or section.leads
    row.title = row.title or section.title
    row.room, row.time, row.kind = row.room or section.room, row.time or section.time, row.kind or section.kind
    row.continues = row.continues or section.continues
    for resource in section.resources:
        row.add_resource(resource["title"], resource["url"])
    for url in section.links:
        row.add_link(url)


def is_duplicate(one: ImportedSession, two: ImportedSession) -> bool:
    if one.folder and two.folder:
        return one.folder == two.folder
    if one.page == two.page and one.title.casefold() != two.title.casefold():
        return False
    if (one.title or two.title) and compute_similarity(one.title, two.title) >= MIN_SIMILARITY:
        names = [{lead.name for lead in entry.leads} for entry in (one, two)]
        is_twice = one.title.casefold() == two.title.casefold() and (not all(names) or bool(names[0] & names[1]))
        return is_twice or one.page != two.page
    return not one.title and not two.title and [lead.name for lead in one.leads] == [lead.name for lead in two.leads]


def iter_differences(one: ImportedSession, two: ImportedSession) -> Iterator[tuple[str, str, str]]:
    for key in ("title", "room", "time", "kind"):
        first, second = getattr(one, key), getattr(two, key)
        if first and second and first != second:
            yield key, first, second
    names = [", ".join(lead.name for lead in entry.leads) for entry in (one, two)]
    if all(names) and names[0] != names[1]:
        yield "leads", names[0], names[1]


def merge_duplicate(kept: ImportedSession, other: ImportedSession) -> None:
    for section in other.material:
        known = set(iter_urls(kept.material))
        same = next((each for each in kept.material if each.get("heading") == section.get("heading")), None)
        if same is not None and "items" in same and "items" in section:
            titles = {item.get("title") for item in same["items"] if "url" not in item}
            same["items"] += [item for item in section["items"] if _is_new_item(item, known, titles)]
        elif section not in kept.material:
            kept.material.append(section)
    other.material = []
    merge_section(kept, other)


def _is_new_item(item: SessionData, known: Collection[str], titles: Collection[str]) -> bool:
    urls = set(iter_urls(item))
    return not urls <= set(known) if urls else item.get("title") not in titles


def iter_urls(value: object) -> Iterator[str]:
    """Yield every address below a value of an entry's data."""
    if isinstance(value, dict):
        if "url" in value:
            yield str(value["url"])
        for below in value.values():
            yield from iter_urls(below)
    elif isinstance(value, list):
        for below in value:
            yield from iter_urls(below)
