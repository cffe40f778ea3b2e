"""The rows and the sections of a page that belong together, and the sessions that stand on several pages."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from readingroom.core.codes import Code
from readingroom.importer import similarity
from readingroom.importer.blocks.page import SourcePage
from readingroom.importer.sections import generated_pages
from readingroom.importer.session.entry import OFF_DAY, ROW, SECTION, ImportedSession

if TYPE_CHECKING:
    import datetime as dt

    from readingroom.importer.schedule import Schedule


def join_rows_and_sections(page: SourcePage, made: "Schedule", entries: Sequence[ImportedSession]) -> None:
    """Join the rows of a page with the sections that belong to them: by their anchors, their days, their titles.

    In an archive of ours a section without a row is a shelf, even where its title is a day.
    """
    rows = [entry for entry in entries if entry.shape == ROW]
    by_day: defaultdict[dt.date | None, list[ImportedSession]] = defaultdict(list)
    for row in rows:
        by_day[row.day].append(row)
    linked = {page.anchors[row.anchor].line: row for row in rows if row.anchor in page.anchors}
    alone = []
    for section in (entry for entry in entries if entry.shape != ROW):
        best = linked.get(section.line)
        if best is None or not _is_same_day(best, section):
            best = _find_best_row(by_day.get(section.day, ()), section)
        if best is None:
            alone.append(section)
            continue
        if 1 < len(by_day[best.day]) <= 2 * similarity.MAX_OF_DAY and best in by_day[best.day]:
            by_day[best.day].remove(best)
        made.joined.append((best, section))
        similarity.merge_section(best, section)
    if page.is_ours:
        made.shelves += [_convert_to_shelf(each) for each in alone if each.shape == SECTION]
        alone = [each for each in alone if each.shape != SECTION]
    made.entries += [*rows, *alone]


def _is_same_day(row: ImportedSession, section: ImportedSession) -> bool:
    """Tell whether a row and the section that it links to have one day, as far as both tell it."""
    if row.stamp is None or section.stamp is None:
        return True
    one, two = row.stamp.found, section.stamp.found
    return (one.month, one.day) == (two.month, two.day) and one.year in {0, two.year}


def _find_best_row(candidates: Sequence[ImportedSession], section: ImportedSession) -> ImportedSession | None:
    fitting = [row for row in candidates[: 2 * similarity.MAX_OF_DAY] if section.day and row.status != OFF_DAY]
    return max(
        fitting[: similarity.MAX_OF_DAY],
        key=lambda row: similarity.compute_similarity(row.title, section.title),
        default=None,
    )


def _convert_to_shelf(section: ImportedSession) -> ImportedSession:
    section.title, section.day, section.stamp = generated_pages.strip_placeholder_title(section.under), None, None
    return section


def merge_pages(made: "Schedule") -> list[ImportedSession]:
    """Return the entries of all pages, one session once; what differs between two pages is told."""
    kept: list[ImportedSession] = []
    by_day: defaultdict[dt.date, list[ImportedSession]] = defaultdict(list)
    for entry in made.entries:
        if entry.day is None:
            kept.append(entry)
            continue
        twin = next(
            (other for other in by_day[entry.day][: similarity.MAX_OF_DAY] if similarity.is_duplicate(other, entry)),
            None,
        )
        if twin is None:
            by_day[entry.day].append(entry)
            kept.append(entry)
            continue
        place = f"{twin.page}:{twin.line}"
        for key, one, two in similarity.iter_differences(twin, entry):
            made.add_warning(
                Code.IMPORT_PAGE_DIFFERS,
                entry.page,
                entry.line,
                f'{place} has the same session with {key} "{one}", not "{two}": the former is kept.',
            )
        reason = f"the session of {entry.day} stands in {place} already. What is new here was added there."
        made.add_skipped(entry.page, entry.line, reason)
        similarity.merge_duplicate(twin, entry)
    return kept
