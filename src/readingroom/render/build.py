"""The main job: what the files of a group should be, and which of them must change for that."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from readingroom.core.diagnostics import Finding, Invalid, Problem
from readingroom.core.models import Group
from readingroom.core.tree import ANNOUNCED, FORM, Files, Share, Tree, in_turn
from readingroom.render import announcements, issue_form
from readingroom.render import pages as render_pages
from readingroom.render.announcements import Announcements
from readingroom.render.templates import Templates
from readingroom.store import catalogue, form_schema, generated, lint, yaml_codec
from readingroom.store.catalogue import README, Catalogue, ReadFiles, read_files

if TYPE_CHECKING:
    from jinja2 import BytecodeCache

Today = Callable[[str], dt.date]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The changes that make every page right (None: remove the file), what else to tell, and what was kept.

    ``kept`` tells of generated text that a hand has changed; it is left as it is unless the build is forced.
    """

    catalogue: Catalogue
    today: dt.date
    changes: dict[str, bytes | None]
    findings: list[Finding] = field(default_factory=list)
    kept: list[Finding] = field(default_factory=list)


def build(
    tree: Tree,
    today: Today,
    *,
    force: bool = False,
    read_all: ReadFiles = read_files,
    share: Share = in_turn,
    cache: "BytecodeCache | None" = None,
) -> Outcome:
    """Return what must change so that every page shows what the session files say.

    ``today`` gives the date in a time zone; ``read_all`` and ``cache`` may remember work of earlier
    builds, and ``share`` may share it between cores.
    Raises Invalid with every problem of every file.
    """
    known, before = read(tree, read_all)
    day = today(known.group.time_zone)
    made = templates(tree, known.group, cache)
    pages = render_pages.pages(known, made, day, share)
    pages[FORM] = issue_form.written(known.group).encode()
    if known.group.site:
        pages[ANNOUNCED] = announcements.written(announcements.updated(before, known, day))
    changes, kept = _page_changes(tree, pages, force=force)
    text, edited = _readme(tree, known, made, day, force=force)
    if (content := text.encode()) != tree.contents.get(README):
        changes[README] = content
    return Outcome(known, day, changes, lint.of(known, tree), kept + edited)


def read(tree: Tree, read_all: ReadFiles = read_files, *, needs_told: bool = False) -> tuple[Catalogue, Announcements]:
    """Return the catalogue and what readers were told; raise Invalid with the problems of both.

    What they were told may be wrong where it is not needed: in a group without a site.
    """
    told, problems = Announcements(), []
    try:
        told = announcements.read(tree)
    except Invalid as invalid:
        problems = invalid.problems
    try:
        known = catalogue.read(tree, read_all)
    except Invalid as invalid:
        raise Invalid(sorted([*invalid.problems, *problems])) from None
    if problems and (needs_told or known.group.site):
        raise Invalid(problems)
    return known, told


def templates(tree: Tree, group: Group, cache: "BytecodeCache | None" = None) -> Templates:
    """Return the package's templates and the group's own."""
    own = {path.removeprefix("templates/"): content for path, content in tree.contents.items() if path.endswith(".j2")}
    return Templates({name: yaml_codec.decode(f"templates/{name}", text) for name, text in own.items()}, group, cache)


def generated_files(tree: Tree, outcome: Outcome) -> Files:
    """Return every file that holds generated text, as it is once the changes are made."""
    whole = {**tree.contents, **outcome.changes}
    return {
        path: content
        for path, content in whole.items()
        if content is not None and (path in {README, FORM} or generated.is_stamped(content))
    }


def check(tree: Tree, today: Today) -> list[Finding]:
    """Return what is worth telling of a group that can be built; raise Invalid as ``build`` would.

    A form that no issue can be read with is a problem too. Nothing is rendered unless the group has templates of its
    own, which may fail.
    """
    problems = _problems_of_form(tree)
    try:
        if any(path.endswith(".j2") for path in tree.contents):
            told = build(tree, today).findings
        else:
            told = lint.of(read(tree)[0], tree)
    except Invalid as invalid:
        raise Invalid(sorted([*invalid.problems, *problems])) from None
    if problems:
        raise Invalid(problems)
    return told


def _problems_of_form(tree: Tree) -> list[Problem]:
    if FORM in tree.contents:
        try:
            form_schema.read(FORM, tree.contents[FORM])
        except Invalid as invalid:
            return invalid.problems
    return []


def _readme(
    tree: Tree, known: Catalogue, templates: Templates, day: dt.date, *, force: bool
) -> tuple[str, list[Finding]]:
    """Return the README's text with its regions filled; a group without a README gets one."""
    if README in tree.contents:
        mark = "\ufeff" if tree.contents[README].startswith(b"\xef\xbb\xbf") else ""
        text = mark + yaml_codec.decode(README, tree.contents[README])
    else:
        text = render_pages.readme(templates)
    return generated.filled(README, text, render_pages.regions(known, templates, day), force=force)


def _page_changes(tree: Tree, pages: Files, *, force: bool) -> tuple[dict[str, bytes | None], list[Finding]]:
    """Compare the pages with the files: those to write, to remove, and to leave since a hand has changed them."""
    changes: dict[str, bytes | None] = {}
    kept = []
    for path, page in pages.items():
        old = tree.contents.get(path)
        if old == page:
            continue
        if old is None or force or generated.is_intact(old):
            changes[path] = page
        elif old.replace(b"\r\n", b"\n") != page:
            kept.append(_told(path, old, page))
    # What readers were told stays true for a group that has no site any more.
    for path in sorted(tree.contents.keys() - pages.keys() - {ANNOUNCED}):
        old = tree.contents[path]
        if path.startswith("sessions/") and generated.is_stamped(old):
            if force or generated.is_intact(old):
                changes[path] = None
            else:
                kept.append(Finding(path, 1, "", _NOT_NEEDED))
    return changes, kept


_NOT_NEEDED = (
    "is no longer needed, but was changed by hand, so it is left as it is. "
    "Save what you want to keep, then run build with --force to remove it."
)


def _told(path: str, old: bytes, page: bytes) -> Finding:
    if not generated.is_stamped(old):
        message = "was written by hand, so it is left as it is. Rename it, or run build with --force to replace it."
        return Finding(path, 1, "", message)
    pairs = zip(old.split(b"\n")[1:], page.split(b"\n")[1:], strict=False)
    line = next((number for number, (ours, theirs) in enumerate(pairs, 2) if ours.rstrip(b"\r") != theirs), 1)
    message = generated.by_hand(old.decode("utf-8", "replace"), page.decode(), source_of(path))
    return Finding(path, line, "", message)


def source_of(path: str) -> str:
    """Return the file to change instead of a generated one, or an empty text where it is one of many."""
    if path == FORM:
        return catalogue.CONFIGURATION
    folder = path.removeprefix("sessions/").rpartition("/")[0]
    return f"sessions/{folder}/session.yml" if folder else ""
