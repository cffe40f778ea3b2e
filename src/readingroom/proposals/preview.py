"""What a pull request does to a group: its problems, and what readers would see, before and after."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from readingroom.core.diagnostics import Finding, Invalid, Problem
from readingroom.core.tree import ANNOUNCED, FORM, Tree
from readingroom.proposals import template_check
from readingroom.render import announcements, build
from readingroom.render import pages as render_pages
from readingroom.render.build import Outcome, Today
from readingroom.store import generated
from readingroom.store.catalogue import README, Catalogue
from readingroom.text import escape, mentions

NOTHING = "Nothing that readers see changes."
MAX_SHOWN = 20  # sessions whose pages are shown whole
MAX_SUMMARY = 900_000  # bytes; GitHub takes a mebibyte


@dataclass(frozen=True, slots=True)
class Inspection:
    """``problems`` keep a pull request from being merged; ``summary`` is Markdown for the page of the run."""

    problems: list[Problem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    summary: str = ""


def of(before: Tree, after: Tree, today: Today) -> Inspection:
    """Return what changes from one state of the files to another, as it would show today."""
    if _is_same(before, after):
        return Inspection(summary=NOTHING)
    try:
        made = build.build(after, today)
        template_check.templates(after, today)
    except Invalid as invalid:
        return Inspection(
            invalid.problems, [], f"### Problems\n\n{mentions.listed([str(each) for each in invalid.problems])}"
        )
    known = _built(before, today)
    edited = [
        *_edited(before, after, made),
        *_deleted(before, after, made),
        *_mistold(before, after, made.catalogue, today),
    ]
    told = {(each.file, each.where, each.message) for each in known.findings} if known else set()
    findings = [each for each in made.findings if (each.file, each.where, each.message) not in told]
    folders = _changed(before, after)
    shown = {README, *(f"sessions/{folder}/README.md" for folder in folders[:MAX_SHOWN])}
    old, new = _whole(before, known), _whole(after, made)
    parts = [*_sessions(before, after, made, folders), *_readme(old, new)]
    if known:
        parts += _others(old, new, shown)
    summary = "\n\n".join(parts) or NOTHING
    if len(summary.encode()) > MAX_SUMMARY:
        summary = "This changes more than can be shown here."
    return Inspection(edited, findings, mentions.page(summary))


def _is_same(before: Tree, after: Tree) -> bool:
    """Tell whether nothing of a group changes."""
    paths = before.contents.keys() | after.contents.keys()
    same = all(_lines(before.contents.get(path)) == _lines(after.contents.get(path)) for path in paths)
    beside = ((each.listings, each.unread, each.pictures) for each in (before, after))
    return same and next(beside) == next(beside)


def _lines(content: bytes | None) -> bytes | None:
    """Return a text with the line ends that Git keeps: a checkout may have others."""
    return content.replace(b"\r\n", b"\n") if content else content


def _edited(before: Tree, after: Tree, made: Outcome) -> Iterator[Problem]:
    """Yield the generated texts that a pull request changes by hand."""
    for each in made.kept:
        if _generated(before, each) != _generated(after, each):
            was, now = (generated.is_stamped(side.contents.get(each.file, b"")) for side in (before, after))
            message = generated.by_hand("", "", build.source_of(each.file)) if was and not now else each.message
            yield Problem(each.file, each.line, each.where, message)


def _deleted(before: Tree, after: Tree, made: Outcome) -> Iterator[Problem]:
    """Yield the generated pages that a pull request removes though they are needed."""
    for path, content in before.contents.items():
        if path not in after.contents and generated.is_stamped(content) and made.changes.get(path):
            source = build.source_of(path) or "the session's session.yml"
            yield Problem(
                path, 0, "", f"is generated and will be written again. To change what it shows, edit {source}."
            )


def _mistold(before: Tree, after: Tree, known: Catalogue, today: Today) -> Iterator[Problem]:
    """Yield the file of what readers were told, if a pull request changes it to what no build would make of it.

    Its first line proves nothing: anybody can make one that fits.
    """
    content = after.contents.get(ANNOUNCED, b"")
    if _lines(before.contents.get(ANNOUNCED)) == _lines(content) or not generated.is_intact(content):
        return
    try:
        wanted = announcements.updated(announcements.read(before), known, today(known.group.time_zone))
        is_ours = announcements.is_of(announcements.read(after), wanted)
    except Invalid:
        is_ours = False
    if not is_ours:
        yield Problem(ANNOUNCED, 0, "", _MISTOLD)


_MISTOLD = (
    "is not what a build makes of it: readingroom alone keeps what readers were told. "
    "Take the change back: it is made after the merge."
)


def _built(tree: Tree, today: Today) -> Outcome | None:
    try:
        return build.build(tree, today)
    except Invalid:
        return None


def _whole(tree: Tree, made: Outcome | None) -> Mapping[str, bytes | None]:
    """Return the files as they are once the pages are made."""
    return {**tree.contents, **(made.changes if made else {})}


def _generated(tree: Tree, remark: Finding) -> list[str] | bytes | None:
    """Return the generated text that a remark is about, as it stands."""
    content = tree.contents.get(remark.file)
    if remark.file != README:
        return content
    return _regions(content or b"").get(remark.where.removeprefix("region "))


def _changed(before: Tree, after: Tree) -> list[str]:
    """Return the folders of the sessions that are new or changed."""
    old, new = dict(before.sessions()), dict(after.sessions())
    return [
        folder
        for folder in sorted(after.listings)
        if (path := f"sessions/{folder}/session.yml") in new
        and (_lines(old.get(path)) != _lines(new[path]) or before.listings.get(folder) != after.listings[folder])
    ]


def _sessions(before: Tree, after: Tree, made: Outcome, folders: list[str]) -> Iterator[str]:
    """Yield the row and the page of each session that is new or changed."""
    templates = build.templates(after, made.catalogue.group)
    for folder in folders[:MAX_SHOWN]:
        row, page = render_pages.preview(made.catalogue, templates, folder)
        yield f"{row.strip()}\n\n<details>\n<summary>sessions/{folder}</summary>\n\n{page.strip()}\n\n</details>"
    if len(folders) > MAX_SHOWN:
        yield f"And {len(folders) - MAX_SHOWN} more sessions."
    if gone := sorted(path.split("/")[1] for path in dict(before.sessions()).keys() - dict(after.sessions()).keys()):
        yield "Removed: " + ", ".join(escape.text(folder) for folder in gone)


def _readme(old: Mapping[str, bytes | None], new: Mapping[str, bytes | None]) -> Iterator[str]:
    """Yield the lines of the README's regions that would change."""
    before, after = (
        [line for region in _regions(files.get(README) or b"").values() for line in region] for files in (old, new)
    )
    changes = [*difflib.unified_diff(before, after, n=1, lineterm="")][2:]
    lines = [line for line in changes if not line.startswith("@@")]
    if lines:
        fence = escape.fence("\n".join(lines))
        yield "\n".join(["### In the README", "", f"{fence}diff", *lines, fence])


def _others(old: Mapping[str, bytes | None], new: Mapping[str, bytes | None], shown: set[str]) -> Iterator[str]:
    """Yield which pages change beside those that are shown, for a template or a setting may change all of them."""
    pages = [
        path
        for path in sorted({*old, *new} - shown)
        if (path == FORM or path.endswith(".md")) and _lines(old.get(path)) != _lines(new.get(path))
    ]
    if pages:
        told = ", ".join(escape.text(path) for path in pages[:MAX_SHOWN])
        more = f" and {len(pages) - MAX_SHOWN} more" if len(pages) > MAX_SHOWN else ""
        yield f"Generated files that change too: {told}{more}."


def _regions(content: bytes) -> dict[str, list[str]]:
    """Return the lines of a README's regions by their names; none, where the markers are wrong."""
    lines = content.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    try:
        found = generated.regions(README, "\n".join(lines))
    except Invalid:
        return {}
    return {region.name: lines[region.begin + 1 : region.end] for region in found}
