"""A group's files to its whole site."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from readingroom.core.models import Group
from readingroom.core.tree import Files, Share, Tree, in_turn
from readingroom.render import announcements, build
from readingroom.site import calendar, csv_table, feed, json_data, pages, sitemap
from readingroom.store import lint
from readingroom.store.catalogue import Catalogue, ReadFiles, read_files

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from jinja2 import BytecodeCache

    from readingroom.core.diagnostics import Finding
    from readingroom.render.build import Today
    from readingroom.site.pages import Work


MANY = 1_000  # sessions, from which on forks pay


@dataclass(frozen=True, slots=True)
class Made:
    """A site: its files, and for each file that is a copy of one of the repository the path of that."""

    catalogue: Catalogue
    today: "dt.date"
    files: Files
    copies: dict[str, str]
    findings: "list[Finding]"

    @property
    def group(self) -> Group:
        return self.catalogue.group


def _done(works: "Sequence[Work]") -> Files:
    return {path: content for work in works for path, content in work().items()}


def made(
    tree: Tree,
    today: "Today",
    *,
    read_all: ReadFiles = read_files,
    share: Share = in_turn,
    cache: "BytecodeCache | None" = None,
) -> Made:
    """Return the site of a group's files; the arguments are those of ``build.build``.

    Raises Invalid with every problem of every file.
    """
    known, before = build.read(tree, read_all, needs_told=True)
    day = today(known.group.time_zone)
    told = announcements.updated(before, known, day)
    works = [*_beside_pages(known, told), *pages.works(known, build.templates(tree, known.group, cache), day, told)]
    # In turns, so that each of two cores has as much to do; those that take long stand far from where it is parted.
    works = [*works[::2], *reversed(works[1::2])]
    files: Files = {}
    for some in share(_done, works, least=1 if len(known.sessions) > MANY else len(works)):
        files |= some
    files |= sitemap.files(known.group, [path for path in files if path.endswith(".html")])
    return Made(known, day, files, pages.copied(known), lint.of(known, tree))


def _beside_pages(known: Catalogue, told: announcements.Announcements) -> "list[Work]":
    """Return the works for all but the pages; the first two take long."""
    return [
        partial(calendar.files, known, told),
        partial(json_data.files, known, told),
        partial(feed.files, known, told),
        partial(csv_table.files, known),
    ]
