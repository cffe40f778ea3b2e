"""The whole site of a group, from the files of its repository."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from readingroom.core.models import Group
from readingroom.core.tree import ChunkRunner, Files, Tree, run_in_one_chunk
from readingroom.render import announcements, build
from readingroom.site import calendar, csv_table, feed, json_data, pages, resource_files, sitemap
from readingroom.site.sharing import images
from readingroom.site.sharing.images import ImageRenderer
from readingroom.store import lint
from readingroom.store.catalogue import Catalogue, FileReader, read_valid_files

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from readingroom.core.diagnostics import Diagnostic
    from readingroom.render.build import DateClock
    from readingroom.site.pages import SiteJob

MIN_PARALLEL_SESSIONS = 1_000  # forking pays only for more sessions
MIN_PARALLEL_JOBS = 50  # or for many images


@dataclass(frozen=True, slots=True)
class BuiltSite:
    """A site: its files, and the paths of its copies, each with the path of the original in the repository."""

    catalogue: Catalogue
    today: "dt.date"
    files: Files
    copies: dict[str, str]
    findings: "list[Diagnostic]"

    @property
    def group(self) -> Group:
        return self.catalogue.group


def build_site(
    tree: Tree,
    today: "DateClock",
    *,
    read_all: FileReader = read_valid_files,
    share: ChunkRunner = run_in_one_chunk,
    draw: ImageRenderer = images.draw_png,
) -> BuiltSite:
    """Return the site of a group's files; the arguments are those of ``build_pages``, and what draws SVG as PNG.

    Raises Invalid with every problem of every file.
    """
    catalogue, revisions = build.read_catalogue_and_revisions(tree, read_all)
    group = catalogue.group
    day = today(group.time_zone)
    revisions = announcements.update_revisions(revisions, catalogue, day)
    templates = build.load_templates(tree, group)
    jobs = [
        partial(calendar.render_calendars, catalogue, revisions, day),
        partial(json_data.render_json_files, catalogue, revisions),
        partial(feed.render_feeds, catalogue, revisions),
        partial(csv_table.render_csv, catalogue),
        *images.iter_image_jobs(catalogue, draw),
        *pages.iter_page_jobs(catalogue, templates, day, revisions),
    ]
    # Alternately from both ends, so that each of two cores has as much to do: the first two jobs take long.
    jobs = [*jobs[::2], *reversed(jobs[1::2])]
    is_much = len(catalogue.sessions) > MIN_PARALLEL_SESSIONS or len(jobs) > MIN_PARALLEL_JOBS
    min_jobs = 1 if is_much else len(jobs)
    files: Files = {}
    for rendered in share(_run_jobs, jobs, least=min_jobs):
        files |= rendered
    html_paths = [path for path in files if path.endswith(".html")]
    files |= sitemap.render_sitemap(group, html_paths, sitemap.map_changes(catalogue, revisions))
    files |= pages.render_redirects(catalogue, templates, revisions, files)
    sizes = calendar.check_calendar_sizes(files)
    findings = sorted([*lint.lint_catalogue(catalogue, tree), *resource_files.check_pointers(tree), *sizes])
    return BuiltSite(catalogue, day, files, pages.collect_copies(catalogue, revisions), findings)


def _run_jobs(jobs: "Sequence[SiteJob]") -> Files:
    return {path: content for job in jobs for path, content in job().items()}
