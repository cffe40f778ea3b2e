"""A group's files to its whole site."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from readingroom import announcements, build, findings
from readingroom.catalogue import Catalogue, ReadFiles, read_files
from readingroom.files import Files, Share, Tree, in_turn
from readingroom.session import Group
from readingroom.site import calendar, data, feed, pages, sitemap, spreadsheet

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from jinja2 import BytecodeCache

    from readingroom.build import Today
    from readingroom.problems import Finding


MANY = 1_000  # sessions, from which on a fork pays for a calendar


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


def _all(works: "Sequence[Callable[[], Files]]") -> Files:
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
    files, copies = pages.files(known, build.templates(tree, known.group, cache), day, share, announced=told)
    # Two that take long and two that do not: a half for each of two cores.
    others = [partial(calendar.files, known, told), partial(feed.files, known, told)]
    others += [partial(data.files, known, told), partial(spreadsheet.files, known)]
    for some in share(_all, others, least=1 if len(known.sessions) > MANY else len(others)):
        files |= some
    files |= sitemap.files(known.group, [path for path in files if path.endswith(".html")])
    return Made(known, day, files, copies, findings.of(known, tree))
