"""A group's files to its whole site."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from readingroom.core.models import Group
from readingroom.core.tree import ChunkRunner, Files, Tree, run_in_one_chunk
from readingroom.render import announcements, build
from readingroom.site import calendar, csv_table, feed, json_data, pages, sitemap
from readingroom.store import lint
from readingroom.store.catalogue import Catalogue, FileReader, read_valid_files

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from readingroom.core.diagnostics import Diagnostic
    from readingroom.render.build import DateClock
    from readingroom.site.pages import SiteJob


MIN_PARALLEL_SESSIONS = 1_000  # sessions, from which on forks pay


@dataclass(frozen=True, slots=True)
class BuiltSite:
    """A site: its files, and for each file that is a copy of one of the repository the path of that."""

    catalogue: Catalogue
    today: "dt.date"
    files: Files
    copies: dict[str, str]
    findings: "list[Diagnostic]"

    @property
    def group(self) -> Group:
        return self.catalogue.group


def _run_jobs(works: "Sequence[SiteJob]") -> Files:
    return {path: content for work in works for path, content in work().items()}


def build_site(
    tree: Tree,
    today: "DateClock",
    *,
    read_all: FileReader = read_valid_files,
    share: ChunkRunner = run_in_one_chunk,
) -> BuiltSite:
    """Return the site of a group's files; the arguments are those of ``build.build``.

    Raises Invalid with every problem of every file.
    """
    known, before = build.read_catalogue_and_revisions(tree, read_all, needs_revisions=True)
    day = today(known.group.time_zone)
    told = announcements.update_revisions(before, known, day)
    works = [
        *_list_export_jobs(known, told),
        *pages.iter_page_jobs(known, build.load_templates(tree, known.group), day, told),
    ]
    # In turns, so that each of two cores has as much to do; those that take long stand far from where it is parted.
    works = [*works[::2], *reversed(works[1::2])]
    files: Files = {}
    for some in share(_run_jobs, works, least=1 if len(known.sessions) > MIN_PARALLEL_SESSIONS else len(works)):
        files |= some
    files |= sitemap.render_sitemap(known.group, [path for path in files if path.endswith(".html")])
    return BuiltSite(known, day, files, pages.collect_copies(known), lint.lint_catalogue(known, tree))


def _list_export_jobs(known: Catalogue, told: announcements.RevisionLog) -> "list[SiteJob]":
    """Return the works for all but the pages; the first two take long."""
    return [
        partial(calendar.render_calendars, known, told),
        partial(json_data.render_json_files, known, told),
        partial(feed.render_feed, known, told),
        partial(csv_table.render_csv, known),
    ]
