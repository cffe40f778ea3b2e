"""A group's files to its whole site."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readingroom import announcements, build, findings
from readingroom.catalogue import Catalogue, ReadFiles, read_files
from readingroom.files import Files, Share, Tree, in_turn
from readingroom.session import Group
from readingroom.site import calendar, data, feed, pages, sitemap, spreadsheet

if TYPE_CHECKING:
    import datetime as dt

    from jinja2 import BytecodeCache

    from readingroom.build import Today
    from readingroom.problems import Finding


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
    for each in (calendar, feed, data):
        files |= each.files(known, told)
    files |= spreadsheet.files(known)
    files |= sitemap.files(known.group, [path for path in files if path.endswith(".html")])
    return Made(known, day, files, copies, findings.of(known, tree))
