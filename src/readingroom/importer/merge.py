"""The rows and the sections of a page that belong together, and the sessions that stand on several pages."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from readingroom.core.diagnostics import Finding
from readingroom.importer import similarity
from readingroom.importer.blocks.page import Page
from readingroom.importer.sections import generated_pages
from readingroom.importer.session.entry import NONE, NOT_IMPORTED, ROW, SECTION, Entry

if TYPE_CHECKING:
    import datetime as dt

    from readingroom.importer.schedule import Schedule


def rows_and_sections(page: Page, made: "Schedule", entries: Sequence[Entry]) -> None:
    """Join the rows of a page with the sections that belong to them: by their anchors, their days, their titles.

    In an archive of ours a section without a row is a shelf, even where its title is a day.
    """
    rows = [entry for entry in entries if entry.shape == ROW]
    by_day: defaultdict[dt.date | None, list[Entry]] = defaultdict(list)
    for row in rows:
        by_day[row.day].append(row)
    linked = {page.anchors[row.anchor].line: row for row in rows if row.anchor in page.anchors}
    alone = []
    for section in (entry for entry in entries if entry.shape != ROW):
        best = linked.get(section.line)
        if best is None or not _is_day_of(best, section):
            best = _best(by_day.get(section.day, ()), section)
        if best is None:
            alone.append(section)
            continue
        if 1 < len(by_day[best.day]) <= 2 * similarity.MAX_OF_DAY and best in by_day[best.day]:
            by_day[best.day].remove(best)
        made.joined.append((best, section))
        similarity.absorb(best, section)
    if page.is_ours:
        made.shelves += [_shelf(each) for each in alone if each.shape == SECTION]
        alone = [each for each in alone if each.shape != SECTION]
    made.entries += [*rows, *alone]


def _is_day_of(row: Entry, section: Entry) -> bool:
    """Tell whether a row and the section that it links to have one day, as far as both tell it."""
    if row.stamp is None or section.stamp is None:
        return True
    one, two = row.stamp.found, section.stamp.found
    return (one.month, one.day) == (two.month, two.day) and one.year in {0, two.year}


def _best(candidates: Sequence[Entry], section: Entry) -> Entry | None:
    fitting = [row for row in candidates[: 2 * similarity.MAX_OF_DAY] if section.day and row.status != NONE]
    return max(
        fitting[: similarity.MAX_OF_DAY], key=lambda row: similarity.alike(row.title, section.title), default=None
    )


def _shelf(section: Entry) -> Entry:
    section.title, section.day, section.stamp = generated_pages.known(section.under), None, None
    return section


def pages(made: "Schedule") -> list[Entry]:
    """Return the entries of all pages, one session once; what differs between two pages is told."""
    kept: list[Entry] = []
    by_day: defaultdict[dt.date, list[Entry]] = defaultdict(list)
    for entry in made.entries:
        if entry.day is None:
            kept.append(entry)
            continue
        twin = next(
            (other for other in by_day[entry.day][: similarity.MAX_OF_DAY] if similarity.is_twin(other, entry)), None
        )
        if twin is None:
            by_day[entry.day].append(entry)
            kept.append(entry)
            continue
        place = f"{twin.page}:{twin.line}"
        for key, one, two in similarity.differences(twin, entry):
            made.tell(
                entry.page,
                entry.line,
                f'{place} has the same session with {key} "{one}", not "{two}": the former is kept.',
            )
        made.skipped.append(
            Finding(
                entry.page,
                entry.line,
                NOT_IMPORTED,
                f"the session of {entry.day} stands in {place} already. What is new here was added there.",
            )
        )
        similarity.absorb_twin(twin, entry)
    return kept
