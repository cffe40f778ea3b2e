"""What a pull request does to a group: its problems, and what readers would see, before and after."""

import datetime as dt
import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field

from readingroom import build, generated, markdown, render
from readingroom.build import Outcome
from readingroom.files import Tree
from readingroom.problems import Finding, Invalid, Problem

MAX_SHOWN = 20  # sessions whose pages are shown whole
MAX_SUMMARY = 900_000  # bytes; GitHub takes a mebibyte


@dataclass(frozen=True, slots=True)
class Inspection:
    """``problems`` keep a pull request from being merged; ``summary`` is Markdown for the page of the run."""

    problems: list[Problem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    summary: str = ""


def of(before: Tree, after: Tree, day: dt.date) -> Inspection:
    """Return what changes from one state of the files to another, as it would show on a day."""
    try:
        made = build.build(after, lambda _: day)
    except Invalid as invalid:
        lines = [f"- {markdown.text(str(each)[:500])}" for each in invalid.problems[:100]]
        return Inspection(invalid.problems, [], markdown.quiet("\n".join(["### Problems", "", *lines])))
    known = _built(before, day)
    ours = {(each.file, each.where, each.message) for each in known.kept} if known else set()
    edited = [
        Problem(each.file, each.line, each.where, each.message)
        for each in made.kept
        if (each.file, each.where, each.message) not in ours
    ]
    parts = [*_sessions(before, after, made), *_readme(before, known, after, made)]
    summary = "\n\n".join(parts) or "Nothing that readers see changes."
    if len(summary.encode()) > MAX_SUMMARY:
        summary = "This changes more than can be shown here."
    return Inspection(edited, made.findings, markdown.quiet(summary))


def _built(tree: Tree, day: dt.date) -> Outcome | None:
    try:
        return build.build(tree, lambda _: day)
    except Invalid:
        return None


def _sessions(before: Tree, after: Tree, made: Outcome) -> Iterator[str]:
    """Yield the row and the page of each session that is new or changed."""
    templates = build.templates(after, made.catalogue.group)
    old, new = dict(before.sessions()), dict(after.sessions())
    folders = [
        folder
        for folder in sorted(after.listings)
        if (path := f"sessions/{folder}/session.yml") in new
        and (old.get(path) != new[path] or before.listings.get(folder) != after.listings[folder])
    ]
    for folder in folders[:MAX_SHOWN]:
        row, page = render.preview(made.catalogue, templates, folder)
        yield f"{row.strip()}\n\n<details>\n<summary>sessions/{folder}</summary>\n\n{page.strip()}\n\n</details>"
    if len(folders) > MAX_SHOWN:
        yield f"And {len(folders) - MAX_SHOWN} more sessions."
    if gone := sorted(path.split("/")[1] for path in old.keys() - new.keys()):
        yield "Removed: " + ", ".join(markdown.text(folder) for folder in gone)


def _readme(before: Tree, known: Outcome | None, after: Tree, made: Outcome) -> Iterator[str]:
    """Yield the lines of the README's regions that would change."""
    old, new = _regions(before, known), _regions(after, made)
    lines = [line for line in [*difflib.unified_diff(old, new, n=1, lineterm="")][2:] if not line.startswith("@@")]
    if lines:
        fence = markdown.fence("\n".join(lines))
        yield "\n".join(["### In the README", "", f"{fence}diff", *lines, fence])


def _regions(tree: Tree, made: Outcome | None) -> list[str]:
    content = (made.changes.get("README.md") if made else None) or tree.contents.get("README.md") or b""
    lines = content.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    found = generated.regions("README.md", "\n".join(lines))
    return [line for region in found for line in lines[region.begin + 1 : region.end]]
