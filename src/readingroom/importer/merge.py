"""Entries that are one session: a row and a section of a page, or entries on several pages."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from urllib.parse import unquote

from readingroom.core.codes import Code
from readingroom.importer.page.document import Document
from readingroom.importer.records.candidate import Candidate, SessionData
from readingroom.importer.schedule import Schedule
from readingroom.importer.vocabulary.status import OFF_DAY
from readingroom.store import yaml_codec

MIN_SIMILARITY = 0.6
MAX_OF_DAY = 12  # sessions of one day that are compared with each other


def join_rows_and_sections(page: Document, made: Schedule, entries: Sequence[Candidate]) -> None:
    """Join the rows of a page with the sections that belong to them: by their anchors, their days, their titles.

    In an archive made by readingroom, a section without a row is a shelf, even if its title is a day.
    """
    rows = [entry for entry in entries if entry.is_row]
    by_day: defaultdict[str, list[Candidate]] = defaultdict(list)
    for row in rows:
        by_day[str(row.day)].append(row)
    linked = {page.anchors[row.anchor].line: row for row in rows if row.anchor in page.anchors}
    alone = []
    for section in (entry for entry in entries if not entry.is_row):
        best = linked.get(section.line)
        if best is None or not _is_same_day(best, section):
            best = _find_best_row(by_day[str(section.day)], section)
        if best is None:
            alone.append(section)
            continue
        if 1 < len(by_day[str(best.day)]) <= 2 * MAX_OF_DAY and best in by_day[str(best.day)]:
            by_day[str(best.day)].remove(best)
        made.joined.append((best, section))
        _merge_section(best, section)
    if page.is_generated:
        made.shelves += [_convert_to_shelf(each) for each in alone if each.is_section]
        alone = [each for each in alone if not each.is_section]
    made.entries += [*rows, *alone]


def _is_same_day(row: Candidate, section: Candidate) -> bool:
    """Return whether a row and the section that it links to have the same day, if both have one."""
    if row.mention is None or section.mention is None:
        return True
    days = [{(r.month, r.day) for r in each.readings} for each in (row.mention, section.mention)]
    years = [{r.year for r in each.readings if r.year} for each in (row.mention, section.mention)]
    return bool(days[0] & days[1]) and (not all(years) or bool(years[0] & years[1]))


def _find_best_row(candidates: Sequence[Candidate], section: Candidate) -> Candidate | None:
    fitting = [row for row in candidates[: 2 * MAX_OF_DAY] if section.day and row.status != OFF_DAY]
    return max(fitting[:MAX_OF_DAY], key=lambda row: compute_similarity(row.title, section.title), default=None)


def _convert_to_shelf(section: Candidate) -> Candidate:
    section.title, section.day, section.mention = section.under, None, None
    return section


def _merge_section(row: Candidate, section: Candidate) -> None:
    """Add to a row what its section says beyond it."""
    row.material += section.material
    for key in ("abstract", "leads", "title", "room", "time", "kind", "continues"):
        setattr(row, key, getattr(row, key) or getattr(section, key))
    for resource in section.resources:
        row.add_resource(resource["title"], resource["url"])
    for url in section.links:
        row.add_link(url)


def connect_shared_material(read: Schedule) -> None:
    """Let each session whose day links to another session's section share its material, given all folders."""
    by_line = {(section.page, section.line): row for row, section in read.joined}
    anchors = {page.path: page.anchors for page in read.pages}
    for entry in read.entries:
        heading = anchors[entry.page].get(unquote(entry.anchor)) if entry.anchor else None
        target = by_line.get((entry.page, heading.line)) if heading else None
        if target is not None and target is not entry and target.day != entry.day and not entry.material:
            entry.continues = target.folder


def merge_pages(made: Schedule) -> list[Candidate]:
    """Return the entries of all pages, each session once; report what differs between two pages."""
    kept: list[Candidate] = []
    by_day: defaultdict[str, list[Candidate]] = defaultdict(list)
    for entry in made.entries:
        of_day = by_day[str(entry.day)] if entry.day else []
        twin = next((other for other in of_day[:MAX_OF_DAY] if _is_duplicate(other, entry)), None)
        if twin is None:
            of_day.append(entry)
            kept.append(entry)
            continue
        place = f"{twin.page}:{twin.line}"
        for key, one, two in _iter_differences(twin, entry):
            message = f'{place} has the same session with {key} "{one}", not "{two}": the former is kept.'
            made.report(Code.IMPORT_PAGE_DIFFERS, entry.page, [(entry.line, message)])
        reason = f"the session of {entry.day} is in {place} already. What is new here was added there."
        made.report(Code.IMPORT_SKIPPED, entry.page, [(entry.line, reason)])
        _merge_duplicate(twin, entry)
    return kept


def _is_duplicate(one: Candidate, two: Candidate) -> bool:
    if one.folder and two.folder:
        return one.folder == two.folder
    is_twice = one.title.casefold() == two.title.casefold()
    if one.page == two.page and not is_twice:
        return False
    names = [[lead.name for lead in entry.leads] for entry in (one, two)]
    if not one.title and not two.title:
        return names[0] == names[1]
    if one.page == two.page:
        return not all(names) or bool({*names[0]} & {*names[1]})
    return compute_similarity(one.title, two.title) >= MIN_SIMILARITY


def _iter_differences(one: Candidate, two: Candidate) -> Iterator[tuple[str, str, str]]:
    values = {key: (getattr(one, key), getattr(two, key)) for key in ("title", "room", "time", "kind")}
    values["leads"] = (", ".join(lead.name for lead in one.leads), ", ".join(lead.name for lead in two.leads))
    for key, (first, second) in values.items():
        if first and second and first != second:
            yield key, first, second


def _merge_duplicate(kept: Candidate, other: Candidate) -> None:
    for section in other.material:
        known = set(iter_urls(kept.material))
        same = next((each for each in kept.material if each.get("heading") == section.get("heading")), None)
        if same is not None and "items" in same and "items" in section:
            titles = {item.get("title") for item in same["items"] if "url" not in item}
            same["items"] += [item for item in section["items"] if _is_new_item(item, known, titles)]
        elif section not in kept.material:
            kept.material.append(section)
    other.material = []
    _merge_section(kept, other)


def _is_new_item(item: SessionData, known: Collection[str], titles: Collection[str]) -> bool:
    urls = set(iter_urls(item))
    return not urls <= set(known) if urls else item.get("title") not in titles


def normalize_title(title: str) -> str:
    """Return the words of a title as they are compared, without case and punctuation."""
    return " ".join(re.findall(r"\w+", title.casefold()))


def compute_similarity(one: str, two: str) -> float:
    """Return how alike two titles are, from 0 to 1, whatever their case and punctuation."""
    first, second = normalize_title(one), normalize_title(two)
    if not first or not second:
        return 1.0 if first == second else 0.5
    if first in second or second in first:
        return 0.95
    return SequenceMatcher(None, first[:200], second[:200]).ratio()


def iter_urls(value: object) -> Iterator[str]:
    """Yield every address below a value of an entry's data."""
    return (text for key, text in yaml_codec.iter_texts(value) if key == "url")
